-- Deleting versions of prompts, and who uses them.

-- STABLE, to look with the snapshot of its caller, gaiops.find_prompt_version_users().  An alias
-- that is not there points to version 0, so to speak.
CREATE OR REPLACE FUNCTION gaiops.prompt_version_users(name text, version integer)
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
COMMENT ON FUNCTION gaiops.prompt_version_users(text, integer) IS
	'Takes a version of a prompt, or 0 for what its missing aliases point to, and returns the aliases that point '
	'to it and the versions, not deleted, that include it, in words; NULL if there are none';

-- Deleted first and then looked at: what is deleted with it uses nothing any more.
CREATE OR REPLACE FUNCTION gaiops.hide_prompt_versions(prompt text, numbers integer[], what text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	uses text;
BEGIN
	INSERT INTO gaiops.prompt_deletions
		SELECT prompt, n, now(), gaiops.caller() FROM unnest(numbers) AS n
		ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	SELECT string_agg(format('Version %s is used by %s.', u.number, u.users), ' ' ORDER BY u.number) INTO uses
		FROM (
			SELECT n.number, n.users
			FROM (SELECT n AS number, gaiops.find_prompt_version_users(prompt, n) AS users
				FROM unnest(numbers) AS n) AS n
			WHERE n.users IS NOT NULL
			ORDER BY n.number LIMIT 5
		) AS u;
	IF uses IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'dependent_objects_still_exist',
			MESSAGE = format('%s is in use', what),
			DETAIL = uses,
			HINT = 'Move or delete the aliases with gaiops_set_prompt_alias() or gaiops_delete_prompt_alias(), '
				'and delete the versions that include it, first.';
	END IF;
	DELETE FROM gaiops.prompt_tags AS t
		WHERE t.name = prompt AND NOT EXISTS (SELECT FROM gaiops.prompt_versions AS v WHERE v.name = prompt);
END
$$;
COMMENT ON FUNCTION gaiops.hide_prompt_versions(text, integer[], text) IS
	'Takes versions of a prompt that are locked, and what they are in words, marks them deleted, '
	'with the last one removes the tags of the prompt, and returns nothing; raises if something that stays uses them';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt_version(name text, version integer)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_prompt_version');
	PERFORM gaiops.lock_given_version(name, version, to_delete => true);
	PERFORM gaiops.hide_prompt_versions(name, ARRAY[version], format('version %s of prompt "%s"', version, name));
	RETURN format('prompts:/%s/%s', name, version);
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_prompt_version(text, integer) IS
	'Takes the arguments of gaiops_delete_prompt_version() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt_version(name text, version integer)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_version(text, integer) IS
	'Takes a version of a prompt, hides it and returns its URI; its text is kept for the traces that used it; '
	'raises while an alias points to it or another version includes it';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt(name text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
COMMENT ON FUNCTION gaiops.inner_delete_prompt(text) IS
	'Takes the arguments of gaiops_delete_prompt() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt(name text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt(text) IS
	'Takes the name of a prompt, hides all its versions, removes its tags and returns the name; '
	'raises while an alias points to one of them or a version of another prompt includes one';
