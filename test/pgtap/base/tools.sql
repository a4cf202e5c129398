-- What tools see: every view has columns of types that any of them knows, and whatever is
-- listed to a viewer can be read.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null

-- Something in each.
SELECT gaiops_set_price('openai', 'dear', input => 0.000000000001, output => 999999999999.999999999999, effective_from => '-infinity') \g /dev/null
SELECT gaiops_register_prompt('p', 'x') \g /dev/null
SELECT gaiops_set_prompt_alias('p', 'production', 1) \g /dev/null
SET gaiops.session_id = 's';
SET gaiops.user_id = 'u';
SELECT gaiops_start_run('r') \g /dev/null
SELECT gaiops_start_span('open') \g /dev/null
SELECT gaiops_chat('echo', 'Hi', prompt => 'prompts:/p/1', tags => '{"k": "v"}') \g /dev/null
SELECT gaiops_chat('echo', 'Hi', on_error => 'null', params => '{"n": 2}') \g /dev/null
SELECT gaiops_create_label_schema('ok', 'pass_fail') \g /dev/null
SELECT gaiops_create_review_queue('q', ARRAY['ok']) \g /dev/null
SELECT gaiops_log_feedback(gaiops_last_trace_id(), 'ok', true), gaiops_log_feedback(gaiops_last_trace_id(), 'ok', true, source_id => 'bob'), gaiops_log_feedback(gaiops_last_trace_id(), 'stars', 4, source_type => 'CODE', source_id => 'c') \g /dev/null
SELECT gaiops_create_dataset('d') \g /dev/null
SELECT gaiops_merge_record('d', '{"question": "Why?"}') \g /dev/null

CREATE ROLE gaiops_test_tool;
SELECT gaiops_grant('gaiops_test_tool', 'viewer') \g /dev/null
SET ROLE gaiops_test_tool;

-- Types.
SELECT is_empty($$
	SELECT c.oid::regclass, a.attname, format_type(a.atttypid, a.atttypmod)
	FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind = 'v'
		AND format_type(a.atttypid, a.atttypmod) NOT IN ('text', 'integer', 'bigint', 'double precision', 'numeric(38,18)', 'boolean',
			'timestamp with time zone', 'date', 'uuid', 'json', 'jsonb', 'bytea', 'text[]', 'integer[]', 'bigint[]') $$,
	'columns of views have plain types, and money has a precision and a scale');
SELECT is_empty($$
	SELECT c.oid::regclass, a.attname
	FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND a.attname ~ '(cost|price)$'
	WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind = 'v' AND format_type(a.atttypid, a.atttypmod) <> 'numeric(38,18)' $$,
	'money is no floating point');

-- Whatever is listed can be read, and rows of it.
CREATE FUNCTION pg_temp.problem(relation regclass) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	n bigint;
BEGIN
	EXECUTE format('SELECT count(r::text) FROM (SELECT * FROM %s LIMIT 10) AS r', relation) INTO n;
	RETURN CASE WHEN n = 0 AND relation::text ~ '^gaiops\.(all_spans|agreement|assessments|calls_in_flight|dataset|experiments|prompts?$|prompt_(usage|versions)'
		'|prices|review_queues|runs|sessions|spans$|span_contents|traces|usage_hourly|user_usage|feedback_daily)' THEN 'nothing is in it' END;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END $$;
-- Many tools list what is in the catalog, whether it can be read or not.
CREATE TEMP VIEW listed AS SELECT c.oid::regclass AS relation FROM pg_class AS c
	WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f');
SELECT is_empty($$ SELECT relation, problem FROM listed, pg_temp.problem(relation) AS p (problem) WHERE problem IS NOT NULL $$,
	'whatever is listed to a viewer can be read');
SELECT cmp_ok(count(*)::int, '>', 50, 'which is a lot') FROM listed;
SELECT is((SELECT count(*) FROM listed), count(*), 'and as much as those list that ask for privileges') FROM information_schema.tables WHERE table_schema = 'gaiops';

-- The values of a column, as tools offer them for a filter.
CREATE FUNCTION pg_temp.refused(relation regclass, attribute name) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE format('SELECT DISTINCT %I FROM %s LIMIT 10', attribute, relation);
	RETURN NULL;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
SELECT is(string_agg(format('%s %s %s', relation, a.attname, r), ', ' ORDER BY relation, a.attnum),
	'gaiops.prompt_versions messages 42883, gaiops.prompt_versions response_format 42883, gaiops.prompt_versions model_config 42883',
	'every column of a view can be grouped by, but for JSON as it was written')
FROM listed JOIN pg_class AS c ON c.oid = relation AND c.relkind = 'v'
	JOIN pg_attribute AS a ON a.attrelid = relation AND a.attnum > 0, pg_temp.refused(relation, a.attname) AS r WHERE r IS NOT NULL;
SELECT lives_ok('SELECT DISTINCT name, version, template, messages::jsonb, response_format::jsonb, model_config::jsonb, content_hash FROM gaiops.prompt_versions',
	'which can be as jsonb');

-- Values.
SELECT is_empty($$ SELECT provider, model FROM gaiops.prices WHERE NOT isfinite(effective_from) $$, 'no price is from before all times');
SELECT is(min(effective_from), '1970-01-01 00:00+00', 'one that was always valid is from before every call') FROM gaiops.prices WHERE model = 'dear';
RESET ROLE;

-- What is stored has no digit that views would round away.
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, attempt, start_time, cost, session_id, user_id)
SELECT gen_random_uuid(), '00000000000000a' || n, 'chat dear', 'CHAT_MODEL', 'OK', 'application', 'dear', 'me', 'me', true, 1, now(),
	gaiops_get_cost('openai', 'dear', 1, n * 333333333), 'dear', 'dear' FROM generate_series(1, 3) AS n;
INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, prompt_name, prompt_version, calls, attempts, errors, unknown, input_tokens, output_tokens, cached_input_tokens,
	reasoning_tokens, cost, unpriced, latency_buckets, latency_counts)
SELECT date_trunc('hour', s.start_time, 'UTC'), s.experiment, s.purpose, 'dear', 1, 1, 1, 0, 0, 0, 0, 0, 0, s.cost, 0, '{}', '{}' FROM gaiops.spans AS s WHERE s.experiment = 'dear';
SELECT is(max(scale(cost)), 18, 'costs have 18 decimals at most') FROM gaiops.spans WHERE experiment = 'dear';
SELECT is(v.cost, s.cost, 'and no view rounds a sum: ' || v.name) FROM (
	SELECT 'all_spans' AS name, sum(cost) AS cost FROM gaiops.all_spans WHERE experiment = 'dear'
	UNION ALL SELECT 'traces', sum(cost) FROM gaiops.traces WHERE experiment = 'dear'
	UNION ALL SELECT 'sessions', cost FROM gaiops.sessions WHERE session_id = 'dear'
	UNION ALL SELECT 'usage_hourly', sum(cost) FROM gaiops.usage_hourly WHERE experiment = 'dear'
	UNION ALL SELECT 'prompt_usage', cost FROM gaiops.prompt_usage WHERE prompt_name = 'dear'
	UNION ALL SELECT 'user_usage_hourly', sum(cost) FROM gaiops.user_usage_hourly WHERE user_id = 'dear') AS v,
	(SELECT sum(cost) AS cost FROM gaiops.spans WHERE experiment = 'dear') AS s;
-- A price that was set when it could have more digits gives no more either.
INSERT INTO gaiops.prices SELECT 'acme', 'former', 'input', 0.000000000001500001, now() - interval '1 hour', false, NULL, now(), current_user, false;
SELECT is(gaiops_get_cost('acme', 'former', 1000, 0), 0.000000000000001500, 'a price of before is rounded where it is used');
SELECT is(scale(gaiops_get_cost('acme', 'former', 1001, 0)), 18, 'to as many decimals');
SELECT throws_ok($$ SELECT gaiops_set_price('acme', 'm', input => 0.0000000000001) $$, '22023', 'price is out of range', 'none is set with more');
SELECT set_eq($$ SELECT kind, price FROM gaiops.read_price_map('{"a": {"litellm_provider": "acme", "input_cost_per_token": 3.9999999999999996e-07, "output_cost_per_token": 1e-06},
		"b": {"litellm_provider": "acme", "input_cost_per_token": 1e-20, "output_cost_per_token": 1e-06}}') $$,
	$$ VALUES ('input', 0.4), ('output', 1) $$, 'what floating point left of a price in a list is gone, and what would be nothing is no price');
SELECT * FROM finish();
