-- What is published, and what becomes of it where it arrives.

CREATE OR REPLACE FUNCTION gaiops.published_tables(
	registry boolean, OUT published regclass, OUT condition text)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT c.oid::regclass, CASE WHEN b.attname IS NOT NULL THEN 'NOT builtin' END
	FROM pg_class AS c
		LEFT JOIN pg_attribute AS b ON b.attrelid = c.oid AND b.attname = 'builtin' AND NOT b.attisdropped
	WHERE c.relnamespace = 'gaiops'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
		AND c.relpersistence = 'p'
		-- What belongs to one server: what is under way there, and where it calls.
		AND c.relname NOT IN ('intents', 'open_runs', 'evaluation_jobs', 'rejected_records', 'endpoints')
		AND (registry OR c.relname IN ('spans', 'span_payloads', 'usage_deltas', 'trace_tags', 'joined_traces',
			'experiment_names', 'run_starts', 'run_ends', 'run_params', 'run_metrics', 'run_tags', 'run_inputs',
			'human_assessments', 'machine_assessments', 'assessment_deletions',
			'evaluations', 'evaluation_requests', 'evaluation_outcomes', 'evaluation_marks'))
	ORDER BY c.relname COLLATE "C"
$$;
COMMENT ON FUNCTION gaiops.published_tables(boolean) IS
	'Takes whether what is registered is published besides records; returns the tables to publish, '
	'each with the condition on its rows, or NULL for all';

CREATE OR REPLACE FUNCTION gaiops.inner_create_publication(name text, registry boolean)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET quote_all_identifiers = off
AS $$
BEGIN
	PERFORM gaiops.check_name('a publication', name, 63);
	PERFORM gaiops.check_given('registry', registry);
	EXECUTE format('CREATE PUBLICATION %I FOR TABLE %s WITH (publish_via_partition_root = true)', name,
		(SELECT string_agg(p.published || coalesce(' WHERE (' || p.condition || ')', ''), ', ')
		FROM gaiops.published_tables(registry) AS p));
	RETURN name;
END
$$;
COMMENT ON FUNCTION gaiops.inner_create_publication(text, boolean) IS
	'Takes the arguments of gaiops_create_publication() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_create_publication(name text, registry boolean DEFAULT true)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_create_publication(text, boolean) IS
	'Takes the name of a new publication, and whether what is registered, such as prompts, is part of it '
	'besides records; makes it and returns the name';
