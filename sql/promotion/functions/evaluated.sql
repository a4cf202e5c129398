-- What evaluations say of a version of a prompt.

-- Those that are alike differ in nothing but what the models said; a prompt's version has its parameters.
CREATE OR REPLACE FUNCTION gaiops.finished_evaluations(experiment text, prompt text, version integer)
RETURNS TABLE (runs uuid[])
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	WITH finished AS MATERIALIZED (
		SELECT e.run_id, e.created_at, e.dataset, e.revision, e.split, e.message, e.predict, e.model, e.judge_model
		FROM gaiops.evaluations AS e JOIN gaiops.run_starts AS s ON s.run_id = e.run_id
		WHERE (e.prompt_name, e.prompt_version, s.experiment) = (prompt, version, finished_evaluations.experiment)
			AND (SELECT count(*) FROM gaiops.evaluation_outcomes AS o WHERE o.run_id = e.run_id)
				= e.records * e.repeats
			AND NOT EXISTS (SELECT FROM gaiops.open_runs AS w
				WHERE (w.run_id, w.incarnation) = (e.run_id, gaiops.incarnation()))
	), latest AS (
		SELECT f.* FROM finished AS f ORDER BY f.created_at DESC, f.run_id DESC LIMIT 1
	)
	SELECT array_agg(f.run_id ORDER BY f.created_at, f.run_id)
	FROM latest AS l JOIN finished AS f ON (f.dataset, f.revision) = (l.dataset, l.revision)
		AND (f.split, f.message, f.predict, f.model, f.judge_model)
			IS NOT DISTINCT FROM (l.split, l.message, l.predict, l.model, l.judge_model);
END
$$;
COMMENT ON FUNCTION gaiops.finished_evaluations(text, text, integer) IS
	'Takes an experiment, a prompt and a version of it; returns in one row the latest evaluation that was finished, '
	'last, and its repeats: those with the same dataset, revision, split, message, model, function and model of '
	'judges; NULL if there is none';

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

-- A failed prediction counts as the worst, if that is known; what is unknown, or a scorer's error, is left out.
CREATE OR REPLACE FUNCTION gaiops.scored_records(runs uuid[], definition jsonb, as_passes boolean)
RETURNS TABLE (unit text, value double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	scale CONSTANT double precision := definition ->> 'scale';
	is_passing CONSTANT boolean := (definition ->> 'pass_fail')::boolean OR definition ->> 'threshold' IS NOT NULL;
	worst CONSTANT double precision := CASE
		WHEN as_passes THEN CASE WHEN is_passing THEN 0 END
		WHEN definition ->> 'direction' = 'higher' THEN 0 * scale ELSE scale END;
BEGIN
	RETURN QUERY
	SELECT coalesce(min(s.session_id), s.record_id::text), avg(CASE
		WHEN s.state = 'failed' THEN worst
		WHEN s.state = 'scored' AND as_passes THEN s.passed::integer
		WHEN s.state = 'scored' AND gaiops.is_finite(s.score) THEN s.score END)
	FROM gaiops.evaluation_scores AS s
	WHERE s.run_id = ANY (runs) AND s.scorer = definition ->> 'name' AND EXISTS (
		SELECT FROM gaiops.evaluations AS e
		WHERE e.run_id = s.run_id AND e.scorers @> jsonb_build_array(definition))
	GROUP BY s.record_id;
END
$$;
COMMENT ON FUNCTION gaiops.scored_records(uuid[], jsonb, boolean) IS
	'Takes evaluations, the definition of a scorer and whether to count passes; returns for each record its session, '
	'else itself, and the mean over all repeats that have a score, NULL if none has';

-- A failure has no latency, and unknown costs are not reckoned with.
CREATE OR REPLACE FUNCTION gaiops.used_records(runs uuid[], metric text)
RETURNS TABLE (unit text, value double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT coalesce(min(r.session_id), r.record_id::text), CASE metric
		WHEN 'cost' THEN CASE WHEN count(r.cost) = count(*) THEN avg(r.cost)::double precision END
		ELSE avg(r.latency_ms) FILTER (WHERE r.status = 'ok') END
	FROM gaiops.evaluation_results AS r WHERE r.run_id = ANY (runs)
	GROUP BY r.record_id;
END
$$;
COMMENT ON FUNCTION gaiops.used_records(uuid[], text) IS
	'Takes evaluations and cost or performance; returns for each record its session, else itself, and the mean cost, '
	'or latency in milliseconds, NULL where it is not known';

CREATE OR REPLACE FUNCTION gaiops.metric_names(metric text)
RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE metric WHEN 'accuracy' THEN '{accuracy,correctness,equivalence,exact_match,quasi_exact_match,json_equal,'
	'contains_expected,token_f1}'::text[] ELSE ARRAY[metric] END;
COMMENT ON FUNCTION gaiops.metric_names(text) IS
	'Takes a metric of criteria; returns the scorers and feedback that say it, the first that is there counts';

CREATE OR REPLACE FUNCTION gaiops.evaluated_numbers(
	runs uuid[], metric text, aggregate text,
	OUT numbers double precision[], OUT low double precision, OUT high double precision, OUT source text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	definition CONSTANT jsonb := gaiops.scorer_definition(runs[cardinality(runs)], gaiops.metric_names(metric));
	as_passes CONSTANT boolean := aggregate = 'pass_rate';
BEGIN
	IF metric IN ('cost', 'performance') THEN
		SELECT array_agg(u.value), 0 INTO numbers, low FROM (
			SELECT avg(r.value) AS value FROM gaiops.used_records(runs, metric) AS r GROUP BY r.unit) AS u
		WHERE u.value IS NOT NULL;
	ELSIF definition IS NOT NULL THEN
		SELECT array_agg(u.value) INTO numbers FROM (
			SELECT avg(r.value) AS value FROM gaiops.scored_records(runs, definition, as_passes) AS r
			GROUP BY r.unit) AS u
		WHERE u.value IS NOT NULL;
		high := CASE WHEN as_passes THEN 1 ELSE (definition ->> 'scale')::double precision END;
		low := CASE WHEN high IS NOT NULL THEN 0 END;
	END IF;
	IF numbers IS NOT NULL THEN
		source := concat_ws(' ', 'evaluation:', coalesce(definition ->> 'name', metric),
			'version ' || (definition ->> 'version'));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.evaluated_numbers(uuid[], text, text) IS
	'Takes evaluations of a version, a metric and an aggregate of criteria; returns a number for each record, or '
	'session, the range they are in, and what they come from; NULL if it was not measured';
