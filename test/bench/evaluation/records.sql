-- One evaluation of :records records with :most calls in flight. Prints seconds, CPU
-- seconds of this session and of the writer, what was recorded, and whether that is all.
SET client_min_messages = warning;
CREATE FUNCTION pg_temp.cpu(pid text) RETURNS double precision LANGUAGE sql AS $$
	SELECT (f[12]::double precision + f[13]::double precision) / 100
	FROM regexp_split_to_array(regexp_replace(pg_read_file('/proc/' || pid || '/stat'), '^.*\) ', ''), ' ') AS f $$;
CREATE FUNCTION pg_temp.writer_cpu() RETURNS double precision LANGUAGE sql AS $$
	SELECT coalesce(sum(pg_temp.cpu(pid::text)), 0) FROM pg_stat_activity WHERE backend_type LIKE 'genaiops writer%' $$;
SELECT gaiops_chat('slow', 'Wake up.') \g /dev/null
SELECT clock_timestamp() AS begun, pg_temp.cpu('self') AS own, pg_temp.writer_cpu() AS writer \gset
SELECT gaiops_evaluate('bench-' || :'records', ARRAY['exact_match'], 'slow', concurrency => :most) AS run \gset
SELECT extract(epoch FROM clock_timestamp() - :'begun'), pg_temp.cpu('self') - :own, pg_temp.writer_cpu() - :writer;
SELECT (SELECT count(*) FROM gaiops.evaluation_results WHERE run_id = :'run' AND status = 'ok') = :records
	AND (SELECT count(*) FROM gaiops.evaluation_scores WHERE run_id = :'run' AND passed) = :records
	AND (SELECT count(*) FROM gaiops.spans WHERE run_id = :'run' AND status = 'OK') = :records
	AND (SELECT count(*) FROM gaiops.assessments WHERE run_id = :'run') = :records
	AND (SELECT status FROM gaiops.runs WHERE run_id = :'run') = 'FINISHED';
