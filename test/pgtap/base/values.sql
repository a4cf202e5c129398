\set QUIET on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS genaiops;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT * FROM no_plan();
\ir ../../lib/raised.sql

-- Values as drivers bind them: without a type, with one, as NULL, by name.

SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT gaiops_last_trace_id() AS trace \gset
SELECT gaiops_register_prompt('greet', 'Hi.') \g /dev/null
SELECT gaiops_start_run('values') AS run \gset
SELECT gaiops_create_label_schema('kind', 'categories', labels => ARRAY['1', '2']),
	gaiops_create_label_schema('words', 'text'), gaiops_create_label_schema('stars', 'number'), gaiops_create_label_schema('good', 'pass_fail') \g /dev/null

CREATE FUNCTION public.stored(id uuid) RETURNS text LANGUAGE sql AS $$ SELECT value::text FROM gaiops.assessments WHERE assessment_id = id $$;

-- A parameter whose type nobody says, as node-postgres, JDBC with stringtype=unspecified and
-- others bind it: the server resolves it to text.
PREPARE feedback AS SELECT gaiops_log_feedback($1, $2, $3) AS id;
PREPARE expectation AS SELECT gaiops_log_expectation($1, $2, $3) AS id;
PREPARE override AS SELECT gaiops_override_feedback($1, $2) AS id;
PREPARE named AS SELECT gaiops_log_feedback(trace_id => $1, name => $2, value => $3, source_type => 'CODE', source_id => $4, rationale => $5) AS id;
SELECT results_eq($$ SELECT p.name, p.parameter_types[p.n]::text FROM (SELECT name, parameter_types, cardinality(parameter_types) AS n FROM pg_prepared_statements) AS p WHERE p.name IN ('feedback', 'expectation', 'override') ORDER BY 1 $$,
	$$ VALUES ('expectation', 'text'), ('feedback', 'text'), ('override', 'text') $$, 'a value without a type is a text');

CREATE FUNCTION public.say(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	id uuid;
BEGIN
	EXECUTE statement INTO id;
	RETURN public.stored(id);
END $$;
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', %L)', :'trace', t.given)), t.stored, 'feedback ' || t.given)
FROM (VALUES ('true', 'true'), ('false', 'false'), ('4', '4'), ('-4', '-4'), ('0', '0'), ('0.5', '0.5'), ('4.50', '4.50'), ('-0.5e3', '-500'), ('1E2', '100'),
	('["a", "b"]', '["a", "b"]'), ('[]', '[]'), ('{"a": 1}', '{"a": 1}'), ('{"a":["b",{"c":null}]}', '{"a": ["b", {"c": null}]}'), ('["{a}"]', '["{a}"]'),
	-- What JSON does not write so, or jsonb does not hold, is a text.
	('True', '"True"'), ('TRUE', '"TRUE"'), ('t', '"t"'), ('yes', '"yes"'), ('null', '"null"'), ('', '""'), (' 4', '" 4"'), ('4 ', '"4 "'), ('+4', '"+4"'), ('04', '"04"'),
	('.5', '".5"'), ('5.', '"5."'), ('1,5', '"1,5"'), ('0x10', '"0x10"'), ('NaN', '"NaN"'), ('Infinity', '"Infinity"'), ('1e999999', '"1e999999"'), ('"4"', '"\"4\""'),
	('[1', '"[1"'), ('[1] [2]', '"[1] [2]"'), ('[a]', '"[a]"'), (' [1]', '" [1]"'), ('["\u0000"]', '"[\"\\u0000\"]"'), ('[1e999999]', '"[1e999999]"'), ('{"a": 1', '"{\"a\": 1"'), ('{a', '"{a"'),
	('{"a": x}', '"{\"a\": x}"'), ('{{a},b}', '"{{a},b}"'), (' {a}', '" {a}"'), ('{{name}} is {age}', '"{{name}} is {age}"'), ('4' || chr(10), '"4\n"'), ('٤', '"٤"'), ('it is 4', '"it is 4"')) AS t (given, stored);
SELECT is(length(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', %L)', :'trace', repeat('9', 1000)))), 1000, 'a number of a thousand digits');
SELECT is(length(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', %L)', :'trace', repeat('9', 1001)))), 1003, 'one more is a text');
EXECUTE feedback(:'trace', 'any', 'true') \gset
SELECT is(public.stored(:'id'), 'true', 'a parameter without a type');
EXECUTE feedback(:'trace', 'any', '4') \gset
SELECT is(public.stored(:'id'), '4', 'which is a number');
EXECUTE named(:'trace', 'any', '0.75', 'scorer', NULL) \gset
SELECT is(public.stored(:'id'), '0.75', 'by name, of a program');
EXECUTE override(:'id', 'false') \gset
SELECT is(public.stored(:'id'), 'false', 'overriding');
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', ''4''::text)', :'trace')), '4', 'a text is no other than one without a type');
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', ''4''::varchar)', :'trace')), '4', 'nor is a varchar');
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', to_jsonb(''4''::text))', :'trace')), '"4"', 'JSON is as it is: here is how to say a text');
SELECT is(public.say(format('SELECT gaiops_override_feedback(gaiops_log_feedback(%L, ''any'', 1), to_jsonb(''4''::text))', :'trace')), '"4"', 'when overriding, too');
SELECT is(length(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', %L)', :'trace', repeat('[', 100000) || repeat(']', 100000)))), 200002, 'what is nested too deeply is a text');

-- An array of PostgreSQL that a driver sent as text, and {}, which may be either.
SELECT is(pg_temp.raised(format(c.call, t.given)), format(E'22023\nvalue of "%s" is a text that reads as an array\nIt is %s.\n%s', c.name, t.given,
	CASE c.name WHEN 'expected_facts' THEN 'Cast the parameter, as in $3::text[].' ELSE 'Cast the parameter, as in $3::text[], or give to_jsonb(''…''::text) for a text.' END), c.call || ' with ' || t.given)
FROM (VALUES ('{a,b}'), ('{"a","b"}'), ('{1}'), ('{{a},{b}}'), ('{it is 4}'), ('{NULL}')) AS t (given),
	(VALUES ('any', format('SELECT gaiops_log_feedback(%L, ''any'', %%L)', :'trace')), ('any', format('SELECT gaiops_override_feedback(gaiops_log_feedback(%L, ''any'', 1), %%L)', :'trace')),
		('expected_facts', format('SELECT gaiops_log_expectation(%L, ''expected_facts'', %%L)', :'trace')), ('guidelines', format('SELECT gaiops_log_expectation(%L, ''guidelines'', %%L)', :'trace')),
		('guidelines', format('SELECT gaiops_override_feedback(gaiops_log_expectation(%L, ''guidelines'', ''Be short.''), %%L)', :'trace'))) AS c (name, call);
SELECT is(pg_temp.raised(format('SELECT gaiops_log_feedback(%L, ''any'', %L)', :'trace', t.given)), format(E'22023\nvalue of "any" is a text that reads as an array\nIt is %s, which may also be an object.\nCast the parameter, as in $3::text[] or $3::jsonb, or give to_jsonb(''…''::text) for a text.', t.given), t.given)
FROM (VALUES ('{}'), ('{ }')) AS t (given);
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', %s)', :'trace', t.given)), t.stored, t.given || ' is what was meant')
FROM (VALUES ('''{a,b}''::text[]', '["a", "b"]'), ('''{}''::text[]', '[]'), ('''{}''::jsonb', '{}'), ('to_jsonb(''{a,b}''::text)', '"{a,b}"')) AS t (given, stored);
SELECT is(pg_temp.raised(format('SELECT gaiops_log_feedback(trace_id => %L, name => ''any'', value => %L, source_type => ''CODE'', source_id => ''c'')', :'trace', '{a}')) ~ '^22023', true, 'whoever says it');

-- A label schema says what a text means.
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, %L, %L)', :'trace', t.name, t.given)), t.stored, t.name || ' ' || t.given)
FROM (VALUES ('words', '4', '"4"'), ('words', 'true', '"true"'), ('words', '{a,b}', '"{a,b}"'), ('words', '{}', '"{}"'), ('words', '[1]', '"[1]"'), ('kind', '1', '"1"'), ('stars', '4', '4'), ('stars', '4.50', '4.5'), ('good', 'true', 'true'), ('good', '1', 'true'),
	('good', 'no', 'false')) AS t (name, given, stored);

-- What is expected is what a model should say: a text.
SELECT is(public.say(format('SELECT gaiops_log_expectation(%L, %L, %L)', :'trace', t.name, t.given)), t.stored, 'expected: ' || t.name || ' ' || t.given)
FROM (VALUES ('expected_response', '4', '"4"'), ('expected_response', 'true', '"true"'), ('answer', '4', '"4"'), ('answer', '[4]', '"[4]"'), ('answer', '{a,b}', '"{a,b}"'), ('answer', '{}', '"{}"'),
	('expected_response', '{"a": 1}', '"{\"a\": 1}"'), ('guidelines', 'Be short.', '"Be short."')) AS t (name, given, stored);
EXECUTE expectation(:'trace', 'answer', '4') \gset
SELECT is(public.stored(:'id'), '"4"', 'also as a parameter');
EXECUTE override(:'id', '5') \gset
SELECT is(public.stored(:'id'), '"5"', 'and when it is overridden');
SELECT is(public.say(format('SELECT gaiops_log_expectation(%L, ''answer'', 4)', :'trace')), '4', 'a number is one');

-- Under a key, what is stored already stays, whichever way it was read.
SELECT is(gaiops_log_feedback(:'trace', 'later', '4', idempotency_key => 'k'), gaiops_log_feedback(:'trace', 'later', '4', idempotency_key => 'k'), 'the same text twice');
SELECT gaiops_create_label_schema('later', 'text') \g /dev/null
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''later'', ''4'', idempotency_key => ''k'')', :'trace'), 'also once there is a schema that reads it otherwise');

-- Every type, and none of them ambiguous.
CREATE DOMAIN public.word AS text;
CREATE DOMAIN public.document AS jsonb;
CREATE DOMAIN public.report AS public.document;
CREATE TYPE public.mood AS ENUM ('glad');
CREATE TYPE public.pair AS (a integer, b text);
SELECT is(public.say(format('SELECT gaiops_log_feedback(%L, ''any'', %s)', :'trace', t.given)), t.stored, 'feedback ' || t.given)
FROM (VALUES ('true', 'true'), ('4', '4'), ('4.5', '4.5'), ('4::smallint', '4'), ('4::bigint', '4'), ('0.5::real', '0.5'), ('0.5::double precision', '0.5'), ('''a''::text', '"a"'), ('''a''::name', '"a"'),
	('''a''::char(3)', '"a"'), ('''a''::public.word', '"a"'), ('''true''::public.word', 'true'), ('''[1]''::public.document', '[1]'), ('''glad''::public.mood', '"glad"'), ('''4''::json', '4'), ('''{"a": 1}''::jsonb', '{"a": 1}'),
	('DATE ''2026-01-02''', '"2026-01-02"'), ('''6ba7b810-9dad-11d1-80b4-00c04fd430c8''::uuid', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"'), ('ARRAY[''a'', ''b'']', '["a", "b"]'), ('''{a,b}''::text[]', '["a", "b"]'),
	('ARRAY[1, 2]', '[1, 2]'), ('ARRAY[[1, 2], [3, 4]]', '[[1, 2], [3, 4]]'), ('ARRAY[true]', '[true]'), ('''{}''::text[]', '[]'), ('ROW(1, ''x'')::public.pair', '{"a": 1, "b": "x"}'), ('ARRAY[ROW(1, ''x'')::public.pair]', '[{"a": 1, "b": "x"}]')) AS t (given, stored);
SELECT is(pg_temp.raised(format('SELECT %s', replace(c.call, '?', n.given))), E'22004\nargument "value" must not be null', c.call || ' with ' || n.given)
FROM (VALUES (format('gaiops_log_feedback(%L, ''any'', ?)', :'trace')), (format('gaiops_log_feedback(trace_id => %L, name => ''any'', value => ?)', :'trace')),
	(format('gaiops_log_expectation(%L, ''any'', ?)', :'trace')), (format('gaiops_override_feedback((SELECT assessment_id FROM gaiops.assessments WHERE is_valid LIMIT 1), ?)')),
	('gaiops_log_param(''k'', ?)'), ('gaiops_log_param(key => ''k'', value => ?)'), (format('gaiops_set_trace_tag(%L, ''k'', ?)', :'trace')), (format('gaiops_set_trace_tag(trace_id => %L, key => ''k'', value => ?)', :'trace')),
	('gaiops_set_run_tag(''k'', ?)'), ('gaiops_set_run_tag(key => ''k'', value => ?)'), ('gaiops_set_prompt_tag(''greet'', ''k'', ?)'), ('gaiops_set_prompt_version_tag(''greet'', 1, ''k'', ?)')) AS c (call),
	(VALUES ('NULL'), ('NULL::text'), ('NULL::integer'), ('NULL::boolean'), ('NULL::jsonb')) AS n (given);

-- Tags and parameters take any single value.
PREPARE tag AS SELECT gaiops_set_trace_tag($1, $2, $3);
EXECUTE tag(:'trace', 'unknown', 'true') \g /dev/null
SELECT gaiops_set_trace_tag(:'trace', 'boolean', true), gaiops_set_trace_tag(:'trace', 'number', 4.50), gaiops_set_trace_tag(:'trace', 'integer', 4), gaiops_set_trace_tag(:'trace', 'float', 0.1::double precision),
	gaiops_set_trace_tag(:'trace', 'date', DATE '2026-01-02'), gaiops_set_trace_tag(:'trace', 'uuid', '6ba7b810-9dad-11d1-80b4-00c04fd430c8'::uuid), gaiops_set_trace_tag(:'trace', 'enum', 'glad'::public.mood),
	gaiops_set_trace_tag(:'trace', 'interval', interval '1 day 2 hours'), gaiops_set_trace_tag(:'trace', 'jsonb', '"x"'::jsonb), gaiops_set_trace_tag(:'trace', 'json', '4'::json), gaiops_set_trace_tag(:'trace', 'ordered', '"x"'::gaiops.ordered_json), gaiops_set_trace_tag(:'trace', 'varchar', 'v'::varchar), gaiops_set_trace_tag(:'trace', 'braces', '{a,b}'),
	gaiops_set_trace_tag(trace_id => :'trace', key => 'named', value => 4) \g /dev/null
SELECT is((SELECT jsonb_object_agg(key, value) FROM gaiops.trace_tags WHERE trace_id = :'trace'),
	'{"unknown": "true", "boolean": "true", "number": "4.50", "integer": "4", "float": "0.1", "date": "2026-01-02", "uuid": "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "enum": "glad", "interval": "1 day 02:00:00", "jsonb": "x", "json": "4", "ordered": "x", "varchar": "v", "braces": "{a,b}", "named": "4"}', 'tags of a trace');
SET datestyle = 'German';
SET intervalstyle = 'sql_standard';
SET extra_float_digits = -15;
SELECT gaiops_set_trace_tag(:'trace', 'date', DATE '2026-02-03'), gaiops_set_trace_tag(:'trace', 'interval', interval '1 day 2 hours'), gaiops_set_trace_tag(:'trace', 'float', 0.123456789::double precision) \g /dev/null
RESET datestyle;
RESET intervalstyle;
RESET extra_float_digits;
SELECT is((SELECT array_agg(value ORDER BY key) FROM gaiops.trace_tags WHERE trace_id = :'trace' AND key IN ('date', 'float', 'interval')), ARRAY['2026-02-03', '0.123456789', '1 day 02:00:00'], 'whatever the session''s settings are');
SELECT gaiops_set_run_tag('n', 4), gaiops_set_run_tag('b', false, :'run'), gaiops_set_run_tag(key => 'd', value => DATE '2026-01-02', run_id => :'run') \g /dev/null
SELECT is((SELECT tags FROM gaiops.runs WHERE run_id = :'run'), '{"n": "4", "b": "false", "d": "2026-01-02"}', 'tags of a run');
SELECT gaiops_set_prompt_tag('greet', 'n', 4), gaiops_set_prompt_tag(name => 'greet', key => 'b', value => true), gaiops_set_prompt_version_tag('greet', 1, 'n', 0.5), gaiops_set_prompt_version_tag('greet', 1, 'u', 'text') \g /dev/null
SELECT is((SELECT jsonb_object_agg(key, value) FROM gaiops.prompt_tags WHERE name = 'greet'), '{"n": "4", "b": "true"}', 'tags of a prompt');
SELECT is((SELECT jsonb_object_agg(key, value) FROM gaiops.prompt_version_tags WHERE name = 'greet'), '{"n": "0.5", "u": "text"}', 'tags of a version');
SELECT is(pg_temp.raised(format('SELECT %s', replace(c.call, '?', t.given))), E'22023\nargument "value" must be a single value\nIt is of type ' || t.type || E'.\nGive it as text, or each of its values by itself.', 'no tag: ' || c.call || ' with ' || t.given)
FROM (VALUES (format('gaiops_set_trace_tag(%L, ''k'', ?)', :'trace')), ('gaiops_set_run_tag(''k'', ?)'), ('gaiops_set_prompt_tag(''greet'', ''k'', ?)'), ('gaiops_set_prompt_version_tag(''greet'', 1, ''k'', ?)')) AS c (call),
	(VALUES ('ARRAY[1]', 'integer[]'), ('ROW(1, ''x'')::public.pair', 'public.pair'), ('ROW(1, 2)', 'record'), ('''[1]''::jsonb', 'JSON array'), ('''{}''::json', 'JSON object'), ('''{}''::gaiops.ordered_json', 'JSON object'), ('''null''::jsonb', 'JSON null')) AS t (given, type);
PREPARE param AS SELECT gaiops_log_param($1, $2);
EXECUTE param('unknown', 'true') \g /dev/null
SELECT gaiops_log_param('boolean', true), gaiops_log_param('integer', 4), gaiops_log_param('report', '"r"'::public.report), gaiops_log_param('ordered', '"o"'::gaiops.ordered_json), gaiops_log_param('array', ARRAY['a', 'b']), gaiops_log_param('row', ROW(1, 'x')), gaiops_log_param('rows', ARRAY[ROW(1, 'x')]) \g /dev/null
SELECT is((SELECT params FROM gaiops.runs WHERE run_id = :'run'), '{"unknown": "true", "boolean": "true", "integer": "4", "report": "r", "ordered": "o", "array": "[\"a\", \"b\"]", "row": "{\"f1\": 1, \"f2\": \"x\"}", "rows": "[{\"f1\": 1, \"f2\": \"x\"}]"}', 'a parameter is a text, however it came');

SELECT * FROM finish();
