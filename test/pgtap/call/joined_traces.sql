-- What the writer notes of traces that applications began: the first entry, by which gaiops.traces shows them.
\set ON_ERROR_STOP on
SET client_min_messages = error;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(13);
\getenv fault GAIOPS_FAULT_SERVER
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_create_endpoint('recovers', :'fault' || '/fault/503-then-ok,id=joined_traces/v1', model => 'gpt-4.1-mini', max_retries => 1) \g /dev/null

SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT is_empty('SELECT * FROM gaiops.joined_traces WHERE trace_id = gaiops_last_trace_id()', 'nothing of a call in a trace of its own');

SET gaiops.traceparent = '00-aaaabbbbccccddddaaaabbbbccccdddd-00f067aa0ba902b7-01';
SELECT gaiops_chat('recovers', 'Hi') \g /dev/null
SELECT gaiops_chat('echo', n::text) FROM generate_series(1, 3) AS n \g /dev/null
SELECT results_eq($$ SELECT j.span_id, j.start_time FROM gaiops.joined_traces AS j WHERE j.trace_id = 'aaaabbbb-cccc-dddd-aaaa-bbbbccccdddd' $$,
	$$ SELECT s.span_id, s.start_time FROM gaiops.spans AS s WHERE s.trace_id = 'aaaabbbb-cccc-dddd-aaaa-bbbbccccdddd' AND s.attempt = 1 ORDER BY s.start_time LIMIT 1 $$,
	'of calls that join a trace the first attempt of the first');
SELECT results_eq($$ SELECT endpoint, status, calls, attempts FROM gaiops.traces WHERE trace_id = 'aaaabbbb-cccc-dddd-aaaa-bbbbccccdddd' $$,
	$$ VALUES ('recovers', 'OK', 4::bigint, 5::bigint) $$, 'by which it is shown');
SELECT is(count(*), 1::bigint, 'and which says so itself') FROM gaiops.spans AS s JOIN gaiops.joined_traces AS j USING (trace_id, span_id)
WHERE s.trace_id = 'aaaabbbb-cccc-dddd-aaaa-bbbbccccdddd' AND s.entry_start_time = s.start_time;
SELECT is(count(*), 4::bigint, 'all else has the same time') FROM gaiops.spans AS s JOIN gaiops.joined_traces AS j USING (trace_id)
WHERE s.trace_id = 'aaaabbbb-cccc-dddd-aaaa-bbbbccccdddd' AND s.entry_start_time = j.start_time AND s.start_time > j.start_time;

-- An application goes on with a trace that began here, while that is open and later.
RESET gaiops.traceparent;
SELECT gaiops_start_span('ours') AS root \gset
SELECT gaiops_end_span() \g /dev/null
SELECT '00-' || gaiops_trace_id_hex(gaiops_last_trace_id()) || '-' || :'root' || '-01' AS traceparent, gaiops_last_trace_id() AS trace \gset
SET gaiops.traceparent = :'traceparent';
SELECT gaiops_chat('echo', n::text) FROM generate_series(1, 2) AS n \g /dev/null
SELECT results_eq(format('SELECT name, spans FROM gaiops.traces WHERE trace_id = %L', :'trace'), $$ VALUES ('ours', 3::bigint) $$,
	'what began a trace shows it, whatever joined it');

SELECT is_empty(format('SELECT * FROM gaiops.joined_traces WHERE trace_id = %L', :'trace'), 'and nothing that joined is named');

-- What was under way when the server died becomes a span when the writer starts: here another begins and leaves.
RESET gaiops.traceparent;
INSERT INTO gaiops.intents (trace_id, span_id, parent_span_id, name, span_type, purpose, experiment, session_role, role, is_entry, attempt, start_time, pid, incarnation)
VALUES ('11112222-cccc-dddd-aaaa-bbbbccccdddd', '0123456789abcdef', '00f067aa0ba902b7', 'lost', 'CHAT_MODEL', 'application', 'crash', current_user, current_user, true, 1,
	'2020-01-01 11:01+00', 1, gen_random_uuid());
-- Two that begin at one time are recorded in one commit.
INSERT INTO gaiops.intents (trace_id, span_id, parent_span_id, name, span_type, purpose, experiment, session_role, role, is_entry, start_time, pid, incarnation)
SELECT '22222222-cccc-dddd-aaaa-bbbbccccdddd', n, '00f067aa0ba902b7', n, 'CHAIN', 'application', 'crash', current_user, current_user, true, '2020-01-01 11:01+00', 1, gen_random_uuid()
FROM unnest('{first,second,third}'::text[]) AS n;
SELECT results_eq($$ SELECT name, status FROM gaiops.traces WHERE trace_id = '11112222-cccc-dddd-aaaa-bbbbccccdddd' $$, $$ VALUES ('lost', 'UNKNOWN') $$,
	'a trace that a crash left is shown');
SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE backend_type = 'genaiops writer' AND datname = current_database() \g /dev/null
SELECT gaiops_chat('echo', 'Hi') \g /dev/null
SELECT results_eq($$ SELECT span_id, start_time FROM gaiops.joined_traces WHERE trace_id = '11112222-cccc-dddd-aaaa-bbbbccccdddd' $$,
	$$ VALUES ('0123456789abcdef', timestamptz '2020-01-01 11:01+00') $$, 'and named when it has become a span');
SELECT results_eq($$ SELECT name, status FROM gaiops.traces WHERE trace_id = '11112222-cccc-dddd-aaaa-bbbbccccdddd' $$, $$ VALUES ('lost', 'UNKNOWN') $$,
	'which is shown by then');
SELECT results_eq($$ SELECT t.name, t.spans FROM gaiops.traces AS t WHERE t.trace_id = '22222222-cccc-dddd-aaaa-bbbbccccdddd' $$,
	$$ SELECT j.span_id, 3::bigint FROM gaiops.joined_traces AS j WHERE j.trace_id = '22222222-cccc-dddd-aaaa-bbbbccccdddd' $$, 'of those that begin at one time, one shows the trace');
SELECT results_eq($$ SELECT s.start_time - s.entry_start_time FROM gaiops.spans AS s WHERE s.trace_id = '22222222-cccc-dddd-aaaa-bbbbccccdddd' ORDER BY 1 $$,
	$$ VALUES (interval '0'), ('1 microsecond'), ('1 microsecond') $$, 'and the others say another time than their own');
SELECT is(count(*), count(DISTINCT trace_id), 'no trace is shown twice') FROM gaiops.traces;
SELECT * FROM finish();
