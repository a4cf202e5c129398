-- What is said about traces and sessions: checked, completed, found and stored.  What its
-- value may be is in assessment_values.sql, what becomes of it later in assessment_changes.sql.

-- The two rows that matter besides its own: that it was deleted, and the one that
-- took its place, which is not.  STABLE, to look with the snapshot of its caller.
CREATE OR REPLACE FUNCTION gaiops.assessment_state(
	assessment_id uuid, OUT assessment gaiops.human_assessments, OUT is_deleted boolean, OUT overridden_by uuid)
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT (
			SELECT h FROM gaiops.human_assessments AS h WHERE h.assessment_id = assessment_state.assessment_id
			UNION ALL
			SELECT ROW(m.*)::gaiops.human_assessments FROM gaiops.machine_assessments AS m
				WHERE m.assessment_id = assessment_state.assessment_id
			LIMIT 1),
		EXISTS (SELECT FROM gaiops.assessment_deletions AS d WHERE d.assessment_id = assessment_state.assessment_id),
		(SELECT o.assessment_id FROM gaiops.human_assessments AS o
			WHERE o.overrides = assessment_state.assessment_id
				AND NOT EXISTS (SELECT FROM gaiops.assessment_deletions AS d WHERE d.assessment_id = o.assessment_id)
			LIMIT 1)
$$;
COMMENT ON FUNCTION gaiops.assessment_state(uuid) IS
	'Takes an assessment and returns its row, NULL if there is none, whether it was deleted, '
	'and the assessment that took its place, NULL if none did';

CREATE OR REPLACE FUNCTION gaiops.find_assessment(
	assessment_id uuid, OUT assessment gaiops.human_assessments, OUT is_deleted boolean, OUT overridden_by uuid)
LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_find_assessment';
COMMENT ON FUNCTION gaiops.find_assessment(uuid) IS
	'Takes an assessment and returns what gaiops.assessment_state() does as of now, '
	'whatever the snapshot of the transaction';

CREATE OR REPLACE FUNCTION gaiops.place_assessment(trace_id uuid, span_id text, session_id text)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_place_assessment';
COMMENT ON FUNCTION gaiops.place_assessment(uuid, text, text) IS
	'Takes a trace and a span of it, or a session, and returns its experiment; '
	'raises unless it is recorded by now, whatever the snapshot of the transaction';

CREATE OR REPLACE FUNCTION gaiops.make_assessment_id()
RETURNS uuid LANGUAGE c VOLATILE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_make_assessment_id';
COMMENT ON FUNCTION gaiops.make_assessment_id() IS 'Returns a new id, which sorts by time';

CREATE OR REPLACE FUNCTION gaiops.record_assessment(assessment gaiops.human_assessments)
RETURNS void LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_record_assessment';
COMMENT ON FUNCTION gaiops.record_assessment(gaiops.human_assessments) IS
	'Takes a row of the shape of gaiops.machine_assessments, has the writer insert it there '
	'unless one has its id, and returns nothing';

-- What people say and what machines say is in two tables: with one id for both, a
-- key could be in each.
CREATE OR REPLACE FUNCTION gaiops.keyed_assessment_id(role text, key text, is_human boolean)
RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT encode(set_byte(set_byte(h.hash,
		6, get_byte(h.hash, 6) & 15 | 128), 8, get_byte(h.hash, 8) & 63 | 128), 'hex')::uuid
	FROM (SELECT substr(sha256(convert_to(jsonb_build_array(role, is_human, key)::text, 'UTF8')), 1, 16)) AS h (hash)
$$;
COMMENT ON FUNCTION gaiops.keyed_assessment_id(text, text, boolean) IS
	'Takes a role, an idempotency key, and whether it is a person''s, '
	'and returns the id of the assessment under it, a UUID of version 8';

CREATE OR REPLACE FUNCTION gaiops.check_assessment_target(given gaiops.human_assessments)
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
			HINT = format('Write gaiops_log_%1$s(trace_id, ''name'', value) '
				'or gaiops_log_%1$s(session_id => …, name => ''name'', value => …).', given.kind);
	END IF;
	IF given.span_id IS NOT NULL AND given.trace_id IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "span_id" must not be given without "trace_id"',
			DETAIL = 'A span is known by its trace.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_assessment_target(gaiops.human_assessments) IS
	'Takes an assessment as it was given and returns nothing; raises unless it is of a trace, a span or a session';

CREATE OR REPLACE FUNCTION gaiops.check_assessment(given gaiops.human_assessments)
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
	-- Raises if they are nested more deeply than a record of a dataset may be.
	PERFORM given.value::gaiops.ordered_json, given.metadata::gaiops.ordered_json;
END
$$;
COMMENT ON FUNCTION gaiops.check_assessment(gaiops.human_assessments) IS
	'Takes an assessment as it was given and returns nothing; raises if anything of it is missing, too long or '
	'nested too deeply';

CREATE OR REPLACE FUNCTION gaiops.check_assessment_source(source_type text, source_id text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
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
END
$$;
COMMENT ON FUNCTION gaiops.check_assessment_source(text, text) IS
	'Takes a source type and the id that was given, NULL if none was, and returns nothing; '
	'raises unless there is such a type and the id is what it wants';

CREATE OR REPLACE FUNCTION gaiops.assessment_source(source_type text, source_id text)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	own CONSTANT text := gaiops.caller();
	speaker CONSTANT text := current_setting('gaiops.user_id', true);
BEGIN
	PERFORM gaiops.check_assessment_source(source_type, source_id);
	IF source_id <> own AND source_type = 'HUMAN' AND NOT gaiops.may_speak_for_others() THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to speak for "%s"', source_id),
			DETAIL = format('What a person says is under the database role, here "%s"; '
				'another source_id needs the right "proxy".', own),
			HINT = format('Leave source_id out, or have an administrator run: '
				'SELECT gaiops_grant(%L, ''proxy'').', own);
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
COMMENT ON FUNCTION gaiops.assessment_source(text, text) IS
	'Takes a source type and the id that was given, NULL if none was, and returns the source''s id, '
	'of a person by default that of gaiops.user_id if the role in force may speak for others, or else the role; '
	'raises unless it may name it';

CREATE OR REPLACE FUNCTION gaiops.check_same_assessment(given gaiops.human_assessments, stored gaiops.human_assessments)
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
COMMENT ON FUNCTION gaiops.check_same_assessment(gaiops.human_assessments, gaiops.human_assessments) IS
	'Takes an assessment and what is stored under its idempotency key and returns nothing; '
	'raises unless they say the same';

CREATE OR REPLACE FUNCTION gaiops.raise_unstored_assessment(given gaiops.human_assessments)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	RAISE EXCEPTION USING
		ERRCODE = 'object_not_in_prerequisite_state',
		MESSAGE = format('could not store assessment "%s"', given.assessment_id),
		DETAIL = 'It was given to its table, which does not have it.',
		HINT = format('Look for triggers and rules of gaiops.%s_assessments.',
			CASE given.source_type WHEN 'HUMAN' THEN 'human' ELSE 'machine' END);
END
$$;
COMMENT ON FUNCTION gaiops.raise_unstored_assessment(gaiops.human_assessments) IS
	'Takes an assessment that its table does not have after it was stored; raises that';

-- Under a key, whoever is first has stored it.
CREATE OR REPLACE FUNCTION gaiops.store_assessment(given gaiops.human_assessments)
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
		PERFORM gaiops.raise_unstored_assessment(given);
	END IF;
	PERFORM gaiops.check_same_assessment(given, stored);
END
$$;
COMMENT ON FUNCTION gaiops.store_assessment(gaiops.human_assessments) IS
	'Takes an assessment, stores it unless it is there, people''s in the transaction and others through the writer, '
	'and returns nothing; raises if something else is there under its idempotency key';

-- What is left to be found out, once it is known what is assessed and what is said.
CREATE OR REPLACE FUNCTION gaiops.complete_assessment(given gaiops.human_assessments, is_text boolean)
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
	given.created_by := gaiops.caller();
	given.outer_role := gaiops.outer_role();
	given.assessment_id := CASE WHEN given.idempotency_key IS NULL THEN gaiops.make_assessment_id()
		ELSE gaiops.keyed_assessment_id(given.created_by, given.idempotency_key, given.source_type = 'HUMAN') END;
	IF given.kind <> 'feedback' THEN
		-- What is a list by its name; anything else may be what a model should say.
		IF is_text AND gaiops.wanted_expectation(given.name, 'true') IS NOT NULL
			AND gaiops.wanted_expectation(given.name, '["a"]') IS NULL
		THEN
			PERFORM gaiops.refuse_array_text(given.name, given.value #>> '{}');
		END IF;
		PERFORM gaiops.check_expectation(given.name, given.value);
	ELSE
		given.value := gaiops.feedback_value(given, is_text);
	END IF;
	IF given.source_type <> 'HUMAN' THEN
		given.run_id := pg_catalog.gaiops_current_run();
	END IF;
	RETURN given;
END
$$;
COMMENT ON FUNCTION gaiops.complete_assessment(gaiops.human_assessments, boolean) IS
	'Takes an assessment as it was given, and whether its value was given as text, and returns it as it is stored; '
	'raises if anything about it is wrong';

CREATE OR REPLACE FUNCTION gaiops.log_assessment(
	kind text, trace_id uuid, name text, value jsonb, rationale text, source_type text, source_id text,
	span_id text, session_id text, metadata jsonb, idempotency_key text, is_text boolean)
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
	given := gaiops.complete_assessment(given, is_text);
	given.experiment := gaiops.place_assessment(trace_id, span_id, session_id);
	PERFORM gaiops.store_assessment(given);
	RETURN given.assessment_id;
END
$$;
COMMENT ON FUNCTION gaiops.log_assessment(
	text, uuid, text, jsonb, text, text, text, text, text, jsonb, text, boolean) IS
	'Takes feedback or an expectation, by its kind, and whether its value was given as text, '
	'stores it and returns its id';
