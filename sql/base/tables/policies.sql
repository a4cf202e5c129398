-- Who may read what, however the privilege to SELECT was come by.  The test is made
-- once per query.  gaiops.make_partition() gives every partition what its parent
-- has here.  Nobody but the owner reads secrets: they have no policy.

DO $$
DECLARE
	protected record;
BEGIN
	FOR protected IN
		SELECT c.relname AS name FROM pg_catalog.pg_class AS c
		WHERE c.relnamespace OPERATOR(pg_catalog.=) 'gaiops'::pg_catalog.regnamespace
		AND c.relkind OPERATOR(pg_catalog.=) ANY ('{r,p}'::pg_catalog."char"[])
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ROW LEVEL SECURITY', protected.name);
		CONTINUE WHEN protected.name OPERATOR(pg_catalog.=) 'secrets';
		EXECUTE pg_catalog.format($policy$
			CREATE POLICY viewers ON gaiops.%I FOR SELECT USING (
				(SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')))
			$policy$, protected.name);
		EXECUTE pg_catalog.format('COMMENT ON POLICY viewers ON gaiops.%I IS %L', protected.name,
			'Rows are for roles with the right "viewer"');
	END LOOP;
END
$$;
