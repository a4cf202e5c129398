-- Rights are kept where PostgreSQL keeps rights, in access control lists, so
-- that they follow a role that is renamed or dropped, and are dumped.
--
-- Two functions stand for each right.  May a role execute gaiops.user_grant(), it
-- was given the right "user" by gaiops_grant().  May it execute
-- gaiops.user_right(), it has the right, by that grant or by one of "admin".
-- They are here because row-level security policies refer to them by oid: such
-- a policy needs no other privilege of the role that reads.

CREATE FUNCTION gaiops.viewer_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.viewer_right() IS
	'Takes nothing and returns true; who may execute it has the right "viewer"';

CREATE FUNCTION gaiops.user_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.user_right() IS 'Takes nothing and returns true; who may execute it has the right "user"';

CREATE FUNCTION gaiops.proxy_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.proxy_right() IS 'Takes nothing and returns true; who may execute it has the right "proxy"';

CREATE FUNCTION gaiops.admin_right() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.admin_right() IS 'Takes nothing and returns true; who may execute it has the right "admin"';

CREATE FUNCTION gaiops.viewer_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.viewer_grant() IS
	'Takes nothing and returns true; who may execute it was granted "viewer" by gaiops_grant()';

CREATE FUNCTION gaiops.user_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.user_grant() IS
	'Takes nothing and returns true; who may execute it was granted "user" by gaiops_grant()';

CREATE FUNCTION gaiops.proxy_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.proxy_grant() IS
	'Takes nothing and returns true; who may execute it was granted "proxy" by gaiops_grant()';

CREATE FUNCTION gaiops.admin_grant() RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
AS 'SELECT true';
COMMENT ON FUNCTION gaiops.admin_grant() IS
	'Takes nothing and returns true; who may execute it was granted "admin" by gaiops_grant()';
