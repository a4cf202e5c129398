-- Evaluations of outputs that records have: what they leave, and what is refused.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT split_part(r, E'\n', 1) || ': ' || split_part(r, E'\n', 2) FROM pg_temp.raised(statement) AS r
$$;

SELECT gaiops_create_dataset('capitals') \g /dev/null
SELECT gaiops_merge_records('capitals', '[
	{"inputs": {"question": "Capital of France?"}, "outputs": "Paris", "expectations": {"expected_response": "Paris"},
		"split": "test", "tags": {"area": "west"}, "source": {"session_id": "s1"}},
	{"inputs": {"question": "Capital of Poland?"}, "outputs": "Krakow", "expectations": {"expected_response": "Warsaw"}},
	{"inputs": {"question": "Capital of Atlantis?"}, "outputs": "None", "expectations": {}}]') \g /dev/null

SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], run_name => 'stored') AS run_id \gset
SELECT results_eq($$ SELECT name, status, purpose, datasets FROM gaiops.runs $$,
	$$ VALUES ('stored', 'FINISHED', 'evaluation', '[{"dataset": "capitals", "revision": 1}]'::jsonb) $$,
	'an evaluation is a run over a revision of a dataset, for evaluation');
SELECT results_eq($$ SELECT run_id, dataset, revision, split, prompt_name, model, predict, message, judge_model, repeats,
		max_cost, scorers -> 0 ->> 'name', background, records, created_by::text COLLATE "default"
	FROM gaiops.evaluations $$,
	format($$ VALUES (%L::uuid, 'capitals', 1, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, NULL::text, 1,
		NULL::numeric, 'exact_match', false, 3::bigint, %L) $$, :'run_id', current_user),
	'what was asked for is on record');
SELECT results_eq($$ SELECT r.output #>> '{}', r.split, r.tags, r.session_id, r.repeat, r.status, r.error, r.attempts,
		r.latency_ms, d.inputs ->> 'question'
	FROM gaiops.evaluation_results AS r
		JOIN gaiops_dataset_records('capitals', 1) AS d USING (record_id) ORDER BY 1 $$,
	$$ VALUES ('Krakow', NULL, '{}'::jsonb, NULL, 1, 'ok', NULL::text, 0, NULL::float8, 'Capital of Poland?'),
		('None', NULL, '{}', NULL, 1, 'ok', NULL, 0, NULL, 'Capital of Atlantis?'),
		('Paris', 'test', '{"area": "west"}', 's1', 1, 'ok', NULL, 0, NULL, 'Capital of France?') $$,
	'each record has a result, with what the record is like');
SELECT results_eq($$ SELECT r.output #>> '{}', s.scorer, s.state, s.score, s.passed, s.value, s.direction, s.scale, s.pass_fail,
		s.split, s.session_id
	FROM gaiops.evaluation_scores AS s JOIN gaiops.evaluation_results AS r USING (run_id, record_id, repeat, trace_id)
	ORDER BY 1 $$,
	$$ VALUES ('Krakow', 'exact_match', 'scored', 0::float8, false, 'false'::jsonb, 'higher', 1::float8, true, NULL, NULL),
		('None', 'exact_match', 'unknown', NULL, NULL, NULL, 'higher', 1, true, NULL, NULL),
		('Paris', 'exact_match', 'scored', 1, true, 'true', 'higher', 1, true, 'test', 's1') $$,
	'and a score of each scorer, unknown where nothing can be said');
SELECT results_eq($$ SELECT a.name, a.value, a.kind, a.source_type, a.source_id, a.run_id, a.experiment, a.metadata ->> 'score'
	FROM gaiops.evaluation_scores AS s JOIN gaiops.assessments AS a USING (trace_id) ORDER BY a.value $$,
	format($$ SELECT 'exact_match', v::jsonb, 'feedback', 'CODE', 'exact_match', %L::uuid, 'Default', s
	FROM (VALUES ('false', '0'), ('true', '1')) AS x (v, s) $$, :'run_id'),
	'what has a value is an assessment of its trace, made in the run');
SELECT results_eq($$ SELECT t.name, t.purpose, t.status, t.run_id FROM gaiops.traces AS t
	JOIN gaiops.evaluation_results AS r USING (trace_id) $$,
	format($$ SELECT 'evaluate', 'evaluation', 'OK', %L::uuid FROM generate_series(1, 3) $$, :'run_id'),
	'each result has a trace');

-- What is refused, and that nothing is left of it.
SELECT is(gaiops_current_run(), NULL, 'the run is not current afterwards');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate(NULL, ARRAY['exact_match']) $$),
	'22004: argument "dataset" must not be null', 'a dataset is needed');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', NULL) $$),
	'22004: argument "scorers" must not be null', 'scorers are needed');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY[NULL]) $$),
	'22004: argument "scorers" must not contain nulls', 'no scorer is null');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match', 'exact_match']) $$),
	'42710: scorer "exact_match" is named twice', 'no scorer is named twice');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('no such', ARRAY['exact_match']) $$),
	'42704: dataset "no such" does not exist', 'the dataset exists');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], revision => 7) $$),
	'42704: revision 7 of dataset "capitals" does not exist', 'and the revision');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], split => 'train') $$),
	'55000: split "train" of revision 1 of dataset "capitals" has no records', 'and has records');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], prompt => 'prompts:/x/1') $$),
	'22023: argument "prompt" needs a model', 'a prompt is of no use without a model');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], message => '{{ question }}') $$),
	'22023: argument "message" needs a model', 'nor is a message');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], judge_model => 'llm-dev') $$),
	'22023: argument "judge_model" needs a judge', 'nor a model for judges without one');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], concurrency => 0) $$),
	'22023: argument "concurrency" is out of range', 'something is in flight');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], repeats => 101) $$),
	'22023: argument "repeats" is out of range', 'repeats have a limit');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], max_cost => -1) $$),
	'22023: argument "max_cost" must be a number that is not negative', 'a cost is not negative');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], max_cost => 'NaN') $$),
	'22023: argument "max_cost" must be a number that is not negative', 'and is a number');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], run_name => '') $$),
	'22023: name of a run must have 1 to 255 bytes', 'a name is none if it is empty');
SELECT gaiops_merge_record('capitals', '{"question": "Capital of Peru?"}', '{"expected_response": "Lima"}') \g /dev/null
SELECT record_id AS bare FROM gaiops.dataset_records WHERE inputs ->> 'question' = 'Capital of Peru?' \gset
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match']) $$),
	format('22023: record "%s" of dataset "capitals" has no outputs to score', :'bare'), 'what has no outputs cannot be scored, and is named');
SELECT lives_ok($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], revision => 1) $$, 'an earlier revision can');
SELECT lives_ok($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], split => 'test', repeats => 3) $$, 'and a split');
SELECT results_eq($$ SELECT r.repeat, count(*) FROM gaiops.evaluation_results AS r
	JOIN gaiops.evaluations AS e USING (run_id) WHERE e.split = 'test' GROUP BY 1 ORDER BY 1 $$,
	$$ VALUES (1, 1::bigint), (2, 1), (3, 1) $$, 'each repeat has a result');
BEGIN;
SELECT gaiops_merge_record('capitals', '{"question": "Capital of Chile?"}', '{}') \g /dev/null
SELECT matches(pg_temp.refused($$ SELECT gaiops_evaluate('capitals', ARRAY['exact_match']) $$),
	'^55000: revision 3 of dataset "capitals" is not committed', 'what this transaction has changed is refused');
ROLLBACK;
SELECT is((SELECT count(*) FROM gaiops.evaluations), 3::bigint, 'what was refused left nothing');
SELECT is((SELECT count(*) FROM gaiops.run_starts), 3::bigint, 'nor a run');

-- A rollback takes nothing back; one within another run is part of it.
BEGIN;
SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], revision => 1, run_name => 'rolled back') \g /dev/null
ROLLBACK;
SELECT is((SELECT count(*) FROM gaiops.evaluation_results JOIN gaiops.runs USING (run_id)
	WHERE name = 'rolled back' AND runs.status = 'FINISHED'), 3::bigint, 'results survive a rollback');
SELECT gaiops_start_run('outer') AS outer_run \gset
SELECT gaiops_evaluate('capitals', ARRAY['exact_match'], revision => 1, run_name => 'inner') \g /dev/null
SELECT is((SELECT parent_run_id FROM gaiops.runs WHERE name = 'inner'), :'outer_run'::uuid, 'an evaluation may be within a run');
SELECT is(gaiops_current_run(), :'outer_run'::uuid, 'which is current again afterwards');
SELECT gaiops_end_run() \g /dev/null

-- Many, more than are under way at once.
SELECT gaiops_create_dataset('many') \g /dev/null
SELECT gaiops_merge_records('many', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('n', n), 'outputs', n::text,
	'expectations', jsonb_build_object('expected_response', n::text))) FROM generate_series(1, 500) AS n)) \g /dev/null
SELECT gaiops_evaluate('many', ARRAY['exact_match']) AS many \gset
SELECT is((SELECT count(*) FROM gaiops.evaluation_scores WHERE run_id = :'many' AND passed), 500::bigint, 'many are scored');

-- A function cannot have the evaluation gone on with that calls it.
CREATE FUNCTION public.goes_on(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS bigint LANGUAGE sql AS $$
	SELECT gaiops_resume_evaluation(gaiops_current_run(), retry_unknown => true)
$$;
BEGIN;
SELECT gaiops_evaluate('capitals', ARRAY['public.goes_on'], revision => 1) AS run_id \gset
SELECT is(gaiops_resume_evaluation(:'run_id'), 0::bigint, 'the transaction that did it can go on with it');
COMMIT;
SELECT results_eq(format($$ SELECT DISTINCT state, reason FROM gaiops.evaluation_scores WHERE run_id = %L $$, :'run_id'),
	format($$ VALUES ('error', 'evaluation %s is under way in this session') $$, :'run_id'), 'a function that it calls cannot');
SELECT * FROM finish();
