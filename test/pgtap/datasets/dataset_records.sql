-- Records of datasets: their identity, what one may be, merging and deleting them, and
-- what scorers and judges read in them.
\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql
CREATE FUNCTION pg_temp.merge(records jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', m.inserted, m.updated, m.unchanged) FROM gaiops_merge_records('d', records) AS m
$$;
-- What is in a record that is not by itself known.
CREATE FUNCTION pg_temp.content(inputs jsonb, key text DEFAULT NULL) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_strip_nulls(to_jsonb(r) - 'dataset' - 'record_id' - 'inputs' - 'key' - 'revision' - 'created_at' - 'created_by' - 'updated_at' - 'updated_by')
	FROM gaiops.dataset_records AS r
	WHERE r.dataset = 'd' AND r.record_id = gaiops.record_id(content.inputs, content.key)
$$;
-- An error of gaiops_merge_records() about its only record, and of gaiops_merge_record().
CREATE FUNCTION pg_temp.refused(record jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT split_part(pg_temp.raised(format('SELECT gaiops_merge_records(''d'', %L)', jsonb_build_array(record))), E'\n', 3)
$$;
SELECT gaiops_create_dataset('d') AS made, gaiops_create_dataset('e') AS made_too \gset

-- Identity: golden values, computed from the canonical text by coreutils' sha256sum.
SELECT is(gaiops.record_id('{"question": "a"}', NULL), '621ac555-305f-8ab2-8346-f31fa6150103', 'the identity of inputs');
SELECT is(gaiops.record_id(i::jsonb, k), overlay(overlay(left(encode(sha256(convert_to(t, 'UTF8')), 'hex'), 32) PLACING '8' FROM 13 FOR 1)
	PLACING substr('89ab', (get_byte(sha256(convert_to(t, 'UTF8')), 8) >> 4 & 3) + 1, 1) FROM 17 FOR 1)::uuid, 'the identity of ' || t)
FROM (VALUES
	('{"question": "a"}', NULL, '[{"question":"a"},null]'),
	('{"question": "a"}', '', '[{"question":"a"},""]'),
	('{"question": "a"}', 'k"\ä', '[{"question":"a"},"k\"\\ä"]'),
	('{"b": [1.50, 1e2, -0.0, 1E-3, {"c": null}, []], "a": {}}', 'k', '[{"a":{},"b":[1.5,100,0,0.001,{"c":null},[]]},"k"]'),
	('{"aa": true, "b": false, "ü": "\u0001\n\""}', NULL, E'[{"b":false,"aa":true,"ü":"\\u0001\\n\\""},null]')) AS e (i, k, t);
SELECT is(gaiops.record_id(a::jsonb, NULL), gaiops.record_id(b::jsonb, NULL), a || ' is ' || b)
FROM (VALUES
	('{"a": 1}', '{"a": 1.0}'), ('{"a": 1}', '{"a":1.00}'), ('{"a": 100}', '{"a": 1e2}'), ('{"a": 0}', '{"a": -0.0}'),
	('{"a": 1, "b": 2}', ' { "b" : 2 , "a" : 1 } '), ('{"a": {"x": 1, "yy": 2}}', '{"a": {"yy": 2, "x": 1}}'), ('{"a": 1}', '{"a": 2, "a": 1}'),
	('{"a": "é"}', '{"a": "\u00e9"}')) AS e (a, b);
SELECT isnt(gaiops.record_id(a::jsonb, k), gaiops.record_id(b::jsonb, l), concat_ws(' ', a, k, 'is not', b, l))
FROM (VALUES
	('{"a": 1}', NULL, '{"a": "1"}', NULL), ('{"a": "null"}', NULL, '{"a": null}', NULL), ('{"a": [1, 2]}', NULL, '{"a": [12]}', NULL),
	('{"a": [[1], 2]}', NULL, '{"a": [1, [2]]}', NULL), ('{"a": []}', NULL, '{"a": {}}', NULL), ('{"a": 1}', NULL, '{"a": [1]}', NULL),
	('{"a": "b"}', 'c', '{"a": "bc"}', ''), ('{"a": "b"}', NULL, '{"a": "b"}', ''), ('{"a": "b"}', NULL, '{"a": "b"}', 'null'),
	('{"a": "\",\"b\":\""}', NULL, '{"a": "", "b": ""}', NULL), ('{"a": "x "}', NULL, '{"a": "x"}', NULL), ('{"a": "X"}', NULL, '{"a": "x"}', NULL),
	('{"a": "é"}', NULL, '{"a": "e\u0301"}', NULL), ('1', NULL, '[1]', NULL), ('{"a": 0.1}', NULL, '{"a": 0.10000000000000000000001}', NULL)) AS e (a, k, b, l);
-- As long as to be hashed by parts, which end within what is said here.
SELECT is(gaiops.record_id(jsonb_build_object('a', (SELECT jsonb_agg('xä' || i) FROM generate_series(1, 20000) AS i)), NULL),
	overlay(overlay(left(encode(h, 'hex'), 32) PLACING '8' FROM 13 FOR 1) PLACING substr('89ab', (get_byte(h, 8) >> 4 & 3) + 1, 1) FROM 17 FOR 1)::uuid, 'the identity of much')
FROM (SELECT sha256(convert_to('[{"a":[' || string_agg('"xä' || i || '"', ',' ORDER BY i) || ']},null]', 'UTF8')) FROM generate_series(1, 20000) AS i) AS e (h);
-- Gigabytes of digits.
CREATE FUNCTION pg_temp.ended(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN false;
EXCEPTION WHEN query_canceled THEN
	RETURN true;
END
$$;
SET LOCAL statement_timeout = '100ms';
SELECT pg_temp.ended($$ SELECT gaiops.record_id((SELECT jsonb_build_object('a', jsonb_agg('1e131071'::jsonb)) FROM generate_series(1, 20000) AS i), NULL) $$) AS ended \gset
RESET statement_timeout;
SELECT is(:'ended'::boolean, true, 'hashing can be ended');
SELECT is(gaiops.record_id(NULL, 'k'), NULL, 'no inputs, no identity');
SELECT is(gaiops.record_id(jsonb_build_object('a', (repeat('[', 6000) || repeat(']', 6000))::jsonb), NULL) IS NOT NULL, true, 'inputs may be deep');
SELECT is(count(DISTINCT gaiops.record_id(jsonb_build_object('a', i), NULL)), 10000::bigint, 'identities are different') FROM generate_series(1, 10000) AS i;

-- What a record may be.
SELECT is(pg_temp.refused(r::jsonb), d, left(r, 60))
FROM (VALUES
	('1', 'It is not an object.'), ('null', 'It is not an object.'), ('[]', 'It is not an object.'), ('"x"', 'It is not an object.'),
	('{}', 'It has no "inputs".'), ('{"inputs": null}', 'It has no "inputs".'), ('{"inputs": {}}', 'Its "inputs" are empty.'),
	('{"inputs": "x"}', 'Its "inputs" is of type string, not an object.'), ('{"inputs": []}', 'Its "inputs" is of type array, not an object.'),
	('{"inputs": {"a": 1}, "input": 1}', 'It has an unknown member "input".'), ('{"inputs": {"a": 1}, "Tags": {}}', 'It has an unknown member "Tags".'),
	('{"inputs": {"a": 1}, "record_id": "x"}', 'It has an unknown member "record_id".'),
	('{"inputs": {"a": 1}, "expectations": "x"}', 'Its "expectations" is of type string, not an object.'),
	('{"inputs": {"a": 1}, "tags": []}', 'Its "tags" is of type array, not an object.'),
	('{"inputs": {"a": 1}, "tags": {"t": []}}', 'Its tag "t" is of type array, not a string, a number or a boolean.'),
	('{"inputs": {"a": 1}, "key": 1}', 'Its "key" is of type number, not a string.'), ('{"inputs": {"a": 1}, "split": true}', 'Its "split" is of type boolean, not a string.'),
	('{"inputs": {"a": 1}, "split": ""}', 'Its "split" is empty.'),
	('{"inputs": {"a": 1}, "source": "x"}', 'Its "source" is of type string, not an object.'),
	('{"inputs": {"a": 1}, "source": {"session_id": 1}}', 'The "session_id" of its "source" is not a string.'),
	('{"inputs": {"a": 1}, "source": {"trace_id": []}}', 'The "trace_id" of its "source" is not a string.'),
	('{"inputs": {"a": 1}, "expectations": {"expected_response": 1}}', 'The "expected_response" of its "expectations" is not a string.'),
	('{"inputs": {"a": 1}, "expectations": {"expected_facts": "x"}}', 'The "expected_facts" of its "expectations" is not an array of strings.'),
	('{"inputs": {"a": 1}, "expectations": {"expected_facts": ["x", 1]}}', 'The "expected_facts" of its "expectations" is not an array of strings.'),
	('{"inputs": {"a": 1}, "expectations": {"guidelines": ["x", null]}}', 'The "guidelines" of its "expectations" is not a string or an array of strings.'),
	('{"inputs": {"a": 1}, "expectations": {"guidelines": {}}}', 'The "guidelines" of its "expectations" is not a string or an array of strings.'),
	('{"inputs": {"a": 1}, "expectations": {"expected_tool_calls": ["f"]}}', 'The "expected_tool_calls" of its "expectations" is not an array of objects.'),
	('{"inputs": {"a": 1}, "expectations": {"expected_document_ids": [1]}}', 'The "expected_document_ids" of its "expectations" is not an array of strings.')) AS e (r, d);
SELECT is(pg_temp.refused(jsonb_build_object('inputs', '{"a": 1}'::jsonb, m, repeat('ä', 128))), format('Its "%s" has 256 bytes; the limit is 255.', m), 'a long ' || m) FROM unnest('{key,split}'::text[]) AS m;
SELECT is(pg_temp.refused(jsonb_build_object('inputs', '{"a": 1}'::jsonb, 'tags', jsonb_build_object(repeat('ä', 128), 1))), 'The name of a tag has 256 bytes; the limit is 255.', 'a long name of a tag');
SELECT is(pg_temp.refused(jsonb_build_object('inputs', jsonb_build_object('a', repeat('x', 4194304)))), 'It has more than 4194304 bytes.', 'a long record');
SELECT is(pg_temp.merge(jsonb_build_array(jsonb_build_object('inputs', jsonb_build_object('a', repeat('x', 4194283))))), '1 0 0', 'the longest record');
SELECT is(gaiops.record_problem(('{"inputs": {"a": ' || repeat('[', n) || repeat(']', n) || '}}')::jsonb),
	CASE n WHEN 999 THEN 'It has more than 1000 arrays and objects within each other.' END, format('one that is nested %s times', n + 2))
FROM generate_series(998, 999) AS n;

-- What is measured is what jsonb is as text: a record is made as large as may be, and by a byte too large.
CREATE FUNCTION pg_temp.padded(record jsonb, bytes integer) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_set(record, '{inputs,pad}', to_jsonb(repeat('x', bytes - octet_length(jsonb_set(record, '{inputs,pad}', '""')::text))))
$$;
SELECT is(gaiops.record_problem(pg_temp.padded(r::jsonb, 4194304 + b)), CASE b WHEN 1 THEN 'It has more than 4194304 bytes.' END, format('%s more with %s', b, left(r, 70)))
FROM (VALUES
	('{"inputs": {"a": "\"\\\b\f\n\r\t\u0001\u001f\u007f äé\u2028"}, "key": "\"k\n", "split": "\u0002"}'),
	('{"inputs": {"a": [1, -1.50, 1e20, 1e-20, 0.0, 12345678901234567890.123]}}'),
	('{"inputs": {"a": [[], {}, [[]], [{}, {"": {}}], {"a": [], "b": {"c": [1, {"d": null}]}}]}, "outputs": [true, false, null]}'),
	('{"inputs": {}, "outputs": "scalar", "expectations": {}, "tags": {"a\"\n": true}, "source": null, "split": null}')) AS e (r), generate_series(0, 1) AS b;
-- 66 kB of JSON, 4.4 MB of digits.
SELECT is(pg_temp.raised($$ SELECT gaiops_merge_record('d', (SELECT '{"a": [' || string_agg('1e400', ', ') || ']}' FROM generate_series(1, 11000))) $$),
	E'22023\nrecord is not acceptable\nIt has more than 4194304 bytes.', 'numbers of many digits');
SELECT is(pg_temp.refused(jsonb_build_object('inputs', '{"a": 1}'::jsonb, repeat('é', 200), 1)), format('It has an unknown member "%s".', repeat('é', 32)), 'a long unknown member is cut');
SELECT is(pg_temp.raised($$ SELECT gaiops_merge_records('d', '[{"inputs": {"n": 1}}, {"inputs": {"n": 2}}, {"inputs": 3}, 4]') $$),
	E'22023\nrecord 3 of argument "records" is not acceptable\nIts "inputs" is of type number, not an object.\nA record has "inputs", and may have "expectations", "outputs", "tags", "key", "split" and "source".', 'the first bad one is named');
SELECT is((SELECT count(*) FROM gaiops.dataset_records WHERE inputs ? 'n'), 0::bigint, 'and the good ones before it are not stored');
SELECT is(pg_temp.raised($$ SELECT gaiops_merge_record('d', '[]') $$), E'22023\nrecord is not acceptable\nIts "inputs" is of type array, not an object.', 'one record');
SELECT is(pg_temp.raised(format('SELECT gaiops_merge_records(''d'', %L)', r)),
	E'22023\nargument "records" must be a JSON array\nIt is of type ' || jsonb_typeof(r::jsonb) || E'.\nFor example [{"inputs": {"question": "..."}, "expectations": {"expected_response": "..."}}].', 'no array: ' || r) FROM unnest(ARRAY['{}', '1', 'null', '"x"']) AS r;
SELECT is(pg_temp.raised('SELECT gaiops_merge_records(''d'', NULL)'), E'22004\nargument "records" must not be null', 'no records');
SELECT is(pg_temp.raised('SELECT gaiops_merge_records(NULL, ''[]'')'), E'22004\nargument "dataset" must not be null', 'no dataset');
SELECT is(pg_temp.raised('SELECT gaiops_merge_record(NULL, ''{}'')'), E'22004\nargument "dataset" must not be null', 'no dataset for one');
SELECT is(pg_temp.raised('SELECT gaiops_merge_record(''d'', NULL)'), E'22004\nargument "inputs" must not be null', 'no inputs');

-- Merging.
SELECT is(pg_temp.merge('[]'), '0 0 0', 'nothing');
SELECT is(pg_temp.merge('[{"inputs": {"q": 1}, "expectations": {"a": 1, "b": {"c": 1}}, "outputs": {"x": 1}, "tags": {"t": 1, "u": "v"}, "key": null, "split": "train", "source": {"trace_id": "1"}}]'), '1 0 0', 'a record with everything');
SELECT is(pg_temp.content('{"q": 1}'), '{"expectations": {"a": 1, "b": {"c": 1}}, "outputs": {"x": 1}, "tags": {"t": 1, "u": "v"}, "split": "train", "source": {"trace_id": "1"}}', 'is kept');
SELECT is(pg_temp.merge(r::jsonb), '0 0 1', 'what is there already: ' || r)
FROM unnest(ARRAY['[{"inputs": {"q": 1}}]', '[{"inputs": {"q": 1.0}, "expectations": {}, "tags": {}}]', '[{"inputs": {"q": 1}, "expectations": {"a": 1.0}, "tags": {"u": "v"}}]',
	'[{"inputs": {"q": 1}, "outputs": {"x": 1}, "split": "train", "source": {"trace_id": "1"}}]', '[{"inputs": {"q": 1}, "expectations": null, "tags": {"none": null}}]']) AS r;
SELECT is(pg_temp.merge('[{"inputs": {"q": 1}, "outputs": "other"}]'), '0 1 0', 'outputs');
SELECT is(pg_temp.content('{"q": 1}') -> 'outputs', '"other"', 'are replaced');
SELECT is(pg_temp.merge('[{"inputs": {"q": 1}, "expectations": {"b": {"d": 2}, "e": [1]}, "tags": {"t": 2, "w": true}}]'), '0 1 0', 'expectations and tags');
SELECT is(pg_temp.content('{"q": 1}') - 'source' - 'outputs' - 'split', '{"expectations": {"a": 1, "b": {"d": 2}, "e": [1]}, "tags": {"t": 2, "u": "v", "w": true}}', 'are merged, a member at a time');
SELECT is(pg_temp.merge('[{"inputs": {"q": 1}, "expectations": {"a": null, "x": null, "b": {"d": null}}, "tags": {"u": null}}]'), '0 1 0', 'null');
SELECT is((SELECT jsonb_build_array(expectations, tags) FROM gaiops.dataset_records WHERE inputs = '{"q": 1}'), '[{"b": {"d": null}, "e": [1]}, {"t": 2, "w": true}]', 'removes a member, and is kept within one');
SELECT is(pg_temp.merge('[{"inputs": {"q": 1}, "split": "test", "source": {"session_id": "s"}}]'), '0 1 0', 'split and source');
SELECT is(pg_temp.content('{"q": 1}') - 'expectations' - 'tags' - 'outputs', '{"split": "test", "source": {"session_id": "s"}}', 'are replaced');
SELECT is(pg_temp.merge('[{"inputs": {"q": 1}, "split": null, "source": null, "outputs": null}]'), '0 1 0', 'split, source and outputs');
SELECT is(pg_temp.content('{"q": 1}') - 'expectations' - 'tags', '{}', 'are removed by null');
SELECT is((SELECT inputs::text FROM gaiops.dataset_records WHERE inputs = '{"q": 1}'), '{"q": 1}', 'inputs stay as they first were');
SELECT is(pg_temp.merge('[{"inputs": {"q": 2}, "outputs": null, "expectations": {"x": null}, "tags": {"x": null}}]'), '1 0 0', 'null in a record that is new');
SELECT is(pg_temp.content('{"q": 2}'), '{"expectations": {}, "tags": {}}', 'is nothing');
SELECT is(pg_temp.merge('[{"inputs": {"q": 3}, "expectations": {"expected_response": "a", "expected_facts": ["f"], "guidelines": "g", "expected_tool_calls": [{"name": "f"}], "expected_document_ids": ["1"], "other": 1}}, {"inputs": {"q": 4}, "expectations": {"guidelines": ["g", "h"], "expected_facts": [], "expected_response": null}}]'), '2 0 0', 'expectations that are known, and others');

-- One input, two expectations.
SELECT is(pg_temp.merge('[{"inputs": {"q": 5}, "key": "short", "outputs": 1}, {"inputs": {"q": 5}, "key": "long", "outputs": 2}, {"inputs": {"q": 5}, "outputs": 3}, {"inputs": {"q": 5}, "key": "", "outputs": 4}]'), '4 0 0', 'keys tell records of the same inputs apart');
SELECT results_eq($$ SELECT key, outputs FROM gaiops.dataset_records WHERE inputs = '{"q": 5}' ORDER BY outputs $$, $$ VALUES ('short', '1'::jsonb), ('long', '2'), (NULL, '3'), ('', '4') $$, 'they are four');
SELECT is(gaiops_merge_record('d', '{"q": 5}', outputs => '5', key => 'long'), 'updated', 'each is merged by its key');
SELECT is(pg_temp.content('{"q": 5}', 'long') -> 'outputs', '5', 'and no other');

-- The same one several times.
SELECT is(pg_temp.merge('[{"inputs": {"q": 6}, "expectations": {"a": 1}}, {"inputs": {"q": 7}}, {"inputs": {"q": 6.0}, "expectations": {"b": 2}}, {"inputs": {"q": 6}}, {"inputs": {"q": 6}, "expectations": {"a": null}}, {"inputs": {"q": 7}}]'), '2 2 2', 'what is in the array again is merged after it');
SELECT is(pg_temp.content('{"q": 6}') -> 'expectations', '{"b": 2}', 'in its order');
SELECT is(pg_temp.merge((SELECT jsonb_agg(jsonb_build_object('inputs', '{"q": 8}'::jsonb, 'expectations', jsonb_build_object('n' || i, i))) FROM generate_series(1, 500) AS i)), '1 499 0', 'five hundred times');
SELECT is((SELECT count(*) FROM jsonb_object_keys(pg_temp.content('{"q": 8}') -> 'expectations')), 500::bigint, 'adds all up');

-- One at a time.
SELECT is(gaiops_merge_record('d', '{"q": 9}', '{"a": 1}', '"o"', '{"t": 1}', 'k', 's'), 'inserted', 'by position');
SELECT is(pg_temp.content('{"q": 9}', 'k'), '{"expectations": {"a": 1}, "outputs": "o", "tags": {"t": 1}, "split": "s"}', 'is kept');
SELECT is(gaiops_merge_record('d', '{"q": 9}', key => 'k'), 'unchanged', 'what is not given stays');
SELECT is(gaiops_merge_record('d', '{"q": 9}', key => 'k', expectations => '{"a": null, "b": 1}', outputs => 'null'), 'updated', 'null removes');
SELECT is(pg_temp.content('{"q": 9}', 'k'), '{"expectations": {"b": 1}, "tags": {"t": 1}, "split": "s"}', 'what it names');
SELECT results_eq($$ SELECT gaiops_merge_record('d', jsonb_build_object('row', i / 2), jsonb_build_object('expected_response', i::text)) FROM generate_series(2, 5) AS i $$,
	ARRAY['inserted', 'updated', 'inserted', 'updated'], 'the rows of a query');
SELECT is(gaiops_merge_record('d', '{"q": 9, "n": 1}'), gaiops_merge_record('e', '{"q": 9, "n": 1}'), 'another dataset has its own');
SELECT is((SELECT count(DISTINCT record_id) FROM gaiops.dataset_records WHERE inputs = '{"q": 9, "n": 1}'), 1::bigint, 'of the same identity');
SELECT is(pg_temp.merge(jsonb_build_array(jsonb_build_object('inputs', '{"big": 1}'::jsonb, 'expectations', jsonb_build_object('a', repeat('x', 4000000))))), '1 0 0', 'a large record');
SELECT is(pg_temp.raised(format('SELECT gaiops_merge_record(''d'', ''{"big": 1}'', %L)', jsonb_build_object('b', repeat('x', 1000000)))),
	E'22023\nrecord is not acceptable\nWith what was merged into it before it has more than 4194304 bytes.', 'does not grow without bounds');
-- Nor does it as it was written, of which jsonb says little.  White space is not kept.
CREATE FUNCTION pg_temp.odd(n integer) RETURNS text LANGUAGE sql AS $$
	SELECT format('{"inputs": {"odd": %s},' || repeat(' ', 20) || '"outputs": {"b" : 1e%s1,' || repeat(E'\t', 20) || ' "a": "a b\" c"}}', n, repeat('0', n))
$$;
SELECT is((SELECT inserted FROM gaiops_merge_records('d', '[' || pg_temp.odd(10) || ']')), 1, 'a number with zeros in its exponent');
SELECT is((SELECT written::text FROM gaiops.dataset_record_versions WHERE inputs = '{"odd": 10}'), '{"outputs": {"b":1e00000000001,"a":"a b\" c"}}', 'white space is not kept');
SELECT is(pg_temp.raised(format('SELECT gaiops_merge_records(''d'', %L)', '[' || pg_temp.odd(11) || ', ' || pg_temp.odd(4194300) || ']')),
	E'22023\nrecord 2 of argument "records" is not acceptable\nAs it was written it has more than 4194304 bytes.', 'a new record that is long as it was written');
SELECT is(pg_temp.raised(format('SELECT gaiops_merge_record(''d'', ''{"q": 9, "n": 1}'', outputs => %L)', pg_temp.odd(4194300)::json -> 'outputs')),
	E'22023\nrecord is not acceptable\nAs it was written it has more than 4194304 bytes.', 'and what is merged into one');
SELECT results_eq($$ SELECT * FROM gaiops_import_dataset('d', pg_temp.odd(12) || E'\n' || pg_temp.odd(4194300)) WHERE action <> 'skipped' $$,
	$$ VALUES (2, 'refused', 'As it was written it has more than 4194304 bytes.') $$, 'or is read from a file');
-- The second of its identity, at the fourth place.
SELECT is(pg_temp.raised(format('SELECT gaiops_merge_records(''d'', %L)', jsonb_build_array('{"inputs": {"q": 10}}'::jsonb, '{"inputs": {"big": 1}}'::jsonb, '{"inputs": {"q": 11}}'::jsonb,
	jsonb_build_object('inputs', '{"big": 1}'::jsonb, 'expectations', jsonb_build_object('b', repeat('x', 1000000))), '{"inputs": {"q": 12}}'::jsonb))),
	E'22023\nrecord 4 of argument "records" is not acceptable\nWith what was merged into it before it has more than 4194304 bytes.', 'and is named by its place');
SELECT is((SELECT count(*) FROM gaiops.dataset_records WHERE inputs->>'q' IN ('10', '11', '12')), 0::bigint, 'all or nothing');
-- What each came to, for those who go on without what is refused.
SELECT results_eq($$ SELECT m.position, m.action, left(m.problem, 36) FROM gaiops.merge_elements('e', ARRAY['{"inputs": {"r": 1}}', NULL, '{"inputs": {"r": 2}, "outputs": 1}', '{"inputs": {"r": 1}}',
		jsonb_build_object('inputs', '{"r": 1}'::jsonb, 'expectations', jsonb_build_object('a', repeat('x', 4000000))),
		jsonb_build_object('inputs', '{"r": 1}'::jsonb, 'expectations', jsonb_build_object('b', repeat('x', 4000000))), '{"inputs": {"r": 1}, "split": "s"}', '{"inputs": {"r": 2}}']::jsonb[]::json[]) AS m ORDER BY m.position $$,
	$$ VALUES (1, 'inserted', NULL), (3, 'inserted', NULL), (4, 'unchanged', NULL), (5, 'updated', NULL), (6, 'refused', 'With what was merged into it before '), (7, 'updated', NULL), (8, 'unchanged', NULL) $$,
	'a row for each');
SELECT is((SELECT array_agg(k ORDER BY k) FROM gaiops.dataset_records AS r, jsonb_object_keys(r.expectations) AS k WHERE r.dataset = 'e' AND r.split = 's'), '{a}', 'what is refused leaves the record as it was');
SELECT is((SELECT string_agg(m.action, ' ' ORDER BY m.position) FROM gaiops.merge_elements('e', '{NULL,NULL}') AS m), NULL, 'nothing comes of nothing');
SELECT is(pg_temp.raised('SELECT gaiops.merge_elements(''none'', ''{}'')'), E'42704\ndataset "none" does not exist\nCreate it with gaiops_create_dataset().', 'nor does a dataset');
SELECT is(pg_temp.merge('[{"inputs": {"big": 1}, "expectations": {"a": null}}]'), '0 1 0', 'but shrinks');
-- What comes by merging is measured as what is given: all but one member first, then that one.
SELECT is(pg_temp.merge(jsonb_build_array(r.whole - m)), '1 0 0', 'a record without ' || m) || E'\n' ||
	is(split_part(pg_temp.raised(format('SELECT gaiops_merge_records(''d'', %L)', jsonb_build_array(jsonb_build_object('inputs', r.whole -> 'inputs', 'key', r.whole -> 'key', m, r.whole -> m)))), E'\n', 3),
		CASE b WHEN 1 THEN 'With what was merged into it before it has more than 4194304 bytes.' ELSE '' END, format('and with it, %s more than the limit', b))
FROM unnest('{expectations,outputs,tags,split,source}'::text[]) AS m, generate_series(0, 1) AS b,
	LATERAL (SELECT pg_temp.padded(jsonb_build_object('inputs', jsonb_build_object('b', b), 'key', 'grown by ' || m, 'expectations', '{"e": 1}'::jsonb, 'outputs', '"o"'::jsonb,
		'tags', '{"t": 1}'::jsonb, 'split', 'part', 'source', '{"session_id": "s"}'::jsonb), 4194304 + b) AS whole) AS r;

-- Reading by split.
SELECT is((SELECT count(*) FROM gaiops_dataset_records('d', split => 's')), 1::bigint, 'the records of a split');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('d', NULL, 'none')), 0::bigint, 'of one that is not there');
SELECT set_eq($$ SELECT * FROM gaiops_dataset_records('d') $$, $$ SELECT * FROM gaiops.dataset_records WHERE dataset = 'd' $$, 'of all: as the view has them');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('d')), (SELECT records FROM gaiops.datasets WHERE name = 'd'), 'and as many as the dataset says');
SELECT is(pg_temp.raised('SELECT gaiops_dataset_records(NULL)'), E'22004\nargument "dataset" must not be null', 'of no dataset');

-- Deleting.
SELECT is(gaiops_delete_records('d', ARRAY[gaiops.record_id('{"q": 1}', NULL), gaiops.record_id('{"q": 5}', 'long'), gaiops.record_id('{"q": 1}', NULL)]), 2, 'two records, one of them named twice');
SELECT is(pg_temp.content('{"q": 1}'), NULL, 'are gone');
SELECT is((SELECT count(*) FROM gaiops.dataset_records WHERE inputs = '{"q": 5}'), 3::bigint, 'and no others');
SELECT is(pg_temp.raised(format('SELECT gaiops_delete_records(''d'', %L)', ARRAY[gaiops.record_id('{"q": 2}', NULL), gaiops.record_id('{"q": 1}', NULL)])),
	format(E'42704\ndataset "d" has no record %s', gaiops.record_id('{"q": 1}', NULL)), 'one that is gone');
SELECT is(pg_temp.raised(format('SELECT gaiops_delete_records(''e'', %L)', ARRAY[gaiops.record_id('{"q": 2}', NULL)])),
	format(E'42704\ndataset "e" has no record %s', gaiops.record_id('{"q": 2}', NULL)), 'one that another dataset has');
SELECT is(pg_temp.content('{"q": 2}') IS NULL, false, 'then none is');
SELECT is(gaiops_delete_records('d', '{}'), 0, 'none');
SELECT is(pg_temp.raised('SELECT gaiops_delete_records(''d'', NULL)'), E'22004\nargument "record_ids" must not be null', 'no array');
SELECT matches(pg_temp.raised('SELECT gaiops_delete_records(''d'', ''{{00000000-0000-8000-8000-000000000000}}'')'), '^42704\ndataset "d" has no record', 'an array in an array is as good');
SELECT is(pg_temp.raised('SELECT gaiops_delete_records(''d'', ''{NULL}'')'), E'22004\nargument "record_ids" must not contain nulls', 'no id');
SELECT is(gaiops_merge_record('d', '{"q": 1}', '{"z": 1}'), 'inserted', 'a deleted record is inserted anew');
SELECT is(pg_temp.content('{"q": 1}'), '{"expectations": {"z": 1}, "tags": {}}', 'without what it had');
SELECT is((SELECT count(*) FROM gaiops_dataset_records('d')), (SELECT records FROM gaiops.datasets WHERE name = 'd'), 'they are counted');

-- What the user asks.
SELECT is(gaiops.record_question(i::jsonb), q, 'the question of ' || i)
FROM (VALUES
	('{"message": "a", "question": "b"}', 'a'), ('{"question": "b", "query": "c"}', 'b'), ('{"query": "c", "input": "d"}', 'c'), ('{"input": "d"}', 'd'),
	('{"messages": [{"role": "user", "content": "x"}, {"role": "assistant", "content": "y"}, {"role": "user", "content": "z"}, {"role": "tool", "content": "t"}], "question": "b"}', 'z'),
	('{"messages": [{"role": "user", "content": [{"type": "text", "text": "x"}, {"type": "image_url"}, {"type": "text", "text": "y"}]}]}', E'x\ny'),
	('{"messages": [{"role": "system", "content": "x"}], "input": "d"}', 'd'), ('{"messages": "x", "query": "c"}', 'c'), ('{"messages": [1, "x"], "query": "c"}', 'c'),
	('{"message": {"a": 1}, "question": 1, "query": "c"}', 'c'), ('{"message": "", "question": "b"}', ''), ('{"other": "x"}', NULL), ('{}', NULL), ('[]', NULL)) AS e (i, q);
SELECT is(gaiops.record_question(NULL), NULL, 'the question of nothing');

-- What an answer must rest on.
SELECT is(gaiops.record_context(i::jsonb), c::jsonb, 'the context of ' || i)
FROM (VALUES
	('{"context": "a"}', '[{"id": "1", "text": "a"}]'), ('{"context": ["a", "b"]}', '[{"id": "1", "text": "a"}, {"id": "2", "text": "b"}]'),
	('{"context": [{"id": "x", "text": "a", "score": 1}, {"text": "b"}, {"id": 7, "text": "c"}, {"id": [], "text": "d"}]}', '[{"id": "x", "text": "a"}, {"id": "2", "text": "b"}, {"id": "7", "text": "c"}, {"id": "4", "text": "d"}]'),
	('{"context": {"id": "x", "text": "a"}}', '[{"id": "x", "text": "a"}]'), ('{"context": ["a", 1, {"id": "y"}, null, "b"]}', '[{"id": "1", "text": "a"}, {"id": "5", "text": "b"}]'),
	('{"context": []}', NULL), ('{"context": null}', NULL), ('{"context": 1}', NULL), ('{"question": "a"}', NULL), ('[]', NULL)) AS e (i, c);
SELECT is(gaiops.record_context(NULL), NULL, 'the context of nothing');

SELECT * FROM finish();
ROLLBACK;
