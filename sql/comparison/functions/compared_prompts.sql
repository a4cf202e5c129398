-- How two versions of a prompt did in production, by what people, judges and programs say of
-- the traces.  Nobody drew lots who gets which version, so a difference may have other causes.

-- As gaiops.feedback_daily has it: a trace is of the version that its entry used, or else the
-- first span that used one.
CREATE OR REPLACE FUNCTION gaiops.prompt_feedback(prompt text, a integer, b integer, since timestamptz)
RETURNS TABLE (version integer, unit text, feedback text, said_by text, value jsonb)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 1000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH trace AS MATERIALIZED (
		SELECT DISTINCT ON (s.trace_id) s.trace_id, s.span_id, s.prompt_version,
			coalesce('user ' || s.user_id, 'session ' || s.session_id, 'trace ' || s.trace_id) AS unit
		FROM gaiops.spans AS s
		WHERE s.prompt_name = prompt AND s.prompt_version IN (a, b) AND s.purpose = 'application'
			AND (since IS NULL OR s.start_time >= since)
		ORDER BY s.trace_id, NOT s.is_entry, s.start_time, s.span_id
	)
	SELECT t.prompt_version, t.unit, f.name, CASE f.source_type
			WHEN 'HUMAN' THEN 'people'
			WHEN 'LLM_JUDGE' THEN 'judge ' || f.source_id
			ELSE 'program ' || f.source_id END,
		f.value
	FROM trace AS t JOIN gaiops.assessments AS f ON f.trace_id = t.trace_id
	WHERE f.kind = 'feedback' AND f.is_valid AND (f.span_id IS NULL OR f.span_id = t.span_id);
END
$$;
COMMENT ON FUNCTION gaiops.prompt_feedback(text, integer, integer, timestamptz) IS
	'Takes a prompt, two of its versions, and since when, or NULL; returns the feedback in force on traces of '
	'applications that used one of them, with the user, else the session or trace';

CREATE OR REPLACE FUNCTION gaiops.feedback_number(s gaiops.label_schemas, value jsonb)
RETURNS double precision
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN CASE
		WHEN jsonb_typeof(value) = 'boolean' THEN value::boolean::integer
		WHEN s.kind = 'pass_fail' THEN gaiops.fit_pass_fail(s, value)::boolean::integer
		WHEN jsonb_typeof(value) = 'number' THEN gaiops.rating_number(value::numeric)
		WHEN s.kind = 'categories' AND s.ordered THEN array_position(s.labels, value #>> '{}')
	END;
END
$$;
COMMENT ON FUNCTION gaiops.feedback_number(gaiops.label_schemas, jsonb) IS
	'Takes a label schema, or NULL, and a value; returns it as a number, of passes 0 or 1, NULL if it is none';

CREATE OR REPLACE FUNCTION gaiops.feedback_width(s gaiops.label_schemas, is_truth boolean)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN is_truth THEN 1
	WHEN (s).kind = 'number' THEN ((s).maximum - (s).minimum)::double precision
	WHEN (s).kind = 'categories' THEN nullif(pg_catalog.cardinality((s).labels) - 1, 0)
END;
COMMENT ON FUNCTION gaiops.feedback_width(gaiops.label_schemas, boolean) IS
	'Takes a label schema, or NULL, and whether values are passes and fails; returns the width of their scale, '
	'NULL if they have none';

CREATE OR REPLACE FUNCTION gaiops.prompt_units(prompt text, a integer, b integer, since timestamptz)
RETURNS TABLE (feedback text, said_by text, scale double precision, is_pass_fail boolean,
	a_values double precision[], b_values double precision[], shared bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	WITH said AS MATERIALIZED (
		SELECT f.* FROM gaiops.prompt_feedback(prompt, a, b, since) AS f
	), schema AS MATERIALIZED (
		SELECT n.feedback, gaiops.label_schema(n.feedback) AS s FROM (SELECT DISTINCT f.feedback FROM said AS f) AS n
	), rated AS (
		SELECT f.*, gaiops.feedback_number(c.s, f.value) AS rating,
			jsonb_typeof(f.value) = 'boolean' OR (c.s).kind IS NOT DISTINCT FROM 'pass_fail' AS is_truth
		FROM said AS f JOIN schema AS c USING (feedback)
	), unit AS (
		SELECT r.feedback, r.said_by, r.version, r.unit, avg(r.rating) AS value, bool_and(r.is_truth) AS is_truth,
			min(r.rating) = max(r.rating) AS is_one,
			count(*) OVER (PARTITION BY r.feedback, r.said_by, r.unit) > 1 AS is_shared
		FROM rated AS r WHERE r.rating IS NOT NULL
		GROUP BY r.feedback, r.said_by, r.version, r.unit
	)
	SELECT u.feedback, u.said_by, gaiops.feedback_width((SELECT c.s FROM schema AS c WHERE c.feedback = u.feedback),
			bool_and(u.is_truth)), bool_and(u.is_truth AND u.is_one),
		coalesce(array_agg(u.value ORDER BY u.unit COLLATE "C") FILTER (WHERE u.version = a), '{}'),
		coalesce(array_agg(u.value ORDER BY u.unit COLLATE "C") FILTER (WHERE u.version = b), '{}'),
		count(*) FILTER (WHERE u.is_shared AND u.version = a)
	FROM unit AS u GROUP BY u.feedback, u.said_by;
END
$$;
COMMENT ON FUNCTION gaiops.prompt_units(text, integer, integer, timestamptz) IS
	'Takes a prompt, two of its versions, and since when, or NULL; returns for each feedback and who says it the '
	'mean of each user, session or trace with either version, and how many have used both';

CREATE OR REPLACE FUNCTION gaiops.compare_groups(
	a double precision[], b double precision[], is_pass_fail boolean, scale double precision, seed text)
RETURNS TABLE (mean_a double precision, mean_b double precision, difference double precision, ci_low double precision,
	ci_high double precision, p_value double precision, test text, detectable double precision)
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	RETURN QUERY
	SELECT s.share_baseline, s.share_candidate, s.difference, s.ci_low, s.ci_high, s.p_value, s.test, s.detectable
	FROM (SELECT count(*) FILTER (WHERE v = 1) AS passed FROM unnest(a) AS v) AS n
		CROSS JOIN (SELECT count(*) FILTER (WHERE v = 1) AS passed FROM unnest(b) AS v) AS m
		CROSS JOIN LATERAL gaiops.compare_shares(n.passed, cardinality(a), m.passed, cardinality(b)) AS s
	WHERE is_pass_fail
	UNION ALL
	SELECT r.mean_baseline, r.mean_candidate, r.difference, r.ci_low, r.ci_high, r.p_value, r.test, r.detectable
	FROM gaiops.compare_arms(a, b, scale, seed) AS r
	WHERE is_pass_fail IS NOT TRUE;
END
$$;
COMMENT ON FUNCTION gaiops.compare_groups(double precision[], double precision[], boolean, double precision, text) IS
	'Takes the values of two groups, whether all are passes and fails, the width of the scale, NULL if it has '
	'none, and a text that decides what is drawn; returns what the test for such data finds';

CREATE OR REPLACE FUNCTION gaiops.check_prompt_versions(name text, versions integer[])
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	unknown integer;
BEGIN
	PERFORM gaiops.check_given('name', name);
	PERFORM gaiops.check_given('a', versions[1]);
	PERFORM gaiops.check_given('b', versions[2]);
	SELECT v INTO unknown FROM unnest(versions) WITH ORDINALITY AS g (v, place)
		WHERE NOT EXISTS (SELECT FROM gaiops.prompt_contents AS c
			WHERE c.name = check_prompt_versions.name AND c.version = v)
		ORDER BY place LIMIT 1;
	IF FOUND THEN
		PERFORM gaiops.raise_unknown_prompt(name, unknown);
	ELSIF versions[1] = versions[2] THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'arguments "a" and "b" must be two versions',
			DETAIL = format('Both are %s.', versions[1]);
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_prompt_versions(text, integer[]) IS
	'Takes a prompt and two of its versions and returns nothing; raises unless there are both';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_compare_prompts(
	name text, a integer, b integer, since timestamptz DEFAULT NULL)
RETURNS TABLE (feedback text, said_by text, n_a integer, n_b integer, mean_a double precision, mean_b double precision,
	difference double precision, ci_low double precision, ci_high double precision, p_value double precision,
	p_holm double precision, test text, detectable double precision, verdict text, shared bigint)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	PERFORM gaiops.check_prompt_versions(name, ARRAY[a, b]);
	RETURN QUERY
	WITH tested AS MATERIALIZED (
		SELECT row_number() OVER (ORDER BY u.feedback COLLATE "C", u.said_by COLLATE "C") AS key,
			u.feedback, u.said_by, u.scale, u.shared,
			cardinality(u.a_values) AS n_a, cardinality(u.b_values) AS n_b, t.*
		FROM gaiops.prompt_units(name, a, b, since) AS u
			CROSS JOIN LATERAL gaiops.compare_groups(u.a_values, u.b_values, u.is_pass_fail, u.scale,
				concat_ws(' ', name, a, b, u.feedback, u.said_by)) AS t
	), adjusted AS (
		SELECT h.key, h.p_holm
		FROM (SELECT array_agg(t.key ORDER BY t.key) AS keys, gaiops.holm(array_agg(t.p_value ORDER BY t.key)) AS p
			FROM tested AS t) AS f
			CROSS JOIN LATERAL unnest(f.keys, f.p) AS h (key, p_holm)
	)
	SELECT t.feedback, t.said_by, t.n_a, t.n_b, t.mean_a, t.mean_b, t.difference, t.ci_low, t.ci_high, t.p_value,
		h.p_holm, t.test, CASE WHEN t.detectable <= coalesce(t.scale, t.detectable) THEN t.detectable END,
		'observational: ' || v.verdict || s.caveat, t.shared
	FROM tested AS t JOIN adjusted AS h USING (key)
		CROSS JOIN LATERAL gaiops.score_verdict(h.p_holm, t.ci_low, t.ci_high, t.detectable, 0.05 * t.scale, t.scale)
			AS v
		CROSS JOIN LATERAL (SELECT CASE WHEN t.shared * 10 > least(t.n_a, t.n_b)
			THEN format(', though %s had both', t.shared) ELSE '' END) AS s (caveat)
	ORDER BY t.key;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_compare_prompts(text, integer, integer, timestamptz) IS
	'Takes a prompt, two of its versions, and since when, or NULL for ever; returns how b compares with a in '
	'production, a row for each feedback and who says it, people, each judge or each program; raises if there is '
	'no such version';
