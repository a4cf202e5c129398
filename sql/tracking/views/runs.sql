-- The newest runs are found by an index, and everything else of a run by its id;
-- the latest metrics by one look into the index for each key, however long the
-- history is.  A run that was resumed is of the life of the server in gaiops.open_runs.
-- No more is shown than a run may have: of an earlier version, one may have more than
-- fits a value.
CREATE OR REPLACE VIEW gaiops.runs WITH (security_invoker = true) AS
	SELECT s.run_id, s.name, s.experiment,
		CASE WHEN e.status IS NOT NULL THEN e.status
			WHEN s.incarnation IS NOT DISTINCT FROM gaiops.incarnation() THEN 'RUNNING'
			WHEN EXISTS (SELECT FROM gaiops.open_runs AS o
				WHERE o.run_id = s.run_id AND o.incarnation = gaiops.incarnation()) THEN 'RUNNING'
			WHEN EXISTS (SELECT FROM gaiops.open_runs AS o
				WHERE o.run_id = s.run_id AND o.scheduled_in = gaiops.database_identity()) THEN 'SCHEDULED'
			ELSE 'KILLED' END AS status,
		s.start_time, e.end_time, s.parent_run_id,
		coalesce((SELECT jsonb_object_agg(p.key, p.value) FROM (
			SELECT g.key, g.value FROM gaiops.run_params AS g WHERE g.run_id = s.run_id
			ORDER BY g.key LIMIT 1000) AS p), '{}') AS params,
		coalesce((
			WITH RECURSIVE latest AS (
				(SELECT m.key, m.value FROM gaiops.run_metrics AS m
				WHERE m.run_id = s.run_id
				ORDER BY m.key DESC, m.step DESC, m.logged_at DESC LIMIT 1)
				UNION ALL
				SELECT n.key, n.value FROM latest AS l, LATERAL (
					SELECT m.key, m.value FROM gaiops.run_metrics AS m
					WHERE m.run_id = s.run_id AND m.key < l.key
					ORDER BY m.key DESC, m.step DESC, m.logged_at DESC LIMIT 1) AS n
			)
			SELECT jsonb_object_agg(l.key, l.value) FROM (SELECT * FROM latest LIMIT 10000) AS l), '{}') AS metrics,
		coalesce((SELECT jsonb_object_agg(t.key, t.value) FROM (
			SELECT g.key, g.value FROM gaiops.run_tags AS g WHERE g.run_id = s.run_id
			ORDER BY g.key LIMIT 1000) AS t), '{}') AS tags,
		coalesce((
			SELECT jsonb_agg(jsonb_build_object('dataset', i.dataset, 'revision', i.revision)
				ORDER BY i.dataset, i.revision)
			FROM (SELECT g.dataset, g.revision FROM gaiops.run_inputs AS g WHERE g.run_id = s.run_id
				ORDER BY g.dataset, g.revision LIMIT 1000) AS i), '[]') AS datasets,
		s.role::text COLLATE "default", s.session_role::text COLLATE "default", s.application_name,
		coalesce(s.purpose, 'application') AS purpose
	FROM gaiops.run_starts AS s
	LEFT JOIN gaiops.run_ends AS e ON e.run_id = s.run_id;
COMMENT ON VIEW gaiops.runs IS
	'Runs with their parameters, latest metrics, tags and datasets; gaiops.run_metrics has the history';
COMMENT ON COLUMN gaiops.runs.run_id IS 'Id of the run, as in gaiops.spans';
COMMENT ON COLUMN gaiops.runs.name IS 'Its name; NULL if it was given none';
COMMENT ON COLUMN gaiops.runs.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.runs.status IS 'SCHEDULED, while it waits for a worker; RUNNING, FINISHED, FAILED or KILLED';
COMMENT ON COLUMN gaiops.runs.start_time IS 'When it was started';
COMMENT ON COLUMN gaiops.runs.end_time IS 'When it ended; NULL while it runs, or if that is not known';
COMMENT ON COLUMN gaiops.runs.parent_run_id IS 'Run that it is part of; NULL if none';
COMMENT ON COLUMN gaiops.runs.params IS 'Parameters, a JSON object of strings';
COMMENT ON COLUMN gaiops.runs.metrics IS
	'Latest value of each metric, that of the highest step: a JSON object of numbers, '
	'and of the strings NaN, Infinity and -Infinity';
COMMENT ON COLUMN gaiops.runs.tags IS 'Tags, a JSON object of strings';
COMMENT ON COLUMN gaiops.runs.datasets IS
	'Datasets that it worked on, a JSON array of objects with dataset and revision';
COMMENT ON COLUMN gaiops.runs.role IS 'Database role in force at the start';
COMMENT ON COLUMN gaiops.runs.session_role IS 'Database role that logged in';
COMMENT ON COLUMN gaiops.runs.application_name IS 'application_name of the session';
COMMENT ON COLUMN gaiops.runs.purpose IS
	'What calls in it are for: application, evaluation, judge, monitor or optimization';
