\echo Use "CREATE EXTENSION genaiops" to load this file. \quit

SET LOCAL search_path TO pg_catalog, pg_temp;

-- The schema must be ours: a plain CREATE SCHEMA fails where somebody else has
-- made one beforehand, instead of adopting it.
CREATE SCHEMA gaiops;
COMMENT ON SCHEMA gaiops IS 'Records, registry and settings of LLM operations (extension genaiops)';

DO $$
BEGIN
	IF (SELECT d.encoding FROM pg_catalog.pg_database d
		WHERE d.datname = pg_catalog.current_database()) <> pg_catalog.pg_char_to_encoding('UTF8') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'feature_not_supported',
			MESSAGE = 'extension "genaiops" needs a database with encoding UTF8',
			HINT = 'Create a database WITH ENCODING ''UTF8'' TEMPLATE template0.';
	END IF;
END
$$;
-- Rights are kept where PostgreSQL keeps rights, in access control lists, so
-- that they follow a role that is renamed or dropped, and are dumped.
--
-- Two functions stand for each right.  May a role execute gaiops.user_grant(), it
-- was given the right "user" by gaiops_grant().  May it execute
-- gaiops.user_right(), it has the right, by that grant or by one of "admin".
-- They are here because row-level security policies refer to them by oid: such
-- a policy needs no other privilege of the role that reads.

CREATE FUNCTION gaiops.viewer_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.viewer_right() IS 'Takes nothing and returns true; who may execute it has the right "viewer"';

CREATE FUNCTION gaiops.user_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.user_right() IS 'Takes nothing and returns true; who may execute it has the right "user"';

CREATE FUNCTION gaiops.proxy_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.proxy_right() IS 'Takes nothing and returns true; who may execute it has the right "proxy"';

CREATE FUNCTION gaiops.admin_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.admin_right() IS 'Takes nothing and returns true; who may execute it has the right "admin"';

CREATE FUNCTION gaiops.viewer_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.viewer_grant() IS 'Takes nothing and returns true; who may execute it was granted "viewer" by gaiops_grant()';

CREATE FUNCTION gaiops.user_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.user_grant() IS 'Takes nothing and returns true; who may execute it was granted "user" by gaiops_grant()';

CREATE FUNCTION gaiops.proxy_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.proxy_grant() IS 'Takes nothing and returns true; who may execute it was granted "proxy" by gaiops_grant()';

CREATE FUNCTION gaiops.admin_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.admin_grant() IS 'Takes nothing and returns true; who may execute it was granted "admin" by gaiops_grant()';
-- Experiments are written by the writer alone, so that one made by a call
-- survives that call's rollback and no user transaction holds its key.  What
-- people say about one is ordinary data, and in a table of its own.
CREATE TABLE gaiops.experiment_names (
	name        text PRIMARY KEY,
	created_at  timestamptz NOT NULL,
	created_by  name NOT NULL
);
COMMENT ON TABLE gaiops.experiment_names IS 'What calls are grouped by; read gaiops.experiments';
COMMENT ON COLUMN gaiops.experiment_names.name IS 'Name, as in gaiops_set_experiment()';
COMMENT ON COLUMN gaiops.experiment_names.created_at IS 'When it was first used';
COMMENT ON COLUMN gaiops.experiment_names.created_by IS 'Database role that first used it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.experiment_names', '');

CREATE TABLE gaiops.experiment_details (
	experiment   text PRIMARY KEY,
	description  text,
	goal         text,
	owner        text,
	tags         jsonb NOT NULL,
	updated_at   timestamptz NOT NULL,
	updated_by   name NOT NULL
);
COMMENT ON TABLE gaiops.experiment_details IS 'What people say about experiments; read gaiops.experiments';
COMMENT ON COLUMN gaiops.experiment_details.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.experiment_details.description IS 'What it is about; NULL if not said';
COMMENT ON COLUMN gaiops.experiment_details.goal IS 'What is to be reached; NULL if not said';
COMMENT ON COLUMN gaiops.experiment_details.owner IS 'Who answers for it; NULL if not said';
COMMENT ON COLUMN gaiops.experiment_details.tags IS 'Tags, a JSON object of strings';
COMMENT ON COLUMN gaiops.experiment_details.updated_at IS 'When this was last said';
COMMENT ON COLUMN gaiops.experiment_details.updated_by IS 'Database role that said it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.experiment_details', '');
-- Runs are written by the writer alone, in rows that are only inserted: whoever
-- ends a run first has ended it.  gaiops.open_runs is what a server that starts
-- after a crash has to look at.
CREATE TABLE gaiops.run_starts (
	run_id         uuid PRIMARY KEY,
	name           text,
	experiment     text NOT NULL,
	parent_run_id  uuid,
	session_role   name NOT NULL,
	role           name NOT NULL,
	application_name  text,
	pid            integer NOT NULL,
	incarnation    uuid NOT NULL,
	start_time     timestamptz NOT NULL
);
CREATE INDEX run_starts_start_time_idx ON gaiops.run_starts (start_time);
CREATE INDEX run_starts_parent_run_id_idx ON gaiops.run_starts (parent_run_id) WHERE parent_run_id IS NOT NULL;
COMMENT ON TABLE gaiops.run_starts IS 'Runs as they were started; read gaiops.runs';
COMMENT ON COLUMN gaiops.run_starts.run_id IS 'Id of the run';
COMMENT ON COLUMN gaiops.run_starts.name IS 'Its name; NULL if it was given none';
COMMENT ON COLUMN gaiops.run_starts.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.run_starts.parent_run_id IS 'Run that it is part of; NULL if none';
COMMENT ON COLUMN gaiops.run_starts.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.run_starts.role IS 'Database role in force at the start';
COMMENT ON COLUMN gaiops.run_starts.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.run_starts.pid IS 'Server process that started it';
COMMENT ON COLUMN gaiops.run_starts.incarnation IS 'Life of the server it was started in: in any other life it is no longer running';
COMMENT ON COLUMN gaiops.run_starts.start_time IS 'When it was started';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_starts', '');

CREATE TABLE gaiops.run_ends (
	run_id    uuid PRIMARY KEY,
	status    text NOT NULL,
	end_time  timestamptz NOT NULL
);
COMMENT ON TABLE gaiops.run_ends IS 'How runs ended; read gaiops.runs';
COMMENT ON COLUMN gaiops.run_ends.run_id IS 'Run that ended';
COMMENT ON COLUMN gaiops.run_ends.status IS 'FINISHED, FAILED or KILLED';
COMMENT ON COLUMN gaiops.run_ends.end_time IS 'When it ended, or when it was found to have ended';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_ends', '');

CREATE TABLE gaiops.open_runs (
	run_id       uuid PRIMARY KEY,
	incarnation  uuid NOT NULL
);
COMMENT ON TABLE gaiops.open_runs IS 'Runs that no session has ended yet';
COMMENT ON COLUMN gaiops.open_runs.run_id IS 'Run that is open';
COMMENT ON COLUMN gaiops.open_runs.incarnation IS 'Life of the server it was started in';
SELECT pg_catalog.pg_extension_config_dump('gaiops.open_runs', '');

CREATE TABLE gaiops.run_params (
	run_id     uuid NOT NULL,
	key        text NOT NULL,
	value      text NOT NULL,
	logged_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, key)
);
COMMENT ON TABLE gaiops.run_params IS 'Parameters of runs, each written once';
COMMENT ON COLUMN gaiops.run_params.run_id IS 'Run it belongs to';
COMMENT ON COLUMN gaiops.run_params.key IS 'Name of the parameter';
COMMENT ON COLUMN gaiops.run_params.value IS 'Its value, as text';
COMMENT ON COLUMN gaiops.run_params.logged_at IS 'When it was logged';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_params', '');

CREATE TABLE gaiops.run_metrics (
	run_id     uuid NOT NULL,
	key        text NOT NULL,
	step       bigint NOT NULL,
	value      double precision NOT NULL,
	logged_at  timestamptz NOT NULL
);
CREATE INDEX run_metrics_run_id_idx ON gaiops.run_metrics (run_id, key, step, logged_at);
COMMENT ON TABLE gaiops.run_metrics IS 'Metrics of runs, every value that was logged; gaiops.runs has the latest';
COMMENT ON COLUMN gaiops.run_metrics.run_id IS 'Run it belongs to';
COMMENT ON COLUMN gaiops.run_metrics.key IS 'Name of the metric';
COMMENT ON COLUMN gaiops.run_metrics.step IS 'Step of the run that it was measured at';
COMMENT ON COLUMN gaiops.run_metrics.value IS 'What was measured';
COMMENT ON COLUMN gaiops.run_metrics.logged_at IS 'When it was logged';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_metrics', '');

CREATE TABLE gaiops.run_tags (
	run_id      uuid NOT NULL,
	key         text NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, key)
);
COMMENT ON TABLE gaiops.run_tags IS 'Tags of runs';
COMMENT ON COLUMN gaiops.run_tags.run_id IS 'Run that is tagged';
COMMENT ON COLUMN gaiops.run_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.run_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.run_tags.updated_at IS 'When it was last set';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_tags', '');

CREATE TABLE gaiops.run_inputs (
	run_id     uuid NOT NULL,
	dataset    text NOT NULL,
	revision   integer NOT NULL,
	logged_at  timestamptz NOT NULL,
	PRIMARY KEY (run_id, dataset, revision)
);
CREATE INDEX run_inputs_dataset_idx ON gaiops.run_inputs (dataset, revision);
COMMENT ON TABLE gaiops.run_inputs IS 'Datasets that runs worked on, each at a revision';
COMMENT ON COLUMN gaiops.run_inputs.run_id IS 'Run that worked on it';
COMMENT ON COLUMN gaiops.run_inputs.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.run_inputs.revision IS 'Its revision';
COMMENT ON COLUMN gaiops.run_inputs.logged_at IS 'When it was logged';
SELECT pg_catalog.pg_extension_config_dump('gaiops.run_inputs', '');
CREATE TYPE gaiops.latency_histogram AS (
	buckets  integer[],
	counts   bigint[]
);
COMMENT ON TYPE gaiops.latency_histogram IS 'How many attempts took how long: numbers of log-linear buckets, 16 to each power of two of microseconds, and the attempts in each';
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
	time_to_first_token_ms  double precision
) PARTITION BY RANGE (start_time);

COMMENT ON TABLE gaiops.spans IS 'One row per finished span: every attempt to call a model, and every span an application opened; partitioned by month';
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
COMMENT ON COLUMN gaiops.spans.finish_reason IS 'Why the model stopped, such as stop, length or tool_calls';
COMMENT ON COLUMN gaiops.spans.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.spans.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.spans.prompt_hash IS 'Hash of that version''s content';
COMMENT ON COLUMN gaiops.spans.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.spans.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.spans.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.spans.role IS 'Database role in force at the call';
COMMENT ON COLUMN gaiops.spans.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.spans.client_addr IS 'Address of the client; NULL over a Unix socket';
COMMENT ON COLUMN gaiops.spans.is_entry IS 'Whether this is where the trace entered the database: no parent recorded here, first attempt';
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
SELECT pg_catalog.pg_extension_config_dump('gaiops.spans', '');

CREATE TABLE gaiops.spans_default PARTITION OF gaiops.spans (PRIMARY KEY (trace_id, span_id)) DEFAULT;
CREATE INDEX spans_default_start_time_idx ON gaiops.spans_default (start_time);
CREATE INDEX spans_default_session_id_idx ON gaiops.spans_default (session_id, start_time) WHERE session_id IS NOT NULL;
COMMENT ON TABLE gaiops.spans_default IS 'Spans of months that have no partition yet';
SELECT pg_catalog.pg_extension_config_dump('gaiops.spans_default', '');

CREATE TABLE gaiops.span_payloads (
	trace_id      uuid NOT NULL,
	span_id       text NOT NULL,
	kind          text NOT NULL,
	start_time    timestamptz NOT NULL,
	inputs        jsonb,
	body          text,
	body_bytes    bytea,
	body_length   bigint,
	body_sha256   bytea,
	attributes    jsonb,
	metadata      jsonb,
	events        jsonb
) PARTITION BY RANGE (start_time);
COMMENT ON TABLE gaiops.span_payloads IS 'What was said: a row for the request and one for the answer of each span; partitioned by day, kept for gaiops.payload_retention';
COMMENT ON COLUMN gaiops.span_payloads.trace_id IS 'Trace of the span';
COMMENT ON COLUMN gaiops.span_payloads.span_id IS 'Span this belongs to';
COMMENT ON COLUMN gaiops.span_payloads.kind IS 'request (committed before anything is sent) or response';
COMMENT ON COLUMN gaiops.span_payloads.start_time IS 'Start of the span; the partition key';
COMMENT ON COLUMN gaiops.span_payloads.inputs IS 'What the caller gave, before anything was added; for an application''s span its inputs or outputs';
COMMENT ON COLUMN gaiops.span_payloads.body IS 'Text that went over the wire; cut, with body_length and body_sha256 of the whole, above gaiops.max_payload_bytes';
COMMENT ON COLUMN gaiops.span_payloads.body_bytes IS 'The same when it is no valid UTF-8 text';
COMMENT ON COLUMN gaiops.span_payloads.body_length IS 'Bytes of the whole when body or body_bytes was cut; NULL otherwise';
COMMENT ON COLUMN gaiops.span_payloads.body_sha256 IS 'SHA-256 of the whole when it was cut; NULL otherwise';
COMMENT ON COLUMN gaiops.span_payloads.attributes IS 'OpenTelemetry GenAI attributes';
COMMENT ON COLUMN gaiops.span_payloads.metadata IS 'metadata argument of the call';
COMMENT ON COLUMN gaiops.span_payloads.events IS 'Events within the span';
SELECT pg_catalog.pg_extension_config_dump('gaiops.span_payloads', '');

CREATE TABLE gaiops.span_payloads_default PARTITION OF gaiops.span_payloads (PRIMARY KEY (trace_id, span_id, kind)) DEFAULT;
COMMENT ON TABLE gaiops.span_payloads_default IS 'Payloads of days that have no partition yet';
SELECT pg_catalog.pg_extension_config_dump('gaiops.span_payloads_default', '');

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
	PRIMARY KEY (trace_id, span_id)
);
COMMENT ON TABLE gaiops.intents IS 'What is under way: committed before the first byte is sent, gone when the span is recorded; read gaiops.calls_in_flight';
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
COMMENT ON COLUMN gaiops.intents.incarnation IS 'Life of the server it belongs to: in any other life its outcome is unknown';
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
	last_start           timestamptz
);
CREATE INDEX usage_deltas_hour_idx ON gaiops.usage_deltas (hour);
-- For gaiops.prompt_usage; costs the writer nothing where no prompt is used.
CREATE INDEX usage_deltas_prompt_idx ON gaiops.usage_deltas (prompt_name, prompt_version) WHERE prompt_name IS NOT NULL;
-- Folding deletes, which a publication refuses for a table without identity.
ALTER TABLE gaiops.usage_deltas REPLICA IDENTITY FULL;
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
COMMENT ON COLUMN gaiops.usage_deltas.first_start IS 'When the first of the attempts began; NULL if that was not noted, or there are none';
COMMENT ON COLUMN gaiops.usage_deltas.last_start IS 'When the last of them began; NULL likewise';
SELECT pg_catalog.pg_extension_config_dump('gaiops.usage_deltas', '');

CREATE TABLE gaiops.rejected_records (
	rejected_at  timestamptz NOT NULL,
	record       text NOT NULL,
	trace_id     uuid,
	span_id      text,
	sqlstate     text NOT NULL,
	message      text NOT NULL
);
COMMENT ON TABLE gaiops.rejected_records IS 'Records that could not be stored as they were, without their payload';
COMMENT ON COLUMN gaiops.rejected_records.rejected_at IS 'When the writer gave up';
COMMENT ON COLUMN gaiops.rejected_records.record IS 'Table the record was for';
COMMENT ON COLUMN gaiops.rejected_records.trace_id IS 'Trace it belongs to, if any';
COMMENT ON COLUMN gaiops.rejected_records.span_id IS 'Span it belongs to, if any';
COMMENT ON COLUMN gaiops.rejected_records.sqlstate IS 'SQLSTATE of the error';
COMMENT ON COLUMN gaiops.rejected_records.message IS 'Its message';
SELECT pg_catalog.pg_extension_config_dump('gaiops.rejected_records', '');
-- Assessments: what people state is ordinary data; what machines record goes
-- through the writer, which must not meet a key that a transaction of a user
-- holds.  Hence two tables of one shape.  Rows are only inserted: one that is
-- overridden or deleted stays, and gaiops.assessments says what became of it.

CREATE TABLE gaiops.human_assessments (
	assessment_id    uuid PRIMARY KEY,
	trace_id         uuid,
	span_id          text,
	session_id       text,
	experiment       text NOT NULL,
	name             text NOT NULL,
	kind             text NOT NULL CHECK (kind IN ('feedback', 'expectation')),
	value            jsonb NOT NULL,
	rationale        text,
	source_type      text NOT NULL CHECK (source_type = 'HUMAN'),
	source_id        text NOT NULL,
	run_id           uuid,
	overrides        uuid,
	metadata         jsonb,
	idempotency_key  text,
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL,
	CHECK ((trace_id IS NULL) <> (session_id IS NULL)),
	CHECK (span_id IS NULL OR trace_id IS NOT NULL)
);
CREATE INDEX human_assessments_trace_id_idx ON gaiops.human_assessments (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX human_assessments_session_id_idx ON gaiops.human_assessments (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX human_assessments_name_idx ON gaiops.human_assessments (name, created_at);
CREATE INDEX human_assessments_overrides_idx ON gaiops.human_assessments (overrides) WHERE overrides IS NOT NULL;

-- No CHECKs: the writer is the only one to write.
CREATE TABLE gaiops.machine_assessments (
	assessment_id    uuid PRIMARY KEY,
	trace_id         uuid,
	span_id          text,
	session_id       text,
	experiment       text NOT NULL,
	name             text NOT NULL,
	kind             text NOT NULL,
	value            jsonb NOT NULL,
	rationale        text,
	source_type      text NOT NULL,
	source_id        text NOT NULL,
	run_id           uuid,
	overrides        uuid,
	metadata         jsonb,
	idempotency_key  text,
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL
);
CREATE INDEX machine_assessments_trace_id_idx ON gaiops.machine_assessments (trace_id) WHERE trace_id IS NOT NULL;
CREATE INDEX machine_assessments_session_id_idx ON gaiops.machine_assessments (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX machine_assessments_name_idx ON gaiops.machine_assessments (name, created_at);

COMMENT ON TABLE gaiops.human_assessments IS 'Feedback and expectations of people; read gaiops.assessments';
COMMENT ON TABLE gaiops.machine_assessments IS 'Scores of judges and code; read gaiops.assessments';
DO $$
DECLARE
	described record;
BEGIN
	FOR described IN
		SELECT t.name AS "table", c.name AS "column", c.comment
		FROM (VALUES ('human_assessments'), ('machine_assessments')) AS t (name), (VALUES
			('assessment_id', 'Id of the assessment'),
			('trace_id', 'Trace that is assessed; NULL where it is a session'),
			('span_id', 'Span of that trace; NULL for the whole of it'),
			('session_id', 'Session that is assessed; NULL where it is a trace'),
			('experiment', 'Experiment of what is assessed, by name'),
			('name', 'What is assessed about it, such as correctness; the name of its label schema, if there is one'),
			('kind', 'feedback: how it is; expectation: how it ought to be'),
			('value', 'The assessment: a boolean, number, string, array or object'),
			('rationale', 'Why; NULL if not said'),
			('source_type', 'HUMAN, LLM_JUDGE or CODE'),
			('source_id', 'Who: for a person, by default the database role'),
			('run_id', 'Run that it was made in; NULL if none'),
			('overrides', 'Assessment that it takes the place of; NULL if none'),
			('metadata', 'What else was given, a JSON object; NULL if nothing was'),
			('idempotency_key', 'Key under which it was given, for it to be stored once; NULL if none'),
			('created_at', 'When it was made'),
			('created_by', 'Database role that stored it')) AS c (name, comment)
	LOOP
		EXECUTE pg_catalog.format('COMMENT ON COLUMN gaiops.%I.%I IS %L', described."table", described."column", described.comment);
	END LOOP;
END
$$;
SELECT pg_catalog.pg_extension_config_dump('gaiops.human_assessments', '');
SELECT pg_catalog.pg_extension_config_dump('gaiops.machine_assessments', '');

CREATE TABLE gaiops.assessment_deletions (
	assessment_id  uuid PRIMARY KEY,
	deleted_at     timestamptz NOT NULL,
	deleted_by     name NOT NULL
);
COMMENT ON TABLE gaiops.assessment_deletions IS 'Assessments that were deleted: they are hidden, and kept';
COMMENT ON COLUMN gaiops.assessment_deletions.assessment_id IS 'Assessment that was deleted';
COMMENT ON COLUMN gaiops.assessment_deletions.deleted_at IS 'When it was deleted';
COMMENT ON COLUMN gaiops.assessment_deletions.deleted_by IS 'Database role that deleted it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.assessment_deletions', '');
-- What feedback of a name may be.  As in gaiops.prices, "builtin" is part of the
-- key so that the user's rows can be restored beside ours; names are unique by
-- what the functions do.
CREATE TABLE gaiops.label_schemas (
	name         text COLLATE "C" NOT NULL CHECK (name <> '' AND octet_length(name) <= 255),
	kind         text NOT NULL CHECK (kind IN ('pass_fail', 'categories', 'number', 'text')),
	instruction  text,
	labels       text[],
	multiple     boolean NOT NULL,
	ordered      boolean NOT NULL,
	minimum      numeric,
	maximum      numeric,
	max_length   integer,
	builtin      boolean NOT NULL,
	created_at   timestamptz NOT NULL,
	created_by   name NOT NULL,
	PRIMARY KEY (name, builtin)
);
COMMENT ON TABLE gaiops.label_schemas IS 'What feedback of a name may be, and how people are asked for it';
COMMENT ON COLUMN gaiops.label_schemas.name IS 'Name, which is that of the feedback';
COMMENT ON COLUMN gaiops.label_schemas.kind IS 'pass_fail, categories, number or text';
COMMENT ON COLUMN gaiops.label_schemas.instruction IS 'What reviewers are told; NULL if nothing';
COMMENT ON COLUMN gaiops.label_schemas.labels IS 'pass_fail: what true and false are called, in this order; categories: what can be chosen; NULL for others';
COMMENT ON COLUMN gaiops.label_schemas.multiple IS 'Whether several categories can be chosen at once';
COMMENT ON COLUMN gaiops.label_schemas.ordered IS 'Whether the categories go from low to high, so that near ones nearly agree';
COMMENT ON COLUMN gaiops.label_schemas.minimum IS 'Least number; NULL if there is none';
COMMENT ON COLUMN gaiops.label_schemas.maximum IS 'Greatest number; NULL if there is none';
COMMENT ON COLUMN gaiops.label_schemas.max_length IS 'Most characters of a text; NULL if there is no such limit';
COMMENT ON COLUMN gaiops.label_schemas.builtin IS 'Whether it came with the extension; such rows are not dumped';
COMMENT ON COLUMN gaiops.label_schemas.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.label_schemas.created_by IS 'Database role that created it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.label_schemas', 'WHERE NOT builtin');

INSERT INTO gaiops.label_schemas (name, kind, instruction, labels, multiple, ordered, minimum, maximum, builtin, created_at, created_by)
SELECT l.name, l.kind, l.instruction, l.labels, false, false, l.minimum, l.maximum, true, pg_catalog.now(), CURRENT_USER
FROM (VALUES
	('thumbs', 'pass_fail', 'Is this a good answer?', ARRAY['up', 'down'], NULL::numeric, NULL::numeric),
	('correctness', 'pass_fail', 'Does the answer say what is expected, and nothing that is wrong?', ARRAY['yes', 'no'], NULL, NULL),
	('groundedness', 'pass_fail', 'Does everything the answer says rest on the given sources?', ARRAY['yes', 'no'], NULL, NULL),
	('intent_resolution', 'number', 'How well does the answer do what the user wanted, from 1 (not at all) to 5 (fully)?', NULL, 1, 5)
) AS l (name, kind, instruction, labels, minimum, maximum);
-- Datasets.  Every change of a record is a row more; what a revision says is
-- never changed, so that it can be read back.  There are no foreign keys: see
-- gaiops.endpoints.  Who changes a dataset holds the lock of its row in
-- gaiops.dataset_settings until the transaction ends.
--
-- How many records there are is not in a row that each change updates: a query
-- that merges a million records, one a call, would leave a million dead versions
-- of it, which each call would have to pass.  A revision has the number before it,
-- and each row says what it does to the number.

-- Rows of the revision that this transaction makes may change until it ends.  What was
-- restored from a dump may have the number of this transaction, but not its time.  On a
-- subscriber such a change comes in another transaction, while the revision is the latest,
-- by a process that nobody can pass for.  Rows can be inserted: a restore loads the tables in
-- any order.
CREATE FUNCTION gaiops.refuse_dataset_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dataset_record_versions' THEN
		IF (NEW.dataset, NEW.record_id, NEW.revision) = (OLD.dataset, OLD.record_id, OLD.revision) AND EXISTS (
			SELECT FROM gaiops.dataset_changes AS c
			WHERE c.dataset = OLD.dataset AND c.revision = OLD.revision
				AND (c.transaction = pg_current_xact_id() AND c.created_at = now()
					OR EXISTS (SELECT FROM pg_stat_get_activity(pg_backend_pid()) AS a WHERE a.backend_type = 'logical replication worker') AND EXISTS (
						SELECT FROM gaiops.dataset_settings AS d WHERE d.name = c.dataset AND d.revision = c.revision)))
		THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dataset_settings' THEN
		IF NEW.name = OLD.name AND NEW.revision >= OLD.revision THEN
			RETURN NEW;
		END IF;
	ELSIF TG_OP = 'DELETE' THEN
		IF NOT EXISTS (SELECT FROM gaiops.dataset_settings AS d WHERE d.name = OLD.dataset) THEN
			RETURN OLD;
		END IF;
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('rows of %s.%s cannot be %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
			CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END),
		DETAIL = 'A revision of a dataset stays as it is for everybody, its owner included.',
		HINT = 'Make another revision with gaiops_merge_records() or gaiops_delete_records().';
END
$$;
COMMENT ON FUNCTION gaiops.refuse_dataset_change() IS 'Trigger function: returns the row if the transaction made its revision itself, if its dataset is gone, or if it is that of a dataset which keeps its name and gets no earlier revision; raises otherwise';

CREATE TABLE gaiops.dataset_settings (
	name         text COLLATE "C" PRIMARY KEY CHECK (name <> '' AND octet_length(name) <= 255),
	description  text,
	tags         jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'object'),
	revision     integer NOT NULL CHECK (revision >= 0),
	created_at   timestamptz NOT NULL,
	created_by   name NOT NULL,
	updated_at   timestamptz NOT NULL,
	updated_by   name NOT NULL
);
COMMENT ON TABLE gaiops.dataset_settings IS 'Golden datasets, one row each; read gaiops.datasets';
COMMENT ON COLUMN gaiops.dataset_settings.name IS 'Name of the dataset';
COMMENT ON COLUMN gaiops.dataset_settings.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_settings.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_settings.revision IS 'Latest revision; 0 before the first record';
COMMENT ON COLUMN gaiops.dataset_settings.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.dataset_settings.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.dataset_settings.updated_at IS 'When its latest revision was made; when it was created if there is none';
COMMENT ON COLUMN gaiops.dataset_settings.updated_by IS 'Database role that made that revision';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_settings', '');

CREATE TABLE gaiops.dataset_changes (
	dataset         text COLLATE "C" NOT NULL,
	revision        integer NOT NULL CHECK (revision > 0),
	records_before  bigint NOT NULL CHECK (records_before >= 0),
	transaction     xid8 NOT NULL,
	created_at      timestamptz NOT NULL,
	created_by      name NOT NULL,
	PRIMARY KEY (dataset, revision)
);
COMMENT ON TABLE gaiops.dataset_changes IS 'Transactions that changed a dataset, each of which is a revision of it; read gaiops.dataset_revisions';
COMMENT ON COLUMN gaiops.dataset_changes.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_changes.revision IS 'Number of the revision, from 1';
COMMENT ON COLUMN gaiops.dataset_changes.records_before IS 'Records before it';
COMMENT ON COLUMN gaiops.dataset_changes.transaction IS 'Transaction that made it';
COMMENT ON COLUMN gaiops.dataset_changes.created_at IS 'When that transaction began';
COMMENT ON COLUMN gaiops.dataset_changes.created_by IS 'Database role that made it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_changes', '');

CREATE TABLE gaiops.dataset_record_versions (
	dataset       text COLLATE "C" NOT NULL,
	record_id     uuid NOT NULL,
	revision      integer NOT NULL,
	is_deleted    boolean NOT NULL,
	change        smallint NOT NULL CHECK (change BETWEEN -1 AND 1),
	key           text,
	inputs        jsonb NOT NULL CHECK (jsonb_typeof(inputs) = 'object'),
	expectations  jsonb NOT NULL CHECK (jsonb_typeof(expectations) = 'object'),
	outputs       jsonb,
	tags          jsonb NOT NULL CHECK (jsonb_typeof(tags) = 'object'),
	split         text,
	source        jsonb,
	created_at    timestamptz NOT NULL,
	created_by    name NOT NULL,
	updated_at    timestamptz NOT NULL,
	updated_by    name NOT NULL,
	PRIMARY KEY (dataset, record_id, revision)
);
-- For reading a revision, and its size, which ask for it by that expression: for them no
-- other index will do, and it will do for nothing else.  Were it of the plain name, a planner
-- that looks for the latest row of one record might take the order of this index and pass
-- over all rows of the dataset, and one that looks for an early revision the primary key.
CREATE INDEX dataset_record_versions_revision_idx ON gaiops.dataset_record_versions ((dataset || ''), revision, change);
COMMENT ON TABLE gaiops.dataset_record_versions IS 'Records of datasets as each revision changed them; read gaiops.dataset_records or gaiops_dataset_records()';
COMMENT ON COLUMN gaiops.dataset_record_versions.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_record_versions.record_id IS 'Identity: from the hash of the canonical inputs and the key';
COMMENT ON COLUMN gaiops.dataset_record_versions.revision IS 'Revision that made it so';
COMMENT ON COLUMN gaiops.dataset_record_versions.is_deleted IS 'Whether it is gone from that revision on; what it was is then not repeated here';
COMMENT ON COLUMN gaiops.dataset_record_versions.change IS 'What the revision does to the number of records: 1 if it adds this one, -1 if it deletes it, 0 otherwise';
COMMENT ON COLUMN gaiops.dataset_record_versions.key IS 'Tells records of the same inputs apart; NULL if not needed';
COMMENT ON COLUMN gaiops.dataset_record_versions.inputs IS 'What is asked, a JSON object; its members are variables of prompts, too';
COMMENT ON COLUMN gaiops.dataset_record_versions.expectations IS 'What is known to be right, a JSON object';
COMMENT ON COLUMN gaiops.dataset_record_versions.outputs IS 'What was answered; NULL if nothing was';
COMMENT ON COLUMN gaiops.dataset_record_versions.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_record_versions.split IS 'Part of the dataset it belongs to, such as train or test; NULL if none';
COMMENT ON COLUMN gaiops.dataset_record_versions.source IS 'Where it is from, such as {"trace_id": "...", "session_id": "..."}; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_record_versions.created_at IS 'When the record was first put into the dataset';
COMMENT ON COLUMN gaiops.dataset_record_versions.created_by IS 'Database role that did so';
COMMENT ON COLUMN gaiops.dataset_record_versions.updated_at IS 'When this change was made';
COMMENT ON COLUMN gaiops.dataset_record_versions.updated_by IS 'Database role that made it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.dataset_record_versions', '');

-- FOR EACH ROW and ALWAYS: see refuse_change in prompts.sql.
DO $$
DECLARE
	kept text;
BEGIN
	FOREACH kept IN ARRAY ARRAY['dataset_changes', 'dataset_record_versions'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON gaiops.%I FOR EACH ROW EXECUTE FUNCTION gaiops.refuse_dataset_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_change', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_change ON gaiops.%I IS %L', kept, 'Refuses every change of what another transaction made');
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON gaiops.%I FOR EACH STATEMENT EXECUTE FUNCTION gaiops.refuse_dataset_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_truncate', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_truncate ON gaiops.%I IS %L', kept, 'Refuses to remove all rows');
	END LOOP;
END
$$;
CREATE TRIGGER refuse_change BEFORE UPDATE ON gaiops.dataset_settings FOR EACH ROW EXECUTE FUNCTION gaiops.refuse_dataset_change();
ALTER TABLE gaiops.dataset_settings ENABLE ALWAYS TRIGGER refuse_change;
COMMENT ON TRIGGER refuse_change ON gaiops.dataset_settings IS 'Refuses another name, and an earlier revision';
-- Review queues.  An item's row has how many reviewers it still wants, so that
-- claiming one is a walk through an index of those that want any, in the order of
-- their places.  An item that is given back gets a place at the end: whatever a
-- reviewer has passed by stays behind him.

CREATE TABLE gaiops.review_settings (
	queue               text COLLATE "C" PRIMARY KEY CHECK (queue <> '' AND octet_length(queue) <= 255),
	description         text,
	schemas             text[] NOT NULL,
	reviewers_per_item  integer NOT NULL CHECK (reviewers_per_item BETWEEN 1 AND 100),
	reviewers           text[],
	created_at          timestamptz NOT NULL,
	created_by          name NOT NULL
);
COMMENT ON TABLE gaiops.review_settings IS 'Review queues as they were created; read gaiops.review_queues';
COMMENT ON COLUMN gaiops.review_settings.queue IS 'Name of the queue';
COMMENT ON COLUMN gaiops.review_settings.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.review_settings.schemas IS 'Label schemas that reviewers are asked for, by name';
COMMENT ON COLUMN gaiops.review_settings.reviewers_per_item IS 'How many reviewers each item wants';
COMMENT ON COLUMN gaiops.review_settings.reviewers IS 'Database roles whose members may review; NULL if all may';
COMMENT ON COLUMN gaiops.review_settings.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.review_settings.created_by IS 'Database role that created it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_settings', '');

CREATE SEQUENCE gaiops.review_items_item_seq AS bigint;
COMMENT ON SEQUENCE gaiops.review_items_item_seq IS 'Numbers of review items, and their places in the queue';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_items_item_seq', '');

CREATE TABLE gaiops.review_items (
	item         bigint PRIMARY KEY,
	queue        text COLLATE "C" NOT NULL,
	trace_id     uuid NOT NULL,
	wanted       integer NOT NULL CHECK (wanted >= 0),
	place        bigint NOT NULL,
	enqueued_at  timestamptz NOT NULL,
	enqueued_by  name NOT NULL,
	UNIQUE (queue, trace_id)
);
CREATE INDEX review_items_wanted_idx ON gaiops.review_items (queue, place) WHERE wanted > 0;
COMMENT ON TABLE gaiops.review_items IS 'Traces that are to be reviewed, once per queue';
COMMENT ON COLUMN gaiops.review_items.item IS 'Number of the item';
COMMENT ON COLUMN gaiops.review_items.queue IS 'Review queue by name';
COMMENT ON COLUMN gaiops.review_items.trace_id IS 'Trace to review';
COMMENT ON COLUMN gaiops.review_items.wanted IS 'How many reviewers it still wants: those that have it, and those that are done, not counted';
COMMENT ON COLUMN gaiops.review_items.place IS 'Its place in the queue, lowest first: its number, or a later one since it was given back';
COMMENT ON COLUMN gaiops.review_items.enqueued_at IS 'When it was put into the queue';
COMMENT ON COLUMN gaiops.review_items.enqueued_by IS 'Database role that did so';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_items', '');

CREATE TABLE gaiops.review_claims (
	item         bigint NOT NULL,
	reviewer     text COLLATE "C" NOT NULL CHECK (reviewer <> ''),
	queue        text COLLATE "C" NOT NULL,
	place        bigint NOT NULL,
	state        text NOT NULL CHECK (state IN ('claimed', 'lapsed', 'submitted', 'declined')),
	claimed_at   timestamptz NOT NULL,
	lease_until  timestamptz NOT NULL,
	finished_at  timestamptz,
	reason       text,
	turn         integer NOT NULL DEFAULT 1 CHECK (turn > 0),
	PRIMARY KEY (item, reviewer)
);
CREATE INDEX review_claims_lease_idx ON gaiops.review_claims (queue, lease_until) WHERE state = 'claimed';
CREATE INDEX review_claims_reviewer_idx ON gaiops.review_claims (queue, reviewer, place);
COMMENT ON TABLE gaiops.review_claims IS 'Who has taken which item of a review queue, and what became of it';
COMMENT ON COLUMN gaiops.review_claims.item IS 'Item that was taken';
COMMENT ON COLUMN gaiops.review_claims.reviewer IS 'Who took it: a database role, or whom a role that may speak for others named';
COMMENT ON COLUMN gaiops.review_claims.queue IS 'Queue of the item';
COMMENT ON COLUMN gaiops.review_claims.place IS 'Place of the item when it was taken';
COMMENT ON COLUMN gaiops.review_claims.state IS 'claimed, also when the lease is over and nobody has taken the item; lapsed once somebody has, submitted or declined';
COMMENT ON COLUMN gaiops.review_claims.claimed_at IS 'When it was taken';
COMMENT ON COLUMN gaiops.review_claims.lease_until IS 'From when the item may go to others, unless it is submitted';
COMMENT ON COLUMN gaiops.review_claims.finished_at IS 'When it was submitted or declined; NULL before';
COMMENT ON COLUMN gaiops.review_claims.reason IS 'Why it was declined; NULL if not said';
COMMENT ON COLUMN gaiops.review_claims.turn IS 'Number of the claim among those of the reviewer in the queue';
SELECT pg_catalog.pg_extension_config_dump('gaiops.review_claims', '');
-- Keys of gateways.  A sealed row is of no use without the key ring file, which
-- is outside the database; so the rows may be dumped.

CREATE TABLE gaiops.secrets (
	name        text COLLATE "C" PRIMARY KEY
		CHECK (name ~ '^[A-Za-z0-9_.-]{1,255}$'),
	kind        text NOT NULL CHECK (kind IN ('sealed', 'env', 'file')),
	sealed      bytea,
	key_id      text,
	reference   text,
	created_at  timestamptz NOT NULL DEFAULT now(),
	updated_at  timestamptz NOT NULL DEFAULT now(),
	created_by  name NOT NULL,
	CHECK ((kind = 'sealed') = (sealed IS NOT NULL)),
	CHECK ((kind = 'sealed') = (key_id IS NOT NULL)),
	CHECK ((kind = 'sealed') = (reference IS NULL))
);

COMMENT ON TABLE gaiops.secrets IS 'Keys that are sent to gateways: sealed, or by reference to where the server finds them';
COMMENT ON COLUMN gaiops.secrets.name IS 'Name that endpoints refer to';
COMMENT ON COLUMN gaiops.secrets.kind IS 'sealed, env (an environment variable of the server) or file (a file on the server)';
COMMENT ON COLUMN gaiops.secrets.sealed IS 'Value sealed under a master key; NULL for a reference';
COMMENT ON COLUMN gaiops.secrets.key_id IS 'Master key in the key ring file that opens the value; NULL for a reference';
COMMENT ON COLUMN gaiops.secrets.reference IS 'Environment variable or absolute path; NULL for a sealed value';
COMMENT ON COLUMN gaiops.secrets.created_at IS 'Time of gaiops_create_secret()';
COMMENT ON COLUMN gaiops.secrets.updated_at IS 'Time of the last change or resealing';
COMMENT ON COLUMN gaiops.secrets.created_by IS 'Role that created the secret, by name';

SELECT pg_catalog.pg_extension_config_dump('gaiops.secrets', '');
-- A price is a fact with a date: what was true at the time of a call stays on
-- file, and a new price is a new row.  "builtin" is part of the key so that a
-- row of the user's never stands where an install script puts one of ours: the
-- dump of a database has the user's rows alone, and is loaded after ours.
CREATE TABLE gaiops.prices (
	provider        text NOT NULL CHECK (provider <> '' AND length(provider) <= 100),
	model           text NOT NULL CHECK (model <> '' AND length(model) <= 400),
	kind            text NOT NULL CHECK (kind IN ('input', 'output', 'cached_input', 'cache_write', 'reasoning', 'call')),
	price           numeric NOT NULL CHECK (price >= 0 AND price < 1e12 AND scale(price) <= 30),
	effective_from  timestamptz NOT NULL CHECK (effective_from < 'infinity'),
	builtin         boolean NOT NULL,
	source          text,
	created_at      timestamptz NOT NULL,
	created_by      name NOT NULL,
	PRIMARY KEY (provider, model, kind, builtin, effective_from)
);
COMMENT ON TABLE gaiops.prices IS 'Prices in US dollars by provider, model and kind of token, each from a time on; written by gaiops_set_price() and gaiops_import_prices()';
COMMENT ON COLUMN gaiops.prices.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.prices.model IS 'Model, as the provider names it';
COMMENT ON COLUMN gaiops.prices.kind IS 'input, output, cached_input, cache_write or reasoning: per million tokens; call: per call';
COMMENT ON COLUMN gaiops.prices.price IS 'US dollars per million tokens, or per call; exact';
COMMENT ON COLUMN gaiops.prices.effective_from IS 'Start of its validity, which lasts until the next row of the same kind';
COMMENT ON COLUMN gaiops.prices.builtin IS 'Whether it came with the extension; such rows are not dumped, and any price of the user''s own that is in force wins over them';
COMMENT ON COLUMN gaiops.prices.source IS 'Where the figure is from';
COMMENT ON COLUMN gaiops.prices.created_at IS 'When it was put on file';
COMMENT ON COLUMN gaiops.prices.created_by IS 'Database role that put it on file';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prices', 'WHERE NOT builtin');
-- List prices of today's main models, in US dollars per million tokens (call:
-- per call), for the standard tier and the shortest context tier.
--
-- The figures are those of LiteLLM's public price map
-- (https://github.com/BerriAI/litellm, model_prices_and_context_window.json) as
-- of 2026-08-01, in the copy kept in github.com/Prajwalsrinvas/token-tariff,
-- commit 77b8722619d64503658ecc85979802d678a5626c of that day.  A cache-write
-- price of 0 there means "no surcharge" and is left out, so that such tokens
-- cost what input does.  Names without a date stand for the dated ones, too.
--
-- What was here stays here: a later catalogue is more rows with a later date,
-- in this file and in the update script of its release, or spans of the past
-- could not be priced again.
INSERT INTO gaiops.prices (provider, model, kind, price, effective_from, builtin, source, created_at, created_by)
SELECT c.provider, c.model, k.kind, k.price, '2026-08-01 00:00:00+00', true,
	'LiteLLM model_prices_and_context_window.json, 2026-08-01', pg_catalog.now(), CURRENT_USER
FROM (VALUES
	-- provider, model, input, output, cached_input, cache_write, call
	('openai', 'gpt-5.6', 5, 30, 0.5, 6.25, NULL),
	('openai', 'gpt-5.6-sol', 5, 30, 0.5, 6.25, NULL),
	('openai', 'gpt-5.6-terra', 2, 12, 0.2, 2.5, NULL),
	('openai', 'gpt-5.6-luna', 0.2, 1.2, 0.02, 0.25, NULL),
	('openai', 'gpt-5.5', 5, 30, 0.5, NULL, NULL),
	('openai', 'gpt-5.5-pro', 30, 180, 3, NULL, NULL),
	('openai', 'gpt-5.4', 2.5, 15, 0.25, NULL, NULL),
	('openai', 'gpt-5.4-mini', 0.75, 4.5, 0.075, NULL, NULL),
	('openai', 'gpt-5.4-nano', 0.2, 1.25, 0.02, NULL, NULL),
	('openai', 'gpt-5.4-pro', 30, 180, 3, NULL, NULL),
	('openai', 'gpt-5.3-codex', 1.75, 14, 0.175, NULL, NULL),
	('openai', 'gpt-5.3-chat-latest', 1.75, 14, 0.175, NULL, NULL),
	('openai', 'gpt-5.2', 1.75, 14, 0.175, NULL, NULL),
	('openai', 'gpt-5.2-pro', 21, 168, NULL, NULL, NULL),
	('openai', 'gpt-5.2-chat-latest', 1.75, 14, 0.175, NULL, NULL),
	('openai', 'gpt-5.1', 1.25, 10, 0.125, NULL, NULL),
	('openai', 'gpt-5.1-chat-latest', 1.25, 10, 0.125, NULL, NULL),
	('openai', 'gpt-5.1-codex', 1.25, 10, 0.125, NULL, NULL),
	('openai', 'gpt-5.1-codex-mini', 0.25, 2, 0.025, NULL, NULL),
	('openai', 'gpt-5', 1.25, 10, 0.125, NULL, NULL),
	('openai', 'gpt-5-mini', 0.25, 2, 0.025, NULL, NULL),
	('openai', 'gpt-5-nano', 0.05, 0.4, 0.005, NULL, NULL),
	('openai', 'gpt-5-pro', 15, 120, NULL, NULL, NULL),
	('openai', 'gpt-5-chat-latest', 1.25, 10, 0.125, NULL, NULL),
	('openai', 'gpt-4.1', 2, 8, 0.5, NULL, NULL),
	('openai', 'gpt-4.1-mini', 0.4, 1.6, 0.1, NULL, NULL),
	('openai', 'gpt-4.1-nano', 0.1, 0.4, 0.025, NULL, NULL),
	('openai', 'gpt-4o', 2.5, 10, 1.25, NULL, NULL),
	('openai', 'gpt-4o-2024-05-13', 5, 15, NULL, NULL, NULL),
	('openai', 'gpt-4o-mini', 0.15, 0.6, 0.075, NULL, NULL),
	('openai', 'gpt-4-turbo', 10, 30, NULL, NULL, NULL),
	('openai', 'gpt-4', 30, 60, NULL, NULL, NULL),
	('openai', 'gpt-3.5-turbo', 0.5, 1.5, NULL, NULL, NULL),
	('openai', 'o1', 15, 60, 7.5, NULL, NULL),
	('openai', 'o3', 2, 8, 0.5, NULL, NULL),
	('openai', 'o3-mini', 1.1, 4.4, 0.55, NULL, NULL),
	('openai', 'o3-pro', 20, 80, NULL, NULL, NULL),
	('openai', 'o4-mini', 1.1, 4.4, 0.275, NULL, NULL),
	('openai', 'text-embedding-3-large', 0.13, 0, NULL, NULL, NULL),
	('openai', 'text-embedding-3-small', 0.02, 0, NULL, NULL, NULL),
	('openai', 'text-embedding-ada-002', 0.1, 0, NULL, NULL, NULL),
	('azure.ai.openai', 'gpt-5.6', 5, 30, 0.5, NULL, NULL),
	('azure.ai.openai', 'gpt-5.5', 5, 30, 0.5, NULL, NULL),
	('azure.ai.openai', 'gpt-5.4', 2.5, 15, 0.25, NULL, NULL),
	('azure.ai.openai', 'gpt-5.4-mini', 0.75, 4.5, 0.075, NULL, NULL),
	('azure.ai.openai', 'gpt-5.4-nano', 0.2, 1.25, 0.02, NULL, NULL),
	('azure.ai.openai', 'gpt-5.2', 1.75, 14, 0.175, NULL, NULL),
	('azure.ai.openai', 'gpt-5.1', 1.25, 10, 0.125, NULL, NULL),
	('azure.ai.openai', 'gpt-5', 1.25, 10, 0.125, NULL, NULL),
	('azure.ai.openai', 'gpt-5-mini', 0.25, 2, 0.025, NULL, NULL),
	('azure.ai.openai', 'gpt-5-nano', 0.05, 0.4, 0.005, NULL, NULL),
	('azure.ai.openai', 'gpt-4.1', 2, 8, 0.5, NULL, NULL),
	('azure.ai.openai', 'gpt-4.1-mini', 0.4, 1.6, 0.1, NULL, NULL),
	('azure.ai.openai', 'gpt-4.1-nano', 0.1, 0.4, 0.025, NULL, NULL),
	('azure.ai.openai', 'gpt-4o', 2.5, 10, 1.25, NULL, NULL),
	('azure.ai.openai', 'gpt-4o-mini', 0.165, 0.66, 0.075, NULL, NULL),
	('anthropic', 'claude-opus-5', 5, 25, 0.5, 6.25, NULL),
	('anthropic', 'claude-fable-5', 10, 50, 1, 12.5, NULL),
	('anthropic', 'claude-opus-4-8', 5, 25, 0.5, 6.25, NULL),
	('anthropic', 'claude-opus-4-7', 5, 25, 0.5, 6.25, NULL),
	('anthropic', 'claude-opus-4-6', 5, 25, 0.5, 6.25, NULL),
	('anthropic', 'claude-opus-4-5', 5, 25, 0.5, 6.25, NULL),
	('anthropic', 'claude-opus-4-1', 15, 75, 1.5, 18.75, NULL),
	('anthropic', 'claude-sonnet-5', 2, 10, 0.2, 2.5, NULL),
	('anthropic', 'claude-sonnet-4-6', 3, 15, 0.3, 3.75, NULL),
	('anthropic', 'claude-sonnet-4-5', 3, 15, 0.3, 3.75, NULL),
	('anthropic', 'claude-haiku-4-5', 1, 5, 0.1, 1.25, NULL),
	('anthropic', 'claude-3-haiku', 0.25, 1.25, 0.03, 0.3, NULL),
	('aws.bedrock', 'amazon.nova-micro-v1:0', 0.035, 0.14, NULL, NULL, NULL),
	('aws.bedrock', 'amazon.nova-lite-v1:0', 0.06, 0.24, NULL, NULL, NULL),
	('aws.bedrock', 'amazon.nova-pro-v1:0', 0.8, 3.2, NULL, NULL, NULL),
	('aws.bedrock', 'us.amazon.nova-premier-v1:0', 2.5, 12.5, NULL, NULL, NULL),
	('aws.bedrock', 'amazon.nova-2-lite-v1:0', 0.3, 2.5, 0.075, NULL, NULL),
	('aws.bedrock', 'amazon.titan-embed-text-v2:0', 0.02, 0, NULL, NULL, NULL),
	('aws.bedrock', 'anthropic.claude-opus-5', 5, 25, 0.5, 6.25, NULL),
	('aws.bedrock', 'global.anthropic.claude-opus-5', 5, 25, 0.5, 6.25, NULL),
	('aws.bedrock', 'anthropic.claude-opus-4-8', 5, 25, 0.5, 6.25, NULL),
	('aws.bedrock', 'global.anthropic.claude-opus-4-8', 5, 25, 0.5, 6.25, NULL),
	('aws.bedrock', 'anthropic.claude-sonnet-4-6', 3, 15, 0.3, 3.75, NULL),
	('aws.bedrock', 'global.anthropic.claude-sonnet-4-6', 3, 15, 0.3, 3.75, NULL),
	('aws.bedrock', 'anthropic.claude-haiku-4-5-20251001-v1:0', 1, 5, 0.1, 1.25, NULL),
	('aws.bedrock', 'global.anthropic.claude-haiku-4-5-20251001-v1:0', 1, 5, 0.1, 1.25, NULL),
	('gcp.gemini', 'gemini-3.6-flash', 1.5, 7.5, 0.15, NULL, NULL),
	('gcp.gemini', 'gemini-3.5-flash', 1.5, 9, 0.15, NULL, NULL),
	('gcp.gemini', 'gemini-3.5-flash-lite', 0.3, 2.5, 0.03, NULL, NULL),
	('gcp.gemini', 'gemini-3.1-pro-preview', 2, 12, 0.2, NULL, NULL),
	('gcp.gemini', 'gemini-3.1-flash-lite', 0.25, 1.5, 0.025, NULL, NULL),
	('gcp.gemini', 'gemini-3-flash-preview', 0.5, 3, 0.05, NULL, NULL),
	('gcp.gemini', 'gemini-2.5-pro', 1.25, 10, 0.125, NULL, NULL),
	('gcp.gemini', 'gemini-2.5-flash', 0.3, 2.5, 0.03, NULL, NULL),
	('gcp.gemini', 'gemini-2.5-flash-lite', 0.1, 0.4, 0.01, NULL, NULL),
	('gcp.gemini', 'gemini-embedding-001', 0.15, 0, NULL, NULL, NULL),
	('gcp.gemini', 'gemini-embedding-2', 0.2, 0, NULL, NULL, NULL),
	('gcp.vertex_ai', 'gemini-3.6-flash', 1.5, 7.5, 0.15, NULL, NULL),
	('gcp.vertex_ai', 'gemini-3.5-flash', 1.5, 9, 0.15, NULL, NULL),
	('gcp.vertex_ai', 'gemini-3.5-flash-lite', 0.3, 2.5, 0.03, NULL, NULL),
	('gcp.vertex_ai', 'gemini-3.1-pro-preview', 2, 12, 0.2, NULL, NULL),
	('gcp.vertex_ai', 'gemini-2.5-pro', 1.25, 10, 0.125, NULL, NULL),
	('gcp.vertex_ai', 'gemini-2.5-flash', 0.3, 2.5, 0.03, NULL, NULL),
	('gcp.vertex_ai', 'gemini-2.5-flash-lite', 0.1, 0.4, 0.01, NULL, NULL),
	('mistral_ai', 'mistral-large-latest', 0.5, 1.5, NULL, NULL, NULL),
	('mistral_ai', 'mistral-large-2512', 0.5, 1.5, NULL, NULL, NULL),
	('mistral_ai', 'mistral-medium-latest', 1.5, 7.5, NULL, NULL, NULL),
	('mistral_ai', 'mistral-medium-2604', 1.5, 7.5, NULL, NULL, NULL),
	('mistral_ai', 'mistral-medium-2508', 0.4, 2, NULL, NULL, NULL),
	('mistral_ai', 'mistral-small-latest', 0.06, 0.18, NULL, NULL, NULL),
	('mistral_ai', 'magistral-medium-latest', 2, 5, NULL, NULL, NULL),
	('mistral_ai', 'magistral-small-latest', 0.5, 1.5, NULL, NULL, NULL),
	('mistral_ai', 'codestral-2508', 0.3, 0.9, NULL, NULL, NULL),
	('mistral_ai', 'devstral-2512', 0.4, 2, NULL, NULL, NULL),
	('mistral_ai', 'ministral-8b-latest', 0.15, 0.15, NULL, NULL, NULL),
	('mistral_ai', 'mistral-embed', 0.1, 0, NULL, NULL, NULL),
	('deepseek', 'deepseek-v4-flash', 0.14, 0.28, 0.0028, NULL, NULL),
	('deepseek', 'deepseek-v4-pro', 0.435, 0.87, 0.003625, NULL, NULL),
	('deepseek', 'deepseek-chat', 0.28, 0.42, 0.028, NULL, NULL),
	('deepseek', 'deepseek-reasoner', 0.28, 0.42, 0.028, NULL, NULL),
	('x_ai', 'grok-4.5', 2, 6, 0.5, NULL, NULL),
	('x_ai', 'grok-4.5-latest', 2, 6, 0.5, NULL, NULL),
	('x_ai', 'grok-4.3', 1.25, 2.5, 0.2, NULL, NULL),
	('x_ai', 'grok-4.3-latest', 1.25, 2.5, 0.2, NULL, NULL),
	('x_ai', 'grok-4.20-0309-reasoning', 2, 6, 0.2, NULL, NULL),
	('x_ai', 'grok-4', 3, 15, NULL, NULL, NULL),
	('cohere', 'command-a-03-2025', 2.5, 10, NULL, NULL, NULL),
	('cohere', 'command-r-plus-08-2024', 2.5, 10, NULL, NULL, NULL),
	('cohere', 'command-r-08-2024', 0.15, 0.6, NULL, NULL, NULL),
	('cohere', 'command-r7b-12-2024', 0.0375, 0.15, NULL, NULL, NULL),
	('cohere', 'embed-v4.0', 0.12, 0, NULL, NULL, NULL),
	('cohere', 'rerank-v3.5', NULL, NULL, NULL, NULL, 0.002),
	('groq', 'llama-3.1-8b-instant', 0.05, 0.08, NULL, NULL, NULL),
	('groq', 'llama-3.3-70b-versatile', 0.59, 0.79, NULL, NULL, NULL),
	('groq', 'openai/gpt-oss-120b', 0.15, 0.6, 0.075, NULL, NULL),
	('groq', 'openai/gpt-oss-20b', 0.075, 0.3, 0.0375, NULL, NULL),
	('groq', 'meta-llama/llama-4-maverick-17b-128e-instruct', 0.2, 0.6, NULL, NULL, NULL),
	('groq', 'meta-llama/llama-4-scout-17b-16e-instruct', 0.11, 0.34, NULL, NULL, NULL),
	('groq', 'qwen/qwen3-32b', 0.29, 0.59, NULL, NULL, NULL),
	('groq', 'moonshotai/kimi-k2-instruct-0905', 1, 3, 0.5, NULL, NULL)
) AS c (provider, model, input, output, cached_input, cache_write, call)
CROSS JOIN LATERAL (VALUES
	('input', c.input::numeric),
	('output', c.output::numeric),
	('cached_input', c.cached_input::numeric),
	('cache_write', c.cache_write::numeric),
	('call', c.call::numeric)
) AS k (kind, price)
WHERE k.price IS NOT NULL;

-- The price above was an introductory one, announced to end with August 2026.
INSERT INTO gaiops.prices (provider, model, kind, price, effective_from, builtin, source, created_at, created_by)
SELECT 'anthropic', 'claude-sonnet-5', k.kind, k.price, '2026-09-01 00:00:00+00', true,
	'standard rate announced for the time after 2026-08-31', pg_catalog.now(), CURRENT_USER
FROM (VALUES ('input', 3.0), ('output', 15.0), ('cached_input', 0.3), ('cache_write', 3.75)) AS k (kind, price);

-- Endpoints of URL builtin:echo answer inside the server, and that is free.
INSERT INTO gaiops.prices (provider, model, kind, price, effective_from, builtin, source, created_at, created_by)
SELECT 'builtin', 'echo', k.kind, 0, '-infinity', true, 'answered inside the server', pg_catalog.now(), CURRENT_USER
FROM (VALUES ('input'), ('output')) AS k (kind);
-- Named routes to models.  A row holds no key: secret names a row of
-- gaiops.secrets, and so does a header whose value is secret:NAME.  The functions
-- see to it that there is such a row; a foreign key would make pg_restore --jobs
-- fail, which loads the tables of an extension in any order.
CREATE TABLE gaiops.endpoints (
	name                text COLLATE "C" PRIMARY KEY
		CHECK (name ~ '^[A-Za-z0-9_.-]{1,255}$'),
	url                 text NOT NULL,
	model               text CHECK (model <> ''),
	provider            text NOT NULL CHECK (provider <> ''),
	secret              text COLLATE "C",
	params              jsonb NOT NULL CHECK (jsonb_typeof(params) = 'object'),
	headers             jsonb NOT NULL CHECK (jsonb_typeof(headers) = 'object'),
	connect_timeout     interval NOT NULL,
	timeout             interval NOT NULL,
	max_retries         integer NOT NULL,
	max_response_bytes  bigint NOT NULL,
	description         text,
	created_at          timestamptz NOT NULL,
	created_by          name NOT NULL,
	updated_at          timestamptz NOT NULL,
	updated_by          name NOT NULL
);
CREATE INDEX endpoints_secret_idx ON gaiops.endpoints (secret) WHERE secret IS NOT NULL;
COMMENT ON TABLE gaiops.endpoints IS 'Named routes to models, as gaiops_chat() takes them; written by gaiops_create_endpoint() and its kin';
COMMENT ON COLUMN gaiops.endpoints.name IS 'Name that calls use';
COMMENT ON COLUMN gaiops.endpoints.url IS 'Base URL of the gateway, or builtin:echo';
COMMENT ON COLUMN gaiops.endpoints.model IS 'Model asked of the gateway; NULL sends the endpoint''s own name';
COMMENT ON COLUMN gaiops.endpoints.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name; prices are looked up by it';
COMMENT ON COLUMN gaiops.endpoints.secret IS 'Secret sent as bearer token, by name; NULL sends none';
COMMENT ON COLUMN gaiops.endpoints.params IS 'Default parameters of requests; a call''s own win';
COMMENT ON COLUMN gaiops.endpoints.headers IS 'Extra request headers; the value secret:NAME stands for a secret';
COMMENT ON COLUMN gaiops.endpoints.connect_timeout IS 'Longest time to connect';
COMMENT ON COLUMN gaiops.endpoints.timeout IS 'Longest time of a whole call, retries included';
COMMENT ON COLUMN gaiops.endpoints.max_retries IS 'Most attempts after the first';
COMMENT ON COLUMN gaiops.endpoints.max_response_bytes IS 'Largest answer that is read, decompressed';
COMMENT ON COLUMN gaiops.endpoints.description IS 'What it is for';
COMMENT ON COLUMN gaiops.endpoints.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.endpoints.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.endpoints.updated_at IS 'When it was last changed';
COMMENT ON COLUMN gaiops.endpoints.updated_by IS 'Database role that changed it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.endpoints', '');
-- The prompt registry.  What a version says is in tables that are only ever
-- inserted into; what may change about it (tags, aliases, whether it is deleted)
-- is in tables of its own.  A prompt exists while it has a version that is not
-- deleted.  There are no foreign keys: see gaiops.endpoints.  Functions keep
-- what a key would, with row locks on gaiops.prompt_contents.

CREATE FUNCTION gaiops.refuse_change()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	refused CONSTANT text := format('rows of %s.%s cannot be %s', TG_TABLE_SCHEMA, TG_TABLE_NAME,
		CASE TG_OP WHEN 'UPDATE' THEN 'changed' ELSE 'deleted' END);
	is_of_version CONSTANT boolean := TG_TABLE_NAME IN ('prompt_contents', 'prompt_includes');
BEGIN
	IF NOT is_of_version THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = refused,
			DETAIL = CASE TG_TABLE_NAME
				WHEN 'prompt_numbers' THEN 'A number that was drawn is taken for good.'
				ELSE 'What became of an alias stays on record.' END;
	ELSIF TG_OP = 'UPDATE' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = refused,
			DETAIL = 'A version of a prompt, and what became of it, stays as it is for everybody, its owner included.',
			HINT = 'Register another version with gaiops_register_prompt().';
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = refused,
		DETAIL = 'What a version of a prompt says is kept for the traces that used it.',
		HINT = 'Hide the version with gaiops_delete_prompt_version().';
END
$$;
COMMENT ON FUNCTION gaiops.refuse_change() IS 'Trigger function: raises whatever is done, and says what can be done instead';

-- Numbers are drawn by another process, so that a rollback does not give one
-- back: a call may have been made with it.
CREATE TABLE gaiops.prompt_numbers (
	name      text COLLATE "C" NOT NULL,
	version   integer NOT NULL,
	token     uuid,
	drawn_at  timestamptz NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.prompt_numbers IS 'Version numbers of prompts that were drawn and are never drawn again, whatever became of the version';
COMMENT ON COLUMN gaiops.prompt_numbers.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_numbers.version IS 'Number; those below it are taken too';
COMMENT ON COLUMN gaiops.prompt_numbers.token IS 'Random value of who drew it; NULL for a number that was imported';
COMMENT ON COLUMN gaiops.prompt_numbers.drawn_at IS 'When it was drawn';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_numbers', '');

CREATE TABLE gaiops.prompt_contents (
	name             text COLLATE "C" NOT NULL CHECK (name ~ '^[A-Za-z0-9_.-]{1,255}$'),
	version          integer NOT NULL CHECK (version > 0),
	kind             text NOT NULL CHECK (kind IN ('text', 'chat')),
	template         text,
	messages         jsonb,
	response_format  jsonb,
	model_config     jsonb,
	syntax           text NOT NULL CHECK (syntax IN ('gaiops', 'mlflow')),
	variables        text[] NOT NULL,
	content_hash     text NOT NULL,
	commit_message   text,
	created_at       timestamptz NOT NULL,
	created_by       name NOT NULL,
	words            tsvector NOT NULL,
	PRIMARY KEY (name, version),
	CHECK ((kind = 'text') = (template IS NOT NULL)),
	CHECK ((kind = 'chat') = (messages IS NOT NULL))
);
CREATE INDEX prompt_contents_words_idx ON gaiops.prompt_contents USING gin (words);
CREATE INDEX prompt_contents_created_by_idx ON gaiops.prompt_contents (created_by);
COMMENT ON TABLE gaiops.prompt_contents IS 'What each version of a prompt says, deleted ones included; insert-only; read gaiops.prompt_versions';
COMMENT ON COLUMN gaiops.prompt_contents.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_contents.version IS 'Number of the version, from 1';
COMMENT ON COLUMN gaiops.prompt_contents.kind IS 'text or chat';
COMMENT ON COLUMN gaiops.prompt_contents.template IS 'Template of a text prompt';
COMMENT ON COLUMN gaiops.prompt_contents.messages IS 'Messages of a chat prompt, whose contents are templates';
COMMENT ON COLUMN gaiops.prompt_contents.response_format IS 'Format of answers that calls ask for unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_contents.model_config IS 'Parameters of calls unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_contents.syntax IS 'gaiops, or mlflow for a template that was imported from there and is rendered by its rules';
COMMENT ON COLUMN gaiops.prompt_contents.variables IS 'Names of the variables in its own templates, without those of what it includes';
COMMENT ON COLUMN gaiops.prompt_contents.content_hash IS 'SHA-256 of all that makes up the version, as 64 hexadecimal digits; checked at each use';
COMMENT ON COLUMN gaiops.prompt_contents.commit_message IS 'What was changed, or why';
COMMENT ON COLUMN gaiops.prompt_contents.created_at IS 'When it was registered';
COMMENT ON COLUMN gaiops.prompt_contents.created_by IS 'Database role that registered it';
COMMENT ON COLUMN gaiops.prompt_contents.words IS 'Words to search it by: of its name, its commit message and its text';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_contents', '');

CREATE TABLE gaiops.prompt_includes (
	name              text COLLATE "C" NOT NULL,
	version           integer NOT NULL,
	position          integer NOT NULL,
	included_name     text COLLATE "C" NOT NULL,
	included_version  integer,
	alias             text COLLATE "C",
	follow            boolean NOT NULL,
	PRIMARY KEY (name, version, position),
	CHECK (follow = (included_version IS NULL)),
	CHECK (NOT follow OR alias IS NOT NULL)
);
CREATE INDEX prompt_includes_included_idx ON gaiops.prompt_includes (included_name, included_version);
COMMENT ON TABLE gaiops.prompt_includes IS 'Which prompts a version of a prompt includes; insert-only';
COMMENT ON COLUMN gaiops.prompt_includes.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_includes.version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_includes.position IS 'Number of the include in the version, from 1';
COMMENT ON COLUMN gaiops.prompt_includes.included_name IS 'Prompt that is included';
COMMENT ON COLUMN gaiops.prompt_includes.included_version IS 'Its version, as it was resolved at registration; NULL if an alias is followed';
COMMENT ON COLUMN gaiops.prompt_includes.alias IS 'Alias as it was written; NULL if none was';
COMMENT ON COLUMN gaiops.prompt_includes.follow IS 'Whether the alias is looked up at each use';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_includes', '');

CREATE TABLE gaiops.prompt_deletions (
	name        text COLLATE "C" NOT NULL,
	version     integer NOT NULL,
	deleted_at  timestamptz NOT NULL,
	deleted_by  name NOT NULL,
	PRIMARY KEY (name, version)
);
COMMENT ON TABLE gaiops.prompt_deletions IS 'Versions of prompts that were deleted: hidden, their text kept for the traces that used it';
COMMENT ON COLUMN gaiops.prompt_deletions.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_deletions.version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_deletions.deleted_at IS 'When it was deleted';
COMMENT ON COLUMN gaiops.prompt_deletions.deleted_by IS 'Database role that deleted it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_deletions', '');

CREATE TABLE gaiops.prompt_tags (
	name        text COLLATE "C" NOT NULL,
	key         text COLLATE "C" NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (name, key)
);
CREATE INDEX prompt_tags_key_value_idx ON gaiops.prompt_tags (key, value);
COMMENT ON TABLE gaiops.prompt_tags IS 'Tags of prompts';
COMMENT ON COLUMN gaiops.prompt_tags.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.prompt_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.prompt_tags.updated_at IS 'When it was last set';
COMMENT ON COLUMN gaiops.prompt_tags.updated_by IS 'Database role that set it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_tags', '');

CREATE TABLE gaiops.prompt_version_tags (
	name        text COLLATE "C" NOT NULL,
	version     integer NOT NULL,
	key         text COLLATE "C" NOT NULL,
	value       text NOT NULL,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (name, version, key)
);
CREATE INDEX prompt_version_tags_key_value_idx ON gaiops.prompt_version_tags (key, value);
COMMENT ON TABLE gaiops.prompt_version_tags IS 'Tags of versions of prompts; not part of what a version says';
COMMENT ON COLUMN gaiops.prompt_version_tags.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_version_tags.version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_version_tags.key IS 'Name of the tag';
COMMENT ON COLUMN gaiops.prompt_version_tags.value IS 'Its value';
COMMENT ON COLUMN gaiops.prompt_version_tags.updated_at IS 'When it was last set';
COMMENT ON COLUMN gaiops.prompt_version_tags.updated_by IS 'Database role that set it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_version_tags', '');

CREATE TABLE gaiops.prompt_aliases (
	name        text COLLATE "C" NOT NULL,
	alias       text COLLATE "C" NOT NULL CHECK (alias ~ '^[A-Za-z0-9_-]{1,255}$'),
	version     integer NOT NULL,
	updated_at  timestamptz NOT NULL,
	updated_by  name NOT NULL,
	PRIMARY KEY (name, alias)
);
CREATE INDEX prompt_aliases_alias_idx ON gaiops.prompt_aliases (alias);
COMMENT ON TABLE gaiops.prompt_aliases IS 'Names such as production for versions of prompts';
COMMENT ON COLUMN gaiops.prompt_aliases.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_aliases.alias IS 'Alias, unique in its prompt';
COMMENT ON COLUMN gaiops.prompt_aliases.version IS 'Version it points to';
COMMENT ON COLUMN gaiops.prompt_aliases.updated_at IS 'When it was last moved';
COMMENT ON COLUMN gaiops.prompt_aliases.updated_by IS 'Database role that moved it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_aliases', '');

CREATE SEQUENCE gaiops.prompt_alias_history_id_seq;
COMMENT ON SEQUENCE gaiops.prompt_alias_history_id_seq IS 'Numbers the moves of aliases';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_alias_history_id_seq', '');

CREATE TABLE gaiops.prompt_alias_history (
	id            bigint PRIMARY KEY DEFAULT nextval('gaiops.prompt_alias_history_id_seq'),
	name          text COLLATE "C" NOT NULL,
	alias         text COLLATE "C" NOT NULL,
	from_version  integer,
	to_version    integer,
	reason        text,
	undoes        bigint,
	moved_at      timestamptz NOT NULL,
	moved_by      name NOT NULL
);
CREATE INDEX prompt_alias_history_alias_idx ON gaiops.prompt_alias_history (name, alias, id);
COMMENT ON TABLE gaiops.prompt_alias_history IS 'Every move of an alias: who, when, from, to, why; insert-only';
COMMENT ON COLUMN gaiops.prompt_alias_history.id IS 'Number of the move; later ones are higher';
COMMENT ON COLUMN gaiops.prompt_alias_history.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_alias_history.alias IS 'Alias that was moved';
COMMENT ON COLUMN gaiops.prompt_alias_history.from_version IS 'Version it pointed to before; NULL if it was not there';
COMMENT ON COLUMN gaiops.prompt_alias_history.to_version IS 'Version it points to since; NULL if it was deleted';
COMMENT ON COLUMN gaiops.prompt_alias_history.reason IS 'Why, as whoever moved it said';
COMMENT ON COLUMN gaiops.prompt_alias_history.undoes IS 'Move that this one took back, by gaiops_rollback_prompt_alias(); NULL for any other';
COMMENT ON COLUMN gaiops.prompt_alias_history.moved_at IS 'When';
COMMENT ON COLUMN gaiops.prompt_alias_history.moved_by IS 'Database role that moved it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.prompt_alias_history', '');

CREATE TABLE gaiops.protected_prompt_aliases (
	name          text COLLATE "C" NOT NULL,
	alias         text COLLATE "C" NOT NULL,
	roles         text[] NOT NULL,
	protected_at  timestamptz NOT NULL,
	protected_by  name NOT NULL,
	PRIMARY KEY (name, alias)
);
COMMENT ON TABLE gaiops.protected_prompt_aliases IS 'Aliases that only some roles may move';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.alias IS 'Alias, which need not be there yet';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.roles IS 'Database roles by name: they and their members may move it';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.protected_at IS 'When it was protected';
COMMENT ON COLUMN gaiops.protected_prompt_aliases.protected_by IS 'Database role that protected it';
SELECT pg_catalog.pg_extension_config_dump('gaiops.protected_prompt_aliases', '');

-- FOR EACH ROW: a change may come through a table that has ours for a partition or a child,
-- or from a publisher, and then no statement is on ours.  ALWAYS: not even a subscriber's
-- apply worker may.
DO $$
DECLARE
	kept text;
BEGIN
	FOREACH kept IN ARRAY ARRAY['prompt_numbers', 'prompt_contents', 'prompt_includes', 'prompt_alias_history'] LOOP
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON gaiops.%I FOR EACH ROW EXECUTE FUNCTION gaiops.refuse_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_change', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_change ON gaiops.%I IS %L', kept, 'Refuses every change');
		EXECUTE pg_catalog.format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON gaiops.%I FOR EACH STATEMENT EXECUTE FUNCTION gaiops.refuse_change()', kept);
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ALWAYS TRIGGER refuse_truncate', kept);
		EXECUTE pg_catalog.format('COMMENT ON TRIGGER refuse_truncate ON gaiops.%I IS %L', kept, 'Refuses to remove all rows');
	END LOOP;
END
$$;
-- Sessions remember endpoints and prices; a change of these tables, whoever makes
-- it, has them look again when it is committed.
CREATE FUNCTION gaiops.note_change()
RETURNS trigger
LANGUAGE c AS 'MODULE_PATHNAME', 'gaiops_note_change';
COMMENT ON FUNCTION gaiops.note_change() IS 'Trigger that has every session look again at endpoints, secrets and prices; returns nothing';

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gaiops.endpoints
	FOR EACH STATEMENT EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops.endpoints ENABLE ALWAYS TRIGGER note_change;
COMMENT ON TRIGGER note_change ON gaiops.endpoints IS 'Has every session look again';

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gaiops.secrets
	FOR EACH STATEMENT EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops.secrets ENABLE ALWAYS TRIGGER note_change;
COMMENT ON TRIGGER note_change ON gaiops.secrets IS 'Has every session look again';

CREATE TRIGGER note_change AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON gaiops.prices
	FOR EACH STATEMENT EXECUTE FUNCTION gaiops.note_change();
ALTER TABLE gaiops.prices ENABLE ALWAYS TRIGGER note_change;
COMMENT ON TRIGGER note_change ON gaiops.prices IS 'Has every session look again';
-- Who may read records, however the privilege to SELECT was come by.  The test
-- is made once per query.  gaiops.make_partition() gives every partition what
-- its parent has here.

DO $$
DECLARE
	protected record;
BEGIN
	FOR protected IN
		SELECT t.name FROM pg_catalog.unnest(ARRAY[
			'assessment_deletions', 'dataset_changes', 'dataset_record_versions', 'dataset_settings',
			'experiment_details', 'experiment_names', 'human_assessments', 'intents', 'label_schemas',
			'machine_assessments', 'open_runs', 'rejected_records', 'review_claims', 'review_items',
			'review_settings', 'run_ends', 'run_inputs', 'run_metrics', 'run_params', 'run_starts', 'run_tags', 'span_payloads', 'span_payloads_default',
			'spans', 'spans_default', 'trace_tags', 'usage_deltas']) AS t (name)
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ROW LEVEL SECURITY', protected.name);
		EXECUTE pg_catalog.format($policy$
			CREATE POLICY viewers ON gaiops.%I FOR SELECT USING (
				(SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')))
			$policy$, protected.name);
		EXECUTE pg_catalog.format('COMMENT ON POLICY viewers ON gaiops.%I IS %L', protected.name,
			'Rows are for roles with the right "viewer"');
	END LOOP;
END
$$;
-- How far people agree, and judges with them.  Runs as the caller, who may read
-- the tables.

CREATE FUNCTION gaiops.measure_agreement(units integer[], raters integer[], ratings double precision[], level text,
	counted double precision DEFAULT NULL, OUT n integer,
	OUT kappa double precision, OUT kappa_low double precision, OUT kappa_high double precision,
	OUT alpha double precision, OUT alpha_low double precision, OUT alpha_high double precision,
	OUT correlation double precision, OUT correlation_low double precision, OUT correlation_high double precision,
	OUT prevalence double precision)
AS 'MODULE_PATHNAME', 'gaiops_measure_agreement'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION gaiops.measure_agreement(integer[], integer[], double precision[], text, double precision) IS
'Takes ratings as arrays, an element of each array for a rating, the level of measurement (nominal, ordinal or interval), and the value whose share is asked for, NULL for the commonest; returns how far the raters agree, each figure with its interval, NULL where it is not defined; raises if the arrays are no ratings';

-- Numbers of jsonb may be of any size, and a cast would raise.  In a form that the
-- planner puts in place of a call.
CREATE FUNCTION gaiops.rating_number(value numeric)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN pg_catalog.abs(value) > 1e300 THEN pg_catalog.sign(value)::double precision * 1e300::double precision
	WHEN pg_catalog.abs(value) < 1e-300 THEN 0
	ELSE value::double precision
END;
COMMENT ON FUNCTION gaiops.rating_number(numeric) IS 'Takes a number and returns it as near as arithmetic can have it';

-- Of someone who has rated twice, the later rating counts.  That somebody else has
-- overridden it does not matter: it is what a judge has said that is compared with
-- what people say, and not what they made of it.  Text is no rating: two people
-- never write the same.
CREATE FUNCTION gaiops.ratings(name text)
RETURNS TABLE (unit integer, trace_id uuid, span_id text, session_id text, rater integer, source_type text, source_id text,
	value jsonb, scale text, rating double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10000
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	schema CONSTANT gaiops.label_schemas := gaiops.label_schema(name);
BEGIN
	RETURN QUERY
	WITH latest AS MATERIALIZED (
		SELECT DISTINCT ON (a.trace_id, a.span_id, a.session_id, a.source_type, a.source_id)
			a.trace_id, a.span_id, a.session_id, a.source_type, a.source_id, a.value
		FROM gaiops.assessments AS a
		WHERE a.name = ratings.name AND a.kind = 'feedback' AND NOT a.is_deleted AND schema.kind IS DISTINCT FROM 'text'
		ORDER BY a.trace_id, a.span_id, a.session_id, a.source_type, a.source_id, a.created_at DESC, a.assessment_id DESC
	), scaled AS (
		SELECT CASE
				WHEN schema.kind = 'pass_fail' THEN 'truth'
				WHEN schema.kind = 'number' THEN 'number'
				WHEN schema.kind = 'categories' AND schema.multiple THEN 'set'
				WHEN schema.kind = 'categories' AND schema.ordered THEN 'order'
				WHEN schema.kind = 'categories' THEN 'label'
				WHEN bool_and(jsonb_typeof(l.value) = 'number') THEN 'number'
				WHEN bool_and(jsonb_typeof(l.value) = 'boolean') THEN 'truth'
				ELSE 'label'
			END AS scale
		FROM latest AS l
	), placed AS MATERIALIZED (
		SELECT l.*, s.scale, gaiops.place_value(l.value, s.scale, schema) AS place
		FROM latest AS l, scaled AS s
	)
	SELECT dense_rank() OVER (ORDER BY p.trace_id, p.span_id COLLATE "C", p.session_id COLLATE "C")::integer,
		p.trace_id, p.span_id, p.session_id,
		dense_rank() OVER (ORDER BY p.source_type COLLATE "C", p.source_id COLLATE "C")::integer,
		p.source_type, p.source_id, p.value, p.scale,
		CASE
			WHEN p.scale = 'truth' THEN p.place::boolean::integer::double precision
			WHEN p.scale IN ('number', 'order') THEN gaiops.rating_number(p.place::numeric)
			ELSE dense_rank() OVER (ORDER BY p.place)::double precision
		END
	FROM placed AS p
	WHERE p.place IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.ratings(text) IS 'Takes a name of feedback and returns what everybody has said under it of each unit, a trace, span or session, units and raters numbered, with the scale and the value as a number';

-- What people say of a unit is what most of them say, or the middle of it.
-- Where as many say one thing as another they say nothing.
CREATE FUNCTION gaiops.agreement_on(name text)
RETURNS TABLE (comparison text, rater_a text, rater_b text, level text, n integer,
	kappa double precision, kappa_low double precision, kappa_high double precision,
	alpha double precision, alpha_low double precision, alpha_high double precision,
	correlation double precision, correlation_low double precision, correlation_high double precision,
	prevalence double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 COST 100000
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	most_raters CONSTANT integer := 50;
BEGIN
	RETURN QUERY
	WITH rating AS MATERIALIZED (
		SELECT r.unit, r.rater, r.source_type, r.source_id, r.scale, r.rating
		FROM gaiops.ratings(agreement_on.name) AS r
	), rater AS MATERIALIZED (
		SELECT r.rater, r.source_type, r.source_id, r.source_type = 'HUMAN' AS is_person,
			row_number() OVER (PARTITION BY r.source_type ORDER BY count(*) DESC, r.rater) <= most_raters AS is_paired
		FROM rating AS r
		GROUP BY r.rater, r.source_type, r.source_id
	), unit AS MATERIALIZED (
		SELECT r.unit,
			array_agg(r.rater ORDER BY r.rater) FILTER (WHERE p.is_person AND p.is_paired) AS people,
			array_agg(r.rating ORDER BY r.rater) FILTER (WHERE p.is_person AND p.is_paired) AS said_by_people,
			array_agg(r.rater ORDER BY r.rater) FILTER (WHERE NOT p.is_person AND p.is_paired) AS machines,
			array_agg(r.rating ORDER BY r.rater) FILTER (WHERE NOT p.is_person AND p.is_paired) AS said_by_machines,
			CASE
				WHEN min(r.scale) IN ('number', 'order') THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY r.rating) FILTER (WHERE p.is_person)
				-- the least and the greatest of the commonest values
				WHEN mode() WITHIN GROUP (ORDER BY r.rating) FILTER (WHERE p.is_person)
					= mode() WITHIN GROUP (ORDER BY r.rating DESC) FILTER (WHERE p.is_person)
				THEN mode() WITHIN GROUP (ORDER BY r.rating) FILTER (WHERE p.is_person)
			END AS consensus
		FROM rating AS r JOIN rater AS p USING (rater)
		GROUP BY r.unit
	), gathered AS (
		SELECT 'reviewers' AS comparison, c.rater_a, c.rater_b,
			array_agg(c.unit) AS units, array_agg(v.rater) AS raters, array_agg(v.rating) AS ratings
		FROM (
			SELECT u.unit, u.people[a.n] AS rater_a, u.people[b.n] AS rater_b, u.said_by_people[a.n] AS rating_a, u.said_by_people[b.n] AS rating_b
			FROM unit AS u, generate_subscripts(u.people, 1) AS a (n), generate_series(a.n + 1, cardinality(u.people)) AS b (n)
		) AS c, LATERAL (VALUES (1, c.rating_a), (2, c.rating_b)) AS v (rater, rating)
		GROUP BY c.rater_a, c.rater_b
		UNION ALL
		SELECT 'all reviewers', NULL, NULL, array_agg(r.unit), array_agg(r.rater), array_agg(r.rating)
		FROM rating AS r WHERE r.source_type = 'HUMAN'
		UNION ALL
		SELECT 'machine', c.rater, NULL, array_agg(c.unit), array_agg(v.rater), array_agg(v.rating)
		FROM (
			SELECT u.unit, m.rater, m.rating, u.consensus
			FROM unit AS u, unnest(u.machines, u.said_by_machines) AS m (rater, rating)
			WHERE u.consensus IS NOT NULL
		) AS c, LATERAL (VALUES (1, c.rating), (2, c.consensus)) AS v (rater, rating)
		GROUP BY c.rater
	), scaled AS (
		SELECT min(r.scale) AS scale,
			CASE min(r.scale) WHEN 'number' THEN 'interval' WHEN 'order' THEN 'ordinal' ELSE 'nominal' END AS level
		FROM rating AS r
	)
	SELECT CASE WHEN g.comparison <> 'machine' THEN g.comparison WHEN a.source_type = 'CODE' THEN 'code' ELSE 'judge' END,
		a.source_id, b.source_id, s.level, m.n,
		m.kappa, m.kappa_low, m.kappa_high, m.alpha, m.alpha_low, m.alpha_high,
		m.correlation, m.correlation_low, m.correlation_high, m.prevalence
	FROM scaled AS s CROSS JOIN gathered AS g
		LEFT JOIN rater AS a ON a.rater = g.rater_a
		LEFT JOIN rater AS b ON b.rater = g.rater_b,
		gaiops.measure_agreement(g.units, g.raters, g.ratings, s.level, CASE s.scale WHEN 'truth' THEN 1 END) AS m
	WHERE g.units IS NOT NULL AND m.n > 0
	ORDER BY 1, g.rater_a, g.rater_b;
END
$$;
COMMENT ON FUNCTION gaiops.agreement_on(text) IS 'Takes a name of feedback and returns the rows of gaiops.agreement for it';

CREATE FUNCTION pg_catalog.gaiops_disagreements(name text)
RETURNS TABLE (trace_id uuid, span_id text, session_id text, people jsonb, judges jsonb, programs jsonb, distance double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('name', name);
	IF (gaiops.label_schema(name)).name IS NULL
		AND NOT EXISTS (SELECT FROM gaiops.assessments AS a WHERE a.name = gaiops_disagreements.name AND a.kind = 'feedback')
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no feedback "%s"', name),
			DETAIL = 'Nobody has given any, and no label schema has that name.',
			HINT = 'Names of feedback are in gaiops.assessments, those of label schemas in gaiops.label_schemas.';
	END IF;
	RETURN QUERY
	SELECT r.trace_id, r.span_id, r.session_id,
		jsonb_object_agg(r.source_id, r.value) FILTER (WHERE r.source_type = 'HUMAN'),
		coalesce(jsonb_object_agg(r.source_id, r.value) FILTER (WHERE r.source_type = 'LLM_JUDGE'), '{}'),
		coalesce(jsonb_object_agg(r.source_id, r.value) FILTER (WHERE r.source_type = 'CODE'), '{}'),
		CASE
			WHEN min(r.scale) IN ('number', 'order') THEN max(r.rating) - min(r.rating)
			ELSE 1 - max(r.same)::double precision / count(*)
		END AS apart
	FROM (
		SELECT s.*, count(*) OVER (PARTITION BY s.unit, s.rating) AS same
		FROM gaiops.ratings(gaiops_disagreements.name) AS s
	) AS r
	GROUP BY r.unit, r.trace_id, r.span_id, r.session_id
	HAVING min(r.rating) < max(r.rating) AND bool_or(r.source_type = 'HUMAN')
	ORDER BY apart DESC, r.unit;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_disagreements(text) IS 'Takes a name of feedback and returns the traces, spans and sessions on which people differ, or judges or programs and people, those first that are furthest apart, with what each has said; raises if nothing has that name';
-- Calling a model.

CREATE FUNCTION pg_catalog.gaiops_chat(
	model text, message text DEFAULT NULL, prompt text DEFAULT NULL, variables jsonb DEFAULT NULL,
	system text DEFAULT NULL, params jsonb DEFAULT NULL, session_id text DEFAULT NULL, user_id text DEFAULT NULL,
	tags jsonb DEFAULT NULL, metadata jsonb DEFAULT NULL, timeout interval DEFAULT NULL, on_error text DEFAULT 'raise')
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_message';
COMMENT ON FUNCTION pg_catalog.gaiops_chat(text, text, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text) IS
'Sends a message to an endpoint and returns the text of the answer; the call is on record when this returns';

CREATE FUNCTION pg_catalog.gaiops_chat(
	model text, messages jsonb, prompt text DEFAULT NULL, variables jsonb DEFAULT NULL,
	system text DEFAULT NULL, params jsonb DEFAULT NULL, session_id text DEFAULT NULL, user_id text DEFAULT NULL,
	tags jsonb DEFAULT NULL, metadata jsonb DEFAULT NULL, timeout interval DEFAULT NULL, on_error text DEFAULT 'raise')
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_messages';
COMMENT ON FUNCTION pg_catalog.gaiops_chat(text, jsonb, text, jsonb, text, jsonb, text, text, jsonb, jsonb, interval, text) IS
'Sends a JSON array of messages to an endpoint and returns the text of the answer; the call is on record when this returns';

CREATE FUNCTION pg_catalog.gaiops_chat_completion(request jsonb)
RETURNS jsonb LANGUAGE c VOLATILE PARALLEL UNSAFE COST 10000 AS 'MODULE_PATHNAME', 'gaiops_chat_completion';
COMMENT ON FUNCTION pg_catalog.gaiops_chat_completion(jsonb) IS
'Sends an OpenAI chat-completions request, whose model is an endpoint, and returns the response with trace_id, span_id and cost under the key "gaiops"';
-- What arguments may be, whatever the function.

CREATE FUNCTION gaiops.check_given(argument text, value anyelement)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF value IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', argument);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_given(text, anyelement) IS 'Takes an argument''s name and value and returns nothing; raises if it is NULL';

CREATE FUNCTION gaiops.check_elements(argument text, elements anyarray)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF EXISTS (SELECT FROM unnest(elements) AS e WHERE e IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not contain nulls', argument);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_elements(text, anyarray) IS 'Takes an argument''s name and its value, an array or NULL, and returns nothing; raises if one of its elements is NULL';

CREATE FUNCTION gaiops.check_size(argument text, value text, most integer)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF octet_length(value) > most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is too long', argument),
			DETAIL = format('It has %s bytes; the limit is %s.', octet_length(value), most);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_size(text, text, integer) IS 'Takes an argument''s name, its value or NULL, and the most bytes it may have and returns nothing; raises if it has more';

CREATE FUNCTION gaiops.check_object(argument text, value jsonb, example text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF jsonb_typeof(value) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" must be a JSON object', argument),
			DETAIL = format('It is of type %s.', jsonb_typeof(value)),
			HINT = format('For example %s.', example);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_object(text, jsonb, text) IS 'Takes an argument''s name, its value or NULL, and an example and returns nothing; raises if it is no object';

CREATE FUNCTION gaiops.check_writable(called text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF current_setting('transaction_read_only')::boolean THEN
		RAISE EXCEPTION USING
			ERRCODE = 'read_only_sql_transaction',
			MESSAGE = format('cannot execute %s() in a read-only transaction', called);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_writable(text) IS 'Takes the name of the function that was called and returns nothing; raises in a read-only transaction';

CREATE FUNCTION gaiops.check_roles(argument text, roles text[], remedy text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	unknown text;
BEGIN
	IF array_ndims(roles) IS DISTINCT FROM 1 OR cardinality(roles) > 100 OR array_position(roles, NULL) IS NOT NULL
		OR (SELECT count(DISTINCT r) FROM unnest(roles) AS r) <> cardinality(roles)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" must name 1 to 100 different roles', argument),
			HINT = remedy;
	END IF;
	SELECT r INTO unknown FROM unnest(roles) WITH ORDINALITY AS n (r, number)
		WHERE NOT EXISTS (SELECT FROM pg_roles AS p WHERE p.rolname = n.r)
		ORDER BY n.number LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('role "%s" does not exist', unknown),
			HINT = 'Give names of roles as they are in pg_roles, without quotes.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_roles(text, text[], text) IS 'Takes an argument''s name, its value and what to give instead of none and returns nothing; raises unless it names roles that exist and are different';

CREATE FUNCTION gaiops.is_member(roles text[])
RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	-- A superuser is a member of every role, of one that is gone, too.
	SELECT EXISTS (
		SELECT FROM pg_roles AS r
		WHERE r.rolname = ANY (roles) AND pg_has_role(gaiops.outer_role(), r.oid, 'MEMBER')
			OR r.rolname = gaiops.outer_role() AND r.rolsuper)
$$;
COMMENT ON FUNCTION gaiops.is_member(text[]) IS 'Takes names of roles and returns whether the role in force is one of them or a member of one';

CREATE FUNCTION gaiops.check_name(named text, name text, most integer DEFAULT 255)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('name', name);
	IF octet_length(name) NOT BETWEEN 1 AND most THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('name of %s must have 1 to %s bytes', named, most),
			DETAIL = format('It has %s.', octet_length(name));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_name(text, text, integer) IS 'Takes what is named, a name, and the most bytes it may have and returns nothing; raises if it has none or more';

CREATE FUNCTION gaiops.check_tag(key text, value text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF octet_length(key) NOT BETWEEN 1 AND 255 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'key of a tag must have 1 to 255 bytes',
			DETAIL = format('It has %s.', octet_length(key));
	END IF;
	IF octet_length(value) > 2048 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('value of tag "%s" is too long', key),
			DETAIL = format('It has %s bytes; the limit is 2048.', octet_length(value));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_tag(text, text) IS 'Takes the key and the value of a tag and returns nothing; raises if one of them has a length it may not have';

CREATE FUNCTION gaiops.read_tags(tags jsonb, OUT key text, OUT value text)
RETURNS SETOF record
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	tag record;
BEGIN
	PERFORM gaiops.check_object('tags', tags, '{"team": "support"}');
	IF (SELECT count(*) FROM jsonb_object_keys(tags)) > 64 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "tags" has too many tags',
			DETAIL = format('It has %s; the limit is 64.', (SELECT count(*) FROM jsonb_object_keys(tags)));
	END IF;
	FOR tag IN SELECT t.key, t.value FROM jsonb_each(tags) AS t LOOP
		IF jsonb_typeof(tag.value) NOT IN ('string', 'number', 'boolean') THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('value of tag "%s" must be a string, a number or a boolean', left(tag.key, 255)),
				DETAIL = format('It is of type %s.', jsonb_typeof(tag.value));
		END IF;
		key := tag.key;
		value := tag.value #>> '{}';
		PERFORM gaiops.check_tag(key, value);
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.read_tags(jsonb) IS 'Takes tags as an object, or NULL, and returns each with its value as text; raises unless all are acceptable';
-- Reading what was said, for the views.  Nothing here raises an error, whatever
-- was stored.

CREATE FUNCTION gaiops.answer_text(body text)
RETURNS text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_answer_text';
COMMENT ON FUNCTION gaiops.answer_text(text) IS 'Takes the body of an answer; returns the text of its first choice, its refusal if it has no text, or NULL';

CREATE FUNCTION gaiops.read_json(body text)
RETURNS jsonb
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_read_json';
COMMENT ON FUNCTION gaiops.read_json(text) IS 'Takes a text; returns it as jsonb, or NULL if it is none, for instance because it was cut';

CREATE FUNCTION gaiops.message_text(message jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE jsonb_typeof(message -> 'content')
		WHEN 'string' THEN message ->> 'content'
		WHEN 'array' THEN (
			SELECT string_agg(part ->> 'text', E'\n' ORDER BY n)
			FROM jsonb_array_elements(message -> 'content') WITH ORDINALITY AS p (part, n)
			WHERE jsonb_typeof(part -> 'text') = 'string')
	END
$$;
COMMENT ON FUNCTION gaiops.message_text(jsonb) IS 'Takes a chat message; returns its text, NULL if it has none';

CREATE FUNCTION gaiops.inputs_text(inputs jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(inputs) = 'string' THEN inputs #>> '{}'
		WHEN jsonb_typeof(inputs -> 'message') = 'string' THEN inputs ->> 'message'
		WHEN jsonb_typeof(inputs -> 'messages') = 'array' THEN coalesce((
			SELECT gaiops.message_text(message)
			FROM jsonb_array_elements(inputs -> 'messages') WITH ORDINALITY AS m (message, n)
			WHERE message ->> 'role' = 'user'
			ORDER BY n DESC LIMIT 1), inputs ->> 'messages')
		ELSE inputs::text
	END
$$;
COMMENT ON FUNCTION gaiops.inputs_text(jsonb) IS 'Takes what was given to a call or span; returns the message of the user, the last one if there are several, or all of it as text';

CREATE FUNCTION gaiops.preview(whole text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT left(btrim(regexp_replace(left(whole, 1000), '\s+', ' ', 'g')), 200)
$$;
COMMENT ON FUNCTION gaiops.preview(text) IS 'Takes a text; returns its first 200 characters in one line';

CREATE FUNCTION gaiops.request_attributes(request jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN jsonb_typeof(request) = 'object' THEN jsonb_strip_nulls(jsonb_build_object(
		'gen_ai.request.temperature', request -> 'temperature',
		'gen_ai.request.top_p', request -> 'top_p',
		'gen_ai.request.top_k', request -> 'top_k',
		'gen_ai.request.max_tokens', coalesce(request -> 'max_completion_tokens', request -> 'max_tokens'),
		'gen_ai.request.frequency_penalty', request -> 'frequency_penalty',
		'gen_ai.request.presence_penalty', request -> 'presence_penalty',
		'gen_ai.request.seed', request -> 'seed',
		'gen_ai.request.choice.count', request -> 'n',
		'gen_ai.request.stop_sequences', CASE jsonb_typeof(request -> 'stop')
			WHEN 'string' THEN jsonb_build_array(request -> 'stop')
			WHEN 'array' THEN request -> 'stop' END)) END
$$;
COMMENT ON FUNCTION gaiops.request_attributes(jsonb) IS 'Takes the body of a request; returns its parameters as OpenTelemetry attributes, NULL if it is no object';
-- Records of datasets as lines of JSON.  Runs as the caller, who may read the tables.

CREATE FUNCTION gaiops.record_line(inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_object_agg(m.name, m.value)::text
	FROM (VALUES ('inputs', inputs), ('expectations', nullif(expectations, '{}')), ('outputs', outputs), ('tags', nullif(tags, '{}')),
		('key', to_jsonb(key)), ('split', to_jsonb(split)), ('source', source)) AS m (name, value)
	WHERE m.value IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.record_line(jsonb, jsonb, jsonb, jsonb, text, text, jsonb) IS 'Takes what a record consists of; returns it as a line of JSON, without what is not said';

-- In PL/pgSQL, as what follows, which is faster for many records.
CREATE FUNCTION gaiops.question_messages(inputs jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	asked CONSTANT text := gaiops.record_question(inputs);
	question jsonb;
BEGIN
	-- Messages in which no text is asked may ask with a picture; a question beside them is one.
	IF jsonb_typeof(inputs -> 'message') IS DISTINCT FROM 'string' AND gaiops.messages_problem(inputs -> 'messages') IS NULL
		AND asked IS NOT DISTINCT FROM gaiops.record_question(jsonb_build_object('messages', inputs -> 'messages'))
	THEN
		question := inputs -> 'messages';
	ELSIF asked IS NOT NULL THEN
		question := jsonb_build_array(jsonb_build_object('role', 'user', 'content', asked));
	END IF;
	IF jsonb_typeof(inputs -> 'system') = 'string' THEN
		question := jsonb_build_array(jsonb_build_object('role', 'system', 'content', inputs -> 'system')) || question;
	END IF;
	RETURN question;
END
$$;
COMMENT ON FUNCTION gaiops.question_messages(jsonb) IS 'Takes the inputs of a record; returns the messages that ask the question, NULL if there is none';

-- Arguments of tool calls are JSON within a string there.
CREATE FUNCTION gaiops.answer_message(expectations jsonb)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	calls jsonb;
BEGIN
	IF jsonb_typeof(expectations -> 'expected_response') = 'string' THEN
		RETURN jsonb_build_object('role', 'assistant', 'content', expectations -> 'expected_response');
	ELSIF jsonb_typeof(expectations -> 'expected_tool_calls') = 'array' THEN
		SELECT jsonb_agg(jsonb_build_object('id', 'call_' || c.n, 'type', 'function', 'function',
				jsonb_build_object('name', c.call -> 'name', 'arguments', coalesce(c.call -> 'arguments', '{}') #>> '{}')) ORDER BY c.n)
			INTO calls
			FROM jsonb_array_elements(expectations -> 'expected_tool_calls') WITH ORDINALITY AS c (call, n)
			HAVING bool_and(coalesce(jsonb_typeof(c.call -> 'name') = 'string', false));
		IF calls IS NOT NULL THEN
			RETURN jsonb_build_object('role', 'assistant', 'tool_calls', calls);
		END IF;
	END IF;
	RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.answer_message(jsonb) IS 'Takes the expectations of a record; returns the message that is the expected answer, its text or else its tool calls, NULL if none is known';

CREATE FUNCTION gaiops.chat_line(inputs jsonb, expectations jsonb)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	question CONSTANT jsonb := gaiops.question_messages(inputs);
	answer CONSTANT jsonb := gaiops.answer_message(expectations);
	line jsonb := jsonb_build_object('messages', question || answer);
BEGIN
	IF question IS NULL OR answer IS NULL THEN
		RETURN NULL;
	END IF;
	IF jsonb_typeof(inputs -> 'tools') = 'array' THEN
		line := line || jsonb_build_object('tools', inputs -> 'tools');
	END IF;
	RETURN line::text;
END
$$;
COMMENT ON FUNCTION gaiops.chat_line(jsonb, jsonb) IS 'Takes inputs and expectations of a record; returns them as a line of the chat fine-tuning layout, NULL if there is no question or no answer';

-- Ordered by identity: equal datasets make equal files.
CREATE FUNCTION pg_catalog.gaiops_export_dataset(
	dataset text, format text DEFAULT 'records', revision integer DEFAULT NULL, split text DEFAULT NULL)
RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	stored record;
	line text;
	left_out bigint := 0;
	first_left_out uuid;
BEGIN
	PERFORM gaiops.check_given('format', format);
	IF format NOT IN ('records', 'chat') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = pg_catalog.format('unknown format "%s" of a dataset', format),
			HINT = 'Use "records" or "chat".';
	END IF;
	FOR stored IN SELECT * FROM pg_catalog.gaiops_dataset_records(dataset, revision, split) AS r ORDER BY r.record_id LOOP
		line := CASE format
			WHEN 'chat' THEN gaiops.chat_line(stored.inputs, stored.expectations)
			ELSE gaiops.record_line(stored.inputs, stored.expectations, stored.outputs, stored.tags, stored.key, stored.split, stored.source) END;
		IF line IS NULL THEN
			left_out := left_out + 1;
			first_left_out := coalesce(first_left_out, stored.record_id);
		ELSE
			RETURN NEXT line;
		END IF;
	END LOOP;
	IF left_out > 0 THEN
		RAISE WARNING USING
			MESSAGE = 'records without a question or without an expected answer were left out',
			DETAIL = pg_catalog.format('There are %s; the first is "%s".', left_out, first_left_out),
			HINT = 'A question is in inputs.message or inputs.messages, the answer in expectations.expected_response.';
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_export_dataset(text, text, integer, text) IS 'Takes a dataset, "records" or "chat", a revision and a split, NULL for the latest and for all; returns its records, a line of JSON each';
-- Records of datasets from lines of JSON, as gaiops_export_dataset() writes them.

CREATE FUNCTION gaiops.messages_problem(messages jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(messages) IS DISTINCT FROM 'array' THEN 'Its "messages" are not an array.'
		WHEN messages = '[]' THEN 'It has no messages.'
		ELSE (
			SELECT format('Message %s is not an object with a "role".', m.n)
			FROM jsonb_array_elements(messages) WITH ORDINALITY AS m (message, n)
			WHERE jsonb_typeof(m.message -> 'role') IS DISTINCT FROM 'string'
			ORDER BY m.n LIMIT 1) END
$$;
COMMENT ON FUNCTION gaiops.messages_problem(jsonb) IS 'Takes what ought to be an array of chat messages; returns what is wrong with it, NULL if nothing is';

CREATE FUNCTION gaiops.given_members(document jsonb, OUT plain jsonb, OUT nested jsonb)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE jsonb_typeof(m.value) NOT IN ('null', 'object', 'array')), '{}'),
		coalesce(jsonb_object_agg(m.key, m.value) FILTER (WHERE jsonb_typeof(m.value) IN ('object', 'array')), '{}')
	FROM jsonb_each(document) AS m
$$;
COMMENT ON FUNCTION gaiops.given_members(jsonb) IS 'Takes an object; returns one of the members that are strings, numbers and booleans, and one of those that are objects and arrays';

-- ---- the chat fine-tuning layout ----

CREATE FUNCTION gaiops.read_tool_calls(calls jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_build_object('name', c.call #> '{function,name}', 'arguments',
		coalesce(gaiops.read_json(c.call #>> '{function,arguments}'), c.call #> '{function,arguments}', '{}')) ORDER BY c.n)
	FROM jsonb_array_elements(CASE jsonb_typeof(calls) WHEN 'array' THEN calls END) WITH ORDINALITY AS c (call, n)
	HAVING bool_and(coalesce(jsonb_typeof(c.call #> '{function,name}') = 'string', false))
$$;
COMMENT ON FUNCTION gaiops.read_tool_calls(jsonb) IS 'Takes the tool calls of a message; returns them as expectations.expected_tool_calls has them, NULL if they are none or one has no name';

CREATE FUNCTION gaiops.read_answer(message jsonb, OUT expectations jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	said CONSTANT text := gaiops.message_text(message);
	given_calls CONSTANT jsonb := nullif(nullif(message -> 'tool_calls', 'null'), '[]');
	calls CONSTANT jsonb := gaiops.read_tool_calls(given_calls);
	other text;
BEGIN
	-- A weight of 1 is that of every message that has none.
	SELECT min(m.key) INTO other
		FROM jsonb_each(message - ARRAY['role', 'content', 'tool_calls']) AS m
		WHERE m.value <> 'null' AND (m.key, m.value) <> ('weight', '1');
	IF message ->> 'role' <> 'assistant' THEN
		problem := 'Its last message is not one of the assistant.';
	ELSIF other IS NOT NULL THEN
		problem := format('Its last message has a member "%s", for which a record has no place.', other);
	ELSIF given_calls IS NOT NULL THEN
		problem := CASE
			WHEN said <> '' THEN 'Its last message has both a text and tool calls.'
			WHEN calls IS NULL THEN 'The tool calls of its last message are not calls of functions.' END;
		expectations := CASE WHEN problem IS NULL THEN jsonb_build_object('expected_tool_calls', calls) END;
	ELSIF said IS NULL OR (jsonb_typeof(message -> 'content') = 'array' AND message @? '$.content[*] ? (!exists(@.text))') THEN
		problem := 'Its last message is no text.';
	ELSE
		expectations := jsonb_build_object('expected_response', said);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.read_answer(jsonb) IS 'Takes the last message of a line; returns what it says is expected, or what is wrong with it';

CREATE FUNCTION gaiops.is_plain_message(message jsonb, role text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT message ->> 'role' = role AND jsonb_typeof(message -> 'content') = 'string' AND message - 'role' - 'content' = '{}'
$$;
COMMENT ON FUNCTION gaiops.is_plain_message(jsonb, text) IS 'Takes a message and a role; returns whether it has that role and a text, and nothing else';

-- One question is put as gaiops_add_traces() puts one that was asked with gaiops_chat().
CREATE FUNCTION gaiops.read_question(messages jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_array_length(messages) = 1 AND gaiops.is_plain_message(messages -> 0, 'user')
			THEN jsonb_build_object('message', messages #> '{0,content}')
		WHEN jsonb_array_length(messages) = 2 AND gaiops.is_plain_message(messages -> 0, 'system') AND gaiops.is_plain_message(messages -> 1, 'user')
			THEN jsonb_build_object('system', messages #> '{0,content}', 'message', messages #> '{1,content}')
		ELSE jsonb_build_object('messages', messages) END
$$;
COMMENT ON FUNCTION gaiops.read_question(jsonb) IS 'Takes the messages before an answer; returns the inputs of a record: message and system where that is all, messages otherwise';

CREATE FUNCTION gaiops.read_chat_line(value jsonb, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	others CONSTANT record := gaiops.given_members(value - 'messages' - 'tools');
	tools CONSTANT jsonb := CASE WHEN value -> 'tools' <> 'null' THEN jsonb_build_object('tools', value -> 'tools') ELSE '{}' END;
	answer record;
BEGIN
	problem := gaiops.messages_problem(value -> 'messages');
	IF problem IS NOT NULL THEN
		RETURN;
	END IF;
	answer := gaiops.read_answer(value #> '{messages,-1}');
	problem := coalesce(answer.problem, CASE WHEN jsonb_array_length(value -> 'messages') = 1 THEN 'It has no message before the answer.' END);
	IF problem IS NOT NULL THEN
		RETURN;
	END IF;
	record := jsonb_build_object('inputs', gaiops.read_question((value -> 'messages') - -1) || tools, 'expectations', answer.expectations,
			'tags', others.plain)
		|| CASE WHEN others.nested = '{}' THEN '{}' ELSE jsonb_build_object('source', others.nested) END;
END
$$;
COMMENT ON FUNCTION gaiops.read_chat_line(jsonb) IS 'Takes a line of the chat fine-tuning layout; returns it as a record, with other members as tags or, where they are nested, as its source, or what is wrong with it';

-- ---- records as MLflow writes them ----

-- Who made a record there, and when, and what it is called there says nothing here.
CREATE FUNCTION gaiops.read_mlflow_record(record jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT (record - ARRAY['dataset_record_id', 'dataset_id', 'created_time', 'last_update_time', 'created_by', 'last_updated_by',
			'source_type', 'source_id'])
		|| CASE WHEN s.origin <> '{}' AND coalesce(jsonb_typeof(record -> 'source'), 'null') IN ('null', 'object')
			THEN jsonb_build_object('source', s.origin || coalesce(nullif(record -> 'source', 'null'), '{}')) ELSE '{}' END
	FROM (
		SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}') AS origin
		FROM jsonb_each(record) AS m
		WHERE m.key IN ('source_type', 'source_id') AND m.value <> 'null') AS s
$$;
COMMENT ON FUNCTION gaiops.read_mlflow_record(jsonb) IS 'Takes a record that may have members as in MLflow; returns it without them, with source_type and source_id in its source';

-- ---- all lines ----

CREATE FUNCTION gaiops.read_record(line text, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	chat record;
BEGIN
	record := line::jsonb;
	IF jsonb_typeof(record) = 'object' AND record ? 'inputs' THEN
		record := gaiops.read_mlflow_record(record);
	ELSIF jsonb_typeof(record) = 'object' AND record ? 'messages' THEN
		chat := gaiops.read_chat_line(record);
		record := chat.record;
		problem := chat.problem;
	END IF;
	problem := coalesce(problem, gaiops.record_problem(record));
	IF problem IS NOT NULL THEN
		record := NULL;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.read_record(text) IS 'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it; raises what reading JSON raises';

CREATE FUNCTION gaiops.read_record_line(line text, OUT record jsonb, OUT problem text)
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	cause text;
BEGIN
	SELECT r.record, r.problem INTO record, problem FROM gaiops.read_record(line) AS r;
EXCEPTION
	-- Memory is asked for in pieces that are too large with an internal error.
	WHEN data_exception OR program_limit_exceeded OR internal_error THEN
		GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL;
		problem := concat_ws(' ', format('It cannot be read: %s.', SQLERRM), nullif(cause, ''));
END
$$;
COMMENT ON FUNCTION gaiops.read_record_line(text) IS 'Takes a line in either layout; returns it as a record for gaiops_merge_records(), or what is wrong with it';

-- Lines are read many at once, and one by one only where one of them cannot be read at all:
-- to go on after an error takes a subtransaction.
CREATE FUNCTION gaiops.read_records(lines text[], OUT records jsonb[], OUT problems text[])
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	SELECT array_agg(r.record ORDER BY l.n), array_agg(r.problem ORDER BY l.n) INTO records, problems
		FROM unnest(lines) WITH ORDINALITY AS l (line, n)
			CROSS JOIN LATERAL gaiops.read_record(l.line) AS r;
EXCEPTION
	WHEN data_exception OR program_limit_exceeded OR internal_error THEN
		SELECT array_agg(r.record ORDER BY l.n), array_agg(r.problem ORDER BY l.n) INTO records, problems
			FROM unnest(lines) WITH ORDINALITY AS l (line, n)
				CROSS JOIN LATERAL gaiops.read_record_line(l.line) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.read_records(text[]) IS 'Takes lines in either layout; returns of each in two arrays what gaiops.read_record_line() does';

-- Lines may end as on Windows.  Files that were put together have byte order marks within.
CREATE FUNCTION gaiops.read_record_lines(lines text, OUT line integer, OUT record jsonb, OUT problem text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT r.line, r.record, r.problem
	FROM (
		SELECT array_agg(l.n::integer ORDER BY l.n) AS numbers, array_agg(ltrim(l.line, U&'\FEFF') ORDER BY l.n) AS lines
		FROM string_to_table(lines, E'\n') WITH ORDINALITY AS l (line, n)
		WHERE l.line ~ '[^\s\u0085\u00A0\u1680\u2000-\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF]'
		GROUP BY l.n / 1000) AS p
		CROSS JOIN LATERAL gaiops.read_records(p.lines) AS d
		CROSS JOIN LATERAL unnest(p.numbers, d.records, d.problems) AS r (line, record, problem)
	ORDER BY r.line
$$;
COMMENT ON FUNCTION gaiops.read_record_lines(text) IS 'Takes lines of JSON; returns the number of each that is not blank, in their order, and its record or what is wrong with it';

-- ---- storing them ----

-- All or none, unless good ones are kept.
CREATE FUNCTION gaiops.merge_lines(
	target text, records jsonb[], keep_good boolean, OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	positions integer[];
	actions text[];
	problems text[];
BEGIN
	SELECT array_agg(m.position), array_agg(m.action), array_agg(m.problem) INTO positions, actions, problems
		FROM gaiops.merge_elements(target, records) AS m;
	IF NOT keep_good AND actions && ARRAY['refused'] THEN
		-- Caught right below: so what was merged is taken back.
		RAISE EXCEPTION USING ERRCODE = 'LM000', MESSAGE = 'a line was refused';
	END IF;
	RETURN QUERY SELECT * FROM unnest(positions, actions, problems);
EXCEPTION
	WHEN SQLSTATE 'LM000' THEN
		RETURN QUERY
			SELECT m.n, CASE m.action WHEN 'refused' THEN m.action ELSE 'skipped' END, m.problem
			FROM unnest(positions, actions, problems) AS m (n, action, problem);
END
$$;
COMMENT ON FUNCTION gaiops.merge_lines(text, jsonb[], boolean) IS 'Takes a dataset, records or NULLs, and whether good ones are kept where others are refused, merges them and returns for each record its place in the array and what was done: inserted, updated, unchanged, refused, and then why, or skipped';

CREATE FUNCTION pg_catalog.gaiops_import_dataset(dataset text, lines text, keep_good boolean DEFAULT false)
RETURNS TABLE (line integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	target CONSTANT text := dataset;
	numbers integer[];
	records jsonb[];
	problems text[];
	is_stored boolean := keep_good;
BEGIN
	PERFORM gaiops.check_writable('gaiops_import_dataset');
	PERFORM gaiops.check_given('dataset', target);
	PERFORM gaiops.check_given('lines', lines);
	PERFORM gaiops.check_given('keep_good', keep_good);
	PERFORM gaiops.lock_dataset(target);
	SELECT array_agg(r.line), array_agg(r.record), array_agg(r.problem), is_stored OR bool_and(r.problem IS NULL)
		INTO numbers, records, problems, is_stored
		FROM gaiops.read_record_lines(lines) AS r;
	IF NOT is_stored THEN
		records := NULL;
	END IF;
	RETURN QUERY
		SELECT r.line, coalesce(m.action, CASE WHEN r.problem IS NULL THEN 'skipped' ELSE 'refused' END), coalesce(r.problem, m.problem)
		FROM unnest(numbers, problems) WITH ORDINALITY AS r (line, problem, n)
			LEFT JOIN gaiops.merge_lines(target, records, keep_good) AS m ON m.position = r.n
		ORDER BY r.line;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_import_dataset(text, text, boolean) IS 'Takes a dataset, lines of JSON in either layout of gaiops_export_dataset(), and whether good lines are kept where others are not; returns what was done with each line: inserted, updated, unchanged, refused and why, or skipped';
-- Records of datasets: merging and deleting them, and what scorers and judges
-- read in them.  gaiops_dataset_records() is beside the view whose rows it returns.

CREATE FUNCTION gaiops.record_id(inputs jsonb, key text)
RETURNS uuid LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_record_id';
COMMENT ON FUNCTION gaiops.record_id(jsonb, text) IS 'Takes the inputs of a record and its key or NULL; returns its identity, a UUID of version 8 from the SHA-256 of both, which is the same for inputs that are equal as jsonb; NULL without inputs';

CREATE FUNCTION gaiops.record_problem(record jsonb)
RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_record_problem';
COMMENT ON FUNCTION gaiops.record_problem(jsonb) IS 'Takes a record as gaiops_merge_records() does; returns what is wrong with it, or NULL';

CREATE FUNCTION gaiops.wanted_expectation(name text, value jsonb)
RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_wanted_expectation';
COMMENT ON FUNCTION gaiops.wanted_expectation(text, jsonb) IS 'Takes the name of an expectation and its value; returns what the value should have been, in words, if scorers read it, NULL if it is that or they do not';

CREATE FUNCTION gaiops.merged_problem(
	inputs jsonb, expectations jsonb, outputs jsonb, tags jsonb, key text, split text, source jsonb)
RETURNS text LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_merged_problem';
COMMENT ON FUNCTION gaiops.merged_problem(jsonb, jsonb, jsonb, jsonb, text, text, jsonb) IS 'Takes what is in a record after something was merged into it, NULL where there is nothing; returns what is wrong with it, which is that it is too large, or NULL';

CREATE FUNCTION gaiops.merge_members(base jsonb, changes jsonb)
RETURNS jsonb LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_merge_members';
COMMENT ON FUNCTION gaiops.merge_members(jsonb, jsonb) IS 'Takes two objects, either of which may be NULL; returns the members of both, where those of the second win and null removes one; raises if one is no object';

-- Each record is looked up by its key: no statistics, and no plan made when the table was
-- small, have the lookup read all of the table.  What is refused changes nothing, and
-- keeps nothing else from being merged: callers decide what comes of that.
CREATE FUNCTION gaiops.merge_distinct(
	target text, record_ids uuid[], records jsonb[], OUT actions text[], OUT problems text[])
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	locked CONSTANT gaiops.dataset_settings := gaiops.lock_dataset(target);
	number CONSTANT integer := gaiops.next_revision(locked);
	author CONSTANT name := gaiops.outer_role();
BEGIN
	WITH merged AS (
		SELECT e.n, e.record_id, coalesce(l.is_deleted, true) AS is_new,
			CASE WHEN l.revision = number THEN l.change ELSE 0 END + coalesce(l.is_deleted, true)::integer AS change,
			e.record ->> 'key' AS key, coalesce(l.inputs, e.record -> 'inputs') AS inputs,
			gaiops.merge_members(l.expectations, nullif(e.record -> 'expectations', 'null')) AS expectations,
			CASE WHEN e.record ? 'outputs' THEN nullif(e.record -> 'outputs', 'null') ELSE l.outputs END AS outputs,
			gaiops.merge_members(l.tags, nullif(e.record -> 'tags', 'null')) AS tags,
			CASE WHEN e.record ? 'split' THEN e.record ->> 'split' ELSE l.split END AS split,
			CASE WHEN e.record ? 'source' THEN nullif(e.record -> 'source', 'null') ELSE l.source END AS source,
			coalesce(l.created_at, now()) AS created_at, coalesce(l.created_by, author) AS created_by,
			l.expectations AS old_expectations, l.outputs AS old_outputs, l.tags AS old_tags,
			l.split AS old_split, l.source AS old_source
		FROM unnest(record_ids, records) WITH ORDINALITY AS e (record_id, record, n)
		LEFT JOIN LATERAL (
			SELECT v.record_id, v.revision, v.is_deleted, v.change, c.*
			FROM gaiops.dataset_record_versions AS v
			LEFT JOIN LATERAL (
				SELECT v.inputs, v.expectations, v.outputs, v.tags, v.split, v.source, v.created_at, v.created_by
				WHERE NOT v.is_deleted
			) AS c ON true
			WHERE v.dataset = target AND v.record_id = e.record_id
			ORDER BY v.revision DESC LIMIT 1
		) AS l ON true
	), judged AS (
		SELECT m.*, m.is_new OR (m.expectations, m.outputs, m.tags, m.split, m.source)
			IS DISTINCT FROM (m.old_expectations, m.old_outputs, m.old_tags, m.old_split, m.old_source) AS is_changed
		FROM merged AS m
	), decided AS MATERIALIZED (
		SELECT j.*, CASE
				WHEN NOT j.is_changed THEN 'unchanged' WHEN p.problem IS NOT NULL THEN 'refused'
				WHEN j.is_new THEN 'inserted' ELSE 'updated' END AS action,
			p.problem
		FROM judged AS j
			CROSS JOIN LATERAL (
				SELECT CASE WHEN j.is_changed AND NOT j.is_new
					THEN gaiops.merged_problem(j.inputs, j.expectations, j.outputs, j.tags, j.key, j.split, j.source) END AS problem) AS p
	), written AS (
		INSERT INTO gaiops.dataset_record_versions AS v (dataset, record_id, revision, is_deleted, change, key, inputs,
				expectations, outputs, tags, split, source, created_at, created_by, updated_at, updated_by)
			SELECT target, d.record_id, number, false, d.change, d.key, d.inputs,
				d.expectations, d.outputs, d.tags, d.split, d.source, d.created_at, d.created_by, now(), author
			FROM decided AS d WHERE d.action IN ('inserted', 'updated')
		ON CONFLICT ON CONSTRAINT dataset_record_versions_pkey DO UPDATE
			SET is_deleted = false, change = EXCLUDED.change, key = EXCLUDED.key, inputs = EXCLUDED.inputs,
				expectations = EXCLUDED.expectations, outputs = EXCLUDED.outputs, tags = EXCLUDED.tags,
				split = EXCLUDED.split, source = EXCLUDED.source, created_at = EXCLUDED.created_at,
				created_by = EXCLUDED.created_by, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by
	)
	SELECT array_agg(d.action ORDER BY d.n), array_agg(d.problem ORDER BY d.n) INTO actions, problems
		FROM decided AS d;
	IF actions && ARRAY['inserted', 'updated'] THEN
		PERFORM gaiops.note_revision(locked, number);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.merge_distinct(text, uuid[], jsonb[]) IS 'Takes a dataset, identities, each once, and the record of each, merges them, and returns what gaiops.merge_elements() does of each, in two arrays; raises if there is no such dataset';

-- What is merged at once has no identity twice: the second record with one comes after all
-- first ones.  Nor is it all at once, so that memory suffices for any number of them.
CREATE FUNCTION gaiops.merge_elements(
	target text, elements jsonb[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	records_at_once CONSTANT integer := 10000;
	bytes_at_once CONSTANT integer := 33554432;
	piece record;
BEGIN
	PERFORM gaiops.lock_dataset(target);
	FOR piece IN
		SELECT array_agg(o.n ORDER BY o.n) AS positions, array_agg(o.record_id ORDER BY o.n) AS record_ids,
			array_agg(o.record ORDER BY o.n) AS records
		FROM (
			SELECT i.*, row_number() OVER w / records_at_once + sum(pg_column_size(i.record)) OVER w / bytes_at_once AS part
			FROM (
				SELECT e.n::integer, e.record, d.record_id, row_number() OVER (PARTITION BY d.record_id ORDER BY e.n) AS occurrence
				FROM unnest(elements) WITH ORDINALITY AS e (record, n)
					CROSS JOIN LATERAL gaiops.record_id(e.record -> 'inputs', e.record ->> 'key') AS d (record_id)
				WHERE e.record IS NOT NULL) AS i
			WINDOW w AS (PARTITION BY i.occurrence ORDER BY i.n)) AS o
		GROUP BY o.occurrence, o.part
		ORDER BY o.occurrence, o.part
	LOOP
		RETURN QUERY
			SELECT r.n, r.action, r.problem
			FROM gaiops.merge_distinct(target, piece.record_ids, piece.records) AS m
				CROSS JOIN LATERAL unnest(piece.positions, m.actions, m.problems) AS r (n, action, problem);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.merge_elements(text, jsonb[]) IS 'Takes a dataset and records that gaiops.record_problem() finds nothing wrong with, or NULLs, merges them, and returns for each record its place in the array and what was done: inserted, updated, unchanged, or refused, and then why; raises if there is no such dataset';

CREATE FUNCTION gaiops.check_records(records jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	PERFORM gaiops.check_given('records', records);
	IF jsonb_typeof(records) <> 'array' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "records" must be a JSON array',
			DETAIL = format('It is of type %s.', jsonb_typeof(records)),
			HINT = 'For example [{"inputs": {"question": "..."}, "expectations": {"expected_response": "..."}}].';
	END IF;
	SELECT p.n, p.problem INTO bad
		FROM (
			SELECT e.n, gaiops.record_problem(e.record) AS problem
			FROM jsonb_array_elements(records) WITH ORDINALITY AS e (record, n)
			OFFSET 0
		) AS p
		WHERE p.problem IS NOT NULL
		ORDER BY p.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('record %s of argument "records" is not acceptable', bad.n),
			DETAIL = bad.problem,
			HINT = 'A record has "inputs", and may have "expectations", "outputs", "tags", "key", "split" and "source".';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_records(jsonb) IS 'Takes records for a dataset and returns nothing; raises unless they are an array of records, and names the first that is none';

CREATE FUNCTION pg_catalog.gaiops_merge_records(
	dataset text, records jsonb, OUT inserted integer, OUT updated integer, OUT unchanged integer)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	refused integer;
	problem text;
BEGIN
	PERFORM gaiops.check_writable('gaiops_merge_records');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_records(records);
	SELECT count(*) FILTER (WHERE m.action = 'inserted'), count(*) FILTER (WHERE m.action = 'updated'),
			count(*) FILTER (WHERE m.action = 'unchanged'), min(m.position) FILTER (WHERE m.action = 'refused'),
			(array_agg(m.problem ORDER BY m.position) FILTER (WHERE m.action = 'refused'))[1]
		INTO inserted, updated, unchanged, refused, problem
		FROM gaiops.merge_elements(dataset, ARRAY(
			SELECT e.record FROM jsonb_array_elements(records) WITH ORDINALITY AS e (record, n) ORDER BY e.n)) AS m;
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('record %s of argument "records" is not acceptable', refused),
			DETAIL = problem;
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_merge_records(text, jsonb) IS 'Takes a dataset and a JSON array of records, merges each into the record with the same inputs and key if there is one, and returns how many were inserted, updated and left as they were';

CREATE FUNCTION pg_catalog.gaiops_merge_record(
	dataset text, inputs jsonb, expectations jsonb DEFAULT NULL, outputs jsonb DEFAULT NULL, tags jsonb DEFAULT NULL,
	key text DEFAULT NULL, split text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	merged jsonb := jsonb_build_object('inputs', inputs);
	problem text;
	action text;
BEGIN
	PERFORM gaiops.check_writable('gaiops_merge_record');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('inputs', inputs);
	IF expectations IS NOT NULL THEN
		merged := merged || jsonb_build_object('expectations', expectations);
	END IF;
	IF outputs IS NOT NULL THEN
		merged := merged || jsonb_build_object('outputs', outputs);
	END IF;
	IF tags IS NOT NULL THEN
		merged := merged || jsonb_build_object('tags', tags);
	END IF;
	IF key IS NOT NULL THEN
		merged := merged || jsonb_build_object('key', key);
	END IF;
	IF split IS NOT NULL THEN
		merged := merged || jsonb_build_object('split', split);
	END IF;
	problem := gaiops.record_problem(merged);
	IF problem IS NULL THEN
		SELECT m.actions[1], m.problems[1] INTO action, problem
			FROM gaiops.merge_distinct(dataset, ARRAY[gaiops.record_id(inputs, key)], ARRAY[merged]) AS m;
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'record is not acceptable',
			DETAIL = problem;
	END IF;
	RETURN action;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_merge_record(text, jsonb, jsonb, jsonb, jsonb, text, text) IS 'Takes a dataset and a record, for one row of a query, merges it into the record with the same inputs and key if there is one, and returns what it did: inserted, updated or unchanged';

-- What is deleted is not said again: only that it is.
CREATE FUNCTION gaiops.delete_records(target text, doomed uuid[])
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	locked CONSTANT gaiops.dataset_settings := gaiops.lock_dataset(target);
	number CONSTANT integer := gaiops.next_revision(locked);
	deleted integer;
	unknown uuid;
BEGIN
	WITH wanted AS (
		SELECT DISTINCT d.record_id FROM unnest(doomed) AS d (record_id)
	), latest AS MATERIALIZED (
		SELECT w.record_id, l.revision, l.change, l.created_at, l.created_by
		FROM wanted AS w
		LEFT JOIN LATERAL (
			SELECT v.* FROM gaiops.dataset_record_versions AS v
			WHERE v.dataset = target AND v.record_id = w.record_id
			ORDER BY v.revision DESC LIMIT 1
		) AS l ON NOT l.is_deleted
	), written AS (
		INSERT INTO gaiops.dataset_record_versions AS v (dataset, record_id, revision, is_deleted, change, inputs,
				expectations, tags, created_at, created_by, updated_at, updated_by)
			SELECT target, l.record_id, number, true, CASE WHEN l.revision = number THEN l.change ELSE 0 END - 1,
				'{}', '{}', '{}', l.created_at, l.created_by, now(), gaiops.outer_role()
			FROM latest AS l WHERE l.revision IS NOT NULL
		ON CONFLICT ON CONSTRAINT dataset_record_versions_pkey DO UPDATE
			SET is_deleted = true, change = EXCLUDED.change, key = NULL, inputs = EXCLUDED.inputs,
				expectations = EXCLUDED.expectations, outputs = NULL, tags = EXCLUDED.tags, split = NULL, source = NULL,
				updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by
	)
	SELECT count(*), (array_agg(l.record_id ORDER BY l.record_id) FILTER (WHERE l.revision IS NULL))[1]
		INTO deleted, unknown FROM latest AS l;
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('dataset "%s" has no record %s', target, unknown);
	END IF;
	IF deleted > 0 THEN
		PERFORM gaiops.note_revision(locked, number);
	END IF;
	RETURN deleted;
END
$$;
COMMENT ON FUNCTION gaiops.delete_records(text, uuid[]) IS 'Takes a dataset and records of it, deletes them in the revision of this transaction and returns how many they are; raises unless all are there';

CREATE FUNCTION pg_catalog.gaiops_delete_records(dataset text, record_ids uuid[])
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_records');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('record_ids', record_ids);
	PERFORM gaiops.check_elements('record_ids', record_ids);
	RETURN gaiops.delete_records(dataset, record_ids);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_records(text, uuid[]) IS 'Takes a dataset and the ids of records in it, deletes them from the latest revision on and returns how many they are; raises unless all are there';

CREATE FUNCTION gaiops.record_question(inputs jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT q.question FROM (
		SELECT 1, inputs ->> 'message' WHERE jsonb_typeof(inputs -> 'message') = 'string'
		UNION ALL
		(SELECT 2, gaiops.message_text(m.message)
			FROM jsonb_array_elements(CASE jsonb_typeof(inputs -> 'messages') WHEN 'array' THEN inputs -> 'messages' END)
				WITH ORDINALITY AS m (message, n)
			WHERE m.message ->> 'role' = 'user' ORDER BY m.n DESC LIMIT 1)
		UNION ALL
		SELECT 3, inputs ->> 'question' WHERE jsonb_typeof(inputs -> 'question') = 'string'
		UNION ALL
		SELECT 4, inputs ->> 'query' WHERE jsonb_typeof(inputs -> 'query') = 'string'
		UNION ALL
		SELECT 5, inputs ->> 'input' WHERE jsonb_typeof(inputs -> 'input') = 'string'
	) AS q (n, question)
	WHERE q.question IS NOT NULL
	ORDER BY q.n LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.record_question(jsonb) IS 'Takes the inputs of a record; returns what the user asks: message, the last message of the user in messages, question, query or input, the first that is there; NULL if none is';

CREATE FUNCTION gaiops.record_context(inputs jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_build_object(
			'id', coalesce(CASE WHEN jsonb_typeof(d.document -> 'id') IN ('string', 'number') THEN d.document ->> 'id' END, d.n::text),
			'text', CASE jsonb_typeof(d.document) WHEN 'string' THEN d.document ELSE d.document -> 'text' END)
		ORDER BY d.n)
	FROM jsonb_array_elements(CASE jsonb_typeof(inputs -> 'context')
			WHEN 'array' THEN inputs -> 'context'
			WHEN 'string' THEN jsonb_build_array(inputs -> 'context')
			WHEN 'object' THEN jsonb_build_array(inputs -> 'context') END) WITH ORDINALITY AS d (document, n)
	WHERE jsonb_typeof(d.document) = 'string' OR jsonb_typeof(d.document -> 'text') = 'string'
$$;
COMMENT ON FUNCTION gaiops.record_context(jsonb) IS 'Takes the inputs of a record; returns what an answer must rest on as an array of {"id", "text"}, where an id that is not given is the place in the context, from 1; NULL if there is none';
-- Splitting a dataset into parts such as train and test.
--
-- Records of one session, and records of the same inputs, stay together, also where one
-- leads to the other.  Such a group is known by its first session, or else by its
-- inputs, and where that hash falls decides: a record more moves no group but those that
-- it connects.

CREATE FUNCTION gaiops.components(ones integer[], others integer[])
RETURNS integer[] LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_components';
COMMENT ON FUNCTION gaiops.components(integer[], integer[]) IS 'Takes both ends of each edge of a graph, numbers from 1 to twice the edges, the second of which may be NULL; returns the smallest node that each edge is connected with';

CREATE FUNCTION gaiops.check_fractions(fractions jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	example CONSTANT text := '{"train": 0.8, "test": 0.2}';
	problem text;
BEGIN
	PERFORM gaiops.check_given('fractions', fractions);
	PERFORM gaiops.check_object('fractions', fractions, example);
	SELECT CASE
			WHEN f.key = '' THEN 'A split has an empty name.'
			WHEN octet_length(f.key) > 255 THEN format('The name of a split has %s bytes; the limit is 255.', octet_length(f.key))
			ELSE format('The fraction of "%s" is not a number above 0.', f.key)
		END INTO problem
		FROM jsonb_each(fractions) AS f
		WHERE octet_length(f.key) NOT BETWEEN 1 AND 255
			OR CASE jsonb_typeof(f.value) WHEN 'number' THEN f.value::numeric <= 0 ELSE true END
		ORDER BY f.key COLLATE "C" LIMIT 1;
	IF NOT FOUND THEN
		SELECT format('They sum to %s.', coalesce(sum(f.value::numeric), 0)) INTO problem
			FROM jsonb_each(fractions) AS f
			HAVING abs(coalesce(sum(f.value::numeric), 0) - 1) > 1e-9;
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "fractions" must give each split a number above 0, 1 in all',
			DETAIL = problem,
			HINT = format('For example %s.', example);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_fractions(jsonb) IS 'Takes splits, each with its fraction, and returns nothing; raises unless they sum to 1';

CREATE FUNCTION gaiops.split_position(seed integer, member text)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
RETURN ('x' || left(encode(sha256(convert_to(seed || ':' || member, 'UTF8')), 'hex'), 13))::bit(52)::bigint
	/ 4503599627370496::double precision;
COMMENT ON FUNCTION gaiops.split_position(integer, text) IS 'Takes a seed and what is known by it; returns a number from 0 to below 1 that looks random and is always the same';

CREATE FUNCTION gaiops.split_groups(target text, seed integer, OUT record_id uuid, OUT revision integer, OUT split text, OUT "position" double precision)
RETURNS SETOF record
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
BEGIN
	RETURN QUERY
	WITH member AS MATERIALIZED (
		SELECT r.record_id, r.revision, r.split, gaiops.record_id(r.inputs, NULL) AS inputs_id,
			nullif(r.source ->> 'session_id', '') COLLATE "C" AS session_id
		FROM gaiops.dataset_records AS r WHERE r.dataset = target
	), session AS MATERIALIZED (
		SELECT s.session_id, row_number() OVER (ORDER BY s.session_id)::integer AS node
		FROM (SELECT DISTINCT m.session_id FROM member AS m WHERE m.session_id IS NOT NULL) AS s
	), question AS MATERIALIZED (
		SELECT q.inputs_id, (row_number() OVER (ORDER BY q.inputs_id) + (SELECT count(*) FROM session))::integer AS node
		FROM (SELECT DISTINCT m.inputs_id FROM member AS m) AS q
	), edges AS (
		SELECT array_agg(m.record_id) AS record_ids, array_agg(q.node) AS questions, array_agg(s.node) AS sessions
		FROM member AS m
		JOIN question AS q ON q.inputs_id = m.inputs_id
		LEFT JOIN session AS s ON s.session_id = m.session_id
	)
	SELECT m.record_id, m.revision, m.split,
		gaiops.split_position(seed, coalesce('session:' || s.session_id, 'inputs:' || q.inputs_id))
	FROM edges AS e
	CROSS JOIN unnest(e.record_ids, gaiops.components(e.questions, e.sessions)) AS g (record_id, node)
	JOIN member AS m ON m.record_id = g.record_id
	LEFT JOIN session AS s ON s.node = g.node
	LEFT JOIN question AS q ON q.node = g.node;
END
$$;
COMMENT ON FUNCTION gaiops.split_groups(text, integer) IS 'Takes a dataset and a seed; returns its records, each with a number from 0 to below 1 that is the same for those that must stay together';

CREATE FUNCTION gaiops.set_splits(target text, names text[], bounds double precision[], seed integer)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_custom_plan
AS $$
DECLARE
	locked CONSTANT gaiops.dataset_settings := gaiops.lock_dataset(target);
	number CONSTANT integer := gaiops.next_revision(locked);
	moved bigint;
	counts jsonb;
BEGIN
	WITH placed AS MATERIALIZED (
		SELECT g.record_id, g.revision, g.split AS old_split, names[width_bucket(g.position, bounds)] AS split
		FROM gaiops.split_groups(target, seed) AS g
	), written AS (
		INSERT INTO gaiops.dataset_record_versions AS v (dataset, record_id, revision, is_deleted, change, key, inputs,
				expectations, outputs, tags, split, source, created_at, created_by, updated_at, updated_by)
			SELECT l.dataset, l.record_id, number, false, CASE WHEN l.revision = number THEN l.change ELSE 0 END,
				l.key, l.inputs, l.expectations, l.outputs, l.tags, p.split, l.source, l.created_at, l.created_by,
				now(), gaiops.outer_role()
			FROM placed AS p
			JOIN gaiops.dataset_record_versions AS l
				ON l.dataset = target AND l.record_id = p.record_id AND l.revision = p.revision
			WHERE p.split IS DISTINCT FROM p.old_split
		ON CONFLICT ON CONSTRAINT dataset_record_versions_pkey DO UPDATE
			SET split = EXCLUDED.split, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by
	)
	SELECT sum(s.moved), jsonb_object_agg(s.split, s.records) INTO moved, counts
		FROM (
			SELECT p.split, count(*) AS records, count(*) FILTER (WHERE p.split IS DISTINCT FROM p.old_split) AS moved
			FROM placed AS p GROUP BY p.split
		) AS s;
	IF moved > 0 THEN
		PERFORM gaiops.note_revision(locked, number);
	END IF;
	RETURN coalesce(counts, '{}');
END
$$;
COMMENT ON FUNCTION gaiops.set_splits(text, text[], double precision[], integer) IS 'Takes a dataset, splits, the number from 0 to 1 that each begins at, and a seed, puts every record into one and returns how many each has, as an object';

CREATE FUNCTION pg_catalog.gaiops_split_dataset(dataset text, fractions jsonb, seed integer DEFAULT 0)
RETURNS TABLE(split text, records bigint)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	names text[];
	bounds double precision[];
	counts jsonb;
BEGIN
	PERFORM gaiops.check_writable('gaiops_split_dataset');
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_fractions(fractions);
	PERFORM gaiops.check_given('seed', seed);
	SELECT array_agg(f.name ORDER BY f.name), array_agg(f.bound ORDER BY f.name) INTO names, bounds
		FROM (
			SELECT e.key COLLATE "C" AS name,
				round(sum(e.value::numeric) OVER (ORDER BY e.key COLLATE "C") - e.value::numeric, 20)::double precision AS bound
			FROM jsonb_each(fractions) AS e
		) AS f;
	counts := gaiops.set_splits(dataset, names, bounds, seed);
	RETURN QUERY SELECT n.name, coalesce((counts -> n.name)::bigint, 0)
		FROM unnest(names) WITH ORDINALITY AS n (name, place) ORDER BY n.place;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_split_dataset(text, jsonb, integer) IS 'Takes a dataset, an object of splits with their fractions and a seed, puts every record into one of them, and returns how many each has; records of one session or of the same inputs come to the same split';
-- From traces to records of datasets.  What is read is read as the caller, so that policies
-- of rows hold for it; what is written is written by gaiops.merge_traces().

-- ---- what was found, put as it is read ----

CREATE FUNCTION gaiops.retrieved_document(document jsonb, OUT id jsonb, OUT content text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT (
			SELECT i.id
			FROM (VALUES (1, document -> 'id'), (2, document #> '{metadata,doc_uri}'), (3, document #> '{metadata,id}')) AS i (rank, id)
			WHERE jsonb_typeof(i.id) IN ('string', 'number')
			ORDER BY i.rank LIMIT 1),
		coalesce((
			SELECT t.content #>> '{}'
			FROM (VALUES (1, document -> 'text'), (2, document -> 'page_content'), (3, document -> 'content')) AS t (rank, content)
			WHERE jsonb_typeof(t.content) = 'string'
			ORDER BY t.rank LIMIT 1), document #>> '{}')
$$;
COMMENT ON FUNCTION gaiops.retrieved_document(jsonb) IS 'Takes what a retriever found, a text or a document as LangChain and MLflow write it; returns its id, NULL if it has none, and its text';

CREATE FUNCTION gaiops.retrieved_context(outputs jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH output AS (
		SELECT o.n, CASE
			WHEN jsonb_typeof(o.output) = 'array' THEN o.output
			WHEN jsonb_typeof(o.output -> 'documents') = 'array' THEN o.output -> 'documents'
			ELSE jsonb_build_array(o.output) END AS documents
		FROM jsonb_array_elements(outputs) WITH ORDINALITY AS o (output, n)
	), document AS (
		SELECT d.id, d.content, min(o.n) AS n, min(e.n) AS nth, bool_or(d.id IS NOT NULL) OVER () AS has_ids
		FROM output AS o
			CROSS JOIN LATERAL jsonb_array_elements(o.documents) WITH ORDINALITY AS e (document, n)
			CROSS JOIN LATERAL gaiops.retrieved_document(e.document) AS d
		WHERE jsonb_typeof(e.document) <> 'null'
		GROUP BY d.id, d.content
	)
	SELECT jsonb_agg(CASE
		WHEN d.id IS NOT NULL THEN jsonb_build_object('id', d.id, 'text', d.content)
		WHEN d.has_ids THEN jsonb_build_object('text', d.content)
		ELSE to_jsonb(d.content) END ORDER BY d.n, d.nth)
	FROM document AS d
$$;
COMMENT ON FUNCTION gaiops.retrieved_context(jsonb) IS 'Takes an array of the outputs of retrievers; returns each document in them once, as an array of texts, or of objects with id and text where one has an id, NULL if there are none';

-- ---- what was asked ----

-- An object that a caller gave; what else was given there says nothing to us.
CREATE FUNCTION gaiops.given_object(given jsonb, key text)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE jsonb_typeof(given -> key) WHEN 'object' THEN given -> key ELSE '{}' END
$$;
COMMENT ON FUNCTION gaiops.given_object(jsonb, text) IS 'Takes what a caller gave and a key; returns the object there, an empty one if there is none';

-- Tools are what the model could choose from, and belong to the question.  A variable that
-- has the name of such a member is another thing, also where there is no such member.
CREATE FUNCTION gaiops.call_question(given jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH question AS (
		SELECT coalesce(jsonb_object_agg(m.key, m.value), '{}') AS members
		FROM (
			SELECT 'tools' AS key, gaiops.given_object(given, 'params') -> 'tools' AS value
			UNION ALL
			SELECT k, given -> k FROM unnest(ARRAY['message', 'messages', 'system', 'tools']) AS k) AS m
		WHERE m.value IS NOT NULL
	), variable AS (
		SELECT v.key, v.value, v.key IN ('message', 'messages', 'system', 'tools') AS is_reserved
		FROM jsonb_each(gaiops.given_object(given, 'variables')) AS v
	), kept AS (
		SELECT v.key, v.value
		FROM variable AS v
		WHERE v.is_reserved OR (v.key = 'variables' AND EXISTS (SELECT FROM variable AS t WHERE t.is_reserved))
	)
	SELECT coalesce((SELECT jsonb_object_agg(v.key, v.value) FROM variable AS v
			WHERE v.key NOT IN (SELECT k.key FROM kept AS k)), '{}')
		|| coalesce((SELECT jsonb_build_object('variables', jsonb_object_agg(k.key, k.value)) FROM kept AS k HAVING count(*) > 0), '{}')
		|| q.members
	FROM question AS q
$$;
COMMENT ON FUNCTION gaiops.call_question(jsonb) IS 'Takes what the caller gave to a call; returns the inputs of a record: message or messages, system and tools, and each variable beside them, or within "variables" where it has one of these names';

CREATE FUNCTION gaiops.call_manner(given jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT (given - ARRAY['message', 'messages', 'system', 'tools', 'variables', 'prompt', 'params', 'model'])
		|| (gaiops.given_object(given, 'params') - 'tools')
$$;
COMMENT ON FUNCTION gaiops.call_manner(jsonb) IS 'Takes what the caller gave to a call; returns the parameters in it, which say how it was asked';

-- ---- where it is ----

-- As gaiops.traces has it.  Here and below, subqueries of one row are never made into a join
-- that reads all spans, and no statistics, nor a plan made when a table was small, have a
-- lookup read all of it.  VOLATILE, for each statement to have a snapshot of its own, later
-- than its plan: an older one does not show rows that gaiops.make_partition() has moved.
-- Compiling a plan with so many partitions in it takes longer than running it.
CREATE FUNCTION gaiops.trace_entries(
	trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamptz, OUT is_entry boolean, OUT attempt integer,
	OUT session_id text, OUT prompt text, OUT answer_span_id text, OUT answer_time timestamptz, OUT status text, OUT is_open boolean)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT t.trace_id, e.span_id, e.start_time, e.is_entry, e.attempt, e.session_id,
			'prompts:/' || e.prompt_name || '/' || e.prompt_version,
			coalesce(a.span_id, e.span_id), coalesce(a.start_time, e.start_time), coalesce(a.status, e.status),
			(SELECT true FROM gaiops.all_spans AS o WHERE o.trace_id = t.trace_id AND o.status = 'IN_PROGRESS' LIMIT 1) IS NOT NULL
		FROM unnest(trace_ids) AS t (trace_id)
			LEFT JOIN LATERAL (
				SELECT s.* FROM gaiops.all_spans AS s
				WHERE s.trace_id = t.trace_id
				ORDER BY NOT s.is_entry, s.start_time, s.span_id LIMIT 1) AS e ON true
			LEFT JOIN LATERAL (
				SELECT r.span_id, r.start_time, r.status
				FROM (
					SELECT n.span_id, n.start_time, n.status, n.attempt,
						min(n.start_time) FILTER (WHERE n.attempt = 1) OVER () AS next_call
					FROM gaiops.all_spans AS n
					WHERE n.trace_id = t.trace_id AND n.parent_span_id IS NOT DISTINCT FROM e.parent_span_id
						AND n.start_time > e.start_time) AS r
				WHERE r.attempt > e.attempt AND (r.next_call IS NULL OR r.start_time < r.next_call)
				ORDER BY r.attempt DESC LIMIT 1) AS a ON true;
END
$$;
COMMENT ON FUNCTION gaiops.trace_entries(uuid[]) IS 'Takes ids of traces; returns of each the span where it entered the database, the one that was answered in the end, and whether anything of it is under way; NULLs where it is not seen';

-- A retriever within another, however deep, is a part of it, and one that failed found nothing.
CREATE FUNCTION gaiops.trace_retrievals(trace_ids uuid[], entry_span_ids text[], OUT trace_id uuid, OUT outputs jsonb)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT t.trace_id, r.outputs
		FROM unnest(trace_ids, entry_span_ids) AS t (trace_id, entry_span_id)
			CROSS JOIN LATERAL (
				SELECT jsonb_agg(p.inputs ORDER BY s.start_time, s.span_id) FILTER (WHERE p.inputs IS NOT NULL) AS outputs
				FROM gaiops.spans AS s
					CROSS JOIN LATERAL (
						SELECT (
							SELECT p.inputs FROM gaiops.span_payloads AS p
							WHERE p.trace_id = s.trace_id AND p.span_id = s.span_id AND p.start_time = s.start_time
								AND p.kind = 'response') AS inputs) AS p
				WHERE s.trace_id = t.trace_id AND s.span_type = 'RETRIEVER' AND s.status = 'OK' AND s.span_id <> t.entry_span_id
					AND NOT EXISTS (
						WITH RECURSIVE above AS (
							SELECT o.span_id, o.parent_span_id, o.span_type FROM gaiops.all_spans AS o
							WHERE o.trace_id = s.trace_id AND o.span_id = s.parent_span_id
							UNION
							SELECT o.span_id, o.parent_span_id, o.span_type
							FROM above AS b, gaiops.all_spans AS o
							WHERE o.trace_id = s.trace_id AND o.span_id = b.parent_span_id
						)
						SELECT FROM above AS b WHERE b.span_type = 'RETRIEVER' AND b.span_id <> t.entry_span_id)) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.trace_retrievals(uuid[], text[]) IS 'Takes ids of traces and the span of each where it entered the database; returns an array of what the other retrievers in it gave that ended well, in the order they began, NULL if there are none';

-- What is expected of a part of a trace says nothing of its question.
CREATE FUNCTION gaiops.trace_expectations(
	trace_ids uuid[], entry_span_ids text[], answer_span_ids text[], OUT trace_id uuid, OUT expectations jsonb)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		SELECT t.trace_id, x.expectations
		FROM unnest(trace_ids, entry_span_ids, answer_span_ids) AS t (trace_id, entry_span_id, answer_span_id)
			CROSS JOIN LATERAL (
				SELECT coalesce(jsonb_object_agg(a.name, a.value ORDER BY a.created_at, a.assessment_id), '{}') AS expectations
				FROM gaiops.assessments AS a
				WHERE a.trace_id = t.trace_id AND a.kind = 'expectation' AND a.is_valid
					AND (a.span_id IS NULL OR a.span_id IN (t.entry_span_id, t.answer_span_id))) AS x;
END
$$;
COMMENT ON FUNCTION gaiops.trace_expectations(uuid[], text[], text[]) IS 'Takes ids of traces, and of each the span where it entered the database and the one that was answered; returns the valid expectations of it and of these as an object, the latest one of each name';

-- For an answer to a call: its text, or its message where it only calls tools.
CREATE FUNCTION gaiops.answer_outputs(body text)
RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	answer text := gaiops.answer_text(body);
BEGIN
	IF answer IS NOT NULL THEN
		RETURN to_jsonb(answer);
	END IF;
	RETURN gaiops.read_json(body) #> '{choices,0,message}';
EXCEPTION
	-- It has what jsonb cannot hold.
	WHEN data_exception OR program_limit_exceeded THEN
		RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.answer_outputs(text) IS 'Takes the body of an answer; returns its text, its message if it has no text, or NULL';

CREATE FUNCTION gaiops.join_objects(objects jsonb[])
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(jsonb_object_agg(m.key, m.value ORDER BY o.n), '{}')
	FROM unnest(objects) WITH ORDINALITY AS o (object, n)
		CROSS JOIN LATERAL jsonb_each(o.object) AS m
$$;
COMMENT ON FUNCTION gaiops.join_objects(jsonb[]) IS 'Takes JSON objects; returns one with the members of all, where those of later ones win';

CREATE FUNCTION gaiops.is_cut(document jsonb)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(document @> '{"gaiops.cut": true}' AND document ? 'gaiops.bytes', false)
$$;
COMMENT ON FUNCTION gaiops.is_cut(jsonb) IS 'Takes what was given to a span, or came from it; returns whether only a mark is kept, because it was too long';

-- What cannot be a record has a problem.  A call that was answered has an answer: if it is
-- not here, it was dropped; a span of an application need not have outputs.
CREATE FUNCTION gaiops.trace_contents(
	trace_ids uuid[], OUT trace_id uuid, OUT span_id text, OUT start_time timestamptz, OUT answer_span_id text, OUT session_id text,
	OUT prompt text, OUT is_call boolean, OUT is_ok boolean, OUT given jsonb, OUT outputs jsonb,
	OUT retrieved jsonb, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH entry AS MATERIALIZED (
			SELECT * FROM gaiops.trace_entries(trace_ids)
		)
		SELECT e.trace_id, e.span_id, e.start_time, e.answer_span_id, e.session_id, e.prompt, e.attempt IS NOT NULL, e.status = 'OK', asked.inputs,
			CASE WHEN e.attempt IS NULL THEN answered.inputs ELSE gaiops.answer_outputs(answered.body) END, r.outputs,
			CASE
				WHEN e.is_open THEN 'It is still in progress.'
				WHEN asked.is_kept IS NULL OR NOT e.is_entry OR (e.attempt IS NOT NULL AND e.status = 'OK' AND answered.is_kept IS NULL)
					THEN 'What was said in it is not kept any more.'
				WHEN gaiops.is_cut(asked.inputs) THEN 'What was asked was too long to be kept.'
				WHEN gaiops.is_cut(answered.inputs) OR answered.body_length IS NOT NULL THEN 'The answer was too long to be kept.'
				WHEN EXISTS (SELECT FROM jsonb_array_elements(r.outputs) AS o WHERE gaiops.is_cut(o))
					THEN 'What a retriever found was too long to be kept.'
				WHEN coalesce(jsonb_typeof(asked.inputs), 'null') = 'null' THEN 'The span that it began with was given no inputs.' END
		FROM entry AS e
			LEFT JOIN LATERAL (
				SELECT true AS is_kept, p.inputs FROM gaiops.span_payloads AS p
				WHERE p.trace_id = e.trace_id AND p.span_id = e.span_id AND p.start_time = e.start_time
					AND p.kind = 'request' LIMIT 1) AS asked ON true
			LEFT JOIN LATERAL (
				SELECT true AS is_kept, p.inputs, p.body, p.body_length FROM gaiops.span_payloads AS p
				WHERE p.trace_id = e.trace_id AND p.span_id = e.answer_span_id AND p.start_time = e.answer_time
					AND p.kind = 'response' LIMIT 1) AS answered ON true
			LEFT JOIN gaiops.trace_retrievals(ARRAY(SELECT o.trace_id FROM entry AS o ORDER BY o.trace_id),
				ARRAY(SELECT o.span_id FROM entry AS o ORDER BY o.trace_id)) AS r ON r.trace_id = e.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.trace_contents(uuid[]) IS 'Takes ids of traces; returns what each was given, answered and found, and why it cannot be a record, NULL if it can';

CREATE FUNCTION gaiops.trace_inputs(given jsonb, is_call boolean, retrieved jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN f.context IS NULL THEN '{}' ELSE jsonb_build_object('context', f.context) END
		|| CASE WHEN g.inputs -> 'context' = 'null' THEN g.inputs - 'context' ELSE g.inputs END
	FROM gaiops.retrieved_context(retrieved) AS f (context)
		CROSS JOIN LATERAL (
			SELECT CASE
				WHEN is_call THEN gaiops.call_question(given)
				WHEN jsonb_typeof(given) = 'object' THEN given
				ELSE jsonb_build_object('input', given) END AS inputs) AS g
$$;
COMMENT ON FUNCTION gaiops.trace_inputs(jsonb, boolean, jsonb) IS 'Takes what was given to a span, whether it is a call, and what retrievers found, NULL if there were none; returns the inputs of a record';

CREATE FUNCTION gaiops.trace_source(trace_id uuid, span_id text, session_id text, prompt text, params jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT jsonb_strip_nulls(jsonb_build_object('trace_id', trace_id, 'span_id', span_id, 'session_id', session_id, 'prompt', prompt))
		|| CASE WHEN params <> '{}' THEN jsonb_build_object('params', params) ELSE '{}' END
$$;
COMMENT ON FUNCTION gaiops.trace_source(uuid, text, text, text, jsonb) IS 'Takes a trace, the span where it entered the database, its session, the prompt and the parameters, each NULL if there is none; returns the source of a record';

-- Outputs are there even if null: they belong to the source, and replace those of another one.
CREATE FUNCTION gaiops.trace_records(
	trace_ids uuid[], OUT trace_id uuid, OUT start_time timestamptz, OUT record jsonb, OUT answer jsonb, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH content AS MATERIALIZED (
			SELECT * FROM gaiops.trace_contents(trace_ids)
		)
		SELECT c.trace_id, c.start_time, jsonb_build_object(
				'inputs', gaiops.trace_inputs(c.given, c.is_call, c.retrieved),
				'outputs', c.outputs,
				'expectations', x.expectations,
				'source', gaiops.trace_source(c.trace_id, c.span_id, c.session_id, c.prompt,
					CASE WHEN c.is_call THEN gaiops.call_manner(c.given) END)),
			CASE WHEN c.is_ok AND jsonb_typeof(c.outputs) = 'string' THEN c.outputs END,
			c.problem
		FROM content AS c
			JOIN gaiops.trace_expectations(ARRAY(SELECT o.trace_id FROM content AS o ORDER BY o.trace_id),
				ARRAY(SELECT o.span_id FROM content AS o ORDER BY o.trace_id),
				ARRAY(SELECT o.answer_span_id FROM content AS o ORDER BY o.trace_id)) AS x ON x.trace_id = c.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.trace_records(uuid[]) IS 'Takes ids of traces; returns each as a record for gaiops_merge_records(), the text that it was answered with, NULL if there is none, and why it cannot be a record, NULL if it can';

-- ---- several traces with one question ----

CREATE FUNCTION gaiops.record_traces(
	target text, record_ids uuid[], OUT record_id uuid, OUT trace_id uuid, OUT start_time timestamptz)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH stored AS MATERIALIZED (
			SELECT i.record_id,
				CASE WHEN l.source ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN l.source::uuid END AS trace_id
			FROM unnest(record_ids) AS i (record_id)
				CROSS JOIN LATERAL (
					SELECT v.is_deleted, v.source ->> 'trace_id' AS source
					FROM gaiops.dataset_record_versions AS v
					WHERE v.dataset = target AND v.record_id = i.record_id
					ORDER BY v.revision DESC LIMIT 1) AS l
			WHERE NOT l.is_deleted
		)
		SELECT s.record_id, s.trace_id, e.start_time
		FROM stored AS s
			JOIN gaiops.trace_entries(ARRAY(SELECT DISTINCT o.trace_id FROM stored AS o WHERE o.trace_id IS NOT NULL)) AS e
				ON e.trace_id = s.trace_id;
END
$$;
COMMENT ON FUNCTION gaiops.record_traces(text, uuid[]) IS 'Takes a dataset and identities of records; returns for each that is from a trace the trace and when it began, NULL if it is not seen';

-- Ids that are made here have the time in front, and tell it when the trace is gone.
CREATE FUNCTION gaiops.is_older_trace(trace_id uuid, start_time timestamptz, other_trace_id uuid, other_start_time timestamptz)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN other_start_time IS NOT NULL THEN (start_time, trace_id) < (other_start_time, other_trace_id)
		WHEN substr(trace_id::text, 15, 1) = '7' AND substr(other_trace_id::text, 15, 1) = '7' THEN trace_id < other_trace_id
		ELSE false END
$$;
COMMENT ON FUNCTION gaiops.is_older_trace(uuid, timestamptz, uuid, timestamptz) IS 'Takes a trace, when it began, another or NULL, and when that began, NULL if not known; returns whether the first is known to be older';

-- One question that was asked in several traces is one record: of the latest of them, with
-- what is expected of any.  A trace that is older than the one that the record is from only
-- adds what nobody has said: so that adding traces again, in any portions, changes nothing.
-- What is too large is not hashed.
CREATE FUNCTION gaiops.fold_traces(
	target text, trace_ids uuid[], accept_outputs boolean, OUT n integer, OUT record jsonb, OUT fallback jsonb, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY
		WITH found AS MATERIALIZED (
			SELECT w.n::integer, r.trace_id, r.start_time, r.record, CASE WHEN accept_outputs THEN r.answer END AS answer,
				coalesce(r.problem, gaiops.record_problem(r.record)) AS problem
			FROM gaiops.trace_records(trace_ids) AS r
				JOIN unnest(trace_ids) WITH ORDINALITY AS w (trace_id, n) ON w.trace_id = r.trace_id
		), identified AS MATERIALIZED (
			SELECT f.*, CASE WHEN f.problem IS NULL THEN gaiops.record_id(f.record -> 'inputs', NULL) END AS record_id
			FROM found AS f
		), judged AS (
			SELECT i.*, gaiops.is_older_trace(i.trace_id, i.start_time, s.trace_id, s.start_time) AS is_older
			FROM identified AS i
				LEFT JOIN gaiops.record_traces(target, ARRAY(SELECT DISTINCT o.record_id FROM identified AS o WHERE o.record_id IS NOT NULL)) AS s
					ON s.record_id = i.record_id
		)
		SELECT max(j.n),
			(array_agg(CASE WHEN j.is_older THEN j.record - 'outputs' - 'source' ELSE j.record END ORDER BY j.n DESC))[1]
				|| jsonb_build_object('expectations',
					gaiops.join_objects(array_agg(j.record -> 'expectations' ORDER BY j.n) FILTER (WHERE NOT j.is_older))),
			CASE WHEN count(j.answer) > 0 THEN jsonb_build_object('expected_response',
				(array_agg(j.answer ORDER BY j.n DESC) FILTER (WHERE j.answer IS NOT NULL))[1]) ELSE '{}' END
				|| gaiops.join_objects(array_agg(j.record -> 'expectations' ORDER BY j.n) FILTER (WHERE j.is_older)),
			(array_agg(j.problem ORDER BY j.n))[1]
		FROM judged AS j
		GROUP BY j.record_id, CASE WHEN j.record_id IS NULL THEN j.trace_id END;
END
$$;
COMMENT ON FUNCTION gaiops.fold_traces(text, uuid[], boolean) IS 'Takes a dataset, ids of traces, each once and in the order they began, and whether answers are expectations; returns for each question in them the position of the latest trace with it, a record, what else is expected unless the dataset knows better, and why it cannot be a record, NULL if it can';

-- ---- doing it ----

CREATE FUNCTION gaiops.raise_unfit_trace(trace uuid, problem text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('trace "%s" cannot be added to a dataset', trace),
		DETAIL = problem,
		HINT = CASE
			WHEN problem = 'It is still in progress.' THEN 'Add it in another transaction, once it has ended.'
			WHEN problem = 'What was said in it is not kept any more.' THEN 'Leave it out; gaiops.payload_retention says how long it is kept.'
			WHEN problem = 'The span that it began with was given no inputs.' THEN 'Leave it out; gaiops_start_span() has an argument for them.'
			WHEN problem ~ 'too long to be kept' THEN 'Leave it out; gaiops.max_payload_bytes says how much is kept.'
			ELSE 'Leave it out, or correct what is expected of it.' END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_unfit_trace(uuid, text) IS 'Takes a trace and why it cannot be a record, and raises';

-- What the caller may not see does not exist for him; what is only too new for his snapshot
-- is told from that as the owner, who sees all.
CREATE FUNCTION gaiops.check_seen_traces(trace_ids uuid[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
SET jit = off
AS $$
DECLARE
	unseen CONSTANT uuid[] := ARRAY(
		SELECT t.trace_id FROM unnest(trace_ids) AS t (trace_id)
		WHERE (SELECT true FROM gaiops.spans AS s WHERE s.trace_id = t.trace_id LIMIT 1) IS NULL
			AND (SELECT true FROM gaiops.intents AS i WHERE i.trace_id = t.trace_id LIMIT 1) IS NULL
		ORDER BY t.trace_id);
BEGIN
	PERFORM gaiops.check_traces(unseen);
	IF unseen <> '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('trace "%s" is not visible to this transaction', unseen[1]),
			DETAIL = 'It was recorded after the snapshot of the transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_seen_traces(uuid[]) IS 'Takes ids of traces and returns nothing; raises if one is not known, or was recorded after the snapshot of this transaction';

-- In the order they began, so that the latest answer to a question stays.
CREATE FUNCTION gaiops.find_traces(trace_ids uuid[])
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found uuid[];
	hidden text;
BEGIN
	PERFORM gaiops.check_elements('trace_ids', trace_ids);
	PERFORM gaiops.check_seen_traces(trace_ids);
	SELECT coalesce(array_agg(e.trace_id ORDER BY e.start_time, e.trace_id), '{}'), min(e.trace_id::text) FILTER (WHERE e.span_id IS NULL)
		INTO found, hidden
		FROM gaiops.trace_entries(ARRAY(SELECT DISTINCT t FROM unnest(trace_ids) AS t)) AS e;
	IF hidden IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('trace "%s" does not exist', hidden);
	END IF;
	RETURN found;
END
$$;
COMMENT ON FUNCTION gaiops.find_traces(uuid[]) IS 'Takes ids of traces; returns each once, in the order they began; raises if one is not known, or not seen by the caller';

CREATE FUNCTION gaiops.take_dataset(target text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_add_traces');
	PERFORM gaiops.lock_dataset(target);
END
$$;
COMMENT ON FUNCTION gaiops.take_dataset(text) IS 'Takes a dataset, locks it for gaiops_add_traces() until the transaction ends and returns nothing; raises if there is none';

-- Any user may call this, and can do no more with it than with gaiops_merge_records().
-- What a record has already is looked up here, where no policy hides it.
CREATE FUNCTION gaiops.merge_traces(
	target text, records jsonb[], fallbacks jsonb[], OUT "position" integer, OUT action text, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
SET enable_seqscan = off
AS $$
DECLARE
	completed jsonb[];
	problems text[];
BEGIN
	PERFORM gaiops.take_dataset(target);
	WITH complete AS MATERIALIZED (
		SELECT e.n, e.record || jsonb_build_object('expectations', k.missing || (e.record -> 'expectations')) AS record
		FROM unnest(records, fallbacks) WITH ORDINALITY AS e (record, fallback, n)
			CROSS JOIN LATERAL (
				SELECT CASE WHEN e.fallback = '{}' THEN e.fallback ELSE e.fallback - ARRAY(
					SELECT jsonb_object_keys(l.expectations)
					FROM (
						SELECT v.expectations
						FROM gaiops.dataset_record_versions AS v
						WHERE v.dataset = target AND v.record_id = gaiops.record_id(e.record -> 'inputs', NULL)
						ORDER BY v.revision DESC LIMIT 1) AS l) END AS missing) AS k
	), judged AS MATERIALIZED (
		SELECT c.n, c.record, gaiops.record_problem(c.record) AS problem FROM complete AS c
	)
	SELECT array_agg(CASE WHEN j.problem IS NULL THEN j.record END ORDER BY j.n), array_agg(j.problem ORDER BY j.n)
		INTO completed, problems
		FROM judged AS j;
	RETURN QUERY
		SELECT m.* FROM gaiops.merge_elements(target, completed) AS m
		UNION ALL
		SELECT p.n::integer, 'refused', p.problem
		FROM unnest(problems) WITH ORDINALITY AS p (problem, n) WHERE p.problem IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.merge_traces(text, jsonb[], jsonb[]) IS 'Takes a dataset, records without keys, and for each what else is expected where the dataset says nothing of it, merges them, and returns what gaiops.merge_elements() does; raises if there is no such dataset';

CREATE FUNCTION pg_catalog.gaiops_add_traces(
	dataset text, trace_ids uuid[], accept_outputs boolean DEFAULT false, OUT inserted integer, OUT updated integer, OUT unchanged integer)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted uuid[];
	folded record;
	refused integer;
	problem text;
BEGIN
	PERFORM gaiops.check_given('dataset', dataset);
	PERFORM gaiops.check_given('trace_ids', trace_ids);
	PERFORM gaiops.check_given('accept_outputs', accept_outputs);
	PERFORM gaiops.take_dataset(dataset);
	wanted := gaiops.find_traces(trace_ids);
	SELECT array_agg(f.n ORDER BY f.n) AS positions, array_agg(f.record ORDER BY f.n) AS records,
			array_agg(f.fallback ORDER BY f.n) AS fallbacks, min(f.n) FILTER (WHERE f.problem IS NOT NULL) AS unfit,
			(array_agg(f.problem ORDER BY f.n) FILTER (WHERE f.problem IS NOT NULL))[1] AS problem
		INTO folded
		FROM gaiops.fold_traces(dataset, wanted, accept_outputs) AS f;
	IF folded.unfit IS NOT NULL THEN
		PERFORM gaiops.raise_unfit_trace(wanted[folded.unfit], folded.problem);
	END IF;
	SELECT count(*) FILTER (WHERE m.action = 'inserted'), count(*) FILTER (WHERE m.action = 'updated'),
			count(*) FILTER (WHERE m.action = 'unchanged'), min(m.position) FILTER (WHERE m.action = 'refused'),
			(array_agg(m.problem ORDER BY m.position) FILTER (WHERE m.action = 'refused'))[1]
		INTO inserted, updated, unchanged, refused, problem
		FROM gaiops.merge_traces(dataset, folded.records, folded.fallbacks) AS m;
	IF refused IS NOT NULL THEN
		PERFORM gaiops.raise_unfit_trace(wanted[folded.positions[refused]], problem);
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_add_traces(text, uuid[], boolean) IS 'Takes a dataset, ids of traces, and whether their answers are what is expected where nothing else is; makes a record of what was asked in each, and returns how many were inserted, updated and left as they were; raises if a trace is not seen, under way or not kept';
-- Golden datasets: making and dropping them, and their revisions.  What is in
-- them is in dataset_records.sql.
--
-- Who changes a dataset locks its row in gaiops.dataset_settings FOR NO KEY UPDATE,
-- so that changes queue up and revisions have no gaps; who drops it, FOR UPDATE.
-- Under REPEATABLE READ PostgreSQL raises a serialization failure if somebody else
-- has made a revision after the snapshot was taken.

CREATE FUNCTION gaiops.raise_unknown_dataset(name text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('dataset "%s" does not exist', name),
		HINT = 'Create it with gaiops_create_dataset().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_unknown_dataset(text) IS 'Takes a name; raises that there is no dataset of that name';

CREATE FUNCTION gaiops.find_dataset_run(name text)
RETURNS uuid LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_dataset_run';
COMMENT ON FUNCTION gaiops.find_dataset_run(text) IS 'Takes the name of a dataset; returns a run that worked on it, whatever the snapshot of the transaction, or NULL';

CREATE FUNCTION gaiops.lock_dataset(target text, to_drop boolean DEFAULT false)
RETURNS gaiops.dataset_settings
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	locked gaiops.dataset_settings;
BEGIN
	IF to_drop THEN
		SELECT * INTO locked FROM gaiops.dataset_settings AS d WHERE d.name = target FOR UPDATE;
	ELSE
		SELECT * INTO locked FROM gaiops.dataset_settings AS d WHERE d.name = target FOR NO KEY UPDATE;
	END IF;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_dataset(target);
	END IF;
	RETURN locked;
END
$$;
COMMENT ON FUNCTION gaiops.lock_dataset(text, boolean) IS 'Takes the name of a dataset, keeps others from changing it, or from naming it if it is to be dropped, until the transaction ends, and returns its row; raises if there is none';

-- Whoever makes a revision counts the records before it, hence there is little to add up:
-- what the latest revision did.
CREATE FUNCTION gaiops.dataset_size(dataset text, revision integer)
RETURNS bigint
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT coalesce(
		(SELECT n.records_before FROM gaiops.dataset_changes AS n WHERE n.dataset = $1 AND n.revision = $2 + 1),
		(SELECT c.records_before + (
				SELECT coalesce(sum(v.change), 0) FROM gaiops.dataset_record_versions AS v
				WHERE v.dataset || '' = $1 AND v.revision = $2 AND v.change IN (-1, 1))
			FROM gaiops.dataset_changes AS c WHERE c.dataset = $1 AND c.revision = $2),
		0)
$$;
COMMENT ON FUNCTION gaiops.dataset_size(text, integer) IS 'Takes a dataset and one of its revisions; returns how many records it had then';

CREATE FUNCTION gaiops.next_revision(locked gaiops.dataset_settings)
RETURNS integer
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN EXISTS (
		SELECT FROM gaiops.dataset_changes AS c
		WHERE c.dataset = locked.name AND c.revision = locked.revision
			AND c.transaction = pg_current_xact_id() AND c.created_at = now())
	THEN locked.revision ELSE locked.revision + 1 END
$$;
COMMENT ON FUNCTION gaiops.next_revision(gaiops.dataset_settings) IS 'Takes the row of a dataset that is locked; returns the number of the revision that this transaction makes';

CREATE FUNCTION gaiops.note_revision(locked gaiops.dataset_settings, number integer)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF number > locked.revision THEN
		INSERT INTO gaiops.dataset_changes (dataset, revision, records_before, transaction, created_at, created_by)
			VALUES (locked.name, number, gaiops.dataset_size(locked.name, locked.revision),
				pg_current_xact_id(), now(), gaiops.outer_role());
		UPDATE gaiops.dataset_settings AS d
			SET revision = number, updated_at = now(), updated_by = gaiops.outer_role()
			WHERE d.name = locked.name;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.note_revision(gaiops.dataset_settings, integer) IS 'Takes the row of a dataset as it was locked and the number of the revision that this transaction makes, enters it unless it is there, and returns nothing';

CREATE FUNCTION pg_catalog.gaiops_create_dataset(name text, description text DEFAULT NULL, tags jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_dataset');
	PERFORM gaiops.check_name('a dataset', name);
	PERFORM gaiops.check_size('description', description, 10000);
	PERFORM gaiops.read_tags(tags);
	INSERT INTO gaiops.dataset_settings
		VALUES (name, nullif(description, ''), coalesce(tags, '{}'), 0,
			now(), gaiops.outer_role(), now(), gaiops.outer_role())
		ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('dataset "%s" already exists', name);
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_create_dataset(text, text, jsonb) IS 'Takes a name, what the dataset is for, and tags, an object of strings, numbers and booleans, makes an empty dataset and returns its name';

-- A run names a dataset by a row that another process commits.  Who logs it has looked
-- for the dataset before and waits for that process; meanwhile it shares the lock that is
-- taken here first, so the drop waits for it, and the look, which is at what is committed
-- by then, sees the row.
CREATE FUNCTION pg_catalog.gaiops_drop_dataset(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	target CONSTANT text := name;
	run uuid;
BEGIN
	PERFORM gaiops.check_writable('gaiops_drop_dataset');
	PERFORM gaiops.check_given('name', target);
	PERFORM gaiops.lock_registry('dataset ' || target);
	PERFORM gaiops.lock_dataset(target, true);
	run := gaiops.find_dataset_run(target);
	IF run IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('dataset "%s" is in use', target),
			DETAIL = format('Run %s worked on it.', run),
			HINT = 'What a run worked on is kept as long as the run is.';
	END IF;
	-- First of all, for gaiops.refuse_dataset_change() lets nothing else go before it.
	DELETE FROM gaiops.dataset_settings AS d WHERE d.name = target;
	DELETE FROM gaiops.dataset_record_versions AS v WHERE v.dataset = target;
	DELETE FROM gaiops.dataset_changes AS c WHERE c.dataset = target;
	RETURN target;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_drop_dataset(text) IS 'Takes the name of a dataset, removes it with all its revisions and returns the name; raises while a run names it';
CREATE FUNCTION gaiops.endpoint_url(base text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_endpoint_url'
LANGUAGE C STABLE STRICT PARALLEL SAFE;
COMMENT ON FUNCTION gaiops.endpoint_url(text) IS 'Takes the base URL of an endpoint and returns the URL that requests are posted to; raises unless an endpoint may have it';

CREATE FUNCTION gaiops.outer_role()
RETURNS name
AS 'MODULE_PATHNAME', 'gaiops_outer_role'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION gaiops.outer_role() IS 'Returns the role in force outside of every SECURITY DEFINER function';

CREATE FUNCTION gaiops.raise_unknown_endpoint(name text)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_raise_unknown_endpoint'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION gaiops.raise_unknown_endpoint(text) IS 'Takes the name of an endpoint and raises that it does not exist, naming those that do';

CREATE FUNCTION gaiops.provider_of_url(url text)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN url = 'builtin:echo' THEN 'builtin'
		WHEN host ~ '\.openai\.azure\.(com|us|cn)$' THEN 'azure.ai.openai'
		WHEN host ~ '\.services\.ai\.azure\.(com|us|cn)$' THEN 'azure.ai.inference'
		WHEN host = 'api.anthropic.com' THEN 'anthropic'
		WHEN host ~ '^bedrock-runtime\.[a-z0-9-]+\.amazonaws\.com$' THEN 'aws.bedrock'
		WHEN host IN ('api.cohere.com', 'api.cohere.ai') THEN 'cohere'
		WHEN host = 'api.deepseek.com' THEN 'deepseek'
		WHEN host = 'generativelanguage.googleapis.com' THEN 'gcp.gemini'
		WHEN host ~ '^([a-z0-9-]+-)?aiplatform\.googleapis\.com$' THEN 'gcp.vertex_ai'
		WHEN host = 'api.groq.com' THEN 'groq'
		WHEN host = 'api.mistral.ai' THEN 'mistral_ai'
		WHEN host = 'api.perplexity.ai' THEN 'perplexity'
		WHEN host = 'api.x.ai' THEN 'x_ai'
		ELSE 'openai'
	END
	FROM (SELECT substring(lower(url COLLATE "C") FROM '^https?://([^/?:]+)') AS host) AS h
$$;
COMMENT ON FUNCTION gaiops.provider_of_url(text) IS 'Takes the base URL of an endpoint and returns the provider by its host, "openai" if nothing else is known';

CREATE FUNCTION gaiops.check_duration(argument text, duration interval)
RETURNS interval
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF duration < interval '1 ms' OR duration > interval '1 h' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is out of range', argument),
			DETAIL = format('It is %s; it must be from 1 ms to 1 hour.', duration);
	END IF;
	RETURN make_interval(secs => extract(epoch FROM duration)::double precision);
END
$$;
COMMENT ON FUNCTION gaiops.check_duration(text, interval) IS 'Takes an argument''s name and value and returns the value in seconds; raises unless it is from 1 ms to 1 hour';

CREATE FUNCTION gaiops.check_params(params jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	reserved CONSTANT text[] := ARRAY['model', 'messages', 'stream', 'gaiops'];
	key text;
BEGIN
	IF jsonb_typeof(params) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "params" must be a JSON object',
			DETAIL = format('It is of type %s.', jsonb_typeof(params)),
			HINT = 'For example {"temperature": 0.2, "max_tokens": 500}.';
	END IF;
	FOREACH key IN ARRAY reserved LOOP
		IF params ? key THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('argument "params" must not have the key "%s"', key),
				DETAIL = 'The model, the messages and streaming are not parameters of an endpoint.',
				HINT = CASE key WHEN 'model' THEN 'Use the argument "model".' ELSE 'Leave it out.' END;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.check_params(jsonb) IS 'Takes default parameters of an endpoint and returns nothing; raises unless they are an object without keys of our own';

CREATE FUNCTION gaiops.header_problem(name text, value jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN name !~ '^[!#$%&''*+.^_`|~0-9A-Za-z-]{1,255}$'
			THEN 'The name of a header has 1 to 255 letters, digits and characters of !#$%&''*+-.^_`|~.'
		WHEN lower(name COLLATE "C") = 'authorization'
			THEN 'A key is given by the argument "secret", which names a secret.'
		WHEN lower(name COLLATE "C") IN ('accept', 'accept-encoding', 'connection', 'content-encoding',
			'content-length', 'content-type', 'expect', 'host', 'idempotency-key', 'keep-alive',
			'proxy-authorization', 'proxy-connection', 'te', 'traceparent', 'trailer',
			'transfer-encoding', 'upgrade')
			THEN 'This header is set by the server.'
		WHEN jsonb_typeof(value) <> 'string'
			THEN 'The value of a header must be a string.'
		WHEN value #>> '{}' ~ '[\u0001-\u001f\u007f-\u009f]'
			THEN 'The value of a header must not have control characters.'
		WHEN value #>> '{}' !~ '^[^ ](.*[^ ])?$'
			THEN 'The value of a header must not be empty, nor begin or end with a space.'
		WHEN octet_length(value #>> '{}') > 8192
			THEN 'The value of a header has at most 8192 bytes.'
	END
$$;
COMMENT ON FUNCTION gaiops.header_problem(text, jsonb) IS 'Takes an extra header of an endpoint and returns what is wrong with it, or NULL; never repeats the value, which may be a key';

CREATE FUNCTION gaiops.check_headers(headers jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	IF jsonb_typeof(headers) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "headers" must be a JSON object',
			DETAIL = format('It is of type %s.', jsonb_typeof(headers)),
			HINT = 'For example {"x-team": "search", "x-portkey-api-key": "secret:portkey"}.';
	END IF;
	SELECT h.key, gaiops.header_problem(h.key, h.value) AS problem INTO bad
		FROM jsonb_each(headers) AS h
		WHERE gaiops.header_problem(h.key, h.value) IS NOT NULL
		ORDER BY h.key COLLATE "C" LIMIT 1;
	IF NOT FOUND THEN
		SELECT max(h.key) AS key, 'It is there twice: upper and lower case are the same.' AS problem INTO bad
			FROM jsonb_object_keys(headers) AS h (key)
			GROUP BY lower(h.key COLLATE "C") HAVING count(*) > 1 LIMIT 1;
	END IF;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('header "%s" is not acceptable', left(bad.key, 64)),
			DETAIL = bad.problem;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_headers(jsonb) IS 'Takes extra headers of an endpoint and returns nothing; raises unless each may be sent';

CREATE FUNCTION gaiops.endpoint_secrets(endpoint gaiops.endpoints)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_agg(u.name ORDER BY u.name COLLATE "C")
	FROM (
		SELECT (endpoint).secret WHERE (endpoint).secret IS NOT NULL
		UNION
		SELECT substring(h.value FROM '^secret:(.*)$')
		FROM jsonb_each_text((endpoint).headers) AS h
		WHERE starts_with(h.value, 'secret:')
	) AS u (name)
$$;
COMMENT ON FUNCTION gaiops.endpoint_secrets(gaiops.endpoints) IS 'Takes a row of gaiops.endpoints and returns the names of the secrets it refers to, or NULL';

-- The rows are locked, so that a secret is not dropped before we commit.
CREATE FUNCTION gaiops.lock_endpoint_secrets(endpoint gaiops.endpoints)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
BEGIN
	FOREACH wanted IN ARRAY coalesce(gaiops.endpoint_secrets(endpoint), '{}') LOOP
		PERFORM FROM gaiops.secrets AS s WHERE s.name = wanted FOR KEY SHARE;
		IF NOT FOUND THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('secret "%s" does not exist', left(wanted, 255)),
				HINT = 'Create it with gaiops_create_secret().';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.lock_endpoint_secrets(gaiops.endpoints) IS 'Takes a row for gaiops.endpoints and returns nothing; keeps the secrets it refers to from being dropped, and raises if one does not exist';

CREATE FUNCTION gaiops.check_endpoint_text(endpoint gaiops.endpoints)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text := CASE
		WHEN endpoint.model ~ '[\u0001-\u001f\u007f-\u009f]' OR octet_length(endpoint.model) > 400
			THEN 'A model has at most 400 bytes and no control characters.'
		WHEN endpoint.provider !~ '^[A-Za-z0-9_.-]{1,100}$'
			THEN 'A provider has 1 to 100 letters, digits, underscores, dots and hyphens.'
	END;
BEGIN
	IF endpoint.name !~ '^[A-Za-z0-9_.-]{1,255}$' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid name "%s" of an endpoint', left(endpoint.name, 255)),
			DETAIL = 'A name has 1 to 255 letters, digits, underscores, dots and hyphens.';
	END IF;
	PERFORM gaiops.endpoint_url(endpoint.url);
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('endpoint "%s" is not acceptable', endpoint.name),
			DETAIL = problem;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_endpoint_text(gaiops.endpoints) IS 'Takes a row for gaiops.endpoints and returns nothing; raises unless its name, URL, model and provider are acceptable';

CREATE FUNCTION gaiops.check_endpoint(endpoint gaiops.endpoints)
RETURNS gaiops.endpoints
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_endpoint_text(endpoint);
	PERFORM gaiops.check_params(endpoint.params);
	PERFORM gaiops.check_headers(endpoint.headers);
	endpoint.timeout := gaiops.check_duration('timeout', endpoint.timeout);
	endpoint.connect_timeout := gaiops.check_duration('connect_timeout', endpoint.connect_timeout);
	IF endpoint.max_retries NOT BETWEEN 0 AND 10 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "max_retries" is out of range',
			DETAIL = format('It is %s; it must be from 0 to 10.', endpoint.max_retries);
	END IF;
	IF endpoint.max_response_bytes NOT BETWEEN 1024 AND 1073741824 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "max_response_bytes" is out of range',
			DETAIL = format('It is %s; it must be from 1024 (1 kB) to 1073741824 (1 GB).', endpoint.max_response_bytes);
	END IF;
	PERFORM gaiops.lock_endpoint_secrets(endpoint);
	RETURN endpoint;
END
$$;
COMMENT ON FUNCTION gaiops.check_endpoint(gaiops.endpoints) IS 'Takes a row for gaiops.endpoints and returns it as it may be stored; raises otherwise';

CREATE FUNCTION pg_catalog.gaiops_create_endpoint(
	name text,
	url text,
	model text DEFAULT NULL,
	secret text DEFAULT NULL,
	provider text DEFAULT NULL,
	params jsonb DEFAULT '{}',
	headers jsonb DEFAULT '{}',
	connect_timeout interval DEFAULT '5 s',
	timeout interval DEFAULT '60 s',
	max_retries integer DEFAULT 2,
	max_response_bytes bigint DEFAULT 16777216,
	description text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	e gaiops.endpoints;
BEGIN
	IF name IS NULL OR url IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', CASE WHEN name IS NULL THEN 'name' ELSE 'url' END);
	END IF;
	e.name := name;
	e.url := url;
	e.model := coalesce(nullif(model, ''), CASE WHEN url = 'builtin:echo' THEN 'builtin-echo' END);
	e.secret := nullif(secret, '');
	e.provider := coalesce(nullif(provider, ''), gaiops.provider_of_url(url));
	e.params := coalesce(params, '{}');
	e.headers := coalesce(headers, '{}');
	e.connect_timeout := coalesce(connect_timeout, '5 s');
	e.timeout := coalesce(timeout, '60 s');
	e.max_retries := coalesce(max_retries, 2);
	e.max_response_bytes := coalesce(max_response_bytes, 16777216);
	e.description := nullif(description, '');
	e.created_at := now();
	e.created_by := gaiops.outer_role();
	e.updated_at := e.created_at;
	e.updated_by := e.created_by;
	e := gaiops.check_endpoint(e);
	INSERT INTO gaiops.endpoints VALUES (e.*) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('endpoint "%s" already exists', name),
			HINT = 'Change it with gaiops_alter_endpoint().';
	END IF;
	RETURN e.name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_create_endpoint(text, text, text, text, text, jsonb, jsonb, interval, interval, integer, bigint, text) IS 'Takes the name of a new endpoint, its base URL and options and returns the name';

CREATE FUNCTION pg_catalog.gaiops_alter_endpoint(
	name text,
	url text DEFAULT NULL,
	model text DEFAULT NULL,
	secret text DEFAULT NULL,
	provider text DEFAULT NULL,
	params jsonb DEFAULT NULL,
	headers jsonb DEFAULT NULL,
	connect_timeout interval DEFAULT NULL,
	timeout interval DEFAULT NULL,
	max_retries integer DEFAULT NULL,
	max_response_bytes bigint DEFAULT NULL,
	description text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	wanted CONSTANT text := name;
	e gaiops.endpoints;
BEGIN
	IF wanted IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'argument "name" must not be null';
	END IF;
	SELECT * INTO e FROM gaiops.endpoints AS t WHERE t.name = wanted FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_endpoint(wanted);
	END IF;
	-- What followed from the old URL follows from the new one.
	e.provider := coalesce(nullif(provider, ''), CASE
		WHEN provider = '' OR e.provider = gaiops.provider_of_url(e.url)
		THEN gaiops.provider_of_url(coalesce(url, e.url))
		ELSE e.provider END);
	e.url := coalesce(url, e.url);
	e.model := nullif(coalesce(model, e.model), '');
	IF e.url = 'builtin:echo' THEN
		e.model := coalesce(e.model, 'builtin-echo');
	ELSIF model IS NULL THEN
		e.model := nullif(e.model, 'builtin-echo');
	END IF;
	e.secret := nullif(coalesce(secret, e.secret), '');
	e.params := coalesce(params, e.params);
	e.headers := coalesce(headers, e.headers);
	e.connect_timeout := coalesce(connect_timeout, e.connect_timeout);
	e.timeout := coalesce(timeout, e.timeout);
	e.max_retries := coalesce(max_retries, e.max_retries);
	e.max_response_bytes := coalesce(max_response_bytes, e.max_response_bytes);
	e.description := nullif(coalesce(description, e.description), '');
	e.updated_at := now();
	e.updated_by := gaiops.outer_role();
	e := gaiops.check_endpoint(e);
	UPDATE gaiops.endpoints AS t SET
		url = e.url, model = e.model, provider = e.provider, secret = e.secret,
		params = e.params, headers = e.headers,
		connect_timeout = e.connect_timeout, timeout = e.timeout,
		max_retries = e.max_retries, max_response_bytes = e.max_response_bytes,
		description = e.description, updated_at = e.updated_at, updated_by = e.updated_by
		WHERE t.name = wanted;
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_alter_endpoint(text, text, text, text, text, jsonb, jsonb, interval, interval, integer, bigint, text) IS 'Takes the name of an endpoint and what to change of it (NULL leaves as is; an empty text removes the secret, model or description) and returns the name';

CREATE FUNCTION pg_catalog.gaiops_drop_endpoint(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
BEGIN
	IF wanted IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'argument "name" must not be null';
	END IF;
	DELETE FROM gaiops.endpoints AS t WHERE t.name = wanted;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_endpoint(wanted);
	END IF;
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_drop_endpoint(text) IS 'Takes the name of an endpoint, removes it and returns the name; what was recorded of its calls stays';

-- There is no foreign key: see the table.
CREATE FUNCTION gaiops.keep_used_secret()
RETURNS trigger
LANGUAGE plpgsql
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	users text := (
		SELECT string_agg(format('"%s"', n.name), ', ')
		FROM (
			SELECT e.name FROM gaiops.endpoints AS e
			WHERE OLD.name = ANY (gaiops.endpoint_secrets(e))
			ORDER BY e.name LIMIT 10
		) AS n);
BEGIN
	IF users IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('secret "%s" is used by endpoints', OLD.name),
			DETAIL = format('It is sent by %s.', users),
			HINT = 'Give them another secret, or none, with gaiops_alter_endpoint() first.';
	END IF;
	RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
COMMENT ON FUNCTION gaiops.keep_used_secret() IS 'Trigger function: raises when a secret is removed that an endpoint refers to';

CREATE TRIGGER keep_used_secret BEFORE DELETE OR UPDATE OF name ON gaiops.secrets
FOR EACH ROW EXECUTE FUNCTION gaiops.keep_used_secret();
COMMENT ON TRIGGER keep_used_secret ON gaiops.secrets IS 'Keeps a secret that an endpoint refers to';
-- Experiments, and what people say about them.

CREATE FUNCTION pg_catalog.gaiops_set_experiment(name text, is_local boolean DEFAULT false)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_experiment';
COMMENT ON FUNCTION pg_catalog.gaiops_set_experiment(text, boolean) IS
'Makes an experiment if need be and sets gaiops.experiment to it, for the session or, with is_local, for the transaction; returns the name';

CREATE FUNCTION gaiops.make_experiment(name text, created_by name)
RETURNS boolean LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_make_experiment';
COMMENT ON FUNCTION gaiops.make_experiment(text, name) IS
'Takes the name of an experiment and who makes it, has it recorded for good, and returns whether it is new';

CREATE FUNCTION gaiops.experiment_exists(name text)
RETURNS boolean LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_experiment_exists';
COMMENT ON FUNCTION gaiops.experiment_exists(text) IS
'Takes the name of an experiment and returns whether it is recorded by now, whatever the snapshot of the transaction';

CREATE FUNCTION gaiops.check_experiment(name text, description text, goal text, owner text, tags jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_name('an experiment', name);
	PERFORM gaiops.check_size('description', description, 10000);
	PERFORM gaiops.check_size('goal', goal, 10000);
	PERFORM gaiops.check_size('owner', owner, 255);
	PERFORM gaiops.read_tags(tags);
END
$$;
COMMENT ON FUNCTION gaiops.check_experiment(text, text, text, text, jsonb) IS 'Takes the name of an experiment and what is to be said about it and returns nothing; raises unless it may be said';

-- Two of these at once wait for each other at the row, and both are kept.
CREATE FUNCTION gaiops.describe_experiment(name text, about text, aim text, keeper text, added jsonb, removed text[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	merged jsonb;
BEGIN
	INSERT INTO gaiops.experiment_details AS d (experiment, description, goal, owner, tags, updated_at, updated_by)
	SELECT name, nullif(about, ''), nullif(aim, ''), nullif(keeper, ''),
		coalesce(jsonb_object_agg(t.key, t.value), '{}'), now(), gaiops.outer_role()
	FROM gaiops.read_tags(added) AS t
	ON CONFLICT (experiment) DO UPDATE SET
		description = CASE WHEN about IS NULL THEN d.description ELSE EXCLUDED.description END,
		goal = CASE WHEN aim IS NULL THEN d.goal ELSE EXCLUDED.goal END,
		owner = CASE WHEN keeper IS NULL THEN d.owner ELSE EXCLUDED.owner END,
		tags = d.tags - removed || EXCLUDED.tags,
		updated_at = EXCLUDED.updated_at,
		updated_by = EXCLUDED.updated_by
	RETURNING d.tags INTO merged;
	IF (SELECT count(*) FROM jsonb_object_keys(merged)) > 64 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('experiment "%s" would have too many tags', name),
			DETAIL = format('It would have %s; the limit is 64.', (SELECT count(*) FROM jsonb_object_keys(merged))),
			HINT = 'Remove some: a null in place of its value removes a tag.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.describe_experiment(text, text, text, text, jsonb, text[]) IS 'Takes an experiment, its description, goal and owner (NULL leaves as is, an empty text removes), tags to be set, the keys of tags to be removed, and returns nothing; raises if that makes too many tags';

CREATE FUNCTION pg_catalog.gaiops_create_experiment(
	name text, description text DEFAULT NULL, goal text DEFAULT NULL, owner text DEFAULT NULL, tags jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_experiment');
	PERFORM gaiops.check_experiment(name, description, goal, owner, tags);
	IF NOT gaiops.make_experiment(name, gaiops.outer_role()) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('experiment "%s" already exists', name),
			HINT = 'Use gaiops_alter_experiment() to change what is said about it.';
	END IF;
	IF num_nonnulls(description, goal, owner, tags) > 0 THEN
		PERFORM gaiops.describe_experiment(name, description, goal, owner, tags, '{}');
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_create_experiment(text, text, text, text, jsonb) IS 'Takes the name of a new experiment, what it is about, what is to be reached, who answers for it, and tags, makes it and returns the name; a rollback takes back what was said about it, but not the experiment';

CREATE FUNCTION pg_catalog.gaiops_alter_experiment(
	name text, description text DEFAULT NULL, goal text DEFAULT NULL, owner text DEFAULT NULL, tags jsonb DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	removed text[];
BEGIN
	PERFORM gaiops.check_writable('gaiops_alter_experiment');
	PERFORM gaiops.check_object('tags', tags, '{"team": "support"}');
	removed := ARRAY(SELECT t.key FROM jsonb_each(tags) AS t WHERE t.value = 'null');
	PERFORM gaiops.check_experiment(name, description, goal, owner, tags - removed);
	IF NOT gaiops.experiment_exists(name) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('experiment "%s" does not exist', name),
			HINT = 'Create it with gaiops_create_experiment(); gaiops.experiments lists those there are.';
	END IF;
	IF num_nonnulls(description, goal, owner, tags) > 0 THEN
		PERFORM gaiops.describe_experiment(name, description, goal, owner, tags - removed, removed);
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_alter_experiment(text, text, text, text, jsonb) IS 'Takes the name of an experiment and what to change of what is said about it (NULL leaves as is, an empty text removes; tags are merged, and a null removes one) and returns the name';
-- Feedback and expectations: what people, judges and code say about traces and sessions.

-- The two rows that matter besides its own: that it was deleted, and the one that
-- took its place, which is not.  STABLE, to look with the snapshot of its caller.
CREATE FUNCTION gaiops.assessment_state(
	assessment_id uuid, OUT assessment gaiops.human_assessments, OUT is_deleted boolean, OUT overridden_by uuid)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT (
			SELECT h FROM gaiops.human_assessments AS h WHERE h.assessment_id = assessment_state.assessment_id
			UNION ALL
			SELECT ROW(m.*)::gaiops.human_assessments FROM gaiops.machine_assessments AS m WHERE m.assessment_id = assessment_state.assessment_id
			LIMIT 1),
		EXISTS (SELECT FROM gaiops.assessment_deletions AS d WHERE d.assessment_id = assessment_state.assessment_id),
		(SELECT o.assessment_id FROM gaiops.human_assessments AS o
			WHERE o.overrides = assessment_state.assessment_id
				AND NOT EXISTS (SELECT FROM gaiops.assessment_deletions AS d WHERE d.assessment_id = o.assessment_id)
			LIMIT 1)
$$;
COMMENT ON FUNCTION gaiops.assessment_state(uuid) IS 'Takes an assessment and returns its row, NULL if there is none, whether it was deleted, and the assessment that took its place, NULL if none did';

CREATE FUNCTION gaiops.find_assessment(
	assessment_id uuid, OUT assessment gaiops.human_assessments, OUT is_deleted boolean, OUT overridden_by uuid)
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_assessment';
COMMENT ON FUNCTION gaiops.find_assessment(uuid) IS 'Takes an assessment and returns what gaiops.assessment_state() does as of now, whatever the snapshot of the transaction';

CREATE FUNCTION gaiops.place_assessment(trace_id uuid, span_id text, session_id text)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_place_assessment';
COMMENT ON FUNCTION gaiops.place_assessment(uuid, text, text) IS 'Takes a trace and a span of it, or a session, and returns its experiment; raises unless it is recorded by now, whatever the snapshot of the transaction';

CREATE FUNCTION gaiops.make_assessment_id()
RETURNS uuid LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_make_assessment_id';
COMMENT ON FUNCTION gaiops.make_assessment_id() IS 'Returns a new id, which sorts by time';

CREATE FUNCTION gaiops.record_assessment(assessment gaiops.human_assessments)
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_record_assessment';
COMMENT ON FUNCTION gaiops.record_assessment(gaiops.human_assessments) IS 'Takes a row of the shape of gaiops.machine_assessments, has the writer insert it there unless one has its id, and returns nothing';

-- What people say and what machines say is in two tables: with one id for both, a
-- key could be in each.
CREATE FUNCTION gaiops.keyed_assessment_id(role text, key text, is_human boolean)
RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT encode(set_byte(set_byte(h.hash, 6, get_byte(h.hash, 6) & 15 | 128), 8, get_byte(h.hash, 8) & 63 | 128), 'hex')::uuid
	FROM (SELECT substr(sha256(convert_to(jsonb_build_array(role, is_human, key)::text, 'UTF8')), 1, 16)) AS h (hash)
$$;
COMMENT ON FUNCTION gaiops.keyed_assessment_id(text, text, boolean) IS 'Takes a role, an idempotency key, and whether it is a person''s, and returns the id of the assessment under it, a UUID of version 8';

-- In JSON they are texts, and only the type tells them from other texts.
CREATE FUNCTION gaiops.infinite_number(value jsonb, type oid)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	t pg_type;
BEGIN
	IF NOT jsonb_path_exists(value, '$.** ? (@ == "NaN" || @ == "Infinity" || @ == "-Infinity")') THEN
		RETURN NULL;
	END IF;
	SELECT * INTO t FROM pg_type AS p WHERE p.oid = type;
	WHILE t.typbasetype <> 0 LOOP
		SELECT * INTO t FROM pg_type AS p WHERE p.oid = t.typbasetype;
	END LOOP;
	RETURN CASE
		WHEN t.typcategory = 'N' THEN value #>> '{}'
		-- An array of more dimensions has arrays as elements.
		WHEN t.typcategory = 'A' AND jsonb_typeof(value) = 'array' THEN (
			SELECT min(gaiops.infinite_number(e, CASE jsonb_typeof(e) WHEN 'array' THEN t.oid ELSE t.typelem END)) FROM jsonb_array_elements(value) AS e)
		WHEN t.typrelid <> 0 THEN (
			SELECT min(gaiops.infinite_number(value -> a.attname, a.atttypid)) FROM pg_attribute AS a
			WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
	END;
END
$$;
COMMENT ON FUNCTION gaiops.infinite_number(jsonb, oid) IS 'Takes a value as JSON and its type and returns a number in it that JSON does not have, such as NaN; NULL if there is none';

CREATE FUNCTION gaiops.assessment_value(value anyelement)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	stored CONSTANT jsonb := to_jsonb(value);
	infinite CONSTANT text := gaiops.infinite_number(stored, pg_typeof(value));
BEGIN
	IF infinite IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = CASE jsonb_typeof(stored) WHEN 'string' THEN 'argument "value" must be a finite number'
				ELSE 'argument "value" must not contain a number that is not finite' END,
			DETAIL = format(CASE jsonb_typeof(stored) WHEN 'string' THEN 'It is %s.' ELSE 'It contains %s.' END, infinite);
	END IF;
	RETURN stored;
END
$$;
COMMENT ON FUNCTION gaiops.assessment_value(anyelement) IS 'Takes a value of any type and returns it as JSON; raises if it is or contains a number that JSON does not have';

CREATE FUNCTION gaiops.check_assessment_target(given gaiops.human_assessments)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF (given.trace_id IS NULL) = (given.session_id IS NULL) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'exactly one of the arguments "trace_id" and "session_id" must be given',
			DETAIL = CASE WHEN given.trace_id IS NULL THEN 'Neither is.' ELSE 'Both are.' END,
			HINT = format('Write gaiops_log_%1$s(trace_id, ''name'', value) or gaiops_log_%1$s(session_id => …, name => ''name'', value => …).', given.kind);
	END IF;
	IF given.span_id IS NOT NULL AND given.trace_id IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "span_id" must not be given without "trace_id"',
			DETAIL = 'A span is known by its trace.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_assessment_target(gaiops.human_assessments) IS 'Takes an assessment as it was given and returns nothing; raises unless it is of a trace, a span or a session';

CREATE FUNCTION gaiops.check_assessment(given gaiops.human_assessments)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_name('feedback', given.name, 250);
	PERFORM gaiops.check_given('value', nullif(given.value, 'null'));
	PERFORM gaiops.check_size('value', given.value::text, 1024 * 1024);
	PERFORM gaiops.check_size('rationale', given.rationale, 100 * 1024);
	PERFORM gaiops.check_object('metadata', given.metadata, '{"ticket": 4711}');
	PERFORM gaiops.check_size('metadata', given.metadata::text, 100 * 1024);
	PERFORM gaiops.check_size('source_id', given.source_id, 255);
	PERFORM gaiops.check_size('idempotency_key', given.idempotency_key, 255);
	PERFORM gaiops.check_assessment_target(given);
END
$$;
COMMENT ON FUNCTION gaiops.check_assessment(gaiops.human_assessments) IS 'Takes an assessment as it was given and returns nothing; raises if anything of it is missing or too long';

-- As the scorers read them.  JSON in quotes is a text, which is easily overlooked.
CREATE FUNCTION gaiops.check_expectation(name text, value jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := gaiops.wanted_expectation(name, value);
BEGIN
	IF wanted IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('value of "%s" must be %s', name, wanted),
			DETAIL = format('It is %s.', left(value::text, 100)),
			HINT = CASE jsonb_typeof(value) WHEN 'string' THEN 'A text is taken as it is: write ''["…"]''::jsonb for an array.'
				ELSE 'Scorers and judges read it so; take another name for anything else.' END;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_expectation(text, jsonb) IS 'Takes the name of an expectation and its value and returns nothing; raises if it is one that scorers read and the value is not of the type they read';

CREATE FUNCTION gaiops.may_speak_for_others()
RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT has_function_privilege(gaiops.outer_role(), 'gaiops.proxy_right()'::regprocedure, 'EXECUTE')
$$;
COMMENT ON FUNCTION gaiops.may_speak_for_others() IS 'Returns whether the role in force outside of every SECURITY DEFINER function has the right "proxy"';

CREATE FUNCTION gaiops.assessment_source(source_type text, source_id text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	own CONSTANT text := gaiops.outer_role();
	speaker CONSTANT text := current_setting('gaiops.user_id', true);
BEGIN
	PERFORM gaiops.check_given('source_type', source_type);
	IF source_type NOT IN ('HUMAN', 'LLM_JUDGE', 'CODE') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown source type "%s"', left(source_type, 100)),
			HINT = 'The source types are HUMAN, LLM_JUDGE and CODE.';
	END IF;
	IF source_type <> 'HUMAN' AND coalesce(source_id, '') = '' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "source_id" must be given for source type %s', source_type),
			HINT = 'Give the name of the judge or program.';
	END IF;
	-- Of a user whom the application did not know: as the role, all of them were one.
	IF source_id = '' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "source_id" must not be empty',
			HINT = 'Leave source_id out, or give NULL, to speak as the role or as gaiops.user_id.';
	END IF;
	IF source_id <> own AND source_type = 'HUMAN' AND NOT gaiops.may_speak_for_others() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to speak for "%s"', source_id),
			DETAIL = format('What a person says is under the database role, here "%s"; another source_id needs the right "proxy".', own),
			HINT = format('Leave source_id out, or have an administrator run: SELECT gaiops_grant(%L, ''proxy'').', own);
	END IF;
	-- The backend of an application says once per request whom it works for.  A setting
	-- may come with the connection, and nobody has looked at it.
	IF source_id IS NULL AND speaker <> '' AND gaiops.may_speak_for_others() THEN
		PERFORM gaiops.check_size('source_id', speaker, 255), convert_to(speaker, getdatabaseencoding());
		RETURN speaker;
	END IF;
	RETURN coalesce(source_id, own);
END
$$;
COMMENT ON FUNCTION gaiops.assessment_source(text, text) IS 'Takes a source type and the id that was given, NULL if none was, and returns the source''s id, of a person by default that of gaiops.user_id if the role in force may speak for others, or else the role; raises unless it may name it';

CREATE FUNCTION gaiops.check_same_assessment(given gaiops.human_assessments, stored gaiops.human_assessments)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	differing CONSTANT text := (
		SELECT string_agg(c.name, ', ' ORDER BY c.n)
		FROM (VALUES
			(1, 'trace_id', given.trace_id IS DISTINCT FROM stored.trace_id),
			(2, 'span_id', given.span_id IS DISTINCT FROM stored.span_id),
			(3, 'session_id', given.session_id IS DISTINCT FROM stored.session_id),
			(4, 'kind', given.kind <> stored.kind),
			(5, 'name', given.name <> stored.name),
			(6, 'value', given.value <> stored.value),
			(7, 'source_type', given.source_type <> stored.source_type),
			(8, 'source_id', given.source_id <> stored.source_id)) AS c (n, name, differs)
		WHERE c.differs);
BEGIN
	IF differing IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'unique_violation',
			MESSAGE = format('idempotency key "%s" stands for another assessment', given.idempotency_key),
			DETAIL = format('Assessment "%s" was stored under it with another %s.', stored.assessment_id, differing),
			HINT = 'Give each assessment a key of its own; to change one, call gaiops_override_feedback().';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_same_assessment(gaiops.human_assessments, gaiops.human_assessments) IS 'Takes an assessment and what is stored under its idempotency key and returns nothing; raises unless they say the same';

-- Under a key, whoever is first has stored it.
CREATE FUNCTION gaiops.store_assessment(given gaiops.human_assessments)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_human CONSTANT boolean := given.source_type = 'HUMAN';
	stored gaiops.human_assessments;
BEGIN
	IF given.idempotency_key IS NOT NULL THEN
		stored := (gaiops.find_assessment(given.assessment_id)).assessment;
	END IF;
	IF stored.assessment_id IS NULL THEN
		IF is_human THEN
			INSERT INTO gaiops.human_assessments SELECT (given).* ON CONFLICT DO NOTHING;
		ELSE
			PERFORM gaiops.record_assessment(given);
		END IF;
		IF given.idempotency_key IS NULL OR is_human AND FOUND THEN
			RETURN;
		END IF;
		stored := (gaiops.find_assessment(given.assessment_id)).assessment;
	END IF;
	IF stored.assessment_id IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('could not store assessment "%s"', given.assessment_id),
			DETAIL = 'It was given to its table, which does not have it.',
			HINT = format('Look for triggers and rules of gaiops.%s_assessments.', CASE WHEN is_human THEN 'human' ELSE 'machine' END);
	END IF;
	PERFORM gaiops.check_same_assessment(given, stored);
END
$$;
COMMENT ON FUNCTION gaiops.store_assessment(gaiops.human_assessments) IS 'Takes an assessment, stores it unless it is there, people''s in the transaction and others through the writer, and returns nothing; raises if something else is there under its idempotency key';

-- What is left to be found out, once it is known what is assessed and what is said.
CREATE FUNCTION gaiops.complete_assessment(given gaiops.human_assessments)
RETURNS gaiops.human_assessments
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_assessment(given);
	given.source_id := gaiops.assessment_source(given.source_type, given.source_id);
	given.rationale := nullif(given.rationale, '');
	given.idempotency_key := nullif(given.idempotency_key, '');
	given.created_at := clock_timestamp();
	given.created_by := gaiops.outer_role();
	given.assessment_id := CASE WHEN given.idempotency_key IS NULL THEN gaiops.make_assessment_id()
		ELSE gaiops.keyed_assessment_id(given.created_by, given.idempotency_key, given.source_type = 'HUMAN') END;
	IF given.kind <> 'feedback' THEN
		PERFORM gaiops.check_expectation(given.name, given.value);
	-- What was stored as it was given stays so when a label schema of its name appears.
	ELSIF given.idempotency_key IS NULL
		OR ((gaiops.find_assessment(given.assessment_id)).assessment).value IS DISTINCT FROM given.value
	THEN
		given.value := gaiops.check_label(given.name, given.value);
	END IF;
	IF given.source_type <> 'HUMAN' THEN
		given.run_id := pg_catalog.gaiops_current_run();
	END IF;
	RETURN given;
END
$$;
COMMENT ON FUNCTION gaiops.complete_assessment(gaiops.human_assessments) IS 'Takes an assessment as it was given and returns it as it is stored; raises if anything about it is wrong';

CREATE FUNCTION gaiops.log_assessment(
	kind text, trace_id uuid, name text, value jsonb, rationale text, source_type text, source_id text,
	span_id text, session_id text, metadata jsonb, idempotency_key text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given gaiops.human_assessments;
BEGIN
	given.kind := kind;
	given.trace_id := trace_id;
	given.span_id := span_id;
	given.session_id := session_id;
	given.name := name;
	given.value := value;
	given.rationale := rationale;
	given.source_type := source_type;
	given.source_id := source_id;
	given.metadata := metadata;
	given.idempotency_key := idempotency_key;
	IF source_type = 'HUMAN' THEN
		PERFORM gaiops.check_writable('gaiops_log_' || kind);
	END IF;
	given := gaiops.complete_assessment(given);
	given.experiment := gaiops.place_assessment(trace_id, span_id, session_id);
	PERFORM gaiops.store_assessment(given);
	RETURN given.assessment_id;
END
$$;
COMMENT ON FUNCTION gaiops.log_assessment(text, uuid, text, jsonb, text, text, text, text, text, jsonb, text) IS 'Takes feedback or an expectation, by its kind, stores it and returns its id';

CREATE FUNCTION pg_catalog.gaiops_log_feedback(
	trace_id uuid DEFAULT NULL,
	name text DEFAULT NULL,
	value text DEFAULT NULL,
	rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN',
	source_id text DEFAULT NULL,
	span_id text DEFAULT NULL,
	session_id text DEFAULT NULL,
	metadata jsonb DEFAULT NULL,
	idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('feedback', trace_id, name, to_jsonb(value),
		rationale, source_type, source_id, span_id, session_id, metadata, idempotency_key);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_feedback(uuid, text, text, text, text, text, text, text, jsonb, text) IS 'Takes a trace, a span of it, or a session, and what to say about it, a text; stores it and returns the id of the assessment';

CREATE FUNCTION pg_catalog.gaiops_log_feedback(
	trace_id uuid DEFAULT NULL,
	name text DEFAULT NULL,
	value anyelement DEFAULT NULL::boolean,
	rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN',
	source_id text DEFAULT NULL,
	span_id text DEFAULT NULL,
	session_id text DEFAULT NULL,
	metadata jsonb DEFAULT NULL,
	idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('feedback', trace_id, name, gaiops.assessment_value(value),
		rationale, source_type, source_id, span_id, session_id, metadata, idempotency_key);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_feedback(uuid, text, anyelement, text, text, text, text, text, jsonb, text) IS 'Takes a trace, a span of it, or a session, and what to say about it, of any type; stores it and returns the id of the assessment';

CREATE FUNCTION pg_catalog.gaiops_log_expectation(
	trace_id uuid DEFAULT NULL,
	name text DEFAULT NULL,
	value text DEFAULT NULL,
	rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN',
	source_id text DEFAULT NULL,
	span_id text DEFAULT NULL,
	session_id text DEFAULT NULL,
	metadata jsonb DEFAULT NULL,
	idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('expectation', trace_id, name, to_jsonb(value),
		rationale, source_type, source_id, span_id, session_id, metadata, idempotency_key);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_expectation(uuid, text, text, text, text, text, text, text, jsonb, text) IS 'Takes a trace, a span of it, or a session, and what is expected of it, a text; stores it and returns the id of the assessment';

CREATE FUNCTION pg_catalog.gaiops_log_expectation(
	trace_id uuid DEFAULT NULL,
	name text DEFAULT NULL,
	value anyelement DEFAULT NULL::boolean,
	rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN',
	source_id text DEFAULT NULL,
	span_id text DEFAULT NULL,
	session_id text DEFAULT NULL,
	metadata jsonb DEFAULT NULL,
	idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('expectation', trace_id, name, gaiops.assessment_value(value),
		rationale, source_type, source_id, span_id, session_id, metadata, idempotency_key);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_expectation(uuid, text, anyelement, text, text, text, text, text, jsonb, text) IS 'Takes a trace, a span of it, or a session, and what is expected of it, of any type; stores it and returns the id of the assessment';

-- Everybody who changes what is in force in the place of an assessment waits here for
-- the others; many at once in few locks, of which there is no end otherwise.
CREATE FUNCTION gaiops.lock_assessment(assessment_id uuid)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.lock_registry('assessment ' || (uuid_hash(assessment_id) & 1023))
$$;
COMMENT ON FUNCTION gaiops.lock_assessment(uuid) IS 'Takes an assessment, has others that override or delete it wait until the transaction ends, and returns nothing';

CREATE FUNCTION gaiops.assessment_in_force(assessment_id uuid)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	at uuid := assessment_id;
	state record;
BEGIN
	LOOP
		SELECT * INTO state FROM gaiops.find_assessment(at);
		EXIT WHEN at IS NULL OR state.overridden_by IS NULL AND NOT state.is_deleted;
		at := coalesce(state.overridden_by, (state.assessment).overrides);
	END LOOP;
	RETURN at;
END
$$;
COMMENT ON FUNCTION gaiops.assessment_in_force(uuid) IS 'Takes an assessment and returns the one that is in force in its place, which may be itself; NULL if there is none';

-- The row that shows it may have come after the snapshot of the transaction: then
-- the caller could not see why.
CREATE FUNCTION gaiops.raise_not_in_force(assessment_id uuid, is_deleted boolean, overridden_by uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	seen record;
	other CONSTANT uuid := gaiops.assessment_in_force(assessment_id);
BEGIN
	SELECT * INTO seen FROM gaiops.assessment_state(assessment_id);
	IF (seen.is_deleted, seen.overridden_by) IS DISTINCT FROM (is_deleted, overridden_by) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('could not change assessment "%s"', assessment_id),
			DETAIL = 'It was overridden or deleted after the snapshot of this transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('assessment "%s" was %s', assessment_id, CASE WHEN is_deleted THEN 'deleted' ELSE 'overridden' END),
		HINT = CASE WHEN other IS NULL THEN 'None is in force in its place: make a new one.'
			ELSE format('Assessment "%s" is in force in its place.', other) END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_not_in_force(uuid, boolean, uuid) IS 'Takes an assessment that was deleted or overridden; raises that it cannot be changed, with the one that can';

CREATE FUNCTION gaiops.lock_assessment_in_force(assessment_id uuid, for_deletion boolean)
RETURNS gaiops.human_assessments
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	state record;
	found_row gaiops.human_assessments;
	own CONSTANT name := gaiops.outer_role();
BEGIN
	PERFORM gaiops.check_given('assessment_id', assessment_id);
	PERFORM gaiops.lock_assessment(assessment_id);
	SELECT * INTO state FROM gaiops.find_assessment(assessment_id);
	found_row := state.assessment;
	IF found_row.assessment_id IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('assessment "%s" does not exist', assessment_id);
	END IF;
	IF for_deletion AND found_row.created_by <> own AND NOT (found_row.source_type = 'HUMAN' AND found_row.source_id = own)
		AND NOT gaiops.may_speak_for_others()
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to delete assessment "%s"', assessment_id),
			DETAIL = format('It is of "%s".', found_row.source_id),
			HINT = 'Override it with gaiops_override_feedback(), or ask a role with the right "proxy".';
	END IF;
	IF state.is_deleted OR state.overridden_by IS NOT NULL THEN
		PERFORM gaiops.raise_not_in_force(assessment_id, state.is_deleted, state.overridden_by);
	END IF;
	RETURN found_row;
END
$$;
COMMENT ON FUNCTION gaiops.lock_assessment_in_force(uuid, boolean) IS 'Takes an assessment and whether it is to be deleted, keeps it in force until the transaction ends and returns its row; raises unless it is in force and the role in force may do that';

CREATE FUNCTION gaiops.override_assessment(assessment_id uuid, value jsonb, rationale text, source_id text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given gaiops.human_assessments;
BEGIN
	PERFORM gaiops.check_writable('gaiops_override_feedback');
	given := gaiops.lock_assessment_in_force(assessment_id, false);
	given.overrides := assessment_id;
	given.value := value;
	given.rationale := rationale;
	given.source_type := 'HUMAN';
	given.source_id := source_id;
	given.run_id := NULL;
	given.metadata := NULL;
	given.idempotency_key := NULL;
	given := gaiops.complete_assessment(given);
	PERFORM gaiops.store_assessment(given);
	RETURN given.assessment_id;
END
$$;
COMMENT ON FUNCTION gaiops.override_assessment(uuid, jsonb, text, text) IS 'Takes an assessment and what a person says instead, stores that in its place, and returns the id of the new one';

CREATE FUNCTION pg_catalog.gaiops_override_feedback(
	assessment_id uuid,
	value text,
	rationale text DEFAULT NULL,
	source_id text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.override_assessment(assessment_id, to_jsonb(value), rationale, source_id);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_override_feedback(uuid, text, text, text) IS 'Takes an assessment and what a person says instead, a text; stores that in its place, keeps the old one, and returns the id of the new one';

CREATE FUNCTION pg_catalog.gaiops_override_feedback(
	assessment_id uuid,
	value anyelement,
	rationale text DEFAULT NULL,
	source_id text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.override_assessment(assessment_id, gaiops.assessment_value(value), rationale, source_id);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_override_feedback(uuid, anyelement, text, text) IS 'Takes an assessment and what a person says instead, of any type; stores that in its place, keeps the old one, and returns the id of the new one';

CREATE FUNCTION pg_catalog.gaiops_delete_feedback(assessment_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_feedback');
	PERFORM gaiops.lock_assessment_in_force(assessment_id, true);
	INSERT INTO gaiops.assessment_deletions VALUES (assessment_id, clock_timestamp(), gaiops.outer_role());
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_feedback(uuid) IS 'Takes an assessment, hides it, keeps it, has what it overrode in force again, and returns nothing; raises if it is not in force, or of somebody else';
-- Giving rights to roles, and taking them.  What belongs to which right is in
-- rights.sql.

CREATE FUNCTION gaiops.right_level("right" text)
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_position(ARRAY['viewer', 'user', 'proxy', 'admin'], "right")
$$;
COMMENT ON FUNCTION gaiops.right_level(text) IS 'Takes a right and returns its level: each covers those of a lower level; NULL if there is no such right';

-- "settled" says that the object was there before this transaction, or that
-- pg_init_privs has it as ours alone: its record is for one role, which is the
-- owner, or was and had it taken over.  The record alone would not do: pg_upgrade
-- keeps none where it says no more than the default.  Subtransactions of this
-- transaction are younger than it, hence the negative ages.
CREATE FUNCTION gaiops.members(
	OUT kind text, OUT object text, OUT target text, OUT privilege text,
	OUT "right" text, OUT owner oid, OUT acl aclitem[], OUT settled boolean)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH member AS MATERIALIZED (
		SELECT d.classid, d.objid, age(d.xmin) BETWEEN -1000000 AND 0 AS is_new
		FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'genaiops'
	), member_acl AS (
		SELECT m.*, 'function' AS kind, format('%s.%s', p.pronamespace::regnamespace, p.proname) AS object,
			format('ROUTINE %s', p.oid::regprocedure) AS target, 'EXECUTE' AS privilege,
			p.proowner AS owner, coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
		FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
		UNION ALL
		SELECT m.*, CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END,
			format('%s.%s', c.relnamespace::regnamespace, c.relname),
			format('%s %s', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass), 'SELECT',
			c.relowner, coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
		FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
		UNION ALL
		SELECT m.*, 'schema', n.nspname::text, format('SCHEMA %I', n.nspname), 'USAGE',
			n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
		FROM member AS m JOIN pg_namespace AS n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
		UNION ALL
		SELECT m.*, 'type', format('%s.%s', t.typnamespace::regnamespace, t.typname),
			format('TYPE %s', t.oid::regtype), 'USAGE',
			t.typowner, coalesce(t.typacl, acldefault('T', t.typowner))
		FROM member AS m JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
		-- From 17 on types of rows and arrays are members too; nothing is granted on them.
		WHERE t.typcategory <> 'A'
			AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
	)
	SELECT m.kind, m.object, m.target, m.privilege, r."right", m.owner, m.acl,
		NOT m.is_new OR coalesce((
			SELECT count(DISTINCT i.grantee) = 1
				AND bool_and(i.grantee = m.owner OR i.grantee <> 0
					AND NOT EXISTS (SELECT FROM aclexplode(m.acl) AS a WHERE a.grantee = i.grantee))
			FROM pg_init_privs AS p, aclexplode(p.initprivs) AS i
			WHERE p.classoid = m.classid AND p.objoid = m.objid AND p.objsubid = 0), false)
	FROM member_acl AS m LEFT JOIN gaiops.rights() AS r ON r.kind = m.kind AND r.object = m.object
$$;
COMMENT ON FUNCTION gaiops.members() IS 'Returns what privileges can be granted on in the extension, with its right, its access control list, and whether the grants of the script that made it are settled';

CREATE FUNCTION gaiops.settle_role(role oid)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	held text;
	lacking record;
BEGIN
	SELECT r INTO held
		FROM unnest(ARRAY['admin', 'proxy', 'user', 'viewer']) AS r
		JOIN gaiops.members() AS m ON m.kind = 'function' AND m.object = format('gaiops.%s_grant', r)
		JOIN aclexplode(m.acl) AS a ON a.grantee = role
		ORDER BY gaiops.right_level(r) DESC LIMIT 1;
	FOR lacking IN
		SELECT m.privilege, m.target FROM gaiops.members() AS m
		WHERE gaiops.right_level(m."right") <= gaiops.right_level(held)
			AND NOT EXISTS (SELECT FROM aclexplode(m.acl) AS a
				WHERE a.grantee = role AND a.privilege_type = m.privilege)
	LOOP
		EXECUTE format('GRANT %s ON %s TO %s', lacking.privilege, lacking.target, role::regrole);
	END LOOP;
	RETURN held;
END
$$;
COMMENT ON FUNCTION gaiops.settle_role(oid) IS 'Takes a role, grants what its rights cover and it does not have, and returns the highest of them, NULL if none';

CREATE FUNCTION gaiops.regrant(role oid)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_regrant'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION gaiops.regrant(oid) IS 'Takes a role and does as gaiops.settle_role(), so that pg_dump knows the grants from those of the extension even when a script of the extension runs it; returns nothing';

-- Run at the end of every install and update script.  What is new there has the
-- server's defaults, for PUBLIC and by ALTER DEFAULT PRIVILEGES, and is taken
-- from everybody.  What was there before is left alone: a REVOKE in a script
-- would tell pg_dump that all grants on the object are the extension's own.
CREATE FUNCTION gaiops.settle_grants()
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	holders CONSTANT oid[] := ARRAY(
		SELECT DISTINCT a.grantee FROM gaiops.members() AS m, aclexplode(m.acl) AS a
		WHERE m.kind = 'function' AND m.settled AND a.grantee NOT IN (0, m.owner)
			AND m.object IN ('gaiops.viewer_grant', 'gaiops.user_grant', 'gaiops.proxy_grant', 'gaiops.admin_grant'));
	fresh record;
	holder oid;
BEGIN
	FOR fresh IN
		SELECT m.target, g.grantee
		FROM gaiops.members() AS m,
			LATERAL (SELECT a.grantee FROM aclexplode(m.acl) AS a UNION SELECT 0::oid) AS g
		WHERE NOT m.settled AND g.grantee <> m.owner
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', fresh.target,
			CASE fresh.grantee WHEN 0 THEN 'PUBLIC' ELSE fresh.grantee::regrole::text END);
	END LOOP;
	FOREACH holder IN ARRAY holders LOOP
		PERFORM gaiops.regrant(holder);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.settle_grants() IS 'Takes new objects of the extension from everybody but their owner, and gives them to the roles whose rights cover them; returns nothing';

CREATE FUNCTION gaiops.has_right("right" text)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	-- Runs as the caller, who may call nothing here that is not for viewers.
	IF "right" IN ('viewer', 'user', 'proxy', 'admin') IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown right "%s"', "right"),
			HINT = 'The rights are viewer, user, proxy and admin.';
	END IF;
	RETURN has_function_privilege(CASE "right"
		WHEN 'viewer' THEN 'gaiops.viewer_right()'::regprocedure
		WHEN 'user' THEN 'gaiops.user_right()'::regprocedure
		WHEN 'proxy' THEN 'gaiops.proxy_right()'::regprocedure
		ELSE 'gaiops.admin_right()'::regprocedure END, 'EXECUTE');
END
$$;
COMMENT ON FUNCTION gaiops.has_right(text) IS 'Takes a right and returns whether the current role has it; true for superusers';

CREATE FUNCTION gaiops.check_grant(role text, "right" text)
RETURNS oid
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := role;
	found_role oid;
BEGIN
	IF wanted IS NULL OR "right" IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = format('argument "%s" must not be null', CASE WHEN wanted IS NULL THEN 'role' ELSE 'right' END);
	END IF;
	IF gaiops.right_level("right") IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown right "%s"', "right"),
			HINT = 'The rights are viewer, user, proxy and admin.';
	END IF;
	SELECT r.oid INTO found_role FROM pg_roles AS r WHERE r.rolname = wanted;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('role "%s" does not exist', wanted),
			HINT = CASE wanted WHEN 'public'
				THEN 'Rights are not given to PUBLIC; give them to a role that others are members of.'
				ELSE 'Give the name of a role as it is in pg_roles, without quotes.' END;
	END IF;
	IF EXISTS (SELECT FROM gaiops.members() AS m WHERE m.owner = found_role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_grant_operation',
			MESSAGE = format('role "%s" owns the extension', wanted),
			DETAIL = 'The owner has every right, always.';
	END IF;
	RETURN found_role;
END
$$;
COMMENT ON FUNCTION gaiops.check_grant(text, text) IS 'Takes a role and a right and returns the oid of the role; raises unless the one can be given the other';

CREATE FUNCTION pg_catalog.gaiops_grant(role text, "right" text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	receiver CONSTANT oid := gaiops.check_grant(role, "right");
BEGIN
	-- Two at a time would fail to update the same row of a catalog.
	PERFORM gaiops.lock_registry('rights');
	EXECUTE format('GRANT EXECUTE ON FUNCTION gaiops.%I() TO %s', "right" || '_grant', receiver::regrole);
	RETURN gaiops.settle_role(receiver);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_grant(text, text) IS 'Takes a role and a right (viewer, user, proxy or admin), gives the one the other, and returns the highest right the role has been given';

CREATE FUNCTION pg_catalog.gaiops_revoke(role text, "right" text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	receiver CONSTANT oid := gaiops.check_grant(role, "right");
	taken record;
	held text;
BEGIN
	PERFORM gaiops.lock_registry('rights');
	FOR taken IN
		SELECT r FROM unnest(ARRAY['viewer', 'user', 'proxy', 'admin']) AS r
		WHERE gaiops.right_level(r) >= gaiops.right_level("right")
	LOOP
		EXECUTE format('REVOKE ALL ON FUNCTION gaiops.%I() FROM %s', taken.r || '_grant', receiver::regrole);
	END LOOP;
	held := gaiops.settle_role(receiver);
	FOR taken IN
		SELECT m.target FROM gaiops.members() AS m
		WHERE gaiops.right_level(m."right") > coalesce(gaiops.right_level(held), 0)
			AND EXISTS (SELECT FROM aclexplode(m.acl) AS a WHERE a.grantee = receiver)
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s', taken.target, receiver::regrole);
	END LOOP;
	RETURN held;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_revoke(text, text) IS 'Takes a role and a right, takes the right and those above it from the role, and returns the highest right left to it, NULL if none';
-- What feedback of a name may be.

CREATE FUNCTION gaiops.label_schema(name text)
RETURNS gaiops.label_schemas
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT s.* FROM gaiops.label_schemas AS s WHERE s.name = label_schema.name ORDER BY s.builtin LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.label_schema(text) IS 'Takes a name and returns the label schema of that name; NULL if there is none';

-- Whatever a pass_fail schema calls them.
CREATE FUNCTION gaiops.word_verdict(word text)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN lower(btrim(word)) IN ('true', 'yes', 'pass', '1') THEN true
		WHEN lower(btrim(word)) IN ('false', 'no', 'fail', '0') THEN false
	END
$$;
COMMENT ON FUNCTION gaiops.word_verdict(text) IS 'Takes a word and returns whether it means that something passes or fails; NULL if neither';

CREATE FUNCTION gaiops.fit_pass_fail(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT to_jsonb(CASE lower(btrim(w.word))
		WHEN lower(btrim(s.labels[1])) THEN true
		WHEN lower(btrim(s.labels[2])) THEN false
		ELSE gaiops.word_verdict(w.word) END)
	FROM (SELECT CASE
		WHEN jsonb_typeof(value) IN ('string', 'boolean') THEN value #>> '{}'
		WHEN value = '1' THEN '1'
		WHEN value = '0' THEN '0' END) AS w (word)
$$;
COMMENT ON FUNCTION gaiops.fit_pass_fail(gaiops.label_schemas, jsonb) IS 'Takes a pass_fail schema and a value and returns it as a JSON boolean; NULL if it is none';

-- In the order of the schema, so that equal choices are equal values.
CREATE FUNCTION gaiops.fit_categories(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN s.multiple THEN coalesce(fitting.labels, '[]') ELSE value END
	FROM (SELECT CASE WHEN jsonb_typeof(value) = 'array' THEN value ELSE jsonb_build_array(value) END) AS given (chosen),
		LATERAL (
			SELECT jsonb_agg(l.label ORDER BY l.n) FROM unnest(s.labels) WITH ORDINALITY AS l (label, n)
			WHERE given.chosen @> jsonb_build_array(l.label)) AS fitting (labels)
	WHERE (s.multiple OR jsonb_typeof(value) = 'string') AND to_jsonb(s.labels) @> given.chosen
$$;
COMMENT ON FUNCTION gaiops.fit_categories(gaiops.label_schemas, jsonb) IS 'Takes a schema of categories and a value and returns it as a label or, where several can be chosen, as an array of labels; NULL if it is none';

CREATE FUNCTION gaiops.fit_number(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT to_jsonb(trim_scale(n.number))
	FROM (SELECT CASE
		WHEN jsonb_typeof(value) = 'number'
			OR jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^ *[-+]?([0-9]{1,100}([.][0-9]{0,100})?|[.][0-9]{1,100})([eE][-+]?[0-9]{1,2})? *$'
		THEN (value #>> '{}')::numeric END) AS n (number)
	WHERE n.number >= coalesce(s.minimum, n.number) AND n.number <= coalesce(s.maximum, n.number)
$$;
COMMENT ON FUNCTION gaiops.fit_number(gaiops.label_schemas, jsonb) IS 'Takes a schema of numbers and a value and returns it as a JSON number; NULL if it is none, or out of bounds';

CREATE FUNCTION gaiops.fit_text(s gaiops.label_schemas, value jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT value WHERE jsonb_typeof(value) = 'string' AND char_length(value #>> '{}') <= coalesce(s.max_length, char_length(value #>> '{}'))
$$;
COMMENT ON FUNCTION gaiops.fit_text(gaiops.label_schemas, jsonb) IS 'Takes a schema of texts and a value and returns it if it is a text that is not too long; NULL otherwise';

CREATE FUNCTION gaiops.describe_label_schema(s gaiops.label_schemas)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE s.kind
		WHEN 'pass_fail' THEN 'true or false, also written '
			|| CASE WHEN s.labels = ARRAY['yes', 'no'] THEN '' ELSE format('"%s" or "%s", ', s.labels[1], s.labels[2]) END
			|| 'yes or no, pass or fail, or 1 or 0'
		WHEN 'categories' THEN CASE WHEN s.multiple THEN 'an array of any of ' ELSE 'one of ' END || (
			SELECT gaiops.list_some(array_agg(format('"%s"', l.label) ORDER BY l.n)) FROM unnest(s.labels) WITH ORDINALITY AS l (label, n))
		WHEN 'number' THEN CASE
			WHEN s.minimum IS NULL AND s.maximum IS NULL THEN 'a number'
			WHEN s.maximum IS NULL THEN format('a number of at least %s', s.minimum)
			WHEN s.minimum IS NULL THEN format('a number of at most %s', s.maximum)
			ELSE format('a number from %s to %s', s.minimum, s.maximum) END
		ELSE 'a text' || coalesce(' of at most ' || s.max_length || ' characters', '')
	END
$$;
COMMENT ON FUNCTION gaiops.describe_label_schema(gaiops.label_schemas) IS 'Takes a label schema and returns in words what it allows';

CREATE FUNCTION gaiops.check_label(name text, value jsonb)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	s CONSTANT gaiops.label_schemas := gaiops.label_schema(name);
	fit jsonb;
BEGIN
	IF s.name IS NULL THEN
		RETURN value;
	END IF;
	fit := CASE s.kind
		WHEN 'pass_fail' THEN gaiops.fit_pass_fail(s, value)
		WHEN 'categories' THEN gaiops.fit_categories(s, value)
		WHEN 'number' THEN gaiops.fit_number(s, value)
		ELSE gaiops.fit_text(s, value) END;
	IF fit IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('value of "%s" does not fit its label schema', name),
			DETAIL = format('It is %s; allowed is %s.', coalesce(left(value::text, 100), 'NULL'), gaiops.describe_label_schema(s)),
			HINT = CASE WHEN s.multiple AND jsonb_typeof(value) = 'string' AND value #>> '{}' ~ '^\s*\['
				THEN 'A text is taken as it is: write ''["…"]''::jsonb for an array.'
				ELSE 'What is allowed for each name is in gaiops.label_schemas.' END;
	END IF;
	RETURN fit;
END
$$;
COMMENT ON FUNCTION gaiops.check_label(text, jsonb) IS 'Takes the name of feedback and its value and returns the value as it is stored: as the label schema of that name has it, or as it is if there is none; raises if it does not fit';

CREATE FUNCTION gaiops.check_schema_arguments(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	alien text;
BEGIN
	IF s.kind NOT IN ('pass_fail', 'categories', 'number', 'text') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown kind of label schema: "%s"', left(s.kind, 100)),
			HINT = 'The kinds are pass_fail, categories, number and text.';
	END IF;
	SELECT a.argument INTO alien
		FROM (VALUES
			(1, 'labels', s.labels IS NOT NULL, ARRAY['pass_fail', 'categories']),
			(2, 'multiple', s.multiple, ARRAY['categories']),
			(3, 'ordered', s.ordered, ARRAY['categories']),
			(4, 'minimum', s.minimum IS NOT NULL, ARRAY['number']),
			(5, 'maximum', s.maximum IS NOT NULL, ARRAY['number']),
			(6, 'max_length', s.max_length IS NOT NULL, ARRAY['text'])) AS a (n, argument, is_given, kinds)
		WHERE a.is_given AND s.kind <> ALL (a.kinds)
		ORDER BY a.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" is not for label schemas of kind %s', alien, s.kind),
			HINT = 'Labels are for pass_fail and categories, "multiple" and "ordered" for categories, "minimum" and "maximum" for number, "max_length" for text.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_schema_arguments(gaiops.label_schemas) IS 'Takes a label schema as it was given and returns nothing; raises unless there is such a kind, and everything given is for it';

CREATE FUNCTION gaiops.schema_labels_problem(kind text, labels text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN kind NOT IN ('pass_fail', 'categories') THEN NULL
		WHEN array_ndims(labels) IS DISTINCT FROM 1 OR kind = 'pass_fail' AND cardinality(labels) <> 2
			OR cardinality(labels) NOT BETWEEN 2 AND 100
		THEN CASE kind WHEN 'pass_fail' THEN 'A pass_fail schema has two: what true is called, and what false is.'
			ELSE 'Categories are 2 to 100.' END
		WHEN EXISTS (SELECT FROM unnest(labels) AS l WHERE l IS NULL OR char_length(l) NOT BETWEEN 1 AND 64)
		THEN 'A label has 1 to 64 characters.'
		WHEN (SELECT count(DISTINCT CASE kind WHEN 'pass_fail' THEN lower(btrim(l)) ELSE l END) FROM unnest(labels) AS l) < cardinality(labels)
		THEN 'No two of them may be alike.'
		WHEN kind = 'pass_fail' AND (gaiops.word_verdict(labels[1]) IS FALSE OR gaiops.word_verdict(labels[2]))
		THEN 'The first is what true is called, the second what false is; these say the opposite.'
	END
$$;
COMMENT ON FUNCTION gaiops.schema_labels_problem(text, text[]) IS 'Takes the kind of a label schema and its labels and returns what is wrong with them; NULL if nothing is';

CREATE FUNCTION gaiops.check_schema_limits(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	infinite record;
BEGIN
	IF gaiops.schema_labels_problem(s.kind, s.labels) IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid labels of label schema "%s"', s.name),
			DETAIL = gaiops.schema_labels_problem(s.kind, s.labels);
	END IF;
	SELECT b.argument, b.bound INTO infinite
		FROM (VALUES (1, 'minimum', s.minimum), (2, 'maximum', s.maximum)) AS b (n, argument, bound)
		WHERE b.bound::text IN ('NaN', 'Infinity', '-Infinity')
		ORDER BY b.n LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" must be finite', infinite.argument),
			DETAIL = format('It is %s.', infinite.bound),
			HINT = 'Leave out a bound that there is not.';
	END IF;
	IF s.minimum >= s.maximum THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "minimum" must be less than "maximum"',
			DETAIL = format('They are %s and %s.', s.minimum, s.maximum);
	END IF;
	IF s.max_length < 1 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "max_length" must be at least 1';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_schema_limits(gaiops.label_schemas) IS 'Takes a label schema and returns nothing; raises unless its labels, bounds and length make sense';

CREATE FUNCTION gaiops.store_label_schema(s gaiops.label_schemas)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_builtin CONSTANT boolean := EXISTS (SELECT FROM gaiops.label_schemas AS b WHERE b.name = s.name AND b.builtin);
BEGIN
	IF NOT is_builtin THEN
		-- Waits for another that makes it at the same time.
		INSERT INTO gaiops.label_schemas SELECT (s).* ON CONFLICT DO NOTHING;
	END IF;
	IF is_builtin OR NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('label schema "%s" already exists', s.name),
			DETAIL = CASE WHEN is_builtin THEN 'It comes with genaiops.' ELSE 'It was created in this database.' END,
			HINT = 'A label schema is not changed: take another name, or drop it with gaiops_drop_label_schema() unless it comes with genaiops.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.store_label_schema(gaiops.label_schemas) IS 'Takes a label schema, stores it and returns nothing; raises if there is one of that name';

CREATE FUNCTION pg_catalog.gaiops_create_label_schema(
	name text,
	kind text,
	instruction text DEFAULT NULL,
	labels text[] DEFAULT NULL,
	multiple boolean DEFAULT false,
	ordered boolean DEFAULT false,
	minimum numeric DEFAULT NULL,
	maximum numeric DEFAULT NULL,
	max_length integer DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	s gaiops.label_schemas;
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_label_schema');
	PERFORM gaiops.check_name('feedback', name, 250);
	PERFORM gaiops.check_given('kind', kind);
	PERFORM gaiops.check_size('instruction', instruction, 10000);
	s.name := name;
	s.kind := kind;
	s.instruction := nullif(instruction, '');
	-- Its elements are counted from 1, whatever the array says.
	s.labels := labels[:];
	s.multiple := coalesce(multiple, false);
	s.ordered := coalesce(ordered, false);
	s.minimum := minimum;
	s.maximum := maximum;
	s.max_length := max_length;
	PERFORM gaiops.check_schema_arguments(s);
	IF kind = 'pass_fail' THEN
		s.labels := coalesce(s.labels, ARRAY['yes', 'no']);
	END IF;
	PERFORM gaiops.check_schema_limits(s);
	s.builtin := false;
	s.created_at := now();
	s.created_by := gaiops.outer_role();
	PERFORM gaiops.store_label_schema(s);
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_create_label_schema(text, text, text, text[], boolean, boolean, numeric, numeric, integer) IS 'Takes the name of feedback, what kind it is (pass_fail, categories, number or text), what reviewers are told and what is allowed, has feedback of that name checked from now on, and returns the name';

CREATE FUNCTION gaiops.find_schema_queue(name text)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_schema_queue';
COMMENT ON FUNCTION gaiops.find_schema_queue(text) IS 'Takes the name of a label schema and returns a review queue that asks for it by now, whatever the snapshot of the transaction; NULL if there is none';

CREATE FUNCTION pg_catalog.gaiops_drop_label_schema(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	dropped CONSTANT text := name;
	queue text;
BEGIN
	PERFORM gaiops.check_writable('gaiops_drop_label_schema');
	PERFORM gaiops.check_given('name', name);
	-- A queue that is created with it at the same time holds its row.
	DELETE FROM gaiops.label_schemas AS s WHERE s.name = dropped AND NOT s.builtin;
	IF NOT FOUND AND (gaiops.label_schema(dropped)).builtin THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('cannot drop label schema "%s"', dropped),
			DETAIL = 'It comes with genaiops.';
	ELSIF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('label schema "%s" does not exist', dropped);
	END IF;
	queue := gaiops.find_schema_queue(dropped);
	IF queue IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('label schema "%s" is in use', dropped),
			DETAIL = format('Review queue "%s" asks for it.', queue),
			HINT = 'Drop the queue with gaiops_drop_review_queue() first.';
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_drop_label_schema(text) IS 'Takes the name of a label schema, has feedback of that name checked no more, and returns the name; raises if it came with the extension, or while a review queue asks for it';
-- What the maintenance worker does, as the owner of the extension: partitions
-- ahead of time, retention, and the folding of usage.  Periods are in UTC.

CREATE FUNCTION gaiops.partitions(
	parent regclass, OUT partition regclass, OUT from_time timestamptz, OUT to_time timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
	SELECT c.oid::regclass, bound.times[1]::timestamptz, bound.times[2]::timestamptz
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid),
		'^FOR VALUES FROM \(''([^'']*)''\) TO \(''([^'']*)''\)$') AS bound (times)
	WHERE i.inhparent = parent AND bound.times IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.partitions(regclass) IS 'Takes a table partitioned by time; returns its partitions but the default one, each with the times it is for, the second excluded';

CREATE FUNCTION gaiops.needed_partitions(
	at timestamptz DEFAULT pg_catalog.now(),
	OUT parent regclass, OUT from_time timestamptz, OUT to_time timestamptz, OUT present boolean)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
	WITH period AS (
		SELECT 'gaiops.spans'::regclass AS parent, date_trunc('month', at) + n * interval '1 month' AS from_time,
			date_trunc('month', at) + (n + 1) * interval '1 month' AS to_time
		FROM generate_series(0, 1) AS n
		UNION ALL
		SELECT 'gaiops.span_payloads'::regclass, date_trunc('day', at) + n * interval '1 day',
			date_trunc('day', at) + (n + 1) * interval '1 day'
		FROM generate_series(0, 3) AS n
	)
	SELECT p.parent, p.from_time, p.to_time, EXISTS (
		SELECT FROM gaiops.partitions(p.parent) AS e
		WHERE e.from_time <= p.from_time AND e.to_time >= p.to_time)
	FROM period AS p
$$;
COMMENT ON FUNCTION gaiops.needed_partitions(timestamptz) IS 'Takes a time; returns the partitions that there should be then, for that time and the next, and whether they are there';

-- Nothing of a new partition may be seen before all of it is right, so all is
-- one transaction.  Locks are taken in the order of ATTACH PARTITION, and as late
-- as can be: the default partition is locked against everybody from then on.
CREATE FUNCTION gaiops.make_partition(parent regclass, from_time timestamptz, to_time timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
DECLARE
	most_moved CONSTANT integer := 10000;
	fallback CONSTANT regclass := (SELECT t.partdefid FROM pg_partitioned_table AS t WHERE t.partrelid = parent);
	period CONSTANT text := to_char(from_time, CASE WHEN to_time - from_time > '1 day' THEN 'YYYY_MM' ELSE 'YYYY_MM_DD' END);
	partition CONSTANT text := format('gaiops.%I', (SELECT c.relname FROM pg_class AS c WHERE c.oid = parent) || '_' || period);
	moved bigint;
BEGIN
	-- Constraints, keys and indexes of the default partition have local names.
	EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING COMMENTS EXCLUDING STATISTICS)', partition, fallback);
	PERFORM gaiops.protect_partition(partition::regclass, parent);
	EXECUTE format('COMMENT ON TABLE %s IS %L', partition,
		format('Rows of %s from %s to %s, the latter excluded', parent, from_time, to_time));

	-- A reader that waits for the default partition alone goes on to look for its
	-- rows there: where some are moved, readers have to wait before they plan.
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %s WHERE start_time >= $1 AND start_time < $2 LIMIT 1) AS d', fallback)
		INTO moved USING from_time, to_time;
	EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', parent,
		CASE moved WHEN 0 THEN 'SHARE UPDATE EXCLUSIVE' ELSE 'ACCESS EXCLUSIVE' END);
	EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', fallback);
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %s WHERE start_time >= $1 AND start_time < $2 LIMIT $3) AS d', fallback)
		INTO moved USING from_time, to_time, most_moved + 1;
	IF moved > 0 THEN
		EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
	END IF;
	IF moved > most_moved THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('too many rows of %s are in %s to move them', partition, fallback),
			DETAIL = format('There are more than %s; moving them would keep calls waiting.', most_moved);
	END IF;
	EXECUTE format('WITH moved AS (DELETE FROM ONLY %s WHERE start_time >= $1 AND start_time < $2 RETURNING *) '
		'INSERT INTO %s SELECT * FROM moved', fallback, partition)
		USING from_time, to_time;
	EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)', parent, partition, from_time, to_time);
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.make_partition(regclass, timestamptz, timestamptz) IS 'Takes a partitioned table of ours and a period, makes its partition for that, and moves rows there from the default one; returns false: there is no more to do';

CREATE FUNCTION gaiops.protect_partition(partition regclass, parent regclass)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	-- ALTER DEFAULT PRIVILEGES may have given rights by now.
	FOR item IN
		SELECT DISTINCT a.grantee
		FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
		WHERE c.oid = partition AND a.grantee <> c.relowner
	LOOP
		EXECUTE format('REVOKE ALL ON TABLE %s FROM %s CASCADE', partition,
			CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE item.grantee::regrole::text END);
	END LOOP;
	EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', partition);
	FOR item IN
		SELECT p.polname, pg_get_expr(p.polqual, p.polrelid) AS condition
		FROM pg_policy AS p WHERE p.polrelid = parent AND p.polcmd = 'r'
	LOOP
		EXECUTE format('CREATE POLICY %I ON %s FOR SELECT USING (%s)', item.polname, partition, item.condition);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.protect_partition(regclass, regclass) IS 'Takes a table that is to be a partition, and its parent; takes the table from everybody but its owner and gives it the parent''s policies; returns nothing';

CREATE FUNCTION gaiops.drop_partition(partition regclass)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format('DROP TABLE %s', partition);
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.drop_partition(regclass) IS 'Takes a partition and drops it with what is in it; returns false: there is no more to do';

CREATE FUNCTION gaiops.expire_rows(expiring regclass, time_column name, before timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	at_once CONSTANT integer := 10000;
	n bigint;
BEGIN
	EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT e.ctid FROM %1$s AS e WHERE e.%2$I < $1 LIMIT $2))',
		expiring, time_column) USING before, at_once;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n = at_once;
END
$$;
COMMENT ON FUNCTION gaiops.expire_rows(regclass, name, timestamptz) IS 'Takes a table, a column of it and a time; deletes rows from before that time and returns whether there may be more of them';

-- Repricing and late answers add rows to hours long over; those of the current
-- hour are left to be added.  Rows that come in meanwhile stay as they are.
CREATE FUNCTION gaiops.fold_usage(folded_hour timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF folded_hour >= date_trunc('hour', clock_timestamp(), 'UTC') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'usage of an hour that is not over is not folded';
	END IF;
	WITH folded AS (
		DELETE FROM gaiops.usage_deltas AS d WHERE d.hour = folded_hour RETURNING d.*
	), added AS (
		SELECT f.hour, f.experiment, f.purpose, f.endpoint, f.provider, f.model, f.prompt_name, f.prompt_version,
			sum(f.calls) AS calls, sum(f.attempts) AS attempts, sum(f.errors) AS errors, sum(f.unknown) AS unknown,
			sum(f.input_tokens) AS input_tokens, sum(f.output_tokens) AS output_tokens,
			sum(f.cached_input_tokens) AS cached_input_tokens, sum(f.reasoning_tokens) AS reasoning_tokens,
			sum(f.cost) AS cost, sum(f.unpriced) AS unpriced,
			gaiops.histogram_sum(f.latency_buckets, f.latency_counts) AS latency,
			-- as gaiops.prompt_usage takes rows that do not say it
			min(coalesce(f.first_start, f.hour)) FILTER (WHERE f.attempts > 0) AS first_start,
			max(coalesce(f.last_start, f.hour)) FILTER (WHERE f.attempts > 0) AS last_start
		FROM folded AS f
		GROUP BY f.hour, f.experiment, f.purpose, f.endpoint, f.provider, f.model, f.prompt_name, f.prompt_version
	)
	INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model, prompt_name, prompt_version,
		calls, attempts, errors, unknown, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens,
		cost, unpriced, latency_buckets, latency_counts, first_start, last_start)
	SELECT a.hour, a.experiment, a.purpose, a.endpoint, a.provider, a.model, a.prompt_name, a.prompt_version,
		a.calls, a.attempts, a.errors, a.unknown, a.input_tokens, a.output_tokens, a.cached_input_tokens, a.reasoning_tokens,
		a.cost, a.unpriced, (a.latency).buckets, (a.latency).counts, a.first_start, a.last_start
	FROM added AS a;
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.fold_usage(timestamptz) IS 'Takes an hour that is over and makes one row of gaiops.usage_deltas of those with equal keys; returns false: there is no more to do';

CREATE FUNCTION gaiops.retention_start(setting text, at timestamptz DEFAULT pg_catalog.now())
RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- Days of 24 hours, as everything here is in UTC.
	SELECT at - nullif(current_setting(setting)::integer, 0) * interval '24 hours'
$$;
COMMENT ON FUNCTION gaiops.retention_start(text, timestamptz) IS 'Takes a setting that is a number of days, and a time; returns the time so long before, or NULL if the setting is 0';

-- Each statement returns whether it is to be run again, and is a transaction of
-- its own.  Those that lock others out are short.
CREATE FUNCTION gaiops.maintenance_steps(
	at timestamptz DEFAULT pg_catalog.now(), OUT statement text, OUT timeout_ms integer)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
	WITH expiry (parent, fallback, before) AS (
		VALUES ('gaiops.spans'::regclass, 'gaiops.spans_default'::regclass, gaiops.retention_start('gaiops.span_retention', at)),
			('gaiops.span_payloads', 'gaiops.span_payloads_default', gaiops.retention_start('gaiops.payload_retention', at))
	)
	(SELECT format('SELECT gaiops.make_partition(%L, %L, %L)', n.parent, n.from_time, n.to_time), 2000
	FROM gaiops.needed_partitions(at) AS n WHERE NOT n.present
	ORDER BY n.from_time)
	UNION ALL
	SELECT format('SELECT gaiops.drop_partition(%L)', p.partition), 2000
	FROM expiry AS e CROSS JOIN LATERAL gaiops.partitions(e.parent) AS p
	WHERE p.to_time <= e.before
	UNION ALL
	SELECT format('SELECT gaiops.expire_rows(%L, ''start_time'', %L)', e.fallback, e.before), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL
	UNION ALL
	-- Spans are kept by the month.
	SELECT format('SELECT gaiops.expire_rows(''gaiops.trace_tags'', ''updated_at'', %L)', date_trunc('month', e.before)), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL AND e.parent = 'gaiops.spans'::regclass
	UNION ALL
	SELECT DISTINCT format('SELECT gaiops.fold_usage(%L)', d.hour), 60000
	FROM (
		SELECT u.hour FROM gaiops.usage_deltas AS u
		WHERE u.hour < date_trunc('hour', at)
		GROUP BY u.hour, u.experiment, u.purpose, u.endpoint, u.provider, u.model, u.prompt_name, u.prompt_version
		HAVING count(*) > 2) AS d
$$;
COMMENT ON FUNCTION gaiops.maintenance_steps(timestamptz) IS 'Takes a time; returns the statements that maintenance consists of then, each with the milliseconds it may take';

CREATE FUNCTION pg_catalog.gaiops_run_maintenance()
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_run_maintenance';
COMMENT ON FUNCTION pg_catalog.gaiops_run_maintenance() IS 'Has the maintenance of this database done now, in the background, instead of within the hour; returns nothing';
CREATE FUNCTION gaiops.normalize_provider(name text)
RETURNS text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_normalize_provider';
COMMENT ON FUNCTION gaiops.normalize_provider(text) IS 'Takes a provider by any of its names; returns the one its prices are filed under';

-- The same as the constraint on gaiops.prices, to be asked before a write.
CREATE FUNCTION gaiops.is_price(price numeric)
RETURNS boolean
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$ SELECT price >= 0 AND price < 1e12 AND scale(price) <= 30 $$;
COMMENT ON FUNCTION gaiops.is_price(numeric) IS 'Takes a number; returns whether gaiops.prices can hold it';

CREATE FUNCTION gaiops.check_price_key(provider text, model text, effective_from timestamptz)
RETURNS void
LANGUAGE plpgsql IMMUTABLE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF provider IS NULL OR model IS NULL OR effective_from IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'provider, model and effective_from of a price must not be null';
	ELSIF btrim(provider) = '' OR length(provider) > 100 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'provider must have 1 to 100 characters';
	ELSIF btrim(model) = '' OR length(model) > 400 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'model must have 1 to 400 characters';
	ELSIF effective_from = 'infinity' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a price with effective_from infinity would never be in force';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_price_key(text, text, timestamptz) IS 'Takes what a price is filed under; raises if that cannot be';

CREATE FUNCTION pg_catalog.gaiops_set_price(
	provider text,
	model text,
	input numeric DEFAULT NULL,
	output numeric DEFAULT NULL,
	cached_input numeric DEFAULT NULL,
	cache_write numeric DEFAULT NULL,
	reasoning numeric DEFAULT NULL,
	per_call numeric DEFAULT NULL,
	effective_from timestamptz DEFAULT pg_catalog.now(),
	source text DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
DECLARE
	kinds CONSTANT text[] := ARRAY['input', 'output', 'cached_input', 'cache_write', 'reasoning', 'call'];
	given CONSTANT numeric[] := ARRAY[input, output, cached_input, cache_write, reasoning, per_call];
	refused text;
	n integer;
BEGIN
	PERFORM check_price_key(provider, model, effective_from);

	IF num_nonnulls(input, output, cached_input, cache_write, reasoning, per_call) = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'no price was given',
			HINT = 'Give at least one of input, output, cached_input, cache_write, reasoning (US dollars per million tokens) and per_call (US dollars per call).';
	END IF;

	SELECT format('%s is %s.', g.kind, g.price) INTO refused
	FROM unnest(kinds, given) AS g(kind, price)
	WHERE NOT is_price(g.price)
	LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'price is out of range',
			DETAIL = refused,
			HINT = 'A price is a number of US dollars from 0 to below 1e12 with at most 30 decimals.';
	END IF;

	INSERT INTO prices AS p (provider, model, kind, price, effective_from, builtin, source, created_at, created_by)
	SELECT normalize_provider(provider), model, g.kind, g.price, effective_from, false, source,
		now(), coalesce(nullif(current_setting('role'), 'none'), session_user)
	FROM unnest(kinds, given) AS g(kind, price)
	WHERE g.price IS NOT NULL
	ON CONFLICT ON CONSTRAINT prices_pkey DO UPDATE
	SET price = excluded.price, source = excluded.source,
		created_at = excluded.created_at, created_by = excluded.created_by;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_price(text, text, numeric, numeric, numeric, numeric, numeric, numeric, timestamptz, text) IS 'Takes a model and its prices in US dollars, per million tokens and per call, from a time on; returns how many were set';

-- One entry of LiteLLM's price map may be wrong without the others being so:
-- it is left out whole, as half of a model's prices would give a wrong cost.
CREATE FUNCTION gaiops.read_price_map(price_map jsonb)
RETURNS TABLE (provider text, model text, kind text, price numeric, entries bigint)
LANGUAGE sql IMMUTABLE STRICT
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH entry AS (
		SELECT e.key,
			split_part(e.key, '/', 1) AS prefix,
			substr(e.key, nullif(strpos(e.key, '/'), 0) + 1) AS suffix,
			e.value AS v,
			e.value ->> 'mode' AS mode
		FROM jsonb_each(price_map) AS e
		WHERE e.key <> 'sample_spec' AND jsonb_typeof(e.value) = 'object'
	), named AS (
		SELECT e.*, normalize_provider(coalesce(e.v ->> 'litellm_provider',
				CASE WHEN e.suffix IS NOT NULL THEN e.prefix END)) AS provider
		FROM entry AS e
		WHERE e.mode IS NULL OR e.mode IN ('chat', 'completion', 'embedding', 'moderation', 'rerank', 'responses')
	), filed AS (
		SELECT n.key, n.provider, n.v, n.mode,
			n.suffix IS NOT NULL AND normalize_provider(n.prefix) = n.provider AS is_prefixed,
			CASE WHEN n.suffix IS NOT NULL AND normalize_provider(n.prefix) = n.provider
				THEN n.suffix ELSE n.key END AS model
		FROM named AS n
	), quoted AS (
		SELECT f.key, f.provider, f.model, f.is_prefixed, q.kind, q.cost,
			CASE WHEN jsonb_typeof(q.cost) = 'number' THEN
				trim_scale(q.cost::numeric * CASE WHEN q.kind = 'call' THEN 1 ELSE 1000000 END) END AS price
		FROM filed AS f
		CROSS JOIN LATERAL (VALUES
			('input', f.v -> 'input_cost_per_token'),
			-- an embedding has no output, whether the map says so or not
			('output', coalesce(f.v -> 'output_cost_per_token',
				CASE WHEN f.mode = 'embedding' AND f.v ? 'input_cost_per_token' THEN '0'::jsonb END)),
			('cached_input', f.v -> 'cache_read_input_token_cost'),
			-- 0 says that writing costs nothing extra, not that it is free
			('cache_write', nullif(f.v -> 'cache_creation_input_token_cost', '0')),
			('reasoning', f.v -> 'output_cost_per_reasoning_token'),
			('call', coalesce(f.v -> 'input_cost_per_query', f.v -> 'input_cost_per_request'))
		) AS q(kind, cost)
		WHERE q.cost IS NOT NULL AND q.cost <> 'null'
			AND f.provider <> '' AND length(f.provider) <= 100
			AND btrim(f.model) <> '' AND length(f.model) <= 400
	), usable AS (
		SELECT q.key, q.provider, q.model, q.is_prefixed, array_agg(q.kind) AS kinds, array_agg(q.price) AS prices
		FROM quoted AS q
		GROUP BY q.key, q.provider, q.model, q.is_prefixed
		HAVING bool_and(coalesce(is_price(q.price), false))
	), chosen AS (
		-- the same model with and without its provider before it: the map
		-- keeps the former up to date
		SELECT DISTINCT ON (u.provider, u.model) u.*, count(*) OVER (PARTITION BY u.provider, u.model) AS entries
		FROM usable AS u
		ORDER BY u.provider, u.model, u.is_prefixed DESC, u.key
	)
	SELECT c.provider, c.model, p.kind, p.price, c.entries
	FROM chosen AS c
	CROSS JOIN LATERAL unnest(c.kinds, c.prices) AS p(kind, price)
$$;
COMMENT ON FUNCTION gaiops.read_price_map(jsonb) IS 'Takes LiteLLM''s price map; returns the prices in it as gaiops.prices has them, and how many entries each model''s are from';

CREATE FUNCTION pg_catalog.gaiops_import_prices(
	prices jsonb,
	effective_from timestamptz DEFAULT pg_catalog.now(),
	source text DEFAULT NULL,
	OUT models integer,
	OUT written integer,
	OUT skipped integer)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	since CONSTANT timestamptz := effective_from;
	origin CONSTANT text := source;
	used integer;
BEGIN
	IF prices IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'prices to import must not be null';
	ELSIF jsonb_typeof(prices) <> 'object' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'prices to import must be a JSON object',
			DETAIL = format('It is of type %s.', jsonb_typeof(prices)),
			HINT = 'The layout is that of LiteLLM''s model_prices_and_context_window.json: an object by model name.';
	END IF;
	PERFORM check_price_key('any', 'any', since);

	WITH offered AS MATERIALIZED (
		SELECT * FROM read_price_map(prices)
	), changed AS (
		INSERT INTO gaiops.prices (provider, model, kind, price, effective_from, builtin, source, created_at, created_by)
		SELECT o.provider, o.model, o.kind, o.price, since, false, origin,
			now(), coalesce(nullif(current_setting('role'), 'none'), session_user)
		FROM offered AS o
		LEFT JOIN LATERAL (
			SELECT p.price
			FROM gaiops.prices AS p
			WHERE p.provider = o.provider AND p.model = o.model AND p.kind = o.kind
				AND NOT p.builtin AND p.effective_from <= since
			ORDER BY p.effective_from DESC
			LIMIT 1
		) AS known ON true
		WHERE known.price IS DISTINCT FROM o.price
		ON CONFLICT ON CONSTRAINT prices_pkey DO UPDATE
		SET price = excluded.price, source = excluded.source,
			created_at = excluded.created_at, created_by = excluded.created_by
		RETURNING 1
	)
	SELECT m.models, m.entries, (SELECT count(*) FROM changed)
	INTO models, used, written
	FROM (SELECT count(*) AS models, coalesce(sum(d.entries), 0) AS entries
		  FROM (SELECT DISTINCT o.provider, o.model, o.entries FROM offered AS o) AS d) AS m;

	IF models = 0 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'there is no price in what was to be imported',
			HINT = 'The layout is that of LiteLLM''s model_prices_and_context_window.json: an object by model name.';
	END IF;

	SELECT count(*) - used INTO skipped
	FROM jsonb_object_keys(prices) AS k(key)
	WHERE k.key <> 'sample_spec';
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_import_prices(jsonb, timestamptz, text) IS 'Takes prices in the layout of LiteLLM''s price map; returns how many models have prices there, how many prices were new and are now on file, and how many entries had none to take';

CREATE FUNCTION pg_catalog.gaiops_get_cost(
	provider text,
	model text,
	input_tokens bigint DEFAULT NULL,
	output_tokens bigint DEFAULT NULL,
	cached_input_tokens bigint DEFAULT NULL,
	cache_write_tokens bigint DEFAULT NULL,
	reasoning_tokens bigint DEFAULT NULL,
	at timestamptz DEFAULT pg_catalog.now())
RETURNS numeric
LANGUAGE C STABLE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_get_cost';
COMMENT ON FUNCTION pg_catalog.gaiops_get_cost(text, text, bigint, bigint, bigint, bigint, bigint, timestamptz) IS 'Takes a model and the tokens of a call; returns its exact cost in US dollars at the prices of that time, or NULL if that is unknown';

-- The lock keeps prices as they are until this commits and admits one
-- repricing at a time, so that no difference is counted twice.  Calls only read
-- prices and go on.
CREATE FUNCTION pg_catalog.gaiops_reprice(from_time timestamptz, to_time timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	n bigint;
BEGIN
	IF from_time IS NULL OR to_time IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'from_time and to_time must not be null',
			HINT = 'Use -infinity or infinity for no bound.';
	ELSIF from_time > to_time THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'from_time must not be after to_time';
	END IF;

	LOCK TABLE gaiops.prices IN SHARE ROW EXCLUSIVE MODE;

	WITH priced AS MATERIALIZED (
		SELECT s.trace_id, s.span_id, s.start_time, s.cost AS old_cost,
			-- by the model that was asked for, or else by the one that answered
			coalesce(
				gaiops_get_cost(s.provider, s.model, s.input_tokens, s.output_tokens,
					s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, s.start_time),
				gaiops_get_cost(s.provider, s.response_model, s.input_tokens, s.output_tokens,
					s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, s.start_time)) AS new_cost
		FROM gaiops.spans AS s
		WHERE s.start_time >= from_time AND s.start_time < to_time
			AND s.attempt IS NOT NULL
			AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)
	), changed AS (
		UPDATE gaiops.spans AS s
		SET cost = p.new_cost
		FROM priced AS p
		WHERE s.trace_id = p.trace_id AND s.span_id = p.span_id AND s.start_time = p.start_time
			AND s.start_time >= from_time AND s.start_time < to_time
			AND p.new_cost IS NOT NULL
			AND p.new_cost IS DISTINCT FROM p.old_cost
		RETURNING s.start_time, s.experiment, s.purpose, s.endpoint, s.provider, s.model,
			s.prompt_name, s.prompt_version, p.old_cost, p.new_cost
	), noted AS (
		INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model,
			prompt_name, prompt_version, calls, attempts, errors, unknown, input_tokens, output_tokens,
			cached_input_tokens, reasoning_tokens, cost, unpriced, latency_buckets, latency_counts)
		SELECT date_trunc('hour', c.start_time, 'UTC'), c.experiment, c.purpose, c.endpoint, c.provider, c.model,
			c.prompt_name, c.prompt_version, 0, 0, 0, 0, 0, 0, 0, 0,
			sum(c.new_cost - coalesce(c.old_cost, 0)), -count(*) FILTER (WHERE c.old_cost IS NULL), '{}', '{}'
		FROM changed AS c
		GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
	)
	SELECT count(*) INTO n FROM changed;
	RETURN n;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_reprice(timestamptz, timestamptz) IS 'Takes a time range, the end excluded; recomputes the cost of the calls that began in it by the prices on file for their time, and returns how many costs changed';
-- Aliases of prompts, their history, and who may move them.

CREATE FUNCTION gaiops.prompt_alias_uri(name text, alias text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'prompts:/' || name || '@' || alias;
COMMENT ON FUNCTION gaiops.prompt_alias_uri(text, text) IS 'Takes a prompt and an alias and returns the URI';

-- For a version that follows it.
CREATE FUNCTION gaiops.lock_prompt_alias(prompt text, followed text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM FROM gaiops.prompt_aliases AS a WHERE a.name = prompt AND a.alias = followed FOR SHARE;
	IF NOT FOUND THEN
		-- Raises unless it is there, as of now.
		PERFORM pg_catalog.gaiops_load_prompt(gaiops.prompt_alias_uri(prompt, followed));
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('could not lock alias "%s" of prompt "%s"', followed, prompt),
			DETAIL = 'It was set after the snapshot of this transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt_alias(text, text) IS 'Takes an alias of a prompt, keeps it from being moved and deleted until the transaction ends, and returns nothing; raises unless it exists';

CREATE FUNCTION gaiops.check_alias_protection(prompt text, moved text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	allowed CONSTANT text[] := gaiops.find_alias_protection(prompt, moved);
BEGIN
	IF allowed IS NOT NULL AND NOT gaiops.is_member(allowed) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to move alias "%s" of prompt "%s"', moved, prompt),
			DETAIL = format('Only members of %s may move it.', (
				SELECT string_agg(format('"%s"', r), ', ') FROM unnest(allowed) AS r)),
			HINT = 'Ask one of them, or a role that may call gaiops_protect_prompt_alias().';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_alias_protection(text, text) IS 'Takes an alias of a prompt and returns nothing; raises if it is protected from the role in force';

CREATE FUNCTION gaiops.lock_alias_moves(prompt text, moved text)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	-- An import holds this while it sets aliases.
	LOCK TABLE gaiops.prompt_contents IN ROW SHARE MODE;
	SELECT gaiops.lock_registry('alias ' || gaiops.prompt_alias_uri(prompt, moved))
$$;
COMMENT ON FUNCTION gaiops.lock_alias_moves(text, text) IS 'Takes an alias of a prompt, which need not be there, has others that move or protect it wait until the transaction ends, and returns nothing';

CREATE FUNCTION gaiops.begin_alias_move(prompt text, moved text, reason text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	PERFORM gaiops.check_prompt_alias(moved);
	PERFORM gaiops.check_size('reason', reason, 10000);
	PERFORM gaiops.lock_alias_moves(prompt, moved);
	PERFORM gaiops.check_alias_protection(prompt, moved);
END
$$;
COMMENT ON FUNCTION gaiops.begin_alias_move(text, text, text) IS 'Takes an alias of a prompt and the reason for a move, NULL for none, has other moves of it wait until the transaction ends, and returns nothing; raises unless the arguments are acceptable and the role in force may move it';

-- Two moves at once that each close one half of a circle would not see each other.
CREATE FUNCTION gaiops.point_prompt_alias(prompt text, moved text, from_version integer, target integer)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.lock_prompt_version(prompt, target);
	IF EXISTS (SELECT FROM gaiops.prompt_includes AS i WHERE i.name = prompt AND i.version = target) THEN
		PERFORM gaiops.lock_registry('includes');
	END IF;
	IF from_version IS NOT NULL THEN
		UPDATE gaiops.prompt_aliases AS a
			SET version = target, updated_at = now(), updated_by = gaiops.outer_role()
			WHERE a.name = prompt AND a.alias = moved;
	ELSE
		INSERT INTO gaiops.prompt_aliases VALUES (prompt, moved, target, now(), gaiops.outer_role())
			ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	END IF;
	PERFORM gaiops.check_prompt(prompt, target);
	PERFORM gaiops.check_prompt(f.name, f.version)
		FROM (
			SELECT DISTINCT i.name, i.version
			FROM gaiops.prompt_includes AS i JOIN gaiops.prompt_versions AS v USING (name, version)
			WHERE i.included_name = prompt AND i.alias = moved AND i.follow
		) AS f;
END
$$;
COMMENT ON FUNCTION gaiops.point_prompt_alias(text, text, integer, integer) IS 'Takes an alias of a prompt, the version it points to, NULL for none, and another, points it to that and returns nothing; raises if that, or a version which follows the alias, could not be used then';

CREATE FUNCTION gaiops.remove_prompt_alias(prompt text, moved text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	followers text;
BEGIN
	DELETE FROM gaiops.prompt_aliases AS a WHERE a.name = prompt AND a.alias = moved;
	followers := gaiops.find_prompt_version_users(prompt, 0);
	IF followers IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('alias "%s" of prompt "%s" is in use', moved, prompt),
			DETAIL = format('It is followed by %s.', followers),
			HINT = 'Delete these versions first, or move the alias instead.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.remove_prompt_alias(text, text) IS 'Takes an alias of a prompt, removes it and returns nothing; raises while a version follows it';

CREATE FUNCTION gaiops.move_prompt_alias(prompt text, moved text, target integer, why text, undone bigint DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	from_version integer;
BEGIN
	-- A registration that follows it holds the row until it is there to be seen.
	SELECT a.version INTO from_version FROM gaiops.prompt_aliases AS a
		WHERE a.name = prompt AND a.alias = moved FOR UPDATE;
	IF from_version = target AND undone IS NULL THEN
		RETURN;
	END IF;
	IF target IS NULL THEN
		PERFORM gaiops.remove_prompt_alias(prompt, moved);
	ELSE
		PERFORM gaiops.point_prompt_alias(prompt, moved, from_version, target);
	END IF;
	INSERT INTO gaiops.prompt_alias_history (name, alias, from_version, to_version, reason, undoes, moved_at, moved_by)
		VALUES (prompt, moved, from_version, target, nullif(why, ''), undone, now(), gaiops.outer_role());
END
$$;
COMMENT ON FUNCTION gaiops.move_prompt_alias(text, text, integer, text, bigint) IS 'Takes an alias of a prompt, the version it is to point to, NULL for none, a reason or NULL, and the move that this takes back or NULL, moves it, writes its history and returns nothing';

CREATE FUNCTION pg_catalog.gaiops_set_prompt_alias(name text, alias text, version integer, reason text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_set_prompt_alias');
	PERFORM gaiops.check_given('version', version);
	PERFORM gaiops.begin_alias_move(name, alias, reason);
	PERFORM gaiops.move_prompt_alias(name, alias, version, reason);
	RETURN gaiops.prompt_alias_uri(name, alias);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_alias(text, text, integer, text) IS 'Takes a prompt, an alias, the version it is to point to and a reason for the history, makes or moves the alias and returns its URI';

CREATE FUNCTION pg_catalog.gaiops_delete_prompt_alias(name text, alias text, reason text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_alias');
	PERFORM gaiops.begin_alias_move(name, alias, reason);
	PERFORM gaiops.lock_prompt_alias(name, alias);
	PERFORM gaiops.move_prompt_alias(name, alias, NULL, reason);
	RETURN gaiops.prompt_alias_uri(name, alias);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_alias(text, text, text) IS 'Takes a prompt, an alias and a reason for the history, removes the alias and returns its URI; its history stays; raises while a version follows it';

-- The latest ten, which is more than anybody takes back.
CREATE FUNCTION gaiops.describe_alias_moves(prompt text, moved text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT 'Its moves, the latest first: ' || string_agg(
		CASE
			WHEN h.from_version IS NULL THEN format('made at %s', h.to_version)
			WHEN h.to_version IS NULL THEN format('deleted from %s', h.from_version)
			ELSE format('from %s to %s', h.from_version, h.to_version)
		END || CASE WHEN h.undoes IS NULL THEN '' ELSE ' by rollback' END,
		', ' ORDER BY h.id DESC) || '.'
	FROM (
		SELECT * FROM gaiops.prompt_alias_history AS a
		WHERE a.name = prompt AND a.alias = moved
		ORDER BY a.id DESC LIMIT 10
	) AS h
$$;
COMMENT ON FUNCTION gaiops.describe_alias_moves(text, text) IS 'Takes an alias of a prompt and returns a sentence that tells its latest moves; NULL if there are none';

CREATE FUNCTION gaiops.raise_no_rollback(prompt text, moved text, cause text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('cannot roll back alias "%s" of prompt "%s"', moved, prompt),
		DETAIL = concat_ws(' ', cause, gaiops.describe_alias_moves(prompt, moved)),
		HINT = 'Move it with gaiops_set_prompt_alias(), or delete it with gaiops_delete_prompt_alias().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_no_rollback(text, text, text) IS 'Takes an alias of a prompt and a cause, in words; raises that no move of it can be taken back, with its history';

CREATE FUNCTION pg_catalog.gaiops_rollback_prompt_alias(name text, alias text, reason text DEFAULT NULL)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	prompt CONSTANT text := name;
	moved CONSTANT text := alias;
	last_move gaiops.prompt_alias_history;
BEGIN
	PERFORM gaiops.check_writable('gaiops_rollback_prompt_alias');
	PERFORM gaiops.begin_alias_move(prompt, moved, reason);
	SELECT h.* INTO last_move FROM gaiops.prompt_alias_history AS h
		WHERE h.name = prompt AND h.alias = moved AND h.undoes IS NULL AND NOT EXISTS (
			SELECT FROM gaiops.prompt_alias_history AS u
			WHERE u.name = prompt AND u.alias = moved AND u.undoes = h.id)
		ORDER BY h.id DESC LIMIT 1;
	IF NOT FOUND THEN
		PERFORM gaiops.lock_prompt_alias(prompt, moved);
		PERFORM gaiops.raise_no_rollback(prompt, moved, 'No move of it is left to take back.');
	ELSIF last_move.from_version IS NULL THEN
		PERFORM gaiops.raise_no_rollback(prompt, moved, 'Before its latest move that was not taken back it was not there.');
	ELSIF EXISTS (
		SELECT FROM gaiops.prompt_deletions AS d
		WHERE d.name = prompt AND d.version = last_move.from_version)
	THEN
		PERFORM gaiops.raise_no_rollback(prompt, moved, format('It would go back to version %s, which was deleted.', last_move.from_version));
	END IF;
	PERFORM gaiops.move_prompt_alias(prompt, moved, last_move.from_version, reason, last_move.id);
	RETURN last_move.from_version;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_rollback_prompt_alias(text, text, text) IS 'Takes a prompt, an alias and a reason for the history, takes back the alias''s latest move that was not taken back yet, and returns the version it points to now; called again it goes one move further back';

CREATE FUNCTION pg_catalog.gaiops_protect_prompt_alias(name text, alias text, roles text[])
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_protect_prompt_alias');
	PERFORM gaiops.check_prompt_name(name);
	PERFORM gaiops.check_prompt_alias(alias);
	PERFORM gaiops.lock_alias_moves(name, alias);
	PERFORM gaiops.lock_prompt(name);
	IF roles IS NULL THEN
		DELETE FROM gaiops.protected_prompt_aliases AS p
			WHERE p.name = gaiops_protect_prompt_alias.name AND p.alias = gaiops_protect_prompt_alias.alias;
	ELSE
		PERFORM gaiops.check_roles('roles', roles, 'Give NULL to let everybody who may move aliases move this one.');
		INSERT INTO gaiops.protected_prompt_aliases VALUES (name, alias, roles, now(), gaiops.outer_role())
			ON CONFLICT ON CONSTRAINT protected_prompt_aliases_pkey DO UPDATE
			SET roles = EXCLUDED.roles, protected_at = EXCLUDED.protected_at, protected_by = EXCLUDED.protected_by;
		IF NOT EXISTS (SELECT FROM gaiops.prompt_aliases AS a
			WHERE a.name = gaiops_protect_prompt_alias.name AND a.alias = gaiops_protect_prompt_alias.alias)
		THEN
			RAISE NOTICE USING MESSAGE = format('prompt "%s" has no alias "%s" yet', name, alias);
		END IF;
	END IF;
	RETURN gaiops.prompt_alias_uri(name, alias);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_protect_prompt_alias(text, text, text[]) IS 'Takes a prompt, an alias, which need not be there yet, and roles, lets only these and their members move it, or with NULL lifts the protection, and returns its URI';
-- What the arguments of the functions for prompts may be.

-- Beginning like an array of objects is enough to look closer: few templates do.
CREATE FUNCTION gaiops.is_message_array(template text)
RETURNS boolean
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF template !~ '^\s*\[\s*\{' THEN
		RETURN false;
	END IF;
	RETURN (
		SELECT bool_and(jsonb_typeof(e) = 'object' AND (e ? 'role' OR e -> 'type' = '"placeholder"'))
		FROM jsonb_array_elements(template::jsonb) AS e);
EXCEPTION
	-- It is no JSON, or none that jsonb can hold.
	WHEN data_exception OR program_limit_exceeded THEN
		RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.is_message_array(text) IS 'Takes a template and returns whether it is a JSON array of messages, given as a text by mistake';

CREATE FUNCTION gaiops.check_prompt_template(template text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('template', template);
	PERFORM gaiops.check_size('template', template, 1048576);
	IF gaiops.is_message_array(template) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "template" is a JSON array of messages',
			DETAIL = 'An untyped literal is taken for the template of a text prompt.',
			HINT = 'To register a chat prompt, cast the array: messages => ''...''::jsonb.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_template(text) IS 'Takes the template of a text prompt and returns nothing; raises unless it is a text of at most 1 MB';

CREATE FUNCTION gaiops.placeholder_problem(placeholder jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN (jsonb_typeof(placeholder -> 'name') = 'string'
				AND placeholder ->> 'name' ~ '^[A-Za-z_][A-Za-z0-9_]*$') IS NOT TRUE
			THEN 'The "name" of a placeholder has letters, digits and underscores, and no digit first.'
		WHEN placeholder - 'type' - 'name' <> '{}'
			THEN 'A placeholder has a "type" and a "name" and nothing else.'
	END
$$;
COMMENT ON FUNCTION gaiops.placeholder_problem(jsonb) IS 'Takes a placeholder among messages and returns what is wrong with it, or NULL';

CREATE FUNCTION gaiops.message_problem(message jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(message) <> 'object'
			THEN 'It is not an object.'
		WHEN message -> 'type' = '"placeholder"'
			THEN gaiops.placeholder_problem(message)
		WHEN (jsonb_typeof(message -> 'role') = 'string' AND message ->> 'role' <> '') IS NOT TRUE
			THEN 'Its "role" must be a string that is not empty.'
		WHEN jsonb_typeof(message -> 'content') = 'string'
			THEN NULL
		WHEN jsonb_typeof(message -> 'content') = 'array'
			THEN (
				SELECT format('Part %s of its "content" is not an object with a "type".', min(p.number))
				FROM jsonb_array_elements(message -> 'content') WITH ORDINALITY AS p (part, number)
				WHERE jsonb_typeof(p.part -> 'type') IS DISTINCT FROM 'string'
				HAVING count(*) > 0)
		WHEN coalesce(message -> 'content', 'null') = 'null' AND jsonb_typeof(message -> 'tool_calls') = 'array'
			THEN NULL
		ELSE 'Its "content" must be a string or an array of parts; beside "tool_calls" it may be null.'
	END
$$;
COMMENT ON FUNCTION gaiops.message_problem(jsonb) IS 'Takes a message of a chat prompt and returns what is wrong with it, or NULL';

CREATE FUNCTION gaiops.check_prompt_messages(messages jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	example CONSTANT text := 'For example [{"role": "system", "content": "You are polite."}, {"type": "placeholder", "name": "history"}].';
	bad record;
BEGIN
	PERFORM gaiops.check_given('messages', messages);
	PERFORM gaiops.check_size('messages', messages::text, 1048576);
	IF jsonb_typeof(messages) <> 'array' OR messages = '[]' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "messages" must be a JSON array of messages',
			DETAIL = CASE messages WHEN '[]' THEN 'It is empty.'
				ELSE format('It is of type %s.', jsonb_typeof(messages)) END,
			HINT = example;
	END IF;
	SELECT m.number, gaiops.message_problem(m.message) AS problem INTO bad
		FROM jsonb_array_elements(messages) WITH ORDINALITY AS m (message, number)
		WHERE gaiops.message_problem(m.message) IS NOT NULL
		ORDER BY m.number LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('message %s of argument "messages" is not acceptable', bad.number),
			DETAIL = bad.problem,
			HINT = example;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_messages(jsonb) IS 'Takes the messages of a chat prompt and returns nothing; raises unless they are an array of messages and placeholders of at most 1 MB';

-- OpenAI's formats are known by their type; anything else is a bare JSON Schema,
-- which has one of its own, several, or none.
CREATE FUNCTION gaiops.response_format_problem(response_format jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN f.type = '"json_schema"' THEN CASE
			WHEN jsonb_typeof(f.named) IS DISTINCT FROM 'object'
				THEN 'Its "type" is json_schema, but it has no object "json_schema".'
			WHEN (jsonb_typeof(f.named -> 'name') = 'string' AND f.named ->> 'name' ~ '^[A-Za-z0-9_-]{1,64}$') IS NOT TRUE
				THEN 'The "name" of its "json_schema" must have 1 to 64 letters, digits, underscores and hyphens.'
			WHEN jsonb_typeof(f.named -> 'schema') <> 'object'
				THEN 'The "schema" of its "json_schema" must be an object.' END
		WHEN NOT (f.type IN ('"text"', '"json_object"') OR f.type <> '[]'
				AND '["object", "array", "string", "number", "integer", "boolean", "null"]' @> f.type)
			THEN 'Its "type" must be text, json_object or json_schema; that of a JSON Schema object, array, string, number, integer, boolean, null, or an array of these.'
	END
	FROM (SELECT response_format -> 'type', response_format -> 'json_schema') AS f (type, named)
$$;
COMMENT ON FUNCTION gaiops.response_format_problem(jsonb) IS 'Takes the response format of a prompt, an object, and returns what is wrong with it, or NULL';

CREATE FUNCTION gaiops.check_response_format(response_format jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem CONSTANT text := gaiops.response_format_problem(response_format);
BEGIN
	PERFORM gaiops.check_object('response_format', response_format, '{"type": "json_object"}, or a JSON Schema');
	PERFORM gaiops.check_size('response_format', response_format::text, 1048576);
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "response_format" is not acceptable',
			DETAIL = problem,
			HINT = 'For example {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"type": "object"}}}, or the JSON Schema alone.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_response_format(jsonb) IS 'Takes the response format of a prompt, or NULL, and returns nothing; raises unless it is one of OpenAI''s or may be a JSON Schema';

CREATE FUNCTION gaiops.model_config_problem(key text, value jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN key IN ('model', 'messages', 'stream', 'gaiops', 'response_format')
			THEN CASE key
				WHEN 'response_format' THEN 'It is an argument of its own.'
				ELSE 'A prompt says nothing about it: it is given with the call.' END
		WHEN key = 'temperature' AND (v.number >= 0) IS NOT TRUE
			THEN 'It must be a number, at least 0.'
		WHEN key = 'top_p' AND (v.number BETWEEN 0 AND 1) IS NOT TRUE
			THEN 'It must be a number from 0 to 1.'
		WHEN key IN ('max_tokens', 'max_completion_tokens', 'top_k')
				AND (v.number >= 1 AND v.number = trunc(v.number)) IS NOT TRUE
			THEN 'It must be an integer, at least 1.'
		WHEN key IN ('frequency_penalty', 'presence_penalty') AND v.number IS NULL
			THEN 'It must be a number.'
		WHEN key IN ('provider', 'model_name') AND jsonb_typeof(value) <> 'string'
			THEN 'It must be a string.'
		WHEN key = 'stop_sequences' AND (jsonb_typeof(value) = 'array'
				AND NOT jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string")')) IS NOT TRUE
			THEN 'It must be an array of strings.'
		WHEN key = 'extra_params' AND jsonb_typeof(value) <> 'object'
			THEN 'It must be an object.'
	END
	FROM (SELECT CASE jsonb_typeof(value) WHEN 'number' THEN value::numeric END) AS v (number)
$$;
COMMENT ON FUNCTION gaiops.model_config_problem(text, jsonb) IS 'Takes a parameter of a prompt''s model_config and returns what is wrong with it, or NULL';

CREATE FUNCTION gaiops.check_model_config(model_config jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	bad record;
BEGIN
	PERFORM gaiops.check_object('model_config', model_config, '{"temperature": 0.2, "max_tokens": 500}');
	PERFORM gaiops.check_size('model_config', model_config::text, 1048576);
	SELECT p.path, gaiops.model_config_problem(p.key, p.value) AS problem INTO bad
		FROM (
			SELECT o.key AS path, o.key, o.value FROM jsonb_each(model_config) AS o
			UNION ALL
			SELECT 'extra_params.' || e.key, e.key, e.value
			FROM jsonb_each(CASE jsonb_typeof(model_config -> 'extra_params')
				WHEN 'object' THEN model_config -> 'extra_params' ELSE '{}' END) AS e
		) AS p
		WHERE gaiops.model_config_problem(p.key, p.value) IS NOT NULL
		ORDER BY p.path COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('"%s" of argument "model_config" is not acceptable', bad.path),
			DETAIL = bad.problem,
			HINT = 'For example {"temperature": 0.2, "max_tokens": 500}.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_model_config(jsonb) IS 'Takes the parameters of a prompt, or NULL, and returns nothing; raises unless a call may have them';

CREATE FUNCTION gaiops.check_import(called text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable(called);
	IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = format('cannot import prompts at isolation level %s', upper(current_setting('transaction_isolation'))),
			DETAIL = 'What others have registered since the transaction began would not be seen.',
			HINT = 'Import at READ COMMITTED.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_import(text) IS 'Takes the name of the function that was called and returns nothing; raises in a transaction that may not write, or would not see what others register';
-- What differs between two versions of a prompt, each laid out as one text.

CREATE FUNCTION gaiops.unified_diff(from_text text, to_text text, from_label text, to_label text)
RETURNS SETOF text
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_unified_diff';
COMMENT ON FUNCTION gaiops.unified_diff(text, text, text, text) IS 'Takes two texts and what to call them; returns the lines of a unified diff with changed words marked, none if the texts are equal';

-- Text is indented, so that none can be taken for the line of another part.
CREATE FUNCTION gaiops.content_part_layout(part jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE
		WHEN jsonb_typeof(part -> 'type') IS DISTINCT FROM 'string' THEN format(E'- %s\n', part)
		WHEN part ->> 'type' = 'text' AND jsonb_typeof(part -> 'text') = 'string' THEN
			format(E'- text:%s\n  %s\n', ' ' || nullif(part - 'type' - 'text', '{}')::text, replace(part ->> 'text', E'\n', E'\n  '))
		ELSE format(E'- %s:%s\n', part ->> 'type', ' ' || nullif(part - 'type', '{}')::text)
	END
$$;
COMMENT ON FUNCTION gaiops.content_part_layout(jsonb) IS 'Takes a part of the content of a message; returns it as lines, its text indented';

CREATE FUNCTION gaiops.message_layout(message jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE
		WHEN message ->> 'type' = 'placeholder' AND jsonb_typeof(message -> 'name') = 'string' THEN
			format(E'placeholder %s:%s\n', message ->> 'name', ' ' || nullif(message - 'type' - 'name', '{}')::text)
		WHEN jsonb_typeof(message -> 'role') IS DISTINCT FROM 'string' THEN format(E'%s\n', message)
		WHEN jsonb_typeof(message -> 'content') = 'string' THEN
			format(E'%s:%s\n  %s\n', message ->> 'role', ' ' || nullif(message - 'role' - 'content', '{}')::text,
				replace(message ->> 'content', E'\n', E'\n  '))
		WHEN jsonb_typeof(message -> 'content') = 'array' AND message -> 'content' <> '[]' THEN
			format(E'%s:%s\n%s', message ->> 'role', ' ' || nullif(message - 'role' - 'content', '{}')::text,
				(SELECT string_agg(gaiops.content_part_layout(part), '' ORDER BY n)
				FROM jsonb_array_elements(message -> 'content') WITH ORDINALITY AS p (part, n)))
		ELSE format(E'%s:%s\n', message ->> 'role', ' ' || nullif(message - 'role', '{}')::text)
	END
$$;
COMMENT ON FUNCTION gaiops.message_layout(jsonb) IS 'Takes a message of a chat prompt; returns it as lines: its role and other members, then its content';

CREATE FUNCTION gaiops.prompt_layout(version jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE version ->> 'kind'
		WHEN 'text' THEN version ->> 'template'
		ELSE (
			SELECT coalesce(string_agg(gaiops.message_layout(message), '' ORDER BY n), '')
			FROM jsonb_array_elements(version -> 'messages') WITH ORDINALITY AS m (message, n))
	END
$$;
COMMENT ON FUNCTION gaiops.prompt_layout(jsonb) IS 'Takes a row of gaiops.prompt_versions as jsonb; returns its template, or its messages as lines';

CREATE FUNCTION gaiops.prompt_sections(version jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT string_agg(format(E'%s:\n%s\n', s.name, jsonb_pretty(version -> s.name)), '' ORDER BY s.n)
	FROM (VALUES
		(1, 'response_format', 'null'::jsonb),
		(2, 'model_config', 'null'),
		(3, 'includes', '[]'),
		(4, 'syntax', '"gaiops"')) AS s (n, name, usual)
	WHERE version -> s.name <> s.usual
$$;
COMMENT ON FUNCTION gaiops.prompt_sections(jsonb) IS 'Takes a row of gaiops.prompt_versions as jsonb; returns what it says beside its template or messages as lines, NULL if nothing';

CREATE FUNCTION pg_catalog.gaiops_diff_prompt(name text, from_version integer, to_version integer)
RETURNS SETOF text
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
	versions CONSTANT integer[] := ARRAY[from_version, to_version];
	texts text[];
	sections text[];
	wholes text[];
	found_row jsonb;
BEGIN
	PERFORM gaiops.check_given('name', name);
	PERFORM gaiops.check_given('from_version', from_version);
	PERFORM gaiops.check_given('to_version', to_version);
	FOR i IN 1 .. 2 LOOP
		SELECT to_jsonb(v) INTO found_row FROM gaiops.prompt_versions AS v
			WHERE v.name = wanted AND v.version = versions[i];
		IF NOT FOUND THEN
			PERFORM gaiops.raise_unknown_prompt(wanted, versions[i]);
		END IF;
		texts[i] := gaiops.prompt_layout(found_row);
		sections[i] := gaiops.prompt_sections(found_row);
		wholes[i] := jsonb_pretty(found_row - '{name,version,commit_message,tags,aliases,content_hash,created_at,created_by}'::text[]) || E'\n';
	END LOOP;
	-- After a line break more, so that the end of the template shows.
	IF num_nonnulls(VARIADIC sections) > 0 THEN
		texts := ARRAY[concat(texts[1], E'\n', sections[1]), concat(texts[2], E'\n', sections[2])];
	END IF;
	-- What differs may look alike: a chat prompt, and a template that has the same lines.
	IF texts[1] = texts[2] THEN
		texts := wholes;
	END IF;
	RETURN QUERY SELECT d.line FROM gaiops.unified_diff(texts[1], texts[2],
		format('prompts:/%s/%s', wanted, from_version), format('prompts:/%s/%s', wanted, to_version)) AS d (line);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_diff_prompt(text, integer, integer) IS 'Takes a prompt and two of its versions; returns what differs as a unified diff with changed words marked, nothing if they say the same; raises if there is no such version';
-- A document of prompts, as gaiops_export_prompts() returns it:
--
--   {"format": "gaiops-prompts", "format_version": 1, "exported_at": TIME, "prompts": [
--     {"name": TEXT, "highest_number": INTEGER,
--      "versions": [{"version", "kind", "template" or "messages", "response_format", "model_config", "syntax",
--                    "includes": [{"name", "version", "alias", "follow"}], "content_hash", "commit_message",
--                    "created_at", "created_by", "tags", "deleted_at", "deleted_by"}],
--      "tags": [{"key", "value", "updated_at", "updated_by"}],
--      "aliases": [{"alias", "version", "updated_at", "updated_by"}],
--      "alias_history": [{"alias", "from_version", "to_version", "reason", "undoes", "moved_at", "moved_by"}],
--      "protected_aliases": [{"alias", "roles", "protected_at", "protected_by"}]}]}
--
-- What is NULL in the tables is left out.  "undoes" counts the moves of a prompt
-- from 1: ids are of one database.

CREATE FUNCTION gaiops.prompt_document_parts(
	document jsonb, OUT kind text, OUT inside text, OUT place text, OUT ordinal bigint[], OUT part jsonb)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH prompt AS (
		SELECT format('prompts[%s]', p.n - 1) AS place, ARRAY[p.n] AS ordinal, p.prompt
		FROM jsonb_array_elements(CASE jsonb_typeof(document -> 'prompts') WHEN 'array' THEN document -> 'prompts' ELSE '[]' END)
			WITH ORDINALITY AS p (prompt, n)
	), item AS (
		SELECT l.kind, p.place AS inside, format('%s.%s[%s]', p.place, l.key, i.n - 1) AS place,
			p.ordinal || ARRAY[l.n, i.n] AS ordinal, i.item
		FROM prompt AS p,
			(VALUES (1, 'version', 'versions'), (2, 'tag', 'tags'), (3, 'alias', 'aliases'), (4, 'move', 'alias_history'),
				(5, 'protection', 'protected_aliases')) AS l (n, kind, key),
			jsonb_array_elements(CASE jsonb_typeof(p.prompt -> l.key) WHEN 'array' THEN p.prompt -> l.key ELSE '[]' END)
				WITH ORDINALITY AS i (item, n)
	), detail AS (
		SELECT l.kind, v.place AS inside, format('%s.%s[%s]', v.place, l.key, i.n - 1) AS place,
			v.ordinal || ARRAY[l.n, i.n] AS ordinal, i.item
		FROM item AS v,
			(VALUES (1, 'tag', 'tags'), (2, 'include', 'includes')) AS l (n, kind, key),
			jsonb_array_elements(CASE jsonb_typeof(v.item -> l.key) WHEN 'array' THEN v.item -> l.key ELSE '[]' END)
				WITH ORDINALITY AS i (item, n)
		WHERE v.kind = 'version'
	)
	SELECT 'document', NULL, 'document', '{}'::bigint[], document
	UNION ALL SELECT 'prompt', 'document', p.place, p.ordinal, p.prompt FROM prompt AS p
	UNION ALL SELECT i.kind, i.inside, i.place, i.ordinal, i.item FROM item AS i
	UNION ALL SELECT d.kind, d.inside, d.place, d.ordinal, d.item FROM detail AS d
$$;
COMMENT ON FUNCTION gaiops.prompt_document_parts(jsonb) IS 'Takes a document of prompts; returns its objects, each with where it is, as a path and as numbers to sort by';

-- A pattern holds for strings, a highest size for their bytes.
CREATE FUNCTION gaiops.prompt_document_shape(
	OUT kind text, OUT key text, OUT type text, OUT required boolean, OUT pattern text, OUT most integer)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH word (name, alias, role) AS (
		VALUES ('^[A-Za-z0-9_.-]{1,255}$', '^(?!([Ll][Aa][Tt][Ee][Ss][Tt]|[Vv][0-9]+)$)[A-Za-z0-9_-]{1,255}$', '^.+$')
	)
	SELECT s.kind, s.key, s.type, s.required, s.pattern, s.most
	FROM word AS w, LATERAL (VALUES
		('document', 'format', 'string', true, NULL, NULL),
		('document', 'format_version', 'integer', true, NULL, NULL),
		('document', 'exported_at', 'time', false, NULL, NULL),
		('document', 'prompts', 'array', true, NULL, NULL),
		('prompt', 'name', 'string', true, w.name, NULL),
		('prompt', 'highest_number', 'integer', true, NULL, NULL),
		('prompt', 'versions', 'array', true, NULL, NULL),
		('prompt', 'tags', 'array', false, NULL, NULL),
		('prompt', 'aliases', 'array', false, NULL, NULL),
		('prompt', 'alias_history', 'array', false, NULL, NULL),
		('prompt', 'protected_aliases', 'array', false, NULL, NULL),
		('version', 'version', 'integer', true, NULL, NULL),
		('version', 'kind', 'string', true, '^(text|chat)$', NULL),
		('version', 'template', 'string', false, NULL, NULL),
		('version', 'messages', 'array', false, NULL, NULL),
		('version', 'response_format', 'object', false, NULL, NULL),
		('version', 'model_config', 'object', false, NULL, NULL),
		('version', 'syntax', 'string', true, '^(gaiops|mlflow)$', NULL),
		('version', 'includes', 'array', false, NULL, NULL),
		('version', 'content_hash', 'string', true, '^[0-9a-f]{64}$', NULL),
		('version', 'commit_message', 'string', false, NULL, 10000),
		('version', 'created_at', 'time', true, NULL, NULL),
		('version', 'created_by', 'string', true, w.role, 63),
		('version', 'tags', 'array', false, NULL, NULL),
		('version', 'deleted_at', 'time', false, NULL, NULL),
		('version', 'deleted_by', 'string', false, w.role, 63),
		('include', 'name', 'string', true, w.name, NULL),
		('include', 'version', 'integer', false, NULL, NULL),
		('include', 'alias', 'string', false, w.alias, NULL),
		('include', 'follow', 'boolean', true, NULL, NULL),
		('tag', 'key', 'string', true, '^.+$', 255),
		('tag', 'value', 'string', true, NULL, 2048),
		('tag', 'updated_at', 'time', true, NULL, NULL),
		('tag', 'updated_by', 'string', true, w.role, 63),
		('alias', 'alias', 'string', true, w.alias, NULL),
		('alias', 'version', 'integer', true, NULL, NULL),
		('alias', 'updated_at', 'time', true, NULL, NULL),
		('alias', 'updated_by', 'string', true, w.role, 63),
		('move', 'alias', 'string', true, w.alias, NULL),
		('move', 'from_version', 'integer', false, NULL, NULL),
		('move', 'to_version', 'integer', false, NULL, NULL),
		('move', 'reason', 'string', false, NULL, 10000),
		('move', 'undoes', 'integer', false, NULL, NULL),
		('move', 'moved_at', 'time', true, NULL, NULL),
		('move', 'moved_by', 'string', true, w.role, 63),
		('protection', 'alias', 'string', true, w.alias, NULL),
		('protection', 'roles', 'strings', true, NULL, NULL),
		('protection', 'protected_at', 'time', true, NULL, NULL),
		('protection', 'protected_by', 'string', true, w.role, 63)
	) AS s (kind, key, type, required, pattern, most)
$$;
COMMENT ON FUNCTION gaiops.prompt_document_shape() IS 'Returns what each kind of object in a document of prompts may have and must have';

-- One expression without format(), which is not immutable, so that it is inlined.
CREATE FUNCTION gaiops.prompt_document_value_problem(value jsonb, type text, pattern text, most integer)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN type IS NULL
		THEN 'is not known'
	WHEN type = 'integer'
		THEN CASE WHEN CASE WHEN value::text ~ '^[1-9][0-9]{0,9}$' THEN value::text::bigint <= 2147483647 END IS NOT TRUE
			THEN 'must be an integer from 1 to 2147483647' END
	WHEN type = 'time'
		THEN CASE WHEN CASE WHEN value::text !~ '^"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]+)?(Z|[+-](0[0-9]|1[0-5])(:?[0-5][0-9])?)"$'
				THEN true
			-- the 31st of a month that has 30 days
			WHEN substr(value::text, 10, 2) > '28' THEN extract(month FROM make_date(substr(value::text, 2, 4)::integer,
				substr(value::text, 7, 2)::integer, 1) + substr(value::text, 10, 2)::integer - 1) <> substr(value::text, 7, 2)::integer END
			THEN 'must be a time such as "2026-01-31T12:00:00+00:00"' END
	WHEN type = 'strings'
		THEN CASE WHEN CASE jsonb_typeof(value) WHEN 'array' THEN jsonb_array_length(value) BETWEEN 1 AND 100 ELSE false END IS NOT TRUE
				OR jsonb_path_exists(value, 'strict $[*] ? (@.type() != "string" || !(@ like_regex "^.{1,63}$" flag "s"))')
			THEN 'must be an array of 1 to 100 strings of at most 63 characters' END
	WHEN jsonb_typeof(value) <> type
		THEN 'must be ' || CASE type WHEN 'array' THEN 'an array' WHEN 'object' THEN 'an object' ELSE 'a ' || type END
	WHEN most IS NOT NULL AND octet_length(value #>> '{}') > most
		THEN 'has more than ' || most::text || ' bytes'
	WHEN pattern IS NOT NULL AND value #>> '{}' !~ pattern
		THEN 'is not acceptable: ' || left(value::text, 300)
END;
COMMENT ON FUNCTION gaiops.prompt_document_value_problem(jsonb, text, text, integer) IS 'Takes a value in a document of prompts and what it may be; returns what is wrong with it, or NULL';

CREATE FUNCTION gaiops.prompt_document_shape_problem(document jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH part AS MATERIALIZED (
		SELECT * FROM gaiops.prompt_document_parts(document)
	), shape AS MATERIALIZED (
		SELECT * FROM gaiops.prompt_document_shape()
	), problem AS (
		SELECT p.ordinal, NULL AS key, format('%s must be an object.', p.place) AS problem
		FROM part AS p
		WHERE jsonb_typeof(p.part) <> 'object'
		UNION ALL
		SELECT p.ordinal, s.key, format('%s has no "%s".', p.place, s.key)
		FROM part AS p JOIN shape AS s ON s.kind = p.kind
		WHERE s.required AND jsonb_typeof(p.part) = 'object' AND NOT p.part ? s.key
		UNION ALL
		SELECT p.ordinal, m.key, format('%s.%s %s.', p.place, left(m.key, 255),
			gaiops.prompt_document_value_problem(m.value, s.type, s.pattern, s.most))
		FROM part AS p
			CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(p.part) WHEN 'object' THEN p.part ELSE '{}' END) AS m
			LEFT JOIN shape AS s ON s.kind = p.kind AND s.key = m.key
		WHERE gaiops.prompt_document_value_problem(m.value, s.type, s.pattern, s.most) IS NOT NULL
	)
	SELECT p.problem FROM problem AS p ORDER BY p.ordinal, p.key COLLATE "C" LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.prompt_document_shape_problem(jsonb) IS 'Takes a document of prompts; returns the first of its values that is not what it must be, or NULL';

-- What the tables could not hold together, or the functions would not have made.
CREATE FUNCTION gaiops.prompt_document_sense_problem(document jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH part AS MATERIALIZED (
		SELECT * FROM gaiops.prompt_document_parts(document)
	), version AS MATERIALIZED (
		SELECT p.inside, p.place, p.ordinal, p.part, (p.part -> 'version')::integer AS version, p.part ? 'deleted_at' AS deleted
		FROM part AS p WHERE p.kind = 'version'
	), alias AS MATERIALIZED (
		SELECT p.inside, p.place, p.ordinal, p.part ->> 'alias' AS alias, (p.part -> 'version')::integer AS version
		FROM part AS p WHERE p.kind = 'alias'
	), move AS MATERIALIZED (
		SELECT p.inside, p.place, p.ordinal, p.ordinal[3] AS n, p.part ->> 'alias' AS alias, (p.part -> 'undoes')::bigint AS undoes,
			(p.part -> 'from_version')::integer AS from_version, (p.part -> 'to_version')::integer AS to_version
		FROM part AS p WHERE p.kind = 'move'
	), problem AS (
		SELECT r.ordinal, format('%s repeats "%s".', r.place, r.name) AS problem
		FROM (
			SELECT n.ordinal, n.place, n.name, row_number() OVER (PARTITION BY n.kind, n.inside, n.name ORDER BY n.ordinal) AS nth
			FROM (
				SELECT p.*, p.part ->> CASE p.kind WHEN 'prompt' THEN 'name' WHEN 'version' THEN 'version' WHEN 'tag' THEN 'key'
					WHEN 'alias' THEN 'alias' WHEN 'protection' THEN 'alias' END AS name
				FROM part AS p) AS n
			WHERE n.name IS NOT NULL) AS r
		WHERE r.nth > 1
		UNION ALL
		SELECT v.ordinal, format(CASE v.part ->> 'kind' WHEN 'text' THEN '%s must have a "template" and no "messages".'
			ELSE '%s must have "messages" and no "template".' END, v.place)
		FROM version AS v
		WHERE (v.part ? 'template') = (v.part ? 'messages') OR (v.part ->> 'kind' = 'text') <> (v.part ? 'template')
		UNION ALL
		SELECT v.ordinal, format('%s must have both "deleted_at" and "deleted_by", or none.', v.place)
		FROM version AS v
		WHERE v.deleted <> v.part ? 'deleted_by'
		UNION ALL
		SELECT v.ordinal, format('%s.version is above %s.highest_number.', v.place, v.inside)
		FROM version AS v JOIN part AS p ON p.kind = 'prompt' AND p.place = v.inside
		WHERE v.version > (p.part -> 'highest_number')::integer
		UNION ALL
		SELECT i.ordinal, format('%s must have a "version", or an "alias" to follow.', i.place)
		FROM part AS i
		WHERE i.kind = 'include' AND (i.part ? 'version' = (i.part -> 'follow')::boolean
			OR (i.part -> 'follow')::boolean AND NOT i.part ? 'alias')
		UNION ALL
		SELECT a.ordinal, format('%s.version is not among the versions that are not deleted.', a.place)
		FROM alias AS a
		WHERE NOT EXISTS (SELECT FROM version AS v WHERE v.inside = a.inside AND v.version = a.version AND NOT v.deleted)
		UNION ALL
		SELECT m.ordinal, format('%s must have a "from_version" or a "to_version", each one of the versions.', m.place)
		FROM move AS m
		WHERE coalesce(m.from_version, m.to_version) IS NULL
			OR (m.from_version IS NOT NULL AND NOT EXISTS (SELECT FROM version AS v WHERE v.inside = m.inside AND v.version = m.from_version))
			OR (m.to_version IS NOT NULL AND NOT EXISTS (SELECT FROM version AS v WHERE v.inside = m.inside AND v.version = m.to_version))
		UNION ALL
		SELECT m.ordinal, format('%s.undoes is not the number of an earlier move of that alias.', m.place)
		FROM move AS m LEFT JOIN move AS u ON u.inside = m.inside AND u.n = m.undoes AND u.alias = m.alias AND u.n < m.n
		WHERE m.undoes IS NOT NULL AND u.n IS NULL
	)
	SELECT p.problem FROM problem AS p ORDER BY p.ordinal LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.prompt_document_sense_problem(jsonb) IS 'Takes a document of prompts whose values are what they must be; returns the first that does not fit the others, or NULL';

CREATE FUNCTION gaiops.check_prompt_document(document jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	PERFORM gaiops.check_given('document', document);
	IF document -> 'format' IS DISTINCT FROM '"gaiops-prompts"' THEN
		problem := 'document.format must be "gaiops-prompts".';
	ELSIF document -> 'format_version' IS DISTINCT FROM '1' THEN
		problem := 'document.format_version must be 1; another one is of another release of genaiops.';
	ELSE
		problem := coalesce(gaiops.prompt_document_shape_problem(document), gaiops.prompt_document_sense_problem(document));
	END IF;
	IF problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "document" is no document of prompts',
			DETAIL = problem,
			HINT = 'Give what gaiops_export_prompts() returned.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_document(jsonb) IS 'Takes a document of prompts and returns nothing; raises unless it may be imported, and says where it is wrong';
-- Moving from MLflow.  Its prompts are rows of its model registry that have tags
-- of its own: mlflow.prompt.is_prompt marks a prompt, mlflow.prompt.text is the
-- template of a version.
--
-- What reads MLflow's tables runs as the caller, whose tables or views they are;
-- what writes ours gets values alone.

CREATE FUNCTION gaiops.check_mlflow_schema(schema text)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	lacking text;
	with_workspaces boolean;
BEGIN
	IF schema IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'null_value_not_allowed',
			MESSAGE = 'argument "schema" must not be null';
	ELSIF NOT EXISTS (SELECT FROM pg_namespace AS n WHERE n.nspname = schema) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_schema_name',
			MESSAGE = format('schema "%s" does not exist', schema),
			HINT = 'Give the name of the schema that has MLflow''s tables, as it is in pg_namespace.';
	END IF;
	WITH present AS (
		SELECT c.relname, a.attname
		FROM pg_class AS c
		JOIN pg_namespace AS n ON n.oid = c.relnamespace
		JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
		WHERE n.nspname = schema AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
	), needed (relname, attnames) AS (VALUES
		('registered_model_tags', ARRAY['name', 'key', 'value']),
		('registered_model_aliases', ARRAY['name', 'alias', 'version']),
		('model_versions', ARRAY['name', 'version', 'creation_time', 'user_id', 'description', 'current_stage']),
		('model_version_tags', ARRAY['name', 'version', 'key', 'value'])
	), reported AS (
		SELECT CASE WHEN EXISTS (SELECT FROM present AS p WHERE p.relname = n.relname)
			THEN format('%s.%s', n.relname, a) ELSE n.relname END AS item
		FROM needed AS n, unnest(n.attnames) AS a
		WHERE NOT EXISTS (SELECT FROM present AS p WHERE p.relname = n.relname AND p.attname = a)
	)
	SELECT string_agg(DISTINCT r.item, ', '),
		(SELECT count(*) = 4 FROM present AS p JOIN needed AS n ON n.relname = p.relname WHERE p.attname = 'workspace')
	INTO lacking, with_workspaces
	FROM reported AS r;
	IF lacking IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_table',
			MESSAGE = format('schema "%s" does not have the tables of MLflow''s registry', schema),
			DETAIL = format('Not there: %s.', lacking),
			HINT = 'Restore registered_models, registered_model_tags, registered_model_aliases, model_versions and model_version_tags of MLflow''s tracking database into that schema, or make foreign tables of them there.';
	END IF;
	RETURN with_workspaces;
END
$$;
COMMENT ON FUNCTION gaiops.check_mlflow_schema(text) IS 'Takes a schema and returns whether the prompts in MLflow''s tables there belong to workspaces; raises unless the tables are there';

-- MLflow takes a template for Jinja2 exactly if it has {% and %}; without them
-- {{ name }} and {{ a.b }} are placeholders and everything else is text.
CREATE FUNCTION gaiops.mlflow_syntax(template text, messages jsonb, OUT syntax text, OUT is_rendered boolean, OUT remark text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_jinja CONSTANT boolean := EXISTS (
		SELECT FROM (
			SELECT template
			UNION ALL
			SELECT c #>> '{}' FROM jsonb_path_query(messages, 'lax $[*].content.** ? (@.type() == "string")') AS c) AS t (body)
		WHERE strpos(t.body, '{%') > 0 AND strpos(t.body, '%}') > 0);
	parsed record;
	problem text;
	cause text;
BEGIN
	BEGIN
		SELECT p.is_plain, p.includes INTO parsed FROM gaiops.parse_prompt(template, messages) AS p;
	EXCEPTION WHEN SQLSTATE 'LM013' THEN
		GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
		problem := format('%s (%s)', problem, lower(left(cause, 1)) || rtrim(substr(cause, 2), '.'));
	END;
	IF is_jinja AND problem IS NULL AND parsed.includes = '[]' THEN
		syntax := 'gaiops';
		remark := 'It is Jinja2: a missing variable is an error here, a value that is no string comes out as JSON, and line breaks stand as written.';
	ELSIF is_jinja THEN
		syntax := 'mlflow';
		remark := format('Its Jinja2 is kept and can be read, but must be rewritten to be rendered: %s.',
			coalesce(problem, 'includes are not Jinja2'));
	ELSIF problem IS NULL AND parsed.is_plain THEN
		syntax := 'gaiops';
		remark := CASE WHEN coalesce(template, messages::text) ~ '\{\{\s*\w+\.'
			THEN 'A dot in the name of a variable looks into a JSON object.' END;
	ELSE
		syntax := 'mlflow';
		remark := format('What is text to MLflow %s.',
			coalesce('is no template here: ' || problem, 'would be more than text here'));
	END IF;
	is_rendered := syntax = 'gaiops' OR NOT is_jinja;
	IF syntax = 'gaiops' AND EXISTS (SELECT FROM jsonb_array_elements(messages) AS m WHERE m - '{role,content}'::text[] <> '{}') THEN
		remark := concat_ws(' ', remark, 'MLflow sends the role and the content of a message alone; here all of it is sent.');
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.mlflow_syntax(text, jsonb) IS 'Takes the template or the messages of a prompt of MLflow''s and returns the syntax to store it with, whether it can be rendered, and what is to be said about that, NULL if nothing';

CREATE FUNCTION gaiops.import_mlflow_tags(prompt text, prompt_version integer, tags jsonb)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	tag record;
	problem text;
	cause text;
	remarks text;
BEGIN
	FOR tag IN
		SELECT t.key, t.value FROM jsonb_each_text(tags) AS t
		WHERE NOT starts_with(t.key, 'mlflow.') AND NOT starts_with(t.key, '_mlflow_')
		ORDER BY t.key COLLATE "C"
	LOOP
		BEGIN
			IF prompt_version IS NULL THEN
				PERFORM pg_catalog.gaiops_set_prompt_tag(prompt, tag.key, tag.value);
			ELSE
				PERFORM pg_catalog.gaiops_set_prompt_version_tag(prompt, prompt_version, tag.key, tag.value);
			END IF;
		EXCEPTION WHEN data_exception OR integrity_constraint_violation THEN
			GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
			remarks := concat_ws(' ', remarks, format('Tag "%s" is left out: %s.', tag.key, problem), nullif(cause, ''));
		END;
	END LOOP;
	RETURN remarks;
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_tags(text, integer, jsonb) IS 'Takes a prompt, a version or NULL, and tags from MLflow; sets those that are not its own, and returns what is to be said about those left out, NULL if nothing';

CREATE FUNCTION gaiops.import_mlflow_aliases(prompt text, prompt_version integer, aliases jsonb)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
	problem text;
	cause text;
	remarks text;
	moved text[] := '{}';
BEGIN
	FOR wanted IN
		SELECT a FROM jsonb_array_elements_text(aliases) AS a ORDER BY a COLLATE "C"
	LOOP
		BEGIN
			PERFORM pg_catalog.gaiops_set_prompt_alias(prompt, wanted, prompt_version, 'imported from MLflow');
			moved := moved || wanted;
		EXCEPTION WHEN data_exception OR integrity_constraint_violation OR insufficient_privilege THEN
			GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
			remarks := concat_ws(' ', remarks, format('Alias "%s" is left out: %s.', wanted, problem), nullif(cause, ''));
		END;
	END LOOP;
	RETURN nullif(concat_ws(' ',
		CASE WHEN moved <> '{}' THEN format('Aliases: %s.', array_to_string(moved, ', ')) END, remarks), '');
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_aliases(text, integer, jsonb) IS 'Takes a prompt, a version, and its aliases in MLflow; sets them, and returns what is to be said about them, NULL if nothing';

CREATE FUNCTION gaiops.mlflow_model_config(INOUT config jsonb, OUT remark text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_object_agg(c.key, c.value) FILTER (WHERE c.problem IS NULL),
		'Left out of its model_config: '
			|| string_agg(format('"%s"', c.key), ', ' ORDER BY c.key COLLATE "C") FILTER (WHERE c.problem IS NOT NULL) || '.'
	FROM (
		SELECT e.key, e.value, gaiops.model_config_problem(e.key, e.value) AS problem
		FROM jsonb_each(config) AS e) AS c
$$;
COMMENT ON FUNCTION gaiops.mlflow_model_config(jsonb) IS 'Takes the model_config of a prompt of MLflow''s, or NULL, and returns what of it may be kept, and what is to be said about the rest, NULL if nothing';

-- A subtransaction each, so that what is wrong with one does not stop the others.
CREATE FUNCTION gaiops.import_mlflow_version(prompt text, source jsonb, OUT action text, OUT detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	prompt_version CONSTANT integer := (source ->> 'version')::integer;
	tags CONSTANT jsonb := source -> 'tags';
	body CONSTANT text := tags ->> 'mlflow.prompt.text';
	is_chat CONSTANT boolean := coalesce(tags ->> '_mlflow_prompt_type', 'text') = 'chat';
	template CONSTANT text := CASE WHEN NOT is_chat THEN body END;
	messages jsonb;
	kept record;
	response_format jsonb;
	format_problem text;
	parameters record;
	problem text;
	cause text;
BEGIN
	IF is_chat THEN
		messages := body::jsonb;
		PERFORM gaiops.check_prompt_messages(messages);
	END IF;
	kept := gaiops.mlflow_syntax(template, messages);
	response_format := (tags ->> '_mlflow_prompt_response_format')::jsonb;
	format_problem := gaiops.response_format_problem(response_format);
	parameters := gaiops.mlflow_model_config((tags ->> '_mlflow_prompt_model_config')::jsonb);
	PERFORM gaiops.insert_prompt_version(prompt, prompt_version, template, messages,
		CASE WHEN format_problem IS NULL THEN response_format END, parameters.config, kept.syntax, source ->> 'commit_message',
		-- Milliseconds, up to the year 9999.
		coalesce(CASE WHEN (source ->> 'created_at')::bigint BETWEEN 0 AND 253402300799999
			THEN timestamptz 'epoch' + (source ->> 'created_at')::bigint * interval '1 ms' END, now()),
		coalesce(nullif(source ->> 'created_by', ''), gaiops.outer_role())::name);
	action := CASE
		WHEN NOT kept.is_rendered THEN 'imported, not rendered'
		WHEN kept.syntax = 'mlflow' THEN 'imported as MLflow template'
		ELSE 'imported' END;
	detail := nullif(concat_ws(' ', kept.remark, 'Its response_format is left out. ' || format_problem, parameters.remark,
		gaiops.import_mlflow_aliases(prompt, prompt_version, source -> 'aliases'),
		gaiops.import_mlflow_tags(prompt, prompt_version, tags)), '');
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR program_limit_exceeded OR SQLSTATE 'LM013' THEN
	action := 'refused';
	GET STACKED DIAGNOSTICS problem = MESSAGE_TEXT, cause = PG_EXCEPTION_DETAIL;
	detail := concat_ws(' ', format('It cannot be stored: %s.', problem), nullif(cause, ''));
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_version(text, jsonb) IS 'Takes a prompt and a version of it as read from MLflow''s tables, stores it with its aliases and tags, and returns what was done and what is to be said about it';

CREATE FUNCTION gaiops.check_mlflow_name(prompt text, OUT action text, OUT detail text)
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	IF EXISTS (SELECT FROM gaiops.prompts AS p WHERE p.name = prompt) THEN
		action := 'skipped';
		detail := 'A prompt of this name is here already.';
	ELSIF EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = prompt) THEN
		action := 'skipped';
		detail := 'A prompt of this name was deleted here, and its numbers stay taken.';
	END IF;
EXCEPTION WHEN data_exception THEN
	action := 'refused';
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
END
$$;
COMMENT ON FUNCTION gaiops.check_mlflow_name(text) IS 'Takes the name of a prompt of MLflow''s and returns what is done with all its versions, and why; NULL if it can be imported';

-- A number that was drawn here by a registration which was rolled back may be
-- in the record of a call, which used another text.
CREATE FUNCTION gaiops.import_mlflow_prompt(prompt text, workspace text, tags jsonb, sources jsonb)
RETURNS TABLE (name text, version integer, action text, detail text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	verdict record;
	highest CONSTANT integer := (SELECT max((s ->> 'version')::integer) FROM jsonb_array_elements(sources) AS s);
	source jsonb;
	is_here boolean := false;
BEGIN
	PERFORM gaiops.check_import('gaiops_import_mlflow_prompts');
	-- Of two at once the second finds what the first has imported.
	PERFORM gaiops.lock_registry('import from MLflow');
	verdict := gaiops.check_mlflow_name(prompt);
	name := prompt;
	IF verdict.action IS NULL AND highest > 0 THEN
		PERFORM gaiops.reserve_prompt_versions(ARRAY[prompt], ARRAY[highest]);
	END IF;
	FOR source IN SELECT s FROM jsonb_array_elements(sources) AS s LOOP
		version := (source ->> 'version')::integer;
		IF verdict.action IS NOT NULL THEN
			action := verdict.action;
			detail := verdict.detail;
		ELSIF source ->> 'stage' = 'Deleted_Internal' THEN
			action := 'skipped';
			detail := 'It was deleted in MLflow; its number stays taken.';
		ELSIF source #>> '{tags,mlflow.prompt.text}' IS NULL THEN
			action := 'refused';
			detail := 'It has no template in MLflow.';
		ELSIF EXISTS (SELECT FROM gaiops.prompt_numbers AS n
			WHERE n.name = prompt AND n.version = (source ->> 'version')::integer AND n.token IS NOT NULL)
		THEN
			action := 'refused';
			detail := 'Its number was drawn here by a registration that was rolled back, and is not given twice.';
		ELSE
			SELECT i.action, i.detail INTO action, detail FROM gaiops.import_mlflow_version(prompt, source) AS i;
			is_here := is_here OR action LIKE 'imported%';
		END IF;
		detail := nullif(concat_ws(' ', detail,
			CASE WHEN workspace <> 'default' THEN format('It is of the workspace "%s".', workspace) END), '');
		RETURN NEXT;
	END LOOP;
	version := NULL;
	action := CASE WHEN is_here THEN 'refused' ELSE 'skipped' END;
	detail := CASE
		WHEN is_here THEN gaiops.import_mlflow_tags(prompt, NULL, tags)
		WHEN sources = '[]' THEN 'It has no version.' END;
	IF detail IS NOT NULL THEN
		RETURN NEXT;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.import_mlflow_prompt(text, text, jsonb, jsonb) IS 'Takes a prompt, its workspace, its tags and its versions as read from MLflow''s tables, stores what can be, and returns what was done with each version';

CREATE FUNCTION pg_catalog.gaiops_import_mlflow_prompts(schema text)
RETURNS TABLE (name text, version integer, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	workspace CONSTANT text := CASE WHEN gaiops.check_mlflow_schema(schema)
		THEN 't.workspace::text COLLATE "C"' ELSE '''default''::text COLLATE "C"' END;
	prompts CONSTANT text := $query$
		WITH prompt AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace,
				jsonb_object_agg(t.key, coalesce(t.value, '')) AS tags
			FROM %1$I.registered_model_tags AS t
			GROUP BY 1, 2
			HAVING bool_or(t.key = 'mlflow.prompt.is_prompt' AND lower(t.value) = 'true')
		), version AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace, t.version::integer AS version,
				t.current_stage AS stage, t.creation_time AS created_at, t.user_id AS created_by,
				t.description AS commit_message
			FROM %1$I.model_versions AS t
		), tagged AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace, t.version::integer AS version,
				jsonb_object_agg(t.key, coalesce(t.value, '')) AS tags
			FROM %1$I.model_version_tags AS t
			GROUP BY 1, 2, 3
		), aliased AS (
			SELECT t.name::text COLLATE "C" AS name, %2$s AS workspace, t.version::integer AS version,
				jsonb_agg(t.alias) AS aliases
			FROM %1$I.registered_model_aliases AS t
			GROUP BY 1, 2, 3
		), source AS (
			SELECT name, workspace, jsonb_agg(jsonb_build_object('version', version, 'stage', v.stage,
				'created_at', v.created_at, 'created_by', v.created_by, 'commit_message', v.commit_message,
				'tags', t.tags, 'aliases', coalesce(a.aliases, '[]')) ORDER BY version) AS sources
			FROM version AS v
			FULL JOIN aliased AS a USING (name, workspace, version)
			LEFT JOIN tagged AS t USING (name, workspace, version)
			GROUP BY name, workspace
		)
		SELECT p.name, p.workspace, p.tags, coalesce(s.sources, '[]') AS sources
		FROM prompt AS p LEFT JOIN source AS s USING (name, workspace)
		ORDER BY p.name, p.workspace <> 'default', p.workspace
	$query$;
	p record;
BEGIN
	FOR p IN EXECUTE format(prompts, schema, workspace) LOOP
		RETURN QUERY SELECT i.name, i.version, i.action, i.detail
			FROM gaiops.import_mlflow_prompt(p.name, p.workspace, p.tags, p.sources) AS i;
	END LOOP;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_import_mlflow_prompts(text) IS 'Takes the schema that has the tables of an MLflow tracking database, imports the prompts there, and returns what was done with each version';
-- Reading the prompt registry, and what those who write it need of C.

CREATE FUNCTION gaiops.prompt_hash(
	kind text, template text, messages jsonb, response_format jsonb, model_config jsonb, syntax text, includes jsonb)
RETURNS text LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_prompt_hash';
COMMENT ON FUNCTION gaiops.prompt_hash(text, text, jsonb, jsonb, jsonb, text, jsonb) IS 'Takes all that makes up a version of a prompt (what it includes is an array of {"name", "version"} or {"name", "alias", "follow": true}); returns its SHA-256 as 64 hexadecimal digits';

-- As gaiops.prompt_hash() takes them.
CREATE FUNCTION gaiops.hashed_prompt_includes(includes jsonb)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE includes WHEN '[]' THEN includes ELSE (
	SELECT jsonb_agg(CASE WHEN (i.include -> 'follow')::boolean THEN i.include ELSE i.include - 'alias' - 'follow' END ORDER BY i.n)
	FROM jsonb_array_elements(includes) WITH ORDINALITY AS i (include, n)) END;
COMMENT ON FUNCTION gaiops.hashed_prompt_includes(jsonb) IS 'Takes the includes of a version as in gaiops.prompt_versions; returns the part of them that is hashed';

CREATE FUNCTION gaiops.prompt_inventory(name text)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH live AS (
		SELECT c.version, c.version - row_number() OVER (ORDER BY c.version) AS run
		FROM gaiops.prompt_contents AS c
		WHERE c.name = $1 AND NOT EXISTS (
			SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
	), runs AS (
		SELECT min(l.version) AS low, max(l.version) AS high, row_number() OVER (ORDER BY min(l.version)) AS n
		FROM live AS l GROUP BY l.run
	)
	SELECT format('Prompt "%s" has %s %s%s%s.', $1,
		CASE WHEN (SELECT count(*) FROM live) = 1 THEN 'version' ELSE 'versions' END,
		string_agg(CASE WHEN r.low = r.high THEN r.low::text ELSE format('%s to %s', r.low, r.high) END, ', ' ORDER BY r.low)
			FILTER (WHERE r.n <= 10),
		CASE WHEN count(*) > 10 THEN ' and more' END,
		(SELECT ', and ' || CASE count(*) WHEN 1 THEN 'alias ' ELSE 'aliases ' END
				|| string_agg(format('"%s"', a.alias), ', ' ORDER BY a.alias)
			FROM gaiops.prompt_aliases AS a WHERE a.name = $1 HAVING count(*) > 0))
	FROM runs AS r
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION gaiops.prompt_inventory(text) IS 'Takes the name of a prompt; returns a sentence that says which versions and aliases it has, NULL if there is no such prompt';

CREATE FUNCTION gaiops.prompt_names()
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE count(*)
		WHEN 0 THEN 'No prompt is registered.'
		WHEN 1 THEN format('There is prompt "%s".', min(p.name))
		ELSE format('There are prompts %s%s.', string_agg(format('"%s"', p.name), ', ' ORDER BY p.name) FILTER (WHERE p.n <= 10),
			CASE WHEN count(*) > 10 THEN format(' and %s more', count(*) - 10) END) END
	FROM (
		SELECT c.name, row_number() OVER (ORDER BY c.name) AS n
		FROM gaiops.prompt_contents AS c
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
		GROUP BY c.name) AS p
$$;
COMMENT ON FUNCTION gaiops.prompt_names() IS 'Returns a sentence that names the prompts that are registered, the first ten of them';

CREATE FUNCTION gaiops.parse_prompt(
	template text, messages jsonb, syntax text DEFAULT 'gaiops', OUT variables text[], OUT includes jsonb, OUT is_plain boolean)
RETURNS record LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_parse_prompt';
COMMENT ON FUNCTION gaiops.parse_prompt(text, jsonb, text) IS 'Takes the template of a text prompt or the messages of a chat prompt; returns its variables, what it includes, and whether it has nothing but placeholders; raises if it is no template';

CREATE FUNCTION gaiops.check_prompt(name text, version integer)
RETURNS text[] LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_check_prompt';
COMMENT ON FUNCTION gaiops.check_prompt(text, integer) IS 'Takes a version of a prompt; returns the variables of it and of all it includes; raises if it would include itself or something is not there';

CREATE FUNCTION gaiops.check_prompt_name(name text)
RETURNS void LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_check_prompt_name';
COMMENT ON FUNCTION gaiops.check_prompt_name(text) IS 'Takes a name and returns nothing; raises unless a prompt may have it';

CREATE FUNCTION gaiops.check_prompt_alias(alias text)
RETURNS void LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_check_prompt_alias';
COMMENT ON FUNCTION gaiops.check_prompt_alias(text) IS 'Takes an alias and returns nothing; raises unless a prompt may have it';

CREATE FUNCTION gaiops.raise_unknown_prompt(name text, version integer)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_raise_unknown_prompt';
COMMENT ON FUNCTION gaiops.raise_unknown_prompt(text, integer) IS 'Takes a prompt and a version of it, or NULL for any; raises that there is none, and says what there is';

CREATE FUNCTION gaiops.draw_prompt_version(name text)
RETURNS integer LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_draw_prompt_version';
COMMENT ON FUNCTION gaiops.draw_prompt_version(text) IS 'Takes the name of a prompt; returns a number for a new version, which a rollback does not give back';

CREATE FUNCTION gaiops.reserve_prompt_versions(names text[], versions integer[])
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_reserve_prompt_versions';
COMMENT ON FUNCTION gaiops.reserve_prompt_versions(text[], integer[]) IS 'Takes prompts and a number for each, has the numbers up to it taken, and returns nothing; a rollback does not give them back';

CREATE FUNCTION gaiops.lock_registry(key text)
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_lock_registry';
COMMENT ON FUNCTION gaiops.lock_registry(text) IS 'Takes a key, has others that give the same one wait until the transaction ends, and returns nothing';

CREATE FUNCTION gaiops.find_prompt_version_users(name text, version integer)
RETURNS text LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_prompt_version_users';
COMMENT ON FUNCTION gaiops.find_prompt_version_users(text, integer) IS 'Takes a version of a prompt; returns what uses it now, whatever the snapshot of the transaction, or NULL';

CREATE FUNCTION gaiops.find_alias_protection(name text, alias text)
RETURNS text[] LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_alias_protection';
COMMENT ON FUNCTION gaiops.find_alias_protection(text, text) IS 'Takes an alias of a prompt; returns the roles that may move it now, whatever the snapshot of the transaction, NULL if all may';

-- VOLATILE: they look with a snapshot of their own, so that nothing is stale.
-- gaiops_load_prompt() is beside the view whose rows it returns.
CREATE FUNCTION pg_catalog.gaiops_format_prompt(uri text, variables jsonb DEFAULT '{}', allow_partial boolean DEFAULT false)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_format_prompt';
COMMENT ON FUNCTION pg_catalog.gaiops_format_prompt(text, jsonb, boolean) IS
'Takes the address of a text prompt and values for its variables, and returns the text; with allow_partial, placeholders without a value are left standing';

CREATE FUNCTION pg_catalog.gaiops_format_messages(uri text, variables jsonb DEFAULT '{}', allow_partial boolean DEFAULT false)
RETURNS jsonb LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_format_messages';
COMMENT ON FUNCTION pg_catalog.gaiops_format_messages(text, jsonb, boolean) IS
'Takes the address of a prompt and values for its variables, and returns its messages; a text prompt is one system message';

CREATE FUNCTION pg_catalog.gaiops_prompt_variables(uri text)
RETURNS text[] LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_prompt_variables';
COMMENT ON FUNCTION pg_catalog.gaiops_prompt_variables(text) IS
'Takes the address of a prompt and returns the names of the variables and placeholders in it and in all it includes';
-- Searching prompts.  Runs as the caller, who may read the tables.

-- What is in quotes may have blanks, and is no term.  Tag: is as good as tag:.  Words
-- that look like terms are those with another colon, a bare alias, and what is in
-- filters of MLflow's.
CREATE FUNCTION gaiops.prompt_search_terms(query text, OUT term text, OUT kind text, OUT key text, OUT value text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH part AS (
		SELECT p.n, p.match[1] AS part, regexp_match(p.match[1], '^-?(tag|alias|author|name):(.*)$', 'i') AS term
		FROM regexp_matches(query, '(?:[^\s"]|"[^"]*(?:"|$))+', 'g') WITH ORDINALITY AS p (match, n)
	)
	SELECT p.part, lower(p.term[1]), btrim(t.tag[1], '"'), btrim(CASE lower(p.term[1]) WHEN 'tag' THEN t.tag[2] ELSE p.term[2] END, '"')
	FROM part AS p,
		regexp_match(CASE lower(p.term[1]) WHEN 'tag' THEN p.term[2] END, '^("[^"]*"|[^"=]*)(?:=(.*))?$') AS t (tag)
	WHERE p.term IS NOT NULL
	UNION ALL
	SELECT NULL, 'words', NULL, string_agg(p.part, ' ' ORDER BY p.n)
	FROM part AS p
	WHERE p.term IS NULL
	HAVING count(*) > 0
	UNION ALL
	SELECT NULL, 'lookalikes', NULL, left(string_agg(p.part, ', ' ORDER BY p.n), 255)
	FROM part AS p
	WHERE p.term IS NULL AND p.part ~ '^(-?[A-Za-z]+:.|-?@.|-?(name|tags?[.][^=]+)!?=|!?=$|I?LIKE$)'
	HAVING count(*) > 0
$$;
COMMENT ON FUNCTION gaiops.prompt_search_terms(text) IS 'Takes what to search prompts for; returns its terms, each with what it says, a row of what is left as words, and one of those words that look like terms';

-- Written as sets of names, each read from an index, which the planner joins.
CREATE FUNCTION gaiops.prompt_search_condition(kind text, key text, value text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE kind
		WHEN 'tag' THEN format('c.name IN (
			SELECT t.name FROM gaiops.prompt_tags AS t WHERE t.key = %1$L%2$s
			UNION ALL
			SELECT t.name FROM gaiops.prompt_version_tags AS t WHERE t.key = %1$L%2$s AND NOT EXISTS (
				SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = t.name AND d.version = t.version))',
			key, coalesce(' AND t.value = ' || quote_literal(value), ''))
		WHEN 'alias' THEN format('c.name IN (SELECT a.name FROM gaiops.prompt_aliases AS a WHERE a.alias = %L)', value)
		WHEN 'author' THEN format('c.name IN (
			SELECT v.name FROM gaiops.prompt_contents AS v WHERE v.created_by = %L AND NOT EXISTS (
				SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = v.name AND d.version = v.version))', value)
		WHEN 'name' THEN format('strpos(lower(c.name), lower(%L)) > 0', value)
	END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_condition(text, text, text) IS 'Takes a term of a search for prompts; returns it as a condition on c.name';

-- A tag of the prompt says nothing about its versions.  Joined by primary keys, so
-- that there is one row or none for a version.
CREATE FUNCTION gaiops.prompt_search_fit(n integer, kind text, key text, value text, OUT joined text, OUT fit text)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE kind
			WHEN 'tag' THEN format(' LEFT JOIN gaiops.prompt_version_tags AS t%1$s
				ON t%1$s.name = c.name AND t%1$s.version = c.version AND t%1$s.key = %2$L%3$s',
				n, key, format(CASE WHEN value IS NULL THEN '' ELSE ' AND t%s.value = %L' END, n, value))
			WHEN 'alias' THEN format(' LEFT JOIN gaiops.prompt_aliases AS t%1$s
				ON t%1$s.name = c.name AND t%1$s.version = c.version AND t%1$s.alias = %2$L', n, value)
			ELSE ''
		END,
		CASE
			WHEN kind IN ('tag', 'alias') THEN format(' + (t%s.name IS NOT NULL)::integer', n)
			WHEN kind = 'author' THEN format(' + (c.created_by = %L)::integer', value)
			ELSE ''
		END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_fit(integer, text, text, text) IS 'Takes a term of a search for prompts and its number among them; returns whether it is true of version c, as a join and a summand of 0 or 1, both empty for a term that is not about versions';

CREATE FUNCTION gaiops.prompt_search_conditions(query text, OUT joined text, OUT conditions text, OUT fit text, OUT words text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	at_most CONSTANT integer := 20;
	terms CONSTANT text := 'Terms are tag:key, tag:key=value, alias:production, author:role and name:text; what has blanks is put in double quotes, as in tag:owner="search team".';
	found record;
	about_version record;
	n integer := 0;
BEGIN
	conditions := '';
	joined := '';
	fit := '0::integer';
	FOR found IN SELECT * FROM gaiops.prompt_search_terms(query) LOOP
		IF found.kind = 'words' THEN
			words := found.value;
			CONTINUE;
		ELSIF found.kind = 'lookalikes' THEN
			RAISE NOTICE USING
				MESSAGE = format('searching for words that look like terms: %s', found.value),
				HINT = terms;
			CONTINUE;
		END IF;
		n := n + 1;
		IF n > at_most THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = 'too many terms in a search for prompts',
				DETAIL = format('There are at most %s.', at_most);
		ELSIF starts_with(found.term, '-') OR coalesce(found.key, found.value, '') = '' OR strpos(found.value, '"') > 0 THEN
			RAISE EXCEPTION USING
				ERRCODE = 'invalid_parameter_value',
				MESSAGE = format('invalid term in a search for prompts: %s', left(found.term, 255)),
				DETAIL = CASE
					WHEN starts_with(found.term, '-') THEN 'Only words can be negated.'
					ELSE 'It does not say what to look for, or has double quotes around a part of that.' END,
				HINT = terms;
		END IF;
		conditions := conditions || ' AND ' || gaiops.prompt_search_condition(found.kind, found.key, found.value);
		about_version := gaiops.prompt_search_fit(n, found.kind, found.key, found.value);
		joined := joined || about_version.joined;
		fit := fit || about_version.fit;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_conditions(text) IS 'Takes what to search prompts for; returns its terms as joins to c and conditions on c.name, how many of them are true of version c as an expression, and its words; raises if a term says nothing, and says if words look like terms';

-- Only the beginning of a very long text is looked through.
CREATE FUNCTION gaiops.prompt_snippet(template text, messages jsonb, wanted text)
RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	body text := left(coalesce(template, (
		SELECT string_agg(gaiops.message_text(m.message), ' ' ORDER BY m.n)
		FROM jsonb_array_elements(messages) WITH ORDINALITY AS m (message, n))), 20000);
	hit integer := regexp_instr(body, wanted, 1, 1, 0, 'i');
BEGIN
	IF hit > 100 THEN
		body := '…' || regexp_replace(substr(body, hit - 60, 1000), '^\S{0,59}\s+', '');
	END IF;
	body := btrim(regexp_replace(left(body, 1000), '\s+', ' ', 'g'));
	RETURN CASE WHEN length(body) > 200 THEN left(body, 199) || '…' ELSE body END;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_snippet(text, jsonb, text) IS 'Takes a template or messages, and a regular expression; returns one line from around its first match, or else from the beginning';

-- As they are, and with blanks for what gaiops.prompt_words() takes for the end of
-- a word.  That nothing is left of them is no notice to whoever searches.  A line of
-- dashes is a blank: to PostgreSQL each one negates the next, and more than 32 are an
-- internal error.
CREATE FUNCTION gaiops.prompt_search_query(words text)
RETURNS tsquery
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = warning
AS $$
DECLARE
	plain CONSTANT text := regexp_replace(words, '-(?:\s*-)+', ' ', 'g');
	given CONSTANT tsquery := websearch_to_tsquery('simple', plain);
	apart CONSTANT tsquery := websearch_to_tsquery('simple', regexp_replace(plain, '[^[:alnum:]\s"-]+|(?<=[[:alnum:]])-', ' ', 'g'));
BEGIN
	RETURN CASE WHEN given = apart THEN given ELSE given || apart END;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_query(text) IS 'Takes the words of a search for prompts; returns them as a query on gaiops.prompt_contents.words';

-- The words that a query looks for, without those it excludes, as a regular
-- expression; the template may have them in upper case.
CREATE FUNCTION gaiops.wanted_words(query tsquery)
RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT '(?<![[:alnum:]])(?:' || string_agg(regexp_replace(replace(replace(m.match[1], '''''', ''''), '\\', '\'),
		'([^[:alnum:]])', '\\\1', 'g'), '|') || ')(?![[:alnum:]])'
	FROM regexp_matches(querytree(query), '''((?:[^'']|'''')*)''', 'g') AS m (match)
$$;
COMMENT ON FUNCTION gaiops.wanted_words(tsquery) IS 'Takes a query; returns a regular expression for the words it looks for, NULL if there are none';

-- A prompt is found if each term is true of it or of a live version, and the words
-- are in a live version, be they different ones.  What is shown of it is a version
-- with the words; among these the one of which most terms are true (alias: of the
-- version it points to, tag: of those that have it, author: of those by that role);
-- then the one that has the words best; then the latest.
--
-- Planned anew for each search, with conditions for nothing but what is asked.
-- OFFSET 0 keeps the planner from adding up every prompt there is.
CREATE FUNCTION gaiops.prompt_search_statement(query text, OUT statement text, OUT words tsquery)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_live CONSTANT text := 'NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)';
	wanted CONSTANT record := gaiops.prompt_search_conditions(query);
	best text;
BEGIN
	words := gaiops.prompt_search_query(wanted.words);
	IF words IS NULL THEN
		best := format('SELECT c.name, (max(ARRAY[%s, c.version]))[2] AS version, 0::real AS rank, max(c.created_at) AS updated_at
			FROM gaiops.prompt_contents AS c%s WHERE %s%s GROUP BY c.name', wanted.fit, wanted.joined, is_live, wanted.conditions);
	ELSE
		best := format('SELECT DISTINCT ON (c.name) c.name, c.version, ts_rank(c.words, $1) AS rank, NULL::timestamptz AS updated_at
			FROM gaiops.prompt_contents AS c%s WHERE c.words @@ $1 AND %s%s
			ORDER BY c.name, %s DESC, rank DESC, c.version DESC', wanted.joined, is_live, wanted.conditions, wanted.fit);
	END IF;
	statement := format('
		SELECT b.name, b.version, b.rank, gaiops.prompt_snippet(c.template, c.messages, $3), p.latest_version, p.aliases, p.tags
		FROM (SELECT * FROM (%s) AS f ORDER BY f.rank DESC, f.updated_at DESC, f.name LIMIT $2) AS b
			JOIN gaiops.prompt_contents AS c ON c.name = b.name AND c.version = b.version
			CROSS JOIN LATERAL (SELECT * FROM gaiops.prompts AS p WHERE p.name = b.name OFFSET 0) AS p
		ORDER BY b.rank DESC, b.updated_at DESC, b.name', best);
END
$$;
COMMENT ON FUNCTION gaiops.prompt_search_statement(text) IS 'Takes what to search prompts for; returns the statement that does it, and its words; the statement takes these, the most rows it is to return, and a regular expression for snippets';

CREATE FUNCTION pg_catalog.gaiops_search_prompts(query text, max_results integer DEFAULT 100)
RETURNS TABLE (name text, version integer, rank real, snippet text, latest_version integer, aliases jsonb, tags jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	search record;
BEGIN
	PERFORM gaiops.check_given('query', query);
	PERFORM gaiops.check_given('max_results', max_results);
	IF max_results NOT BETWEEN 1 AND 1000 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "max_results" is out of range',
			DETAIL = format('It is %s; it must be from 1 to 1000.', max_results);
	END IF;
	PERFORM gaiops.check_size('query', query, 3000);
	search := gaiops.prompt_search_statement(query);
	RETURN QUERY EXECUTE search.statement USING search.words, max_results, gaiops.wanted_words(search.words);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_search_prompts(text, integer) IS 'Takes words and terms (tag:key, tag:key=value, alias:production, author:role, name:text) and how many prompts to return at most; returns those that match, the best first, each with the version that matches best';
-- Taking prompts from one database to another, as a document: see
-- prompt_document.sql.

-- ---- export: runs as the caller, who may read the tables ----

CREATE FUNCTION gaiops.export_prompt_versions(prompt text)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT coalesce(jsonb_agg(
		-- Stripped of what is NULL; nulls within JSON stay.
		jsonb_strip_nulls(jsonb_build_object('version', c.version, 'kind', c.kind, 'template', c.template, 'syntax', c.syntax,
			'content_hash', c.content_hash, 'commit_message', c.commit_message, 'created_at', c.created_at, 'created_by', c.created_by,
			'deleted_at', d.deleted_at, 'deleted_by', d.deleted_by))
		|| CASE WHEN c.messages IS NULL THEN '{}' ELSE jsonb_build_object('messages', c.messages) END
		|| CASE WHEN c.response_format IS NULL THEN '{}' ELSE jsonb_build_object('response_format', c.response_format) END
		|| CASE WHEN c.model_config IS NULL THEN '{}' ELSE jsonb_build_object('model_config', c.model_config) END
		|| jsonb_build_object('includes', coalesce((
			SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', i.included_name, 'version', i.included_version,
				'alias', i.alias, 'follow', i.follow)) ORDER BY i.position)
			FROM gaiops.prompt_includes AS i
			WHERE i.name = c.name AND i.version = c.version), '[]'),
		'tags', coalesce((
			SELECT jsonb_agg(to_jsonb(t) - 'name' - 'version' ORDER BY t.key)
			FROM gaiops.prompt_version_tags AS t
			WHERE t.name = c.name AND t.version = c.version), '[]')) ORDER BY c.version), '[]')
	FROM gaiops.prompt_contents AS c LEFT JOIN gaiops.prompt_deletions AS d USING (name, version)
	WHERE c.name = prompt
$$;
COMMENT ON FUNCTION gaiops.export_prompt_versions(text) IS 'Takes the name of a prompt; returns its versions, deleted ones included, as in a document of prompts';

CREATE FUNCTION gaiops.export_alias_history(prompt text)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH move AS (
		SELECT h.*, row_number() OVER (ORDER BY h.id) AS n
		FROM gaiops.prompt_alias_history AS h
		WHERE h.name = prompt
	)
	SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('alias', m.alias, 'from_version', m.from_version,
		'to_version', m.to_version, 'reason', m.reason, 'undoes', u.n, 'moved_at', m.moved_at, 'moved_by', m.moved_by)) ORDER BY m.n), '[]')
	FROM move AS m LEFT JOIN move AS u ON u.id = m.undoes
$$;
COMMENT ON FUNCTION gaiops.export_alias_history(text) IS 'Takes the name of a prompt; returns the moves of its aliases as in a document of prompts';

CREATE FUNCTION gaiops.export_prompt(prompt text, highest_number integer)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_build_object('name', prompt, 'highest_number', highest_number,
		'versions', gaiops.export_prompt_versions(prompt),
		'tags', coalesce((
			SELECT jsonb_agg(to_jsonb(t) - 'name' ORDER BY t.key)
			FROM gaiops.prompt_tags AS t WHERE t.name = prompt), '[]'),
		'aliases', coalesce((
			SELECT jsonb_agg(to_jsonb(a) - 'name' ORDER BY a.alias)
			FROM gaiops.prompt_aliases AS a WHERE a.name = prompt), '[]'),
		'alias_history', gaiops.export_alias_history(prompt),
		'protected_aliases', coalesce((
			SELECT jsonb_agg(to_jsonb(p) - 'name' ORDER BY p.alias)
			FROM gaiops.protected_prompt_aliases AS p WHERE p.name = prompt), '[]'))
$$;
COMMENT ON FUNCTION gaiops.export_prompt(text, integer) IS 'Takes the name of a prompt and the highest number drawn for it; returns it as in a document of prompts';

-- Times are written in UTC, so that the same prompts make the same document.  A version
-- that this transaction registered may be seen where its number, which another one drew,
-- is not.
CREATE FUNCTION pg_catalog.gaiops_export_prompts(names text[] DEFAULT NULL)
RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET timezone = 'UTC'
AS $$
DECLARE
	unknown text;
BEGIN
	PERFORM gaiops.check_elements('names', names);
	SELECT n INTO unknown FROM unnest(names) WITH ORDINALITY AS u (n, i)
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_numbers AS d WHERE d.name = u.n)
			AND NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = u.n)
		ORDER BY u.i LIMIT 1;
	IF FOUND THEN
		PERFORM gaiops.raise_unknown_prompt(unknown, NULL);
	END IF;
	RETURN (
		SELECT jsonb_build_object('format', 'gaiops-prompts', 'format_version', 1, 'exported_at', now(),
			'prompts', coalesce(jsonb_agg(gaiops.export_prompt(d.name, d.highest_number) ORDER BY d.name), '[]'))
		FROM (
			SELECT n.name, max(n.version) AS highest_number
			FROM (
				SELECT d.name, d.version FROM gaiops.prompt_numbers AS d
				UNION ALL
				SELECT c.name, c.version FROM gaiops.prompt_contents AS c) AS n
			WHERE names IS NULL OR n.name = ANY (names)
			GROUP BY n.name) AS d);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_export_prompts(text[]) IS 'Takes names of prompts, NULL for all; returns everything there is about them as a document for gaiops_import_prompts()';

-- ---- import: what is to be done ----

CREATE FUNCTION gaiops.prompt_document_versions(
	document jsonb, OUT content gaiops.prompt_contents, OUT includes jsonb, OUT tags jsonb, OUT deleted_at timestamptz, OUT deleted_by name)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_populate_record(NULL::gaiops.prompt_contents, v.version || jsonb_build_object('name', p.name)),
		coalesce(v.version -> 'includes', '[]'), coalesce(v.version -> 'tags', '[]'),
		(v.version ->> 'deleted_at')::timestamptz, (v.version ->> 'deleted_by')::name
	FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, versions jsonb),
		jsonb_array_elements(p.versions) AS v (version)
$$;
COMMENT ON FUNCTION gaiops.prompt_document_versions(jsonb) IS 'Takes a document of prompts; returns the versions in it, each as a row of gaiops.prompt_contents and what the other tables have of it';

CREATE FUNCTION gaiops.list_some(items text[])
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_to_string(items[:10], ', ') || CASE WHEN cardinality(items) > 10 THEN format(' and %s more', cardinality(items) - 10) ELSE '' END
$$;
COMMENT ON FUNCTION gaiops.list_some(text[]) IS 'Takes a list and returns it in words, no more than ten of it';

-- An alias that was deleted or protected here is known here.
CREATE FUNCTION gaiops.missing_prompt_aliases(document jsonb, OUT name text, OUT alias text, OUT version integer)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT d.name, d.alias, max(d.version)
	FROM (
		SELECT p.name, a.alias, a.version
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb), jsonb_to_recordset(p.aliases) AS a (alias text, version integer)
		UNION ALL
		SELECT p.name, h.alias, NULL
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, alias_history jsonb), jsonb_to_recordset(p.alias_history) AS h (alias text)
	) AS d (name, alias, version)
	WHERE NOT EXISTS (SELECT FROM gaiops.prompt_aliases AS a WHERE a.name = d.name AND a.alias = d.alias)
		AND NOT EXISTS (SELECT FROM gaiops.prompt_alias_history AS h WHERE h.name = d.name AND h.alias = d.alias)
		AND NOT EXISTS (SELECT FROM gaiops.protected_prompt_aliases AS p WHERE p.name = d.name AND p.alias = d.alias)
	GROUP BY d.name, d.alias
$$;
COMMENT ON FUNCTION gaiops.missing_prompt_aliases(jsonb) IS 'Takes a document of prompts; returns the aliases in it of which nothing is known here, and where they point, NULL if only their history is there';

-- Whoever can change tables by hand can make an export that nobody should trust,
-- but need not give up the other prompts in it.
CREATE FUNCTION gaiops.unfounded_prompt_aliases(document jsonb, OUT name text, OUT alias text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	WITH prompt AS (
		SELECT * FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb, alias_history jsonb)
	), last_move AS (
		SELECT DISTINCT ON (p.name, h.move ->> 'alias') p.name, h.move ->> 'alias' AS alias, (h.move -> 'to_version')::integer AS version
		FROM prompt AS p, jsonb_array_elements(p.alias_history) WITH ORDINALITY AS h (move, n)
		ORDER BY p.name, h.move ->> 'alias', h.n DESC
	), alias AS (
		SELECT p.name, a.alias, a.version
		FROM prompt AS p, jsonb_to_recordset(p.aliases) AS a (alias text, version integer)
	)
	SELECT name, alias
	FROM alias AS a FULL JOIN last_move AS m USING (name, alias)
	WHERE a.version IS DISTINCT FROM m.version
$$;
COMMENT ON FUNCTION gaiops.unfounded_prompt_aliases(jsonb) IS 'Takes a document of prompts; returns the aliases in it that do not point to where their history says';

CREATE FUNCTION gaiops.judge_prompts(document jsonb, OUT name text, OUT action text, OUT detail text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH version AS MATERIALIZED (
		SELECT (v.content).name, (v.content).version, (v.content).content_hash AS hash, gaiops.prompt_hash((v.content).kind,
			(v.content).template, (v.content).messages, nullif((v.content).response_format, '{}'), nullif((v.content).model_config, '{}'),
			(v.content).syntax, gaiops.hashed_prompt_includes(v.includes)) AS true_hash
		FROM gaiops.prompt_document_versions(document) AS v
	), trouble AS (
		SELECT 1 AS rank, v.name, 'refused' AS action, format('The content_hash is not that of the content: version %s.',
			gaiops.list_some(array_agg(v.version::text ORDER BY v.version))) AS detail
		FROM version AS v
		WHERE v.hash <> v.true_hash
		GROUP BY v.name
		UNION ALL
		SELECT 2, u.name, 'refused', format('Does not fit its history: alias %s.',
			gaiops.list_some(array_agg(format('"%s"', u.alias) ORDER BY u.alias COLLATE "C")))
		FROM gaiops.unfounded_prompt_aliases(document) AS u
		GROUP BY u.name
		UNION ALL
		SELECT 3, v.name, 'conflict', format('Something else here: version %s.', gaiops.list_some(array_agg(v.version::text ORDER BY v.version)))
		FROM version AS v JOIN gaiops.prompt_contents AS c ON c.name = v.name AND c.version = v.version
		WHERE c.content_hash <> v.hash
		GROUP BY v.name
		UNION ALL
		SELECT 4, v.name, 'conflict', format('Drawn here for something that was not kept: version %s.',
			gaiops.list_some(array_agg(v.version::text ORDER BY v.version)))
		FROM version AS v JOIN gaiops.prompt_numbers AS n ON n.name = v.name AND n.version = v.version
		WHERE n.token IS NOT NULL
			AND NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = v.name AND c.version = v.version)
		GROUP BY v.name
		UNION ALL
		SELECT 5, a.name, 'conflict', format('Deleted here, but an alias is to point to it: version %s.',
			gaiops.list_some(array_agg(DISTINCT a.version::text)))
		FROM gaiops.missing_prompt_aliases(document) AS a
			JOIN gaiops.prompt_deletions AS d ON d.name = a.name AND d.version = a.version
		GROUP BY a.name
	)
	SELECT t.name, (array_agg(t.action ORDER BY t.rank))[1], string_agg(t.detail, ' ' ORDER BY t.rank)
	FROM trouble AS t
	GROUP BY t.name
$$;
COMMENT ON FUNCTION gaiops.judge_prompts(jsonb) IS 'Takes a document of prompts; returns those that cannot be imported, by what they say and by what is here, and why';

-- All but what is blocked is imported, or is here already.
CREATE FUNCTION gaiops.judge_prompt_includes(document jsonb, blocked jsonb, OUT name text, OUT detail text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH version AS MATERIALIZED (
		SELECT (v.content).name, (v.content).version, (v.content).content_hash AS hash, v.includes,
			v.deleted_at IS NOT NULL AS is_deleted, blocked ? (v.content).name AS is_blocked
		FROM gaiops.prompt_document_versions(document) AS v
	), include AS (
		SELECT v.name, v.version, i.name AS included_name, i.version AS included_version, CASE WHEN i.follow THEN i.alias END AS alias
		FROM version AS v, jsonb_to_recordset(v.includes) AS i (name text, version integer, alias text, follow boolean)
		WHERE NOT v.is_deleted AND NOT v.is_blocked
			AND NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c WHERE c.name = v.name AND c.version = v.version)
	), alias AS MATERIALIZED (
		SELECT a.name, a.alias FROM gaiops.prompt_aliases AS a
		UNION ALL
		SELECT m.name, m.alias FROM gaiops.missing_prompt_aliases(document) AS m WHERE m.version IS NOT NULL AND NOT blocked ? m.name
	), problem AS (
		SELECT i.name, i.version, format('prompts:/%s/%s', i.included_name, i.included_version) AS included, CASE
			WHEN d.name IS NOT NULL THEN 'is deleted here'
			WHEN c.name IS NOT NULL AND v.hash <> c.content_hash THEN 'says something else here'
			WHEN c.name IS NOT NULL THEN NULL
			WHEN v.name IS NULL THEN 'is neither here nor in the document'
			WHEN v.is_blocked THEN 'is not imported'
			WHEN v.is_deleted THEN 'is deleted' END AS problem
		FROM include AS i
			LEFT JOIN gaiops.prompt_contents AS c ON c.name = i.included_name AND c.version = i.included_version
			LEFT JOIN gaiops.prompt_deletions AS d ON d.name = i.included_name AND d.version = i.included_version
			LEFT JOIN version AS v ON v.name = i.included_name AND v.version = i.included_version
		WHERE i.alias IS NULL
		UNION ALL
		SELECT i.name, i.version, format('prompts:/%s@%s', i.included_name, i.alias), 'is neither here nor imported'
		FROM include AS i
		WHERE i.alias IS NOT NULL AND NOT EXISTS (SELECT FROM alias AS a WHERE a.name = i.included_name AND a.alias = i.alias)
	)
	SELECT DISTINCT ON (p.name) p.name, format('Version %s includes %s, which %s.', p.version, p.included, p.problem)
	FROM problem AS p
	WHERE p.problem IS NOT NULL
	ORDER BY p.name, p.version, p.included
$$;
COMMENT ON FUNCTION gaiops.judge_prompt_includes(jsonb, jsonb) IS 'Takes a document of prompts and an object of those not imported; returns others that cannot be, because of what they include, and why';

CREATE FUNCTION gaiops.prepare_prompts(document jsonb, blocked jsonb, OUT content gaiops.prompt_contents, OUT problem text)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given record;
	cause text;
BEGIN
	FOR given IN
		SELECT v.content, v.includes FROM gaiops.prompt_document_versions(document) AS v
		WHERE NOT blocked ? (v.content).name AND NOT EXISTS (
			SELECT FROM gaiops.prompt_contents AS c
			WHERE c.name = (v.content).name AND c.version = (v.content).version)
		ORDER BY (v.content).name, (v.content).version
	LOOP
		content := given.content;
		problem := NULL;
		BEGIN
			content := (gaiops.prepare_prompt_version(given.content, given.includes)).content;
		EXCEPTION WHEN data_exception OR program_limit_exceeded OR SQLSTATE 'LM013' THEN
			GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL;
			problem := concat_ws(' ', format('Version %s: %s.', content.version, SQLERRM), nullif(cause, ''));
		END;
		RETURN NEXT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.prepare_prompts(jsonb, jsonb) IS 'Takes a document of prompts and an object of those not imported; returns the versions that are not here as they may be stored, or what is wrong with them';

-- ---- import: doing it ----

CREATE FUNCTION gaiops.import_prompt_versions(document jsonb, contents gaiops.prompt_contents[])
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH version AS MATERIALIZED (
		SELECT (v.content).name, (v.content).version, v.includes, v.tags, v.deleted_at, v.deleted_by
		FROM gaiops.prompt_document_versions(document) AS v
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_contents AS c
			WHERE c.name = (v.content).name AND c.version = (v.content).version)
	), content AS (
		INSERT INTO gaiops.prompt_contents SELECT c.* FROM unnest(contents) AS c
		RETURNING name
	), include AS (
		INSERT INTO gaiops.prompt_includes
		SELECT v.name, v.version, i.n, i.name, i.version, i.alias, i.follow
		FROM version AS v, ROWS FROM (jsonb_to_recordset(v.includes) AS (name text, version integer, alias text, follow boolean))
			WITH ORDINALITY AS i (name, version, alias, follow, n)
	), deletion AS (
		INSERT INTO gaiops.prompt_deletions
		SELECT v.name, v.version, v.deleted_at, v.deleted_by
		FROM version AS v WHERE v.deleted_at IS NOT NULL
	), tag AS (
		INSERT INTO gaiops.prompt_version_tags
		SELECT v.name, v.version, t.key, t.value, t.updated_at, t.updated_by
		FROM version AS v, jsonb_to_recordset(v.tags) AS t (key text, value text, updated_at timestamptz, updated_by name)
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (SELECT c.name, count(*) AS n FROM content AS c GROUP BY c.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_prompt_versions(jsonb, gaiops.prompt_contents[]) IS 'Takes a document of prompts and the versions of it that are not here as they may be stored; stores them with all that is theirs, and returns how many by prompt';

-- What was deleted here gets no tags.
CREATE FUNCTION gaiops.import_prompt_tags(document jsonb)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH live AS MATERIALIZED (
		SELECT c.name, c.version FROM gaiops.prompt_contents AS c
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
	), version_tag AS (
		INSERT INTO gaiops.prompt_version_tags
		SELECT l.name, l.version, t.key, t.value, t.updated_at, t.updated_by
		FROM gaiops.prompt_document_versions(document) AS v
			JOIN live AS l ON l.name = (v.content).name AND l.version = (v.content).version
			CROSS JOIN LATERAL jsonb_to_recordset(v.tags) AS t (key text, value text, updated_at timestamptz, updated_by name)
		ON CONFLICT DO NOTHING
		RETURNING name
	), tag AS (
		INSERT INTO gaiops.prompt_tags
		SELECT p.name, t.key, t.value, t.updated_at, t.updated_by
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, tags jsonb),
			jsonb_to_recordset(p.tags) AS t (key text, value text, updated_at timestamptz, updated_by name)
		WHERE p.name IN (SELECT l.name FROM live AS l)
		ON CONFLICT DO NOTHING
		RETURNING name
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (
		SELECT a.name, count(*) AS n
		FROM (SELECT v.name FROM version_tag AS v UNION ALL SELECT t.name FROM tag AS t) AS a
		GROUP BY a.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_prompt_tags(jsonb) IS 'Takes a document of prompts, adds the tags that are missing here, and returns how many by prompt';

CREATE FUNCTION gaiops.import_prompt_aliases(document jsonb)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH missing AS MATERIALIZED (
		SELECT * FROM gaiops.missing_prompt_aliases(document)
	), alias AS (
		INSERT INTO gaiops.prompt_aliases
		SELECT m.name, m.alias, m.version, a.updated_at, a.updated_by
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.aliases) AS a (alias text, updated_at timestamptz, updated_by name)
			JOIN missing AS m ON m.name = p.name AND m.alias = a.alias
	), move AS MATERIALIZED (
		SELECT nextval('gaiops.prompt_alias_history_id_seq') AS id, o.*
		FROM (
			SELECT p.name, h.*
			FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, alias_history jsonb)
				CROSS JOIN LATERAL ROWS FROM (jsonb_to_recordset(p.alias_history) AS (alias text, from_version integer, to_version integer,
					reason text, undoes bigint, moved_at timestamptz, moved_by name)) WITH ORDINALITY
					AS h (alias, from_version, to_version, reason, undoes, moved_at, moved_by, n)
				JOIN missing AS m ON m.name = p.name AND m.alias = h.alias
			ORDER BY p.name, h.n) AS o
	), history AS (
		INSERT INTO gaiops.prompt_alias_history (id, name, alias, from_version, to_version, reason, undoes, moved_at, moved_by)
		SELECT m.id, m.name, m.alias, m.from_version, m.to_version, m.reason, u.id, m.moved_at, m.moved_by
		FROM move AS m LEFT JOIN move AS u ON u.name = m.name AND u.n = m.undoes
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (SELECT m.name, count(*) AS n FROM missing AS m GROUP BY m.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_prompt_aliases(jsonb) IS 'Takes a document of prompts, adds the aliases that are missing here with their history, and returns how many by prompt';

CREATE FUNCTION gaiops.import_alias_protections(document jsonb)
RETURNS jsonb
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH protection AS (
		INSERT INTO gaiops.protected_prompt_aliases
		SELECT p.name, a.alias, a.roles, a.protected_at, a.protected_by
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, protected_aliases jsonb),
			jsonb_to_recordset(p.protected_aliases) AS a (alias text, roles text[], protected_at timestamptz, protected_by name)
		ON CONFLICT DO NOTHING
		RETURNING name
	)
	SELECT coalesce(jsonb_object_agg(n.name, n.n), '{}')
	FROM (SELECT p.name, count(*) AS n FROM protection AS p GROUP BY p.name) AS n
$$;
COMMENT ON FUNCTION gaiops.import_alias_protections(jsonb) IS 'Takes a document of prompts, protects the aliases that are not protected here, and returns how many by prompt';

CREATE FUNCTION gaiops.reserve_document_numbers(document jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	names text[];
	numbers integer[];
BEGIN
	SELECT array_agg(p.name ORDER BY p.name COLLATE "C"), array_agg(p.highest_number ORDER BY p.name COLLATE "C") INTO names, numbers
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, highest_number integer)
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_numbers AS n WHERE n.name = p.name AND n.version >= p.highest_number);
	IF names IS NULL THEN
		RETURN '{}';
	END IF;
	PERFORM gaiops.reserve_prompt_versions(names, numbers);
	RETURN (SELECT jsonb_object_agg(n.name, n.number) FROM unnest(names, numbers) AS n (name, number));
END
$$;
COMMENT ON FUNCTION gaiops.reserve_document_numbers(jsonb) IS 'Takes a document of prompts, has the numbers that were drawn where it is from taken here, too, and returns the highest one by prompt, where they were not';

CREATE FUNCTION gaiops.kept_prompt_parts(document jsonb, OUT name text, OUT detail text)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH kept AS (
		SELECT p.name, 1 AS rank, format('alias "%s"', d.alias) AS what
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, aliases jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.aliases) AS d (alias text, version integer)
			LEFT JOIN gaiops.prompt_aliases AS a ON a.name = p.name AND a.alias = d.alias
		WHERE a.version IS DISTINCT FROM d.version
			AND NOT EXISTS (SELECT FROM gaiops.missing_prompt_aliases(document) AS m WHERE m.name = p.name AND m.alias = d.alias)
		UNION ALL
		SELECT p.name, 2, format('tag "%s"', d.key)
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, tags jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.tags) AS d (key text, value text)
			JOIN gaiops.prompt_tags AS t ON t.name = p.name AND t.key = d.key
		WHERE t.value <> d.value
		UNION ALL
		SELECT (v.content).name, 3, format('tag "%s" of version %s', d.key, t.version)
		FROM gaiops.prompt_document_versions(document) AS v
			CROSS JOIN LATERAL jsonb_to_recordset(v.tags) AS d (key text, value text)
			JOIN gaiops.prompt_version_tags AS t ON t.name = (v.content).name AND t.version = (v.content).version AND t.key = d.key
		WHERE t.value <> d.value
		UNION ALL
		SELECT c.name, 4, format('version %s, which is deleted %s', c.version, CASE WHEN d.name IS NULL THEN 'in the document' ELSE 'here' END)
		FROM gaiops.prompt_document_versions(document) AS v
			JOIN gaiops.prompt_contents AS c ON c.name = (v.content).name AND c.version = (v.content).version
			LEFT JOIN gaiops.prompt_deletions AS d ON d.name = c.name AND d.version = c.version
		WHERE (d.name IS NULL) = (v.deleted_at IS NOT NULL)
		UNION ALL
		SELECT p.name, 5, format('protection of alias "%s"', d.alias)
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text, protected_aliases jsonb)
			CROSS JOIN LATERAL jsonb_to_recordset(p.protected_aliases) AS d (alias text, roles text[])
			JOIN gaiops.protected_prompt_aliases AS a ON a.name = p.name AND a.alias = d.alias
		WHERE NOT (a.roles @> d.roles AND a.roles <@ d.roles)
	)
	SELECT k.name, format('Left as it is here: %s.', gaiops.list_some(array_agg(k.what ORDER BY k.rank, k.what)))
	FROM kept AS k
	GROUP BY k.name
$$;
COMMENT ON FUNCTION gaiops.kept_prompt_parts(jsonb) IS 'Takes a document of prompts; returns what of each is otherwise here and will stay so';

CREATE FUNCTION gaiops.judge_document(document jsonb, OUT verdicts jsonb, OUT contents gaiops.prompt_contents[])
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unmet jsonb;
BEGIN
	SELECT coalesce(jsonb_object_agg(j.name, jsonb_build_object('action', j.action, 'detail', j.detail)), '{}') INTO verdicts
		FROM gaiops.judge_prompts(document) AS j;
	SELECT verdicts || coalesce(jsonb_object_agg((p.content).name, jsonb_build_object('action', 'refused', 'detail', p.problem)
				ORDER BY (p.content).version DESC) FILTER (WHERE p.problem IS NOT NULL), '{}'),
			array_agg(p.content) FILTER (WHERE p.problem IS NULL)
		INTO verdicts, contents
		FROM gaiops.prepare_prompts(document, verdicts) AS p;
	LOOP
		SELECT jsonb_object_agg(u.name, jsonb_build_object('action', 'refused', 'detail', u.detail)) INTO unmet
			FROM gaiops.judge_prompt_includes(document, verdicts) AS u;
		EXIT WHEN unmet IS NULL;
		verdicts := verdicts || unmet;
	END LOOP;
	contents := ARRAY(SELECT c FROM unnest(contents) AS c WHERE NOT verdicts ? c.name);
END
$$;
COMMENT ON FUNCTION gaiops.judge_document(jsonb) IS 'Takes a document of prompts; returns an object of those that cannot be imported, and the versions of the others that are not here, as they may be stored';

-- The writer draws numbers, whatever we have locked.
CREATE FUNCTION gaiops.check_undrawn(contents gaiops.prompt_contents[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	drawn text;
BEGIN
	SELECT format('prompts:/%s/%s', n.name, n.version) INTO drawn
		FROM unnest(contents) AS c JOIN gaiops.prompt_numbers AS n ON n.name = c.name AND n.version = c.version
		WHERE n.token IS NOT NULL
		ORDER BY n.name, n.version LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = 'could not import prompts that are registered at the same time',
			DETAIL = format('%s was drawn meanwhile.', drawn),
			HINT = 'Import the document again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_undrawn(gaiops.prompt_contents[]) IS 'Takes versions that are to be stored and returns nothing; raises if the number of one was drawn here';

CREATE FUNCTION gaiops.import_judged_prompts(document jsonb, contents gaiops.prompt_contents[])
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	added jsonb;
BEGIN
	added := jsonb_build_object('kept', (
		SELECT coalesce(jsonb_object_agg(k.name, k.detail), '{}') FROM gaiops.kept_prompt_parts(document) AS k));
	added := added || jsonb_build_object('numbers', gaiops.reserve_document_numbers(document));
	PERFORM gaiops.check_undrawn(contents);
	added := added || jsonb_build_object('versions', gaiops.import_prompt_versions(document, contents));
	added := added || jsonb_build_object('tags', gaiops.import_prompt_tags(document));
	added := added || jsonb_build_object('aliases', gaiops.import_prompt_aliases(document));
	added := added || jsonb_build_object('protections', gaiops.import_alias_protections(document));
	PERFORM gaiops.check_prompt(c.name, c.version)
		FROM unnest(contents) AS c
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_deletions AS d WHERE d.name = c.name AND d.version = c.version)
		ORDER BY c.name, c.version;
	RETURN added;
END
$$;
COMMENT ON FUNCTION gaiops.import_judged_prompts(jsonb, gaiops.prompt_contents[]) IS 'Takes a document of prompts that can be imported, and the versions of it that are not here as they may be stored; adds what is missing here, and returns how much by kind and prompt, and what stays otherwise; raises if a version could not be used';

CREATE FUNCTION gaiops.describe_import(prompt text, added jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT 'Added: ' || string_agg(format(CASE a.n WHEN 1 THEN a.one ELSE a.many END, a.n), ', ' ORDER BY a.rank) || '.'
	FROM (VALUES
		(1, '%s version', '%s versions', (added #> ARRAY['versions', prompt])::integer),
		(2, '%s tag', '%s tags', (added #> ARRAY['tags', prompt])::integer),
		(3, '%s alias', '%s aliases', (added #> ARRAY['aliases', prompt])::integer),
		(4, '%s protected alias', '%s protected aliases', (added #> ARRAY['protections', prompt])::integer),
		(5, 'number %s', 'numbers up to %s',
			CASE WHEN NOT (added -> 'versions') ? prompt THEN (added #> ARRAY['numbers', prompt])::integer END)
	) AS a (rank, one, many, n)
	WHERE a.n IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.describe_import(text, jsonb) IS 'Takes a prompt and what gaiops.import_judged_prompts() returned; returns what was added of it, in words, NULL if nothing';

CREATE FUNCTION pg_catalog.gaiops_import_prompts(document jsonb)
RETURNS TABLE (name text, action text, detail text)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	judged record;
	known jsonb;
	added jsonb;
BEGIN
	PERFORM gaiops.check_import('gaiops_import_prompts');
	PERFORM gaiops.check_prompt_document(document);
	-- What is found here has to stay so.  Whoever changes any of it locks this table, or a row of it, first, so
	-- that nobody we wait for waits for us.  Reading goes on.
	LOCK TABLE gaiops.prompt_contents IN EXCLUSIVE MODE;
	SELECT jsonb_object_agg(c.name, true) INTO known FROM gaiops.prompt_contents AS c;
	judged := gaiops.judge_document(document);
	added := gaiops.import_judged_prompts(jsonb_build_object('prompts', (
		SELECT coalesce(jsonb_agg(p ORDER BY n) FILTER (WHERE NOT judged.verdicts ? (p ->> 'name')), '[]')
		FROM jsonb_array_elements(document -> 'prompts') WITH ORDINALITY AS d (p, n))), judged.contents);
	RETURN QUERY
		SELECT p.name, coalesce(v.action, CASE
				WHEN i.words IS NULL THEN 'unchanged' WHEN known ? p.name THEN 'extended' ELSE 'imported' END),
			coalesce(v.detail, nullif(concat_ws(' ', i.words, added #>> ARRAY['kept', p.name]), ''))
		FROM jsonb_to_recordset(document -> 'prompts') AS p (name text)
			CROSS JOIN LATERAL gaiops.describe_import(p.name, added) AS i (words)
			CROSS JOIN LATERAL jsonb_to_record(coalesce(judged.verdicts -> p.name, '{}')) AS v (action text, detail text)
		ORDER BY p.name COLLATE "C";
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_import_prompts(jsonb) IS 'Takes a document of prompts from gaiops_export_prompts(), adds what is missing here, changes nothing that is there, and returns what was done with each prompt; raises if one would include itself';
-- Registering and deleting versions of prompts, and their tags.  Reading them is
-- in prompt_reading.sql, aliases are in prompt_aliases.sql.
--
-- Whatever makes a version used (an alias, another version's include, a tag)
-- locks its row in gaiops.prompt_contents FOR KEY SHARE; whoever deletes it locks
-- the row FOR UPDATE and then looks for users.  Both look again with the latest
-- snapshot once they have the lock, since a snapshot of REPEATABLE READ shows
-- nothing of what was committed while they waited.

-- Every run of letters and digits.  Cut to what a tsvector can hold: 1 MB, with
-- room for the words of a name and a commit message.
CREATE FUNCTION gaiops.plain_words(body text)
RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_to_tsvector(coalesce(array_agg(l.word), '{}'))
	FROM (
		SELECT d.word, sum(octet_length(d.word)) OVER (ORDER BY d.word COLLATE "C") AS bytes
		FROM (
			SELECT DISTINCT lower(w.word) AS word
			FROM regexp_split_to_table(body, '[^[:alnum:]]+') AS w (word)
			WHERE length(w.word) BETWEEN 1 AND 255
		) AS d
	) AS l
	WHERE l.bytes <= 950000
$$;
COMMENT ON FUNCTION gaiops.plain_words(text) IS 'Takes a text and returns its words without their positions; never raises, however long it is';

-- PostgreSQL's parser of texts takes time by the square for some that are long and have no
-- spaces, and for what looks like a comment of XML; it takes tags such as <rules> for no
-- words, and and/or for the name of a file.  Hence the spaces, and the plain words.  A query
-- may have a name whole, in parts, or as that parser takes it apart.
CREATE FUNCTION gaiops.placed_words(body text)
RETURNS tsvector
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
SET client_min_messages = error
AS $$
	SELECT to_tsvector('simple', regexp_replace(translate(body, '<>', '  '), '\S{100}', '\& ', 'g'))
$$;
COMMENT ON FUNCTION gaiops.placed_words(text) IS 'Takes a text and returns its words with their positions, without a notice on long ones; raises if they are too many';

CREATE FUNCTION gaiops.prompt_words(name text, commit_message text, template text, messages jsonb)
RETURNS tsvector
LANGUAGE plpgsql STABLE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	body CONSTANT text := coalesce(template, (
		SELECT string_agg(s.string #>> '{}', E'\n')
		FROM (
			SELECT jsonb_path_query(messages, 'lax $[*].content[*]')
			UNION ALL
			SELECT jsonb_path_query(messages, 'lax $[*].content[*].text')
		) AS s (string)
		WHERE jsonb_typeof(s.string) = 'string'), '');
	title CONSTANT tsvector := setweight(
		gaiops.placed_words(translate(name, '_.-', '   ')) || gaiops.placed_words(name)
			|| format('''%s'':1', lower(name COLLATE "C"))::tsvector, 'A');
	plain CONSTANT tsvector := gaiops.plain_words(concat_ws(' ', commit_message, body));
BEGIN
	RETURN title
		|| setweight(gaiops.placed_words(coalesce(commit_message, '')), 'B')
		|| setweight(gaiops.placed_words(body), 'C')
		|| plain;
EXCEPTION
	WHEN program_limit_exceeded THEN
		RETURN title || plain;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_words(text, text, text, jsonb) IS 'Takes the name, the commit message and the text of a version of a prompt and returns the words to search it by, those of the name weighted A, of the commit message B, of the text C; never raises for up to 1 MB';

CREATE FUNCTION gaiops.lock_prompt_version(prompt text, number integer, to_delete boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	is_seen boolean;
BEGIN
	IF to_delete THEN
		PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = prompt AND c.version = number FOR UPDATE;
	ELSE
		PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = prompt AND c.version = number FOR KEY SHARE;
	END IF;
	is_seen := FOUND;
	IF number < 1 THEN
		PERFORM gaiops.raise_unknown_prompt(prompt, number);
	END IF;
	-- Raises unless it is there and not deleted, as of now.
	PERFORM pg_catalog.gaiops_load_prompt(format('prompts:/%s/%s', prompt, number));
	IF NOT is_seen THEN
		RAISE EXCEPTION USING
			ERRCODE = 'serialization_failure',
			MESSAGE = format('could not lock version %s of prompt "%s"', number, prompt),
			DETAIL = 'It was registered after the snapshot of this transaction was taken.',
			HINT = 'Run the transaction again.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt_version(text, integer, boolean) IS 'Takes a version of a prompt, keeps it from being deleted, or used if it is to be deleted, until the transaction ends, and returns nothing; raises unless it exists';

CREATE FUNCTION gaiops.lock_given_version(prompt text, number integer, to_delete boolean DEFAULT false)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	PERFORM gaiops.check_given('version', number);
	PERFORM gaiops.lock_prompt_version(prompt, number, to_delete);
END
$$;
COMMENT ON FUNCTION gaiops.lock_given_version(text, integer, boolean) IS 'Takes a version of a prompt as a caller gave it and does as gaiops.lock_prompt_version(); returns nothing and raises unless it exists';

-- To the parser the address of an include is a text; here it is looked up.
CREATE FUNCTION gaiops.resolve_prompt_include(include jsonb)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	place CONSTANT text := format('Included at line %s, column %s.', include ->> 'line', include ->> 'column');
	found_version gaiops.prompt_versions;
	cause text;
	remedy text;
BEGIN
	found_version := pg_catalog.gaiops_load_prompt(include ->> 'address');
	IF found_version.kind = 'chat' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'LM013',
			MESSAGE = format('chat prompt "%s" cannot be included', found_version.name),
			DETAIL = place,
			HINT = 'Include text prompts only.';
	END IF;
	RETURN jsonb_strip_nulls(jsonb_build_object('name', found_version.name,
		'version', CASE WHEN (include -> 'follow')::boolean THEN NULL ELSE found_version.version END,
		'alias', include -> 'alias', 'follow', include -> 'follow'));
EXCEPTION
	WHEN SQLSTATE 'LM012' THEN
		GET STACKED DIAGNOSTICS cause = PG_EXCEPTION_DETAIL, remedy = PG_EXCEPTION_HINT;
		RAISE EXCEPTION USING
			ERRCODE = 'LM012',
			MESSAGE = SQLERRM,
			DETAIL = concat_ws(' ', nullif(cause, ''), place),
			HINT = coalesce(nullif(remedy, ''), 'Include one that is there.');
END
$$;
COMMENT ON FUNCTION gaiops.resolve_prompt_include(jsonb) IS 'Takes an include as gaiops.parse_prompt() returns it and returns it as in gaiops.prompt_versions, with the version it stands for now; raises unless there is one';

-- An import has the versions that includes stood for when they were registered.
CREATE FUNCTION gaiops.check_prompt_includes(parsed jsonb, includes jsonb)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bad bigint;
BEGIN
	SELECT min(coalesce(p.position, i.position)) INTO bad
		FROM jsonb_array_elements(parsed) WITH ORDINALITY AS p (include, position)
		FULL JOIN jsonb_array_elements(includes) WITH ORDINALITY AS i (include, position) USING (position)
		WHERE (p.include -> 'name' = i.include -> 'name'
			AND p.include -> 'follow' = i.include -> 'follow'
			AND (p.include -> 'follow')::boolean = (i.include -> 'version' IS NULL)
			AND coalesce(p.include -> 'version' = i.include -> 'version', true)
			AND p.include -> 'alias' IS NOT DISTINCT FROM i.include -> 'alias') IS NOT TRUE;
	IF bad IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "includes" is not what the template includes',
			DETAIL = format('Include %s is %s in the one and %s in the other.', bad,
				coalesce(includes ->> (bad - 1)::integer, 'missing'), coalesce(parsed ->> (bad - 1)::integer, 'missing'));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_includes(jsonb, jsonb) IS 'Takes includes as gaiops.parse_prompt() returns them and as in gaiops.prompt_versions and returns nothing; raises unless the second are the first, resolved';

-- In one order, so that two do not wait for each other: aliases before versions, as a move
-- of an alias locks them.  A move of an alias that is followed waits, since it could not see
-- the new follower.
CREATE FUNCTION gaiops.lock_prompt_includes(includes jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	included record;
BEGIN
	FOR included IN
		SELECT DISTINCT i.name COLLATE "C" AS name, i.version, CASE WHEN i.follow THEN i.alias COLLATE "C" END AS followed
		FROM jsonb_to_recordset(includes) AS i (name text, version integer, alias text, follow boolean)
		ORDER BY 3, 1, 2
	LOOP
		IF included.followed IS NOT NULL THEN
			PERFORM gaiops.lock_prompt_alias(included.name, included.followed);
		ELSE
			PERFORM gaiops.lock_prompt_version(included.name, included.version);
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt_includes(jsonb) IS 'Takes includes as in gaiops.prompt_versions, keeps them until the transaction ends, and returns nothing; raises unless they exist';

CREATE FUNCTION gaiops.check_prompt_content(content gaiops.prompt_contents)
RETURNS gaiops.prompt_contents
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_prompt_name(content.name);
	IF content.kind = 'text' THEN
		PERFORM gaiops.check_prompt_template(content.template);
	ELSE
		PERFORM gaiops.check_prompt_messages(content.messages);
	END IF;
	PERFORM gaiops.check_response_format(content.response_format);
	PERFORM gaiops.check_model_config(content.model_config);
	PERFORM gaiops.check_size('commit_message', content.commit_message, 10000);
	content.response_format := nullif(content.response_format, '{}');
	content.model_config := nullif(content.model_config, '{}');
	content.commit_message := nullif(content.commit_message, '');
	RETURN content;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_content(gaiops.prompt_contents) IS 'Takes a row for gaiops.prompt_contents with what a caller gave and returns it as it may be stored; raises otherwise';

-- All but the number, so that none is drawn for what is refused.
CREATE FUNCTION gaiops.prepare_prompt_version(INOUT content gaiops.prompt_contents, INOUT includes jsonb DEFAULT NULL)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	parsed record;
BEGIN
	content := gaiops.check_prompt_content(content);
	SELECT p.variables, p.includes INTO parsed
		FROM gaiops.parse_prompt(content.template, content.messages, content.syntax) AS p;
	IF includes IS NOT NULL THEN
		PERFORM gaiops.check_prompt_includes(parsed.includes, includes);
	ELSE
		includes := coalesce((
			SELECT jsonb_agg(gaiops.resolve_prompt_include(i.include) ORDER BY i.position)
			FROM jsonb_array_elements(parsed.includes) WITH ORDINALITY AS i (include, position)), '[]');
	END IF;
	content.variables := parsed.variables;
	content.words := gaiops.prompt_words(content.name, content.commit_message, content.template, content.messages);
	content.content_hash := gaiops.prompt_hash(content.kind, content.template, content.messages,
		content.response_format, content.model_config, content.syntax, gaiops.hashed_prompt_includes(includes));
END
$$;
COMMENT ON FUNCTION gaiops.prepare_prompt_version(gaiops.prompt_contents, jsonb) IS 'Takes a row for gaiops.prompt_contents with what a caller gave, and includes that were resolved before or NULL, and returns the row as it may be stored, without a number, and its includes; raises otherwise';

CREATE FUNCTION gaiops.store_prompt_version(content gaiops.prompt_contents, includes jsonb)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	INSERT INTO gaiops.prompt_contents VALUES (content.*);
	INSERT INTO gaiops.prompt_includes
		SELECT content.name, content.version, i.position, i.include ->> 'name', (i.include -> 'version')::integer,
			i.include ->> 'alias', (i.include -> 'follow')::boolean
		FROM jsonb_array_elements(includes) WITH ORDINALITY AS i (include, position);
END
$$;
COMMENT ON FUNCTION gaiops.store_prompt_version(gaiops.prompt_contents, jsonb) IS 'Takes what gaiops.prepare_prompt_version() returned, with a number, stores it and returns nothing';

-- For versions that come with their number, which must be one that was reserved.
CREATE FUNCTION gaiops.insert_prompt_version(
	name text, version integer, template text, messages jsonb, response_format jsonb, model_config jsonb,
	syntax text, commit_message text, created_at timestamptz, created_by name, includes jsonb DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
	prepared record;
BEGIN
	content.name := name;
	content.kind := CASE WHEN messages IS NULL THEN 'text' ELSE 'chat' END;
	content.template := template;
	content.messages := messages;
	content.response_format := response_format;
	content.model_config := model_config;
	content.syntax := syntax;
	content.commit_message := commit_message;
	content.created_at := created_at;
	content.created_by := created_by;
	SELECT * INTO prepared FROM gaiops.prepare_prompt_version(content, includes);
	IF includes IS NULL THEN
		PERFORM gaiops.lock_prompt_includes(prepared.includes);
	END IF;
	content := prepared.content;
	content.version := version;
	PERFORM gaiops.store_prompt_version(content, prepared.includes);
END
$$;
COMMENT ON FUNCTION gaiops.insert_prompt_version(text, integer, text, jsonb, jsonb, jsonb, text, text, timestamptz, name, jsonb) IS 'Takes a version of a prompt with its number and, unless they are to be resolved now, its includes as in gaiops.prompt_versions, stores it and returns nothing; raises unless it is acceptable, but not if what its given includes name is missing: gaiops.check_prompt() does';

CREATE FUNCTION gaiops.find_unchanged_prompt(prompt text, hash text)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	latest gaiops.prompt_versions;
BEGIN
	latest := pg_catalog.gaiops_load_prompt('prompts:/' || prompt);
	RETURN CASE latest.content_hash WHEN hash THEN latest.version END;
EXCEPTION
	WHEN SQLSTATE 'LM012' THEN
		RETURN NULL;
END
$$;
COMMENT ON FUNCTION gaiops.find_unchanged_prompt(text, text) IS 'Takes a prompt and a hash and returns its latest version if that has this hash, NULL otherwise or if there is none';

CREATE FUNCTION gaiops.register_prompt(content gaiops.prompt_contents, tags jsonb, if_changed boolean)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	prepared record;
	unchanged integer;
BEGIN
	PERFORM gaiops.check_writable('gaiops_register_prompt');
	PERFORM gaiops.read_tags(tags);
	IF if_changed THEN
		-- Two at once that do not see each other would both find a change.
		PERFORM gaiops.lock_registry('prompt ' || content.name);
	END IF;
	content.syntax := 'gaiops';
	content.created_at := now();
	content.created_by := gaiops.outer_role();
	SELECT * INTO prepared FROM gaiops.prepare_prompt_version(content);
	content := prepared.content;
	IF if_changed THEN
		unchanged := gaiops.find_unchanged_prompt(content.name, content.content_hash);
		IF unchanged IS NOT NULL THEN
			RETURN unchanged;
		END IF;
	END IF;
	PERFORM gaiops.lock_prompt_includes(prepared.includes);
	content.version := gaiops.draw_prompt_version(content.name);
	PERFORM gaiops.store_prompt_version(content, prepared.includes);
	INSERT INTO gaiops.prompt_version_tags
		SELECT content.name, content.version, t.key, t.value, content.created_at, content.created_by
		FROM gaiops.read_tags(tags) AS t;
	PERFORM gaiops.check_prompt(content.name, content.version);
	RETURN content.version;
END
$$;
COMMENT ON FUNCTION gaiops.register_prompt(gaiops.prompt_contents, jsonb, boolean) IS 'Takes a row for gaiops.prompt_contents with what a caller gave, the tags of the version, and whether one like the latest is to be registered all the same, and returns the version';

CREATE FUNCTION pg_catalog.gaiops_register_prompt(
	name text,
	template text,
	commit_message text DEFAULT NULL,
	tags jsonb DEFAULT NULL,
	response_format jsonb DEFAULT NULL,
	model_config jsonb DEFAULT NULL,
	if_changed boolean DEFAULT false)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
BEGIN
	content.name := name;
	content.kind := 'text';
	content.template := template;
	content.commit_message := commit_message;
	content.response_format := response_format;
	content.model_config := model_config;
	RETURN gaiops.register_prompt(content, tags, coalesce(if_changed, false));
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_register_prompt(text, text, text, jsonb, jsonb, jsonb, boolean) IS 'Takes the name and the template of a text prompt and options (tags are the version''s; if_changed takes the latest version if it says the same), registers a version and returns its number';

CREATE FUNCTION pg_catalog.gaiops_register_prompt(
	name text,
	messages jsonb,
	commit_message text DEFAULT NULL,
	tags jsonb DEFAULT NULL,
	response_format jsonb DEFAULT NULL,
	model_config jsonb DEFAULT NULL,
	if_changed boolean DEFAULT false)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	content gaiops.prompt_contents;
BEGIN
	content.name := name;
	content.kind := 'chat';
	content.messages := messages;
	content.commit_message := commit_message;
	content.response_format := response_format;
	content.model_config := model_config;
	RETURN gaiops.register_prompt(content, tags, coalesce(if_changed, false));
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_register_prompt(text, jsonb, text, jsonb, jsonb, jsonb, boolean) IS 'Takes the name and the messages of a chat prompt and options (tags are the version''s; if_changed takes the latest version if it says the same), registers a version and returns its number';

-- STABLE, to look with the snapshot of its caller, gaiops.find_prompt_version_users().  An alias
-- that is not there points to version 0, so to speak.
CREATE FUNCTION gaiops.prompt_version_users(name text, version integer)
RETURNS text
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH uses AS (
		SELECT 1 AS rank, a.alias AS name, 0 AS version, format('alias "%s"', a.alias) AS text
		FROM gaiops.prompt_aliases AS a
		WHERE a.name = prompt_version_users.name AND a.version = prompt_version_users.version
		UNION
		SELECT 2, i.name, i.version, format('prompts:/%s/%s', i.name, i.version)
		FROM gaiops.prompt_includes AS i
		WHERE i.included_name = prompt_version_users.name
			AND (i.included_version = prompt_version_users.version
				OR i.follow AND coalesce((
					SELECT a.version FROM gaiops.prompt_aliases AS a
					WHERE a.name = i.included_name AND a.alias = i.alias), 0) = prompt_version_users.version)
			AND NOT EXISTS (
				SELECT FROM gaiops.prompt_deletions AS d
				WHERE d.name = i.name AND d.version = i.version)
	), numbered AS (
		SELECT u.text, row_number() OVER (ORDER BY u.rank, u.name, u.version) AS number, count(*) OVER () AS total
		FROM uses AS u
	)
	SELECT string_agg(n.text, ', ' ORDER BY n.number)
		|| CASE WHEN max(n.total) > 10 THEN format(' and %s more', max(n.total) - 10) ELSE '' END
	FROM numbered AS n WHERE n.number <= 10
$$;
COMMENT ON FUNCTION gaiops.prompt_version_users(text, integer) IS 'Takes a version of a prompt, or 0 for what its missing aliases point to, and returns the aliases that point to it and the versions, not deleted, that include it, in words; NULL if there are none';

-- Deleted first and then looked at: what is deleted with it uses nothing any more.
CREATE FUNCTION gaiops.hide_prompt_versions(prompt text, numbers integer[], what text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	uses text;
BEGIN
	INSERT INTO gaiops.prompt_deletions
		SELECT prompt, n, now(), gaiops.outer_role() FROM unnest(numbers) AS n
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	SELECT string_agg(format('Version %s is used by %s.', u.number, u.users), ' ' ORDER BY u.number) INTO uses
		FROM (
			SELECT n.number, n.users
			FROM (SELECT n AS number, gaiops.find_prompt_version_users(prompt, n) AS users FROM unnest(numbers) AS n) AS n
			WHERE n.users IS NOT NULL
			ORDER BY n.number LIMIT 5
		) AS u;
	IF uses IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('%s is in use', what),
			DETAIL = uses,
			HINT = 'Move or delete the aliases with gaiops_set_prompt_alias() or gaiops_delete_prompt_alias(), and delete the versions that include it, first.';
	END IF;
	DELETE FROM gaiops.prompt_tags AS t
		WHERE t.name = prompt AND NOT EXISTS (SELECT FROM gaiops.prompt_versions AS v WHERE v.name = prompt);
END
$$;
COMMENT ON FUNCTION gaiops.hide_prompt_versions(text, integer[], text) IS 'Takes versions of a prompt that are locked, and what they are in words, marks them deleted, with the last one removes the tags of the prompt, and returns nothing; raises if something that stays uses them';

CREATE FUNCTION pg_catalog.gaiops_delete_prompt_version(name text, version integer)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_version');
	PERFORM gaiops.lock_given_version(name, version, to_delete => true);
	PERFORM gaiops.hide_prompt_versions(name, ARRAY[version], format('version %s of prompt "%s"', version, name));
	RETURN format('prompts:/%s/%s', name, version);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_version(text, integer) IS 'Takes a version of a prompt, hides it and returns its URI; its text is kept for the traces that used it; raises while an alias points to it or another version includes it';

CREATE FUNCTION pg_catalog.gaiops_delete_prompt(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
	live integer[];
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt');
	PERFORM FROM gaiops.prompt_contents AS c WHERE c.name = wanted ORDER BY c.version FOR UPDATE;
	PERFORM gaiops.lock_prompt(wanted);	-- raises unless it is there, and its latest version seen
	SELECT array_agg(v.version ORDER BY v.version) INTO live FROM gaiops.prompt_versions AS v WHERE v.name = wanted;
	PERFORM gaiops.hide_prompt_versions(wanted, live, format('prompt "%s"', wanted));
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt(text) IS 'Takes the name of a prompt, hides all its versions, removes its tags and returns the name; raises while an alias points to one of them or a version of another prompt includes one';

CREATE FUNCTION gaiops.lock_prompt(prompt text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	latest gaiops.prompt_versions;
BEGIN
	PERFORM gaiops.check_prompt_name(prompt);
	latest := pg_catalog.gaiops_load_prompt('prompts:/' || prompt);
	PERFORM gaiops.lock_prompt_version(prompt, latest.version);
END
$$;
COMMENT ON FUNCTION gaiops.lock_prompt(text) IS 'Takes the name of a prompt, keeps it from being deleted until the transaction ends, and returns nothing; raises unless it exists';

CREATE FUNCTION gaiops.raise_unknown_tag(what text, key text, known text[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	more CONSTANT text := CASE WHEN cardinality(known) > 10 THEN ' and others' END;
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('%s has no tag "%s"', what, left(key, 255)),
		DETAIL = CASE cardinality(known)
			WHEN 0 THEN 'It has no tags.'
			ELSE format('It has "%s"%s.', array_to_string(known[:10], '", "'), more) END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_unknown_tag(text, text, text[]) IS 'Takes what was to have a tag, in words, the key, and the keys of the tags it has, and raises that it has none of that key';

CREATE FUNCTION pg_catalog.gaiops_set_prompt_tag(name text, key text, value text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_set_prompt_tag');
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.check_given('value', value);
	PERFORM gaiops.check_tag(key, value);
	PERFORM gaiops.lock_prompt(name);
	INSERT INTO gaiops.prompt_tags VALUES (name, key, value, now(), gaiops.outer_role())
		ON CONFLICT ON CONSTRAINT prompt_tags_pkey DO UPDATE
		SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_tag(text, text, text) IS 'Takes a prompt, the key of a tag and its value, sets the tag and returns nothing';

CREATE FUNCTION pg_catalog.gaiops_delete_prompt_tag(name text, key text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_tag');
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.lock_prompt(name);
	DELETE FROM gaiops.prompt_tags AS t
		WHERE t.name = gaiops_delete_prompt_tag.name AND t.key = gaiops_delete_prompt_tag.key;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_tag(format('prompt "%s"', name), key, ARRAY(
			SELECT t.key FROM gaiops.prompt_tags AS t
			WHERE t.name = gaiops_delete_prompt_tag.name ORDER BY t.key LIMIT 11));
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_tag(text, text) IS 'Takes a prompt and the key of a tag, removes the tag and returns nothing; raises if there is none';

CREATE FUNCTION pg_catalog.gaiops_set_prompt_version_tag(name text, version integer, key text, value text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_set_prompt_version_tag');
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.check_given('value', value);
	PERFORM gaiops.check_tag(key, value);
	PERFORM gaiops.lock_given_version(name, version);
	INSERT INTO gaiops.prompt_version_tags VALUES (name, version, key, value, now(), gaiops.outer_role())
		ON CONFLICT ON CONSTRAINT prompt_version_tags_pkey DO UPDATE
		SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_version_tag(text, integer, text, text) IS 'Takes a version of a prompt, the key of a tag and its value, sets the tag and returns nothing';

CREATE FUNCTION pg_catalog.gaiops_delete_prompt_version_tag(name text, version integer, key text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_version_tag');
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.lock_given_version(name, version);
	DELETE FROM gaiops.prompt_version_tags AS t
		WHERE t.name = gaiops_delete_prompt_version_tag.name
			AND t.version = gaiops_delete_prompt_version_tag.version
			AND t.key = gaiops_delete_prompt_version_tag.key;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_tag(format('version %s of prompt "%s"', version, name), key, ARRAY(
			SELECT t.key FROM gaiops.prompt_version_tags AS t
			WHERE t.name = gaiops_delete_prompt_version_tag.name
				AND t.version = gaiops_delete_prompt_version_tag.version ORDER BY t.key LIMIT 11));
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_version_tag(text, integer, text) IS 'Takes a version of a prompt and the key of a tag, removes the tag and returns nothing; raises if there is none';
-- Review queues: making and dropping them, and what is put into them.  Taking
-- items out and answering is in reviews.sql.
--
-- Whoever puts items into a queue, claims one or answers it, locks the queue's row
-- FOR KEY SHARE, and before anything else: so no item outlives the queue, and
-- whoever drops it has waited for all of them before he touches an item.

CREATE FUNCTION gaiops.raise_unknown_review_queue(queue text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	known text[] := ARRAY(SELECT format('"%s"', s.queue) FROM gaiops.review_settings AS s ORDER BY s.queue);
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'undefined_object',
		MESSAGE = format('review queue "%s" does not exist', left(queue, 255)),
		DETAIL = CASE cardinality(known)
			WHEN 0 THEN 'There are no review queues.'
			ELSE format('There is %s.', gaiops.list_some(known)) END,
		HINT = 'Create it with gaiops_create_review_queue().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_unknown_review_queue(text) IS 'Takes a name; raises that there is no such review queue, and says what there is';

CREATE FUNCTION gaiops.lock_review_queue(queue text)
RETURNS gaiops.review_settings
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
BEGIN
	PERFORM gaiops.check_given('queue', queue);
	SELECT s.* INTO settings FROM gaiops.review_settings AS s WHERE s.queue = lock_review_queue.queue FOR KEY SHARE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_review_queue(queue);
	END IF;
	RETURN settings;
END
$$;
COMMENT ON FUNCTION gaiops.lock_review_queue(text) IS 'Takes a review queue by name, keeps it from being dropped until the transaction ends, and returns its row; raises unless it exists';

CREATE FUNCTION gaiops.check_review_schemas(schemas text[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted text;
BEGIN
	PERFORM gaiops.check_given('schemas', schemas);
	IF array_ndims(schemas) IS DISTINCT FROM 1 OR cardinality(schemas) > 20 OR array_position(schemas, NULL) IS NOT NULL
		OR (SELECT count(DISTINCT s) FROM unnest(schemas) AS s) <> cardinality(schemas)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "schemas" must name 1 to 20 different label schemas',
			HINT = 'For example ARRAY[''correctness'', ''groundedness''].';
	END IF;
	-- One that is being dropped is waited for, and then gone.
	PERFORM FROM gaiops.label_schemas AS s WHERE s.name = ANY (schemas) ORDER BY s.name FOR KEY SHARE;
	FOREACH wanted IN ARRAY schemas LOOP
		IF (gaiops.label_schema(wanted)).name IS NULL THEN
			RAISE EXCEPTION USING
				ERRCODE = 'undefined_object',
				MESSAGE = format('label schema "%s" does not exist', left(wanted, 255)),
				HINT = 'Create it with gaiops_create_label_schema().';
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.check_review_schemas(text[]) IS 'Takes the label schemas of a new review queue, keeps them from being dropped until the transaction ends, and returns nothing; raises unless they exist and are different';

CREATE FUNCTION gaiops.check_review_settings(name text, reviewers_per_item integer, reviewers text[], description text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_name('a review queue', name);
	PERFORM gaiops.check_given('reviewers_per_item', reviewers_per_item);
	IF reviewers_per_item NOT BETWEEN 1 AND 100 THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "reviewers_per_item" is out of range',
			DETAIL = format('It is %s; it must be from 1 to 100.', reviewers_per_item);
	END IF;
	IF reviewers IS NOT NULL THEN
		PERFORM gaiops.check_roles('reviewers', reviewers, 'Give NULL to let everybody who has the right "user" review.');
	END IF;
	PERFORM gaiops.check_size('description', description, 10000);
END
$$;
COMMENT ON FUNCTION gaiops.check_review_settings(text, integer, text[], text) IS 'Takes the arguments of a new review queue but for its schemas and returns nothing; raises unless it may have them';

CREATE FUNCTION pg_catalog.gaiops_create_review_queue(
	name text, schemas text[], reviewers_per_item integer DEFAULT 1, reviewers text[] DEFAULT NULL, description text DEFAULT NULL)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_review_queue');
	PERFORM gaiops.check_review_settings(name, reviewers_per_item, reviewers, description);
	PERFORM gaiops.check_review_schemas(schemas);
	INSERT INTO gaiops.review_settings (queue, description, schemas, reviewers_per_item, reviewers, created_at, created_by)
		VALUES (name, nullif(description, ''), schemas, reviewers_per_item, reviewers, now(), gaiops.outer_role())
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('review queue "%s" already exists', name),
			HINT = 'Choose another name, or drop it with gaiops_drop_review_queue().';
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_create_review_queue(text, text[], integer, text[], text) IS 'Takes a name, the label schemas that reviewers are asked for, how many reviewers each item wants, the roles whose members may review, NULL for all, and a description, makes the review queue and returns its name';

CREATE FUNCTION pg_catalog.gaiops_drop_review_queue(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_drop_review_queue');
	PERFORM gaiops.check_given('name', name);
	IF current_setting('transaction_isolation') IN ('repeatable read', 'serializable') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_transaction_state',
			MESSAGE = format('cannot drop a review queue at isolation level %s', upper(current_setting('transaction_isolation'))),
			DETAIL = 'What others have put into it since the transaction began would not be seen.',
			HINT = 'Drop it at READ COMMITTED.';
	END IF;
	-- Locks the row as FOR UPDATE does.
	DELETE FROM gaiops.review_settings AS s WHERE s.queue = name;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_review_queue(name);
	END IF;
	DELETE FROM gaiops.review_items AS i WHERE i.queue = name;
	DELETE FROM gaiops.review_claims AS c WHERE c.queue = name;
	RETURN name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_drop_review_queue(text) IS 'Takes a review queue, removes it with its items and claims and returns its name; the assessments that came of it stay';

-- Numbers are in the order of the array; rows are put in by the trace, so that
-- two who put in the same ones do not wait for each other.
CREATE FUNCTION pg_catalog.gaiops_enqueue_review(queue text, trace_ids uuid[])
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
	entered integer;
BEGIN
	PERFORM gaiops.check_writable('gaiops_enqueue_review');
	settings := gaiops.lock_review_queue(queue);
	PERFORM gaiops.check_given('trace_ids', trace_ids);
	PERFORM gaiops.check_elements('trace_ids', trace_ids);
	PERFORM gaiops.check_traces(trace_ids);
	WITH fresh AS (
		SELECT t.trace_id, min(t.n) AS n
		FROM unnest(trace_ids) WITH ORDINALITY AS t (trace_id, n)
		WHERE NOT EXISTS (SELECT FROM gaiops.review_items AS i
			WHERE i.queue = settings.queue AND i.trace_id = t.trace_id)
		GROUP BY t.trace_id ORDER BY min(t.n)
	), numbered AS MATERIALIZED (
		SELECT nextval('gaiops.review_items_item_seq') AS item, f.trace_id FROM fresh AS f
	)
	INSERT INTO gaiops.review_items (item, queue, trace_id, wanted, place, enqueued_at, enqueued_by)
		SELECT n.item, settings.queue, n.trace_id, settings.reviewers_per_item, n.item, now(), gaiops.outer_role()
		FROM numbered AS n ORDER BY n.trace_id
		ON CONFLICT DO NOTHING;
	GET DIAGNOSTICS entered = ROW_COUNT;
	RETURN entered;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_enqueue_review(text, uuid[]) IS 'Takes a review queue and traces, puts in those that are not in it yet, in this order, and returns how many these were; raises unless all traces are known';
-- Taking items out of review queues, and answering them.
--
-- Every change of how many reviewers an item wants is made under a lock on its
-- row, every change of a claim under a lock on that.  Whoever locks several locks
-- the queue first, then the item, then the claim.  Claiming waits for neither item
-- nor claim: it passes by what is locked.

CREATE FUNCTION gaiops.check_reviewer(settings gaiops.review_settings)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF settings.reviewers IS NOT NULL AND NOT gaiops.is_member(settings.reviewers) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to review items of review queue "%s"', settings.queue),
			DETAIL = format('Only members of %s may review them.', (
				SELECT string_agg(format('"%s"', r), ', ') FROM unnest(settings.reviewers) AS r));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_reviewer(gaiops.review_settings) IS 'Takes the row of a review queue and returns nothing; raises unless the role in force may review';

-- Who reviews is who gives the feedback.
CREATE FUNCTION gaiops.reviewer_name(reviewer text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_size('reviewer', reviewer, 255);
	RETURN gaiops.assessment_source('HUMAN', reviewer);
END
$$;
COMMENT ON FUNCTION gaiops.reviewer_name(text) IS 'Takes a reviewer as given, NULL if not, and returns the name, by default of the role in force; raises unless that role may speak for him';

CREATE FUNCTION gaiops.check_lease(lease interval)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('lease', lease);
	IF lease < interval '1 second' OR lease > interval '30 days' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "lease" is out of range',
			DETAIL = format('It is %s; it must be from 1 second to 30 days.', lease);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_lease(interval) IS 'Takes a lease and returns nothing; raises unless it is from 1 second to 30 days';

-- One that the reviewer can have, so that a claim holds no other item than it gives;
-- looked for among the hundred whose leases ended first.  The time is a variable so
-- that the index is searched by it.
CREATE FUNCTION gaiops.take_back_review(queue text, reviewer text, is_own boolean)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	upto timestamptz := clock_timestamp();
	ended gaiops.review_claims;
	returned gaiops.review_items;
BEGIN
	upto := coalesce((
		SELECT c.lease_until FROM gaiops.review_claims AS c
		WHERE c.queue = take_back_review.queue AND c.state = 'claimed' AND c.lease_until < upto
		ORDER BY c.lease_until OFFSET 99 LIMIT 1), upto);
	SELECT c.* INTO ended
		FROM gaiops.review_claims AS c JOIN gaiops.review_items AS i ON i.item = c.item
		WHERE c.queue = take_back_review.queue AND c.state = 'claimed' AND c.lease_until <= upto
			AND CASE WHEN is_own THEN c.reviewer = take_back_review.reviewer ELSE (
				SELECT true FROM gaiops.review_claims AS o
				WHERE o.item = c.item AND o.reviewer = take_back_review.reviewer LIMIT 1) IS NULL END
		ORDER BY c.lease_until LIMIT 1
		FOR UPDATE OF i, c SKIP LOCKED;
	IF FOUND THEN
		UPDATE gaiops.review_claims AS c SET state = 'lapsed'
			WHERE c.item = ended.item AND c.reviewer = ended.reviewer;
		UPDATE gaiops.review_items AS i SET wanted = i.wanted + 1, place = nextval('gaiops.review_items_item_seq')
			WHERE i.item = ended.item
			RETURNING i.* INTO returned;
	END IF;
	RETURN returned;
END
$$;
COMMENT ON FUNCTION gaiops.take_back_review(text, text, boolean) IS 'Takes a review queue, a reviewer, and whether it is to be an item he has or one he has not had, takes back one whose lease is over and that nobody is at, and returns it, locked; NULL if there is none';

-- The reviewer's claims are looked up one by one, whatever the planner thinks of
-- how many there are.
CREATE FUNCTION gaiops.find_review_item(queue text, reviewer text, after bigint, upto bigint)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found_item gaiops.review_items;
BEGIN
	SELECT i.* INTO found_item
		FROM gaiops.review_items AS i
		WHERE i.queue = find_review_item.queue AND i.wanted > 0 AND i.place > after AND i.place <= upto AND (
			SELECT true FROM gaiops.review_claims AS c
			WHERE c.item = i.item AND c.reviewer = find_review_item.reviewer LIMIT 1) IS NULL
		ORDER BY i.place LIMIT 1
		FOR UPDATE OF i SKIP LOCKED;
	RETURN found_item;
END
$$;
COMMENT ON FUNCTION gaiops.find_review_item(text, text, bigint, bigint) IS 'Takes a review queue, a reviewer and two places, locks the first item behind the one and not behind the other that wants a reviewer, that he has not had and nobody is at, and returns it; NULL if there is none';

-- Only when there is nothing else for him.
CREATE FUNCTION gaiops.find_lapsed_review(queue text, reviewer text)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	found_item gaiops.review_items;
BEGIN
	SELECT i.* INTO found_item
		FROM gaiops.review_claims AS c JOIN gaiops.review_items AS i ON i.item = c.item
		WHERE c.queue = find_lapsed_review.queue AND c.reviewer = find_lapsed_review.reviewer
			AND c.state = 'lapsed' AND i.wanted > 0
		ORDER BY c.place LIMIT 1
		FOR UPDATE OF i, c SKIP LOCKED;
	RETURN found_item;
END
$$;
COMMENT ON FUNCTION gaiops.find_lapsed_review(text, text) IS 'Takes a review queue and a reviewer, locks the first item that went back when his lease ended, that still wants a reviewer and nobody is at, with his claim, and returns it; NULL if there is none';

CREATE FUNCTION gaiops.describe_review_schemas(schemas text[])
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', s.name, 'kind', s.kind, 'instruction', s.instruction,
		'labels', s.labels, 'multiple', CASE s.kind WHEN 'categories' THEN s.multiple END,
		'ordered', CASE s.kind WHEN 'categories' THEN s.ordered END,
		'minimum', s.minimum, 'maximum', s.maximum, 'max_length', s.max_length)) ORDER BY n.number)
	FROM unnest(schemas) WITH ORDINALITY AS n (name, number), gaiops.label_schema(n.name) AS s
$$;
COMMENT ON FUNCTION gaiops.describe_review_schemas(text[]) IS 'Takes names of label schemas and returns them as a JSON array of objects, in this order';

-- He goes on from his last item, so as not to walk over all that he has done.  What he
-- has left behind was locked when he came by, or was committed late: for that, and for
-- what others have let lapse, he looks at every tenth time first, and else when there
-- is nothing ahead.  What he let lapse himself he gets in the end.
CREATE FUNCTION gaiops.next_review_item(queue text, reviewer text, latest gaiops.review_claims)
RETURNS gaiops.review_items
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	last_place CONSTANT bigint := coalesce(latest.place, 0);
	front bigint;
	chosen gaiops.review_items;
BEGIN
	IF latest.turn % 10 = 0 THEN
		chosen := gaiops.take_back_review(queue, reviewer, false);
		IF chosen.item IS NULL THEN
			SELECT i.place INTO front FROM gaiops.review_items AS i
				WHERE i.queue = next_review_item.queue AND i.wanted > 0
				ORDER BY i.place OFFSET 99 LIMIT 1;
			chosen := gaiops.find_review_item(queue, reviewer, 0, least(front, last_place));
		END IF;
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.find_review_item(queue, reviewer, last_place, 9223372036854775807);
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.take_back_review(queue, reviewer, false);
	END IF;
	IF chosen.item IS NULL AND last_place > 0 THEN
		chosen := gaiops.find_review_item(queue, reviewer, 0, last_place);
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.find_lapsed_review(queue, reviewer);
	END IF;
	IF chosen.item IS NULL THEN
		chosen := gaiops.take_back_review(queue, reviewer, true);
	END IF;
	RETURN chosen;
END
$$;
COMMENT ON FUNCTION gaiops.next_review_item(text, text, gaiops.review_claims) IS 'Takes a review queue, a reviewer and his latest claim there, NULL if he has none, locks the item that he is to have next and returns it; NULL if none is left for him';

-- The other half, what was said in the trace, is read as the one who asks.
CREATE FUNCTION gaiops.take_review(
	queue text, lease interval, reviewer text, OUT item bigint, OUT trace_id uuid, OUT schemas jsonb, OUT lease_until timestamptz)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
	taker text;
	latest gaiops.review_claims;
	chosen gaiops.review_items;
	present CONSTANT timestamptz := clock_timestamp();
BEGIN
	PERFORM gaiops.check_writable('gaiops_claim_review');
	settings := gaiops.lock_review_queue(queue);
	PERFORM gaiops.check_lease(lease);
	PERFORM gaiops.check_reviewer(settings);
	taker := gaiops.reviewer_name(reviewer);
	LOOP
		SELECT c.* INTO latest FROM gaiops.review_claims AS c
			WHERE c.queue = settings.queue AND c.reviewer = taker
			ORDER BY c.place DESC LIMIT 1;
		chosen := gaiops.next_review_item(settings.queue, taker, latest);
		EXIT WHEN chosen.item IS NULL;
		INSERT INTO gaiops.review_claims AS c (item, reviewer, queue, place, turn, state, claimed_at, lease_until)
			VALUES (chosen.item, taker, settings.queue, chosen.place, coalesce(latest.turn, 0) + 1, 'claimed', present, present + lease)
			ON CONFLICT ON CONSTRAINT review_claims_pkey DO UPDATE
			SET place = EXCLUDED.place, turn = EXCLUDED.turn, state = EXCLUDED.state, claimed_at = EXCLUDED.claimed_at, lease_until = EXCLUDED.lease_until
			WHERE c.state = 'lapsed'
			RETURNING c.item, chosen.trace_id, c.lease_until INTO item, trace_id, lease_until;
		-- Another session of his may have taken it since the statement that chose it began.
		CONTINUE WHEN NOT FOUND;
		UPDATE gaiops.review_items AS i SET wanted = i.wanted - 1 WHERE i.item = chosen.item;
		schemas := gaiops.describe_review_schemas(settings.schemas);
		EXIT;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.take_review(text, interval, text) IS 'Takes the arguments of gaiops_claim_review(), claims an item and returns it; NULLs if none is left for the reviewer';

CREATE FUNCTION gaiops.reviewed_contents(trace_id uuid, OUT inputs jsonb, OUT outputs jsonb)
RETURNS record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	SELECT asked.inputs, coalesce(to_jsonb(gaiops.answer_text(answered.body)), answered.inputs) INTO inputs, outputs
		FROM gaiops.trace_entries(ARRAY[trace_id]) AS e
		LEFT JOIN gaiops.span_payloads AS asked ON asked.trace_id = e.trace_id AND asked.span_id = e.span_id
			AND asked.start_time = e.start_time AND asked.kind = 'request'
		LEFT JOIN gaiops.span_payloads AS answered ON answered.trace_id = e.trace_id AND answered.span_id = e.answer_span_id
			AND answered.start_time = e.answer_time AND answered.kind = 'response';
END
$$;
COMMENT ON FUNCTION gaiops.reviewed_contents(uuid) IS 'Takes a trace and returns what the caller gave to its entry span, and the answer or, of an application''s span, the outputs; NULLs once payloads are dropped';

CREATE FUNCTION pg_catalog.gaiops_claim_review(queue text, lease interval DEFAULT '30 minutes', reviewer text DEFAULT NULL)
RETURNS TABLE (item bigint, trace_id uuid, inputs jsonb, outputs jsonb, schemas jsonb, lease_until timestamptz)
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	SELECT t.item, t.trace_id, t.schemas, t.lease_until INTO item, trace_id, schemas, lease_until
		FROM gaiops.take_review(queue, lease, reviewer) AS t;
	IF item IS NOT NULL THEN
		SELECT c.inputs, c.outputs INTO inputs, outputs FROM gaiops.reviewed_contents(trace_id) AS c;
		RETURN NEXT;
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_claim_review(text, interval, text) IS 'Takes a review queue, how long the item may stay with the reviewer (1 second to 30 days), and the reviewer, by default the role in force, and returns an item to review with what was said in its trace and what is asked; no row if none is left';

CREATE FUNCTION gaiops.raise_unclaimed_review(item bigint, reviewer text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM gaiops.review_items AS i WHERE i.item = raise_unclaimed_review.item) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('review item %s does not exist', item),
			HINT = 'Claim one with gaiops_claim_review(); items go when their queue is dropped.';
	END IF;
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('review item %s is not claimed by "%s"', item, reviewer),
		HINT = 'Claim an item with gaiops_claim_review().';
END
$$;
COMMENT ON FUNCTION gaiops.raise_unclaimed_review(bigint, text) IS 'Takes an item of a review queue and a reviewer who has not claimed it; raises that there is none, or that he has not';

CREATE FUNCTION gaiops.lock_review_item(item bigint, reviewer text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM FROM gaiops.review_items AS i WHERE i.item = lock_review_item.item FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.lock_review_item(bigint, text) IS 'Takes an item of a review queue and a reviewer, locks the item and returns nothing; raises unless there is one';

CREATE FUNCTION gaiops.lock_item_queue(item bigint, reviewer text)
RETURNS gaiops.review_settings
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	settings gaiops.review_settings;
BEGIN
	SELECT s.* INTO settings FROM gaiops.review_settings AS s
		WHERE s.queue = (SELECT i.queue FROM gaiops.review_items AS i WHERE i.item = lock_item_queue.item) FOR KEY SHARE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	END IF;
	RETURN settings;
END
$$;
COMMENT ON FUNCTION gaiops.lock_item_queue(bigint, text) IS 'Takes an item of a review queue and a reviewer, keeps the queue from being dropped until the transaction ends, and returns its row; raises unless there is such an item';

CREATE FUNCTION gaiops.lock_review_claim(item bigint, reviewer text)
RETURNS gaiops.review_claims
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	claim gaiops.review_claims;
BEGIN
	SELECT c.* INTO claim FROM gaiops.review_claims AS c
		WHERE c.item = lock_review_claim.item AND c.reviewer = lock_review_claim.reviewer FOR UPDATE;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unclaimed_review(item, reviewer);
	ELSIF claim.state IN ('submitted', 'declined') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('review item %s was %s by "%s" already', item, claim.state, reviewer),
			HINT = CASE claim.state WHEN 'submitted' THEN 'Change an answer with gaiops_override_feedback().'
				ELSE 'Claim another item with gaiops_claim_review().' END;
	END IF;
	RETURN claim;
END
$$;
COMMENT ON FUNCTION gaiops.lock_review_claim(bigint, text) IS 'Takes an item of a review queue and a reviewer, locks his claim to it, and returns the claim; raises unless he has one that is not answered';

-- He who has the item still needs nothing but his claim, and so waits for nobody
-- who takes it for the second reviewer it wants.
CREATE FUNCTION gaiops.lock_claim_to_answer(item bigint, reviewer text)
RETURNS gaiops.review_claims
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	claim gaiops.review_claims;
BEGIN
	SELECT c.* INTO claim FROM gaiops.review_claims AS c
		WHERE c.item = lock_claim_to_answer.item AND c.reviewer = lock_claim_to_answer.reviewer AND c.state = 'claimed'
		FOR UPDATE SKIP LOCKED;
	IF NOT FOUND THEN
		PERFORM gaiops.lock_review_item(item, reviewer);
		claim := gaiops.lock_review_claim(item, reviewer);
	END IF;
	RETURN claim;
END
$$;
COMMENT ON FUNCTION gaiops.lock_claim_to_answer(bigint, text) IS 'Takes an item of a review queue and a reviewer, locks his claim, and the item unless he holds it still, and returns the claim; raises unless he has one that is not answered';

-- What he did is not lost as long as nobody has taken his place.
CREATE FUNCTION gaiops.resume_review(claim gaiops.review_claims)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	UPDATE gaiops.review_items AS i SET wanted = i.wanted - 1 WHERE i.item = claim.item AND i.wanted > 0;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'object_not_in_prerequisite_state',
			MESSAGE = format('review item %s is no longer claimed by "%s"', claim.item, claim.reviewer),
			DETAIL = format('The lease ended at %s, and the item was given to others since.', claim.lease_until),
			HINT = 'Claim another item, with a longer lease.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.resume_review(gaiops.review_claims) IS 'Takes a claim whose lease ended, takes its item again and returns nothing; raises if the item wants no reviewer any more';

CREATE FUNCTION gaiops.check_review_answers(settings gaiops.review_settings, answers jsonb)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	alien text;
BEGIN
	IF answers = '{}' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "answers" must have at least one answer',
			HINT = 'Use gaiops_decline_review() to give an item back.';
	END IF;
	SELECT a.key INTO alien FROM jsonb_object_keys(answers) AS a (key)
		WHERE a.key <> ALL (settings.schemas) ORDER BY a.key COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('review queue "%s" does not ask for "%s"', settings.queue, left(alien, 255)),
			DETAIL = format('It asks for %s.', (SELECT string_agg(format('"%s"', s), ', ') FROM unnest(settings.schemas) AS s));
	END IF;
	SELECT a.key INTO alien FROM jsonb_each(answers) AS a (key, answer)
		WHERE a.answer ? 'value' AND jsonb_typeof(a.answer) = 'object'
			AND (a.answer - 'value' - 'rationale' <> '{}' OR jsonb_typeof(a.answer -> 'rationale') NOT IN ('string', 'null'))
		ORDER BY a.key COLLATE "C" LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid answer for "%s"', alien),
			DETAIL = 'An answer that has "value" may have "rationale" beside it, which is a string, and nothing else.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_review_answers(gaiops.review_settings, jsonb) IS 'Takes the row of a review queue and answers as an object and returns nothing; raises unless they are answers to what is asked, whatever their values';

CREATE FUNCTION gaiops.log_review(settings gaiops.review_settings, claim gaiops.review_claims, answers jsonb)
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	reviewed CONSTANT uuid := (SELECT i.trace_id FROM gaiops.review_items AS i WHERE i.item = claim.item);
	source CONSTANT jsonb := jsonb_build_object('review_queue', claim.queue, 'review_item', claim.item);
	asked text;
	answer jsonb;
	logged uuid[];
BEGIN
	FOREACH asked IN ARRAY settings.schemas LOOP
		CONTINUE WHEN NOT answers ? asked;
		answer := answers -> asked;
		IF jsonb_typeof(answer) <> 'object' OR NOT answer ? 'value' THEN
			answer := jsonb_build_object('value', answer);
		END IF;
		logged := logged || pg_catalog.gaiops_log_feedback(trace_id => reviewed, name => asked, value => answer -> 'value',
			rationale => answer ->> 'rationale', source_id => claim.reviewer, metadata => source);
	END LOOP;
	RETURN logged;
END
$$;
COMMENT ON FUNCTION gaiops.log_review(gaiops.review_settings, gaiops.review_claims, jsonb) IS 'Takes the row of a review queue, a claim and the answers, logs them as feedback of the reviewer and returns its ids in the order of the queue''s schemas; raises if a value does not fit its schema';

CREATE FUNCTION pg_catalog.gaiops_submit_review(item bigint, answers jsonb, reviewer text DEFAULT NULL)
RETURNS uuid[]
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	source text;
	claim gaiops.review_claims;
	settings gaiops.review_settings;
	logged uuid[];
BEGIN
	PERFORM gaiops.check_writable('gaiops_submit_review');
	PERFORM gaiops.check_given('item', item);
	PERFORM gaiops.check_given('answers', answers);
	PERFORM gaiops.check_object('answers', answers, '{"correctness": true, "groundedness": {"value": false, "rationale": "…"}}');
	source := gaiops.reviewer_name(reviewer);
	settings := gaiops.lock_item_queue(item, source);
	claim := gaiops.lock_claim_to_answer(item, source);
	PERFORM gaiops.check_reviewer(settings);
	PERFORM gaiops.check_review_answers(settings, answers);
	IF claim.state = 'lapsed' THEN
		PERFORM gaiops.resume_review(claim);
	END IF;
	logged := gaiops.log_review(settings, claim, answers);
	UPDATE gaiops.review_claims AS c SET state = 'submitted', finished_at = clock_timestamp()
		WHERE c.item = claim.item AND c.reviewer = claim.reviewer;
	RETURN logged;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_submit_review(bigint, jsonb, text) IS 'Takes an item that the reviewer claimed, an object of label schemas and his answers, each a value or {"value": …, "rationale": …}, and the reviewer, by default the role in force, logs them as feedback on the trace and returns the ids of the assessments';

CREATE FUNCTION pg_catalog.gaiops_decline_review(item bigint, reason text DEFAULT NULL, reviewer text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	source text;
	claim gaiops.review_claims;
BEGIN
	PERFORM gaiops.check_writable('gaiops_decline_review');
	PERFORM gaiops.check_given('item', item);
	PERFORM gaiops.check_size('reason', reason, 10000);
	source := gaiops.reviewer_name(reviewer);
	PERFORM gaiops.lock_item_queue(item, source);
	PERFORM gaiops.lock_review_item(item, source);
	claim := gaiops.lock_review_claim(item, source);
	UPDATE gaiops.review_claims AS c
		SET state = 'declined', finished_at = clock_timestamp(), reason = nullif(gaiops_decline_review.reason, '')
		WHERE c.item = claim.item AND c.reviewer = claim.reviewer;
	-- One whose lease had ended and was taken back is there already.
	IF claim.state = 'claimed' THEN
		UPDATE gaiops.review_items AS i SET wanted = i.wanted + 1, place = nextval('gaiops.review_items_item_seq')
			WHERE i.item = claim.item;
	END IF;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_decline_review(bigint, text, text) IS 'Takes an item that the reviewer claimed, why he will not review it, and the reviewer, by default the role in force, gives the item back, never to be given to him again, and returns nothing';
-- The one place which says what belongs to which right.  Every function, table,
-- view and type of the extension is here; "none" is for those that only the
-- owner and the functions of the extension use.
CREATE FUNCTION gaiops.rights(OUT kind text, OUT object text, OUT "right" text)
RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT l.kind, o.object, l."right"
	FROM (VALUES
		('schema', 'viewer', ARRAY[
			'gaiops']),
		('relation', 'viewer', ARRAY[
			'gaiops.agreement',
			'gaiops.all_spans',
			'gaiops.assessment_deletions',
			'gaiops.assessments',
			'gaiops.calls_in_flight',
			'gaiops.dataset_changes',
			'gaiops.dataset_record_versions',
			'gaiops.dataset_records',
			'gaiops.dataset_revisions',
			'gaiops.dataset_settings',
			'gaiops.datasets',
			'gaiops.endpoints',
			'gaiops.experiment_details',
			'gaiops.experiment_names',
			'gaiops.experiments',
			'gaiops.human_assessments',
			'gaiops.intents',
			'gaiops.label_schemas',
			'gaiops.machine_assessments',
			'gaiops.open_runs',
			'gaiops.prices',
			'gaiops.prompt_alias_history',
			'gaiops.prompt_aliases',
			'gaiops.prompt_contents',
			'gaiops.prompt_deletions',
			'gaiops.prompt_includes',
			'gaiops.prompt_numbers',
			'gaiops.prompt_tags',
			'gaiops.prompt_usage',
			'gaiops.prompt_version_tags',
			'gaiops.prompt_versions',
			'gaiops.prompts',
			'gaiops.protected_prompt_aliases',
			'gaiops.rejected_records',
			'gaiops.review_claims',
			'gaiops.review_items',
			'gaiops.review_queues',
			'gaiops.review_settings',
			'gaiops.run_ends',
			'gaiops.run_inputs',
			'gaiops.run_metrics',
			'gaiops.run_params',
			'gaiops.run_starts',
			'gaiops.run_tags',
			'gaiops.runs',
			'gaiops.sessions',
			'gaiops.span_contents',
			'gaiops.span_payloads',
			'gaiops.spans',
			'gaiops.trace_tags',
			'gaiops.traces',
			'gaiops.usage_deltas',
			'gaiops.usage_hourly']),
		('relation', 'none', ARRAY[
			'gaiops.secrets',
			'gaiops.span_payloads_default',
			'gaiops.spans_default']),
		('sequence', 'none', ARRAY[
			'gaiops.prompt_alias_history_id_seq',
			'gaiops.review_items_item_seq']),
		('type', 'viewer', ARRAY[
			'gaiops.latency_histogram']),
		('function', 'viewer', ARRAY[
			'gaiops.agreement_on',
			'gaiops.answer_message',
			'gaiops.answer_text',
			'gaiops.chat_line',
			'gaiops.check_elements',
			'gaiops.check_given',
			'gaiops.check_runs',
			'gaiops.check_size',
			'gaiops.content_part_layout',
			'gaiops.dataset_size',
			'gaiops.export_alias_history',
			'gaiops.export_prompt',
			'gaiops.export_prompt_versions',
			'gaiops.fit_categories',
			'gaiops.fit_number',
			'gaiops.fit_pass_fail',
			'gaiops.has_right',
			'gaiops.histogram_mean',
			'gaiops.histogram_sum',
			'gaiops.incarnation',
			'gaiops.inputs_text',
			'gaiops.label_schema',
			'gaiops.measure_agreement',
			'gaiops.message_layout',
			'gaiops.message_text',
			'gaiops.messages_problem',
			'gaiops.place_value',
			'gaiops.preview',
			'gaiops.prompt_layout',
			'gaiops.prompt_search_condition',
			'gaiops.prompt_search_conditions',
			'gaiops.prompt_search_fit',
			'gaiops.prompt_search_query',
			'gaiops.prompt_search_statement',
			'gaiops.prompt_search_terms',
			'gaiops.prompt_sections',
			'gaiops.prompt_snippet',
			'gaiops.question_messages',
			'gaiops.raise_unknown_dataset',
			'gaiops.raise_unknown_prompt',
			'gaiops.rating_number',
			'gaiops.ratings',
			'gaiops.read_json',
			'gaiops.record_context',
			'gaiops.record_line',
			'gaiops.record_question',
			'gaiops.request_attributes',
			'gaiops.unified_diff',
			'gaiops.viewer_right',
			'gaiops.wanted_words',
			'gaiops.word_verdict',
			'pg_catalog.gaiops_compare_run_metrics',
			'pg_catalog.gaiops_dataset_records',
			'pg_catalog.gaiops_diff_prompt',
			'pg_catalog.gaiops_disagreements',
			'pg_catalog.gaiops_export_dataset',
			'pg_catalog.gaiops_export_prompts',
			'pg_catalog.gaiops_format_messages',
			'pg_catalog.gaiops_format_prompt',
			'pg_catalog.gaiops_get_cost',
			'pg_catalog.gaiops_load_prompt',
			'pg_catalog.gaiops_percentile',
			'pg_catalog.gaiops_prompt_variables',
			'pg_catalog.gaiops_search_prompts',
			'pg_catalog.gaiops_status',
			'pg_catalog.gaiops_trace_id_hex']),
		('function', 'user', ARRAY[
			'gaiops.answer_outputs',
			'gaiops.call_manner',
			'gaiops.call_question',
			'gaiops.check_seen_traces',
			'gaiops.find_traces',
			'gaiops.fold_traces',
			'gaiops.given_object',
			'gaiops.is_cut',
			'gaiops.is_older_trace',
			'gaiops.join_objects',
			'gaiops.merge_traces',
			'gaiops.raise_unfit_trace',
			'gaiops.record_id',
			'gaiops.record_problem',
			'gaiops.record_traces',
			'gaiops.retrieved_context',
			'gaiops.retrieved_document',
			'gaiops.reviewed_contents',
			'gaiops.take_dataset',
			'gaiops.take_review',
			'gaiops.trace_contents',
			'gaiops.trace_entries',
			'gaiops.trace_expectations',
			'gaiops.trace_inputs',
			'gaiops.trace_records',
			'gaiops.trace_retrievals',
			'gaiops.trace_source',
			'gaiops.user_right',
			'pg_catalog.gaiops_add_traces',
			'pg_catalog.gaiops_alter_experiment',
			'pg_catalog.gaiops_chat',
			'pg_catalog.gaiops_chat_completion',
			'pg_catalog.gaiops_claim_review',
			'pg_catalog.gaiops_create_dataset',
			'pg_catalog.gaiops_create_experiment',
			'pg_catalog.gaiops_create_label_schema',
			'pg_catalog.gaiops_create_review_queue',
			'pg_catalog.gaiops_current_run',
			'pg_catalog.gaiops_decline_review',
			'pg_catalog.gaiops_delete_feedback',
			'pg_catalog.gaiops_delete_prompt_alias',
			'pg_catalog.gaiops_delete_prompt_tag',
			'pg_catalog.gaiops_delete_prompt_version_tag',
			'pg_catalog.gaiops_delete_records',
			'pg_catalog.gaiops_end_run',
			'pg_catalog.gaiops_end_span',
			'pg_catalog.gaiops_enqueue_review',
			'pg_catalog.gaiops_import_dataset',
			'pg_catalog.gaiops_last_trace_id',
			'pg_catalog.gaiops_log_expectation',
			'pg_catalog.gaiops_log_feedback',
			'pg_catalog.gaiops_log_input',
			'pg_catalog.gaiops_log_metric',
			'pg_catalog.gaiops_log_metrics',
			'pg_catalog.gaiops_log_param',
			'pg_catalog.gaiops_merge_record',
			'pg_catalog.gaiops_merge_records',
			'pg_catalog.gaiops_override_feedback',
			'pg_catalog.gaiops_register_prompt',
			'pg_catalog.gaiops_rollback_prompt_alias',
			'pg_catalog.gaiops_set_experiment',
			'pg_catalog.gaiops_set_prompt_alias',
			'pg_catalog.gaiops_set_prompt_tag',
			'pg_catalog.gaiops_set_prompt_version_tag',
			'pg_catalog.gaiops_set_run_tag',
			'pg_catalog.gaiops_set_trace_tag',
			'pg_catalog.gaiops_split_dataset',
			'pg_catalog.gaiops_start_run',
			'pg_catalog.gaiops_start_span',
			'pg_catalog.gaiops_submit_review']),
		('function', 'proxy', ARRAY[
			'gaiops.proxy_right']),
		('function', 'admin', ARRAY[
			'gaiops.admin_right',
			'gaiops.check_mlflow_schema',
			'gaiops.import_mlflow_prompt',
			'pg_catalog.gaiops_alter_endpoint',
			'pg_catalog.gaiops_alter_secret',
			'pg_catalog.gaiops_alter_secret_from_file',
			'pg_catalog.gaiops_create_endpoint',
			'pg_catalog.gaiops_create_secret',
			'pg_catalog.gaiops_create_secret_from_file',
			'pg_catalog.gaiops_delete_prompt',
			'pg_catalog.gaiops_delete_prompt_version',
			'pg_catalog.gaiops_drop_dataset',
			'pg_catalog.gaiops_drop_endpoint',
			'pg_catalog.gaiops_drop_label_schema',
			'pg_catalog.gaiops_drop_review_queue',
			'pg_catalog.gaiops_drop_secret',
			'pg_catalog.gaiops_grant',
			'pg_catalog.gaiops_import_mlflow_prompts',
			'pg_catalog.gaiops_import_prices',
			'pg_catalog.gaiops_import_prompts',
			'pg_catalog.gaiops_list_secrets',
			'pg_catalog.gaiops_protect_prompt_alias',
			'pg_catalog.gaiops_reprice',
			'pg_catalog.gaiops_revoke',
			'pg_catalog.gaiops_rotate_master_key',
			'pg_catalog.gaiops_run_maintenance',
			'pg_catalog.gaiops_set_price']),
		('function', 'none', ARRAY[
			'gaiops.admin_grant',
			'gaiops.assessment_in_force',
			'gaiops.assessment_source',
			'gaiops.assessment_state',
			'gaiops.assessment_value',
			'gaiops.begin_alias_move',
			'gaiops.check_alias_protection',
			'gaiops.check_assessment',
			'gaiops.check_assessment_target',
			'gaiops.check_duration',
			'gaiops.check_endpoint',
			'gaiops.check_endpoint_text',
			'gaiops.check_expectation',
			'gaiops.check_experiment',
			'gaiops.check_fractions',
			'gaiops.check_grant',
			'gaiops.check_headers',
			'gaiops.check_import',
			'gaiops.check_label',
			'gaiops.check_lease',
			'gaiops.check_mlflow_name',
			'gaiops.check_model_config',
			'gaiops.check_name',
			'gaiops.check_object',
			'gaiops.check_params',
			'gaiops.check_price_key',
			'gaiops.check_prompt',
			'gaiops.check_prompt_alias',
			'gaiops.check_prompt_content',
			'gaiops.check_prompt_document',
			'gaiops.check_prompt_includes',
			'gaiops.check_prompt_messages',
			'gaiops.check_prompt_name',
			'gaiops.check_prompt_template',
			'gaiops.check_records',
			'gaiops.check_response_format',
			'gaiops.check_review_answers',
			'gaiops.check_review_schemas',
			'gaiops.check_review_settings',
			'gaiops.check_reviewer',
			'gaiops.check_roles',
			'gaiops.check_same_assessment',
			'gaiops.check_schema_arguments',
			'gaiops.check_schema_limits',
			'gaiops.check_tag',
			'gaiops.check_traces',
			'gaiops.check_undrawn',
			'gaiops.check_writable',
			'gaiops.complete_assessment',
			'gaiops.components',
			'gaiops.delete_records',
			'gaiops.describe_alias_moves',
			'gaiops.describe_experiment',
			'gaiops.describe_import',
			'gaiops.describe_label_schema',
			'gaiops.describe_review_schemas',
			'gaiops.draw_prompt_version',
			'gaiops.drop_partition',
			'gaiops.endpoint_secrets',
			'gaiops.endpoint_url',
			'gaiops.experiment_exists',
			'gaiops.expire_rows',
			'gaiops.find_alias_protection',
			'gaiops.find_assessment',
			'gaiops.find_dataset_run',
			'gaiops.find_lapsed_review',
			'gaiops.find_prompt_version_users',
			'gaiops.find_review_item',
			'gaiops.find_schema_queue',
			'gaiops.find_unchanged_prompt',
			'gaiops.fit_text',
			'gaiops.fold_usage',
			'gaiops.given_members',
			'gaiops.has_key_ring',
			'gaiops.hashed_prompt_includes',
			'gaiops.header_problem',
			'gaiops.hide_prompt_versions',
			'gaiops.histogram_add',
			'gaiops.histogram_result',
			'gaiops.import_alias_protections',
			'gaiops.import_judged_prompts',
			'gaiops.import_mlflow_aliases',
			'gaiops.import_mlflow_tags',
			'gaiops.import_mlflow_version',
			'gaiops.import_prompt_aliases',
			'gaiops.import_prompt_tags',
			'gaiops.import_prompt_versions',
			'gaiops.infinite_number',
			'gaiops.insert_prompt_version',
			'gaiops.is_member',
			'gaiops.is_message_array',
			'gaiops.is_plain_message',
			'gaiops.is_price',
			'gaiops.judge_document',
			'gaiops.judge_prompt_includes',
			'gaiops.judge_prompts',
			'gaiops.keep_used_secret',
			'gaiops.kept_prompt_parts',
			'gaiops.key_ring_status',
			'gaiops.keyed_assessment_id',
			'gaiops.list_some',
			'gaiops.lock_alias_moves',
			'gaiops.lock_assessment',
			'gaiops.lock_assessment_in_force',
			'gaiops.lock_claim_to_answer',
			'gaiops.lock_dataset',
			'gaiops.lock_endpoint_secrets',
			'gaiops.lock_given_version',
			'gaiops.lock_item_queue',
			'gaiops.lock_prompt',
			'gaiops.lock_prompt_alias',
			'gaiops.lock_prompt_includes',
			'gaiops.lock_prompt_version',
			'gaiops.lock_registry',
			'gaiops.lock_review_claim',
			'gaiops.lock_review_item',
			'gaiops.lock_review_queue',
			'gaiops.log_assessment',
			'gaiops.log_review',
			'gaiops.maintenance_steps',
			'gaiops.make_assessment_id',
			'gaiops.make_experiment',
			'gaiops.make_partition',
			'gaiops.may_speak_for_others',
			'gaiops.members',
			'gaiops.merge_distinct',
			'gaiops.merge_elements',
			'gaiops.merge_lines',
			'gaiops.merge_members',
			'gaiops.merged_problem',
			'gaiops.message_problem',
			'gaiops.missing_prompt_aliases',
			'gaiops.mlflow_model_config',
			'gaiops.mlflow_syntax',
			'gaiops.model_config_problem',
			'gaiops.move_prompt_alias',
			'gaiops.needed_partitions',
			'gaiops.next_review_item',
			'gaiops.next_revision',
			'gaiops.normalize_provider',
			'gaiops.note_change',
			'gaiops.note_revision',
			'gaiops.outer_role',
			'gaiops.override_assessment',
			'gaiops.parse_prompt',
			'gaiops.partitions',
			'gaiops.place_assessment',
			'gaiops.placed_words',
			'gaiops.placeholder_problem',
			'gaiops.plain_words',
			'gaiops.point_prompt_alias',
			'gaiops.prepare_prompt_version',
			'gaiops.prepare_prompts',
			'gaiops.prompt_alias_uri',
			'gaiops.prompt_document_parts',
			'gaiops.prompt_document_sense_problem',
			'gaiops.prompt_document_shape',
			'gaiops.prompt_document_shape_problem',
			'gaiops.prompt_document_value_problem',
			'gaiops.prompt_document_versions',
			'gaiops.prompt_hash',
			'gaiops.prompt_inventory',
			'gaiops.prompt_names',
			'gaiops.prompt_version_users',
			'gaiops.prompt_words',
			'gaiops.protect_partition',
			'gaiops.provider_of_url',
			'gaiops.proxy_grant',
			'gaiops.queue_stats',
			'gaiops.raise_no_rollback',
			'gaiops.raise_not_in_force',
			'gaiops.raise_unclaimed_review',
			'gaiops.raise_unknown_endpoint',
			'gaiops.raise_unknown_review_queue',
			'gaiops.raise_unknown_tag',
			'gaiops.read_answer',
			'gaiops.read_chat_line',
			'gaiops.read_mlflow_record',
			'gaiops.read_price_map',
			'gaiops.read_question',
			'gaiops.read_record',
			'gaiops.read_record_line',
			'gaiops.read_record_lines',
			'gaiops.read_records',
			'gaiops.read_tags',
			'gaiops.read_tool_calls',
			'gaiops.record_assessment',
			'gaiops.record_status',
			'gaiops.refuse_change',
			'gaiops.refuse_dataset_change',
			'gaiops.register_prompt',
			'gaiops.regrant',
			'gaiops.remove_prompt_alias',
			'gaiops.reserve_document_numbers',
			'gaiops.reserve_prompt_versions',
			'gaiops.resolve_prompt_include',
			'gaiops.response_format_problem',
			'gaiops.resume_review',
			'gaiops.retention_start',
			'gaiops.reviewer_name',
			'gaiops.right_level',
			'gaiops.rights',
			'gaiops.running_status',
			'gaiops.schema_labels_problem',
			'gaiops.set_splits',
			'gaiops.settle_grants',
			'gaiops.settle_role',
			'gaiops.split_groups',
			'gaiops.split_position',
			'gaiops.store_assessment',
			'gaiops.store_label_schema',
			'gaiops.store_prompt_version',
			'gaiops.take_back_review',
			'gaiops.unfounded_prompt_aliases',
			'gaiops.user_grant',
			'gaiops.viewer_grant',
			'gaiops.wanted_expectation'])
	) AS l (kind, "right", objects), unnest(l.objects) AS o (object)
$$;
COMMENT ON FUNCTION gaiops.rights() IS 'Returns the right that each object of the extension belongs to: viewer, user, proxy, admin or none';
-- Runs: starting and ending them, logging what they come to, comparing them.

CREATE FUNCTION pg_catalog.gaiops_start_run(
	name text DEFAULT NULL, tags jsonb DEFAULT NULL, parent_run_id uuid DEFAULT NULL, is_local boolean DEFAULT false)
RETURNS uuid LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_start_run';
COMMENT ON FUNCTION pg_catalog.gaiops_start_run(text, jsonb, uuid, boolean) IS
'Starts a run, within another one if its id is given, which later calls and spans of the session, or with is_local of the transaction, are part of, and returns its id; a rollback does not undo it, but ends it as FAILED';

CREATE FUNCTION pg_catalog.gaiops_end_run(status text DEFAULT 'FINISHED', run_id uuid DEFAULT NULL)
RETURNS uuid LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_end_run';
COMMENT ON FUNCTION pg_catalog.gaiops_end_run(text, uuid) IS
'Ends a run, by default the current one, with status FINISHED, FAILED or KILLED, and returns its id; a rollback does not undo it';

CREATE FUNCTION pg_catalog.gaiops_current_run()
RETURNS uuid LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'gaiops_current_run';
COMMENT ON FUNCTION pg_catalog.gaiops_current_run() IS
'Returns the run that calls and spans of this session are part of; NULL if there is none';

CREATE FUNCTION pg_catalog.gaiops_log_param(key text, value text, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_param';
COMMENT ON FUNCTION pg_catalog.gaiops_log_param(text, text, uuid) IS
'Logs a parameter of a run, by default the current one, which is written once; a rollback does not undo it; returns nothing; raises if it has another value';

CREATE FUNCTION pg_catalog.gaiops_log_param(key text, value anyelement, run_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO'
AS $$
	SELECT pg_catalog.gaiops_log_param(key, CASE
		WHEN t.typcategory IN ('A', 'C') OR 'json' IN (t.typname, b.typname) OR 'jsonb' IN (t.typname, b.typname)
		THEN to_jsonb(value) #>> '{}' ELSE value::text END, run_id)
	FROM pg_type AS t LEFT JOIN pg_type AS b ON b.oid = t.typbasetype
	WHERE t.oid = pg_typeof(value)
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_param(text, anyelement, uuid) IS
'The same for a value of any type, which is logged as a cast to text writes it, or as JSON if it is an array, a row or JSON, a string without quotes; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_log_metric(
	key text, value double precision, step bigint DEFAULT 0, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_metric';
COMMENT ON FUNCTION pg_catalog.gaiops_log_metric(text, double precision, bigint, uuid) IS
'Logs a metric of a run, by default the current one, at a step; a rollback does not undo it; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_log_metrics(metrics jsonb, step bigint DEFAULT 0, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_metrics';
COMMENT ON FUNCTION pg_catalog.gaiops_log_metrics(jsonb, bigint, uuid) IS
'Logs metrics of a run, by default the current one, at a step, given as an object of numbers; a rollback does not undo it; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_set_run_tag(key text, value text, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_run_tag';
COMMENT ON FUNCTION pg_catalog.gaiops_set_run_tag(text, text, uuid) IS
'Sets a tag of a run, by default the current one, replacing its value if it has one; a rollback does not undo it; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_log_input(dataset text, revision integer DEFAULT NULL, run_id uuid DEFAULT NULL)
RETURNS integer LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_input';
COMMENT ON FUNCTION pg_catalog.gaiops_log_input(text, integer, uuid) IS
'Logs that a run, by default the current one, works on a revision of a dataset, by default the latest, and returns the revision; a rollback does not undo it';

CREATE FUNCTION gaiops.check_runs(run_ids uuid[])
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unknown uuid;
BEGIN
	PERFORM gaiops.check_given('run_ids', run_ids);
	PERFORM gaiops.check_elements('run_ids', run_ids);
	SELECT i INTO unknown FROM unnest(run_ids) AS i
		WHERE NOT EXISTS (SELECT FROM gaiops.run_starts AS s WHERE s.run_id = i) LIMIT 1;
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('run "%s" does not exist', unknown);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_runs(uuid[]) IS 'Takes ids of runs and returns nothing; raises unless all exist';

CREATE FUNCTION pg_catalog.gaiops_compare_run_metrics(run_ids uuid[])
RETURNS TABLE (key text, run_values double precision[], difference double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
BEGIN
	PERFORM gaiops.check_runs(run_ids);
	RETURN QUERY
		WITH compared AS MATERIALIZED (
			SELECT i.place, r.metrics
			FROM unnest(run_ids) WITH ORDINALITY AS i (run_id, place) JOIN gaiops.runs AS r USING (run_id)
		), side_by_side AS (
			SELECT k.key, array_agg((c.metrics ->> k.key)::double precision ORDER BY c.place) AS run_values
			FROM compared AS c, (SELECT DISTINCT m.key FROM compared, jsonb_object_keys(metrics) AS m (key)) AS k
			GROUP BY k.key
		)
		-- What is more than the type holds is infinite; the largest value is 1.79e308.
		SELECT s.key, s.run_values,
			CASE WHEN 'NaN' IN (d.first, d.last) THEN 'NaN'
				WHEN d.first < 0 AND d.last > 1.7976931348623157e308 + d.first THEN 'Infinity'
				WHEN d.first > 0 AND d.last < d.first - 1.7976931348623157e308 THEN '-Infinity'
				ELSE d.last - d.first END
		FROM side_by_side AS s,
			LATERAL (SELECT s.run_values[1] AS first, s.run_values[cardinality(s.run_values)] AS last) AS d
		ORDER BY s.key;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_compare_run_metrics(uuid[]) IS
'Takes ids of runs and returns for each metric the latest value in every run, in their order, NULL where there is none, and the last run''s less the first one''s';
CREATE FUNCTION pg_catalog.gaiops_create_secret(name text, value text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_create_secret'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_create_secret(text, text) IS 'Seals a key under a new name, or stores a reference (env:NAME or file:/path, superusers only), and returns the name';

CREATE FUNCTION pg_catalog.gaiops_create_secret_from_file(name text, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_create_secret_from_file'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_create_secret_from_file(text, text) IS 'Seals the content of a file on the server, less one newline at its end, under a new name, and returns the name';

CREATE FUNCTION pg_catalog.gaiops_alter_secret(name text, value text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_alter_secret'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_alter_secret(text, text) IS 'Replaces the value of a secret, as gaiops_create_secret() takes it, and returns the name';

CREATE FUNCTION pg_catalog.gaiops_alter_secret_from_file(name text, path text)
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_alter_secret_from_file'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_alter_secret_from_file(text, text) IS 'Replaces the value of a secret by the content of a file on the server, and returns the name';

CREATE FUNCTION pg_catalog.gaiops_drop_secret(name text)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_drop_secret'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_drop_secret(text) IS 'Removes a secret that no endpoint refers to; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_rotate_master_key()
RETURNS text
AS 'MODULE_PATHNAME', 'gaiops_rotate_master_key'
LANGUAGE C VOLATILE PARALLEL UNSAFE;
COMMENT ON FUNCTION pg_catalog.gaiops_rotate_master_key() IS 'Adds a master key to the key ring file, reseals the secrets of this database under it, and returns its id';

CREATE FUNCTION pg_catalog.gaiops_list_secrets(
	OUT name text, OUT kind text, OUT key_id text, OUT reference text,
	OUT created_at timestamptz, OUT updated_at timestamptz, OUT created_by name)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT s.name, s.kind, s.key_id, s.reference, s.created_at, s.updated_at, s.created_by
	FROM gaiops.secrets AS s
	ORDER BY s.name
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_list_secrets() IS 'Returns what is known of every secret but its value';
CREATE FUNCTION gaiops.queue_stats(
	OUT chunks integer, OUT free integer, OUT used integer, OUT tickets integer, OUT has_writer boolean,
	OUT in_maintenance boolean, OUT last_maintenance timestamptz, OUT trouble text)
RETURNS record
LANGUAGE C VOLATILE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'gaiops_queue_stats';
COMMENT ON FUNCTION gaiops.queue_stats() IS 'Returns the state of the queue of records: chunks of 8 kB in all, free and used by this database, calls, spans and runs under way here, workers, and what keeps the writer from working; NULL if genaiops is not preloaded';

CREATE FUNCTION gaiops.has_key_ring()
RETURNS boolean
LANGUAGE C VOLATILE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'gaiops_has_key_ring';
COMMENT ON FUNCTION gaiops.has_key_ring() IS 'Returns whether there is a key ring; raises if there is one that cannot be used';

CREATE FUNCTION gaiops.running_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	queue record;
BEGIN
	SELECT * INTO queue FROM gaiops.queue_stats();
	IF queue.chunks IS NULL THEN
		RETURN QUERY VALUES ('preload', 'error', 'genaiops is not in shared_preload_libraries: nothing can be called or recorded');
		RETURN;
	END IF;
	RETURN QUERY VALUES
		('preload', 'ok', 'genaiops is preloaded'),
		('server', CASE WHEN pg_is_in_recovery() THEN 'warning' ELSE 'ok' END,
			CASE WHEN pg_is_in_recovery() THEN 'standby: records can be read, calls are refused' ELSE 'primary' END),
		('incarnation', 'ok', gaiops.incarnation()::text),
		('queue', CASE WHEN queue.free < queue.chunks / 10 THEN 'warning' ELSE 'ok' END,
			format('%s of %s chunks of 8 kB are free, this database uses %s', queue.free, queue.chunks, queue.used)),
		('tickets', 'ok', format('%s calls, spans and runs under way here', queue.tickets)),
		('writer', CASE WHEN queue.trouble IS NULL THEN 'ok' ELSE 'error' END,
			coalesce(queue.trouble, CASE WHEN queue.has_writer THEN 'running' ELSE 'not running: it starts when there is something to record' END)),
		('maintenance', 'ok', CASE WHEN queue.in_maintenance THEN 'running'
			ELSE coalesce('last began at ' || queue.last_maintenance, 'not since the server was started') END);
END
$$;
COMMENT ON FUNCTION gaiops.running_status() IS 'Returns those lines of gaiops_status() that are about processes and shared memory';

CREATE FUNCTION gaiops.record_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
BEGIN
	RETURN QUERY WITH flight AS (
		SELECT count(*) FILTER (WHERE f.status = 'IN_PROGRESS') AS busy, count(*) FILTER (WHERE f.status = 'UNKNOWN') AS lost
		FROM gaiops.calls_in_flight AS f
	), fallback (parent, rows) AS (
		-- Counting more would take long and tell no more.
		SELECT 'gaiops.spans', (SELECT count(*) FROM (SELECT FROM gaiops.spans_default LIMIT 100001) AS d)
		UNION ALL
		SELECT 'gaiops.span_payloads', (SELECT count(*) FROM (SELECT FROM gaiops.span_payloads_default LIMIT 100001) AS d)
	), needed AS (
		SELECT n.parent::text AS parent, n.from_time <= now() AS is_now,
			count(*) AS n, count(*) FILTER (WHERE n.present) AS present
		FROM gaiops.needed_partitions() AS n GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC
	)
	SELECT 'calls in flight', 'ok', f.busy::text FROM flight AS f
	UNION ALL
	SELECT 'unknown calls', CASE WHEN f.lost > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN f.lost > 0 THEN f.lost || ' were under way when a server died; the next call records them' ELSE '0' END
	FROM flight AS f
	UNION ALL
	SELECT format('partitions of %s, %s', n.parent, CASE WHEN n.is_now THEN 'now' ELSE 'next' END),
		CASE WHEN n.present < n.n THEN 'warning' ELSE 'ok' END,
		format('%s of %s are there%s', n.present, n.n,
			CASE WHEN n.present < n.n THEN '; without them records go into the default partition' END)
	FROM needed AS n
	UNION ALL
	SELECT format('default partition of %s', f.parent), CASE WHEN f.rows > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN f.rows > 100000 THEN 'more than 100000 rows' ELSE f.rows || ' rows' END
	FROM fallback AS f
	UNION ALL
	SELECT 'rejected records', CASE WHEN r.n > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN r.n > 0 THEN format('%s, the last at %s: see gaiops.rejected_records', r.n, r.last) ELSE '0' END
	FROM (SELECT count(*) AS n, max(rejected_at) AS last FROM gaiops.rejected_records) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.record_status() IS 'Returns those lines of gaiops_status() that are about what is recorded';

CREATE FUNCTION gaiops.key_ring_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	sealed CONSTANT bigint := (SELECT count(*) FROM gaiops.secrets AS s WHERE s.kind = 'sealed');
	problem text;
BEGIN
	item := 'key ring';
	IF gaiops.has_key_ring() THEN
		status := 'ok';
		detail := 'present';
	ELSIF sealed = 0 THEN
		status := 'ok';
		detail := 'none: the first secret makes it';
	ELSE
		status := 'error';
		detail := format('missing: %s secrets cannot be opened', sealed);
	END IF;
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	-- The reason names a file that is nobody's business but a superuser's.
	status := 'error';
	detail := 'cannot be used: SELECT gaiops.has_key_ring() tells a superuser why';
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION gaiops.key_ring_status() IS 'Returns the line of gaiops_status() that is about the key ring';

CREATE FUNCTION pg_catalog.gaiops_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY SELECT 'version', 'ok', e.extversion FROM pg_extension AS e WHERE e.extname = 'genaiops';
	RETURN QUERY SELECT * FROM gaiops.running_status();
	RETURN QUERY SELECT * FROM gaiops.record_status();
	RETURN QUERY SELECT * FROM gaiops.key_ring_status();
	RETURN QUERY
		SELECT format('setting %s', s.name),
			CASE WHEN s.name = 'gaiops.synchronous_commit' AND s.setting = 'off' THEN 'warning' ELSE 'ok' END,
			current_setting(s.name)
		FROM pg_settings AS s
		WHERE s.name IN ('gaiops.log_timeout', 'gaiops.max_payload_bytes', 'gaiops.max_writers', 'gaiops.payload_retention',
			'gaiops.queue_size', 'gaiops.span_retention', 'gaiops.synchronous_commit', 'max_worker_processes')
		ORDER BY s.name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_status() IS 'Returns the state of genaiops here, one line per item: ok, warning or error, and what there is to say';
-- Traces and spans.

CREATE FUNCTION pg_catalog.gaiops_start_span(
	name text, span_type text DEFAULT 'CHAIN', inputs jsonb DEFAULT NULL, attributes jsonb DEFAULT NULL)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_start_span';
COMMENT ON FUNCTION pg_catalog.gaiops_start_span(text, text, jsonb, jsonb) IS
'Opens a span that later spans and calls of the session are part of, and returns its id; inside a transaction block it ends with the block';

CREATE FUNCTION pg_catalog.gaiops_end_span(
	span_id text DEFAULT NULL, outputs jsonb DEFAULT NULL, status text DEFAULT 'OK', attributes jsonb DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_end_span';
COMMENT ON FUNCTION pg_catalog.gaiops_end_span(text, jsonb, text, jsonb) IS
'Ends a span of this session, by default the innermost, and those still open within it, with status OK or ERROR; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_set_trace_tag(trace_id uuid, key text, value text)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_trace_tag';
COMMENT ON FUNCTION pg_catalog.gaiops_set_trace_tag(uuid, text, text) IS
'Sets a tag of a trace, replacing its value if it has one; a rollback does not undo it; returns nothing';

CREATE FUNCTION pg_catalog.gaiops_last_trace_id()
RETURNS uuid LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'gaiops_last_trace_id';
COMMENT ON FUNCTION pg_catalog.gaiops_last_trace_id() IS
'Returns the trace of the latest call or span of this session; NULL if there was none';

CREATE FUNCTION pg_catalog.gaiops_trace_id_hex(trace_id uuid)
RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_trace_id_hex';
COMMENT ON FUNCTION pg_catalog.gaiops_trace_id_hex(uuid) IS
'Takes a trace id and returns the 32 hexadecimal digits that OpenTelemetry and traceparent use';

CREATE FUNCTION gaiops.incarnation()
RETURNS uuid LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_incarnation';
COMMENT ON FUNCTION gaiops.incarnation() IS
'Returns the random id of this life of the server; NULL if genaiops is not preloaded';

CREATE FUNCTION gaiops.check_traces(trace_ids uuid[])
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_check_traces';
COMMENT ON FUNCTION gaiops.check_traces(uuid[]) IS
'Takes ids of traces and returns nothing; raises unless something of each is recorded by now, whatever the snapshot of the transaction';
-- Latencies of many attempts as a histogram.

CREATE FUNCTION gaiops.histogram_add(state internal, buckets integer[], counts bigint[])
RETURNS internal
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_add';
COMMENT ON FUNCTION gaiops.histogram_add(internal, integer[], bigint[]) IS 'Takes a sum of histograms and one more as two arrays; returns the sum of both';

CREATE FUNCTION gaiops.histogram_add(state internal, histogram gaiops.latency_histogram)
RETURNS internal
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_add_histogram';
COMMENT ON FUNCTION gaiops.histogram_add(internal, gaiops.latency_histogram) IS 'Takes a sum of histograms and one more; returns the sum of both';

CREATE FUNCTION gaiops.histogram_result(state internal)
RETURNS gaiops.latency_histogram
LANGUAGE C IMMUTABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_result';
COMMENT ON FUNCTION gaiops.histogram_result(internal) IS 'Takes a sum of histograms and returns it as a value';

CREATE AGGREGATE gaiops.histogram_sum(buckets integer[], counts bigint[]) (
	SFUNC = gaiops.histogram_add,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = gaiops.histogram_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gaiops.histogram_sum(integer[], bigint[]) IS 'Takes histograms as two arrays, as in gaiops.usage_deltas; returns their sum';

CREATE AGGREGATE gaiops.histogram_sum(histogram gaiops.latency_histogram) (
	SFUNC = gaiops.histogram_add,
	STYPE = internal,
	SSPACE = 8192,
	FINALFUNC = gaiops.histogram_result,
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE gaiops.histogram_sum(gaiops.latency_histogram) IS 'Takes histograms, as in gaiops.usage_hourly; returns their sum';

CREATE FUNCTION gaiops.histogram_mean(histogram gaiops.latency_histogram)
RETURNS double precision
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_histogram_mean';
COMMENT ON FUNCTION gaiops.histogram_mean(gaiops.latency_histogram) IS 'Takes a histogram of latencies; returns their mean in milliseconds, within a few percent, or NULL if there are none';

CREATE FUNCTION pg_catalog.gaiops_percentile(histogram gaiops.latency_histogram, p double precision)
RETURNS double precision
LANGUAGE C IMMUTABLE STRICT PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_percentile';
COMMENT ON FUNCTION pg_catalog.gaiops_percentile(gaiops.latency_histogram, double precision) IS 'Takes a histogram of latencies and a fraction from 0 to 1; returns the milliseconds that this part of them did not exceed, within a few percent, or NULL if there are none';
CREATE VIEW gaiops.experiments WITH (security_invoker = true) AS
	SELECT e.name, d.description, d.goal, d.owner, coalesce(d.tags, '{}') AS tags, e.created_at, e.created_by,
		d.updated_at, d.updated_by
	FROM gaiops.experiment_names AS e
	LEFT JOIN gaiops.experiment_details AS d ON d.experiment = e.name;
COMMENT ON VIEW gaiops.experiments IS 'What calls are grouped by; every span and run belongs to one experiment';
COMMENT ON COLUMN gaiops.experiments.name IS 'Name, as in gaiops_set_experiment()';
COMMENT ON COLUMN gaiops.experiments.description IS 'What it is about; NULL if not said';
COMMENT ON COLUMN gaiops.experiments.goal IS 'What is to be reached; NULL if not said';
COMMENT ON COLUMN gaiops.experiments.owner IS 'Who answers for it; NULL if not said';
COMMENT ON COLUMN gaiops.experiments.tags IS 'Tags, a JSON object of strings';
COMMENT ON COLUMN gaiops.experiments.created_at IS 'When it was first used';
COMMENT ON COLUMN gaiops.experiments.created_by IS 'Database role that first used it';
COMMENT ON COLUMN gaiops.experiments.updated_at IS 'When description, goal, owner or tags were last said; NULL if never';
COMMENT ON COLUMN gaiops.experiments.updated_by IS 'Database role that said it; NULL if nobody did';
-- The newest runs are found by an index, and everything else of a run by its id;
-- the latest metrics by one look into the index for each key, however long the
-- history is.
CREATE VIEW gaiops.runs WITH (security_invoker = true) AS
	SELECT s.run_id, s.name, s.experiment,
		CASE WHEN e.status IS NOT NULL THEN e.status
			WHEN s.incarnation IS NOT DISTINCT FROM gaiops.incarnation() THEN 'RUNNING' ELSE 'KILLED' END AS status,
		s.start_time, e.end_time, s.parent_run_id,
		coalesce((SELECT jsonb_object_agg(p.key, p.value)
			FROM gaiops.run_params AS p WHERE p.run_id = s.run_id), '{}') AS params,
		coalesce((
			WITH RECURSIVE latest AS (
				(SELECT m.key, m.value FROM gaiops.run_metrics AS m
				WHERE m.run_id = s.run_id
				ORDER BY m.key DESC, m.step DESC, m.logged_at DESC LIMIT 1)
				UNION ALL
				SELECT n.key, n.value FROM latest AS l, LATERAL (
					SELECT m.key, m.value FROM gaiops.run_metrics AS m
					WHERE m.run_id = s.run_id AND m.key < l.key
					ORDER BY m.key DESC, m.step DESC, m.logged_at DESC LIMIT 1) AS n
			)
			SELECT jsonb_object_agg(l.key, l.value) FROM latest AS l), '{}') AS metrics,
		coalesce((SELECT jsonb_object_agg(t.key, t.value)
			FROM gaiops.run_tags AS t WHERE t.run_id = s.run_id), '{}') AS tags,
		coalesce((SELECT jsonb_agg(jsonb_build_object('dataset', i.dataset, 'revision', i.revision) ORDER BY i.dataset, i.revision)
			FROM gaiops.run_inputs AS i WHERE i.run_id = s.run_id), '[]') AS datasets,
		s.role, s.session_role, s.application_name
	FROM gaiops.run_starts AS s
	LEFT JOIN gaiops.run_ends AS e ON e.run_id = s.run_id;
COMMENT ON VIEW gaiops.runs IS 'Runs with their parameters, latest metrics, tags and datasets; gaiops.run_metrics has the history';
COMMENT ON COLUMN gaiops.runs.run_id IS 'Id of the run, as in gaiops.spans';
COMMENT ON COLUMN gaiops.runs.name IS 'Its name; NULL if it was given none';
COMMENT ON COLUMN gaiops.runs.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.runs.status IS 'RUNNING, FINISHED, FAILED or KILLED';
COMMENT ON COLUMN gaiops.runs.start_time IS 'When it was started';
COMMENT ON COLUMN gaiops.runs.end_time IS 'When it ended; NULL while it runs, or if that is not known';
COMMENT ON COLUMN gaiops.runs.parent_run_id IS 'Run that it is part of; NULL if none';
COMMENT ON COLUMN gaiops.runs.params IS 'Parameters, a JSON object of strings';
COMMENT ON COLUMN gaiops.runs.metrics IS 'Latest value of each metric, that of the highest step: a JSON object of numbers, and of the strings NaN, Infinity and -Infinity';
COMMENT ON COLUMN gaiops.runs.tags IS 'Tags, a JSON object of strings';
COMMENT ON COLUMN gaiops.runs.datasets IS 'Datasets that it worked on, a JSON array of objects with dataset and revision';
COMMENT ON COLUMN gaiops.runs.role IS 'Database role in force at the start';
COMMENT ON COLUMN gaiops.runs.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.runs.application_name IS 'application_name of the session';
-- The union is on the inside, so that a trace, a session, an id or a name is looked
-- for in the indexes of both tables.  Of one that took its place each row asks for
-- itself: as a join, statistics from before people began to override had the planner
-- read all that overrides anything for each row.  Aggregates and OFFSET keep it from
-- reading a table for the first row that fits, and from making joins of it.  No more
-- than one that is not deleted overrides another: gaiops.lock_assessment_in_force()
-- sees to that.
CREATE VIEW gaiops.assessments WITH (security_invoker = true) AS
	SELECT a.assessment_id, a.trace_id, a.span_id, a.session_id, a.experiment, a.name, a.kind, a.value, a.rationale,
		a.source_type, a.source_id, a.run_id, a.overrides,
		(SELECT (array_agg(o.assessment_id))[1] FROM gaiops.human_assessments AS o
			WHERE o.overrides = a.assessment_id AND NOT EXISTS (
				SELECT FROM gaiops.assessment_deletions AS g WHERE g.assessment_id = o.assessment_id OFFSET 0)) AS overridden_by,
		d.assessment_id IS NOT NULL AS is_deleted,
		d.assessment_id IS NULL AND (SELECT count(*) = 0 FROM gaiops.human_assessments AS o
			WHERE o.overrides = a.assessment_id AND NOT EXISTS (
				SELECT FROM gaiops.assessment_deletions AS g WHERE g.assessment_id = o.assessment_id OFFSET 0)) AS is_valid,
		a.metadata, a.created_at, a.created_by
	FROM (
		SELECT h.assessment_id, h.trace_id, h.span_id, h.session_id, h.experiment, h.name, h.kind, h.value, h.rationale,
			h.source_type, h.source_id, h.run_id, h.overrides, h.metadata, h.created_at, h.created_by
		FROM gaiops.human_assessments AS h
		UNION ALL
		SELECT m.assessment_id, m.trace_id, m.span_id, m.session_id, m.experiment, m.name, m.kind, m.value, m.rationale,
			m.source_type, m.source_id, m.run_id, m.overrides, m.metadata, m.created_at, m.created_by
		FROM gaiops.machine_assessments AS m
	) AS a
	LEFT JOIN gaiops.assessment_deletions AS d ON d.assessment_id = a.assessment_id;
COMMENT ON VIEW gaiops.assessments IS 'One row per assessment: feedback and expectations on traces, spans and sessions, those that were overridden or deleted included';
COMMENT ON COLUMN gaiops.assessments.assessment_id IS 'Id of the assessment';
COMMENT ON COLUMN gaiops.assessments.trace_id IS 'Trace that is assessed; NULL where it is a session';
COMMENT ON COLUMN gaiops.assessments.span_id IS 'Span of that trace; NULL for the whole of it';
COMMENT ON COLUMN gaiops.assessments.session_id IS 'Session that is assessed; NULL where it is a trace';
COMMENT ON COLUMN gaiops.assessments.experiment IS 'Experiment of what is assessed, by name';
COMMENT ON COLUMN gaiops.assessments.name IS 'What is assessed about it, such as correctness; the name of its label schema, if there is one';
COMMENT ON COLUMN gaiops.assessments.kind IS 'feedback: how it is; expectation: how it ought to be';
COMMENT ON COLUMN gaiops.assessments.value IS 'The assessment: a boolean, number, string, array or object';
COMMENT ON COLUMN gaiops.assessments.rationale IS 'Why; NULL if not said';
COMMENT ON COLUMN gaiops.assessments.source_type IS 'HUMAN, LLM_JUDGE or CODE';
COMMENT ON COLUMN gaiops.assessments.source_id IS 'Who: for a person, by default the database role';
COMMENT ON COLUMN gaiops.assessments.run_id IS 'Run that it was made in; NULL if none';
COMMENT ON COLUMN gaiops.assessments.overrides IS 'Assessment that it takes the place of; NULL if none';
COMMENT ON COLUMN gaiops.assessments.overridden_by IS 'Assessment, not deleted, that took its place; NULL if none did';
COMMENT ON COLUMN gaiops.assessments.is_deleted IS 'Whether it was deleted';
COMMENT ON COLUMN gaiops.assessments.is_valid IS 'Whether it is in force: neither overridden nor deleted';
COMMENT ON COLUMN gaiops.assessments.metadata IS 'What else was given, a JSON object; NULL if nothing was';
COMMENT ON COLUMN gaiops.assessments.created_at IS 'When it was made';
COMMENT ON COLUMN gaiops.assessments.created_by IS 'Database role that stored it';
-- Refers to functions that come after it in sql/functions, and is in a form that
-- the planner puts in place of a call.  What was said before there was a schema is
-- taken as the schema has it.
CREATE FUNCTION gaiops.place_value(value jsonb, scale text, s gaiops.label_schemas)
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
RETURN CASE
	WHEN scale = 'truth' AND pg_catalog.jsonb_typeof(value) <> 'boolean' THEN gaiops.fit_pass_fail(s, value)
	WHEN scale = 'number' AND pg_catalog.jsonb_typeof(value) <> 'number' THEN gaiops.fit_number(s, value)
	WHEN scale = 'order' AND pg_catalog.jsonb_typeof(value) = 'string' THEN
		pg_catalog.to_jsonb(pg_catalog.array_position((s).labels, value OPERATOR(pg_catalog.#>>) '{}'))
	WHEN scale = 'order' THEN NULL
	WHEN (s).name IS NOT NULL AND scale IN ('set', 'label') THEN gaiops.fit_categories(s, value)
	ELSE value
END;
COMMENT ON FUNCTION gaiops.place_value(jsonb, text, gaiops.label_schemas) IS 'Takes a value of feedback, its scale (truth, number, order, set or label) and its label schema, if there is one; returns what tells it from others: the position where there is an order, else the value; NULL if it is not on the scale';

-- Names are found one after the other in an index, so that there may be many
-- assessments; a name that is asked for is measured alone.
CREATE VIEW gaiops.agreement WITH (security_invoker = true) AS
	WITH RECURSIVE rated (name) AS (
		SELECT least((SELECT min(h.name) FROM gaiops.human_assessments AS h), (SELECT min(m.name) FROM gaiops.machine_assessments AS m))
		UNION ALL
		SELECT least(
			(SELECT min(h.name) FROM gaiops.human_assessments AS h WHERE h.name > r.name),
			(SELECT min(m.name) FROM gaiops.machine_assessments AS m WHERE m.name > r.name))
		FROM rated AS r
		WHERE r.name IS NOT NULL
	)
	SELECT r.name, a.comparison, a.rater_a, a.rater_b, a.level, a.n, a.kappa, a.kappa_low, a.kappa_high,
		a.alpha, a.alpha_low, a.alpha_high, a.correlation, a.correlation_low, a.correlation_high, a.prevalence
	FROM rated AS r, LATERAL gaiops.agreement_on(r.name) AS a
	WHERE r.name IS NOT NULL;
COMMENT ON VIEW gaiops.agreement IS 'How far people agree on what they say under a name, two by two and all together, and how far each judge and program agrees with people; intervals are of 95 %';
COMMENT ON COLUMN gaiops.agreement.name IS 'Name of the feedback';
COMMENT ON COLUMN gaiops.agreement.comparison IS 'reviewers: two people; all reviewers: all people together; judge, code: a judge or a program with what people say';
COMMENT ON COLUMN gaiops.agreement.rater_a IS 'One of the people, or the judge or program; NULL for all reviewers';
COMMENT ON COLUMN gaiops.agreement.rater_b IS 'The other one of the people; NULL for all but reviewers';
COMMENT ON COLUMN gaiops.agreement.level IS 'nominal: values are the same or not; ordinal: they have an order; interval: they are numbers';
COMMENT ON COLUMN gaiops.agreement.n IS 'Traces, spans and sessions that both have rated, or two at least; others count for nothing in the row';
COMMENT ON COLUMN gaiops.agreement.kappa IS 'Cohen''s kappa, with quadratic weights unless the level is nominal; NULL if not defined, and for more than two raters';
COMMENT ON COLUMN gaiops.agreement.kappa_low IS 'Lower bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.kappa_high IS 'Upper bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.alpha IS 'Krippendorff''s alpha; NULL if not defined';
COMMENT ON COLUMN gaiops.agreement.alpha_low IS 'Lower bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.alpha_high IS 'Upper bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.correlation IS 'Pearson correlation; NULL if not defined, for more than two raters, and if the level is nominal';
COMMENT ON COLUMN gaiops.agreement.correlation_low IS 'Lower bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.correlation_high IS 'Upper bound of its interval; NULL if unknown';
COMMENT ON COLUMN gaiops.agreement.prevalence IS 'Share of true among what was said, or of the commonest value where values are not true and false';
-- Every span there is, recorded or not yet.  The other views on spans rest on it.
CREATE VIEW gaiops.all_spans WITH (security_invoker = true) AS
	SELECT s.trace_id, s.span_id, s.parent_span_id, s.name, s.span_type, s.status, s.error_class, s.error_message,
		s.purpose, s.experiment, s.run_id, s.endpoint, s.target, s.provider, s.model, s.response_model,
		s.response_id, s.finish_reason, s.prompt_name, s.prompt_version, s.prompt_hash, s.session_id, s.user_id,
		s.session_role, s.role, s.application_name, s.client_addr, s.is_entry, s.attempt, s.http_status,
		s.input_tokens, s.output_tokens, s.cached_input_tokens, s.cache_write_tokens, s.reasoning_tokens, s.cost,
		s.start_time, s.latency_ms, s.gateway_ms, s.time_to_first_token_ms
	FROM gaiops.spans AS s
	UNION ALL
	SELECT i.trace_id, i.span_id, i.parent_span_id, i.name, i.span_type,
		CASE WHEN i.incarnation IS DISTINCT FROM gaiops.incarnation() THEN 'UNKNOWN' ELSE 'IN_PROGRESS' END,
		CASE WHEN i.incarnation IS DISTINCT FROM gaiops.incarnation() THEN 'unknown' END, NULL::text, i.purpose, i.experiment, i.run_id, i.endpoint, i.target, i.provider, i.model,
		NULL::text, NULL::text, NULL::text, i.prompt_name, i.prompt_version, i.prompt_hash, i.session_id, i.user_id,
		i.session_role, i.role, i.application_name, i.client_addr, i.is_entry, i.attempt, NULL::integer,
		NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::numeric, i.start_time,
		NULL::double precision, NULL::double precision, NULL::double precision
	FROM gaiops.intents AS i;
COMMENT ON VIEW gaiops.all_spans IS 'One row per span: those in gaiops.spans, and those of gaiops.calls_in_flight with status IN_PROGRESS or UNKNOWN';
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
COMMENT ON COLUMN gaiops.all_spans.finish_reason IS 'Why the model stopped, such as stop, length or tool_calls';
COMMENT ON COLUMN gaiops.all_spans.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.all_spans.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.all_spans.prompt_hash IS 'Hash of that version''s content';
COMMENT ON COLUMN gaiops.all_spans.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.all_spans.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.all_spans.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.all_spans.role IS 'Database role in force at the call';
COMMENT ON COLUMN gaiops.all_spans.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.all_spans.client_addr IS 'Address of the client; NULL over a Unix socket';
COMMENT ON COLUMN gaiops.all_spans.is_entry IS 'Whether this is where the trace entered the database: no parent recorded here, first attempt';
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
CREATE VIEW gaiops.calls_in_flight WITH (security_invoker = true) AS
	SELECT i.trace_id, i.span_id, i.parent_span_id, i.name, i.span_type,
		CASE WHEN i.incarnation IS DISTINCT FROM gaiops.incarnation() THEN 'UNKNOWN' ELSE 'IN_PROGRESS' END AS status,
		i.start_time, pg_catalog.clock_timestamp() - i.start_time AS age, i.experiment,
		i.purpose, i.run_id, i.endpoint, i.target, i.provider, i.model, i.attempt, i.prompt_name, i.prompt_version,
		i.prompt_hash, i.session_id, i.user_id, i.session_role, i.role, i.application_name, i.client_addr,
		i.is_entry, i.pid, i.incarnation
	FROM gaiops.intents AS i;
COMMENT ON VIEW gaiops.calls_in_flight IS 'One row per attempt to call a model, and per open span, that has no row in gaiops.spans yet';
COMMENT ON COLUMN gaiops.calls_in_flight.trace_id IS 'Trace the span belongs to';
COMMENT ON COLUMN gaiops.calls_in_flight.span_id IS 'Span, 16 lower-case hexadecimal digits, unique in its trace';
COMMENT ON COLUMN gaiops.calls_in_flight.parent_span_id IS 'Span that this one is part of; NULL for a root';
COMMENT ON COLUMN gaiops.calls_in_flight.name IS 'What was done, such as "chat gpt-4.1-mini"';
COMMENT ON COLUMN gaiops.calls_in_flight.span_type IS 'CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING and so on';
COMMENT ON COLUMN gaiops.calls_in_flight.status IS 'IN_PROGRESS, or UNKNOWN when the server has died since: its outcome will never be known';
COMMENT ON COLUMN gaiops.calls_in_flight.start_time IS 'When the attempt or span began';
COMMENT ON COLUMN gaiops.calls_in_flight.age IS 'How long ago it began';
COMMENT ON COLUMN gaiops.calls_in_flight.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.calls_in_flight.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.calls_in_flight.run_id IS 'Run by id; NULL outside a run';
COMMENT ON COLUMN gaiops.calls_in_flight.endpoint IS 'Endpoint by name; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.calls_in_flight.target IS 'Upstream behind the endpoint, as provider/model';
COMMENT ON COLUMN gaiops.calls_in_flight.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.calls_in_flight.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.calls_in_flight.attempt IS 'Number of the attempt, from 1; NULL for a span that is no model call';
COMMENT ON COLUMN gaiops.calls_in_flight.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.calls_in_flight.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.calls_in_flight.prompt_hash IS 'Hash of that version''s content';
COMMENT ON COLUMN gaiops.calls_in_flight.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.calls_in_flight.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.calls_in_flight.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.calls_in_flight.role IS 'Database role in force at the call';
COMMENT ON COLUMN gaiops.calls_in_flight.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.calls_in_flight.client_addr IS 'Address of the client; NULL over a Unix socket';
COMMENT ON COLUMN gaiops.calls_in_flight.is_entry IS 'Whether this is where the trace entered the database: no parent recorded here, first attempt';
COMMENT ON COLUMN gaiops.calls_in_flight.pid IS 'Server process that makes the call, as in pg_stat_activity';
COMMENT ON COLUMN gaiops.calls_in_flight.incarnation IS 'Life of the server that it began in';
-- A trace is shown by one of its spans: the first that entered the database, or
-- the first of all where that one is not here any more.  Looking for a better
-- span of the same trace takes a few index lookups per span, so that the newest
-- traces are found from the end, and all else is added up for those alone.
CREATE VIEW gaiops.traces WITH (security_invoker = true) AS
	SELECT e.trace_id, coalesce(outcome.status, e.status) AS status, e.name, e.start_time,
		total.latency_ms, total.input_tokens, total.output_tokens, total.cost,
		(SELECT gaiops.preview(gaiops.inputs_text(p.inputs))
			FROM gaiops.span_payloads AS p
			WHERE p.trace_id = e.trace_id AND p.span_id = e.span_id AND p.start_time = e.start_time
				AND p.kind = 'request') AS request_preview,
		(SELECT gaiops.preview(coalesce(gaiops.answer_text(p.body), gaiops.inputs_text(p.inputs)))
			FROM gaiops.span_payloads AS p
			WHERE p.trace_id = e.trace_id AND p.span_id = coalesce(outcome.span_id, e.span_id)
				AND p.start_time = coalesce(outcome.start_time, e.start_time)
				AND p.kind = 'response') AS response_preview,
		CASE WHEN outcome.span_id IS NULL THEN e.error_class ELSE outcome.error_class END AS error_class,
		e.experiment, e.endpoint, e.provider, e.model, total.calls, total.attempts, total.errors, total.spans,
		total.unpriced, total.cached_input_tokens, total.reasoning_tokens, e.session_id, e.user_id, e.purpose, e.run_id,
		e.prompt_name, e.prompt_version, e.role,
		(SELECT jsonb_object_agg(t.key, t.value) FROM gaiops.trace_tags AS t WHERE t.trace_id = e.trace_id) AS tags
	FROM gaiops.all_spans AS e
	-- The last attempt of the call that this span is the first attempt of; another
	-- call may join the same trace of an application after it.  These are
	-- aggregates, so that queries that use no column of theirs do without.
	LEFT JOIN LATERAL (
		SELECT (array_agg(a.span_id ORDER BY a.attempt DESC))[1] AS span_id,
			(array_agg(a.start_time ORDER BY a.attempt DESC))[1] AS start_time,
			(array_agg(a.status ORDER BY a.attempt DESC))[1] AS status,
			(array_agg(a.error_class ORDER BY a.attempt DESC))[1] AS error_class
		FROM (
			SELECT n.span_id, n.start_time, n.status, n.error_class, n.attempt,
				min(n.start_time) FILTER (WHERE n.attempt = 1) OVER () AS next_call
			FROM gaiops.all_spans AS n
			WHERE n.trace_id = e.trace_id AND n.parent_span_id IS NOT DISTINCT FROM e.parent_span_id
				AND n.start_time > e.start_time
		) AS a
		WHERE a.attempt > e.attempt AND (a.next_call IS NULL OR a.start_time < a.next_call)
	) AS outcome ON true
	LEFT JOIN LATERAL (
		SELECT count(*) FILTER (WHERE s.attempt = 1) AS calls,
			count(s.attempt) AS attempts,
			count(*) FILTER (WHERE s.status = 'ERROR') AS errors,
			count(*) FILTER (WHERE s.attempt IS NOT NULL AND s.cost IS NULL
				AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)) AS unpriced,
			count(*) AS spans,
			sum(s.input_tokens)::bigint AS input_tokens,
			sum(s.output_tokens)::bigint AS output_tokens,
			sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
			sum(s.reasoning_tokens)::bigint AS reasoning_tokens,
			sum(s.cost) AS cost,
			max(extract(epoch FROM s.start_time - e.start_time)::double precision * 1000 + s.latency_ms) AS latency_ms
		FROM gaiops.all_spans AS s
		WHERE s.trace_id = e.trace_id
	) AS total ON true
	WHERE NOT EXISTS (
			SELECT FROM gaiops.all_spans AS b
			WHERE b.trace_id = e.trace_id
				AND (NOT b.is_entry, b.start_time, b.span_id) < (NOT e.is_entry, e.start_time, e.span_id))
		AND (e.status <> 'IN_PROGRESS'
			OR (SELECT true FROM gaiops.spans AS r WHERE r.trace_id = e.trace_id LIMIT 1));
COMMENT ON VIEW gaiops.traces IS 'One row per trace that has any span here; its root may be in the application';
COMMENT ON COLUMN gaiops.traces.trace_id IS 'Id of the trace; gaiops_trace_id_hex() gives it as OpenTelemetry writes it';
COMMENT ON COLUMN gaiops.traces.status IS 'OK, ERROR, UNKNOWN or IN_PROGRESS: of its entry span, or of the last attempt where that is a call';
COMMENT ON COLUMN gaiops.traces.name IS 'Name of the entry span';
COMMENT ON COLUMN gaiops.traces.start_time IS 'When the entry span began';
COMMENT ON COLUMN gaiops.traces.latency_ms IS 'Milliseconds from there to the end of the last span; NULL if no end is known';
COMMENT ON COLUMN gaiops.traces.input_tokens IS 'Known input tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.output_tokens IS 'Known output tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.cost IS 'Known cost of all attempts in US dollars, without those in "unpriced"; NULL if none is known';
COMMENT ON COLUMN gaiops.traces.request_preview IS 'First 200 characters of what the user said, or of the inputs of the entry span; NULL once payloads are dropped';
COMMENT ON COLUMN gaiops.traces.response_preview IS 'First 200 characters of the answer, or of the outputs of the entry span; NULL once payloads are dropped';
COMMENT ON COLUMN gaiops.traces.error_class IS 'Kind of failure where status says that there was one';
COMMENT ON COLUMN gaiops.traces.experiment IS 'Experiment of the entry span';
COMMENT ON COLUMN gaiops.traces.endpoint IS 'Endpoint that the entry span called; NULL if it is no call';
COMMENT ON COLUMN gaiops.traces.provider IS 'Provider of that endpoint';
COMMENT ON COLUMN gaiops.traces.model IS 'Model that was asked for there';
COMMENT ON COLUMN gaiops.traces.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.traces.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.traces.errors IS 'Spans with status ERROR, failed attempts among them';
COMMENT ON COLUMN gaiops.traces.spans IS 'Spans, attempts among them';
COMMENT ON COLUMN gaiops.traces.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.traces.cached_input_tokens IS 'Known input tokens read from a cache; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.reasoning_tokens IS 'Known output tokens spent on reasoning; NULL if none are known';
COMMENT ON COLUMN gaiops.traces.session_id IS 'Session (conversation) the application named';
COMMENT ON COLUMN gaiops.traces.user_id IS 'End user the application named';
COMMENT ON COLUMN gaiops.traces.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.traces.run_id IS 'Run by id; NULL outside a run';
COMMENT ON COLUMN gaiops.traces.prompt_name IS 'Registered prompt that the entry span used';
COMMENT ON COLUMN gaiops.traces.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.traces.role IS 'Database role in force at the entry span';
COMMENT ON COLUMN gaiops.traces.tags IS 'Tags as a JSON object; NULL if there are none';
CREATE VIEW gaiops.sessions WITH (security_invoker = true) AS
	SELECT s.session_id, count(DISTINCT s.trace_id) AS traces,
		count(*) FILTER (WHERE s.attempt = 1) AS calls,
		count(s.attempt) AS attempts,
		count(*) FILTER (WHERE s.status = 'ERROR') AS errors,
		sum(s.input_tokens)::bigint AS input_tokens,
		sum(s.output_tokens)::bigint AS output_tokens,
		sum(s.cached_input_tokens)::bigint AS cached_input_tokens,
		sum(s.reasoning_tokens)::bigint AS reasoning_tokens,
		sum(s.cost) AS cost,
		count(*) FILTER (WHERE s.attempt IS NOT NULL AND s.cost IS NULL
			AND (s.status = 'OK' OR s.input_tokens IS NOT NULL OR s.output_tokens IS NOT NULL)) AS unpriced,
		min(s.start_time) AS first_time,
		max(s.start_time) AS last_time
	FROM gaiops.all_spans AS s
	WHERE s.session_id IS NOT NULL
	GROUP BY s.session_id;
COMMENT ON VIEW gaiops.sessions IS 'One row per session (conversation) that an application named';
COMMENT ON COLUMN gaiops.sessions.session_id IS 'Session, as the application named it';
COMMENT ON COLUMN gaiops.sessions.traces IS 'Traces that are part of it';
COMMENT ON COLUMN gaiops.sessions.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.sessions.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.sessions.errors IS 'Spans with status ERROR, failed attempts among them';
COMMENT ON COLUMN gaiops.sessions.input_tokens IS 'Known input tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.output_tokens IS 'Known output tokens of all attempts; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.cached_input_tokens IS 'Known input tokens read from a cache; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.reasoning_tokens IS 'Known output tokens spent on reasoning; NULL if none are known';
COMMENT ON COLUMN gaiops.sessions.cost IS 'Known cost in US dollars, without the attempts in "unpriced"; NULL if none is known';
COMMENT ON COLUMN gaiops.sessions.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.sessions.first_time IS 'When its first span began';
COMMENT ON COLUMN gaiops.sessions.last_time IS 'When its last span began';
-- Attributes are computed from columns and bodies here; only what an application
-- gave is stored as attributes, and wins over what is computed.
CREATE VIEW gaiops.span_contents WITH (security_invoker = true) AS
	SELECT s.trace_id, s.span_id, s.parent_span_id, s.name, s.span_type, s.status, s.start_time,
		asked.inputs,
		CASE WHEN s.attempt IS NULL THEN answered.inputs END AS outputs,
		gaiops.answer_text(answered.body) AS answer,
		asked.body AS request,
		answered.body AS response,
		answered.body_bytes AS response_bytes,
		asked.body_length AS request_length,
		answered.body_length AS response_length,
		jsonb_strip_nulls(jsonb_build_object(
			'gen_ai.operation.name', CASE s.span_type
				WHEN 'CHAT_MODEL' THEN 'chat'
				WHEN 'LLM' THEN 'text_completion'
				WHEN 'EMBEDDING' THEN 'embeddings'
				WHEN 'RETRIEVER' THEN 'retrieval'
				WHEN 'AGENT' THEN 'invoke_agent'
				WHEN 'TOOL' THEN 'execute_tool' END,
			'gen_ai.provider.name', s.provider,
			'gen_ai.request.model', s.model,
			'gen_ai.response.model', s.response_model,
			'gen_ai.response.id', s.response_id,
			'gen_ai.response.finish_reasons', CASE WHEN s.finish_reason IS NOT NULL THEN jsonb_build_array(s.finish_reason) END,
			'gen_ai.response.time_to_first_chunk', s.time_to_first_token_ms / 1000,
			'gen_ai.usage.input_tokens', s.input_tokens,
			'gen_ai.usage.output_tokens', s.output_tokens,
			'gen_ai.usage.cache_read.input_tokens', s.cached_input_tokens,
			'gen_ai.usage.cache_write.input_tokens', s.cache_write_tokens,
			'gen_ai.usage.reasoning.output_tokens', s.reasoning_tokens,
			'gen_ai.conversation.id', s.session_id,
			'user.id', s.user_id,
			'error.type', s.error_class))
			|| coalesce(gaiops.request_attributes(gaiops.read_json(CASE WHEN asked.body_length IS NULL THEN asked.body END)), '{}')
			|| coalesce(asked.attributes, '{}') || coalesce(answered.attributes, '{}') AS attributes,
		coalesce(asked.metadata, answered.metadata) AS metadata,
		coalesce(answered.events, asked.events) AS events
	FROM gaiops.all_spans AS s
	LEFT JOIN gaiops.span_payloads AS asked ON asked.trace_id = s.trace_id AND asked.span_id = s.span_id
		AND asked.start_time = s.start_time AND asked.kind = 'request'
	LEFT JOIN gaiops.span_payloads AS answered ON answered.trace_id = s.trace_id AND answered.span_id = s.span_id
		AND answered.start_time = s.start_time AND answered.kind = 'response';
COMMENT ON VIEW gaiops.span_contents IS 'One row per span with what was said, as long as gaiops.payload_retention keeps it, and its OpenTelemetry attributes';
COMMENT ON COLUMN gaiops.span_contents.trace_id IS 'Trace the span belongs to';
COMMENT ON COLUMN gaiops.span_contents.span_id IS 'Span, 16 lower-case hexadecimal digits, unique in its trace';
COMMENT ON COLUMN gaiops.span_contents.parent_span_id IS 'Span that this one is part of; NULL for a root';
COMMENT ON COLUMN gaiops.span_contents.name IS 'What was done, such as "chat gpt-4.1-mini"';
COMMENT ON COLUMN gaiops.span_contents.span_type IS 'CHAT_MODEL, CHAIN, AGENT, TOOL, RETRIEVER, EMBEDDING and so on';
COMMENT ON COLUMN gaiops.span_contents.status IS 'OK, ERROR, UNKNOWN when the server died in mid-call, or IN_PROGRESS';
COMMENT ON COLUMN gaiops.span_contents.start_time IS 'When the attempt or span began; a condition on it makes queries fast';
COMMENT ON COLUMN gaiops.span_contents.inputs IS 'What the caller gave, before anything was added; for an application''s span its inputs';
COMMENT ON COLUMN gaiops.span_contents.outputs IS 'Outputs of an application''s span; NULL for a call';
COMMENT ON COLUMN gaiops.span_contents.answer IS 'Text of the answer to a call; NULL if there is none or the answer was cut';
COMMENT ON COLUMN gaiops.span_contents.request IS 'Body of the request as sent';
COMMENT ON COLUMN gaiops.span_contents.response IS 'Body of the answer as received, keys masked';
COMMENT ON COLUMN gaiops.span_contents.response_bytes IS 'The same when it is no valid UTF-8 text';
COMMENT ON COLUMN gaiops.span_contents.request_length IS 'Bytes of the whole request if it was cut; NULL if it was not';
COMMENT ON COLUMN gaiops.span_contents.response_length IS 'Bytes of the whole answer if it was cut; NULL if it was not';
COMMENT ON COLUMN gaiops.span_contents.attributes IS 'Attributes named as in the OpenTelemetry conventions for generative AI, with those that the application gave';
COMMENT ON COLUMN gaiops.span_contents.metadata IS 'Metadata that the caller gave';
COMMENT ON COLUMN gaiops.span_contents.events IS 'Events within the span';
CREATE VIEW gaiops.usage_hourly WITH (security_invoker = true) AS
	SELECT u.hour, u.experiment, u.purpose, u.endpoint, u.provider, u.model, u.prompt_name, u.prompt_version,
		u.calls, u.attempts, u.errors, u.unknown,
		u.input_tokens, u.output_tokens, u.cached_input_tokens, u.reasoning_tokens,
		-- Nothing is known where nothing but 0 is and a price is missing.
		CASE WHEN u.cost <> 0 OR u.unpriced = 0 THEN u.cost END AS cost, u.unpriced,
		gaiops.histogram_mean(u.latencies) AS avg_latency_ms,
		gaiops_percentile(u.latencies, 0.5) AS p50_latency_ms,
		gaiops_percentile(u.latencies, 0.95) AS p95_latency_ms,
		gaiops_percentile(u.latencies, 0.99) AS p99_latency_ms,
		u.latencies
	FROM (
		SELECT d.hour, d.experiment, d.purpose, d.endpoint, d.provider, d.model, d.prompt_name, d.prompt_version,
			sum(d.calls)::bigint AS calls, sum(d.attempts)::bigint AS attempts,
			sum(d.errors)::bigint AS errors, sum(d.unknown)::bigint AS unknown,
			sum(d.input_tokens)::bigint AS input_tokens, sum(d.output_tokens)::bigint AS output_tokens,
			sum(d.cached_input_tokens)::bigint AS cached_input_tokens, sum(d.reasoning_tokens)::bigint AS reasoning_tokens,
			sum(d.cost) AS cost, sum(d.unpriced)::bigint AS unpriced,
			gaiops.histogram_sum(d.latency_buckets, d.latency_counts) AS latencies
		FROM gaiops.usage_deltas AS d
		GROUP BY d.hour, d.experiment, d.purpose, d.endpoint, d.provider, d.model, d.prompt_name, d.prompt_version
	) AS u;
COMMENT ON VIEW gaiops.usage_hourly IS 'One row per hour and what calls are grouped by: counts, tokens, cost and latencies; never stale, and kept when spans and payloads are dropped';
COMMENT ON COLUMN gaiops.usage_hourly.hour IS 'Hour, in UTC, that the attempts began in';
COMMENT ON COLUMN gaiops.usage_hourly.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.usage_hourly.purpose IS 'application, evaluation, judge, monitor or optimization';
COMMENT ON COLUMN gaiops.usage_hourly.endpoint IS 'Endpoint by name';
COMMENT ON COLUMN gaiops.usage_hourly.provider IS 'Provider, named as in OpenTelemetry gen_ai.provider.name';
COMMENT ON COLUMN gaiops.usage_hourly.model IS 'Model that was asked for';
COMMENT ON COLUMN gaiops.usage_hourly.prompt_name IS 'Registered prompt that was used, by name';
COMMENT ON COLUMN gaiops.usage_hourly.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.usage_hourly.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.usage_hourly.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.usage_hourly.errors IS 'Attempts that failed';
COMMENT ON COLUMN gaiops.usage_hourly.unknown IS 'Attempts whose outcome will never be known: the server died in mid-call';
COMMENT ON COLUMN gaiops.usage_hourly.input_tokens IS 'Known input tokens, cached ones included';
COMMENT ON COLUMN gaiops.usage_hourly.output_tokens IS 'Known output tokens, reasoning ones included';
COMMENT ON COLUMN gaiops.usage_hourly.cached_input_tokens IS 'Known input tokens read from a cache';
COMMENT ON COLUMN gaiops.usage_hourly.reasoning_tokens IS 'Known output tokens spent on reasoning';
COMMENT ON COLUMN gaiops.usage_hourly.cost IS 'Known cost in US dollars, without the attempts in "unpriced"; NULL if a price is missing and no cost is known; 0 if nothing was answered';
COMMENT ON COLUMN gaiops.usage_hourly.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.usage_hourly.avg_latency_ms IS 'Mean latency of an attempt in milliseconds, within a few percent; NULL if none is known';
COMMENT ON COLUMN gaiops.usage_hourly.p50_latency_ms IS 'Median of it';
COMMENT ON COLUMN gaiops.usage_hourly.p95_latency_ms IS '95th percentile of it';
COMMENT ON COLUMN gaiops.usage_hourly.p99_latency_ms IS '99th percentile of it';
COMMENT ON COLUMN gaiops.usage_hourly.latencies IS 'All of them as a histogram; add up with gaiops.histogram_sum() and read with gaiops_percentile()';
-- The row type of gaiops_load_prompt().
CREATE VIEW gaiops.prompt_versions WITH (security_invoker = true) AS
	SELECT c.name, c.version, c.kind, c.template, c.messages, c.variables, c.response_format, c.model_config,
		c.commit_message,
		coalesce((
			SELECT jsonb_object_agg(t.key, t.value)
			FROM gaiops.prompt_version_tags AS t
			WHERE t.name = c.name AND t.version = c.version), '{}') AS tags,
		coalesce((
			SELECT array_agg(a.alias ORDER BY a.alias)
			FROM gaiops.prompt_aliases AS a
			WHERE a.name = c.name AND a.version = c.version), '{}') AS aliases,
		coalesce((
			SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object('name', i.included_name, 'version', i.included_version,
				'alias', i.alias, 'follow', i.follow)) ORDER BY i.position)
			FROM gaiops.prompt_includes AS i
			WHERE i.name = c.name AND i.version = c.version), '[]') AS includes,
		c.syntax, c.content_hash, c.created_at, c.created_by
	FROM gaiops.prompt_contents AS c
	WHERE NOT EXISTS (
		SELECT FROM gaiops.prompt_deletions AS d
		WHERE d.name = c.name AND d.version = c.version);
COMMENT ON VIEW gaiops.prompt_versions IS 'One row per version of a prompt that is not deleted, as gaiops_load_prompt() returns it';
COMMENT ON COLUMN gaiops.prompt_versions.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompt_versions.version IS 'Number of the version, from 1';
COMMENT ON COLUMN gaiops.prompt_versions.kind IS 'text or chat';
COMMENT ON COLUMN gaiops.prompt_versions.template IS 'Template of a text prompt; NULL for a chat prompt';
COMMENT ON COLUMN gaiops.prompt_versions.messages IS 'Messages of a chat prompt, whose contents are templates; NULL for a text prompt';
COMMENT ON COLUMN gaiops.prompt_versions.variables IS 'Names of the variables in its own templates; gaiops_prompt_variables() adds those of what it includes';
COMMENT ON COLUMN gaiops.prompt_versions.response_format IS 'Format of answers that calls ask for unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_versions.model_config IS 'Parameters of calls unless they say otherwise; NULL if none';
COMMENT ON COLUMN gaiops.prompt_versions.commit_message IS 'What was changed, or why; NULL if nobody said';
COMMENT ON COLUMN gaiops.prompt_versions.tags IS 'Tags of the version, as an object';
COMMENT ON COLUMN gaiops.prompt_versions.aliases IS 'Aliases that point to it';
COMMENT ON COLUMN gaiops.prompt_versions.includes IS 'Prompts it includes, in order: name, version or the alias that is followed';
COMMENT ON COLUMN gaiops.prompt_versions.syntax IS 'gaiops, or mlflow for a template that was imported from there and is rendered by its rules';
COMMENT ON COLUMN gaiops.prompt_versions.content_hash IS 'SHA-256 of all that makes up the version, as 64 hexadecimal digits';
COMMENT ON COLUMN gaiops.prompt_versions.created_at IS 'When it was registered';
COMMENT ON COLUMN gaiops.prompt_versions.created_by IS 'Database role that registered it';

CREATE FUNCTION pg_catalog.gaiops_load_prompt(uri text)
RETURNS gaiops.prompt_versions LANGUAGE c VOLATILE PARALLEL UNSAFE COST 100 AS 'MODULE_PATHNAME', 'gaiops_load_prompt';
COMMENT ON FUNCTION pg_catalog.gaiops_load_prompt(text) IS
'Takes the address of a version of a prompt, such as prompts:/name/3 or prompts:/name@alias, and returns the version as it is now';
CREATE VIEW gaiops.prompts WITH (security_invoker = true) AS
	SELECT v.name, v.latest_version, v.versions,
		coalesce((
			SELECT jsonb_object_agg(a.alias, a.version)
			FROM gaiops.prompt_aliases AS a
			WHERE a.name = v.name), '{}') AS aliases,
		coalesce((
			SELECT jsonb_object_agg(t.key, t.value)
			FROM gaiops.prompt_tags AS t
			WHERE t.name = v.name), '{}') AS tags,
		v.created_at, v.created_by, v.updated_at
	FROM (
		SELECT c.name, max(c.version) AS latest_version, count(*)::integer AS versions,
			min(c.created_at) AS created_at,
			(array_agg(c.created_by ORDER BY c.version))[1] AS created_by,
			max(c.created_at) AS updated_at
		FROM gaiops.prompt_contents AS c
		WHERE NOT EXISTS (
			SELECT FROM gaiops.prompt_deletions AS d
			WHERE d.name = c.name AND d.version = c.version)
		GROUP BY c.name
	) AS v;
COMMENT ON VIEW gaiops.prompts IS 'One row per prompt that has a version which is not deleted';
COMMENT ON COLUMN gaiops.prompts.name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.prompts.latest_version IS 'Highest number of its versions';
COMMENT ON COLUMN gaiops.prompts.versions IS 'How many versions it has';
COMMENT ON COLUMN gaiops.prompts.aliases IS 'Its aliases, each with the version it points to, as an object';
COMMENT ON COLUMN gaiops.prompts.tags IS 'Its tags, as an object';
COMMENT ON COLUMN gaiops.prompts.created_at IS 'When its first version was registered';
COMMENT ON COLUMN gaiops.prompts.created_by IS 'Database role that registered it';
COMMENT ON COLUMN gaiops.prompts.updated_at IS 'When its latest version was registered';
CREATE VIEW gaiops.prompt_usage WITH (security_invoker = true) AS
	SELECT u.prompt_name, u.prompt_version,
		u.calls, u.attempts, u.errors, u.unknown,
		u.input_tokens, u.output_tokens, u.cached_input_tokens, u.reasoning_tokens,
		-- as in gaiops.usage_hourly
		CASE WHEN u.cost <> 0 OR u.unpriced = 0 THEN u.cost END AS cost, u.unpriced,
		gaiops.histogram_mean(u.latencies) AS avg_latency_ms,
		gaiops_percentile(u.latencies, 0.5) AS p50_latency_ms,
		gaiops_percentile(u.latencies, 0.95) AS p95_latency_ms,
		u.first_used, u.last_used
	FROM (
		SELECT d.prompt_name, d.prompt_version,
			sum(d.calls)::bigint AS calls, sum(d.attempts)::bigint AS attempts,
			sum(d.errors)::bigint AS errors, sum(d.unknown)::bigint AS unknown,
			sum(d.input_tokens)::bigint AS input_tokens, sum(d.output_tokens)::bigint AS output_tokens,
			sum(d.cached_input_tokens)::bigint AS cached_input_tokens, sum(d.reasoning_tokens)::bigint AS reasoning_tokens,
			sum(d.cost) AS cost, sum(d.unpriced)::bigint AS unpriced,
			gaiops.histogram_sum(d.latency_buckets, d.latency_counts) AS latencies,
			-- A repricing is no use.
			min(coalesce(d.first_start, d.hour)) FILTER (WHERE d.attempts > 0) AS first_used,
			max(coalesce(d.last_start, d.hour)) FILTER (WHERE d.attempts > 0) AS last_used
		FROM gaiops.usage_deltas AS d
		WHERE d.prompt_name IS NOT NULL AND d.purpose = 'application'
		GROUP BY d.prompt_name, d.prompt_version
	) AS u;
COMMENT ON VIEW gaiops.prompt_usage IS 'One row per version of a prompt that applications used: counts, tokens, cost and latencies since its first use; never stale, and kept when spans and payloads are dropped';
COMMENT ON COLUMN gaiops.prompt_usage.prompt_name IS 'Registered prompt by name';
COMMENT ON COLUMN gaiops.prompt_usage.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.prompt_usage.calls IS 'Calls to models';
COMMENT ON COLUMN gaiops.prompt_usage.attempts IS 'Attempts at them, retries included';
COMMENT ON COLUMN gaiops.prompt_usage.errors IS 'Attempts that failed';
COMMENT ON COLUMN gaiops.prompt_usage.unknown IS 'Attempts whose outcome will never be known: the server died in mid-call';
COMMENT ON COLUMN gaiops.prompt_usage.input_tokens IS 'Known input tokens, cached ones included';
COMMENT ON COLUMN gaiops.prompt_usage.output_tokens IS 'Known output tokens, reasoning ones included';
COMMENT ON COLUMN gaiops.prompt_usage.cached_input_tokens IS 'Known input tokens read from a cache';
COMMENT ON COLUMN gaiops.prompt_usage.reasoning_tokens IS 'Known output tokens spent on reasoning';
COMMENT ON COLUMN gaiops.prompt_usage.cost IS 'Known cost in US dollars, without the attempts in "unpriced"; NULL if a price is missing and no cost is known; 0 if nothing was answered';
COMMENT ON COLUMN gaiops.prompt_usage.unpriced IS 'Attempts that were answered and have no known cost';
COMMENT ON COLUMN gaiops.prompt_usage.avg_latency_ms IS 'Mean latency of an attempt in milliseconds, within a few percent; NULL if none is known';
COMMENT ON COLUMN gaiops.prompt_usage.p50_latency_ms IS 'Median of it';
COMMENT ON COLUMN gaiops.prompt_usage.p95_latency_ms IS '95th percentile of it';
COMMENT ON COLUMN gaiops.prompt_usage.first_used IS 'When its first attempt began, or the hour if that is all that was noted';
COMMENT ON COLUMN gaiops.prompt_usage.last_used IS 'When its last attempt began, likewise';
CREATE VIEW gaiops.dataset_records WITH (security_invoker = true) AS
	SELECT v.dataset, v.record_id, v.key, v.inputs, v.expectations, v.outputs, v.tags, v.split, v.source,
		v.revision, v.created_at, v.created_by, v.updated_at, v.updated_by
	FROM (
		SELECT DISTINCT ON (l.dataset, l.record_id) l.*
		FROM gaiops.dataset_record_versions AS l
		ORDER BY l.dataset DESC, l.record_id DESC, l.revision DESC
	) AS v
	WHERE NOT v.is_deleted;
COMMENT ON VIEW gaiops.dataset_records IS 'Records of all datasets as they are now';
COMMENT ON COLUMN gaiops.dataset_records.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_records.record_id IS 'Identity: from the inputs and the key, the same in every dataset';
COMMENT ON COLUMN gaiops.dataset_records.key IS 'Tells records of the same inputs apart; NULL if not needed';
COMMENT ON COLUMN gaiops.dataset_records.inputs IS 'What is asked, a JSON object';
COMMENT ON COLUMN gaiops.dataset_records.expectations IS 'What is known to be right, a JSON object';
COMMENT ON COLUMN gaiops.dataset_records.outputs IS 'What was answered; NULL if nothing was';
COMMENT ON COLUMN gaiops.dataset_records.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.dataset_records.split IS 'Part of the dataset it belongs to; NULL if none';
COMMENT ON COLUMN gaiops.dataset_records.source IS 'Where it is from, a JSON object; NULL if not said';
COMMENT ON COLUMN gaiops.dataset_records.revision IS 'Revision that last changed it';
COMMENT ON COLUMN gaiops.dataset_records.created_at IS 'When it was put into the dataset';
COMMENT ON COLUMN gaiops.dataset_records.created_by IS 'Database role that did so';
COMMENT ON COLUMN gaiops.dataset_records.updated_at IS 'When it was last changed';
COMMENT ON COLUMN gaiops.dataset_records.updated_by IS 'Database role that did so';

-- What is read is what was made up to the revision, by the index for that, whatever the
-- planner knows of the dataset: through the primary key an early revision would cost as
-- much as all later ones, and sorting costs less than reading a table in the order of
-- identities.  The order is one which the primary key has not, nor the beginning of it.
CREATE FUNCTION pg_catalog.gaiops_dataset_records(dataset text, revision integer DEFAULT NULL, split text DEFAULT NULL)
RETURNS SETOF gaiops.dataset_records
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET plan_cache_mode = force_custom_plan
SET enable_seqscan = off
SET enable_incremental_sort = off
AS $$
DECLARE
	target CONSTANT text := dataset;
	wanted CONSTANT text := split;
	latest integer;
BEGIN
	PERFORM gaiops.check_given('dataset', target);
	SELECT d.revision INTO latest FROM gaiops.dataset_settings AS d WHERE d.name = target;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_dataset(target);
	ELSIF gaiops_dataset_records.revision NOT BETWEEN 0 AND latest THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('dataset "%s" has no revision %s', target, gaiops_dataset_records.revision),
			DETAIL = format('Its latest revision is %s.', latest);
	END IF;
	latest := coalesce(gaiops_dataset_records.revision, latest);
	RETURN QUERY
		SELECT v.dataset, v.record_id, v.key, v.inputs, v.expectations, v.outputs, v.tags, v.split, v.source,
			v.revision, v.created_at, v.created_by, v.updated_at, v.updated_by
		FROM (
			SELECT DISTINCT ON (l.record_id) l.*
			FROM gaiops.dataset_record_versions AS l
			WHERE l.dataset || '' = target AND l.revision <= latest
			ORDER BY l.record_id, l.revision DESC
		) AS v
		WHERE NOT v.is_deleted AND (wanted IS NULL OR v.split = wanted);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_dataset_records(text, integer, text) IS 'Takes a dataset, one of its revisions or NULL for the latest, and a split or NULL for all; returns the records as they were then; raises if there is no such dataset or revision';
CREATE VIEW gaiops.datasets WITH (security_invoker = true) AS
	SELECT d.name, d.description, d.tags, d.revision, gaiops.dataset_size(d.name, d.revision) AS records,
		d.created_at, d.created_by, d.updated_at, d.updated_by
	FROM gaiops.dataset_settings AS d;
COMMENT ON VIEW gaiops.datasets IS 'Golden datasets, one row each';
COMMENT ON COLUMN gaiops.datasets.name IS 'Name of the dataset';
COMMENT ON COLUMN gaiops.datasets.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.datasets.tags IS 'Tags, a JSON object';
COMMENT ON COLUMN gaiops.datasets.revision IS 'Latest revision; 0 before the first record';
COMMENT ON COLUMN gaiops.datasets.records IS 'Records in it';
COMMENT ON COLUMN gaiops.datasets.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.datasets.created_by IS 'Database role that created it';
COMMENT ON COLUMN gaiops.datasets.updated_at IS 'When its latest revision was made; when it was created if there is none';
COMMENT ON COLUMN gaiops.datasets.updated_by IS 'Database role that made that revision';

CREATE VIEW gaiops.dataset_revisions WITH (security_invoker = true) AS
	SELECT c.dataset, c.revision, gaiops.dataset_size(c.dataset, c.revision) AS records, c.created_at, c.created_by
	FROM gaiops.dataset_changes AS c;
COMMENT ON VIEW gaiops.dataset_revisions IS 'Revisions of datasets, one for each transaction that changed one';
COMMENT ON COLUMN gaiops.dataset_revisions.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.dataset_revisions.revision IS 'Number of the revision, from 1';
COMMENT ON COLUMN gaiops.dataset_revisions.records IS 'Records in it';
COMMENT ON COLUMN gaiops.dataset_revisions.created_at IS 'When the transaction that made it began';
COMMENT ON COLUMN gaiops.dataset_revisions.created_by IS 'Database role that made it';
-- Items and claims are each gone over once, whatever the queues.  Claims that are
-- not answered are few; those whose lease is over, and which nobody took back yet,
-- count as taken back.
CREATE VIEW gaiops.review_queues WITH (security_invoker = true) AS
	SELECT s.queue, s.description, s.schemas, s.reviewers_per_item, s.reviewers,
		coalesce(i.items, 0) AS items,
		coalesce(i.untouched, 0) + coalesce(u.untouched, 0) AS untouched,
		coalesce(u.in_review, 0) AS in_review,
		coalesce(c.reviews, 0) AS reviews,
		coalesce(i.taken, 0) - coalesce(u.taken, 0) AS complete,
		coalesce(c.declined, 0) AS declined,
		s.created_at, s.created_by
	FROM gaiops.review_settings AS s
	LEFT JOIN (
		SELECT i.queue, count(*) AS items,
			count(*) FILTER (WHERE i.wanted = s.reviewers_per_item) AS untouched,
			count(*) FILTER (WHERE i.wanted = 0) AS taken
		FROM gaiops.review_items AS i JOIN gaiops.review_settings AS s ON s.queue = i.queue
		GROUP BY i.queue
	) AS i ON i.queue = s.queue
	LEFT JOIN (
		SELECT c.queue, count(*) FILTER (WHERE c.state = 'submitted') AS reviews,
			count(*) FILTER (WHERE c.state = 'declined') AS declined
		FROM gaiops.review_claims AS c
		GROUP BY c.queue
	) AS c ON c.queue = s.queue
	LEFT JOIN (
		SELECT o.queue, sum(o.running)::bigint AS in_review,
			count(*) FILTER (WHERE i.wanted = 0) AS taken,
			count(*) FILTER (WHERE o.over > 0 AND i.wanted + o.over = s.reviewers_per_item) AS untouched
		FROM (
			SELECT c.queue, c.item, count(*) FILTER (WHERE c.lease_until >= statement_timestamp()) AS running,
				count(*) FILTER (WHERE c.lease_until < statement_timestamp()) AS over
			FROM gaiops.review_claims AS c
			WHERE c.state = 'claimed'
			GROUP BY c.queue, c.item
		) AS o
		JOIN gaiops.review_items AS i ON i.item = o.item
		JOIN gaiops.review_settings AS s ON s.queue = o.queue
		GROUP BY o.queue
	) AS u ON u.queue = s.queue;
COMMENT ON VIEW gaiops.review_queues IS 'One row per review queue with how far it has come';
COMMENT ON COLUMN gaiops.review_queues.queue IS 'Name of the queue';
COMMENT ON COLUMN gaiops.review_queues.description IS 'What it is for; NULL if not said';
COMMENT ON COLUMN gaiops.review_queues.schemas IS 'Label schemas that reviewers are asked for, by name';
COMMENT ON COLUMN gaiops.review_queues.reviewers_per_item IS 'How many reviewers each item wants';
COMMENT ON COLUMN gaiops.review_queues.reviewers IS 'Database roles whose members may review; NULL if all may';
COMMENT ON COLUMN gaiops.review_queues.items IS 'Items put in';
COMMENT ON COLUMN gaiops.review_queues.untouched IS 'Items that nobody has reviewed and nobody is at';
COMMENT ON COLUMN gaiops.review_queues.in_review IS 'Claims that are not answered and whose lease runs';
COMMENT ON COLUMN gaiops.review_queues.reviews IS 'Claims that were answered';
COMMENT ON COLUMN gaiops.review_queues.complete IS 'Items with all reviews they want';
COMMENT ON COLUMN gaiops.review_queues.declined IS 'Claims that were declined';
COMMENT ON COLUMN gaiops.review_queues.created_at IS 'When it was created';
COMMENT ON COLUMN gaiops.review_queues.created_by IS 'Database role that created it';
-- Last in every script: nothing is for PUBLIC, and rights reach what is new.
DO $$ BEGIN PERFORM gaiops.settle_grants(); END $$;
