-- Errors as a user sees them: message, detail and hint; then their SQLSTATEs.
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0) \g /dev/null
SELECT gaiops_chat('nowhere', 'Hi');
-- The words of libcurl differ.
\set VERBOSITY terse
SELECT gaiops_chat('nobody', 'Hi');
\set VERBOSITY default
SELECT gaiops_chat(NULL, 'Hi');
SELECT gaiops_chat('echo', NULL);
SELECT gaiops_chat('echo', NULL::jsonb);
SELECT gaiops_chat('echo', '{"role": "user"}'::jsonb);
SELECT gaiops_chat('echo', '[{"content": "Hi"}]'::jsonb);
SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt/1');
SELECT gaiops_chat('echo', 'Hi', params => '{"model": "gpt-4.1"}');
SELECT gaiops_chat('echo', 'Hi', params => '{"stream": true}');
SELECT gaiops_chat('echo', 'Hi', params => '["temperature"]');
SELECT gaiops_chat('echo', 'Hi', tags => '{"team": null}');
SELECT gaiops_chat('echo', 'Hi', session_id => repeat('s', 256));
SELECT gaiops_chat('echo', 'Hi', on_error => 'ignore');
SELECT gaiops_chat('echo', 'Hi', timeout => '0 s');
SELECT gaiops_chat_completion('[]');
SELECT gaiops_chat_completion('{"messages": [{"role": "user", "content": "Hi"}]}');
SELECT gaiops_chat_completion('{"model": "echo", "messages": "Hi"}');
SELECT gaiops_start_span('s', 'THOUGHT');
SELECT gaiops_end_span();
SELECT gaiops_end_span('00f067aa0ba902b7');
SELECT gaiops_set_trace_tag('ffffffff-77b3-4da6-a3ce-929d0e0e4736', 'k', 'v');
SELECT gaiops_set_experiment('');
SET gaiops.traceparent = 'nonsense';
SET gaiops.nonsense = 'x';
CREATE MATERIALIZED VIEW m AS SELECT gaiops_chat('echo', 'Hi');

-- SQLSTATEs.
\set VERBOSITY sqlstate
SELECT gaiops_chat('nowhere', 'Hi');
SELECT gaiops_chat('nobody', 'Hi');
SELECT gaiops_chat('echo', NULL);
SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/Greet_Prompt/1');
SELECT gaiops_chat('echo', 'Hi', params => '[]');
SELECT gaiops_end_span();
SELECT gaiops_set_trace_tag('ffffffff-77b3-4da6-a3ce-929d0e0e4736', 'k', 'v');
CREATE MATERIALIZED VIEW m AS SELECT gaiops_chat('echo', 'Hi');
\set VERBOSITY default

-- In the transaction that made the extension nothing can be called yet.
DROP EXTENSION genaiops;
BEGIN;
CREATE EXTENSION genaiops;
SELECT gaiops_create_endpoint('echo', 'builtin:echo');
SAVEPOINT s;
SELECT gaiops_chat('echo', 'Hi');
ROLLBACK TO s;
SELECT gaiops_set_experiment('Early');
ROLLBACK TO s;
SELECT gaiops_start_span('early');
ROLLBACK TO s;
COMMIT;
SELECT gaiops_chat('echo', 'Hi');

-- Caught by condition, at two levels.
CREATE FUNCTION ask(endpoint text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	BEGIN
		RETURN gaiops_chat(endpoint, 'Hi');
	EXCEPTION WHEN SQLSTATE 'LM001' THEN
		RAISE NOTICE 'inner: %', SQLERRM;
		RAISE;
	END;
EXCEPTION WHEN SQLSTATE 'LM001' OR SQLSTATE 'LM009' THEN
	RAISE NOTICE 'outer: % %', SQLSTATE, SQLERRM;
	RETURN gaiops_chat('echo', 'fallback');
END $$;
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', max_retries => 0);
SELECT ask('echo'), ask('nobody'), ask('nowhere');
SELECT endpoint, status, error_class FROM gaiops.spans ORDER BY start_time;
DROP FUNCTION ask;
SELECT gaiops_drop_endpoint(e) FROM unnest(ARRAY['nobody', 'echo']) e;

-- an endpoint that moves says which secrets it has lost, and how it gets them again
SELECT gaiops_create_secret(n, 'sk-moved') FROM unnest(ARRAY['key', 'portkey']) n;
SELECT gaiops_create_endpoint('moves', 'https://a.example/v1', secret => 'key', headers => '{"x-portkey-api-key": "secret:portkey", "x-team": "it''s us"}');
SELECT gaiops_alter_endpoint('moves', url => 'https://b.example/v1');
SELECT gaiops_alter_endpoint('moves', secret => 'key', headers => (SELECT headers || '{"x-portkey-api-key": "secret:portkey"}' FROM gaiops.endpoints WHERE name = 'moves'));
SELECT secret, headers FROM gaiops.endpoints WHERE name = 'moves';
SELECT gaiops_alter_endpoint('moves', url => 'https://c.example/v1', headers => '{"x-a": "secret:portkey", "x-b": "secret:key"}');
SELECT gaiops_alter_endpoint('moves', url => 'https://d.example/v1', secret => 'key');
SELECT gaiops_alter_endpoint('moves', url => 'https://e.example/v1', headers => '{}');
SELECT gaiops_alter_endpoint('moves', url => 'https://f.example/v1');
SELECT gaiops_drop_endpoint('moves');
SELECT gaiops_drop_secret(n) FROM unnest(ARRAY['key', 'portkey']) n;

-- who may not call is told who may change that
CREATE ROLE regress_nobody;
SET ROLE regress_nobody;
SELECT gaiops_chat('echo', 'Hi');
SELECT gaiops_create_dataset('d');
DO $$ DECLARE answer text; BEGIN answer := gaiops_chat('echo', 'Hi'); END $$;
RESET ROLE;
DROP ROLE regress_nobody;

-- an error says nothing of our functions, unless that is asked for, and what is said of the user's stays
CREATE FUNCTION tag(prompt text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM gaiops_set_prompt_tag(prompt, 'key', 1); END $$;
SELECT gaiops_set_prompt_tag('nowhere', 'key', 1);
SELECT tag('nowhere');
CREATE FUNCTION context_of_tag() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	context text;
BEGIN
	PERFORM tag('nowhere');
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
	RETURN context;
END $$;
SELECT context_of_tag();
SET gaiops.error_context = on;
SELECT context_of_tag() LIKE '%function inner_set_prompt_tag(%function gaiops_set_prompt_tag(%function tag(%';
RESET gaiops.error_context;
DROP FUNCTION tag, context_of_tag;

-- nor does it show statements of ours: a key that is in use
SELECT gaiops_create_secret('used', 'sk-used') \g /dev/null
SELECT gaiops_create_endpoint('uses', 'http://127.0.0.1:1/v1', secret => 'used') \g /dev/null
SELECT gaiops_drop_secret('used');
SELECT gaiops_drop_endpoint('uses'), gaiops_drop_secret('used') \g /dev/null
