-- What versions of a prompt have to reach, and whether they do: criteria, and the scorecard,
-- of evaluations and of production. Everything but experiments is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT count(gaiops_set_experiment('scorecard test')) \g /dev/null
BEGIN;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
\ir ../../lib/evaluations.sql

-- Of version v of the prompt, in a run of the experiment.
CREATE FUNCTION pg_temp.evaluate_version(run integer, v integer, scorer text, scores text, options jsonb DEFAULT '{}') RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
	id CONSTANT uuid := pg_temp.evaluate(run, scorer, scores, options);
BEGIN
	UPDATE gaiops.evaluations SET prompt_name = 'card', prompt_version = v, model = coalesce(options ->> 'model', 'm') WHERE run_id = id;
	INSERT INTO gaiops.run_starts (run_id, experiment, session_role, role, pid, incarnation, start_time, purpose)
		VALUES (id, 'scorecard test', CURRENT_USER, CURRENT_USER, 1, gaiops.incarnation(), now(), 'evaluation') ON CONFLICT DO NOTHING;
	RETURN id;
END
$$;
CREATE FUNCTION pg_temp.times(what text, n integer) RETURNS text LANGUAGE sql AS $$ SELECT string_agg(what, ' ') FROM generate_series(1, n) $$;
CREATE FUNCTION pg_temp.card(v integer, wanted text, by text DEFAULT 'judge', "at" text DEFAULT 'promotion') RETURNS gaiops.scorecard LANGUAGE sql AS $$
	SELECT c FROM gaiops.scorecard AS c WHERE (c.experiment, c.prompt_name, c.prompt_version, c.metric, c.said_by, c.measured) = ('scorecard test', 'card', v, wanted, by, "at") $$;

-- ---- criteria ----

SELECT is(gaiops_set_criterion('scorecard test', 'accuracy', minimum => 0.9), 'accuracy', 'a criterion is set');
SELECT results_eq($$ SELECT metric COLLATE "default", aggregate, measured, said_by, minimum, maximum, updated_by::text FROM gaiops.criteria WHERE experiment = 'scorecard test' $$,
	$$ VALUES ('accuracy', 'mean', 'promotion', 'judge', 0.9::double precision, NULL::double precision, CURRENT_USER::text) $$, 'with what it is of');
SELECT is(gaiops_set_criterion('scorecard test', 'accuracy', minimum => 0.8), 'accuracy', 'and set anew');
SELECT is(count(*), 1::bigint, 'it is the same criterion') FROM gaiops.criteria WHERE experiment = 'scorecard test' AND minimum = 0.8;
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'accuracy') $$),
	E'22023\na criterion needs a minimum or a maximum\nTo take one away, use gaiops_delete_criterion().', 'one without limits is refused');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'accuracy', minimum => 2, maximum => 1) $$),
	E'22023\nthe limits of a criterion must be numbers, and the minimum no greater than the maximum\nThe minimum is 2, the maximum 1.', 'and limits that nothing is between');
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'accuracy', minimum => 'NaN') $$), '^22023\nthe limits of a criterion', 'and what is no number');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'accuracy', 'median', 1) $$),
	E'22023\nargument "aggregate" cannot be "median"\nIt is one of mean, pass_rate, p50, p90, p95.', 'and another aggregate');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'accuracy', minimum => 1, measured => 'later') $$),
	E'22023\nargument "measured" cannot be "later"\nIt is one of promotion, production.', 'and another place');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'accuracy', minimum => 1, said_by => 'people') $$),
	E'22023\nwhat people say cannot be measured at promotion\nNobody has rated what was never served.\nWrite measured => ''production''.', 'and people at promotion');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'cost', 'pass_rate', 1) $$),
	E'22023\ncost has no pass_rate\nIt is one of mean, p50, p90, p95.', 'and passes of costs');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('no such experiment', 'cost', maximum => 1) $$),
	E'42704\nexperiment "no such experiment" does not exist\nCreate it with gaiops_create_experiment(); gaiops.experiments lists those there are.', 'and no experiment');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', NULL, minimum => 1) $$), E'22004\nargument "metric" must not be null', 'and no metric');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion(NULL, 'cost', minimum => 1) $$), E'22004\nargument "experiment" must not be null', 'and NULL for an experiment');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'cost', NULL, 1) $$), E'22004\nargument "aggregate" must not be null', 'and for an aggregate');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'cost', minimum => 1, measured => NULL) $$), E'22004\nargument "measured" must not be null', 'and for a place');
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'cost', maximum => 'infinity') $$), '^22023\nthe limits of a criterion', 'and infinity');
SELECT matches(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', '', maximum => 1) $$), '^22023\nname of a metric', 'and an empty metric');
SELECT is(pg_temp.raised($$ SELECT gaiops_set_criterion('scorecard test', 'cost', maximum => 1, said_by => 'judge') $$),
	E'22023\nargument "said_by" cannot be "judge"\nIt is one of usage.', 'and judges of costs');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_criterion('scorecard test', NULL) $$), E'22004\nargument "metric" must not be null', 'NULL is not deleted');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_criterion('no such experiment', 'cost') $$),
	E'42704\nexperiment "no such experiment" has no criterion for the mean of "cost"\nNone that is measured at promotion and said by usage.\nThose there are, are in gaiops.criteria.', 'nor where there is no experiment');
SELECT is(pg_temp.raised($$ SELECT gaiops_delete_criterion('scorecard test', 'cost') $$),
	E'42704\nexperiment "scorecard test" has no criterion for the mean of "cost"\nNone that is measured at promotion and said by usage.\nThose there are, are in gaiops.criteria.', 'what is not there is not deleted');
SELECT is(gaiops_delete_criterion('scorecard test', 'accuracy'), 'accuracy', 'what is there is');
SELECT is_empty($$ SELECT FROM gaiops.criteria WHERE experiment = 'scorecard test' $$, 'and gone');

-- ---- states ----

SELECT results_eq($$ SELECT gaiops.criterion_state(9, 0.7, 0.9, m, x) FROM (VALUES (0.7, NULL), (0.8, NULL), (0.91, NULL), (NULL, 0.9), (NULL, 0.8), (NULL, 0.69), (0.6, 1), (NULL, NULL)) AS v (m, x) $$,
	$$ VALUES ('met'), ('unsure'), ('not met'), ('met'), ('unsure'), ('not met'), ('met'), (NULL) $$, 'a bound on that side of the limit decides');
SELECT is(gaiops.criterion_state(0, NULL, NULL, 0, NULL), 'not measured', 'nothing is not measured');
SELECT is(gaiops.criterion_state(1, NULL, NULL, 0, NULL), 'unsure', 'an open bound says nothing');

-- ---- of evaluations ----

SELECT gaiops_set_criterion('scorecard test', 'accuracy', minimum => 0.9), gaiops_set_criterion('scorecard test', 'cost', maximum => 0.02),
	gaiops_set_criterion('scorecard test', 'performance', 'p95', maximum => 1000), gaiops_set_criterion('scorecard test', 'tone', 'mean', 0.5) \g /dev/null
SELECT pg_temp.evaluate_version(1, 1, 'exact_match', pg_temp.times('1', 60), jsonb_build_object('pass_fail', true, 'cost', pg_temp.times('0.01', 60), 'latency_ms', pg_temp.times('700', 60))),
	pg_temp.evaluate_version(2, 2, 'exact_match', pg_temp.times('1', 9) || ' 0', '{"pass_fail": true}'),
	pg_temp.evaluate_version(3, 3, 'exact_match', pg_temp.times('0', 20), '{"pass_fail": true}') \g /dev/null
SELECT results_eq($$ SELECT c.value, c.n, round(c.ci_low::numeric, 4), c.ci_high, c.source, c.minimum, c.state FROM pg_temp.card(1, 'accuracy') AS c $$,
	$$ VALUES (1::double precision, 60::bigint, round(0.05 ^ (1 / 60.0), 4), 1::double precision, 'evaluation: exact_match', 0.9::double precision, 'met') $$, 'accuracy of 60 passes is met');
SELECT is((c.value, c.n, c.state)::text, '(0.9,10,unsure)', '9 of 10 is 0.9, and unsure') FROM pg_temp.card(2, 'accuracy') AS c;
SELECT is((c.value, c.n, c.state)::text, '(0,20,"not met")', 'none of 20 is not met') FROM pg_temp.card(3, 'accuracy') AS c;
SELECT is((round(c.value::numeric, 6), c.n, c.state, c.said_by)::text, '(0.010000,60,met,usage)', 'so is cost') FROM pg_temp.card(1, 'cost', 'usage') AS c;
SELECT is((c.value, c.n, c.ci_high, c.state)::text, '(700,60,700,met)', 'and a quantile of latency, of which 59 are enough') FROM pg_temp.card(1, 'performance', 'usage') AS c;
SELECT is((c.n, c.state)::text, '(0,"not measured")', 'what nobody measured is not measured') FROM pg_temp.card(1, 'tone') AS c;
SELECT is((c.n, c.state)::text, '(0,"not measured")', 'nor are costs that are not known') FROM pg_temp.card(2, 'cost', 'usage') AS c;
SELECT results_eq($$ SELECT c.metric, c.said_by FROM gaiops.scorecard AS c WHERE (c.experiment, c.prompt_name, c.prompt_version) = ('scorecard test', 'card', 2) ORDER BY 1, 2 $$,
	$$ VALUES ('accuracy', 'judge'), ('accuracy', 'people'), ('cost', 'usage'), ('groundedness', 'judge'), ('groundedness', 'people'),
		('intent_resolution', 'judge'), ('intent_resolution', 'people'), ('performance', 'usage'), ('tone', 'judge') $$, 'each measure has one row, judge and people apart');
SELECT is((c.n, c.state, c.minimum)::text, '(0,,)', 'one without a criterion has no state') FROM pg_temp.card(2, 'groundedness') AS c;

-- Repeats: all evaluations like the latest count; a failed prediction counts as the worst.
SELECT pg_temp.evaluate_version(4, 1, 'exact_match', pg_temp.times('0', 60), '{"pass_fail": true}') \g /dev/null
SELECT is((c.value, c.n)::text, '(0.5,60)', 'evaluations that are alike count as repeats') FROM pg_temp.card(1, 'accuracy') AS c;
SELECT pg_temp.evaluate_version(5, 1, 'exact_match', 'F U 1 1', '{"pass_fail": true, "model": "other"}') \g /dev/null
UPDATE gaiops.evaluations SET created_at = now() + '1 s' WHERE run_id = pg_temp.t(5);
SELECT is((round(c.value::numeric, 3), c.n)::text, '(0.667,3)', 'others do not; a failed prediction is the worst, what is unknown is left out') FROM pg_temp.card(1, 'accuracy') AS c;

-- Of another experiment, with errors of the scorer, still open, or cut short.
SELECT pg_temp.evaluate_version(7, 7, 'exact_match', 'E U 1 0', '{"pass_fail": true}'), pg_temp.evaluate_version(8, 7, 'exact_match', '0 0 0 0', '{"pass_fail": true}'),
	pg_temp.evaluate_version(9, 7, 'exact_match', '0 0 0 0', '{"pass_fail": true}'), pg_temp.evaluate_version(10, 7, 'exact_match', '0 0 0 -', '{"pass_fail": true}') \g /dev/null
UPDATE gaiops.run_starts SET experiment = 'another' WHERE run_id = pg_temp.t(8);
UPDATE gaiops.evaluations SET created_at = now() + '1 s' WHERE run_id <> pg_temp.t(7) AND prompt_version = 7;
INSERT INTO gaiops.open_runs (run_id, incarnation) SELECT pg_temp.t(9), gaiops.incarnation();
SELECT is((c.value, c.n, c.state)::text, '(0.5,2,unsure)', 'an error of the scorer is left out, and what is not of the experiment, or not finished') FROM pg_temp.card(7, 'accuracy') AS c;
DELETE FROM gaiops.open_runs WHERE run_id = pg_temp.t(9);
SELECT is((round(c.value::numeric, 3), c.n)::text, '(0.125,4)', 'what is finished counts') FROM pg_temp.card(7, 'accuracy') AS c;
SELECT pg_temp.evaluate_version(11, 11, 'tone', 'F 1 4', '{"scale": null}'), pg_temp.evaluate_version(12, 12, 'tone', 'F 1 4', '{"scale": 5, "direction": "lower"}') \g /dev/null
SELECT is((c.value, c.n)::text, '(2.5,2)', 'without a worst score a failed prediction has none') FROM pg_temp.card(11, 'tone') AS c;
SELECT is((round(c.value::numeric, 3), c.n)::text, '(3.333,3)', 'where less is better the worst is the most') FROM pg_temp.card(12, 'tone') AS c;

-- A pass rate, and sessions as units.
SELECT gaiops_set_criterion('scorecard test', 'f1', 'pass_rate', 0.5), pg_temp.evaluate_version(6, 6, 'f1', '0.2 0.4 0.6 0.9', '{"session_id": "a a b b"}') \g /dev/null
SELECT is((c.value, c.n)::text, '(,0)', 'without a threshold nothing passes') FROM pg_temp.card(6, 'f1') AS c;
SELECT pg_temp.evaluate_version(13, 13, 'f1', 'F 0.9', '{"threshold": 0.5, "scale": null}'), pg_temp.evaluate_version(14, 14, 'f1', 'F F') \g /dev/null
UPDATE gaiops.evaluation_marks SET passed = score > 0.5 WHERE run_id = pg_temp.t(13);
SELECT is((c.value, c.n)::text, '(0.5,2)', 'a failed prediction has not passed') FROM pg_temp.card(13, 'f1') AS c;
SELECT is((c.value, c.n)::text, '(,0)', 'where nothing can pass it is not measured') FROM pg_temp.card(14, 'f1') AS c;
UPDATE gaiops.evaluation_marks SET passed = score > 0.5 WHERE run_id = pg_temp.t(6);
SELECT is((c.value, c.n)::text, '(0.5,2)', 'a session is one unit') FROM pg_temp.card(6, 'f1') AS c;

-- ---- of production ----

SELECT gaiops_set_criterion('scorecard test', 'groundedness', minimum => 0.5, measured => 'production'),
	gaiops_set_criterion('scorecard test', 'groundedness', minimum => 0.5, measured => 'production', said_by => 'people') \g /dev/null
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, prompt_name, prompt_version, session_role, role, is_entry, start_time, latency_ms, cost, session_id)
	SELECT pg_temp.t(100 + n), 's' || n, 'chat', 'LLM', 'OK', 'application', 'scorecard test', 'card', 6, CURRENT_USER, CURRENT_USER, true, now(), 100 * n, 0.001 * n, 'session ' || n / 2
	FROM generate_series(1, 10) AS n;
INSERT INTO gaiops.machine_assessments (assessment_id, trace_id, name, kind, value, source_type, source_id, experiment, created_at, created_by)
	SELECT gen_random_uuid(), pg_temp.t(100 + n), 'groundedness', 'feedback', 'true', 'LLM_JUDGE', 'j', 'scorecard test', now(), CURRENT_USER FROM generate_series(1, 10) AS n;
SELECT is((c.value, c.n, c.source, c.state)::text, '(1,6,"production: groundedness by judges",met)', 'judges in production, a session being one unit') FROM pg_temp.card(6, 'groundedness', 'judge', 'production') AS c;
SELECT is((c.n, c.state)::text, '(0,"not measured")', 'people are apart') FROM pg_temp.card(6, 'groundedness', 'people', 'production') AS c;
SELECT gaiops_delete_criterion('scorecard test', 'cost'), gaiops_set_criterion('scorecard test', 'cost', maximum => 1, measured => 'production') \g /dev/null
SELECT is((round(c.value::numeric, 6), c.n, c.source)::text, '(0.005500,10,production)', 'cost in production is by trace') FROM pg_temp.card(6, 'cost', 'usage', 'production') AS c;
INSERT INTO gaiops.human_assessments (assessment_id, trace_id, name, kind, value, source_type, source_id, experiment, created_at, created_by)
	SELECT gen_random_uuid(), pg_temp.t(100 + n), 'groundedness', 'feedback', (n > 1)::text::jsonb, 'HUMAN', 'p', 'scorecard test', now(), CURRENT_USER FROM generate_series(1, 4) AS n;
SELECT is((round(c.value::numeric, 3), c.n, c.source, c.state)::text, '(0.667,3,"production: groundedness by people",unsure)', 'what people say') FROM pg_temp.card(6, 'groundedness', 'people', 'production') AS c;
SELECT is((c.value, c.n)::text, '(1,6)', 'is nothing that judges do') FROM pg_temp.card(6, 'groundedness', 'judge', 'production') AS c;

-- ---- who may ----

CREATE ROLE card_viewer;
CREATE ROLE card_user;
CREATE ROLE card_stranger;
SELECT gaiops_grant('card_viewer', 'viewer'), gaiops_grant('card_user', 'user') \g /dev/null
CREATE TEMP TABLE seen AS SELECT * FROM gaiops.scorecard;
GRANT SELECT ON seen TO PUBLIC;
SELECT isnt_empty('SELECT FROM seen WHERE measured = ''production'' AND n > 0', 'there is something to see');
SET ROLE card_viewer;
SELECT set_eq('TABLE gaiops.scorecard', 'TABLE seen', 'a viewer reads all of it');
SELECT isnt_empty('TABLE gaiops.criteria', 'and the criteria');
SELECT throws_ok($$ SELECT gaiops_set_criterion('scorecard test', 'cost', maximum => 2) $$, '42501', NULL, 'but sets none');
SELECT throws_ok($$ SELECT gaiops_delete_criterion('scorecard test', 'tone') $$, '42501', NULL, 'and takes none away');
RESET ROLE;
SET ROLE card_user;
SELECT set_eq('TABLE gaiops.scorecard', 'TABLE seen', 'a user reads it as well');
SELECT lives_ok($$ SELECT gaiops_set_criterion('scorecard test', 'latest', maximum => 2) $$, 'and sets criteria');
SELECT throws_ok($$ INSERT INTO gaiops.criteria SELECT * FROM gaiops.criteria $$, '42501', NULL, 'by the function alone');
RESET ROLE;
SELECT is(updated_by::text, 'card_user', 'his name is there') FROM gaiops.criteria WHERE metric = 'latest';
SET ROLE card_stranger;
SELECT throws_ok('TABLE gaiops.scorecard', '42501', NULL, 'a stranger reads nothing');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
