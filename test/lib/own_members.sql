-- What the extension consists of, but for what PostgreSQL makes along with it: from
-- 17 on types of rows and of arrays are members too.
CREATE TEMP VIEW own_member AS
	SELECT d.classid, d.objid
	FROM pg_catalog.pg_depend AS d JOIN pg_catalog.pg_extension AS e ON e.oid = d.refobjid
	WHERE d.refclassid = 'pg_catalog.pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'genaiops'
		AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend AS i
			WHERE d.classid = 'pg_catalog.pg_type'::regclass AND i.classid = d.classid AND i.objid = d.objid
				AND i.deptype = 'i' AND i.refclassid IN ('pg_catalog.pg_type'::regclass, 'pg_catalog.pg_class'::regclass));
