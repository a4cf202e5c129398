-- Tags of prompts and of their versions.

CREATE OR REPLACE FUNCTION gaiops.count_prompt_tags(name text, other_than text)
RETURNS bigint LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_count_prompt_tags';
COMMENT ON FUNCTION gaiops.count_prompt_tags(text, text) IS
	'Takes a prompt and the key of a tag and returns how many other tags the prompt has by now, '
	'whatever the snapshot of the transaction';

CREATE OR REPLACE FUNCTION gaiops.count_prompt_version_tags(name text, version integer, other_than text)
RETURNS bigint LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_count_prompt_version_tags';
COMMENT ON FUNCTION gaiops.count_prompt_version_tags(text, integer, text) IS
	'Takes a version of a prompt and the key of a tag and returns how many other tags the version has by now, '
	'whatever the snapshot of the transaction';

CREATE OR REPLACE FUNCTION gaiops.inner_set_prompt_tag(name text, key text, value text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_set_prompt_tag');
	PERFORM gaiops.check_tag(key, value);
	PERFORM gaiops.lock_prompt(name);
	PERFORM gaiops.check_room(format('prompt "%s"', name), 'tags', gaiops.count_prompt_tags(name, key));
	INSERT INTO gaiops.prompt_tags VALUES (name, key, value, now(), gaiops.caller())
		ON CONFLICT ON CONSTRAINT prompt_tags_pkey DO UPDATE
		SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by;
END
$$;
COMMENT ON FUNCTION gaiops.inner_set_prompt_tag(text, text, text) IS
	'Takes the arguments of gaiops_set_prompt_tag() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_prompt_tag(name text, key text, value text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_tag(text, text, text) IS
	'Takes a prompt, the key of a tag and its value, sets the tag and returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_prompt_tag(name text, key text, value anyelement)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM pg_catalog.gaiops_set_prompt_tag(name, key, gaiops.scalar_text(value));
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_tag(text, text, anyelement) IS
	'Takes a prompt, the key of a tag and its value, of any type but text, arrays, rows and nested JSON, '
	'sets the tag to that as a cast to text writes it, and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt_tag(name text, key text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_tag');
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.lock_prompt(name);
	DELETE FROM gaiops.prompt_tags AS t WHERE t.name = name AND t.key = key;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_tag(format('prompt "%s"', name), key, ARRAY(
			SELECT t.key FROM gaiops.prompt_tags AS t WHERE t.name = name ORDER BY t.key LIMIT 11));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_prompt_tag(text, text) IS
	'Takes the arguments of gaiops_delete_prompt_tag() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt_tag(name text, key text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_tag(text, text) IS
	'Takes a prompt and the key of a tag, removes the tag and returns nothing; raises if there is none';

CREATE OR REPLACE FUNCTION gaiops.inner_set_prompt_version_tag(name text, version integer, key text, value text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_set_prompt_version_tag');
	PERFORM gaiops.check_tag(key, value);
	PERFORM gaiops.lock_given_version(name, version);
	PERFORM gaiops.check_room(format('version %s of prompt "%s"', version, name), 'tags',
		gaiops.count_prompt_version_tags(name, version, key));
	INSERT INTO gaiops.prompt_version_tags VALUES (name, version, key, value, now(), gaiops.caller())
		ON CONFLICT ON CONSTRAINT prompt_version_tags_pkey DO UPDATE
		SET value = EXCLUDED.value, updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by;
END
$$;
COMMENT ON FUNCTION gaiops.inner_set_prompt_version_tag(text, integer, text, text) IS
	'Takes the arguments of gaiops_set_prompt_version_tag() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_prompt_version_tag(name text, version integer, key text, value text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_version_tag(text, integer, text, text) IS
	'Takes a version of a prompt, the key of a tag and its value, sets the tag and returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_prompt_version_tag(
	name text, version integer, key text, value anyelement)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM pg_catalog.gaiops_set_prompt_version_tag(name, version, key, gaiops.scalar_text(value));
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_version_tag(text, integer, text, anyelement) IS
	'Takes a version of a prompt, the key of a tag and its value, of any type but text, arrays, rows and nested JSON, '
	'sets the tag to that as a cast to text writes it, and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt_version_tag(name text, version integer, key text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_variable
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_version_tag');
	PERFORM gaiops.check_given('key', key);
	PERFORM gaiops.lock_given_version(name, version);
	DELETE FROM gaiops.prompt_version_tags AS t WHERE t.name = name AND t.version = version AND t.key = key;
	IF NOT FOUND THEN
		PERFORM gaiops.raise_unknown_tag(format('version %s of prompt "%s"', version, name), key, ARRAY(
			SELECT t.key FROM gaiops.prompt_version_tags AS t
			WHERE t.name = name AND t.version = version ORDER BY t.key LIMIT 11));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_prompt_version_tag(text, integer, text) IS
	'Takes the arguments of gaiops_delete_prompt_version_tag() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt_version_tag(name text, version integer, key text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_version_tag(text, integer, text) IS
	'Takes a version of a prompt and the key of a tag, removes the tag and returns nothing; raises if there is none';
