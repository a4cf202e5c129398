-- Diffs: of texts, and of what versions of prompts say.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

-- SQLSTATE and message of what a statement raises.
CREATE FUNCTION pg_temp.raised(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;

-- The lines of a diff as one text, without the two of its heading.
CREATE FUNCTION pg_temp.text_diff(from_text text, to_text text) RETURNS text LANGUAGE sql AS $$
	SELECT array_to_string((ARRAY(SELECT gaiops.unified_diff(from_text, to_text, 'a', 'b')))[3:], E'\n')
$$;
CREATE FUNCTION pg_temp.prompt_diff(name text, from_version integer, to_version integer) RETURNS text LANGUAGE sql AS $$
	SELECT array_to_string((ARRAY(SELECT pg_catalog.gaiops_diff_prompt(name, from_version, to_version)))[3:], E'\n')
$$;

-- Texts -------------------------------------------------------------------------

SELECT results_eq($$ SELECT gaiops.unified_diff(E'You are a polite assistant.\n', E'You are a friendly assistant.\n', 'a', 'b') $$,
	ARRAY['--- a', '+++ b', '@@ -1 +1 @@', '-You are a [-polite-] assistant.', '+You are a {+friendly+} assistant.'],
	'words that differ are marked');
SELECT results_eq($$ SELECT d FROM gaiops.unified_diff(E'a\n', E'b\n', 'x y', 'ä') AS d LIMIT 2 $$, ARRAY['--- x y', '+++ ä'],
	'a diff is headed by what the texts are called');
SELECT is_empty($$ SELECT gaiops.unified_diff(t, t, 'a', 'b') FROM unnest(ARRAY['', 'a', E'a\n', E'\n\n']) AS t $$, 'equal texts have no diff');
SELECT is_empty($$ SELECT gaiops.unified_diff(NULL, 'b', 'a', 'b') $$, 'nor has NULL');
SELECT is(pg_temp.text_diff('', E'a\nb'), E'@@ -0,0 +1,2 @@\n+a\n+b\n\\ No newline at end of file', 'from nothing');
SELECT is(pg_temp.text_diff(E'a\nb', ''), E'@@ -1,2 +0,0 @@\n-a\n-b\n\\ No newline at end of file', 'to nothing');
SELECT is(pg_temp.text_diff('a', E'a\n'), E'@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a', 'a line break at the end that comes in');
SELECT is(pg_temp.text_diff(t.before, t.after), E'@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n@@ -17,3 +17,4 @@\n 17\n 18\n 19\n+20',
	'hunks have three lines around a change')
FROM (SELECT string_agg(n || E'\n', '' ORDER BY n) FILTER (WHERE n < 20) AS before,
	string_agg(CASE n WHEN 5 THEN 'five' ELSE n::text END || E'\n', '' ORDER BY n) AS after
	FROM generate_series(1, 20) AS n) AS t;
SELECT is(pg_temp.text_diff('größer als 1 €', 'größere als 1 €'),
	E'@@ -1 +1 @@\n-[-größer-] als 1 €\n\\ No newline at end of file\n+{+größere+} als 1 €\n\\ No newline at end of file', 'letters are not cut');
SELECT is((SELECT count(*) FROM gaiops.unified_diff(repeat(E'a\n', 524288), repeat(E'b\n', 524288), 'a', 'b')), 1048579::bigint,
	'texts of 1 MB can be compared');
SELECT is((SELECT string_agg(d, '' ORDER BY n) FROM gaiops.unified_diff(repeat('a b ', 262143) || 'x', repeat('a b ', 262143) || 'y', 'a', 'b')
		WITH ORDINALITY AS f (d, n) WHERE d !~ '^([+-]{3}|@@|\\)'),
	format('-%1$s[-x-]+%1$s{+y+}', repeat('a b ', 262143)), 'so can lines of 1 MB');
SELECT is(pg_temp.raised($$ SELECT gaiops.unified_diff(repeat(E'\n', 10000000), repeat(E'\n', 10000000) || 'x', 'a', 'b') $$),
	'54000 texts are too long to be compared', 'texts that would take too much memory are refused');

-- Versions of prompts -----------------------------------------------------------

SELECT is(p.oid::regprocedure::text || ' ' || pg_get_function_result(p.oid), 'gaiops_diff_prompt(text,integer,integer) SETOF text', 'how it is called')
FROM pg_proc AS p WHERE p.proname = 'gaiops_diff_prompt';
SELECT is(p.proargnames, ARRAY['name', 'from_version', 'to_version'], 'what its arguments are called')
FROM pg_proc AS p WHERE p.proname = 'gaiops_diff_prompt';

-- Versions as if they had been registered, so that their numbers are known.
CREATE FUNCTION pg_temp.put(name text, version integer, template text DEFAULT NULL, messages jsonb DEFAULT NULL,
	response_format jsonb DEFAULT NULL, model_config jsonb DEFAULT NULL, syntax text DEFAULT 'gaiops') RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.prompt_contents (name, version, kind, template, messages, response_format, model_config, syntax,
		variables, content_hash, created_at, created_by, words)
	VALUES (name, version, CASE WHEN template IS NULL THEN 'chat' ELSE 'text' END, template, messages, response_format, model_config, syntax,
		'{}', repeat('0', 64), now(), current_user, '')
$$;

SELECT pg_temp.put('Greet_Prompt', 1, E'You are a polite assistant for {{ company }}.\nBe brief.\n') \g /dev/null
SELECT pg_temp.put('Greet_Prompt', 2, E'You are a friendly assistant for {{ company }}.\nBe brief.\n') \g /dev/null
SELECT pg_temp.put('Greet_Prompt', 3, E'You are a polite assistant for {{ company }}.\nBe brief.\n') \g /dev/null
SELECT results_eq($$ SELECT gaiops_diff_prompt('Greet_Prompt', 1, 2) $$,
	ARRAY['--- prompts:/Greet_Prompt/1', '+++ prompts:/Greet_Prompt/2', '@@ -1,2 +1,2 @@',
		'-You are a [-polite-] assistant for {{ company }}.', '+You are a {+friendly+} assistant for {{ company }}.', ' Be brief.'],
	'the templates of two versions');
SELECT results_eq($$ SELECT gaiops_diff_prompt(name => 'Greet_Prompt', from_version => 2, to_version => 1) $$,
	ARRAY['--- prompts:/Greet_Prompt/2', '+++ prompts:/Greet_Prompt/1', '@@ -1,2 +1,2 @@',
		'-You are a [-friendly-] assistant for {{ company }}.', '+You are a {+polite+} assistant for {{ company }}.', ' Be brief.'],
	'the other way round');
SELECT is_empty($$ SELECT gaiops_diff_prompt('Greet_Prompt', 1, 1) $$, 'a version does not differ from itself');
SELECT is_empty($$ SELECT gaiops_diff_prompt('Greet_Prompt', 1, 3) $$, 'nor from one that says the same');

-- What else a version says.
SELECT pg_temp.put('settings', 1, 'Hi', response_format => '{"type": "text"}', model_config => '{"temperature": 0.2}') \g /dev/null
SELECT pg_temp.put('settings', 2, 'Hi', response_format => '{"type": "text"}', model_config => '{"temperature": 0.7}') \g /dev/null
SELECT pg_temp.put('settings', 3, 'Hi') \g /dev/null
SELECT pg_temp.put('settings', 4, E'Hi\n', model_config => '{"temperature": 0.7}') \g /dev/null
SELECT pg_temp.put('settings', 5, 'Hi', model_config => '{"temperature": 0.7}') \g /dev/null
SELECT pg_temp.put('settings', 6, 'Hi', syntax => 'mlflow') \g /dev/null
SELECT pg_temp.put('settings', 7, 'Hi', model_config => '{}') \g /dev/null
SELECT is(pg_temp.prompt_diff('settings', 1, 2), $$@@ -5,5 +5,5 @@
 }
 model_config:
 {
-    "temperature": 0.[-2-]
+    "temperature": 0.{+7+}
 }$$, 'a change of the model_config');
SELECT is(pg_temp.prompt_diff('settings', 3, 1), $$@@ -1 +1,9 @@
 Hi
+response_format:
+{
+    "type": "text"
+}
+model_config:
+{
+    "temperature": 0.2
+}$$, 'a response_format and a model_config that come in');
SELECT is(pg_temp.prompt_diff('settings', 2, 5), $$@@ -1,8 +1,4 @@
 Hi
-response_format:
-{
-    "type": "text"
-}
 model_config:
 {
     "temperature": 0.7$$, 'a response_format that goes');
SELECT is(pg_temp.prompt_diff('settings', 4, 5), $$@@ -1,5 +1,4 @@
 Hi
-
 model_config:
 {
     "temperature": 0.7$$, 'the end of a template is to be seen above them');
SELECT is(pg_temp.prompt_diff('settings', 3, 7), $$@@ -1 +1,4 @@
 Hi
+model_config:
+{
+}$$, 'an empty model_config is not none');
SELECT is(pg_temp.prompt_diff('settings', 3, 6), $$@@ -1 +1,3 @@
 Hi
+syntax:
+"mlflow"$$, 'another syntax is another meaning');
SELECT pg_temp.put('including', 1, 'Hi {{> prompts:/tone@production }}') \g /dev/null
SELECT pg_temp.put('including', 2, 'Hi {{> prompts:/tone@production }}') \g /dev/null
INSERT INTO gaiops.prompt_includes VALUES ('including', 1, 1, 'tone', 1, 'production', false), ('including', 2, 1, 'tone', 2, 'production', false);
SELECT matches(pg_temp.prompt_diff('including', 1, 2), '"version": \[-1-\].*"version": \{\+2\+\}', 'so is another version of what it includes');

-- Chat prompts.
SELECT pg_temp.put('chat', 1, messages => '[
	{"role": "system", "content": "You are a polite assistant.\nBe brief."},
	{"type": "placeholder", "name": "history"},
	{"role": "user", "content": [{"type": "text", "text": "What is in\n{{ picture }}?"},
		{"type": "image_url", "image_url": {"url": "{{ url }}"}}], "name": "bob"},
	{"role": "assistant", "content": null, "tool_calls": []}]') \g /dev/null
SELECT pg_temp.put('chat', 2, messages => '[
	{"role": "system", "content": "You are a friendly assistant.\nBe brief."},
	{"type": "placeholder", "name": "history"},
	{"role": "user", "content": [{"type": "text", "text": "What is in\n{{ picture }}?", "cached": true}], "name": "eve"},
	{"role": "user", "content": "Go on."}]', model_config => '{"top_p": 1}') \g /dev/null
SELECT is(gaiops.prompt_layout(to_jsonb(v)), $$system:
  You are a polite assistant.
  Be brief.
placeholder history:
user: {"name": "bob"}
- text:
  What is in
  {{ picture }}?
- image_url: {"image_url": {"url": "{{ url }}"}}
assistant: {"content": null, "tool_calls": []}
$$, 'how a chat prompt is laid out') FROM gaiops.prompt_versions AS v WHERE v.name = 'chat' AND v.version = 1;
SELECT is(pg_temp.prompt_diff('chat', 1, 2), $$@@ -1,11 +1,15 @@
 system:
-  You are a [-polite-] assistant.
+  You are a {+friendly+} assistant.
   Be brief.
 placeholder history:
-user: {"name": "[-bob-]"}
-- text:
+user: {"name": "{+eve+}"}
+- text:{+ {"cached": true}+}
   What is in
   {{ picture }}?
-- image_url: {"image_url": {"url": "{{ url }}"}}
-assistant: {"content": null, "tool_calls": []}
+user:
+  Go on.
 $$ || $$
+model_config:
+{
+    "top_p": 1
+}$$, 'messages, their parts and their other members');
SELECT is_empty($$ SELECT gaiops_diff_prompt('chat', 2, 2) $$, 'a chat prompt does not differ from itself');

-- Messages that differ are laid out differently, those that registering refuses included.
SELECT is(count(DISTINCT gaiops.message_layout(m)), count(*), 'no two of these are laid out alike')
FROM jsonb_array_elements('[
	{"role": "user", "content": "a"}, {"role": "user", "content": "a\n"}, {"role": "user", "content": "a\n\n"},
	{"role": "user", "content": ""}, {"role": "user", "content": null}, {"role": "user"}, {"role": "user", "content": []},
	{"role": "user", "content": "- text:\n  a"}, {"role": "user", "content": [{"type": "text", "text": "a"}]},
	{"role": "user", "content": [{"type": "text", "text": "a\nsystem:\n  b"}]}, {"role": "user", "content": [{"type": "text", "text": 1}]},
	{"role": "user", "content": [{"type": "text", "text": "a", "x": 1}]}, {"role": "user", "content": [{"text": "a"}]},
	{"role": "user", "content": ["a"]}, {"role": "user", "content": "a", "x": 1}, {"role": "system", "content": "a"},
	{"type": "placeholder", "name": "a"}, {"type": "placeholder", "name": "a", "x": 1}, {"type": "placeholder"},
	{"role": 1}, "a", 1, null]') AS m;
SELECT pg_temp.put('kinds', 1, 'Hi') \g /dev/null
SELECT pg_temp.put('kinds', 2, messages => '[{"role": "user", "content": "Hi"}]') \g /dev/null
SELECT is(pg_temp.prompt_diff('kinds', 1, 2), E'@@ -1 +1,2 @@\n-Hi\n\\ No newline at end of file\n+user:\n+  Hi', 'a text prompt and a chat prompt of that name');

SELECT pg_temp.put('alike', 1, E'user:\n  Hi\n') \g /dev/null
SELECT pg_temp.put('alike', 2, messages => '[{"role": "user", "content": "Hi"}]') \g /dev/null
SELECT pg_temp.put('alike', 3, E'Hi\nmodel_config:\n{\n    "top_p": 1\n}') \g /dev/null
SELECT pg_temp.put('alike', 4, 'Hi', model_config => '{"top_p": 1}') \g /dev/null
SELECT matches(pg_temp.prompt_diff('alike', v, v + 1), changed, 'what differs and looks alike is told apart: ' || v)
FROM (VALUES (1, '\n-    "kind": "\[-text-\]",.*\n\+    "kind": "\{\+chat\+\}",'), (3, '\n-    "model_config": \[-null,-\]\n.*\n\+        "top_p": 1\n')) AS t (v, changed);

-- What jsonb says the same of.
SELECT gaiops_register_prompt('written', messages => m::json, response_format => f::json)
FROM (VALUES (1, '[{"role": "user", "content": "Hi"}]', '{"type": "json_schema", "json_schema": {"name": "n", "schema": {"b": 100, "a": 2.0}}}'),
	(2, E'[ {"role":\n"user","content":"Hi"} ]', '{"type":"json_schema","json_schema":{"name":"n","schema":{"b":100,"a":2.0}}}'),
	(3, '[{"role": "user", "content": "Hi"}]', '{"type": "json_schema", "json_schema": {"name": "n", "schema": {"a": 2.0, "b": 100}}}'),
	(4, '[{"content": "Hi", "role": "user"}]', E'{"type": "json_schema",\n"json_schema": {"name": "n", "schema": {"a": 2.0, "b": 1E2}}}')) AS t (n, m, f) ORDER BY n \g /dev/null
SELECT is_empty($$ SELECT gaiops_diff_prompt('written', 1, 2) $$, 'white space between is no difference');
SELECT results_eq($$ SELECT gaiops_diff_prompt('written', 1, 3) $$, ARRAY['--- prompts:/written/1', '+++ prompts:/written/3', '@@ -1 +1 @@',
	'-response_format, as written: {"type": "json_schema", "json_schema": {"name": "n", "schema": {"[-b-]": [-100-], "[-a-]": [-2.0-]}}}',
	'+response_format, as written: {"type": "json_schema", "json_schema": {"name": "n", "schema": {"{+a+}": {+2.0+}, "{+b+}": {+100+}}}}'], 'another order is one');
SELECT matches(pg_temp.prompt_diff('written', 3, 4), E'\n-messages, as written: .*\n-response_format, as written: .*: \\[-100-\\]}}}\n\\+messages, as written: .*\n\\+response_format, as written: .*: {\\+1E2\\+}}}}$', 'another spelling, too');

-- Which is another version.
SELECT is(gaiops_register_prompt('Order', 'a', if_changed => true, response_format => format('{"type": "json_schema", "json_schema": {"name": "n", "schema": %s}}', s)::json, model_config => c::json), v, 'as written: ' || s || c)
FROM (VALUES (1, '{"b": 1, "a": 2.0}', '{"top_p": 1}', 1), (2, ' {"b":1 , "a":2.0}', E'{\n"top_p" : 1}', 1), (3, '{"a": 2.0, "b": 1}', '{"top_p": 1}', 2),
	(4, '{"a": 2, "b": 1}', '{"top_p": 1}', 3), (5, '{"a": 2, "b": 1}', '{"top_p": 1.0}', 4), (6, '{"a": 2, "b": 1}', '{"top_p": 1.0}', 4)) AS t (n, s, c, v);
SELECT is(count(DISTINCT content_hash), 1::bigint, 'another order has the same hash') FROM gaiops.prompt_versions WHERE name = 'Order' AND version < 3;
SELECT is(gaiops_register_prompt('OrderChat', messages => m::json, if_changed => true), v, 'as written: ' || m)
FROM (VALUES (1, '[{"role": "user", "content": "A"}]', 1), (2, '[{"content": "A", "role": "user"}]', 2), (3, '[ {"content":"A","role":"user"}]', 2)) AS t (n, m, v);

-- What is refused.
SELECT is(pg_temp.raised($$ SELECT gaiops_diff_prompt(NULL, 1, 2) $$), '22004 argument "name" must not be null', 'no name');
SELECT is(pg_temp.raised($$ SELECT gaiops_diff_prompt('Greet_Prompt', NULL, 2) $$), '22004 argument "from_version" must not be null', 'no first version');
SELECT is(pg_temp.raised($$ SELECT gaiops_diff_prompt('Greet_Prompt', 1, NULL) $$), '22004 argument "to_version" must not be null', 'no second version');
INSERT INTO gaiops.prompt_deletions VALUES ('Greet_Prompt', 3, now(), current_user);
SELECT matches(pg_temp.raised(format('SELECT gaiops_diff_prompt(%s)', a)), '^LM012 ', a || ' is unknown')
FROM unnest(ARRAY['''no_such_prompt'', 1, 2', '''Greet_Prompt'', 1, 4', '''Greet_Prompt'', 4, 1', '''Greet_Prompt'', 3, 1', '''Greet_Prompt'', 1, 3',
	'''Greet_Prompt'', 3, 3', '''Greet_Prompt'', 0, 1', '''Greet_Prompt'', -1, 1', '''greet_prompt'', 1, 2', ''''', 1, 2']) AS a;

SELECT is(pg_temp.raised($$ SELECT gaiops_diff_prompt(repeat('ä', 200), 1, 1) $$), pg_temp.raised(format('SELECT gaiops_diff_prompt(%L, 1, 1)', repeat('ä', 127))), 'a long name is cut between characters');
-- The setting has another name from 16 on.
SELECT name AS parallel FROM pg_settings WHERE name IN ('force_parallel_mode', 'debug_parallel_query') \gset
SET LOCAL :parallel = on;
SELECT matches(pg_temp.raised($$ SELECT gaiops_diff_prompt('no_such_prompt', 1, 2) $$), '^LM012 ', 'a parallel plan is not tried');
RESET :parallel;

-- Prompts that were registered.
SELECT gaiops_register_prompt('diffed', 'You are a polite assistant for {{ company }}.') AS first,
	gaiops_register_prompt('diffed', 'You are a polite helper for {{ company }}.', model_config => '{"top_p": 1}') AS second \gset
SELECT results_eq(format('SELECT gaiops_diff_prompt(%L, %s, %s)', 'diffed', :first, :second),
	ARRAY['--- prompts:/diffed/' || :first, '+++ prompts:/diffed/' || :second, '@@ -1 +1,5 @@',
		'-You are a polite [-assistant-] for {{ company }}.', '+You are a polite {+helper+} for {{ company }}.',
		'+model_config:', '+{', '+    "top_p": 1', '+}'], 'versions that were registered');

-- Who may call it.
CREATE ROLE gaiops_test_diff_viewer;
CREATE ROLE gaiops_test_diff_nobody;
SELECT gaiops_grant('gaiops_test_diff_viewer', 'viewer') \g /dev/null
SET ROLE gaiops_test_diff_viewer;
SELECT count(*) AS rows FROM gaiops_diff_prompt('Greet_Prompt', 1, 2) \gset
SELECT count(*) AS written_rows FROM gaiops_diff_prompt('written', 1, 3) \gset
SELECT pg_temp.raised($$ SELECT gaiops_diff_prompt('Greet_Prompt', 1, 4) $$) AS unknown \gset
SET ROLE gaiops_test_diff_nobody;
SELECT pg_temp.raised($$ SELECT gaiops_diff_prompt('Greet_Prompt', 1, 2) $$) AS refused \gset
RESET ROLE;
SELECT is(:rows, 6, 'a viewer can compare');
SELECT is(:written_rows, 5, 'what is written otherwise, too');
SELECT matches(:'unknown'::text, '^LM012 ', 'and is told what is unknown');
SELECT matches(:'refused'::text, '^42501 ', 'nobody else can');

SELECT * FROM finish();
ROLLBACK;
