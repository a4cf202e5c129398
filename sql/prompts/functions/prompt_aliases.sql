-- Aliases of prompts, their history, and who may move them.

CREATE OR REPLACE FUNCTION gaiops.prompt_alias_uri(name text, alias text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN 'prompts:/' || name || '@' || alias;
COMMENT ON FUNCTION gaiops.prompt_alias_uri(text, text) IS 'Takes a prompt and an alias and returns the URI';

-- For a version that follows it.  Who may not move a protected alias does not keep others
-- from it either: a move, which changes no key, passes by FOR KEY SHARE.
CREATE OR REPLACE FUNCTION gaiops.lock_prompt_alias(prompt text, followed text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	allowed CONSTANT text[] := gaiops.find_alias_protection(prompt, followed);
BEGIN
	IF allowed IS NULL OR gaiops.is_member(allowed) THEN
		PERFORM FROM gaiops.prompt_aliases AS a WHERE a.name = prompt AND a.alias = followed FOR SHARE;
	ELSE
		PERFORM FROM gaiops.prompt_aliases AS a WHERE a.name = prompt AND a.alias = followed FOR KEY SHARE;
	END IF;
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
COMMENT ON FUNCTION gaiops.lock_prompt_alias(text, text) IS
	'Takes an alias of a prompt, keeps it from being deleted, and moved unless it is protected from the role in force, '
	'until the transaction ends, and returns nothing; raises unless it exists';

CREATE OR REPLACE FUNCTION gaiops.check_alias_protection(prompt text, moved text)
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
COMMENT ON FUNCTION gaiops.check_alias_protection(text, text) IS
	'Takes an alias of a prompt and returns nothing; raises if it is protected from the role in force';

CREATE OR REPLACE FUNCTION gaiops.lock_alias_moves(prompt text, moved text)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	-- An import holds this while it sets aliases.
	LOCK TABLE gaiops.prompt_contents IN ROW SHARE MODE;
	SELECT gaiops.lock_registry('alias ' || gaiops.prompt_alias_uri(prompt, moved))
$$;
COMMENT ON FUNCTION gaiops.lock_alias_moves(text, text) IS
	'Takes an alias of a prompt, which need not be there, has others that move or protect it wait '
	'until the transaction ends, and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.begin_alias_move(prompt text, moved text, reason text)
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
COMMENT ON FUNCTION gaiops.begin_alias_move(text, text, text) IS
	'Takes an alias of a prompt and the reason for a move, NULL for none, '
	'has other moves of it wait until the transaction ends, and returns nothing; '
	'raises unless the arguments are acceptable and the role in force may move it';

CREATE OR REPLACE FUNCTION gaiops.count_prompt_aliases(name text, other_than text)
RETURNS bigint LANGUAGE c VOLATILE STRICT PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_count_prompt_aliases';
COMMENT ON FUNCTION gaiops.count_prompt_aliases(text, text) IS
	'Takes a prompt and an alias and returns how many other aliases the prompt has by now, '
	'whatever the snapshot of the transaction';

-- Anybody can follow an alias, and so have that fail what a move leads to.
CREATE OR REPLACE FUNCTION gaiops.alias_followers(
	prompt text, moved text, OUT name text, OUT version integer, OUT may_move boolean)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
#variable_conflict use_column
DECLARE
	allowed CONSTANT text[] := gaiops.find_alias_protection(prompt, moved);
BEGIN
	RETURN QUERY
		SELECT v.name, v.version, allowed IS NULL OR gaiops.is_role_member(v.created_by, allowed)
		FROM gaiops.prompt_versions AS v
		WHERE (v.name, v.version) IN (
			SELECT i.name, i.version FROM gaiops.prompt_includes AS i
			WHERE i.included_name = prompt AND i.alias = moved AND i.follow)
		ORDER BY v.name, v.version;
END
$$;
COMMENT ON FUNCTION gaiops.alias_followers(text, text) IS
	'Takes an alias of a prompt; returns the versions that follow it, '
	'and of each whether who registered it may move the alias';

-- To try one takes as long as it includes much, so that of those of strangers a few will do.
CREATE OR REPLACE FUNCTION gaiops.broken_prompts(names text[], versions integer[])
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	tried record;
	problems text[] := '{}';
BEGIN
	FOR tried IN
		SELECT t.name, t.version FROM unnest(names, versions) AS t (name, version)
		ORDER BY t.name COLLATE "C", t.version LIMIT 20
	LOOP
		BEGIN
			PERFORM gaiops.check_prompt(tried.name, tried.version);
		EXCEPTION
			WHEN SQLSTATE 'LM012' OR SQLSTATE 'LM013' OR SQLSTATE 'LM015' OR program_limit_exceeded THEN
				problems := problems || format('prompts:/%s/%s: %s', tried.name, tried.version, SQLERRM);
		END;
	END LOOP;
	RETURN nullif(array_to_string(problems, E'\n'), '');
END
$$;
COMMENT ON FUNCTION gaiops.broken_prompts(text[], integer[]) IS
	'Takes versions of prompts and tries the first 20 of them; returns which cannot be used and why, NULL if all can';

CREATE OR REPLACE FUNCTION gaiops.check_alias_followers(prompt text, moved text)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	broken text;
BEGIN
	PERFORM gaiops.check_prompt(f.name, f.version) FROM gaiops.alias_followers(prompt, moved) AS f WHERE f.may_move;
	SELECT gaiops.broken_prompts(array_agg(f.name), array_agg(f.version)) INTO broken
		FROM gaiops.alias_followers(prompt, moved) AS f WHERE NOT f.may_move;
	IF broken IS NOT NULL THEN
		RAISE WARNING USING
			MESSAGE = format('alias "%s" of prompt "%s" is followed by what cannot be used any more', moved, prompt),
			DETAIL = broken,
			HINT = 'It was registered by roles that may not move the alias; have it deleted.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_alias_followers(text, text) IS
	'Takes an alias of a prompt and returns nothing; raises if a version that follows it cannot be used, '
	'and only warns of it where that was registered by a role that the alias is protected from';

-- Where all that is included is a certain version, nothing becomes a circle by a move.
CREATE OR REPLACE FUNCTION gaiops.prompt_follows(prompt text, number integer)
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	WITH RECURSIVE part AS (
		SELECT prompt COLLATE "C" AS name, number AS version
		UNION
		SELECT i.included_name, i.included_version
		FROM part AS p JOIN gaiops.prompt_includes AS i ON i.name = p.name AND i.version = p.version
		WHERE NOT i.follow
	)
	SELECT EXISTS (
		SELECT FROM part AS p JOIN gaiops.prompt_includes AS i ON i.name = p.name AND i.version = p.version
		WHERE i.follow)
$$;
COMMENT ON FUNCTION gaiops.prompt_follows(text, integer) IS
	'Takes a version of a prompt; returns whether it follows an alias, by itself or through what it includes';

-- Two moves at once that each close one half of a circle would not see each other.
CREATE OR REPLACE FUNCTION gaiops.point_prompt_alias(prompt text, moved text, from_version integer, target integer)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.lock_prompt_version(prompt, target);
	IF gaiops.prompt_follows(prompt, target) THEN
		PERFORM gaiops.lock_registry('includes');
	END IF;
	IF from_version IS NOT NULL THEN
		UPDATE gaiops.prompt_aliases AS a
			SET version = target, updated_at = now(), updated_by = gaiops.caller()
			WHERE a.name = prompt AND a.alias = moved;
	ELSE
		PERFORM gaiops.check_room(format('prompt "%s"', prompt), 'aliases', gaiops.count_prompt_aliases(prompt, moved));
		INSERT INTO gaiops.prompt_aliases VALUES (prompt, moved, target, now(), gaiops.caller())
			ON CONFLICT DO NOTHING;	-- raises if the snapshot does not show the other row
	END IF;
	PERFORM gaiops.check_prompt(prompt, target);
	PERFORM gaiops.check_alias_followers(prompt, moved);
END
$$;
COMMENT ON FUNCTION gaiops.point_prompt_alias(text, text, integer, integer) IS
	'Takes an alias of a prompt, the version it points to, NULL for none, and another, points it to that '
	'and returns nothing; raises if that, or a version which follows the alias, could not be used then, '
	'but of a protected alias only if who registered the follower may move it';

CREATE OR REPLACE FUNCTION gaiops.remove_prompt_alias(prompt text, moved text)
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
COMMENT ON FUNCTION gaiops.remove_prompt_alias(text, text) IS
	'Takes an alias of a prompt, removes it and returns nothing; raises while a version follows it';

CREATE OR REPLACE FUNCTION gaiops.move_prompt_alias(
	prompt text, moved text, target integer, why text, undone bigint DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	from_version integer;
BEGIN
	-- A registration that follows it holds the row until it is there to be seen.
	SELECT a.version INTO from_version FROM gaiops.prompt_aliases AS a
		WHERE a.name = prompt AND a.alias = moved FOR NO KEY UPDATE;
	IF from_version = target AND undone IS NULL THEN
		RETURN;
	END IF;
	IF target IS NULL THEN
		PERFORM gaiops.remove_prompt_alias(prompt, moved);
	ELSE
		PERFORM gaiops.point_prompt_alias(prompt, moved, from_version, target);
	END IF;
	INSERT INTO gaiops.prompt_alias_history (name, alias, from_version, to_version, reason, undoes,
		moved_at, moved_by, outer_role)
		VALUES (prompt, moved, from_version, target, nullif(why, ''), undone, now(),
			gaiops.caller(), gaiops.outer_role());
END
$$;
COMMENT ON FUNCTION gaiops.move_prompt_alias(text, text, integer, text, bigint) IS
	'Takes an alias of a prompt, the version it is to point to, NULL for none, a reason or NULL, '
	'and the move that this takes back or NULL, moves it, writes its history and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.inner_set_prompt_alias(name text, alias text, version integer, reason text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
COMMENT ON FUNCTION gaiops.inner_set_prompt_alias(text, text, integer, text) IS
	'Takes the arguments of gaiops_set_prompt_alias() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_prompt_alias(
	name text, alias text, version integer, reason text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_set_prompt_alias(text, text, integer, text) IS
	'Takes a prompt, an alias, the version it is to point to and a reason for the history, '
	'makes or moves the alias and returns its URI';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_prompt_alias(name text, alias text, reason text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
COMMENT ON FUNCTION gaiops.inner_delete_prompt_alias(text, text, text) IS
	'Takes the arguments of gaiops_delete_prompt_alias() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_prompt_alias(name text, alias text, reason text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_prompt_alias(text, text, text) IS
	'Takes a prompt, an alias and a reason for the history, removes the alias and returns its URI; its history stays; '
	'raises while a version follows it';

-- The latest ten, which is more than anybody takes back.
CREATE OR REPLACE FUNCTION gaiops.describe_alias_moves(prompt text, moved text)
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
COMMENT ON FUNCTION gaiops.describe_alias_moves(text, text) IS
	'Takes an alias of a prompt and returns a sentence that tells its latest moves; NULL if there are none';

CREATE OR REPLACE FUNCTION gaiops.raise_no_rollback(prompt text, moved text, cause text)
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
COMMENT ON FUNCTION gaiops.raise_no_rollback(text, text, text) IS
	'Takes an alias of a prompt and a cause, in words; raises that no move of it can be taken back, with its history';

CREATE OR REPLACE FUNCTION gaiops.last_alias_move(prompt text, moved text)
RETURNS gaiops.prompt_alias_history
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT h.* FROM gaiops.prompt_alias_history AS h
	WHERE h.name = prompt AND h.alias = moved AND h.undoes IS NULL AND NOT EXISTS (
		SELECT FROM gaiops.prompt_alias_history AS u
		WHERE u.name = prompt AND u.alias = moved AND u.undoes = h.id)
	ORDER BY h.id DESC LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.last_alias_move(text, text) IS
	'Takes a prompt and an alias and returns the latest move of it that was not taken back; NULL if there is none';

CREATE OR REPLACE FUNCTION gaiops.inner_rollback_prompt_alias(name text, alias text, reason text)
RETURNS integer
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	prompt CONSTANT text := name;
	moved CONSTANT text := alias;
	last_move gaiops.prompt_alias_history;
BEGIN
	PERFORM gaiops.check_writable('gaiops_rollback_prompt_alias');
	PERFORM gaiops.begin_alias_move(prompt, moved, reason);
	last_move := gaiops.last_alias_move(prompt, moved);
	IF last_move.id IS NULL THEN
		PERFORM gaiops.lock_prompt_alias(prompt, moved);
		PERFORM gaiops.raise_no_rollback(prompt, moved, 'No move of it is left to take back.');
	ELSIF last_move.from_version IS NULL THEN
		PERFORM gaiops.raise_no_rollback(prompt, moved,
			'Before its latest move that was not taken back it was not there.');
	ELSIF EXISTS (
		SELECT FROM gaiops.prompt_deletions AS d
		WHERE d.name = prompt AND d.version = last_move.from_version)
	THEN
		PERFORM gaiops.raise_no_rollback(prompt, moved,
			format('It would go back to version %s, which was deleted.', last_move.from_version));
	END IF;
	PERFORM gaiops.move_prompt_alias(prompt, moved, last_move.from_version, reason, last_move.id);
	RETURN last_move.from_version;
END
$$;
COMMENT ON FUNCTION gaiops.inner_rollback_prompt_alias(text, text, text) IS
	'Takes the arguments of gaiops_rollback_prompt_alias() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_rollback_prompt_alias(name text, alias text, reason text DEFAULT NULL)
RETURNS integer
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_rollback_prompt_alias(text, text, text) IS
	'Takes a prompt, an alias and a reason for the history, takes back the alias''s latest move '
	'that was not taken back yet, and returns the version it points to now; called again it goes one move further back';

CREATE OR REPLACE FUNCTION gaiops.inner_protect_prompt_alias(name text, alias text, roles text[])
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
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
			WHERE p.name = inner_protect_prompt_alias.name AND p.alias = inner_protect_prompt_alias.alias;
	ELSE
		PERFORM gaiops.check_roles('roles', roles, 'Give NULL to let everybody who may move aliases move this one.');
		INSERT INTO gaiops.protected_prompt_aliases VALUES (name, alias, roles, now(), gaiops.caller())
			ON CONFLICT ON CONSTRAINT protected_prompt_aliases_pkey DO UPDATE
			SET roles = EXCLUDED.roles, protected_at = EXCLUDED.protected_at, protected_by = EXCLUDED.protected_by;
		IF NOT EXISTS (SELECT FROM gaiops.prompt_aliases AS a
			WHERE a.name = inner_protect_prompt_alias.name AND a.alias = inner_protect_prompt_alias.alias)
		THEN
			RAISE NOTICE USING MESSAGE = format('prompt "%s" has no alias "%s" yet', name, alias);
		END IF;
	END IF;
	RETURN gaiops.prompt_alias_uri(name, alias);
END
$$;
COMMENT ON FUNCTION gaiops.inner_protect_prompt_alias(text, text, text[]) IS
	'Takes the arguments of gaiops_protect_prompt_alias() and does its work '
	'for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_protect_prompt_alias(name text, alias text, roles text[])
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_protect_prompt_alias(text, text, text[]) IS
	'Takes a prompt, an alias, which need not be there yet, and roles, lets only these and their members move it, '
	'or with NULL lifts the protection, and returns its URI';
