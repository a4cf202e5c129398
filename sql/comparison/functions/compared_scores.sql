-- The scores of two evaluations as units that tests compare: a record, or a session
-- where it has several.

CREATE OR REPLACE FUNCTION gaiops.is_finite(score double precision)
RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN score > '-Infinity'::double precision AND score < 'Infinity'::double precision;
COMMENT ON FUNCTION gaiops.is_finite(double precision) IS
	'Takes a number and returns whether it is one to reckon with, neither NaN nor infinite; NULL if it is NULL';

-- A failed prediction scores the worst there is.  What a judge could not say is missing; the
-- worst and the best that it could have said bound what is lost by that.
CREATE OR REPLACE FUNCTION gaiops.record_scores(run_id uuid, wanted text DEFAULT NULL)
RETURNS TABLE (scorer text, record_id uuid, value double precision, worst double precision, best double precision,
	noise double precision, passes double precision, repeats bigint, failed bigint, errors bigint, unknown bigint,
	judging double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	-- Sums, since an average keeps more for each group.
	RETURN QUERY
	SELECT s.scorer, s.record_id, sum(w.worth) / nullif(count(w.worth), 0),
		CASE WHEN count(coalesce(w.worth, e.worst)) = count(*) THEN sum(coalesce(w.worth, e.worst)) / count(*) END,
		CASE WHEN count(coalesce(w.worth, e.best)) = count(*) THEN sum(coalesce(w.worth, e.best)) / count(*) END,
		var_samp(w.worth),
		sum(CASE s.direction WHEN 'lower' THEN 1 - w.worth ELSE w.worth END) / nullif(count(w.worth), 0), count(*),
		count(*) FILTER (WHERE s.state = 'failed'),
		count(*) FILTER (WHERE s.state = 'error' OR NOT gaiops.is_finite(s.score)),
		count(*) FILTER (WHERE s.state NOT IN ('failed', 'error') AND s.score IS NULL),
		sum(s.cost)::double precision / count(*)
	FROM gaiops.evaluation_scores AS s
		CROSS JOIN LATERAL (SELECT
			CASE s.direction WHEN 'lower' THEN s.scale ELSE 0 * s.scale END,
			CASE s.direction WHEN 'lower' THEN 0 * s.scale ELSE s.scale END) AS e (worst, best)
		CROSS JOIN LATERAL (SELECT CASE
			WHEN s.state = 'failed' THEN e.worst
			WHEN s.state = 'scored' AND gaiops.is_finite(s.score) THEN s.score END) AS w (worth)
	WHERE s.run_id = record_scores.run_id AND (wanted IS NULL OR s.scorer = wanted)
	GROUP BY s.scorer, s.record_id;
END
$$;
COMMENT ON FUNCTION gaiops.record_scores(uuid, text) IS
	'Takes a run of an evaluation and a scorer, NULL for all; returns for each scorer and record the mean over '
	'repeats, the same if what is missing were the worst and the best, the variance, NULL of one repeat, the '
	'share that passed if scores are passes and fails, how many repeats there are, failed predictions among them, '
	'and scores that are errors or unknown, and what judging cost';

-- What a test has to know of a scorer is said by both runs.
CREATE OR REPLACE FUNCTION gaiops.compared_scorers(baseline uuid, candidate uuid)
RETURNS TABLE (scorer text, place bigint, direction text, scale double precision, pass_fail boolean, problem text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH said AS (
		SELECT e.run_id, s.definition, s.definition ->> 'name' AS name, s.place
		FROM gaiops.evaluations AS e
			CROSS JOIN LATERAL jsonb_array_elements(e.scorers) WITH ORDINALITY AS s (definition, place)
		WHERE e.run_id IN (compared_scorers.baseline, compared_scorers.candidate)
	)
	SELECT coalesce(c.name, b.name), coalesce(c.place, b.place + 1000), d.definition ->> 'direction',
		(d.definition ->> 'scale')::double precision, (d.definition ->> 'pass_fail')::boolean,
		CASE
			WHEN c.name IS NULL THEN 'the candidate was not scored with it'
			WHEN b.name IS NULL THEN 'the baseline was not scored with it'
			WHEN b.definition <> c.definition THEN 'it is another scorer in each run: see gaiops.evaluations' END
	FROM (SELECT s.* FROM said AS s WHERE s.run_id = compared_scorers.baseline) AS b
		FULL JOIN (SELECT s.* FROM said AS s WHERE s.run_id = compared_scorers.candidate) AS c ON c.name = b.name
		CROSS JOIN LATERAL (SELECT coalesce(c.definition, b.definition)) AS d (definition);
END
$$;
COMMENT ON FUNCTION gaiops.compared_scorers(uuid, uuid) IS
	'Takes two runs of evaluations; returns the scorers of both, with their place, what a test has to know of '
	'each, and why it cannot be compared, NULL if it can';

-- A mean over repeats, so that arms with other numbers of them compare.  Where nobody knows
-- the cost of one attempt, that of the record is not known.  How long a failure took says
-- nothing.
CREATE OR REPLACE FUNCTION gaiops.record_usage(run_id uuid)
RETURNS TABLE (record_id uuid, cost double precision, log_latency double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT r.record_id,
		CASE WHEN count(r.cost) = count(*) THEN (sum(r.cost) / count(*))::double precision END,
		sum(l.log) / nullif(count(l.log), 0)
	FROM gaiops.evaluation_results AS r
		CROSS JOIN LATERAL (SELECT CASE WHEN r.status = 'ok' AND r.latency_ms > 0 THEN ln(r.latency_ms) END) AS l (log)
	WHERE r.run_id = record_usage.run_id
	GROUP BY r.record_id;
END
$$;
COMMENT ON FUNCTION gaiops.record_usage(uuid) IS
	'Takes a run of an evaluation; returns for each record, over its repeats, the mean cost and the mean '
	'logarithm of the latency in milliseconds, each NULL if not known';

-- A unit counts for a test if both arms have scores of a record of it.  What a pass costs is
-- of each arm for itself.
CREATE OR REPLACE FUNCTION gaiops.paired_units(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (scorer text, slice text, b double precision, c double precision,
	worst_gap double precision, best_gap double precision, b_noise double precision, c_noise double precision,
	pairs bigint, scored bigint, is_single boolean,
	b_failed numeric, c_failed numeric, b_errors numeric, c_errors numeric, b_unknown numeric, c_unknown numeric,
	b_cost double precision, b_passes double precision, c_cost double precision, c_passes double precision,
	b_judging double precision, c_judging double precision, b_predictions numeric, c_predictions numeric)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
AS $$
BEGIN
	RETURN QUERY
	SELECT b.scorer, r.slice, sum(b.value) FILTER (WHERE p.gap IS NOT NULL) / nullif(count(p.gap), 0),
		sum(c.value) FILTER (WHERE p.gap IS NOT NULL) / nullif(count(p.gap), 0),
		CASE WHEN count(p.worst_gap) = count(*) THEN sum(p.worst_gap) / count(*) END,
		CASE WHEN count(p.best_gap) = count(*) THEN sum(p.best_gap) / count(*) END,
		sum(b.noise) / nullif(count(b.noise), 0), sum(c.noise) / nullif(count(c.noise), 0),
		count(*), count(p.gap), max(b.repeats) = 1 AND max(c.repeats) = 1,
		sum(b.failed), sum(c.failed), sum(b.errors), sum(c.errors), sum(b.unknown), sum(c.unknown),
		sum(bu.cost) FILTER (WHERE b.value IS NOT NULL), sum(b.passes) FILTER (WHERE bu.cost IS NOT NULL),
		sum(cu.cost) FILTER (WHERE c.value IS NOT NULL), sum(c.passes) FILTER (WHERE cu.cost IS NOT NULL),
		sum(b.judging), sum(c.judging), sum(b.repeats), sum(c.repeats)
	FROM gaiops.paired_records(paired_units.baseline, paired_units.candidate, "by") AS r
		JOIN gaiops.record_scores(paired_units.baseline) AS b ON b.record_id = r.record_id
		JOIN gaiops.record_scores(paired_units.candidate) AS c ON c.record_id = r.record_id AND c.scorer = b.scorer
		JOIN gaiops.record_usage(paired_units.baseline) AS bu ON bu.record_id = r.record_id
		JOIN gaiops.record_usage(paired_units.candidate) AS cu ON cu.record_id = r.record_id
		CROSS JOIN LATERAL (SELECT c.value - b.value, c.worst - b.best, c.best - b.worst)
			AS p (gap, worst_gap, best_gap)
	GROUP BY b.scorer, r.slice, r.session_id, r.unit;
END
$$;
COMMENT ON FUNCTION gaiops.paired_units(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns for each scorer, '
	'slice and unit the mean score in either arm, NULL if it is missing, how far apart the arms could be, what '
	'was counted, and what passing and judging cost';

-- More is better in differences, whatever it is in scores.  Arrays are sorted, so that what is
-- drawn of them is the same in whatever order rows come.
CREATE OR REPLACE FUNCTION gaiops.gathered_units(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (scorer text, slice text, place bigint, scale double precision, is_pass_fail boolean,
	differences double precision[], figures jsonb, b_costs double precision[], b_passes double precision[],
	c_costs double precision[], c_passes double precision[], b_judging double precision[], c_judging double precision[])
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT d.scorer, u.slice, d.place, d.scale, d.pass_fail AND bool_and(u.is_single) AND max(u.pairs) = 1,
		array_agg(g.gap ORDER BY g.gap) FILTER (WHERE g.gap IS NOT NULL),
		jsonb_build_object('baseline', avg(u.b), 'candidate', avg(u.c), 'records', sum(u.scored),
			'unit', CASE WHEN max(u.pairs) > 1 THEN 'session' ELSE 'record' END,
			'worst_difference', CASE WHEN count(g.worst) = count(*) THEN avg(g.worst) END,
			'best_difference', CASE WHEN count(g.best) = count(*) THEN avg(g.best) END,
			'noise_baseline', avg(u.b_noise), 'noise_candidate', avg(u.c_noise),
			'failed_baseline', sum(u.b_failed), 'failed_candidate', sum(u.c_failed),
			'errors_baseline', sum(u.b_errors), 'errors_candidate', sum(u.c_errors),
			'unknown_baseline', sum(u.b_unknown), 'unknown_candidate', sum(u.c_unknown), 'pairs', sum(u.pairs),
			'predictions_baseline', sum(u.b_predictions), 'predictions_candidate', sum(u.c_predictions)),
		array_agg(u.b_cost ORDER BY u.b_cost, u.b_passes) FILTER (WHERE d.pass_fail AND u.b_passes IS NOT NULL),
		array_agg(u.b_passes ORDER BY u.b_cost, u.b_passes) FILTER (WHERE d.pass_fail AND u.b_passes IS NOT NULL),
		array_agg(u.c_cost ORDER BY u.c_cost, u.c_passes) FILTER (WHERE d.pass_fail AND u.c_passes IS NOT NULL),
		array_agg(u.c_passes ORDER BY u.c_cost, u.c_passes) FILTER (WHERE d.pass_fail AND u.c_passes IS NOT NULL),
		array_agg(u.b_judging ORDER BY u.b_judging, u.c_judging) FILTER (WHERE g.is_judged),
		array_agg(u.c_judging ORDER BY u.b_judging, u.c_judging) FILTER (WHERE g.is_judged)
	FROM gaiops.compared_scorers(gathered_units.baseline, gathered_units.candidate) AS d
		JOIN gaiops.paired_units(gathered_units.baseline, gathered_units.candidate, "by") AS u ON u.scorer = d.scorer
		CROSS JOIN LATERAL (SELECT CASE d.direction WHEN 'lower' THEN -1 ELSE 1 END) AS s (sign)
		CROSS JOIN LATERAL (SELECT s.sign * (u.c - u.b), s.sign * u.worst_gap, s.sign * u.best_gap,
			u.b_judging + u.c_judging IS NOT NULL) AS g (gap, worst, best, is_judged)
	WHERE d.problem IS NULL
	GROUP BY d.scorer, d.place, d.scale, d.pass_fail, u.slice;
END
$$;
COMMENT ON FUNCTION gaiops.gathered_units(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns for each scorer and '
	'slice the differences of its units, of which more is better, whether all are of single passes and fails, '
	'other figures by the names of their columns, and what passing and judging cost in either arm';
