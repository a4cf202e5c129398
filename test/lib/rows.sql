-- How many rows each table of the extension has, and a hash of them that depends
-- neither on the order of rows nor on that of columns, nor on columns that are
-- NULL; and where each sequence stands.  What comes with the extension is left out: it has a date of its own
-- in each database.

SET search_path = pg_catalog, pg_temp;

SELECT format(
	'SELECT format(''%%s %%s %%s'', %L, count(*), md5(string_agg(r.row, '','' ORDER BY r.row COLLATE "C"))) '
	'FROM (SELECT jsonb_strip_nulls(%s)::text FROM ONLY %s AS t%s) AS r (row)', c.oid::regclass,
	CASE c.relkind WHEN 'S' THEN 'jsonb_build_array(t.last_value, t.is_called)' ELSE 'to_jsonb(t)' END,
	c.oid::regclass, CASE WHEN c.relname IN ('label_schemas', 'prices') THEN ' WHERE NOT builtin' ELSE '' END)
FROM pg_class AS c
WHERE c.relnamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname IN ('gaiops', 'gaiops_partitions', 'gaiops_private'))
	AND c.relkind IN ('r', 'S')
ORDER BY c.relname COLLATE "C"
\gexec
