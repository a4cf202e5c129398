-- Scorers that are created: what is stored, what is refused, and that nothing of it changes.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

SELECT is(gaiops_create_scorer('polite', 'contains_any', '{"values": ["please", "thank you"]}'), 1, 'the first version');
SELECT is(gaiops_create_scorer('polite', 'contains_any', '{"values": ["please"], "ignore_case": true}'::jsonb), 2, 'the next');
SELECT is(gaiops_create_scorer(name => 'polite', kind => 'contains_any', params => '{"values": ["please"]}'::json, direction => 'lower', threshold => NULL, scale => NULL), 3, 'arguments have names');
SELECT is(gaiops_create_scorer('other', 'json_valid'), 1, 'each name has numbers of its own, and params may be left out');
SELECT results_eq($$ SELECT name COLLATE "default", version, kind, params, direction, threshold, scale, pass_fail, created_by, created_at IS NOT NULL FROM gaiops.scorer_versions WHERE version = 3 $$,
	$$ VALUES ('polite', 3, 'contains_any', '{"values": ["please"]}'::jsonb, 'lower', NULL::double precision, 1::double precision, true, current_user::name, true) $$, 'what is stored of it');
SELECT ok(NOT (gaiops_score('polite', 'Do it, please.')).passed, 'the latest version counts, and lower is better there');
SELECT ok((gaiops_score('polite', 'Do it.')).passed, 'what it does not find passes');
SELECT is((gaiops_score('polite', 'Do it.')).value, 'false', 'the value is what it found');

-- What becomes of direction, threshold and scale.
SELECT gaiops_create_scorer('long', 'length', '{"unit": "words"}', 'lower', 3, 100) \g /dev/null
SELECT results_eq($$ SELECT direction, threshold, scale, pass_fail FROM gaiops.scorers WHERE name = 'long' $$,
	$$ VALUES ('lower', 3::double precision, 100::double precision, false) $$, 'they are kept');
SELECT is((SELECT array_agg((gaiops_score('long', t)).passed ORDER BY t) FROM unnest(ARRAY['a', 'a b c', 'a b c d']) AS t), ARRAY[true, true, false], 'at most the threshold passes where lower is better');
SELECT gaiops_create_scorer('long', 'length', threshold => 3) \g /dev/null
SELECT is((SELECT array_agg((gaiops_score('long', t)).passed ORDER BY t) FROM unnest(ARRAY['ab', 'abc', 'abcd']) AS t), ARRAY[false, true, true], 'at least the threshold where higher is');
SELECT results_eq($$ SELECT kind, direction, scale, pass_fail FROM gaiops.scorers WHERE name = 'long' $$,
	$$ VALUES ('length', 'higher', NULL::double precision, false) $$, 'a number without bounds has no scale of its own');
SELECT gaiops_create_scorer('long', 'length', '{"max": 10}') \g /dev/null
SELECT results_eq($$ SELECT direction, scale, pass_fail FROM gaiops.scorers WHERE name = 'long' $$,
	$$ VALUES ('higher', 1::double precision, true) $$, 'with bounds it says pass or fail');
SELECT gaiops_create_scorer('slow', 'latency'), gaiops_create_scorer('fast', 'latency', '{"max_ms": 500}') \g /dev/null
SELECT results_eq($$ SELECT name, direction, scale, pass_fail FROM gaiops.scorers WHERE kind = 'latency' ORDER BY name $$,
	$$ VALUES ('fast', 'higher', 1::double precision, true), ('slow', 'lower', NULL, false) $$, 'of latencies lower ones are better; of those within a bound more are');

-- What there is.
SELECT results_eq($$ SELECT name, source, version FROM gaiops.scorers WHERE name IN ('polite', 'exact_match', 'regex') ORDER BY name $$,
	$$ VALUES ('exact_match', 'builtin', NULL::integer), ('polite', 'created', 3) $$, 'the view has the latest version, and what needs no arguments');
SELECT is((SELECT count(*) FROM gaiops.scorers AS s WHERE s.source = 'builtin' AND (s.direction <> 'higher' OR s.scale <> 1 OR s.threshold IS NOT NULL OR s.params IS NOT NULL OR s.kind <> s.name OR s.description IS NULL)), 0::bigint, 'built-in ones are scored from 0 to 1');
SELECT is((SELECT array_agg(k.kind ORDER BY k.kind) FROM gaiops.scorer_kinds() AS k WHERE k.is_scorer), ARRAY['bleu', 'chrf', 'contains_expected', 'exact_match', 'json_equal', 'json_valid', 'levenshtein', 'quasi_exact_match', 'rouge_1', 'rouge_2', 'rouge_l', 'rouge_lsum', 'token_f1', 'tool_calls_match'], 'those that need no arguments');
SELECT is((SELECT array_agg(k.kind ORDER BY k.kind) FROM gaiops.scorer_kinds() AS k WHERE NOT k.is_scorer), ARRAY['contains_all', 'contains_any', 'cost', 'latency', 'length', 'mrr', 'ndcg', 'number', 'precision_at_k', 'recall_at_k', 'regex', 'required_keys', 'starts_with'], 'and kinds of those that have to be created');
SELECT is((SELECT count(*) FROM gaiops.scorer_kinds() AS k WHERE k.is_scorer AND k.params ~ 'required'), 0::bigint, 'what is a scorer by its name needs no arguments');

-- What is refused, before anything is stored.
SELECT is(pg_temp.raised(format('SELECT gaiops_create_scorer(%s)', c.arguments)), c.problem, c.arguments)
FROM (VALUES
	($$ NULL, 'regex' $$, E'22004\nargument "name" must not be null'),
	($$ 'a', NULL $$, E'22004\nargument "kind" must not be null'),
	($$ '', 'regex' $$, E'22023\ninvalid name of a scorer: ""\nA name has 1 to 255 letters, digits, hyphens and underscores.'),
	($$ 'public.f', 'regex' $$, E'22023\ninvalid name of a scorer: "public.f"\nA name has 1 to 255 letters, digits, hyphens and underscores.'),
	($$ 'exact_match', 'regex' $$, E'42710\n"exact_match" is a kind of scorers\nGive the scorer another name.'),
	($$ 'regex', 'regex', '{"pattern": "a"}' $$, E'42710\n"regex" is a kind of scorers\nGive the scorer another name.'),
	($$ 'a', 'length', direction => 'up' $$, E'22023\nargument "direction" is not acceptable\nIt says which scores are better, "higher" or "lower".'),
	($$ 'a', 'json_valid', threshold => 0.5 $$, E'22023\nargument "threshold" is not acceptable\nThis scorer says whether an answer passes, and gives no number.'),
	($$ 'a', 'length', threshold => 'NaN' $$, E'22023\nargument "threshold" is not acceptable\nIt must be from -1e+100 to 1e+100.'),
	($$ 'a', 'length', threshold => -1.7e308 $$, E'22023\nargument "threshold" is not acceptable\nIt must be from -1e+100 to 1e+100.'),
	($$ 'a', 'length', scale => 1.7e308 $$, E'22023\nargument "scale" is not acceptable\nIt is the width of the range of scores, greater than 0, and 1e+100 at most.'),
	($$ 'a', 'length', scale => 0 $$, E'22023\nargument "scale" is not acceptable\nIt is the width of the range of scores, greater than 0, and 1e+100 at most.'),
	($$ 'a', 'length', scale => 'Infinity' $$, E'22023\nargument "scale" is not acceptable\nIt is the width of the range of scores, greater than 0, and 1e+100 at most.'),
	($$ 'a', 'json_valid', scale => 2 $$, E'22023\nargument "scale" is not acceptable\nScores of this kind are from 0 to 1, and their scale is 1.'),
	($$ 'a', 'length', '[]' $$, E'22023\nargument "params" is not acceptable\nIt must be a JSON object.'),
	($$ 'a', 'json_valid', '{"x": 1}' $$, E'22023\nparams of kind "json_valid" are not acceptable\nThere is no member "x".\nThis kind takes none.'),
	($$ 'a', 'regex', '{"patern": "x"}' $$, E'22023\nparams of kind "regex" are not acceptable\nThere is no member "patern".\nThis kind takes "pattern" and "ignore_case".'),
	($$ 'a', 'regex' $$, E'22023\nparams of kind "regex" are not acceptable\nMember "pattern" must be given.'),
	($$ 'a', 'regex', '{"pattern": ""}' $$, E'22023\nparams of kind "regex" are not acceptable\nMember "pattern" must be a string that is not empty.'),
	($$ 'a', 'regex', '{"pattern": "("}' $$, E'2201B\ninvalid regular expression: parentheses () not balanced'),
	($$ 'a', 'regex', jsonb_build_object('pattern', repeat('a', 1001)) $$, E'22023\nparams of kind "regex" are not acceptable\nMember "pattern" must be at most 1000 bytes long.'),
	($$ 'a', 'contains_any', '{"values": []}' $$, E'22023\nparams of kind "contains_any" are not acceptable\nMember "values" must be an array of 1 to 1000 strings that are not empty.'),
	($$ 'a', 'contains_any', '{"values": "x"}' $$, E'22023\nparams of kind "contains_any" are not acceptable\nMember "values" must be an array of 1 to 1000 strings that are not empty.'),
	($$ 'a', 'contains_any', '{"values": ["x", 1]}' $$, E'22023\nparams of kind "contains_any" are not acceptable\nMember "values" must be an array of 1 to 1000 strings that are not empty.'),
	($$ 'a', 'exact_match', '{"ignore_case": "yes"}' $$, E'22023\nparams of kind "exact_match" are not acceptable\nMember "ignore_case" must be true or false.'),
	($$ 'a', 'required_keys', '{"keys": [1]}' $$, E'22023\nparams of kind "required_keys" are not acceptable\nMember "keys" must be an array of names, or of arrays of names, of members.'),
	($$ 'a', 'length', '{"min": 2, "max": 1}' $$, E'22023\nparams of kind "length" are not acceptable\nMember "min" must not be greater than "max".'),
	($$ 'a', 'length', '{"min": -1}' $$, E'22023\nparams of kind "length" are not acceptable\nMember "min" must be a number that is not negative.'),
	($$ 'a', 'length', '{"min": 1e400}' $$, E'22023\nparams of kind "length" are not acceptable\nMember "min" must be a number that is not negative.'),
	($$ 'a', 'length', '{"unit": "lines"}' $$, E'22023\nparams of kind "length" are not acceptable\nMember "unit" must be "characters" or "words".'),
	($$ 'a', 'number', '{"find": 1}' $$, E'22023\nparams of kind "number" are not acceptable\nMember "find" must be "whole", "first" or "last".'),
	($$ 'a', 'number', '{"min": 1, "tolerance": 1}' $$, E'22023\nparams of kind "number" are not acceptable\nMember "tolerance" is about what is expected, and cannot be given with "min" or "max".')
	) AS c (arguments, problem);
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_scorer('a', 'none') $$), E'^22023\nunknown kind of scorer: "none"\nThe kinds are exact_match, .*regex.*', 'a kind that is not there');
SELECT is((SELECT count(*) FROM gaiops.scorer_versions WHERE name = 'a'), 0::bigint, 'nothing was stored');

-- What a version does stays.
SELECT is(pg_temp.raised(c.command), format(E'55000\nrows of gaiops.scorer_versions cannot be %s\nA version of a scorer stays as it is for everybody, its owner included.\nCreate another version with gaiops_create_scorer(), or hide the scorer with gaiops_delete_scorer().', c.done), c.command)
FROM (VALUES
	('UPDATE gaiops.scorer_versions SET threshold = 1', 'changed'),
	('DELETE FROM gaiops.scorer_versions', 'deleted'),
	('TRUNCATE gaiops.scorer_versions', 'deleted')) AS c (command, done);

SELECT is(pg_temp.raised($$ SELECT gaiops_create_scorer('big', 'starts_with', jsonb_build_object('prefix', repeat('a', 65536))) $$), E'22023\nargument "params" is too long\nIt has 65550 bytes; the limit is 65536.', 'params that are too big');

-- Deleting hides it; numbers go on.
SELECT is(gaiops_delete_scorer('polite'), 'polite', 'the name is returned');
SELECT is((SELECT count(*) FROM gaiops.scorers WHERE name = 'polite'), 0::bigint, 'it is not there any more');
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('polite', 'x') $$), '^42704\nscorer "polite" does not exist', 'nor found by its name');
SELECT is((SELECT count(*) FROM gaiops.scorer_versions WHERE name = 'polite'), 3::bigint, 'what its versions do is kept');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_scorer('polite') $$), E'42704\nthere is no scorer "polite" that was created\nScorers are listed in gaiops.scorers; only those that were created can be deleted.', 'twice is once too often');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_scorer('exact_match') $$), '^42704', 'one that is built in');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_scorer(NULL) $$), E'22004\nargument "name" must not be null', 'none at all');
SELECT is(gaiops_create_scorer('polite', 'json_valid'), 4, 'no number is used again');
SELECT is((SELECT version FROM gaiops.scorers WHERE name = 'polite'), 4, 'the new one is there');
SELECT is(gaiops_delete_scorer('polite'), 'polite', 'and can be deleted, too');

-- A query that is under way goes on with what it began with; the next one sees what there is now.
CREATE FUNCTION public.create_another() RETURNS boolean LANGUAGE sql AS $$ SELECT gaiops_create_scorer('other', 'contains_any', '{"values": ["x"]}') > 0 $$;
SELECT is((SELECT array_agg(s.passed ORDER BY n) FROM generate_series(1, 3) AS n, LATERAL (SELECT n <> 2 OR public.create_another() OFFSET 0) AS c, LATERAL gaiops_score('other', 'x') AS s), ARRAY[false, false, false], 'a scorer does not change under a query');
SELECT ok((gaiops_score('other', 'x')).passed, 'the next query has the new version');
CREATE FUNCTION public.score_twice() RETURNS boolean[] LANGUAGE plpgsql AS $$
DECLARE
	found boolean[];
BEGIN
	FOR i IN 1 .. 2 LOOP
		found[i] := (gaiops_score('twice', 'x')).passed;
		PERFORM gaiops_create_scorer('twice', 'contains_any', '{"values": ["x"]}');
	END LOOP;
	RETURN found;
END
$$;
SELECT gaiops_create_scorer('twice', 'json_valid') \g /dev/null
SELECT is(public.score_twice(), ARRAY[false, true], 'each statement of a function is one');

-- Rights.
CREATE ROLE scorers_viewer; CREATE ROLE scorers_user; CREATE ROLE scorers_nobody;
SELECT gaiops_grant('scorers_viewer', 'viewer'), gaiops_grant('scorers_user', 'user') \g /dev/null
GRANT USAGE ON SCHEMA public TO scorers_viewer, scorers_user, scorers_nobody;
SET ROLE scorers_viewer;
SELECT ok((gaiops_score('other', 'x')).passed, 'a viewer may score');
SELECT is((SELECT count(*) FROM gaiops.scorers WHERE name = 'other'), 1::bigint, 'and see what scorers there are');
SELECT matches(pg_temp.raised($$ SELECT gaiops_create_scorer('mine', 'json_valid') $$), '^42501', 'but create none');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_scorer('other') $$), '^42501', 'nor delete one');
SET ROLE scorers_user;
SELECT is(gaiops_create_scorer('mine', 'json_valid'), 1, 'a user may create one');
SELECT is((SELECT created_by FROM gaiops.scorers WHERE name = 'mine'), 'scorers_user', 'which is known as his');
SELECT matches(pg_temp.raised($$ SELECT gaiops_delete_scorer('mine') $$), '^42501', 'but delete none, since others may use it');
SELECT matches(pg_temp.raised($$ INSERT INTO gaiops.scorer_versions SELECT 'direct', 1, kind, params, direction, threshold, scale, pass_fail, created_at, created_by FROM gaiops.scorer_versions LIMIT 1 $$), '^42501', 'there is one way in');
SET ROLE scorers_nobody;
SELECT matches(pg_temp.raised($$ SELECT gaiops_score('exact_match', 'x', 'x') $$), '^42501', 'without a right nothing is scored');
RESET ROLE;
SET default_transaction_read_only = on;
SELECT is((gaiops_score('exact_match', 'x', 'x')).passed, true, 'scoring writes nothing');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_scorer('mine', 'json_valid') $$), E'25006\ncannot execute gaiops_create_scorer() in a read-only transaction', 'creating does');
RESET default_transaction_read_only;
SELECT gaiops_revoke('scorers_viewer', 'viewer'), gaiops_revoke('scorers_user', 'user') \g /dev/null
REVOKE USAGE ON SCHEMA public FROM scorers_viewer, scorers_user, scorers_nobody;
DROP ROLE scorers_viewer, scorers_user, scorers_nobody;
SELECT * FROM finish();
