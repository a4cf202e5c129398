-- Feedback and expectations: what can be said of what, by whom, and what becomes
-- of it.  The library has to be preloaded: what machines say goes through the writer.
\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT * FROM no_plan();

\ir ../../lib/raised.sql

SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_set_experiment('first') \g /dev/null
SELECT gaiops_start_span('outer') AS outer \gset
SELECT gaiops_set_experiment('second') \g /dev/null
SELECT gaiops_chat('echo', 'Hi', session_id => 'talk') \g /dev/null
SELECT gaiops_last_trace_id() AS trace \gset
SELECT gaiops_end_span(:'outer') \g /dev/null
SELECT gaiops_chat('echo', 'Hi again', session_id => 'talk') \g /dev/null
SELECT gaiops_last_trace_id() AS other \gset
SET gaiops.session_id = 'open talk';
SELECT gaiops_start_span('open') AS open \gset
SELECT gaiops_last_trace_id() AS open_trace \gset
RESET gaiops.session_id;

CREATE VIEW public.latest AS SELECT * FROM gaiops.assessments ORDER BY created_at DESC, assessment_id DESC LIMIT 1;
CREATE FUNCTION public.known() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM gaiops.assessments $$;

-- What the functions are.
SELECT is(p.signatures, e.signatures, e.name)
FROM (VALUES
	('gaiops_log_feedback', ARRAY['uuid, text, anyelement, text, text, text, text, text, gaiops.ordered_json, text', 'uuid, text, jsonb, text, text, text, text, text, gaiops.ordered_json, text', 'uuid, text, text, text, text, text, text, text, gaiops.ordered_json, text']),
	('gaiops_log_expectation', ARRAY['uuid, text, anyelement, text, text, text, text, text, gaiops.ordered_json, text', 'uuid, text, jsonb, text, text, text, text, text, gaiops.ordered_json, text', 'uuid, text, text, text, text, text, text, text, gaiops.ordered_json, text']),
	('gaiops_override_feedback', ARRAY['uuid, anyelement, text, text', 'uuid, jsonb, text, text', 'uuid, text, text, text']),
	('gaiops_delete_feedback', ARRAY['uuid'])) AS e (name, signatures),
	LATERAL (SELECT array_agg(oidvectortypes(proargtypes) ORDER BY oidvectortypes(proargtypes) COLLATE "C") FROM pg_proc WHERE proname = e.name) AS p (signatures);
SELECT ok(bool_and(p.proargnames = e.names AND p.prorettype = e.type), e.name || ' names its arguments')
FROM (VALUES
	('gaiops_log_feedback', ARRAY['trace_id', 'name', 'value', 'rationale', 'source_type', 'source_id', 'span_id', 'session_id', 'metadata', 'idempotency_key'], 'uuid'::regtype),
	('gaiops_log_expectation', ARRAY['trace_id', 'name', 'value', 'rationale', 'source_type', 'source_id', 'span_id', 'session_id', 'metadata', 'idempotency_key'], 'uuid'),
	('gaiops_override_feedback', ARRAY['assessment_id', 'value', 'rationale', 'source_id'], 'uuid'),
	('gaiops_delete_feedback', ARRAY['assessment_id'], 'void')) AS e (name, names, type)
JOIN pg_proc AS p ON p.proname = e.name GROUP BY e.name;
SELECT is(string_agg(attname, ' ' ORDER BY attnum), 'assessment_id trace_id span_id session_id experiment name kind value rationale source_type source_id run_id overrides overridden_by is_deleted is_valid metadata created_at created_by outer_role', 'the columns of gaiops.assessments')
FROM pg_attribute WHERE attrelid = 'gaiops.assessments'::regclass AND attnum > 0;

-- Values as people write them.
CREATE TYPE public.mood AS ENUM ('glad', 'sad');
CREATE DOMAIN public.short AS varchar(10);
CREATE DOMAIN public.percent AS double precision;
CREATE DOMAIN public.ratio AS public.percent;
CREATE DOMAIN public.ratios AS numeric[];
CREATE TYPE public.point AS (label text, at double precision[]);
CREATE FUNCTION public.stored(call text, trace text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	id uuid;
BEGIN
	EXECUTE format('SELECT %s', replace(call, '$1', quote_literal(trace))) INTO id;
	RETURN (SELECT concat_ws(' ', kind, value) FROM gaiops.assessments WHERE assessment_id = id);
END $$;
SELECT is(public.stored(format('gaiops_log_%s($1, ''plain'', %s)', kind, written), :'trace'), kind || ' ' || expected, format('%s %s', kind, written))
FROM unnest(ARRAY['feedback', 'expectation']) AS kind, (VALUES
	('true', 'true'), ('false', 'false'), ('4', '4'), ('0.5', '0.5'), ('-1e3', '-1000'), ('''yes''', '"yes"'), ('''{"a":1''', '"{\"a\":1"'), ('to_jsonb(''4''::text)', '"4"'), ('''''', '""'),
	('''{"a": 1}''::jsonb', '{"a": 1}'), ('''[1, "x", null]''::json', '[1, "x", null]'), ('4::bigint', '4'), ('0.1::real', '0.1'), ('0.1::double precision', '0.1'), ('''x''::varchar', '"x"'), ('''x''::char(3)', '"x"'),
	('''x''::name', '"x"'), ('''x''::text', '"x"'), ('''glad''::public.mood', '"glad"'), ('''x''::public.short', '"x"'), ('''{1,2}''::int[]', '[1, 2]'), ('0.5::public.ratio', '0.5'), ('''{NaN,x}''::text[]', '["NaN", "x"]'), ('''NaN''', '"NaN"'), ('''["Infinity"]''::jsonb', '["Infinity"]'),
	('ROW(''NaN'', ''{1}'')::public.point', '{"at": [1], "label": "NaN"}'), ('''2024-02-29''::date', '"2024-02-29"'), ('row_to_json(ROW(1))', '{"f1": 1}')) AS v (written, expected);
SELECT is(public.stored('gaiops_override_feedback(gaiops_log_feedback($1, ''plain'', 0), ' || written || ')', :'trace'), 'feedback ' || expected, 'override with ' || written)
FROM (VALUES ('true', 'true'), ('4', '4'), ('0.5', '0.5'), ('''yes''', '"yes"'), ('''{"a": 1}''::jsonb', '{"a": 1}'), ('''x''::varchar', '"x"')) AS v (written, expected);
SELECT is(public.stored('gaiops_log_feedback(session_id => ''talk'', name => ''plain'', value => ' || written || ')', :'trace'), 'feedback ' || expected, 'by names ' || written)
FROM (VALUES ('true', 'true'), ('4', '4'), ('''yes''', '"yes"'), ('''[]''::jsonb', '[]')) AS v (written, expected);
SELECT is(pg_temp.raised(format('SELECT %s', replace(call, '$1', quote_literal(:'trace')))), problem, call)
FROM (VALUES
	('gaiops_log_feedback($1, ''plain'', NULL)', E'22004\nargument "value" must not be null'), ('gaiops_log_feedback($1, ''plain'', NULL::boolean)', E'22004\nargument "value" must not be null'),
	('gaiops_log_feedback($1, ''plain'', ''null''::jsonb)', E'22004\nargument "value" must not be null'), ('gaiops_log_expectation($1, ''plain'', NULL)', E'22004\nargument "value" must not be null'),
	('gaiops_log_feedback($1, ''plain'', ''NaN''::float8)', E'22023\nargument "value" must be a finite number\nIt is NaN.'), ('gaiops_log_feedback($1, ''plain'', ''-Infinity''::numeric)', E'22023\nargument "value" must be a finite number\nIt is -Infinity.'),
	('gaiops_log_feedback($1, ''plain'', ''Infinity''::real)', E'22023\nargument "value" must be a finite number\nIt is Infinity.'),
	('gaiops_log_feedback($1, ''plain'', ''NaN''::public.ratio)', E'22023\nargument "value" must be a finite number\nIt is NaN.'),
	('gaiops_log_feedback($1, ''plain'', ''{1,NaN}''::float8[])', E'22023\nargument "value" must not contain a number that is not finite\nIt contains NaN.'),
	('gaiops_log_feedback($1, ''plain'', ''{{1,2},{3,-Infinity}}''::numeric[])', E'22023\nargument "value" must not contain a number that is not finite\nIt contains -Infinity.'),
	('gaiops_log_feedback($1, ''plain'', ARRAY[''NaN''::public.ratio])', E'22023\nargument "value" must not contain a number that is not finite\nIt contains NaN.'),
	('gaiops_log_feedback($1, ''plain'', ''{Infinity}''::public.ratios)', E'22023\nargument "value" must not contain a number that is not finite\nIt contains Infinity.'),
	('gaiops_log_feedback($1, ''plain'', ROW(''NaN'', ''{0,NaN}'')::public.point)', E'22023\nargument "value" must not contain a number that is not finite\nIt contains NaN.'),
	('gaiops_log_feedback($1, ''plain'', ARRAY[ROW(''x'', ''{0,NaN}'')::public.point])', E'22023\nargument "value" must not contain a number that is not finite\nIt contains NaN.')) AS v (call, problem);

-- What is kept.
SELECT clock_timestamp() AS before \gset
SELECT gaiops_log_feedback(:'trace', 'helpful', true, 'It was.', metadata => '{"ticket": 4711}') AS id \gset
SELECT row_eq($$ SELECT trace_id, span_id, session_id, name, kind, value, rationale, source_type, source_id, run_id, overrides, overridden_by, is_deleted, is_valid, metadata, created_by FROM public.latest $$,
	ROW(:'trace'::uuid, NULL::text, NULL::text, 'helpful'::text, 'feedback'::text, 'true'::jsonb, 'It was.'::text, 'HUMAN'::text, current_user::text COLLATE "default", NULL::uuid, NULL::uuid, NULL::uuid, false, true, '{"ticket": 4711}'::jsonb, current_user::text COLLATE "default"),
	'feedback on a trace, by the role');
SELECT is((SELECT assessment_id FROM public.latest), :'id', 'whose id is returned');
SELECT ok(created_at BETWEEN :'before' AND clock_timestamp(), 'when it was made') FROM public.latest;
SELECT is(substr(:'id', 15, 1), '7', 'ids sort by time');
SELECT is((SELECT experiment FROM public.latest), 'first', 'the experiment is that of the entry span');
SELECT gaiops_log_feedback(:'trace', 'helpful', true, '', span_id => (SELECT span_id FROM gaiops.spans WHERE trace_id = :'trace' AND span_id <> :'outer')) \g /dev/null
SELECT row_eq($$ SELECT l.span_id = s.span_id, l.experiment, l.rationale, l.source_id FROM public.latest AS l JOIN gaiops.spans AS s USING (trace_id) WHERE s.parent_span_id IS NOT NULL $$,
	ROW(true, 'first'::text, NULL::text, current_user::text COLLATE "default"), 'feedback on a span; an empty rationale is none');
SELECT gaiops_log_feedback(session_id => 'talk', name => 'helpful', value => true) \g /dev/null
SELECT row_eq($$ SELECT trace_id, session_id, experiment FROM public.latest $$, ROW(NULL::uuid, 'talk'::text, 'second'::text), 'feedback on a session, whose experiment is that of its latest span');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''helpful'', true)', :'open_trace'), 'a trace that is still open is there');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''helpful'', true, span_id => %L)', :'open_trace', :'open'), 'so is its span');
SELECT lives_ok($$ SELECT gaiops_log_feedback(session_id => 'open talk', name => 'helpful', value => true) $$, 'and its session');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''helpful'', true)', gaiops_trace_id_hex(:'trace')), 'a trace id may be in either form');
SELECT public.known() AS known \gset
SELECT is(pg_temp.raised('SELECT gaiops_log_feedback(' || replace(arguments, '$1', quote_literal(:'trace')) || ')'), problem, left(arguments, 70))
FROM (VALUES
	('name => ''n'', value => 1', E'22023\nexactly one of the arguments "trace_id" and "session_id" must be given\nNeither is.\nWrite gaiops_log_feedback(trace_id, ''name'', value) or gaiops_log_feedback(session_id => …, name => ''name'', value => …).'),
	('$1, ''n'', 1, session_id => ''talk''', E'22023\nexactly one of the arguments "trace_id" and "session_id" must be given\nBoth are.\nWrite gaiops_log_feedback(trace_id, ''name'', value) or gaiops_log_feedback(session_id => …, name => ''name'', value => …).'),
	('session_id => ''talk'', name => ''n'', value => 1, span_id => ''0000000000000001''', E'22023\nargument "span_id" must not be given without "trace_id"\nA span is known by its trace.'),
	('$1, NULL, 1', E'22004\nargument "name" must not be null'), ('$1, '''', 1', E'22023\nname of feedback must have 1 to 250 bytes\nIt has 0.'), ('$1, repeat(''ä'', 126), 1', E'22023\nname of feedback must have 1 to 250 bytes\nIt has 252.'),
	('$1, ''n'', repeat(''x'', 1024 * 1024)', E'22023\nargument "value" is too long\nIt has 1048578 bytes; the limit is 1048576.'),
	('$1, ''n'', 1, repeat(''x'', 102401)', E'22023\nargument "rationale" is too long\nIt has 102401 bytes; the limit is 102400.'),
	('$1, ''n'', 1, metadata => ''[]''', E'22023\nargument "metadata" must be a JSON object\nIt is of type array.\nFor example {"ticket": 4711}.'),
	('$1, ''n'', 1, metadata => jsonb_build_object(''x'', repeat(''x'', 102400))', E'22023\nargument "metadata" is too long\nIt has 102409 bytes; the limit is 102400.'),
	('$1, ''n'', (repeat(''['', 1001) || repeat('']'', 1001))::jsonb', E'54000\nJSON value is nested too deeply\nThe limit is 1000 arrays and objects within each other.'),
	('$1, ''n'', 1, metadata => jsonb_build_object(''x'', (repeat(''['', 1000) || repeat('']'', 1000))::jsonb)', E'54000\nJSON value is nested too deeply\nThe limit is 1000 arrays and objects within each other.'),
	('$1, ''n'', 1, idempotency_key => repeat(''x'', 256)', E'22023\nargument "idempotency_key" is too long\nIt has 256 bytes; the limit is 255.'),
	('$1, ''n'', 1, source_type => ''CODE'', source_id => repeat(''x'', 256)', E'22023\nargument "source_id" is too long\nIt has 256 bytes; the limit is 255.'),
	('$1, ''n'', 1, source_type => NULL', E'22004\nargument "source_type" must not be null'),
	('$1, ''n'', 1, source_type => ''human''', E'22023\nunknown source type "human"\nThe source types are HUMAN, LLM_JUDGE and CODE.'),
	('$1, ''n'', 1, source_type => ''LLM_JUDGE''', E'22023\nargument "source_id" must be given for source type LLM_JUDGE\nGive the name of the judge or program.'),
	('$1, ''n'', 1, source_type => ''CODE'', source_id => ''''', E'22023\nargument "source_id" must be given for source type CODE\nGive the name of the judge or program.'),
	('$1, ''n'', 1, source_id => ''''', E'22023\nargument "source_id" must not be empty\nLeave source_id out, or give NULL, to speak as the role or as gaiops.user_id.'),
	('''00000000-0000-0000-0000-000000000001'', ''n'', 1', E'42704\ntrace "00000000-0000-0000-0000-000000000001" does not exist'),
	('$1, ''n'', 1, span_id => ''0000000000000001''', format(E'42704\nspan "0000000000000001" does not exist in trace "%s"', :'trace')),
	(format('$1, ''n'', 1, span_id => %L', :'open'), format(E'42704\nspan "%s" does not exist in trace "%s"', :'open', :'trace')),
	('session_id => ''nobody'', name => ''n'', value => 1', E'42704\nsession "nobody" does not exist\nNo call or span names it.'),
	('$1, ''correctness'', ''maybe''', E'22023\nvalue of "correctness" does not fit its label schema\nIt is "maybe"; allowed is true or false, also written yes or no, pass or fail, or 1 or 0.\nWhat is allowed for each name is in gaiops.label_schemas.')) AS v (arguments, problem);
SELECT is(public.known(), :'known', 'nothing of these is kept');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, %s)', :'trace', arguments), left(arguments, 50))
FROM (VALUES ('repeat(''ä'', 125), 1'), ('''n'', repeat(''x'', 1024 * 1024 - 2)'), ('''n'', 1, repeat(''x'', 102400)'),
	('''n'', repeat(''x'', 1024 * 1024 - 2), repeat(''y'', 102400), ''CODE'', repeat(''z'', 255), metadata => jsonb_build_object(''x'', repeat(''x'', 102300)), idempotency_key => repeat(''k'', 255)')) AS v (arguments);
SELECT is(octet_length(value::text), 1024 * 1024, 'the longest that the writer is given is kept whole') FROM public.latest;

-- Names with a label schema.
SELECT is(public.stored(format('gaiops_log_feedback($1, %L, %s)', name, written), :'trace'), 'feedback ' || expected, format('%s %s', name, written))
FROM (VALUES ('thumbs', '''up''', 'true'), ('thumbs', 'false', 'false'), ('correctness', '''Yes''', 'true'), ('groundedness', '0', 'false'), ('intent_resolution', '''4''', '4'), ('intent_resolution', '5.0', '5')) AS v (name, written, expected);
SELECT is(public.stored('gaiops_log_expectation($1, ''correctness'', ''by the book'')', :'trace'), 'expectation "by the book"', 'expectations are not checked against label schemas');
SELECT is(public.stored(format('gaiops_log_expectation($1, %L, %s)', name, written), :'trace'), 'expectation ' || expected, format('%s %s', name, written))
FROM (VALUES ('expected_response', '''Paris.''', '"Paris."'), ('expected_facts', 'ARRAY[''a'', ''b'']', '["a", "b"]'), ('expected_facts', '''[]''::jsonb', '[]'), ('guidelines', '''Be brief.''', '"Be brief."'), ('guidelines', '''["a"]''::jsonb', '["a"]'),
	('expected_tool_calls', '''[{"name": "search"}]''::jsonb', '[{"name": "search"}]'), ('expected_document_ids', '''{1,2}''::text[]', '["1", "2"]'), ('expected_responses', 'ARRAY[''a'', ''b'']', '["a", "b"]'), ('expected_document_grades', '''{"a": 2}''::jsonb', '{"a": 2}')) AS v (name, written, expected);
SELECT is(pg_temp.raised(format('SELECT gaiops_log_expectation(%L, %L, %s)', :'trace', name, written)), format(E'22023\nvalue of "%s" must be %s', name, problem), format('%s %s', name, written))
FROM (VALUES
	('expected_response', '1', E'a string\nIt is 1.\nScorers and judges read it so; take another name for anything else.'),
	('expected_facts', '''["a"]''', E'an array of strings\nIt is "[\\"a\\"]".\nA text is taken as it is: write ''["…"]''::jsonb for an array.'),
	('expected_tool_calls', '''[{"name": "search"}]''', E'an array of objects\nIt is "[{\\"name\\": \\"search\\"}]".\nA text is taken as it is: write ''[{"…": …}]''::jsonb for an array of objects.'),
	('expected_facts', 'ARRAY[1]', E'an array of strings\nIt is [1].\nScorers and judges read it so; take another name for anything else.'),
	('expected_document_ids', '''{}''::jsonb', E'an array of strings\nIt is {}.\nScorers and judges read it so; take another name for anything else.'),
	('expected_responses', '''[1]''::jsonb', E'an array of strings\nIt is [1].\nScorers and judges read it so; take another name for anything else.'),
	('expected_document_grades', '''[]''::jsonb', E'an object\nIt is [].\nScorers and judges read it so; take another name for anything else.'),
	('guidelines', 'true', E'a string or an array of strings\nIt is true.\nScorers and judges read it so; take another name for anything else.'),
	('guidelines', '''["a", 1]''::jsonb', E'a string or an array of strings\nIt is ["a", 1].\nScorers and judges read it so; take another name for anything else.'),
	('expected_tool_calls', '''["a"]''::jsonb', E'an array of objects\nIt is ["a"].\nScorers and judges read it so; take another name for anything else.')) AS v (name, written, problem);
SELECT is(pg_temp.raised(format('SELECT gaiops_log_%s(%L, %L, %L)', kind, :'trace', name, value)), format(E'22023\nvalue of "%s" is a text that reads as an array\nIt is %s.\n%s', name, value, hint), format('%s %s', name, value))
FROM (VALUES
	('expectation', 'expected_facts', '{a}', 'Cast the parameter, as in $3::text[].'),
	('expectation', 'guidelines', '{a}', 'Cast the parameter, as in $3::text[], or give to_jsonb(''…''::text) for a text.'),
	('feedback', 'flaws', '{a,b}', 'Cast the parameter, as in $3::text[], or give to_jsonb(''…''::text) for a text.'),
	('feedback', 'scores', '{''a'': 1}', 'In JSON quotes are double: give {"…": …}, and cast the parameter, as in $3::jsonb.')) AS v (kind, name, value, hint);
SELECT is(public.stored('gaiops_log_feedback($1, ''expected_facts'', ''fine'')', :'trace'), 'feedback "fine"', 'feedback of such a name may be anything');

-- What survives a rollback.
BEGIN;
SELECT gaiops_log_feedback(:'trace', 'fate', 1) \g /dev/null
SELECT gaiops_log_expectation(:'trace', 'fate', 2) \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'fate', 3, source_type => 'CODE', source_id => 'length check') \g /dev/null
SELECT gaiops_log_feedback(:'trace', 'fate', 4, source_type => 'LLM_JUDGE', source_id => 'gpt') \g /dev/null
SELECT gaiops_log_expectation(:'trace', 'fate', 5, source_type => 'LLM_JUDGE', source_id => 'gpt') AS machine \gset
SELECT results_eq($$ SELECT value FROM gaiops.assessments WHERE name = 'fate' ORDER BY 1 $$, $$ SELECT to_jsonb(n) FROM generate_series(1, 5) AS n $$, 'all is seen at once');
ROLLBACK;
SELECT results_eq($$ SELECT value, kind, source_type, source_id, created_by FROM gaiops.assessments WHERE name = 'fate' ORDER BY 1 $$,
	$$ VALUES ('3'::jsonb, 'feedback', 'CODE', 'length check', current_user::text COLLATE "default"), ('4', 'feedback', 'LLM_JUDGE', 'gpt', current_user::text COLLATE "default"), ('5', 'expectation', 'LLM_JUDGE', 'gpt', current_user::text COLLATE "default") $$,
	'what machines say survives a rollback, what people say does not');
SET transaction_read_only = on;
BEGIN READ ONLY;
SELECT is(pg_temp.raised(format('SELECT gaiops_log_%s(%L, ''n'', 1)', kind, :'trace')), format(E'25006\ncannot execute gaiops_log_%s() in a read-only transaction', kind), 'no ' || kind || ' of people in a read-only transaction') FROM unnest(ARRAY['feedback', 'expectation']) AS kind;
SELECT is(pg_temp.raised(format('SELECT gaiops_override_feedback(%L, 1)', :'machine')), E'25006\ncannot execute gaiops_override_feedback() in a read-only transaction', 'and nothing overridden');
SELECT is(pg_temp.raised(format('SELECT gaiops_delete_feedback(%L)', :'machine')), E'25006\ncannot execute gaiops_delete_feedback() in a read-only transaction', 'or deleted');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''n'', 1, source_type => ''CODE'', source_id => ''c'')', :'trace'), 'what machines say is recorded, as calls are');
COMMIT;
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) AS none FROM gaiops.spans WHERE false \gset
SELECT gaiops_chat('echo', 'Later', session_id => 'later') \g /dev/null
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''n'', 1)', gaiops_last_trace_id()), 'a trace is found that is younger than the snapshot');
SELECT lives_ok($$ SELECT gaiops_log_feedback(session_id => 'later', name => 'n', value => 1) $$, 'so is a session');
SELECT gaiops_log_feedback(:'trace', 'n', 1, source_type => 'CODE', source_id => 'c') AS unseen \gset
SELECT is((SELECT count(*) FROM gaiops.assessments WHERE assessment_id = :'unseen'), 0::bigint, 'what a machine says there is seen later');
SELECT lives_ok(format('SELECT gaiops_override_feedback(%L, 2)', :'unseen'), 'and can be overridden all the same');
ROLLBACK;

-- Idempotency.
SELECT gaiops_log_feedback(:'trace', 'once', 1, idempotency_key => 'k1') AS first \gset
SELECT public.known() AS known \gset
SELECT is(gaiops_log_feedback(:'trace', 'once', 1, 'told otherwise', metadata => '{}', idempotency_key => 'k1'), :'first', 'the same key again returns the same id');
SELECT is(public.known(), :'known', 'and stores nothing');
SELECT is(substr(:'first', 15, 1) || (substr(:'first', 20, 1) IN ('8', '9', 'a', 'b')), '8true', 'a UUID of version 8');
SELECT isnt(gaiops_log_feedback(:'trace', 'once', 1, idempotency_key => 'k2'), :'first', 'another key stores another');
SELECT isnt(gaiops_log_feedback(:'trace', 'once', 1, idempotency_key => ''), gaiops_log_feedback(:'trace', 'once', 1, idempotency_key => ''), 'an empty one is none');
BEGIN;
SELECT gaiops_log_feedback(:'trace', 'once', 'x', 'said', 'LLM_JUDGE', 'gpt', idempotency_key => 'k1') AS judged \gset
ROLLBACK;
SELECT isnt(:'judged'::uuid, :'first'::uuid, 'keys of machines are others than those of people');
SELECT is(gaiops_log_feedback(:'trace', 'once', 'x', 'said', 'LLM_JUDGE', 'gpt', idempotency_key => 'k1'), :'judged', 'what survived a rollback is there under its key');
SELECT is((SELECT count(*) FROM gaiops.assessments WHERE assessment_id = :'judged'), 1::bigint, 'once');
SELECT is(pg_temp.raised(format('SELECT gaiops_log_feedback(%s, idempotency_key => ''k1'')', arguments)),
	format(E'23505\nidempotency key "k1" stands for another assessment\nAssessment "%s" was stored under it with another %s.\nGive each assessment a key of its own; to change one, call gaiops_override_feedback().', id, differing), 'the same key with another ' || differing)
FROM (VALUES
	(:'first', format('%L, ''once'', 2', :'trace'), 'value'), (:'first', format('%L, ''twice'', 1', :'trace'), 'name'), (:'first', format('%L, ''once'', 1', :'other'), 'trace_id'),
	(:'first', format('%L, ''once'', 1, span_id => %L', :'trace', :'outer'), 'span_id'), (:'first', 'session_id => ''talk'', name => ''once'', value => 1', 'trace_id, session_id'),
	(:'first', format('%L, ''once'', 1, source_id => ''ann''', :'trace'), 'source_id'),
	(:'judged', format('%L, ''once'', ''y'', '''', ''LLM_JUDGE'', ''gpt''', :'trace'), 'value'), (:'judged', format('%L, ''once'', ''x'', '''', ''CODE'', ''gpt''', :'trace'), 'source_type')) AS v (id, arguments, differing);
SELECT matches(pg_temp.raised(format('SELECT gaiops_log_expectation(%L, ''once'', 1, idempotency_key => ''k1'')', :'trace')), '^23505\n.*\nAssessment ".*" was stored under it with another kind\.', 'or kind');
SELECT is(gaiops_log_feedback(:'trace', 'correctness', 'yes', idempotency_key => 'k3'), gaiops_log_feedback(:'trace', 'correctness', 1, idempotency_key => 'k3'), 'what comes to the same value is the same');
SELECT gaiops_log_feedback(:'trace', 'late', 'Yes', idempotency_key => 'k4') AS before, gaiops_log_feedback(:'trace', 'late', 'so so', 'said', 'CODE', 'c', idempotency_key => 'k4') AS odd \gset
SELECT gaiops_create_label_schema('late', 'pass_fail') \g /dev/null
SELECT is(gaiops_log_feedback(:'trace', 'late', 'Yes', idempotency_key => 'k4'), :'before', 'a label schema that has appeared since does not make it another');
SELECT is(gaiops_log_feedback(:'trace', 'late', 'so so', 'said', 'CODE', 'c', idempotency_key => 'k4'), :'odd', 'not even where the value does not fit it');
SELECT matches(pg_temp.raised(format('SELECT gaiops_log_feedback(%L, ''late'', ''No'', idempotency_key => ''k4'')', :'trace')), '^23505\n.*another value\.', 'but another value does');
SELECT matches(pg_temp.raised(format('SELECT gaiops_log_feedback(%L, ''late'', ''so so'', idempotency_key => ''k5'')', :'trace')), '^22023\n', 'and other keys are checked');
CREATE FUNCTION public.lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER lose BEFORE INSERT ON gaiops.machine_assessments FOR EACH ROW EXECUTE FUNCTION public.lose();
SELECT matches(pg_temp.raised(format('SELECT gaiops_log_feedback(%L, ''once'', 1, ''said'', ''CODE'', ''c'', idempotency_key => ''lost'')', :'trace')),
	'^55000\ncould not store assessment "[-0-9a-f]+"\nIt was given to its table, which does not have it\.\nLook for triggers and rules of gaiops\.machine_assessments\.$', 'what is not there after it was stored is told');
DROP TRIGGER lose ON gaiops.machine_assessments;

-- Overriding: what was said first is kept.
CREATE FUNCTION public.state(VARIADIC ids uuid[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s: %s %s%s', chr(64 + i.n::integer), a.value,
		CASE WHEN a.is_valid THEN 'valid' WHEN a.is_deleted THEN 'deleted' ELSE 'overridden by ' || chr(64 + array_position(ids, a.overridden_by)) END,
		' overrides ' || chr(64 + array_position(ids, a.overrides))), ', ' ORDER BY i.n)
	FROM unnest(ids) WITH ORDINALITY AS i (id, n) JOIN gaiops.assessments AS a ON a.assessment_id = i.id
$$;
SELECT gaiops_log_feedback(:'trace', 'correctness', true, 'said the judge', 'LLM_JUDGE', 'gpt', span_id => :'outer', metadata => '{"a": 1}', idempotency_key => 'chain') AS a \gset
SELECT gaiops_override_feedback(:'a', 'no', 'It is Lyon.') AS b \gset
SELECT is(public.state(:'a', :'b'), 'A: true overridden by B, B: false valid overrides A', 'one takes the place of the other');
SELECT row_eq(format('SELECT b.kind, b.name, b.span_id, b.experiment = a.experiment, b.rationale, b.source_type, b.source_id, b.metadata FROM gaiops.assessments AS a JOIN gaiops.assessments AS b ON b.overrides = a.assessment_id WHERE a.assessment_id = %L', :'a'),
	ROW('feedback'::text, 'correctness'::text, :'outer'::text, true, 'It is Lyon.'::text, 'HUMAN'::text, current_user::text COLLATE "default", NULL::jsonb), 'on the same, by a person');
SELECT row_eq(format('SELECT value, rationale, source_type, source_id, metadata FROM gaiops.assessments WHERE assessment_id = %L', :'a'),
	ROW('true'::jsonb, 'said the judge'::text, 'LLM_JUDGE'::text, 'gpt'::text, '{"a": 1}'::jsonb), 'which is kept as it was');
SELECT gaiops_override_feedback(:'b', true) AS c \gset
SELECT is(public.state(:'a', :'b', :'c'), 'A: true overridden by B, B: false overridden by C overrides A, C: true valid overrides B', 'and so on');
SELECT is(pg_temp.raised(format('SELECT %s', call)), format(E'55000\nassessment "%s" was overridden\nAssessment "%s" is in force in its place.', id, :'c'), left(call, 24) || ' of what is not in force')
FROM (VALUES (:'a'), (:'b')) AS v (id), LATERAL (VALUES (format('gaiops_override_feedback(%L, true)', id)), (format('gaiops_delete_feedback(%L)', id))) AS l (call);
SELECT gaiops_delete_feedback(:'c') \g /dev/null
SELECT is(public.state(:'a', :'b', :'c'), 'A: true overridden by B, B: false valid overrides A, C: true deleted overrides B', 'when one is deleted, what it overrode is in force again');
SELECT is(pg_temp.raised(format('SELECT gaiops_override_feedback(%L, true)', :'c')), format(E'55000\nassessment "%s" was deleted\nAssessment "%s" is in force in its place.', :'c', :'b'), 'what was deleted is not overridden');
SELECT is(pg_temp.raised(format('SELECT gaiops_delete_feedback(%L)', :'c')), format(E'55000\nassessment "%s" was deleted\nAssessment "%s" is in force in its place.', :'c', :'b'), 'nor deleted again');
SELECT gaiops_override_feedback(:'b', 'pass') AS d \gset
SELECT is(public.state(:'a', :'b', :'c', :'d'), 'A: true overridden by B, B: false overridden by D overrides A, C: true deleted overrides B, D: true valid overrides B', 'what is in force again can be overridden again');
SELECT gaiops_delete_feedback(:'d') \g /dev/null
SELECT gaiops_delete_feedback(:'b') \g /dev/null
SELECT gaiops_delete_feedback(:'a') \g /dev/null
SELECT is(public.state(:'a', :'b', :'c', :'d'), 'A: true deleted, B: false deleted overrides A, C: true deleted overrides B, D: true deleted overrides B', 'all can be deleted, and are kept');
SELECT is(pg_temp.raised(format('SELECT gaiops_override_feedback(%L, true)', :'d')), format(E'55000\nassessment "%s" was deleted\nNone is in force in its place: make a new one.', :'d'), 'then none is in force');
SELECT is(gaiops_log_feedback(:'trace', 'correctness', true, '', 'LLM_JUDGE', 'gpt', span_id => :'outer', idempotency_key => 'chain'), :'a', 'its key still stands for it');
SELECT is(pg_temp.raised(format('SELECT %s', call)), problem, call)
FROM (VALUES
	('gaiops_override_feedback(NULL, true)', E'22004\nargument "assessment_id" must not be null'), ('gaiops_delete_feedback(NULL)', E'22004\nargument "assessment_id" must not be null'),
	('gaiops_override_feedback(''00000000-0000-0000-0000-000000000001'', true)', E'42704\nassessment "00000000-0000-0000-0000-000000000001" does not exist'),
	('gaiops_delete_feedback(''00000000-0000-0000-0000-000000000001'')', E'42704\nassessment "00000000-0000-0000-0000-000000000001" does not exist'),
	(format('gaiops_override_feedback(%L, NULL)', :'id'), E'22004\nargument "value" must not be null'),
	(format('gaiops_override_feedback(%L, true, repeat(''x'', 102401))', :'id'), E'22023\nargument "rationale" is too long\nIt has 102401 bytes; the limit is 102400.')) AS v (call, problem);
SELECT matches(pg_temp.raised(format('SELECT gaiops_override_feedback(gaiops_log_feedback(%L, ''thumbs'', ''up''), ''sideways'')', :'trace')), '^22023\nvalue of "thumbs" does not fit its label schema\n', 'what overrides feedback is checked');
SELECT matches(pg_temp.raised(format('SELECT gaiops_override_feedback(gaiops_log_expectation(%L, ''expected_facts'', ARRAY[''a'']), ''a'')', :'trace')), '^22023\nvalue of "expected_facts" must be an array of strings\n', 'and what overrides an expectation');
SELECT is(public.stored('gaiops_override_feedback(gaiops_log_expectation($1, ''thumbs'', ''up''), ''sideways'')', :'trace'), 'expectation "sideways"', 'which stays one');
BEGIN;
SELECT gaiops_override_feedback(:'id', false) AS undone \gset
ROLLBACK;
SELECT is((SELECT is_valid FROM gaiops.assessments WHERE assessment_id = :'id'), true, 'an override that is rolled back never was');
SELECT lives_ok(format('SELECT count(gaiops_delete_feedback(gaiops_log_feedback(%L, ''many'', n))) FROM generate_series(1, 10000) AS n', :'trace'), 'many are deleted in one transaction without a lock for each');

-- Who may speak for whom.
CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_ann;
CREATE ROLE gaiops_test_bob;
CREATE ROLE gaiops_test_proxy;
CREATE ROLE gaiops_test_admin;
SELECT gaiops_grant('gaiops_test_viewer', 'viewer'), gaiops_grant('gaiops_test_ann', 'user'), gaiops_grant('gaiops_test_bob', 'user'), gaiops_grant('gaiops_test_proxy', 'proxy'), gaiops_grant('gaiops_test_admin', 'admin') \g /dev/null
GRANT SELECT ON public.latest TO PUBLIC;
SET ROLE gaiops_test_viewer;
SELECT is(split_part(pg_temp.raised(format('SELECT %s', call)), E'\n', 1), '42501', 'a viewer cannot ' || call)
FROM unnest(ARRAY[format('gaiops_log_feedback(%L, ''n'', true)', :'trace'), format('gaiops_log_expectation(%L, ''n'', true)', :'trace'), format('gaiops_override_feedback(%L, true)', :'id'), format('gaiops_delete_feedback(%L)', :'id')]) AS call;
SELECT cmp_ok((SELECT count(*) FROM gaiops.assessments), '>', 100::bigint, 'but reads all');
SET ROLE gaiops_test_ann;
SELECT gaiops_log_feedback(:'trace', 'who', true, idempotency_key => 'k1') AS of_ann \gset
SELECT row_eq('SELECT source_id, created_by FROM public.latest', ROW('gaiops_test_ann'::text, 'gaiops_test_ann'::text), 'a user speaks as its role');
SELECT isnt(:'of_ann'::uuid, :'first'::uuid, 'idempotency keys are each role''s own');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''who'', true, source_id => ''gaiops_test_ann'')', :'trace'), 'which it may say');
SELECT is(pg_temp.raised(format('SELECT %s', call)), E'42501\npermission denied to speak for "bob@example.com"\nWhat a person says is under the database role, here "gaiops_test_ann"; another source_id needs the right "proxy".\nLeave source_id out, or have an administrator run: SELECT gaiops_grant(''gaiops_test_ann'', ''proxy'').', 'not for others: ' || left(call, 24))
FROM unnest(ARRAY[format('gaiops_log_feedback(%L, ''who'', true, source_id => ''bob@example.com'')', :'trace'), format('gaiops_log_expectation(%L, ''who'', true, source_id => ''bob@example.com'')', :'trace'), format('gaiops_override_feedback(%L, true, source_id => ''bob@example.com'')', :'of_ann')]) AS call;
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''who'', 1, source_type => ''CODE'', source_id => ''gaiops_test_bob'')', :'trace'), 'programs may be named as one likes');
SELECT assessment_id AS of_code FROM public.latest \gset
SET ROLE gaiops_test_proxy;
SELECT gaiops_log_feedback(:'trace', 'who', true, source_id => 'gaiops_test_bob') AS of_bob \gset
SELECT row_eq('SELECT source_id, created_by FROM public.latest', ROW('gaiops_test_bob'::text, 'gaiops_test_proxy'::text), 'a proxy speaks for others, and it is kept who stored it');
SET gaiops.user_id = 'cy@example.com';
SELECT gaiops_log_feedback(:'trace', 'who', true) AS of_cy \gset
SELECT row_eq('SELECT source_id, created_by FROM public.latest', ROW('cy@example.com'::text, 'gaiops_test_proxy'::text), 'what it says while it works for a user is that user''s');
SELECT gaiops_override_feedback(:'of_cy', false) \g /dev/null
SELECT is((SELECT source_id FROM public.latest), 'cy@example.com', 'so is what it overrides');
SELECT gaiops_log_feedback(:'trace', 'who', true, source_id => 'ann@example.com') \g /dev/null
SELECT is((SELECT source_id FROM public.latest), 'ann@example.com', 'unless it says who');
SELECT is(pg_temp.raised(format('SELECT gaiops_log_feedback(%L, ''who'', true, source_type => ''CODE'')', :'trace')), E'22023\nargument "source_id" must be given for source type CODE\nGive the name of the judge or program.', 'a program is no user');
SET gaiops.user_id = '';
SELECT gaiops_log_feedback(:'trace', 'who', true) \g /dev/null
SELECT is((SELECT source_id FROM public.latest), 'gaiops_test_proxy', 'of no user, it is the role that speaks');
SELECT set_config('gaiops.user_id', repeat('x', 256), false) \g /dev/null
SELECT is(pg_temp.raised(format('SELECT gaiops_log_feedback(%L, ''who'', true)', :'trace')), E'22023\nargument "source_id" is too long\nIt has 256 bytes; the limit is 255.', 'a user''s name has the same limit');
SET ROLE gaiops_test_ann;
SET gaiops.user_id = 'cy@example.com';
SELECT gaiops_log_feedback(:'trace', 'who', true) \g /dev/null
SELECT is((SELECT source_id FROM public.latest), 'gaiops_test_ann', 'a role that may not speak for others speaks as itself, whatever it sets');
RESET gaiops.user_id;
SET ROLE gaiops_test_bob;
SELECT is(pg_temp.raised(format('SELECT gaiops_delete_feedback(%L)', id)), format(E'42501\npermission denied to delete assessment "%s"\nIt is of "%s".\nOverride it with gaiops_override_feedback(), or ask a role with the right "proxy".', id, source), 'others'' is not deleted by a user')
FROM (VALUES (:'of_ann', 'gaiops_test_ann'), (:'of_code', 'gaiops_test_bob'), (:'id', current_setting('session_authorization'))) AS v (id, source);
SELECT lives_ok(format('SELECT gaiops_delete_feedback(%L)', :'of_bob'), 'one''s own is, whoever stored it');
SELECT gaiops_override_feedback(:'of_ann', false) AS by_bob \gset
SELECT row_eq('SELECT source_id, created_by FROM public.latest', ROW('gaiops_test_bob'::text, 'gaiops_test_bob'::text), 'anybody overrides, under the own name');
SET ROLE gaiops_test_ann;
SELECT lives_ok(format('SELECT gaiops_delete_feedback(%L)', :'of_code'), 'what one has stored for a program is deleted by oneself');
SELECT matches(pg_temp.raised(format('SELECT gaiops_delete_feedback(%L)', :'by_bob')), '^42501\n', 'what another has overridden is the other''s');
SET ROLE gaiops_test_proxy;
SELECT lives_ok(format('SELECT gaiops_delete_feedback(%L)', :'by_bob'), 'proxies delete everybody''s');
SET ROLE gaiops_test_admin;
SELECT lives_ok(format('SELECT gaiops_delete_feedback(%L)', :'of_ann'), 'so do administrators');
SELECT lives_ok(format('SELECT gaiops_log_feedback(%L, ''who'', true, source_id => ''ann@example.com'')', :'trace'), 'who speak for others, too');
RESET ROLE;
SELECT results_eq(format('SELECT deleted_by FROM gaiops.assessment_deletions WHERE assessment_id IN (%L, %L) ORDER BY 1', :'by_bob', :'of_ann'), $$ VALUES ('gaiops_test_admin'::name), ('gaiops_test_proxy') $$, 'it is kept who deleted what');
CREATE FUNCTION public.trusted(trace uuid) RETURNS uuid LANGUAGE sql SECURITY DEFINER AS $$ SELECT gaiops_log_feedback(trace, 'who', 'definer', source_id => 'ann@example.com') $$;
SET ROLE gaiops_test_ann;
SELECT public.trusted(:'trace') AS by_definer \gset
SELECT results_eq(format('SELECT source_id, created_by, outer_role FROM gaiops.assessments WHERE assessment_id = %L', :'by_definer'),
	format($$ VALUES ('ann@example.com', %L::text, 'gaiops_test_ann'::text) $$, SESSION_USER), 'within a SECURITY DEFINER function it is its owner who speaks, and who called it is on record');
SELECT gaiops_delete_feedback(gaiops_log_feedback(:'trace', 'who', 'self')) \g /dev/null
RESET ROLE;
SELECT results_eq('SELECT deleted_by, outer_role FROM gaiops.assessment_deletions ORDER BY deleted_at DESC LIMIT 1', $$ VALUES ('gaiops_test_ann'::name, 'gaiops_test_ann'::name) $$, 'of who is himself both are the same');
ALTER FUNCTION public.trusted OWNER TO gaiops_test_ann;
SELECT matches(pg_temp.raised(format('SELECT public.trusted(%L)', :'trace')), '^42501\npermission denied to speak for', 'an owner who may not speak for others may not, whoever calls');

-- Who has a function run in somebody's maintenance speaks for nobody.
CREATE FUNCTION public.say(n integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	PERFORM gaiops_log_feedback(trace_id, 'who', n, source_id => 'root') FROM gaiops.spans LIMIT 1;
	RETURN n;
END $$;
CREATE TABLE public.trap (n integer);
INSERT INTO public.trap VALUES (1);
SELECT matches(pg_temp.raised('CREATE INDEX ON public.trap (public.say(n))'), '^42501\ncannot execute gaiops_log_feedback\(\) within security-restricted operation', 'not as who makes an index');

-- Plans: what is one's own is found in the indexes.
CREATE FUNCTION public.explained(query text) RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	RETURN QUERY EXECUTE 'EXPLAIN (COSTS off) ' || query;
END $$;
CREATE FUNCTION public.scanned(query text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT (regexp_match(line, 'Seq Scan on (\w+_assessments)'))[1], ', ') FROM public.explained(query) AS line
$$;
INSERT INTO gaiops.human_assessments (assessment_id, trace_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	SELECT gen_random_uuid(), gen_random_uuid(), 'e', 'name ' || n % 1000, 'feedback', '1', 'HUMAN', 'x', now(), current_user FROM generate_series(1, 20000) AS n;
INSERT INTO gaiops.machine_assessments (assessment_id, session_id, experiment, name, kind, value, source_type, source_id, created_at, created_by)
	SELECT gen_random_uuid(), 'session ' || n, 'e', 'name ' || n % 1000, 'feedback', '1', 'CODE', 'x', now(), current_user FROM generate_series(1, 20000) AS n;
ANALYZE gaiops.human_assessments, gaiops.machine_assessments, gaiops.assessment_deletions;
SELECT is(public.scanned($$ SELECT count(*) FROM gaiops.assessments $$), 'human_assessments, machine_assessments', 'counting all scans');
SELECT is(public.scanned(format('SELECT * FROM gaiops.assessments WHERE %s', condition)), NULL, 'by ' || condition)
FROM unnest(ARRAY[format('trace_id = %L', :'open_trace'), 'session_id = ''session 7''', format('assessment_id = %L', :'id'), 'name = ''name 7''', format('trace_id = %L AND is_valid', :'open_trace'),
	format('trace_id = ANY (ARRAY[%L, %L]::uuid[]) AND kind = ''expectation'' AND is_valid', :'open_trace', :'other')]) AS condition;
SET ROLE gaiops_test_viewer;
SELECT is(public.scanned(format('SELECT * FROM gaiops.assessments WHERE %s', condition)), NULL, 'for a viewer by ' || condition)
FROM unnest(ARRAY[format('trace_id = %L', :'open_trace'), 'session_id = ''session 7''', format('assessment_id = %L', :'id'), 'name = ''name 7''']) AS condition;
RESET ROLE;
SELECT is(public.scanned(format('SELECT t.trace_id, a.value FROM unnest(%L::uuid[]) AS t (trace_id) JOIN gaiops.assessments AS a USING (trace_id)', ARRAY[:'trace', :'other'])), NULL, 'joined by traces');

-- Statistics are from when nothing was overridden, or there are none.
CREATE FUNCTION public.unbounded(query text) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM (SELECT line, lead(line) OVER () AS below FROM public.explained(query) AS line) AS l
	WHERE l.line ~ ' (human_assessments_overrides_idx|assessment_deletions_pkey)' AND l.below !~ 'Index Cond' OR l.line ~ 'Seq Scan on \w+_assessments'
$$;
ALTER TABLE gaiops.human_assessments SET (autovacuum_enabled = off);
ALTER TABLE gaiops.assessment_deletions SET (autovacuum_enabled = off);
DELETE FROM gaiops.human_assessments WHERE overrides IS NOT NULL;
INSERT INTO gaiops.assessment_deletions SELECT assessment_id, now(), current_user FROM (SELECT assessment_id FROM gaiops.human_assessments WHERE name LIKE 'name 1%' LIMIT 1000) AS a;
VACUUM ANALYZE gaiops.human_assessments, gaiops.assessment_deletions;
INSERT INTO gaiops.human_assessments (assessment_id, trace_id, experiment, name, kind, value, source_type, source_id, created_at, created_by, overrides)
	SELECT gen_random_uuid(), trace_id, 'e', name, kind, '1', 'HUMAN', 'x', now(), current_user, assessment_id FROM gaiops.human_assessments WHERE source_id = 'x' AND name LIKE 'name 1%';
SELECT is(public.unbounded(format('SELECT * FROM gaiops.assessments WHERE %s', condition)), 0::bigint, 'what overrides one is looked for alone with old statistics, by ' || condition)
FROM unnest(ARRAY[format('trace_id = %L', :'open_trace'), format('trace_id = %L AND is_valid', :'open_trace'), 'name = ''name 7'' AND is_valid', 'session_id = ''session 7'' AND NOT is_valid']) AS condition;
DELETE FROM pg_statistic WHERE starelid = 'gaiops.human_assessments'::regclass;
SELECT is(public.unbounded(format('SELECT * FROM gaiops.assessments WHERE trace_id = %L AND is_valid', :'open_trace')), 0::bigint, 'and with none');
ALTER TABLE gaiops.human_assessments RESET (autovacuum_enabled);
ALTER TABLE gaiops.assessment_deletions RESET (autovacuum_enabled);

SELECT gaiops_end_span(:'open') \g /dev/null
DROP OWNED BY gaiops_test_viewer, gaiops_test_ann, gaiops_test_bob, gaiops_test_proxy, gaiops_test_admin;
DROP ROLE gaiops_test_viewer, gaiops_test_ann, gaiops_test_bob, gaiops_test_proxy, gaiops_test_admin;
SELECT * FROM finish();
