-- What it costs to read gaiops.traces: beside the same of gaiops.spans, a few lookups for what
-- is no call of its own.  The server counts scans and rows as they are made.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
SELECT gaiops.make_partition('gaiops.spans', m, m + interval '1 month')
FROM generate_series('2031-01-01 00:00+00'::timestamptz, '2031-12-01 00:00+00', '1 month') AS m \g /dev/null
-- 6000 calls of which one in 20 fails, one in 20 needs a second attempt, and one in 20 is made by steps of an application.
INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, purpose, experiment, model, session_role, role, is_entry, attempt, cost, start_time, latency_ms, user_id, entry_start_time)
	SELECT lpad(n::text, 32, '0')::uuid, lpad((2 * n + i)::text, 16, '0'), CASE WHEN n % 20 = 2 AND i = 1 THEN lpad((2 * n)::text, 16, '0') END, 'n', 'CHAT_MODEL',
		CASE WHEN n % 20 = 0 OR n % 20 = 1 AND i = 0 THEN 'ERROR' ELSE 'OK' END, 'application', 'plans', 'm' || n % 3, 'r', 'r', i = 0,
		CASE WHEN n % 20 = 2 THEN nullif(i, 0) ELSE i + 1 END, 1, '2031-01-01 00:00+00'::timestamptz + n * interval '80 minutes' + i * interval '1 second', 100, 'u' || n % 10,
		CASE WHEN i = 1 THEN '2031-01-01 00:00+00'::timestamptz + n * interval '80 minutes' END
	FROM generate_series(1, 6000) AS n, generate_series(0, CASE WHEN n % 20 IN (1, 2) THEN 1 ELSE 0 END) AS i;

-- 6000 calls in traces of an application, two in each.
INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, purpose, experiment, model, session_role, role, is_entry, attempt, cost, start_time, latency_ms)
	SELECT md5((n / 2)::text)::uuid, lpad(n::text, 16, '0'), 'ffffffffffffffff', 'n', 'CHAT_MODEL', 'OK', 'application', 'joined', 'm' || n % 3, 'r', 'r', true, 1, 1,
		'2031-01-01 00:00+00'::timestamptz + (n / 2) * interval '160 minutes' + n % 2 * interval '1 second', 100
	FROM generate_series(2, 6001) AS n;
INSERT INTO gaiops.joined_traces
	SELECT DISTINCT ON (s.trace_id) s.trace_id, s.span_id, s.start_time FROM gaiops.spans AS s WHERE s.experiment = 'joined' ORDER BY s.trace_id, s.start_time;
UPDATE gaiops.spans AS s SET entry_start_time = j.start_time FROM gaiops.joined_traces AS j WHERE j.trace_id = s.trace_id AND s.experiment = 'joined';

-- What a query reads of spans, of what is under way and of what joined traces: rows, and a lookup in an index that finds none as well.
CREATE FUNCTION pg_temp.reads(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	read bigint;
	q CONSTANT text := 'SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + coalesce(idx_scan, 0)) FROM pg_stat_xact_all_tables WHERE schemaname LIKE ''gaiops%'' AND relname ~ ''^(spans|intents|joined_traces)''';
	after bigint;
BEGIN
	EXECUTE q INTO read;
	EXECUTE query;
	EXECUTE q INTO after;
	RETURN after - read;
END
$$;
CREATE FUNCTION pg_temp.check_reads(known text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	q record;
	spans bigint;
BEGIN
	FOR q IN
		SELECT * FROM (VALUES
			('statuses', 'SELECT DISTINCT status FROM %s WHERE experiment = ''plans''', 3),
			-- Nothing is looked up for these, but of the few whose trace began the day before.
			('hours', 'SELECT date_trunc(''hour'', start_time), count(*) FROM %s WHERE experiment = ''plans'' GROUP BY 1', 1.1),
			('models', 'SELECT model, count(*) FROM %s WHERE experiment = ''plans'' GROUP BY 1', 1.1),
			('all', 'SELECT count(*) FROM %s WHERE experiment = ''plans''', 1.1),
			('a month', 'SELECT status, count(*) FROM %s WHERE experiment = ''plans'' AND start_time >= ''2031-03-01'' AND start_time < ''2031-04-01'' GROUP BY 1', 3)) AS v (what, query, most)
	LOOP
		spans := pg_temp.reads(format(q.query, 'gaiops.spans'));
		RETURN NEXT cmp_ok(pg_temp.reads(format(q.query, 'gaiops.traces')), '<=', (q.most * spans)::bigint, format('%s of traces, %s', q.what, known));
		q.query := replace(q.query, '''plans''', '''joined''');
		RETURN NEXT cmp_ok(pg_temp.reads(format(q.query, 'gaiops.traces')), '<=', (q.most * spans)::bigint, format('%s of traces that were joined, %s', q.what, known));
	END LOOP;
	FOR q IN
		SELECT * FROM (VALUES
			('the newest 50', 'SELECT * FROM gaiops.traces WHERE start_time < ''2032-01-01'' ORDER BY start_time DESC LIMIT 50', 2500),
			('a trace by its id', 'SELECT * FROM gaiops.traces WHERE trace_id = ''00000000-0000-0000-0000-000000003002''', 100)) AS v (what, query, most)
	LOOP
		RETURN NEXT cmp_ok(pg_temp.reads(q.query), '<=', q.most::bigint, format('%s, %s', q.what, known));
	END LOOP;
END
$$;
SELECT cmp_ok(pg_temp.reads('SELECT name FROM gaiops.spans WHERE experiment = ''plans'''), '>=', 6600::bigint, 'what is read is counted');
SELECT * FROM pg_temp.check_reads('of which nothing is known');
DO $$
BEGIN
	-- As autovacuum does, which leaves out the parent.
	EXECUTE (SELECT string_agg(format('ANALYZE %s', i.inhrelid::regclass), '; ') FROM pg_inherits AS i WHERE i.inhparent = 'gaiops.spans'::regclass);
END
$$;
SELECT * FROM pg_temp.check_reads('of which autovacuum has told');
ANALYZE gaiops.spans;
SELECT * FROM pg_temp.check_reads('of which all is known');

SELECT * FROM finish();
ROLLBACK;
