-- Records of datasets as lines of JSON: both layouts, revisions and splits, what is
-- left out, rights.  Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = error;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql

SELECT gaiops_create_dataset('faq') \g /dev/null
SELECT is_empty($$ SELECT gaiops_export_dataset('faq') $$, 'an empty dataset has no lines');
SELECT gaiops_merge_records('faq', '[
	{"inputs": {"message": "Why?"}, "expectations": {"expected_response": "Because.\nSo.", "expected_facts": ["a"]}, "outputs": null, "tags": {"t": 1.50},
		"key": "k", "split": "train", "source": {"trace_id": "x", "more": [null]}},
	{"inputs": {"messages": [{"role": "user", "content": "One\u2028 \"and\" \\ more"}, {"role": "assistant", "content": "Two"}, {"role": "user", "content": "Three"}], "system": "S"},
		"expectations": {"expected_response": ""}, "outputs": {"a": null}, "split": "test"},
	{"inputs": {"question": "Weather?", "tools": [{"type": "function", "function": {"name": "f"}}]}, "expectations": {"expected_tool_calls": [{"name": "f", "arguments": {"city": "Paris"}}, {"name": "g"}, {"name": "h", "arguments": "no JSON"}]}},
	{"inputs": {"query": "Q", "system": "S", "tools": "none"}, "expectations": {"expected_response": "A", "expected_tool_calls": [{"name": "f"}]}},
	{"inputs": {"input": "I"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"a": "no question"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"message": 3}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": [{"role": "user", "content": "not this"}], "message": "M"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": "none", "question": "Q1"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": [{"role": "user", "content": "Q2"}, "none"], "question": "not this"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": [{"role": "system", "content": "not this"}], "question": "Q3"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": [{"role": "user", "content": [{"type": "image_url"}]}], "question": "Q4"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"messages": "none"}, "expectations": {"expected_response": "A"}},
	{"inputs": {"message": "no answer"}, "expectations": {"expected_facts": ["a"]}},
	{"inputs": {"message": "calls without names"}, "expectations": {"expected_tool_calls": [{"name": "f"}, {}]}},
	{"inputs": {"message": "no calls"}, "expectations": {"expected_tool_calls": []}}]') \g /dev/null

CREATE TEMP VIEW line AS SELECT line, line::jsonb AS value FROM gaiops_export_dataset('faq') AS line;
SELECT is((SELECT count(*) FROM line), 17::bigint, 'a line per record');
SELECT is_empty($$ SELECT FROM line WHERE line ~ '[\r\n]' $$, 'with no line break in it');
SELECT set_eq($$ SELECT value FROM line WHERE value ? 'split' OR value -> 'inputs' = '{"a": "no question"}' $$, $$ VALUES
	('{"inputs": {"message": "Why?"}, "expectations": {"expected_response": "Because.\nSo.", "expected_facts": ["a"]}, "tags": {"t": 1.50},
		"key": "k", "split": "train", "source": {"trace_id": "x", "more": [null]}}'::jsonb),
	('{"inputs": {"messages": [{"role": "user", "content": "One\u2028 \"and\" \\ more"}, {"role": "assistant", "content": "Two"}, {"role": "user", "content": "Three"}], "system": "S"},
		"expectations": {"expected_response": ""}, "outputs": {"a": null}, "split": "test"}'),
	('{"inputs": {"a": "no question"}, "expectations": {"expected_response": "A"}}') $$, 'which has what is said, and nothing for what is not');
SELECT results_eq($$ SELECT gaiops_export_dataset('faq', 'records') $$, 'SELECT line FROM line', 'this layout is the default');
SELECT results_eq('SELECT value -> ''inputs'' FROM line', $$ SELECT inputs FROM gaiops_dataset_records('faq') ORDER BY record_id $$, 'lines are in the order of identity');

-- What jsonb would put in another order, or spell otherwise, is written as it was.
CREATE FUNCTION pg_temp.kept() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(line, E'\n') FROM gaiops_export_dataset('kept') AS line
$$;
CREATE FUNCTION pg_temp.stored() RETURNS text LANGUAGE sql AS $$
	SELECT v.written::text FROM gaiops.dataset_record_versions AS v WHERE v.dataset = 'kept' ORDER BY v.revision DESC LIMIT 1
$$;
SELECT gaiops_create_dataset('kept') \g /dev/null
SELECT gaiops_merge_records('kept', '[{"inputs": {"why": 1.50, "a": "b"}, "expectations": {"z": 1, "y": {"q": 1, "p": 2e1}}, "source": {"session_id":"s"}}]') \g /dev/null
SELECT is(pg_temp.kept(), '{"inputs": {"why":1.50,"a":"b"}, "source": {"session_id": "s"}, "expectations": {"z":1,"y":{"q":1,"p":2e1}}}', 'order and spelling are those of the author');
SELECT is(pg_temp.stored()::jsonb - 'inputs', '{"expectations": {"z": 1, "y": {"q": 1, "p": 20}}}', 'kept beside where they are others than those of jsonb');
SELECT results_eq($$ SELECT inputs::text, expectations::text FROM gaiops_dataset_records('kept') $$, $$ VALUES ('{"a": "b", "why": 1.50}', '{"y": {"p": 20, "q": 1}, "z": 1}') $$, 'which is what queries have');
SELECT gaiops_merge_records('kept', '[{"inputs": {"a": "b", "why": 1.5}, "expectations": {"z": 1.0}, "outputs": {"d": 1, "c": 2}}]') \g /dev/null
SELECT is(pg_temp.kept(), '{"inputs": {"why":1.50,"a":"b"}, "source": {"session_id": "s"}, "outputs": {"d":1,"c":2}, "expectations": {"z":1.0,"y":{"q":1,"p":2e1}}}', 'also once more was merged into it');
SELECT gaiops_split_dataset('kept', '{"train": 1}') \g /dev/null
SELECT ok(pg_temp.kept() LIKE '%"split": "train", "inputs": {"why":1.50,"a":"b"}%"outputs": {"d":1,"c":2}%', 'and once it was put into a split');
SELECT gaiops_merge_records('kept', '[{"inputs": {"a": "b", "why": 1.5}, "outputs": {"c": 2}, "expectations": {"y": null}}]') \g /dev/null
SELECT is(pg_temp.stored(), '{"inputs": {"why":1.50,"a":"b"}}', 'nothing is kept beside that says the same');
SELECT gaiops_delete_records('kept', ARRAY(SELECT record_id FROM gaiops_dataset_records('kept'))) \g /dev/null
SELECT is(pg_temp.stored(), NULL, 'nor of what is deleted');
SELECT gaiops_merge_records('kept', '[{"inputs": {"a": "b", "why": 1.5}}]') \g /dev/null
SELECT is(pg_temp.stored(), NULL, 'nor of what comes again');

SELECT is((SELECT array_agg(DISTINCT c -> 'arguments' #>> '{}') FROM json_array_elements(gaiops.read_tool_calls(
	'[{"function": {"name": "f"}}, {"function": {"name": "f", "arguments": null}}, {"function": {"name": "f", "arguments": ""}}, {"function": {"name": "f", "arguments": " \n"}},
	{"function": {"name": "f", "arguments": "null"}}, {"function": {"name": "f", "arguments": "{}"}}, {"function": {"name": "f", "arguments": {}}}]')) AS c), '{"{}"}', 'a call without arguments has one form here');
SELECT is((SELECT array_agg(DISTINCT c #>> '{function,arguments}') FROM jsonb_array_elements(gaiops.answer_message(
	'{"expected_tool_calls": [{"name": "f"}, {"name": "f", "arguments": null}, {"name": "f", "arguments": ""}, {"name": "f", "arguments": {}}]}') -> 'tool_calls') AS c), '{"{}"}', 'and there');
SELECT set_eq($$ SELECT line::jsonb FROM gaiops_export_dataset('faq', 'chat') AS line $$, $$ VALUES
	('{"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "Because.\nSo."}]}'::jsonb),
	('{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "One\u2028 \"and\" \\ more"}, {"role": "assistant", "content": "Two"},
		{"role": "user", "content": "Three"}, {"role": "assistant", "content": ""}]}'),
	('{"tools": [{"type": "function", "function": {"name": "f"}}], "messages": [{"role": "user", "content": "Weather?"}, {"role": "assistant", "tool_calls": [
		{"id": "call_1", "type": "function", "function": {"name": "f", "arguments": "{\"city\": \"Paris\"}"}}, {"id": "call_2", "type": "function", "function": {"name": "g", "arguments": "{}"}},
		{"id": "call_3", "type": "function", "function": {"name": "h", "arguments": "no JSON"}}]}]}'),
	('{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "Q"}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": "M"}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": "Q1"}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": "Q2"}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": "Q3"}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": [{"type": "image_url"}]}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": "Q4"}, {"role": "assistant", "content": "A"}]}'),
	('{"messages": [{"role": "user", "content": "I"}, {"role": "assistant", "content": "A"}]}') $$, 'chat layout: the question, and the expected answer, or its tool calls');

SELECT is_empty($$
	SELECT r.inputs FROM gaiops_dataset_records('faq') AS r, gaiops.chat_line(r.inputs::json, '{"expected_response": "A"}') AS l
	WHERE gaiops.record_question(r.inputs) IS DISTINCT FROM gaiops.message_text(l::jsonb #> '{messages,-2}') $$, 'the question is what scorers and judges read');
SELECT results_eq($$ SELECT gaiops_export_dataset('faq', split => 'test')::jsonb ->> 'split' $$, $$ VALUES ('test') $$, 'one split');
SELECT gaiops_merge_record('faq', '{"input": "I"}', '{"expected_response": "B"}') \g /dev/null
SELECT is_empty($$ SELECT gaiops_export_dataset('faq', revision => 0) $$, 'a revision');
SELECT is(pg_temp.raised('SELECT gaiops_export_dataset(' || a || ')'), m, 'gaiops_export_dataset(' || a || ')')
FROM (VALUES ('NULL', E'22004\nargument "dataset" must not be null'),
	('''none''', E'42704\ndataset "none" does not exist\nCreate it with gaiops_create_dataset().'),
	('''faq'', NULL', E'22004\nargument "format" must not be null'),
	('''faq'', ''csv''', E'22023\nunknown format "csv" of a dataset\nUse "records" or "chat".'),
	('''faq'', revision => 7', E'22023\ndataset "faq" has no revision 7\nIts latest revision is 1.')) AS c (a, m);

CREATE ROLE export_viewer;
SELECT gaiops_grant('export_viewer', 'viewer') \g /dev/null
SET ROLE export_viewer;
SELECT is(count(*), 28::bigint, 'a viewer exports') FROM (SELECT gaiops_export_dataset('faq') UNION ALL SELECT gaiops_export_dataset('faq', 'chat')) AS e;
SELECT throws_ok($$ SELECT gaiops_import_dataset('faq', '') $$, '42501', NULL, 'and does not import');
RESET ROLE;

SELECT * FROM finish();
ROLLBACK;
