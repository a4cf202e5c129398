-- What there is of five sorts of measures has a row, whether it is to reach anything or not.
CREATE OR REPLACE VIEW gaiops.scorecard WITH (security_invoker = true) AS
	SELECT v.experiment, v.prompt_name, v.prompt_version, c.metric COLLATE "default" AS metric, c.said_by, c.measured,
		c.aggregate, a.value, coalesce(a.n, 0) AS n, a.ci_low, a.ci_high, m.source, c.minimum, c.maximum,
		gaiops.criterion_state(a.n, a.ci_low, a.ci_high, c.minimum, c.maximum) AS state
	FROM (
			SELECT s.experiment, e.prompt_name, e.prompt_version
			FROM gaiops.evaluations AS e JOIN gaiops.run_starts AS s ON s.run_id = e.run_id
			WHERE e.prompt_version IS NOT NULL
			UNION
			SELECT d.experiment, d.prompt_name, d.prompt_version FROM gaiops.usage_deltas AS d
			WHERE d.prompt_version IS NOT NULL AND d.purpose = 'application'
		) AS v
		CROSS JOIN LATERAL gaiops.finished_evaluations(v.experiment, v.prompt_name, v.prompt_version) AS r
		CROSS JOIN LATERAL (
			SELECT g.metric, g.aggregate, g.measured, g.said_by, g.minimum, g.maximum
			FROM gaiops.criteria AS g WHERE g.experiment = v.experiment
			UNION ALL
			SELECT u.metric, u.aggregate, CASE
					WHEN u.said_by = 'people' OR r.runs IS NULL THEN 'production'
					ELSE 'promotion' END AS measured, u.said_by, NULL::double precision AS minimum,
				NULL::double precision AS maximum
			FROM (VALUES ('cost', 'mean', 'usage'), ('accuracy', 'mean', 'judge'), ('accuracy', 'mean', 'people'),
				('performance', 'p95', 'usage'), ('groundedness', 'mean', 'judge'), ('groundedness', 'mean', 'people'),
				('intent_resolution', 'mean', 'judge'), ('intent_resolution', 'mean', 'people')
				) AS u (metric, aggregate, said_by)
			WHERE NOT EXISTS (
				SELECT FROM gaiops.criteria AS g
				WHERE (g.experiment, g.metric, g.said_by) = (v.experiment, u.metric, u.said_by))
		) AS c (metric, aggregate, measured, said_by, minimum, maximum)
		LEFT JOIN LATERAL gaiops.measured_numbers(r.runs, v.experiment, v.prompt_name, v.prompt_version, c.metric,
			c.aggregate, c.measured, c.said_by) AS m ON true
		LEFT JOIN LATERAL gaiops.aggregate_numbers(m.numbers, m.low, m.high, c.aggregate) AS a ON true;
COMMENT ON VIEW gaiops.scorecard IS
	'For each experiment and version of a prompt: cost, accuracy, performance, groundedness and intent resolution, '
	'what judges and people say apart, whatever else has a criterion, and whether it is met';
COMMENT ON COLUMN gaiops.scorecard.experiment IS 'Experiment by name';
COMMENT ON COLUMN gaiops.scorecard.prompt_name IS 'Prompt by name';
COMMENT ON COLUMN gaiops.scorecard.prompt_version IS 'Its version';
COMMENT ON COLUMN gaiops.scorecard.metric IS
	'cost in US dollars, performance in milliseconds, accuracy, or the name of a scorer or of feedback';
COMMENT ON COLUMN gaiops.scorecard.said_by IS 'usage, of cost and performance; judge, any scorer or program; people';
COMMENT ON COLUMN gaiops.scorecard.measured IS
	'promotion: of the latest evaluation of that version and those like it; production: of what applications did';
COMMENT ON COLUMN gaiops.scorecard.aggregate IS 'mean, pass_rate, p50, p90 or p95';
COMMENT ON COLUMN gaiops.scorecard.value IS 'What it comes to; NULL if it was not measured';
COMMENT ON COLUMN gaiops.scorecard.n IS
	'Of how many: records, or sessions where one has several; in production traces, and users, else sessions, of '
	'feedback';
COMMENT ON COLUMN gaiops.scorecard.ci_low IS
	'Lower bound: the true value is below it in at most 5 %; NULL if it is open or there are too few';
COMMENT ON COLUMN gaiops.scorecard.ci_high IS 'Upper bound, likewise';
COMMENT ON COLUMN gaiops.scorecard.source IS 'What it comes from; NULL if it was not measured';
COMMENT ON COLUMN gaiops.scorecard.minimum IS 'Least it may be; NULL if that is open';
COMMENT ON COLUMN gaiops.scorecard.maximum IS 'Most it may be; NULL if that is open';
COMMENT ON COLUMN gaiops.scorecard.state IS
	'met or not met if the bound on that side of the limit says so, unsure if neither does, not measured; '
	'NULL if there is no limit';
