-- What a merge and a read cost among :records records of three datasets, beside what
-- they would cost without us: an INSERT ... ON CONFLICT into a table of the same shape,
-- and a SELECT by key.  Each is measured five times, in turns, and the median counts.
SET client_min_messages = warning;

CREATE FUNCTION bench.records(dataset text, low integer, high integer, answer text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT pg_catalog.jsonb_agg(pg_catalog.jsonb_build_object(
		'inputs', pg_catalog.jsonb_build_object('question', pg_catalog.format('Where is order %s of %s?', i, dataset),
			'context', pg_catalog.repeat(pg_catalog.format('Order %s was sent. ', i), 5)),
		'expectations', pg_catalog.jsonb_build_object('expected_response', pg_catalog.format('%s: %s', i, answer)),
		'source', pg_catalog.jsonb_build_object('session_id', pg_catalog.format('s%s', i / 5))))
	FROM pg_catalog.generate_series(low, high) AS i
$$;

\set QUIET on
SELECT pg_catalog.gaiops_create_dataset(d) AS made FROM pg_catalog.unnest('{small,large,other}'::text[]) AS d \g /dev/null
SELECT pg_catalog.gaiops_merge_records('small', bench.records('small', 1, 10000, 'here')) AS merged \g /dev/null
SELECT pg_catalog.gaiops_merge_records('large', bench.records('large', i, i + 9999, 'here')) AS merged
	FROM pg_catalog.generate_series(1, :records * 9 / 10, 10000) AS i \g /dev/null
SELECT pg_catalog.gaiops_merge_records('other', bench.records('other', i, i + 9999, 'here')) AS merged
	FROM pg_catalog.generate_series(1, :records * 9 / 100, 10000) AS i \g /dev/null
CREATE TABLE bench.dataset_records (LIKE gaiops.dataset_record_versions INCLUDING ALL);
INSERT INTO bench.dataset_records SELECT * FROM gaiops.dataset_record_versions;
VACUUM ANALYZE gaiops.dataset_record_versions;
VACUUM ANALYZE bench.dataset_records;

-- The rows that the last merge wrote, once more.
CREATE TABLE bench.merged (LIKE gaiops.dataset_record_versions);
CREATE TABLE bench.times (what text, round integer, ms double precision);
CREATE PROCEDURE bench.measure(what text, round integer, statement text) LANGUAGE plpgsql AS $$
DECLARE
	start timestamptz;
BEGIN
	COMMIT;
	start := pg_catalog.clock_timestamp();
	EXECUTE statement;
	COMMIT;
	INSERT INTO bench.times VALUES (what, round, pg_catalog.date_part('epoch', pg_catalog.clock_timestamp() - start) * 1000);
END
$$;
CREATE PROCEDURE bench.take_turns() LANGUAGE plpgsql AS $$
DECLARE
	low integer;
BEGIN
	FOR round IN 1 .. 5 LOOP
		low := round * 10000 + 1000001;
		CREATE TABLE bench.given AS SELECT bench.records('small', low, low + 9999, 'new') AS records, bench.records('small', 1, 10000, 'round ' || round) AS changed;
		CALL bench.measure('merge', round, 'SELECT pg_catalog.gaiops_merge_records(''small'', g.records) FROM bench.given AS g');
		CALL bench.measure('change', round, 'SELECT pg_catalog.gaiops_merge_records(''small'', g.changed) FROM bench.given AS g');
		TRUNCATE bench.merged;
		INSERT INTO bench.merged SELECT * FROM gaiops.dataset_record_versions AS v WHERE v.dataset = 'small' AND v.change = 1
			AND v.revision = (SELECT d.revision - 1 FROM gaiops.datasets AS d WHERE d.name = 'small');
		CALL bench.measure('insert', round, 'INSERT INTO bench.dataset_records SELECT * FROM bench.merged
			ON CONFLICT (dataset, record_id, revision) DO UPDATE SET outputs = EXCLUDED.outputs');
		CALL bench.measure('one by one', round, 'SELECT pg_catalog.count(pg_catalog.gaiops_merge_record(''other'', r -> ''inputs'', r -> ''expectations''))
			FROM bench.given AS g, pg_catalog.jsonb_array_elements(g.records) AS r');
		CALL bench.measure('read', round, 'SELECT pg_catalog.count(r) FROM pg_catalog.gaiops_dataset_records(''small'', 1) AS r');
		CALL bench.measure('select', round, 'SELECT pg_catalog.count(r) FROM (
			SELECT * FROM bench.dataset_records AS b WHERE b.dataset = ''small'' AND b.revision = 1 OFFSET 0) AS r');
		DROP TABLE bench.given;
	END LOOP;
END
$$;
CALL bench.take_turns();

WITH median AS (
	SELECT what, pg_catalog.percentile_cont(0.5) WITHIN GROUP (ORDER BY ms) AS ms FROM bench.times GROUP BY what
), cell AS (
	SELECT pg_catalog.max(ms) FILTER (WHERE what = 'merge') AS merge, pg_catalog.max(ms) FILTER (WHERE what = 'change') AS change,
		pg_catalog.max(ms) FILTER (WHERE what = 'insert') AS "insert", pg_catalog.max(ms) FILTER (WHERE what = 'one by one') AS one_by_one,
		pg_catalog.max(ms) FILTER (WHERE what = 'read') AS read, pg_catalog.max(ms) FILTER (WHERE what = 'select') AS "select"
	FROM median
)
SELECT pg_catalog.format(l.line, l.a, l.b)
FROM cell AS c, LATERAL (VALUES
	(1, '  %s ms: a merge of 10,000 new records; %s times the INSERT ... ON CONFLICT of the same rows', pg_catalog.round(c.merge), pg_catalog.round((c.merge / c."insert")::numeric, 2)),
	(2, '  %s ms: a merge of 10,000 that change; %s times that INSERT', pg_catalog.round(c.change), pg_catalog.round((c.change / c."insert")::numeric, 2)),
	(3, '  %s ms: 10,000 merged one after the other by a query; %s times that INSERT', pg_catalog.round(c.one_by_one), pg_catalog.round((c.one_by_one / c."insert")::numeric, 2)),
	(4, '  %s ms: the read of a revision of 10,000 records; %s times the SELECT of the same rows', pg_catalog.round(c.read), pg_catalog.round((c.read / c."select")::numeric, 2))) AS l (n, line, a, b)
ORDER BY l.n;
