-- What the extension consists of in this database, one fact per line, in an
-- order that does not depend on oids: everything the extension owns, and the
-- partitions made later, which it does not.  Columns are told by name, since an
-- added one comes last.  Two databases are alike when this prints the same.

SET search_path = pg_catalog, pg_temp;

CREATE FUNCTION pg_temp.acl(aclitem[]) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(format('%s %s%s by %s', CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE a.grantee::regrole::text END,
		a.privilege_type, CASE WHEN a.is_grantable THEN ' with grant option' END, a.grantor::regrole), ', '
		ORDER BY a.grantee::regrole::text, a.privilege_type)
	FROM aclexplode($1) AS a
$$;

WITH extension AS (
	SELECT e.* FROM pg_extension AS e WHERE e.extname = 'genaiops'
), member AS (
	SELECT d.classid, d.objid FROM pg_depend AS d JOIN extension AS e ON e.oid = d.refobjid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
), relation AS (
	SELECT c.*, c.oid::regclass::text AS name FROM pg_class AS c
	WHERE c.relnamespace IN (SELECT n.oid FROM pg_namespace AS n WHERE n.nspname IN ('gaiops', 'gaiops_partitions', 'gaiops_private'))
		AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'c', 'f')
		OR c.oid IN (SELECT m.objid FROM member AS m WHERE m.classid = 'pg_class'::regclass)
), routine AS (
	SELECT p.*, p.oid::regprocedure::text AS name FROM pg_proc AS p
	WHERE p.oid IN (SELECT m.objid FROM member AS m WHERE m.classid = 'pg_proc'::regclass)
), fact (object, property, value) AS (
	SELECT 'extension', 'version, schema, owner', format('%s %s %s', e.extversion, e.extnamespace::regnamespace, e.extowner::regrole)
	FROM extension AS e
	UNION ALL
	SELECT 'extension', 'dumps ' || c.oid::regclass, 'rows: ' || coalesce(nullif(e.extcondition[i.n], ''), 'all')
	FROM extension AS e, generate_subscripts(e.extconfig, 1) AS i (n) JOIN pg_class AS c ON true
	WHERE c.oid = e.extconfig[i.n]
	UNION ALL
	SELECT 'extension', 'member', o.type || ' ' || o.identity
	FROM member AS m, pg_identify_object(m.classid, m.objid, 0) AS o
	UNION ALL
	SELECT 'extension', format('privileges at the start: %s %s', o.type, o.identity), pg_temp.acl(i.initprivs)
	FROM pg_init_privs AS i JOIN member AS m ON m.classid = i.classoid AND m.objid = i.objoid,
		pg_identify_object(i.classoid, i.objoid, i.objsubid) AS o
	-- pg_upgrade leaves out what is the default anyway
	WHERE i.classoid = 'pg_proc'::regclass OR EXISTS (SELECT FROM aclexplode(i.initprivs) AS a WHERE a.grantee <> a.grantor)
	UNION ALL
	SELECT 'schema ' || n.nspname, 'owner, privileges, comment',
		concat_ws('; ', n.nspowner::regrole, pg_temp.acl(coalesce(n.nspacl, acldefault('n', n.nspowner))), obj_description(n.oid, 'pg_namespace'))
	FROM pg_namespace AS n JOIN member AS m ON m.classid = 'pg_namespace'::regclass AND m.objid = n.oid
	UNION ALL
	SELECT 'function ' || r.name, 'definition', CASE r.prokind WHEN 'a' THEN (
			SELECT concat_ws(' ', pg_get_function_result(r.oid), a.aggkind, a.aggtransfn, a.aggfinalfn, a.aggcombinefn,
				a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn, a.aggtranstype::regtype,
				a.agginitval, r.proparallel)
			FROM pg_aggregate AS a WHERE a.aggfnoid = r.oid)
		ELSE pg_get_functiondef(r.oid) END
	FROM routine AS r
	UNION ALL
	SELECT 'function ' || r.name, 'owner, privileges', concat_ws('; ', r.proowner::regrole, pg_temp.acl(coalesce(r.proacl, acldefault('f', r.proowner)))) FROM routine AS r
	UNION ALL
	SELECT 'function ' || r.name, 'comment', obj_description(r.oid, 'pg_proc') FROM routine AS r
	UNION ALL
	SELECT 'relation ' || r.name, 'kind, persistence, row security, identity, options',
		concat_ws(' ', r.relkind, r.relpersistence, r.relrowsecurity, r.relforcerowsecurity, r.relreplident, r.reloptions::text)
	FROM relation AS r
	UNION ALL
	SELECT 'relation ' || r.name, 'owner, privileges', concat_ws('; ', r.relowner::regrole, pg_temp.acl(coalesce(r.relacl, acldefault(CASE r.relkind WHEN 'S' THEN 's' ELSE 'r' END::"char", r.relowner)))) FROM relation AS r
	UNION ALL
	SELECT 'relation ' || r.name, 'comment', obj_description(r.oid, 'pg_class') FROM relation AS r
	UNION ALL
	SELECT 'relation ' || r.name, 'partitions', concat_ws(' of ', pg_get_partkeydef(r.oid), pg_get_expr(r.relpartbound, r.oid), (
		SELECT i.inhparent::regclass::text FROM pg_inherits AS i WHERE i.inhrelid = r.oid))
	FROM relation AS r
	UNION ALL
	SELECT 'relation ' || r.name, 'definition', pg_get_viewdef(r.oid) FROM relation AS r WHERE r.relkind IN ('v', 'm')
	UNION ALL
	SELECT 'relation ' || r.name, 'sequence', (SELECT to_jsonb(s) - 'seqrelid' FROM pg_sequence AS s WHERE s.seqrelid = r.oid)::text
	FROM relation AS r
	UNION ALL
	SELECT 'relation ' || r.name, 'column ' || a.attname, concat_ws('; ', format_type(a.atttypid, a.atttypmod),
		a.attcollation::regcollation, a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, a.attcompression,
		pg_get_expr(d.adbin, d.adrelid), pg_temp.acl(a.attacl), col_description(r.oid, a.attnum))
	FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
		LEFT JOIN pg_attrdef AS d ON d.adrelid = r.oid AND d.adnum = a.attnum
	UNION ALL
	SELECT 'relation ' || r.name, 'constraint ' || c.conname,
		concat_ws('; ', pg_get_constraintdef(c.oid), c.convalidated, obj_description(c.oid, 'pg_constraint'))
	-- From 18 on NOT NULL has a name, of which pg_upgrade makes another; columns have it above.
	FROM relation AS r JOIN pg_constraint AS c ON c.conrelid = r.oid AND c.contype <> 'n'
	UNION ALL
	SELECT 'relation ' || r.name, 'index', concat_ws('; ', pg_get_indexdef(i.indexrelid), i.indisvalid, i.indisreplident)
	FROM relation AS r JOIN pg_index AS i ON i.indrelid = r.oid
	UNION ALL
	SELECT 'relation ' || r.name, 'trigger ' || t.tgname,
		concat_ws('; ', pg_get_triggerdef(t.oid), t.tgenabled, obj_description(t.oid, 'pg_trigger'))
	FROM relation AS r JOIN pg_trigger AS t ON t.tgrelid = r.oid AND NOT t.tgisinternal
	UNION ALL
	SELECT 'relation ' || r.name, 'policy ' || p.polname, concat_ws('; ', p.polcmd, p.polpermissive,
		(SELECT string_agg(CASE o WHEN 0 THEN 'PUBLIC' ELSE o::regrole::text END, ', ') FROM unnest(p.polroles) AS o),
		pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid),
		-- make_partition() copies policies, not what is said of them
		CASE WHEN r.oid IN (SELECT m.objid FROM member AS m WHERE m.classid = 'pg_class'::regclass)
			THEN obj_description(p.oid, 'pg_policy') END)
	FROM relation AS r JOIN pg_policy AS p ON p.polrelid = r.oid
	UNION ALL
	SELECT 'type ' || t.oid::regtype, 'kind, owner, privileges, comment', concat_ws('; ', t.typtype, t.typowner::regrole,
		pg_temp.acl(coalesce(t.typacl, acldefault('T', t.typowner))), obj_description(t.oid, 'pg_type'),
		(SELECT string_agg(l.enumlabel, ', ' ORDER BY l.enumsortorder) FROM pg_enum AS l WHERE l.enumtypid = t.oid),
		CASE t.typtype WHEN 'd' THEN concat_ws(' ', format_type(t.typbasetype, t.typtypmod), t.typnotnull, t.typdefault) END)
	FROM pg_type AS t JOIN member AS m ON m.classid = 'pg_type'::regclass AND m.objid = t.oid
	UNION ALL
	SELECT 'cast ' || o.identity, 'context, method, comment', concat_ws('; ', c.castcontext, c.castmethod, obj_description(c.oid, 'pg_cast'))
	FROM pg_cast AS c JOIN member AS m ON m.classid = 'pg_cast'::regclass AND m.objid = c.oid, pg_identify_object(m.classid, m.objid, 0) AS o
	UNION ALL
	-- What belongs to the extension is told above; a table's own toast table has a name of its own in each database.
	SELECT o.type || ' ' || o.identity, 'depends on', format('%s %s, %s', r.type, r.identity, d.deptype)
	FROM pg_depend AS d, pg_identify_object(d.classid, d.objid, d.objsubid) AS o, pg_identify_object(d.refclassid, d.refobjid, d.refobjsubid) AS r
	WHERE d.deptype <> 'e' AND o.identity || ' ' || r.identity !~ 'pg_toast'
		AND NOT EXISTS (SELECT FROM pg_constraint AS c WHERE d.classid = 'pg_constraint'::regclass AND c.oid = d.objid AND c.contype = 'n')
		AND ((d.classid, d.objid) IN (SELECT m.classid, m.objid FROM member AS m) OR o.identity ~ '(^| on )gaiops(_partitions|_private)?\.')
)
SELECT l.line
FROM fact AS f, format('%s | %s | %s', f.object, f.property, replace(f.value, E'\n', ' \n ')) AS l (line)
ORDER BY l.line COLLATE "C";
