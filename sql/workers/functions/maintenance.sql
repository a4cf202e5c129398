-- What the maintenance worker does, as the owner of the extension: partitions
-- ahead of time, retention, and the folding of usage.  Periods are in UTC.

CREATE OR REPLACE FUNCTION gaiops.partitions(
	parent regclass, OUT partition regclass, OUT from_time timestamptz, OUT to_time timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 50
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

CREATE OR REPLACE FUNCTION gaiops.partitioned_until(parent regclass, from_time timestamptz, to_time timestamptz)
RETURNS timestamptz
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT coalesce(max(least(p.to_time, partitioned_until.to_time)), partitioned_until.from_time)
	FROM gaiops.partitions(parent) AS p
	WHERE p.to_time > partitioned_until.from_time AND p.from_time < partitioned_until.to_time
$$;
COMMENT ON FUNCTION gaiops.partitioned_until(regclass, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours and a period; returns until when there are partitions for it, '
	'which are made from its beginning on';

CREATE OR REPLACE FUNCTION gaiops.needed_partitions(
	at timestamptz DEFAULT pg_catalog.now(),
	OUT parent regclass, OUT from_time timestamptz, OUT to_time timestamptz, OUT present boolean)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 6
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
	SELECT p.parent, p.from_time, p.to_time, gaiops.partitioned_until(p.parent, p.from_time, p.to_time) = p.to_time
	FROM period AS p
$$;
COMMENT ON FUNCTION gaiops.needed_partitions(timestamptz) IS
	'Takes a time; returns the partitions that there should be then, for that time and the next, '
	'and whether they are there';

CREATE OR REPLACE FUNCTION gaiops.stray_periods(
	OUT parent regclass, OUT from_time timestamptz, OUT to_time timestamptz)
RETURNS SETOF record
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
	SELECT 'gaiops.spans'::regclass, d.month, d.month + interval '1 month'
	FROM (SELECT DISTINCT date_trunc('month', s.start_time) FROM gaiops_partitions.spans_default AS s) AS d (month)
	UNION ALL
	SELECT 'gaiops.span_payloads'::regclass, d.day, d.day + interval '1 day'
	FROM (SELECT DISTINCT date_trunc('day', p.start_time) FROM gaiops_partitions.span_payloads_default AS p) AS d (day)
$$;
COMMENT ON FUNCTION gaiops.stray_periods() IS
	'Returns the periods that default partitions have rows of, with their tables';

CREATE OR REPLACE FUNCTION gaiops.row_bytes(relation regclass)
RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	-- 500 is for what any row costs, however small.
	SELECT '500' || string_agg(format(' + coalesce(pg_column_size(r.%I), 0)', a.attname), '' ORDER BY a.attnum)
	FROM pg_attribute AS a WHERE a.attrelid = relation AND a.attlen = -1 AND a.attnum > 0 AND NOT a.attisdropped
$$;
COMMENT ON FUNCTION gaiops.row_bytes(regclass) IS
	'Takes a table; returns an expression for the bytes that it costs to move a row r of it';

CREATE OR REPLACE FUNCTION gaiops.move_end(
	fallback regclass, from_time timestamptz, to_time timestamptz, most_bytes bigint)
RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	found_end timestamptz;
BEGIN
	-- What began at one moment is moved together.
	EXECUTE format('SELECT w.start_time FROM (SELECT r.start_time, sum(%s) OVER (ORDER BY r.start_time '
		'RANGE BETWEEN UNBOUNDED PRECEDING AND interval ''1 microsecond'' PRECEDING) AS bytes_before FROM ONLY %s AS r '
		'WHERE r.start_time >= $1 AND r.start_time < $2) AS w WHERE w.bytes_before >= $3 '
		'ORDER BY w.start_time LIMIT 1', gaiops.row_bytes(fallback), fallback)
		INTO found_end USING from_time, to_time, most_bytes;
	RETURN coalesce(found_end, to_time);
END
$$;
COMMENT ON FUNCTION gaiops.move_end(regclass, timestamptz, timestamptz, bigint) IS
	'Takes a default partition, a period and how many bytes are to be moved at once; '
	'returns the end of that part of the period, from its beginning, which has as many';

CREATE OR REPLACE FUNCTION gaiops.partition_name(
	parent regclass, from_time timestamptz, to_time timestamptz, is_part boolean)
RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
AS $$
	-- Retention drops the first parts before the last are made.
	SELECT p.name || CASE WHEN is_part THEN '_part' || 1 + coalesce((
		SELECT max(substring(o.relname, '_part([0-9]+)$')::integer) FROM pg_class AS o
		WHERE o.relnamespace = 'gaiops_partitions'::regnamespace AND starts_with(o.relname, p.name || '_part')), 0)
		ELSE '' END
	FROM pg_class AS c
	CROSS JOIN LATERAL (SELECT c.relname || to_char(from_time,
		CASE WHEN to_time - from_time > interval '1 day' THEN '_YYYY_MM' ELSE '_YYYY_MM_DD' END)) AS p (name)
	WHERE c.oid = parent
$$;
COMMENT ON FUNCTION gaiops.partition_name(regclass, timestamptz, timestamptz, boolean) IS
	'Takes a partitioned table of ours, a period, and whether the partition is for a part of it; returns its name';

CREATE OR REPLACE FUNCTION gaiops.create_partition(
	parent regclass, fallback regclass, name text, from_time timestamptz, to_time timestamptz)
RETURNS regclass
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
SET quote_all_identifiers = off
AS $$
DECLARE
	partition CONSTANT text := format('gaiops_partitions.%I', name);
BEGIN
	-- Constraints, keys and indexes of the default partition have local names.
	EXECUTE format('CREATE TABLE %s (LIKE %s INCLUDING ALL EXCLUDING COMMENTS EXCLUDING STATISTICS, '
		'CONSTRAINT period CHECK (start_time >= %L AND start_time < %L))', partition, fallback, from_time, to_time);
	IF parent = 'gaiops.span_payloads'::regclass THEN
		EXECUTE format('DROP INDEX gaiops_partitions.%I', name || '_start_time_idx');
	END IF;
	EXECUTE format('ALTER TABLE %s REPLICA IDENTITY FULL', partition);
	PERFORM gaiops.protect_partition(partition::regclass, parent);
	EXECUTE format('COMMENT ON TABLE %s IS %L', partition,
		format('Rows of %s from %s to %s, the latter excluded', parent, from_time, to_time));
	RETURN partition::regclass;
END
$$;
COMMENT ON FUNCTION gaiops.create_partition(regclass, regclass, text, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours, its default partition, and the name and period of a partition; '
	'creates the table that is to be it and returns that';

CREATE OR REPLACE FUNCTION gaiops.move_rows(
	fallback regclass, partition regclass, from_time timestamptz, to_time timestamptz)
RETURNS bigint
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	bytes bigint;
BEGIN
	EXECUTE format('WITH r AS (DELETE FROM ONLY %s WHERE start_time >= $1 AND start_time < $2 RETURNING *), '
		'inserted AS (INSERT INTO %s SELECT * FROM r) SELECT coalesce(sum(%s), 0) FROM r',
		fallback, partition, gaiops.row_bytes(fallback))
		INTO bytes USING from_time, to_time;
	RETURN bytes;
END
$$;
COMMENT ON FUNCTION gaiops.move_rows(regclass, regclass, timestamptz, timestamptz) IS
	'Takes a default partition, a table and a period; moves the rows of it there, and returns how many bytes';

CREATE OR REPLACE FUNCTION gaiops.refuse_kept_snapshots()
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	PERFORM pg_stat_clear_snapshot();
	IF EXISTS (SELECT FROM pg_stat_activity AS a
		WHERE a.datname = current_database() AND a.pid <> pg_backend_pid() AND a.backend_xmin IS NOT NULL
			AND a.state = 'idle in transaction')
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'lock_not_available',
			MESSAGE = 'cannot move rows while an idle transaction keeps a snapshot';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.refuse_kept_snapshots() IS
	'Raises if another session of this database is idle in a transaction that keeps its snapshot, '
	'as REPEATABLE READ does; returns nothing';

-- Locks are taken in the order of ATTACH PARTITION.  A reader that waits for the default
-- partition alone goes on to look for its rows there: where some are moved, readers have
-- to wait before they plan.  A transaction that keeps a snapshot from before would plan
-- by the new partition, and see neither what has left the default one nor what has come.
CREATE OR REPLACE FUNCTION gaiops.lock_partitions(
	parent regclass, fallback regclass, are_moved boolean, tries integer)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	FOR n IN 1 .. tries LOOP
		BEGIN
			EXECUTE format('LOCK TABLE ONLY %s IN %s MODE', parent,
				CASE WHEN are_moved THEN 'ACCESS EXCLUSIVE' ELSE 'SHARE UPDATE EXCLUSIVE' END);
			EXECUTE format('LOCK TABLE ONLY %s IN ACCESS EXCLUSIVE MODE', fallback);
			IF are_moved THEN
				PERFORM gaiops.refuse_kept_snapshots();
			END IF;
			RETURN;
		EXCEPTION WHEN lock_not_available THEN
			IF n = tries THEN
				RAISE;
			END IF;
			PERFORM pg_sleep(0.2);
		END;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.lock_partitions(regclass, regclass, boolean, integer) IS
	'Takes a partitioned table of ours, its default partition, whether rows are moved, and how often to try; '
	'locks them as attaching a partition does, and returns nothing';

-- Takes the locks of a move and lets go of them at once: whoever reads for long is met
-- before anything is moved, not after it.
CREATE OR REPLACE FUNCTION gaiops.try_move(
	parent regclass, fallback regclass, from_time timestamptz, to_time timestamptz)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	has_rows boolean;
BEGIN
	EXECUTE format('SELECT EXISTS (SELECT FROM ONLY %s WHERE start_time >= $1 AND start_time < $2)', fallback)
		INTO has_rows USING from_time, to_time;
	IF has_rows THEN
		PERFORM gaiops.lock_partitions(parent, fallback, true, 1);
		RAISE EXCEPTION USING ERRCODE = 'triggered_action_exception';
	END IF;
EXCEPTION WHEN triggered_action_exception THEN
	NULL;
END
$$;
COMMENT ON FUNCTION gaiops.try_move(regclass, regclass, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours, its default partition, and a period; '
	'raises if rows of it are to be moved and the tables cannot be locked; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.limit_statement(timeout_ms integer)
RETURNS void
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_limit_statement';
COMMENT ON FUNCTION gaiops.limit_statement(integer) IS
	'Takes milliseconds, after which the statement that is running is to be cancelled from now on; returns nothing';

-- Moves what is there while everybody goes on, again and again until there is little left;
-- then locks, and moves the rest.  Both are one transaction, so that a statement sees a row
-- in one place.  Others may be waited for again, or all is lost.
CREATE OR REPLACE FUNCTION gaiops.move_to_partition(
	parent regclass, fallback regclass, partition regclass, from_time timestamptz, to_time timestamptz)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	little CONSTANT bigint := 1000000;
	bytes bigint := gaiops.move_rows(fallback, partition, from_time, to_time);
	are_moved CONSTANT boolean := bytes > 0;
BEGIN
	WHILE bytes > little LOOP
		bytes := gaiops.move_rows(fallback, partition, from_time, to_time);
	END LOOP;
	PERFORM gaiops.lock_partitions(parent, fallback, are_moved, CASE WHEN are_moved THEN 5 ELSE 1 END);
	PERFORM gaiops.limit_statement(2000);
	bytes := gaiops.move_rows(fallback, partition, from_time, to_time);
	IF bytes > 0 AND NOT are_moved THEN
		PERFORM gaiops.lock_partitions(parent, fallback, true, 1);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.move_to_partition(regclass, regclass, regclass, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours, its default partition, the table that is to be a partition, and its period; '
	'moves rows there, locks all others out in the end, and returns nothing';

CREATE OR REPLACE FUNCTION gaiops.trust_constraint(relation regclass, constraint_name name)
RETURNS void
LANGUAGE C VOLATILE STRICT PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_trust_constraint';
COMMENT ON FUNCTION gaiops.trust_constraint(regclass, name) IS
	'Takes a table and a CHECK constraint of it that is not valid yet, and has it taken for valid; returns nothing';

-- ATTACH PARTITION reads the partition and all of the default one, while everybody waits,
-- unless constraints say what it looks for.  The one of the default partition is true: an
-- index has just been asked for what is left there, under the lock.
CREATE OR REPLACE FUNCTION gaiops.attach_partition(
	parent regclass, fallback regclass, partition regclass, from_time timestamptz, to_time timestamptz)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
BEGIN
	EXECUTE format('ALTER TABLE %s ADD CONSTRAINT moved CHECK (start_time < %L OR start_time >= %L) NOT VALID',
		fallback, from_time, to_time);
	PERFORM gaiops.trust_constraint(fallback, 'moved');
	EXECUTE format('ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%L) TO (%L)',
		parent, partition, from_time, to_time);
	EXECUTE format('ALTER TABLE %s DROP CONSTRAINT moved', fallback);
	EXECUTE format('ALTER TABLE %s DROP CONSTRAINT period', partition);
END
$$;
COMMENT ON FUNCTION gaiops.attach_partition(regclass, regclass, regclass, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours, its default partition, the table that is to be a partition, and its period, '
	'of which the default partition has no rows; attaches it and returns nothing';

-- What goes into a table that is not attached yet is not published with the whole, but what
-- is deleted from the default partition is: a subscriber would lose the rows.  So where
-- anything is published they wait in a table that never is, and are inserted under the lock.
CREATE OR REPLACE FUNCTION gaiops.make_published_partition(
	parent regclass, fallback regclass, partition regclass, from_time timestamptz, to_time timestamptz)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET quote_all_identifiers = off
AS $$
DECLARE
	waiting CONSTANT text := partition::text || '_moved';
BEGIN
	EXECUTE format('CREATE UNLOGGED TABLE %s (LIKE %s)', waiting, partition);
	PERFORM gaiops.move_to_partition(parent, fallback, waiting::regclass, from_time, to_time);
	PERFORM gaiops.attach_partition(parent, fallback, partition, from_time, to_time);
	EXECUTE format('INSERT INTO %s SELECT * FROM %s', partition, waiting);
	EXECUTE format('DROP TABLE %s', waiting);
END
$$;
COMMENT ON FUNCTION gaiops.make_published_partition(regclass, regclass, regclass, timestamptz, timestamptz) IS
	'Takes a partitioned table of ours, its default partition, the table that is to be a partition, and its period; '
	'moves rows there in a way that subscribers follow, attaches it, and returns nothing';

-- Nothing of a new partition may be seen before all of it is right, so all is one
-- transaction.  Where too much waits in the default partition to be moved at once, the
-- period gets several partitions, each made so; the last one has its name, by which the
-- writer knows that all are there.  Of what is published less is moved, as it is inserted
-- under the lock.  Repricing would not find a row that moves meanwhile, nor would a
-- subscriber that applies a change of it.
CREATE OR REPLACE FUNCTION gaiops.make_partition(
	parent regclass, from_time timestamptz, to_time timestamptz, most_bytes bigint DEFAULT 67108864)
RETURNS boolean
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
SET timezone = 'UTC'
SET datestyle = 'ISO'
AS $$
DECLARE
	fallback CONSTANT regclass := (SELECT t.partdefid FROM pg_partitioned_table AS t WHERE t.partrelid = parent);
	begins CONSTANT timestamptz := gaiops.partitioned_until(parent, from_time, to_time);
	is_published CONSTANT boolean := EXISTS (
		SELECT FROM pg_publication AS p, pg_get_publication_tables(p.pubname) AS g, pg_partition_tree(parent) AS t
		WHERE t.relid = g.relid);
	ends CONSTANT timestamptz := gaiops.move_end(fallback, begins, to_time,
		CASE WHEN is_published THEN most_bytes / 10 ELSE most_bytes END);
	partition regclass;
BEGIN
	IF begins = to_time THEN
		RETURN false;
	END IF;
	PERFORM gaiops.lock_registry('moving rows');
	IF gaiops.subscription_of(parent) IS NOT NULL THEN
		EXECUTE format('LOCK TABLE ONLY %s, ONLY %s IN SHARE ROW EXCLUSIVE MODE', parent, fallback);
	END IF;
	PERFORM gaiops.try_move(parent, fallback, begins, ends);
	partition := gaiops.create_partition(parent, fallback,
		gaiops.partition_name(parent, from_time, to_time, ends < to_time), begins, ends);
	IF is_published THEN
		PERFORM gaiops.make_published_partition(parent, fallback, partition, begins, ends);
	ELSE
		PERFORM gaiops.move_to_partition(parent, fallback, partition, begins, ends);
		PERFORM gaiops.attach_partition(parent, fallback, partition, begins, ends);
	END IF;
	RETURN ends < to_time;
END
$$;
COMMENT ON FUNCTION gaiops.make_partition(regclass, timestamptz, timestamptz, bigint) IS
	'Takes a partitioned table of ours, a period, and how many bytes to move at once; makes a partition for that, '
	'or for the first part of what has none, and moves rows there from the default one; '
	'returns whether there is more of the period';

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
			max(coalesce(f.last_start, f.hour)) FILTER (WHERE f.attempts > 0) AS last_start,
			f.error_class, sum(coalesce(f.failed_calls, f.errors + f.calls - f.attempts)) AS failed_calls
		FROM folded AS f
		GROUP BY f.hour, f.experiment, f.purpose, f.endpoint, f.provider, f.model, f.prompt_name, f.prompt_version,
			f.error_class
	)
	INSERT INTO gaiops.usage_deltas (hour, experiment, purpose, endpoint, provider, model, prompt_name, prompt_version,
		calls, attempts, errors, unknown, input_tokens, output_tokens, cached_input_tokens, reasoning_tokens,
		cost, unpriced, latency_buckets, latency_counts, first_start, last_start,
		error_class, failed_calls)
	SELECT a.hour, a.experiment, a.purpose, a.endpoint, a.provider, a.model, a.prompt_name, a.prompt_version,
		a.calls, a.attempts, a.errors, a.unknown, a.input_tokens, a.output_tokens,
			a.cached_input_tokens, a.reasoning_tokens,
		a.cost, a.unpriced, (a.latency).buckets, (a.latency).counts, a.first_start, a.last_start,
		a.error_class, a.failed_calls
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
-- its own.  Those that lock others out are short.  $1 is how often it was cancelled, for
-- one that can do less at a time.  Tags, usage, what names spans, and evaluations that come
-- from a publisher are left to its maintenance.
CREATE OR REPLACE FUNCTION gaiops.maintenance_steps(
	at timestamptz DEFAULT pg_catalog.now(), OUT statement text, OUT timeout_ms integer)
RETURNS SETOF record
LANGUAGE sql STABLE ROWS 10
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
	(SELECT format('SELECT gaiops.make_partition(%L, %L, %L, 67108864 >> $1)', n.parent, n.from_time, n.to_time), 60000
	FROM gaiops.needed_partitions(at) AS n WHERE NOT n.present ORDER BY n.from_time)
	UNION ALL
	SELECT format('SELECT gaiops.drop_partition(%L)', p.partition), 2000
	FROM expiry AS e CROSS JOIN LATERAL gaiops.partitions(e.parent) AS p WHERE p.to_time <= e.before
	UNION ALL
	SELECT format('SELECT gaiops.expire_rows(%L, ''start_time'', %L)', e.fallback, e.before), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL
	UNION ALL
	-- What rooms further right keep of requests and answers: each has a function that takes the time.
	SELECT format('SELECT gaiops.%I(%L)', p.proname, e.before), 60000
	FROM expiry AS e
		JOIN pg_proc AS p ON p.pronamespace = 'gaiops'::regnamespace AND starts_with(p.proname, 'expire_')
			AND p.pronargs = 1 AND p.proargtypes[0] = 'timestamptz'::regtype
	WHERE e.before IS NOT NULL AND e.parent = 'gaiops.span_payloads'::regclass
	UNION ALL
	-- What is left of past periods.
	SELECT format('SELECT gaiops.make_partition(%L, %L, %L, 67108864 >> $1)', p.parent, p.from_time, p.to_time), 60000
	FROM gaiops.stray_periods() AS p JOIN expiry AS e ON e.parent = p.parent
	WHERE p.to_time <= at AND (e.before IS NULL OR p.to_time > e.before)
	UNION ALL
	-- Spans are kept by the month.
	SELECT format('SELECT gaiops.expire_rows(''gaiops.trace_tags'', ''updated_at'', %L)',
		date_trunc('month', e.before)), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL AND e.parent = 'gaiops.spans'::regclass
		AND gaiops.subscription_of('gaiops.trace_tags') IS NULL
	UNION ALL
	-- Not by the month: a span of it may have been in the default partition.
	SELECT format('SELECT gaiops.expire_rows(''gaiops.joined_traces'', ''start_time'', %L)', e.before), 60000
	FROM expiry AS e WHERE e.before IS NOT NULL AND e.parent = 'gaiops.spans'::regclass
		AND gaiops.subscription_of('gaiops.joined_traces') IS NULL
	UNION ALL
	SELECT DISTINCT format('SELECT gaiops.fold_usage(%L)', d.hour), 60000
	FROM (
		SELECT u.hour FROM gaiops.usage_deltas AS u
		WHERE u.hour < date_trunc('hour', at) AND gaiops.subscription_of('gaiops.usage_deltas') IS NULL
		GROUP BY u.hour, u.experiment, u.purpose, u.endpoint, u.provider, u.model, u.prompt_name, u.prompt_version,
			u.error_class
		HAVING count(*) > 2) AS d
	UNION ALL
	SELECT 'SELECT gaiops.analyze_spans()', 600000 WHERE gaiops.is_grown('gaiops.spans')
$$;
COMMENT ON FUNCTION gaiops.maintenance_steps(timestamptz) IS
	'Takes a time; returns the statements that maintenance consists of then, each with the milliseconds it may take; '
	'$1 of them is how often a statement was cancelled';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_run_maintenance()
RETURNS void
LANGUAGE C VOLATILE PARALLEL UNSAFE
AS 'MODULE_PATHNAME', 'gaiops_run_maintenance';
COMMENT ON FUNCTION pg_catalog.gaiops_run_maintenance() IS
	'Has the maintenance of this database done now, in the background, instead of within the hour; returns nothing';
