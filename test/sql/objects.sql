-- What \df, \d and pg_settings show. A change here is a change for everybody.
\pset format unaligned
\pset tuples_only on
SELECT p.proname || '(' || pg_get_function_arguments(p.oid) || ') returns ' || pg_get_function_result(p.oid)
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'genaiops')
	AND (p.proname ~ 'chat|span|trace|experiment')
ORDER BY p.proname, p.oid::regprocedure::text COLLATE "C";
SELECT p.proname || ': ' || obj_description(p.oid, 'pg_proc')
FROM pg_proc p JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
WHERE p.pronamespace = 'pg_catalog'::regnamespace AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'genaiops')
	AND (p.proname ~ 'chat|span|trace|experiment')
ORDER BY p.proname, p.oid::regprocedure::text COLLATE "C";
-- The columns people type.
SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'gaiops.spans'::regclass AND attnum > 0;
SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'gaiops.traces'::regclass AND attnum > 0;
-- The settings.
SELECT name, context, vartype, coalesce(unit, '-'), boot_val FROM pg_settings WHERE name LIKE 'gaiops.%' ORDER BY name;
