-- Evaluations that a worker does.

CREATE OR REPLACE FUNCTION gaiops.evaluation_pid(run_id uuid)
RETURNS integer LANGUAGE c VOLATILE STRICT PARALLEL RESTRICTED AS 'MODULE_PATHNAME', 'gaiops_evaluation_pid';
COMMENT ON FUNCTION gaiops.evaluation_pid(uuid) IS
	'Takes an evaluation; returns the process of the worker that does it now, 0 if that is about to be started, '
	'NULL if none does';

-- What a worker could not be started for is not tried again.
CREATE OR REPLACE FUNCTION gaiops.evaluation_obstacle(role name, role_oid oid, attempts integer, error text)
RETURNS text
LANGUAGE sql STABLE
SET search_path = pg_catalog, pg_temp
AS $$
	SELECT CASE WHEN r.oid IS DISTINCT FROM role_oid THEN format('role "%s" does not exist', role)
		WHEN NOT r.rolcanlogin THEN format('role "%s" is not permitted to log in', role)
		WHEN NOT has_database_privilege(r.oid, current_database(), 'CONNECT')
			THEN format('role "%s" may not connect to database "%s"', role, current_database())
		WHEN NOT has_function_privilege(r.oid, 'pg_catalog.gaiops_evaluate(text, text[], text, text, regprocedure, '
			'text, text, text, integer, integer, integer, numeric, text, boolean)', 'EXECUTE')
			THEN format('role "%s" may not evaluate', role)
		WHEN attempts >= 5 THEN coalesce(error, 'its workers ended before they got anywhere; see the server log') END
	FROM (VALUES (true)) AS one LEFT JOIN pg_roles AS r ON r.rolname = role
$$;
COMMENT ON FUNCTION gaiops.evaluation_obstacle(name, oid, integer, text) IS
	'Takes the role of an evaluation, by name and OID, how many workers have been started for it in vain, and why '
	'the last one failed; '
	'returns what keeps it from being done for good, NULL if nothing does';

CREATE OR REPLACE FUNCTION gaiops.give_evaluation_up(run_id uuid, problem text)
RETURNS void
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
	UPDATE gaiops.evaluation_jobs AS j SET error = problem WHERE j.run_id = give_evaluation_up.run_id;
	INSERT INTO gaiops.run_ends (run_id, status, end_time)
		VALUES (give_evaluation_up.run_id, 'FAILED', clock_timestamp()) ON CONFLICT DO NOTHING;
	DELETE FROM gaiops.open_runs AS o WHERE o.run_id = give_evaluation_up.run_id;
END
$$;
COMMENT ON FUNCTION gaiops.give_evaluation_up(uuid, text) IS
	'Takes an evaluation that waits for a worker, and why it cannot be done; ends it as FAILED; returns nothing';

CREATE OR REPLACE FUNCTION gaiops.waiting_evaluations(OUT run_id uuid, OUT role oid, OUT is_due boolean)
RETURNS SETOF record
LANGUAGE plpgsql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
	job record;
	connectable CONSTANT boolean := (SELECT d.datallowconn FROM pg_database AS d WHERE d.datname = current_database());
BEGIN
	FOR job IN
		SELECT j.run_id, j.role_oid, connectable AND j.next_at <= clock_timestamp() AS is_due,
			gaiops.evaluation_obstacle(j.role, j.role_oid, j.attempts, j.error) AS obstacle
		FROM gaiops.open_runs AS o JOIN gaiops.evaluation_jobs AS j ON j.run_id = o.run_id
			LEFT JOIN (
				SELECT k.role_oid, count(*) AS n
				FROM gaiops.open_runs AS p JOIN gaiops.evaluation_jobs AS k ON k.run_id = p.run_id
				WHERE p.scheduled_in = gaiops.database_identity() AND gaiops.evaluation_pid(k.run_id) IS NOT NULL
				GROUP BY k.role_oid) AS w ON w.role_oid = j.role_oid
		WHERE o.scheduled_in = gaiops.database_identity() AND gaiops.evaluation_pid(j.run_id) IS NULL
		ORDER BY coalesce(w.n, 0), j.created_at, j.run_id
	LOOP
		IF job.is_due AND job.obstacle IS NOT NULL THEN
			PERFORM gaiops.give_evaluation_up(job.run_id, job.obstacle);
		ELSE
			run_id := job.run_id;
			role := job.role_oid;
			is_due := job.is_due;
			RETURN NEXT;
		END IF;
	END LOOP;
END
$$;
COMMENT ON FUNCTION gaiops.waiting_evaluations() IS
	'Returns the evaluations of this database that wait for a worker, first those of roles with the fewest at work, '
	'of these the oldest; each with the role that it is '
	'done as and whether a worker may be started now; those that cannot be done it ends as FAILED';

CREATE OR REPLACE FUNCTION gaiops.note_evaluation_attempt(run_id uuid, has_begun boolean)
RETURNS void
LANGUAGE sql VOLATILE
SET search_path = pg_catalog, pg_temp
AS $$
	UPDATE gaiops.evaluation_jobs AS j
	SET results = n.results, attempts = n.attempts,
		next_at = clock_timestamp() + make_interval(secs => 4 ^ greatest(n.attempts - 1, 0))
	FROM (
		SELECT e.run_id, o.results, CASE WHEN NOT has_begun THEN greatest(e.attempts - 1, 0)
			WHEN o.results > e.results THEN 1 ELSE e.attempts + 1 END AS attempts
		FROM gaiops.evaluation_jobs AS e CROSS JOIN LATERAL (
			SELECT count(*) AS results FROM gaiops.evaluation_outcomes AS u WHERE u.run_id = e.run_id) AS o
		WHERE e.run_id = note_evaluation_attempt.run_id) AS n
	WHERE j.run_id = n.run_id
$$;
COMMENT ON FUNCTION gaiops.note_evaluation_attempt(uuid, boolean) IS
	'Takes an evaluation, and whether a worker is about to do it, or could not be started after all; counts '
	'the attempts that come to nothing, and sets the time before the next, which is longer each time; returns nothing';
