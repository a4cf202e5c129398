-- Records of datasets from lines of JSON: both layouts, what is refused and why,
-- what is kept, and that what was written comes back the same.  Everything is
-- rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = error;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql

CREATE FUNCTION pg_temp.stored(name text) RETURNS SETOF jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(to_jsonb(r) - 'revision' - 'created_at' - 'created_by' - 'updated_at' - 'updated_by' - 'dataset')
	FROM gaiops_dataset_records(name) AS r
$$;
SELECT gaiops_create_dataset('d') \g /dev/null

-- Lines ---------------------------------------------------------------------------

SELECT is_empty($$ SELECT gaiops_import_dataset('d', '') $$, 'no lines');
SELECT is_empty($$ SELECT gaiops_import_dataset('d', E' \r\n\n\t\n') $$, 'blank lines');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'd'), 0, 'make no revision');
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', U&'\FEFF' || E'{"inputs": {"message": "a"}, "outputs": 1}\r\n\r\n{"inputs": {"message": "b"}}\r\n{"inputs": {"message": "a"}, "outputs": 2}') $$,
	$$ VALUES (1, 'inserted', NULL::text), (3, 'inserted', NULL), (4, 'updated', NULL) $$,
	'a byte order mark, lines as Windows ends them, blank ones, and the same question twice');
SELECT is((SELECT outputs FROM gaiops_dataset_records('d') WHERE inputs = '{"message": "a"}'), '2', 'the later one stays');
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', E'{"inputs": {"message": "a"}, "outputs": 2}\n{"inputs": {"message": "b"}, "tags": {"t": 1}}\n{"inputs": {"message": "b"}, "tags": {"t": 1.0}}\n{"inputs": {"message": "c"}}') $$,
	$$ VALUES (1, 'unchanged', NULL::text), (2, 'updated', NULL), (3, 'unchanged', NULL), (4, 'inserted', NULL) $$, 'what is done with each');
SELECT is((SELECT revision FROM gaiops.datasets WHERE name = 'd'), 1, 'one transaction makes one revision');

SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', U&'\FEFF{"inputs": {"message": "a"}}' || E'\n' || U&'\FEFF\FEFF{"inputs": {"message": "b"}}' || E'\n'
		|| U&' \00A0\2003\3000\2028\0085' || E'\r\n' || U&'\FEFF' || E'\n' || '{"inputs": {"message": "b"}}') $$,
	$$ VALUES (1, 'unchanged', NULL::text), (2, 'unchanged', NULL), (5, 'unchanged', NULL) $$, 'files that were put together: marks in front of any line, and blanks of any kind');

-- What is refused -----------------------------------------------------------------

CREATE TEMP TABLE refused (n serial, line text, detail text);
INSERT INTO refused (line, detail) VALUES
	('{"inputs": ', 'It cannot be read: invalid input syntax for type json. The input string ended unexpectedly.'),
	('no JSON', 'It cannot be read: invalid input syntax for type json. Token "no" is invalid.'),
	('{"inputs": {"a": "\u0000"}}', 'It cannot be read: unsupported Unicode escape sequence. \u0000 cannot be converted to text.'),
	('{"inputs": {"a": 1e1000000}}', 'It cannot be read: value overflows numeric format.'),
	('[1]', 'It is not an object.'),
	('null', 'It is not an object.'),
	('{"question": "a"}', 'It has an unknown member "question".'),
	('{}', 'It has no "inputs".'),
	('{"inputs": "a"}', 'Its "inputs" is of type string, not an object.'),
	('{"inputs": {"a": 1}, "expectations": []}', 'Its "expectations" is of type array, not an object.'),
	('{"inputs": {"a": 1}, "expectations": {"expected_facts": "a"}}', 'The "expected_facts" of its "expectations" is not an array of strings.'),
	('{"messages": {}}', 'Its "messages" are not an array.'),
	('{"messages": []}', 'It has no messages.'),
	('{"messages": [{"role": "user", "content": "a"}, "b"]}', 'Message 2 is not an object with a "role".'),
	('{"messages": [{"role": "user", "content": "a"}]}', 'Its last message is not one of the assistant.'),
	('{"messages": [{"role": "assistant", "content": "a"}]}', 'It has no message before the answer.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": null}]}', 'Its last message is no text.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": "b"}, {"type": "image_url"}]}]}', 'Its last message is no text.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "weight": 0}]}', 'Its last message has a member "weight", for which a record has no place.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", "tool_calls": [{"function": {"name": "f"}}]}]}', 'Its last message has both a text and tool calls.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"custom": {}}]}]}', 'The tool calls of its last message are not calls of functions.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": {"function": {"name": "f"}}}]}', 'The tool calls of its last message are not calls of functions.'),
	('{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "[1e1000000]"}}]}]}',
		'It cannot be read: value overflows numeric format.');
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', (SELECT string_agg(line, E'\n' ORDER BY n) FROM refused) || E'\n{"inputs": {"message": "good"}}') $$,
	$$ SELECT n, 'refused', detail FROM refused UNION ALL SELECT max(n) + 1, 'skipped', NULL FROM refused ORDER BY n $$, 'lines are refused with their number and the reason');
SELECT is_empty($$ SELECT FROM gaiops_dataset_records('d') WHERE inputs = '{"message": "good"}' $$, 'and then nothing is stored');
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', E'{"inputs": {"message": "good"}}\n[]\n{"inputs": {"message": "a"}}', keep_good => true) $$,
	$$ VALUES (1, 'inserted', NULL), (2, 'refused', 'It is not an object.'), (3, 'unchanged', NULL) $$, 'unless good lines are to be kept');
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', (SELECT string_agg(format(CASE i WHEN 1500 THEN 'no JSON' ELSE '{"inputs": {"message": "a"}, "tags": {"n": %s}}' END, i), E'\n' ORDER BY i)
		FROM generate_series(1, 2500) AS i)) WHERE action <> 'skipped' $$,
	$$ VALUES (1500, 'refused', 'It cannot be read: invalid input syntax for type json. Token "no" is invalid.') $$, 'one bad line among many');
SELECT results_eq($$ SELECT line, action, detail ~ '^It cannot be read: JSON value is nested too deeply' FROM gaiops_import_dataset('d', E'{"inputs": {"message": "a"}}\n{"inputs": {"a": ' || repeat('[', 1000000) || repeat(']', 1000000) || '}}') $$,
	$$ VALUES (1, 'skipped', NULL), (2, 'refused', true) $$, 'nor does one that is too deep end the import');
SELECT is(count(*), 4::bigint, 'and no others are') FROM gaiops_dataset_records('d');
SELECT is(pg_temp.raised('SELECT * FROM gaiops_import_dataset(' || a || ')'), m, 'gaiops_import_dataset(' || a || ')')
FROM (VALUES ('NULL, ''''', E'22004\nargument "dataset" must not be null'),
	('''d'', NULL', E'22004\nargument "lines" must not be null'),
	('''d'', '''', NULL', E'22004\nargument "keep_good" must not be null'),
	('''none'', ''x''', E'42704\ndataset "none" does not exist\nCreate it with gaiops_create_dataset().')) AS c (a, m);

-- What only merging tells.
SELECT gaiops_create_dataset('large') \g /dev/null
SELECT gaiops_merge_record('large', '{"message": "a"}', jsonb_build_object('other', repeat('x', 4194200))) \g /dev/null
CREATE TEMP TABLE growing AS SELECT E'{"inputs": {"message": "b"}}\n{"inputs": {"message": "a"}, "expectations": {"more": "' || repeat('y', 200) || E'"}}\n{"inputs": {"message": "c"}}' AS lines;
SELECT results_eq('SELECT r.* FROM growing, gaiops_import_dataset(''large'', lines) AS r', $$ VALUES (1, 'skipped', NULL),
	(2, 'refused', 'With what was merged into it before it has more than 4194304 bytes.'), (3, 'skipped', NULL) $$, 'a line that makes a record too large is refused');
SELECT results_eq('SELECT inputs ->> ''message'', revision FROM gaiops_dataset_records(''large'')', $$ VALUES ('a', 1) $$, 'and then nothing is stored');
SELECT results_eq('SELECT r.* FROM growing, gaiops_import_dataset(''large'', lines, keep_good => true) AS r', $$ VALUES (1, 'inserted', NULL),
	(2, 'refused', 'With what was merged into it before it has more than 4194304 bytes.'), (3, 'inserted', NULL) $$, 'unless good lines are to be kept');

-- The chat layout -------------------------------------------------------------------

SELECT gaiops_create_dataset('chat') \g /dev/null
SELECT results_eq($$ SELECT action FROM gaiops_import_dataset('chat', $l$
{"messages": [{"role": "user", "content": "1"}, {"role": "assistant", "content": "one"}], "parallel_tool_calls": false, "metadata": {"a": 1}, "id": "x", "tools": null, "none": null}
{"messages": [{"role": "system", "content": "S"}, {"role": "user", "content": "2"}, {"role": "assistant", "content": [{"type": "text", "text": "two"}], "weight": 1, "refusal": null}]}
{"messages": [{"role": "user", "content": "3", "name": "n"}, {"role": "assistant", "content": "three", "tool_calls": []}]}
{"messages": [{"role": "user", "content": "4"}, {"role": "assistant", "content": "a", "weight": 0}, {"role": "user", "content": "4b"}, {"role": "assistant", "content": "four"}]}
{"messages": [{"role": "user", "content": "5"}, {"role": "assistant", "content": null, "tool_calls": [{"id": "x", "type": "function", "function": {"name": "f", "arguments": "{\"a\": [1]}"}}, {"id": "y", "type": "function", "function": {"name": "g", "arguments": "none"}}]}], "tools": [{"type": "function"}]}
$l$) $$, $$ SELECT 'inserted' FROM generate_series(1, 5) $$, 'the chat fine-tuning layout');
SELECT set_eq($$ SELECT s - 'record_id' FROM pg_temp.stored('chat') AS s $$, $$ VALUES
	('{"inputs": {"message": "1"}, "expectations": {"expected_response": "one"}, "tags": {"parallel_tool_calls": false, "id": "x"}, "source": {"metadata": {"a": 1}}}'::jsonb),
	('{"inputs": {"system": "S", "message": "2"}, "expectations": {"expected_response": "two"}, "tags": {}}'),
	('{"inputs": {"messages": [{"role": "user", "content": "3", "name": "n"}]}, "expectations": {"expected_response": "three"}, "tags": {}}'),
	('{"inputs": {"messages": [{"role": "user", "content": "4"}, {"role": "assistant", "content": "a", "weight": 0}, {"role": "user", "content": "4b"}]}, "expectations": {"expected_response": "four"}, "tags": {}}'),
	('{"inputs": {"message": "5", "tools": [{"type": "function"}]}, "expectations": {"expected_tool_calls": [{"name": "f", "arguments": {"a": [1]}}, {"name": "g", "arguments": "none"}]}, "tags": {}}') $$,
	'the last message is what is expected, those before are the inputs; other members are tags, or the source where they are nested');
SELECT is((SELECT record_id FROM gaiops_dataset_records('chat') WHERE inputs ->> 'message' = '2'), gaiops.record_id('{"message": "2", "system": "S"}', NULL),
	'a single question is the same as from a call with a message');

-- There and back ------------------------------------------------------------------------

SELECT gaiops_create_dataset('again') \g /dev/null
SELECT is((SELECT count(*) FROM gaiops_import_dataset('again', (SELECT string_agg(line, E'\n') FROM gaiops_export_dataset('chat', 'chat') AS line)) WHERE action = 'inserted'), 5::bigint,
	'what was written in the chat layout is read');
SELECT results_eq($$ SELECT gaiops_export_dataset('again', 'chat') $$, $$ SELECT gaiops_export_dataset('chat', 'chat') $$, 'and is written the same');
SELECT results_eq($$ SELECT record_id, inputs, expectations FROM gaiops_dataset_records('again') ORDER BY record_id $$,
	$$ SELECT record_id, inputs, expectations FROM gaiops_dataset_records('chat') ORDER BY record_id $$, 'the same records');

SELECT gaiops_create_dataset('full'), gaiops_create_dataset('copy') \g /dev/null
SELECT is((SELECT count(*) FROM gaiops_import_dataset('full', $l$
{"inputs": {"message": "a", "context": ["x", {"id": "1", "text": "y"}], "n": 1.0, "u": "\u2028\"\\\n"}, "expectations": {"expected_response": "r", "other": {"deep": [null, {"x": null}]}}, "outputs": {"x": null}, "tags": {"t": true}, "key": "k", "split": "train", "source": {"trace_id": "t", "span_id": null}}
{"inputs": {"message": "a"}, "key": ""}
{"inputs": {"message": "a"}, "key": "k2", "outputs": false}
{"inputs": {"messages": [], "x": {}}, "outputs": [], "source": {}}
$l$) WHERE action = 'inserted'), 4::bigint, 'every kind of member');
SELECT is((SELECT count(*) FROM gaiops_import_dataset('copy', (SELECT string_agg(line, E'\r\n') FROM gaiops_export_dataset('full') AS line)) WHERE action = 'inserted'), 4::bigint,
	'what was written is read');
SELECT results_eq($$ SELECT gaiops_export_dataset('copy') $$, $$ SELECT gaiops_export_dataset('full') $$, 'and is written the same');
SELECT results_eq($$ SELECT record_id, key, inputs::text, expectations, outputs, tags, split, source FROM gaiops_dataset_records('copy') ORDER BY record_id $$,
	$$ SELECT record_id, key, inputs::text, expectations, outputs, tags, split, source FROM gaiops_dataset_records('full') ORDER BY record_id $$, 'the same records, each member of them');
SELECT is_empty($$ SELECT FROM gaiops_import_dataset('full', (SELECT string_agg(line, E'\n') FROM gaiops_export_dataset('full') AS line)) WHERE action <> 'unchanged' $$,
	'into where it is from it changes nothing');

SELECT results_eq($$ SELECT action FROM gaiops_import_dataset('copy',
	'{"inputs": {"question": "What is MLflow?"}, "expectations": {"expected_facts": ["a"]}, "outputs": "A platform.", "tags": {"k": "v"}, "source": {"source_type": "TRACE", "source_data": {"trace_id": "tr-1"}}}') $$,
	$$ VALUES ('inserted') $$, 'a record as MLflow writes it');
SELECT is((SELECT source FROM gaiops_dataset_records('copy') WHERE inputs ? 'question'), '{"source_type": "TRACE", "source_data": {"trace_id": "tr-1"}}', 'with its source');

SELECT results_eq($$ SELECT action FROM gaiops_import_dataset('copy', $l$
{"dataset_record_id": "dr-1", "dataset_id": "d-1", "inputs": {"question": "whole"}, "outputs": {"a": 1}, "expectations": {"expected_response": "yes"}, "tags": {"k": "v"}, "source": {"source_type": "TRACE", "source_data": {"trace_id": "tr-1"}}, "source_id": "tr-1", "source_type": "TRACE", "created_time": 1760000000000, "last_update_time": 1760000000001, "created_by": "me", "last_updated_by": "you"}
{"inputs": {"question": "row"}, "outputs": null, "expectations": {}, "tags": {}, "source_type": "HUMAN", "source_id": null, "source": null, "created_time": 1760000000000, "dataset_record_id": "dr-2"}
{"inputs": {"question": "odd"}, "source": "none", "source_type": "HUMAN"}
{"inputs": {"question": "bare"}, "source_type": null, "source_id": null}
$l$, keep_good => true) $$, $$ VALUES ('inserted'), ('inserted'), ('refused'), ('inserted') $$, 'records as MLflow has them whole, and in rows of a table');
SELECT set_eq($$ SELECT s - 'record_id' FROM pg_temp.stored('copy') AS s WHERE s #>> '{inputs,question}' IN ('whole', 'row', 'bare') $$, $$ VALUES
	('{"inputs": {"question": "whole"}, "outputs": {"a": 1}, "expectations": {"expected_response": "yes"}, "tags": {"k": "v"},
		"source": {"source_type": "TRACE", "source_id": "tr-1", "source_data": {"trace_id": "tr-1"}}}'::jsonb),
	('{"inputs": {"question": "row"}, "expectations": {}, "tags": {}, "source": {"source_type": "HUMAN"}}'),
	('{"inputs": {"question": "bare"}, "expectations": {}, "tags": {}}') $$, 'say where they are from, and nothing that MLflow says of itself');

-- Many -----------------------------------------------------------------------------------

SELECT gaiops_create_dataset('many') \g /dev/null
CREATE TEMP TABLE many AS
	SELECT string_agg(format('{"inputs": {"message": "question %s"}, "expectations": {"expected_response": "%s"}}', i % 25000, i / 25000), E'\n' ORDER BY i) AS lines FROM generate_series(1, 30000) AS i;
SELECT results_eq($$ SELECT action, count(*), min(line), max(line) FROM many, gaiops_import_dataset('many', lines) GROUP BY action ORDER BY action $$,
	$$ VALUES ('inserted', 25000::bigint, 1, 25000), ('updated', 5000, 25001, 30000) $$, 'many lines, some of them with the question of another');
SELECT results_eq($$ SELECT expectations ->> 'expected_response', count(*) FROM gaiops_dataset_records('many') GROUP BY 1 ORDER BY 1 $$,
	$$ VALUES ('0', 19999::bigint), ('1', 5001) $$, 'the later ones stay');

CREATE ROLE import_user;
SELECT gaiops_grant('import_user', 'user') \g /dev/null
SET ROLE import_user;
SELECT results_eq($$ SELECT action FROM gaiops_import_dataset('d', '{"inputs": {"message": "mine"}}') $$, $$ VALUES ('inserted') $$, 'a user imports');
RESET ROLE;
SELECT is((SELECT created_by::text FROM gaiops_dataset_records('d') WHERE inputs ->> 'message' = 'mine'), 'import_user', 'under its own name');

SELECT * FROM finish();
ROLLBACK;
