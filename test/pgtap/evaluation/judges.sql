-- Judges in evaluations: which there are, what is asked, what is recorded, and what is refused.
\set ON_ERROR_STOP on
\set QUIET on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
SELECT set_config('t.fault', :'fault', false) \g /dev/null
SELECT gaiops_create_endpoint(n, current_setting('t.fault') || '/fault/judge,id=evaluations-' || n || o || '/v1', model => 'judge-1', max_retries => 0)
FROM (VALUES ('honest', ''), ('one', ',result=1'), ('talks', ',mode=talk'), ('repents', ',mode=twice,later=2'), ('never', ',refuses=messages')) AS e (n, o) \g /dev/null
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint('priced', :'fault' || '/fault/judge,id=evaluations-priced/v1', model => 'judge-priced', provider => 'test') \g /dev/null
SELECT gaiops_set_price('test', 'judge-priced', input => 1, output => 1) \g /dev/null

SELECT gaiops_create_dataset('answers') \g /dev/null
SELECT gaiops_merge_records('answers', '[
	{"inputs": {"question": "Return?", "context": ["You have 30 days, they say."]}, "outputs": "You have 30 days.", "expectations": {"expected_response": "30 days"}},
	{"inputs": {"question": "Ship?"}, "outputs": "That is wrong.", "expectations": {"expected_response": "Free"}}]') \g /dev/null
CREATE FUNCTION pg_temp.scores(run uuid, name text DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.scorer, s.scorer_version, s.state, s.score, s.passed, s.reason) FROM gaiops.evaluation_scores AS s
	JOIN gaiops_dataset_records('answers') AS r USING (record_id)
	WHERE s.run_id = run AND (name IS NULL OR s.scorer = name) ORDER BY s.scorer, r.inputs ->> 'question', s.repeat
$$;

-- What is refused before anything is asked.
SELECT count(*) AS before FROM gaiops.spans \gset
SELECT is(pg_temp.raised($$ SELECT gaiops_evaluate('answers', ARRAY['safety']) $$),
	E'55000\nthere is no model for judge "safety" to ask\nGive "model" an endpoint, or set gaiops.judge_model to one.', 'a judge needs a model');
SELECT matches(pg_temp.raised($$ SELECT gaiops_evaluate('answers', ARRAY['safety'], judge_model => 'nowhere') $$), '^LM009', 'one that is there');
SELECT is(pg_temp.raised($$ SELECT gaiops_evaluate('answers', ARRAY['safety', 'guidelines'], judge_model => 'honest') $$),
	E'55000\njudge "guidelines" can say nothing of any record of dataset "answers"\nOf the last one: inputs have no guidelines.\nSee gaiops.judges for what it needs.',
	'what no record has is an error');
SELECT matches(pg_temp.raised($$ SELECT gaiops_evaluate('answers', ARRAY['safety'], judge_model => 'honest', max_cost => 1) $$),
	'argument "max_cost" cannot be kept with model "honest"', 'what cannot be reckoned with is no limit');
SELECT gaiops_create_judge('house', 'Is {{ outputs }} right?') \g /dev/null
BEGIN;
SELECT gaiops_create_judge('house', 'Is {{ outputs }} really right?') \g /dev/null
SELECT is(pg_temp.raised($$ SELECT gaiops_evaluate('answers', ARRAY['house'], judge_model => 'honest') $$),
	E'55000\njudge "house" version 2 is not committed\nThis transaction has created it; what it said is recorded for good.\nCOMMIT first.', 'nor is a judge that may not come to be');
ROLLBACK;
SELECT is((SELECT count(*) FROM gaiops.spans), :before::bigint, 'and nobody was asked');

-- Stored outputs.
SELECT gaiops_evaluate('answers', ARRAY['exact_match', 'house', 'groundedness', 'fluency'], judge_model => 'honest') AS stored \gset
SELECT is(array(SELECT pg_temp.scores(:'stored', 'house')), ARRAY['house 1 scored 1 t As the data show.', 'house 1 scored 0 f As the data show.'], 'a created judge scores each');
SELECT is(array(SELECT pg_temp.scores(:'stored', 'groundedness')), ARRAY['groundedness 1 scored 1 As the data show.', 'groundedness 1 unknown there is no context'],
	'what it needs is missing in one: unknown, and no call');
SELECT results_eq(format($$ SELECT DISTINCT scorer, direction, scale, threshold, pass_fail FROM gaiops.evaluation_scores WHERE run_id = %L AND scorer_version = 1 ORDER BY 1 $$, :'stored'),
	$$ VALUES ('fluency', 'higher', 5::double precision, 3::double precision, false), ('groundedness', 'higher', 1, NULL, false), ('house', 'higher', 1, NULL, true) $$,
	'version, direction, scale and threshold are stored');
SELECT is((SELECT count(DISTINCT s.judge_trace_id) FROM gaiops.evaluation_scores AS s JOIN gaiops.spans AS c ON c.trace_id = s.judge_trace_id
	WHERE s.run_id = :'stored' AND c.purpose = 'judge' AND c.run_id = s.run_id), 5::bigint, 'each call is a trace of its own, of the run');
SELECT is((SELECT count(*) FROM gaiops.evaluation_scores AS s JOIN gaiops.span_contents AS c ON c.trace_id = s.judge_trace_id
	WHERE s.run_id = :'stored' AND c.attributes ->> 'gaiops.judged.trace_id' = s.trace_id::text), 5::bigint, 'that names the trace that was judged');
SELECT results_eq(format($$ SELECT DISTINCT a.source_type, a.source_id FROM gaiops.assessments AS a JOIN gaiops.evaluation_scores AS s ON s.run_id = %L AND s.trace_id = a.trace_id WHERE a.name = 'house' $$, :'stored'),
	$$ VALUES ('LLM_JUDGE', 'house/1') $$, 'a score is an assessment of a judge');
SELECT results_eq(format($$ SELECT n, n_scored, n_unknown, mean FROM gaiops.evaluation_summary WHERE run_id = %L AND scorer = 'groundedness' $$, :'stored'),
	$$ VALUES (2::bigint, 1::bigint, 1::bigint, 1::double precision) $$, 'unknown is left out of the mean');

-- Which model: that of the call, that of the judge, that of the setting.
SELECT gaiops_create_judge('own', 'Rate {{ outputs }}.', 'scale', model => 'one') \g /dev/null
SET gaiops.judge_model = 'honest';
SELECT gaiops_evaluate('answers', ARRAY['own', 'fluency']) AS models \gset
SELECT is(array(SELECT DISTINCT scorer || ' ' || score FROM gaiops.evaluation_scores WHERE run_id = :'models' ORDER BY 1), ARRAY['fluency 4', 'own 1'], 'each asks its model');
SELECT gaiops_evaluate('answers', ARRAY['own'], judge_model => 'honest') AS models \gset
SELECT is(array(SELECT DISTINCT score FROM gaiops.evaluation_scores WHERE run_id = :'models'), ARRAY[4::double precision], 'that of the call comes first');

-- A model answers, and judges its answers.
SELECT gaiops_evaluate('answers', ARRAY['house', 'correctness'], 'echo', message => 'say {{ question }}', repeats => 2, concurrency => 3) AS answered \gset
SELECT is((SELECT array_agg(DISTINCT state) FROM gaiops.evaluation_scores WHERE run_id = :'answered'), ARRAY['scored'], 'all are scored');
SELECT is((SELECT count(*) FROM gaiops.evaluation_scores WHERE run_id = :'answered' AND judge_trace_id IS NOT NULL), 8::bigint, 'each record, repeat and judge');

-- Replies that are none, and models that fail.
SELECT gaiops_evaluate('answers', ARRAY['house'], judge_model => 'repents', concurrency => 1) AS again \gset
SELECT is(array(SELECT DISTINCT state FROM gaiops.evaluation_scores WHERE run_id = :'again'), ARRAY['scored'], 'what is no verdict is asked for once more');
SELECT gaiops_evaluate('answers', ARRAY['house'], judge_model => 'talks') AS talked \gset
SELECT results_eq(format($$ SELECT n, n_scored, n_error, mean FROM gaiops.evaluation_summary WHERE run_id = %L $$, :'talked'),
	$$ VALUES (2::bigint, 0::bigint, 2::bigint, NULL::double precision) $$, 'then it is an error, and no zero');
SELECT gaiops_evaluate('answers', ARRAY['house'], judge_model => 'never') AS refused \gset
SELECT ok((SELECT bool_and(state = 'error' AND reason ~ '^the judge could not be asked') FROM gaiops.evaluation_scores WHERE run_id = :'refused'), 'as is a call that fails');
SELECT is(gaiops_resume_evaluation(:'refused', retry_failed => true), 0::bigint, 'which can be tried again without any other call');

-- A jury.
SELECT gaiops_create_jury('gate', ARRAY['safety', 'house']) \g /dev/null
SELECT gaiops_evaluate('answers', ARRAY['gate']) AS jury \gset
SELECT is(array(SELECT split_part(s, E'\n', 1) FROM pg_temp.scores(:'jury') AS s), ARRAY['gate 1 scored 1 t safety: As the data show.', 'gate 1 scored 0 f safety: As the data show.'], 'a jury is asked like a judge');
SELECT results_eq(format($$ SELECT DISTINCT jsonb_array_length(value -> 'votes'), judge_trace_id IS NULL, pass_fail FROM gaiops.evaluation_scores WHERE run_id = %L $$, :'jury'), $$ VALUES (2, true, true) $$, 'and keeps its votes');

-- A function for predict, with what its trace says.
CREATE FUNCTION public.answers_by_hand(inputs jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	span text := gaiops_start_span('find', span_type => 'RETRIEVER');
BEGIN
	PERFORM gaiops_end_span(span, outputs => '["You have 30 days, they say."]'::json);
	RETURN 'You have 30 days.';
END $$;
SELECT gaiops_evaluate('answers', ARRAY['groundedness'], predict => 'public.answers_by_hand(jsonb)') AS predicted \gset
SELECT is(array(SELECT pg_temp.scores(:'predicted')), ARRAY['groundedness 1 scored 1 As the data show.', 'groundedness 1 scored 1 As the data show.'], 'its documents are the context');
SELECT gaiops_create_judge('steps', 'Is {{ trace }} short?') \g /dev/null
SELECT matches(pg_temp.raised($$ SELECT gaiops_evaluate('answers', ARRAY['steps'], 'echo', message => 'x') $$), 'Of the last one: there is no trace\.', 'answers of a model have no steps');

-- What it costs.
SELECT gaiops_evaluate('answers', ARRAY['house'], judge_model => 'priced', max_cost => 1) AS paid \gset
SELECT ok((SELECT bool_and(s.cost > 0 AND s.cost = c.cost) FROM gaiops.evaluation_scores AS s JOIN gaiops.spans AS c ON c.trace_id = s.judge_trace_id WHERE s.run_id = :'paid'), 'a score costs what its call does');
SELECT gaiops_evaluate('answers', ARRAY['house'], judge_model => 'priced', max_cost => 0) AS stopped \gset
SELECT is((SELECT status FROM gaiops.runs WHERE run_id = :'stopped'), 'KILLED', 'it stops at its max_cost');
SELECT is((SELECT count(*) FROM gaiops.evaluation_scores WHERE run_id = :'stopped' AND state = 'unknown' AND score IS NULL AND reason = 'no verdict of the judge is on record'), 1::bigint,
	'a score that is missing is unknown, and no zero');
SELECT is(gaiops_resume_evaluation(:'stopped', max_cost => 1), 1::bigint, 'and is asked for when it goes on');
SELECT is(array(SELECT state || ' ' || score FROM gaiops.evaluation_scores WHERE run_id = :'stopped' ORDER BY score), ARRAY['scored 0', 'scored 1'], 'with the rest');
SELECT is((SELECT count(*) FROM gaiops.spans WHERE run_id = :'stopped' AND purpose = 'judge'), 2::bigint, 'nothing twice');

-- What it would take.
SELECT results_eq($$ SELECT calls, most_output_tokens, most_cost IS NOT NULL FROM gaiops_estimate_evaluation('answers', ARRAY['gate', 'groundedness'], judge_model => 'priced') $$,
	$$ VALUES (5::bigint, 10240::bigint, true) $$, 'calls of judges are foreseen, those of a jury each, and none where a need is missing');
SELECT results_eq($$ SELECT calls, most_cost IS NULL FROM gaiops_estimate_evaluation('answers', ARRAY['house'], 'echo', message => 'x', judge_model => 'priced') $$,
	$$ VALUES (4::bigint, true) $$, 'beside those that answer, whose length is not known');

-- Compared as any other; by the same judge that asks the same model.
SELECT gaiops_evaluate('answers', ARRAY['house']) AS other \gset
SELECT results_eq(format($$ SELECT scorer, n, baseline, candidate FROM gaiops_compare_runs(%L, %L) WHERE scorer = 'house' $$, :'stored', :'other'),
	$$ VALUES ('house', 2::bigint, 0.5::double precision, 0.5::double precision) $$, 'runs are compared by judges, too');
SELECT results_eq(format($$ SELECT n, baseline, candidate FROM gaiops_compare_runs(%L, %L) WHERE scorer = 'groundedness' $$, :'stored', :'predicted'),
	$$ VALUES (1::bigint, 1::double precision, 1::double precision) $$, 'what a judge could not say is missing');
SELECT is((SELECT n FROM gaiops_compare_runs(:'stored', :'paid') WHERE scorer = 'house'), 0::bigint, 'another model makes it another judge');
SELECT * FROM finish();
