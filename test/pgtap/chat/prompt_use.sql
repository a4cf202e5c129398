-- Prompts in calls: what is sent, what is defaulted, what is put on record.
-- Nothing is wrapped in a transaction, so that calls are seen.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv fault GAIOPS_FAULT_SERVER
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

SELECT gaiops_create_endpoint('echo', 'builtin:echo', params => '{"temperature": 0.9, "seed": 7}') \g /dev/null
SELECT gaiops_create_endpoint('broken', :'fault' || '/fault/503,id=prompts/v1', max_retries => 1, model => 'm') \g /dev/null
SELECT gaiops_register_prompt('Greet_Prompt', 'You are an assistant of {{ company }}.') \g /dev/null
SELECT gaiops_register_prompt('Greet_Prompt', 'You are a polite assistant of {{ company }}.') \g /dev/null
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1) \g /dev/null
SELECT gaiops_register_prompt('Chat', messages => '[{"role": "system", "content": "Help {{ company }}."}, {"type": "placeholder", "name": "history"}]'::jsonb) \g /dev/null
SELECT gaiops_register_prompt('Empty', messages => '[{"type": "placeholder", "name": "history"}]'::jsonb) \g /dev/null
SELECT gaiops_register_prompt('Tone', 'Be kind.') \g /dev/null
SELECT gaiops_set_prompt_alias('Tone', 'production', 1) \g /dev/null
SELECT gaiops_register_prompt('Base', 'Base. {{> prompts:/Tone@production follow }}') \g /dev/null
SELECT gaiops_register_prompt('Support', '{{> prompts:/Base }} {{> prompts:/Tone/1 }}') \g /dev/null

-- Span and request of the latest trace, the last attempt at it.
CREATE FUNCTION pg_temp.span(OUT s gaiops.spans) LANGUAGE sql AS
$$ SELECT p FROM gaiops.spans p WHERE trace_id = gaiops_last_trace_id() ORDER BY attempt DESC LIMIT 1 $$;
CREATE FUNCTION pg_temp.sent() RETURNS jsonb LANGUAGE sql AS
$$ SELECT request::jsonb FROM gaiops.span_contents WHERE trace_id = gaiops_last_trace_id() ORDER BY start_time LIMIT 1 $$;
CREATE FUNCTION pg_temp.inputs() RETURNS jsonb LANGUAGE sql AS
$$ SELECT inputs FROM gaiops.span_contents WHERE trace_id = gaiops_last_trace_id() ORDER BY start_time LIMIT 1 $$;
CREATE FUNCTION pg_temp.attributes() RETURNS jsonb LANGUAGE sql AS
$$ SELECT attributes FROM gaiops.span_contents WHERE trace_id = gaiops_last_trace_id() ORDER BY start_time LIMIT 1 $$;

-- What is sent ----------------------------------------------------------------

SELECT is(gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt@production', variables => '{"company":"Acme"}'), 'Hi', 'a text prompt');
SELECT is(pg_temp.sent() -> 'messages', '[{"role": "system", "content": "You are an assistant of Acme."}, {"role": "user", "content": "Hi"}]', 'is the system message before the message');
SELECT is(pg_temp.inputs(), '{"message": "Hi", "prompt": "prompts:/Greet_Prompt@production", "variables": {"company": "Acme"}}', 'inputs are what was given');
SELECT gaiops_chat('echo', '[{"role": "user", "content": "Ho"}]'::jsonb, prompt => 'prompts:/Greet_Prompt/2', variables => '{"company":"Acme"}') \g /dev/null
SELECT is(pg_temp.sent() -> 'messages', '[{"role": "system", "content": "You are a polite assistant of Acme."}, {"role": "user", "content": "Ho"}]', 'before messages too');
SELECT is(pg_temp.inputs(), '{"messages": [{"role": "user", "content": "Ho"}], "prompt": "prompts:/Greet_Prompt/2", "variables": {"company": "Acme"}}', 'inputs likewise');
SELECT gaiops_chat('echo', prompt => 'Greet_Prompt', variables => '{"company":"Acme"}') \g /dev/null
SELECT is(pg_temp.sent() -> 'messages', '[{"role": "user", "content": "You are a polite assistant of Acme."}]', 'alone it is the message of the user');
SELECT is(pg_temp.inputs(), '{"prompt": "Greet_Prompt", "variables": {"company": "Acme"}}', 'and nothing else was given');
SELECT gaiops_chat('echo', prompt => 'Chat', variables => '{"company":"Acme", "history": [{"role": "user", "content": "A {{ company }}"}]}') \g /dev/null
SELECT is(pg_temp.sent() -> 'messages', '[{"role": "system", "content": "Help Acme."}, {"role": "user", "content": "A {{ company }}"}]', 'a chat prompt alone stands as it is');
SELECT gaiops_chat('echo', 'B', prompt => 'Chat', variables => '{"company":"Acme", "history": [{"role": "user", "content": "A"}]}', system => 'First.') \g /dev/null
SELECT is(pg_temp.sent() -> 'messages', '[{"role": "system", "content": "First."}, {"role": "system", "content": "Help Acme."}, {"role": "user", "content": "A"}, {"role": "user", "content": "B"}]',
	'system, a chat prompt, then the message');
SELECT is(gaiops_chat_completion('{"model": "echo", "messages": [{"role": "user", "content": "Hi"}], "gaiops": {"prompt": "prompts:/Greet_Prompt/1", "variables": {"company": "Acme"}}}')
	#>> '{choices,0,message,content}', 'Hi', 'in a request body');
SELECT is(pg_temp.sent(), '{"model": "builtin-echo", "seed": 7, "temperature": 0.9, "messages": [{"role": "system", "content": "You are an assistant of Acme."}, {"role": "user", "content": "Hi"}]}', 'is sent the same, without our key');
SELECT is(pg_temp.inputs(), '{"model": "echo", "messages": [{"role": "user", "content": "Hi"}], "prompt": "prompts:/Greet_Prompt/1", "variables": {"company": "Acme"}}', 'and noted');
SELECT gaiops_chat_completion('{"model": "echo", "gaiops": {"prompt": "prompts:/Greet_Prompt/1", "variables": {"company": "Acme"}}}') \g /dev/null
SELECT is(pg_temp.sent() -> 'messages', '[{"role": "user", "content": "You are an assistant of Acme."}]', 'there too messages may be left out');
SELECT results_eq($$ SELECT v, gaiops_chat('echo', prompt => 'prompts:/Greet_Prompt/' || v, variables => '{"company":"Acme"}') FROM generate_series(1, 2) v $$,
	$$ VALUES (1, 'You are an assistant of Acme.'), (2, 'You are a polite assistant of Acme.') $$, 'two versions side by side');

-- What is refused before anything is sent or stored ---------------------------

SELECT count(*) AS before FROM gaiops.spans \gset
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt/1') $$, 'LM014', 'variable "company" is missing', 'a missing variable');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt/9', variables => '{}') $$, 'LM012', 'prompt "Greet_Prompt" has no version 9', 'no such version');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => '') $$, '22023', 'invalid address of a prompt: ""', 'no address');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', variables => '{}') $$, '22023', 'argument "variables" needs a prompt', 'variables without a prompt');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => 'Greet_Prompt', variables => '[]') $$, '22023', 'argument "variables" must be a JSON object', 'variables that are none');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => 'Greet_Prompt', variables => '{"company": ""}', system => 'x') $$, '22023', 'argument "system" cannot be used with a text prompt', 'system beside a text prompt');
SELECT throws_ok($$ SELECT gaiops_chat('echo') $$, '22004', 'argument "message" must not be null', 'neither message nor prompt');
SELECT throws_ok($$ SELECT gaiops_chat('echo', NULL::jsonb, prompt => 'Greet_Prompt') $$, '22004', 'argument "messages" must not be null', 'messages that are null');
SELECT throws_ok($$ SELECT gaiops_chat('echo', prompt => 'Empty') $$, 'LM015', 'prompt "Empty" version 1 gives no messages', 'nothing to send');
SELECT throws_ok($$ SELECT gaiops_chat_completion('{"model": "echo", "gaiops": {"variables": {}}}') $$, '22023', NULL, 'a request without messages and prompt');
SELECT throws_ok($$ SELECT gaiops_chat_completion('{"model": "echo", "gaiops": {"prompt": 1}}') $$, '22023', NULL, 'a prompt that is no text');
SELECT is(count(*), :before::bigint, 'nothing was stored') FROM gaiops.spans;

-- Defaults --------------------------------------------------------------------

SELECT gaiops_register_prompt('Config', 'x', model_config => '{"provider": "openai", "model_name": "gpt-4.1", "temperature": 0.2, "max_tokens": 50, "stop_sequences": ["END"], "extra_params": {"logit_bias": {"1": 2}, "temperature": 1}}',
	response_format => '{"type": "json_object"}') \g /dev/null
SELECT gaiops_chat('echo', prompt => 'Config', params => '{"max_tokens": 9}') \g /dev/null
SELECT is(pg_temp.sent() - 'messages', '{"model": "builtin-echo", "seed": 7, "temperature": 0.2, "max_tokens": 9, "stop": ["END"], "logit_bias": {"1": 2}, "response_format": {"type": "json_object"}}',
	'the endpoint''s parameters, over them the version''s, over them the call''s; MLflow''s words are those of the wire');
SELECT is(pg_temp.inputs() -> 'params', '{"max_tokens": 9}', 'inputs have the call''s alone');
SELECT gaiops_chat('echo', prompt => 'Config', params => '{"response_format": {"type": "text"}}') \g /dev/null
SELECT is(pg_temp.sent() -> 'response_format', '{"type": "text"}', 'the call''s response_format wins');
SELECT gaiops_register_prompt('Schema.1', 'x', response_format => '{"type": "object", "properties": {"a": {"type": "string"}}}') \g /dev/null
SELECT gaiops_chat('echo', prompt => 'Schema.1') \g /dev/null
SELECT is(pg_temp.sent() -> 'response_format', '{"type": "json_schema", "json_schema": {"name": "Schema_1", "schema": {"type": "object", "properties": {"a": {"type": "string"}}}}}', 'a bare schema is wrapped');

-- The record ------------------------------------------------------------------

SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt@production', variables => '{"company":"Acme"}') \g /dev/null
SELECT is(((pg_temp.span()).prompt_name, (pg_temp.span()).prompt_version, (pg_temp.span()).prompt_hash)::text,
	(SELECT (name, version, content_hash)::text FROM gaiops_load_prompt('prompts:/Greet_Prompt/1')), 'the span has name, version and hash');
SELECT is(pg_temp.attributes() -> 'gaiops.prompt.uri', '"prompts:/Greet_Prompt/1"', 'attributes have the version');
SELECT is(pg_temp.attributes() -> 'gaiops.prompt.alias', '"production"', 'and the alias that was used');
SELECT is(pg_temp.attributes() -> 'gen_ai.request.temperature', '0.9', 'beside all others');
SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt/1', variables => '{"company":"Acme"}') \g /dev/null
SELECT ok(NOT pg_temp.attributes() ?| ARRAY['gaiops.prompt.alias', 'gaiops.prompt.includes'], 'no alias, nothing included');
SELECT gaiops_chat('echo', 'Hi', prompt => 'Support') \g /dev/null
SELECT is(pg_temp.sent() #>> '{messages,0,content}', 'Base. Be kind. Be kind.', 'included twice');
SELECT is(pg_temp.attributes() -> 'gaiops.prompt.includes', '[{"name": "Base", "version": 1}, {"name": "Tone", "version": 1, "alias": "production"}]', 'every included version, at any depth, once');
SELECT throws_ok($$ SELECT gaiops_chat('broken', 'Hi', prompt => 'prompts:/Greet_Prompt@production', variables => '{"company":"Acme"}') $$, 'LM005', NULL, 'a call that fails');
SELECT is(array_agg(prompt_version ORDER BY attempt), '{1,1}', 'each attempt at it has the version') FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
SELECT is(gaiops_chat('broken', 'Hi', prompt => 'Greet_Prompt', variables => '{"company":"Acme"}', on_error => 'null'), NULL, 'on_error works with it');
SELECT throws_ok($$ SELECT gaiops_chat('echo', 'Hi', prompt => 'Greet_Prompt', on_error => 'null') $$, 'LM014', NULL, 'but arguments that are no good are errors all the same');
BEGIN;
SELECT gaiops_register_prompt('Gone', 'Gone') \g /dev/null
SELECT gaiops_chat('echo', 'Hi', prompt => 'Gone') \g /dev/null
ROLLBACK;
SELECT is(((pg_temp.span()).prompt_name, (pg_temp.span()).prompt_version)::text, '(Gone,1)', 'a span outlives the version of a transaction that rolls back');
SELECT is(pg_temp.sent() #>> '{messages,0,content}', 'Gone', 'with what it said');
SELECT is(gaiops_register_prompt('Gone', 'Another'), 2, 'whose number is not given again');

-- Rights ------------------------------------------------------------------------

CREATE ROLE gaiops_test_prompt_user;
SELECT gaiops_grant('gaiops_test_prompt_user', 'user') \g /dev/null
SET ROLE gaiops_test_prompt_user;
SELECT is(gaiops_chat('echo', prompt => 'prompts:/Greet_Prompt@production', variables => '{"company":"Acme"}'), 'You are an assistant of Acme.', 'a user may');
RESET ROLE;
CREATE ROLE gaiops_test_prompt_viewer;
SELECT gaiops_grant('gaiops_test_prompt_viewer', 'viewer') \g /dev/null
SET ROLE gaiops_test_prompt_viewer;
SELECT is(gaiops_format_prompt('prompts:/Greet_Prompt@production', '{"company":"Acme"}'), 'You are an assistant of Acme.', 'a viewer renders');
SELECT is((gaiops_load_prompt('prompts:/Greet_Prompt@production')).version, 1, 'and loads');
SELECT throws_ok($$ SELECT gaiops_chat('echo', prompt => 'Greet_Prompt') $$, '42501', NULL, 'but calls no model');
RESET ROLE;
SELECT gaiops_revoke(r, 'viewer') FROM unnest(ARRAY['gaiops_test_prompt_user', 'gaiops_test_prompt_viewer']) AS r \g /dev/null
DROP OWNED BY gaiops_test_prompt_user, gaiops_test_prompt_viewer;
DROP ROLE gaiops_test_prompt_user, gaiops_test_prompt_viewer;

SELECT * FROM finish();
