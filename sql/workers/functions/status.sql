CREATE OR REPLACE FUNCTION gaiops.queue_stats(
	OUT chunks integer, OUT free integer, OUT used integer, OUT tickets integer, OUT has_writer boolean,
	OUT in_maintenance boolean, OUT last_maintenance timestamptz, OUT trouble text)
RETURNS record
LANGUAGE C VOLATILE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'gaiops_queue_stats';
COMMENT ON FUNCTION gaiops.queue_stats() IS
	'Returns the state of the queue of records: chunks of 8 kB in all, free and used by this database, calls, '
	'spans and runs under way here, workers, and what keeps the writer from working; NULL if genaiops is not preloaded';

CREATE OR REPLACE FUNCTION gaiops.open_spans(
	OUT open integer, OUT most integer, OUT here integer, OUT here_most integer, OUT role text, OUT of_role integer,
	OUT of_role_most integer, OUT is_full boolean, OUT room integer)
RETURNS record
LANGUAGE C VOLATILE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'gaiops_open_spans';
COMMENT ON FUNCTION gaiops.open_spans() IS
	'Returns how many spans and runs are open on this server, in this database, and of the role that has the most, '
	'each with how many there may be, whether that role may open no more here, and how many chunks '
	'of the queue this database may still take; NULL if genaiops is not preloaded, or no role has any';

CREATE OR REPLACE FUNCTION gaiops.library_version()
RETURNS text
LANGUAGE C STABLE PARALLEL SAFE
AS 'MODULE_PATHNAME', 'gaiops_library_version';
COMMENT ON FUNCTION gaiops.library_version() IS
	'Returns the version of the library that this server has loaded, '
	'which is not that of the extension between a restart and an update';

CREATE OR REPLACE FUNCTION gaiops.has_key_ring()
RETURNS boolean
LANGUAGE C VOLATILE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'gaiops_has_key_ring';
COMMENT ON FUNCTION gaiops.has_key_ring() IS
	'Returns whether there is a key ring; raises if there is one that cannot be used';

CREATE OR REPLACE FUNCTION gaiops.lacks_job_worker()
RETURNS boolean
LANGUAGE C VOLATILE PARALLEL RESTRICTED
AS 'MODULE_PATHNAME', 'gaiops_lacks_job_worker';
COMMENT ON FUNCTION gaiops.lacks_job_worker() IS
	'Returns whether evaluations of this database wait for a background worker slot of the server; '
	'NULL if genaiops is not preloaded';

CREATE OR REPLACE FUNCTION gaiops.running_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql VOLATILE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET datestyle = 'ISO'
AS $$
DECLARE
	queue record;
	opened record;
	publisher CONSTANT text := gaiops.subscription_of('gaiops.spans');
BEGIN
	SELECT * INTO queue FROM gaiops.queue_stats();
	SELECT * INTO opened FROM gaiops.open_spans();
	IF queue.chunks IS NULL THEN
		RETURN QUERY VALUES ('preload', 'error',
			'genaiops is not in shared_preload_libraries: nothing can be called or recorded');
		RETURN;
	END IF;
	RETURN QUERY VALUES
		('preload', 'ok', 'genaiops is preloaded'),
		('server', CASE WHEN pg_is_in_recovery() OR publisher IS NOT NULL THEN 'warning' ELSE 'ok' END,
			CASE WHEN pg_is_in_recovery() THEN 'standby: records can be read, calls are refused'
				WHEN publisher IS NOT NULL
					THEN format('subscription "%s": records can be read, calls are refused', publisher)
				ELSE 'primary' END),
		('incarnation', 'ok', gaiops.incarnation()::text),
		('queue', CASE
			WHEN opened.room < 2 THEN 'error'
			WHEN opened.room < queue.chunks / 20 OR queue.free < queue.chunks / 10 THEN 'warning'
				ELSE 'ok' END,
			format('%s of %s chunks of 8 kB are free, this database uses %s and may take %s more',
				queue.free, queue.chunks, queue.used, opened.room)),
		('tickets', 'ok', format('%s calls, spans and runs under way here', queue.tickets)),
		('open spans', CASE WHEN opened.is_full THEN 'warning' ELSE 'ok' END,
			format('%s of at most %s are open on this server, %s of %s in this database',
				opened.open, opened.most, opened.here, opened.here_most)
			|| coalesce('; role "' || opened.role || format('" has the most, %s of %s',
				opened.of_role, opened.of_role_most), '')
			|| CASE WHEN opened.is_full THEN ', and may open no more here: see gaiops.calls_in_flight' ELSE '' END),
		('writer', CASE WHEN queue.trouble IS NULL THEN 'ok' ELSE 'error' END,
			coalesce(queue.trouble, CASE WHEN queue.has_writer THEN 'running'
				ELSE 'not running: it starts when there is something to record' END)),
		('maintenance', 'ok', CASE WHEN queue.in_maintenance THEN 'running'
			ELSE coalesce('last began at ' || queue.last_maintenance, 'not since the server was started') END);
	RETURN QUERY SELECT 'evaluations',
		CASE WHEN o.waiting > 0 AND (gaiops.lacks_job_worker() OR o.most = '0') THEN 'warning' ELSE 'ok' END,
		format('%s run in the background, %s wait', o.running, o.waiting)
		|| CASE WHEN o.waiting = 0 THEN ''
			WHEN o.most = '0' THEN ': gaiops.max_evaluations is 0'
			WHEN gaiops.lacks_job_worker()
				THEN ': no background worker slot is free; raise max_worker_processes' ELSE '' END
	FROM (
		SELECT count(*) FILTER (WHERE r.incarnation = gaiops.incarnation()) AS running,
			count(*) FILTER (WHERE r.incarnation IS DISTINCT FROM gaiops.incarnation()) AS waiting,
			current_setting('gaiops.max_evaluations') AS most
		FROM gaiops.open_runs AS r WHERE r.scheduled_in = gaiops.database_identity()) AS o;
END
$$;
COMMENT ON FUNCTION gaiops.running_status() IS
	'Returns those lines of gaiops_status() that are about processes and shared memory';

CREATE OR REPLACE FUNCTION gaiops.partition_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql STABLE ROWS 5
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
BEGIN
	RETURN QUERY WITH fallback (parent, rows) AS (
		-- Counting more would take long and tell no more.
		SELECT 'gaiops.spans', (SELECT count(*) FROM (SELECT FROM gaiops_partitions.spans_default LIMIT 100001) AS d)
		UNION ALL
		SELECT 'gaiops.span_payloads',
			(SELECT count(*) FROM (SELECT FROM gaiops_partitions.span_payloads_default LIMIT 100001) AS d)
	), needed AS (
		SELECT n.parent::text AS parent, n.from_time <= now() AS is_now,
			count(*) AS n, count(*) FILTER (WHERE n.present) AS present
		FROM gaiops.needed_partitions() AS n GROUP BY 1, 2 ORDER BY 1 DESC, 2 DESC
	)
	SELECT format('partitions of %s, %s', n.parent, CASE WHEN n.is_now THEN 'now' ELSE 'next' END),
		CASE WHEN n.present < n.n THEN 'warning' ELSE 'ok' END,
		format('%s of %s are there%s', n.present, n.n,
			CASE WHEN n.present < n.n THEN '; without them records go into the default partition' END)
	FROM needed AS n
	UNION ALL
	SELECT format('default partition of %s', f.parent), CASE WHEN f.rows > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN f.rows > 100000 THEN 'more than 100000 rows' ELSE f.rows || ' rows' END
	FROM fallback AS f;
END
$$;
COMMENT ON FUNCTION gaiops.partition_status() IS
	'Returns for the partitions that there should be, and for the default ones, whether anything is wrong with them';

CREATE OR REPLACE FUNCTION gaiops.record_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql STABLE ROWS 10
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
SET quote_all_identifiers = off
AS $$
BEGIN
	RETURN QUERY WITH flight AS (
		SELECT count(*) FILTER (WHERE f.status = 'IN_PROGRESS') AS busy,
			count(*) FILTER (WHERE f.status = 'UNKNOWN') AS lost
		FROM gaiops.calls_in_flight AS f
	)
	SELECT 'calls in flight', 'ok', f.busy::text FROM flight AS f
	UNION ALL
	SELECT 'unknown calls', CASE WHEN f.lost > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN f.lost > 0 THEN f.lost || ' were under way when a server died; the next call records them'
			ELSE '0' END
	FROM flight AS f
	UNION ALL
	SELECT p.item, p.status, p.detail FROM gaiops.partition_status() AS p
	UNION ALL
	SELECT 'rejected records', CASE WHEN r.n > 0 THEN 'warning' ELSE 'ok' END,
		CASE WHEN r.n > 0 THEN format('%s, the last at %s: see gaiops.rejected_records', r.n, r.last) ELSE '0' END
	FROM (SELECT count(*) AS n, max(rejected_at) AS last FROM gaiops.rejected_records) AS r;
END
$$;
COMMENT ON FUNCTION gaiops.record_status() IS 'Returns those lines of gaiops_status() that are about what is recorded';

CREATE OR REPLACE FUNCTION gaiops.key_ring_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql VOLATILE ROWS 2
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	sealed CONSTANT bigint := (SELECT count(*) FROM gaiops_private.secrets AS s WHERE s.kind = 'sealed');
	problem text;
BEGIN
	item := 'key ring';
	IF gaiops.has_key_ring() THEN
		status := 'ok';
		detail := 'present';
	ELSIF sealed = 0 THEN
		status := 'ok';
		detail := 'none: the first secret makes it';
	ELSE
		status := 'error';
		detail := format('missing: %s secrets cannot be opened', sealed);
	END IF;
	RETURN NEXT;
EXCEPTION WHEN OTHERS THEN
	-- The reason names a file that is nobody's business but a superuser's.
	status := 'error';
	detail := 'cannot be used: SELECT gaiops.has_key_ring() tells a superuser why';
	RETURN NEXT;
END
$$;
COMMENT ON FUNCTION gaiops.key_ring_status() IS 'Returns the line of gaiops_status() that is about the key ring';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_status()
RETURNS TABLE (item text, status text, detail text)
LANGUAGE plpgsql VOLATILE ROWS 20 SECURITY DEFINER
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
		SELECT 'version', CASE WHEN l.version = e.extversion THEN 'ok' ELSE 'error' END,
			CASE WHEN l.version = e.extversion THEN e.extversion
				ELSE format('extension %s, library %s: run ALTER EXTENSION genaiops UPDATE; before it, '
					'restart the server if it was not since the installation',
					e.extversion, l.version) END
		FROM pg_extension AS e CROSS JOIN gaiops.library_version() AS l (version)
		WHERE e.extname = 'genaiops';
	RETURN QUERY SELECT * FROM gaiops.running_status();
	RETURN QUERY SELECT * FROM gaiops.record_status();
	RETURN QUERY SELECT * FROM gaiops.key_ring_status();
	RETURN QUERY
		SELECT format('setting %s', s.name),
			CASE WHEN s.name = 'gaiops.synchronous_commit' AND s.setting = 'off' THEN 'warning' ELSE 'ok' END,
			current_setting(s.name)
		FROM pg_settings AS s
		WHERE s.name IN ('gaiops.log_timeout', 'gaiops.max_payload_bytes', 'gaiops.max_writers',
			'gaiops.open_span_share', 'gaiops.payload_retention',
			'gaiops.queue_size', 'gaiops.span_retention', 'gaiops.synchronous_commit', 'max_worker_processes')
		ORDER BY s.name;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_status() IS
	'Returns the state of genaiops here, one line per item: ok, warning or error, and what there is to say';
