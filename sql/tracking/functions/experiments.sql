-- Experiments, and what people say about them.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_experiment(name text, is_local boolean DEFAULT false)
RETURNS text LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_experiment';
COMMENT ON FUNCTION pg_catalog.gaiops_set_experiment(text, boolean) IS
	'Makes an experiment if need be and sets gaiops.experiment to it, for the session or, with is_local, '
	'for the transaction; returns the name';

CREATE OR REPLACE FUNCTION gaiops.make_experiment(name text, created_by name)
RETURNS boolean LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_make_experiment';
COMMENT ON FUNCTION gaiops.make_experiment(text, name) IS
	'Takes the name of an experiment and who makes it, has it recorded for good, and returns whether it is new';

CREATE OR REPLACE FUNCTION gaiops.experiment_exists(name text)
RETURNS boolean LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_experiment_exists';
COMMENT ON FUNCTION gaiops.experiment_exists(text) IS
	'Takes the name of an experiment and returns whether it is recorded by now, '
	'whatever the snapshot of the transaction';

CREATE OR REPLACE FUNCTION gaiops.check_experiment(name text, description text, goal text, owner text, tags jsonb)
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
COMMENT ON FUNCTION gaiops.check_experiment(text, text, text, text, jsonb) IS
	'Takes the name of an experiment and what is to be said about it and returns nothing; raises unless it may be said';

-- Two of these at once wait for each other at the row, and both are kept.
CREATE OR REPLACE FUNCTION gaiops.describe_experiment(
	name text, about text, aim text, keeper text, added jsonb, removed text[])
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	merged jsonb;
BEGIN
	INSERT INTO gaiops.experiment_details AS d (experiment, description, goal, owner, tags, updated_at, updated_by)
	SELECT name, nullif(about, ''), nullif(aim, ''), nullif(keeper, ''),
		coalesce(jsonb_object_agg(t.key, t.value), '{}'), now(), gaiops.caller()
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
COMMENT ON FUNCTION gaiops.describe_experiment(text, text, text, text, jsonb, text[]) IS
	'Takes an experiment, its description, goal and owner (NULL leaves as is, an empty text removes), tags to be set, '
	'the keys of tags to be removed, and returns nothing; raises if that makes too many tags';

CREATE OR REPLACE FUNCTION gaiops.inner_create_experiment(
	name text, description text, goal text, owner text, tags gaiops.ordered_json)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_create_experiment');
	PERFORM gaiops.check_experiment(name, description, goal, owner, tags::jsonb);
	IF NOT gaiops.make_experiment(name, gaiops.caller()) THEN
		PERFORM gaiops.raise_duplicate('experiment', name,
			'Use gaiops_alter_experiment() to change what is said about it.');
	END IF;
	IF num_nonnulls(description, goal, owner, tags) > 0 THEN
		PERFORM gaiops.describe_experiment(name, description, goal, owner, tags::jsonb, '{}');
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_experiment(text, text, text, text, gaiops.ordered_json) IS
	'Takes the arguments of gaiops_create_experiment() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_experiment(
	name text, description text DEFAULT NULL, goal text DEFAULT NULL, owner text DEFAULT NULL,
	tags gaiops.ordered_json DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_experiment(text, text, text, text, gaiops.ordered_json) IS
	'Takes the name of a new experiment, what it is about, what is to be reached, who answers for it, and tags, '
	'makes it and returns the name; a rollback takes back what was said about it, but not the experiment';

CREATE OR REPLACE FUNCTION gaiops.inner_alter_experiment(
	name text, description text, goal text, owner text, tags gaiops.ordered_json)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given CONSTANT jsonb := tags;
	removed text[];
BEGIN
	PERFORM gaiops.check_writable('gaiops_alter_experiment');
	PERFORM gaiops.check_object('tags', given, '{"team": "support"}');
	removed := ARRAY(SELECT t.key FROM jsonb_each(given) AS t WHERE t.value = 'null');
	PERFORM gaiops.check_experiment(name, description, goal, owner, given - removed);
	IF NOT gaiops.experiment_exists(name) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('experiment "%s" does not exist', name),
			HINT = 'Create it with gaiops_create_experiment(); gaiops.experiments lists those there are.';
	END IF;
	IF num_nonnulls(description, goal, owner, tags) > 0 THEN
		PERFORM gaiops.describe_experiment(name, description, goal, owner, given - removed, removed);
	END IF;
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_alter_experiment(text, text, text, text, gaiops.ordered_json) IS
	'Takes the arguments of gaiops_alter_experiment() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_alter_experiment(
	name text, description text DEFAULT NULL, goal text DEFAULT NULL, owner text DEFAULT NULL,
	tags gaiops.ordered_json DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_alter_experiment(text, text, text, text, gaiops.ordered_json) IS
	'Takes the name of an experiment and what to change of what is said about it (NULL leaves as is, '
	'an empty text removes; tags are merged, and a null removes one) and returns the name';
