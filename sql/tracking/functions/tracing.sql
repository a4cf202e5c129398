-- Traces and spans.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_start_span(
	name text, span_type text DEFAULT 'CHAIN', inputs gaiops.ordered_json DEFAULT NULL,
	attributes gaiops.ordered_json DEFAULT NULL)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_open_span';
COMMENT ON FUNCTION pg_catalog.gaiops_start_span(text, text, gaiops.ordered_json, gaiops.ordered_json) IS
	'Opens a span that later spans and calls of the session are part of, and returns its id; '
	'inside a transaction block it ends with the block';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_end_span(
	span_id text DEFAULT NULL, outputs gaiops.ordered_json DEFAULT NULL, status text DEFAULT 'OK',
	attributes gaiops.ordered_json DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_close_span';
COMMENT ON FUNCTION pg_catalog.gaiops_end_span(text, gaiops.ordered_json, text, gaiops.ordered_json) IS
	'Ends a span of this session, by default the innermost, and those still open within it, '
	'with status OK or ERROR; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_trace_tag(trace_id uuid, key text, value text)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_trace_tag';
COMMENT ON FUNCTION pg_catalog.gaiops_set_trace_tag(uuid, text, text) IS
	'Sets a tag of a trace, replacing its value if it has one; a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_trace_tag(trace_id uuid, key text, value anyelement)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM pg_catalog.gaiops_set_trace_tag(trace_id, key, gaiops.scalar_text(value));
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_trace_tag(uuid, text, anyelement) IS
	'Sets a tag of a trace to a value of any type but text, arrays, rows and nested JSON, '
	'as a cast to text writes it, replacing the one it has; a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_last_trace_id()
RETURNS uuid LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'gaiops_last_trace_id';
COMMENT ON FUNCTION pg_catalog.gaiops_last_trace_id() IS
	'Returns the trace of the latest call or span of this session; NULL if there was none; which call of its own '
	'statement that is depends on the plan';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_trace_id_hex(trace_id uuid)
RETURNS text LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_trace_id_hex';
COMMENT ON FUNCTION pg_catalog.gaiops_trace_id_hex(uuid) IS
	'Takes a trace id and returns the 32 hexadecimal digits that OpenTelemetry and traceparent use';

CREATE OR REPLACE FUNCTION gaiops.incarnation()
RETURNS uuid LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_incarnation';
COMMENT ON FUNCTION gaiops.incarnation() IS
	'Returns the random id of this life of the server; NULL if genaiops is not preloaded';

CREATE OR REPLACE FUNCTION gaiops.database_identity()
RETURNS uuid LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_database_identity';
COMMENT ON FUNCTION gaiops.database_identity() IS
	'Returns what a database is told by from its copies, but for one of the whole server made of its files';

CREATE OR REPLACE FUNCTION gaiops.check_traces(trace_ids uuid[])
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_check_traces';
COMMENT ON FUNCTION gaiops.check_traces(uuid[]) IS
	'Takes ids of traces and returns nothing; raises unless something of each is recorded by now, '
	'whatever the snapshot of the transaction';
