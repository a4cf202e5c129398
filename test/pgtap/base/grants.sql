\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT * FROM no_plan();

-- Everything below holds for an extension that was installed while default
-- privileges gave all to a role and to PUBLIC.
CREATE ROLE gaiops_test_default;
DROP EXTENSION IF EXISTS genaiops CASCADE;
ALTER DEFAULT PRIVILEGES GRANT ALL ON FUNCTIONS TO gaiops_test_default WITH GRANT OPTION;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TABLES TO gaiops_test_default, PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SEQUENCES TO gaiops_test_default;
ALTER DEFAULT PRIVILEGES GRANT ALL ON SCHEMAS TO gaiops_test_default, PUBLIC;
ALTER DEFAULT PRIVILEGES GRANT ALL ON TYPES TO gaiops_test_default;
CREATE EXTENSION genaiops;

\ir ../../lib/raised.sql
\ir ../../lib/own_members.sql

-- What a role may do with members of the extension, as the server sees it; but
-- for the functions that record what it was granted.
CREATE TEMP VIEW member AS
	SELECT 'function' AS kind, p.oid, p.oid::regprocedure::text AS object, format('%s.%s', p.pronamespace::regnamespace, p.proname) AS listed
	FROM own_member AS d JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	UNION ALL
	SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'relation' END, c.oid, c.oid::regclass::text, format('%s.%s', c.relnamespace::regnamespace, c.relname)
	FROM own_member AS d JOIN pg_class AS c ON d.classid = 'pg_class'::regclass AND d.objid = c.oid
	UNION ALL
	SELECT 'schema', n.oid, n.nspname, n.nspname
	FROM own_member AS d JOIN pg_namespace AS n ON d.classid = 'pg_namespace'::regclass AND d.objid = n.oid
	UNION ALL
	SELECT 'type', t.oid, t.oid::regtype::text, format('%s.%s', t.typnamespace::regnamespace, t.typname)
	FROM own_member AS d JOIN pg_type AS t ON d.classid = 'pg_type'::regclass AND d.objid = t.oid;
CREATE FUNCTION pg_temp.allowed(role name) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s %s', p.privilege, m.kind, m.object)
	FROM member AS m, LATERAL (VALUES
		(m.kind = 'function' AND has_function_privilege(role, m.oid, 'EXECUTE'), 'EXECUTE'),
		(m.kind = 'relation' AND has_table_privilege(role, m.oid, 'SELECT'), 'SELECT'),
		(m.kind = 'relation' AND has_table_privilege(role, m.oid, 'INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER'), 'write'),
		(m.kind = 'relation' AND has_any_column_privilege(role, m.oid, 'INSERT, UPDATE, REFERENCES'), 'write columns'),
		(m.kind = 'sequence' AND has_sequence_privilege(role, m.oid, 'USAGE, SELECT, UPDATE'), 'use'),
		(m.kind = 'schema' AND has_schema_privilege(role, m.oid, 'USAGE'), 'USAGE'),
		(m.kind = 'schema' AND has_schema_privilege(role, m.oid, 'CREATE'), 'CREATE'),
		(m.kind = 'type' AND has_type_privilege(role, m.oid, 'USAGE'), 'USAGE')
	) AS p (has, privilege)
	WHERE p.has AND m.object NOT IN ('gaiops.viewer_grant()', 'gaiops.user_grant()', 'gaiops.proxy_grant()', 'gaiops.admin_grant()')
$$;
-- What the declared rights say that it may do.
CREATE FUNCTION pg_temp.declared(rights text[]) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s %s', CASE m.kind WHEN 'function' THEN 'EXECUTE' WHEN 'relation' THEN 'SELECT' ELSE 'USAGE' END, m.kind, m.object)
	FROM member AS m JOIN gaiops.rights() AS r ON r.kind = m.kind AND r.object = m.listed
	WHERE r."right" = ANY (rights)
$$;

-- The declaration.
SELECT is_empty($$ SELECT kind, object FROM member AS m WHERE kind <> 'sequence' AND NOT EXISTS (SELECT FROM gaiops.rights() AS r WHERE r.kind = m.kind AND r.object = m.listed) $$, 'every member is declared in gaiops.rights()');
SELECT is_empty($$ SELECT kind, object FROM gaiops.rights() GROUP BY kind, object HAVING count(*) > 1 $$, 'and once only');
SELECT is_empty($$ SELECT * FROM gaiops.rights() WHERE "right" NOT IN ('viewer', 'user', 'proxy', 'admin', 'none') $$, 'as viewer, user, proxy, admin or none');
SELECT is_empty($$ SELECT * FROM gaiops.members() WHERE NOT settled $$, 'no member has privileges in pg_init_privs but its owner''s');

-- Nobody has anything.
CREATE ROLE gaiops_test_nobody;
SELECT is_empty($$ SELECT pg_temp.allowed('gaiops_test_nobody') $$, 'nothing is granted to PUBLIC');
SELECT is_empty($$ SELECT pg_temp.allowed('gaiops_test_default') $$, 'nothing is granted by default privileges');
SELECT is_empty($$ SELECT m.object, a.grantee::regrole FROM gaiops.members() AS m, aclexplode(m.acl) AS a WHERE a.grantee <> m.owner $$, 'no member has another grantee than its owner');

-- The four rights.
CREATE ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_user;
CREATE ROLE gaiops_test_proxy;
CREATE ROLE gaiops_test_admin;
SELECT is(gaiops_grant('gaiops_test_viewer', 'viewer'), 'viewer', 'granting viewer returns it');
SELECT is(gaiops_grant('gaiops_test_user', 'user'), 'user', 'granting user returns it');
SELECT is(gaiops_grant('gaiops_test_proxy', 'proxy'), 'proxy', 'granting proxy returns it');
SELECT is(gaiops_grant('gaiops_test_admin', 'admin'), 'admin', 'granting admin returns it');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_viewer') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer}') AS d $$, 'a viewer may read, and no more');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_user') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer,user}') AS d $$, 'a user may do what a viewer may, and call');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_proxy') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer,user,proxy}') AS d $$, 'a proxy may do what a user may, and speak for others');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_admin') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer,user,proxy,admin}') AS d $$, 'an admin may do what they all may, and manage');
SELECT is_empty($$ SELECT a FROM pg_temp.allowed('gaiops_test_nobody') AS a $$, 'nobody else got anything');

SET ROLE gaiops_test_viewer;
SELECT lives_ok('SELECT count(*) FROM gaiops.endpoints', 'a viewer reads endpoints');
SELECT lives_ok('SELECT count(*) FROM gaiops.spans', 'a viewer reads spans');
SELECT throws_ok('SELECT count(*) FROM gaiops_private.secrets', '42501', NULL, 'a viewer does not read secrets');
SELECT throws_ok('INSERT INTO gaiops.experiment_names VALUES (''x'', now(), ''x'')', '42501', NULL, 'a viewer does not write');
SELECT throws_ok($$ SELECT gaiops_create_endpoint('x', 'builtin:echo') $$, '42501', 'permission denied for function gaiops_create_endpoint', 'a viewer makes no endpoint');
SELECT throws_ok($$ SELECT gaiops_grant('gaiops_test_viewer', 'admin') $$, '42501', 'permission denied for function gaiops_grant', 'a viewer grants nothing');
SET ROLE gaiops_test_user;
SELECT throws_ok($$ SELECT gaiops_create_endpoint('x', 'builtin:echo') $$, '42501', 'permission denied for function gaiops_create_endpoint', 'a user makes no endpoint');
SELECT throws_ok($$ SELECT gaiops_alter_endpoint('x', 'builtin:echo') $$, '42501', 'permission denied for function gaiops_alter_endpoint', 'a user changes no endpoint');
SELECT throws_ok($$ SELECT gaiops_drop_endpoint('x') $$, '42501', 'permission denied for function gaiops_drop_endpoint', 'a user drops no endpoint');
SELECT throws_ok($$ SELECT gaiops_grant('gaiops_test_user', 'admin') $$, '42501', 'permission denied for function gaiops_grant', 'a user grants nothing');
SELECT throws_ok($$ SELECT gaiops_revoke('gaiops_test_admin', 'admin') $$, '42501', 'permission denied for function gaiops_revoke', 'a user revokes nothing');
SET ROLE gaiops_test_admin;
SELECT lives_ok($$ SELECT gaiops_create_endpoint('x', 'builtin:echo') $$, 'an admin makes an endpoint');
SELECT lives_ok($$ SELECT gaiops_drop_endpoint('x') $$, 'an admin drops it');
SELECT throws_ok($$ INSERT INTO gaiops.endpoints SELECT * FROM gaiops.endpoints $$, '42501', NULL, 'an admin does not write to the table');
SELECT throws_ok('SELECT count(*) FROM gaiops_private.secrets', '42501', NULL, 'an admin does not read sealed secrets');
SELECT is(gaiops_grant('gaiops_test_nobody', 'user'), 'user', 'an admin grants');
SELECT is(gaiops_revoke('gaiops_test_nobody', 'user'), NULL, 'an admin revokes');
RESET ROLE;
SELECT is_empty($$ SELECT pg_temp.allowed('gaiops_test_nobody') $$, 'and what was revoked is gone');

-- gaiops.has_right() and the policies on records.
CREATE TABLE public.gaiops_test_records AS SELECT 1 AS record;
ALTER TABLE public.gaiops_test_records ENABLE ROW LEVEL SECURITY;
CREATE POLICY viewers ON public.gaiops_test_records FOR SELECT
	USING ((SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')));
GRANT SELECT ON public.gaiops_test_records TO PUBLIC;
CREATE ROLE gaiops_test_member IN ROLE gaiops_test_viewer;
CREATE ROLE gaiops_test_super SUPERUSER;
PREPARE records AS SELECT count(*) FROM public.gaiops_test_records;
CREATE FUNCTION pg_temp.rights_as(role name) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	has text;
BEGIN
	PERFORM set_config('role', role, true);
	BEGIN
		has := concat_ws(' ', gaiops.has_right('viewer'), gaiops.has_right('user'), gaiops.has_right('admin'));
	EXCEPTION WHEN insufficient_privilege THEN
		has := 'denied';
	END;
	has := concat_ws(' ', has, (SELECT count(*) FROM public.gaiops_test_records));
	PERFORM set_config('role', 'none', true);
	RETURN has;
END
$$;
SELECT is(pg_temp.rights_as(role), wanted, 'rights and records of ' || role) FROM (VALUES
	('gaiops_test_nobody', 'denied 0'),
	('gaiops_test_default', 'denied 0'),
	('gaiops_test_viewer', 't f f 1'),
	('gaiops_test_member', 't f f 1'),
	('gaiops_test_user', 't t f 1'),
	('gaiops_test_admin', 't t t 1'),
	('gaiops_test_super', 't t t 1')) AS v (role, wanted);
SET ROLE gaiops_test_viewer;
SELECT results_eq('EXECUTE records', ARRAY[1::bigint], 'a prepared statement of a viewer sees records');
SET ROLE gaiops_test_nobody;
SELECT results_eq('EXECUTE records', ARRAY[0::bigint], 'and none for another role');
RESET ROLE;
SELECT is(pg_temp.raised($$ SELECT gaiops.has_right('owner') $$), E'22023\nunknown right "owner"\nThe rights are viewer, user, proxy and admin.', 'has_right() of no right');
SELECT matches(pg_temp.raised($$ SELECT gaiops.has_right(NULL) $$), '^22023\n', 'has_right() of NULL');

-- Revoking takes a right, those above it, and leaves what else was granted.
CREATE FUNCTION pg_temp.walk(steps text[]) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	step text;
	answers text[];
	answer text;
BEGIN
	FOREACH step IN ARRAY steps LOOP
		EXECUTE format('SELECT pg_catalog.gaiops_%s(''gaiops_test_walker'', %L)', split_part(step, ' ', 1), split_part(step, ' ', 2)) INTO answer;
		answers := answers || coalesce(answer, 'none');
	END LOOP;
	answers := answers || format('%s objects', (SELECT count(*) FROM pg_temp.allowed('gaiops_test_walker') AS a));
	PERFORM pg_catalog.gaiops_revoke('gaiops_test_walker', 'viewer');
	RETURN array_to_string(answers, ', ');
END
$$;
CREATE ROLE gaiops_test_walker;
SELECT count(*) AS viewer FROM pg_temp.declared('{viewer}') \gset
SELECT count(*) AS "user" FROM pg_temp.declared('{viewer,user}') \gset
SELECT is(pg_temp.walk(steps), wanted, array_to_string(steps, ', ')) FROM (VALUES
	('{grant viewer}'::text[], format('viewer, %s objects', :viewer)),
	('{grant viewer,grant viewer}', format('viewer, viewer, %s objects', :viewer)),
	('{grant user,revoke user}', 'user, none, 0 objects'),
	('{grant admin,revoke admin}', 'admin, none, 0 objects'),
	('{grant admin,revoke viewer}', 'admin, none, 0 objects'),
	('{grant admin,revoke user}', 'admin, none, 0 objects'),
	('{grant viewer,grant admin,revoke admin}', format('viewer, admin, viewer, %s objects', :viewer)),
	('{grant user,grant admin,revoke admin}', format('user, admin, user, %s objects', :user)),
	('{grant user,grant viewer,revoke user}', format('user, user, viewer, %s objects', :viewer)),
	('{grant user,revoke admin}', format('user, user, %s objects', :user)),
	('{revoke admin}', 'none, 0 objects')) AS v (steps, wanted);

-- Rights follow the role.
SELECT gaiops_grant('gaiops_test_walker', 'user') AS held \gset
ALTER ROLE gaiops_test_walker RENAME TO "gaiops_test ""odd"" role";
SELECT is((SELECT count(*) FROM pg_temp.allowed('gaiops_test "odd" role') AS a), :user::bigint, 'a renamed role keeps its rights');
SELECT is(gaiops_revoke('gaiops_test "odd" role', 'user'), NULL, 'a name that needs quotes is taken as it is');
SELECT is(gaiops_grant('gaiops_test "odd" role', 'viewer'), 'viewer', 'and granted to');
SELECT throws_ok('DROP ROLE "gaiops_test ""odd"" role"', '2BP01', NULL, 'a role with rights is not dropped');
DROP OWNED BY "gaiops_test ""odd"" role";
SELECT lives_ok('DROP ROLE "gaiops_test ""odd"" role"', 'DROP OWNED takes its rights');

-- What cannot be granted.
SELECT is(pg_temp.raised(format('SELECT gaiops_%s(%L, %L)', f, r, w)), e, format('gaiops_%s(%L, %L)', f, r, w)) FROM (VALUES
	('grant', 'gaiops_test_none', 'user', E'42704\nrole "gaiops_test_none" does not exist\nGive the name of a role as it is in pg_roles, without quotes.'),
	('revoke', 'gaiops_test_none', 'user', E'42704\nrole "gaiops_test_none" does not exist\nGive the name of a role as it is in pg_roles, without quotes.'),
	('grant', 'public', 'viewer', E'42704\nrole "public" does not exist\nRights are not given to PUBLIC; give them to a role that others are members of.'),
	('grant', 'current_user', 'viewer', E'42704\nrole "current_user" does not exist\nGive the name of a role as it is in pg_roles, without quotes.'),
	('grant', 'gaiops_test_user', 'owner', E'22023\nunknown right "owner"\nThe rights are viewer, user, proxy and admin.'),
	('revoke', 'gaiops_test_user', 'none', E'22023\nunknown right "none"\nThe rights are viewer, user, proxy and admin.'),
	('grant', NULL, 'user', E'22004\nargument "role" must not be null'),
	('revoke', 'gaiops_test_user', NULL, E'22004\nargument "right" must not be null'),
	('grant', current_user, 'user', format(E'0LP01\nrole "%s" owns the extension\nThe owner has every right, always.', current_user)),
	('revoke', current_user, 'user', format(E'0LP01\nrole "%s" owns the extension\nThe owner has every right, always.', current_user))
) AS v (f, r, w, e);

-- A grant by hand does not survive as a right.
GRANT EXECUTE ON FUNCTION gaiops_grant TO gaiops_test_viewer;
SELECT is(gaiops_revoke('gaiops_test_viewer', 'admin'), 'viewer', 'revoking what was not granted');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_viewer') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer}') AS d $$, 'takes what was granted by hand of that right');

-- Objects that come later, as at the end of an update script.
ALTER DEFAULT PRIVILEGES REVOKE ALL ON TABLES FROM PUBLIC;
CREATE VIEW gaiops.traces_test AS SELECT 1 AS trace;
ALTER EXTENSION genaiops ADD VIEW gaiops.traces_test;
CREATE FUNCTION gaiops.test_new() RETURNS integer LANGUAGE sql AS 'SELECT 1';
ALTER EXTENSION genaiops ADD FUNCTION gaiops.test_new();
ALTER EXTENSION genaiops DROP FUNCTION gaiops.user_right();
DROP FUNCTION gaiops.user_right();
CREATE FUNCTION gaiops.user_right() RETURNS boolean LANGUAGE sql AS 'SELECT true';
ALTER EXTENSION genaiops ADD FUNCTION gaiops.user_right();
SELECT is((SELECT count(*) FROM gaiops.members() WHERE NOT settled), 3::bigint, 'new members are known');
SELECT lives_ok('SELECT gaiops.settle_grants()', 'and dealt with');
SELECT is_empty($$ SELECT a FROM pg_temp.allowed('gaiops_test_default') AS a $$, 'default privileges give nothing of what is new');
SELECT is_empty($$ SELECT a FROM pg_temp.allowed('gaiops_test_nobody') AS a $$, 'nor has PUBLIC any of it');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_viewer') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer}') AS d $$, 'a viewer keeps the right, and gets nothing that is declared nowhere');
SELECT set_eq($$ SELECT a FROM pg_temp.allowed('gaiops_test_user') AS a $$, $$ SELECT d FROM pg_temp.declared('{viewer,user}') AS d $$, 'a user gets what is new for users');

SELECT is_empty($$ SELECT m.object FROM member AS m WHERE m.kind = 'function' AND obj_description(m.oid, 'pg_proc') IS NULL AND m.object !~ 'test_new|user_right' $$, 'every function has a comment');

SELECT * FROM finish();
ROLLBACK;
