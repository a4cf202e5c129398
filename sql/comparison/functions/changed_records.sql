-- What became better and worse from one evaluation to another, record by record.

-- Of several repeats, the one that is nearest to their mean stands for them.
CREATE OR REPLACE FUNCTION gaiops.shown_results(run_id uuid, scorer text, record_ids uuid[])
RETURNS TABLE (record_id uuid, trace_id uuid, output jsonb, error text, reason text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH score AS MATERIALIZED (
		SELECT s.record_id, s.repeat, s.reason, s.score,
			avg(s.score) OVER (PARTITION BY s.record_id) AS mean
		FROM gaiops.evaluation_scores AS s
		WHERE s.run_id = shown_results.run_id AND s.scorer = shown_results.scorer AND s.record_id = ANY (record_ids)
	), chosen AS (
		SELECT DISTINCT ON (s.record_id) s.record_id, s.repeat, s.reason FROM score AS s
		ORDER BY s.record_id, abs(s.score - s.mean), s.repeat
	)
	SELECT c.record_id, r.trace_id, r.output, r.error, c.reason
	FROM chosen AS c JOIN gaiops.evaluation_results AS r
		ON r.run_id = shown_results.run_id AND r.record_id = c.record_id AND r.repeat = c.repeat;
END
$$;
COMMENT ON FUNCTION gaiops.shown_results(uuid, text, uuid[]) IS
	'Takes a run of an evaluation, a scorer, and records; returns for each the result that stands for its '
	'repeats, and why it has its score';

CREATE OR REPLACE FUNCTION gaiops.changed_scores(baseline uuid, candidate uuid, scorer text)
RETURNS TABLE (record_id uuid, b double precision, c double precision, difference double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
SET enable_mergejoin = off
AS $$
BEGIN
	RETURN QUERY
	SELECT r.record_id, b.value, c.value,
		CASE d.direction WHEN 'lower' THEN b.value - c.value ELSE c.value - b.value END
	FROM gaiops.paired_records(changed_scores.baseline, changed_scores.candidate, NULL) AS r
		JOIN gaiops.record_scores(changed_scores.baseline, changed_scores.scorer) AS b ON b.record_id = r.record_id
		JOIN gaiops.record_scores(changed_scores.candidate, changed_scores.scorer) AS c ON c.record_id = r.record_id
		JOIN gaiops.compared_scorers(changed_scores.baseline, changed_scores.candidate) AS d
			ON d.scorer = changed_scores.scorer
	WHERE b.value <> c.value;
END
$$;
COMMENT ON FUNCTION gaiops.changed_scores(uuid, uuid, text) IS
	'Takes two runs of evaluations and a scorer; returns the records that have another score in the candidate '
	'than in the baseline, and the difference, of which more is better';

CREATE OR REPLACE FUNCTION gaiops.check_compared_scorer(baseline uuid, candidate uuid, scorer text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	problem text;
BEGIN
	PERFORM gaiops.check_given('scorer', scorer);
	SELECT s.problem INTO problem FROM gaiops.compared_scorers(baseline, candidate) AS s
		WHERE s.scorer = check_compared_scorer.scorer;
	IF NOT FOUND OR problem IS NOT NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('runs cannot be compared by scorer "%s"', scorer),
			DETAIL = format('What keeps them from it: %s.', coalesce(problem, 'neither was scored with it')),
			HINT = 'The scorers of each run are in gaiops.evaluations.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_compared_scorer(uuid, uuid, text) IS
	'Takes two runs of evaluations and a scorer and returns nothing; raises unless both were scored with it, the '
	'same';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_compare_records(
	baseline uuid, candidate uuid, scorer text, "limit" integer DEFAULT 20)
RETURNS TABLE (record_id uuid, difference double precision, baseline_score double precision,
	candidate_score double precision, inputs jsonb, expectations jsonb, baseline_output jsonb, candidate_output jsonb,
	baseline_reason text, candidate_reason text, baseline_error text, candidate_error text,
	baseline_trace_id uuid, candidate_trace_id uuid)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 20
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	PERFORM gaiops.check_evaluation('baseline', baseline);
	PERFORM gaiops.check_evaluation('candidate', candidate);
	PERFORM gaiops.check_compared_scorer(baseline, candidate, scorer);
	PERFORM gaiops.check_range('limit', "limit", 0, 2147483647);
	RETURN QUERY
	WITH changed AS MATERIALIZED (
		SELECT s.* FROM gaiops.changed_scores(baseline, candidate, scorer) AS s
		ORDER BY abs(s.difference) DESC, s.difference, s.record_id LIMIT "limit"
	), shown AS MATERIALIZED (
		SELECT ARRAY(SELECT s.record_id FROM changed AS s) AS ids
	)
	SELECT s.record_id, s.difference, s.b, s.c, e.inputs, e.expectations, b.output, c.output, b.reason, c.reason,
		b.error, c.error, b.trace_id, c.trace_id
	FROM changed AS s
		LEFT JOIN gaiops.evaluated_records(candidate, NULL, true) AS e ON e.record_id = s.record_id
		LEFT JOIN gaiops.shown_results(baseline, scorer, (SELECT ids FROM shown)) AS b ON b.record_id = s.record_id
		LEFT JOIN gaiops.shown_results(candidate, scorer, (SELECT ids FROM shown)) AS c ON c.record_id = s.record_id
	ORDER BY abs(s.difference) DESC, s.difference, s.record_id;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_compare_records(uuid, uuid, text, integer) IS
	'Takes two runs of evaluations, a scorer, and how many records to return, NULL for all; returns the records '
	'whose score changed most, losses first, with both outputs and why each has its score; raises unless both '
	'were scored with it';
