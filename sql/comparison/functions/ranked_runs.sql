-- Which of several evaluations is the best, and how sure that is.

CREATE OR REPLACE FUNCTION gaiops.check_ranked(runs uuid[], scorer text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	PERFORM gaiops.check_given('runs', runs);
	PERFORM gaiops.check_elements('runs', runs);
	PERFORM gaiops.check_given('scorer', scorer);
	IF cardinality(runs) NOT BETWEEN 2 AND 100
		OR cardinality(runs) > (SELECT count(DISTINCT r) FROM unnest(runs) AS r)
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'argument "runs" must have 2 to 100 runs, each once';
	END IF;
	PERFORM gaiops.check_evaluation('runs', r) FROM unnest(runs) AS r;
	SELECT coalesce(s.problem, 'no run was scored with it') INTO problem
		FROM unnest(runs) AS r
			LEFT JOIN LATERAL gaiops.compared_scorers(runs[1], r) AS s ON s.scorer = check_ranked.scorer
		WHERE s.scorer IS NULL OR s.problem IS NOT NULL LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('runs cannot be ranked by scorer "%s"', scorer),
			DETAIL = CASE problem
				WHEN 'no run was scored with it' THEN 'No run was scored with it.'
				ELSE 'Not all were scored with it, or it is another scorer in some.' END,
			HINT = 'The scorers of each run are in gaiops.evaluations.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_ranked(uuid[], text) IS
	'Takes runs of evaluations and a scorer and returns nothing; raises unless there are two runs at least, which '
	'were all scored with it';

-- All runs are compared on the same records, those of which each has a score.  How many
-- these are the planner does not guess: it takes them for one.
CREATE OR REPLACE FUNCTION gaiops.shared_units(runs uuid[], scorer text)
RETURNS TABLE (run_id uuid, "values" double precision[], repeats bigint, most_records bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
SET enable_nestloop = off
AS $$
DECLARE
	several CONSTANT boolean := (
		SELECT count(DISTINCT (e.dataset, e.revision)) > 1 FROM gaiops.evaluations AS e WHERE e.run_id = ANY (runs));
BEGIN
	RETURN QUERY
	WITH record AS MATERIALIZED (
		SELECT e.record_id, max(e.session_id) AS session_id,
			CASE WHEN max(e.session_id) IS NULL THEN e.record_id END AS unit
		FROM unnest(runs) AS r CROSS JOIN LATERAL gaiops.evaluated_records(r, NULL, several) AS e
		GROUP BY e.record_id
		HAVING max(e.expectations::text COLLATE "C") IS NOT DISTINCT FROM min(e.expectations::text COLLATE "C")
	), score AS MATERIALIZED (
		SELECT r AS run_id, s.record_id, s.value, s.repeats
		FROM unnest(runs) AS r CROSS JOIN LATERAL gaiops.record_scores(r, shared_units.scorer) AS s
		WHERE s.value IS NOT NULL
	), shared AS (
		SELECT s.record_id FROM score AS s GROUP BY s.record_id HAVING count(*) = cardinality(runs)
	), unit AS (
		SELECT s.run_id, r.session_id, r.unit, avg(s.value) AS value, max(s.repeats) AS repeats, count(*) AS records
		FROM shared AS h JOIN record AS r USING (record_id) JOIN score AS s USING (record_id)
		GROUP BY s.run_id, r.session_id, r.unit
	)
	SELECT r, array_agg(u.value ORDER BY u.session_id COLLATE "C", u.unit) FILTER (WHERE u.run_id IS NOT NULL),
		max(u.repeats), max(u.records)
	FROM unnest(runs) AS r LEFT JOIN unit AS u ON u.run_id = r
	GROUP BY r;
END
$$;
COMMENT ON FUNCTION gaiops.shared_units(uuid[], text) IS
	'Takes runs of evaluations and a scorer; returns for each run the score of each unit that all have scores of, '
	'in one order, how often records were repeated at most, and the most records of a unit';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_rank_runs(runs uuid[], scorer text)
RETURNS TABLE (rank bigint, run_id uuid, name text, n bigint, mean double precision, difference double precision,
	ci_low double precision, ci_high double precision, p_value double precision, p_holm double precision, test text,
	verdict text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	scale double precision;
	is_pass_fail boolean;
	sign integer;
BEGIN
	PERFORM gaiops.check_ranked(runs, scorer);
	SELECT s.scale, s.pass_fail, CASE s.direction WHEN 'lower' THEN -1 ELSE 1 END INTO scale, is_pass_fail, sign
		FROM gaiops.compared_scorers(runs[1], runs[1]) AS s WHERE s.scorer = gaiops_rank_runs.scorer;
	RETURN QUERY
	WITH arm AS MATERIALIZED (
		SELECT u.run_id, u."values", m.mean, max(u.repeats * u.most_records) OVER () = 1 AS is_single,
			row_number() OVER (ORDER BY sign * m.mean DESC NULLS LAST, array_position(runs, u.run_id)) AS place,
			rank() OVER (ORDER BY sign * m.mean DESC NULLS LAST) AS rank
		FROM gaiops.shared_units(runs, scorer) AS u
			CROSS JOIN LATERAL (SELECT avg(v) FROM unnest(u."values") AS v) AS m (mean)
	), tested AS MATERIALIZED (
		SELECT a.*, t.*
		FROM arm AS a JOIN arm AS w ON w.place = 1 AND a.place > 1
			CROSS JOIN LATERAL (
				SELECT array_agg(sign * (v.mine - v.best) ORDER BY v.n)
				FROM unnest(a."values", w."values") WITH ORDINALITY AS v (mine, best, n)) AS d (differences)
			CROSS JOIN LATERAL gaiops.compare_units(coalesce(d.differences, '{}'), is_pass_fail AND a.is_single,
				scale, concat_ws(' ', w.run_id, a.run_id, scorer)) AS t
	), adjusted AS (
		SELECT f.places, gaiops.holm(f.p) AS p
		FROM (
			SELECT array_agg(t.place ORDER BY t.place) AS places, array_agg(t.p_value ORDER BY t.place) AS p
			FROM tested AS t) AS f
	)
	SELECT a.rank, a.run_id, r.name, coalesce(cardinality(a."values"), 0)::bigint, a.mean,
		t.difference, t.ci_low, t.ci_high, t.p_value, h.p_holm, t.test,
		CASE WHEN a.place = 1 THEN format('picked from %s', cardinality(runs)) ELSE v.verdict END
	FROM arm AS a
		LEFT JOIN tested AS t ON t.place = a.place
		LEFT JOIN (
			SELECT p.place, p.p_holm FROM adjusted AS d CROSS JOIN LATERAL unnest(d.places, d.p) AS p (place, p_holm)
		) AS h ON h.place = a.place
		LEFT JOIN LATERAL gaiops.score_verdict(h.p_holm, t.ci_low, t.ci_high, t.detectable, 0.05 * scale, scale) AS v
			ON true
		LEFT JOIN gaiops.runs AS r ON r.run_id = a.run_id
	ORDER BY a.place;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_rank_runs(uuid[], text) IS
	'Takes runs of evaluations and a scorer; returns them from best to worst on the records that all have a score '
	'of, each compared with the best; raises unless there are two at least, which were all scored with it';
