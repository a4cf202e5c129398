-- What an evaluation may cost: what is held before calls are made, and what is refused.
\set ON_ERROR_STOP on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT replace(r, E'\n', ' | ') FROM pg_temp.raised(statement) AS r
$$;
SELECT gaiops_create_dataset('ten') \g /dev/null
SELECT gaiops_merge_records('ten', (SELECT jsonb_agg(jsonb_build_object('inputs', jsonb_build_object('question', 'Q' || n))) FROM generate_series(0, 9) AS n))
	\g /dev/null
-- Each answer has 7 tokens of input and 5 of output.
SELECT gaiops_create_endpoint(n, :'fault' || '/fault/' || f || ',id=cost/v1', provider => 'prov', model => m, params => p::json, max_retries => 0)
	FROM (VALUES ('bounded', 'ok', 'bounded-model', '{"max_tokens": 100}'), ('unbounded', 'ok', 'bounded-model', '{}'),
		('unpriced', 'ok', 'unpriced-model', '{"max_tokens": 100}'), ('refuses', '400', 'bounded-model', '{"max_tokens": 100}'),
		('breaks', '500', 'bounded-model', '{"max_tokens": 100}'), ('free', 'ok', 'free-model', '{}')) AS e (n, f, m, p) \g /dev/null
SELECT gaiops_set_price('prov', m, input => 0, output => p, effective_from => '2019-01-01')
	FROM (VALUES ('bounded-model', 10000), ('free-model', 0)) AS v (m, p) \g /dev/null
-- So a call costs 5 cents, and 1 dollar at most.

SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('ten', '{}', 'unpriced', max_cost => 1) $$),
	'55000 | argument "max_cost" cannot be kept with model "unpriced" | Model "unpriced-model" of provider "prov" has no price for input or output.'
	' | Set its prices with gaiops_set_price().', 'a model without prices is refused');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('ten', '{}', 'unbounded', max_cost => 1) $$),
	'55000 | argument "max_cost" cannot be kept with model "unbounded" | Its requests do not say how many tokens an answer may have.'
	' | Give max_tokens in the params of the endpoint, or in the model_config of the prompt.', 'one without a bound as well');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('ten', '{}', max_cost => 1) $$),
	'22023 | argument "max_cost" needs a model | It limits what calls of the evaluation''s own cost.'
	' | Name an endpoint in "model", or leave out "max_cost".', 'without a model there is nothing to limit');
SELECT is((SELECT count(*) FROM gaiops.spans), 0::bigint, 'nothing was sent');

CREATE FUNCTION pg_temp.done(run uuid) RETURNS text LANGUAGE sql AS $$
	SELECT format('%s %s %s', p.status, p.done, round(p.cost, 2)) FROM gaiops.evaluation_progress AS p WHERE run_id = run
$$;
SELECT gaiops_evaluate('ten', '{}', 'bounded', max_cost => 100) AS rich \gset
SELECT is(pg_temp.done(:'rich'), 'FINISHED 10 0.50', 'with enough of it all is done');
SELECT gaiops_evaluate('ten', '{}', 'bounded', max_cost => 0.999) AS poor \gset
SELECT is(pg_temp.done(:'poor'), 'KILLED 0 ', 'with less than one call can cost nothing is');
SELECT gaiops_evaluate('ten', '{}', 'bounded', max_cost => 1.17) AS some \gset
SELECT is(pg_temp.done(:'some'), 'KILLED 4 0.20', 'it stops before a call that could cost more than is left');
SELECT is((SELECT max_cost FROM gaiops.evaluations WHERE run_id = :'some'), 1.17, 'the limit is on record');
SELECT is(gaiops_resume_evaluation(:'some'), 0::bigint, 'to go on changes nothing');
SELECT is(gaiops_resume_evaluation(:'some', max_cost => 1.26), 2::bigint, 'but with a higher limit');
SELECT is(pg_temp.done(:'some'), 'KILLED 6 0.30', 'it goes on to that, with what was spent before');
SELECT is((SELECT warnings FROM gaiops.evaluation_summary WHERE run_id = :'some'), NULL, 'there is no summary without a scorer');
SELECT gaiops_evaluate('ten', '{}', 'refuses', max_cost => 1) AS refused_run \gset
SELECT is(pg_temp.done(:'refused_run'), 'FINISHED 10 ', 'what is refused costs nothing');
SELECT is(gaiops_resume_evaluation(:'refused_run'), 0::bigint, 'a failure is a result');
SELECT is(gaiops_resume_evaluation(:'refused_run', retry_failed => true), 10::bigint, 'unless it is to be done again, which its cost allows');
SELECT gaiops_evaluate('ten', '{}', 'breaks', max_cost => 3) AS broken \gset
SELECT is(pg_temp.done(:'broken'), 'KILLED 3 ', 'what breaks may have cost the most');
SELECT gaiops_create_endpoint('nobody', 'http://127.0.0.1:1/v1', provider => 'prov', model => 'bounded-model', params => '{"max_tokens": 100}',
	max_retries => 0) \g /dev/null
SELECT gaiops_evaluate('ten', '{}', 'nobody', max_cost => 3) AS unreached \gset
SELECT is(pg_temp.done(:'unreached'), 'FINISHED 10 ', 'what is not sent, since nobody listens, costs nothing');
SELECT gaiops_evaluate('ten', '{}', 'free', max_cost => 0) AS free \gset
SELECT is(pg_temp.done(:'free'), 'FINISHED 10 0.00', 'what is free needs no bound');
SELECT * FROM finish();
