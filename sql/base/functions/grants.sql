-- Giving rights to roles, and taking them.  What belongs to which right is in the
-- lists of the rooms, see rights.sql.

CREATE OR REPLACE FUNCTION gaiops.right_level("right" text)
RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT array_position(ARRAY['viewer', 'user', 'proxy', 'admin'], "right")
$$;
COMMENT ON FUNCTION gaiops.right_level(text) IS
	'Takes a right and returns its level: each covers those of a lower level; NULL if there is no such right';

-- "settled" says that the object was there before this transaction, or that
-- pg_init_privs has it as ours alone: its record is for one role, which is the
-- owner, or was and had it taken over.  The record alone would not do: pg_upgrade
-- keeps none where it says no more than the default.  Subtransactions of this
-- transaction are younger than it, hence the negative ages.
CREATE OR REPLACE FUNCTION gaiops.members(
	OUT kind text, OUT object text, OUT target text, OUT privilege text,
	OUT "right" text, OUT owner oid, OUT acl aclitem[], OUT settled boolean)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET quote_all_identifiers = off
AS $$
	WITH member AS MATERIALIZED (
		SELECT d.classid, d.objid, age(d.xmin) BETWEEN -1000000 AND 0 AS is_new
		FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
		WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'genaiops'
	), member_acl AS (
		SELECT m.*, 'function' AS kind, format('%s.%s', p.pronamespace::regnamespace, p.proname) AS object,
			format('ROUTINE %s', p.oid::regprocedure) AS target, 'EXECUTE' AS privilege,
			p.proowner AS owner, coalesce(p.proacl, acldefault('f', p.proowner)) AS acl
		FROM member AS m JOIN pg_proc AS p ON m.classid = 'pg_proc'::regclass AND p.oid = m.objid
		UNION ALL
		SELECT m.*, CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END,
			format('%s.%s', c.relnamespace::regnamespace, c.relname),
			format('%s %s', CASE c.relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.oid::regclass), 'SELECT',
			c.relowner,
			coalesce(c.relacl, acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", c.relowner))
		FROM member AS m JOIN pg_class AS c ON m.classid = 'pg_class'::regclass AND c.oid = m.objid
		WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
		UNION ALL
		SELECT m.*, 'schema', n.nspname::text, format('SCHEMA %I', n.nspname), 'USAGE',
			n.nspowner, coalesce(n.nspacl, acldefault('n', n.nspowner))
		FROM member AS m JOIN pg_namespace AS n ON m.classid = 'pg_namespace'::regclass AND n.oid = m.objid
		UNION ALL
		SELECT m.*, 'type', format('%s.%s', t.typnamespace::regnamespace, t.typname),
			format('TYPE %s', t.oid::regtype), 'USAGE',
			t.typowner, coalesce(t.typacl, acldefault('T', t.typowner))
		FROM member AS m JOIN pg_type AS t ON m.classid = 'pg_type'::regclass AND t.oid = m.objid
		-- From 17 on types of rows and arrays are members too; nothing is granted on them.
		WHERE t.typcategory <> 'A'
			AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class AS c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
	)
	SELECT m.kind, m.object, m.target, m.privilege, r."right", m.owner, m.acl,
		NOT m.is_new OR coalesce((
			SELECT count(DISTINCT i.grantee) = 1
				AND bool_and(i.grantee = m.owner OR i.grantee <> 0
					AND NOT EXISTS (SELECT FROM aclexplode(m.acl) AS a WHERE a.grantee = i.grantee))
			FROM pg_init_privs AS p, aclexplode(p.initprivs) AS i
			WHERE p.classoid = m.classid AND p.objoid = m.objid AND p.objsubid = 0), false)
	FROM member_acl AS m LEFT JOIN gaiops.rights() AS r ON r.kind = m.kind AND r.object = m.object
$$;
COMMENT ON FUNCTION gaiops.members() IS
	'Returns what privileges can be granted on in the extension, with its right, its access control list, '
	'and whether the grants of the script that made it are settled';

CREATE OR REPLACE FUNCTION gaiops.settle_role(role oid)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	held text;
	lacking record;
BEGIN
	SELECT r INTO held
		FROM unnest(ARRAY['admin', 'proxy', 'user', 'viewer']) AS r
		JOIN gaiops.members() AS m ON m.kind = 'function' AND m.object = format('gaiops.%s_grant', r)
		JOIN aclexplode(m.acl) AS a ON a.grantee = role
		ORDER BY gaiops.right_level(r) DESC LIMIT 1;
	FOR lacking IN
		SELECT m.privilege, m.target FROM gaiops.members() AS m
		WHERE gaiops.right_level(m."right") <= gaiops.right_level(held)
			AND NOT EXISTS (SELECT FROM aclexplode(m.acl) AS a
				WHERE a.grantee = role AND a.privilege_type = m.privilege)
	LOOP
		EXECUTE format('GRANT %s ON %s TO %s', lacking.privilege, lacking.target, role::regrole);
	END LOOP;
	RETURN held;
END
$$;
COMMENT ON FUNCTION gaiops.settle_role(oid) IS
	'Takes a role, grants what its rights cover and it does not have, and returns the highest of them, NULL if none';

CREATE OR REPLACE FUNCTION gaiops.regrant(role oid)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_regrant'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION gaiops.regrant(oid) IS
	'Takes a role and does as gaiops.settle_role(), so that pg_dump knows the grants from those of the extension even '
	'when a script of the extension runs it; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.grant_as(grantor oid, command text)
RETURNS void
AS 'MODULE_PATHNAME', 'gaiops_grant_as'
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE;
COMMENT ON FUNCTION gaiops.grant_as(oid, text) IS
	'Takes a role and a GRANT and runs it as that role, as gaiops.regrant() does; returns nothing';

-- What an update drops and makes anew has lost its grants, those made by hand too.
-- Such an update keeps them in an unlogged table gaiops.former_grants before it drops: kind
-- and object as in gaiops.rights(), attribute, and what aclexplode() returns, with
-- its place.  They go to whatever has the name now, unless only the extension
-- itself uses that.  A place comes after that of who was given the grant option
-- there; where it does not, or who had it has not any more, the owner grants.
-- What takes gaiops.ordered_json now and took jsonb then is of no use without the
-- casts, so these come with it.
CREATE OR REPLACE FUNCTION gaiops.grant_again()
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	given record;
	may_grant boolean;
BEGIN
	FOR given IN
		SELECT f.*, m.target, m.owner, substring(m.target, ' (.*)') AS name,
			f.privilege_type || ' WITH GRANT OPTION' AS option,
			format('GRANT %s%s ON %s TO %s%s', f.privilege_type,
				CASE WHEN f.attribute IS NOT NULL THEN format(' (%I)', f.attribute) END, m.target,
				CASE f.grantee WHEN 0 THEN 'PUBLIC' ELSE f.grantee::regrole::text END,
				CASE WHEN f.is_grantable THEN ' WITH GRANT OPTION' END) AS command
		FROM gaiops.former_grants AS f JOIN gaiops.members() AS m ON m.kind = f.kind AND m.object = f.object
		WHERE m."right" <> 'none' AND f.grantee <> m.owner
		ORDER BY f.attribute NULLS FIRST, f.place
	LOOP
		may_grant := has_schema_privilege(given.grantor, split_part(given.object, '.', 1), 'USAGE')
			AND CASE
				WHEN given.kind = 'function'
				THEN has_function_privilege(given.grantor, given.name::regprocedure, given.option)
				WHEN given.attribute IS NULL THEN has_table_privilege(given.grantor, given.name::regclass, given.option)
				ELSE has_column_privilege(given.grantor, given.name::regclass, given.attribute, given.option) END;
		PERFORM gaiops.grant_as(CASE WHEN may_grant THEN given.grantor ELSE given.owner END, given.command);
	END LOOP;
	FOR given IN
		SELECT DISTINCT m.owner, format('GRANT EXECUTE ON FUNCTION %s TO %s%s', c.castfunc::regprocedure,
				CASE f.grantee WHEN 0 THEN 'PUBLIC' ELSE f.grantee::regrole::text END,
				CASE WHEN f.is_grantable THEN ' WITH GRANT OPTION' END) AS command
		FROM gaiops.former_grants AS f
			JOIN gaiops.members() AS m ON m.kind = 'function' AND m.kind = f.kind AND m.object = f.object
			JOIN pg_proc AS p ON p.oid = substring(m.target, ' (.*)')::regprocedure
			JOIN pg_cast AS c ON 'gaiops.ordered_json'::regtype IN (c.castsource, c.casttarget) AND c.castfunc <> 0
		WHERE m."right" <> 'none' AND f.grantee <> m.owner
			AND 'gaiops.ordered_json'::regtype = ANY (p.proargtypes::oid[] || p.prorettype)
	LOOP
		PERFORM gaiops.grant_as(given.owner, given.command);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.grant_again() IS
	'Grants what gaiops.former_grants has on what has the same name now, '
	'and with it the casts that its arguments need; returns nothing';

-- Run at the end of every install and update script.  What is new there has the
-- server's defaults, for PUBLIC and by ALTER DEFAULT PRIVILEGES, and is taken
-- from everybody.  What was there before is left alone: a REVOKE in a script
-- would tell pg_dump that all grants on the object are the extension's own.
CREATE OR REPLACE FUNCTION gaiops.settle_grants()
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	holders CONSTANT oid[] := ARRAY(
		SELECT DISTINCT a.grantee FROM gaiops.members() AS m, aclexplode(m.acl) AS a
		WHERE m.kind = 'function' AND m.settled AND a.grantee NOT IN (0, m.owner)
			AND m.object IN ('gaiops.viewer_grant', 'gaiops.user_grant', 'gaiops.proxy_grant', 'gaiops.admin_grant'));
	fresh record;
	holder oid;
BEGIN
	FOR fresh IN
		SELECT m.target, g.grantee
		FROM gaiops.members() AS m,
			LATERAL (SELECT a.grantee FROM aclexplode(m.acl) AS a UNION SELECT 0::oid) AS g
		WHERE NOT m.settled AND g.grantee <> m.owner
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s CASCADE', fresh.target,
			CASE fresh.grantee WHEN 0 THEN 'PUBLIC' ELSE fresh.grantee::regrole::text END);
	END LOOP;
	FOREACH holder IN ARRAY holders LOOP
		PERFORM gaiops.regrant(holder);
	END LOOP;
	IF to_regclass('gaiops.former_grants') IS NOT NULL THEN
		PERFORM gaiops.grant_again();
		DROP TABLE gaiops.former_grants;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.settle_grants() IS
	'Takes new objects of the extension from everybody but their owner, and gives them to the roles '
	'whose rights cover them, and to those who had them before they were made anew; returns nothing';

-- Run at the end of every script, too.  A table without row-level security is new.
-- From then on the policy says who reads it, however the privilege to SELECT was come
-- by; it makes the test once per query.  A default partition gets what its parent has, as
-- gaiops.make_partition() has it for the others.  What is for viewers gets the policy;
-- nobody but the owner reads secrets, which have none.
CREATE OR REPLACE FUNCTION gaiops.settle_policies()
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
	fresh record;
BEGIN
	FOR fresh IN
		SELECT c.oid::regclass AS name,
			r."right" = 'viewer' AND NOT EXISTS (
				SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid AND p.polname = 'viewers') AS needs_policy
		FROM pg_class AS c LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid
			LEFT JOIN gaiops.rights() AS r
				ON r.kind = 'relation' AND r.object = coalesce(i.inhparent, c.oid)::regclass::text
		WHERE c.relnamespace = ANY ('{gaiops,gaiops_partitions,gaiops_private}'::regnamespace[])
			AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity
	LOOP
		EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', fresh.name);
		CONTINUE WHEN fresh.needs_policy IS NOT TRUE;
		EXECUTE format($policy$
			CREATE POLICY viewers ON %s FOR SELECT USING (
				(SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')))
			$policy$, fresh.name);
		EXECUTE format('COMMENT ON POLICY viewers ON %s IS %L', fresh.name,
			'Rows are for roles with the right "viewer"');
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.settle_policies() IS
	'Gives tables of the extension''s schemas that have no row-level security that, '
	'and those for viewers the policy that lets viewers read; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.check_right("right" text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF "right" IN ('viewer', 'user', 'proxy', 'admin') IS NOT TRUE THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('unknown right "%s"', "right"),
			HINT = 'The rights are viewer, user, proxy and admin.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_right(text) IS
	'Takes a right and returns nothing; raises unless there is such a right';

-- Runs as the caller, who may call nothing here that is not for viewers.
CREATE OR REPLACE FUNCTION gaiops.has_right("right" text)
RETURNS boolean
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_right("right");
	RETURN has_function_privilege(CASE "right"
		WHEN 'viewer' THEN 'gaiops.viewer_right()'::regprocedure
		WHEN 'user' THEN 'gaiops.user_right()'::regprocedure
		WHEN 'proxy' THEN 'gaiops.proxy_right()'::regprocedure
		ELSE 'gaiops.admin_right()'::regprocedure END, 'EXECUTE');
END
$$;
COMMENT ON FUNCTION gaiops.has_right(text) IS
	'Takes a right and returns whether the current role has it; true for superusers';

CREATE OR REPLACE FUNCTION gaiops.check_grant(role text, "right" text)
RETURNS oid
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	wanted CONSTANT text := role;
	found_role oid;
BEGIN
	PERFORM gaiops.check_given('role', wanted);
	PERFORM gaiops.check_given('right', "right");
	PERFORM gaiops.check_right("right");
	SELECT r.oid INTO found_role FROM pg_roles AS r WHERE r.rolname = wanted;
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('role "%s" does not exist', wanted),
			HINT = CASE wanted WHEN 'public'
				THEN 'Rights are not given to PUBLIC; give them to a role that others are members of.'
				ELSE 'Give the name of a role as it is in pg_roles, without quotes.' END;
	END IF;
	IF EXISTS (SELECT FROM gaiops.members() AS m WHERE m.owner = found_role) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_grant_operation',
			MESSAGE = format('role "%s" owns the extension', wanted),
			DETAIL = 'The owner has every right, always.';
	END IF;
	RETURN found_role;
END
$$;
COMMENT ON FUNCTION gaiops.check_grant(text, text) IS
	'Takes a role and a right and returns the oid of the role; raises unless the one can be given the other';

CREATE OR REPLACE FUNCTION gaiops.inner_grant(role text, "right" text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	receiver CONSTANT oid := gaiops.check_grant(role, "right");
BEGIN
	-- Two at a time would fail to update the same row of a catalog.
	PERFORM gaiops.lock_registry('rights');
	EXECUTE format('GRANT EXECUTE ON FUNCTION gaiops.%I() TO %s', "right" || '_grant', receiver::regrole);
	RETURN gaiops.settle_role(receiver);
END
$$;
COMMENT ON FUNCTION gaiops.inner_grant(text, text) IS
	'Takes the arguments of gaiops_grant() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_grant(role text, "right" text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_grant(text, text) IS
	'Takes a role and a right (viewer, user, proxy or admin), gives the one the other, '
	'and returns the highest right the role has been given';

CREATE OR REPLACE FUNCTION gaiops.inner_revoke(role text, "right" text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	receiver CONSTANT oid := gaiops.check_grant(role, "right");
	taken record;
	held text;
BEGIN
	PERFORM gaiops.lock_registry('rights');
	FOR taken IN
		SELECT r FROM unnest(ARRAY['viewer', 'user', 'proxy', 'admin']) AS r
		WHERE gaiops.right_level(r) >= gaiops.right_level("right")
	LOOP
		EXECUTE format('REVOKE ALL ON FUNCTION gaiops.%I() FROM %s', taken.r || '_grant', receiver::regrole);
	END LOOP;
	held := gaiops.settle_role(receiver);
	FOR taken IN
		SELECT m.target FROM gaiops.members() AS m
		WHERE gaiops.right_level(m."right") > coalesce(gaiops.right_level(held), 0)
			AND EXISTS (SELECT FROM aclexplode(m.acl) AS a WHERE a.grantee = receiver)
	LOOP
		EXECUTE format('REVOKE ALL ON %s FROM %s', taken.target, receiver::regrole);
	END LOOP;
	RETURN held;
END
$$;
COMMENT ON FUNCTION gaiops.inner_revoke(text, text) IS
	'Takes the arguments of gaiops_revoke() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_revoke(role text, "right" text)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_revoke(text, text) IS
	'Takes a role and a right, takes the right and those above it from the role, '
	'and returns the highest right left to it, NULL if none';
