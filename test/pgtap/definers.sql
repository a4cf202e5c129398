\set QUIET on
SET client_min_messages = warning;
BEGIN;
CREATE EXTENSION IF NOT EXISTS pgtap;
SELECT * FROM no_plan();

-- What runs as the owner, and what it is given.

CREATE TEMP VIEW member AS
	SELECT p.*
	FROM pg_depend AS d JOIN pg_proc AS p ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
	WHERE d.deptype = 'e' AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'genaiops');
CREATE TEMP VIEW owners AS
	SELECT * FROM member WHERE prosecdef OR pronamespace = 'gaiops'::regnamespace AND proname ~ '^inner_';

-- The type itself, and that of the elements of an array.
SELECT is_empty($$
	SELECT o.oid::regprocedure, t.oid::regtype
	FROM owners AS o, unnest(o.proargtypes) AS a (type), pg_type AS t
	WHERE (t.oid = a.type OR t.oid = (SELECT e.typelem FROM pg_type AS e WHERE e.oid = a.type AND e.typcategory = 'A'))
		AND t.typtype <> 'b' $$,
	'what runs as the owner takes no polymorphic, composite or domain type');
SELECT is_empty($$
	SELECT o.oid::regprocedure, t.oid::regtype
	FROM owners AS o, unnest(o.proargtypes) AS a (type), pg_type AS t
	WHERE t.oid = a.type AND t.typnamespace <> 'pg_catalog'::regnamespace
		AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e') $$,
	'nor one that is neither built in nor of the extension');
SELECT isnt_empty('SELECT FROM owners', 'there are such functions');
SELECT is_empty($$
	SELECT o.oid::regprocedure FROM owners AS o
	WHERE NOT EXISTS (SELECT FROM unnest(o.proconfig) AS c WHERE c ~ '^search_path=pg_catalog, (gaiops, )?pg_temp$') $$,
	'what runs as the owner has a search_path of its own');

-- A value of any type is converted where its giver is still the one in force.
SELECT set_eq($$
	SELECT m.proname::text FROM member AS m, unnest(m.proargtypes) AS a (type), pg_type AS t
	WHERE t.oid = a.type AND t.typtype = 'p' AND t.oid <> 'internal'::regtype AND m.prosrc ~* 'json|::\s*text|format'
		AND m.prosrc ~* '(json\w*|format|concat)\s*\([^()]*\yvalue\y|\yvalue\s*::' $$,
	ARRAY['assessment_value', 'gaiops_log_param'], 'these convert a value of any type');
SELECT is_empty($$
	SELECT m.oid::regprocedure FROM member AS m WHERE m.prosecdef AND m.proname IN ('assessment_value', 'gaiops_log_param') $$,
	'and run as who gives it');

SELECT * FROM finish();
ROLLBACK;
