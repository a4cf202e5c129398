-- Evaluations of a model: from records to requests, what is recorded, and what is refused.
\set ON_ERROR_STOP on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE sql AS $$
	SELECT split_part(r, E'\n', 1) || ': ' || split_part(r, E'\n', 2) FROM pg_temp.raised(statement) AS r
$$;
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint('refuses', :'fault' || '/fault/400,id=evaluation/v1', max_retries => 0) \g /dev/null

SELECT gaiops_create_dataset('questions') \g /dev/null
SELECT gaiops_merge_records('questions', '[
	{"inputs": {"question": "Warsaw?", "tone": "kind"}, "expectations": {"expected_response": "Warsaw?"}},
	{"inputs": {"question": "Oslo?", "tone": "terse"}, "expectations": {"expected_response": "Rome"}}]') \g /dev/null
SELECT gaiops_register_prompt('Answer', 'Be {{ tone }}.') \g /dev/null
SELECT gaiops_register_prompt('Ask', '[{"role": "system", "content": "Be {{ tone }}."}, {"role": "user", "content": "Now: {{ question }}"}]'::json)
	\g /dev/null

-- The messages of each call, as sent, in the order of questions.
CREATE FUNCTION pg_temp.sent(run uuid) RETURNS SETOF jsonb LANGUAGE sql AS $$
	SELECT c.request::jsonb -> 'messages' FROM gaiops.evaluation_results AS r JOIN gaiops.span_contents AS c USING (trace_id)
	WHERE r.run_id = run ORDER BY c.request::jsonb ->> 'messages' DESC
$$;

SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo') AS plain \gset
SELECT results_eq(format('SELECT pg_temp.sent(%L)', :'plain'),
	$$ VALUES ('[{"role": "user", "content": "Warsaw?"}]'::jsonb), ('[{"role": "user", "content": "Oslo?"}]') $$,
	'without a prompt the question is what is sent');
SELECT results_eq(format($$ SELECT r.output #>> '{}', r.status, r.attempts, r.latency_ms >= 0, r.input_tokens > 0, r.output_tokens > 0,
		s.passed, t.purpose, t.run_id = r.run_id
	FROM gaiops.evaluation_results AS r JOIN gaiops.evaluation_scores AS s USING (run_id, record_id, repeat)
		JOIN gaiops.spans AS t ON t.trace_id = r.trace_id
	WHERE r.run_id = %L ORDER BY 1 $$, :'plain'),
	$$ VALUES ('Oslo?', 'ok', 1, true, true, true, false, 'evaluation', true),
		('Warsaw?', 'ok', 1, true, true, true, true, 'evaluation', true) $$,
	'the answer is scored, and its call recorded as one of the run');
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', prompt => 'prompts:/Answer@latest') AS prompted \gset
SELECT results_eq(format('SELECT pg_temp.sent(%L)', :'prompted'),
	$$ VALUES ('[{"role": "system", "content": "Be terse."}, {"role": "user", "content": "Oslo?"}]'::jsonb),
		('[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Warsaw?"}]') $$,
	'the inputs are the variables of the prompt, and the question is what the user says');
SELECT is((SELECT (prompt_name, prompt_version)::text FROM gaiops.evaluations WHERE run_id = :'prompted'), '(Answer,1)',
	'which version was used is on record');
SELECT is((SELECT params FROM gaiops.runs WHERE run_id = :'prompted'),
	'{"dataset": "questions", "revision": "1", "model": "echo", "prompt": "prompts:/Answer/1", "repeats": "1"}', 'as parameters of the run, too');
SELECT is((SELECT count(*) FROM gaiops.spans WHERE run_id = :'prompted' AND (prompt_name, prompt_version) = ('Answer', 1)),
	2::bigint, 'on each span, too');
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', message => 'Is it {{ question }}') AS templated \gset
SELECT results_eq(format('SELECT pg_temp.sent(%L)', :'templated'),
	$$ VALUES ('[{"role": "user", "content": "Is it Warsaw?"}]'::jsonb), ('[{"role": "user", "content": "Is it Oslo?"}]') $$,
	'a template is what the user says instead');
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', prompt => 'prompts:/Ask/1', message => '') AS asked \gset
SELECT results_eq(format('SELECT pg_temp.sent(%L)', :'asked'),
	$$ VALUES ('[{"role": "system", "content": "Be terse."}, {"role": "user", "content": "Now: Oslo?"}]'::jsonb),
		('[{"role": "system", "content": "Be kind."}, {"role": "user", "content": "Now: Warsaw?"}]') $$,
	'an empty one leaves all to the prompt');

SELECT gaiops_create_dataset('texts') \g /dev/null
SELECT gaiops_merge_records('texts', '[{"inputs": {"tone": "kind"}}, {"inputs": {"text": "x"}}]') \g /dev/null
SELECT record_id AS toneless FROM gaiops.dataset_records WHERE dataset = 'texts' AND inputs ? 'text' \gset
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('texts', ARRAY['exact_match'], 'echo', 'prompts:/Answer/1') $$),
	format('LM014: record "%s" of dataset "texts" cannot be asked: variable "tone" is missing', :'toneless'),
	'a record that cannot be bound is named');
SELECT is(split_part(pg_temp.raised($$ SELECT gaiops_evaluate('texts', ARRAY['exact_match'], 'echo', 'prompts:/Answer/1') $$), E'\n', 4),
	'Give it in the inputs of the record, or use "is defined" or the filter default in the template.', 'and where to give what it lacks');
SELECT matches(pg_temp.refused($$ SELECT gaiops_evaluate('texts', ARRAY['exact_match'], 'echo') $$),
	'^22023: record ".*" of dataset "texts" cannot be asked: there is nothing to ask', 'and one that asks nothing');
SELECT gaiops_merge_record('texts', '{"text": "y", "tone": "loud"}', '{}', split => 'good') \g /dev/null
SELECT gaiops_evaluate('texts', ARRAY['exact_match'], 'echo', 'prompts:/Answer/1', split => 'good') AS alone \gset
SELECT results_eq(format('SELECT pg_temp.sent(%L)', :'alone'), $$ VALUES ('[{"role": "user", "content": "Be loud."}]'::jsonb) $$,
	'with no question a text prompt is what the user says');
SELECT gaiops_merge_record('texts', '{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"},
	{"role": "user", "content": "c"}], "system": "S", "tools": [{"type": "function", "function": {"name": "f"}}]}', '{}', split => 'talk')
	\g /dev/null
SELECT gaiops_evaluate('texts', ARRAY['exact_match'], 'echo', split => 'talk') AS talk \gset
SELECT results_eq(format('SELECT pg_temp.sent(%L)', :'talk'), $$ VALUES ('[{"role": "system", "content": "S"},
	{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}, {"role": "user", "content": "c"}]'::jsonb) $$,
	'a conversation is sent as it is');
SELECT is((SELECT c.request::jsonb #>> '{tools,0,function,name}' FROM gaiops.span_contents AS c JOIN gaiops.evaluation_results USING (trace_id)
	WHERE evaluation_results.run_id = :'talk'), 'f', 'with the tools it may use');

SELECT is((SELECT count(*) FROM gaiops.spans WHERE purpose = 'evaluation'), 10::bigint,
	'nothing was sent for what was refused');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'nowhere') $$),
	'LM009: endpoint "nowhere" does not exist', 'the model exists');
SELECT matches(pg_temp.refused($$ SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', message => '{{ x') $$),
	'^LM013: ', 'the message is a template');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', message => '{{> prompts:/Answer/1 }}') $$),
	'LM013: the template must not include a prompt', 'which includes nothing');
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', predict => 'pg_catalog.jsonb_pretty(jsonb)') $$),
	'22023: arguments "model" and "predict" must not be given together', 'outputs come from one place');
BEGIN;
SELECT gaiops_register_prompt('Answer', 'Be very {{ tone }}.') \g /dev/null
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', 'prompts:/Answer@latest') $$),
	'55000: prompt "Answer" version 2 is not committed', 'a version that may be rolled back is refused');
SELECT gaiops_set_prompt_alias('Answer', 'best', 1) \g /dev/null
SELECT is(pg_temp.refused($$ SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', 'prompts:/Answer@best') $$),
	'55000: prompt "Answer" version 1 is not committed', 'and an alias that may be');
ROLLBACK;

-- Failures are results.
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'refuses') AS failed \gset
SELECT results_eq(format($$ SELECT r.status, r.error_class, r.output, s.state, s.score, s.value, s.reason LIKE 'There is no answer: %%'
	FROM gaiops.evaluation_results AS r JOIN gaiops.evaluation_scores AS s USING (run_id, record_id) WHERE run_id = %L $$, :'failed'),
	$$ SELECT 'error', 'request_refused', NULL::jsonb, 'failed', NULL::float8, NULL::jsonb, true FROM generate_series(1, 2) $$,
	'a call that fails has a result, and its scores have failed');
SELECT is((SELECT status FROM gaiops.runs WHERE run_id = :'failed'), 'FINISHED', 'and the evaluation goes on to its end');

-- What jsonb cannot hold, and what a scorer of ours fails at, are no errors of all.
SELECT gaiops_create_endpoint('odd', :'fault' || '/fault/choice,id=odd,json='
	|| '%5B%7B%22index%22%3A0%2C%22message%22%3A%7B%22role%22%3A%22assistant%22%2C%22content%22%3Anull%2C%22score%22%3A1e400000%7D%7D%5D/v1') \g /dev/null
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'odd') AS odd \gset
SELECT results_eq(format('SELECT status, error_class, error FROM gaiops.evaluation_results WHERE run_id = %L', :'odd'),
	$$ SELECT 'error', 'invalid_response', 'the answer cannot be kept: value overflows numeric format' FROM generate_series(1, 2) $$,
	'an answer that jsonb cannot hold is an error of its record');
SELECT is((SELECT count(*) FROM gaiops.traces WHERE run_id = :'odd' AND status = 'OK'), 2::bigint, 'the call was none');
-- The pattern is compiled again once it has been forgotten, with less of a stack than it takes.
SELECT gaiops_create_scorer('deep', 'regex', jsonb_build_object('pattern', repeat('(', 490) || 'x' || repeat(')', 490))::json) \g /dev/null
CREATE SCHEMA stack;
CREATE FUNCTION stack.low(inputs jsonb, outputs jsonb, expectations jsonb) RETURNS bool LANGUAGE sql AS $$
	SELECT set_config('max_stack_depth', '100kB', false) IS NOT NULL AND bool_or('x' ~ ('x' || n)) IS NOT NULL FROM generate_series(1, 40) AS n
$$;
SELECT gaiops_evaluate('questions', ARRAY['stack.low', 'deep', 'exact_match'], 'echo') AS deep \gset
RESET max_stack_depth;
SELECT results_eq(format($$ SELECT scorer, state, reason LIKE '%%too complex' FROM gaiops.evaluation_scores
	WHERE run_id = %L AND scorer <> 'stack.low' ORDER BY 1, 3 $$, :'deep'),
	$$ VALUES ('deep', 'error', true), ('deep', 'error', true), ('exact_match', 'scored', false), ('exact_match', 'scored', NULL) $$,
	'what one of our own scorers raises is an error of that score');
-- What failed is done again when that is said, and the answer takes its place.
SELECT gaiops_create_endpoint('outage', :'fault' || '/fault/503-then-ok,times=2,id=outage/v1', max_retries => 0) \g /dev/null
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'outage') AS outage \gset
SELECT is((SELECT warnings FROM gaiops.evaluation_summary WHERE run_id = :'outage'),
	ARRAY['2 of 2 predictions failed, and count as the worst of the scale'], 'an outage is warned of');
SELECT is(gaiops_resume_evaluation(:'outage', retry_failed => true), 2::bigint, 'what failed can be done again');
SELECT results_eq(format($$ SELECT r.status, r.output #>> '{}', s.state, r.trace_id = a.trace_id
	FROM gaiops.evaluation_results AS r JOIN gaiops.evaluation_scores AS s USING (run_id, record_id)
		LEFT JOIN gaiops.assessments AS a ON a.trace_id = r.trace_id AND a.run_id = r.run_id WHERE r.run_id = %L $$, :'outage'),
	$$ SELECT 'ok', 'OK from the fault server.', 'scored', true FROM generate_series(1, 2) $$, 'and its answer takes the place of the failure');
SELECT is((SELECT warnings FROM gaiops.evaluation_summary WHERE run_id = :'outage'), '{}'::text[], 'then nothing is warned of');
SELECT throws_ok(format('SELECT gaiops_resume_evaluation(%L, retry_failed => NULL)', :'outage'), '22004', NULL, 'whether it is must be said');

-- In a span of the application each record has a trace of its own all the same.
BEGIN;
SELECT gaiops_start_span('application') \g /dev/null
SELECT gaiops_evaluate('questions', ARRAY['exact_match'], 'echo', repeats => 2) AS apart \gset
COMMIT;
SELECT is((SELECT count(DISTINCT trace_id) FROM gaiops.evaluation_results WHERE run_id = :'apart'), 4::bigint,
	'each result has a trace of its own');
SELECT * FROM finish();
