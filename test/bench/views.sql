-- What charts cost of gaiops.traces, beside the same of gaiops.spans, among :spans spans in
-- 13 months: calls, of which one in 50 failed, one in 50 needed a second attempt, and one
-- in 25 joined the trace of an application elsewhere; and steps of applications with a call
-- in them, one in 20.  Each is measured five times, in turns, and the median counts.  JIT is
-- as PostgreSQL has it.
SET client_min_messages = warning;
\set QUIET on
CREATE SCHEMA IF NOT EXISTS bench;
-- Before the partitions that there are.
SELECT gaiops.make_partition('gaiops.spans', m, m + interval '1 month')
	FROM pg_catalog.generate_series('2020-01-01 00:00+00'::timestamptz, '2021-01-01 00:00+00', '1 month') AS m \g /dev/null
INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, error_class, purpose, experiment, endpoint, provider,
	model, response_model, session_id, user_id, session_role, role, application_name, is_entry, attempt, http_status, input_tokens, output_tokens, cost,
	start_time, latency_ms, entry_start_time)
SELECT pg_catalog.md5(n::text)::uuid, pg_catalog.lpad(pg_catalog.to_hex(2 * n + i), 16, '0'),
	CASE WHEN n % 20 = 0 AND i = 1 THEN pg_catalog.lpad(pg_catalog.to_hex(2 * n), 16, '0')
		WHEN n % 25 = 3 THEN 'f000000000000000' END,
	CASE WHEN n % 20 = 0 AND i = 0 THEN 'answer' ELSE 'chat gpt-4.1-mini' END, CASE WHEN n % 20 = 0 AND i = 0 THEN 'CHAIN' ELSE 'CHAT_MODEL' END,
	CASE WHEN n % 50 = 1 OR n % 50 = 2 AND i = 0 THEN 'ERROR' ELSE 'OK' END, CASE WHEN n % 50 = 1 OR n % 50 = 2 AND i = 0 THEN 'rate_limited' END,
	'application', 'exp' || n % 20, 'llm-dev', 'openai', 'model-' || n % 7, 'model-' || n % 7, 's' || n / 5, 'u' || n % 1000, 'app', 'app', 'web',
	i = 0, CASE WHEN n % 20 = 0 THEN nullif(i, 0) ELSE i + 1 END, 200, n % 500, n % 700, 0.0001 * (n % 90),
	'2020-01-01 00:00+00'::timestamptz + interval '395 days' * (n / :spans::double precision) + i * interval '1 second', n % 3000,
	CASE WHEN i = 1 OR n % 25 = 3 THEN '2020-01-01 00:00+00'::timestamptz + interval '395 days' * (n / :spans::double precision) END
FROM pg_catalog.generate_series(1, :spans * 93 / 100) AS n, pg_catalog.generate_series(0, CASE WHEN n % 20 = 0 OR n % 50 = 2 THEN 1 ELSE 0 END) AS i;
INSERT INTO gaiops.joined_traces (trace_id, span_id, start_time)
	SELECT trace_id, span_id, start_time FROM gaiops.spans WHERE parent_span_id = 'f000000000000000';
VACUUM ANALYZE gaiops.spans, gaiops.joined_traces;

CREATE TABLE bench.views (what text, source text, ms double precision);
CREATE PROCEDURE bench.read(what text, source text, query text) LANGUAGE plpgsql AS $$
DECLARE
	start CONSTANT timestamptz := pg_catalog.clock_timestamp();
BEGIN
	EXECUTE pg_catalog.format(query, source);
	INSERT INTO bench.views VALUES (what, source, extract(epoch FROM pg_catalog.clock_timestamp() - start) * 1000);
END
$$;
DO $$
DECLARE
	read record;
BEGIN
	FOR read IN
		SELECT q.what, s.source, q.query
		FROM pg_catalog.generate_series(1, 5) AS round, (VALUES
				(1, 'statuses', 'SELECT DISTINCT status FROM %s'),
				(2, 'by hour', 'SELECT date_trunc(''hour'', start_time), count(*) FROM %s GROUP BY 1'),
				(3, 'by model', 'SELECT model, count(*) FROM %s GROUP BY 1'),
				(4, 'count', 'SELECT count(*) FROM %s'),
				(5, 'statuses of a month', 'SELECT status, count(*) FROM %s WHERE start_time >= ''2020-07-01'' AND start_time < ''2020-08-01'' GROUP BY 1'),
				(6, 'cost by model', 'SELECT model, sum(cost) FROM %s GROUP BY 1'),
				(7, 'newest 50', 'SELECT * FROM %s ORDER BY start_time DESC LIMIT 50')) AS q (place, what, query),
			(VALUES ('gaiops.spans'), ('gaiops.traces')) AS s (source)
		ORDER BY round, q.place, s.source
	LOOP
		CALL bench.read(read.what, read.source, read.query);
	END LOOP;
END
$$;
SELECT pg_catalog.format('%s %s ms of spans, %s ms of traces, %s times', pg_catalog.rpad(m.what, 20), pg_catalog.round(m.spans::numeric, 1),
	pg_catalog.round(m.traces::numeric, 1), pg_catalog.round((m.traces / m.spans)::numeric, 1))
FROM (
	SELECT v.what, percentile_cont(0.5) WITHIN GROUP (ORDER BY v.ms) FILTER (WHERE v.source = 'gaiops.spans') AS spans,
		percentile_cont(0.5) WITHIN GROUP (ORDER BY v.ms) FILTER (WHERE v.source = 'gaiops.traces') AS traces
	FROM bench.views AS v GROUP BY v.what) AS m
ORDER BY m.what;
