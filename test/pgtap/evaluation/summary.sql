-- What evaluations come to: figures of each scorer, metrics of the run, progress.
\set ON_ERROR_STOP on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
SELECT gaiops_create_dataset('ten') \g /dev/null
SELECT gaiops_merge_records('ten', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('n', n),
	'outputs', CASE WHEN n <= 7 THEN 'yes' ELSE 'no' END,
	'expectations', CASE WHEN n < 10 THEN '{"expected_response": "yes"}'::jsonb ELSE '{}' END)) FROM generate_series(1, 10) AS n)) \g /dev/null
SELECT gaiops_evaluate('ten', ARRAY['exact_match']) AS ten \gset
SELECT results_eq(format($$ SELECT n, n_scored, n_error, n_unknown, n_failed, n_passed, records, round(mean::numeric, 4), round(mean_answered::numeric, 4),
		median, p90, round(sd::numeric, 4), round(standard_error::numeric, 4), round(ci_low::numeric, 4), round(ci_high::numeric, 4), ci_method, warnings
	FROM gaiops.evaluation_summary WHERE run_id = %L $$, :'ten'),
	-- Wilson's interval of 7 of 9; golden values of the interval are in test/golden/statistics.
	$$ VALUES (10::bigint, 9::bigint, 0::bigint, 1::bigint, 0::bigint, 7::bigint, 9::bigint, 0.7778, 0.7778, 1::float8, 1::float8, 0.4410, 0.1470,
		0.4526, 0.9368, 'wilson', '{1 of 10 results are left out: unknown}'::text[]) $$,
	'what passes or fails has the interval of Wilson');
SELECT is((SELECT metrics FROM gaiops.runs WHERE run_id = :'ten'), '{"exact_match/mean": 0.7777777777777778}'::jsonb, 'the mean is a metric of the run');
SELECT gaiops_evaluate('ten', ARRAY['exact_match'], repeats => 2) AS twice \gset
SELECT results_eq(format($$ SELECT n, n_passed, records, round(mean::numeric, 4), round(ci_low::numeric, 4), round(ci_high::numeric, 4), ci_method
	FROM gaiops.evaluation_summary WHERE run_id = %L $$, :'twice'),
	-- Student's of 9 records, cut at 1; golden values are in test/golden/statistics.
	$$ VALUES (20::bigint, 14::bigint, 9::bigint, 0.7778, 0.4388, 1::numeric, 'student t') $$,
	'repeats are averaged first, and then have that of Student');

-- What cannot be, and what is not known.
\ir ../../lib/evaluations.sql
SELECT pg_temp.evaluate(1, 'same', '1 1 1 1') \g /dev/null
SELECT pg_temp.evaluate(2, 'boundless', '4 4 4', '{"scale": null}') \g /dev/null
SELECT pg_temp.evaluate(3, 'signed', '-1 -1 1', '{"scale": 2}') \g /dev/null
SELECT pg_temp.evaluate(4, 'talk', '0 1 E U', '{"session_id": "a a b b", "pass_fail": true}') \g /dev/null
SELECT results_eq($$ SELECT scorer, name, dataset, mean, round(ci_low::numeric, 4), round(ci_high::numeric, 4)
	FROM gaiops.evaluation_summary WHERE run_id <= pg_temp.t(3) ORDER BY run_id $$,
	-- Student's of 1 1 1 1 and 0 1, cut at 1, and of -1 -1 1; golden values are in test/golden/statistics.
	$$ VALUES ('same', NULL, 'd', 1::float8, 0.4049, 1::numeric), ('boundless', NULL, 'd', 4, NULL, NULL),
		('signed', NULL, 'd', -1 / 3::float8, -3.2018, 2.5351) $$, 'an interval is within the scale, and never without width');
SELECT is((SELECT warnings FROM gaiops.evaluation_summary WHERE run_id = pg_temp.t(4)),
	ARRAY['4 records are of 2 sessions: intervals take them for independent, and are too narrow',
		'1 of 4 results are left out: unknown', '1 of 4 results are left out: the scorer failed'], 'what is left out is warned of');

-- Failures count as the worst of the scale.
SELECT gaiops_create_endpoint('refuses', :'fault' || '/fault/400,id=summary/v1', max_retries => 0) \g /dev/null
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_dataset('fail') \g /dev/null
SELECT gaiops_merge_records('fail', '[{"inputs": {"question": "a"}, "expectations": {"expected_response": "a"}}]') \g /dev/null
SELECT gaiops_evaluate('fail', ARRAY['exact_match'], 'refuses', run_name => 'failed') AS failed \gset
SELECT results_eq(format($$ SELECT n, n_failed, n_scored, records, mean, mean_answered, sd, ci_method FROM gaiops.evaluation_summary WHERE run_id = %L $$, :'failed'),
	$$ VALUES (1::bigint, 1::bigint, 0::bigint, 1::bigint, 0::float8, NULL::float8, NULL::float8, 'wilson') $$,
	'a failure counts as the worst of the scale, and is left out of what is answered');
SELECT results_eq($$ SELECT p.status, results, done, errors, in_flight, unknown, cost, seconds_left, created_by FROM gaiops.evaluation_progress AS p WHERE name = 'failed' $$,
	format($$ VALUES ('FINISHED', 1::bigint, 1::bigint, 1::bigint, 0::bigint, 0::bigint, NULL::numeric, NULL::float8, %L) $$, current_user),
	'how far it is, is known afterwards, too');

-- Expectations that are the model's own answers.
SELECT gaiops_chat('echo', 'My own answer') \g /dev/null
SELECT gaiops_create_dataset('own') \g /dev/null
SELECT gaiops_add_traces('own', ARRAY[gaiops_last_trace_id()], accept_outputs => true) \g /dev/null
SELECT gaiops_evaluate('own', ARRAY['exact_match'], 'echo') AS own \gset
SELECT is((SELECT warnings FROM gaiops.evaluation_summary WHERE run_id = :'own'),
	ARRAY['1 of 1 expectations are accepted answers of the same model and prompt'], 'expectations of its own are told of');
SELECT gaiops_register_prompt('Other', 'Echo.') \g /dev/null
SELECT gaiops_evaluate('own', ARRAY['exact_match'], 'echo', 'prompts:/Other/1') AS other \gset
SELECT is((SELECT warnings FROM gaiops.evaluation_summary WHERE run_id = :'other'), '{}'::text[], 'those of another arm are not');
-- Numbers whose sums are too large for double precision.
CREATE FUNCTION public.huge(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS double precision LANGUAGE sql AS $$
	SELECT CASE (inputs ->> 'n')::integer WHEN 1 THEN 1.7e308 WHEN 2 THEN -1.7e308 WHEN 3 THEN 1e100 WHEN 4 THEN -1e100 ELSE 1 END
$$;
SELECT gaiops_evaluate('ten', ARRAY['public.huge']) AS huge \gset
SELECT results_eq(format($$ SELECT n_scored, n_unknown, records, median, sd > 1e99 FROM gaiops.evaluation_summary WHERE run_id = %L $$, :'huge'),
	$$ VALUES (8::bigint, 2::bigint, 8::bigint, 1::float8, true) $$, 'scores beyond what figures can be taken of are unknown');
SELECT is((SELECT status FROM gaiops.runs WHERE run_id = :'huge'), 'FINISHED', 'and the run ends as any other');
UPDATE gaiops.evaluation_marks SET score = CASE WHEN score > 1 THEN 1.7e308 ELSE -1.7e308 END, scale = 1.7e308 WHERE run_id = :'huge' AND abs(score) > 1;
SELECT is((SELECT sum(n_scored) FROM gaiops.evaluation_summary WHERE run_id = :'huge'), 8::numeric, 'one that is stored breaks no figures');
SELECT is((SELECT count(score) FROM gaiops.evaluation_scores WHERE run_id = :'huge'), 6::bigint, 'and is left out');

-- BLEU of all texts: of sacrebleu 2.5.1, BLEU().corpus_score(outputs, [expected]).score / 100.
SELECT gaiops_create_dataset('texts') \g /dev/null
SELECT gaiops_merge_records('texts', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('n', n),
	'outputs', output, 'expectations', jsonb_build_object('expected_response', expected)))
	FROM (VALUES (1, 'The index scan reads the rows in order.', 'The index scan reads rows in order of the key.'),
		(2, 'A sequential scan reads every row of the table.', 'A sequential scan reads all rows of the table.'),
		(3, 'Vacuum removes dead rows.', 'Vacuum removes rows that are dead.'), (4, 'yes', 'no')) AS t (n, output, expected))) \g /dev/null
SELECT gaiops_evaluate('texts', ARRAY['bleu', 'chrf']) AS texts \gset
SELECT results_eq(format($$ SELECT scorer, round(corpus_bleu::numeric, 12), corpus_bleu <> mean FROM gaiops.evaluation_summary WHERE run_id = %L ORDER BY scorer $$, :'texts'),
	$$ VALUES ('bleu', 0.378955244153, true), ('chrf', NULL, NULL) $$, 'BLEU of all texts is that of sacrebleu, and no mean');
SELECT is((SELECT array_agg(k ORDER BY k) FROM gaiops.runs AS r, jsonb_object_keys(r.metrics) AS k WHERE r.run_id = :'texts'),
	ARRAY['bleu/corpus', 'bleu/mean', 'chrf/mean'], 'it is a metric of the run, beside the means');
SELECT is((r.metrics ->> 'bleu/corpus')::double precision, s.corpus_bleu, 'of the same value') FROM gaiops.runs AS r
	JOIN gaiops.evaluation_summary AS s USING (run_id) WHERE run_id = :'texts' AND scorer = 'bleu';
SELECT gaiops_evaluate('texts', ARRAY['bleu'], repeats => 3) AS thrice \gset
SELECT is((SELECT round(corpus_bleu::numeric, 12) FROM gaiops.evaluation_summary WHERE run_id = :'thrice'), 0.378955244153, 'repeats are averaged first');
SELECT gaiops_create_dataset('word') \g /dev/null
SELECT gaiops_merge_records('word', '[{"inputs": {"n": 1}, "outputs": "yes", "expectations": {"expected_response": "yes"}}]') \g /dev/null
SELECT gaiops_evaluate('word', ARRAY['bleu']) AS word \gset
SELECT is((SELECT (mean, corpus_bleu)::text FROM gaiops.evaluation_summary WHERE run_id = :'word'), '(1,)', 'it is not known where no text has four tokens');
SELECT throws_ok($$ SELECT gaiops.corpus_bleu('{1,2}') $$, '2202E', 'BLEU of a corpus has 10 sums', 'it is of ten sums');

-- Whose metrics they are.
CREATE ROLE metrics_user;
SELECT gaiops_grant('metrics_user', 'user') \g /dev/null
SET ROLE metrics_user;
SELECT throws_ok(format($$ SELECT gaiops_log_metric('exact_match/mean', 1, run_id => %L) $$, :'ten'), '42501',
	format('permission denied to log metrics of run "%s"', :'ten'), 'others log no metrics of an evaluation');
SELECT gaiops_evaluate('ten', ARRAY['exact_match']) AS mine \gset
SELECT lives_ok(format($$ SELECT gaiops_log_metric('mine', 1, run_id => %L) $$, :'mine'), 'who began it does');
RESET ROLE;
SELECT is((SELECT metrics FROM gaiops.runs WHERE run_id = :'ten'), '{"exact_match/mean": 0.7777777777777778}'::jsonb, 'so the mean stands');
DROP OWNED BY metrics_user;
DROP ROLE metrics_user;
SELECT * FROM finish();
