-- What an evaluation would take, before it does.
\set ON_ERROR_STOP on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
SELECT gaiops_create_dataset('two') \g /dev/null
SELECT gaiops_merge_records('two', '[{"inputs": {"question": "One?"}, "outputs": "1"}, {"inputs": {"question": "Two?"}, "outputs": "2"}]') \g /dev/null
SELECT gaiops_create_endpoint(n, :'fault' || '/fault/ok,id=estimate/v1', provider => 'prov', model => 'm', params => p::json, max_retries => 0)
	FROM (VALUES ('bounded', '{"max_tokens": 100}'), ('unbounded', '{}')) AS e (n, p) \g /dev/null
SELECT results_eq($$ SELECT calls, input_tokens BETWEEN 20 AND 60, output_tokens, most_output_tokens, cost, most_cost
	FROM gaiops_estimate_evaluation('two', '{}', 'bounded') $$,
	$$ VALUES (2::bigint, true, NULL::bigint, 200::bigint, NULL::numeric, NULL::numeric) $$, 'without prices there is no cost');
SELECT gaiops_set_price('prov', 'm', input => 0, output => 10000, effective_from => '2019-01-01') \g /dev/null
SELECT results_eq($$ SELECT output_tokens, most_output_tokens, cost, most_cost FROM gaiops_estimate_evaluation('two', '{}', 'bounded') $$,
	$$ VALUES (NULL::bigint, 200::bigint, NULL::numeric, 2::numeric) $$, 'without earlier calls there is the most that it can cost');
SELECT gaiops_chat('bounded', 'Hi') \g /dev/null
SELECT gaiops_chat('unbounded', 'Hi') \g /dev/null
SELECT results_eq($$ SELECT calls, output_tokens, most_output_tokens, cost, most_cost FROM gaiops_estimate_evaluation('two', '{}', 'bounded', repeats => 3) $$,
	$$ VALUES (6::bigint, 30::bigint, 600::bigint, 0.3::numeric, 6::numeric) $$, 'with them what it will cost; repeats multiply');
SELECT gaiops_create_endpoint('stubborn', :'fault' || '/fault/503-then-ok,times=2,id=stubborn/v1', provider => 'prov', model => 'm',
	params => '{"max_tokens": 100}', max_retries => 2) \g /dev/null
SELECT most_cost AS most FROM gaiops_estimate_evaluation('two', '{}', 'stubborn') \gset
SELECT is(:most::numeric, 6::numeric, 'every attempt may cost the most');
SELECT results_eq($$ SELECT output_tokens, most_output_tokens, cost, most_cost FROM gaiops_estimate_evaluation('two', '{}', 'unbounded') $$,
	$$ VALUES (10::bigint, NULL::bigint, 0.1::numeric, NULL::numeric) $$, 'without a bound there is no most');
SELECT results_eq($$ SELECT calls, input_tokens, output_tokens, cost, most_cost FROM gaiops_estimate_evaluation('two', '{exact_match}') $$,
	$$ VALUES (0::bigint, 0::bigint, 0::bigint, 0::numeric, 0::numeric) $$, 'stored outputs cost nothing');
SELECT results_eq($$ SELECT calls, input_tokens, output_tokens, cost, most_cost
	FROM gaiops_estimate_evaluation('two', '{}', predict => 'pg_catalog.jsonb_pretty(jsonb)') $$,
	$$ VALUES (NULL::bigint, NULL::bigint, NULL::bigint, NULL::numeric, NULL::numeric) $$, 'what a function does is not known');
SELECT throws_ok($$ SELECT gaiops_estimate_evaluation('two', '{}', 'bounded', 'prompts:/none/1') $$, 'LM012', NULL, 'it checks as an evaluation does');
SELECT is((SELECT count(*) FROM gaiops.spans WHERE purpose = 'evaluation'), 0::bigint, 'and sends nothing');
SELECT is((SELECT count(*) FROM gaiops.evaluations), 0::bigint, 'nor leaves anything');
SELECT gaiops_evaluate('two', '{}', 'stubborn', max_cost => :most) AS enough \gset
SELECT is((SELECT status || ' ' || done FROM gaiops.evaluation_progress WHERE run_id = :'enough'), 'FINISHED 2', 'with the most that it can cost it is done');
SELECT * FROM finish();
