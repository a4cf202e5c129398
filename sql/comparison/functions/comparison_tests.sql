-- What is concluded from the units of two evaluations.

-- What of a row a test has found, in columns of one name whichever test it is.
CREATE OR REPLACE FUNCTION gaiops.compare_units(
	differences double precision[], is_pass_fail boolean, scale double precision, seed text)
RETURNS TABLE (n bigint, n_differing bigint, difference double precision, ci_low double precision,
	ci_high double precision, p_value double precision, test text, effect_size double precision,
	wilcoxon_p double precision, planning_sd double precision, detectable double precision)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT p.n, p.n_differing, p.difference, p.ci_low, p.ci_high, p.p_value, p.test, p.difference,
		NULL::double precision, p.planning_sd, p.detectable
	FROM (
		SELECT count(*) FILTER (WHERE d > 0) AS better, count(*) FILTER (WHERE d < 0) AS worse, count(*) AS pairs
		FROM unnest(differences) AS d) AS c
		CROSS JOIN LATERAL gaiops.compare_passes(c.better, c.worse, c.pairs) AS p
	WHERE is_pass_fail
	UNION ALL
	SELECT m.n::bigint, m.n_differing::bigint, m.mean, m.ci_low, m.ci_high, m.p_value, m.test, m.d_z, m.wilcoxon_p,
		m.planning_sd, m.detectable
	FROM gaiops.compare_numbers(differences, scale, seed) AS m
	WHERE is_pass_fail IS NOT TRUE;
END
$$;
COMMENT ON FUNCTION gaiops.compare_units(double precision[], boolean, double precision, text) IS
	'Takes the differences of units, whether each is of one pass or fail, the width of the scale, NULL if it has '
	'none, and a text that decides what is drawn; returns what the test for such data finds';

-- Without a scale nobody knows what a rare loss would have cost: nothing is equivalent then.
CREATE OR REPLACE FUNCTION gaiops.score_verdict(
	p_holm double precision, ci_low double precision, ci_high double precision, detectable double precision,
	margin double precision, scale double precision, OUT verdict text, OUT within_margin boolean)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	SELECT v.verdict, v.within_margin INTO verdict, within_margin
		FROM gaiops.comparison_verdict(p_holm, ci_low, ci_high, detectable, margin) AS v;
	IF verdict = 'equivalent' AND scale IS NULL THEN
		verdict := 'no evidence';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.score_verdict(double precision, double precision, double precision, double precision,
	double precision, double precision) IS
	'Takes what comparison_verdict() does and the width of the scale, NULL if it has none; returns the verdict';

CREATE OR REPLACE FUNCTION gaiops.margin_of(name text, margins jsonb, usual double precision)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce((margins ->> name)::double precision, usual);
COMMENT ON FUNCTION gaiops.margin_of(text, jsonb, double precision) IS
	'Takes the name of a scorer, latency or cost, the margins that were given, and the usual one; returns its '
	'margin';

-- ---- what a reader has to know of a row ----

CREATE OR REPLACE FUNCTION gaiops.missing_note(figures jsonb, scale double precision)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (figures -> 'records')::bigint < (figures -> 'pairs')::bigint THEN
	pg_catalog.format('%s of %s records are left out: %s',
		(figures -> 'pairs')::bigint - (figures -> 'records')::bigint, figures -> 'pairs', pg_catalog.concat_ws(', ',
			CASE WHEN (figures -> 'unknown_baseline')::bigint + (figures -> 'unknown_candidate')::bigint > 0
				THEN 'unknown' END,
			CASE WHEN (figures -> 'errors_baseline')::bigint + (figures -> 'errors_candidate')::bigint > 0
				THEN 'errors of the scorer' END,
			CASE WHEN scale IS NULL AND
				(figures -> 'failed_baseline')::bigint + (figures -> 'failed_candidate')::bigint > 0
				THEN 'failed, and the scorer has no scale' END)) END;
COMMENT ON FUNCTION gaiops.missing_note(jsonb, double precision) IS
	'Takes the figures of a row and the width of the scale, NULL if it has none; returns how many records are left '
	'out and why, NULL if none are';

CREATE OR REPLACE FUNCTION gaiops.failure_note(arm text, figures jsonb)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN (figures -> ('failed_' || arm))::bigint > 0 THEN
	pg_catalog.format('%s: %s of %s predictions failed', arm,
		figures -> ('failed_' || arm), figures -> ('predictions_' || arm)) END;
COMMENT ON FUNCTION gaiops.failure_note(text, jsonb) IS
	'Takes baseline or candidate and the figures of a row; returns how many predictions failed, NULL if none did';

CREATE OR REPLACE FUNCTION gaiops.disagreement_note(
	p_holm double precision, ci_low double precision, ci_high double precision, scale double precision)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN p_holm < 0.05 AND ci_low <= 0 AND ci_high >= 0 THEN
	'the test finds a difference, the interval does not: it allows for a loss or gain as wide as '
	|| coalesce('the scale, ' || scale::numeric, 'the greatest difference') END;
COMMENT ON FUNCTION gaiops.disagreement_note(
	double precision, double precision, double precision, double precision) IS
	'Takes the adjusted p-value and interval of a difference and the width of the scale, NULL if it has none; returns '
	'why one finds what the other does not, NULL if they agree';

CREATE OR REPLACE FUNCTION gaiops.score_notes(
	figures jsonb, p_holm double precision, ci_low double precision, ci_high double precision, scale double precision)
RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN pg_catalog.to_jsonb(pg_catalog.array_remove(ARRAY[gaiops.missing_note(figures, scale),
	gaiops.failure_note('baseline', figures), gaiops.failure_note('candidate', figures),
	gaiops.disagreement_note(p_holm, ci_low, ci_high, scale)], NULL));
COMMENT ON FUNCTION gaiops.score_notes(
	jsonb, double precision, double precision, double precision, double precision) IS
	'Takes the figures of a row, the adjusted p-value and interval of its difference, and the width of the scale, NULL '
	'if it has none; returns an array of what keeps the verdict from meaning what it seems to';

-- What passing and judging cost, for each scorer; without a verdict.
CREATE OR REPLACE FUNCTION gaiops.scorer_costs(
	scorer text, slice text, b_costs double precision[], b_passes double precision[],
	c_costs double precision[], c_passes double precision[], b_judging double precision[], c_judging double precision[])
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 2
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT 10002::bigint, jsonb_build_object('scorer', 'cost_per_pass', 'slice', slice, 'n', c.n, 'test', 'bootstrap',
		'measure', 'cost per pass of ' || scorer, 'difference', c.ratio / nullif(b.ratio, 0),
		'baseline', b.ratio, 'baseline_low', b.ci_low, 'baseline_high', b.ci_high,
		'candidate', c.ratio, 'candidate_low', c.ci_low, 'candidate_high', c.ci_high)
	FROM gaiops.compare_totals(b_costs, b_passes, concat_ws(' ', 'baseline', scorer, slice)) AS b
		CROSS JOIN gaiops.compare_totals(c_costs, c_passes, concat_ws(' ', 'candidate', scorer, slice)) AS c
	WHERE b_costs IS NOT NULL AND c_costs IS NOT NULL
	UNION ALL
	SELECT 10003::bigint, jsonb_build_object('scorer', 'judging_cost', 'slice', slice, 'n', r.n, 'test', 'bootstrap',
		'measure', 'ratio of totals of ' || scorer, 'difference', r.ratio, 'ci_low', r.ci_low, 'ci_high', r.ci_high,
		'baseline', (SELECT sum(j) FROM unnest(b_judging) AS j),
		'candidate', (SELECT sum(j) FROM unnest(c_judging) AS j))
	FROM gaiops.compare_totals(c_judging, b_judging, concat_ws(' ', 'judging', scorer, slice)) AS r
	WHERE b_judging IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.scorer_costs(text, text, double precision[], double precision[], double precision[],
	double precision[], double precision[], double precision[]) IS
	'Takes a scorer, a slice, what units cost and how much of them passed in either arm, and what judging them '
	'cost, NULL if nothing is known; returns rows for the cost of a pass and for that of judging, as objects by '
	'the names of columns';

-- Slices are explored: they are a family of their own, and take nothing from the whole.
CREATE OR REPLACE FUNCTION gaiops.score_comparisons(baseline uuid, candidate uuid, margins jsonb, "by" text)
RETURNS TABLE (place bigint, figures jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH tested AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY g.place, g.slice COLLATE "C") AS key, g.*, t.*,
			gaiops.margin_of(g.scorer, margins, 0.05 * g.scale) AS margin
		FROM gaiops.gathered_units(score_comparisons.baseline, score_comparisons.candidate, "by") AS g
			CROSS JOIN LATERAL gaiops.compare_units(coalesce(g.differences, '{}'), g.is_pass_fail, g.scale, concat_ws(
				' ', score_comparisons.baseline, score_comparisons.candidate, g.scorer, g.slice)) AS t
	), adjusted AS (
		SELECT a.key, a.p_holm
		FROM (
			SELECT array_agg(t.key ORDER BY t.key) AS keys, gaiops.holm(array_agg(t.p_value ORDER BY t.key)) AS p
			FROM tested AS t GROUP BY t.slice IS NULL) AS f
			CROSS JOIN LATERAL unnest(f.keys, f.p) AS a (key, p_holm)
	)
	SELECT t.place, t.figures || jsonb_build_object('scorer', t.scorer, 'slice', t.slice, 'measure', 'mean',
		'n', t.n, 'n_differing', t.n_differing, 'difference', t.difference, 'ci_low', t.ci_low, 'ci_high', t.ci_high,
		'p_value', t.p_value, 'p_holm', a.p_holm, 'test', t.test, 'effect_size', t.effect_size,
		'wilcoxon_p', t.wilcoxon_p, 'verdict', v.verdict,
		'detectable', CASE WHEN t.detectable <= coalesce(t.scale, t.detectable) THEN t.detectable END,
		'notes', gaiops.score_notes(t.figures, a.p_holm, t.ci_low, t.ci_high, t.scale),
		'within_margin', v.within_margin, 'margin', t.margin, 'n_needed', gaiops.n_needed(t.planning_sd, t.margin))
	FROM tested AS t JOIN adjusted AS a USING (key)
		CROSS JOIN LATERAL gaiops.score_verdict(a.p_holm, t.ci_low, t.ci_high, t.detectable, t.margin, t.scale) AS v
	UNION ALL
	SELECT c.place, c.figures
	FROM tested AS t CROSS JOIN LATERAL gaiops.scorer_costs(t.scorer, t.slice, t.b_costs, t.b_passes, t.c_costs,
		t.c_passes, t.b_judging, t.c_judging) AS c;
END
$$;
COMMENT ON FUNCTION gaiops.score_comparisons(uuid, uuid, jsonb, text) IS
	'Takes two runs of evaluations, margins, and by what records are put into slices, or NULL; returns rows for '
	'each scorer and slice, as objects by the names of columns';
