-- Overriding and deleting what was said: which assessment is in force, and keeping it so.

-- Everybody who changes what is in force in the place of an assessment waits here for
-- the others; many at once in few locks, of which there is no end otherwise.
CREATE OR REPLACE FUNCTION gaiops.lock_assessment(assessment_id uuid)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.lock_registry('assessment ' || (uuid_hash(assessment_id) & 1023))
$$;
COMMENT ON FUNCTION gaiops.lock_assessment(uuid) IS
	'Takes an assessment, has others that override or delete it wait until the transaction ends, and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.assessment_in_force(assessment_id uuid)
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
COMMENT ON FUNCTION gaiops.assessment_in_force(uuid) IS
	'Takes an assessment and returns the one that is in force in its place, which may be itself; NULL if there is none';

-- The row that shows it may have come after the snapshot of the transaction: then
-- the caller could not see why.
CREATE OR REPLACE FUNCTION gaiops.raise_not_in_force(assessment_id uuid, is_deleted boolean, overridden_by uuid)
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
		MESSAGE = format('assessment "%s" was %s', assessment_id,
			CASE WHEN is_deleted THEN 'deleted' ELSE 'overridden' END),
		HINT = CASE WHEN other IS NULL THEN 'None is in force in its place: make a new one.'
			ELSE format('Assessment "%s" is in force in its place.', other) END;
END
$$;
COMMENT ON FUNCTION gaiops.raise_not_in_force(uuid, boolean, uuid) IS
	'Takes an assessment that was deleted or overridden; raises that it cannot be changed, with the one that can';

CREATE OR REPLACE FUNCTION gaiops.check_own_assessment(stored gaiops.human_assessments)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	own CONSTANT name := gaiops.caller();
BEGIN
	IF stored.created_by <> own AND NOT (stored.source_type = 'HUMAN' AND stored.source_id = own)
		AND NOT gaiops.may_speak_for_others()
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'insufficient_privilege',
			MESSAGE = format('permission denied to delete assessment "%s"', stored.assessment_id),
			DETAIL = format('It is of "%s".', stored.source_id),
			HINT = 'Override it with gaiops_override_feedback(), or ask a role with the right "proxy".';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_own_assessment(gaiops.human_assessments) IS
	'Takes an assessment and returns nothing; raises unless the role in force may delete it';

CREATE OR REPLACE FUNCTION gaiops.lock_assessment_in_force(assessment_id uuid, for_deletion boolean)
RETURNS gaiops.human_assessments
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	state record;
	found_row gaiops.human_assessments;
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
	IF for_deletion THEN
		PERFORM gaiops.check_own_assessment(found_row);
	END IF;
	IF state.is_deleted OR state.overridden_by IS NOT NULL THEN
		PERFORM gaiops.raise_not_in_force(assessment_id, state.is_deleted, state.overridden_by);
	END IF;
	RETURN found_row;
END
$$;
COMMENT ON FUNCTION gaiops.lock_assessment_in_force(uuid, boolean) IS
	'Takes an assessment and whether it is to be deleted, keeps it in force until the transaction ends '
	'and returns its row; raises unless it is in force and the role in force may do that';

CREATE OR REPLACE FUNCTION gaiops.override_assessment(
	assessment_id uuid, value jsonb, rationale text, source_id text, is_text boolean)
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
	given := gaiops.complete_assessment(given, is_text);
	PERFORM gaiops.store_assessment(given);
	RETURN given.assessment_id;
END
$$;
COMMENT ON FUNCTION gaiops.override_assessment(uuid, jsonb, text, text, boolean) IS
	'Takes an assessment, what a person says instead, and whether that was given as text, stores that in its place, '
	'and returns the id of the new one';
