-- Who may read records, however the privilege to SELECT was come by.  The test
-- is made once per query.  gaiops.make_partition() gives every partition what
-- its parent has here.

DO $$
DECLARE
	protected record;
BEGIN
	FOR protected IN
		SELECT t.name FROM pg_catalog.unnest(ARRAY[
			'assessment_deletions', 'dataset_changes', 'dataset_record_versions', 'dataset_settings',
			'experiment_details', 'experiment_names', 'human_assessments', 'intents', 'label_schemas',
			'machine_assessments', 'open_runs', 'rejected_records', 'review_claims', 'review_items',
			'review_settings', 'run_ends', 'run_inputs', 'run_metrics', 'run_params', 'run_starts', 'run_tags', 'span_payloads', 'span_payloads_default',
			'spans', 'spans_default', 'trace_tags', 'usage_deltas']) AS t (name)
	LOOP
		EXECUTE pg_catalog.format('ALTER TABLE gaiops.%I ENABLE ROW LEVEL SECURITY', protected.name);
		EXECUTE pg_catalog.format($policy$
			CREATE POLICY viewers ON gaiops.%I FOR SELECT USING (
				(SELECT pg_catalog.has_function_privilege('gaiops.viewer_right()'::pg_catalog.regprocedure, 'EXECUTE')))
			$policy$, protected.name);
		EXECUTE pg_catalog.format('COMMENT ON POLICY viewers ON gaiops.%I IS %L', protected.name,
			'Rows are for roles with the right "viewer"');
	END LOOP;
END
$$;
