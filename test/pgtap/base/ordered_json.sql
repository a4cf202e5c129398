-- JSON as it was written: the type gaiops.ordered_json, what it refuses, what is cast to
-- it, and that no call is ambiguous for it.
\set QUIET on
SET client_min_messages = error;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

-- What it keeps ------------------------------------------------------------------

SELECT is(j::gaiops.ordered_json::text, btrim(j, E' \t\r\n'), 'kept as it is: ' || to_json(j))
FROM unnest(ARRAY['{"b": 1.0, "a": 1E5}', '{"b":0.1000 , "a":[ 12345678901234567890123, -0 ]}', 'null', '"\u00e9 \" é"', '[]', '{}', '1e3',
	E' \n{"z":\n\t{"y": [{"x": true}, false]}}\r\n', '{"": {"": {"": 0}}}', '{"a": {"b": 1}, "b": {"a": 1, "b": 2}}', '[{"a": 1}, {"a": 2}]',
	'"\ud83d\ude00"', repeat('[', 1000) || repeat(']', 1000)]) AS j;

-- What it refuses ----------------------------------------------------------------

SELECT is(pg_temp.raised(format('SELECT %L::gaiops.ordered_json', r.j)), format(
	E'22030\nJSON object has the member "%s" twice\n%s.\nLeave out one of them: who reads it may take either.', r.member, coalesce('The object is ' || r.place, 'It is in the outermost object')), r.j)
FROM (VALUES ('{"a": 1, "a": 1}', 'a', NULL), ('{"b": 1, "a": 1, "b": null}', 'b', NULL), ('{"a": 1, "\u0061": 2}', 'a', NULL),
	('[0, {"a": {"x": [[], [{"role": "u", "n": {}, "role": "v"}]]}}]', 'role', '$[1].a.x[1][0]'),
	('{"q": {"r": 1}, "p": {"s": {"t": 1}, "k": [{"t": 1, "t": 2}]}}', 't', '$.p.k[0]'), ('{"": 1, "": 2}', '', NULL)) AS r (j, member, place);
SELECT is(pg_temp.raised(format('SELECT %L::gaiops.ordered_json', '{"x": {' || string_agg(format('"%s": 1', i % 99999), ', ') || '}}')),
	E'22030\nJSON object has the member "0" twice\nThe object is $.x.\nLeave out one of them: who reads it may take either.', 'one of many') FROM generate_series(0, 99999) AS i;
SELECT is((SELECT count(*) FROM json_object_keys(('{' || string_agg(format('"%s": 1', i), ', ') || '}')::gaiops.ordered_json)), 100000::bigint, 'none of many')
FROM generate_series(1, 100000) AS i;

-- What json takes and jsonb does not, so that what is stored can always be read as jsonb.
SELECT is(left(pg_temp.raised(format('SELECT %L::gaiops.ordered_json', j)), 5), s, format('%s is %s', left(j, 40), s))
FROM (VALUES ('{"a": "\u0000"}', '22P05'), ('{"\u0000": 1}', '22P05'), ('"\ud800"', '22P02'), ('"\udc00\ud800"', '22P02'), ('"\ud800x"', '22P02'),
	('1e999999', '22003'), ('-1E+200000', '22003'), ('[1e-20000]', '22003'), (repeat('9', 140000), '22003'),
	(repeat('[', 1001) || repeat(']', 1001), '54000'), (repeat('{"a":', 1001) || '1' || repeat('}', 1001), '54000'), (repeat('[', 1000000), '54000'),
	('', '22P02'), (' ', '22P02'), ('{', '22P02'), ('{"a": 1,}', '22P02'), ('{''a'': 1}', '22P02'), ('[1] 2', '22P02'), ('NaN', '22P02'), ('01', '22P02'),
	(E'"a\nb"', '22P02'), ('{a: 1}', '22P02')) AS v (j, s);
SELECT is(j::gaiops.ordered_json::jsonb, j::jsonb, left(j, 40) || ' can be jsonb')
FROM unnest(ARRAY['1e400', '[1e-400, 1.5E+3]', repeat('9', 100000), '{"b": [1.0], "a": {"c": null}}', '"x"']) AS j;

-- Casts --------------------------------------------------------------------------

SELECT is(format('%s %s %s', s::regtype, t::regtype, c.castcontext), w.rule, w.rule)
FROM unnest(ARRAY['text gaiops.ordered_json i', 'character varying gaiops.ordered_json i', 'json gaiops.ordered_json i', 'jsonb gaiops.ordered_json i',
		'gaiops.ordered_json json i', 'gaiops.ordered_json jsonb a', 'gaiops.ordered_json text a',
		'gaiops.ordered_json gaiops.text_or_json i']) AS w (rule)
	LEFT JOIN (pg_cast AS c CROSS JOIN LATERAL (SELECT c.castsource, c.casttarget) AS n (s, t))
		ON format('%s %s %s', s::regtype, t::regtype, c.castcontext) = w.rule;
SELECT is(count(*), 8::bigint, 'and no others') FROM pg_cast WHERE 'gaiops.ordered_json'::regtype IN (castsource, casttarget);
SELECT is('{"b": 1.0, "a": 2}'::json::gaiops.ordered_json::text, '{"b": 1.0, "a": 2}', 'json keeps its order');
SELECT is('{"b": 1.0, "a": 2}'::jsonb::gaiops.ordered_json::text, '{"a": 2, "b": 1.0}', 'jsonb has the order it has');
SELECT is('{"b": 1.0, "a": 2}'::text::gaiops.ordered_json::text, '{"b": 1.0, "a": 2}', 'text is taken as it is');
SELECT is('{"b": 1.0, "a": 2}'::varchar(50)::gaiops.ordered_json::text, '{"b": 1.0, "a": 2}', 'varchar, too');
SELECT is(left(pg_temp.raised(format('SELECT %L::%s::gaiops.ordered_json', '{"a": 1, "a": 1}', t)), 5), '22030', 'a cast from ' || t || ' checks') FROM unnest(ARRAY['text', 'varchar', 'json']) AS t;
SELECT is('{"b": {"d": 1.0, "c": 2}}'::gaiops.ordered_json -> 'b' ->> 'd', '1.0', 'operators of json take it');
SELECT is(to_jsonb('{"b": 1, "a": 2}'::gaiops.ordered_json), '{"a": 2, "b": 1}', 'to_jsonb() knows it');
SELECT is(json_build_array('{"b": 1, "a": 2}'::gaiops.ordered_json)::text, '[{"b": 1, "a": 2}]', 'so does what builds json');
SELECT is((SELECT json_agg('{"b":1}'::gaiops.ordered_json) FROM generate_series(1, 3))::text, '[{"b":1}, {"b":1}, {"b":1}]', 'a constant, again and again');
SELECT is(to_json(ARRAY['{}', '[1]']::gaiops.ordered_json[])::text, '[{},[1]]', 'arrays of it');
CREATE TEMP TABLE stored AS SELECT ('{"b":' || n || '}')::gaiops.ordered_json AS v FROM generate_series(1, 3) AS n;
SELECT is((SELECT json_agg(v ORDER BY v::text)::text || json_agg(s ORDER BY v::text)::text FROM stored AS s), E'[{"b":1}, {"b":2}, {"b":3}][{"v":{"b":1}}, \n {"v":{"b":2}}, \n {"v":{"b":3}}]', 'columns and rows');
SELECT is(left(pg_temp.raised('SELECT gaiops.ordered_json(''{"x": 1e401}''::text)'), 5), '22003', 'an exponent that jsonb would spell with too many digits');
SELECT is('[1e400, -1.5E-400]'::gaiops.ordered_json::text, '[1e400, -1.5E-400]', 'all that a double has, and more');
SELECT is(left(pg_temp.raised('SELECT gaiops.ordered_json(''{"x": -1.5e-401}''::text)'), 5), '22003', 'nor with too many zeros');
SELECT is(left(pg_temp.raised(format('SELECT gaiops.ordered_json(''[%s1]''::text)', repeat('1e' || e || ',', n))), 5), r, format('%s times e%s', n, e))
FROM (VALUES (400, 41943, 'nothi'), (400, 41944, '54000'), (-400, 41944, '54000'), (-8, 100000, 'nothi')) AS c (e, n, r);
SELECT is((SELECT ARRAY['{"b": 1}', '[2]']::gaiops.ordered_json[])::text, '{"{\"b\": 1}",[2]}', 'there are arrays of it');
CREATE TEMP TABLE kept (j gaiops.ordered_json, k json, b jsonb, t text);
INSERT INTO kept SELECT v.j, v.j, v.j, v.j FROM (SELECT '{"b": 1.0, "a": 2}'::gaiops.ordered_json) AS v (j);
SELECT is(format('%s %s %s %s', j, k, b, t), '{"b": 1.0, "a": 2} {"b": 1.0, "a": 2} {"a": 2, "b": 1.0} {"b": 1.0, "a": 2}', 'it can be stored as any of them') FROM kept;
SELECT is(gaiops.ordered_json_send('{"b": 1}'), convert_to('{"b": 1}', 'UTF8'), 'its binary form is its text');

-- No call is ambiguous -----------------------------------------------------------

SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
CREATE FUNCTION pg_temp.answer(call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE 'SELECT ' || call INTO answer;
	RETURN answer;
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
\set messages '[{"role": "user", "content": "Ho"}]'
SELECT is(pg_temp.answer(replace(c.call, '@', quote_literal(:'messages'))), coalesce(c.wanted, '22023 argument "message" begins with a JSON array of messages'), c.call)
FROM (VALUES
	-- the text form, which refuses these
	('gaiops_chat(''echo'', @)', NULL), ('gaiops_chat(''echo'', @::text)', NULL), ('gaiops_chat(''echo'', @::varchar)', NULL),
	('gaiops_chat(''echo'', @::varchar(99))', NULL), ('gaiops_chat(''echo'', @::bpchar)', NULL), ('gaiops_chat(''echo'', @::name)', NULL),
	('gaiops_chat(''echo'', message => @)', NULL), ('gaiops_chat(''echo'', message => @::text)', NULL),
	('gaiops_chat(model => ''echo'', message => @)', NULL), ('gaiops_chat(''echo''::text, @)', NULL), ('gaiops_chat(''echo''::name, @::text)', NULL),
	-- the form with messages
	('gaiops_chat(''echo'', @::json)', 'Ho'), ('gaiops_chat(''echo'', @::jsonb)', 'Ho'), ('gaiops_chat(''echo'', @::gaiops.ordered_json)', 'Ho'),
	('gaiops_chat(''echo'', messages => @)', 'Ho'), ('gaiops_chat(''echo'', messages => @::json)', 'Ho'), ('gaiops_chat(''echo'', messages => @::jsonb)', 'Ho'),
	('gaiops_chat(''echo'', messages => @::text)', 'Ho'), ('gaiops_chat(''echo'', messages => @::varchar)', 'Ho'), ('gaiops_chat(''echo''::name, @::json)', 'Ho'),
	('gaiops_chat(messages => @::json, model => ''echo'')', 'Ho'), ('gaiops_chat(''echo'', json_build_array(json_build_object(''role'', ''user'', ''content'', ''Ho'')))', 'Ho'),
	('gaiops_chat(''echo'', jsonb_build_array(jsonb_build_object(''role'', ''user'', ''content'', ''Ho'')))', 'Ho'),
	-- neither
	('gaiops_chat(''echo'', NULL)', '22004 argument "message" must not be null'), ('gaiops_chat(''echo'', NULL::text)', '22004 argument "message" must not be null'),
	('gaiops_chat(''echo'')', '22004 argument "message" must not be null'),
	('gaiops_chat(''echo'', NULL::json)', '22004 argument "messages" must not be null'), ('gaiops_chat(''echo'', messages => NULL)', '22004 argument "messages" must not be null'),
	-- the options
	('gaiops_chat(''echo'', ''Ho'', params => ''{"seed": 1}'')', 'Ho'), ('gaiops_chat(''echo'', ''Ho'', params => ''{"seed": 1}''::text)', 'Ho'),
	('gaiops_chat(''echo'', ''Ho'', params => ''{"seed": 1}''::varchar)', 'Ho'), ('gaiops_chat(''echo'', ''Ho'', params => ''{"seed": 1}''::json)', 'Ho'),
	('gaiops_chat(''echo'', ''Ho'', params => ''{"seed": 1}''::jsonb)', 'Ho'), ('gaiops_chat(''echo'', ''Ho'', params => NULL, tags => NULL::jsonb, metadata => NULL::json)', 'Ho'),
	('gaiops_chat(''echo'', @::json, NULL, NULL, NULL, ''{"seed": 1}'', NULL, NULL, ''{"a": 1}''::jsonb, ''{"b": 2}''::json)', 'Ho'),
	('gaiops_chat_completion(''{"model": "echo", "messages": '' || @ || ''}'') -> ''choices'' -> 0 -> ''message'' ->> ''content''', 'Ho'),
	('gaiops_chat_completion(''{"model": "echo", "messages": [{"role": "user", "content": "Ho"}]}'') -> ''choices'' -> 0 -> ''message'' ->> ''content''', 'Ho'),
	('gaiops_chat_completion(''{"model": "echo", "messages": [{"role": "user", "content": "Ho"}]}''::json) -> ''choices'' -> 0 -> ''message'' ->> ''content''', 'Ho'),
	('gaiops_chat_completion(''{"model": "echo", "messages": [{"role": "user", "content": "Ho"}]}''::jsonb) -> ''choices'' -> 0 -> ''message'' ->> ''content''', 'Ho'),
	-- the other functions of two forms
	('gaiops_register_prompt(''p'', ''x'')', '1'), ('gaiops_register_prompt(''p'', ''x''::text)', '2'), ('gaiops_register_prompt(''p'', ''x''::varchar)', '3'),
	('gaiops_register_prompt(''p'', @::json)', '4'), ('gaiops_register_prompt(''p'', @::jsonb)', '5'), ('gaiops_register_prompt(''p'', messages => @)', '6'),
	('gaiops_register_prompt(''p'', messages => @::text)', '7'), ('gaiops_register_prompt(''p'', ''x'', NULL, ''{}''::json, ''{"type": "text"}''::jsonb, ''{"top_p": 1}''::text)', '8')
) AS c (call, wanted);

-- Parameters whose type the statement leaves open are those of the text form; typed ones as above.
PREPARE open_type AS SELECT gaiops_chat('echo', $1);
PREPARE of_text(text) AS SELECT gaiops_chat('echo', $1);
PREPARE of_varchar(varchar) AS SELECT gaiops_chat('echo', $1);
PREPARE of_json(json) AS SELECT gaiops_chat('echo', $1);
PREPARE of_jsonb(jsonb) AS SELECT gaiops_chat('echo', $1);
PREPARE named AS SELECT gaiops_chat('echo', messages => $1, params => $2);
PREPARE named_text(text, text) AS SELECT gaiops_chat('echo', messages => $1, params => $2);
PREPARE cast_open AS SELECT gaiops_chat('echo', $1::json);
SELECT is(s.parameter_types::text, w.types, format('%s: %s', w.name, w.types))
FROM (VALUES ('open_type', '{text}'), ('named', '{gaiops.ordered_json,gaiops.ordered_json}'), ('cast_open', '{json}')) AS w (name, types)
	LEFT JOIN pg_prepared_statements AS s USING (name);
CREATE TEMP TABLE answers (name text, answer text);
CREATE FUNCTION pg_temp.note(name text, call text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	answer text;
BEGIN
	EXECUTE call INTO answer;
	INSERT INTO answers VALUES (name, answer);
EXCEPTION WHEN invalid_parameter_value THEN
	INSERT INTO answers VALUES (name, SQLERRM);
END
$$;
SELECT pg_temp.note(n, format('EXECUTE %s(%L%s)', n, :'messages', more))
FROM (VALUES ('open_type', ''), ('of_text', ''), ('of_varchar', ''), ('of_json', ''), ('of_jsonb', ''), ('named', ', ''{"seed": 1}'''),
	('named_text', ', ''{"seed": 1}'''), ('cast_open', '')) AS p (n, more) \g /dev/null
SELECT is(a.answer, CASE WHEN a.name IN ('open_type', 'of_text', 'of_varchar') THEN 'argument "message" begins with a JSON array of messages' ELSE 'Ho' END, 'prepared: ' || a.name) FROM answers AS a;
SELECT is(count(*), 8::bigint, 'all of them') FROM answers;

-- Every function that takes JSON takes it -----------------------------------------

-- A value can be of any type, and jsonb is one of them.
SELECT is(string_agg(format('%s(%s)', p.proname, a.name), ' ' ORDER BY p.proname), 'gaiops_log_expectation(value) gaiops_log_feedback(value) gaiops_override_feedback(value)', 'jsonb is taken nowhere else')
FROM pg_proc AS p
	CROSS JOIN LATERAL unnest(p.proargtypes) WITH ORDINALITY AS t (type, n)
	CROSS JOIN LATERAL (SELECT p.proargnames[t.n]) AS a (name)
WHERE p.proname LIKE 'gaiops\_%' AND p.pronamespace = 'pg_catalog'::regnamespace AND t.type IN ('json'::regtype, 'jsonb'::regtype);

SELECT gaiops_start_span('said') AS said \gset
SELECT gaiops_last_trace_id() AS trace \gset
SELECT gaiops_end_span(:'said') \g /dev/null
CREATE TEMP TABLE taking AS
SELECT n, replace(call, '$1', quote_literal(:'trace')) AS call, json
FROM (VALUES
	(1, 'gaiops_log_feedback($1, ''taken'', ''yes'', metadata => @)', '{"by": "json"}'), (2, 'gaiops_log_feedback($1, ''taken'', ''[1]''::jsonb, metadata => @)', '{"by": "json"}'),
	(3, 'gaiops_log_feedback($1, ''taken'', 4, metadata => @)', '{"by": "json"}'), (4, 'gaiops_log_feedback($1, ''taken'', ''yes'', NULL, ''HUMAN'', NULL, NULL, NULL, @)', '{"by": "json"}'),
	(5, 'gaiops_log_expectation($1, ''taken'', ''yes'', metadata => @)', '{"by": "json"}'), (6, 'gaiops_log_expectation($1, ''taken'', ''[1]''::jsonb, metadata => @)', '{"by": "json"}'),
	(7, 'gaiops_log_expectation($1, ''taken'', true, metadata => @)', '{"by": "json"}'),
	(8, 'gaiops_create_experiment(''taken %s'', tags => @)', '{"by": "json"}'), (9, 'gaiops_alter_experiment(''taken %s'', tags => @)', '{"b": 1, "a": null}'),
	(10, 'gaiops_create_dataset(''taken %s'', NULL, @)', '{"by": "json"}'), (11, 'gaiops_split_dataset(''taken %s'', @)', '{"train": 0.5, "test": 0.5}'),
	(12, 'gaiops_submit_review((SELECT item FROM gaiops_claim_review(''taken'')), @)', '{"thumbs": {"value": true, "rationale": "json"}}')) AS c (n, call, json);
CREATE TEMP TABLE typing AS SELECT * FROM unnest(ARRAY['', '::text', '::varchar', '::json', '::jsonb', '::gaiops.ordered_json']) WITH ORDINALITY AS t (type, n);
SELECT gaiops_create_review_queue('taken', ARRAY['thumbs'], reviewers_per_item => 1) \g /dev/null
CREATE FUNCTION pg_temp.another() RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_end_span(gaiops_start_span('another'));
	RETURN gaiops_last_trace_id();
END
$$;
SELECT gaiops_enqueue_review('taken', (SELECT array_agg(pg_temp.another()) FROM typing)) \g /dev/null
SELECT is(pg_temp.answer(format(replace(c.call, '@', quote_literal(c.json) || t.type), t.n)) !~ '^[0-9A-Z]{5} ', true, replace(c.call, '@', '…' || t.type))
FROM taking AS c CROSS JOIN typing AS t ORDER BY c.n, t.n;
SELECT is(count(*), 42::bigint, 'and keeps it: metadata') FROM gaiops.assessments WHERE name = 'taken' AND metadata = '{"by": "json"}';
SELECT is(string_agg(DISTINCT tags::text, ' '), '{"b": "1", "by": "json"}', 'tags of experiments') FROM gaiops.experiments WHERE name LIKE 'taken%';
SELECT is(string_agg(DISTINCT tags::text, ' '), '{"by": "json"}', 'tags of datasets') FROM gaiops.datasets WHERE name LIKE 'taken%';
SELECT is(count(*), 6::bigint, 'answers') FROM gaiops.assessments WHERE name = 'thumbs' AND value = 'true' AND rationale = 'json';
SELECT is(pg_temp.answer(replace(format(replace(c.call, '@', 'NULL' || t.type), 'none' || t.n), '''taken''', '''none''')) !~ '^[0-9A-Z]{5} ', c.n NOT IN (11, 12), replace(c.call, '@', 'NULL' || t.type))
FROM taking AS c CROSS JOIN typing AS t ORDER BY c.n, t.n;
SELECT is(count(*), 42::bigint, 'and there is none') FROM gaiops.assessments WHERE name = 'none' AND metadata IS NULL;
SELECT is(left(pg_temp.raised(format('SELECT ' || replace(c.call, '@', quote_literal(regexp_replace(c.json, '^{(.*)}$', '{\1, \1}')) || t.type), t.n)), 5), '22030', 'a member given twice: ' || replace(c.call, '@', '…' || t.type))
FROM taking AS c CROSS JOIN typing AS t WHERE t.type <> '::jsonb' ORDER BY c.n, t.n;
-- What a driver is told of a parameter.
PREPARE told AS SELECT gaiops_log_feedback(:'trace', 'taken', 'yes', metadata => $1), gaiops_log_expectation(:'trace', 'taken', 'yes', metadata => $2::json), gaiops_submit_review(1, $3),
	gaiops_create_dataset('told', tags => $4), gaiops_create_experiment('told', tags => $5), gaiops_alter_experiment('told', tags => $6::jsonb), gaiops_split_dataset('told', $7);
SELECT is(parameter_types::text, '{gaiops.ordered_json,json,gaiops.ordered_json,gaiops.ordered_json,gaiops.ordered_json,jsonb,gaiops.ordered_json}', 'the type of a parameter') FROM pg_prepared_statements WHERE name = 'told';

-- Nothing else became ambiguous for it.
SELECT is(pg_temp.answer(call), wanted, call)
FROM (VALUES ('to_jsonb(''a''::text)', '"a"'), ('to_json(''a''::varchar)', '"a"'), ('length(''abc'')', '3'), ('''{"a": 1}'' || ''x''::text', '{"a": 1}x'),
	('json_typeof(''[]'')', 'array'), ('jsonb_typeof(''[]'')', 'array'), ('concat(''a'', ''b''::text)', 'ab'), ('coalesce(''{"b": 1}''::gaiops.ordered_json, NULL::json)', '{"b": 1}')) AS c (call, wanted);
SET LOCAL search_path = pg_catalog, gaiops, public;
SELECT public.is(to_jsonb('a'::text), '"a"'::jsonb, 'not even with our schema in the search path');

SELECT * FROM public.finish();
ROLLBACK;
