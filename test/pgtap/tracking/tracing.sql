-- Spans an application opens, their lifetimes and nesting; tags, experiments,
-- trace ids.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(67);
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null

-- name, status, class, and the name of the parent of every span of the latest
-- trace, in the order they began.
CREATE FUNCTION public.tree() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.name, s.span_type, s.status, s.error_class, 'in ' || (SELECT p.name FROM gaiops.spans p
		WHERE p.trace_id = s.trace_id AND p.span_id = s.parent_span_id))
	FROM gaiops.spans s WHERE s.trace_id = pg_catalog.gaiops_last_trace_id() ORDER BY s.start_time
$$;
-- What ends by an error is recorded without waiting: that is here waited for.
CREATE FUNCTION public.settled_tree() RETURNS SETOF text LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. 1000 LOOP
		EXIT WHEN NOT EXISTS (SELECT FROM gaiops.intents);
		PERFORM pg_sleep(0.01);
	END LOOP;
	RETURN QUERY SELECT * FROM public.tree();
END $$;
CREATE FUNCTION public.forget() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	LOOP
		PERFORM pg_catalog.gaiops_end_span();
	END LOOP;
EXCEPTION WHEN object_not_in_prerequisite_state THEN NULL;
END $$;

-- The beginning -----------------------------------------------------------------

SELECT is(gaiops_last_trace_id(), NULL, 'no trace yet');
SELECT throws_ok($$ SELECT gaiops_end_span() $$, '55000', 'no span is open in this session', 'no span yet');
SELECT throws_ok($$ SELECT gaiops_end_span('00f067aa0ba902b7') $$, '55000', 'span "00f067aa0ba902b7" is not open in this session', 'nor that one');
SELECT throws_ok(format('SELECT gaiops_start_span(%s)', a), s, m, 'gaiops_start_span(' || left(a, 30) || ')')
FROM (VALUES ('NULL', '22004', 'argument "name" must not be null'),
	('''''', '22023', 'name of a span must have 1 to 255 bytes'),
	('repeat(''ä'', 128)', '22023', 'name of a span must have 1 to 255 bytes'),
	('''s'', NULL', '22004', 'argument "span_type" must not be null'),
	('''s'', ''THOUGHT''', '22023', 'unknown span type "THOUGHT"'),
	('''s'', ''''', '22023', 'unknown span type ""'),
	('''s'', attributes => ''[]''', '22023', 'argument "attributes" must be a JSON object'),
	('''s'', attributes => ''null''', '22023', 'argument "attributes" must be a JSON object')) AS c (a, s, m);
SELECT is((SELECT count(*) FROM gaiops.intents), 0::bigint, 'nothing of these is on record');

-- Nesting ---------------------------------------------------------------------

SELECT gaiops_start_span('agent', 'agent', inputs => '{"question": "Why?"}', attributes => '{"app.version": 2}') AS agent \gset
SELECT matches(:'agent'::text, '^[0-9a-f]{16}$', 'a span id is 16 hexadecimal digits');
SELECT is((SELECT status FROM gaiops.calls_in_flight WHERE span_id = :'agent'), 'IN_PROGRESS', 'an open span is seen at once');
SELECT gaiops_start_span('search', 'Retriever') AS search \gset
SELECT gaiops_chat('echo', 'first') \g /dev/null
SELECT gaiops_end_span(:'search', outputs => '[1, 2]') \g /dev/null
SELECT gaiops_chat('echo', 'second') \g /dev/null
SELECT gaiops_start_span('left open', 'TOOL') \g /dev/null
SELECT gaiops_end_span(:'agent', outputs => '"Because."', status => 'ERROR', attributes => '{"app.cost": 1.50}') \g /dev/null
SELECT results_eq('SELECT * FROM public.tree()', ARRAY[
	'agent AGENT ERROR', 'search RETRIEVER OK in agent', 'chat builtin-echo CHAT_MODEL OK in search',
	'chat builtin-echo CHAT_MODEL OK in agent', 'left open TOOL ERROR in agent'], 'spans nest, calls are their children');
SELECT is((SELECT array_agg(is_entry ORDER BY start_time) FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()),
	ARRAY[true, false, false, false, false], 'one of them entered the database');
SELECT is((SELECT string_agg(concat_ws(' ', kind, inputs, attributes), '; ' ORDER BY kind)
	FROM gaiops.span_payloads JOIN gaiops.spans USING (trace_id, span_id) WHERE name = 'agent'),
	'request {"question": "Why?"} {"app.version": 2}; response "Because." {"app.cost": 1.50}',
	'inputs, outputs and attributes are kept');
SELECT is((SELECT count(*) FROM gaiops.calls_in_flight), 0::bigint, 'nothing is open any more');
SELECT throws_ok(format('SELECT gaiops_end_span(%L)', :'agent'), '55000', NULL, 'a span ends once');
SELECT gaiops_chat('echo', 'outside') \g /dev/null
SELECT results_eq('SELECT * FROM public.tree()', ARRAY['chat builtin-echo CHAT_MODEL OK'], 'a later call is a trace of its own');
SELECT throws_ok($$ SELECT gaiops_end_span(status => 'FINE') $$, '22023', 'invalid status "FINE"', 'a status that is none');
SELECT throws_ok($$ SELECT gaiops_end_span(status => NULL) $$, '22004', 'argument "status" must not be null', 'no status');
SELECT is(count(gaiops_start_span(t, t)), 15::bigint, 'all span types')
FROM unnest(ARRAY['LLM', 'CHAT_MODEL', 'CHAIN', 'AGENT', 'TOOL', 'RETRIEVER', 'EMBEDDING', 'RERANKER', 'PARSER', 'GUARDRAIL', 'EVALUATOR',
	'MEMORY', 'WORKFLOW', 'TASK', 'UNKNOWN']) t;
SELECT public.forget() \g /dev/null
SELECT throws_ok($$ DO 'BEGIN FOR i IN 1 .. 300 LOOP PERFORM gaiops_start_span(i::text); END LOOP; END' $$, '54000', 'too many open spans', 'a limit of open spans');
SELECT public.forget() \g /dev/null

-- Lifetimes -------------------------------------------------------------------

BEGIN;
SELECT gaiops_start_span('block') \g /dev/null
SELECT gaiops_start_span('inner') \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
COMMIT;
SELECT results_eq('SELECT * FROM public.tree()', ARRAY['block CHAIN OK', 'inner CHAIN OK in block', 'chat builtin-echo CHAT_MODEL OK in inner'],
	'COMMIT ends the spans of the block');
SELECT throws_ok($$ SELECT gaiops_end_span() $$, '55000', NULL, 'none is open after it');
BEGIN;
SELECT gaiops_start_span('block') \g /dev/null
ROLLBACK;
SELECT results_eq('SELECT * FROM public.settled_tree()', ARRAY['block CHAIN ERROR aborted'], 'ROLLBACK ends them with an error');
SELECT throws_ok($$ SELECT gaiops_end_span() $$, '55000', NULL, 'none is open after that');
BEGIN;
SELECT gaiops_start_span('block') \g /dev/null
SAVEPOINT a;
SELECT gaiops_start_span('undone') \g /dev/null
ROLLBACK TO a;
SELECT gaiops_start_span('after') \g /dev/null
SAVEPOINT b;
SELECT gaiops_start_span('released') \g /dev/null
RELEASE b;
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
COMMIT;
SELECT results_eq('SELECT * FROM public.settled_tree()', ARRAY['block CHAIN OK', 'undone CHAIN ERROR aborted in block', 'after CHAIN OK in block',
	'released CHAIN OK in after', 'chat builtin-echo CHAT_MODEL OK in after'], 'those of a savepoint end with it');

SELECT gaiops_start_span('session') \g /dev/null
BEGIN;
SELECT gaiops_start_span('block') \g /dev/null
ROLLBACK;
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT results_eq('SELECT * FROM public.settled_tree()', ARRAY['session CHAIN OK', 'block CHAIN ERROR aborted in session', 'chat builtin-echo CHAT_MODEL OK in session'],
	'one opened outside a block lives on');

DO $$
BEGIN
	PERFORM gaiops_start_span('do');
	BEGIN
		PERFORM gaiops_start_span('handled');
		PERFORM gaiops_chat('echo', 'Hi');
		RAISE 'oh';
	EXCEPTION WHEN OTHERS THEN NULL;
	END;
	PERFORM gaiops_end_span();
END $$;
SELECT results_eq('SELECT * FROM public.settled_tree()', ARRAY['do CHAIN OK', 'handled CHAIN ERROR aborted in do', 'chat builtin-echo CHAT_MODEL OK in handled'],
	'an exception handler ends those of its block; the call is what it was');

CREATE PROCEDURE public.steps() LANGUAGE plpgsql AS $$
BEGIN
	PERFORM gaiops_start_span('procedure');
	PERFORM gaiops_chat('echo', 'one');
	COMMIT;
	PERFORM gaiops_chat('echo', 'two');
	ROLLBACK;
	PERFORM gaiops_chat('echo', 'three');
	PERFORM gaiops_end_span();
END $$;
CALL public.steps();
SELECT results_eq('SELECT * FROM public.tree()', ARRAY['procedure CHAIN OK'] || array_fill('chat builtin-echo CHAT_MODEL OK in procedure'::text, ARRAY[3]),
	'a span of a procedure lives through its transactions');

-- The trace of the application --------------------------------------------------

BEGIN;
SET LOCAL gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_start_span('joined') \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is(gaiops_trace_id_hex(gaiops_last_trace_id()), '4bf92f3577b34da6a3ce929d0e0e4736', 'gaiops.traceparent is joined');
COMMIT;
SELECT is((SELECT concat_ws(' ', name, parent_span_id, is_entry) FROM gaiops.spans WHERE trace_id = '4bf92f3577b34da6a3ce929d0e0e4736' ORDER BY start_time LIMIT 1),
	'joined 00f067aa0ba902b7 t', 'by its span; the entry into the database is seen');
SELECT results_eq('SELECT * FROM public.tree()', ARRAY['joined CHAIN OK', 'chat builtin-echo CHAT_MODEL OK in joined'], 'a call is within it');
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT isnt(gaiops_trace_id_hex(gaiops_last_trace_id()), '4bf92f3577b34da6a3ce929d0e0e4736', 'for that transaction only');
SELECT matches(gaiops_trace_id_hex(gaiops_last_trace_id()), '^[0-9a-f]{32}$', '32 hexadecimal digits');
SELECT is(gaiops_trace_id_hex(NULL), NULL, 'NULL has none');

-- What a rollback leaves ----------------------------------------------------------

BEGIN;
SELECT gaiops_set_experiment('Rolled back') \g /dev/null
SELECT gaiops_chat('echo', 'Hi', tags => '{"kept": "yes"}') \g /dev/null
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'late', 'yes') \g /dev/null
SELECT gaiops_last_trace_id() AS trace \gset
ROLLBACK;
SELECT is((SELECT experiment FROM gaiops.spans WHERE trace_id = :'trace'), 'Rolled back', 'the call');
SELECT is((SELECT count(*) FROM gaiops.experiments WHERE name = 'Rolled back'), 1::bigint, 'its experiment');
SELECT is((SELECT jsonb_object_agg(key, value) FROM gaiops.trace_tags WHERE trace_id = :'trace'), '{"kept": "yes", "late": "yes"}', 'its tags');
SELECT is(current_setting('gaiops.experiment'), '', 'but not the setting');

-- Tags ----------------------------------------------------------------------------

SELECT gaiops_set_trace_tag(:'trace', 'late', 'replaced') \g /dev/null
SELECT is((SELECT value FROM gaiops.trace_tags WHERE trace_id = :'trace' AND key = 'late'), 'replaced', 'a tag is replaced');
SELECT throws_ok(format('SELECT gaiops_set_trace_tag(%s)', a), s, m, 'gaiops_set_trace_tag(' || left(a, 50) || ')')
FROM (VALUES ('NULL, ''k'', ''v''', '22004', 'argument "trace_id" must not be null'),
	(format('%L, NULL, ''v''', :'trace'), '22004', 'argument "key" must not be null'),
	(format('%L, ''k'', NULL', :'trace'), '22004', 'argument "value" must not be null'),
	(format('%L, '''', ''v''', :'trace'), '22023', 'key of a tag must have 1 to 255 bytes'),
	(format('%L, repeat(''k'', 256), ''v''', :'trace'), '22023', 'key of a tag must have 1 to 255 bytes'),
	(format('%L, ''k'', repeat(''v'', 2049)', :'trace'), '22023', 'value of tag "k" is too long'),
	('''00000000-0000-0000-0000-000000000000'', ''k'', ''v''', '42704', 'trace "00000000-0000-0000-0000-000000000000" does not exist')) AS c (a, s, m);
-- Of random text, which an index cannot compress.
SELECT pg_catalog.left(pg_catalog.string_agg(pg_catalog.encode(pg_catalog.sha256(pg_catalog.int4send(i)), 'base64'), ''), 2048) AS dense
FROM pg_catalog.generate_series(1, 50) AS i \gset
SELECT lives_ok(format('SELECT gaiops_set_trace_tag(%L, %L, %L)', :'trace', left(:'dense', 255), :'dense'), 'a tag at its limits');
SELECT lives_ok(format('SELECT gaiops_set_trace_tag(%L, ''hex'', ''yes'')', gaiops_trace_id_hex(:'trace')), 'a trace id in hexadecimal');
BEGIN ISOLATION LEVEL REPEATABLE READ;
SELECT count(*) FROM gaiops.spans \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT lives_ok($$ SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'k', 'v') $$, 'a trace is found that the snapshot does not show');
COMMIT;
SELECT gaiops_start_span('open') \g /dev/null
SELECT lives_ok($$ SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'k', 'v') $$, 'and one under way');
SELECT gaiops_end_span() \g /dev/null

-- Experiments -----------------------------------------------------------------------

SELECT is(gaiops_set_experiment('Walk'), 'Walk', 'gaiops_set_experiment() returns the name');
SELECT is(current_setting('gaiops.experiment'), 'Walk', 'and sets it');
SELECT is((SELECT created_by FROM gaiops.experiments WHERE name = 'Walk'), current_user::text, 'and makes it');
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is((SELECT experiment FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()), 'Walk', 'calls are in it');
BEGIN;
SELECT gaiops_set_experiment('For a while', is_local => true) \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is((SELECT experiment FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id()), 'For a while', 'is_local');
COMMIT;
SELECT is(current_setting('gaiops.experiment'), 'Walk', 'is for the transaction');
SELECT throws_ok(format('SELECT gaiops_set_experiment(%s)', a), s, m, 'gaiops_set_experiment(' || a || ')')
FROM (VALUES ('NULL', '22004', 'argument "name" must not be null'), ('''''', '22023', 'name of an experiment must have 1 to 255 bytes'),
	('repeat(''ä'', 128)', '22023', 'name of an experiment must have 1 to 255 bytes')) AS c (a, s, m);
SET gaiops.experiment = 'Set by hand';
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is((SELECT count(*) FROM gaiops.experiments WHERE name = 'Set by hand'), 1::bigint, 'one that is only set is made by the call');
SELECT throws_ok(format('SET gaiops.experiment = %L; SELECT gaiops_chat(''echo'', ''Hi'')', repeat('ä', 128)), '22023', 'experiment name is too long',
	'a name too long is refused by the call');
SELECT is((SELECT count(*) FROM gaiops.traces WHERE experiment = 'Walk'), 1::bigint, 'gaiops.traces shows them');

SELECT throws_ok($$ CREATE MATERIALIZED VIEW public.m AS SELECT gaiops_start_span('left open') $$, '42501',
	'cannot execute gaiops_start_span() within security-restricted operation', 'a span is not opened for whoever refreshes a view');

SELECT * FROM finish();
