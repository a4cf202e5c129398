-- What the writer has committed, so that any session sees it as it goes.
CREATE OR REPLACE VIEW gaiops.evaluation_progress WITH (security_invoker = true) AS
	SELECT e.run_id, r.name, e.dataset, e.model, r.status, e.records * e.repeats AS results, o.done, o.errors,
		CASE WHEN r.status = 'RUNNING' THEN q.open ELSE 0 END AS in_flight,
		CASE WHEN r.status = 'RUNNING' THEN 0 ELSE q.open END AS unknown,
		o.cost, o.rate,
		CASE WHEN r.status = 'RUNNING' AND o.rate > 0
			THEN (e.records * e.repeats - o.done) / o.rate END AS seconds_left,
		w.paused_until,
		e.created_at AS started_at, o.last_at, e.created_by::text COLLATE "default" AS created_by,
		e.background, nullif(gaiops.evaluation_pid(e.run_id), 0) AS pid,
		CASE WHEN r.status IN ('SCHEDULED', 'FAILED', 'KILLED') THEN j.error END AS error
	FROM gaiops.evaluations AS e
	JOIN gaiops.runs AS r ON r.run_id = e.run_id
	LEFT JOIN gaiops.evaluation_jobs AS j ON j.run_id = e.run_id
	CROSS JOIN LATERAL (
		SELECT count(*) AS done, count(u.error) AS errors, sum(u.cost)::numeric(38, 18) AS cost,
			max(u.ended_at) AS last_at,
			count(*) / nullif(extract(epoch FROM max(u.ended_at) - min(u.started_at))::double precision, 0) AS rate
		FROM gaiops.evaluation_outcomes AS u WHERE u.run_id = e.run_id) AS o
	CROSS JOIN LATERAL (
		SELECT count(DISTINCT (a.record_id, a.repeat)) AS open
		FROM gaiops.evaluation_requests AS a
		WHERE a.run_id = e.run_id AND NOT EXISTS (
			SELECT FROM gaiops.evaluation_outcomes AS u
			WHERE u.run_id = a.run_id AND u.record_id = a.record_id AND u.repeat = a.repeat)) AS q
	LEFT JOIN LATERAL (
		SELECT p.until AS paused_until
		FROM gaiops.run_tags AS t,
			LATERAL (SELECT CASE WHEN t.value ~ '^[0-9]{1,11}$'
				THEN to_timestamp(t.value::double precision) END AS until) AS p
		WHERE t.run_id = e.run_id AND t.key = 'gaiops.paused_until' AND p.until > clock_timestamp()) AS w ON true;
COMMENT ON VIEW gaiops.evaluation_progress IS 'How far evaluations are, while they run and afterwards';
COMMENT ON COLUMN gaiops.evaluation_progress.run_id IS 'Evaluation, a run';
COMMENT ON COLUMN gaiops.evaluation_progress.name IS 'Name of the run; NULL if it was given none';
COMMENT ON COLUMN gaiops.evaluation_progress.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.evaluation_progress.model IS 'Endpoint that is called; NULL if none is';
COMMENT ON COLUMN gaiops.evaluation_progress.status IS
	'SCHEDULED, while it waits for a worker; RUNNING, FINISHED, FAILED or KILLED';
COMMENT ON COLUMN gaiops.evaluation_progress.results IS 'Results that it is to have';
COMMENT ON COLUMN gaiops.evaluation_progress.done IS 'Results that it has';
COMMENT ON COLUMN gaiops.evaluation_progress.errors IS 'Results of these without an answer';
COMMENT ON COLUMN gaiops.evaluation_progress.in_flight IS 'Calls under way';
COMMENT ON COLUMN gaiops.evaluation_progress.unknown IS 'Calls whose outcome nobody knows';
COMMENT ON COLUMN gaiops.evaluation_progress.cost IS 'Known costs of results so far; NULL if there are none';
COMMENT ON COLUMN gaiops.evaluation_progress.rate IS
	'Results a second, from the first one''s beginning to the last one''s end';
COMMENT ON COLUMN gaiops.evaluation_progress.seconds_left IS
	'Seconds that the rest takes at this rate; NULL unless it runs';
COMMENT ON COLUMN gaiops.evaluation_progress.paused_until IS
	'Until when its upstream wants no calls; NULL if it has not said so, or that is over';
COMMENT ON COLUMN gaiops.evaluation_progress.started_at IS 'When it was asked for';
COMMENT ON COLUMN gaiops.evaluation_progress.last_at IS 'When the last result came; NULL if there is none';
COMMENT ON COLUMN gaiops.evaluation_progress.created_by IS 'Database role that asked for it';
COMMENT ON COLUMN gaiops.evaluation_progress.background IS 'Whether a worker does it';
COMMENT ON COLUMN gaiops.evaluation_progress.pid IS
	'Process of the worker, which pg_cancel_backend() stops; NULL if none is at work';
COMMENT ON COLUMN gaiops.evaluation_progress.error IS
	'Why it ended before it was finished, or why the last worker did, if it is to be tried again; in the background '
	'alone; NULL if there is nothing';
