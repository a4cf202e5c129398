-- Records of datasets from traces of real calls and spans: what was asked, answered,
-- found and expected, and what cannot be a record.  Nothing is wrapped in a
-- transaction, so that calls are seen.
\set ON_ERROR_STOP on
SET client_min_messages = error;
\getenv fault GAIOPS_FAULT_SERVER
\getenv model_server GAIOPS_MODEL_SERVER
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql

SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint('llm', :'model_server' || '/v1', model => 'gpt-4.1-mini') \g /dev/null
SELECT gaiops_create_endpoint('shaky', :'fault' || '/fault/503-then-ok,id=traces/v1', model => 'gpt-4.1-mini') \g /dev/null
SELECT gaiops_create_endpoint('broken', :'fault' || '/fault/503,id=traces/v1', model => 'gpt-4.1-mini', max_retries => 1) \g /dev/null
SELECT gaiops_register_prompt('Greet_Prompt', 'You are an assistant of {{ company }}.') \g /dev/null
SELECT gaiops_set_prompt_alias('Greet_Prompt', 'production', 1) \g /dev/null
SELECT gaiops_create_dataset('golden') \g /dev/null

-- Adds the latest trace, and returns its record without the ids of the source.
CREATE FUNCTION pg_temp.added(accept_outputs boolean DEFAULT false) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_add_traces('golden', ARRAY[gaiops_last_trace_id()], accept_outputs);
	RETURN (SELECT to_jsonb(r) FROM (
		SELECT inputs, expectations, outputs, source - 'trace_id' - 'span_id' AS source
		FROM gaiops.dataset_records WHERE dataset = 'golden' AND source ->> 'trace_id' = gaiops_last_trace_id()::text) AS r);
END $$;
CREATE FUNCTION pg_temp.entry() RETURNS text LANGUAGE sql AS
$$ SELECT span_id FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id() AND is_entry $$;

-- Calls ---------------------------------------------------------------------------

SELECT gaiops_chat('llm', 'Hi, I am Varun. How are you?', session_id => 's1') AS answer \gset
SELECT is(gaiops_add_traces('golden', ARRAY[gaiops_last_trace_id()])::text, '(1,0,0)', 'a trace makes a record');
SELECT results_eq($$ SELECT inputs, outputs, expectations, tags, key, split, source FROM gaiops.dataset_records $$,
	format('VALUES (%L::jsonb, %L::jsonb, %L::jsonb, %L::jsonb, NULL::text, NULL::text, %L::jsonb)', '{"message": "Hi, I am Varun. How are you?"}',
		to_jsonb(:'answer'::text), '{}', '{}',
		jsonb_build_object('trace_id', gaiops_last_trace_id(), 'span_id', pg_temp.entry(), 'session_id', 's1')),
	'with the message, the answer, and where it is from; an answer is not what is expected');
SELECT is(gaiops_add_traces('golden', ARRAY[gaiops_last_trace_id(), gaiops_last_trace_id()])::text, '(0,0,1)', 'again, it changes nothing');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'golden'), 1, 'nor makes a revision');
SELECT is(gaiops_add_traces('golden', ARRAY[gaiops_last_trace_id()], accept_outputs => true)::text, '(0,1,0)', 'accept_outputs');
SELECT is((SELECT expectations FROM gaiops.dataset_records), jsonb_build_object('expected_response', :'answer'::text), 'makes it what is expected');

SELECT gaiops_chat('echo', 'Ho', prompt => 'prompts:/Greet_Prompt@production', variables => '{"company": "Acme", "message": "taken", "variables": 1}',
	params => '{"temperature": 0.5, "tools": [{"type": "function", "function": {"name": "f"}}]}') \g /dev/null
SELECT is(pg_temp.added(), '{"inputs": {"message": "Ho", "company": "Acme", "tools": [{"type": "function", "function": {"name": "f"}}],
		"variables": {"message": "taken", "variables": 1}},
	"expectations": {}, "outputs": "Ho", "source": {"prompt": "prompts:/Greet_Prompt/1", "params": {"temperature": 0.5}}}',
	'variables are inputs, unless their name is taken; prompt and parameters are how it was asked');
SELECT gaiops_chat('echo', prompt => 'Greet_Prompt', variables => '{"company": "Acme", "variables": "x"}') \g /dev/null
SELECT is(pg_temp.added() -> 'inputs', '{"company": "Acme", "variables": "x"}', 'variables alone');
SELECT gaiops_chat('echo', prompt => 'Greet_Prompt', variables => '{"company": "Acme", "system": "s", "tools": "t", "messages": ["m"]}') \g /dev/null
SELECT is(pg_temp.added() -> 'inputs', '{"company": "Acme", "variables": {"system": "s", "tools": "t", "messages": ["m"]}}', 'a variable never becomes what it has the name of');
SELECT gaiops_chat('echo', '[{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}, {"role": "user", "content": [{"type": "text", "text": "Three"}]}]'::jsonb, system => 'Be brief.') \g /dev/null
SELECT is(pg_temp.added() - 'source', '{"inputs": {"messages": [{"role": "user", "content": "One"}, {"role": "assistant", "content": "Two"}, {"role": "user", "content": [{"type": "text", "text": "Three"}]}],
	"system": "Be brief."}, "expectations": {}, "outputs": "Three"}', 'messages and system stay as they are');
SELECT gaiops_chat_completion('{"model": "echo", "messages": [{"role": "user", "content": "Four"}], "temperature": 0, "seed": 7, "variables": 3, "params": [],
	"gaiops": {"session_id": "s2", "tags": {"t": "u"}}}') \g /dev/null
SELECT is(pg_temp.added(), '{"inputs": {"messages": [{"role": "user", "content": "Four"}]}, "expectations": {}, "outputs": "Four",
	"source": {"params": {"seed": 7, "temperature": 0}, "session_id": "s2"}}', 'a request body');
SELECT gaiops_chat_completion('{"model": "llm", "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
	"tools": [{"type": "function", "function": {"name": "get_weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}}]}') \g /dev/null
SELECT is(r -> 'inputs' -> 'tools' #>> '{0,function,name}' || ' ' || (r #>> '{outputs,tool_calls,0,function,name}'), 'get_weather get_weather',
	'an answer that calls a tool is a message; tools belong to the question')
FROM pg_temp.added(accept_outputs => true) AS r;
SELECT is(pg_temp.added(accept_outputs => true) -> 'expectations', '{}', 'and never an expectation');

SELECT gaiops_chat('shaky', 'Again') \g /dev/null
SELECT is((SELECT count(*) FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()), 2::bigint, 'a call that was tried twice');
SELECT is(pg_temp.added(accept_outputs => true) - 'source', '{"inputs": {"message": "Again"}, "expectations": {"expected_response": "OK from the fault server."}, "outputs": "OK from the fault server."}',
	'has the answer of the last attempt');
SELECT is(gaiops_chat('broken', 'Never', on_error => 'null'), NULL, 'a call that failed');
SELECT is(pg_temp.added(accept_outputs => true), '{"inputs": {"message": "Never"}, "expectations": {}, "outputs": null, "source": {}}', 'has a question and no answer');

-- Spans of applications -------------------------------------------------------------

SELECT gaiops_start_span('agent', 'AGENT', inputs => '{"question": "Why?", "variables": {"a": 1}, "prompt": "mine"}') \g /dev/null
SELECT gaiops_start_span('hybrid', 'RETRIEVER') \g /dev/null
SELECT gaiops_start_span('part of it', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["part"]') \g /dev/null
SELECT gaiops_end_span(outputs => '[{"page_content": "First", "metadata": {"doc_uri": "a.md", "id": 1}}, {"id": "b", "text": "Second"}, {"page_content": "Third", "metadata": {"id": 3}}]') \g /dev/null
SELECT gaiops_start_span('nothing found', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT gaiops_start_span('langchain', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '{"documents": [{"page_content": "First", "metadata": {"doc_uri": "a.md"}}, "Fourth", null, {"other": true}]}') \g /dev/null
SELECT gaiops_chat('echo', 'within') \g /dev/null
SELECT gaiops_end_span(outputs => '"Because."') \g /dev/null
SELECT is(pg_temp.added(), '{"inputs": {"question": "Why?", "variables": {"a": 1}, "prompt": "mine", "context": [{"id": "a.md", "text": "First"}, {"id": "b", "text": "Second"},
	{"id": 3, "text": "Third"}, {"text": "Fourth"}, {"text": "{\"other\": true}"}]}, "expectations": {}, "outputs": "Because.", "source": {}}',
	'inputs and outputs of the span, and each document that was found, once, in the order of retrievers');
SELECT gaiops_start_span('search', 'RETRIEVER', inputs => '"all"') \g /dev/null
SELECT gaiops_start_span('index', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["one", "two", "one"]') \g /dev/null
SELECT gaiops_end_span(outputs => '["two"]') \g /dev/null
SELECT is(pg_temp.added(accept_outputs => true) - 'source', '{"inputs": {"input": "all", "context": ["one", "two"]}, "expectations": {}, "outputs": ["two"]}',
	'inputs that are no object, outputs that are no text, documents without ids; what the span itself found is its answer');
SELECT gaiops_start_span('rag', inputs => '{"question": "Q", "context": "given"}') \g /dev/null
SELECT gaiops_start_span('index', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["one"]') \g /dev/null
SELECT gaiops_end_span(status => 'ERROR', outputs => '"half"') \g /dev/null
SELECT is(pg_temp.added(accept_outputs => true) - 'source', '{"inputs": {"question": "Q", "context": "given"}, "expectations": {}, "outputs": "half"}',
	'a context that the caller gave stays; what came before an error is not expected');
SELECT gaiops_start_span('rag', inputs => '{"question": "Q2", "context": null}') \g /dev/null
SELECT gaiops_start_span('index', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["one"]') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT is(pg_temp.added() -> 'inputs', '{"question": "Q2", "context": ["one"]}', 'a context of null is not given');
SELECT gaiops_start_span('rag', inputs => '{"question": "Q3", "context": null}') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT is(pg_temp.added() -> 'inputs', '{"question": "Q3"}', 'nor where nothing was found');
SELECT gaiops_start_span('rag', inputs => '{"question": "Q4"}') \g /dev/null
SELECT gaiops_start_span('hybrid', 'RETRIEVER') \g /dev/null
SELECT gaiops_start_span('between', 'CHAIN') \g /dev/null
SELECT gaiops_start_span('between', 'CHAIN') \g /dev/null
SELECT gaiops_start_span('deep within', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["part"]') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT gaiops_end_span(outputs => '["whole"]') \g /dev/null
SELECT gaiops_start_span('failed', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(status => 'ERROR', outputs => '["wrong"]') \g /dev/null
SELECT gaiops_start_span('in a chain', 'CHAIN') \g /dev/null
SELECT gaiops_start_span('alone there', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["more"]') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT is(pg_temp.added() -> 'inputs', '{"question": "Q4", "context": ["whole", "more"]}',
	'a retriever within another is a part of it, however deep; one that failed found nothing');
BEGIN;
SET LOCAL gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_chat('echo', 'first of two') \g /dev/null
SELECT gaiops_chat('echo', 'second of two') \g /dev/null
COMMIT;
SELECT is(pg_temp.added() -> 'inputs', '{"message": "first of two"}', 'a trace of an application is shown by its first span here');

-- Expectations -------------------------------------------------------------------------

SELECT gaiops_chat('echo', 'Capital of France?') \g /dev/null
SELECT gaiops_last_trace_id() AS paris \gset
SELECT gaiops_log_expectation(:'paris', 'expected_facts', '["It is Lyon."]'::jsonb) AS lyon \gset
SELECT gaiops_log_expectation(:'paris', 'expected_facts', '["It is Paris."]'::jsonb) \g /dev/null
SELECT gaiops_log_expectation(:'paris', 'guidelines', 'Be brief.') AS brief \gset
SELECT gaiops_log_expectation(:'paris', 'rank', 3) \g /dev/null
SELECT gaiops_log_expectation(:'paris', 'by_code', true, source_type => 'CODE', source_id => 'check.py') \g /dev/null
SELECT gaiops_log_feedback(:'paris', 'wit', 4) \g /dev/null
SELECT gaiops_delete_feedback(:'brief') \g /dev/null
SELECT is(pg_temp.added() -> 'expectations', '{"expected_facts": ["It is Paris."], "rank": 3, "by_code": true}', 'valid expectations, the latest of each name; feedback is none');
SELECT gaiops_log_expectation(:'paris', 'expected_response', 'Paris.') \g /dev/null
SELECT is(pg_temp.added(accept_outputs => true) -> 'expectations' ->> 'expected_response', 'Paris.', 'what a person stated goes before an answer that is accepted');
SELECT gaiops_merge_record('golden', '{"message": "Capital of Peru?"}', '{"expected_response": "Lima."}') \g /dev/null
SELECT gaiops_chat('echo', 'Capital of Peru?') \g /dev/null
SELECT is(pg_temp.added(accept_outputs => true) - 'source' - 'inputs', '{"outputs": "Capital of Peru?", "expectations": {"expected_response": "Lima."}}',
	'so does what the dataset has already');
SELECT gaiops_start_span('rag', inputs => '{"question": "Q5"}') AS rag \gset
SELECT gaiops_start_span('index', 'RETRIEVER') AS index \gset
SELECT gaiops_end_span() \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'of_entry', 1, span_id => :'rag') \g /dev/null
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'of_part', 2, span_id => :'index') \g /dev/null
SELECT is(pg_temp.added() -> 'expectations', '{"of_entry": 1}', 'what is expected of a part of a trace is not expected of its record');
SELECT gaiops_create_endpoint('shaky-too', :'fault' || '/fault/503-then-ok,id=expected/v1', model => 'gpt-4.1-mini') \g /dev/null
SELECT gaiops_chat('shaky-too', 'And again') \g /dev/null
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'attempt_' || attempt, 1, span_id => span_id) FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id() \g /dev/null
SELECT is(pg_temp.added() -> 'expectations', '{"attempt_1": 1, "attempt_2": 1}', 'of the attempt that was answered it is');
SELECT gaiops_chat('echo', 'Capital of France?', session_id => 'later') \g /dev/null
SELECT gaiops_last_trace_id() AS later \gset
SELECT gaiops_log_expectation(:'later', 'rank', 4) \g /dev/null
SELECT gaiops_create_dataset('folded') \g /dev/null
SELECT is(gaiops_add_traces('folded', ARRAY[:'later', :'paris']::uuid[], accept_outputs => true)::text, '(1,0,0)', 'one question of two traces is one record');
SELECT results_eq($$ SELECT expectations, source ->> 'session_id' FROM gaiops_dataset_records('folded') $$,
	$$ VALUES ('{"rank": 4, "by_code": true, "expected_facts": ["It is Paris."], "expected_response": "Paris."}'::jsonb, 'later') $$,
	'of the later one, with what is expected of both');
SELECT is(gaiops_add_traces('folded', ARRAY[:'paris', :'later']::uuid[], accept_outputs => true)::text, '(0,0,1)', 'and again changes nothing');

-- Adding in portions ---------------------------------------------------------------------

CREATE TEMP TABLE portion (n integer, trace_id uuid);
SELECT gaiops_chat('echo', 'Which?', session_id => 'a') \g /dev/null
INSERT INTO portion SELECT 1, gaiops_last_trace_id();
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'rank', 1), gaiops_log_expectation(gaiops_last_trace_id(), 'first', 1) \g /dev/null
SELECT gaiops_chat('echo', 'Which?', session_id => 'b') \g /dev/null
INSERT INTO portion SELECT 2, gaiops_last_trace_id();
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'rank', 2), gaiops_log_expectation(gaiops_last_trace_id(), 'second', 2) \g /dev/null
SELECT gaiops_chat('echo', 'Which?', session_id => 'c') \g /dev/null
INSERT INTO portion SELECT 3, gaiops_last_trace_id();
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'third', 3) \g /dev/null
CREATE FUNCTION pg_temp.added_portion(dataset text, VARIADIC wanted integer[]) RETURNS text LANGUAGE sql AS $$
	SELECT gaiops_add_traces(dataset, ARRAY(SELECT trace_id FROM portion WHERE n = ANY (wanted)), accept_outputs => true)::text
$$;
SELECT gaiops_create_dataset('portions' || i) FROM generate_series(1, 2) AS i \g /dev/null
SELECT is(pg_temp.added_portion('portions1', 1), '(1,0,0)', 'one trace');
SELECT is(pg_temp.added_portion('portions1', 3), '(0,1,0)', 'a later one with its question');
SELECT is(pg_temp.added_portion('portions1', 2), '(0,1,0)', 'and one between them, which adds what is expected of it alone');
SELECT is(pg_temp.added_portion('portions2', 1, 2, 3), '(1,0,0)', 'all at once');
SELECT results_eq(format('SELECT source ->> ''session_id'', expectations FROM gaiops_dataset_records(%L)', d), format('VALUES (''c'', %L::jsonb)', e), 'the record is of the latest')
FROM (VALUES ('portions1', '{"expected_response": "Which?", "rank": 1, "first": 1, "second": 2, "third": 3}'),
	('portions2', '{"expected_response": "Which?", "rank": 2, "first": 1, "second": 2, "third": 3}')) AS c (d, e);
SELECT is(pg_temp.added_portion(d, VARIADIC p), '(0,0,1)', format('%s: %s again changes nothing', d, p))
FROM unnest(ARRAY['portions1', 'portions2']) AS d,
	(VALUES ('{1}'::integer[]), ('{2}'), ('{3}'), ('{1,2}'), ('{2,3}'), ('{1,3}'), ('{1,2,3}'), ('{1}')) AS c (p);
SELECT gaiops_create_dataset('gone') \g /dev/null
SELECT gaiops_merge_records('gone', '[{"inputs": {"message": "Which?"}, "outputs": "mine", "source": {"trace_id": "ffffffff-ffff-7000-8000-000000000001"}}]') \g /dev/null
SELECT is(pg_temp.added_portion('gone', 1), '(0,1,0)', 'of a record that is from a newer trace, which is gone');
SELECT results_eq($$ SELECT outputs, source, expectations FROM gaiops_dataset_records('gone') $$,
	$$ VALUES ('"mine"'::jsonb, '{"trace_id": "ffffffff-ffff-7000-8000-000000000001"}'::jsonb, '{"expected_response": "Which?", "rank": 1, "first": 1}'::jsonb) $$,
	'outputs and source stay');
SELECT gaiops_merge_records('gone', '[{"inputs": {"message": "Which?"}, "source": {"trace_id": "00000000-0000-7000-8000-000000000001"}}]') \g /dev/null
SELECT is(pg_temp.added_portion('gone', 1), '(0,1,0)', 'of one from an older trace');
SELECT results_eq($$ SELECT outputs, source ->> 'session_id' FROM gaiops_dataset_records('gone') $$, $$ VALUES ('"Which?"'::jsonb, 'a') $$, 'they do not');
SELECT is(gaiops.is_older_trace(a, b, c, d), r, format('is_older_trace: %s, %s, %s, %s', a, b, c, d))
FROM (VALUES ('01900000-0000-7000-8000-000000000001'::uuid, timestamptz '2026-01-02', NULL::uuid, NULL::timestamptz, false),
	('01900000-0000-7000-8000-000000000001', '2026-01-02', '01900000-0000-7000-8000-000000000002', NULL, true),
	('01900000-0000-7000-8000-000000000002', '2026-01-02', '01900000-0000-7000-8000-000000000001', NULL, false),
	('01900000-0000-7000-8000-000000000001', '2026-01-02', 'ff000000-0000-4000-8000-000000000002', NULL, false),
	('01900000-0000-7000-8000-000000000001', '2026-01-02', 'ff000000-0000-4000-8000-000000000002', '2026-01-01', false),
	('ff000000-0000-4000-8000-000000000002', '2026-01-01', '01900000-0000-7000-8000-000000000001', '2026-01-02', true),
	('01900000-0000-7000-8000-000000000001', '2026-01-02', '01900000-0000-7000-8000-000000000001', '2026-01-02', false)) AS c (a, b, c, d, r);

-- What cannot be a record -----------------------------------------------------------------

SELECT revision FROM gaiops.datasets WHERE name = 'golden' \gset
SELECT gaiops_start_span('under way', inputs => '{"question": "When?"}') \g /dev/null
SELECT is(pg_temp.raised(format('SELECT gaiops_add_traces(''golden'', ARRAY[%L, gaiops_last_trace_id()]::uuid[])', :'paris')),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nIt is still in progress.\nAdd it in another transaction, once it has ended.', gaiops_last_trace_id()), 'a trace under way');
SELECT gaiops_end_span() \g /dev/null
SELECT is(pg_temp.added() -> 'inputs', '{"question": "When?"}', 'is added when it has ended');
SELECT gaiops_start_span('silent') \g /dev/null
SELECT gaiops_chat('echo', 'within') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nThe span that it began with was given no inputs.\nLeave it out; gaiops_start_span() has an argument for them.', gaiops_last_trace_id()),
	'a span without inputs');
SELECT gaiops_register_prompt('Fixed', 'Tell a joke.') \g /dev/null
SELECT gaiops_chat('echo', prompt => 'Fixed') \g /dev/null
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nIts "inputs" are empty.\nLeave it out, or correct what is expected of it.', gaiops_last_trace_id()),
	'a call that was given nothing but a prompt');
-- Retention takes whole days; what it leaves is the same.
SELECT gaiops_chat('echo', 'forgotten') \g /dev/null
DELETE FROM gaiops.span_payloads WHERE trace_id = gaiops_last_trace_id();
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nWhat was said in it is not kept any more.\nLeave it out; gaiops.payload_retention says how long it is kept.', gaiops_last_trace_id()),
	'payloads that were dropped');
SELECT gaiops_chat('echo', 'half forgotten') \g /dev/null
DELETE FROM gaiops.span_payloads WHERE trace_id = gaiops_last_trace_id() AND kind = 'response';
SELECT matches(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'), '^55000.*\nWhat was said in it is not kept any more\.\n', 'an answer that was dropped');
SELECT gaiops_chat('echo', repeat('too long ', 150000)) \g /dev/null
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nWhat was asked was too long to be kept.\nLeave it out; gaiops.max_payload_bytes says how much is kept.', gaiops_last_trace_id()), 'inputs that were cut');
SELECT gaiops_start_span('short', inputs => '{"question": "All?"}') \g /dev/null
SELECT gaiops_start_span('long', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => to_jsonb(repeat('too long ', 150000))) \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT matches(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'), '^55000.*\nWhat a retriever found was too long to be kept\.\n', 'documents that were cut');
SELECT gaiops_start_span('short', inputs => '{"question": "All?"}') \g /dev/null
SELECT gaiops_end_span(outputs => to_jsonb(repeat('too long ', 150000))) \g /dev/null
SELECT matches(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'), '^55000.*\nThe answer was too long to be kept\.\n', 'outputs that were cut');

SELECT gaiops_start_span('short', inputs => '{"gaiops.cut": true, "gaiops.bytes": 5}') \g /dev/null
SELECT gaiops_start_span('found', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '{"gaiops.cut": true, "gaiops.bytes": 5}') \g /dev/null
SELECT gaiops_end_span(outputs => '{"gaiops.cut": true, "gaiops.bytes": 5}') \g /dev/null
SELECT is(pg_temp.added() - 'source', '{"inputs": {"gaiops.cut": true, "gaiops.bytes": 5, "context": ["{ \"gaiops.cut\": true, \"gaiops.bytes\": 5}"]},
	"expectations": {}, "outputs": {"gaiops.cut": true, "gaiops.bytes": 5}}', 'what is only written like the mark of what was cut was not');

-- What is too large is one problem per trace: it has no identity.
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
	SELECT ('10000000-0000-4000-8000-00000000000' || i)::uuid, 'a', 'n', 'CHAIN', 'OK', 'application', 'large', 'r', 'r', true, now() + i * interval '1 second' FROM generate_series(1, 2) AS i;
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, inputs)
	SELECT trace_id, span_id, 'request', start_time, jsonb_build_object('question', repeat('x', 4194304)) FROM gaiops.spans WHERE experiment = 'large';
SELECT matches(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY(SELECT trace_id FROM gaiops.spans WHERE experiment = ''large''))'),
	'^55000\ntrace "10000000-0000-4000-8000-000000000001" cannot be added to a dataset\nIt has more than 4194304 bytes\.\nLeave it out, or correct what is expected of it\.$', 'a record that would be too large');
SELECT gaiops_create_dataset('large') \g /dev/null
SELECT gaiops_chat('echo', 'Grown?') \g /dev/null
SELECT gaiops_merge_record('large', '{"message": "Grown?"}', jsonb_build_object('other', repeat('x', 4194200))) \g /dev/null
SELECT gaiops_log_expectation(gaiops_last_trace_id(), 'more', repeat('y', 200)) \g /dev/null
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''large'', ARRAY[gaiops_last_trace_id()])'),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nWith what was merged into it before it has more than 4194304 bytes.\nLeave it out, or correct what is expected of it.', gaiops_last_trace_id()),
	'one that would become so');
-- What is nested too deeply for the line of a dataset was once taken as an expectation.
INSERT INTO gaiops.human_assessments (assessment_id, trace_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	SELECT gen_random_uuid(), gaiops_last_trace_id(), 'large', 'deep', 'expectation', (repeat('[', 999) || repeat(']', 999))::jsonb, 'HUMAN', 'x', now(), current_user;
SELECT gaiops_create_dataset('deep') \g /dev/null
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''deep'', ARRAY[gaiops_last_trace_id()])'),
	format(E'55000\ntrace "%s" cannot be added to a dataset\nIt has more than 1000 arrays and objects within each other.\nLeave it out, or correct what is expected of it.', gaiops_last_trace_id()),
	'one that is nested too deeply');

SELECT is(pg_temp.raised(format('SELECT gaiops_add_traces(''golden'', ARRAY[%L, ''00000000-0000-0000-0000-000000000001'']::uuid[])', :'later')),
	E'42704\ntrace "00000000-0000-0000-0000-000000000001" does not exist', 'a trace that is not known');
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(' || a || ')'), m, 'gaiops_add_traces(' || a || ')')
FROM (VALUES ('NULL, ''{}''', E'22004\nargument "dataset" must not be null'),
	('''golden'', NULL', E'22004\nargument "trace_ids" must not be null'),
	('''golden'', ''{}'', NULL', E'22004\nargument "accept_outputs" must not be null'),
	('''golden'', ''{NULL}''', E'22004\nargument "trace_ids" must not contain nulls'),
	('''none'', ''{}''', E'42704\ndataset "none" does not exist\nCreate it with gaiops_create_dataset().')) AS c (a, m);
SELECT is(gaiops_add_traces('golden', '{}')::text, '(0,0,0)', 'no traces');
SELECT is((SELECT d.revision FROM gaiops.datasets AS d WHERE d.name = 'golden'), :revision + 2, 'nothing of what was refused is stored');
SELECT is(gaiops_add_traces('golden', ARRAY[[:'paris'], [:'later']]::uuid[])::text, '(0,1,0)', 'an array of arrays');

BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM gaiops.spans \g /dev/null
SELECT gaiops_chat('echo', 'unseen') \g /dev/null
SELECT is(pg_temp.raised('SELECT gaiops_add_traces(''golden'', ARRAY[gaiops_last_trace_id()])'),
	format(E'40001\ntrace "%s" is not visible to this transaction\nIt was recorded after the snapshot of the transaction was taken.\nRun the transaction again.', gaiops_last_trace_id()),
	'a trace that the snapshot does not show');
COMMIT;

-- Many ---------------------------------------------------------------------------------

SELECT gaiops_create_dataset('many') \g /dev/null
SELECT count(gaiops_chat('echo', 'question ' || i)) FROM generate_series(1, 250) AS i \g /dev/null
SELECT is(gaiops_add_traces('many', ARRAY(SELECT trace_id FROM gaiops.spans JOIN gaiops.span_payloads USING (trace_id, span_id)
	WHERE kind = 'request' AND inputs ->> 'message' LIKE 'question %'))::text, '(250,0,0)', 'many at once');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'many'), 1, 'are one revision');

-- A table is not read for one trace, whatever is known of its size.
INSERT INTO gaiops.spans (trace_id, span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, start_time)
	SELECT gen_random_uuid(), 'a', 'n', 'CHAIN', 'OK', 'application', 'bulk', 'r', 'r', true, now() FROM generate_series(1, 5000);
INSERT INTO gaiops.span_payloads (trace_id, span_id, kind, start_time, inputs)
	SELECT trace_id, span_id, 'request', start_time, '{"question": 1}' FROM gaiops.spans WHERE experiment = 'bulk';
INSERT INTO gaiops.human_assessments (assessment_id, trace_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	SELECT gen_random_uuid(), gen_random_uuid(), 'bulk', 'n', 'expectation', '1', 'HUMAN', 'r', now(), 'r' FROM generate_series(1, 5000);
CREATE FUNCTION pg_temp.tables_read() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s: %s rows', relname, seq_tup_read) FROM pg_stat_xact_all_tables
	WHERE seq_tup_read > 0 AND relid IN (SELECT c.oid FROM pg_class AS c WHERE c.relnamespace IN ('gaiops'::regnamespace, 'gaiops_partitions'::regnamespace) AND c.relname ~ '^(spans|span_payloads|human_assessments|dataset_record_versions)')
$$;
SELECT pg_stat_force_next_flush() \g /dev/null
BEGIN;
SELECT is(gaiops_add_traces('many', ARRAY[:'paris', :'later']::uuid[])::text, '(1,0,0)', 'a few of many traces');
SELECT is_empty('SELECT pg_temp.tables_read()', 'are looked up');
COMMIT;
SET plan_cache_mode = force_generic_plan;
SELECT pg_stat_force_next_flush() \g /dev/null
BEGIN;
SELECT is(gaiops_add_traces('many', ARRAY[:'paris', :'later']::uuid[])::text, '(0,0,1)', 'with a plan for any number of them');
SELECT is_empty('SELECT pg_temp.tables_read()', 'likewise');
COMMIT;
RESET plan_cache_mode;

-- Rights ----------------------------------------------------------------------------------

CREATE ROLE trace_viewer; CREATE ROLE trace_user;
SELECT gaiops_grant('trace_viewer', 'viewer'), gaiops_grant('trace_user', 'user') \g /dev/null
SET ROLE trace_viewer;
SELECT throws_ok($$ SELECT gaiops_add_traces('many', '{}') $$, '42501', NULL, 'a viewer makes no records');
SET ROLE trace_user;
SELECT lives_ok(format('SELECT gaiops_add_traces(''many'', ARRAY[%L]::uuid[])', :'paris'), 'a user does');
RESET ROLE;

-- What policies hide from the caller.
SELECT gaiops_create_dataset('shown') \g /dev/null
SELECT gaiops_start_span('open', inputs => '{"question": "Open?"}') AS span \gset
SELECT gaiops_start_span('found', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["hidden"]') \g /dev/null
SELECT gaiops_end_span(outputs => '"answer"') \g /dev/null
SELECT gaiops_last_trace_id() AS open \gset
SELECT gaiops_log_expectation(:'open', 'hidden', 1) \g /dev/null
CREATE POLICY shown ON gaiops.spans AS RESTRICTIVE FOR SELECT TO trace_user USING (name <> 'found' AND prompt_name IS NULL AND endpoint IS NULL);
CREATE POLICY shown ON gaiops.human_assessments AS RESTRICTIVE FOR SELECT TO trace_user USING (name <> 'hidden');
SET ROLE trace_user;
SELECT is_empty(format('SELECT FROM gaiops.traces WHERE trace_id = %L', :'paris'), 'a trace that a policy hides');
SELECT is(pg_temp.raised(format('SELECT gaiops_add_traces(''shown'', ARRAY[%L]::uuid[])', :'paris')),
	format(E'42704\ntrace "%s" does not exist', :'paris'), 'does not exist for the caller');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT is(pg_temp.raised(format('SELECT gaiops_add_traces(''shown'', ARRAY[%L]::uuid[])', :'paris')),
	format(E'42704\ntrace "%s" does not exist', :'paris'), 'nor is it only too new for his snapshot');
ROLLBACK;
SELECT is(gaiops_add_traces('shown', ARRAY[:'open']::uuid[], accept_outputs => true)::text, '(1,0,0)', 'a trace that he sees');
SELECT results_eq($$ SELECT inputs, expectations, created_by = 'trace_user' FROM gaiops_dataset_records('shown') $$,
	$$ VALUES ('{"question": "Open?"}'::jsonb, '{"expected_response": "answer"}'::jsonb, true) $$, 'makes a record of what he sees of it');
SELECT is(pg_temp.raised(c), m, c)
FROM (VALUES ('SELECT * FROM gaiops.merge_traces(''none'', ''{}'', ''{}'')', E'42704\ndataset "none" does not exist\nCreate it with gaiops_create_dataset().')) AS c (c, m);
SELECT results_eq($$ SELECT * FROM gaiops.merge_traces('shown', ARRAY['{"inputs": "none", "expectations": {}}']::json[], '{}') $$,
	$$ VALUES (1, 'refused', 'Its "inputs" is of type string, not an object.') $$, 'what is no record cannot be slipped in');
SELECT matches(pg_temp.raised($$ SELECT * FROM gaiops.merge_traces('shown', ARRAY['{"inputs": {"a": 1, "a": 2}, "expectations": {}}']::json[], '{}') $$),
	'^22030\n.*"a" twice', 'nor a member given twice');
RESET ROLE;
DROP POLICY shown ON gaiops.spans;
DROP POLICY shown ON gaiops.human_assessments;
-- Anybody can have spans join a trace: they say nothing in the records of others.
CREATE ROLE trace_stranger;
SELECT gaiops_grant('trace_stranger', 'user') \g /dev/null
CREATE FUNCTION pg_temp.fetch(document text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
	PERFORM gaiops_start_span('fetch', 'RETRIEVER');
	PERFORM gaiops_end_span(outputs => to_json(ARRAY[document]));
END $$;
SELECT gaiops_create_dataset('joined') \g /dev/null
SET SESSION AUTHORIZATION trace_user;
SELECT gaiops_start_span('asked', inputs => '{"question": "Whose?"}') AS span \gset
SELECT pg_temp.fetch('of a function with the rights of another') \g /dev/null
SELECT gaiops_end_span(outputs => '"mine"') \g /dev/null
SELECT gaiops_last_trace_id() AS joined, '00-' || gaiops_trace_id_hex(gaiops_last_trace_id()) || '-' || :'span' || '-01' AS traceparent \gset
SET gaiops.traceparent = :'traceparent';
SELECT pg_temp.fetch('of such a function by itself') \g /dev/null
SELECT gaiops_start_span('later', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["of the same role"]') \g /dev/null
RESET gaiops.traceparent;
SET SESSION AUTHORIZATION trace_stranger;
SET gaiops.traceparent = :'traceparent';
SELECT gaiops_start_span('planted', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["planted"]') \g /dev/null
SELECT gaiops_start_span('around', 'CHAIN') \g /dev/null
SELECT gaiops_start_span('planted', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["planted deeper"]') \g /dev/null
RESET SESSION AUTHORIZATION;
SET ROLE trace_user;
SELECT gaiops_start_span('planted', 'RETRIEVER') \g /dev/null
SELECT gaiops_end_span(outputs => '["planted with a role, but another login"]') \g /dev/null
SELECT is(gaiops_add_traces('joined', ARRAY[:'joined']::uuid[])::text, '(1,0,0)', 'a span of another role that is open does not keep a trace from being added');
SELECT is(inputs, '{"question": "Whose?", "context": ["of a function with the rights of another", "of the same role"]}',
	'nor are its documents in the record, but for those found within the trace''s own spans')
FROM gaiops.dataset_records WHERE dataset = 'joined';
RESET ROLE;
SELECT gaiops_end_span() \g /dev/null
RESET gaiops.traceparent;

-- A call of somebody else between two attempts does not hide the answer.
SELECT gaiops_create_endpoint('faulty', :'fault' || '/fault/503-then-ok,id=joined/v1', model => 'gpt-4.1-mini') \g /dev/null
SET SESSION AUTHORIZATION trace_user;
SELECT gaiops_chat('faulty', 'Tried again?') AS answer \gset
SELECT gaiops_last_trace_id() AS again \gset
RESET SESSION AUTHORIZATION;
UPDATE gaiops.spans SET parent_span_id = repeat('f', 16) WHERE trace_id = :'again';
INSERT INTO gaiops.spans (trace_id, span_id, parent_span_id, name, span_type, status, purpose, experiment, session_role, role, is_entry, attempt, start_time)
	SELECT trace_id, 'between', parent_span_id, name, span_type, 'OK', purpose, experiment, 'trace_stranger', 'trace_stranger', true, 1, start_time - interval '1 microsecond'
	FROM gaiops.spans WHERE trace_id = :'again' AND attempt = 2;
SELECT is(status, 'OK', 'a call of another role between two attempts') FROM gaiops.traces WHERE trace_id = :'again';
SELECT gaiops_add_traces('joined', ARRAY[:'again']::uuid[]) \g /dev/null
SELECT is(outputs, to_jsonb(:'answer'::text), 'does not hide the answer') FROM gaiops.dataset_records WHERE dataset = 'joined' AND source ->> 'trace_id' = :'again';
DROP OWNED BY trace_viewer, trace_user, trace_stranger;
DROP ROLE trace_viewer; DROP ROLE trace_user; DROP ROLE trace_stranger;

SELECT * FROM finish();
