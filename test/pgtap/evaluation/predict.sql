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

-- What another server says of itself, as through dblink, is no cancel of this session.
CREATE FUNCTION public.remote(inputs jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'remote' USING ERRCODE = CASE inputs ->> 'word' WHEN 'a' THEN '57P03' WHEN 'b' THEN '57014' ELSE '57P01' END;
END $$;
CREATE FUNCTION public.remote_score(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'remote' USING ERRCODE = '57014';
END $$;
SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'public.remote(jsonb)') AS remote \gset
SELECT is((SELECT count(*) FROM gaiops.evaluation_results WHERE run_id = :'remote' AND error = 'remote' AND error_class = 'function_error'),
	3::bigint, 'an error of another server is a result');
SELECT gaiops_evaluate('words', ARRAY['public.remote_score'], predict => 'public.nothing(jsonb)') AS remote \gset
SELECT is((SELECT count(*) FROM gaiops.evaluation_scores WHERE run_id = :'remote' AND state = 'error' AND reason = 'remote'),
	3::bigint, 'and of a scorer''s one an error of the score');
CREATE FUNCTION public.slow(inputs jsonb) RETURNS text LANGUAGE sql AS 'SELECT pg_sleep(60)::text';
CREATE FUNCTION public.slow_score(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS boolean LANGUAGE sql AS 'SELECT pg_sleep(60) IS NULL';
CREATE FUNCTION pg_temp.canceled(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN query_canceled THEN
	RETURN SQLERRM;
END $$;
SET statement_timeout = '300ms';
SELECT is(pg_temp.canceled($$ SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'public.slow(jsonb)') $$),
	'canceling statement due to statement timeout', 'a timeout of this session ends the evaluation');
SELECT is(pg_temp.canceled($$ SELECT gaiops_evaluate('words', ARRAY['public.slow_score'], predict => 'public.nothing(jsonb)') $$),
	'canceling statement due to statement timeout', 'in a scorer, too');
RESET statement_timeout;
SELECT is(gaiops_current_run(), NULL, 'and is rolled back where the timeout is caught');

-- What the evaluation has open it ends itself; what the function begins the function ends.
CREATE FUNCTION public.ends(inputs jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	IF inputs ->> 'word' = 'a' THEN
		PERFORM gaiops_end_span();
	ELSIF inputs ->> 'word' = 'b' THEN
		PERFORM gaiops_end_run();
	ELSE
		PERFORM gaiops_end_span(gaiops_start_span('inner')), gaiops_start_run('inner', parent_run_id => gaiops_current_run());
		PERFORM gaiops_end_run();
	END IF;
	RETURN 'done';
END $$;
SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'public.ends(jsonb)') AS ends \gset
SELECT results_eq(format($$ SELECT regexp_replace(coalesce(r.error, r.output #>> '{}'), '"[^"]+"', '') FROM gaiops.evaluation_results AS r
	WHERE r.run_id = %L ORDER BY 1 $$, :'ends'),
	$$ VALUES ('cannot end run  of an evaluation that is under way'), ('cannot end span  of an evaluation that is under way'), ('done') $$,
	'the function does not end what is the evaluation''s');
SELECT is((SELECT status FROM gaiops.runs WHERE run_id = :'ends'), 'FINISHED', 'which goes on');
SELECT gaiops_start_span('outer') AS outer_span \gset
CREATE FUNCTION public.ends_outer(inputs jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_end_span(current_setting('test.span'));
	RETURN 'done';
END $$;
SELECT set_config('test.span', :'outer_span', false) \g /dev/null
SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'public.ends_outer(jsonb)') AS ends \gset
SELECT is((SELECT count(*) FROM gaiops.evaluation_results WHERE run_id = :'ends' AND error ~ 'cannot end span'), 3::bigint,
	'nor what is around it');
SELECT gaiops_end_span(:'outer_span') \g /dev/null
SELECT gaiops_evaluate('words', ARRAY[]::text[], predict => 'public.remote(jsonb)') \g /dev/null
SELECT throws_ok('SELECT gaiops_end_run()', '55000', NULL, 'nothing is left open');

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
