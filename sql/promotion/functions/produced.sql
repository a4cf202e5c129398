-- What applications did with a version of a prompt, and what was said of it.

-- What a trace has spent on the prompt, and how long it took of what was answered.
CREATE OR REPLACE FUNCTION gaiops.produced_usage(experiment text, prompt text, version integer, metric text)
RETURNS double precision[]
LANGUAGE sql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT array_agg(t.value ORDER BY t.value)
	FROM (
		SELECT CASE metric
			WHEN 'cost' THEN CASE WHEN count(s.cost) = count(*) THEN sum(s.cost)::double precision END
			ELSE avg(s.latency_ms) FILTER (WHERE s.error_class IS NULL) END AS value
		FROM gaiops.spans AS s
		WHERE s.prompt_name = prompt AND s.prompt_version = version AND s.purpose = 'application'
			AND s.experiment = produced_usage.experiment
		GROUP BY s.trace_id) AS t
	WHERE t.value IS NOT NULL
$$;
COMMENT ON FUNCTION gaiops.produced_usage(text, text, integer, text) IS
	'Takes an experiment, a prompt, its version, and cost or performance; returns what each trace of an application '
	'spent on it, or its latency in milliseconds, where that is known';

CREATE OR REPLACE FUNCTION gaiops.produced_feedback(
	experiment text, prompt text, version integer, feedback text, said_by text)
RETURNS TABLE (unit text, value jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH trace AS MATERIALIZED (
		SELECT DISTINCT ON (s.trace_id) s.trace_id, s.span_id,
			coalesce('user ' || s.user_id, 'session ' || s.session_id, 'trace ' || s.trace_id) AS unit
		FROM gaiops.spans AS s
		WHERE s.prompt_name = prompt AND s.prompt_version = version AND s.purpose = 'application'
			AND s.experiment = produced_feedback.experiment
		ORDER BY s.trace_id, NOT s.is_entry, s.start_time, s.span_id
	)
	SELECT t.unit, f.value
	FROM trace AS t JOIN gaiops.assessments AS f ON f.trace_id = t.trace_id
	WHERE f.name = feedback AND f.kind = 'feedback' AND f.is_valid
		AND (f.span_id IS NULL OR f.span_id = t.span_id)
		AND (f.source_type = 'HUMAN') = (produced_feedback.said_by = 'people');
END
$$;
COMMENT ON FUNCTION gaiops.produced_feedback(text, text, integer, text, text) IS
	'Takes an experiment, a prompt, its version, a name of feedback, and judge or people; returns what is in force on '
	'traces of applications, and of which user, else session or trace';

-- People and judges rate the same user's traces alike: a user is one unit.  What no scale
-- has, beyond 1e100, says nothing: sums of such numbers overflow.
CREATE OR REPLACE FUNCTION gaiops.produced_numbers(
	experiment text, prompt text, version integer, metric text, aggregate text, said_by text,
	OUT numbers double precision[], OUT low double precision, OUT high double precision, OUT source text)
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	feedback text;
	s gaiops.label_schemas;
	is_truth boolean;
BEGIN
	IF said_by = 'usage' THEN
		numbers := gaiops.produced_usage(experiment, prompt, version, metric);
		low := 0;
		source := CASE WHEN numbers IS NOT NULL THEN 'production' END;
		RETURN;
	END IF;
	FOREACH feedback IN ARRAY gaiops.metric_names(metric) LOOP
		s := gaiops.label_schema(feedback);
		SELECT array_agg(u.rating ORDER BY u.rating), bool_and(u.is_truth) INTO numbers, is_truth
		FROM (
			SELECT avg(n.number) FILTER (WHERE abs(n.number) <= 1e100) AS rating,
				bool_and(jsonb_typeof(f.value) = 'boolean' OR s.kind IS NOT DISTINCT FROM 'pass_fail') AS is_truth
			FROM gaiops.produced_feedback(experiment, prompt, version, feedback, said_by) AS f
				CROSS JOIN LATERAL gaiops.feedback_number(s, f.value) AS n (number)
			GROUP BY f.unit) AS u
		WHERE u.rating IS NOT NULL;
		EXIT WHEN numbers IS NOT NULL;
	END LOOP;
	IF numbers IS NULL OR aggregate = 'pass_rate' AND NOT is_truth THEN
		numbers := NULL;
		RETURN;
	END IF;
	low := CASE WHEN is_truth THEN 0 WHEN s.kind = 'number' THEN s.minimum WHEN s.kind = 'categories' THEN 1 END;
	high := low + gaiops.feedback_width(s, is_truth);
	source := format('production: %s by %s', feedback, CASE said_by WHEN 'people' THEN 'people' ELSE 'judges' END);
END
$$;
COMMENT ON FUNCTION gaiops.produced_numbers(text, text, integer, text, text, text) IS
	'Takes an experiment, a prompt, its version, a metric and an aggregate of criteria, and who says it; returns a '
	'number for each trace, or of feedback for each user, the range they are in, and what they come from; NULL if '
	'nothing says it';

-- ---- both ----

CREATE OR REPLACE FUNCTION gaiops.measured_numbers(
	runs uuid[], experiment text, prompt text, version integer, metric text, aggregate text, measured text,
	said_by text)
RETURNS TABLE (numbers double precision[], low double precision, high double precision, source text)
LANGUAGE sql STABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT e.* FROM gaiops.evaluated_numbers(runs, metric, aggregate) AS e WHERE measured = 'promotion'
	UNION ALL
	SELECT p.* FROM gaiops.produced_numbers(experiment, prompt, version, metric, aggregate, said_by) AS p
	WHERE measured = 'production'
$$;
COMMENT ON FUNCTION gaiops.measured_numbers(uuid[], text, text, integer, text, text, text, text) IS
	'Takes evaluations of a version, or NULL, its experiment, prompt and number, and what a criterion is of; returns '
	'the numbers that are measured there, the range they are in, and what they come from';
