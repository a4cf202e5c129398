-- Which calls have failed: those of which every attempt did, whatever came between.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\getenv fault GAIOPS_FAULT_SERVER

SELECT gaiops_create_endpoint(n, :'fault' || '/fault/' || f || ',id=failed_calls/v1', model => 'gpt-4.1-mini', max_retries => 1)
FROM (VALUES ('fine', 'ok'), ('recovers', '503-then-ok'), ('fails', '503'), ('waits', 'wait-then-ok,name=Retry-After,value=9')) AS v (n, f) \g /dev/null
SELECT gaiops_register_prompt('p', 'x') \g /dev/null

SET gaiops.session_id = 'one';
SET gaiops.user_id = 'ann';
SELECT gaiops_chat(e, 'Hi', on_error => 'null', prompt => 'prompts:/p/1') FROM unnest('{fine,recovers,fails}'::text[]) AS e \g /dev/null

-- What spans say.
SELECT results_eq($$ SELECT s.attempt, s.status, s.retry_reason, s.call_start_time = (SELECT min(f.start_time) FROM gaiops.spans AS f WHERE f.trace_id = s.trace_id),
			s.entry_start_time = s.call_start_time
		FROM gaiops.all_spans AS s WHERE s.endpoint = 'recovers' ORDER BY s.attempt $$,
	$$ VALUES (1, 'ERROR', NULL, NULL, NULL), (2, 'OK', 'upstream_error', true, true) $$, 'a retry says why it was made, and when the call and its trace began');

-- One view after the other.
SELECT results_eq($$ SELECT endpoint, sum(calls)::int, sum(failed_calls)::int, sum(attempts)::int, sum(errors)::int, max(error_class) FROM gaiops.usage_hourly GROUP BY 1 ORDER BY 1 $$,
	$$ VALUES ('fails', 1, 1, 2, 2, 'upstream_error'), ('fine', 1, 0, 1, 0, NULL), ('recovers', 1, 0, 2, 1, 'upstream_error') $$, 'gaiops.usage_hourly');
SELECT results_eq($$ SELECT endpoint, error_class, sum(failed_calls)::int, sum(errors)::int FROM gaiops.failures_hourly GROUP BY 1, 2 ORDER BY 1 $$,
	$$ VALUES ('fails', 'upstream_error', 1, 2), ('recovers', 'upstream_error', 0, 1) $$, 'gaiops.failures_hourly');
SELECT results_eq($$ SELECT calls, failed_calls, attempts, errors, error_class FROM gaiops.prompt_usage $$,
	$$ VALUES (3::bigint, 1::bigint, 5::bigint, 3::bigint, 'upstream_error') $$, 'gaiops.prompt_usage');
SELECT results_eq($$ SELECT calls, failed_calls, attempts, errors, error_class FROM gaiops.sessions $$,
	$$ VALUES (3::bigint, 1::bigint, 5::bigint, 3::bigint, 'upstream_error') $$, 'gaiops.sessions');
SELECT results_eq($$ SELECT user_id, endpoint, sum(calls)::int, sum(failed_calls)::int, sum(attempts)::int, sum(errors)::int, max(error_class), sum(output_tokens) > 0 FROM gaiops.user_usage_hourly GROUP BY 1, 2 ORDER BY 2 $$,
	$$ VALUES ('ann', 'fails', 1, 1, 2, 2, 'upstream_error', NULL), ('ann', 'fine', 1, 0, 1, 0, NULL, true), ('ann', 'recovers', 1, 0, 2, 1, 'upstream_error', true) $$, 'gaiops.user_usage_hourly');
SELECT set_eq($$ SELECT calls, failed_calls, attempts, errors, error_class, unknown, input_tokens, output_tokens, cost, unpriced FROM (
		SELECT calls, failed_calls, attempts, errors, error_class, unknown, coalesce(input_tokens, 0) AS input_tokens, coalesce(output_tokens, 0) AS output_tokens,
			coalesce(cost, 0) AS cost, unpriced, hour, endpoint FROM gaiops.user_usage_hourly) AS u $$,
	$$ SELECT calls, failed_calls, attempts, errors, error_class, unknown, input_tokens, output_tokens, cost, unpriced FROM gaiops.usage_hourly $$, 'which agrees with gaiops.usage_hourly');

-- A call that is canceled before its next attempt has failed.
SET gaiops.session_id = 'two';
SET statement_timeout = '400ms';
\set ON_ERROR_STOP off
\set VERBOSITY sqlstate
SELECT gaiops_chat('waits', 'Hi');
\set ON_ERROR_STOP on
RESET statement_timeout;
SELECT results_eq($$ SELECT calls, failed_calls, attempts FROM gaiops.sessions WHERE session_id = 'two' $$, $$ VALUES (1::bigint, 1::bigint, 1::bigint) $$,
	'so has one that was canceled between two attempts');
SELECT is(sum(failed_calls)::int, 1, 'in the rollup too') FROM gaiops.usage_hourly WHERE endpoint = 'waits';
SET gaiops.session_id = '';

-- A second attempt that a crash ended, an hour after the first: the call has not failed,
-- and the hour that it began in says so.
INSERT INTO gaiops.intents (trace_id, span_id, name, span_type, purpose, experiment, endpoint, session_role, role, is_entry, attempt, start_time, pid,
	incarnation, call_start_time, retry_reason)
VALUES (gen_random_uuid(), '0123456789abcdef', 'chat m', 'CHAT_MODEL', 'application', 'crash', 'm', current_user, current_user, true, 2,
	'2020-01-01 11:01+00', 1, gen_random_uuid(), '2020-01-01 10:59+00', 'timeout');
INSERT INTO gaiops.usage_deltas VALUES ('2020-01-01 10:00+00', 'crash', 'application', 'm', NULL, NULL, NULL, NULL, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, '{}', '{}',
	'2020-01-01 10:59+00', '2020-01-01 10:59+00', 'timeout', 1);
SELECT is(failed_calls, 1::bigint, 'a call that failed so far') FROM gaiops.usage_hourly WHERE experiment = 'crash';
DO $$ BEGIN
	FOR i IN 1 .. 1000 LOOP
		PERFORM pg_stat_clear_snapshot();
		EXIT WHEN NOT EXISTS (SELECT FROM pg_stat_activity WHERE backend_type = 'genaiops writer' AND datname = current_database());
		PERFORM pg_sleep(0.01);
	END LOOP;
END $$;
SELECT gaiops_chat('fine', 'Hi') \g /dev/null
SELECT results_eq($$ SELECT extract(hour FROM hour AT TIME ZONE 'UTC')::int, calls, failed_calls, attempts, errors, unknown, error_class FROM gaiops.usage_hourly WHERE experiment = 'crash' ORDER BY hour $$,
	$$ VALUES (10, 1::bigint, 0::bigint, 1::bigint, 1::bigint, 0::bigint, 'timeout'), (11, 0, 0, 1, 0, 1, NULL) $$, 'each hour is right');
SELECT results_eq($$ SELECT error_class, errors, failed_calls FROM gaiops.failures_hourly WHERE experiment = 'crash' $$,
	$$ VALUES ('timeout', 1::bigint, 0::bigint) $$, 'and each kind of failure');

-- Folding keeps it all.
CREATE TEMP TABLE before AS SELECT * FROM gaiops.usage_hourly WHERE experiment = 'crash';
CREATE TEMP TABLE failures AS SELECT * FROM gaiops.failures_hourly WHERE experiment = 'crash';
SELECT gaiops.fold_usage('2020-01-01 10:00+00') \g /dev/null
SELECT is(count(*), 1::bigint, 'folded, a row for each kind of failure') FROM gaiops.usage_deltas WHERE experiment = 'crash' AND hour = '2020-01-01 10:00+00';
SELECT set_eq($$ SELECT hour, failed_calls, errors, error_class, attempts FROM gaiops.usage_hourly WHERE experiment = 'crash' $$, 'SELECT hour, failed_calls, errors, error_class, attempts FROM before', 'usage is what it was');
SELECT set_eq($$ SELECT hour, error_class, failed_calls, errors FROM gaiops.failures_hourly WHERE experiment = 'crash' $$, 'SELECT hour, error_class, failed_calls, errors FROM failures', 'and so are failures');

-- Rows of 0.1.0 do not note failed calls; the other counts tell.
INSERT INTO gaiops.usage_deltas SELECT '2019-01-01 10:00+00', 'old', 'application', 'm', NULL, NULL, NULL, NULL, c, a, e, 0, 0, 0, 0, 0, 0, 0, '{}', '{}'
	FROM (VALUES (1, 1, 0), (1, 1, 1), (0, 1, 1), (0, 1, 0), (1, 1, 1)) AS v (c, a, e);
SELECT results_eq($$ SELECT calls, failed_calls, errors, error_class FROM gaiops.usage_hourly WHERE experiment = 'old' $$, $$ VALUES (3::bigint, 1::bigint, 3::bigint, NULL) $$,
	'calls of 0.1.0 that failed are counted');
SELECT gaiops.fold_usage('2019-01-01 10:00+00') \g /dev/null
SELECT results_eq($$ SELECT calls, failed_calls, errors, error_class FROM gaiops.usage_hourly WHERE experiment = 'old' $$, $$ VALUES (3::bigint, 1::bigint, 3::bigint, NULL) $$,
	'once they are folded, too');

SELECT * FROM finish();
