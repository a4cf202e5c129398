-- Reading the registry: addresses, loading, rendering, and the golden cases of
-- templates through all of it.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || p.prorettype::regtype, e.signature, e.signature)
FROM (VALUES
	('gaiops_load_prompt(text) gaiops.prompt_versions'),
	('gaiops_format_prompt(text,gaiops.ordered_json,boolean) text'),
	('gaiops_format_messages(text,gaiops.ordered_json,boolean) json'),
	('gaiops_prompt_variables(text) text[]')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.proname = split_part(e.signature, '(', 1);
SELECT is(p.provolatile::text, 'v', p.proname || ' looks anew each time')
FROM pg_proc AS p WHERE p.proname IN ('gaiops_load_prompt', 'gaiops_format_prompt', 'gaiops_format_messages', 'gaiops_prompt_variables');

-- Addresses.
SELECT is(pg_temp.raised($$ SELECT gaiops_load_prompt('prompts:/Greet_Prompt/1') $$), E'LM012\nprompt "Greet_Prompt" does not exist\nNo prompt is registered.\nRegister it with gaiops_register_prompt().', 'nothing is there');
SELECT gaiops_register_prompt('Greet_Prompt', format('Version %s for {{ company }}.', v)) FROM generate_series(1, 4) AS v \g /dev/null
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 2) \g /dev/null
SELECT is((gaiops_load_prompt(a.uri)).version, a.version, a.uri)
FROM (VALUES ('prompts:/Greet_Prompt/3', 3), ('prompts:/Greet_Prompt@production', 2), ('prompts:/Greet_Prompt@latest', 4),
	('prompts:/Greet_Prompt@LATEST', 4), ('prompts:/Greet_Prompt', 4), ('Greet_Prompt', 4)) AS a (uri, version);
SELECT is(pg_temp.raised($$ SELECT gaiops_load_prompt('prompts:/Greet_Prompt/7') $$), E'LM012\nprompt "Greet_Prompt" has no version 7\nPrompt "Greet_Prompt" has versions 1 to 4, and alias "production".', 'a version that is not there');
SELECT is(pg_temp.raised($$ SELECT gaiops_load_prompt('prompts:/Greet_Prompt@staging') $$), E'LM012\nprompt "Greet_Prompt" has no alias "staging"\nPrompt "Greet_Prompt" has versions 1 to 4, and alias "production".\nSet it with gaiops_set_prompt_alias().', 'an alias that is not there');
SELECT is(pg_temp.raised($$ SELECT gaiops_load_prompt('prompts:/Greet') $$), E'LM012\nprompt "Greet" does not exist\nThere is prompt "Greet_Prompt".\nRegister it with gaiops_register_prompt().', 'a prompt that is not there');
SELECT matches(pg_temp.raised(format('SELECT gaiops_load_prompt(%L)', uri)), '^22023\ninvalid address of a prompt: ', 'no address: ' || uri)
FROM unnest(ARRAY['', 'prompts:/', 'prompts:/Greet_Prompt/', 'prompts:/Greet_Prompt/0', 'prompts:/Greet_Prompt/01', 'prompts:/Greet_Prompt/-1', 'prompts:/Greet_Prompt/2147483648',
	'prompts:/Greet_Prompt/x', 'prompts:/Greet_Prompt@', 'prompts:/Greet_Prompt@a/1', 'prompts:/Greet_Prompt/1@a', 'Greet Prompt', 'Grüße', 'prompts:Greet_Prompt', 'prompt:/Greet_Prompt']) AS uri;
SELECT is(split_part(pg_temp.raised(format('SELECT gaiops_load_prompt(%L)', u)), E'\n', 4), h, 'what was meant by ' || u)
FROM (VALUES ('Greet_Prompt@production', 'Write prompts:/Greet_Prompt@production.'), ('Greet_Prompt/2', 'Write prompts:/Greet_Prompt/2.'), ('Greet Prompt', '')) AS w (u, h);
SELECT is(pg_temp.raised(format('SELECT %s(NULL)', f)), E'22004\nargument "uri" must not be null', f || ' of nothing')
FROM unnest(ARRAY['gaiops_load_prompt', 'gaiops_format_prompt', 'gaiops_format_messages', 'gaiops_prompt_variables']) AS f;

-- Loading.
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt/1')).template, 'Version 1 for {{ company }}.', 'the template');
SELECT is(to_jsonb(gaiops_load_prompt('prompts:/Greet_Prompt/2')) - 'created_at' - 'content_hash',
	jsonb_build_object('name', 'Greet_Prompt', 'version', 2, 'kind', 'text', 'template', 'Version 2 for {{ company }}.', 'messages', NULL,
		'variables', '["company"]'::jsonb, 'response_format', NULL, 'model_config', NULL, 'commit_message', NULL, 'tags', '{}'::jsonb,
		'aliases', '["production"]'::jsonb, 'includes', '[]'::jsonb, 'syntax', 'gaiops', 'created_by', current_user), 'the whole row');
SELECT is(gaiops_load_prompt('Greet_Prompt')::text, (SELECT v::text FROM gaiops.prompt_versions AS v WHERE v.name = 'Greet_Prompt' AND v.version = 4), 'is the row of the view');
SELECT is(count(*), 100::bigint, 'many rows in one statement')
FROM generate_series(1, 100) AS i, LATERAL gaiops_load_prompt('prompts:/Greet_Prompt/' || 1 + i % 4) AS p WHERE p.version = 1 + i % 4;
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 3) \g /dev/null
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt@production')).version, 3, 'a move of this transaction is seen');

-- Rendering.
SELECT is(gaiops_format_prompt('prompts:/Greet_Prompt@production', '{"company":"Acme"}'), 'Version 3 for Acme.', 'text');
SELECT is(gaiops_format_prompt('Greet_Prompt', variables => '{"company":"Acme", "more": 1}'), 'Version 4 for Acme.', 'variables that nobody looks at do no harm');
SELECT is(gaiops_format_messages('Greet_Prompt', '{"company":"Acme"}')::jsonb, '[{"role": "system", "content": "Version 4 for Acme."}]', 'messages of a text prompt');
SELECT is(pg_temp.raised($$ SELECT gaiops_format_prompt('Greet_Prompt') $$), E'LM014\nvariable "company" is missing\nLine 1, column 18 of prompt "Greet_Prompt" version 4.\nGive it in "variables", or use "is defined" or the filter default.', 'a missing variable');
SELECT is(pg_temp.raised($$ SELECT gaiops_format_prompt('Greet_Prompt', NULL, NULL) $$), E'LM014\nvariable "company" is missing\nLine 1, column 18 of prompt "Greet_Prompt" version 4.\nGive it in "variables", or use "is defined" or the filter default.', 'NULL is nothing given');
SELECT is(gaiops_format_prompt('Greet_Prompt', allow_partial => true), 'Version 4 for {{ company }}.', 'left standing');
SELECT is(pg_temp.raised($$ SELECT gaiops_format_prompt('Greet_Prompt', '[]') $$), E'22023\nargument "variables" must be a JSON object', 'variables that are none');
SELECT is(gaiops_format_prompt('Greet_Prompt', '{"company": {"b": [1, 2.50, true, null], "a": "x"}}'), 'Version 4 for {"b": [1, 2.50, true, null], "a": "x"}.', 'a value that is no string comes with its members in their order');
SELECT is(gaiops_format_prompt('Greet_Prompt', '{"company": "{{ company }} {% if %}"}'), 'Version 4 for {{ company }} {% if %}.', 'a value is not parsed');
SELECT is(gaiops_prompt_variables('Greet_Prompt'), '{company}', 'variables');

-- Chat prompts.
SELECT gaiops_register_prompt('Chat', messages => '[{"role": "system", "name": "{{ no }}", "content": "You help {{ company }}."},
	{"type": "placeholder", "name": "history"},
	{"role": "user", "content": [{"type": "text", "text": "Look, {{ user.name }}"}, {"type": "image_url", "image_url": {"url": "{{ picture }}", "detail": "low"}}]},
	{"role": "assistant", "content": null, "tool_calls": [{"id": "{{ no }}", "type": "function", "function": {"name": "f", "arguments": "{{ no }}"}}]}]'::jsonb) \g /dev/null
SELECT is(gaiops_prompt_variables('Chat'), '{company,user,picture,history}', 'variables of a chat prompt, its placeholder among them');
SELECT is(gaiops_format_messages('Chat', '{"company": "Acme", "user": {"name": "Ann"}, "picture": "https://example.com/a.png",
		"history": [{"role": "user", "content": "{{ company }}"}, {"role": "assistant", "content": "Hi"}]}')::jsonb,
	'[{"role": "system", "name": "{{ no }}", "content": "You help Acme."},
	{"role": "user", "content": "{{ company }}"}, {"role": "assistant", "content": "Hi"},
	{"role": "user", "content": [{"type": "text", "text": "Look, Ann"}, {"type": "image_url", "image_url": {"url": "https://example.com/a.png", "detail": "low"}}]},
	{"role": "assistant", "content": null, "tool_calls": [{"id": "{{ no }}", "type": "function", "function": {"name": "f", "arguments": "{{ no }}"}}]}]',
	'contents are rendered, parts too, nothing else; the placeholder is filled as it is');
SELECT is(json_array_length(gaiops_format_messages('Chat', '{"company": "", "user": {"name": ""}, "picture": ""}')), 3, 'a placeholder that nobody fills is nothing');
SELECT is(json_array_length(gaiops_format_messages('Chat', '{"company": "", "user": {"name": ""}, "picture": "", "history": null}')), 3, 'nor is one that is filled with null');
SELECT is(pg_temp.raised($$ SELECT gaiops_format_messages('Chat', '{"user": {}}') $$), E'LM014\nvariables "company", "user.name", "picture" are missing\nLine 1, column 13 of message 1 of prompt "Chat" version 1.\nGive it in "variables", where a dot leads into an object: {"user": {"name": "Ann"}}; or use "is defined" or the filter default.', 'what is missing in all messages');
SELECT is(gaiops_format_messages('Chat', '{"picture": "p"}', true)::jsonb #>> '{1,content,0,text}', 'Look, {{ user.name }}', 'left standing in a part');
SELECT matches(pg_temp.raised(format('SELECT gaiops_format_messages(''Chat'', %L)', jsonb_build_object('company', '', 'user', '{"name": ""}'::jsonb, 'picture', '', 'history', h))),
	'^LM015\nvariable "history" is not an array of messages: ', 'no history: ' || h::text)
FROM unnest(ARRAY['"x"', '{}', '[1]', '[{}]', '[{"role": 1}]', '[{"role": "user"}, []]']::jsonb[]) AS h;
SELECT is(pg_temp.raised($$ SELECT gaiops_format_prompt('Chat') $$), E'42809\nprompt "Chat" version 1 is a chat prompt\nUse gaiops_format_messages(), which returns its messages as json.', 'a chat prompt is no text');
SELECT is(pg_temp.raised($$ SELECT gaiops_register_prompt('Bad', messages => '[{"role": "user", "content": "ok"}, {"role": "user", "content": "a\nb {{ x"}]'::jsonb) $$) ~ E'^LM013\n.*\nLine 2, column \\d+ of message 2\\.', true, 'an error names the message, line and column');

-- Includes.
SELECT gaiops_register_prompt('Tone', 'Be {{ tone }}') FROM generate_series(1, 1) \g /dev/null
SELECT gaiops_set_prompt_alias('Tone', 'production', 1) \g /dev/null
SELECT gaiops_register_prompt('Pinned', 'A {{> prompts:/Tone@production }}, {{ name }}.') \g /dev/null
SELECT gaiops_register_prompt('Following', 'B {{> prompts:/Tone@production follow }}, {{ name }}.') \g /dev/null
SELECT gaiops_register_prompt('Outer', '{% for tone in tones %}{{> prompts:/Following/1 }} {% endfor %}') \g /dev/null
SELECT gaiops_register_prompt('Tone', 'Stay {{ tone }}') \g /dev/null
SELECT gaiops_set_prompt_alias('Tone', 'production', 2) \g /dev/null
SELECT is(gaiops_format_prompt('Pinned', '{"tone": "kind", "name": "Ann"}'), 'A Be kind, Ann.', 'nothing changes under a version');
SELECT is(gaiops_format_prompt('Following', '{"tone": "kind", "name": "Ann"}'), 'B Stay kind, Ann.', 'unless it follows');
SELECT is(gaiops_format_prompt('Outer', '{"tones": ["kind", "brief"], "name": "Ann"}'), 'B Stay kind, Ann. B Stay brief, Ann. ', 'what is included sees the variables of where it stands');
SELECT is(gaiops_prompt_variables('Outer'), '{tones,name}', 'variables with those of what is included');
SELECT is((gaiops_load_prompt('Pinned')).includes, '[{"name": "Tone", "version": 1, "alias": "production", "follow": false}]', 'what is included is told');
SELECT is((gaiops_load_prompt('Following')).includes, '[{"name": "Tone", "alias": "production", "follow": true}]', 'and what is followed');
SELECT is(pg_temp.raised($$ SELECT gaiops_format_prompt('Following', '{"name": "Ann"}') $$), E'LM014\nvariable "tone" is missing\nLine 1, column 9 of prompt "Tone" version 2.\nGive it in "variables", or use "is defined" or the filter default.', 'an error in what is included names it');
SELECT is(split_part(pg_temp.raised(format('SELECT gaiops_register_prompt(''Bad'', %L)', t)), E'\n', 1), s, t)
FROM (VALUES ('{{> prompts:/Nothing }}', 'LM012'), ('{{> prompts:/Tone/9 }}', 'LM012'), ('{{> prompts:/Tone@staging }}', 'LM012'), ('{{> prompts:/Tone follow }}', 'LM013'),
	('{{> prompts:/Tone@latest follow }}', 'LM013'), ('{{> prompts:/Tone/1 follow }}', 'LM013'), ('{{> prompts:/To ne }}', 'LM013'), ('{{> prompts:/Chat }}', 'LM013'), ('{{> }}', 'LM013')) AS b (t, s);
SELECT matches(pg_temp.raised($$ SELECT gaiops_register_prompt('Bad', E'x\n {{> prompts:/Tone/1 follow }}') $$), E'^LM013\n.*\n.*[Ll]ine 2, column \\d+', 'with line and column');

-- What would take too much.
SELECT is(pg_temp.raised(format('SELECT gaiops_load_prompt(%L)', repeat('€', 1000))), E'22023\ninvalid address of a prompt: "' || repeat('€', 200) || E'"\nThe address of a prompt is prompts:/name/3, prompts:/name@alias, prompts:/name@latest, prompts:/name, or a bare name.', 'a long address is cut between characters');
SELECT gaiops_register_prompt('Names', (SELECT jsonb_agg(jsonb_build_object('type', 'placeholder', 'name', 'p' || i % 19000)) FROM generate_series(1, 20000) AS i)) \g /dev/null
SELECT is(cardinality(gaiops_prompt_variables('Names')), 19000, 'there may be many placeholders');
SELECT matches(pg_temp.raised($$ SELECT gaiops_register_prompt('Bad', (SELECT jsonb_agg(jsonb_build_object('role', 'user', 'content', 'x')) FROM generate_series(1, 10001))) $$), E'^54000\nprompt has too many texts\n', 'but not as many texts as may be in 1 MB');
SELECT gaiops_register_prompt('Most', (SELECT jsonb_agg(jsonb_build_object('role', 'user', 'content', '{{ x }}')) FROM generate_series(1, 10000))) \g /dev/null
SELECT is(json_array_length(gaiops_format_messages('Most', '{"x": 1}')), 10000, 'as many as may be can be rendered');
SELECT gaiops_register_prompt('Work', (SELECT jsonb_agg(jsonb_build_object('role', 'user', 'content', '{% for x in xs %}{% for y in xs %}{% endfor %}{% endfor %}')) FROM generate_series(1, 10))) \g /dev/null
SELECT matches(pg_temp.raised($$ SELECT gaiops_format_messages('Work', jsonb_build_object('xs', (SELECT jsonb_agg(i) FROM generate_series(1, 3000) AS i))) $$), E'^LM015\nrendering takes more than 50000000 steps\n', 'work is added up over all texts');

-- Golden cases: the same file that tests the engine by itself.
CREATE TEMP TABLE line (n integer GENERATED ALWAYS AS IDENTITY, text text);
\copy line (text) FROM 'test/golden/templates/cases.jsonl' WITH (FORMAT csv, DELIMITER E'\x01', QUOTE E'\x02')
CREATE TEMP VIEW golden AS
	SELECT l.n, c.j ->> 'template' AS template, c.j -> 'variables' AS variables, c.j ->> 'result' AS result, c.j ->> 'error' AS error,
		(c.j ->> 'line')::integer AS line, (c.j ->> 'column')::integer AS col, coalesce((c.j ->> 'partial')::boolean, false) AS partial,
		coalesce(c.j ->> 'name', c.j ->> 'template') AS title
	FROM line AS l, LATERAL (SELECT l.text::jsonb AS j) AS c
	WHERE l.text <> '' AND coalesce(l.text::jsonb ->> 'syntax', 'gaiops') = 'gaiops';
SELECT cmp_ok(count(*), '>=', 120::bigint, 'there are golden cases') FROM golden;
CREATE FUNCTION pg_temp.rendered(template text, variables jsonb, partial boolean) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	message text;
	detail text;
BEGIN
	RETURN gaiops_format_prompt('prompts:/Golden/' || gaiops_register_prompt('Golden', template), coalesce(variables, '{}'), partial);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL;
	RETURN message || '|' || coalesce(array_to_string(regexp_match(detail, '[Ll]ine (\d+), column (\d+)'), '|'), '');
END
$$;
SELECT is(pg_temp.rendered(g.template, g.variables, g.partial), coalesce(g.result, format('%s|%s|%s', g.error, g.line, g.col)), format('case %s: %s', g.n, left(g.title, 100)))
FROM golden AS g
WHERE g.template !~ '\{\{-?>' ORDER BY g.n;

SELECT * FROM finish();
ROLLBACK;
