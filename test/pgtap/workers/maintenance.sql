-- Maintenance: partitions are like the default one and nobody's, rows move,
-- retention, and usage that is folded without a figure changing.  Everything is
-- rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(88);

-- A server that keeps its own time, and a publication that wants every row's
-- identity, must not make a difference.
SET LOCAL timezone = 'Pacific/Auckland';
SET LOCAL datestyle = 'German';
CREATE PUBLICATION gaiops_test_all FOR ALL TABLES;
CREATE ROLE gaiops_test_default;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO gaiops_test_default, PUBLIC;

CREATE FUNCTION pg_temp.add_span(at timestamptz, name text) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	id CONSTANT uuid := gen_random_uuid();
BEGIN
	INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
	VALUES (id, 'aaaaaaaaaaaaaaaa', name, 'CHAIN', 'OK', 'application', 'e', 'r', 'r', true, at);
	INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body)
	VALUES (id, 'aaaaaaaaaaaaaaaa', 'request', at, name);
	RETURN id;
END
$$;
CREATE FUNCTION pg_temp.table_of(name text) RETURNS text LANGUAGE sql AS $$
	SELECT s.tableoid::regclass::text FROM gaiops.spans AS s WHERE s.name = table_of.name
$$;

-- What is needed -------------------------------------------------------------

CREATE TEMP VIEW needed AS
	SELECT parent::text, to_char(from_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS from_time,
		to_char(to_time AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS to_time, present
	FROM gaiops.needed_partitions('2031-12-31 23:59:59.999999+00');
SELECT results_eq('SELECT * FROM needed ORDER BY 1 DESC, 2', $$ VALUES
	('gaiops.spans', '2031-12-01 00:00', '2032-01-01 00:00', false),
	('gaiops.spans', '2032-01-01 00:00', '2032-02-01 00:00', false),
	('gaiops.span_payloads', '2031-12-31 00:00', '2032-01-01 00:00', false),
	('gaiops.span_payloads', '2032-01-01 00:00', '2032-01-02 00:00', false),
	('gaiops.span_payloads', '2032-01-02 00:00', '2032-01-03 00:00', false),
	('gaiops.span_payloads', '2032-01-03 00:00', '2032-01-04 00:00', false) $$,
	'this month and the next, today and three days more, in UTC');
SELECT is(count(*), 6::bigint, 'each is a step') FROM gaiops.maintenance_steps('2031-12-31 23:59+00') WHERE statement ~ 'make_partition';

-- A partition ----------------------------------------------------------------

SELECT is(pg_temp.add_span('2031-11-30 23:59:59.999999+00', 'before') IS NULL, false, 'a span before the period');
SELECT is(pg_temp.add_span('2031-12-01 00:00+00', 'first') IS NULL, false, 'the first of the period');
SELECT is(pg_temp.add_span('2031-12-31 23:59:59.999999+00', 'last') IS NULL, false, 'the last of the period');
SELECT is(pg_temp.add_span('2032-01-01 00:00+00', 'after') IS NULL, false, 'a span after the period');
SELECT is(pg_temp.table_of('first'), 'gaiops_partitions.spans_default', 'without a partition rows are in the default one');
SELECT is(gaiops.make_partition('gaiops.spans', '2031-12-01 00:00+00', '2032-01-01 00:00+00'), false, 'a partition is made');
SELECT is(gaiops.make_partition('gaiops.span_payloads', '2031-12-01 00:00+00', '2031-12-02 00:00+00'), false, 'and one of payloads');
SELECT has_table('gaiops_partitions', 'spans_2031_12', 'named by its month');
SELECT has_table('gaiops_partitions', 'span_payloads_2031_12_01', 'or day');
SELECT is(array_agg(n || ' ' || pg_temp.table_of(n) ORDER BY n), ARRAY['after gaiops_partitions.spans_default', 'before gaiops_partitions.spans_default',
	'first gaiops_partitions.spans_2031_12', 'last gaiops_partitions.spans_2031_12'], 'rows of the period moved, and no others')
	FROM unnest('{before,first,last,after}'::text[]) AS n;
SELECT is(pg_temp.add_span('2031-12-15 12:00+00', 'new') IS NULL, false, 'another span');
SELECT is(pg_temp.table_of('new'), 'gaiops_partitions.spans_2031_12', 'goes into the partition');
SELECT results_eq($$ SELECT partition::text, from_time, to_time FROM gaiops.partitions('gaiops.spans') WHERE from_time > '2031-01-01' $$,
	$$ VALUES ('gaiops_partitions.spans_2031_12', '2031-12-01 00:00+00'::timestamptz, '2032-01-01 00:00+00'::timestamptz) $$, 'gaiops.partitions() has it');
SELECT is(present, true, 'it is there for those who need it') FROM needed WHERE from_time = '2031-12-01 00:00';
SELECT is(gaiops.make_partition('gaiops.spans', '2031-12-01 00:00+00', '2032-01-01 00:00+00'), false, 'and once only');

-- All that the default partition has, the new one has.
CREATE FUNCTION pg_temp.shape(partition regclass) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('column %s %s %s %s %s', a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage)
	FROM pg_attribute AS a WHERE a.attrelid = partition AND a.attnum > 0
	UNION ALL
	SELECT format('index %s %s', i.indisprimary, regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING', ''))
	FROM pg_index AS i WHERE i.indrelid = partition
	UNION ALL
	SELECT format('constraint %s %s', c.contype, pg_get_constraintdef(c.oid)) FROM pg_constraint AS c WHERE c.conrelid = partition
	UNION ALL
	SELECT format('policy %s %s %s %s %s', p.polname, p.polcmd, p.polpermissive, p.polroles, pg_get_expr(p.polqual, p.polrelid))
	FROM pg_policy AS p WHERE p.polrelid = partition
	UNION ALL
	SELECT format('owner %s security %s identity %s persistence %s', c.relowner, c.relrowsecurity, c.relreplident, c.relpersistence)
	FROM pg_class AS c WHERE c.oid = partition
$$;
SELECT set_eq($$ SELECT pg_temp.shape('gaiops_partitions.spans_2031_12') $$, $$ SELECT pg_temp.shape('gaiops_partitions.spans_default') $$, 'spans: shape, keys, policy and owner');
SELECT set_eq($$ SELECT pg_temp.shape('gaiops_partitions.span_payloads_2031_12_01') $$, $$ SELECT s FROM pg_temp.shape('gaiops_partitions.span_payloads_default') AS s WHERE s !~ 'start_time[)]$' $$,
	'payloads: the same, but for the index that rows are found by to move');
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace IN ('gaiops'::regnamespace, 'gaiops_partitions'::regnamespace) AND c.relkind IN ('r', 'p')
	AND NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = c.oid AND i.indisprimary)
	AND c.relkind = 'r' AND c.relreplident <> 'f' AND c.relname NOT IN ('rejected_records', 'run_metrics') $$,
	'every table that rows are deleted from has a replica identity');
SELECT is_empty($$ SELECT indexrelid::regclass FROM pg_index WHERE indrelid IN ('gaiops.spans'::regclass, 'gaiops.span_payloads'::regclass) $$,
	'the parents have no index');
SELECT is_empty($$ SELECT c.oid::regclass, a.grantee FROM pg_class AS c, aclexplode(c.relacl) AS a
	WHERE c.oid IN ('gaiops_partitions.spans_2031_12'::regclass, 'gaiops_partitions.span_payloads_2031_12_01'::regclass) AND a.grantee <> c.relowner $$,
	'nobody has a privilege, whatever the default privileges are');
SELECT is_empty($$ SELECT refclassid FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = 'gaiops_partitions.spans_2031_12'::regclass AND deptype = 'e' $$,
	'a partition is no part of the extension, so that it is dumped');
SELECT isnt(obj_description('gaiops_partitions.spans_2031_12'::regclass), NULL, 'it has a comment');

-- Partitions are out of the way of who reads, and nobody puts a table among them.
SELECT is_empty($$ SELECT c.oid::regclass FROM pg_class AS c WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relispartition $$,
	'no partition is among the tables and views');
SELECT is_empty($$ SELECT a.grantee::regrole, a.privilege_type FROM pg_namespace AS n, aclexplode(n.nspacl) AS a
	WHERE n.nspname = 'gaiops_partitions' AND a.grantee <> n.nspowner $$, 'nobody has a privilege on their schema');
CREATE ROLE gaiops_test_viewer;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer') AS held \gset
SET ROLE gaiops_test_viewer;
SELECT is(count(*), 2::bigint, 'a viewer reads what is in one') FROM gaiops.spans WHERE name IN ('first', 'last');
SELECT throws_ok('SELECT count(*) FROM gaiops_partitions.spans_2031_12', '42501', 'permission denied for schema gaiops_partitions', 'by the table alone');
SELECT throws_ok('CREATE TABLE gaiops_partitions.spans_2032_01 ()', '42501', 'permission denied for schema gaiops_partitions', 'and makes none');
RESET ROLE;

-- Too many to be moved at once: in parts, each of them a partition.
CREATE FUNCTION pg_temp.add_many(name text, n integer, at timestamptz, step interval) RETURNS void LANGUAGE sql AS $$
	INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
	SELECT gen_random_uuid(), 'aaaaaaaaaaaaaaaa', name, 'CHAIN', 'OK', 'application', 'e', 'r', 'r', true, at + i * step
	FROM generate_series(0, n - 1) AS i;
$$;
SELECT format('SELECT max(%s) AS bytes FROM gaiops_partitions.spans_default AS r WHERE r.name = ''parts''', gaiops.row_bytes('gaiops.spans')) AS measure \gset
-- Ten times as many bytes as the rows have: of what is published a tenth is moved at once.
CREATE FUNCTION pg_temp.make(month timestamptz, rows integer) RETURNS boolean LANGUAGE sql AS $$
	SELECT gaiops.make_partition('gaiops.spans', month, month + interval '1 month', 10 * rows * current_setting('test.bytes')::bigint);
$$;
SET LOCAL timezone = 'UTC';
SELECT pg_temp.add_many('parts', 2500, '2032-03-01 00:00+00', '1 minute') \g /dev/null
:measure \gset
SELECT set_config('test.bytes', :'bytes', true) \g /dev/null
SELECT is(pg_temp.make('2032-03-01', 1000), true, 'a part of the rows is moved');
SELECT is(count(*) FILTER (WHERE tableoid = 'gaiops_partitions.spans_default'::regclass), 1500::bigint, 'the others are where they were')
	FROM gaiops.spans WHERE name = 'parts';
SELECT is_empty($$ SELECT parent FROM gaiops.needed_partitions('2032-03-10') WHERE parent = 'gaiops.spans'::regclass AND from_time = '2032-03-01' AND present $$,
	'and the month is not done');
SELECT pg_temp.add_many('late', 1, '2032-03-01 00:00:30+00', '0') \g /dev/null
SELECT is(pg_temp.table_of('late'), 'gaiops_partitions.spans_2032_03_part1', 'a span of that part that comes late goes there');
SELECT is(pg_temp.make('2032-03-01', 1000), true, 'another part is, where it was left');
SAVEPOINT before_retention;
SELECT gaiops.drop_partition('gaiops_partitions.spans_2032_03_part1') \g /dev/null
SELECT gaiops.partition_name('gaiops.spans', '2032-03-01', '2032-04-01', true) AS next_part \gset
ROLLBACK TO before_retention;
SELECT is(:'next_part'::text, 'spans_2032_03_part3', 'the next one has no name that is taken, though retention has dropped the first');
SELECT is(pg_temp.make('2032-03-01', 1000), false, 'and the rest');
SELECT results_eq($$ SELECT tableoid::regclass::text, count(*), count(DISTINCT trace_id) FROM gaiops.spans WHERE name = 'parts' GROUP BY 1 ORDER BY 1 $$,
	$$ VALUES ('gaiops_partitions.spans_2032_03', 500::bigint, 500::bigint), ('gaiops_partitions.spans_2032_03_part1', 1000, 1000),
		('gaiops_partitions.spans_2032_03_part2', 1000, 1000) $$, 'every row is in one of them, once');
SELECT results_eq($$ SELECT from_time, to_time FROM gaiops.partitions('gaiops.spans') WHERE partition::text ~ '2032_03' ORDER BY 1 $$,
	$$ VALUES ('2032-03-01 00:00+00'::timestamptz, '2032-03-01 16:40+00'::timestamptz), ('2032-03-01 16:40+00', '2032-03-02 09:20+00'),
		('2032-03-02 09:20+00', '2032-04-01 00:00+00') $$, 'which are the month, without a gap');
SELECT isnt_empty($$ SELECT parent FROM gaiops.needed_partitions('2032-03-10') WHERE parent = 'gaiops.spans'::regclass AND from_time = '2032-03-01' AND present $$,
	'that is done');
-- What rows weigh counts, not how many they are.
ALTER TABLE gaiops_partitions.span_payloads_default ALTER COLUMN body SET STORAGE EXTERNAL;
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, body)
SELECT gen_random_uuid(), 'aaaaaaaaaaaaaaaa', 'request', '2032-07-01 00:00+00'::timestamptz + n * interval '1 second', repeat('x', 16000)
FROM generate_series(1, 20) AS n;
SELECT is(gaiops.make_partition('gaiops.span_payloads', '2032-07-01', '2032-07-02', 10 * 160000), true, 'large rows are moved in parts, however few');
SELECT is(count(*), 10::bigint, 'half of them') FROM gaiops_partitions.span_payloads_2032_07_01_part1;
SELECT is(gaiops.make_partition('gaiops.span_payloads', '2032-07-01', '2032-07-02', 10), true, 'a row that is larger than all that is to be moved');
SELECT is(count(*), 1::bigint, 'is moved alone') FROM gaiops_partitions.span_payloads_2032_07_01_part2;
SELECT is(gaiops.make_partition('gaiops.span_payloads', '2032-07-01', '2032-07-02'), false, 'and the rest at once');
-- Nobody has a constraint taken for true that may not be.
CREATE TABLE pg_temp.unproven (n integer);
ALTER TABLE pg_temp.unproven ADD CONSTRAINT small CHECK (n < 0) NOT VALID;
SELECT throws_ok($$ SELECT gaiops.trust_constraint('unproven', 'small') $$, '42809', '"unproven" is not a default partition of genaiops',
	'constraints of other tables are not trusted');
ALTER TABLE gaiops_partitions.spans_2032_03 ADD CONSTRAINT small CHECK (attempt < 0) NOT VALID;
SELECT throws_ok($$ SELECT gaiops.trust_constraint('gaiops_partitions.spans_2032_03', 'small') $$, '42809', NULL, 'nor those of other partitions');
ALTER TABLE gaiops_partitions.spans_2032_03 DROP CONSTRAINT small;
SELECT is_empty($$ SELECT grantee FROM pg_proc, aclexplode(proacl) WHERE proname = 'trust_constraint' AND grantee <> proowner $$, 'by anybody but the owner');
-- However many rows are in the default partition, it is not read while it is locked.
CREATE FUNCTION pg_temp.times_read() RETURNS bigint LANGUAGE sql AS $$
	SELECT sum(seq_scan)::bigint FROM pg_stat_xact_all_tables
	WHERE relid IN ('gaiops_partitions.spans_default'::regclass, 'gaiops_partitions.span_payloads_default'::regclass)
$$;
SET LOCAL enable_seqscan = off;
SELECT pg_temp.add_span('2032-05-01 00:00+00', 'read') AS id, pg_temp.times_read() AS read_before \gset
SELECT pg_temp.make('2032-05-01', 1000), gaiops.make_partition('gaiops.span_payloads', '2032-05-01 00:00+00', '2032-05-02 00:00+00') \g /dev/null
SELECT is(pg_temp.times_read(), :read_before::bigint, 'making partitions reads no default partition as a whole');
RESET enable_seqscan;
SELECT pg_temp.add_many('at once', 1500, '2032-06-01 00:00+00', '0') \g /dev/null
SELECT is(pg_temp.make('2032-06-01', 1000), false, 'what began at one moment is moved together');
SELECT is(pg_temp.table_of(name), 'gaiops_partitions.spans_2032_06', 'all of it') FROM gaiops.spans WHERE name = 'at once' GROUP BY name, tableoid;

-- Rows of the past get a partition, too, unless they are too old to stay.
SELECT pg_temp.add_many('many', 10001, '2032-04-01 00:00+00', '0') \g /dev/null
CREATE TEMP VIEW past AS
	SELECT substring(statement, 'gaiops\.span[^'']*') || substring(statement, ' ''(\d\d\d\d-\d\d-\d\d)') AS step FROM gaiops.maintenance_steps('2032-04-20 00:00+00')
	WHERE statement ~ 'make_partition' AND statement ~ '2031|2032-0[123]|2032-04-01';
SELECT pg_temp.add_span('2032-03-19 00:00+00', 'too old') AS id \gset
SELECT pg_temp.add_span('2032-03-22 00:00+00', 'to stay') AS id \gset
SELECT results_eq('SELECT step FROM past WHERE step !~ ''2031''', $$ VALUES ('gaiops.spans2032-04-01'), ('gaiops.spans2032-01-01'), ('gaiops.span_payloads2032-03-22') $$,
	'months, and a day whose payloads are to stay');

-- Retention ------------------------------------------------------------------

SELECT is(gaiops.retention_start('gaiops.span_retention', '2033-01-01 00:00+00'), NULL, 'by default spans are kept for ever');
SELECT is(gaiops.retention_start('gaiops.payload_retention', '2033-03-31 00:00+00'), '2033-03-01 00:00+00'::timestamptz, 'and payloads for 30 days');
SELECT is_empty($$ SELECT statement FROM gaiops.maintenance_steps('2031-12-31 23:59:59+00') WHERE statement ~ 'drop_partition' $$,
	'a partition whose last moment is not 30 days old stays');
SELECT results_eq($$ SELECT statement FROM gaiops.maintenance_steps('2032-01-01 00:00+00') WHERE statement ~ 'drop_partition' $$,
	$$ VALUES ('SELECT gaiops.drop_partition(''gaiops_partitions.span_payloads_2031_12_01'')') $$, 'a moment later it goes');
SELECT results_eq($$ SELECT statement, timeout_ms FROM gaiops.maintenance_steps('2032-01-01 00:00+00') WHERE statement ~ 'expire' $$,
	$$ VALUES ('SELECT gaiops.expire_rows(''gaiops_partitions.span_payloads_default'', ''start_time'', ''2031-12-02 00:00:00+00'')', 60000),
		('SELECT gaiops.expire_evaluations(''2031-12-02 00:00:00+00'')', 60000) $$,
	'old rows of the default partition go, too, and texts of evaluations, and no spans');
SELECT is(gaiops.drop_partition('gaiops_partitions.span_payloads_2031_12_01'), false, 'a partition is dropped');
SELECT is_empty($$ SELECT 1 FROM gaiops.span_payloads WHERE body = 'first' $$, 'with its rows');
SELECT isnt_empty($$ SELECT 1 FROM gaiops.spans WHERE name = 'first' $$, 'and the span stays');
SELECT is(gaiops.expire_rows('gaiops_partitions.spans_default', 'start_time', '2032-04-01 00:00:00.000001+00'), true, 'expiry stops after 10,000 rows');
SELECT is(gaiops.expire_rows('gaiops_partitions.spans_default', 'start_time', '2032-04-01 00:00:00.000001+00'), false, 'and takes the rest next time');
SELECT is(count(*), 0::bigint, 'nothing is left from before') FROM gaiops_partitions.spans_default WHERE start_time < '2032-04-01 00:00:00.000001+00';
INSERT INTO gaiops.trace_tags VALUES (gen_random_uuid(), 'k', 'old', '2031-01-01'), (gen_random_uuid(), 'k', 'new', '2032-01-01');
SELECT is(gaiops.expire_rows('gaiops.trace_tags', 'updated_at', '2031-12-01 00:00+00'), false, 'tags expire');
SELECT results_eq($$ SELECT value FROM gaiops.trace_tags WHERE key = 'k' $$, $$ VALUES ('new') $$, 'by their time');

-- Folding --------------------------------------------------------------------

INSERT INTO gaiops.usage_deltas
	SELECT '2031-12-01 10:00+00'::timestamptz + h * interval '1 hour', 'e', 'application', NULLIF('llm' || k, 'llm0'), 'openai', 'm', NULL, NULL,
		1, 2, 1, 1, 10, 5, 3, 2, 0.000001 * n, n % 2, ARRAY[100 + n, 200], ARRAY[1, 2]
	FROM generate_series(0, 1) AS h, generate_series(0, 1) AS k, generate_series(1, 3) AS n;
INSERT INTO gaiops.usage_deltas
	SELECT '2031-12-01 10:00+00', 'e', 'application', 'llm1', 'openai', 'm', NULL, NULL,
		0, 0, 0, 0, 0, 0, 0, 0, 0.5, -1, '{}', '{}';
INSERT INTO gaiops.usage_deltas
	SELECT '2031-12-01 13:00+00', 'e', 'application', 'two', 'openai', 'm', NULL, NULL, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, '{1}', '{1}'
	FROM generate_series(1, 2);
CREATE TEMP TABLE unfolded AS SELECT * FROM gaiops.usage_hourly;
SELECT results_eq($$ SELECT statement FROM gaiops.maintenance_steps('2031-12-01 15:00+00') WHERE statement ~ 'fold' ORDER BY 1 $$,
	$$ VALUES ('SELECT gaiops.fold_usage(''2031-12-01 10:00:00+00'')'), ('SELECT gaiops.fold_usage(''2031-12-01 11:00:00+00'')') $$,
	'hours with more than two rows of a key are folded');
SELECT is(count(*), 1::bigint, 'not while they last') FROM gaiops.maintenance_steps('2031-12-01 11:59:59+00') WHERE statement ~ 'fold';
SELECT throws_ok('SELECT gaiops.fold_usage(now())', '22023', NULL, 'the current hour is refused');
SELECT throws_ok($$ SELECT gaiops.fold_usage('2031-12-01 10:00+00') $$, '22023', NULL, 'and any later one');
UPDATE gaiops.usage_deltas SET hour = hour - interval '11 years';
UPDATE unfolded SET hour = hour - interval '11 years';
SELECT is(gaiops.fold_usage('2020-12-01 10:00+00'), false, 'an hour is folded');
SELECT is(gaiops.fold_usage('2020-12-01 11:00+00'), false, 'and another');
SELECT is(count(*), 6::bigint, 'one row of each key is left, and those of other hours') FROM gaiops.usage_deltas;
SELECT set_eq('SELECT * FROM gaiops.usage_hourly', 'SELECT * FROM unfolded', 'no figure has changed');
SELECT isnt_empty('SELECT * FROM unfolded WHERE calls = 3 AND cost = 0.500006', 'and there were some');
SELECT is_empty($$ SELECT statement FROM gaiops.maintenance_steps('2032-01-01') WHERE statement ~ 'fold' $$, 'there is nothing to fold any more');
SELECT is(gaiops.fold_usage('2020-12-01 10:00+00'), false, 'folding again');
SELECT set_eq('SELECT * FROM gaiops.usage_hourly', 'SELECT * FROM unfolded', 'changes nothing');

-- ---- what is published ----

-- Moved in another way, which is slower; whoever publishes something else must not cause that.
DROP PUBLICATION gaiops_test_all;
CREATE OR REPLACE FUNCTION gaiops.make_published_partition(
	parent regclass, fallback regclass, partition regclass, from_time timestamptz, to_time timestamptz)
RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE 'moved as published'; END $$;
CREATE FUNCTION pg_temp.make_month(month integer) RETURNS boolean LANGUAGE sql AS $$
	SELECT gaiops.make_partition('gaiops.spans', make_timestamptz(2051, month, 1, 0, 0, 0, 'UTC'),
		make_timestamptz(2051, month + 1, 1, 0, 0, 0, 'UTC'))
$$;
CREATE PUBLICATION gaiops_test_empty;
CREATE PUBLICATION gaiops_test_other FOR TABLE gaiops.prices;
SELECT lives_ok('SELECT pg_temp.make_month(3)', 'publications of other tables do not count');
CREATE PUBLICATION gaiops_test_table FOR TABLE gaiops.spans WITH (publish_via_partition_root = true);
SELECT throws_ok('SELECT pg_temp.make_month(4)', 'moved as published', 'those of the table do');
DROP PUBLICATION gaiops_test_table;
CREATE PUBLICATION gaiops_test_partition FOR TABLE gaiops_partitions.spans_default;
SELECT throws_ok('SELECT pg_temp.make_month(4)', 'moved as published', 'and those of a partition');

-- What needs the running server is in test/t/020_maintenance.pl.
SELECT is(p.proacl::text !~ '(^|,){?=', true, p.proname || '() is not for PUBLIC')
	FROM pg_proc AS p WHERE p.proname IN ('gaiops_run_maintenance', 'make_partition', 'drop_partition', 'expire_rows') ORDER BY p.proname;

-- ---- statistics ----

CREATE FUNCTION pg_temp.analyses() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT statement FROM gaiops.maintenance_steps('2032-01-01') WHERE statement ~ 'analyze'
$$;
ANALYZE gaiops.spans;
SELECT is_empty('SELECT pg_temp.analyses()', 'spans are not analyzed again and again');
UPDATE pg_class SET reltuples = reltuples + 1000000 WHERE oid = 'gaiops_partitions.spans_default'::regclass;
SELECT results_eq('SELECT pg_temp.analyses()', $$ VALUES ('SELECT gaiops.analyze_spans()') $$, 'but when they have grown');
SELECT is(gaiops.analyze_spans(), false, 'with all their partitions');
SELECT is_empty('SELECT pg_temp.analyses()', 'and then no more');
SELECT isnt_empty($$ SELECT FROM pg_stats WHERE schemaname = 'gaiops' AND tablename = 'spans' AND attname = 'trace_id' AND inherited $$, 'so that a query on all of them can be planned');

SELECT * FROM finish();
ROLLBACK;
