-- Scorers: creating and deleting them, and scoring at once.

CREATE OR REPLACE FUNCTION gaiops.scorer_kinds()
RETURNS TABLE (kind text, is_scorer boolean, direction text, scale double precision, pass_fail boolean,
	params text, description text)
LANGUAGE c STABLE PARALLEL SAFE ROWS 30 AS 'MODULE_PATHNAME', 'gaiops_scorer_kinds';
COMMENT ON FUNCTION gaiops.scorer_kinds() IS
	'Returns the kinds of scorers: whether the name alone is one, the direction, scale and pass_fail of one without '
	'params, the members of params, and what it says of an answer';

CREATE OR REPLACE FUNCTION gaiops.scorer_settings(
	kind text, params jsonb, given_direction text, threshold double precision, given_scale double precision,
	OUT direction text, OUT scale double precision, OUT pass_fail boolean)
RETURNS record LANGUAGE c STABLE PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_scorer_settings';
COMMENT ON FUNCTION gaiops.scorer_settings(text, jsonb, text, double precision, double precision) IS
	'Takes a kind of scorer and what gaiops_create_scorer() was given; returns its direction, its scale or NULL, and '
	'whether it only says pass or fail; raises unless the kind exists and all of it is acceptable';

CREATE OR REPLACE FUNCTION gaiops.check_name_form(what text, name text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('name', name);
	IF name !~ '^[A-Za-z0-9_-]{1,255}$' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('invalid name of a %s: "%s"', what, left(name, 100)),
			DETAIL = 'A name has 1 to 255 letters, digits, hyphens and underscores.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_name_form(text, text) IS
	'Takes scorer or judge, and a name for one; returns nothing; raises unless it has the form of one';

CREATE OR REPLACE FUNCTION gaiops.check_scorer_name(name text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_name_form('scorer', name);
	IF EXISTS (SELECT FROM gaiops.scorer_kinds() AS k WHERE k.kind = name) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'duplicate_object',
			MESSAGE = format('"%s" is a kind of scorers', name),
			HINT = 'Give the scorer another name.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_scorer_name(text) IS
	'Takes a name and returns nothing; raises unless a scorer that is created may have it';

CREATE OR REPLACE FUNCTION gaiops.inner_create_scorer(
	name text, kind text, params gaiops.ordered_json, direction text, threshold double precision,
	scale double precision)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	created gaiops.scorer_versions;
	settings record;
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_scorer');
	PERFORM gaiops.check_scorer_name(name);
	PERFORM gaiops.check_size('params', params::text, 64 * 1024);
	created.params := coalesce(params, '{}')::jsonb;
	settings := gaiops.scorer_settings(kind, created.params, direction, threshold, scale);
	PERFORM gaiops.lock_registry('scorer ' || name);
	created.name := name;
	created.version := 1 + coalesce((
		SELECT max(v.version) FROM gaiops.scorer_versions AS v WHERE v.name = created.name), 0);
	created.kind := kind;
	created.direction := settings.direction;
	created.threshold := threshold;
	created.scale := settings.scale;
	created.pass_fail := settings.pass_fail;
	created.created_at := now();
	created.created_by := gaiops.caller();
	INSERT INTO gaiops.scorer_versions VALUES (created.*)
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	RETURN created.version;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_scorer(
	text, text, gaiops.ordered_json, text, double precision, double precision) IS
	'Takes the arguments of gaiops_create_scorer() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_scorer(
	name text, kind text, params gaiops.ordered_json DEFAULT NULL, direction text DEFAULT NULL,
	threshold double precision DEFAULT NULL, scale double precision DEFAULT NULL)
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_scorer(
	text, text, gaiops.ordered_json, text, double precision, double precision) IS
	'Takes a name, a kind of scorer, its arguments, which scores are better, from which one an answer passes, '
	'and the width of their range, NULL for what the kind has; stores the next version of that scorer and returns '
	'its number; raises if the name is that of a kind';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_scorer(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := name;
	latest integer;
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_scorer');
	PERFORM gaiops.check_given('name', wanted);
	PERFORM gaiops.lock_registry('scorer ' || wanted);
	SELECT s.version INTO latest FROM gaiops.scorers AS s WHERE s.name = wanted AND s.source = 'created';
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no scorer "%s" that was created', left(wanted, 100)),
			HINT = 'Scorers are listed in gaiops.scorers; only those that were created can be deleted.';
	END IF;
	INSERT INTO gaiops.scorer_deletions VALUES (wanted, latest, now(), gaiops.caller())
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	RETURN wanted;
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_scorer(text) IS
	'Takes the arguments of gaiops_delete_scorer() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_scorer(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_scorer(text) IS
	'Takes the name of a scorer that was created, hides all its versions and returns the name; '
	'what they do is kept for the scores that they gave, and numbers of later versions go on from there';

-- One for each of what may be text or JSON.  Only those that expect text have defaults
-- before it, or a call without expectations would fit two.
CREATE OR REPLACE FUNCTION pg_catalog.gaiops_score(
	scorer text, outputs text, expectations text DEFAULT NULL, inputs gaiops.ordered_json DEFAULT NULL,
	OUT value jsonb, OUT score double precision, OUT passed boolean, OUT reason text)
RETURNS record LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_score';
COMMENT ON FUNCTION pg_catalog.gaiops_score(text, text, text, gaiops.ordered_json) IS
	'Takes a scorer, a text, the response that is expected, and inputs, and returns what the scorer says of it, '
	'that as a number, whether it passes, and why; NULL where that cannot be said';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_score(
	scorer text, outputs text, expectations gaiops.ordered_json, inputs gaiops.ordered_json DEFAULT NULL,
	OUT value jsonb, OUT score double precision, OUT passed boolean, OUT reason text)
RETURNS record LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_score';
COMMENT ON FUNCTION pg_catalog.gaiops_score(text, text, gaiops.ordered_json, gaiops.ordered_json) IS
	'Takes a scorer, a text, an object with what is expected, and inputs, and returns what the scorer says of it, '
	'that as a number, whether it passes, and why; NULL where that cannot be said';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_score(
	scorer text, outputs gaiops.ordered_json, expectations text DEFAULT NULL, inputs gaiops.ordered_json DEFAULT NULL,
	OUT value jsonb, OUT score double precision, OUT passed boolean, OUT reason text)
RETURNS record LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_score';
COMMENT ON FUNCTION pg_catalog.gaiops_score(text, gaiops.ordered_json, text, gaiops.ordered_json) IS
	'Takes a scorer, JSON, the response that is expected, and inputs, and returns what the scorer says of it, '
	'that as a number, whether it passes, and why; NULL where that cannot be said';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_score(
	scorer text, outputs gaiops.ordered_json, expectations gaiops.ordered_json,
	inputs gaiops.ordered_json DEFAULT NULL,
	OUT value jsonb, OUT score double precision, OUT passed boolean, OUT reason text)
RETURNS record LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_score';
COMMENT ON FUNCTION pg_catalog.gaiops_score(text, gaiops.ordered_json, gaiops.ordered_json, gaiops.ordered_json) IS
	'Takes a scorer, JSON, an object with what is expected, and inputs, and returns what the scorer says of it, '
	'that as a number, whether it passes, and why; NULL where that cannot be said';
