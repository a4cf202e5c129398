-- Datasets: making and dropping them, and their revisions, which nobody can change.
-- A revision is a transaction, hence this is not one.  pgTAP does not count what is rolled
-- back: it is kept in variables of psql, and looked at afterwards.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql
-- What merging says, what is in a dataset, and its revisions.
CREATE FUNCTION pg_temp.merge(dataset text, questions text[], answer text DEFAULT 'x') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', m.inserted, m.updated, m.unchanged)
	FROM gaiops_merge_records(dataset, (
		SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', q), 'outputs', answer)) FROM unnest(questions) AS q)) AS m
$$;
CREATE FUNCTION pg_temp.questions(dataset text, revision integer DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat(r.inputs ->> 'question', '=', r.outputs ->> 0), ' ' ORDER BY r.inputs ->> 'question')
	FROM gaiops_dataset_records(dataset, revision) AS r
$$;
CREATE FUNCTION pg_temp.revisions(dataset text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s:%s', r.revision, r.records), ' ' ORDER BY r.revision) FROM gaiops.dataset_revisions AS r WHERE r.dataset = $1
$$;
CREATE FUNCTION pg_temp.id(question text) RETURNS uuid LANGUAGE sql AS $$
	SELECT gaiops.record_id(jsonb_build_object('question', question), NULL)
$$;

-- What the functions are.
SELECT is(p.oid::regprocedure::text || ' ' || pg_get_function_result(p.oid), e.signature, e.signature)
FROM (VALUES
	('gaiops_create_dataset(text,text,gaiops.ordered_json) text'),
	('gaiops_drop_dataset(text) text'),
	('gaiops_merge_records(text,gaiops.ordered_json) record'),
	('gaiops_merge_record(text,gaiops.ordered_json,gaiops.ordered_json,gaiops.ordered_json,gaiops.ordered_json,text,text) text'),
	('gaiops_delete_records(text,uuid[]) integer'),
	('gaiops_dataset_records(text,integer,text) SETOF gaiops.dataset_records'),
	('gaiops_split_dataset(text,gaiops.ordered_json,integer) TABLE(split text, records bigint)')) AS e (signature)
LEFT JOIN pg_proc AS p ON p.oid = to_regprocedure('pg_catalog.' || split_part(e.signature, ' ', 1));
SELECT is(p.proargnames, e.names::text[], e.name || ' names its arguments')
FROM (VALUES
	('gaiops_create_dataset', '{name,description,tags}'),
	('gaiops_drop_dataset', '{name}'),
	('gaiops_merge_records', '{dataset,records,inserted,updated,unchanged}'),
	('gaiops_merge_record', '{dataset,inputs,expectations,outputs,tags,key,split}'),
	('gaiops_delete_records', '{dataset,record_ids}'),
	('gaiops_dataset_records', '{dataset,revision,split}'),
	('gaiops_split_dataset', '{dataset,fractions,seed,split,records}')) AS e (name, names)
JOIN pg_proc AS p ON p.proname = e.name;

-- Making one.
SELECT is(gaiops_create_dataset('golden', 'What support must know', '{"team": "support", "n": 1.50, "ok": true}'), 'golden', 'a dataset is made');
SELECT row_eq($$ SELECT name, description, tags, revision, records, created_by, updated_by, created_at = updated_at FROM gaiops.datasets $$,
	ROW('golden'::text COLLATE "C", 'What support must know'::text, '{"team": "support", "n": 1.50, "ok": true}'::jsonb, 0, 0::bigint, current_user::text COLLATE "default", current_user::text COLLATE "default", true), 'and is there, empty');
SELECT is(pg_temp.questions('golden'), NULL, 'it has no records');
SELECT is(pg_temp.questions('golden', 0), NULL, 'nor had it before the first');
SELECT is(gaiops_create_dataset('plain', '', NULL), 'plain', 'a dataset of which nothing is said');
SELECT row_eq($$ SELECT description, tags FROM gaiops.datasets WHERE name = 'plain' $$, ROW(NULL::text, '{}'::jsonb), 'what is empty is as good as NULL');
SELECT is(gaiops_create_dataset(n), n, 'name ' || to_json(left(n, 20))) FROM unnest(ARRAY['Ünïted "quotes"', '1', repeat('ä', 127)]) AS n;
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset('golden') $$), E'42710\ndataset "golden" already exists', 'a name is given once');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset(NULL) $$), E'22004\nargument "name" must not be null', 'a name is given');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset('') $$), E'22023\nname of a dataset must have 1 to 255 bytes\nIt has 0.', 'and not empty');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset(repeat('ä', 128)) $$), E'22023\nname of a dataset must have 1 to 255 bytes\nIt has 256.', 'nor too long');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset('x', repeat('x', 10001)) $$), E'22023\nargument "description" is too long\nIt has 10001 bytes; the limit is 10000.', 'a long description');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset('x', tags => '[]') $$),
	E'22023\nargument "tags" must be a JSON object\nIt is of type array.\nFor example {"team": "support"}.', 'tags are an object');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset('x', tags => '{"a": {}}') $$),
	E'22023\nvalue of tag "a" must be a string, a number or a boolean\nIt is of type object.', 'of scalars');

-- Revisions.
SELECT is(pg_temp.merge('golden', '{a,b}'), '2 0 0', 'two records');
SELECT is(pg_temp.merge('golden', '{a,b}'), '0 0 2', 'the same again');
SELECT is(pg_temp.revisions('golden'), '1:2', 'make one revision');
SELECT is(pg_temp.merge('golden', '{b,c}', 'y'), '1 1 0', 'another, and a change');
SELECT is(gaiops_delete_records('golden', ARRAY[pg_temp.id('a')]), 1, 'one deleted');
SELECT is(pg_temp.revisions('golden'), '1:2 2:3 3:2', 'are two more');
SELECT is(pg_temp.questions('golden', r), q, 'as of revision ' || r) FROM (VALUES (0, NULL), (1, 'a=x b=x'), (2, 'a=x b=y c=y'), (3, 'b=y c=y')) AS e (r, q);
SELECT is(pg_temp.questions('golden'), 'b=y c=y', 'and as of now');
SELECT row_eq($$ SELECT revision, records FROM gaiops.datasets WHERE name = 'golden' $$, ROW(3, 2::bigint), 'the dataset says so');
SELECT set_eq($$ SELECT inputs ->> 'question' AS question, revision, created_at = updated_at AS is_new FROM gaiops.dataset_records WHERE dataset = 'golden' $$,
	$$ VALUES ('b', 2, false), ('c', 2, true) $$, 'each record has the revision that changed it');
SELECT is((SELECT updated_at FROM gaiops.datasets WHERE name = 'golden'), (SELECT created_at FROM gaiops.dataset_revisions WHERE dataset = 'golden' AND revision = 3), 'a dataset is changed when its revision is made');
SELECT is(pg_temp.revisions('plain'), NULL, 'another dataset has none of them');
SELECT is(pg_temp.raised($$ SELECT gaiops_dataset_records('golden', 4) $$), E'22023\ndataset "golden" has no revision 4\nIts latest revision is 3.', 'a revision to come');
SELECT is(pg_temp.raised($$ SELECT gaiops_dataset_records('golden', -1) $$), E'22023\ndataset "golden" has no revision -1\nIts latest revision is 3.', 'no revision at all');
SELECT is(pg_temp.raised(s), E'42704\ndataset "none" does not exist\nCreate it with gaiops_create_dataset().', s)
FROM unnest(ARRAY['SELECT gaiops_dataset_records(''none'')', 'SELECT gaiops_merge_records(''none'', ''[]'')', 'SELECT gaiops_merge_record(''none'', ''{"a": 1}'')',
	'SELECT gaiops_delete_records(''none'', ''{}'')', 'SELECT gaiops_split_dataset(''none'', ''{"a": 1}'')', 'SELECT gaiops_drop_dataset(''none'')']) AS s;

-- One for each transaction, whatever it does.
BEGIN;
SELECT is(pg_temp.merge('golden', '{d,e}'), '2 0 0', 'a transaction inserts');
SELECT is(pg_temp.merge('golden', '{d}', 'z'), '0 1 0', 'changes what it inserted');
SELECT is(gaiops_delete_records('golden', ARRAY[pg_temp.id('e'), pg_temp.id('b')]), 2, 'deletes what it inserted, and another');
SELECT is((SELECT records FROM gaiops.datasets WHERE name = 'golden'), 2::bigint, 'and sees how many there are');
SELECT is(pg_temp.merge('golden', '{b}', 'again'), '1 0 0', 'what it deleted is inserted anew');
SELECT is(pg_temp.questions('golden'), 'b=again c=y d=z', 'and sees the records');
SELECT is(pg_temp.merge('plain', '{a}'), '1 0 0', 'another dataset has another revision');
COMMIT;
SELECT is(pg_temp.revisions('golden'), '1:2 2:3 3:2 4:3', 'it is one revision');
SELECT is(pg_temp.questions('golden'), 'b=again c=y d=z', 'with all of it');
SELECT is(pg_temp.questions('golden', 3), 'b=y c=y', 'the one before is as it was');
SELECT is(pg_temp.revisions('plain'), '1:1', 'and so has the other dataset');
SELECT is(pg_temp.merge('golden', '{e}'), '1 0 0', 'what was inserted and deleted at once can be inserted');
SELECT is(pg_temp.revisions('golden'), '1:2 2:3 3:2 4:3 5:4', 'and counts');

-- A transaction and its savepoints rolled back.
BEGIN;
SELECT pg_temp.merge('golden', '{f}') AS rolled_back \gset
ROLLBACK;
SELECT is(:'rolled_back'::text, '1 0 0', 'what is rolled back');
SELECT is(pg_temp.revisions('golden'), '1:2 2:3 3:2 4:3 5:4', 'is no revision');
BEGIN;
SAVEPOINT s;
SELECT pg_temp.merge('golden', '{f}') AS rolled_back \gset
ROLLBACK TO s;
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'golden'), 5, 'the first change is taken back to a savepoint');
SELECT is(pg_temp.merge('golden', '{g}'), '1 0 0', 'another change');
SAVEPOINT s;
SELECT pg_temp.merge('golden', '{g,h}', 'lost') AS rolled_back \gset
ROLLBACK TO s;
SELECT is(:'rolled_back'::text, '1 1 0', 'and more');
SELECT is(gaiops_delete_records('golden', ARRAY[pg_temp.id('d')]), 1, 'and something else instead');
COMMIT;
SELECT is(pg_temp.revisions('golden'), '1:2 2:3 3:2 4:3 5:4 6:4', 'are one revision');
SELECT is(pg_temp.questions('golden'), 'b=again c=y e=x g=x', 'of what was kept');

-- Numbers of transactions begin anew in another cluster: what a dump brought may have the
-- number of this one, but is from another time.
BEGIN;
INSERT INTO gaiops.dataset_changes VALUES ('plain', 2, 1, pg_current_xact_id(), now() - interval '1 day', 'somebody');
UPDATE gaiops.dataset_settings SET revision = 2 WHERE name = 'plain';
SELECT is(pg_temp.merge('plain', '{b}'), '1 0 0', 'a change after one that was restored with this number of a transaction');
COMMIT;
SELECT is(pg_temp.revisions('plain'), '1:1 2:1 3:2', 'makes another revision');

-- What is there cannot be changed, not even by a superuser.
CREATE FUNCTION pg_temp.refusal(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(pg_temp.raised(statement), E'.\nMake another revision with gaiops_merge_records() or gaiops_delete_records().', '')
$$;
SELECT is(pg_temp.refusal(s), format(E'55000\nrows of gaiops.%s cannot be %s\nA revision of a dataset stays as it is for everybody, its owner included', t, d), s)
FROM (VALUES
	('UPDATE gaiops.dataset_record_versions SET outputs = ''1''', 'dataset_record_versions', 'changed'),
	('DELETE FROM gaiops.dataset_record_versions', 'dataset_record_versions', 'deleted'),
	('TRUNCATE gaiops.dataset_record_versions', 'dataset_record_versions', 'deleted'),
	('UPDATE gaiops.dataset_changes SET created_at = now()', 'dataset_changes', 'changed'),
	('DELETE FROM gaiops.dataset_changes WHERE revision = 6', 'dataset_changes', 'deleted'),
	('TRUNCATE gaiops.dataset_changes', 'dataset_changes', 'deleted'),
	('UPDATE gaiops.dataset_settings SET revision = 1 WHERE revision > 1', 'dataset_settings', 'changed'),
	('UPDATE gaiops.dataset_settings SET name = ''renamed''', 'dataset_settings', 'changed')) AS e (s, t, d);
SET session_replication_role = replica;
SELECT matches(pg_temp.raised(s), '^55000', 'nor by what replication applies: ' || s)
FROM unnest(ARRAY['DELETE FROM gaiops.dataset_record_versions', 'UPDATE gaiops.dataset_changes SET created_at = now()',
	'UPDATE gaiops.dataset_record_versions SET outputs = outputs WHERE dataset = ''golden'' AND revision = 5']) AS s;
SELECT matches(pg_temp.raised('UPDATE gaiops.dataset_record_versions SET outputs = outputs WHERE dataset = ''golden'' AND revision = 6'), '^55000',
	'nor the latest revision, by who is no subscription''s worker');
RESET session_replication_role;
BEGIN;
SELECT pg_temp.merge('golden', '{new}') AS rolled_back,
	pg_temp.raised($$ UPDATE gaiops.dataset_record_versions SET revision = 1 WHERE dataset = 'golden' AND revision = 7 $$) AS moved,
	pg_temp.raised($$ DELETE FROM gaiops.dataset_record_versions WHERE dataset = 'golden' AND revision = 7 $$) AS deleted,
	pg_temp.raised($$ UPDATE gaiops.dataset_record_versions SET outputs = '1' WHERE dataset = 'golden' AND revision = 6 $$) AS changed,
	pg_temp.raised($$ UPDATE gaiops.dataset_record_versions SET outputs = '1' WHERE dataset = 'golden' AND revision = 7 $$) AS own \gset
ROLLBACK;
SELECT matches(:'moved'::text, '^55000', 'nor moved to another revision');
SELECT matches(:'deleted'::text, '^55000', 'nor deleted by who made it');
SELECT matches(:'changed'::text, '^55000', 'nor changed by who makes another one');
SELECT is(:'own'::text, 'nothing', 'but while it is made');

-- Dropping.
SELECT gaiops_create_dataset('doomed') AS made \gset
SELECT pg_temp.merge('doomed', '{a,b}') AS merged \gset
SELECT pg_temp.merge('doomed', '{a}', 'y') AS merged \gset
BEGIN;
SELECT gaiops_drop_dataset('doomed') AS rolled_back \gset
ROLLBACK;
SELECT is(:'rolled_back'::text, 'doomed', 'a dataset is dropped');
SELECT is(pg_temp.questions('doomed'), 'a=y b=x', 'a rollback brings it back');
BEGIN;
SELECT is(gaiops_drop_dataset('doomed'), 'doomed', 'it is dropped again');
SELECT is_empty($$ SELECT FROM gaiops.dataset_record_versions WHERE dataset = 'doomed' UNION ALL SELECT FROM gaiops.dataset_changes WHERE dataset = 'doomed' UNION ALL SELECT FROM gaiops.datasets WHERE name = 'doomed' $$, 'with all it had');
SELECT is(pg_temp.questions('golden'), 'b=again c=y e=x g=x', 'and no other');
SELECT is(gaiops_create_dataset('doomed'), 'doomed', 'its name is free');
SELECT is(pg_temp.merge('doomed', '{a}'), '1 0 0', 'for records');
SELECT is(pg_temp.revisions('doomed'), '1:1', 'and revisions of its own');
COMMIT;
SELECT is(pg_temp.raised('SELECT gaiops_drop_dataset(NULL)'), E'22004\nargument "name" must not be null', 'which one is said');
INSERT INTO gaiops.run_inputs VALUES ('01890000-0000-7000-8000-000000000001', 'golden', 2, now());
SELECT is(pg_temp.raised($$ SELECT gaiops_drop_dataset('golden') $$),
	E'2BP01\ndataset "golden" is in use\nRun 01890000-0000-7000-8000-000000000001 worked on it.\nWhat a run worked on is kept as long as the run is.', 'one that a run worked on stays');
SELECT is(gaiops_drop_dataset('doomed'), 'doomed', 'another goes');

-- Reading needs nothing but the right to; nothing is written where nothing may be.
BEGIN READ ONLY;
SELECT is((SELECT count(*) FROM gaiops_dataset_records('golden')), 4::bigint, 'a read-only transaction reads');
SELECT is(pg_temp.raised(s), format(E'25006\ncannot execute %s() in a read-only transaction', substring(s FROM 'gaiops_\w+')), s)
FROM unnest(ARRAY['SELECT gaiops_create_dataset(''x'')', 'SELECT gaiops_drop_dataset(''golden'')', 'SELECT gaiops_merge_records(''golden'', ''[]'')',
	'SELECT gaiops_merge_record(''golden'', ''{"a": 1}'')', 'SELECT gaiops_delete_records(''golden'', ''{}'')', 'SELECT gaiops_split_dataset(''golden'', ''{"a": 1}'')']) AS s;
COMMIT;
CREATE ROLE gaiops_test_reader;
CREATE ROLE gaiops_test_worker;
SELECT gaiops_grant('gaiops_test_reader', 'viewer') AS viewer, gaiops_grant('gaiops_test_worker', 'user') AS worker \gset
SET ROLE gaiops_test_reader;
SELECT is((SELECT count(*) FROM gaiops_dataset_records('golden')), 4::bigint, 'a viewer reads a dataset');
SELECT is((SELECT count(*) FROM gaiops.dataset_records), 6::bigint, 'and all');
SELECT is((SELECT records FROM gaiops.datasets WHERE name = 'golden'), 4::bigint, 'and their sizes');
SELECT is((SELECT records FROM gaiops.dataset_revisions WHERE dataset = 'golden' AND revision = 2), 3::bigint, 'at any revision');
SELECT matches(pg_temp.raised(s), '^42501', 'a viewer may not ' || s)
FROM unnest(ARRAY['SELECT gaiops_create_dataset(''x'')', 'SELECT gaiops_merge_records(''golden'', ''[]'')', 'SELECT gaiops_merge_record(''golden'', ''{"a": 1}'')',
	'SELECT gaiops_delete_records(''golden'', ''{}'')', 'SELECT gaiops_split_dataset(''golden'', ''{"a": 1}'')', 'SELECT gaiops_drop_dataset(''golden'')']) AS s;
SET ROLE gaiops_test_worker;
SELECT is(gaiops_create_dataset('theirs'), 'theirs', 'a user makes a dataset');
SELECT is(pg_temp.merge('theirs', '{a}'), '1 0 0', 'and fills it');
SELECT row_eq($$ SELECT d.created_by, d.updated_by, r.created_by, v.created_by, v.updated_by FROM gaiops.datasets AS d, gaiops.dataset_revisions AS r, gaiops.dataset_records AS v
	WHERE d.name = 'theirs' AND r.dataset = 'theirs' AND v.dataset = 'theirs' $$,
	ROW('gaiops_test_worker'::text COLLATE "default", 'gaiops_test_worker'::text COLLATE "default", 'gaiops_test_worker'::text COLLATE "default", 'gaiops_test_worker'::text COLLATE "default", 'gaiops_test_worker'::text COLLATE "default"), 'under its own name');
SELECT is(pg_temp.merge('golden', '{b}', 'theirs'), '0 1 0', 'a record of somebody else');
SELECT row_eq($$ SELECT created_by, updated_by FROM gaiops.dataset_records WHERE dataset = 'golden' AND inputs ->> 'question' = 'b' $$,
	ROW(session_user::text COLLATE "default", 'gaiops_test_worker'::text COLLATE "default"), 'names both');
SELECT matches(pg_temp.raised('SELECT gaiops_drop_dataset(''theirs'')'), '^42501', 'but may not drop it');
SELECT matches(pg_temp.raised('INSERT INTO gaiops.dataset_record_versions SELECT * FROM gaiops.dataset_record_versions'), '^42501', 'nor write the tables');
RESET ROLE;
SET client_min_messages = error;
DROP OWNED BY gaiops_test_reader, gaiops_test_worker;
DROP ROLE gaiops_test_reader, gaiops_test_worker;

SELECT * FROM finish();
