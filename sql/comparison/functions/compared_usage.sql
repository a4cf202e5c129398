-- What two evaluations took, in money and time.  These are ratios, candidate to baseline, and
-- outside of what is adjusted for many tests.

-- Latencies of a unit are averaged as logarithms, over repeats and then over records.  Arrays
-- are sorted, as in gathered_units().
CREATE OR REPLACE FUNCTION gaiops.gathered_usage(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (slice text, b_costs double precision[], c_costs double precision[],
	b_durations double precision[], c_durations double precision[])
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
AS $$
BEGIN
	RETURN QUERY
	SELECT u.slice,
		array_agg(u.b_cost ORDER BY u.b_cost, u.c_cost) FILTER (WHERE u.b_cost IS NOT NULL),
		array_agg(u.c_cost ORDER BY u.b_cost, u.c_cost) FILTER (WHERE u.b_cost IS NOT NULL),
		array_agg(u.b_duration ORDER BY u.b_duration, u.c_duration) FILTER (WHERE u.b_duration IS NOT NULL),
		array_agg(u.c_duration ORDER BY u.b_duration, u.c_duration) FILTER (WHERE u.b_duration IS NOT NULL)
	FROM (
		SELECT r.slice, sum(b.cost) FILTER (WHERE c.cost IS NOT NULL) AS b_cost,
			sum(c.cost) FILTER (WHERE b.cost IS NOT NULL) AS c_cost,
			exp(sum(b.log_latency) FILTER (WHERE c.log_latency IS NOT NULL) / count(b.log_latency + c.log_latency))
				AS b_duration,
			exp(sum(c.log_latency) FILTER (WHERE b.log_latency IS NOT NULL) / count(b.log_latency + c.log_latency))
				AS c_duration
		FROM gaiops.paired_records(gathered_usage.baseline, gathered_usage.candidate, "by") AS r
			JOIN gaiops.record_usage(gathered_usage.baseline) AS b ON b.record_id = r.record_id
			JOIN gaiops.record_usage(gathered_usage.candidate) AS c ON c.record_id = r.record_id
		GROUP BY r.slice, r.session_id, r.unit) AS u
	GROUP BY u.slice;
END
$$;
COMMENT ON FUNCTION gaiops.gathered_usage(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns for each slice what '
	'its units cost in either arm, and how many milliseconds they took, of those where it is known of both';

CREATE OR REPLACE FUNCTION gaiops.gathered_latencies(run_id uuid, baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (slice text, latencies double precision[], is_single boolean)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
AS $$
BEGIN
	RETURN QUERY
	SELECT r.slice, array_agg(e.latency_ms),
		count(*) = count(DISTINCT coalesce('session ' || r.session_id, r.unit::text))
	FROM gaiops.paired_records(gathered_latencies.baseline, gathered_latencies.candidate, "by") AS r
		JOIN gaiops.evaluation_results AS e ON e.record_id = r.record_id
	WHERE e.run_id = gathered_latencies.run_id AND e.status = 'ok' AND e.latency_ms IS NOT NULL
	GROUP BY r.slice;
END
$$;
COMMENT ON FUNCTION gaiops.gathered_latencies(uuid, uuid, uuid, text) IS
	'Takes a run of an evaluation, the two that are compared, and by what records are put into slices, or NULL; '
	'returns for each slice all latencies, and whether there is but one of each record and session';

-- A ratio is a difference of logarithms.  Less is better, so it is that of baseline to
-- candidate.  The half of its interval is 1.96 standard errors, and 80 % power takes 2.8.
CREATE OR REPLACE FUNCTION gaiops.ratio_verdict(
	p_value double precision, ci_low double precision, ci_high double precision, margin double precision,
	OUT verdict text, OUT within_margin boolean, OUT detectable double precision)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	high CONSTANT double precision := CASE WHEN ci_low > 0 THEN -ln(ci_low) END;
	low CONSTANT double precision := CASE WHEN ci_high > 0 THEN -ln(ci_high) END;
	least_seen CONSTANT double precision := (high - low) / 2 * 2.8 / 1.96;
BEGIN
	IF low IS NOT NULL OR high IS NOT NULL THEN
		SELECT v.verdict, v.within_margin INTO verdict, within_margin
			FROM gaiops.comparison_verdict(p_value, low, high, least_seen, ln(1 + margin)) AS v;
		detectable := exp(least(least_seen, 700)) - 1;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.ratio_verdict(double precision, double precision, double precision, double precision) IS
	'Takes a p-value, the interval of a ratio, candidate to baseline, of which less is better, and the margin as a '
	'part of 1; returns the verdict, NULL if no bound is known, and the difference that 80 % power detects, as such a '
	'part';

-- Bounds of a bootstrap stand for its test.  As of scores, fewer than six units decide nothing.
CREATE OR REPLACE FUNCTION gaiops.cost_comparison(
	slice text, b_costs double precision[], c_costs double precision[], margins jsonb)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT 10001::bigint, jsonb_build_object('scorer', 'cost', 'slice', slice, 'measure', 'ratio of totals', 'n', t.n,
		'baseline', (SELECT sum(k::numeric)::double precision FROM unnest(b_costs) AS k),
		'candidate', (SELECT sum(k::numeric)::double precision FROM unnest(c_costs) AS k),
		'difference', t.ratio, 'ci_low', t.ci_low, 'ci_high', t.ci_high, 'test', 'bootstrap',
		'detectable', v.detectable, 'verdict', CASE WHEN t.n < 6 THEN 'too few' ELSE v.verdict END,
		'within_margin', v.within_margin AND t.n >= 6, 'margin', m.margin)
	FROM gaiops.compare_totals(c_costs, b_costs, concat_ws(' ', 'cost', slice)) AS t
		CROSS JOIN LATERAL (SELECT gaiops.margin_of('cost', margins, 0.1)) AS m (margin)
		CROSS JOIN LATERAL gaiops.ratio_verdict(0, t.ci_low, t.ci_high, m.margin) AS v
	WHERE b_costs IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.cost_comparison(text, double precision[], double precision[], jsonb) IS
	'Takes a slice, what units cost in either arm, NULL if that is not known, and margins; returns the row for '
	'it, as an object by the names of columns';

-- Calls that share a machine or a limit with others wait for them.
CREATE OR REPLACE FUNCTION gaiops.latency_obstacle(baseline uuid, candidate uuid)
RETURNS text
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN (WITH arm AS (
		SELECT e.run_id, e.concurrency, min(r.started_at) AS began, max(r.ended_at) AS ended
		FROM gaiops.evaluations AS e JOIN gaiops.evaluation_results AS r ON r.run_id = e.run_id
		WHERE e.run_id IN (latency_obstacle.baseline, latency_obstacle.candidate)
		GROUP BY e.run_id, e.concurrency
	)
	SELECT CASE
		WHEN b.concurrency IS DISTINCT FROM c.concurrency THEN
			format('no verdict: the baseline made %s calls at a time, and the candidate %s',
				b.concurrency, c.concurrency)
		WHEN (b.began < c.ended AND c.began < b.ended) IS NOT TRUE THEN
			'no verdict: the runs were not made at the same time' END
	FROM arm AS b, arm AS c
	WHERE b.run_id = latency_obstacle.baseline AND c.run_id = latency_obstacle.candidate);
END
$$;
COMMENT ON FUNCTION gaiops.latency_obstacle(uuid, uuid) IS
	'Takes two runs of evaluations; returns why their latencies say nothing about the arms, NULL if they may';

CREATE OR REPLACE FUNCTION gaiops.latency_comparison(
	slice text, b_durations double precision[], c_durations double precision[], margins jsonb, obstacle text)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT 10004::bigint, jsonb_build_object('scorer', 'latency', 'slice', slice, 'n', t.n,
		'measure', 'ratio of geometric means, ms', 'test', 'sign-flip permutation',
		'baseline', (SELECT exp(avg(ln(d))) FROM unnest(b_durations) AS d),
		'candidate', (SELECT exp(avg(ln(d))) FROM unnest(c_durations) AS d),
		'difference', t.ratio, 'ci_low', t.ci_low, 'ci_high', t.ci_high, 'p_value', t.p_value, 'margin', m.margin,
		'detectable', v.detectable, 'verdict', CASE WHEN obstacle IS NULL THEN v.verdict END,
		'within_margin', CASE WHEN obstacle IS NULL THEN v.within_margin END, 'notes', obstacle)
	FROM gaiops.compare_durations(b_durations, c_durations, concat_ws(' ', 'latency', slice)) AS t
		CROSS JOIN LATERAL (SELECT gaiops.margin_of('latency', margins, 0.1)) AS m (margin)
		CROSS JOIN LATERAL gaiops.ratio_verdict(t.p_value, t.ci_low, t.ci_high, m.margin) AS v
	WHERE b_durations IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.latency_comparison(text, double precision[], double precision[], jsonb, text) IS
	'Takes a slice, how long units took in either arm, NULL if that is not known, margins, and why that says '
	'nothing, NULL if it may; returns the row for it, as an object by the names of columns';

CREATE OR REPLACE FUNCTION gaiops.quantile_comparisons(baseline uuid, candidate uuid, "by" text)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT (10005 + q.place)::bigint, jsonb_build_object('scorer', q.name, 'slice', g.slice, 'n', c.n,
		'measure', 'ratio of quantiles, ms', 'difference', c.quantile / nullif(b.quantile, 0),
		'baseline', b.quantile, 'candidate', c.quantile, 'notes', CASE
			WHEN NOT (g.is_single AND h.is_single) THEN
				'no interval: of a record or session there are several latencies, which are alike' END)
		|| CASE WHEN h.is_single THEN jsonb_build_object('baseline_low', b.ci_low, 'baseline_high', b.ci_high)
			ELSE '{}' END
		|| CASE WHEN g.is_single THEN jsonb_build_object('candidate_low', c.ci_low, 'candidate_high', c.ci_high)
			ELSE '{}' END
	FROM gaiops.gathered_latencies(quantile_comparisons.candidate, quantile_comparisons.baseline,
			quantile_comparisons.candidate, "by") AS g
		JOIN gaiops.gathered_latencies(quantile_comparisons.baseline, quantile_comparisons.baseline,
			quantile_comparisons.candidate, "by") AS h ON h.slice IS NOT DISTINCT FROM g.slice
		CROSS JOIN (VALUES (1, 'latency_p50', 0.5), (2, 'latency_p90', 0.9), (3, 'latency_p95', 0.95))
			AS q (place, name, share)
		CROSS JOIN LATERAL gaiops.quantile_interval(g.latencies, q.share) AS c
		CROSS JOIN LATERAL gaiops.quantile_interval(h.latencies, q.share) AS b;
END
$$;
COMMENT ON FUNCTION gaiops.quantile_comparisons(uuid, uuid, text) IS
	'Takes two runs of evaluations and by what records are put into slices, or NULL; returns rows for quantiles '
	'of latency, as objects by the names of columns';

CREATE OR REPLACE FUNCTION gaiops.usage_comparisons(baseline uuid, candidate uuid, margins jsonb, "by" text)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	obstacle CONSTANT text := gaiops.latency_obstacle(usage_comparisons.baseline, usage_comparisons.candidate);
BEGIN
	RETURN QUERY
	WITH gathered AS MATERIALIZED (
		SELECT u.* FROM gaiops.gathered_usage(usage_comparisons.baseline, usage_comparisons.candidate, "by") AS u
	)
	SELECT c.place, c.figures
	FROM gathered AS g CROSS JOIN LATERAL gaiops.cost_comparison(g.slice, g.b_costs, g.c_costs, margins) AS c
	UNION ALL
	SELECT l.place, l.figures
	FROM gathered AS g
		CROSS JOIN LATERAL gaiops.latency_comparison(g.slice, g.b_durations, g.c_durations, margins, obstacle) AS l
	UNION ALL
	SELECT q.place, q.figures
	FROM gaiops.quantile_comparisons(usage_comparisons.baseline, usage_comparisons.candidate, "by") AS q
	WHERE EXISTS (SELECT FROM gathered AS g WHERE g.b_durations IS NOT NULL);
END
$$;
COMMENT ON FUNCTION gaiops.usage_comparisons(uuid, uuid, jsonb, text) IS
	'Takes two runs of evaluations, margins, and by what records are put into slices, or NULL; returns rows for '
	'what they cost and how long they took, as objects by the names of columns';
