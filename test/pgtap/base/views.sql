-- The views on records: what counts as a trace, previews, sums in which the
-- unknown stays unknown, attributes, histograms, and who sees what.  Everything is
-- rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(85);

SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind = 'v'
	AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false) $$, 'every view reads with the rights of who reads it');
SELECT is_empty($$ SELECT c.oid::regclass, a.attname FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
	WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind IN ('v', 'p')
	AND (obj_description(c.oid, 'pg_class') IS NULL OR col_description(c.oid, a.attnum) IS NULL) $$, 'every view and each of its columns has a comment');
SELECT bag_has($$ SELECT attname::text FROM pg_attribute WHERE attrelid = 'gaiops.all_spans'::regclass AND attnum > 0 $$,
	$$ SELECT attname::text FROM pg_attribute WHERE attrelid = 'gaiops.spans'::regclass AND attnum > 0 $$, 'gaiops.all_spans has every column of gaiops.spans');

-- Short ids for traces and spans: trace 1 is 00000000-…-000000000001, span 'a' is 'aaaaaaaaaaaaaaaa'.
CREATE FUNCTION pg_temp.t(n integer) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$ SELECT lpad(n::text, 32, '0')::uuid $$;
CREATE FUNCTION pg_temp.n(id uuid) RETURNS integer LANGUAGE sql IMMUTABLE AS $$ SELECT ltrim(right(id::text, 12), '0')::integer $$;
CREATE FUNCTION pg_temp.add(trace integer, span text, parent text, attempt integer, status text, second numeric,
	is_entry boolean DEFAULT true, cost numeric DEFAULT NULL, tokens bigint DEFAULT NULL, latency double precision DEFAULT 100,
	session text DEFAULT NULL) RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, error_class, purpose, experiment, endpoint,
		provider, model, session_role, role, is_entry, attempt, input_tokens, output_tokens, cost, start_time, latency_ms, session_id)
	VALUES (pg_temp.t(trace), repeat(span, 16), repeat(parent, 16), 'span ' || span, CASE WHEN attempt IS NULL THEN 'CHAIN' ELSE 'CHAT_MODEL' END,
		status, CASE status WHEN 'OK' THEN NULL ELSE 'timeout' END, 'application', 'e',
		CASE WHEN attempt IS NOT NULL THEN 'llm' END, 'openai', 'm', 'r', 'r', is_entry, attempt,
		tokens, tokens / 10, cost, '2031-01-01 00:00+00'::timestamptz + second * interval '1 second', latency, session)
$$;
CREATE FUNCTION pg_temp.intend(trace integer, span text, parent text, attempt integer, second numeric, incarnation uuid,
	is_entry boolean DEFAULT true) RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.intents (trace_id, span_id, parent_span_id, name, span_type, purpose, experiment, session_role, role, is_entry,
		attempt, start_time, pid, incarnation)
	VALUES (pg_temp.t(trace), repeat(span, 16), repeat(parent, 16), 'span ' || span, 'CHAIN', 'application', 'e', 'r', 'r', is_entry,
		attempt, '2031-01-01 00:00+00'::timestamptz + second * interval '1 second', 1, incarnation)
$$;
CREATE FUNCTION pg_temp.say(trace integer, span text, kind text, inputs jsonb, body text, attributes jsonb DEFAULT NULL, length bigint DEFAULT NULL)
RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, inputs, body, attributes, body_length)
	SELECT s.trace_id, s.span_id, kind, s.start_time, inputs, body, attributes, length
	FROM gaiops.all_spans AS s WHERE s.trace_id = pg_temp.t(trace) AND s.span_id = repeat(span, 16)
$$;
CREATE FUNCTION pg_temp.answer(content text) RETURNS text LANGUAGE sql AS $$
	SELECT jsonb_build_object('choices', jsonb_build_array(jsonb_build_object('message', jsonb_build_object('role', 'assistant', 'content', content))))::text
$$;

-- Half of it in a partition, half in the default one.
SELECT is(gaiops.make_partition('gaiops.spans', '2031-01-01 00:00+00', '2031-02-01 00:00+00'), false, 'spans have a partition');
CREATE FUNCTION pg_temp.fill() RETURNS void LANGUAGE sql AS $$
	-- 1: a call
	SELECT pg_temp.add(1, 'a', NULL, 1, 'OK', 1, cost => 0.5, tokens => 100, session => 's1');
	SELECT pg_temp.say(1, 'a', 'request', '{"message": "Hi,\n\tI am Varun."}', '{"model": "m"}');
	SELECT pg_temp.say(1, 'a', 'response', NULL, pg_temp.answer('Hello' || repeat(' you', 100)));
	INSERT INTO gaiops.trace_tags VALUES (pg_temp.t(1), 'k', 'v', now()), (pg_temp.t(1), 'l', 'w', now());
	-- 2: a call whose second attempt came through
	SELECT pg_temp.add(2, 'a', NULL, 1, 'ERROR', 2, cost => NULL, session => 's1');
	SELECT pg_temp.add(2, 'b', NULL, 2, 'OK', 2.5, is_entry => false, cost => 0.25, tokens => 50, latency => 100.007, session => 's1');
	SELECT pg_temp.say(2, 'a', 'request', '{"message": "again"}', '{}');
	SELECT pg_temp.say(2, 'a', 'response', NULL, 'no JSON');
	SELECT pg_temp.say(2, 'b', 'response', NULL, pg_temp.answer('came through'));
	-- 3: a call of which every attempt failed
	SELECT pg_temp.add(3, 'a', NULL, 1, 'ERROR', 3);
	SELECT pg_temp.add(3, 'b', NULL, 2, 'ERROR', 3.5, is_entry => false, latency => NULL);
	-- 4: two calls of an application's trace, the second one failed in the end
	SELECT pg_temp.add(4, 'a', 'f', 1, 'ERROR', 4);
	SELECT pg_temp.add(4, 'b', 'f', 2, 'OK', 4.1, is_entry => false, cost => 1, tokens => 10);
	SELECT pg_temp.add(4, 'c', 'f', 1, 'OK', 5, cost => NULL, tokens => 10);
	SELECT pg_temp.add(4, 'd', 'f', 2, 'ERROR', 6, is_entry => false);
	-- 5: an application's span with a call in it
	SELECT pg_temp.add(5, 'b', 'a', 1, 'ERROR', 7.1, is_entry => false);
	SELECT pg_temp.add(5, 'a', NULL, NULL, 'OK', 7, latency => 1000);
	SELECT pg_temp.say(5, 'a', 'request', '{"question": 42}', NULL);
	SELECT pg_temp.say(5, 'a', 'response', '{"answer": "none"}', NULL);
	-- 6: the server died; 7: it will be answered; 8: an open span with a call in it
	SELECT pg_temp.intend(6, 'a', NULL, 1, 8, gen_random_uuid());
	SELECT pg_temp.say(6, 'a', 'request', '{"messages": [{"role": "user", "content": "one"}, {"role": "user", "content": [{"type": "text", "text": "two"}, {"type": "image_url"}]}, {"role": "assistant", "content": "no"}]}', '{}');
	SELECT pg_temp.intend(7, 'a', NULL, 1, 9, gaiops.incarnation());
	SELECT pg_temp.intend(8, 'a', NULL, NULL, 10, gaiops.incarnation());
	SELECT pg_temp.add(8, 'b', 'a', 1, 'OK', 10.5, is_entry => false, cost => 0);
	-- 9: its first month was dropped
	SELECT pg_temp.add(9, 'c', 'a', 1, 'OK', 3000000, is_entry => false, cost => 2);
	SELECT pg_temp.add(9, 'd', 'a', 1, 'OK', 3000001, is_entry => false, cost => 2);
	-- 10: a retry under way when the server died
	SELECT pg_temp.add(10, 'a', NULL, 1, 'ERROR', 3000002);
	SELECT pg_temp.intend(10, 'b', NULL, 2, 3000003, gen_random_uuid(), is_entry => false);
$$;
SELECT pg_temp.fill();

-- Traces ---------------------------------------------------------------------

CREATE TEMP VIEW trace AS SELECT pg_temp.n(trace_id) AS n, * FROM gaiops.traces WHERE experiment = 'e';
SELECT results_eq('SELECT n, status, error_class, name FROM trace ORDER BY start_time', $$ VALUES
	(1, 'OK', NULL, 'span a'),
	(2, 'OK', NULL, 'span a'),
	(3, 'ERROR', 'timeout', 'span a'),
	(4, 'OK', NULL, 'span a'),
	(5, 'OK', NULL, 'span a'),
	(6, 'UNKNOWN', 'unknown', 'span a'),
	(8, 'IN_PROGRESS', NULL, 'span a'),
	(9, 'OK', NULL, 'span c'),
	(10, 'UNKNOWN', 'unknown', 'span a') $$, 'one row per trace, with the status of its entry call''s last attempt');
SELECT results_eq('SELECT n, calls, attempts, errors, spans, unpriced FROM trace ORDER BY n', $$ VALUES
	(1, 1::bigint, 1::bigint, 0::bigint, 1::bigint, 0::bigint), (2, 1, 2, 1, 2, 0), (3, 1, 2, 2, 2, 0), (4, 2, 4, 2, 4, 1), (5, 1, 1, 1, 2, 0),
	(6, 1, 1, 0, 1, 0), (8, 1, 1, 0, 2, 0), (9, 2, 2, 0, 2, 0), (10, 1, 2, 1, 2, 0) $$, 'calls, attempts, errors, spans, attempts without a price');
SELECT results_eq('SELECT n, cost, input_tokens, output_tokens FROM trace ORDER BY n', $$ VALUES
	(1, 0.5, 100::bigint, 10::bigint), (2, 0.25, 50, 5), (3, NULL, NULL, NULL), (4, 1, 20, 2), (5, NULL, NULL, NULL), (6, NULL, NULL, NULL),
	(8, 0, NULL, NULL), (9, 4, NULL, NULL), (10, NULL, NULL, NULL) $$, 'sums of what is known; NULL where nothing is, and 0 where 0 is known');
SELECT results_eq('SELECT n, latency_ms FROM trace ORDER BY n', $$ VALUES
	(1, 100::double precision), (2, 600.007), (3, 100), (4, 2100), (5, 1000), (6, NULL), (8, 600), (9, 1100), (10, 100) $$,
	'from the start of the first span to the end of the last that is known, to the microsecond');
SELECT is(latency_ms, 100::double precision, 'exactly so for a single span') FROM trace WHERE n = 1;
SELECT is(request_preview, 'Hi, I am Varun.', 'the preview is one line') FROM trace WHERE n = 1;
SELECT is(response_preview, left('Hello' || repeat(' you', 100), 200), 'of 200 characters') FROM trace WHERE n = 1;
SELECT is(response_preview, 'came through', 'the answer is that of the last attempt') FROM trace WHERE n = 2;
SELECT is(request_preview, 'two', 'of many messages the last of the user is shown, as text') FROM trace WHERE n = 6;
SELECT is(request_preview || ' ' || response_preview, '{"question": 42} {"answer": "none"}', 'of a span its inputs and outputs') FROM trace WHERE n = 5;
SELECT is(coalesce(request_preview, response_preview), NULL, 'nothing where there is no payload') FROM trace WHERE n = 3;
SELECT is(tags, '{"k": "v", "l": "w"}', 'tags are an object') FROM trace WHERE n = 1;
SELECT is(tags, NULL, 'or nothing') FROM trace WHERE n = 2;
SELECT results_eq('SELECT count(*) FROM gaiops.traces WHERE experiment = ''e''', ARRAY[9::bigint], 'counting counts the same');
SELECT results_eq('SELECT n FROM trace WHERE trace_id = pg_temp.t(4)', ARRAY[4], 'a trace is found by its id');
SELECT results_eq('SELECT n FROM trace ORDER BY start_time DESC LIMIT 3', ARRAY[10, 9, 8], 'the newest come first');

-- Reading the newest must not add all of them up.
SET LOCAL enable_seqscan = off;
\ir ../../lib/plan.sql
SELECT alike(string_agg(p, E'\n'), '%Index Scan Backward using spans_2031_01_start_time_idx on spans_2031_01%', 'traces are read from the end of an index')
	FROM pg_temp.plan('SELECT * FROM gaiops.traces ORDER BY start_time DESC LIMIT 50') AS p;
SELECT unalike(string_agg(p, E'\n'), '%Seq Scan on spans%', 'and no partition as a whole')
	FROM pg_temp.plan('SELECT * FROM gaiops.traces ORDER BY start_time DESC LIMIT 50') AS p;
SELECT unalike(string_agg(p, E'\n'), '%Aggregate%Append%', 'counting does without the sums')
	FROM pg_temp.plan('SELECT count(*) FROM gaiops.traces') AS p WHERE p NOT LIKE 'Aggregate%';
RESET enable_seqscan;

-- In flight ------------------------------------------------------------------

SELECT results_eq($$ SELECT pg_temp.n(trace_id), status FROM gaiops.calls_in_flight WHERE experiment = 'e' ORDER BY 1 $$, $$ VALUES
	(6, 'UNKNOWN'), (7, 'IN_PROGRESS'), (8, 'IN_PROGRESS'), (10, 'UNKNOWN') $$, 'what is under way, and what was when a server died');

-- Sessions -------------------------------------------------------------------

SELECT results_eq($$ SELECT traces, calls, attempts, errors, input_tokens, cost, unpriced, last_time - first_time FROM gaiops.sessions WHERE session_id = 's1' $$,
	$$ VALUES (2::bigint, 2::bigint, 3::bigint, 1::bigint, 150::bigint, 0.75, 0::bigint, interval '1.5 seconds') $$, 'a session adds up its traces');
SELECT is_empty('SELECT * FROM gaiops.sessions WHERE session_id IS NULL', 'spans without a session are none');

-- Contents -------------------------------------------------------------------

SELECT pg_temp.add(20, 'a', NULL, 1, 'OK', 20, tokens => 100, session => 's20');
UPDATE gaiops.spans SET response_model = 'm-1', response_id = 'r1', finish_reason = 'stop', cached_input_tokens = 7, cache_write_tokens = 3,
	reasoning_tokens = 2, user_id = 'u20', time_to_first_token_ms = 250 WHERE trace_id = pg_temp.t(20);
SELECT pg_temp.say(20, 'a', 'request', '{"message": "x"}',
	'{"model": "m", "temperature": 0.7, "max_tokens": 5, "max_completion_tokens": 6, "stop": "end", "seed": 1, "n": 2, "tools": []}', '{"user.id": "given", "mine": 1}');
SELECT pg_temp.say(20, 'a', 'response', NULL, pg_temp.answer('ok'), '{"theirs": [2]}');
CREATE TEMP VIEW content AS SELECT pg_temp.n(trace_id) AS n, left(span_id, 1) AS span, * FROM gaiops.span_contents WHERE trace_id < pg_temp.t(1000);
SELECT is(attributes, '{"gen_ai.operation.name": "chat", "gen_ai.provider.name": "openai", "gen_ai.request.model": "m", "gen_ai.response.model": "m-1",
	"gen_ai.response.id": "r1", "gen_ai.response.finish_reasons": ["stop"], "gen_ai.response.time_to_first_chunk": 0.25,
	"gen_ai.usage.input_tokens": 100, "gen_ai.usage.output_tokens": 10, "gen_ai.usage.cache_read.input_tokens": 7,
	"gen_ai.usage.cache_write.input_tokens": 3, "gen_ai.usage.reasoning.output_tokens": 2, "gen_ai.conversation.id": "s20",
	"gen_ai.request.temperature": 0.7, "gen_ai.request.max_tokens": 6, "gen_ai.request.stop_sequences": ["end"], "gen_ai.request.seed": 1,
	"gen_ai.request.choice.count": 2, "user.id": "given", "mine": 1, "theirs": [2]}'::jsonb,
	'attributes are computed, and what was given wins') FROM content WHERE n = 20;
SELECT is(answer, 'ok', 'the text of the answer') FROM content WHERE n = 20;
SELECT is(attributes ->> 'error.type', 'timeout', 'the kind of an error') FROM content WHERE n = 3 AND span = 'a';
SELECT results_eq($$ SELECT span, inputs IS NULL, answer FROM content WHERE n = 2 ORDER BY 1 $$,
	$$ VALUES ('a', false, NULL), ('b', true, 'came through') $$, 'a row for each attempt; a body that is no JSON has no text');
SELECT is(outputs, '{"answer": "none"}', 'outputs of a span') FROM content WHERE n = 5 AND span = 'a';
SELECT is(attributes ? 'gen_ai.operation.name', false, 'a span that is no model''s has no operation') FROM content WHERE n = 5 AND span = 'a';
SELECT is(status, 'UNKNOWN', 'what a dead server sent is there') FROM content WHERE n = 6 AND inputs IS NOT NULL;
SELECT pg_temp.add(21, 'a', NULL, 1, 'OK', 21);
SELECT pg_temp.say(21, 'a', 'request', '{"gaiops.cut": true}', '{"temperature": 0.7, "messa', length => 100000);
SELECT pg_temp.say(21, 'a', 'response', NULL, left(pg_temp.answer('long'), 30), length => 100000);
SELECT is(attributes ? 'gen_ai.request.temperature', false, 'a request that was cut has no parameters') FROM content WHERE n = 21;
SELECT is(answer, NULL, 'an answer that was cut has no text') FROM content WHERE n = 21;
SELECT is(request_length, 100000::bigint, 'but says how long it was') FROM content WHERE n = 21;
SELECT is(request_preview, '{"gaiops.cut": true}', 'and the marker is shown for it') FROM gaiops.traces WHERE trace_id = pg_temp.t(21);

SELECT is(gaiops.answer_text(body), wanted, 'answer text of ' || left(body, 60)) FROM (VALUES
	('', NULL), ('null', NULL), ('[]', NULL), ('{"choices": []}', NULL), ('{"choices": [{"message": {"content": null}}]}', NULL),
	('{"choices": [{"message": {"content": ""}}]}', ''),
	('{"choices": [{"message": {"content": null, "refusal": "I will not."}}]}', 'I will not.'),
	('{"choices": [{"message": {"content": "é"}}, {"message": {"content": "other"}}]}', 'é'),
	(repeat('[', 100000), NULL)) AS v (body, wanted);
SELECT is(gaiops.read_json(body), wanted, 'JSON of ' || left(body, 20)) FROM (VALUES
	('{"a": [1, "x", null]}', '{"a": [1, "x", null]}'::jsonb), ('{"a": [1', NULL), ('', NULL), ('{"a": NaN}', NULL),
	(repeat('[', 100000), NULL)) AS v (body, wanted);
SELECT is(gaiops.inputs_text(inputs), wanted, 'text of ' || coalesce(inputs::text, 'NULL')) FROM (VALUES
	('"plain"'::json, 'plain'), ('[1e300]', '[1e300]'), ('[1]', '[1]'), ('{"message": {"no": "text"}}', '{"message": {"no": "text"}}'),
	('{"messages": []}', '[]'), ('{"messages": [{"role": "user"}]}', '[{"role": "user"}]'), (NULL, NULL)) AS v (inputs, wanted);
SELECT is(gaiops.preview(E'  a\n\n b\t'), 'a b', 'a preview is one line');

-- Usage ----------------------------------------------------------------------

INSERT INTO gaiops.usage_deltas
	SELECT '2031-01-01 10:00+00', 'e', 'application', 'llm', 'openai', 'm', NULL, NULL, 1, 2, 1, 0, 10, 5, 3, 2, 0.1, 1, ARRAY[100 + n, 200], ARRAY[1, 2]
	FROM generate_series(1, 3) AS n;
INSERT INTO gaiops.usage_deltas VALUES
	('2031-01-01 10:00+00', 'e', 'application', 'llm', 'openai', 'm', NULL, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0.7, -3, '{}', '{}'),
	('2031-01-01 11:00+00', 'e', 'application', 'llm', 'openai', 'm', NULL, NULL, 1, 1, 0, 0, 10, 5, 0, 0, 0, 1, '{}', '{}'),
	('2031-01-01 12:00+00', 'e', 'application', 'llm', 'openai', 'm', NULL, NULL, 1, 1, 0, 0, 10, 5, 0, 0, 0, 0, '{}', '{}');
SELECT results_eq($$ SELECT calls, attempts, errors, input_tokens, cost, unpriced, latency_buckets, latency_counts FROM gaiops.usage_hourly WHERE experiment = 'e' ORDER BY hour LIMIT 1 $$,
	$$ VALUES (3::bigint, 6::bigint, 3::bigint, 30::bigint, 1.0, 0::bigint, '{101,102,103,200}'::integer[], '{1,1,1,6}'::bigint[]) $$, 'an hour adds up its parts, a repricing among them');
SELECT results_eq($$ SELECT cost, unpriced FROM gaiops.usage_hourly WHERE experiment = 'e' ORDER BY hour OFFSET 1 $$,
	$$ VALUES (NULL::numeric, 1::bigint), (0, 0) $$, 'a cost of which nothing is known is NULL, one that is 0 is 0');
SELECT results_eq($$ SELECT p50_latency_ms = p99_latency_ms, p50_latency_ms > avg_latency_ms, p95_latency_ms IS NULL FROM gaiops.usage_hourly WHERE experiment = 'e' ORDER BY hour $$,
	$$ VALUES (true, true, false), (NULL, NULL, true), (NULL, NULL, true) $$, 'percentiles, NULL without a latency');

-- What latencies are, to a few percent: 1 to 1000 ms, bucket by bucket.
CREATE FUNCTION pg_temp.bucket(us bigint) RETURNS integer LANGUAGE sql AS $$
	SELECT CASE WHEN us < 16 THEN us ELSE (e - 4) * 16 + (us >> (e - 4)) END::integer FROM (SELECT floor(log(2, us))::integer AS e) AS l
$$;
CREATE TEMP TABLE latency AS SELECT ms, ARRAY[pg_temp.bucket(ms * 1000)] AS buckets, ARRAY[1::bigint] AS counts FROM generate_series(1, 1000) AS ms;
SELECT ok(abs(gaiops_percentile(h, p) - p * 1000) < p * 1000 * 0.0625, 'percentile ' || p)
	FROM (SELECT gaiops.histogram_sum(buckets, counts) AS h FROM latency) AS l, unnest('{0.01,0.5,0.95,0.99,1}'::float8[]) AS p;
SELECT ok(abs(gaiops.histogram_mean(gaiops.histogram_sum(buckets, counts)) - 500.5) < 5, 'mean') FROM latency;
SELECT is((SELECT gaiops.histogram_sum(h) FROM (SELECT gaiops.histogram_sum(buckets, counts) AS h FROM latency GROUP BY ms % 7) AS l),
	(SELECT gaiops.histogram_sum(buckets, counts) FROM latency), 'the sum of sums is the sum');
SELECT is(gaiops.histogram_sum(buckets, counts)::text, '({},{})', 'of nothing it is empty') FROM latency WHERE false;
SELECT is(gaiops_percentile(('{}', '{}'), 0.5), NULL, 'and has no percentile');
SELECT throws_ok(format($$ SELECT gaiops_percentile(('{1}', '{1}'), %L) $$, p), '22023', 'a percentile must be between 0 and 1', 'no percentile ' || p)
	FROM unnest('{-0.1,1.5,95,NaN}'::float8[]) AS p;
SELECT throws_ok($$ SELECT gaiops_percentile(('{1,2}', '{1}'), 0.5) $$, '22023', NULL, 'no histogram of unequal arrays');
SELECT throws_ok($$ SELECT gaiops_percentile(('{NULL}', '{1}'), 0.5) $$, '22023', NULL, 'nor of nulls');
SELECT is(gaiops_percentile(('{-5,100000,10}', '{5,5,1}'), 0.5), 0.01::float8, 'buckets that there are not do not count');

-- Who sees what --------------------------------------------------------------

CREATE ROLE gaiops_test_reader;
CREATE ROLE gaiops_test_viewer;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer');
GRANT USAGE ON SCHEMA gaiops, gaiops_partitions TO gaiops_test_reader;
GRANT USAGE ON SCHEMA gaiops_partitions TO gaiops_test_viewer;
GRANT SELECT ON ALL TABLES IN SCHEMA gaiops, gaiops_partitions TO gaiops_test_reader, gaiops_test_viewer;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA gaiops TO gaiops_test_reader;
REVOKE EXECUTE ON FUNCTION gaiops.viewer_right(), gaiops.user_right(), gaiops.admin_right() FROM gaiops_test_reader;
CREATE FUNCTION pg_temp.rows_seen(role name) RETURNS TABLE (relation text, n bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('role', role, true);
	FOR relation IN SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace IN ('gaiops'::regnamespace, 'gaiops_partitions'::regnamespace)
		AND (c.relname ~ '^(spans|span_payloads)' OR c.relname IN ('intents', 'trace_tags', 'joined_traces', 'usage_deltas', 'all_spans', 'calls_in_flight',
			'traces', 'sessions', 'span_contents', 'usage_hourly')) AND c.relkind IN ('r', 'p', 'v')
	LOOP
		EXECUTE format('SELECT count(*) FROM %s', relation) INTO n;
		RETURN NEXT;
	END LOOP;
	PERFORM set_config('role', 'none', true);
END
$$;
SELECT is_empty($$ SELECT * FROM pg_temp.rows_seen('gaiops_test_reader') WHERE n > 0 $$,
	'who was merely given SELECT sees nothing in parents, partitions and views');
SELECT set_eq($$ SELECT * FROM pg_temp.rows_seen('gaiops_test_viewer') $$, $$ SELECT * FROM pg_temp.rows_seen(current_user) $$, 'a viewer sees everything');
SET ROLE gaiops_test_viewer;
SELECT results_eq($$ SELECT status FROM gaiops.traces WHERE trace_id = '00000000-0000-0000-0000-000000000002' $$, ARRAY['OK'], 'traces among it');
SELECT isnt_empty('SELECT * FROM gaiops_status()', 'and the status');
RESET ROLE;
SELECT is_empty($$ SELECT item, detail FROM gaiops_status() WHERE status NOT IN ('ok', 'warning', 'error') OR item IS NULL OR detail IS NULL $$,
	'the status is ok, warning or error, and says why');
SELECT is(detail, '2', 'the status counts calls in flight') FROM gaiops_status() WHERE item = 'calls in flight';
SELECT matches(status || detail, '^warning2 were', 'and those lost') FROM gaiops_status() WHERE item = 'unknown calls';

SELECT * FROM finish();
ROLLBACK;
