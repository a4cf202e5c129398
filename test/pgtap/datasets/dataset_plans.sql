-- Plans on datasets: a merge, a deletion and the read of a revision never scan the table
-- of records, whatever is known about it, and whatever was planned when it was small.
-- The server counts scans and the rows they fetch, as they are made.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

-- Runs a statement; returns how often the records of datasets were scanned from end to
-- end, and whether at most so many of their rows and of their blocks were fetched.
CREATE FUNCTION pg_temp.scans(statement text, most bigint, most_blocks bigint DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	records CONSTANT oid := 'gaiops.dataset_record_versions'::regclass;
	indexes CONSTANT oid[] := ARRAY(SELECT indexrelid FROM pg_index WHERE indrelid = records);
	scanned bigint := pg_stat_get_xact_numscans(records);
	fetched bigint := (SELECT sum(pg_stat_get_xact_tuples_returned(i)) FROM unnest(indexes) AS i);
	blocks bigint := (SELECT sum(pg_stat_get_xact_blocks_fetched(i)) FROM unnest(indexes || records) AS i);
BEGIN
	EXECUTE statement;
	scanned := pg_stat_get_xact_numscans(records) - scanned;
	fetched := (SELECT sum(pg_stat_get_xact_tuples_returned(i)) FROM unnest(indexes) AS i) - fetched;
	blocks := (SELECT sum(pg_stat_get_xact_blocks_fetched(i)) FROM unnest(indexes || records) AS i) - blocks;
	RETURN format('%s scans, %s rows', scanned, CASE WHEN fetched > most THEN fetched::text WHEN blocks > most_blocks THEN 'few of ' || blocks || ' blocks' ELSE 'few' END);
END
$$;
CREATE FUNCTION pg_temp.records(a integer, b integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', i), 'outputs', i)) FROM generate_series(a, b) AS i
$$;
-- All that must not scan, on a dataset of 200 records in 200,000: what it is, and what it did.
CREATE FUNCTION pg_temp.all_scans(round integer, OUT what text, OUT did text) RETURNS SETOF record LANGUAGE plpgsql AS $$
DECLARE
	old CONSTANT text := '(SELECT jsonb_agg(jsonb_build_object(''inputs'', jsonb_build_object(''question'', i), ''outputs'', ' || round || ')) FROM generate_series(1, 100) AS i)';
BEGIN
	FOR what, did IN
		SELECT e.what, pg_temp.scans(e.statement, e.most) FROM (VALUES
			('merge of new records', format('SELECT gaiops_merge_records(''small'', pg_temp.records(%s, %s))', round * 1000 + 100001, round * 1000 + 100100), 500),
			('merge of known records', format('SELECT gaiops_merge_records(''small'', %s)', old), 1000),
			('merge of one after another', format('SELECT count(gaiops_merge_record(''small'', jsonb_build_object(''question'', i), outputs => ''%s'')) FROM generate_series(1, 100) AS i', -round), 2000),
			('deletion', format('SELECT gaiops_delete_records(''small'', ARRAY(SELECT gaiops.record_id(jsonb_build_object(''question'', i), NULL) FROM generate_series(%s, %s) AS i))', round * 1000 + 100001, round * 1000 + 100100), 1000),
			('read of the first revision', 'SELECT count(*) FROM gaiops_dataset_records(''small'', 1)', 3000),
			('read of the latest revision', 'SELECT count(*) FROM gaiops_dataset_records(''small'')', 3000),
			('read of a split', 'SELECT count(*) FROM gaiops_dataset_records(''small'', split => ''x'')', 3000),
			('read of the view', 'SELECT count(*) FROM gaiops.dataset_records WHERE dataset = ''small''', 3000),
			('read of one record', 'SELECT count(*) FROM gaiops.dataset_records WHERE dataset = ''small'' AND record_id = gaiops.record_id(''{"question": 1}'', NULL)', 50),
			('size', 'SELECT records FROM gaiops.datasets WHERE name = ''small''', 1000)) AS e (what, statement, most)
	LOOP
		RETURN NEXT;
	END LOOP;
	-- Rows that an index skips are not counted: what is read to find them is.
	what := 'read of an early revision of a large dataset';
	did := pg_temp.scans('SELECT count(*) FROM gaiops_dataset_records(''large'', 1)', 200, 200);
	RETURN NEXT;
	what := 'size of an early revision of a large dataset';
	did := pg_temp.scans('SELECT gaiops.dataset_size(''large'', 1)', 200, 200);
	RETURN NEXT;
END
$$;

SELECT gaiops_create_dataset(d) AS made FROM unnest('{small,large,other}'::text[]) AS d \g /dev/null
-- Plans of a table of next to nothing, of which statistics tell.
SELECT gaiops_merge_records('small', pg_temp.records(1, 1)) AS merged \g /dev/null
VACUUM ANALYZE gaiops.dataset_record_versions;
SELECT gaiops_merge_records('small', pg_temp.records(1, 1)), gaiops_merge_record('small', '{"question": 1}'), gaiops_dataset_records('small') AS read
	FROM generate_series(1, 10) \g /dev/null
SELECT is(pg_temp.scans('SELECT count(*) FROM gaiops.dataset_record_versions', 0), '1 scans, few rows', 'scans are counted');
SELECT gaiops_merge_records('small', pg_temp.records(1, 200)) AS merged \g /dev/null
SELECT gaiops_merge_records('large', pg_temp.records(1, 100)) AS merged \g /dev/null
SELECT is(pg_temp.scans('SELECT gaiops_merge_records(''large'', pg_temp.records(101, 20000))', 800000), '0 scans, few rows', 'a large merge into a table that was small when it was planned');
-- Identities are hashes: the dataset is in no order of theirs.
SELECT gaiops_merge_records('other', pg_temp.records(1, 800)) AS merged \g /dev/null

SELECT is(s.did, '0 scans, few rows', s.what || ', planned when the table was small') FROM pg_temp.all_scans(1) AS s;
DISCARD PLANS;
SELECT is(s.did, '0 scans, few rows', s.what || ', of a table that nothing is known about') FROM pg_temp.all_scans(2) AS s;
VACUUM ANALYZE gaiops.dataset_record_versions;
SELECT is(s.did, '0 scans, few rows', s.what || ', with statistics') FROM pg_temp.all_scans(3) AS s;
SET plan_cache_mode = force_generic_plan;
SELECT is(s.did, '0 scans, few rows', s.what || ', by plans for any dataset') FROM pg_temp.all_scans(4) AS s;
SET plan_cache_mode = force_custom_plan;
SELECT is(s.did, '0 scans, few rows', s.what || ', by plans for this dataset') FROM pg_temp.all_scans(5) AS s;
RESET plan_cache_mode;
-- What serves the large dataset first is not kept for the small one.
SELECT count(*) AS read FROM generate_series(1, 10), gaiops_dataset_records('large') \g /dev/null
SELECT is(s.did, '0 scans, few rows', s.what || ', after the same for a large dataset') FROM pg_temp.all_scans(6) AS s;

-- As somebody who may read, whom policies let see the rows.
CREATE ROLE gaiops_test_reader;
SELECT gaiops_grant('gaiops_test_reader', 'viewer') AS granted \g /dev/null
SET ROLE gaiops_test_reader;
SELECT is(pg_temp.scans(e.statement, e.most), '0 scans, few rows', e.statement || ' of a viewer') FROM (VALUES
	('SELECT count(*) FROM gaiops_dataset_records(''small'', 1)', 3000),
	('SELECT count(*) FROM gaiops.dataset_records WHERE dataset = ''small''', 3000),
	('SELECT count(*) FROM gaiops.dataset_records WHERE dataset = ''small'' AND record_id = ''621ac555-305f-8ab2-8346-f31fa6150103''', 50)) AS e (statement, most);
RESET ROLE;
SET client_min_messages = error;
DROP OWNED BY gaiops_test_reader;
DROP ROLE gaiops_test_reader;

SELECT * FROM finish();
