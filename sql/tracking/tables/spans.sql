-- What happened.  Indexes and keys are declared on each partition and none on
-- the parent: a dump with partitions made later could not be restored otherwise.
-- gaiops.make_partition() gives every partition what the default one has here.
-- There are no CHECKs: the writer is the only one to write, and would have to
-- set them up anew for every commit.

CREATE TABLE gaiops.spans (
	trace_id                uuid NOT NULL,
	span_id                 text NOT NULL,
	parent_span_id          text,
	name                    text NOT NULL,
	span_type               text NOT NULL,
	status                  text NOT NULL,
	error_class             text,
	error_message           text,
	purpose                 text NOT NULL,
	experiment              text NOT NULL,
	run_id                  uuid,
	endpoint                text,
	target                  text,
	provider                text,
	model                   text,
	response_model          text,
	response_id             text,
	finish_reason           text,
	prompt_name             text,
	prompt_version          integer,
	prompt_hash             text,
	session_id              text,
	user_id                 text,
	session_role            name NOT NULL,
	role                    name NOT NULL,
	application_name        text,
	client_addr             inet,
	is_entry                boolean NOT NULL,
	attempt                 integer,
	http_status             integer,
	input_tokens            bigint,
	output_tokens           bigint,
	cached_input_tokens     bigint,
	cache_write_tokens      bigint,
	reasoning_tokens        bigint,
	cost                    numeric,
	start_time              timestamptz NOT NULL,
	latency_ms              double precision,
	gateway_ms              double precision,
	time_to_first_token_ms  double precision,
	priced_model            text,
	call_start_time         timestamptz,
	retry_reason            text,
	entry_start_time        timestamptz
) PARTITION BY RANGE (start_time);

COMMENT ON TABLE gaiops.spans IS
	'One row per finished span: every attempt to call a model, '
	'and every span an application opened; partitioned by month';
COMMENT ON COLUMN gaiops.spans.trace_id IS 'Trace the span belongs to';
COMMENT ON COLUMN gaiops.spans.span_id IS 'Span, 16 lower-case hexadecimal digits, unique in its trace';
COMMENT ON COLUMN gaiops.spans.parent_span_id IS 'Span that this one is part of; NULL for a root';
COMMENT ON COLUMN gaiops.spans.name IS 'What was done, such as "chat gpt-4.1-mini"';
COMMENT ON COLUMN gaiops.spans.span_type IS 'CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING and so on';
COMMENT ON COLUMN gaiops.spans.status IS 'OK, ERROR, or UNKNOWN when the server died in mid-call';
COMMENT ON COLUMN gaiops.spans.error_class IS 'Kind of failure, such as timeout or rate_limited; NULL if none';
COMMENT ON COLUMN gaiops.spans.error_message IS 'What the caller was told; NULL if nothing failed';
COMMENT ON COLUMN gaiops.spans.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.spans.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.spans.run_id IS 'Run by id; NULL outside a run';
COMMENT ON COLUMN gaiops.spans.endpoint IS 'Endpoint by name; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.spans.target IS 'Upstream behind the endpoint, as provider/model';
COMMENT ON COLUMN gaiops.spans.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.spans.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.spans.response_model IS 'Model that said it answered';
COMMENT ON COLUMN gaiops.spans.response_id IS 'Id the upstream gave its answer';
COMMENT ON COLUMN gaiops.spans.finish_reason IS
	'Why the model stopped, such as stop, length or tool_calls; no_content when it answered nothing, whatever it gave';
COMMENT ON COLUMN gaiops.spans.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.spans.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.spans.prompt_hash IS 'Hash of that version''s content';
COMMENT ON COLUMN gaiops.spans.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.spans.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.spans.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.spans.role IS 'Database role in force at the call';
COMMENT ON COLUMN gaiops.spans.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.spans.client_addr IS 'Address of the client; NULL over a Unix socket';
COMMENT ON COLUMN gaiops.spans.is_entry IS
	'Whether this is where the trace entered the database: no parent recorded here, first attempt';
COMMENT ON COLUMN gaiops.spans.attempt IS 'Number of the attempt, from 1; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.spans.http_status IS 'HTTP status of the answer; NULL if none came';
COMMENT ON COLUMN gaiops.spans.input_tokens IS 'Tokens of input, cached ones included; NULL if unknown';
COMMENT ON COLUMN gaiops.spans.output_tokens IS 'Tokens of output, reasoning ones included; NULL if unknown';
COMMENT ON COLUMN gaiops.spans.cached_input_tokens IS 'Input tokens read from a cache; NULL if unknown';
COMMENT ON COLUMN gaiops.spans.cache_write_tokens IS 'Input tokens written to a cache; NULL if unknown';
COMMENT ON COLUMN gaiops.spans.reasoning_tokens IS 'Output tokens spent on reasoning; NULL if unknown';
COMMENT ON COLUMN gaiops.spans.cost IS 'US dollars, exact; NULL if a price or a count is unknown';
COMMENT ON COLUMN gaiops.spans.start_time IS 'When the attempt or span began';
COMMENT ON COLUMN gaiops.spans.latency_ms IS 'Milliseconds from start to end; NULL if unknown';
COMMENT ON COLUMN gaiops.spans.gateway_ms IS 'Milliseconds of it spent waiting for the gateway';
COMMENT ON COLUMN gaiops.spans.time_to_first_token_ms IS 'Milliseconds to the first token; NULL unless streamed';
COMMENT ON COLUMN gaiops.spans.priced_model IS
	'Model whose prices gave the cost, the one asked for or the one that answered; '
	'NULL if the cost is unknown or of 0.1.0';
COMMENT ON COLUMN gaiops.spans.call_start_time IS
	'Of an attempt after another: when the first one of the call began; NULL otherwise, and before 0.2.0';
COMMENT ON COLUMN gaiops.spans.retry_reason IS
	'Of an attempt after another: error_class of the one before; NULL otherwise, and before 0.2.0';
COMMENT ON COLUMN gaiops.spans.entry_start_time IS
	'When the trace entered the database, of a span that is no entry, or of an entry where an application began '
	'the trace: its own start says that the trace is shown by it; NULL otherwise, and before 0.2.0';
SELECT pg_catalog.pg_extension_config_dump('gaiops.spans', '');
-- A subscriber finds the partition of a row that is deleted by the time in it, which is not
-- in the key, and then the row by the key of its own partition.  It goes by what the whole
-- says of columns, and by what the partitions send.
ALTER TABLE gaiops.spans REPLICA IDENTITY FULL;

CREATE TABLE gaiops_partitions.spans_default PARTITION OF gaiops.spans (PRIMARY KEY (trace_id, span_id)) DEFAULT;
ALTER TABLE gaiops_partitions.spans_default REPLICA IDENTITY FULL;
CREATE INDEX spans_default_start_time_idx ON gaiops_partitions.spans_default (start_time);
CREATE INDEX spans_default_session_id_idx ON gaiops_partitions.spans_default (session_id, start_time)
	WHERE session_id IS NOT NULL;
COMMENT ON TABLE gaiops_partitions.spans_default IS 'Spans of months that have no partition yet';
SELECT pg_catalog.pg_extension_config_dump('gaiops_partitions.spans_default', '');

CREATE TABLE gaiops.span_payloads (
	trace_id      uuid NOT NULL,
	span_id       text NOT NULL,
	kind          text NOT NULL,
	start_time    timestamptz NOT NULL,
	inputs        json,
	body          text,
	body_bytes    bytea,
	body_length   bigint,
	body_sha256   bytea,
	attributes    json,
	metadata      json,
	events        json
) PARTITION BY RANGE (start_time);
COMMENT ON TABLE gaiops.span_payloads IS
	'What was said: a row for the request and one for the answer of each span; '
	'partitioned by day, kept for gaiops.payload_retention';
COMMENT ON COLUMN gaiops.span_payloads.trace_id IS 'Trace of the span';
COMMENT ON COLUMN gaiops.span_payloads.span_id IS 'Span this belongs to';
COMMENT ON COLUMN gaiops.span_payloads.kind IS 'request (committed before anything is sent) or response';
COMMENT ON COLUMN gaiops.span_payloads.start_time IS 'Start of the span; the partition key';
COMMENT ON COLUMN gaiops.span_payloads.inputs IS
	'What the caller gave, before anything was added; for an application''s span its inputs '
	'or outputs; as it was written';
COMMENT ON COLUMN gaiops.span_payloads.body IS
	'Text that went over the wire; cut, with body_length and body_sha256 of the whole, above gaiops.max_payload_bytes';
COMMENT ON COLUMN gaiops.span_payloads.body_bytes IS 'The same when it is no valid UTF-8 text';
COMMENT ON COLUMN gaiops.span_payloads.body_length IS
	'Bytes of the whole when body or body_bytes was cut; NULL otherwise';
COMMENT ON COLUMN gaiops.span_payloads.body_sha256 IS 'SHA-256 of the whole when it was cut; NULL otherwise';
COMMENT ON COLUMN gaiops.span_payloads.attributes IS 'OpenTelemetry GenAI attributes';
COMMENT ON COLUMN gaiops.span_payloads.metadata IS 'metadata argument of the call';
COMMENT ON COLUMN gaiops.span_payloads.events IS 'Events within the span';
SELECT pg_catalog.pg_extension_config_dump('gaiops.span_payloads', '');
ALTER TABLE gaiops.span_payloads REPLICA IDENTITY FULL;

CREATE TABLE gaiops_partitions.span_payloads_default
	PARTITION OF gaiops.span_payloads (PRIMARY KEY (trace_id, span_id, kind)) DEFAULT;
ALTER TABLE gaiops_partitions.span_payloads_default REPLICA IDENTITY FULL;
-- For rows to be moved to partitions, which do without.
CREATE INDEX span_payloads_default_start_time_idx ON gaiops_partitions.span_payloads_default (start_time);
COMMENT ON TABLE gaiops_partitions.span_payloads_default IS 'Payloads of days that have no partition yet';
SELECT pg_catalog.pg_extension_config_dump('gaiops_partitions.span_payloads_default', '');

CREATE TABLE gaiops.trace_tags (
	trace_id    uuid NOT NULL,
	key         text NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	PRIMARY KEY (trace_id, key)
);
COMMENT ON TABLE gaiops.trace_tags IS 'Tags of traces, from calls and from gaiops_set_trace_tag()';
COMMENT ON COLUMN gaiops.trace_tags.trace_id IS 'Trace that is tagged';
COMMENT ON COLUMN gaiops.trace_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.trace_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.trace_tags.updated_at IS 'When it was last set';
CREATE INDEX trace_tags_key_value_idx ON gaiops.trace_tags (key, value);
SELECT pg_catalog.pg_extension_config_dump('gaiops.trace_tags', '');

-- What gaiops.traces would have to look for, kept by the writer in the commit of the span.
CREATE TABLE gaiops.joined_traces (
	trace_id    uuid PRIMARY KEY,
	span_id     text NOT NULL,
	start_time  timestamptz NOT NULL
);
COMMENT ON TABLE gaiops.joined_traces IS
	'By which span a trace is shown that an application began: the first where it entered the database';
COMMENT ON COLUMN gaiops.joined_traces.trace_id IS 'Trace that an application began, as its id shows';
COMMENT ON COLUMN gaiops.joined_traces.span_id IS
	'The first of its entry spans to be recorded; in rows of 0.1.0 the first to begin';
COMMENT ON COLUMN gaiops.joined_traces.start_time IS 'When that one began';
SELECT pg_catalog.pg_extension_config_dump('gaiops.joined_traces', '');

-- A row lives for the length of an attempt or of an open span.
CREATE TABLE gaiops.intents (
	trace_id          uuid NOT NULL,
	span_id           text NOT NULL,
	parent_span_id    text,
	name              text NOT NULL,
	span_type         text NOT NULL,
	purpose           text NOT NULL,
	experiment        text NOT NULL,
	run_id            uuid,
	endpoint          text,
	target            text,
	provider          text,
	model             text,
	prompt_name       text,
	prompt_version    integer,
	prompt_hash       text,
	session_id        text,
	user_id           text,
	session_role      name NOT NULL,
	role              name NOT NULL,
	application_name  text,
	client_addr       inet,
	is_entry          boolean NOT NULL,
	attempt           integer,
	start_time        timestamptz NOT NULL,
	pid               integer NOT NULL,
	incarnation       uuid NOT NULL,
	call_start_time   timestamptz,
	retry_reason      text,
	entry_start_time  timestamptz,
	PRIMARY KEY (trace_id, span_id)
);
COMMENT ON TABLE gaiops.intents IS
	'What is under way: committed before the first byte is sent, gone when the span is recorded; '
	'read gaiops.calls_in_flight';
COMMENT ON COLUMN gaiops.intents.trace_id IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.span_id IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.parent_span_id IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.name IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.span_type IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.purpose IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.experiment IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.run_id IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.endpoint IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.target IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.provider IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.model IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.prompt_name IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.prompt_version IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.prompt_hash IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.session_id IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.user_id IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.session_role IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.role IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.application_name IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.client_addr IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.is_entry IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.attempt IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.start_time IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.pid IS 'Server process that makes the call';
COMMENT ON COLUMN gaiops.intents.incarnation IS
	'Life of the server it belongs to: in any other life its outcome is unknown';
COMMENT ON COLUMN gaiops.intents.call_start_time IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.retry_reason IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.intents.entry_start_time IS 'As in gaiops.spans';
SELECT pg_catalog.pg_extension_config_dump('gaiops.intents', '');

-- One row per key and batch, inserted in the commit of its spans; folded later.
-- Rows updated in place would cost more with every snapshot held open.
CREATE TABLE gaiops.usage_deltas (
	hour                 timestamptz NOT NULL,
	experiment           text NOT NULL,
	purpose              text NOT NULL,
	endpoint             text,
	provider             text,
	model                text,
	prompt_name          text,
	prompt_version       integer,
	calls                bigint NOT NULL,
	attempts             bigint NOT NULL,
	errors               bigint NOT NULL,
	unknown              bigint NOT NULL,
	input_tokens         bigint NOT NULL,
	output_tokens        bigint NOT NULL,
	cached_input_tokens  bigint NOT NULL,
	reasoning_tokens     bigint NOT NULL,
	cost                 numeric NOT NULL,
	unpriced             bigint NOT NULL,
	latency_buckets      integer[] NOT NULL,
	latency_counts       bigint[] NOT NULL,
	first_start          timestamptz,
	last_start           timestamptz,
	error_class          text,
	failed_calls         bigint,
	-- Unique over all servers: several may be published to one.
	delta_id             uuid PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid()
);
CREATE INDEX usage_deltas_hour_idx ON gaiops.usage_deltas (hour);
-- For gaiops.prompt_usage; costs the writer nothing where no prompt is used.
CREATE INDEX usage_deltas_prompt_idx ON gaiops.usage_deltas (prompt_name, prompt_version) WHERE prompt_name IS NOT NULL;
COMMENT ON TABLE gaiops.usage_deltas IS 'Parts that gaiops.usage_hourly and gaiops.prompt_usage add up; append-only';
COMMENT ON COLUMN gaiops.usage_deltas.hour IS 'Hour that the attempts began in';
COMMENT ON COLUMN gaiops.usage_deltas.experiment IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.purpose IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.endpoint IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.provider IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.model IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.prompt_name IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.prompt_version IS 'As in gaiops.spans';
COMMENT ON COLUMN gaiops.usage_deltas.calls IS 'Calls: first attempts';
COMMENT ON COLUMN gaiops.usage_deltas.attempts IS 'Attempts, retries included';
COMMENT ON COLUMN gaiops.usage_deltas.errors IS 'Attempts with status ERROR';
COMMENT ON COLUMN gaiops.usage_deltas.unknown IS 'Attempts with status UNKNOWN';
COMMENT ON COLUMN gaiops.usage_deltas.input_tokens IS 'Known input tokens';
COMMENT ON COLUMN gaiops.usage_deltas.output_tokens IS 'Known output tokens';
COMMENT ON COLUMN gaiops.usage_deltas.cached_input_tokens IS 'Known input tokens read from a cache';
COMMENT ON COLUMN gaiops.usage_deltas.reasoning_tokens IS 'Known output tokens spent on reasoning';
COMMENT ON COLUMN gaiops.usage_deltas.cost IS 'Known cost in US dollars';
COMMENT ON COLUMN gaiops.usage_deltas.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.usage_deltas.latency_buckets IS 'Buckets of the latency histogram that are not empty';
COMMENT ON COLUMN gaiops.usage_deltas.latency_counts IS 'Attempts in each of them';
COMMENT ON COLUMN gaiops.usage_deltas.first_start IS
	'When the first of the attempts began; NULL if that was not noted, or there are none';
COMMENT ON COLUMN gaiops.usage_deltas.last_start IS 'When the last of them began; NULL likewise';
COMMENT ON COLUMN gaiops.usage_deltas.error_class IS
	'As in gaiops.spans; NULL in rows of 0.1.0, whatever failed, and in those of repricing';
COMMENT ON COLUMN gaiops.usage_deltas.failed_calls IS
	'Calls of which an attempt of this class was the last, and failed, in the hour that the call began in; '
	'negative where another attempt was made after the row that says so; NULL in rows of 0.1.0';
COMMENT ON COLUMN gaiops.usage_deltas.delta_id IS 'Id of the row, by which a subscriber finds it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.usage_deltas', '');
