-- What is under way belongs to the subtransaction that began it: an error that is
-- caught within ends the spans and runs of its block, and leaves those outside alone.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv fault GAIOPS_FAULT_SERVER
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint(n, :'fault' || '/fault/' || f || ',id=subtransactions/v1', model => 'gpt-4.1-mini', max_retries => 0)
FROM (VALUES ('refusing', '400'), ('hanging', 'hang')) AS e (n, f) \g /dev/null

-- Every span of the latest trace, in the order they began, with the one it is within and the run it is of.
CREATE FUNCTION public.tree() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 1000 LOOP
		EXIT WHEN NOT EXISTS (SELECT FROM gaiops.intents);
		PERFORM pg_sleep(0.01);
	END LOOP;
	RETURN QUERY SELECT concat_ws(' ', coalesce(s.endpoint, s.name), s.status, s.error_class,
		'in ' || (SELECT p.name FROM gaiops.spans AS p WHERE p.trace_id = s.trace_id AND p.span_id = s.parent_span_id),
		'of ' || (SELECT r.name FROM gaiops.runs AS r WHERE r.run_id = s.run_id))
	FROM gaiops.spans AS s WHERE s.trace_id = pg_catalog.gaiops_last_trace_id() ORDER BY s.start_time;
END $$;
-- The runs of a prefix, with how they ended.
CREATE FUNCTION public.runs_of(prefix text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 1000 LOOP
		EXIT WHEN NOT EXISTS (SELECT FROM gaiops.open_runs);
		PERFORM pg_sleep(0.01);
	END LOOP;
	RETURN QUERY SELECT r.name || ' ' || r.status FROM gaiops.runs AS r WHERE starts_with(r.name, prefix) ORDER BY r.start_time;
END $$;
CREATE FUNCTION public.current_name() RETURNS text LANGUAGE sql AS $$
	SELECT name FROM gaiops.run_starts WHERE run_id = pg_catalog.gaiops_current_run()
$$;
CREATE FUNCTION public.start(name text) RETURNS void LANGUAGE sql AS $$
	SELECT pg_catalog.gaiops_start_run(name, parent_run_id => pg_catalog.gaiops_current_run()) $$;
-- What is begun and then fails, in a block of its own, within whatever there is.
CREATE FUNCTION public.fail_within(prefix text, endpoint text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM public.start(prefix || 'inner');
	PERFORM gaiops_start_span('inner');
	PERFORM gaiops_chat('echo', 'before it');
	RETURN gaiops_chat(endpoint, 'it');
EXCEPTION WHEN OTHERS OR query_canceled THEN
	RETURN SQLSTATE || ' ' || coalesce(public.current_name(), 'no run');
END $$;

-- A call that fails -------------------------------------------------------------

SELECT public.start('failing outer') \g /dev/null
SELECT gaiops_start_span('outer') \g /dev/null
SELECT is(public.fail_within('failing ', 'refusing'), 'LM006 failing outer', 'a call fails in a block: the outer run is current again');
SELECT gaiops_chat('echo', 'after it') \g /dev/null
SELECT is((SELECT status FROM gaiops.calls_in_flight WHERE name = 'outer'), 'IN_PROGRESS', 'the outer span is open');
SELECT gaiops_end_span(), gaiops_end_run() \g /dev/null
SELECT results_eq('SELECT public.tree()', ARRAY['outer OK of failing outer', 'inner ERROR aborted in outer of failing inner',
	'echo OK in inner of failing inner', 'refusing ERROR request_refused in inner of failing inner',
	'echo OK in outer of failing outer'], 'each span ends as it should, and the call after the error is in the outer one');
SELECT results_eq($$ SELECT public.runs_of('failing ') $$, ARRAY['failing outer FINISHED', 'failing inner FAILED'], 'so does each run');

-- A call that is cancelled --------------------------------------------------------

SELECT public.start('cancelled outer') \g /dev/null
SELECT gaiops_start_span('outer') \g /dev/null
SET statement_timeout = '1s';
SELECT is(public.fail_within('cancelled ', 'hanging'), '57014 cancelled outer', 'a call is cancelled in a block that goes on after it');
RESET statement_timeout;
SELECT gaiops_chat('echo', 'after it') \g /dev/null
SELECT gaiops_end_span(), gaiops_end_run() \g /dev/null
SELECT results_eq('SELECT public.tree()', ARRAY['outer OK of cancelled outer', 'inner ERROR aborted in outer of cancelled inner',
	'echo OK in inner of cancelled inner', 'hanging ERROR canceled in inner of cancelled inner',
	'echo OK in outer of cancelled outer'], 'the call is recorded as cancelled, the outer span as well');
SELECT results_eq($$ SELECT public.runs_of('cancelled ') $$, ARRAY['cancelled outer FINISHED', 'cancelled inner FAILED'], 'and so are the runs');

-- A call that is NULL instead of an error -----------------------------------------

SELECT gaiops_start_span('outer') \g /dev/null
DO $$ BEGIN
	PERFORM gaiops_start_span('inner');
	PERFORM gaiops_chat('refusing', 'it', on_error => 'null');
	PERFORM gaiops_end_span();
EXCEPTION WHEN OTHERS THEN RAISE;
END $$;
SELECT gaiops_end_span() \g /dev/null
SELECT results_eq('SELECT public.tree()', ARRAY['outer OK', 'inner OK in outer', 'refusing ERROR request_refused in inner'], 'a failure that is no error ends nothing');

-- Blocks within blocks ------------------------------------------------------------

DO $$ BEGIN
	PERFORM public.start('nested one'), gaiops_start_span('one');
	BEGIN
		PERFORM public.start('nested two'), gaiops_start_span('two');
		BEGIN
			PERFORM public.start('nested three'), gaiops_start_span('three');
			PERFORM gaiops_chat('refusing', 'it');
		EXCEPTION WHEN OTHERS THEN
			PERFORM gaiops_chat('echo', 'in two');
		END;
		-- This block commits: its span ends, its run goes on.
		BEGIN
			PERFORM public.start('nested committed'), gaiops_start_span('committed');
		EXCEPTION WHEN OTHERS THEN RAISE;
		END;
		IF public.current_name() <> 'nested committed' THEN
			RAISE 'the run of a block that has committed is not current';
		END IF;
		PERFORM gaiops_chat('echo', 'in two again');
		RAISE 'oh';
	EXCEPTION WHEN raise_exception THEN
		PERFORM gaiops_chat('echo', 'in one');
	END;
	PERFORM gaiops_end_span(), gaiops_end_run();
END $$;
SELECT results_eq('SELECT public.tree()', ARRAY['one OK of nested one', 'two ERROR aborted in one of nested two', 'three ERROR aborted in two of nested three',
	'refusing ERROR request_refused in three of nested three', 'echo OK in two of nested two', 'committed OK in two of nested committed',
	'echo OK in two of nested committed', 'echo OK in one of nested one'], 'each block ends what is its own');
SELECT results_eq($$ SELECT public.runs_of('nested ') $$, ARRAY['nested one FINISHED', 'nested two FAILED', 'nested three FAILED', 'nested committed FAILED'],
	'a run that a block has handed on ends with the one around it');

-- Savepoints, and a transaction that fails ------------------------------------------

\set ON_ERROR_STOP off
BEGIN;
SELECT public.start('saved outer') \g /dev/null
SELECT gaiops_start_span('outer') \g /dev/null
SAVEPOINT one;
SELECT public.start('saved inner') \g /dev/null
SELECT gaiops_start_span('inner') \g /dev/null
SAVEPOINT two;
SELECT gaiops_start_span('innermost') \g /dev/null
SELECT gaiops_chat('refusing', 'it');
ROLLBACK TO one;
\set ON_ERROR_STOP on
SELECT is(public.current_name(), 'saved outer', 'ROLLBACK TO goes back to the run that was current');
SELECT gaiops_chat('echo', 'after it') \g /dev/null
SELECT gaiops_end_run() \g /dev/null
COMMIT;
SELECT results_eq('SELECT public.tree()', ARRAY['outer OK of saved outer', 'inner ERROR aborted in outer of saved inner', 'innermost ERROR aborted in inner of saved inner',
	'refusing ERROR request_refused in innermost of saved inner', 'echo OK in outer of saved outer'], 'and ends what was begun after the savepoint');
SELECT results_eq($$ SELECT public.runs_of('saved ') $$, ARRAY['saved outer FINISHED', 'saved inner FAILED'], 'runs as well');

-- Queries within the transaction -----------------------------------------------------

BEGIN;
DECLARE c CURSOR FOR SELECT gaiops_start_span('by a cursor'), public.start('by a cursor');
FETCH c \g /dev/null
CLOSE c;
SELECT gaiops_chat('echo', 'after it') \g /dev/null
SELECT gaiops_end_run() \g /dev/null
COMMIT;
SELECT results_eq('SELECT public.tree()', ARRAY['by a cursor OK', 'echo OK in by a cursor of by a cursor'], 'a span does not end with the query that began it');
SELECT results_eq($$ SELECT public.runs_of('by a cursor') $$, ARRAY['by a cursor FINISHED'], 'nor does a run');

-- Nothing is left ----------------------------------------------------------------------

DO $$ BEGIN
	FOR i IN 1 .. 50 LOOP
		PERFORM public.fail_within('often ', 'refusing');
	END LOOP;
END $$;
SELECT results_eq($$ SELECT DISTINCT public.runs_of('often ') $$, ARRAY['often inner FAILED'], 'many failures');
SELECT is_empty('SELECT * FROM gaiops.intents', 'leave nothing in flight');
SELECT is_empty($$ SELECT name, ident FROM pg_backend_memory_contexts WHERE name = 'genaiops session entry' $$, 'and no memory');
SELECT is(gaiops_current_run(), NULL, 'and no run');

SELECT * FROM finish();
