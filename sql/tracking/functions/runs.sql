-- Runs: starting and ending them, logging what they come to, comparing them.

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_start_run(
	name text DEFAULT NULL, tags gaiops.ordered_json DEFAULT NULL, parent_run_id uuid DEFAULT NULL,
	is_local boolean DEFAULT false, purpose text DEFAULT NULL)
RETURNS uuid LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_begin_run';
COMMENT ON FUNCTION pg_catalog.gaiops_start_run(text, gaiops.ordered_json, uuid, boolean, text) IS
	'Starts a run, within another one if its id is given, which later calls and spans of the session, or with '
	'is_local of the transaction, are part of, for the same purpose, and returns its id; '
	'a rollback does not undo it, but ends it as FAILED';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_end_run(status text DEFAULT 'FINISHED', run_id uuid DEFAULT NULL)
RETURNS uuid LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_end_run';
COMMENT ON FUNCTION pg_catalog.gaiops_end_run(text, uuid) IS
	'Ends a run, by default the current one, with status FINISHED, FAILED or KILLED, and returns its id; '
	'a rollback does not undo it';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_current_run()
RETURNS uuid LANGUAGE c VOLATILE PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'gaiops_current_run';
COMMENT ON FUNCTION pg_catalog.gaiops_current_run() IS
	'Returns the run that calls and spans of this session are part of; NULL if there is none';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_param(key text, value text, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_param';
COMMENT ON FUNCTION pg_catalog.gaiops_log_param(text, text, uuid) IS
	'Logs a parameter of a run, by default the current one, which is written once; a rollback does not undo it; '
	'returns nothing; raises if it has another value';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_param(key text, value anyelement, run_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE sql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, pg_temp
SET datestyle = 'ISO'
SET intervalstyle = 'postgres'
SET bytea_output = 'hex'
SET extra_float_digits = 1
AS $$
	SELECT pg_catalog.gaiops_log_param(key, CASE
		WHEN t.typcategory IN ('A', 'C', 'P')
			OR t.oid IN ('json'::regtype, 'jsonb'::regtype, 'gaiops.ordered_json'::regtype)
		THEN to_jsonb(value) #>> '{}' ELSE value::text END, run_id)
	FROM pg_type AS t
	WHERE t.oid = gaiops.base_type(pg_typeof(value))
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_log_param(text, anyelement, uuid) IS
	'Logs a parameter of a run, by default the current one, whose value is of any type but text: '
	'as a cast to text writes it, or as JSON if it is an array, a row or JSON, a string without quotes; '
	'a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_metric(
	key text, value double precision, step bigint DEFAULT 0, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_metric';
COMMENT ON FUNCTION pg_catalog.gaiops_log_metric(text, double precision, bigint, uuid) IS
	'Logs a metric of a run, by default the current one, at a step; a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_log_metrics(
	metrics gaiops.ordered_json, step bigint DEFAULT 0, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_log_all_metrics';
COMMENT ON FUNCTION pg_catalog.gaiops_log_metrics(gaiops.ordered_json, bigint, uuid) IS
	'Logs metrics of a run, by default the current one, at a step, given as an object of numbers; '
	'a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_run_tag(key text, value text, run_id uuid DEFAULT NULL)
RETURNS void LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_set_run_tag';
COMMENT ON FUNCTION pg_catalog.gaiops_set_run_tag(text, text, uuid) IS
	'Sets a tag of a run, by default the current one, replacing its value if it has one; '
	'a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_run_tag(key text, value anyelement, run_id uuid DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM pg_catalog.gaiops_set_run_tag(key, gaiops.scalar_text(value), run_id);
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_set_run_tag(text, anyelement, uuid) IS
	'Sets a tag of a run, by default the current one, to a value of any type but text, arrays, rows and nested JSON, '
	'as a cast to text writes it, replacing the one it has; a rollback does not undo it; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.check_runs(run_ids uuid[])
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unknown uuid;
BEGIN
	PERFORM gaiops.check_given('run_ids', run_ids);
	PERFORM gaiops.check_elements('run_ids', run_ids);
	SELECT i INTO unknown FROM unnest(run_ids) AS i
		WHERE NOT EXISTS (SELECT FROM gaiops.run_starts AS s WHERE s.run_id = i) LIMIT 1;
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('run "%s" does not exist', unknown);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_runs(uuid[]) IS 'Takes ids of runs and returns nothing; raises unless all exist';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_compare_run_metrics(run_ids uuid[])
RETURNS TABLE (key text, run_values double precision[], difference double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET extra_float_digits = 1
AS $$
#variable_conflict use_column
BEGIN
	PERFORM gaiops.check_runs(run_ids);
	RETURN QUERY
		WITH compared AS MATERIALIZED (
			SELECT i.place, r.metrics
			FROM unnest(run_ids) WITH ORDINALITY AS i (run_id, place) JOIN gaiops.runs AS r USING (run_id)
		), side_by_side AS (
			SELECT k.key, array_agg((c.metrics ->> k.key)::double precision ORDER BY c.place) AS run_values
			FROM compared AS c, (SELECT DISTINCT m.key FROM compared, jsonb_object_keys(metrics) AS m (key)) AS k
			GROUP BY k.key
		)
		-- What is more than the type holds is infinite; the largest value is 1.79e308.
		SELECT s.key, s.run_values,
			CASE WHEN 'NaN' IN (d.first, d.last) THEN 'NaN'
				WHEN d.first < 0 AND d.last > 1.7976931348623157e308 + d.first THEN 'Infinity'
				WHEN d.first > 0 AND d.last < d.first - 1.7976931348623157e308 THEN '-Infinity'
				ELSE d.last - d.first END
		FROM side_by_side AS s,
			LATERAL (SELECT s.run_values[1] AS first, s.run_values[cardinality(s.run_values)] AS last) AS d
		ORDER BY s.key;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_compare_run_metrics(uuid[]) IS
	'Takes ids of runs and returns for each metric the latest value in every run, in their order, '
	'NULL where there is none, and the last run''s less the first one''s';
