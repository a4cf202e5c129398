-- Registering prompts: versions, what they may be, deleting and tagging them.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- The same of registering a text prompt, and a chat prompt, with these arguments.
CREATE FUNCTION pg_temp.refused(arguments text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.raised(format('SELECT gaiops_register_prompt(''refused'', ''x'', %s)', arguments))
$$;
CREATE FUNCTION pg_temp.refused_messages(messages jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.raised(format('SELECT gaiops_register_prompt(''refused'', %L::jsonb)', messages))
$$;
CREATE FUNCTION pg_temp.content(uri text) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(p.template, p.messages::text) FROM gaiops_load_prompt(uri) AS p
$$;

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || p.prorettype::regtype, e.signature, e.signature)
FROM (VALUES
	('gaiops_register_prompt(text,text,text,gaiops.ordered_json,gaiops.ordered_json,gaiops.ordered_json,boolean) integer'),
	('gaiops_register_prompt(text,gaiops.ordered_json,text,gaiops.ordered_json,gaiops.ordered_json,gaiops.ordered_json,boolean) integer'),
	('gaiops_delete_prompt(text) text'),
	('gaiops_delete_prompt_version(text,integer) text'),
	('gaiops_set_prompt_tag(text,text,text) void'),
	('gaiops_delete_prompt_tag(text,text) void'),
	('gaiops_set_prompt_version_tag(text,integer,text,text) void'),
	('gaiops_delete_prompt_version_tag(text,integer,text) void')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.oid = to_regprocedure('pg_catalog.' || split_part(e.signature, ' ', 1));
SELECT is(p.proargnames[3:], ARRAY['commit_message', 'tags', 'response_format', 'model_config', 'if_changed'], p.oid::regprocedure || ' names its options')
FROM pg_proc AS p WHERE p.proname = 'gaiops_register_prompt';

-- Versions.
SELECT is(gaiops_register_prompt('Greet_Prompt', 'You are a polite assistant for {{ company }}.', commit_message => 'first'), 1, 'the first version of a text prompt');
SELECT is(gaiops_register_prompt('Greet_Prompt', template => 'You are a friend of {{ company }}.', commit_message => '', tags => '{}', response_format => '{}', model_config => '{}', if_changed => NULL), 2, 'the next one');
SELECT is(gaiops_register_prompt('Other', 'x'), 1, 'another prompt has numbers of its own');
SELECT row_eq(
	$$ SELECT kind, template, messages::jsonb, variables, response_format::jsonb, model_config::jsonb, commit_message, tags, aliases, includes, syntax FROM gaiops.prompt_versions WHERE name = 'Greet_Prompt' AND version = 1 $$,
	ROW('text'::text, 'You are a polite assistant for {{ company }}.'::text, NULL::jsonb, ARRAY['company'], NULL::jsonb, NULL::jsonb, 'first'::text, '{}'::jsonb, '{}'::text[] COLLATE "C", '[]'::jsonb, 'gaiops'::text),
	'what a version says');
SELECT row_eq($$ SELECT commit_message, response_format::jsonb, model_config::jsonb, tags FROM gaiops.prompt_versions WHERE name = 'Greet_Prompt' AND version = 2 $$,
	ROW(NULL::text, NULL::jsonb, NULL::jsonb, '{}'::jsonb), 'what is empty is as good as NULL');
SELECT row_eq($$ SELECT created_by, created_at = now() FROM gaiops.prompt_versions WHERE name = 'Greet_Prompt' AND version = 1 $$, ROW(current_user::text COLLATE "default", true), 'who registered it and when is kept');
SELECT row_eq($$ SELECT latest_version, versions FROM gaiops.prompts WHERE name = 'Greet_Prompt' $$, ROW(2, 2), 'the prompt is there');
SELECT is(gaiops_register_prompt('Full', 'x', 'why', '{"team": "support", "n": 1.50, "ok": true}', '{"type": "json_object"}', '{"temperature": 0.2, "max_tokens": 500}'), 1, 'every option, by position');
SELECT row_eq($$ SELECT commit_message, tags, response_format::jsonb, model_config::jsonb FROM gaiops.prompt_versions WHERE name = 'Full' $$,
	ROW('why'::text, '{"team": "support", "n": "1.50", "ok": "true"}'::jsonb, '{"type": "json_object"}'::jsonb, '{"temperature": 0.2, "max_tokens": 500}'::jsonb), 'is kept');
SELECT is((SELECT tags FROM gaiops.prompts WHERE name = 'Full'), '{}'::jsonb, 'tags given at registration are the version''s alone');
SELECT row_eq($$ SELECT updated_by, updated_at = now() FROM gaiops.prompt_version_tags WHERE name = 'Full' AND key = 'n' $$, ROW(current_user, true), 'who tagged it and when is kept');
SELECT is(gaiops_register_prompt('Full', ''), 2, 'an empty template');

-- Chat prompts.
SELECT is(gaiops_register_prompt('Chat', messages => m::jsonb), n::integer, 'a chat prompt: ' || m)
FROM unnest(ARRAY[
	'[{"role": "system", "content": "You are {{ tone }}."}, {"type": "placeholder", "name": "history"}, {"role": "user", "content": "{{ question }}", "name": "u"}]',
	'[{"role": "user", "content": [{"type": "text", "text": "See {{ what }}"}, {"type": "image_url", "image_url": {"url": "https://example.com/{{ picture }}"}}]}]',
	'[{"type": "placeholder", "name": "_h1"}]',
	'[{"role": "assistant", "content": null, "tool_calls": [{"id": "1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]}, {"role": "tool", "tool_call_id": "1", "content": "x"}]',
	'[{"role": "assistant", "tool_calls": []}]',
	'[{"role": "anything", "content": ""}]']) WITH ORDINALITY AS c (m, n);
SELECT row_eq($$ SELECT kind, template, variables FROM gaiops.prompt_versions WHERE name = 'Chat' AND version = 1 $$,
	ROW('chat'::text, NULL::text, ARRAY['tone', 'question', 'history']), 'its placeholders are variables');
SELECT set_eq($$ SELECT unnest(variables) FROM gaiops.prompt_versions WHERE name = 'Chat' AND version = 2 $$, ARRAY['what', 'picture'], 'content parts are templates');
SELECT is(gaiops_register_prompt('Chat', '[{"role": "user", "content": "x"}]'::jsonb), 7, 'messages in second place');

-- An array of messages that was meant to be jsonb.
SELECT is(pg_temp.raised(format('SELECT gaiops_register_prompt(''refused'', %L)', t)),
	E'22023\nargument "template" is a JSON array of messages\nAn untyped literal is taken for the template of a text prompt.\nTo register a chat prompt, give messages => ''...''::json; to put arrays together, cast both to jsonb.', 'messages as text: ' || to_json(t))
FROM unnest(ARRAY['[{"role": "user", "content": "Hi"}]', E'\n [ {"role":"user"}]', '[{"type": "placeholder", "name": "h"}]', '[{"role": "{{ role }}", "content": ["x"]}, {"type": "placeholder"}]',
	'[{"role": "user", "content": "a] [b"}]'::json || E'\n[{"type": "placeholder", "name": "h"}]',
	(ARRAY['{"role": "user", "content": "He said \"Hi\", twice."}', '{"type": "placeholder", "name": "h"}'])::text]) AS t;
SELECT is(pg_temp.content('prompts:/Arrays/' || gaiops_register_prompt('Arrays', t)), t, 'no messages: ' || left(t, 50))
FROM unnest(ARRAY['[]', '[1, 2]', '[INST] Hi [/INST]', '[{"role": "user"}, 1]', '[{"a": "b"}]', '[{"role": "user"', '{"role": "user"}', '[{"role": "user", "content": "\u0000"}]',
	'{"{}"}', '{"{{ key }}": 1}', '{"{\"role\": 1}", x}', '[{"role": "user"}] and more', '[{"role": "user"}] [1]', '[{"role": "user"}] {"role": "user"}', '[{"type": "text"}]', '[{"a":' || repeat('[', 20000)]) AS t;

-- A name, a template and what else a caller gives.
SELECT is(pg_temp.raised(format('SELECT gaiops_register_prompt(%L, ''x'')', name)),
	format(E'22023\ninvalid name of a prompt: "%s"\nThe name of a prompt has 1 to 255 characters out of A-Z, a-z, 0-9, "_", "." and "-".', name), 'name ' || to_json(name))
FROM unnest(ARRAY['', ' ', 'a b', 'a/b', 'a@b', 'prompts:/a', 'ä', 'a;b']) AS name;
SELECT matches(pg_temp.raised(format('SELECT gaiops_register_prompt(%L, ''x'')', name)), '^22023\ninvalid name of a prompt', 'name ' || left(to_json(name)::text, 20))
FROM unnest(ARRAY[E'a\n', repeat('x', 256)]) AS name;
SELECT is(gaiops_register_prompt(name, 'x'), 1, 'name ' || left(name, 20)) FROM unnest(ARRAY['a', '.', '-', '_', 'A.b-C_9', repeat('x', 255)]) AS name;
SELECT is(pg_temp.raised(s), format(E'22004\nargument "%s" must not be null', a), s)
FROM (VALUES
	('SELECT gaiops_register_prompt(NULL, ''x'')', 'name'),
	('SELECT gaiops_register_prompt(''n'', NULL)', 'template'),
	('SELECT gaiops_register_prompt(''n'', NULL::jsonb)', 'messages'),
	('SELECT gaiops_register_prompt(NULL, ''x'', if_changed => true)', 'name'),
	('SELECT gaiops_delete_prompt(NULL)', 'name'),
	('SELECT gaiops_delete_prompt_version(NULL, 1)', 'name'),
	('SELECT gaiops_delete_prompt_version(''n'', NULL)', 'version'),
	('SELECT gaiops_set_prompt_tag(NULL, ''k'', ''v'')', 'name'),
	('SELECT gaiops_set_prompt_tag(''n'', NULL, ''v'')', 'key'),
	('SELECT gaiops_set_prompt_tag(''n'', ''k'', NULL)', 'value'),
	('SELECT gaiops_delete_prompt_tag(NULL, ''k'')', 'name'),
	('SELECT gaiops_delete_prompt_tag(''n'', NULL)', 'key'),
	('SELECT gaiops_set_prompt_version_tag(NULL, 1, ''k'', ''v'')', 'name'),
	('SELECT gaiops_set_prompt_version_tag(''n'', NULL, ''k'', ''v'')', 'version'),
	('SELECT gaiops_set_prompt_version_tag(''n'', 1, NULL, ''v'')', 'key'),
	('SELECT gaiops_set_prompt_version_tag(''n'', 1, ''k'', NULL)', 'value'),
	('SELECT gaiops_delete_prompt_version_tag(NULL, 1, ''k'')', 'name'),
	('SELECT gaiops_delete_prompt_version_tag(''n'', NULL, ''k'')', 'version'),
	('SELECT gaiops_delete_prompt_version_tag(''n'', 1, NULL)', 'key')) AS v (s, a);
SELECT is(gaiops_register_prompt('Long', repeat('x', 1048576)), 1, 'a template of 1 MB');
SELECT is(pg_temp.raised($$ SELECT gaiops_register_prompt('refused', repeat('x', 1048575) || 'ä') $$), E'22023\nargument "template" is too long\nIt has 1048577 bytes; the limit is 1048576.', 'and one of more');
SELECT is(gaiops_register_prompt('Long', jsonb_build_array(jsonb_build_object('role', 'user', 'content', repeat('x', 1048576 - 33)))), 2, 'messages of 1 MB');
SELECT is(pg_temp.raised($$ SELECT gaiops_register_prompt('refused', jsonb_build_array(jsonb_build_object('role', 'user', 'content', repeat('x', 1048577 - 33)))) $$),
	E'22023\nargument "messages" is too long\nIt has 1048577 bytes; the limit is 1048576.', 'and of more');
SELECT is(pg_temp.raised(format('SELECT gaiops_register_prompt(''refused'', %s => ''[%s1]''::json)', a, repeat('1,', 524287))),
	format(E'22023\nargument "%s" is too long\nIt has 1048577 bytes; the limit is 1048576.', split_part(a, ' ', -1)), a || ' of more than 1 MB as it was written')
FROM unnest(ARRAY['messages', 'template => ''x'', response_format', 'template => ''x'', model_config']) AS a;
SELECT matches(pg_temp.raised(format('SELECT gaiops_register_prompt(''refused'', %L)', t)), '^LM013\n', 'no template: ' || t)
FROM unnest(ARRAY['{% set x = 1 %}', '{{ x', '{{ x | sum }}', '{{> prompts:/Greet_Prompt follow }}', '{{> prompts:/Greet_Prompt/1 follow }}', '{{> prompts:/a/b }}']) AS t;

SELECT is(pg_temp.refused_messages(m::jsonb),
	format(E'22023\nargument "messages" must be a JSON array of messages\n%s\nFor example [{"role": "system", "content": "You are polite."}, {"type": "placeholder", "name": "history"}].', d), 'messages ' || m)
FROM (VALUES ('{}', 'It is of type object.'), ('"x"', 'It is of type string.'), ('null', 'It is of type null.'), ('[]', 'It is empty.')) AS v (m, d);
SELECT matches(pg_temp.refused_messages(format('[{"role": "user", "content": "x"}, %s]', m)::jsonb),
	format(E'^22023\nmessage 2 of argument "messages" is not acceptable\n%s\nFor example ', d), 'message ' || m)
FROM (VALUES
	('1', 'It is not an object.'),
	('[]', 'It is not an object.'),
	('{}', 'Its "role" must be a string that is not empty.'),
	('{"content": "x"}', 'Its "role" must be a string that is not empty.'),
	('{"role": "", "content": "x"}', 'Its "role" must be a string that is not empty.'),
	('{"role": 1, "content": "x"}', 'Its "role" must be a string that is not empty.'),
	('{"role": null, "content": "x"}', 'Its "role" must be a string that is not empty.'),
	('{"type": "other", "name": "x"}', 'Its "role" must be a string that is not empty.'),
	('{"role": "user"}', 'Its "content" must be a string or an array of parts; beside "tool_calls" it may be null.'),
	('{"role": "user", "content": null}', 'Its "content" must be a string or an array of parts; beside "tool_calls" it may be null.'),
	('{"role": "user", "content": 1}', 'Its "content" must be a string or an array of parts; beside "tool_calls" it may be null.'),
	('{"role": "user", "content": {"type": "text"}}', 'Its "content" must be a string or an array of parts; beside "tool_calls" it may be null.'),
	('{"role": "user", "content": ["x"]}', 'Part 1 of its "content" is not an object with a "type".'),
	('{"role": "user", "content": [{"type": "text", "text": "x"}, {"text": "x"}]}', 'Part 2 of its "content" is not an object with a "type".'),
	('{"role": "user", "content": [{"type": 1}]}', 'Part 1 of its "content" is not an object with a "type".'),
	('{"type": "placeholder"}', 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'),
	('{"type": "placeholder", "name": "1x"}', 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'),
	('{"type": "placeholder", "name": "a.b"}', 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'),
	('{"type": "placeholder", "name": null}', 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'),
	('{"type": "placeholder", "name": ["x"]}', 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'),
	('{"type": "placeholder", "name": "x", "role": "user"}', 'A placeholder has a "type" and a "name" and nothing else.')) AS v (m, d);

SELECT is(pg_temp.refused(format('tags => %L', t)), format(E'22023\nargument "tags" must be a JSON object\nIt is of type %s.\nFor example {"team": "support"}.', jsonb_typeof(t::jsonb)), 'tags ' || t)
FROM unnest(ARRAY['[]', '"x"', 'null']) AS t;
SELECT is(pg_temp.refused(format('tags => %L', t)), format(E'22023\nvalue of tag "k" must be a string, a number or a boolean\nIt is of type %s.', jsonb_typeof(t::jsonb -> 'k')), 'tags ' || t)
FROM unnest(ARRAY['{"k": null}', '{"k": {}}', '{"a": "b", "k": ["x"]}']) AS t;
SELECT is(pg_temp.refused('tags => ''{"": "v"}'''), E'22023\nkey of a tag must have 1 to 255 bytes\nIt has 0.', 'a tag without a key');
SELECT is(pg_temp.refused('tags => jsonb_build_object(repeat(''k'', 256), ''v'')'), E'22023\nkey of a tag must have 1 to 255 bytes\nIt has 256.', 'a tag with a long key');
SELECT is(pg_temp.refused('tags => jsonb_build_object(''k'', repeat(''v'', 2049))'), E'22023\nvalue of tag "k" is too long\nIt has 2049 bytes; the limit is 2048.', 'a tag with a long value');
SELECT is(pg_temp.refused('tags => (SELECT jsonb_object_agg(i, i) FROM generate_series(1, 65) AS i)'), E'22023\nargument "tags" has too many tags\nIt has 65; the limit is 64.', 'too many tags');
SELECT lives_ok($$ SELECT gaiops_register_prompt('Tagged', 'x', tags => (
	SELECT jsonb_object_agg(rpad(i::text, 255, 'k'), (SELECT left(string_agg(md5((i * 100 + j)::text), ''), 2048) FROM generate_series(1, 64) AS j)) FROM generate_series(1, 64) AS i)) $$, 'as many and as long as may be, though they do not compress');

SELECT is(pg_temp.refused('commit_message => repeat(''x'', 10001)'), E'22023\nargument "commit_message" is too long\nIt has 10001 bytes; the limit is 10000.', 'a long commit message');
SELECT lives_ok($$ SELECT gaiops_register_prompt('Full', 'x', commit_message => repeat('x', 10000)) $$, 'the longest commit message');

SELECT is(pg_temp.refused(format('response_format => %L', f)), format(E'22023\nargument "response_format" must be a JSON object\nIt is of type %s.\nFor example {"type": "json_object"}, or a JSON Schema.', jsonb_typeof(f::jsonb)), 'response_format ' || f)
FROM unnest(ARRAY['[]', '"json_object"', 'null', 'true']) AS f;
SELECT is(pg_temp.refused(format('response_format => %L', f)), E'22023\nargument "response_format" is not acceptable\n' || d
	|| E'\nFor example {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}, or the JSON Schema alone.', 'response_format ' || f)
FROM (VALUES
	('Its "type" must be text, json_object or json_schema; that of a JSON Schema object, array, string, number, integer, boolean, null, or an array of these.',
		ARRAY['{"type": "json"}', '{"type": "Object"}', '{"type": ""}', '{"type": null}', '{"type": 1}', '{"type": {}}', '{"type": []}', '{"type": ["object", "json"]}', '{"type": ["text"]}', '{"type": [["object"]]}']),
	('Its "type" is json_schema, but it has no object "json_schema".', ARRAY['{"type": "json_schema"}', '{"type": "json_schema", "json_schema": "x"}', '{"type": "json_schema", "json_schema": null}']),
	('The "name" of its "json_schema" must have 1 to 64 letters, digits, underscores and hyphens.', ARRAY['{"type": "json_schema", "json_schema": {}}',
		'{"type": "json_schema", "json_schema": {"name": ""}}', '{"type": "json_schema", "json_schema": {"name": 1}}', '{"type": "json_schema", "json_schema": {"name": null}}',
		'{"type": "json_schema", "json_schema": {"name": "a b"}}', '{"type": "json_schema", "json_schema": {"name": "größe"}}', '{"type": "json_schema", "json_schema": {"name": "a\n"}}',
		format('{"type": "json_schema", "json_schema": {"name": "%s"}}', repeat('a', 65))]),
	('The "schema" of its "json_schema" must be an object.', ARRAY['{"type": "json_schema", "json_schema": {"name": "a", "schema": "object"}}', '{"type": "json_schema", "json_schema": {"name": "a", "schema": null}}'])) AS v (d, formats),
	unnest(v.formats) AS f;
SELECT is((gaiops_load_prompt('prompts:/Format/' || gaiops_register_prompt('Format', 'x', response_format => f::jsonb))).response_format::jsonb, f::jsonb, 'response_format ' || f)
FROM unnest(ARRAY['{"type": "text"}', '{"type": "json_object"}', '{"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}',
	format('{"type": "json_schema", "json_schema": {"name": "%s", "strict": true}}', repeat('a', 64)), '{"type": "json_schema", "json_schema": {"name": "A_b-9", "schema": {}}}',
	'{"type": "object", "properties": {"a": {"type": "string"}}}', '{"$ref": "#/x"}', '{"type": ["object", "null"]}', '{"type": "array", "json_schema": 1}',
	'{"type": "string"}', '{"type": "number"}', '{"type": "integer"}', '{"type": "boolean"}', '{"type": "null"}', '{"anyOf": [{"type": "anything"}]}']) AS f;

SELECT is(pg_temp.refused(format('model_config => %L', c)), format(E'22023\nargument "model_config" must be a JSON object\nIt is of type %s.\nFor example {"temperature": 0.2, "max_tokens": 500}.', jsonb_typeof(c::jsonb)), 'model_config ' || c)
FROM unnest(ARRAY['[]', '1', 'null']) AS c;
SELECT is(pg_temp.refused(format('model_config => %L', c)), format(E'22023\n"%s" of argument "model_config" is not acceptable\n%s\nFor example {"temperature": 0.2, "max_tokens": 500}.', k, d), 'model_config ' || c)
FROM (VALUES
	('{"model": "m"}', 'model', 'A prompt says nothing about it: it is given with the call.'),
	('{"messages": []}', 'messages', 'A prompt says nothing about it: it is given with the call.'),
	('{"stream": false}', 'stream', 'A prompt says nothing about it: it is given with the call.'),
	('{"gaiops": {}}', 'gaiops', 'A prompt says nothing about it: it is given with the call.'),
	('{"seed": 1, "response_format": {}}', 'response_format', 'It is an argument of its own.'),
	('{"extra_params": {"model": "m"}}', 'extra_params.model', 'A prompt says nothing about it: it is given with the call.'),
	('{"extra_params": {"temperature": -1}}', 'extra_params.temperature', 'It must be a number, at least 0.'),
	('{"extra_params": []}', 'extra_params', 'It must be an object.'),
	('{"temperature": -0.1}', 'temperature', 'It must be a number, at least 0.'),
	('{"temperature": "0"}', 'temperature', 'It must be a number, at least 0.'),
	('{"temperature": null}', 'temperature', 'It must be a number, at least 0.'),
	('{"max_tokens": 0}', 'max_tokens', 'It must be an integer, at least 1.'),
	('{"max_tokens": 1.5}', 'max_tokens', 'It must be an integer, at least 1.'),
	('{"max_completion_tokens": "9"}', 'max_completion_tokens', 'It must be an integer, at least 1.'),
	('{"top_k": 0}', 'top_k', 'It must be an integer, at least 1.'),
	('{"top_p": 1.01}', 'top_p', 'It must be a number from 0 to 1.'),
	('{"top_p": -0.01}', 'top_p', 'It must be a number from 0 to 1.'),
	('{"presence_penalty": "x"}', 'presence_penalty', 'It must be a number.'),
	('{"frequency_penalty": true}', 'frequency_penalty', 'It must be a number.'),
	('{"provider": 1}', 'provider', 'It must be a string.'),
	('{"model_name": {}}', 'model_name', 'It must be a string.'),
	('{"stop_sequences": "x"}', 'stop_sequences', 'It must be an array of strings.'),
	('{"stop_sequences": ["x", 1]}', 'stop_sequences', 'It must be an array of strings.'),
	('{"stop_sequences": [["x"]]}', 'stop_sequences', 'It must be an array of strings.')) AS v (c, k, d);
SELECT is((gaiops_load_prompt('prompts:/Config/' || gaiops_register_prompt('Config', 'x', model_config => c::jsonb))).model_config::jsonb, c::jsonb, 'model_config ' || c)
FROM unnest(ARRAY['{"temperature": 0, "top_p": 1, "max_tokens": 1, "unheard_of": {"model": 1}}', '{"top_p": 0.0, "presence_penalty": -2, "frequency_penalty": 0.5, "top_k": 40}',
	'{"provider": "openai", "model_name": "gpt-4.1", "stop_sequences": ["END", ""], "extra_params": {"logit_bias": {"1": 2}}}', '{"stop_sequences": []}']) AS c;
SELECT is((SELECT count(*) FROM gaiops.prompt_numbers WHERE name = 'refused'), 0::bigint, 'no number is drawn for what is refused');
SELECT is((SELECT count(*) FROM gaiops.prompt_contents WHERE name = 'refused'), 0::bigint, 'and nothing is stored');

-- Only if something has changed.
SELECT is(gaiops_register_prompt('Again', 'a', if_changed => true), 1, 'if_changed makes a first version');
SELECT is(gaiops_register_prompt('Again', 'a', 'why', '{"k": "v"}', if_changed => true), 1, 'the same is the same version');
SELECT row_eq($$ SELECT commit_message, tags FROM gaiops_load_prompt('Again') $$, ROW(NULL::text, '{}'::jsonb), 'whose commit message and tags stay as they are');
SELECT is(gaiops_register_prompt('Again', 'a'), 2, 'without if_changed it is another one');
SELECT is(gaiops_register_prompt('Again', 'a', if_changed => true, response_format => '{}', model_config => '{}'), 2, 'compared is the latest');
SELECT is(gaiops_register_prompt('Again', 'a', if_changed => true, response_format => '{"type": "json_object"}'), 3, 'another response_format');
SELECT is(gaiops_register_prompt('Again', 'a', if_changed => true, response_format => '{"type" :"json_object"}'), 3, 'the same');
SELECT is(gaiops_register_prompt('Again', 'a', if_changed => true, response_format => '{"type": "json_object"}', model_config => '{"top_p": 1}'), 4, 'another model_config');
SELECT is(gaiops_register_prompt('Again', 'a', if_changed => true), 5, 'as before the latest is a change');
SELECT is(gaiops_register_prompt('Again', 'A', if_changed => true), 6, 'another template');
SELECT is(gaiops_register_prompt('Again', '[{"role": "user", "content": "A"}]'::jsonb, if_changed => true), 7, 'another kind');
SELECT is(gaiops_register_prompt('Again', '[{"content": "A", "role": "user"}]'::jsonb, if_changed => true), 7, 'the same messages');
SELECT is(gaiops_register_prompt('Again', '[{"role": "user", "content": "B"}]'::jsonb, if_changed => true), 8, 'other messages');
SELECT gaiops_delete_prompt_version('Again', 8) \g /dev/null
SELECT is(gaiops_register_prompt('Again', '[{"role": "user", "content": "A"}]'::jsonb, if_changed => true), 7, 'the latest that is not deleted');
SELECT is(gaiops_register_prompt('Again', '[{"role": "user", "content": "B"}]'::jsonb, if_changed => true), 9, 'a deleted one is not taken up');
SELECT matches(pg_temp.raised($$ SELECT gaiops_register_prompt('Again', '[{"role": "user", "content": "B"}]'::jsonb, if_changed => true, tags => '[]') $$), '^22023\nargument "tags"', 'tags are checked all the same');

-- Includes are resolved once, and followed only where it says so.
SELECT gaiops_register_prompt('Tone', t) FROM unnest(ARRAY['Kind.', 'Kinder, {{ name }}.']) AS t \g /dev/null
SELECT gaiops_set_prompt_alias('Tone', 'production', 1) \g /dev/null
SELECT is(gaiops_register_prompt('Support', '{{> prompts:/Tone@production }} {{> prompts:/Tone/1 }} {{> Tone }} {{> prompts:/Tone@latest }} {{> prompts:/Tone@production follow }} {{ x }}'), 1, 'includes of every form');
SELECT results_eq($$ SELECT position, included_name COLLATE "default", included_version, alias COLLATE "default", follow FROM gaiops.prompt_includes WHERE name = 'Support' ORDER BY position $$,
	$$ VALUES (1, 'Tone', 1, 'production', false), (2, 'Tone', 1, NULL, false), (3, 'Tone', 2, NULL, false), (4, 'Tone', 2, NULL, false), (5, 'Tone', NULL, 'production', true) $$, 'are stored with what they stand for');
SELECT is((gaiops_load_prompt('Support')).variables, ARRAY['x'], 'the variables of a version are its own');
SELECT is(gaiops_format_prompt('Support', '{"x": 1, "name": "Jo"}'), 'Kind. Kind. Kinder, Jo. Kinder, Jo. Kind. 1', 'what it comes to');
SELECT gaiops_set_prompt_alias('Tone', 'production', 2) \g /dev/null
SELECT is(gaiops_format_prompt('Support', '{"x": 1, "name": "Jo"}'), 'Kind. Kind. Kinder, Jo. Kinder, Jo. Kinder, Jo. 1', 'a move changes only what follows');
SELECT is(gaiops_register_prompt('Resolved', '{{> prompts:/Tone@production }}', if_changed => true), 1, 'an include by alias');
SELECT is(gaiops_register_prompt('Followed', '{{> prompts:/Tone@production follow }}', if_changed => true), 1, 'an include that follows');
SELECT is(gaiops_register_prompt('Resolved', '{{> prompts:/Tone@production }}', if_changed => true), 1, 'unchanged while the alias stays');
SELECT gaiops_set_prompt_alias('Tone', 'production', 1) \g /dev/null
SELECT is(gaiops_register_prompt('Resolved', '{{> prompts:/Tone@production }}', if_changed => true), 2, 'changed since it stands for another version');
SELECT is(gaiops_register_prompt('Followed', '{{> prompts:/Tone@production follow }}', if_changed => true), 1, 'unchanged since it follows anyway');
SELECT is(gaiops_register_prompt('Resolved', '[{"role": "user", "content": "a {{> Tone }}"}, {"role": "user", "content": [{"type": "text", "text": "{{> prompts:/Tone/1 }}"}]}]'::jsonb), 3, 'a chat prompt includes');
SELECT results_eq($$ SELECT position, included_version FROM gaiops.prompt_includes WHERE name = 'Resolved' AND version = 3 ORDER BY position $$, $$ VALUES (1, 2), (2, 1) $$, 'over all its messages');
SELECT is(pg_temp.raised(format('SELECT gaiops_register_prompt(''refused'', %L)', t)), e, 'cannot be included: ' || to_json(t))
FROM (VALUES
	(E'a\n {{> prompts:/Tone/3 }}', E'LM012\nprompt "Tone" has no version 3\nPrompt "Tone" has versions 1 to 2, and alias "production". Included at line 2, column 2.\nInclude one that is there.'),
	('{{> prompts:/Tone@staging }}', E'LM012\nprompt "Tone" has no alias "staging"\nPrompt "Tone" has versions 1 to 2, and alias "production". Included at line 1, column 1.\nSet it with gaiops_set_prompt_alias().'),
	('{{> prompts:/Tone@staging follow }}', E'LM012\nprompt "Tone" has no alias "staging"\nPrompt "Tone" has versions 1 to 2, and alias "production". Included at line 1, column 1.\nSet it with gaiops_set_prompt_alias().'),
	('{{> prompts:/Chat }}', E'LM013\nchat prompt "Chat" cannot be included\nIncluded at line 1, column 1.\nInclude text prompts only.')) AS v (t, e);
SELECT matches(pg_temp.raised($$ SELECT gaiops_register_prompt('refused', '{{> prompts:/refused }}') $$), '^LM012\nprompt "refused" does not exist\n', 'a prompt cannot include the version that is being registered');
SELECT is(gaiops_register_prompt('Tone', '{{> Tone }} Kindest.'), 3, 'but an earlier one');
SELECT is((SELECT count(*) FROM gaiops.prompt_numbers WHERE name = 'refused'), 0::bigint, 'no number is drawn for what cannot be included');

-- A version is what it was, for everybody.
SELECT is(pg_temp.raised(s), format(E'55000\nrows of gaiops.%s cannot be %s\n%s', t, CASE WHEN s LIKE 'UPDATE%' THEN 'changed' ELSE 'deleted' END, w), s)
FROM (VALUES
	('prompt_numbers', 'A number that was drawn is taken for good.', 'A number that was drawn is taken for good.'),
	('prompt_contents', E'A version of a prompt, and what became of it, stays as it is for everybody, its owner included.\nRegister another version with gaiops_register_prompt().',
		E'What a version of a prompt says is kept for the traces that used it.\nHide the version with gaiops_delete_prompt_version().'),
	('prompt_includes', E'A version of a prompt, and what became of it, stays as it is for everybody, its owner included.\nRegister another version with gaiops_register_prompt().',
		E'What a version of a prompt says is kept for the traces that used it.\nHide the version with gaiops_delete_prompt_version().'),
	('prompt_alias_history', 'What became of an alias stays on record.', 'What became of an alias stays on record.')) AS e (t, changed, deleted),
	LATERAL (VALUES (format('UPDATE gaiops.%I SET name = ''x''', t), changed), (format('DELETE FROM gaiops.%I', t), deleted), (format('TRUNCATE gaiops.%I', t), deleted)) AS v (s, w);
SELECT matches(pg_temp.raised($$ INSERT INTO gaiops.prompt_contents SELECT * FROM gaiops.prompt_contents WHERE name = 'Other' ON CONFLICT (name, version) DO UPDATE SET template = 'y' $$), '^55000\n', 'not by an upsert either');
SELECT matches(pg_temp.raised($$ MERGE INTO gaiops.prompt_contents AS c USING (SELECT 1) AS s ON c.name = 'Other' WHEN MATCHED THEN UPDATE SET template = 'y' $$), '^55000\n', 'nor by a merge');
SET LOCAL session_replication_role = replica;
SELECT matches(pg_temp.raised($$ UPDATE gaiops.prompt_contents SET template = 'y' $$), '^55000\n', 'nor as a replica would');
RESET session_replication_role;
SAVEPOINT attached;
CREATE TABLE gaiops_test_parent (LIKE gaiops.prompt_contents) PARTITION BY LIST (kind);
ALTER TABLE gaiops_test_parent ATTACH PARTITION gaiops.prompt_contents DEFAULT;
SELECT matches(pg_temp.raised(s), '^55000\nrows of gaiops.prompt_contents cannot be (changed|deleted)\n', 'nor as a partition: ' || s)
FROM unnest(ARRAY['UPDATE gaiops_test_parent SET template = ''y''', 'DELETE FROM gaiops_test_parent', 'TRUNCATE gaiops_test_parent']) AS s;
ROLLBACK TO attached;
CREATE TABLE gaiops_test_parent (LIKE gaiops.prompt_contents);
ALTER TABLE gaiops.prompt_contents INHERIT gaiops_test_parent;
SELECT matches(pg_temp.raised($$ UPDATE gaiops_test_parent SET template = 'y' $$), '^55000\nrows of gaiops.prompt_contents cannot be changed\n', 'nor as a child');
ROLLBACK TO attached;
CREATE ROLE gaiops_test_owner BYPASSRLS;
GRANT ALL ON ALL TABLES IN SCHEMA gaiops TO gaiops_test_owner;
GRANT USAGE ON SCHEMA gaiops TO gaiops_test_owner;
SET ROLE gaiops_test_owner;
SELECT matches(pg_temp.raised($$ UPDATE gaiops.prompt_contents SET template = 'y' WHERE name = 'Other' $$), '^55000\n', 'nor by somebody who was granted everything');
RESET ROLE;

-- A hash is stored and checked.
SELECT matches((gaiops_load_prompt('prompts:/Other/1')).content_hash, '^[0-9a-f]{64}$', 'a version has a hash');
SELECT is((gaiops_load_prompt('prompts:/Other/1')).content_hash, gaiops.prompt_hash('text', 'x', NULL, NULL, NULL, 'gaiops', '[]'), 'of all that it says');
SELECT isnt((gaiops_load_prompt('prompts:/Resolved/1')).content_hash, (gaiops_load_prompt('prompts:/Resolved/2')).content_hash, 'of what its includes stand for too');
SELECT (gaiops_load_prompt('prompts:/Other/1')).content_hash AS hash \gset
SELECT gaiops_set_prompt_version_tag('Other', 1, 'mlflow.prompt.text', 'other text'), gaiops_set_prompt_tag('Other', 'k', 'v') \g /dev/null
SELECT is((gaiops_load_prompt('prompts:/Other/1')).content_hash, :'hash', 'a tag is not part of it');
SELECT is((gaiops_load_prompt('prompts:/Other/1')).template, 'x', 'and changes nothing');
SAVEPOINT tampered;
ALTER TABLE gaiops.prompt_contents DISABLE TRIGGER refuse_change;
UPDATE gaiops.prompt_contents SET template = 'y' WHERE name = 'Other';
UPDATE gaiops.prompt_contents SET model_config = '{"temperature": 2}' WHERE name = 'Config' AND version = 1;
ALTER TABLE gaiops.prompt_includes DISABLE TRIGGER refuse_change;
UPDATE gaiops.prompt_includes SET included_version = 1 WHERE name = 'Resolved' AND version = 1;
SELECT matches(pg_temp.raised(s), '^XX001\nprompt "(Other|Config|Resolved)" version 1 is not what was registered\n', s)
FROM unnest(ARRAY['SELECT gaiops_load_prompt(''prompts:/Other/1'')', 'SELECT gaiops_load_prompt(''prompts:/Config/1'')', 'SELECT gaiops_format_prompt(''prompts:/Resolved/1'')',
	'SELECT gaiops_register_prompt(''Other'', ''y'', if_changed => true)', 'SELECT gaiops_register_prompt(''refused'', ''{{> prompts:/Other/1 }}'')', 'SELECT gaiops_set_prompt_alias(''Other'', ''a'', 1)']) AS s;
ROLLBACK TO tampered;

-- Numbers are given once.
SELECT gaiops_register_prompt('Numbers', 'x') \g /dev/null
SAVEPOINT lost;
SELECT is(gaiops_register_prompt('Numbers', 'x'), 2, 'a version that is rolled back');
ROLLBACK TO lost;
SELECT is(gaiops_register_prompt('Numbers', 'x'), 3, 'had a number that is not given again');
SELECT is(gaiops_delete_prompt_version('Numbers', 3), 'prompts:/Numbers/3', 'deleting a version returns its URI');
SELECT is(gaiops_register_prompt('Numbers', 'x'), 4, 'nor is that of a deleted version');
SELECT is(gaiops_delete_prompt('Numbers'), 'Numbers', 'deleting a prompt returns its name');
SELECT is(gaiops_register_prompt('Numbers', 'x'), 5, 'registering a deleted name again continues its numbers');
SELECT row_eq($$ SELECT latest_version, versions FROM gaiops.prompts WHERE name = 'Numbers' $$, ROW(5, 1), 'and it has this version alone');

-- Deleting.
SELECT gaiops_register_prompt('Gone', t, tags => '{"k": "v"}') FROM unnest(ARRAY['one', 'two', 'three {{> Gone }}']) AS t \g /dev/null
SELECT gaiops_set_prompt_tag('Gone', 'k', 'v') \g /dev/null
SELECT gaiops_set_prompt_alias('Gone', a, 1) FROM unnest(ARRAY['staging', 'production']) AS a \g /dev/null
SELECT gaiops_register_prompt('User', t) FROM unnest(ARRAY['{{> prompts:/Gone/1 }}', '{{> prompts:/Gone@production follow }} {{> prompts:/Gone/1 }}']) AS t \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt_version('Gone', 1) $$),
	E'2BP01\nversion 1 of prompt "Gone" is in use\nVersion 1 is used by alias "production", alias "staging", prompts:/User/1, prompts:/User/2.\nMove or delete the aliases with gaiops_set_prompt_alias() or gaiops_delete_prompt_alias(), and delete the versions that include it, first.',
	'a version that aliases point at and others include');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt_version('Gone', 2) $$), E'2BP01\nversion 2 of prompt "Gone" is in use\nVersion 2 is used by prompts:/Gone/3.\nMove or delete the aliases with gaiops_set_prompt_alias() or gaiops_delete_prompt_alias(), and delete the versions that include it, first.', 'one that another version of the prompt includes');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt('Gone') $$), E'2BP01\nprompt "Gone" is in use\nVersion 1 is used by alias "production", alias "staging", prompts:/User/1, prompts:/User/2.\nMove or delete the aliases with gaiops_set_prompt_alias() or gaiops_delete_prompt_alias(), and delete the versions that include it, first.', 'a prompt of which something is in use');
SELECT is((SELECT count(*) FROM gaiops.prompt_deletions WHERE name = 'Gone'), 0::bigint, 'nothing was deleted');
SELECT gaiops_set_prompt_alias('Gone', 'production', 3), gaiops_delete_prompt_alias('Gone', 'staging') \g /dev/null
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_prompt_version('Gone', 1) $$), '\nVersion 1 is used by prompts:/User/1, prompts:/User/2.\n', 'includes alone keep it');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_prompt_version('Gone', 3) $$), '\nVersion 3 is used by alias "production", prompts:/User/2.\n', 'and so does following the alias that points to it');
SELECT is(gaiops_delete_prompt_version('User', 2), 'prompts:/User/2', 'what uses it is deleted');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_prompt_version('Gone', 1) $$), '\nVersion 1 is used by prompts:/User/1.\n', 'and does not count any more');
SELECT gaiops_delete_prompt('User'), gaiops_delete_prompt_alias('Gone', 'production') \g /dev/null
SELECT is(gaiops_delete_prompt_version('Gone', 1), 'prompts:/Gone/1', 'what nothing uses is deleted');
SELECT is(gaiops_delete_prompt('Gone'), 'Gone', 'includes among its own versions do not keep a prompt');
SELECT is(pg_temp.raised(s), E'LM012\nprompt "Gone" does not exist\nThere are prompts "-", ".", "A.b-C_9", "Again", "Arrays", "Chat", "Config", "Followed", "Format", "Full" and 11 more.\nRegister it with gaiops_register_prompt().', s)
FROM unnest(ARRAY['SELECT gaiops_load_prompt(''Gone'')', 'SELECT gaiops_delete_prompt(''Gone'')', 'SELECT gaiops_delete_prompt_version(''Gone'', 1)', 'SELECT gaiops_set_prompt_tag(''Gone'', ''k'', ''v'')',
	'SELECT gaiops_set_prompt_version_tag(''Gone'', 1, ''k'', ''v'')', 'SELECT gaiops_delete_prompt_tag(''Gone'', ''k'')', 'SELECT gaiops_delete_prompt_version_tag(''Gone'', 1, ''k'')', 'SELECT gaiops_register_prompt(''refused'', ''{{> Gone }}'')']) WITH ORDINALITY AS v (s, n)
WHERE n < 8;
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_prompt_version('Greet_Prompt', 7) $$), '^LM012\nprompt "Greet_Prompt" has no version 7\nPrompt "Greet_Prompt" has versions 1 to 2.', 'a version that never was');
SELECT matches(pg_temp.raised(format('SELECT gaiops_delete_prompt_version(''Greet_Prompt'', %s)', v)), '^LM012\nprompt "Greet_Prompt" has no version ' || v, 'nor version ' || v) FROM unnest(ARRAY['0', '-1', '2147483647']) AS v;
SELECT matches(pg_temp.raised(s), '^22023\ninvalid name of a prompt', s) FROM unnest(ARRAY['SELECT gaiops_delete_prompt(''a/b'')', 'SELECT gaiops_delete_prompt_version(''a/b'', 1)', 'SELECT gaiops_set_prompt_tag(''a/b'', ''k'', ''v'')', 'SELECT gaiops_set_prompt_version_tag(''a/b'', 1, ''k'', ''v'')']) AS s;
SELECT is_empty($$ SELECT FROM gaiops.prompts WHERE name = 'Gone' UNION ALL SELECT FROM gaiops.prompt_versions WHERE name = 'Gone' $$, 'what is deleted is hidden');
SELECT is((SELECT array_agg(template ORDER BY version) FROM gaiops.prompt_contents WHERE name = 'Gone'), ARRAY['one', 'two', 'three {{> Gone }}'], 'its text is kept');
SELECT is((SELECT count(*) FROM gaiops.prompt_version_tags WHERE name = 'Gone'), 3::bigint, 'and the tags of its versions');
SELECT row_eq($$ SELECT DISTINCT deleted_by, deleted_at = now() FROM gaiops.prompt_deletions WHERE name = 'Gone' $$, ROW(current_user, true), 'who deleted it and when is kept');
SELECT is_empty($$ SELECT FROM gaiops.prompt_tags WHERE name = 'Gone' $$, 'the tags of the prompt are gone');
SELECT is(gaiops_register_prompt('Gone', 'four'), 4, 'it can be registered again');
SELECT is((SELECT tags FROM gaiops.prompts WHERE name = 'Gone'), '{}'::jsonb, 'without its tags');
SELECT gaiops_register_prompt('Many', 'x') FROM generate_series(1, 7) \g /dev/null
SELECT gaiops_register_prompt('Uses' || v, format('{{> prompts:/Many/%s }}', v)) FROM generate_series(1, 7) AS v \g /dev/null
SELECT gaiops_register_prompt('UsesMore' || v, '{{> prompts:/Many/1 }}') FROM generate_series(1, 11) AS v \g /dev/null
SELECT is((string_to_array(pg_temp.raised('SELECT gaiops_delete_prompt(''Many'')'), E'\n'))[3],
	'Version 1 is used by ' || (SELECT string_agg(format('prompts:/%s/1', n), ', ' ORDER BY n COLLATE "C") FROM (SELECT 'Uses1' UNION ALL SELECT 'UsesMore' || v FROM unnest(ARRAY[1, 10, 11, 2, 3, 4, 5, 6, 7]) AS v) AS u (n))
		|| ' and 2 more. Version 2 is used by prompts:/Uses2/1. Version 3 is used by prompts:/Uses3/1. Version 4 is used by prompts:/Uses4/1. Version 5 is used by prompts:/Uses5/1.', 'of many users the first are named');

-- Tags.
SELECT lives_ok($$ SELECT gaiops_set_prompt_tag('Greet_Prompt', 'team', 'support'), gaiops_set_prompt_tag('Greet_Prompt', 'team', 'sales'), gaiops_set_prompt_tag('Greet_Prompt', 'a', '') $$, 'tags of a prompt');
SELECT is((SELECT tags FROM gaiops.prompts WHERE name = 'Greet_Prompt'), '{"team": "sales", "a": ""}'::jsonb, 'the last value is the one');
SELECT lives_ok($$ SELECT gaiops_set_prompt_version_tag('Greet_Prompt', 1, 'ok', 'no'), gaiops_set_prompt_version_tag('Greet_Prompt', 1, 'ok', 'yes') $$, 'tags of a version');
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt/1')).tags, '{"ok": "yes"}'::jsonb, 'likewise');
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt/2')).tags, '{}'::jsonb, 'they are not those of another version');
SELECT lives_ok($$ SELECT gaiops_delete_prompt_tag('Greet_Prompt', 'team'), gaiops_delete_prompt_version_tag('Greet_Prompt', 1, 'ok') $$, 'they can be deleted');
SELECT is((SELECT tags FROM gaiops.prompts WHERE name = 'Greet_Prompt'), '{"a": ""}'::jsonb, 'that of the prompt');
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt/1')).tags, '{}'::jsonb, 'and that of the version');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt_tag('Greet_Prompt', 'team') $$), E'42704\nprompt "Greet_Prompt" has no tag "team"\nIt has "a".', 'deleting what is not there');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_prompt_version_tag('Greet_Prompt', 1, 'ok') $$), E'42704\nversion 1 of prompt "Greet_Prompt" has no tag "ok"\nIt has no tags.', 'likewise');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_prompt_version_tag('Tagged', 1, 'k') $$), '\nIt has "10k+", "11k+", .*, "19k+" and others\.$', 'of many tags some are named');
SELECT is(pg_temp.raised(s), e, s)
FROM (VALUES
	($$ SELECT gaiops_set_prompt_tag('Greet_Prompt', '', 'v') $$, E'22023\nkey of a tag must have 1 to 255 bytes\nIt has 0.'),
	($$ SELECT gaiops_set_prompt_version_tag('Greet_Prompt', 1, repeat('k', 256), 'v') $$, E'22023\nkey of a tag must have 1 to 255 bytes\nIt has 256.'),
	($$ SELECT gaiops_set_prompt_tag('Greet_Prompt', 'k', repeat('v', 2049)) $$, E'22023\nvalue of tag "k" is too long\nIt has 2049 bytes; the limit is 2048.'),
	($$ SELECT gaiops_set_prompt_version_tag('Greet_Prompt', 1, 'k', repeat('v', 2049)) $$, E'22023\nvalue of tag "k" is too long\nIt has 2049 bytes; the limit is 2048.')) AS v (s, e);
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_version_tag('Greet_Prompt', 7, 'k', 'v') $$), '^LM012\nprompt "Greet_Prompt" has no version 7\n', 'a version that is not there has no tags');
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_prompt_version_tag('Again', 8, 'k', 'v') $$), '^LM012\nprompt "Again" has no version 8\n', 'nor has one that is deleted');

-- Who may do what.
CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_user;
CREATE ROLE gaiops_test_admin;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer'), gaiops_grant('gaiops_test_user', 'user'), gaiops_grant('gaiops_test_admin', 'admin') \g /dev/null
CREATE FUNCTION pg_temp.as_owner() RETURNS integer LANGUAGE sql SECURITY DEFINER AS $$ SELECT gaiops_register_prompt('Mine', 'y') $$;
SET ROLE gaiops_test_viewer;
SELECT matches(pg_temp.raised(s), '^42501\npermission denied for function gaiops_', 'a viewer: ' || s)
FROM unnest(ARRAY['SELECT gaiops_register_prompt(''Mine'', ''x'')', 'SELECT gaiops_register_prompt(''Mine'', ''[]''::jsonb)', 'SELECT gaiops_set_prompt_tag(''Other'', ''k'', ''v'')', 'SELECT gaiops_delete_prompt_tag(''Other'', ''k'')',
	'SELECT gaiops_set_prompt_version_tag(''Other'', 1, ''k'', ''v'')', 'SELECT gaiops_delete_prompt_version_tag(''Other'', 1, ''k'')', 'SELECT gaiops_delete_prompt(''Other'')', 'SELECT gaiops_delete_prompt_version(''Other'', 1)']) AS s;
SET ROLE gaiops_test_user;
SELECT is(gaiops_register_prompt('Mine', 'x'), 1, 'a user registers');
SELECT is(pg_temp.as_owner(), 2, 'also by a function of somebody else');
SELECT is((SELECT array_agg(DISTINCT created_by) FROM gaiops.prompt_versions WHERE name = 'Mine'), ARRAY['gaiops_test_user', SESSION_USER]::text[], 'the role in force is the one on record');
SELECT lives_ok($$ SELECT gaiops_set_prompt_tag('Mine', 'k', 'v'), gaiops_set_prompt_version_tag('Mine', 1, 'k', 'v') $$, 'a user tags');
SELECT matches(pg_temp.raised(s), '^42501\npermission denied for function gaiops_delete_prompt', 'a user: ' || s) FROM unnest(ARRAY['SELECT gaiops_delete_prompt(''Mine'')', 'SELECT gaiops_delete_prompt_version(''Mine'', 1)']) AS s;
SELECT matches(pg_temp.raised(s), '^42501\npermission denied for', 'a user has no other way: ' || s)
FROM unnest(ARRAY['INSERT INTO gaiops.prompt_contents SELECT * FROM gaiops.prompt_contents', 'DELETE FROM gaiops.prompt_deletions', 'UPDATE gaiops.prompt_aliases SET version = 1', 'SELECT gaiops.draw_prompt_version(''Mine'')',
	'SELECT gaiops.register_prompt(NULL, NULL, NULL)', 'SELECT nextval(''gaiops.prompt_alias_history_id_seq'')']) AS s;
SET ROLE gaiops_test_admin;
SELECT is(gaiops_delete_prompt_version('Mine', 1), 'prompts:/Mine/1', 'an admin deletes');
RESET ROLE;
SELECT is((SELECT deleted_by FROM gaiops.prompt_deletions WHERE name = 'Mine'), 'gaiops_test_admin', 'and is on record');

-- A caller's own objects are not used in place of ours.
CREATE SCHEMA gaiops_test_trap;
CREATE FUNCTION gaiops_test_trap.lower(text) RETURNS text LANGUAGE sql AS 'SELECT ''trapped''';
CREATE FUNCTION gaiops_test_trap.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''2000-01-01''::timestamptz';
CREATE TEMP TABLE prompt_contents (name text);
SET LOCAL search_path = gaiops_test_trap, pg_temp, pg_catalog, public;
SELECT pg_catalog.gaiops_register_prompt('Trap', 'Of the {{ x }}') \g /dev/null
SET LOCAL search_path = public;
SELECT row_eq($$ SELECT created_at = pg_catalog.now(), words @@ 'of' FROM gaiops.prompt_contents WHERE name = 'Trap' $$, ROW(true, true), 'a hostile search_path changes nothing');

-- Words.
CREATE FUNCTION pg_temp.found(name text, query text) RETURNS boolean LANGUAGE sql AS $$
	SELECT bool_or(c.words @@ websearch_to_tsquery('simple', query)) FROM gaiops.prompt_contents AS c WHERE c.name = found.name
$$;
SELECT gaiops_register_prompt('Find.Me-please', '<Rules for="billing">Be polite and/or kind to Jürgen.</Rules> snake_case', commit_message => 'Less Zeal') \g /dev/null
SELECT gaiops_register_prompt('Find_Chat', '[{"role": "system", "content": "Alpha"}, {"role": "user", "content": [{"type": "text", "text": "Beta"}, {"type": "image_url", "image_url": {"url": "data:,Gamma"}}]}]'::jsonb) \g /dev/null
SELECT is(pg_temp.found(n, q), e, format('%s %s in %s', q, CASE WHEN e THEN 'is found' ELSE 'is not found' END, n))
FROM (VALUES ('Greet_Prompt', 'greet', true), ('Greet_Prompt', 'greet_prompt', true), ('Greet_Prompt', 'Greet_Prompt', true), ('Greet_Prompt', 'prompt polite', true), ('Greet_Prompt', 'first', true), ('Greet_Prompt', 'company', true),
	('Greet_Prompt', 'rude', false), ('Find.Me-please', 'find.me-please', true), ('Find.Me-please', 'me', true), ('Find.Me-please', 'please', true), ('Find.Me-please', 'rules', true), ('Find.Me-please', 'billing', true),
	('Find.Me-please', 'kind', true), ('Find.Me-please', 'and/or', true), ('Find.Me-please', 'JÜRGEN', true), ('Find.Me-please', 'zeal', true), ('Find.Me-please', 'case', true), ('Find.Me-please', '"be polite"', true), ('Find.Me-please', '"polite be"', false),
	('Find_Chat', 'alpha', true), ('Find_Chat', 'beta', true), ('Find_Chat', 'system', false), ('Find_Chat', 'gamma', false)) AS v (n, q, e);
SELECT is((SELECT ts_filter(words, '{a}') FROM gaiops.prompt_contents WHERE name = 'Greet_Prompt' AND version = 1), '''greet'':1A,3A ''greet_prompt'':5A ''prompt'':2A,4A'::tsvector, 'words of the name weigh A');
SELECT is((SELECT strip(ts_filter(words, '{b}')) FROM gaiops.prompt_contents WHERE name = 'Find.Me-please'), '''less'' ''zeal'''::tsvector, 'those of the commit message B');
SELECT is((SELECT strip(ts_filter(words, '{c}')) FROM gaiops.prompt_contents WHERE name = 'Find_Chat'), '''alpha'' ''beta'''::tsvector, 'those of the text C');
SELECT cmp_ok(length(gaiops.prompt_words('n', c, t, NULL)), '>=', least, what)
FROM (VALUES
	('a word of 1 MB', '', repeat('x', 1048576), 1),
	('a commit message that is one word', repeat('y', 10000), 'a b', 3),
	('as many words as 1 MB has', 'Seen', (SELECT left(string_agg(to_hex(i), ' '), 1048576) FROM generate_series(1000000, 1160000) AS i), 100000),
	('words that grow in lower case', 'Seen', (SELECT left(string_agg(repeat(chr(570), 20) || i, ' '), 550000) FROM generate_series(1, 21500) AS i), 10000),
	('what the parser of texts finds hard', '', repeat('a_', 524288), 1),
	('and again', '', repeat('<!--', 262144), 1),
	('and again', '', repeat('../', 349525), 1),
	('nothing at all', '', '', 1)) AS v (what, c, t, least);
SELECT is(gaiops_register_prompt('Wordy', (SELECT left(string_agg(to_hex(i), ' '), 1048576) FROM generate_series(1000000, 1160000) AS i), commit_message => 'Many words'), 1, 'more words than a tsvector holds with their positions');
SELECT is(pg_temp.found('Wordy', q), true, 'is found by ' || q) FROM unnest(ARRAY['wordy', 'many', 'f4240']) AS q;

-- What importers use.
SELECT gaiops.reserve_prompt_versions(ARRAY['Imported'], ARRAY[9]) \g /dev/null
SELECT lives_ok($$ SELECT gaiops.insert_prompt_version('Imported', 7, 'Hi {{ a }}{{ b.c', NULL, '{}', NULL, 'mlflow', '', '2020-01-01', 'somebody') $$, 'a version of MLflow''s, with its number');
SELECT row_eq($$ SELECT version, syntax, includes, response_format::jsonb, commit_message, created_at, created_by FROM gaiops_load_prompt('Imported') $$, ROW(7, 'mlflow'::text, '[]'::jsonb, NULL::jsonb, NULL::text, '2020-01-01'::timestamptz, 'somebody'::text COLLATE "default"), 'is there');
SELECT lives_ok($$ SELECT gaiops.insert_prompt_version('Imported', 8, '{{> prompts:/Tone@production }}', NULL, NULL, NULL, 'mlflow', NULL, now(), 'somebody') $$, 'where nothing is included');
SELECT is_empty($$ SELECT FROM gaiops.prompt_includes WHERE name = 'Imported' $$, 'indeed');
SELECT is(gaiops_register_prompt('Imported', 'x'), 10, 'numbers go on after those that were reserved');
SELECT gaiops.reserve_prompt_versions(ARRAY['Imported'], ARRAY[20]) \g /dev/null
SELECT lives_ok($$ SELECT gaiops.insert_prompt_version('Imported', 11, '{{> prompts:/Tone@production }}', NULL, NULL, NULL, 'gaiops', NULL, now(), 'somebody') $$, 'an include is resolved now');
SELECT is((gaiops_load_prompt('prompts:/Imported/11')).includes, '[{"name": "Tone", "alias": "production", "follow": false, "version": 1}]'::jsonb, 'to what it stands for now');
SELECT lives_ok($$ SELECT gaiops.insert_prompt_version('Imported', 12, '{{> prompts:/Tone@production }}{{> prompts:/Tone@nowhere follow }}', NULL, NULL, NULL, 'gaiops', NULL, now(), 'somebody', '[{"name": "Tone", "alias": "production", "follow": false, "version": 2}, {"name": "Tone", "alias": "nowhere", "follow": true}]') $$, 'or it was before');
SELECT is((gaiops_load_prompt('prompts:/Imported/12')).includes, '[{"name": "Tone", "alias": "production", "follow": false, "version": 2}, {"name": "Tone", "alias": "nowhere", "follow": true}]'::jsonb, 'and stays so');
SELECT is((gaiops_load_prompt('prompts:/Imported/12')).content_hash, gaiops.prompt_hash('text', '{{> prompts:/Tone@production }}{{> prompts:/Tone@nowhere follow }}', NULL, NULL, NULL, 'gaiops', '[{"name": "Tone", "version": 2}, {"name": "Tone", "alias": "nowhere", "follow": true}]'), 'with the hash it had');
SELECT matches(pg_temp.raised($$ SELECT gaiops.check_prompt('Imported', 12) $$), '^LM012\nprompt "Tone" has no alias "nowhere"\n', 'what is missing is for check_prompt() to say');
SELECT matches(pg_temp.raised(format('SELECT gaiops.insert_prompt_version(''Imported'', 13, ''{{> prompts:/Tone@production }} {{> prompts:/Tone/1 }}'', NULL, NULL, NULL, ''gaiops'', NULL, now(), ''somebody'', %L)', i)),
	'^22023\nargument "includes" is not what the template includes\n', 'not resolved: ' || i)
FROM unnest(ARRAY['[]', '[{"name": "Tone", "alias": "production", "follow": false, "version": 2}]',
	'[{"name": "Tone", "alias": "production", "follow": false, "version": 2}, {"name": "Tone", "follow": false, "version": 2}]',
	'[{"name": "Tone", "alias": "staging", "follow": false, "version": 2}, {"name": "Tone", "follow": false, "version": 1}]',
	'[{"name": "Tone", "alias": "production", "follow": true}, {"name": "Tone", "follow": false, "version": 1}]',
	'[{"name": "Tone", "alias": "production", "follow": false}, {"name": "Tone", "follow": false, "version": 1}]',
	'[{"name": "Other", "alias": "production", "follow": false, "version": 2}, {"name": "Tone", "follow": false, "version": 1}]',
	'[{"name": "Tone", "alias": "production", "follow": false, "version": 2}, {"name": "Tone", "follow": false, "version": 1}, {"name": "Tone", "follow": false, "version": 1}]']) AS i;
SELECT matches(pg_temp.raised($$ SELECT gaiops.insert_prompt_version('Imported', 13, 'x', NULL, '[]', NULL, 'gaiops', NULL, now(), 'somebody') $$), '^22023\nargument "response_format"', 'arguments are checked');
SELECT matches(pg_temp.raised($$ SELECT gaiops.insert_prompt_version('Imported', 7, 'x', NULL, NULL, NULL, 'gaiops', NULL, now(), 'somebody') $$), '^23505\n', 'a version that is there is not replaced');

-- Deleting the last version is deleting the prompt.
SELECT gaiops_register_prompt('Brief', 'x') FROM generate_series(1, 2) \g /dev/null
SELECT gaiops_set_prompt_tag('Brief', 'k', 'v') \g /dev/null
SELECT gaiops_delete_prompt_version('Brief', 2) \g /dev/null
SELECT is(tags, '{"k": "v"}', 'a prompt keeps its tags while it has a version') FROM gaiops.prompts WHERE name = 'Brief';
SELECT gaiops_delete_prompt_version('Brief', 1) \g /dev/null
SELECT gaiops_register_prompt('Brief', 'x') \g /dev/null
SELECT is(tags, '{}', 'and loses them with the last') FROM gaiops.prompts WHERE name = 'Brief';

-- Locks that order registrations and moves are ours: nobody else can hold one.
SELECT gaiops_register_prompt('Brief', 'x', if_changed => true) \g /dev/null
SELECT is_empty($$ SELECT * FROM pg_locks WHERE locktype = 'advisory' AND objsubid IN (1, 2) AND pid = pg_backend_pid() $$, 'no advisory lock of those that SQL has is taken');
SELECT isnt_empty($$ SELECT * FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 26465 AND pid = pg_backend_pid() $$, 'but one of a class of our own');

-- Nor one that another name has: these two have one hash of 32 bits.
SELECT min(key) AS one_key, max(key) AS other_key
FROM (SELECT 'prompt p' || i AS key FROM generate_series(1, 200000) AS i) AS k GROUP BY hashtext(key) HAVING count(*) > 1 ORDER BY 1 LIMIT 1 \gset
SELECT is(hashtext(:'one_key'), hashtext(:'other_key'), 'two names with one hash');
SELECT count(*) AS locks FROM pg_locks WHERE locktype IN ('advisory', 'object') AND pid = pg_backend_pid() \gset
SELECT gaiops.lock_registry(:'one_key'), gaiops.lock_registry(:'other_key') \g /dev/null
SELECT is((SELECT count(*) FROM pg_locks WHERE locktype IN ('advisory', 'object') AND pid = pg_backend_pid()), :locks + 2::bigint, 'are two locks');

-- Read-only transactions.
SET TRANSACTION READ ONLY;
SELECT is(gaiops_format_prompt('Other'), 'x', 'prompts can be read');
SELECT is(pg_temp.raised(s), E'25006\ncannot execute gaiops_register_prompt() in a read-only transaction', 'but not registered: ' || s)
FROM unnest(ARRAY['SELECT gaiops_register_prompt(''Other'', ''z'')', 'SELECT gaiops_register_prompt(''Other'', ''x'', if_changed => true)', 'SELECT gaiops_register_prompt(''refused'', ''[{"role": "user", "content": ""}]''::jsonb)']) AS s;
SELECT is(pg_temp.raised('SELECT ' || s), format(E'25006\ncannot execute %s() in a read-only transaction', split_part(s, '(', 1)), 'nor changed: ' || s)
FROM unnest(ARRAY['gaiops_delete_prompt(''Other'')', 'gaiops_delete_prompt_version(''Other'', 1)', 'gaiops_set_prompt_tag(''Other'', ''k'', ''v'')', 'gaiops_delete_prompt_tag(''Other'', ''k'')',
	'gaiops_set_prompt_version_tag(''Other'', 1, ''k'', ''v'')', 'gaiops_delete_prompt_version_tag(''Other'', 1, ''k'')']) AS s;
SELECT is((SELECT max(version) FROM gaiops.prompt_numbers WHERE name = 'Other'), 1, 'no number is drawn');

SELECT * FROM finish();
ROLLBACK;
