-- What holds for every object of the extension, those of tomorrow included.
-- Everything is rolled back.
\set ON_ERROR_STOP on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
CREATE EXTENSION IF NOT EXISTS genaiops;
SELECT plan(25);

\ir ../../lib/own_members.sql
CREATE TEMP VIEW member AS
	SELECT d.classid, d.objid, pg_catalog.pg_describe_object(d.classid, d.objid, 0) AS object FROM own_member AS d;
CREATE TEMP VIEW routine AS
	SELECT m.object, p.*, l.lanname FROM member AS m
	JOIN pg_catalog.pg_proc AS p ON m.classid = 'pg_catalog.pg_proc'::regclass AND p.oid = m.objid
	JOIN pg_catalog.pg_language AS l ON l.oid = p.prolang;
CREATE TEMP VIEW relation AS
	SELECT m.object, c.* FROM member AS m
	JOIN pg_catalog.pg_class AS c ON m.classid = 'pg_catalog.pg_class'::regclass AND c.oid = m.objid;
-- A partition has the columns of its table, which are described there.
CREATE TEMP VIEW field AS
	SELECT r.oid AS relation, r.relkind, format('%s, column %s', r.object, a.attname) AS object,
		a.attname, a.attnum, a.attacl, a.attidentity
	FROM relation AS r JOIN pg_catalog.pg_attribute AS a ON a.attrelid = r.oid
	WHERE r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c') AND NOT r.relispartition AND a.attnum > 0 AND NOT a.attisdropped;
-- Records of calls, and what is derived from them, name their trace or experiment.
CREATE TEMP VIEW record_table AS
	SELECT r.* FROM relation AS r
	WHERE r.relkind IN ('r', 'p') AND EXISTS (SELECT FROM pg_catalog.pg_attribute AS a
		WHERE a.attrelid = r.oid AND NOT a.attisdropped AND a.attname IN ('trace_id', 'experiment'));
CREATE TEMP VIEW description AS
	SELECT object, pg_catalog.obj_description(objid, classid::regclass::name) AS text FROM member
	UNION ALL
	SELECT object, pg_catalog.col_description(relation, attnum) FROM field;

-- The views above see something, so that what is below can fail.
SELECT cmp_ok((SELECT count(*) FROM routine), '>', 40::bigint, 'there are functions');
SELECT cmp_ok((SELECT count(*) FROM relation), '>', 8::bigint, 'there are relations');
SELECT cmp_ok((SELECT count(*) FROM field), '>', 80::bigint, 'there are columns');
SELECT cmp_ok((SELECT count(*) FROM record_table), '>=', 8::bigint, 'there are tables of records');

-- Descriptions.
SELECT is_empty($$ SELECT object FROM description WHERE coalesce(text, '') = '' $$, 'every function, table, view, column, type and sequence has a comment');
SELECT is_empty($$ SELECT object, text FROM description WHERE text ~ '[.\s]$|^\s|\n' $$, 'a comment is one line without a full stop');
SELECT is_empty($$ SELECT object, text FROM description WHERE object ~ '^function' AND text !~* '\m(returns|raises)\M' $$, 'the comment on a function says what it returns');

-- Functions.
SELECT is_empty($$ SELECT object FROM routine WHERE prosecdef
	AND (SELECT coalesce(string_agg(c, ';'), '') FROM unnest(proconfig) AS c WHERE c LIKE 'search_path=%') !~ '^search_path=pg_catalog,( gaiops,)? pg_temp$' $$,
	'every SECURITY DEFINER function has a search_path of its own, pg_temp last');
SELECT is_empty($$ SELECT object FROM routine WHERE lanname NOT IN ('c', 'internal') AND prosqlbody IS NULL
	AND (SELECT coalesce(string_agg(c, ';'), '') FROM unnest(proconfig) AS c WHERE c LIKE 'search_path=%') !~ '^search_path=pg_catalog,( gaiops,)? pg_temp$' $$,
	'so has every other function whose text is looked up when it runs');
SELECT is_empty($$ SELECT object, lanname FROM routine WHERE prokind <> 'a' AND lanname NOT IN ('c', 'sql', 'plpgsql') $$, 'functions are in C, SQL or PL/pgSQL');
SELECT is_empty($$ SELECT object FROM routine WHERE pronargs > 0
	AND (proargnames IS NULL OR EXISTS (SELECT FROM unnest(proargnames) AS n WHERE coalesce(n, '') = '')) $$, 'every argument has a name');
SELECT is_empty($$ SELECT object FROM routine AS r WHERE 'pg_catalog.internal'::regtype = ANY (proargtypes)
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_aggregate AS a WHERE r.oid IN (a.aggtransfn, a.aggfinalfn))
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc AS f WHERE r.oid = f.prosupport)
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_type AS t WHERE r.oid = t.typreceive) $$, 'no function takes what SQL cannot give, but for what belongs to aggregates, functions and types');
SELECT is_empty($$ SELECT object FROM routine WHERE lanname = 'c' AND probin <> '$libdir/genaiops' AND probin <> 'genaiops' $$, 'every function in C is in our library');

-- Names: in pg_catalog there are functions for users alone, in gaiops everything else.
SELECT is_empty($$ SELECT object FROM routine WHERE pronamespace = 'pg_catalog'::regnamespace AND proname !~ '^gaiops_'
	OR pronamespace NOT IN ('pg_catalog'::regnamespace, 'gaiops'::regnamespace) $$, 'functions in pg_catalog are named gaiops_*, others are in gaiops');
SELECT is_empty($$ SELECT t.object FROM relation AS t LEFT JOIN gaiops.rights() AS r ON r.kind = 'relation' AND r.object = format('%s.%s', relnamespace::regnamespace, relname)
	WHERE relnamespace <> CASE WHEN relispartition THEN 'gaiops_partitions' WHEN r."right" = 'none' THEN 'gaiops_private' ELSE 'gaiops' END::regnamespace $$,
	'relations are in gaiops, partitions in gaiops_partitions, and what no right covers in gaiops_private');
SELECT is_empty($$ SELECT m.object FROM member AS m JOIN pg_catalog.pg_type AS t ON m.classid = 'pg_catalog.pg_type'::regclass AND t.oid = m.objid
	WHERE t.typnamespace <> 'gaiops'::regnamespace $$, 'types are in gaiops');

-- Rights.
SELECT is_empty($$ SELECT a.object, x.privilege_type FROM (
		SELECT object, coalesce(proacl, acldefault('f', proowner)) AS acl FROM routine
		UNION ALL SELECT object, coalesce(relacl, acldefault(CASE relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", relowner)) FROM relation
		UNION ALL SELECT object, attacl FROM field
		UNION ALL SELECT m.object, coalesce(t.typacl, acldefault('T', t.typowner)) FROM member AS m JOIN pg_catalog.pg_type AS t ON m.classid = 'pg_catalog.pg_type'::regclass AND t.oid = m.objid
		UNION ALL SELECT m.object, coalesce(n.nspacl, acldefault('n', n.nspowner)) FROM member AS m JOIN pg_catalog.pg_namespace AS n ON m.classid = 'pg_catalog.pg_namespace'::regclass AND n.oid = m.objid
	) AS a, pg_catalog.aclexplode(a.acl) AS x WHERE x.grantee = 0 $$, 'nothing is granted to PUBLIC');
SELECT is_empty($$ SELECT object FROM relation WHERE relkind = 'v'
	AND NOT coalesce((SELECT option_value::boolean FROM pg_catalog.pg_options_to_table(reloptions) WHERE option_name = 'security_invoker'), false) $$,
	'a view reads as the one who asks');
SELECT is_empty($$ SELECT object FROM relation WHERE relkind IN ('r', 'p') AND NOT relrowsecurity $$, 'row-level security is on for every table');
SELECT results_eq($$ SELECT object FROM relation AS r WHERE relkind IN ('r', 'p')
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy AS p WHERE p.polrelid = r.oid AND p.polname = 'viewers' AND p.polcmd = 'r') $$,
	ARRAY['table gaiops_private.secrets'], 'with rows for viewers, but for secrets, whose rows are for the owner');
SELECT is_empty($$ SELECT object FROM relation AS r JOIN pg_catalog.pg_policy AS p ON p.polrelid = r.oid WHERE p.polname <> 'viewers' $$, 'and no other policy');
SELECT is_empty($$ SELECT object FROM record_table AS t WHERE NOT relispartition
	AND NOT EXISTS (SELECT FROM pg_catalog.pg_policy AS p WHERE p.polrelid = t.oid) $$, 'and has a policy, but for partitions, which are not read by themselves');

-- Dumps.
SELECT is_empty($$ SELECT object FROM relation WHERE relkind IN ('r', 'p', 'S')
	AND NOT oid = ANY ((SELECT extconfig FROM pg_catalog.pg_extension WHERE extname = 'genaiops')::oid[]) $$, 'pg_dump has every table, default partition and sequence');
SELECT is_empty($$ SELECT object FROM field WHERE attidentity <> '' $$, 'no column is an identity, whose sequence would not be dumped');
SELECT is_empty($$ SELECT object FROM relation WHERE relkind IN ('r', 'p') AND relpersistence <> 'p' $$, 'tables survive a crash');

SELECT * FROM finish();
ROLLBACK;
