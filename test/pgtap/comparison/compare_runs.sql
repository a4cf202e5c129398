-- Two evaluations compared: what is paired, what is a unit, which test says what,
-- which verdict follows, and what data that are no data give. Everything is
-- rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
\ir ../../lib/evaluations.sql

-- Of a row of a comparison of runs a and b, by scorer and slice, columns as text.
CREATE FUNCTION pg_temp.row_of(a integer, b integer, wanted text, margins jsonb DEFAULT NULL, "by" text DEFAULT NULL, part text DEFAULT NULL)
RETURNS gaiops.comparison LANGUAGE sql AS $$
	SELECT c FROM gaiops_compare_runs(pg_temp.t(a), pg_temp.t(b), margins, "by") AS c
	WHERE c.scorer = wanted AND c.slice IS NOT DISTINCT FROM part $$;

-- ---- passes and fails ----

-- Of 10 records the candidate alone passes 6, and the baseline 0.
SELECT pg_temp.evaluate(1, 'exact', '1 1 0 0 0 0 0 0 1 0', '{"pass_fail": true}'), pg_temp.evaluate(2, 'exact', '1 1 1 1 1 1 1 1 1 0', '{"pass_fail": true}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.baseline, r.candidate, r.difference, r.test, r.effect_size, r.n_differing, round(r.p_value::numeric, 6), r.p_holm = r.p_value, r.unit, r.records
	FROM pg_temp.row_of(1, 2, 'exact') AS r $$,
	$$ VALUES (10::bigint, 0.3::double precision, 0.9::double precision, 0.6::double precision, 'McNemar, exact', 0.6::double precision, 6::bigint, 0.03125, true, 'record', 10::bigint) $$,
	'one pass or fail per record is compared by McNemar''s exact test; the difference is candidate minus baseline');
SELECT results_eq($$ SELECT round(r.ci_low::numeric, 4), round(r.ci_high::numeric, 4), t.ci_low = r.ci_low FROM pg_temp.row_of(1, 2, 'exact') AS r, gaiops.compare_passes(6, 0, 10) AS t $$,
	$$ SELECT round(t.ci_low::numeric, 4), round(t.ci_high::numeric, 4), true FROM gaiops.compare_passes(6, 0, 10) AS t $$, 'the interval is Tango''s');
SELECT is(r.verdict, 'better', 'significant, and 0 is not in the interval: better') FROM pg_temp.row_of(1, 2, 'exact') AS r;
SELECT is(r.verdict, 'worse', 'the other way about: worse') FROM pg_temp.row_of(2, 1, 'exact') AS r;
SELECT is(r.difference, -0.6::double precision, 'and the difference has the other sign') FROM pg_temp.row_of(2, 1, 'exact') AS r;
SELECT is(r.confidence, '95 %, unadjusted', 'an interval says that it is not adjusted') FROM pg_temp.row_of(1, 2, 'exact') AS r;
SELECT results_eq($$ SELECT a.*::text FROM gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2)) AS a $$, $$ SELECT a.*::text FROM gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2)) AS a $$,
	'the same runs give the same rows');

-- Rows in another order: what is drawn is the same.
SELECT pg_temp.evaluate(5, 'f1', (SELECT string_agg((i * 7919 % 100 / 100.0)::text, ' ' ORDER BY i) FROM generate_series(1, 60) AS i)),
	pg_temp.evaluate(6, 'f1', (SELECT string_agg((i * 6007 % 100 / 100.0)::text, ' ' ORDER BY i) FROM generate_series(1, 60) AS i)) \g /dev/null
SELECT r::text AS before FROM pg_temp.row_of(5, 6, 'f1') AS r \gset
CREATE TEMP TABLE reordered AS SELECT m.* FROM gaiops.evaluation_marks AS m WHERE m.run_id IN (pg_temp.t(5), pg_temp.t(6));
DELETE FROM gaiops.evaluation_marks AS m WHERE m.run_id IN (pg_temp.t(5), pg_temp.t(6));
INSERT INTO gaiops.evaluation_marks SELECT * FROM reordered ORDER BY record_id DESC;
SELECT is(r::text, :'before', 'whatever order rows are in') FROM pg_temp.row_of(5, 6, 'f1') AS r;

-- Less is better: the same scores mean the opposite.
SELECT pg_temp.evaluate(3, 'flaw', '1 1 0 0 0 0 0 0 1 0', '{"pass_fail": true, "direction": "lower"}'), pg_temp.evaluate(4, 'flaw', '1 1 1 1 1 1 1 1 1 0', '{"pass_fail": true, "direction": "lower"}') \g /dev/null
SELECT results_eq($$ SELECT r.baseline, r.candidate, r.difference, r.verdict FROM pg_temp.row_of(3, 4, 'flaw') AS r $$,
	$$ VALUES (0.3::double precision, 0.9::double precision, -0.6::double precision, 'worse') $$, 'where less is better, the difference is turned');

-- ---- numbers ----

SELECT pg_temp.evaluate(11, 'f1', '0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8'), pg_temp.evaluate(12, 'f1', '0.2 0.35 0.4 0.6 0.6 0.7 0.8 0.9') \g /dev/null
SELECT results_eq($$ SELECT r.n, round(r.difference::numeric, 6), r.test, r.p_value, r.verdict, round(r.effect_size::numeric, 3) FROM pg_temp.row_of(11, 12, 'f1') AS r $$,
	$$ SELECT 8::bigint, 0.118750, m.test, 2 / 256.0::double precision, 'too few', round(m.d_z::numeric, 3)
		FROM gaiops.compare_numbers('{0.1,0.15,0.1,0.2,0.1,0.1,0.1,0.1}', 1, '') AS m $$,
	'numbers are compared by flipping signs, all of them where few differ; the effect is d_z');
SELECT isnt(r.wilcoxon_p, NULL, 'Wilcoxon''s test has a column of its own') FROM pg_temp.row_of(11, 12, 'f1') AS r;
SELECT is(r.wilcoxon_p, NULL, 'but not for passes') FROM pg_temp.row_of(1, 2, 'exact') AS r;
SELECT ok(r.ci_low < r.difference AND r.difference < r.ci_high AND r.detectable > 0.05 AND r.n_needed > 8, 'interval, detectable difference and the number needed are there')
	FROM pg_temp.row_of(11, 12, 'f1') AS r;
SELECT is(r.margin, 0.05::double precision, 'the margin is 0.05 of the scale') FROM pg_temp.row_of(11, 12, 'f1') AS r;
SELECT is(r.margin, 0.2::double precision, 'unless one is given') FROM pg_temp.row_of(11, 12, 'f1', '{"f1": 0.2}') AS r;
SELECT is(array_agg(r.margin), '{0.2,0.2}'::double precision[], 'as json or text, too') FROM (VALUES ('{"f1": 0.2}'::text)) AS m (given),
	LATERAL (SELECT c.margin FROM gaiops_compare_runs(pg_temp.t(11), pg_temp.t(12), m.given::json) AS c UNION ALL SELECT c.margin FROM gaiops_compare_runs(pg_temp.t(11), pg_temp.t(12), m.given) AS c) AS r;

-- Repeats are averaged first, and their variance is shown.
SELECT pg_temp.evaluate(13, 'exact', '1,0 1,1 0,0', '{"pass_fail": true, "repeats": 2}'), pg_temp.evaluate(14, 'exact', '1,1 1,0 1,0', '{"pass_fail": true, "repeats": 2}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.baseline, round(r.candidate::numeric, 6), round(r.difference::numeric, 6), r.test LIKE 'sign-flip%', round(r.noise_baseline::numeric, 6), round(r.noise_candidate::numeric, 6)
	FROM pg_temp.row_of(13, 14, 'exact') AS r $$,
	$$ VALUES (3::bigint, 0.5::double precision, 0.666667, 0.166667, true, 0.166667, 0.333333) $$, 'repeats are averaged within their record, and then a pass is a number');
SELECT is(r.noise_baseline, NULL, 'without repeats there is no noise') FROM pg_temp.row_of(1, 2, 'exact') AS r;

-- Sessions are the unit where one has several records.
SELECT pg_temp.evaluate(15, 'exact', '1 0 1 1 0 0', '{"pass_fail": true, "session_id": "a a b c - -"}'), pg_temp.evaluate(16, 'exact', '1 1 1 0 1 1', '{"pass_fail": true, "session_id": "a a b c - -"}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.records, r.unit, round(r.difference::numeric, 6), r.test LIKE 'sign-flip%' FROM pg_temp.row_of(15, 16, 'exact') AS r $$,
	$$ VALUES (5::bigint, 6::bigint, 'session', 0.3, true) $$, 'records of one session are one unit: n, difference and test go by session');
SELECT pg_temp.evaluate(17, 'exact', '1 0 1', '{"pass_fail": true, "session_id": "a b c"}'), pg_temp.evaluate(18, 'exact', '1 1 1', '{"pass_fail": true, "session_id": "a b c"}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.unit, r.test FROM pg_temp.row_of(17, 18, 'exact') AS r $$, $$ VALUES (3::bigint, 'record', 'McNemar, exact') $$,
	'sessions of one record each are records');

-- ---- pairs ----

SELECT pg_temp.evaluate(21, 'f1', '0.5 0.5 - 0.5'), pg_temp.evaluate(22, 'f1', '0.5 - 0.7 0.9') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.unpaired_baseline, r.unpaired_candidate, r.changed FROM pg_temp.row_of(21, 22, 'f1') AS r $$, $$ VALUES (2::bigint, 1::bigint, 1::bigint, 0::bigint) $$,
	'what has no partner is counted, and not compared');
INSERT INTO gaiops.dataset_record_versions (dataset, record_id, revision, is_deleted, change, inputs, expectations, tags, created_at, created_by, updated_at, updated_by)
	SELECT 'd', pg_temp.t(i), v, false, 0, jsonb_build_object('lang', CASE WHEN i < 3 THEN 'de' ELSE 'en' END), jsonb_build_object('expected_response', CASE WHEN i = 1 THEN v ELSE 0 END), '{}', now(), CURRENT_USER, now(), CURRENT_USER
	FROM generate_series(1, 4) AS i, generate_series(1, 2) AS v;
SELECT pg_temp.evaluate(23, 'f1', '0.5 0.5 0.5 0.5', '{"revision": 2}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.changed, r.unpaired_baseline, r.unpaired_candidate FROM pg_temp.row_of(21, 23, 'f1') AS r $$, $$ VALUES (2::bigint, 1::bigint, 0::bigint, 1::bigint) $$,
	'a record whose expectations were changed is another question');
SELECT results_eq($$ SELECT r.n, r.changed FROM pg_temp.row_of(22, 21, 'f1') AS r $$, $$ VALUES (2::bigint, 0::bigint) $$, 'within one revision nothing has changed');

-- ---- failures, errors, and what is unknown ----

SELECT pg_temp.evaluate(31, 'f1', '0.5 0.5 0.5 0.5'), pg_temp.evaluate(32, 'f1', '0.5 F E U') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.candidate, r.difference, r.failed_candidate, r.errors_candidate, r.unknown_candidate, r.failed_baseline, r.errors_baseline, r.unknown_baseline
	FROM pg_temp.row_of(31, 32, 'f1') AS r $$,
	$$ VALUES (2::bigint, 0.25::double precision, -0.25::double precision, 1::bigint, 1::bigint, 1::bigint, 0::bigint, 0::bigint, 0::bigint) $$,
	'a failed prediction scores the worst of the scale; errors and unknown are missing, and all are counted');
SELECT results_eq($$ SELECT r.worst_difference, r.best_difference FROM pg_temp.row_of(31, 32, 'f1') AS r $$, $$ VALUES (-0.375::double precision, 0.125::double precision) $$,
	'what the missing could have made of the difference is shown');
SELECT results_eq($$ SELECT r.worst_difference, r.best_difference FROM pg_temp.row_of(32, 31, 'f1') AS r $$, $$ VALUES (-0.125::double precision, 0.375::double precision) $$,
	'for either arm');
SELECT pg_temp.evaluate(33, 'f1', '1 1 1 1', '{"direction": "lower", "scale": 4}'), pg_temp.evaluate(34, 'f1', '1 F 1 E', '{"direction": "lower", "scale": 4}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.candidate, r.difference, r.margin, r.worst_difference, r.best_difference FROM pg_temp.row_of(33, 34, 'f1') AS r $$,
	$$ VALUES (3::bigint, 2::double precision, -1::double precision, 0.2::double precision, -1.5::double precision, -0.5::double precision) $$,
	'where less is better, the worst is the end of the scale');
SELECT pg_temp.evaluate(35, 'length', '100 120 90', '{"scale": null}'), pg_temp.evaluate(36, 'length', '100 F 90', '{"scale": null}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.failed_candidate, r.margin, r.worst_difference, r.verdict FROM pg_temp.row_of(35, 36, 'length') AS r $$,
	$$ VALUES (2::bigint, 1::bigint, NULL::double precision, NULL::double precision, 'no evidence') $$, 'without a scale a failure is missing, and nothing is equivalent');
SELECT isnt(r.verdict, 'equivalent', 'not even with a margin') FROM pg_temp.row_of(35, 35, 'length', '{"length": 50}') AS r;
SELECT pg_temp.evaluate(37, 'f1', '0.5 0.5 0.5'), pg_temp.evaluate(38, 'f1', '0.5 NaN Infinity') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.unknown_candidate, r.difference FROM pg_temp.row_of(37, 38, 'f1') AS r $$, $$ VALUES (1::bigint, 2::bigint, 0::double precision) $$,
	'what is no finite number is unknown');

SELECT is(r.notes, '{"2 of 4 records are left out: unknown, errors of the scorer","candidate: 1 of 4 predictions failed"}', 'what is missing and what failed is in the notes, too')
	FROM pg_temp.row_of(31, 32, 'f1') AS r;
SELECT is(r.notes, '{"2 of 4 records are left out: unknown, errors of the scorer","baseline: 1 of 4 predictions failed"}', 'of either arm') FROM pg_temp.row_of(32, 31, 'f1') AS r;
SELECT is(r.notes, '{"1 of 3 records are left out: failed, and the scorer has no scale","candidate: 1 of 3 predictions failed"}', 'and why')
	FROM pg_temp.row_of(35, 36, 'length') AS r;
SELECT is(r.notes, '{}', 'if nothing is missing there is no word of it') FROM pg_temp.row_of(1, 2, 'exact') AS r;
SELECT pg_temp.evaluate(39, 'words', repeat('10 ', 19) || '10', '{"direction": "lower", "scale": 100}'), pg_temp.evaluate(40, 'words', repeat('17 ', 19) || '17', '{"direction": "lower", "scale": 100}') \g /dev/null
SELECT results_eq($$ SELECT r.difference, r.p_holm < 0.05, r.verdict, r.notes FROM pg_temp.row_of(39, 40, 'words') AS r $$,
	$$ VALUES (-7::double precision, true, 'too few', '{"the test finds a difference, the interval does not: it allows for a loss or gain as wide as the scale, 100"}'::text[]) $$,
	'where test and interval disagree a note says why; whole numbers differ by a whole number');

-- ---- verdicts ----

-- Nine alike, and one pass more or less.
SELECT pg_temp.evaluate(41, 'f1', concat_ws(' ', repeat('0.5 ', 200) || '0.5')), pg_temp.evaluate(42, 'f1', concat_ws(' ', repeat('0.5 ', 200) || '0.51')),
	pg_temp.evaluate(43, 'f1', concat_ws(' ', repeat('0.52 ', 200) || '0.53')) \g /dev/null
SELECT results_eq($$ SELECT r.verdict, r.within_margin FROM pg_temp.row_of(41, 42, 'f1') AS r $$, $$ VALUES ('equivalent', true) $$, 'an interval inside of the margin: equivalent');
SELECT results_eq($$ SELECT r.verdict, r.within_margin FROM pg_temp.row_of(41, 43, 'f1') AS r $$, $$ VALUES ('better', true) $$, 'better comes first, and says that it is within the margin');
SELECT pg_temp.evaluate(44, 'exact', '1 1 1 1 1 0 0 0 0 0', '{"pass_fail": true}'), pg_temp.evaluate(45, 'exact', '1 1 1 1 1 1 1 1 1 1', '{"pass_fail": true}') \g /dev/null
SELECT results_eq($$ SELECT r.verdict, r.n_differing, r.detectable > r.margin, r.n_needed > r.n FROM pg_temp.row_of(44, 45, 'exact') AS r $$, $$ VALUES ('too few', 5::bigint, true, true) $$,
	'five that differ cannot be significant: too few, with how many are needed');
SELECT is(r.verdict, 'no evidence', 'with a margin that so many would show: no evidence') FROM pg_temp.row_of(44, 45, 'exact', '{"exact": 0.7}') AS r;

-- ---- several scorers ----

SELECT pg_temp.evaluate(51, 'a', '0 0 0 0 0 0 1', '{"pass_fail": true}'), pg_temp.evaluate(52, 'a', '1 1 1 1 1 1 1', '{"pass_fail": true}'),
	pg_temp.evaluate(51, 'b', '0 0 0 0 0 0 1', '{"pass_fail": true}'), pg_temp.evaluate(52, 'b', '0 0 0 0 0 0 0', '{"pass_fail": true}') \g /dev/null
SELECT results_eq($$ SELECT r.scorer, r.p_value, r.p_holm, r.verdict FROM gaiops_compare_runs(pg_temp.t(51), pg_temp.t(52)) AS r $$,
	$$ VALUES ('a', 0.03125::double precision, 0.0625::double precision, 'too few'), ('b', 1::double precision, 1::double precision, 'too few') $$,
	'Holm''s adjustment is over all scorers, and the verdict goes by it; rows are in the order of the scorers');
SELECT pg_temp.evaluate(53, 'a', '0 0', '{"pass_fail": true}'), pg_temp.evaluate(53, 'c', '0 0'), pg_temp.evaluate(53, 'b', '0 0', '{"pass_fail": true, "version": 2}') \g /dev/null
SELECT results_eq($$ SELECT r.scorer, r.n, r.notes FROM gaiops_compare_runs(pg_temp.t(51), pg_temp.t(53)) AS r $$,
	$$ VALUES ('a', 2::bigint, '{}'::text[]), ('c', 0, '{not compared: the baseline was not scored with it}'), ('b', 0, '{not compared: it is another scorer in each run: see gaiops.evaluations}') $$,
	'what is not the same scorer in both is not compared, and said');
SELECT pg_temp.evaluate(54, 'a', '0 0 1', '{"pass_fail": true, "records": 5}') \g /dev/null
SELECT is(r.notes, '{"candidate: cut short: 2 of 5 results are missing"}', 'a run that was cut short is marked') FROM pg_temp.row_of(52, 54, 'a') AS r;
SELECT results_eq($$ SELECT r.notes FROM gaiops_compare_runs(pg_temp.t(54), pg_temp.t(54)) AS r $$,
	$$ VALUES ('{"baseline: cut short: 2 of 5 results are missing","candidate: cut short: 2 of 5 results are missing","baseline and candidate are one run"}'::text[]) $$, 'both are, and that they are one run is said');

INSERT INTO gaiops.open_runs VALUES (pg_temp.t(54), gaiops.incarnation());
SELECT is(r.notes, '{"candidate: still running"}', 'so is one that still runs') FROM pg_temp.row_of(52, 54, 'a') AS r;
INSERT INTO gaiops.dataset_record_versions (dataset, record_id, revision, is_deleted, change, inputs, expectations, outputs, source, tags, created_at, created_by, updated_at, updated_by)
	SELECT 'own', pg_temp.t(i), 1, false, 1, '{}', '{"expected_response": "Hi"}', CASE i WHEN 1 THEN '"Hi"'::jsonb ELSE '"Hello"' END, jsonb_build_object('trace_id', pg_temp.t(100 + i)), '{}', now(), CURRENT_USER, now(), CURRENT_USER
	FROM generate_series(1, 2) AS i;
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, endpoint, session_role, role, is_entry, start_time)
	SELECT pg_temp.t(100 + i), '0000000000000001', 'chat', 'CHAT_MODEL', 'OK', 'application', 'e', 'llm', CURRENT_USER, CURRENT_USER, true, now() FROM generate_series(1, 2) AS i;
SELECT pg_temp.evaluate(55, 'f1', '1 1', '{"dataset": "own"}'), pg_temp.evaluate(56, 'f1', '1 1', '{"dataset": "own"}') \g /dev/null
UPDATE gaiops.evaluations SET model = 'llm' WHERE run_id = pg_temp.t(56);
SELECT is(r.notes, '{"candidate: 1 of 2 expectations are accepted answers of the same model and prompt"}', 'expectations that are an arm''s own accepted answers are counted') FROM pg_temp.row_of(55, 56, 'f1') AS r;

-- ---- slices ----

SELECT pg_temp.evaluate(61, 'exact', '0 0 0 0 0 0 0 0', '{"pass_fail": true, "split": "test test test test test test train -", "session_id": "a a - - - - - b", "tags": "{\"t\":\"x\"} {\"t\":\"x\"} - - - - - -"}'),
	pg_temp.evaluate(62, 'exact', '1 1 1 1 1 1 0 0', '{"pass_fail": true, "split": "test test test test test test train -", "session_id": "a a - - - - - b", "tags": "{\"t\":\"x\"} {\"t\":\"x\"} - - - - - -"}') \g /dev/null
SELECT results_eq($$ SELECT r.slice, r.records, r.exploratory FROM gaiops_compare_runs(pg_temp.t(61), pg_temp.t(62), "by" => 'split') AS r $$,
	$$ VALUES (NULL, 8::bigint, false), ('split: (none)', 1, true), ('split: test', 6, true), ('split: train', 1, true) $$, 'slices by split, labelled as exploratory, after the whole');
SELECT results_eq($$ SELECT r.slice, r.n FROM gaiops_compare_runs(pg_temp.t(61), pg_temp.t(62), "by" => 'session') AS r $$,
	$$ VALUES (NULL, 7::bigint), ('session: (none)', 5), ('session: a', 1), ('session: b', 1) $$, 'by session');
SELECT results_eq($$ SELECT r.slice, r.records FROM gaiops_compare_runs(pg_temp.t(61), pg_temp.t(62), "by" => 'tag:t') AS r $$,
	$$ VALUES (NULL, 8::bigint), ('tag:t: (none)', 6), ('tag:t: x', 2) $$, 'by a tag');
SELECT results_eq($$ SELECT r.slice, r.records FROM gaiops_compare_runs(pg_temp.t(31), pg_temp.t(31), "by" => 'input:lang') AS r $$,
	$$ VALUES (NULL, 4::bigint), ('input:lang: de', 2), ('input:lang: en', 2) $$, 'by a member of the inputs');
SELECT results_eq(format($$ SELECT r.slice FROM gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2), "by" => %L) AS r $$, g),
	$$ VALUES (NULL::text) $$, format('without a %s there are no slices, which would say what the whole does', g)) FROM unnest('{split,session}'::text[]) AS g;
SELECT pg_temp.evaluate(63, 'exact', '0 0 0 0 0 0 0 0 0 0 0 0', '{"pass_fail": true, "split": "x x x x x x y y y y y y"}'), pg_temp.evaluate(64, 'exact', '1 1 1 1 1 1 0 0 0 0 0 0', '{"pass_fail": true, "split": "x x x x x x y y y y y y"}') \g /dev/null
SELECT results_eq($$ SELECT r.slice, r.p_value, r.p_holm FROM gaiops_compare_runs(pg_temp.t(63), pg_temp.t(64), "by" => 'split') AS r $$,
	$$ VALUES (NULL, 0.03125::double precision, 0.03125::double precision), ('split: x', 0.03125, 0.0625), ('split: y', 1, 1) $$, 'slices are a family of their own');
SELECT results_eq($$ SELECT r.slice, r.p_holm FROM gaiops_compare_runs(pg_temp.t(63), pg_temp.t(64), "by" => 'split') AS r WHERE r.exploratory $$,
	$$ VALUES ('split: x', 0.0625::double precision), ('split: y', 1) $$, 'Holm''s adjustment is over all slices and scorers');
SELECT results_eq($$ SELECT r.slice, r.unpaired_candidate FROM gaiops_compare_runs(pg_temp.t(17), pg_temp.t(61), "by" => 'split') AS r WHERE r.scorer = 'exact' AND r.slice = 'split: test' $$,
	$$ VALUES ('split: test', 3::bigint) $$, 'what has no partner is counted in each slice');

-- ---- cost and latency ----

SELECT pg_temp.evaluate(71, 'exact', '1 0 1 1', '{"pass_fail": true, "cost": "1 2 1 -", "latency_ms": "100 200 400 -", "judging": "0.1 0.1 0.1 0.1"}'),
	pg_temp.evaluate(72, 'exact', '1 1 F 1', '{"pass_fail": true, "cost": "2 3 1 1", "latency_ms": "200 400 800 100", "judging": "0.2 0.2 0.2 0.2"}') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.baseline, r.candidate, r.difference, r.measure, r.p_holm, r.margin, r.verdict IS NOT NULL FROM pg_temp.row_of(71, 72, 'cost') AS r $$,
	$$ VALUES (3::bigint, 4::double precision, 6::double precision, 1.5::double precision, 'ratio of totals', NULL::double precision, 0.1::double precision, true) $$,
	'cost is a ratio of totals, of records whose cost is known in both');
SELECT ok(r.ci_low <= 1.5 AND r.ci_high >= 1.5 AND r.confidence = '95 %, unadjusted', 'with an interval') FROM pg_temp.row_of(71, 72, 'cost') AS r;
SELECT results_eq($$ SELECT r.baseline, r.candidate, round(r.difference::numeric, 6), r.measure, r.verdict, r.baseline_low IS NULL, r.candidate_low <= r.candidate FROM pg_temp.row_of(71, 72, 'cost_per_pass') AS r $$,
	$$ VALUES (2::double precision, 2.333333333333333::double precision, 1.166667, 'cost per pass of exact', NULL, false, true) $$, 'a pass costs what all records did, failures too, by those that passed');
SELECT results_eq($$ SELECT round(r.baseline::numeric, 6), round(r.candidate::numeric, 6), round(r.difference::numeric, 6), r.verdict FROM pg_temp.row_of(71, 72, 'judging_cost') AS r $$,
	$$ VALUES (0.4, 0.8, 2.000000, NULL) $$, 'judging is apart');
SELECT results_eq($$ SELECT r.n, round(r.baseline::numeric, 3), round(r.candidate::numeric, 3), round(r.difference::numeric, 6), r.measure, r.p_holm, r.verdict IS NOT NULL, r.margin, r.notes FROM pg_temp.row_of(71, 72, 'latency') AS r $$,
	$$ VALUES (2::bigint, 141.421, 282.843, 2.000000, 'ratio of geometric means, ms', NULL::double precision, true, 0.1::double precision, '{}'::text[]) $$,
	'latency is a ratio of geometric means, of what was answered in both');
SELECT results_eq($$ SELECT r.scorer, r.baseline, r.candidate, r.difference, r.verdict, r.baseline_low, r.baseline_high FROM gaiops_compare_runs(pg_temp.t(71), pg_temp.t(72)) AS r WHERE r.measure LIKE '%quantiles%' $$,
	$$ SELECT q.name, b.quantile, c.quantile, c.quantile / b.quantile, NULL, b.ci_low, b.ci_high
		FROM (VALUES ('latency_p50', 0.5), ('latency_p90', 0.9), ('latency_p95', 0.95)) AS q (name, share),
			LATERAL gaiops.quantile_interval('{100,200,400}', q.share) AS b, LATERAL gaiops.quantile_interval('{200,400,100}', q.share) AS c $$,
	'quantiles have ratios, and intervals by order statistics');
SELECT is(r.baseline_high, NULL, 'of which an open bound is NULL') FROM pg_temp.row_of(71, 72, 'latency_p95') AS r;
SELECT results_eq($$ SELECT r.scorer FROM gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2)) AS r $$, $$ VALUES ('exact') $$, 'where nothing is known of cost and latency nothing is said');
SELECT pg_temp.evaluate(73, 'exact', '1 1 1', '{"pass_fail": true, "latency_ms": "1 2 3", "concurrency": 1}'), pg_temp.evaluate(74, 'exact', '1 1 1', '{"pass_fail": true, "latency_ms": "1 2 3", "started": "1 hour"}') \g /dev/null
SELECT results_eq($$ SELECT r.verdict, r.notes FROM pg_temp.row_of(71, 73, 'latency') AS r $$, $$ VALUES (NULL, '{"no verdict: the baseline made 10 calls at a time, and the candidate 1"}'::text[]) $$,
	'latencies of another concurrency give no verdict');
SELECT results_eq($$ SELECT r.verdict, r.notes FROM pg_temp.row_of(71, 74, 'latency') AS r $$, $$ VALUES (NULL, '{"no verdict: the runs were not made at the same time"}'::text[]) $$,
	'nor do those of another time');
SELECT pg_temp.evaluate(75, 'exact', repeat('1 ', 19) || '1', jsonb_build_object('pass_fail', true, 'cost', repeat('1 ', 19) || '1', 'latency_ms', repeat('100 ', 19) || '100')),
	pg_temp.evaluate(76, 'exact', repeat('1 ', 19) || '1', jsonb_build_object('pass_fail', true, 'cost', repeat('0.5 ', 19) || '0.5', 'latency_ms', repeat('102 ', 19) || '102')) \g /dev/null
SELECT results_eq($$ SELECT r.scorer, r.verdict FROM gaiops_compare_runs(pg_temp.t(75), pg_temp.t(76)) AS r WHERE r.scorer IN ('cost', 'latency') $$,
	$$ VALUES ('cost', 'better'), ('latency', 'worse') $$, 'less cost is better, and more latency worse');
SELECT results_eq($$ SELECT r.verdict, r.margin, r.within_margin FROM pg_temp.row_of(76, 75, 'cost', '{"cost": 2}') AS r $$, $$ VALUES ('worse', 2::double precision, true) $$, 'with a margin of one''s own');

-- Few that cost alike.
SELECT pg_temp.evaluate(65, 'exact', repeat('1 ', 4) || '1', jsonb_build_object('pass_fail', true, 'cost', repeat('7 ', 4) || '7')),
	pg_temp.evaluate(66, 'exact', repeat('1 ', 4) || '1', jsonb_build_object('pass_fail', true, 'cost', repeat('2 ', 4) || '2')) \g /dev/null
SELECT results_eq($$ SELECT r.n, r.ci_low < 0.27, r.ci_high > 0.3, r.detectable > 0.1, r.verdict, r.within_margin FROM pg_temp.row_of(65, 66, 'cost') AS r $$,
	$$ VALUES (5::bigint, true, true, true, 'too few', false) $$, 'of costs fewer than six decide nothing, though all are alike');
SELECT results_eq($$ SELECT r.verdict, r.within_margin FROM pg_temp.row_of(65, 65, 'cost', '{"cost": 10}') AS r $$, $$ VALUES ('too few', false) $$, 'nor that they are equivalent');
-- Several latencies of a record, or of a session.
SELECT pg_temp.evaluate(67, 'exact', repeat('1,1 ', 7) || '1,1', '{"pass_fail": true, "repeats": 2, "latency_ms": "1 2 3 4 5 6 7 8"}'), pg_temp.evaluate(68, 'exact', repeat('1 ', 7) || '1', '{"pass_fail": true, "latency_ms": "1 2 3 4 5 6 7 8"}'),
	pg_temp.evaluate(69, 'exact', repeat('1 ', 7) || '1', '{"pass_fail": true, "latency_ms": "1 2 3 4 5 6 7 8", "session_id": "a a - - - - - -"}'), pg_temp.evaluate(70, 'exact', '1') \g /dev/null
SELECT results_eq($$ SELECT r.n, r.baseline, r.baseline_low, r.baseline_high, r.candidate_low, r.notes FROM pg_temp.row_of(67, 68, 'latency_p50') AS r $$,
	$$ SELECT 8::bigint, 4.5::double precision, NULL::double precision, NULL::double precision, q.ci_low, '{"no interval: of a record or session there are several latencies, which are alike"}'::text[]
		FROM gaiops.quantile_interval('{1,2,3,4,5,6,7,8}', 0.5) AS q WHERE q.ci_low IS NOT NULL $$, 'a quantile of repeats has no interval');
SELECT results_eq($$ SELECT r.candidate_low, r.candidate_high, array_to_string(r.notes, ' ') LIKE '%no interval%' FROM pg_temp.row_of(69, 69, 'latency_p50') AS r $$,
	$$ VALUES (NULL::double precision, NULL::double precision, true) $$, 'nor one of sessions');
SELECT is(r.detectable, NULL, 'no difference is beyond the scale') FROM pg_temp.row_of(70, 70, 'exact') AS r;

-- ---- corpus BLEU ----

SELECT pg_temp.evaluate(77, 'bleu', '0.1 0.2 0.3 F', '{"session_id": "a a - -"}'), pg_temp.evaluate(78, 'bleu', '0.1 0.2 0.3 0.4', '{"session_id": "a a - -"}') \g /dev/null
UPDATE gaiops.evaluation_marks AS m SET parts = jsonb_build_array(10, 10, 5 + (m.run_id = pg_temp.t(78))::integer, 3, 2, 1, 10, 9, 8, 7)
	WHERE m.run_id IN (pg_temp.t(77), pg_temp.t(78)) AND m.state = 'scored';
SELECT results_eq($$ SELECT r.n, r.measure, r.test, r.verdict, r.p_value, r.baseline = m.bleu_baseline, r.candidate = m.bleu_candidate, round((r.difference - m.difference)::numeric, 9), r.ci_low <= r.difference AND r.difference <= r.ci_high
	FROM pg_temp.row_of(77, 78, 'corpus_bleu') AS r,
		gaiops.compare_bleu('{10,10,5,3,2,1,10,9,8,7,20,20,10,6,4,2,20,18,16,14}', '{10,10,6,3,2,1,10,9,8,7,20,20,12,6,4,2,20,18,16,14}', '') AS m $$,
	$$ VALUES (2::bigint, 'BLEU of all texts by bleu', 'paired bootstrap', NULL, NULL::double precision, true, true, 0.000000000, true) $$,
	'BLEU of all texts adds up what it is computed of, session by session, of records that have it in both; it has an interval and no verdict');

-- ---- degenerate data ----

CREATE FUNCTION pg_temp.strange(a integer, b integer) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', r.scorer, r.n, r.difference, r.p_value, r.verdict) || CASE WHEN r::text ~ 'NaN|Infinity' THEN ' NaN' ELSE '' END, '; ')
	FROM gaiops_compare_runs(pg_temp.t(a), pg_temp.t(b)) AS r $$;
SELECT is(pg_temp.strange(1, 1), 'exact 10 0 1 too few', 'a run compared with itself has no difference');
SELECT is(pg_temp.strange(11, 11), 'f1 8 0 1 too few', 'nor has one of numbers');
SELECT pg_temp.evaluate(81, 'f1', '0.5'), pg_temp.evaluate(82, 'f1', '0.7'), pg_temp.evaluate(83, 'f1', 'E'), pg_temp.evaluate(84, 'f1', '- - 1'),
	pg_temp.evaluate(85, 'exact', '1', '{"pass_fail": true, "cost": "0", "latency_ms": "0"}'), pg_temp.evaluate(86, 'exact', '0', '{"pass_fail": true, "cost": "0", "latency_ms": "5"}') \g /dev/null
SELECT is(pg_temp.strange(81, 82), 'f1 1 0.19999999999999996 1 too few', 'one record gives a row');
SELECT is(pg_temp.strange(81, 83), 'f1 0 1 too few', 'so do none that are scored in both');
SELECT results_eq($$ SELECT r.scorer, r.n, r.verdict, r.unpaired_baseline, r.unpaired_candidate, r.notes FROM gaiops_compare_runs(pg_temp.t(81), pg_temp.t(84)) AS r $$,
	$$ VALUES ('f1', 0::bigint, NULL, 1::bigint, 1::bigint, '{"candidate: cut short: 2 of 3 results are missing","not compared: the runs have no record in common that expected the same"}'::text[]) $$, 'runs that share no record are told so');
SELECT unalike(pg_temp.strange(85, 86), '%NaN%', 'costs of 0 give no NaN');
SELECT is(pg_temp.strange(41, 41), 'f1 201 0 1 equivalent', 'all differences 0 of many records: equivalent');

-- ---- arguments and rights ----

SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(NULL, pg_temp.t(1)) $$), E'22004\nargument "baseline" must not be null', 'the baseline is given');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), NULL) $$), E'22004\nargument "candidate" must not be null', 'and the candidate');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), pg_temp.t(9999)) $$),
	E'42704\nevaluation "00000000-0000-0000-0000-000000009999" does not exist\nArgument "candidate" has to be a run of gaiops_evaluate() that you may read.\nSee gaiops.evaluations. What the same statement, or a REPEATABLE READ transaction, has evaluated is seen by the next one.', 'a run that is none is refused');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2), '[1]') $$),
	E'22023\nargument "margins" must be an object\nIts members are named after scorers, cost or latency, such as {"exact_match": 0.02, "cost": 0.1}.', 'margins are an object');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2), '{"exat": 1}') $$),
	E'42704\nthere is a margin for "exat", with which neither run was scored\nThe scorers of a run are in gaiops.evaluations.', 'of scorers of the runs');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2), '{"exact": -0.1}') $$),
	E'22023\nthe margin for "exact" must be a number that is not negative\nIt is -0.1.', 'and numbers');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2), '{"cost": "much"}') $$),
	E'22023\nthe margin for "cost" must be a number that is not negative\nIt is "much".', 'not texts');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(1), pg_temp.t(2), "by" => 'topic') $$),
	E'22023\nrecords cannot be put into slices by "topic"\nWrite split, session, tag:KEY for a tag, or input:MEMBER for a member of the inputs.', 'slices are by what records have');
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(61), pg_temp.t(62), "by" => 'tag:nope') $$),
	E'42704\nno record of the runs has a value for "tag:nope"\nTags are in gaiops.evaluation_results, inputs in gaiops.dataset_records.', 'not by a tag that none has');
SELECT alike(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(31), pg_temp.t(31), "by" => 'input:nope') $$), '42704%', 'nor an input');
SELECT pg_temp.evaluate(91, 'exact', repeat('1 ', 1000) || '1', jsonb_build_object('split', (SELECT string_agg('s' || i, ' ') FROM generate_series(1, 1001) AS i))) \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_compare_runs(pg_temp.t(91), pg_temp.t(91), "by" => 'split') $$),
	E'54000\n"split" makes too many slices\nThere are 1001; the limit is 1000.\nPut a tag with few values on the records, and write tag:KEY.', 'and not too many');

SELECT pg_temp.evaluate(801, 's', '1 1 1', '{"cost": "0.1 0.2 0.3"}'), pg_temp.evaluate(802, 's', '1 1 1', '{"cost": "0.7 0.1 0.1"}') \g /dev/null
SELECT results_eq($$ SELECT baseline, candidate FROM gaiops_compare_runs(pg_temp.t(801), pg_temp.t(802)) WHERE scorer = 'cost' $$,
	$$ VALUES (0.6::float8, 0.9::float8) $$, 'money is summed without noise');
SELECT * FROM finish();
ROLLBACK;
