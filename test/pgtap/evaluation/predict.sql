-- Evaluations of a function of a user's own.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT split_part(r, E'\n', 1) || ': ' || split_part(r, E'\n', 2) FROM pg_temp.raised(statement) AS r
$$;
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_set_price('builtin', m, input => 1, output => 2, effective_from => '2019-01-01') FROM unnest('{builtin-echo,echo}'::text[]) AS m \g /dev/null
SELECT gaiops_create_dataset('words') \g /dev/null
SELECT gaiops_merge_records('words', '[{"inputs": {"word": "a"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"word": "b"}, "expectations": {"expected_response": "C"}},
	{"inputs": {"word": "fail"}, "expectations": {"expected_response": "FAIL"}}]') \g /dev/null
CREATE TABLE public.seen (word text);
GRANT ALL ON public.seen TO PUBLIC;
CREATE FUNCTION public.shout(inputs jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.seen VALUES (inputs ->> 'word');
	IF inputs ->> 'word' = 'fail' THEN
		RAISE EXCEPTION 'it failed';
	END IF;
	RETURN upper(inputs ->> 'word');
END $$;
CREATE FUNCTION public.ask(inputs jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('answer', gaiops_chat('echo', inputs ->> 'word'))
$$;
CREATE FUNCTION public.nothing(inputs jsonb) RETURNS text LANGUAGE sql AS 'SELECT NULL::text';

SELECT gaiops_evaluate('words', ARRAY['exact_match'], predict => 'public.shout(jsonb)') AS shout \gset
SELECT results_eq(format($$ SELECT r.output #>> '{}', r.status, r.error, r.error_class, r.attempts, r.cost, r.latency_ms >= 0, s.state, s.passed
	FROM gaiops.evaluation_results AS r JOIN gaiops.evaluation_scores AS s USING (run_id, record_id) WHERE r.run_id = %L ORDER BY 1 $$, :'shout'),
	$$ VALUES ('A', 'ok', NULL::text, NULL::text, 0, NULL::numeric, true, 'scored', true),
		('B', 'ok', NULL, NULL, 0, NULL, true, 'scored', false),
		(NULL, 'error', 'it failed', 'function_error', 0, NULL, true, 'failed', NULL) $$,
	'what the function returns is scored, and its error is a result');
SELECT results_eq('SELECT word FROM seen ORDER BY 1', $$ VALUES ('a'), ('b') $$,
	'what it did is undone where it failed, and only there');
SELECT results_eq(format($$ SELECT t.name, t.status, t.purpose FROM gaiops.traces AS t JOIN gaiops.evaluation_results AS r USING (trace_id)
	WHERE r.run_id = %L ORDER BY t.status $$, :'shout'),
	$$ VALUES ('public.shout(jsonb)', 'ERROR', 'evaluation'), ('public.shout(jsonb)', 'OK', 'evaluation'),
		('public.shout(jsonb)', 'OK', 'evaluation') $$, 'each has a span');
SELECT is((SELECT predict FROM gaiops.evaluations WHERE run_id = :'shout'), 'public.shout(jsonb)', 'which function it was is on record');
SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'public.ask(jsonb)') AS ask \gset
SELECT results_eq(format($$ SELECT r.output ->> 'answer', r.attempts, r.cost > 0, r.cost = (SELECT sum(s.cost) FROM gaiops.spans AS s
		WHERE s.trace_id = r.trace_id), r.input_tokens > 0
	FROM gaiops.evaluation_results AS r WHERE r.run_id = %L ORDER BY 1 $$, :'ask'),
	$$ VALUES ('a', 1, true, true, true), ('b', 1, true, true, true), ('fail', 1, true, true, true) $$,
	'what its calls cost is the cost of the result');
SELECT gaiops_evaluate('words', ARRAY['exact_match'], predict => 'public.nothing(jsonb)') AS nothing \gset
SELECT is((SELECT count(*) FROM gaiops.evaluation_results WHERE run_id = :'nothing' AND output = 'null' AND status = 'ok'),
	3::bigint, 'a function may return nothing');

SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('words', ARRAY['exact_match'], predict => 'pg_catalog.upper(text)') $$),
	'42P13: function upper(text) cannot be used for "predict"', 'it takes inputs');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('words', ARRAY['exact_match'], predict => 4::regprocedure) $$),
	'42883: function with OID 4 does not exist', 'it exists');
REVOKE EXECUTE ON FUNCTION public.shout(jsonb) FROM PUBLIC;
CREATE ROLE evaluation_user;
SELECT gaiops_grant('evaluation_user', 'user') \g /dev/null
SET ROLE evaluation_user;
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('words', ARRAY['exact_match'], predict => 'public.shout(jsonb)') $$),
	'42501: permission denied for function shout(jsonb)', 'the caller may call it');
CREATE FUNCTION pg_temp.who(inputs jsonb) RETURNS text LANGUAGE sql AS 'SELECT current_user::text';
SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'pg_temp.who(jsonb)') AS who \gset
RESET ROLE;
SELECT is((SELECT min(output #>> '{}') FROM gaiops.evaluation_results WHERE run_id = :'who'), 'evaluation_user',
	'it runs as the caller');
SELECT is((SELECT created_by FROM gaiops.evaluations WHERE run_id = :'who'), 'evaluation_user', 'who is on record');
DROP OWNED BY evaluation_user;
DROP ROLE evaluation_user;
SELECT * FROM finish();
