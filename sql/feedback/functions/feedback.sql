-- Feedback and expectations: what people, judges and code say about traces and sessions.

CREATE OR REPLACE FUNCTION gaiops.inner_log_feedback(
	trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text,
	session_id text, metadata gaiops.ordered_json, idempotency_key text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('feedback', trace_id, name, to_jsonb(value),
		rationale, source_type, source_id, span_id, session_id, metadata::jsonb, idempotency_key, true);
END
$$;
COMMENT ON FUNCTION gaiops.inner_log_feedback(
	uuid, text, text, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes the arguments of gaiops_log_feedback() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_feedback(
	trace_id uuid DEFAULT NULL, name text DEFAULT NULL, value text DEFAULT NULL, rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN', source_id text DEFAULT NULL, span_id text DEFAULT NULL,
	session_id text DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL, idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_log_feedback(
	uuid, text, text, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes a trace, a span of it, or a session, and what to say about it, a text: one that is exactly a JSON boolean, '
	'number, array or object, such as true or 4, is that unless a label schema of the name says otherwise, '
	'as drivers send these untyped, and one that reads as an array of PostgreSQL, such as {a,b}, is refused; '
	'to_jsonb(4::text) stays a text; stores it and returns the id of the assessment';

CREATE OR REPLACE FUNCTION gaiops.inner_log_feedback(
	trace_id uuid, name text, value jsonb, rationale text, source_type text, source_id text, span_id text,
	session_id text, metadata gaiops.ordered_json, idempotency_key text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('feedback', trace_id, name, value,
		rationale, source_type, source_id, span_id, session_id, metadata::jsonb, idempotency_key, false);
END
$$;
COMMENT ON FUNCTION gaiops.inner_log_feedback(
	uuid, text, jsonb, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes the arguments of gaiops_log_feedback() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_feedback(
	trace_id uuid DEFAULT NULL, name text DEFAULT NULL, value jsonb DEFAULT NULL, rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN', source_id text DEFAULT NULL, span_id text DEFAULT NULL,
	session_id text DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL, idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_log_feedback(
	uuid, text, jsonb, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes a trace, a span of it, or a session, and what to say about it, as JSON; '
	'stores it and returns the id of the assessment';

-- A type of a user's own may have a cast to json, which is his.  So this one runs as
-- its caller; one that runs as the owner is given nothing but built-in types.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_feedback(
	trace_id uuid DEFAULT NULL, name text DEFAULT NULL, value anyelement DEFAULT NULL::boolean,
	rationale text DEFAULT NULL, source_type text DEFAULT 'HUMAN', source_id text DEFAULT NULL,
	span_id text DEFAULT NULL, session_id text DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL,
	idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN pg_catalog.gaiops_log_feedback(trace_id, name, gaiops.assessment_value(value),
		rationale, source_type, source_id, span_id, session_id, metadata, idempotency_key);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_feedback(
	uuid, text, anyelement, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes a trace, a span of it, or a session, and what to say about it, of any type, '
	'which is converted to JSON as the caller; stores it and returns the id of the assessment';

CREATE OR REPLACE FUNCTION gaiops.inner_log_expectation(
	trace_id uuid, name text, value text, rationale text, source_type text, source_id text, span_id text,
	session_id text, metadata gaiops.ordered_json, idempotency_key text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('expectation', trace_id, name, to_jsonb(value),
		rationale, source_type, source_id, span_id, session_id, metadata::jsonb, idempotency_key, true);
END
$$;
COMMENT ON FUNCTION gaiops.inner_log_expectation(
	uuid, text, text, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes the arguments of gaiops_log_expectation() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_expectation(
	trace_id uuid DEFAULT NULL, name text DEFAULT NULL, value text DEFAULT NULL, rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN', source_id text DEFAULT NULL, span_id text DEFAULT NULL,
	session_id text DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL, idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_log_expectation(
	uuid, text, text, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes a trace, a span of it, or a session, and what is expected of it, a text, '
	'which stays one whatever it looks like, as it is what a model should say; under a name of a list one that reads '
	'as an array of PostgreSQL is refused; stores it and returns the id of the assessment';

CREATE OR REPLACE FUNCTION gaiops.inner_log_expectation(
	trace_id uuid, name text, value jsonb, rationale text, source_type text, source_id text, span_id text,
	session_id text, metadata gaiops.ordered_json, idempotency_key text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.log_assessment('expectation', trace_id, name, value,
		rationale, source_type, source_id, span_id, session_id, metadata::jsonb, idempotency_key, false);
END
$$;
COMMENT ON FUNCTION gaiops.inner_log_expectation(
	uuid, text, jsonb, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes the arguments of gaiops_log_expectation() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_expectation(
	trace_id uuid DEFAULT NULL, name text DEFAULT NULL, value jsonb DEFAULT NULL, rationale text DEFAULT NULL,
	source_type text DEFAULT 'HUMAN', source_id text DEFAULT NULL, span_id text DEFAULT NULL,
	session_id text DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL, idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_log_expectation(
	uuid, text, jsonb, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes a trace, a span of it, or a session, and what is expected of it, as JSON; '
	'stores it and returns the id of the assessment';

-- A type of a user's own may have a cast to json, which is his.  So this one runs as
-- its caller; one that runs as the owner is given nothing but built-in types.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_expectation(
	trace_id uuid DEFAULT NULL, name text DEFAULT NULL, value anyelement DEFAULT NULL::boolean,
	rationale text DEFAULT NULL, source_type text DEFAULT 'HUMAN', source_id text DEFAULT NULL,
	span_id text DEFAULT NULL, session_id text DEFAULT NULL, metadata gaiops.ordered_json DEFAULT NULL,
	idempotency_key text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN pg_catalog.gaiops_log_expectation(trace_id, name, gaiops.assessment_value(value),
		rationale, source_type, source_id, span_id, session_id, metadata, idempotency_key);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_expectation(
	uuid, text, anyelement, text, text, text, text, text, gaiops.ordered_json, text) IS
	'Takes a trace, a span of it, or a session, and what is expected of it, of any type, '
	'which is converted to JSON as the caller; stores it and returns the id of the assessment';

CREATE OR REPLACE FUNCTION gaiops.inner_override_feedback(
	assessment_id uuid, value text, rationale text, source_id text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.override_assessment(assessment_id, to_jsonb(value), rationale, source_id, true);
END
$$;
COMMENT ON FUNCTION gaiops.inner_override_feedback(uuid, text, text, text) IS
	'Takes the arguments of gaiops_override_feedback() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_override_feedback(
	assessment_id uuid, value text, rationale text DEFAULT NULL, source_id text DEFAULT NULL)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_override_feedback(uuid, text, text, text) IS
	'Takes an assessment and what a person says instead, a text, which is read as gaiops_log_feedback() or '
	'gaiops_log_expectation() reads it; stores that in its place, keeps the old one, and returns the id of the new one';

CREATE OR REPLACE FUNCTION gaiops.inner_override_feedback(
	assessment_id uuid, value jsonb, rationale text, source_id text)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN gaiops.override_assessment(assessment_id, value, rationale, source_id, false);
END
$$;
COMMENT ON FUNCTION gaiops.inner_override_feedback(uuid, jsonb, text, text) IS
	'Takes the arguments of gaiops_override_feedback() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_override_feedback(
	assessment_id uuid, value jsonb, rationale text DEFAULT NULL, source_id text DEFAULT NULL)
RETURNS uuid
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_override_feedback(uuid, jsonb, text, text) IS
	'Takes an assessment and what a person says instead, as JSON; stores that in its place, keeps the old one, '
	'and returns the id of the new one';

-- A type of a user's own may have a cast to json, which is his.  So this one runs as
-- its caller; one that runs as the owner is given nothing but built-in types.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_override_feedback(
	assessment_id uuid, value anyelement, rationale text DEFAULT NULL, source_id text DEFAULT NULL)
RETURNS uuid
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN pg_catalog.gaiops_override_feedback(assessment_id, gaiops.assessment_value(value), rationale, source_id);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_override_feedback(uuid, anyelement, text, text) IS
	'Takes an assessment and what a person says instead, of any type, which is converted to JSON as the caller; '
	'stores that in its place, keeps the old one, and returns the id of the new one';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_feedback(assessment_id uuid)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_feedback');
	PERFORM gaiops.lock_assessment_in_force(assessment_id, true);
	INSERT INTO gaiops.assessment_deletions
		VALUES (assessment_id, clock_timestamp(), gaiops.caller(), gaiops.outer_role());
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_feedback(uuid) IS
	'Takes the arguments of gaiops_delete_feedback() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_feedback(assessment_id uuid)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_feedback(uuid) IS
	'Takes an assessment, hides it, keeps it, has what it overrode in force again, and returns nothing; '
	'raises if it is not in force, or of somebody else';
