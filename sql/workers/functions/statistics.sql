-- Statistics of partitioned tables.  Autovacuum analyzes partitions, and never the table that
-- they are of: joins and groups of all spans would be planned for 200 values of each column.

CREATE OR REPLACE FUNCTION gaiops.is_grown(parent regclass)
RETURNS boolean
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- What is known of the number of rows: of partitions, and of all when it was last analyzed.
	SELECT sum(greatest(p.reltuples, 0)) > 1000 + 1.5 * greatest(c.reltuples, 0)
	FROM pg_class AS c
	JOIN pg_inherits AS i ON i.inhparent = c.oid
	JOIN pg_class AS p ON p.oid = i.inhrelid
	WHERE c.oid = parent
	GROUP BY c.reltuples
$$;
COMMENT ON FUNCTION gaiops.is_grown(regclass) IS
	'Takes a partitioned table and returns whether it has more rows, by half, than when it was last analyzed';

-- Partitions are analyzed along with it, so it is done seldom, and for what spans are joined and
-- grouped by.
CREATE OR REPLACE FUNCTION gaiops.analyze_spans()
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	ANALYZE gaiops.spans (trace_id, span_id, status, error_class, purpose, experiment, run_id, endpoint, provider,
		model, prompt_name, session_id, user_id, is_entry, start_time);
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.analyze_spans() IS
	'Analyzes all spans together; returns false: there is no more to do';
