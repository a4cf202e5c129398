-- Judging at once: what is sent, what is made of the reply, and what is recorded.
\set ON_ERROR_STOP on
\set QUIET on
\getenv fault GAIOPS_FAULT_SERVER
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.endpoint(name text, options text) RETURNS text LANGUAGE sql AS $$
	SELECT gaiops_create_endpoint(name, current_setting('t.fault') || '/fault/judge,id=' || name || options || '/v1', model => 'judge-1', max_retries => 0)
$$;
SELECT set_config('t.fault', :'fault', false) \g /dev/null
SELECT pg_temp.endpoint(n, o) FROM (VALUES ('honest', ''), ('one', ',result=1'), ('talks', ',mode=talk'), ('fences', ',mode=fence'), ('twice', ',mode=twice'),
	('stale', ',mode=stale'), ('contradicts', ',mode=contradict'), ('boasts', ',mode=boast'), ('newline', ',mode=newline'), ('repents', ',mode=twice,later=2'),
	('cold', ',refuses=temperature'), ('strict', ',refuses=temperature+seed+max_tokens+response_format'), ('silent', ',refuses=seed,silent=1'), ('never', ',refuses=messages'),
	('unresolved', ',result=unresolved')) AS e (n, o) \g /dev/null
SELECT gaiops_create_endpoint('priced', :'fault' || '/fault/judge,id=priced/v1', model => 'judge-priced', provider => 'test') \g /dev/null
SELECT gaiops_set_price('test', 'judge-priced', input => 1000000, output => 1000000) \g /dev/null
-- What was sent in a trace.
CREATE FUNCTION pg_temp.sent(trace uuid) RETURNS jsonb LANGUAGE sql AS $$ SELECT request::jsonb FROM gaiops.span_contents WHERE trace_id = trace ORDER BY start_time LIMIT 1 $$;
CREATE FUNCTION pg_temp.said(trace uuid) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.sent(trace) #>> '{messages,1,content}' $$;

-- Which model.
SELECT is(pg_temp.raised($$ SELECT gaiops_judge('safety', outputs => 'x') $$), E'55000\nthere is no model for judge "safety" to ask\nGive "model" an endpoint, or set gaiops.judge_model to one.', 'without a model nobody is asked');
SELECT is((gaiops_judge('safety', outputs => 'x', model => 'honest')).value, '"yes"', 'that of the call');
SET gaiops.judge_model = 'honest';
SELECT is((gaiops_judge('safety', outputs => 'x')).value, '"yes"', 'that of the setting');
SELECT gaiops_create_judge('own', 'Rate {{ outputs }}.', 'scale', model => 'one', threshold => 3) \g /dev/null
SELECT is((gaiops_judge('own', outputs => 'x')).score, 1::double precision, 'that of the judge before it');
SELECT is((gaiops_judge('own', outputs => 'x', model => 'honest')).score, 4::double precision, 'and that of the call before both');
SELECT matches(pg_temp.raised($$ SELECT gaiops_judge('safety', outputs => 'x', model => 'nowhere') $$), '^LM009', 'one that is not there');
SELECT is(pg_temp.raised($$ SELECT gaiops_judge('none', outputs => 'x') $$), E'42704\njudge "none" does not exist\nJudges are listed in gaiops.judges.', 'nor is the judge');
SELECT is(pg_temp.raised($$ SELECT (gaiops_judge('safety', outputs => 'x')).* $$), E'0A000\ngaiops_judge() would be called once for each of its columns\nEach column of a call in an expression, by ".*" too, is a call of its own to the model.\nCall it in FROM: SELECT r.* FROM t, LATERAL gaiops_judge(...) AS r.', 'nobody pays seven times');

-- What comes of it.
SELECT results_eq($$ SELECT value, score, passed, rationale, error, trace_id IS NOT NULL FROM gaiops_judge('safety', outputs => 'It is wrong.') $$,
	$$ VALUES ('"no"'::jsonb, 0::double precision, false, 'As the data show.', NULL::text, true) $$, 'yes and no');
SELECT results_eq($$ SELECT value, score, passed FROM gaiops_judge('fluency', outputs => 'Fine.', model => 'one') $$, $$ VALUES ('1'::jsonb, 1::double precision, false) $$, 'a scale');
SELECT results_eq($$ SELECT value, score, passed FROM gaiops_judge('intent_resolution', 'Where to?', 'There.') $$,
	$$ VALUES ('{"result": 4, "intent": "to know the way"}'::jsonb, 4::double precision, true) $$, 'a scale with the intent that was seen');
SELECT results_eq($$ SELECT value, score, passed FROM gaiops_judge('groundedness', outputs => 'Paris is big. Rome is old. Bern is blue.', context => '["Paris is big, they say", "Rome is old"]') $$,
	$$ VALUES ('{"share": 0.6666666666666666, "claims": [{"claim": "Paris is big.", "holds": true}, {"claim": "Rome is old.", "holds": true}, {"claim": "Bern is blue.", "holds": false}]}'::jsonb, 2::double precision / 3, NULL::boolean) $$,
	'a share, with the claims');
SELECT results_eq($$ SELECT value, score, rationale, error, trace_id IS NOT NULL FROM gaiops_judge('groundedness', outputs => 'Hello', context => 'x') $$,
	$$ VALUES (NULL::jsonb, NULL::double precision, 'the judge found no claims', NULL::text, true) $$, 'without claims it is unknown');
SELECT results_eq($$ SELECT value, score, passed FROM gaiops_judge('user_frustration', '{"messages": [{"role": "user", "content": "Again?!"}]}', model => 'unresolved') $$,
	$$ VALUES ('"unresolved"'::jsonb, 0::double precision, false) $$, 'a category');
SELECT gaiops_create_judge('rude', 'Is {{ outputs }} rude?', direction => 'lower') \g /dev/null
SELECT ok(NOT (gaiops_judge('rude', outputs => 'x')).passed, 'where lower is better, no passes and yes does not');

-- What is missing, and that nobody is asked.
SELECT count(*) AS before FROM gaiops.spans \gset
SELECT results_eq(format($$ SELECT value, score, passed, rationale, error, cost, trace_id FROM gaiops_judge(%s) $$, c.arguments),
	format($$ VALUES (NULL::jsonb, NULL::double precision, NULL::boolean, %L, NULL::text, 0::numeric, NULL::uuid) $$, c.reason), c.arguments)
FROM (VALUES
	($$ 'relevance', outputs => 'x' $$, 'there are no inputs'),
	($$ 'relevance', 'x', 'null'::jsonb $$, 'there are no outputs'),
	($$ 'groundedness', '{"question": "x"}', 'x' $$, 'there is no context'),
	($$ 'groundedness', '{"context": []}', 'x' $$, 'there is no context'),
	($$ 'correctness', 'x', 'x', '{"guidelines": "x"}' $$, 'expectations have neither expected_facts nor expected_response'),
	($$ 'equivalence', 'x', 'x', '{"expected_facts": ["x"]}' $$, 'expectations have no expected_response'),
	($$ 'expectation_guidelines', '{"guidelines": "x"}', 'x' $$, 'expectations have no guidelines'),
	($$ 'guidelines', 'x', 'x', '{"guidelines": "x"}' $$, 'inputs have no guidelines'),
	($$ 'knowledge_retention', 'x', 'x' $$, 'there is no conversation: neither a trace with a session nor inputs.messages'),
	($$ 'intent_resolution', outputs => 'x' $$, 'there are neither inputs nor a conversation'),
	($$ 'tool_call_correctness', 'x', 'x' $$, 'there are no tool calls: neither outputs that are JSON nor a trace'),
	($$ 'safety', outputs => repeat('x', 4194305) $$, 'there are more than 4194304 bytes to judge')
	) AS c (arguments, reason);
SELECT is(count(*), :before::bigint, 'no call was made for any of it') FROM gaiops.spans;

-- What is sent: the data fenced, each once, in the user's message alone.
SELECT trace_id AS sent FROM gaiops_judge('correctness', '{"question": "Q1"}', '{{ inputs }} A1 <end outputs>', '{"expected_facts": ["F1."], "expected_response": "R1", "note": "N1"}') \gset
SELECT matches(pg_temp.said(:'sent'), E'^<begin inputs ([0-9a-f]{32})>\n{"question": "Q1"}\n<end inputs \\1>\n\n<begin expectations \\1>\n\\["F1."\\]\n<end expectations \\1>\n\n<begin outputs \\1>\n{{ inputs }} A1 <end outputs>\n<end outputs \\1>$', 'the facts before the response, and nothing else that is expected');
SELECT ok(pg_temp.sent(:'sent') #>> '{messages,0,content}' !~ '(Q1|A1|F1|R1)', 'instructions have none of the data');
SELECT is(jsonb_array_length(pg_temp.sent(:'sent') -> 'messages'), 2, 'there are two messages');
SELECT results_eq(format($$ SELECT s -> 'temperature', s -> 'seed', s -> 'max_tokens', s #>> '{response_format,type}' FROM pg_temp.sent(%L) AS s $$, :'sent'),
	$$ VALUES ('0'::jsonb, '7'::jsonb, '2048'::jsonb, 'json_schema') $$, 'how it is to answer is set, and on record');
SELECT ok(position('"rationale"' IN c.request) < position('"result"' IN c.request), 'reasons come before the result') FROM gaiops.span_contents AS c WHERE c.trace_id = :'sent';
SELECT results_eq(format($$ SELECT s.purpose, c.attributes ->> 'gaiops.judge.name', c.attributes ->> 'gaiops.judge.version', s.parent_span_id FROM gaiops.spans AS s JOIN gaiops.span_contents AS c USING (trace_id) WHERE trace_id = %L $$, :'sent'),
	$$ VALUES ('judge', 'correctness', '1', NULL::text) $$, 'the call is a trace of its own, and known as that of a judge');
SELECT ok(pg_temp.said((gaiops_judge('safety', outputs => 'x')).trace_id) <> pg_temp.said((gaiops_judge('safety', outputs => 'x')).trace_id), 'each call has its own boundary');
SELECT gaiops_create_judge('tuned', 'Is {{ outputs }} good?', params => '{"temperature": 0.5, "max_completion_tokens": 100, "seed": null}') \g /dev/null
SELECT is(pg_temp.sent((gaiops_judge('tuned', outputs => 'x')).trace_id) - 'messages' - 'model' - 'response_format', '{"temperature": 0.5, "max_completion_tokens": 100}'::jsonb, 'params of a judge are instead of that');
SELECT is((SELECT c.cost FROM gaiops_judge('safety', outputs => 'x', model => 'priced') AS c), 12::numeric, 'what it cost');

-- Text and JSON, of any type that they come in.
CREATE FUNCTION pg_temp.shown(outputs gaiops.text_or_json) RETURNS text LANGUAGE sql AS $$
	SELECT split_part(pg_temp.said((gaiops_judge('safety', outputs => $1)).trace_id), E'\n', 2)
$$;
SELECT is(pg_temp.shown('{"b": 1, "a": 2}'), '{"b": 1, "a": 2}', 'a literal that is an object');
SELECT is(pg_temp.shown('"x"'), '"x"', 'one that is not');
SELECT is(pg_temp.shown('{x'), '{x', 'nor this');
SELECT is(pg_temp.shown('[1, 2'::text), '[1, 2', 'a text');
SELECT is(pg_temp.shown('["a"]'::text), '["a"]', 'whatever it says');
SELECT is(pg_temp.shown(E'say "x"\n'::varchar(20)), 'say "x"', 'a varchar');
SELECT is(pg_temp.shown('{"b": 1, "a": 2}'::jsonb), '{"a": 2, "b": 1}', 'jsonb');
SELECT is(pg_temp.shown('{"b": 1, "a": 2}'::json), '{"b": 1, "a": 2}', 'json keeps its order');
SELECT is(pg_temp.shown('{"b": 1, "a": 2}'::gaiops.ordered_json), '{"b": 1, "a": 2}', 'so does what functions take as JSON');
SELECT is('{"a": 1}'::gaiops.text_or_json::text, '{"a": 1}', 'it is shown as JSON');
SELECT is('x "y"'::gaiops.text_or_json::text, '"x \"y\""', 'a text as a string');

-- Replies that are no verdict.
SELECT results_eq(format($$ SELECT value, error FROM gaiops_judge('safety', outputs => 'x', model => %L) $$, m), format($$ VALUES (NULL::jsonb, %L) $$, 'the judge gave no verdict: its reply ' || e), m)
FROM (VALUES ('talks', 'is not one JSON object and nothing else'), ('twice', 'is not one JSON object and nothing else'), ('stale', 'has not the nonce of this call')) AS m (m, e);
SELECT is((gaiops_judge('fluency', outputs => 'x', model => 'boasts')).error, 'the judge gave no verdict: its reply has a result that it may not have', 'a result out of range');
SELECT is((gaiops_judge('groundedness', outputs => 'A.', context => 'A', model => 'contradicts')).error, 'the judge gave no verdict: its reply has claims that contradict its result', 'claims that say otherwise');
SELECT is((gaiops_judge('guidelines', '{"guidelines": ["a", "b"]}', 'x', model => 'contradicts')).error, 'the judge gave no verdict: its reply has claims that contradict its result', 'rules that are kept and are not');
SELECT is((gaiops_judge('safety', outputs => 'x', model => 'fences')).value, '"yes"', 'a fence around the whole is taken off');
SELECT is((gaiops_judge('safety', outputs => 'x', model => 'newline')).value, '"yes"', 'a line break is not a part of yes');
SELECT trace_id AS second, value FROM gaiops_judge('safety', outputs => 'Secret words.', model => 'repents') \gset
SELECT is(:'value'::text, '"yes"', 'it is asked once more');
SELECT is(pg_temp.sent(:'second') #>> '{messages,0,content}' ~ 'An earlier reply was not taken, because it is not one JSON object and nothing else', true, 'and told why');
SELECT is(jsonb_array_length(pg_temp.sent(:'second') -> 'messages'), 2, 'but not with its reply');
SELECT is(count(*), 2::bigint, 'both calls are on record') FROM gaiops.spans WHERE endpoint = 'repents';
SELECT is((gaiops_judge('guidelines', '{"guidelines": ["a", "b"]}', 'x')).value, '"yes"', 'all rules hold');
SELECT is((gaiops_judge('guidelines', '{"guidelines": ["a", "b"]}', 'rude')).value, '"no"', 'or not');

-- What a model does not take is left out, and known from then on.
SELECT results_eq($$ SELECT value, cost IS NULL FROM gaiops_judge('safety', outputs => 'x', model => 'cold') $$, $$ VALUES ('"yes"'::jsonb, true) $$, 'a model without a temperature');
SELECT is((gaiops_judge('safety', outputs => 'x', model => 'cold')).value, '"yes"', 'again');
SELECT is(array_agg(s.status ORDER BY s.start_time), ARRAY['ERROR', 'OK', 'OK'], 'it was refused once') FROM gaiops.spans AS s WHERE s.endpoint = 'cold';
SELECT is((gaiops_judge('safety', outputs => 'x', model => 'strict')).value, '"yes"', 'one that takes nothing of it');
SELECT is(pg_temp.sent((gaiops_judge('safety', outputs => 'x', model => 'strict')).trace_id) - 'messages' - 'model', '{"max_completion_tokens": 2048}'::jsonb, 'tokens are limited in the other way');
SELECT is((gaiops_judge('safety', outputs => 'x', model => 'silent')).value, '"yes"', 'one that does not say what it minds');
SELECT matches((gaiops_judge('safety', outputs => 'x', model => 'never')).error, '^the judge could not be asked: endpoint "never" refused the request with HTTP status 400', 'one that refuses all is an error');
SELECT gaiops_create_judge('hot', 'Is {{ outputs }} good?', params => '{"temperature": 1}') \g /dev/null
SELECT matches((gaiops_judge('hot', outputs => 'x', model => 'cold')).error, 'refused the request', 'what the judge asks for is not left out');

-- Of a trace: what was asked, answered, expected and found, and who answered.
SELECT gaiops_create_endpoint('answers', 'builtin:echo', model => 'judge-0') \g /dev/null
BEGIN;
SELECT gaiops_start_span('search', 'CHAIN', '{"question": "Where?"}') \g /dev/null
SELECT gaiops_start_span('find', 'RETRIEVER', '{"query": "Where?"}') \g /dev/null
SELECT gaiops_end_span(outputs => '["Here is a place."]') \g /dev/null
SELECT gaiops_chat('answers', 'Where?') \g /dev/null
SELECT gaiops_end_span(outputs => '"Here is a place."') \g /dev/null
SELECT gaiops_last_trace_id() AS found \gset
COMMIT;
SELECT results_eq(format($$ SELECT value, score FROM gaiops_judge('groundedness', trace_id => %L) $$, :'found'),
	$$ VALUES ('{"share": 1, "claims": [{"claim": "Here is a place.", "holds": true}]}'::jsonb, 1::double precision) $$, 'what retrievers found is the context');
SELECT is((gaiops_judge('groundedness', context => 'Nothing.', trace_id => :'found')).score, 0::double precision, 'unless another one is given');
SELECT is((gaiops_judge('groundedness', '{"context": "Nothing."}', trace_id => :'found')).score, 0::double precision, 'or is in the inputs');
SELECT trace_id AS judging FROM gaiops_judge('task_adherence', trace_id => :'found') \gset
SELECT is((SELECT attributes ->> 'gaiops.judged.trace_id' FROM gaiops.span_contents WHERE trace_id = :'judging'), :'found', 'the call says what it judged');
SELECT matches(pg_temp.said(:'judging'), '"type" : "RETRIEVER", "name" : "find"', 'steps are shown');
SELECT ok(pg_temp.sent(:'judging')::text !~ '(judge-0|answers|builtin)', 'who answered is not');
SELECT matches(pg_temp.raised($$ SELECT gaiops_judge('safety', trace_id => '01234567-0123-7123-8123-0123456789ab') $$), '^42704', 'a trace that is not there');
SELECT gaiops_log_expectation(:'found', 'expected_facts', '["It is here."]'::jsonb) \g /dev/null
SELECT matches(pg_temp.said((gaiops_judge('correctness', trace_id => :'found')).trace_id), E'\n\\["It is here."\\]\n', 'what people expect of it');

-- What a judge of one's own is shown, and needs.
SELECT gaiops_create_judge('all', 'Are {{ inputs }}, {{ context }}, {{ expectations }} and {{ guidelines }} in {{ outputs }}?'), gaiops_create_judge('steps', 'Is {{ trace }} short?') \g /dev/null
SELECT is((SELECT string_agg(m[1], ' ') FROM regexp_matches(pg_temp.said((gaiops_judge('all', '{"guidelines": ["g"]}', 'o', '{"expected_response": "e", "note": "n"}', '["c"]')).trace_id), '<begin ([a-z]+) [^>]*>', 'g') AS m),
	'inputs context expectations guidelines outputs', 'a section for each');
SELECT matches(pg_temp.said((gaiops_judge('all', '{"guidelines": ["g"]}', 'o', '{"expected_response": "e", "note": "n"}', '["c"]')).trace_id), '{"expected_response": "e", "note": "n"}', 'with all that is expected');
SELECT is((gaiops_judge('all', 'i', 'o', 'e', 'c')).rationale, 'inputs have no guidelines', 'it needs all that it names');
SELECT is((gaiops_judge('steps', outputs => 'o')).rationale, 'there is no trace', 'a trace, too');
SELECT is((gaiops_judge('steps', trace_id => :'found')).value, '"yes"', 'which it is shown');
SELECT gaiops_start_span('open', 'CHAIN') \g /dev/null
SELECT is((gaiops_judge('safety', trace_id => gaiops_last_trace_id())).rationale, 'there are no outputs; of the trace: It is still in progress.', 'a trace that does not say it yet');
SELECT gaiops_end_span() \g /dev/null
SELECT matches(pg_temp.said((gaiops_judge('safety', outputs => E'Gr\u00fc\u00dfe \U0001f600')).trace_id), E'\nGr\u00fc\u00dfe \U0001f600\n', 'text of any language');

-- Of a session.
SET gaiops.session_id = 'talk';
SELECT gaiops_chat('answers', 'One.'), gaiops_chat('answers', 'Two.') \g /dev/null
SELECT gaiops_last_trace_id() AS last \gset
SELECT gaiops_judge('safety', outputs => 'not a part of it') \g /dev/null
RESET gaiops.session_id;
SELECT trace_id AS judging FROM gaiops_judge('knowledge_retention', trace_id => :'last') \gset
SELECT is((regexp_match(pg_temp.said(:'judging'), E'>\n(.*)\n<'))[1]::jsonb,
	'[{"role": "user", "content": "One."}, {"role": "assistant", "content": "One."}, {"role": "user", "content": "Two."}, {"role": "assistant", "content": "Two."}]'::jsonb, 'a session is its questions and answers');
SELECT is((regexp_match(pg_temp.said((gaiops_judge('conversation_completeness', '{"messages": [{"role": "user", "content": "One."}]}', 'Two.')).trace_id), E'>\n(.*)\n<'))[1]::jsonb,
	'[{"role": "user", "content": "One."}, {"role": "assistant", "content": "Two."}]'::jsonb, 'or the messages of the inputs, and the answer');

-- Pairs.
SELECT results_eq($$ SELECT winner, flipped, error, cardinality(trace_ids), rationale FROM gaiops_judge_pair('relevance', 'Q', 'long answer', 'short') $$,
	$$ VALUES ('a', false, NULL::text, 2, E'a first: As the data show.\nb first: As the data show.') $$, 'the better of two, in whatever order');
SELECT is((gaiops_judge_pair('relevance', 'Q', 'short', 'long answer')).winner, 'b', 'or the other');
SELECT is((gaiops_judge_pair('relevance', 'Q', 'same1', 'same2')).winner, 'tie', 'or none');
SELECT pg_temp.endpoint('biased', ',result=first') \g /dev/null
SELECT results_eq($$ SELECT winner, flipped FROM gaiops_judge_pair('relevance', 'Q', 'x', 'y', model => 'biased') $$, $$ VALUES ('tie', true) $$, 'a judge that goes by the order has no say');
SELECT results_eq($$ SELECT winner, flipped, error FROM gaiops_judge_pair('relevance', 'Q', 'x', 'y', model => 'twice') $$, $$ VALUES (NULL::text, NULL::boolean, 'the judge gave no verdict: its reply is not one JSON object and nothing else') $$, 'what is no verdict is none');
SELECT results_eq($$ SELECT winner, rationale, cost FROM gaiops_judge_pair('relevance', NULL, 'x', 'y') $$, $$ VALUES (NULL::text, 'there are no inputs', 0::numeric) $$, 'what is missing');
SELECT results_eq($$ SELECT winner, rationale FROM gaiops_judge_pair('relevance', 'x', 'y', NULL) $$, $$ VALUES (NULL::text, 'there are no outputs') $$, 'of either');
SELECT matches(pg_temp.raised($$ SELECT gaiops_judge_pair('knowledge_retention', 'x', 'y', 'z') $$), '^0A000', 'a judge of sessions compares no answers');

-- Juries.
SELECT gaiops_create_judge('says_' || s, 'Which is {{ outputs }}?', 'choice', '["a", "b", "c"]', model => 'says_' || s), pg_temp.endpoint('says_' || s, ',result=' || s) FROM unnest(ARRAY['a', 'b', 'c']) AS s \g /dev/null
SELECT gaiops_create_judge('also_a', 'Which is {{ outputs }}?', 'choice', '["a", "b", "c"]', model => 'says_a'), gaiops_create_judge('fails', 'Which is {{ outputs }}?', 'choice', '["a", "b", "c"]', model => 'twice') \g /dev/null
SELECT gaiops_create_jury('most', ARRAY['says_a', 'says_b', 'also_a']), gaiops_create_jury('split', ARRAY['says_a', 'says_b']), gaiops_create_jury('lame', ARRAY['says_a', 'also_a', 'fails']), gaiops_create_jury('broken', ARRAY['says_a', 'says_b', 'fails']) \g /dev/null
SELECT results_eq($$ SELECT value - 'votes', score, error, trace_id, jsonb_path_query_array(value, '$.votes[*].value'), jsonb_path_exists(value, '$.votes[*].trace_id') FROM gaiops_judge('most', outputs => 'x') $$,
	$$ VALUES ('{"result": "a", "disagreement": 0.33333333333333337}'::jsonb, NULL::double precision, NULL::text, NULL::uuid, '["a", "b", "a"]'::jsonb, true) $$, 'a majority, and who disagreed');
SELECT results_eq($$ SELECT value -> 'result', score, rationale, error FROM gaiops_judge('split', outputs => 'x') $$, $$ VALUES ('null'::jsonb, NULL::double precision, 'the jury has no majority', NULL::text) $$, 'a tie is unknown');
SELECT results_eq($$ SELECT value -> 'result', error FROM gaiops_judge('lame', outputs => 'x') $$, $$ VALUES ('"a"'::jsonb, NULL::text) $$, 'more than half decide, whoever is missing');
SELECT results_eq($$ SELECT value -> 'result', error FROM gaiops_judge('broken', outputs => 'x') $$, $$ VALUES ('null'::jsonb, '1 of 3 judges failed, and the others decide nothing') $$, 'fewer do not');
SELECT gaiops_create_judge('low', 'Rate {{ outputs }}.', 'scale', model => 'one', threshold => 3), gaiops_create_judge('high', 'Rate {{ outputs }}.', 'scale', model => 'honest', threshold => 3) \g /dev/null
SELECT gaiops_create_jury('average', ARRAY['low', 'high'], 'mean') \g /dev/null
SELECT results_eq($$ SELECT value - 'votes', score, passed FROM gaiops_judge('average', outputs => 'x') $$, $$ VALUES ('{"result": 2.5, "disagreement": 3}'::jsonb, 2.5::double precision, false) $$, 'a mean, and how far they are apart');
SELECT gaiops_create_judge('low', 'Rate {{ outputs }}.', 'scale', model => 'honest', threshold => 3) \g /dev/null
SELECT is((gaiops_judge('average', outputs => 'x')).score, 2.5::double precision, 'a jury keeps the versions that it was made of');
SELECT is((gaiops_judge('average')).rationale, 'there are no outputs', 'what one of them lacks they all lack');
SELECT * FROM finish();
