-- Every span there is, recorded or not yet.  The other views on spans rest on it.
CREATE OR REPLACE VIEW gaiops.all_spans WITH (security_invoker = true) AS
	SELECT s.trace_id, s.span_id, s.parent_span_id, s.name, s.span_type, s.status, s.error_class, s.error_message,
		s.purpose, s.experiment, s.run_id, s.endpoint, s.target, s.provider, s.model, s.response_model,
		s.response_id, s.finish_reason, s.prompt_name, s.prompt_version, s.prompt_hash, s.session_id, s.user_id,
		s.session_role::text COLLATE "default", s.role::text COLLATE "default", s.application_name,
		host(s.client_addr) AS client_addr, s.is_entry, s.attempt, s.http_status,
		s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens,
		s.cost::numeric(38, 18),
		s.start_time, s.latency_ms, s.gateway_ms, s.time_to_first_token_ms, s.priced_model, true AS is_recorded,
		s.call_start_time, s.retry_reason, s.entry_start_time
	FROM gaiops.spans AS s
	UNION ALL
	SELECT i.trace_id, i.span_id, i.parent_span_id, i.name, i.span_type,
		CASE WHEN i.incarnation IS DISTINCT FROM gaiops.incarnation() THEN 'UNKNOWN' ELSE 'IN_PROGRESS' END,
		CASE WHEN i.incarnation IS DISTINCT FROM gaiops.incarnation() THEN 'unknown' END, NULL::text, i.purpose,
			i.experiment, i.run_id, i.endpoint, i.target, i.provider, i.model,
		NULL::text, NULL::text, NULL::text, i.prompt_name, i.prompt_version, i.prompt_hash, i.session_id, i.user_id,
		i.session_role::text COLLATE "default", i.role::text COLLATE "default", i.application_name,
		host(i.client_addr), i.is_entry, i.attempt, NULL::integer,
		NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::numeric(38, 18), i.start_time,
		NULL::double precision, NULL::double precision, NULL::double precision, NULL::text, false,
		i.call_start_time, i.retry_reason, i.entry_start_time
	FROM gaiops.intents AS i;
COMMENT ON VIEW gaiops.all_spans IS
	'One row per span: those in gaiops.spans, and those of gaiops.calls_in_flight with status IN_PROGRESS or UNKNOWN';
COMMENT ON COLUMN gaiops.all_spans.trace_id IS 'Trace the span belongs to';
COMMENT ON COLUMN gaiops.all_spans.span_id IS 'Span, 16 lower-case hexadecimal digits, unique in its trace';
COMMENT ON COLUMN gaiops.all_spans.parent_span_id IS 'Span that this one is part of; NULL for a root';
COMMENT ON COLUMN gaiops.all_spans.name IS 'What was done, such as "chat gpt-4.1-mini"';
COMMENT ON COLUMN gaiops.all_spans.span_type IS 'CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING and so on';
COMMENT ON COLUMN gaiops.all_spans.status IS 'OK, ERROR, UNKNOWN when the server died in mid-call, or IN_PROGRESS';
COMMENT ON COLUMN gaiops.all_spans.error_class IS 'Kind of failure, such as timeout or rate_limited; NULL if none';
COMMENT ON COLUMN gaiops.all_spans.error_message IS 'What the caller was told; NULL if nothing failed';
COMMENT ON COLUMN gaiops.all_spans.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.all_spans.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.all_spans.run_id IS 'Run by id; NULL outside a run';
COMMENT ON COLUMN gaiops.all_spans.endpoint IS 'Endpoint by name; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.all_spans.target IS 'Upstream behind the endpoint, as provider/model';
COMMENT ON COLUMN gaiops.all_spans.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.all_spans.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.all_spans.response_model IS 'Model that said it answered';
COMMENT ON COLUMN gaiops.all_spans.response_id IS 'Id the upstream gave its answer';
COMMENT ON COLUMN gaiops.all_spans.finish_reason IS
	'Why the model stopped, such as stop, length or tool_calls; no_content when it answered nothing, whatever it gave';
COMMENT ON COLUMN gaiops.all_spans.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.all_spans.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.all_spans.prompt_hash IS 'Hash of that version''s content';
COMMENT ON COLUMN gaiops.all_spans.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.all_spans.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.all_spans.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.all_spans.role IS 'Database role in force at the call';
COMMENT ON COLUMN gaiops.all_spans.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.all_spans.client_addr IS 'Address of the client; NULL over a Unix socket';
COMMENT ON COLUMN gaiops.all_spans.is_entry IS
	'Whether this is where the trace entered the database: no parent recorded here, first attempt';
COMMENT ON COLUMN gaiops.all_spans.attempt IS 'Number of the attempt, from 1; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.all_spans.http_status IS 'HTTP status of the answer; NULL if none came';
COMMENT ON COLUMN gaiops.all_spans.input_tokens IS 'Tokens of input, cached ones included; NULL if unknown';
COMMENT ON COLUMN gaiops.all_spans.output_tokens IS 'Tokens of output, reasoning ones included; NULL if unknown';
COMMENT ON COLUMN gaiops.all_spans.cached_input_tokens IS 'Input tokens read from a cache; NULL if unknown';
COMMENT ON COLUMN gaiops.all_spans.cache_write_tokens IS 'Input tokens written to a cache; NULL if unknown';
COMMENT ON COLUMN gaiops.all_spans.reasoning_tokens IS 'Output tokens spent on reasoning; NULL if unknown';
COMMENT ON COLUMN gaiops.all_spans.cost IS 'US dollars, exact; NULL if a price or a count is unknown';
COMMENT ON COLUMN gaiops.all_spans.start_time IS 'When the attempt or span began';
COMMENT ON COLUMN gaiops.all_spans.latency_ms IS 'Milliseconds from start to end; NULL if unknown';
COMMENT ON COLUMN gaiops.all_spans.gateway_ms IS 'Milliseconds of it spent waiting for the gateway';
COMMENT ON COLUMN gaiops.all_spans.time_to_first_token_ms IS 'Milliseconds to the first token; NULL unless streamed';
COMMENT ON COLUMN gaiops.all_spans.priced_model IS
	'Model whose prices gave the cost, the one asked for or the one that answered; '
	'NULL if the cost is unknown or of 0.1.0';
COMMENT ON COLUMN gaiops.all_spans.is_recorded IS
	'Whether it is in gaiops.spans; what is not has IN_PROGRESS or UNKNOWN as its status';
COMMENT ON COLUMN gaiops.all_spans.call_start_time IS
	'Of an attempt after another: when the first one of the call began; NULL otherwise, and before 0.2.0';
COMMENT ON COLUMN gaiops.all_spans.retry_reason IS
	'Of an attempt after another: error_class of the one before; NULL otherwise, and before 0.2.0';
COMMENT ON COLUMN gaiops.all_spans.entry_start_time IS
	'When the trace entered the database, of a span that is no entry, or of an entry where an application began '
	'the trace: its own start says that the trace is shown by it; NULL otherwise, and before 0.2.0';
