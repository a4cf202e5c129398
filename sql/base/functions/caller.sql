-- Who counts: the role that was in force where a function of ours was called.  See
-- src/base/enter_functions.c, which runs gaiops.inner_X() for gaiops_X().

CREATE OR REPLACE FUNCTION gaiops.caller()
RETURNS name LANGUAGE c STABLE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'gaiops_caller';
COMMENT ON FUNCTION gaiops.caller() IS
	'Returns the role for which a function that was entered works, which decides and is put on record; '
	'outside of these the role in force';

CREATE OR REPLACE FUNCTION gaiops.outer_role()
RETURNS name
AS 'MODULE_PATHNAME', 'gaiops_outer_role'
LANGUAGE C STABLE STRICT PARALLEL RESTRICTED;
COMMENT ON FUNCTION gaiops.outer_role() IS
	'Returns the role in force outside of every SECURITY DEFINER function, '
	'which is put on record beside gaiops.caller() and decides nothing';

CREATE OR REPLACE FUNCTION gaiops.acts_as(member oid, role oid)
RETURNS boolean LANGUAGE c STABLE STRICT PARALLEL SAFE AS 'MODULE_PATHNAME', 'gaiops_acts_as';
COMMENT ON FUNCTION gaiops.acts_as(oid, oid) IS
	'Returns whether a role has the privileges of another or can become it';

-- A superuser is a member of every role, of one that is gone, too.  Who is gone is of none.
CREATE OR REPLACE FUNCTION gaiops.is_role_member(member name, roles text[])
RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT EXISTS (
		SELECT FROM pg_roles AS m LEFT JOIN pg_roles AS r ON r.rolname = ANY (roles)
		WHERE m.rolname = member AND (m.rolsuper OR gaiops.acts_as(m.oid, r.oid)))
$$;
COMMENT ON FUNCTION gaiops.is_role_member(name, text[]) IS
	'Takes a role and names of roles and returns whether it is one of them or a member of one';

CREATE OR REPLACE FUNCTION gaiops.is_member(roles text[])
RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT gaiops.is_role_member(gaiops.caller(), roles)
$$;
COMMENT ON FUNCTION gaiops.is_member(text[]) IS
	'Takes names of roles and returns whether gaiops.caller() is one of them or a member of one';

CREATE OR REPLACE FUNCTION gaiops.may_speak_for_others()
RETURNS boolean
LANGUAGE sql STABLE PARALLEL RESTRICTED
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT has_function_privilege(gaiops.caller(), 'gaiops.proxy_right()'::regprocedure, 'EXECUTE')
$$;
COMMENT ON FUNCTION gaiops.may_speak_for_others() IS 'Returns whether gaiops.caller() has the right "proxy"';
