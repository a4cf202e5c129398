-- What prompts were used for: gaiops.prompt_usage adds up the rollup alone. What
-- the writer leaves of its calls stays; the rest is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(26);

CREATE FUNCTION pg_temp.use(name text, version integer, hour timestamptz, purpose text DEFAULT 'application', calls integer DEFAULT 1,
	attempts integer DEFAULT 1, cost numeric DEFAULT 0, unpriced integer DEFAULT 0, buckets integer[] DEFAULT '{}', model text DEFAULT 'm',
	first_start timestamptz DEFAULT NULL, last_start timestamptz DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model, prompt_name, prompt_version, calls, attempts, errors,
		unknown, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, cost, unpriced, latency_buckets, latency_counts, first_start, last_start)
	VALUES (hour, 'e', purpose, 'llm', 'openai', model, name, version, calls, attempts, attempts - calls, attempts / 3, 10 * calls, 5 * calls, 3 * calls,
		2 * calls, cost, unpriced, buckets, array_fill(1::bigint, ARRAY[cardinality(buckets)]), first_start, last_start)
$$;

-- Sums -----------------------------------------------------------------------

SELECT pg_temp.use('greet', 1, '2020-01-01 10:00+00', calls => 2, attempts => 3, cost => 0.5, buckets => '{100,200,200}',
	first_start => '2020-01-01 10:20+00', last_start => '2020-01-01 10:40+00');
SELECT pg_temp.use('greet', 1, '2020-01-01 10:00+00', cost => 0.25, unpriced => 1, buckets => '{100}',
	first_start => '2020-01-01 10:10+00', last_start => '2020-01-01 10:30+00');
SELECT pg_temp.use('greet', 1, '2020-03-01 23:00+00', cost => 0.25, model => 'n', buckets => '{300}',
	first_start => '2020-03-01 23:10+00', last_start => '2020-03-01 23:59+00');
SELECT pg_temp.use('greet', 2, '2020-02-01 00:00+00', unpriced => 1);
SELECT pg_temp.use('greet', 3, '2020-02-01 00:00+00');
SELECT pg_temp.use('Other.prompt-1', 1, '2020-02-01 00:00+00', cost => 1);
SELECT pg_temp.use('greet', 1, '2019-01-01 00:00+00', purpose => p) FROM unnest('{evaluation,judge,monitor,optimization}'::text[]) AS p;
SELECT pg_temp.use('tested', 1, '2020-02-01 00:00+00', purpose => 'evaluation');
SELECT pg_temp.use(NULL, NULL, '2020-02-01 00:00+00');

SELECT results_eq($$ SELECT prompt_name, prompt_version, calls, attempts, errors, unknown FROM gaiops.prompt_usage ORDER BY prompt_name COLLATE "C", 2 $$, $$ VALUES
	('Other.prompt-1', 1, 1::bigint, 1::bigint, 0::bigint, 0::bigint),
	('greet', 1, 4, 5, 1, 1), ('greet', 2, 1, 1, 0, 0), ('greet', 3, 1, 1, 0, 0) $$,
	'one row per version that applications used, over hours, models and experiments');
SELECT results_eq($$ SELECT input_tokens, output_tokens, cached_input_tokens, reasoning_tokens FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 1 $$,
	$$ VALUES (40::bigint, 20::bigint, 12::bigint, 8::bigint) $$, 'with their tokens');
SELECT results_eq($$ SELECT prompt_version, cost, unpriced FROM gaiops.prompt_usage WHERE prompt_name = 'greet' ORDER BY 1 $$,
	$$ VALUES (1, 1.00, 1::bigint), (2, NULL, 1), (3, 0, 0) $$, 'known costs, NULL where nothing is known, and 0 where that is known');
SELECT results_eq($$ SELECT prompt_version, p50_latency_ms, p95_latency_ms, avg_latency_ms FROM gaiops.prompt_usage WHERE prompt_name = 'greet' ORDER BY 1 $$,
	$$ SELECT v, gaiops_percentile(l, 0.5), gaiops_percentile(l, 0.95), gaiops.histogram_mean(l)
		FROM (VALUES (1, ('{100,200,300}', '{2,2,1}')::gaiops.latency_histogram), (2, NULL), (3, NULL)) AS h (v, l) $$,
	'latencies of all hours together, NULL where none is known');
SELECT cmp_ok(p50_latency_ms, '<', p95_latency_ms, 'which differ') FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 1;
SELECT set_eq($$ SELECT prompt_name, prompt_version, calls, attempts, errors, unknown, input_tokens, output_tokens, cost, unpriced FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version > 1 $$,
	$$ SELECT prompt_name, prompt_version, calls, attempts, errors, unknown, input_tokens, output_tokens, cost, unpriced FROM gaiops.usage_hourly
		WHERE purpose = 'application' AND prompt_name = 'greet' AND prompt_version > 1 $$, 'as in gaiops.usage_hourly');

-- First and last use ---------------------------------------------------------

SELECT results_eq($$ SELECT first_used, last_used FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 1 $$,
	$$ VALUES ('2020-01-01 10:10+00'::timestamptz, '2020-03-01 23:59+00'::timestamptz) $$, 'the first and the last attempt, exactly');
SELECT results_eq($$ SELECT first_used, last_used FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 3 $$,
	$$ VALUES ('2020-02-01 00:00+00'::timestamptz, '2020-02-01 00:00+00'::timestamptz) $$, 'the hour where that is all there is');
SELECT pg_temp.use('greet', 3, '2020-02-01 00:00+00', first_start => '2020-02-01 00:10+00', last_start => '2020-02-01 00:20+00');
SELECT results_eq($$ SELECT first_used, last_used FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 3 $$,
	$$ VALUES ('2020-02-01 00:00+00'::timestamptz, '2020-02-01 00:20+00'::timestamptz) $$, 'beside what is exact');
SELECT pg_temp.use('greet', 2, h, calls => 0, attempts => 0, cost => 0.5) FROM unnest('{2018-01-01 00:00+00,2020-06-01 00:00+00}'::timestamptz[]) AS h;
SELECT results_eq($$ SELECT first_used, last_used, cost FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 2 $$,
	$$ VALUES ('2020-02-01 00:00+00'::timestamptz, '2020-02-01 00:00+00'::timestamptz, 1.0) $$, 'a repricing is no use, though its cost counts');

-- Folding changes nothing ----------------------------------------------------

SELECT pg_temp.use('greet', 3, '2020-02-01 00:00+00');
CREATE TEMP TABLE unfolded AS SELECT * FROM gaiops.prompt_usage;
CREATE TEMP TABLE hours AS SELECT DISTINCT d.hour, clock_timestamp() AS now, (SELECT count(*) FROM gaiops.usage_deltas) AS n FROM gaiops.usage_deltas AS d;
SELECT count(gaiops.fold_usage(hour)) FROM hours \gset
SELECT cmp_ok((SELECT count(*) FROM gaiops.usage_deltas), '<', (SELECT n FROM hours LIMIT 1), 'parts are folded');
SELECT set_eq('SELECT * FROM gaiops.prompt_usage', 'SELECT * FROM unfolded', 'and no figure has changed');
SELECT isnt_empty($$ SELECT FROM unfolded WHERE first_used = '2020-01-01 10:10+00' $$, 'one of which is from what was folded');
SELECT results_eq($$ SELECT first_start, last_start FROM gaiops.usage_deltas WHERE prompt_name = 'greet' AND prompt_version = 1 AND hour = '2020-01-01 10:00+00' AND purpose = 'application' $$,
	$$ VALUES ('2020-01-01 10:10+00'::timestamptz, '2020-01-01 10:40+00'::timestamptz) $$, 'the row that is left has the first and the last');
SELECT results_eq($$ SELECT first_start, last_start FROM gaiops.usage_deltas WHERE attempts = 0 $$,
	$$ VALUES (NULL::timestamptz, NULL::timestamptz), (NULL, NULL) $$, 'and none where nothing but a repricing was');

-- What the writer and a repricing note ---------------------------------------

CREATE TEMP TABLE before AS SELECT clock_timestamp() AS at;
SELECT gaiops_create_endpoint('echo', 'builtin:echo') AS made \gset
SELECT count(gaiops_chat('echo', 'Hi')) AS n FROM generate_series(1, 3) \gset
CREATE TEMP VIEW noted AS
	SELECT min(d.first_start) AS first_start, max(d.last_start) AS last_start, bool_and(d.first_start <= d.last_start) AS ordered, sum(d.attempts) AS attempts
	FROM gaiops.usage_deltas AS d WHERE d.endpoint = 'echo';
SELECT results_eq($$ SELECT first_start, last_start FROM noted $$,
	$$ SELECT min(start_time), max(start_time) FROM gaiops.spans, before WHERE endpoint = 'echo' AND start_time >= at $$,
	'the writer notes when the first and the last attempt began');
SELECT ok(n.ordered AND n.attempts = 3 AND n.first_start < n.last_start, 'in order') FROM noted AS n;
SELECT gaiops_register_prompt('called', 'Be {{ how }}.') AS made \gset
SELECT count(gaiops_chat('echo', 'Hi', prompt => 'called', variables => '{"how": "brief"}')) FROM generate_series(1, 2) \gset
SELECT results_eq($$ SELECT prompt_version, calls, attempts, errors, first_used, last_used FROM gaiops.prompt_usage WHERE prompt_name = 'called' $$,
	$$ SELECT 1, 2::bigint, 2::bigint, 0::bigint, min(start_time), max(start_time) FROM gaiops.spans WHERE prompt_name = 'called' $$, 'a call with a prompt is a use of it');
UPDATE gaiops.spans SET prompt_name = 'repriced', prompt_version = 1, cost = NULL WHERE endpoint = 'echo' AND prompt_name IS NULL;
SELECT gaiops_set_price('builtin', m, input => 1, output => 1, per_call => 1, effective_from => '2019-01-01') FROM unnest('{builtin-echo,echo}'::text[]) AS m \g /dev/null
SELECT cmp_ok(gaiops_reprice(at, 'infinity'), '=', 5::bigint, 'costs are changed') FROM before;
SELECT results_eq($$ SELECT calls, cost > 0, first_used, last_used FROM gaiops.prompt_usage WHERE prompt_name = 'repriced' $$,
	$$ VALUES (0::bigint, true, NULL::timestamptz, NULL::timestamptz) $$, 'which says nothing of a use');

-- Plans ----------------------------------------------------------------------

SET LOCAL enable_seqscan = off;
\ir ../../lib/plan.sql
CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_reader;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer') AS made \gset
GRANT USAGE ON SCHEMA gaiops TO gaiops_test_reader;
GRANT SELECT ON ALL TABLES IN SCHEMA gaiops TO gaiops_test_reader;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA gaiops TO gaiops_test_reader;
REVOKE EXECUTE ON FUNCTION gaiops.viewer_right(), gaiops.user_right(), gaiops.admin_right() FROM gaiops_test_reader;
SET ROLE gaiops_test_viewer;
SELECT matches(string_agg(p, E'\n'), 'usage_deltas_prompt_idx.*Cond: \(+prompt_name = ''greet''.* AND \(prompt_version = 1\)', 'a version is found by the index, for a viewer, too')
	FROM pg_temp.plan($$ SELECT * FROM gaiops.prompt_usage WHERE prompt_name = 'greet' AND prompt_version = 1 $$) AS p;
SELECT unalike(string_agg(p, E'\n'), '%spans%', 'spans are not read')
	FROM pg_temp.plan('SELECT * FROM gaiops.prompt_usage') AS p;
SELECT matches(string_agg(p, E'\n'), 'usage_deltas_prompt_idx', 'nor rows without a prompt, where those with one are few')
	FROM pg_temp.plan('SELECT * FROM gaiops.prompt_usage') AS p;
RESET enable_seqscan;

-- Who sees what --------------------------------------------------------------

SELECT results_eq('SELECT count(*) FROM gaiops.prompt_usage', ARRAY[6::bigint], 'a viewer sees everything');
SET ROLE gaiops_test_reader;
SELECT results_eq('SELECT count(*) FROM gaiops.prompt_usage', ARRAY[0::bigint], 'who was merely given SELECT sees nothing');
RESET ROLE;
SELECT has_index('gaiops', 'usage_deltas', 'usage_deltas_prompt_idx', 'the index is there');

SELECT * FROM finish();
ROLLBACK;
