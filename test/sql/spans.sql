-- Spans of an application, and what the views show of them.
SELECT gaiops_create_endpoint('echo', 'builtin:echo') \g /dev/null
SELECT gaiops_last_trace_id();
SELECT gaiops_set_experiment('Walk');
BEGIN;
SELECT gaiops_start_span('answer', 'AGENT', inputs => '{"question": "Why?"}') ~ '^[0-9a-f]{16}$' AS id;
SELECT gaiops_start_span('search', 'RETRIEVER', attributes => '{"top_k": 3}') ~ '^[0-9a-f]{16}$' AS id;
SELECT gaiops_end_span(outputs => '["a", "b"]');
SELECT gaiops_chat('echo', 'Because.');
SELECT gaiops_set_trace_tag(gaiops_last_trace_id(), 'reviewed', 'no');
SELECT gaiops_end_span(outputs => '"Because."');
COMMIT;
SELECT s.name, s.span_type, s.status, s.is_entry, s.attempt, p.name AS parent
FROM gaiops.spans s LEFT JOIN gaiops.spans p ON p.trace_id = s.trace_id AND p.span_id = s.parent_span_id
WHERE s.trace_id = gaiops_last_trace_id() ORDER BY s.start_time;
SELECT s.name, p.kind, p.inputs, p.attributes FROM gaiops.spans s JOIN gaiops.span_payloads p USING (trace_id, span_id)
WHERE s.trace_id = gaiops_last_trace_id() AND s.attempt IS NULL ORDER BY s.start_time, p.kind;
SELECT status, name, experiment, calls, attempts, errors, spans, cost, request_preview, response_preview, tags
FROM gaiops.traces WHERE trace_id = gaiops_last_trace_id();
-- Every call of the same experiment, without a word more.
SELECT gaiops_chat('echo', 'Hi');
SELECT name, status, experiment FROM gaiops.traces WHERE experiment = 'Walk' ORDER BY start_time;
SELECT name, created_by = current_user AS mine FROM gaiops.experiments WHERE name = 'Walk';
-- For a transaction.
BEGIN;
SELECT gaiops_set_experiment('For a while', true);
SHOW gaiops.experiment;
SELECT gaiops_chat('echo', 'Hi');
ROLLBACK;
SHOW gaiops.experiment;
SELECT name FROM gaiops.experiments WHERE name = 'For a while';
SELECT experiment, count(*) FROM gaiops.spans WHERE experiment = 'For a while' GROUP BY 1;
RESET gaiops.experiment;
SELECT gaiops_chat('echo', 'Hi');
SELECT experiment FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
-- DISCARD ALL is what a pooler runs between two clients.
SELECT gaiops_set_experiment('Of the first');
SELECT gaiops_start_span('left open') ~ '^[0-9a-f]{16}$' AS id;
SELECT gaiops_last_trace_id() AS trace \gset
DISCARD ALL;
SELECT gaiops_last_trace_id();
SHOW gaiops.experiment;
SELECT gaiops_end_span();
SELECT gaiops_chat('echo', 'second');
SELECT name, status, parent_span_id, experiment FROM gaiops.spans WHERE trace_id = gaiops_last_trace_id();
SELECT name, status, experiment FROM gaiops.spans WHERE trace_id = :'trace';
SELECT count(*) FROM gaiops.calls_in_flight;
SELECT gaiops_drop_endpoint('echo') \g /dev/null
