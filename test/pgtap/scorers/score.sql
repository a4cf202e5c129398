-- gaiops_score(): what it takes, what it returns, and what each kind of scorer says.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- A scorer of params, to try a kind: made anew for each.
CREATE FUNCTION public.say(kind text, params jsonb, outputs jsonb, expectations jsonb DEFAULT NULL) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	s record;
BEGIN
	PERFORM gaiops_create_scorer('tried', kind, params);
	s := gaiops_score('tried', outputs, expectations);
	RETURN concat_ws(' ', coalesce(s.value::text, 'unknown'), s.score, s.passed, s.reason);
END
$$;

-- What it takes and returns.
SELECT results_eq($$ SELECT value, score, passed, reason FROM gaiops_score('exact_match', 'Paris', 'Paris') $$,
	$$ VALUES ('true'::jsonb, 1::double precision, true, NULL::text) $$, 'one row, of texts that are literals');
SELECT results_eq($$ SELECT value, score, passed, reason FROM gaiops_score('exact_match', 'Rome'::varchar, 'Paris'::text) $$,
	$$ VALUES ('false'::jsonb, 0::double precision, false, 'the answer is not "Paris"') $$, 'or that have a type');
SELECT ok((gaiops_score('exact_match', 'Paris', '{"expected_response": "Paris"}'::jsonb)).passed, 'expectations as an object');
SELECT ok((gaiops_score('exact_match', 'Paris', '{"expected_response": "Paris"}'::json)).passed, 'or as json');
SELECT ok((gaiops_score('exact_match', '"Paris"'::jsonb, 'Paris')).passed, 'outputs as JSON');
SELECT ok((gaiops_score('exact_match', '"Paris"'::json, '"Paris"'::jsonb)).passed, 'what is no object is the response');
SELECT ok((gaiops_score('json_equal', '{"a": [1.0]}'::jsonb, '{"expected_response": {"a": [1]}}'::jsonb)).passed, 'also in an object');
SELECT ok((gaiops_score('json_equal', '[1]'::jsonb, '[1.0]'::jsonb)).passed, 'also an array');
SELECT results_eq($$ SELECT value, score, passed, reason FROM gaiops_score('exact_match', 'Paris', ' {"expected_response": "Paris"}') $$,
	$$ VALUES (NULL::jsonb, NULL::float8, NULL::boolean, 'expectations are a text that looks like an object: cast it to jsonb') $$, 'an object that is text by mistake is told, and no failure');
SELECT is((gaiops_score('tool_calls_match', '[]'::jsonb, '{"expected_tool_calls": []}')).reason, 'expectations are a text that looks like an object: cast it to jsonb', 'whatever is expected');
SELECT ok((gaiops_score('json_equal', '{"expected": 1}', '{"expected": 1}')).passed, 'any other text is the response itself');
SELECT ok((gaiops_score('json_valid', '1', '{"expected_response": "Paris"}')).passed, 'where nothing is compared it is not looked at');
SELECT is((gaiops_score(k.scorer, 'Paris', '["Paris"]'::jsonb)).reason, 'expectations are an array: several responses are {"expected_responses": [...]}', format('an array is told by %s', k.scorer))
FROM (VALUES ('exact_match'), ('rouge_l'), ('tool_calls_match')) AS k (scorer);
SELECT is((gaiops_score('exact_match', 'Paris', '{"expected_responses": "Paris"}'::jsonb)).reason, 'expected_responses are no array of strings', 'a member of another type is named');
SELECT is((gaiops_score('exact_match', 'Paris', '{"expected_responses": [1]}'::jsonb)).reason, 'expected_responses are no array of strings', 'and so are its items');

-- What a model returned as a whole is its message.
CREATE FUNCTION pg_temp.completion(message jsonb) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_object('object', 'chat.completion', 'choices', jsonb_build_array(jsonb_build_object('index', 0, 'message', message)))
$$;
SELECT ok((gaiops_score('exact_match', pg_temp.completion('{"role": "assistant", "content": "Paris"}'), 'Paris')).passed, 'a completion is its text');
SELECT ok((gaiops_score('json_equal', pg_temp.completion('{"role": "assistant", "content": "[1]"}'), '[1]')).passed, 'or the JSON in it');
SELECT is((gaiops_score('json_valid', '{"role": "assistant", "content": "Paris"}'::jsonb)).passed, false, 'a message is valid JSON if its content is');
SELECT ok((gaiops_score('tool_calls_match', pg_temp.completion('{"role": "assistant", "content": "Let me see.", "tool_calls": [{"function": {"name": "f", "arguments": "{}"}}]}'),
	'{"expected_tool_calls": [{"name": "f", "arguments": {}}]}'::jsonb)).passed, 'or its calls of tools');
SELECT is((gaiops_score('exact_match', pg_temp.completion('null'), 'Paris')).reason, 'there are no outputs', 'one without a message says nothing');
SELECT ok((gaiops_score('json_equal', '{"choices": []}'::jsonb, '{"choices": []}')).passed, 'what only has such a member is itself');
SELECT ok((gaiops_score(scorer => 'json_valid', outputs => '{}', inputs => '{"question": "?"}')).passed, 'arguments have names');
SELECT results_eq($$ SELECT value, score, passed, reason FROM gaiops_score('exact_match', NULL, 'Paris') $$,
	$$ VALUES (NULL::jsonb, NULL::double precision, NULL::boolean, 'there are no outputs') $$, 'without outputs nothing is said');
SELECT is((gaiops_score('exact_match', 'null'::jsonb, 'Paris')).reason, 'there are no outputs', 'nor of null');
SELECT is((gaiops_score('exact_match', 'Paris')).reason, 'expectations have no expected_response', 'nor where nothing is expected');
SELECT is((gaiops_score('exact_match', 'Paris', '{"expected_response": null}'::jsonb)).reason, 'expectations have no expected_response', 'null is nothing expected');
SELECT is((gaiops_score('tool_calls_match', 'Paris')).reason, 'expectations have no expected_tool_calls', 'the one that is missing is named');
SELECT is(pg_temp.raised($$ SELECT gaiops_score(NULL, 'Paris') $$), E'22004\nargument "scorer" must not be null', 'without a scorer');
SELECT is(pg_temp.raised($$ SELECT gaiops_score('none', 'Paris') $$), E'42704\nscorer "none" does not exist\nScorers are listed in gaiops.scorers; a function is one by its name with its schema.', 'one that is not there');
SELECT is(pg_temp.raised($$ SELECT gaiops_score('regex', 'Paris') $$), E'42704\nscorer "regex" does not exist\nIt is a kind of scorers, which need arguments.\nCreate one with gaiops_create_scorer(), under a name of its own.', 'one that needs arguments');

-- Over a table: in every row the scorer of that row.
SELECT results_eq($$ SELECT t.n, s.passed FROM (VALUES (1, 'exact_match', 'a', 'a'), (2, 'contains_expected', 'ab', 'b'), (3, 'exact_match', 'ab', 'b')) AS t (n, scorer, answer, expected), LATERAL gaiops_score(t.scorer, t.answer, t.expected) AS s ORDER BY t.n $$,
	$$ VALUES (1, true), (2, true), (3, false) $$, 'a query over a table');
SELECT is((SELECT count(*) FILTER (WHERE s.passed) FROM generate_series(1, 1000) AS n, LATERAL gaiops_score('exact_match', n::text, '7') AS s), 1::bigint, 'each row has its own score');

-- Several responses: the best counts.
SELECT ok((gaiops_score('exact_match', 'b', '{"expected_responses": ["a", "b"]}'::jsonb)).passed, 'any of several');
SELECT ok((gaiops_score('exact_match', 'c', '{"expected_response": "c", "expected_responses": ["a", "b"]}'::jsonb)).passed, 'one beside them too');
SELECT is((gaiops_score('exact_match', 'd', '{"expected_responses": ["a", "b"]}'::jsonb)).reason, 'the answer is not "a", or any other that is expected', 'none of them');
SELECT is(pg_temp.raised($$ SELECT gaiops_create_dataset('d'), gaiops_merge_record('d', '{"q": 1}', '{"expected_responses": "a"}') $$) LIKE '%expected_responses%', true, 'a dataset takes them as an array of strings alone');

-- Texts.
SELECT is(public.say(k.kind, k.params, k.outputs, k.expectations), k.said, format('%s %s of %s', k.kind, k.params, k.outputs))
FROM (VALUES
	('exact_match', '{}'::jsonb, '"Paris"'::jsonb, '"paris"'::jsonb, 'false 0 f the answer is not "paris"'),
	('exact_match', '{"ignore_case": true}', '"STRASSE"', '"strasse"', 'true 1 t'),
	('exact_match', '{"ignore_case": true}', '"É"', '"é"', 'true 1 t'),
	('exact_match', '{"ignore_case": false}', '"A"', '"a"', 'false 0 f the answer is not "a"'),
	('exact_match', '{"ignore_case": null}', '"A"', '"a"', 'false 0 f the answer is not "a"'),
	('exact_match', '{}', '""', '""', 'true 1 t'),
	('exact_match', '{}', '42', '"42"', 'true 1 t'),
	('exact_match', '{}', '{"role": "assistant", "content": "Paris"}', '"Paris"', 'true 1 t'),
	('exact_match', '{}', '{"content": "Paris"}', '"Paris"', 'false 0 f the answer is not "Paris"'),
	('contains_expected', '{}', '"It is Paris."', '"Paris"', 'true 1 t'),
	('contains_expected', '{}', '"It is PARIS."', '"Paris"', 'false 0 f the answer does not contain "Paris"'),
	('contains_expected', '{"ignore_case": true}', '"It is PARIS."', '"Paris"', 'true 1 t'),
	('contains_any', '{"values": ["a", "b"]}', '"xb"', NULL, 'true 1 t'),
	('contains_any', '{"values": ["a", "b"]}', '"x"', NULL, 'false 0 f the answer contains none of the values'),
	('contains_all', '{"values": ["a", "b"]}', '"ba"', NULL, 'true 1 t'),
	('contains_all', '{"values": ["a", "b"]}', '"xb"', NULL, 'false 0 f the answer contains 1 of the 2 values'),
	('contains_all', '{"values": ["A"], "ignore_case": true}', '"a"', NULL, 'true 1 t'),
	('starts_with', '{"prefix": "Sure"}', '"Sure, I can"', NULL, 'true 1 t'),
	('starts_with', '{"prefix": "Sure"}', '"I am sure"', NULL, 'false 0 f the answer does not start with "Sure"'),
	('starts_with', '{"prefix": "sure", "ignore_case": true}', '"SURE!"', NULL, 'true 1 t'),
	('regex', '{"pattern": "^\\d{4}-\\d\\d$"}', '"2026-11"', NULL, 'true 1 t'),
	('regex', '{"pattern": "^\\d+$"}', '"2026-11"', NULL, 'false 0 f the answer does not match the pattern'),
	('regex', '{"pattern": "paris", "ignore_case": true}', '"Paris"', NULL, 'true 1 t'),
	('regex', '{"pattern": "a"}', '""', NULL, 'false 0 f the answer does not match the pattern'),
	('length', '{}', '"größer"', NULL, '6 6'),
	('length', '{"unit": "words"}', '"one two  three"', NULL, '3 3'),
	('length', '{"max": 5}', '"größer"', NULL, 'false 0 f 6 characters is more than 5'),
	('length', '{"min": 2, "max": 6}', '"größer"', NULL, 'true 1 t 6 characters'),
	('length', '{"min": 4, "unit": "words"}', '"one two"', NULL, 'false 0 f 2 words is less than 4'),
	('number', '{}', '"1,234.5"', NULL, '1234.5 1234.5'),
	('number', '{}', '7', NULL, '7 7'),
	('number', '{}', '"about seven"', NULL, 'unknown there is no number in the answer'),
	('number', '{}', '"1.5 EUR"', NULL, 'unknown the answer is not a number alone'),
	('number', '{"max": 1}', '"1.5 EUR"', NULL, 'false 0 f the answer is not a number alone'),
	('number', '{"find": "first"}', '"7 of 9"', NULL, '7 7'),
	('number', '{"find": "last"}', '"7 of 9"', NULL, '9 9'),
	('number', '{"min": 0, "max": 1}', '"0.5"', NULL, 'true 1 t 0.5'),
	('number', '{"max": 1}', '"1.5"', NULL, 'false 0 f 1.5 is more than 1'),
	('number', '{"max": 1}', '"many"', NULL, 'false 0 f there is no number in the answer'),
	('number', '{"tolerance": 0.1}', '"3.1"', '"3.14"', 'true 1 t 3.1 is off by 0.04'),
	('number', '{"tolerance": 0.1}', '"0.4"', '"0.3"', 'true 1 t 0.4 is off by 0.1'),
	('number', '{"tolerance": 0.1}', '"0.4"', '"0.29"', 'false 0 f 0.4 is off by 0.11'),
	('number', '{"tolerance": 1}', '"1e300"', '"-1e-300"', 'false 0 f 1e+300 is off by 1e+300'),
	('number', '{"tolerance": 0}', '"3"', '"4"', 'false 0 f 3 is off by 1'),
	('number', '{"tolerance": 0}', '"3"', '{"expected_responses": ["4", "three", "3.0"]}', 'true 1 t 3 is off by 0'),
	('number', '{"tolerance": 0}', '"3"', '"three"', 'unknown what is expected is no number'),
	('latency', '{"max_ms": 1}', '"a"', NULL, 'unknown no latency is known'),
	('cost', '{}', '"a"', NULL, 'unknown no cost is known')
	) AS k (kind, params, outputs, expectations, said);

-- JSON.
SELECT is(public.say(k.kind, k.params, k.outputs, k.expectations), k.said, format('%s %s of %s', k.kind, k.params, k.outputs))
FROM (VALUES
	('json_valid', '{}'::jsonb, '"{\"a\": 1}"'::jsonb, NULL::jsonb, 'true 1 t'),
	('json_valid', '{}', '{"a": 1}', NULL, 'true 1 t'),
	('json_equal', '{}', '"{\"b\": 2, \"a\": 1.0}"', '"{\"a\": 1, \"b\": 2}"', 'true 1 t'),
	('json_equal', '{}', '"[1, 2]"', '"[2, 1]"', 'false 0 f the answer is other JSON than expected'),
	('json_equal', '{}', '"1"', '"\"1\""', 'false 0 f the answer is other JSON than expected'),
	('json_equal', '{}', '"1"', '"one"', 'unknown what is expected is no JSON'),
	('json_equal', '{}', '"{\"a\": 1, \"a\": 2}"', '"{\"a\": 2}"', 'true 1 t'),
	('json_equal', '{}', '"[1]"', '{"expected_responses": ["[2]", "[1]"]}', 'true 1 t'),
	('required_keys', '{"keys": ["a", ["b", "c"]]}', '"{\"a\": null, \"b\": {\"c\": 1}}"', NULL, 'true 1 t'),
	('required_keys', '{"keys": ["a", ["b", "c"]]}', '{"a": 1, "b": {}}', NULL, 'false 0 f the answer has no member "c"'),
	('required_keys', '{"keys": ["a"]}', '[1]', NULL, 'false 0 f the answer has no member "a"'),
	('tool_calls_match', '{}', '{"role": "assistant", "tool_calls": [{"function": {"name": "f", "arguments": "{\"x\": 1}"}}]}', '{"expected_tool_calls": [{"name": "f", "arguments": {"x": 1.0}}]}', 'true 1 t'),
	('tool_calls_match', '{}', '[{"name": "f", "arguments": {"x": 2}}]', '{"expected_tool_calls": [{"name": "f", "arguments": {"x": 1}}]}', 'false 0 f expected call 1, of "f", was not made so'),
	('tool_calls_match', '{"arguments": "ignore"}', '[{"name": "f", "arguments": {"x": 2}}]', '{"expected_tool_calls": [{"name": "f", "arguments": {"x": 1}}]}', 'true 1 t'),
	('tool_calls_match', '{"arguments": "contain"}', '[{"name": "f", "arguments": {"x": 1, "y": 2}}]', '{"expected_tool_calls": [{"name": "f", "arguments": {"x": 1}}]}', 'true 1 t'),
	('tool_calls_match', '{}', '[{"name": "g"}, {"name": "f"}]', '{"expected_tool_calls": [{"name": "f"}, {"name": "g"}]}', 'false 0 f expected call 1, of "f", was not made so'),
	('tool_calls_match', '{"any_order": true}', '[{"name": "g"}, {"name": "f"}]', '{"expected_tool_calls": [{"name": "f"}, {"name": "g"}]}', 'true 1 t'),
	('tool_calls_match', '{}', '"It is sunny."', '{"expected_tool_calls": [{"name": "f"}]}', 'false 0 f the answer has 0 calls of tools, and 1 are expected'),
	('tool_calls_match', '{}', '"It is sunny."', '{"expected_tool_calls": []}', 'true 1 t'),
	('tool_calls_match', '{}', '"It is sunny."', '{"expected_tool_calls": [{"tool": "f"}]}', 'unknown expected_tool_calls are not 0 to 1000 calls with a name each')
	) AS k (kind, params, outputs, expectations, said);
SELECT results_eq($$ SELECT passed, reason FROM gaiops_score('json_valid', '{"a": 1') $$, $$ VALUES (false, 'the answer is not JSON: it is cut off before its end') $$, 'why it is no JSON');
SELECT results_eq($$ SELECT passed, reason FROM gaiops_score('json_valid', 'x') $$, $$ VALUES (false, 'the answer is not JSON') $$, 'text that is no JSON, which is said once');
SELECT is((gaiops_score('json_valid', '1e999999')).passed, true, 'a number that jsonb cannot hold is JSON');
SELECT is((gaiops_score('json_equal', '1e999999', '1e999998')).passed, false, 'and is compared');
SELECT is((gaiops_score('json_valid', repeat('[', 100000) || repeat(']', 100000))).passed, false, 'what is nested too deeply is none');
SELECT is((gaiops_score(k.scorer, '[' || repeat('1,', 2100000) || '1]', k.expectations)).reason, 'the answer is too long to be read as JSON', k.scorer || ' of much JSON')
FROM (VALUES ('json_valid', '{}'::jsonb), ('json_equal', '{"expected_response": "[1]"}'), ('tool_calls_match', '{"expected_tool_calls": []}')) AS k (scorer, expectations);
SELECT is((gaiops_score(k, repeat('a ', 2100000), 'a')).reason, 'the texts are too long to be compared', k || ' of a long text') FROM unnest('{quasi_exact_match,token_f1,bleu,chrf,levenshtein,rouge_1}'::text[]) AS k;

-- Documents that were found: an array, or in an object; ids wherever they may be.
SELECT is(public.say(k.kind, k.params, k.outputs, k.expectations), k.said, format('%s %s of %s', k.kind, k.params, k.outputs))
FROM (VALUES
	('precision_at_k', '{"k": 2}'::jsonb, '["a", "b", "c"]'::jsonb, '{"expected_document_ids": ["b", "c"]}'::jsonb, '0.5 0.5'),
	('recall_at_k', '{"k": 2}', '{"documents": [{"id": 1, "text": "x"}, {"metadata": {"doc_uri": "b"}}], "answer": "y"}', '{"expected_document_ids": ["1", "c"]}', '0.5 0.5'),
	('mrr', '{"member": "hits"}', '{"hits": ["a", {"metadata": {"id": "b"}}]}', '{"expected_document_ids": ["b"]}', '0.5 0.5'),
	('mrr', '{}', '"[\"a\", \"b\"]"', '{"expected_document_ids": ["a"]}', '1 1'),
	('ndcg', '{"k": 1}', '["a", "b"]', '{"expected_document_ids": ["z"], "expected_document_grades": {"a": 1, "b": 2}}', '0.5 0.5'),
	('mrr', '{}', '["a"]', '{"expected_document_ids": []}', 'unknown no document is relevant'),
	('mrr', '{}', '["a"]', '{}', 'unknown expectations have no expected_document_ids'),
	('mrr', '{}', '["a"]', '{"expected_document_ids": "a"}', 'unknown expected_document_ids are no array of strings'),
	('mrr', '{}', '["a"]', '{"expected_document_grades": {"a": "much"}}', 'unknown expected_document_grades are no object of numbers from 0 to 1000000'),
	('mrr', '{}', '["a"]', '{"expected_document_grades": {"a": 1e300}}', 'unknown expected_document_grades are no object of numbers from 0 to 1000000'),
	('mrr', '{}', '["a", {}]', '{"expected_document_ids": ["a"]}', 'unknown document 2 of the outputs has no id'),
	('mrr', '{}', '"I found nothing."', '{"expected_document_ids": ["a"]}', 'unknown there is no array of documents in the outputs'),
	('mrr', '{}', '{"hits": []}', '{"expected_document_ids": ["a"]}', 'unknown there is no array of documents in the outputs'),
	('mrr', '{}', 'null', '{"expected_document_ids": ["a"]}', 'unknown there are no outputs')
	) AS k (kind, params, outputs, expectations, said);

-- A pattern that takes for ever is interrupted.
CREATE FUNCTION pg_temp.cancelled(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE statement;
	RETURN 'nothing';
EXCEPTION WHEN query_canceled THEN
	RETURN SQLERRM;
END
$$;
SELECT gaiops_create_scorer('endless', 'regex', '{"pattern": "^(a*)(a*)(a*)(a*)(a*)\\1\\2\\3\\4\\5$"}') \g /dev/null
SET statement_timeout = '200ms';
SELECT is(pg_temp.cancelled($$ SELECT gaiops_score('endless', repeat('a', 1001)) $$), 'canceling statement due to statement timeout', 'a pattern is interruptible');
-- So are many texts that a long answer is searched for; all of them take most of a minute.
SELECT repeat('a', 8000000) AS long_answer, clock_timestamp() AS began, (SELECT jsonb_build_object('expected_responses', jsonb_agg('aaab' || n)) FROM generate_series(1, 3000) AS n) AS wanted INTO TEMP many_texts;
SELECT is(pg_temp.cancelled($$ SELECT (SELECT gaiops_score('contains_expected', long_answer, wanted)) FROM many_texts $$), 'canceling statement due to statement timeout', 'a search for many texts is cancelled');
SELECT cmp_ok(clock_timestamp() - began, '<', interval '15 seconds', 'between two of them') FROM many_texts;
RESET statement_timeout;

SELECT * FROM finish();
