-- What evaluations say of a version of a prompt.

-- They differ in nothing but what the models said; a prompt's version has its parameters.
CREATE OR REPLACE FUNCTION gaiops.alike_evaluations(run_id uuid, version integer)
RETURNS TABLE (alike uuid, problem text)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 5
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT e.run_id, CASE
		WHEN EXISTS (SELECT FROM gaiops.open_runs AS w
			WHERE w.run_id = e.run_id AND w.incarnation = gaiops.incarnation())
			THEN 'is still running'
		WHEN d.n < e.records * e.repeats
			THEN format('was cut short: %s of %s results are missing', e.records * e.repeats - d.n,
				e.records * e.repeats) END
	FROM gaiops.evaluations AS o
		JOIN gaiops.evaluations AS e ON (e.dataset, e.revision, e.prompt_name) = (o.dataset, o.revision, o.prompt_name)
			AND (e.split, e.message, e.predict, e.model, e.judge_model)
				IS NOT DISTINCT FROM (o.split, o.message, o.predict, o.model, o.judge_model)
		CROSS JOIN LATERAL (
			SELECT count(*) FROM gaiops.evaluation_outcomes AS u WHERE u.run_id = e.run_id) AS d (n)
	WHERE o.run_id = alike_evaluations.run_id AND e.prompt_version = version
	ORDER BY e.created_at, e.run_id;
END
$$;
COMMENT ON FUNCTION gaiops.alike_evaluations(uuid, integer) IS
	'Takes an evaluation of a prompt and a version of it; returns the evaluations of that version with the same '
	'dataset, revision, split, message, model, function and model of judges, and what keeps each from being counted, or NULL';

-- Of one version the last that was finished says under which conditions.
CREATE OR REPLACE FUNCTION gaiops.latest_evaluation(experiment text, prompt text, version integer)
RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT e.run_id
	FROM gaiops.evaluations AS e JOIN gaiops.run_starts AS s ON s.run_id = e.run_id
	WHERE e.prompt_name = prompt AND e.prompt_version = version
		AND s.experiment = coalesce(latest_evaluation.experiment, s.experiment)
		AND (SELECT count(*) FROM gaiops.evaluation_outcomes AS o WHERE o.run_id = e.run_id) = e.records * e.repeats
	ORDER BY e.created_at DESC, e.run_id DESC LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.latest_evaluation(text, text, integer) IS
	'Takes an experiment, NULL for any, a prompt and a version of it; returns the latest evaluation of it that was '
	'finished, NULL if there is none';

CREATE OR REPLACE FUNCTION gaiops.finished_evaluations(run_id uuid)
RETURNS uuid[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT array_agg(a.alike)
	FROM gaiops.evaluations AS e CROSS JOIN LATERAL gaiops.alike_evaluations(e.run_id, e.prompt_version) AS a
	WHERE e.run_id = finished_evaluations.run_id AND a.problem IS NULL
$$;
COMMENT ON FUNCTION gaiops.finished_evaluations(uuid) IS
	'Takes an evaluation of a prompt; returns it and all like it of the same version that are finished, its repeats';

CREATE OR REPLACE FUNCTION gaiops.scorer_definition(run_id uuid, names text[])
RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT d.definition
	FROM gaiops.evaluations AS e CROSS JOIN LATERAL jsonb_array_elements(e.scorers) AS d (definition)
	WHERE e.run_id = scorer_definition.run_id AND d.definition ->> 'name' = ANY (names)
	ORDER BY array_position(names, d.definition ->> 'name') LIMIT 1
$$;
COMMENT ON FUNCTION gaiops.scorer_definition(uuid, text[]) IS
	'Takes an evaluation and names of scorers; returns the definition of the first of them that it was scored with, '
	'NULL if none was';

-- Where a score is missing, "held" counts the worst: for who must not gain by abstaining.
CREATE OR REPLACE FUNCTION gaiops.arm_scores(runs uuid[], definition jsonb, as_passes boolean DEFAULT false)
RETURNS TABLE (record_id uuid, session_id text, value double precision, held double precision, missing bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT s.record_id, min(s.session_id), avg(v.worth), avg(coalesce(v.worth, w.worst)), count(*) - count(v.worth)
	FROM gaiops.evaluation_scores AS s
		CROSS JOIN LATERAL (SELECT CASE
			WHEN as_passes OR s.direction = 'higher' THEN 0 * coalesce(s.scale, 'NaN') ELSE s.scale END) AS w (worst)
		CROSS JOIN LATERAL (SELECT CASE
			WHEN s.state = 'failed' THEN nullif(w.worst, 'NaN')
			WHEN s.state = 'scored' AND as_passes THEN s.passed::integer
			WHEN s.state = 'scored' AND gaiops.is_finite(s.score) THEN s.score END) AS v (worth)
	WHERE s.run_id = ANY (runs) AND s.scorer = definition ->> 'name' AND EXISTS (
		SELECT FROM gaiops.evaluations AS e CROSS JOIN LATERAL jsonb_array_elements(e.scorers) AS d (one)
		WHERE e.run_id = s.run_id AND d.one = definition)
	GROUP BY s.record_id;
END
$$;
COMMENT ON FUNCTION gaiops.arm_scores(uuid[], jsonb, boolean) IS
	'Takes evaluations, the definition of a scorer and whether to count passes; returns for each record the mean over '
	'all repeats that have a score, the same where what is missing counts as the worst, and how many are missing';

-- A failure has no latency, and unknown costs are not reckoned with.
CREATE OR REPLACE FUNCTION gaiops.arm_usage(runs uuid[], metric text)
RETURNS TABLE (record_id uuid, session_id text, value double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT r.record_id, min(r.session_id), CASE metric
		WHEN 'cost' THEN CASE WHEN count(r.cost) = count(*) THEN avg(r.cost)::double precision END
		WHEN 'failing' THEN avg((r.status <> 'ok')::integer)::double precision
		ELSE avg(r.latency_ms) FILTER (WHERE r.status = 'ok') END
	FROM gaiops.evaluation_results AS r WHERE r.run_id = ANY (runs)
	GROUP BY r.record_id;
END
$$;
COMMENT ON FUNCTION gaiops.arm_usage(uuid[], text) IS
	'Takes evaluations and cost, performance or failing; returns for each record the mean cost, latency in '
	'milliseconds, or share of failed predictions, NULL where it is not known';

CREATE OR REPLACE FUNCTION gaiops.metric_names(metric text)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE metric WHEN 'accuracy' THEN '{accuracy,correctness,equivalence,exact_match,quasi_exact_match,json_equal,'
	'contains_expected,token_f1}'::text[] ELSE ARRAY[metric] END;
COMMENT ON FUNCTION gaiops.metric_names(text) IS
	'Takes a metric of criteria; returns the scorers and feedback that say it, the first that is there counts';

-- What the holder has a score of, the candidate must have one of.
CREATE OR REPLACE FUNCTION gaiops.scored_numbers(runs uuid[], holders uuid[], definition jsonb, as_passes boolean)
RETURNS double precision[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT array_agg(u.value ORDER BY u.value)
	FROM (
		SELECT avg(CASE WHEN h.value IS NULL THEN c.value ELSE c.held END) AS value
		FROM gaiops.arm_scores(runs, definition, as_passes) AS c
			LEFT JOIN gaiops.arm_scores(holders, definition, as_passes) AS h ON h.record_id = c.record_id
		GROUP BY coalesce(c.session_id, c.record_id::text)) AS u
	WHERE u.value IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.scored_numbers(uuid[], uuid[], jsonb, boolean) IS
	'Takes evaluations of a version, those of the holder or NULL, the definition of a scorer and whether to count '
	'passes; returns a number for each record, or session';

CREATE OR REPLACE FUNCTION gaiops.evaluated_numbers(
	runs uuid[], holders uuid[], metric text, aggregate text,
	OUT numbers double precision[], OUT low double precision, OUT high double precision, OUT source text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	definition CONSTANT jsonb := gaiops.scorer_definition(runs[cardinality(runs)], gaiops.metric_names(metric));
	as_passes CONSTANT boolean := aggregate = 'pass_rate';
BEGIN
	IF metric IN ('cost', 'performance') THEN
		SELECT array_agg(u.value ORDER BY u.value), 0, 'evaluation' INTO numbers, low, source
		FROM (SELECT avg(a.value) AS value FROM gaiops.arm_usage(runs, metric) AS a
			GROUP BY coalesce(a.session_id, a.record_id::text)) AS u
		WHERE u.value IS NOT NULL;
	ELSIF definition IS NOT NULL THEN
		numbers := gaiops.scored_numbers(runs, holders, definition, as_passes);
		source := concat_ws(' ', 'evaluation:', definition ->> 'name', 'version ' || (definition ->> 'version'));
		high := CASE WHEN as_passes THEN 1 ELSE (definition ->> 'scale')::double precision END;
		low := CASE WHEN high IS NOT NULL THEN 0 END;
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.evaluated_numbers(uuid[], uuid[], text, text) IS
	'Takes evaluations of a version, those of the holder or NULL, a metric and an aggregate of criteria; returns a '
	'number for each record, or session, the range they are in, and what they come from; NULL if it was not measured';
