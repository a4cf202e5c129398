-- Judges: creating and deleting them.

CREATE OR REPLACE FUNCTION gaiops.builtin_judges()
RETURNS TABLE (name text, version integer, value_type text, choices json, threshold double precision, direction text,
	needs text[], description text, instructions text)
LANGUAGE c STABLE PARALLEL SAFE ROWS 20 AS 'MODULE_PATHNAME', 'gaiops_builtin_judges';
COMMENT ON FUNCTION gaiops.builtin_judges() IS
	'Returns the versions of the judges that are built in: what they say, when an answer passes, what they need, '
	'and what they are told to do';

CREATE OR REPLACE FUNCTION gaiops.judge_data(instructions text)
RETURNS text[] LANGUAGE c IMMUTABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_judge_data';
COMMENT ON FUNCTION gaiops.judge_data(text) IS
	'Takes instructions, and returns the data that they name in placeholders; raises if there are none, or others';

CREATE OR REPLACE FUNCTION gaiops.check_judge_settings(
	value_type text, choices gaiops.ordered_json, threshold double precision, direction text,
	params gaiops.ordered_json)
RETURNS void LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_check_judge_settings';
COMMENT ON FUNCTION gaiops.check_judge_settings(
	text, gaiops.ordered_json, double precision, text, gaiops.ordered_json) IS
	'Takes what gaiops_create_judge() was given and returns nothing; raises unless all of it is acceptable';

CREATE OR REPLACE FUNCTION gaiops.is_judge_name(name text)
RETURNS boolean LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_is_judge_name';
COMMENT ON FUNCTION gaiops.is_judge_name(text) IS
	'Takes a name and returns whether it is, or was, that of a judge, one that the snapshot does not show included';

CREATE OR REPLACE FUNCTION gaiops.is_scorer_name(name text)
RETURNS boolean LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_is_scorer_name';
COMMENT ON FUNCTION gaiops.is_scorer_name(text) IS
	'Takes a name and returns whether it is, or was, that of a scorer that was created, '
	'one that the snapshot does not show included';

-- As in refuse_judge_name(), names of deleted scorers count.
CREATE OR REPLACE FUNCTION gaiops.check_free_judge_name(wanted text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	taken CONSTANT text := CASE
		WHEN EXISTS (SELECT FROM gaiops.builtin_judges() AS b WHERE b.name = wanted) THEN 'a judge that is built in'
		WHEN EXISTS (SELECT FROM gaiops.scorer_kinds() AS k WHERE k.kind = wanted) THEN 'a kind of scorers'
		WHEN gaiops.is_scorer_name(wanted) THEN 'a scorer' END;
BEGIN
	IF taken IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('"%s" is the name of %s', wanted, taken),
			HINT = 'Give the judge another name.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_free_judge_name(text) IS
	'Takes a name and returns nothing; raises if it is that of something else that scores';

CREATE OR REPLACE FUNCTION gaiops.insert_judge(created gaiops.judge_versions)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.lock_registry('scorer ' || created.name);
	PERFORM gaiops.check_free_judge_name(created.name COLLATE "default");
	created.version := 1 + coalesce((
		SELECT max(v.version) FROM gaiops.judge_versions AS v WHERE v.name = created.name), 0);
	created.created_at := now();
	created.created_by := gaiops.caller();
	INSERT INTO gaiops.judge_versions VALUES (created.*)
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	RETURN created.version;
END
$$;
COMMENT ON FUNCTION gaiops.insert_judge(gaiops.judge_versions) IS
	'Takes a judge without version, time and role, stores its next version and returns the number of that';

CREATE OR REPLACE FUNCTION gaiops.inner_create_judge(
	name text, instructions text, value_type text, choices gaiops.ordered_json, threshold double precision,
	direction text, model text, params gaiops.ordered_json)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	created gaiops.judge_versions;
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_judge');
	PERFORM gaiops.check_name_form('judge', name);
	PERFORM gaiops.check_given('instructions', instructions);
	PERFORM gaiops.check_size('instructions', instructions, 64 * 1024);
	PERFORM gaiops.check_size('choices', choices::text, 64 * 1024);
	PERFORM gaiops.check_size('model', model, 255);
	PERFORM gaiops.check_size('params', params::text, 64 * 1024);
	PERFORM gaiops.judge_data(instructions);
	PERFORM gaiops.check_judge_settings(value_type, choices, threshold, direction, params);
	created.name := name;
	created.value_type := value_type;
	created.choices := choices::json;
	created.threshold := threshold;
	created.direction := coalesce(direction, 'higher');
	created.instructions := instructions;
	created.model := model;
	created.params := params::json;
	RETURN gaiops.insert_judge(created);
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_judge(
	text, text, text, gaiops.ordered_json, double precision, text, text, gaiops.ordered_json) IS
	'Takes the arguments of gaiops_create_judge() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_judge(
	name text, instructions text, value_type text DEFAULT 'yes_no', choices gaiops.ordered_json DEFAULT NULL,
	threshold double precision DEFAULT NULL, direction text DEFAULT NULL, model text DEFAULT NULL,
	params gaiops.ordered_json DEFAULT NULL)
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_judge(
	text, text, text, gaiops.ordered_json, double precision, text, text, gaiops.ordered_json) IS
	'Takes a name, instructions with placeholders, what the judge says (yes_no, scale, number, choice or share), '
	'the range or the labels of that, the score from which an answer passes, which scores are better, the endpoint '
	'to ask and further members of the request, NULL for what is usual; stores the next version of that judge and '
	'returns its number; raises if the name is that of something else that scores';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_judge(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
	latest integer;
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_judge');
	PERFORM gaiops.check_given('name', wanted);
	PERFORM gaiops.lock_registry('scorer ' || wanted);
	SELECT j.version INTO latest FROM gaiops.judges AS j WHERE j.name = wanted AND j.source = 'created';
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no judge "%s" that was created', left(wanted, 100)),
			HINT = 'Judges are listed in gaiops.judges; only those that were created can be deleted.';
	END IF;
	INSERT INTO gaiops.judge_deletions VALUES (wanted, latest, now(), gaiops.caller())
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_judge(text) IS
	'Takes the arguments of gaiops_delete_judge() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_judge(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_judge(text) IS
	'Takes the name of a judge or jury that was created, hides all its versions and returns the name; '
	'what they do is kept for the verdicts that they gave, and for juries that they are in';
