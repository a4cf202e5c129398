-- The unit is the record: its repeats are averaged first.  A result that failed counts as
-- the worst of the scale, where there is one.
CREATE OR REPLACE VIEW gaiops.evaluation_summary WITH (security_invoker = true) AS
	SELECT s.run_id, u.name, e.dataset, s.scorer, s.scorer_version, s.direction, s.scale, s.threshold, s.pass_fail,
		s.n, s.n_scored, s.n_error, s.n_unknown, s.n_failed, s.n_passed, s.records,
		s.mean, s.mean_answered, s.median, s.p90, s.sd, s.sd / sqrt(s.records) AS standard_error,
		i.ci_low, i.ci_high, i.method AS ci_method, s.cost,
		gaiops.evaluation_warnings(s.run_id) || gaiops.session_warnings(s.run_id) || array_remove(ARRAY[
			CASE WHEN s.n_failed > 0 THEN format('%s of %s predictions failed, and %s', s.n_failed, s.n,
				CASE WHEN s.scale IS NULL THEN 'are left out, as the scorer has no scale'
					ELSE 'count as the worst of the scale' END) END,
			CASE WHEN s.n_unknown > 0 THEN format('%s of %s results are left out: unknown', s.n_unknown, s.n) END,
			CASE WHEN s.n_error > 0 THEN format('%s of %s results are left out: the scorer failed', s.n_error, s.n) END
			], NULL) AS warnings,
		CASE WHEN s.has_parts THEN gaiops.run_bleu(s.run_id, s.scorer) END AS corpus_bleu
	FROM (
		SELECT r.run_id, r.scorer, r.scorer_version, r.direction, r.scale, r.threshold, r.pass_fail,
			sum(r.n)::bigint AS n, sum(r.n_scored)::bigint AS n_scored, sum(r.n_error)::bigint AS n_error,
			sum(r.n_unknown)::bigint AS n_unknown, sum(r.n_failed)::bigint AS n_failed,
			sum(r.n_passed)::bigint AS n_passed, count(r.counted) AS records,
			avg(r.counted) AS mean, avg(r.answered) AS mean_answered,
			percentile_cont(0.5) WITHIN GROUP (ORDER BY r.counted) AS median,
			percentile_cont(0.9) WITHIN GROUP (ORDER BY r.counted) AS p90,
			min(r.counted) AS low, max(r.counted) AS high, stddev_samp(r.counted) AS sd, max(r.n) AS repeats,
			sum(r.counted) AS total, sum(r.cost)::numeric(38, 18) AS cost, bool_or(r.has_parts) AS has_parts
		FROM (
			SELECT c.run_id, c.scorer, c.scorer_version, c.direction, c.scale, c.threshold, c.pass_fail, c.record_id,
				count(*) AS n, count(*) FILTER (WHERE c.state = 'scored') AS n_scored,
				count(*) FILTER (WHERE c.state = 'error') AS n_error,
				count(*) FILTER (WHERE c.state = 'unknown') AS n_unknown,
				count(*) FILTER (WHERE c.state = 'failed') AS n_failed, count(*) FILTER (WHERE c.passed) AS n_passed,
				avg(CASE c.state WHEN 'failed' THEN
					CASE WHEN c.scale IS NOT NULL THEN CASE c.direction WHEN 'higher' THEN 0 ELSE c.scale END END
					ELSE c.score END) AS counted,
				avg(c.score) AS answered, sum(c.cost) AS cost, bool_or(c.parts IS NOT NULL) AS has_parts
			FROM gaiops.evaluation_scores AS c
			GROUP BY c.run_id, c.scorer, c.scorer_version, c.direction, c.scale, c.threshold, c.pass_fail, c.record_id
		) AS r
		GROUP BY r.run_id, r.scorer, r.scorer_version, r.direction, r.scale, r.threshold, r.pass_fail
	) AS s
	CROSS JOIN LATERAL (
		SELECT w.ci_low, w.ci_high, 'wilson' AS method FROM gaiops.share_interval(s.total::bigint, s.records) AS w
		WHERE s.pass_fail AND s.repeats = 1
		UNION ALL
		SELECT t.ci_low, t.ci_high, 'student t' AS method
		FROM gaiops.score_interval(s.records, s.mean, s.sd, s.low, s.high, s.scale) AS t
		WHERE NOT (s.pass_fail AND s.repeats = 1)
	) AS i (ci_low, ci_high, method)
	JOIN gaiops.evaluations AS e ON e.run_id = s.run_id
	LEFT JOIN gaiops.runs AS u ON u.run_id = s.run_id;
COMMENT ON VIEW gaiops.evaluation_summary IS 'What every scorer says of an evaluation as a whole';
COMMENT ON COLUMN gaiops.evaluation_summary.run_id IS 'Evaluation, a run';
COMMENT ON COLUMN gaiops.evaluation_summary.name IS 'Name of the run; NULL if it was given none';
COMMENT ON COLUMN gaiops.evaluation_summary.dataset IS 'Dataset by name';
COMMENT ON COLUMN gaiops.evaluation_summary.scorer IS 'Scorer by name';
COMMENT ON COLUMN gaiops.evaluation_summary.scorer_version IS 'Version of a scorer that was created; NULL of others';
COMMENT ON COLUMN gaiops.evaluation_summary.direction IS 'higher or lower: which is better';
COMMENT ON COLUMN gaiops.evaluation_summary.scale IS 'Width of the range of scores; NULL if they have no bounds';
COMMENT ON COLUMN gaiops.evaluation_summary.threshold IS 'Score from which on one has passed; NULL if there is none';
COMMENT ON COLUMN gaiops.evaluation_summary.pass_fail IS 'Whether scores are 0 and 1, and mean that';
COMMENT ON COLUMN gaiops.evaluation_summary.n IS 'Results, of which each is scored, unknown, an error or failed';
COMMENT ON COLUMN gaiops.evaluation_summary.n_scored IS 'Results that have a score';
COMMENT ON COLUMN gaiops.evaluation_summary.n_error IS 'Results of which the scorer failed; the mean leaves them out';
COMMENT ON COLUMN gaiops.evaluation_summary.n_unknown IS
	'Results of which nothing can be said; the mean leaves them out';
COMMENT ON COLUMN gaiops.evaluation_summary.n_failed IS
	'Results without an answer; the mean counts them as the worst of the scale';
COMMENT ON COLUMN gaiops.evaluation_summary.n_passed IS 'Results that have passed';
COMMENT ON COLUMN gaiops.evaluation_summary.records IS 'Records that the mean is of';
COMMENT ON COLUMN gaiops.evaluation_summary.mean IS 'Mean over records, failures counted';
COMMENT ON COLUMN gaiops.evaluation_summary.mean_answered IS 'Mean over records without failures';
COMMENT ON COLUMN gaiops.evaluation_summary.median IS 'Median over records, failures counted';
COMMENT ON COLUMN gaiops.evaluation_summary.p90 IS 'What nine of ten records have at most, failures counted';
COMMENT ON COLUMN gaiops.evaluation_summary.sd IS 'Standard deviation over records; NULL of fewer than two';
COMMENT ON COLUMN gaiops.evaluation_summary.standard_error IS 'Standard error of the mean; NULL of fewer than two';
COMMENT ON COLUMN gaiops.evaluation_summary.ci_low IS
	'Lower bound of the mean, with 95 % confidence; NULL of one record, and of equal scores without a scale';
COMMENT ON COLUMN gaiops.evaluation_summary.ci_high IS 'Upper bound';
COMMENT ON COLUMN gaiops.evaluation_summary.ci_method IS
	'wilson, of what passes or fails once; student t of all else, no wider than the scale';
COMMENT ON COLUMN gaiops.evaluation_summary.cost IS 'What scoring cost; NULL if it made no call';
COMMENT ON COLUMN gaiops.evaluation_summary.warnings IS
	'What keeps the figures from meaning what they seem to: expectations that are the model''s own accepted answers, '
	'several records of one session, results that are missing, failed or left out; empty if nothing does';
COMMENT ON COLUMN gaiops.evaluation_summary.corpus_bleu IS
	'BLEU of all answers that have a score, as one text, of bleu; NULL of other scorers';
