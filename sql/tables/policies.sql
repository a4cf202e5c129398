-- Who may read records, however the privilege to SELECT was come by.  The test
-- is made once per query.  gaiops.make_partition() gives every partition what
-- its parent has here.

ALTER TABLE gaiops.experiments ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.intents ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.rejected_records ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.span_payloads ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.span_payloads_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.spans ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.spans_default ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.trace_tags ENABLE ROW LEVEL SECURITY;
ALTER TABLE gaiops.usage_deltas ENABLE ROW LEVEL SECURITY;

DO $$
DECLARE
	protected record;
BEGIN
	FOR protected IN
		SELECT t.name FROM pg_catalog.unnest(ARRAY['experiments', 'intents', 'rejected_records', 'span_payloads',
			'span_payloads_default', 'spans', 'spans_default', 'trace_tags', 'usage_deltas']) AS t (name)
	LOOP
		EXECUTE pg_catalog.format($policy$
			CREATE POLICY viewers ON gaiops.%I FOR SELECT USING (
				(SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')))
			$policy$, protected.name);
		EXECUTE pg_catalog.format('COMMENT ON POLICY viewers ON gaiops.%I IS %L', protected.name,
			'Rows are for roles with the right "viewer"');
	END LOOP;
END
$$;
