-- Splitting datasets: what belongs together stays together, and nothing moves without need.
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.split(dataset text, fractions jsonb DEFAULT '{"train": 0.8, "test": 0.2}', seed integer DEFAULT 0) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(s.split || ':' || s.records, ' ') FROM gaiops_split_dataset(dataset, fractions, seed) AS s
$$;
-- Where each record is.
CREATE FUNCTION pg_temp.places(dataset text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_object_agg(r.record_id, r.split) FROM gaiops_dataset_records(dataset) AS r
$$;
CREATE FUNCTION pg_temp.records(a integer, b integer, sessions integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', i), 'source',
		CASE WHEN sessions > 0 THEN jsonb_build_object('session_id', 's' || i % sessions) END)) FROM generate_series(a, b) AS i
$$;
-- Fills a dataset; an edge is [inputs, key, session].
CREATE FUNCTION pg_temp.connect(dataset text, edges jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT gaiops_merge_records(dataset, jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('q', e -> 0), 'key', e -> 1, 'source', jsonb_build_object('session_id', e -> 2))))::text
	FROM jsonb_array_elements(edges) AS e
$$;

SELECT gaiops_create_dataset(d) AS made FROM unnest('{one,sessions,web,empty,halves}'::text[]) AS d \g /dev/null

-- What is asked for.
SELECT is(pg_temp.raised(format('SELECT gaiops_split_dataset(''one'', %L)', f)),
	E'22023\nargument "fractions" must give each split a number above 0, 1 in all\n' || d || E'\nFor example {"train": 0.8, "test": 0.2}.', 'fractions ' || left(f, 40))
FROM (VALUES
	('{}', 'They sum to 0.'), ('{"a": 0.5}', 'They sum to 0.5.'), ('{"a": 0.8, "b": 0.3}', 'They sum to 1.1.'), ('{"a": 1, "b": 0}', 'The fraction of "b" is not a number above 0.'),
	('{"a": 2, "b": -1}', 'The fraction of "b" is not a number above 0.'), ('{"a": "1"}', 'The fraction of "a" is not a number above 0.'), ('{"a": null}', 'The fraction of "a" is not a number above 0.'),
	('{"": 1}', 'A split has an empty name.'), (jsonb_build_object(repeat('ä', 128), 1)::text, 'The name of a split has 256 bytes; the limit is 255.'),
	('{"a": 0.333333, "b": 0.333333, "c": 0.333333}', 'They sum to 0.999999.')) AS e (f, d);
SELECT is(pg_temp.raised('SELECT gaiops_split_dataset(''one'', ''[1]'')'), E'22023\nargument "fractions" must be a JSON object\nIt is of type array.\nFor example {"train": 0.8, "test": 0.2}.', 'no object');
SELECT is(pg_temp.raised(s), format(E'22004\nargument "%s" must not be null', a), 'no ' || a)
FROM (VALUES ('SELECT gaiops_split_dataset(NULL, ''{"a": 1}'')', 'dataset'), ('SELECT gaiops_split_dataset(''one'', NULL)', 'fractions'), ('SELECT gaiops_split_dataset(''one'', ''{"a": 1}'', NULL)', 'seed')) AS e (s, a);
SELECT is(pg_temp.split('empty'), 'test:0 train:0', 'a dataset without records');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'empty'), 0, 'has no revision by that');

-- Numbers: so many as a program in Python comes to with the same hashes.
SELECT gaiops_merge_records('one', pg_temp.records(1, 5000, 0)) AS merged \g /dev/null
SELECT is(pg_temp.split('one'), 'test:1027 train:3973', 'about as many as asked for');
SELECT is((SELECT string_agg(r.revision || ':' || r.records, ' ' ORDER BY r.revision) FROM gaiops.dataset_revisions AS r WHERE r.dataset = 'one'), '1:5000 2:5000', 'and it is a revision');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('one', split => 'test')), 1027::bigint, 'they are there');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('one', 1) WHERE split IS NULL), 5000::bigint, 'the one before has no splits');
SELECT is(pg_temp.split('one'), 'test:1027 train:3973', 'again');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'one'), 2, 'nothing moves, and there is no revision');
SELECT is(pg_temp.split('one', '{"train": 0.80, "test": 2e-1}'), 'test:1027 train:3973', 'however fractions are written');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'one'), 2, 'they are the same');
SELECT pg_temp.places('one') AS places \gset
SELECT isnt(pg_temp.split('one', seed => 1), 'test:1027 train:3973', 'another seed splits otherwise');
SELECT is(pg_temp.split('one', seed => -2147483648) IS NULL, false, 'any number is one');
SELECT is(pg_temp.split('one'), 'test:1027 train:3973', 'the seed of before splits');
SELECT is(pg_temp.places('one'), :'places'::jsonb, 'as before');
SELECT is(pg_temp.split('one', '{"only": 1}'), 'only:5000', 'one split for all');
SELECT is(pg_temp.split('one', '{"a": 1e-400, "b": 1}'), 'a:0 b:5000', 'a fraction of next to nothing');
SELECT is(pg_temp.split('one', '{"a": 0.3333333333, "b": 0.3333333333, "c": 0.3333333333}') ~ '^a:1[67]\d\d b:1[67]\d\d c:1[67]\d\d$', true, 'three thirds, as near as they can be written');
BEGIN;
SELECT gaiops_merge_record('one', '{"question": "late"}', split => 'mine') AS merged \gset
SELECT is(split_part(pg_temp.split('one', '{"all": 1}'), ':', 2), '5001', 'what this transaction changed is split with the rest');
COMMIT;
SELECT is((SELECT string_agg(r.revision || ':' || r.records, ' ' ORDER BY r.revision) FROM gaiops.dataset_revisions AS r WHERE r.dataset = 'one' AND r.revision >= 8), '8:5000 9:5001', 'in one revision, and is counted once');
SELECT is((SELECT count(DISTINCT split) FROM gaiops_dataset_records('one')), 1::bigint, 'a split of its own is given up');

-- Records more move nothing.
SELECT gaiops_merge_records('halves', pg_temp.records(1, 1000, 0)) AS merged \g /dev/null
SELECT pg_temp.split('halves', '{"a": 0.5, "b": 0.5}') AS split \g /dev/null
SELECT pg_temp.places('halves') AS places \gset
SELECT gaiops_merge_records('halves', pg_temp.records(1001, 2000, 7)) AS merged \g /dev/null
SELECT pg_temp.split('halves', '{"a": 0.5, "b": 0.5}') AS split \g /dev/null
SELECT is(pg_temp.places('halves') @> :'places'::jsonb, true, 'records more move none of those that were there');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('halves') WHERE split IS NULL), 0::bigint, 'and have a split');
SELECT gaiops_delete_records('halves', ARRAY(SELECT record_id FROM gaiops_dataset_records('halves') WHERE (inputs -> 'question')::integer > 900)) AS deleted \g /dev/null
SELECT pg_temp.split('halves', '{"a": 0.5, "b": 0.5}') AS split \g /dev/null
SELECT is(pg_temp.places('halves') <@ :'places'::jsonb, true, 'nor do fewer');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('halves')), 900::bigint, 'and what was deleted does not come back');

-- Sessions.
SELECT gaiops_merge_records('sessions', pg_temp.records(1, 3000, 300)) AS merged \g /dev/null
SELECT is(pg_temp.split('sessions') ~ '^test:[4-8]\d\d train:2\d\d\d$', true, 'about as many as asked for, by session');
SELECT is_empty($$ SELECT source FROM gaiops_dataset_records('sessions') GROUP BY source HAVING count(DISTINCT split) > 1 $$, 'no session is in two splits');
SELECT pg_temp.places('sessions') AS places \gset
SELECT gaiops_merge_records('sessions', pg_temp.records(3001, 4000, 300)) AS merged \g /dev/null
SELECT pg_temp.split('sessions') AS split \g /dev/null
SELECT is(pg_temp.places('sessions') @> :'places'::jsonb, true, 'records more of a session move none');
SELECT is_empty($$ SELECT source FROM gaiops_dataset_records('sessions') GROUP BY source HAVING count(DISTINCT split) > 1 $$, 'and go where their session is');

-- Inputs, and both: a -1- s -2- t ... one leads to the other.
SELECT pg_temp.connect('web', '[[1, "a", null], [1, "b", null], [1, null, null], [2, "a", "s"], [2, "b", "t"], [3, null, "t"], [3, "a", "u"], [4, null, "u"], [5, null, null], [6, null, ""], [7, null, ""]]') AS merged \g /dev/null
CREATE FUNCTION pg_temp.together(questions integer[], fractions jsonb DEFAULT '{"a": 0.5, "b": 0.5}') RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
	apart boolean := false;
BEGIN
	FOR seed IN 1 .. 30 LOOP
		PERFORM gaiops_split_dataset('web', fractions, seed);
		apart := apart OR (SELECT count(DISTINCT split) FROM gaiops_dataset_records('web') WHERE (inputs -> 'q')::integer = ANY (questions)) > 1;
	END LOOP;
	RETURN NOT apart;
END
$$;
SELECT is(pg_temp.together('{1}'), true, 'records of the same inputs are together, whatever the seed');
SELECT is(pg_temp.together('{2,3,4}'), true, 'so are those that lead to each other by inputs and sessions');
SELECT is(pg_temp.together('{1,2}'), false, 'others are not');
SELECT is(pg_temp.together('{1,5}'), false, 'nor are those without a session');
SELECT is(pg_temp.together('{6,7}'), false, 'and an empty session is none');
SELECT pg_temp.connect('web', '[[1, "c", "s"]]') AS merged \g /dev/null
SELECT is(pg_temp.together('{1,2,3,4}'), true, 'a record that connects two groups brings them together');
-- A chain of 2,000, in which each leads to the next.
SELECT gaiops_create_dataset('chain') AS made \gset
SELECT pg_temp.connect('chain', (SELECT jsonb_agg(e) FROM generate_series(1, 2000) AS i, LATERAL (VALUES (jsonb_build_array(i, 'a', 's' || i)), (jsonb_build_array(i, 'b', 's' || i + 1))) AS v (e))) AS merged \g /dev/null
SELECT is(pg_temp.split('chain', '{"a": 0.5, "b": 0.5}') IN ('a:4000 b:0', 'a:0 b:4000'), true, 'a long chain is together');

-- The number that decides: the first 52 bits of SHA-256, as a fraction, as Python has it.
SELECT is(gaiops.split_position(s, m), f::double precision, format('the place of %s with seed %s', m, s))
FROM (VALUES (0, 'session:s1', 0.3245449048478797), (7, 'inputs:621ac555-305f-8ab2-8346-f31fa6150103', 0.09404700195700633), (-1, 'session:ü', 0.8197235320090537)) AS e (s, m, f);

SELECT * FROM finish();
