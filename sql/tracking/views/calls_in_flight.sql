CREATE OR REPLACE VIEW gaiops.calls_in_flight WITH (security_invoker = true) AS
	SELECT i.trace_id, i.span_id, i.parent_span_id, i.name, i.span_type,
		CASE WHEN i.incarnation IS DISTINCT FROM gaiops.incarnation() THEN 'UNKNOWN' ELSE 'IN_PROGRESS' END AS status,
		i.start_time,
		(extract(epoch FROM clock_timestamp() - i.start_time) * 1000)::double precision AS age_ms, i.experiment,
		i.purpose, i.run_id, i.endpoint, i.target, i.provider, i.model, i.attempt, i.prompt_name, i.prompt_version,
		i.prompt_hash, i.session_id, i.user_id, i.session_role::text COLLATE "default",
		i.role::text COLLATE "default", i.application_name, host(i.client_addr) AS client_addr,
		i.is_entry, i.pid, i.incarnation,
		CASE WHEN i.incarnation = gaiops.incarnation() THEN gaiops.awaited(i.pid) END AS wait_event
	FROM gaiops.intents AS i;
COMMENT ON VIEW gaiops.calls_in_flight IS
	'One row per attempt to call a model, and per open span, that has no row in gaiops.spans yet';
COMMENT ON COLUMN gaiops.calls_in_flight.trace_id IS 'Trace the span belongs to';
COMMENT ON COLUMN gaiops.calls_in_flight.span_id IS 'Span, 16 lower-case hexadecimal digits, unique in its trace';
COMMENT ON COLUMN gaiops.calls_in_flight.parent_span_id IS 'Span that this one is part of; NULL for a root';
COMMENT ON COLUMN gaiops.calls_in_flight.name IS 'What was done, such as "chat gpt-4.1-mini"';
COMMENT ON COLUMN gaiops.calls_in_flight.span_type IS 'CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING and so on';
COMMENT ON COLUMN gaiops.calls_in_flight.status IS
	'IN_PROGRESS, or UNKNOWN when the server has died since: its outcome will never be known';
COMMENT ON COLUMN gaiops.calls_in_flight.start_time IS 'When the attempt or span began';
COMMENT ON COLUMN gaiops.calls_in_flight.age_ms IS 'Milliseconds since then';
COMMENT ON COLUMN gaiops.calls_in_flight.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.calls_in_flight.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.calls_in_flight.run_id IS 'Run by id; NULL outside a run';
COMMENT ON COLUMN gaiops.calls_in_flight.endpoint IS 'Endpoint by name; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.calls_in_flight.target IS 'Upstream behind the endpoint, as provider/model';
COMMENT ON COLUMN gaiops.calls_in_flight.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.calls_in_flight.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.calls_in_flight.attempt IS
	'Number of the attempt, from 1; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.calls_in_flight.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.calls_in_flight.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.calls_in_flight.prompt_hash IS 'Hash of that version''s content';
COMMENT ON COLUMN gaiops.calls_in_flight.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.calls_in_flight.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.calls_in_flight.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.calls_in_flight.role IS 'Database role in force at the call';
COMMENT ON COLUMN gaiops.calls_in_flight.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.calls_in_flight.client_addr IS 'Address of the client; NULL over a Unix socket';
COMMENT ON COLUMN gaiops.calls_in_flight.is_entry IS
	'Whether this is where the trace entered the database: no parent recorded here, first attempt';
COMMENT ON COLUMN gaiops.calls_in_flight.pid IS 'Server process that makes the call, as in pg_stat_activity';
COMMENT ON COLUMN gaiops.calls_in_flight.incarnation IS 'Life of the server that it began in';
COMMENT ON COLUMN gaiops.calls_in_flight.wait_event IS
	'What that process waits for now: GaiopsCall, GaiopsRecordCommit and so on; NULL if for nothing of ours';
