-- Several evaluations ranked, what changed from one to another record by record,
-- and how many records a comparison needs. Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
\ir ../../lib/evaluations.sql

-- ---- ranking ----

-- Records 1 to 8 are in all; 9 is not, and 10 has no score in one.
SELECT pg_temp.evaluate(1, 'exact', '0 0 0 0 0 0 0 1 1 1', '{"pass_fail": true}'), pg_temp.evaluate(2, 'exact', '1 1 1 1 1 1 1 1 0 1', '{"pass_fail": true}'),
	pg_temp.evaluate(3, 'exact', '1 1 1 1 1 1 0 1 - U', '{"pass_fail": true}') \g /dev/null
SELECT results_eq($$ SELECT r.rank, r.run_id, r.n, r.mean, r.difference, r.verdict FROM gaiops_rank_runs(ARRAY[pg_temp.t(1), pg_temp.t(2), pg_temp.t(3)], 'exact') AS r $$,
	$$ VALUES (1::bigint, pg_temp.t(2), 8::bigint, 1::double precision, NULL::double precision, 'picked from 3'), (2, pg_temp.t(3), 8, 0.875, -0.125, 'too few'), (3, pg_temp.t(1), 8, 0.125, -0.875, 'worse') $$,
	'runs are ranked on the records that all have a score of; the best is marked as picked');
SELECT results_eq($$ SELECT r.run_id, r.test, round(r.p_value::numeric, 9), round(r.p_holm::numeric, 9), r.ci_low < r.difference AND r.difference < r.ci_high FROM gaiops_rank_runs(ARRAY[pg_temp.t(1), pg_temp.t(2), pg_temp.t(3)], 'exact') AS r $$,
	$$ VALUES (pg_temp.t(2), NULL, NULL::numeric, NULL::numeric, NULL::boolean), (pg_temp.t(3), 'McNemar, exact', 1, 1, true), (pg_temp.t(1), 'McNemar, exact', 0.015625, 0.03125, true) $$,
	'the others are compared with the best, in pairs, and adjusted by Holm');
SELECT pg_temp.evaluate(4, 'f1', '0.1 0.2'), pg_temp.evaluate(5, 'f1', '0.2 0.1'), pg_temp.evaluate(6, 'f1', '0.05 0.1') \g /dev/null
SELECT results_eq($$ SELECT r.rank, r.run_id, r.verdict FROM gaiops_rank_runs(ARRAY[pg_temp.t(5), pg_temp.t(4), pg_temp.t(6)], 'f1') AS r $$,
	$$ VALUES (1::bigint, pg_temp.t(5), 'picked from 3'), (1, pg_temp.t(4), 'too few'), (3, pg_temp.t(6), 'too few') $$, 'equal runs have one rank, and the first given is picked');
SELECT pg_temp.evaluate(7, 'flaw', '1 1 1', '{"direction": "lower", "session_id": "a a b"}'), pg_temp.evaluate(8, 'flaw', '0 0 1', '{"direction": "lower", "session_id": "a a b"}') \g /dev/null
SELECT results_eq($$ SELECT r.run_id, r.n, r.mean, r.difference FROM gaiops_rank_runs(ARRAY[pg_temp.t(7), pg_temp.t(8)], 'flaw') AS r $$,
	$$ VALUES (pg_temp.t(8), 2::bigint, 0.5::double precision, NULL::double precision), (pg_temp.t(7), 2, 1, -0.5) $$, 'where less is better, the least is the best; sessions are units');
SELECT pg_temp.evaluate(9, 'f1', '- - 1') \g /dev/null
SELECT results_eq($$ SELECT r.run_id, r.n, r.mean, r.verdict FROM gaiops_rank_runs(ARRAY[pg_temp.t(4), pg_temp.t(9)], 'f1') AS r $$,
	$$ VALUES (pg_temp.t(4), 0::bigint, NULL::double precision, 'picked from 2'), (pg_temp.t(9), 0, NULL, 'too few') $$, 'runs that share no record are all alike');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(NULL, 'f1') $$), E'22004\nargument "runs" must not be null', 'runs are given');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(ARRAY[pg_temp.t(4), NULL], 'f1') $$), E'22004\nargument "runs" must not contain nulls', 'all of them');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(ARRAY[pg_temp.t(4), pg_temp.t(5)], NULL) $$), E'22004\nargument "scorer" must not be null', 'so is the scorer');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(ARRAY[pg_temp.t(4)], 'f1') $$), E'22023\nargument "runs" must have 2 to 100 runs, each once', 'one is no choice');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(ARRAY[pg_temp.t(4), pg_temp.t(4)], 'f1') $$), E'22023\nargument "runs" must have 2 to 100 runs, each once', 'nor is one twice');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(ARRAY[pg_temp.t(4), pg_temp.t(7)], 'f1') $$),
	E'22023\nruns cannot be ranked by scorer "f1"\nNot all were scored with it, or it is another scorer in some.\nThe scorers of each run are in gaiops.evaluations.', 'all have to be scored with it');
SELECT is(pg_temp.raised($$ SELECT gaiops_rank_runs(ARRAY[pg_temp.t(4), pg_temp.t(5)], 'bleu') $$),
	E'22023\nruns cannot be ranked by scorer "bleu"\nNo run was scored with it.\nThe scorers of each run are in gaiops.evaluations.', 'or at least one');

-- ---- records ----

INSERT INTO gaiops.dataset_record_versions (dataset, record_id, revision, is_deleted, change, inputs, expectations, tags, created_at, created_by, updated_at, updated_by)
	SELECT 'd', pg_temp.t(i), 1, false, 1, jsonb_build_object('q', i), jsonb_build_object('expected_response', i), '{}', now(), CURRENT_USER, now(), CURRENT_USER
	FROM generate_series(1, 5) AS i;
SELECT pg_temp.evaluate(21, 'f1', '0.5 0.5 0.5 0.5 0.5'), pg_temp.evaluate(22, 'f1', '0.6 F 0.5 0.9 0.1') \g /dev/null
SELECT results_eq($$ SELECT r.record_id, round(r.difference::numeric, 3), r.baseline_score, r.candidate_score, r.inputs, r.expectations, r.baseline_output, r.candidate_output, r.baseline_reason, r.candidate_reason, r.candidate_error
	FROM gaiops_compare_records(pg_temp.t(21), pg_temp.t(22), 'f1') AS r $$,
	$$ VALUES (pg_temp.t(2), -0.5, 0.5::double precision, 0::double precision, '{"q": 2}'::jsonb, '{"expected_response": 2}'::jsonb, '"answer 2.1 of 21"'::jsonb, NULL::jsonb, 'reason 2.1 of 21', 'reason 2.1 of 22', 'it failed'),
		(pg_temp.t(5), -0.4, 0.5, 0.1, '{"q": 5}', '{"expected_response": 5}', '"answer 5.1 of 21"', '"answer 5.1 of 22"', 'reason 5.1 of 21', 'reason 5.1 of 22', NULL),
		(pg_temp.t(4), 0.4, 0.5, 0.9, '{"q": 4}', '{"expected_response": 4}', '"answer 4.1 of 21"', '"answer 4.1 of 22"', 'reason 4.1 of 21', 'reason 4.1 of 22', NULL),
		(pg_temp.t(1), 0.1, 0.5, 0.6, '{"q": 1}', '{"expected_response": 1}', '"answer 1.1 of 21"', '"answer 1.1 of 22"', 'reason 1.1 of 21', 'reason 1.1 of 22', NULL) $$,
	'what changed most comes first, losses before gains, with what was asked, both outputs and why each has its score');
SELECT results_eq($$ SELECT r.record_id, r.baseline_trace_id = b.trace_id, r.candidate_trace_id = c.trace_id FROM gaiops_compare_records(pg_temp.t(21), pg_temp.t(22), 'f1', 1) AS r
	JOIN gaiops.evaluation_results AS b ON b.run_id = pg_temp.t(21) AND b.record_id = r.record_id JOIN gaiops.evaluation_results AS c ON c.run_id = pg_temp.t(22) AND c.record_id = r.record_id $$,
	$$ VALUES (pg_temp.t(2), true, true) $$, 'as many as asked for, with their traces');
SELECT is(count(*), 4::bigint, 'NULL is all') FROM gaiops_compare_records(pg_temp.t(21), pg_temp.t(22), 'f1', NULL);
SELECT pg_temp.evaluate(23, 'f1', repeat('0 ', 29) || '0'), pg_temp.evaluate(24, 'f1', repeat('1 ', 29) || '1') \g /dev/null
SELECT is(count(*), 20::bigint, 'twenty otherwise') FROM gaiops_compare_records(pg_temp.t(23), pg_temp.t(24), 'f1');
SELECT is(r.difference, 1::double precision, 'where less is better, less is a gain') FROM gaiops_compare_records(pg_temp.t(7), pg_temp.t(8), 'flaw', 1) AS r;
SELECT pg_temp.evaluate(25, 'f1', '0,0,1', '{"repeats": 3}'), pg_temp.evaluate(26, 'f1', '1,0.6,0.5', '{"repeats": 3}') \g /dev/null
SELECT results_eq($$ SELECT round(r.difference::numeric, 4), r.baseline_output, r.candidate_output FROM gaiops_compare_records(pg_temp.t(25), pg_temp.t(26), 'f1') AS r $$,
	$$ VALUES (0.3667, '"answer 1.1 of 25"'::jsonb, '"answer 1.2 of 26"'::jsonb) $$, 'of repeats the one nearest to their mean is shown');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_records(pg_temp.t(21), pg_temp.t(22), 'f1', -1) $$), E'22023\nargument "limit" is out of range\nIt is -1; it must be from 0 to 2147483647.', 'less than none is refused');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_records(pg_temp.t(21), pg_temp.t(22), 'exact') $$),
	E'22023\nruns cannot be compared by scorer "exact"\nWhat keeps them from it: neither was scored with it.\nThe scorers of each run are in gaiops.evaluations.', 'a scorer of neither is refused');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_records(pg_temp.t(7), pg_temp.t(22), 'f1') $$),
	E'22023\nruns cannot be compared by scorer "f1"\nWhat keeps them from it: the baseline was not scored with it.\nThe scorers of each run are in gaiops.evaluations.', 'and one of one alone');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_records(pg_temp.t(21), NULL, 'f1') $$), E'22004\nargument "candidate" must not be null', 'both runs are given');

-- ---- planning ----

SELECT results_eq($$ SELECT p.discordance, p.difference, p.alpha, p.records FROM gaiops_plan_evaluation() AS p $$,
	$$ VALUES (0.05::double precision, 0.05::double precision, 0.05::double precision, 158::bigint), (0.15, 0.05, 0.05, 472), (0.3, 0.05, 0.05, 943) $$, 'without a run, for three shares of records that differ');
SELECT ok(min(p.records) > 158, 'more power takes more records') FROM gaiops_plan_evaluation(power => 0.9) AS p;
SELECT ok(max(p.records) < 400, 'a greater margin fewer') FROM gaiops_plan_evaluation(margin => 0.1) AS p;
SELECT results_eq($$ SELECT p.scorer, p.alpha, p.records > 158 FROM gaiops_plan_evaluation(scorers => '{token_f1,exact_match}') AS p WHERE p.discordance = 0.05 $$,
	$$ VALUES ('token_f1', 0.025::double precision, true), ('exact_match', 0.025, true) $$, 'several scorers share the level');
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(scorers => '{exact_match,nope}') $$), E'42704\nthere is no scorer "nope"\nScorers are listed in gaiops.scorers.', 'which there are');
SELECT isnt_empty($$ SELECT gaiops_plan_evaluation(scorers => '{quality.polite}') $$, 'or which are functions');
SELECT results_eq($$ SELECT p.discordance, p.records, p.basis LIKE 'nothing: %' FROM gaiops_plan_evaluation(margin => 0.1) AS p $$,
	$$ VALUES (0.05::double precision, NULL::bigint, true), (0.15, 119, false), (0.3, 237, false) $$, 'the difference is at most what differs');
SELECT pg_temp.evaluate(41, 'exact', '1 1 1 0', '{"pass_fail": true}'), pg_temp.evaluate(41, 'stars', '1 2 3 4', '{"scale": 4}'), pg_temp.evaluate(42, 'f1', '0.2,0.4 0.6,0.8', '{"repeats": 2}') \g /dev/null
SELECT results_eq($$ SELECT p.scorer, round(p.sd::numeric, 4), round(p.discordance::numeric, 4), p.difference, p.alpha, p.records = gaiops.n_needed(p.sd, p.difference, 0.8, 0.025, p.difference * 20), p.basis FROM gaiops_plan_evaluation(run_id => pg_temp.t(41)) AS p $$,
	$$ VALUES ('exact', 0.7071, 0.5000, 0.05::double precision, 0.025::double precision, true, 'the run, if both arms had nothing in common'),
		('stars', 1.8257, NULL, 0.2, 0.025, true, 'the run, if both arms had nothing in common') $$, 'with a run, from how its scores vary; the margin is a part of the scale, and all scorers share the level');
SELECT results_eq($$ SELECT round(p.sd::numeric, 4), p.basis FROM gaiops_plan_evaluation(run_id => pg_temp.t(42), scorers => '{f1}') AS p $$,
	$$ VALUES (0.4000, 'the run, if both arms had nothing in common'), (0.1414, 'the noise of its repeats alone: the least') $$, 'and with repeats, from their noise');
SELECT pg_temp.evaluate(43, 'words', '7 7 7 7 7 7 7 7', '{"scale": 100}'), pg_temp.evaluate(44, 'words', '0.1,0.1 0.2,0.2 0.4,0.4', '{"repeats": 2, "scale": null}') \g /dev/null
SELECT results_eq($$ SELECT p.sd, p.records, p.basis FROM gaiops_plan_evaluation(run_id => pg_temp.t(43)) AS p $$,
	$$ VALUES (0::double precision, NULL::bigint, 'nothing: all scores of the run are alike') $$, 'scores that are all alike say nothing of how many it takes');
SELECT results_eq($$ SELECT p.records = gaiops.n_needed(p.sd, 0.05, widest => 0.3), p.basis FROM gaiops_plan_evaluation(run_id => pg_temp.t(44)) AS p $$,
	$$ VALUES (true, 'the run, if both arms had nothing in common'), (NULL, 'nothing: all repeats of a record are alike') $$, 'nor do repeats; without a scale the widest is what was seen');
-- What a plan says is what a comparison takes: the run has a standard deviation of 0.2 by the square root of 2.
SELECT ok(c.detectable <= 0.1 AND l.detectable > 0.1, 'a comparison of as many records detects the difference, and one of fewer does not')
	FROM (SELECT gaiops.n_needed(0.2, 0.1, widest => 1)) AS p (n),
		LATERAL gaiops.compare_numbers(ARRAY(SELECT 0.2 * CASE i % 2 WHEN 0 THEN 1 ELSE -1 END FROM generate_series(1, p.n) AS i), 1, 'a') AS c,
		LATERAL gaiops.compare_numbers(ARRAY(SELECT 0.2 * CASE i % 2 WHEN 0 THEN 1 ELSE -1 END FROM generate_series(1, p.n - 2) AS i), 1, 'a') AS l;
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(margin => 0) $$), E'22023\nargument "margin" must be above 0 and at most 1\nIt is 0, and a part of the scale.', 'no margin is refused');
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(margin => 'NaN') $$), E'22023\nargument "margin" must be above 0 and at most 1\nIt is NaN, and a part of the scale.', 'so is NaN');
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(power => 1) $$), E'22023\nargument "power" must be at least 0.5 and below 1\nIt is 1.', 'nobody is certain');
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(margin => NULL) $$), E'22004\nargument "margin" must not be null', 'the margin is given');
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(scorers => '{a,NULL}') $$), E'22004\nargument "scorers" must not contain nulls', 'scorers are names');
SELECT is(pg_temp.raised($$ SELECT gaiops_plan_evaluation(run_id => pg_temp.t(41), scorers => '{f1}') $$),
	E'42704\nrun 00000000-0000-0000-0000-000000000041 was not scored with "f1"\nThe scorers of each run are in gaiops.evaluations.', 'of the run');

-- ---- who may ----

CREATE ROLE comparing_viewer;
CREATE ROLE comparing_stranger;
SELECT gaiops_grant('comparing_viewer', 'viewer') \g /dev/null
SET ROLE comparing_viewer;
SELECT isnt_empty($$ SELECT gaiops_compare_runs('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000022') $$, 'a viewer compares runs');
SELECT isnt_empty($$ SELECT gaiops_rank_runs('{00000000-0000-0000-0000-000000000021,00000000-0000-0000-0000-000000000022}', 'f1') $$, 'ranks them');
SELECT isnt_empty($$ SELECT gaiops_compare_records('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000022', 'f1') $$, 'looks into records');
SELECT isnt_empty($$ SELECT gaiops_plan_evaluation(run_id => '00000000-0000-0000-0000-000000000042') $$, 'and plans');
RESET ROLE;
-- Policies of one's own hold.
CREATE POLICY no_22 ON gaiops.evaluations AS RESTRICTIVE FOR SELECT TO comparing_viewer USING (run_id <> '00000000-0000-0000-0000-000000000022');
SET ROLE comparing_viewer;
SELECT alike(pg_temp.raised($$ SELECT gaiops_compare_runs('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000022') $$), '42704%', 'what he may not see is not there for him');
RESET ROLE;
GRANT USAGE ON SCHEMA gaiops TO comparing_stranger;
SET ROLE comparing_stranger;
SELECT alike(pg_temp.raised($$ SELECT gaiops_compare_runs('00000000-0000-0000-0000-000000000021', '00000000-0000-0000-0000-000000000022') $$), '42501%', 'who is no viewer may not');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
