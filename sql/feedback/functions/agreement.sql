-- How far people agree, and judges with them.  Runs as the caller, who may read
-- the tables.

CREATE OR REPLACE FUNCTION gaiops.measure_agreement(
	units integer[], raters integer[], ratings double precision[], level text, counted double precision DEFAULT NULL,
	OUT n integer, OUT kappa double precision, OUT kappa_low double precision, OUT kappa_high double precision,
	OUT alpha double precision, OUT alpha_low double precision, OUT alpha_high double precision,
	OUT correlation double precision, OUT correlation_low double precision, OUT correlation_high double precision,
	OUT prevalence double precision)
AS 'MODULE_PATHNAME', 'gaiops_measure_agreement'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION gaiops.measure_agreement(integer[], integer[], double precision[], text, double precision) IS
	'Takes ratings as arrays, an element of each array for a rating, the level of measurement (nominal, ordinal '
	'or interval), and the value whose share is asked for, NULL for the commonest; returns how far the raters agree, '
	'each figure with its interval, NULL where it is not defined; raises if the arrays are no ratings';

-- Numbers of jsonb may be of any size, and a cast would raise.  In a form that the
-- planner puts in place of a call.
CREATE OR REPLACE FUNCTION gaiops.rating_number(value numeric)
RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN pg_catalog.abs(value) > 1e300 THEN pg_catalog.sign(value)::double precision * 1e300::double precision
	WHEN pg_catalog.abs(value) < 1e-300 THEN 0
	ELSE value::double precision
END;
COMMENT ON FUNCTION gaiops.rating_number(numeric) IS 'Takes a number and returns it as near as arithmetic can have it';

-- Of someone who has rated twice, the later rating counts.  That somebody else has
-- overridden it does not matter: it is what a judge has said that is compared with
-- what people say, and not what they made of it.  Text is no rating: two people
-- never write the same.
CREATE OR REPLACE FUNCTION gaiops.ratings(name text)
RETURNS TABLE (unit integer, trace_id uuid, span_id text, session_id text, rater integer,
	source_type text, source_id text,
	value jsonb, scale text, rating double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	schema CONSTANT gaiops.label_schemas := gaiops.label_schema(name);
BEGIN
	RETURN QUERY
	WITH latest AS MATERIALIZED (
		SELECT DISTINCT ON (a.trace_id, a.span_id, a.session_id, a.source_type, a.source_id)
			a.trace_id, a.span_id, a.session_id, a.source_type, a.source_id, a.value
		FROM gaiops.assessments AS a
		WHERE a.name = ratings.name AND a.kind = 'feedback' AND NOT a.is_deleted AND schema.kind IS DISTINCT FROM 'text'
		ORDER BY a.trace_id, a.span_id, a.session_id, a.source_type, a.source_id,
			a.created_at DESC, a.assessment_id DESC
	), scaled AS (
		SELECT CASE
				WHEN schema.kind = 'pass_fail' THEN 'truth'
				WHEN schema.kind = 'number' THEN 'number'
				WHEN schema.kind = 'categories' AND schema.multiple THEN 'set'
				WHEN schema.kind = 'categories' AND schema.ordered THEN 'order'
				WHEN schema.kind = 'categories' THEN 'label'
				WHEN bool_and(jsonb_typeof(l.value) = 'number') THEN 'number'
				WHEN bool_and(jsonb_typeof(l.value) = 'boolean') THEN 'truth'
				ELSE 'label'
			END AS scale
		FROM latest AS l
	), placed AS MATERIALIZED (
		SELECT l.*, s.scale, gaiops.place_value(l.value, s.scale, schema) AS place
		FROM latest AS l, scaled AS s
	)
	SELECT dense_rank() OVER (ORDER BY p.trace_id, p.span_id COLLATE "C", p.session_id COLLATE "C")::integer,
		p.trace_id, p.span_id, p.session_id,
		dense_rank() OVER (ORDER BY p.source_type COLLATE "C", p.source_id COLLATE "C")::integer,
		p.source_type, p.source_id, p.value, p.scale,
		CASE
			WHEN p.scale = 'truth' THEN p.place::boolean::integer::double precision
			WHEN p.scale IN ('number', 'order') THEN gaiops.rating_number(p.place::numeric)
			ELSE dense_rank() OVER (ORDER BY p.place)::double precision
		END
	FROM placed AS p
	WHERE p.place IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.ratings(text) IS
	'Takes a name of feedback and returns what everybody has said under it of each unit, a trace, span or session, '
	'units and raters numbered, with the scale and the value as a number';

-- What people say of a unit is what most of them say, or the middle of it.
-- Where as many say one thing as another they say nothing.
CREATE OR REPLACE FUNCTION gaiops.compared_ratings(name text)
RETURNS TABLE (comparison text, rater_a integer, rater_b integer, machine_type text, source_a text, source_b text,
	scale text, units integer[], raters integer[], ratings double precision[])
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 50
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
DECLARE
	most_raters CONSTANT integer := 50;
BEGIN
	RETURN QUERY
	WITH rating AS MATERIALIZED (
		SELECT r.unit, r.rater, r.source_type, r.source_id, r.scale, r.rating
		FROM gaiops.ratings(compared_ratings.name) AS r
	), rater AS MATERIALIZED (
		SELECT r.rater, r.source_type, r.source_id, r.source_type = 'HUMAN' AS is_person,
			row_number() OVER (PARTITION BY r.source_type ORDER BY count(*) DESC, r.rater) <= most_raters AS is_paired
		FROM rating AS r
		GROUP BY r.rater, r.source_type, r.source_id
	), unit AS MATERIALIZED (
		SELECT r.unit,
			array_agg(r.rater ORDER BY r.rater) FILTER (WHERE p.is_person AND p.is_paired) AS people,
			array_agg(r.rating ORDER BY r.rater) FILTER (WHERE p.is_person AND p.is_paired) AS said_by_people,
			array_agg(r.rater ORDER BY r.rater) FILTER (WHERE NOT p.is_person AND p.is_paired) AS machines,
			array_agg(r.rating ORDER BY r.rater) FILTER (WHERE NOT p.is_person AND p.is_paired) AS said_by_machines,
			CASE
				WHEN min(r.scale) IN ('number', 'order')
					THEN percentile_cont(0.5) WITHIN GROUP (ORDER BY r.rating) FILTER (WHERE p.is_person)
				-- the least and the greatest of the commonest values
				WHEN mode() WITHIN GROUP (ORDER BY r.rating) FILTER (WHERE p.is_person)
					= mode() WITHIN GROUP (ORDER BY r.rating DESC) FILTER (WHERE p.is_person)
				THEN mode() WITHIN GROUP (ORDER BY r.rating) FILTER (WHERE p.is_person)
			END AS consensus
		FROM rating AS r JOIN rater AS p USING (rater)
		GROUP BY r.unit
	), gathered AS (
		SELECT 'reviewers' AS comparison, c.rater_a, c.rater_b,
			array_agg(c.unit) AS units, array_agg(v.rater) AS raters, array_agg(v.rating) AS ratings
		FROM (
			SELECT u.unit, a.rater AS rater_a, b.rater AS rater_b, a.rating AS rating_a, b.rating AS rating_b
			FROM unit AS u, unnest(u.people, u.said_by_people) AS a (rater, rating),
				unnest(u.people, u.said_by_people) AS b (rater, rating)
			WHERE a.rater < b.rater
		) AS c, LATERAL (VALUES (1, c.rating_a), (2, c.rating_b)) AS v (rater, rating)
		GROUP BY c.rater_a, c.rater_b
		UNION ALL
		SELECT 'all reviewers', NULL, NULL, array_agg(r.unit), array_agg(r.rater), array_agg(r.rating)
		FROM rating AS r WHERE r.source_type = 'HUMAN'
		UNION ALL
		SELECT 'machine', c.rater, NULL, array_agg(c.unit), array_agg(v.rater), array_agg(v.rating)
		FROM (
			SELECT u.unit, m.rater, m.rating, u.consensus
			FROM unit AS u, unnest(u.machines, u.said_by_machines) AS m (rater, rating)
			WHERE u.consensus IS NOT NULL
		) AS c, LATERAL (VALUES (1, c.rating), (2, c.consensus)) AS v (rater, rating)
		GROUP BY c.rater
	)
	SELECT g.comparison, g.rater_a, g.rater_b, a.source_type, a.source_id, b.source_id,
		(SELECT min(r.scale) FROM rating AS r), g.units, g.raters, g.ratings
	FROM gathered AS g
		LEFT JOIN rater AS a ON a.rater = g.rater_a
		LEFT JOIN rater AS b ON b.rater = g.rater_b
	WHERE g.units IS NOT NULL;
END
$$;
COMMENT ON FUNCTION gaiops.compared_ratings(text) IS
	'Takes a name of feedback; returns what raters are compared for agreement_on(): each two people, all people, '
	'and each judge or program with what people agree on, with the ratings of each unit, and the scale of all';

-- Compiling the queries takes a hundred times longer than running them, and would be done
-- for every name.
CREATE OR REPLACE FUNCTION gaiops.agreement_on(name text)
RETURNS TABLE (comparison text, rater_a text, rater_b text, level text, n integer,
	kappa double precision, kappa_low double precision, kappa_high double precision,
	alpha double precision, alpha_low double precision, alpha_high double precision,
	correlation double precision, correlation_low double precision, correlation_high double precision,
	prevalence double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 10 COST 100000
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	RETURN QUERY
	SELECT CASE
			WHEN c.comparison <> 'machine' THEN c.comparison
			WHEN c.machine_type = 'CODE' THEN 'code'
			ELSE 'judge' END,
		c.source_a, c.source_b, s.level, m.n,
		m.kappa, m.kappa_low, m.kappa_high, m.alpha, m.alpha_low, m.alpha_high,
		m.correlation, m.correlation_low, m.correlation_high, m.prevalence
	FROM gaiops.compared_ratings(agreement_on.name) AS c
		CROSS JOIN LATERAL (
			SELECT CASE c.scale WHEN 'number' THEN 'interval' WHEN 'order' THEN 'ordinal' ELSE 'nominal' END
		) AS s (level)
		CROSS JOIN LATERAL gaiops.measure_agreement(
			c.units, c.raters, c.ratings, s.level, CASE c.scale WHEN 'truth' THEN 1 END) AS m
	WHERE m.n > 0
	ORDER BY 1, c.rater_a, c.rater_b;
END
$$;
COMMENT ON FUNCTION gaiops.agreement_on(text) IS
	'Takes a name of feedback and returns the rows of gaiops.agreement for it';

CREATE OR REPLACE FUNCTION gaiops.check_feedback_name(name text)
RETURNS void
LANGUAGE plpgsql STABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('name', name);
	IF (gaiops.label_schema(name)).name IS NULL
		AND NOT EXISTS (
			SELECT FROM gaiops.assessments AS a WHERE a.name = check_feedback_name.name AND a.kind = 'feedback')
	THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('there is no feedback "%s"', name),
			DETAIL = 'Nobody has given any, and no label schema has that name.',
			HINT = 'Names of feedback are in gaiops.assessments, those of label schemas in gaiops.label_schemas.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_feedback_name(text) IS
	'Takes a name and returns nothing; raises if neither feedback nor a label schema has it';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_disagreements(name text)
RETURNS TABLE (trace_id uuid, span_id text, session_id text, people jsonb, judges jsonb,
	programs jsonb, distance double precision)
LANGUAGE plpgsql STABLE PARALLEL SAFE ROWS 100
SET search_path = pg_catalog, gaiops, pg_temp
SET jit = off
AS $$
BEGIN
	PERFORM gaiops.check_feedback_name(name);
	RETURN QUERY
	SELECT r.trace_id, r.span_id, r.session_id,
		jsonb_object_agg(r.source_id, r.shown) FILTER (WHERE r.source_type = 'HUMAN' AND r.place <= 1000),
		coalesce(jsonb_object_agg(r.source_id, r.shown)
			FILTER (WHERE r.source_type = 'LLM_JUDGE' AND r.place <= 1000), '{}'),
		coalesce(jsonb_object_agg(r.source_id, r.shown)
			FILTER (WHERE r.source_type = 'CODE' AND r.place <= 1000), '{}'),
		CASE
			WHEN min(r.scale) IN ('number', 'order') THEN max(r.rating) - min(r.rating)
			ELSE 1 - max(r.same)::double precision / count(*)
		END AS apart
	FROM (
		-- Anybody may say anything, as any judge: what is shown of it has to fit a value.
		SELECT s.*, count(*) OVER (PARTITION BY s.unit, s.rating) AS same,
			row_number() OVER (PARTITION BY s.unit, s.source_type ORDER BY s.source_id) AS place,
			CASE WHEN octet_length(s.value::text) > 10000
				THEN to_jsonb(left(s.value::text, 1000) || '…') ELSE s.value END AS shown
		FROM gaiops.ratings(gaiops_disagreements.name) AS s
	) AS r
	GROUP BY r.unit, r.trace_id, r.span_id, r.session_id
	HAVING min(r.rating) < max(r.rating) AND bool_or(r.source_type = 'HUMAN')
	ORDER BY apart DESC, r.unit;
END
$$;
COMMENT ON FUNCTION pg_catalog.gaiops_disagreements(text) IS
	'Takes a name of feedback and returns the traces, spans and sessions on which people differ, '
	'or judges or programs and people, those first that are furthest apart, with what each has said; '
	'raises if nothing has that name';
