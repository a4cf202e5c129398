-- What the maintenance worker does, as the owner of the extension: partitions
-- ahead of time, retention, and the folding of usage.  Periods are in UTC.

CREATE OR REPLACE FUNCTION gaiops.partitions(
	parent regclass, OUT partition regclass, OUT from_time timestamptz, OUT to_time timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
	SELECT c.oid::regclass, bound.times[1]::timestamptz, bound.times[2]::timestamptz
	FROM pg_inherits AS i
	JOIN pg_class AS c ON c.oid = i.inhrelid
	CROSS JOIN LATERAL regexp_match(pg_get_expr(c.relpartbound, c.oid),
		'^FOR VALUES FROM [(]''([^'']*)''[)] TO [(]''([^'']*)''[)]$') AS bound (times)
	WHERE i.inhparent = parent AND bound.times IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.partitions(regclass) IS
	'Takes a table partitioned by time; returns its partitions but the default one, '
	'each with the times it is for, the second excluded';

CREATE OR REPLACE FUNCTION gaiops.needed_partitions(
	at timestamptz DEFAULT pg_catalog.now(),
	OUT parent regclass, OUT from_time timestamptz, OUT to_time timestamptz, OUT present boolean)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
	WITH period AS (
		SELECT 'gaiops.spans'::regclass AS parent, date_trunc('month', at) + n * interval '1 month' AS from_time,
			date_trunc('month', at) + (n + 1) * interval '1 month' AS to_time
		FROM generate_series(0, 1) AS n
		UNION ALL
		SELECT 'gaiops.span_payloads'::regclass, date_trunc('day', at) + n * interval '1 day',
			date_trunc('day', at) + (n + 1) * interval '1 day'
		FROM generate_series(0, 3) AS n
	)
	SELECT p.parent, p.from_time, p.to_time, EXISTS (
		SELECT FROM gaiops.partitions(p.parent) AS e
		WHERE e.from_time <= p.from_time AND e.to_time >= p.to_time)
	FROM period AS p
$$;
COMMENT ON FUNCTION gaiops.needed_partitions(timestamptz) IS
	'Takes a time; returns the partitions that there should be then, for that time and the next, '
	'and whether they are there';

-- Nothing of a new partition may be seen before all of it is right, so all is
-- one transaction.  Locks are taken in the order of ATTACH PARTITION, and as late
-- as can be: the default partition is locked against everybody from then on.
CREATE OR REPLACE FUNCTION gaiops.make_partition(parent regclass, from_time timestamptz, to_time timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
SET quote_all_identifiers = off
AS $$
DECLARE
	most_moved CONSTANT integer := 10000;
	fallback CONSTANT regclass := (SELECT t.partdefid FROM pg_partitioned_table AS t WHERE t.partrelid = parent);
	period CONSTANT text := to_char(from_time,
		CASE WHEN to_time - from_time > '1 day' THEN 'YYYY_MM' ELSE 'YYYY_MM_DD' END);
	partition CONSTANT text := format('gaiops_partitions.%I', (SELECT c.relname FROM pg_class AS c WHERE c.oid = parent)
		|| '_' || period);
	moved bigint;
BEGIN
	-- Constraints, keys and indexes of the default partition have local names.
	EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING COMMENTS EXCLUDING STATISTICS)',
		partition, fallback);
	PERFORM gaiops.protect_partition(partition::regclass, parent);
	EXECUTE format('COMMENT ON TABLE %s IS %L', partition,
		format('Rows of %s from %s to %s, the latter excluded', parent, from_time, to_time));

	-- A reader that waits for the default partition alone goes on to look for its
	-- rows there: where some are moved, readers have to wait before they plan.
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %s WHERE start_time >= $1 AND start_time < $2 LIMIT 1) AS d',
		fallback)
		INTO moved USING from_time, to_time;
	EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', parent,
		CASE moved WHEN 0 THEN 'SHARE UPDATE EXCLUSIVE' ELSE 'ACCESS EXCLUSIVE' END);
	EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', fallback);
	EXECUTE format('SELECT count(*) FROM (SELECT FROM %s WHERE start_time >= $1 AND start_time < $2 LIMIT $3) AS d',
		fallback)
		INTO moved USING from_time, to_time, most_moved + 1;
	IF moved > 0 THEN
		EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', parent);
	END IF;
	IF moved > most_moved THEN
		RAISE EXCEPTION USING
			ERRCODE = 'program_limit_exceeded',
			MESSAGE = format('too many rows of %s are in %s to move them', partition, fallback),
			DETAIL = format('There are more than %s; moving them would keep calls waiting.', most_moved);
	END IF;
	EXECUTE format('WITH moved AS (DELETE FROM ONLY %s WHERE start_time >= $1 AND start_time < $2 RETURNING *) '
		'INSERT INTO %s SELECT * FROM moved', fallback, partition)
		USING from_time, to_time;
	EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
		parent, partition, from_time, to_time);
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.make_partition(regclass, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours and a period, makes its partition for that, '
	'and moves rows there from the default one; returns false: there is no more to do';

CREATE OR REPLACE FUNCTION gaiops.protect_partition(partition regclass, parent regclass)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	item record;
BEGIN
	-- ALTER DEFAULT PRIVILEGES may have given rights by now.
	FOR item IN
		SELECT DISTINCT a.grantee
		FROM pg_class AS c CROSS JOIN LATERAL aclexplode(c.relacl) AS a
		WHERE c.oid = partition AND a.grantee <> c.relowner
	LOOP
		EXECUTE format('REVOKE ALL ON TABLE %s FROM %s CASCADE', partition,
			CASE item.grantee WHEN 0 THEN 'PUBLIC' ELSE item.grantee::regrole::text END);
	END LOOP;
	EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', partition);
	FOR item IN
		SELECT p.polname, pg_get_expr(p.polqual, p.polrelid) AS condition
		FROM pg_policy AS p WHERE p.polrelid = parent AND p.polcmd = 'r'
	LOOP
		EXECUTE format('CREATE POLICY %I ON %s FOR SELECT USING (%s)', item.polname, partition, item.condition);
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.protect_partition(regclass, regclass) IS
	'Takes a table that is to be a partition, and its parent; takes the table from everybody but its owner '
	'and gives it the parent''s policies; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.drop_partition(partition regclass)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	EXECUTE format('DROP TABLE %s', partition);
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.drop_partition(regclass) IS
	'Takes a partition and drops it with what is in it; returns false: there is no more to do';

CREATE OR REPLACE FUNCTION gaiops.expire_rows(expiring regclass, time_column name, before timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	at_once CONSTANT integer := 10000;
	n bigint;
BEGIN
	EXECUTE format('DELETE FROM %1$s WHERE ctid = ANY (ARRAY(SELECT e.ctid FROM %1$s AS e WHERE e.%2$I < $1 LIMIT $2))',
		expiring, time_column) USING before, at_once;
	GET DIAGNOSTICS n = ROW_COUNT;
	RETURN n = at_once;
END
$$;
COMMENT ON FUNCTION gaiops.expire_rows(regclass, name, timestamptz) IS
	'Takes a table, a column of it and a time; deletes rows from before that time '
	'and returns whether there may be more of them';

-- Repricing and late answers add rows to hours long over; those of the current
-- hour are left to be added.  Rows that come in meanwhile stay as they are.
CREATE OR REPLACE FUNCTION gaiops.fold_usage(folded_hour timestamptz)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	IF folded_hour >= date_trunc('hour', clock_timestamp(), 'UTC') THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'usage of an hour that is not over is not folded';
	END IF;
	WITH folded AS (
		DELETE FROM gaiops.usage_deltas AS d WHERE d.hour = folded_hour RETURNING d.*
	), added AS (
		SELECT f.hour, f.experiment, f.purpose, f.endpoint, f.provider, f.model, f.prompt_name, f.prompt_version,
			sum(f.calls) AS calls, sum(f.attempts) AS attempts, sum(f.errors) AS errors, sum(f.unknown) AS unknown,
			sum(f.input_tokens) AS input_tokens, sum(f.output_tokens) AS output_tokens,
			sum(f.cached_input_tokens) AS cached_input_tokens, sum(f.reasoning_tokens) AS reasoning_tokens,
			sum(f.cost) AS cost, sum(f.unpriced) AS unpriced,
			gaiops.histogram_sum(f.latency_buckets, f.latency_counts) AS latency,
			-- as gaiops.prompt_usage takes rows that do not say it
			min(coalesce(f.first_start, f.hour)) FILTER (WHERE f.attempts > 0) AS first_start,
			max(coalesce(f.last_start, f.hour)) FILTER (WHERE f.attempts > 0) AS last_start
		FROM folded AS f
		GROUP BY f.hour, f.experiment, f.purpose, f.endpoint, f.provider, f.model, f.prompt_name, f.prompt_version
	)
	INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model, prompt_name, prompt_version,
		calls, attempts, errors, unknown, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens,
		cost, unpriced, latency_buckets, latency_counts, first_start, last_start)
	SELECT a.hour, a.experiment, a.purpose, a.endpoint, a.provider, a.model, a.prompt_name, a.prompt_version,
		a.calls, a.attempts, a.errors, a.unknown, a.input_tokens, a.output_tokens,
			a.cached_input_tokens, a.reasoning_tokens,
		a.cost, a.unpriced, (a.latency).buckets, (a.latency).counts, a.first_start, a.last_start
	FROM added AS a;
	RETURN false;
END
$$;
COMMENT ON FUNCTION gaiops.fold_usage(timestamptz) IS
	'Takes an hour that is over and makes one row of gaiops.usage_deltas of those with equal keys; '
	'returns false: there is no more to do';

CREATE OR REPLACE FUNCTION gaiops.retention_start(setting text, at timestamptz DEFAULT pg_catalog.now())
RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- Days of 24 hours, as everything here is in UTC.
	SELECT at - nullif(current_setting(setting)::integer, 0) * interval '24 hours'
$$;
COMMENT ON FUNCTION gaiops.retention_start(text, timestamptz) IS
	'Takes a setting that is a number of days, and a time; returns the time so long before, '
	'or NULL if the setting is 0';

-- Each statement returns whether it is to be run again, and is a transaction of
-- its own.  Those that lock others out are short.
CREATE OR REPLACE FUNCTION gaiops.maintenance_steps(
	at timestamptz DEFAULT pg_catalog.now(), OUT statement text, OUT timeout_ms integer)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
	WITH expiry (parent, fallback, before) AS (
		VALUES ('gaiops.spans'::regclass, 'gaiops_partitions.spans_default'::regclass,
			gaiops.retention_start('gaiops.span_retention', at)),
			('gaiops.span_payloads', 'gaiops_partitions.span_payloads_default',
				gaiops.retention_start('gaiops.payload_retention', at))
	)
	(SELECT format('SELECT gaiops.make_partition(%L, %L, %L)', n.parent, n.from_time, n.to_time), 2000
	FROM gaiops.needed_partitions(at) AS n WHERE NOT n.present ORDER BY n.from_time)
	UNION ALL
	SELECT format('SELECT gaiops.drop_partition(%L)', p.partition), 2000
	FROM expiry AS e CROSS JOIN LATERAL gaiops.partitions(e.parent) AS p WHERE p.to_time <= e.before
	UNION ALL
	SELECT format('SELECT gaiops.expire_rows(%L, ''start_time'', %L)', e.fallback, e.before), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL
	UNION ALL
	-- Spans are kept by the month.
	SELECT format('SELECT gaiops.expire_rows(''gaiops.trace_tags'', ''updated_at'', %L)',
		date_trunc('month', e.before)), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL AND e.parent = 'gaiops.spans'::regclass
	UNION ALL
	SELECT DISTINCT format('SELECT gaiops.fold_usage(%L)', d.hour), 60000
	FROM (
		SELECT u.hour FROM gaiops.usage_deltas AS u
		WHERE u.hour < date_trunc('hour', at)
		GROUP BY u.hour, u.experiment, u.purpose, u.endpoint, u.provider, u.model, u.prompt_name, u.prompt_version
		HAVING count(*) > 2) AS d
$$;
COMMENT ON FUNCTION gaiops.maintenance_steps(timestamptz) IS
	'Takes a time; returns the statements that maintenance consists of then, each with the milliseconds it may take';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_run_maintenance()
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_run_maintenance';
COMMENT ON FUNCTION pg_catalog.gaiops_run_maintenance() IS
	'Has the maintenance of this database done now, in the background, instead of within the hour; returns nothing';
