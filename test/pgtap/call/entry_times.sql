-- What spans say of the one where their trace entered the database, by which gaiops.traces passes them by.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(5);
\getenv fault GAIOPS_FAULT_SERVER
SELECT gaiops_create_endpoint('recovers', :'fault' || '/fault/503-then-ok,id=entry_times/v1', model => 'gpt-4.1-mini', max_retries => 1) \g /dev/null
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null

SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is(entry_start_time, NULL, 'an entry says nothing') FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();

BEGIN;
SELECT gaiops_start_span('outer') \g /dev/null
SELECT gaiops_start_span('inner') \g /dev/null
SELECT gaiops_chat('recovers', 'Hi') \g /dev/null
SELECT results_eq($$ SELECT s.name, s.attempt, s.is_entry, s.entry_start_time = (SELECT o.start_time FROM gaiops.all_spans AS o WHERE o.name = 'outer')
		FROM gaiops.all_spans AS s WHERE s.trace_id = gaiops_last_trace_id() ORDER BY s.start_time $$,
	$$ VALUES ('outer', NULL, true, NULL), ('inner', NULL, false, true), ('chat gpt-4.1-mini', 1, false, true), ('chat gpt-4.1-mini', 2, false, true) $$,
	'all that is within a span does, while that is open');
COMMIT;
SELECT is(count(s.entry_start_time), 3::bigint, 'and when it has ended') FROM gaiops.spans AS s WHERE s.trace_id = gaiops_last_trace_id();

-- In a trace of an application's.
SET gaiops.traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
SELECT gaiops_start_span('joined') \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT gaiops_end_span() \g /dev/null
SELECT results_eq($$ SELECT s.is_entry, s.entry_start_time = (SELECT o.start_time FROM gaiops.spans AS o WHERE o.name = 'joined')
		FROM gaiops.spans AS s WHERE s.trace_id = '4bf92f35-77b3-4da6-a3ce-929d0e0e4736' ORDER BY s.start_time $$,
	$$ VALUES (true, true), (false, true) $$, 'so it is where an application began the trace, and the first entry says it, too');

-- What a crash left says so, too.
INSERT INTO gaiops.intents (trace_id, span_id, name, span_type, purpose, experiment, session_role, role, is_entry, start_time, pid, incarnation, entry_start_time)
VALUES ('4bf92f35-77b3-4da6-a3ce-929d0e0e4736', '0123456789abcdef', 'lost', 'TOOL', 'application', 'crash', current_user, current_user, false,
	'2020-01-01 11:01+00', 1, gen_random_uuid(), '2020-01-01 10:59+00');
SELECT is(s.entry_start_time, '2020-01-01 10:59+00'::timestamptz, 'a span that a crash left does') FROM gaiops.all_spans AS s WHERE s.name = 'lost';
SELECT * FROM finish();
