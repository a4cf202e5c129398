-- What a version of a prompt has to reach.

CREATE OR REPLACE FUNCTION gaiops.criterion_speaker(metric text, said_by text)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN coalesce(said_by, CASE WHEN metric IN ('cost', 'performance') THEN 'usage' ELSE 'judge' END);
COMMENT ON FUNCTION gaiops.criterion_speaker(text, text) IS
	'Takes a metric and who says it, or NULL; returns who says it: usage, judge or people';

CREATE OR REPLACE FUNCTION gaiops.check_word(argument text, word text, allowed text[])
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given(argument, word);
	IF word <> ALL (allowed) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('argument "%s" cannot be "%s"', argument, word),
			HINT = format('It is one of %s.', array_to_string(allowed, ', '));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_word(text, text, text[]) IS
	'Takes an argument''s name and value and what it may be, and returns nothing; raises if it is something else';

CREATE OR REPLACE FUNCTION gaiops.check_limits(minimum double precision, maximum double precision)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	IF minimum IS NULL AND maximum IS NULL THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'a criterion needs a minimum or a maximum',
			HINT = 'To take one away, use gaiops_delete_criterion().';
	ELSIF gaiops.is_finite(minimum) IS FALSE OR gaiops.is_finite(maximum) IS FALSE OR minimum > maximum THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'the limits of a criterion must be numbers, and the minimum no greater than the maximum',
			DETAIL = format('The minimum is %s, the maximum %s.', coalesce(minimum::text, 'open'),
				coalesce(maximum::text, 'open'));
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_limits(double precision, double precision) IS
	'Takes a minimum and a maximum, each NULL where it is open, and returns nothing; raises unless something is '
	'between them';

CREATE OR REPLACE FUNCTION gaiops.check_criterion(
	experiment text, metric text, aggregate text, measured text, said_by text)
RETURNS void
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
BEGIN
	PERFORM gaiops.check_given('experiment', experiment);
	PERFORM gaiops.check_given('metric', metric);
	PERFORM gaiops.check_name('a metric', metric);
	PERFORM gaiops.check_word('aggregate', aggregate, '{mean,pass_rate,p50,p90,p95}');
	PERFORM gaiops.check_word('measured', measured, '{promotion,production}');
	PERFORM gaiops.check_word('said_by', said_by,
		CASE WHEN metric IN ('cost', 'performance') THEN '{usage}'::text[] ELSE '{judge,people}' END);
	IF said_by = 'people' AND measured = 'promotion' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = 'what people say cannot be measured at promotion',
			DETAIL = 'Nobody has rated what was never served.',
			HINT = 'Write measured => ''production''.';
	ELSIF said_by = 'usage' AND aggregate = 'pass_rate' THEN
		RAISE EXCEPTION USING
			ERRCODE = 'invalid_parameter_value',
			MESSAGE = format('%s has no pass_rate', metric),
			HINT = 'It is one of mean, p50, p90, p95.';
	END IF;
END
$$;
COMMENT ON FUNCTION gaiops.check_criterion(text, text, text, text, text) IS
	'Takes what a criterion is of and returns nothing; raises unless there can be one';

CREATE OR REPLACE FUNCTION gaiops.inner_set_criterion(
	experiment text, metric text, aggregate text, minimum double precision, maximum double precision,
	measured text, said_by text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	speaker CONSTANT text := gaiops.criterion_speaker(metric, said_by);
BEGIN
	PERFORM gaiops.check_writable('gaiops_set_criterion');
	PERFORM gaiops.check_criterion(experiment, metric, aggregate, measured, speaker);
	PERFORM gaiops.check_limits(minimum, maximum);
	IF NOT gaiops.experiment_exists(experiment) THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('experiment "%s" does not exist', experiment),
			HINT = 'Create it with gaiops_create_experiment(); gaiops.experiments lists those there are.';
	END IF;
	INSERT INTO gaiops.criteria AS c VALUES (experiment, metric, aggregate, measured, speaker, minimum, maximum,
			now(), gaiops.caller())
		ON CONFLICT ON CONSTRAINT criteria_pkey DO UPDATE SET minimum = EXCLUDED.minimum, maximum = EXCLUDED.maximum,
			updated_at = EXCLUDED.updated_at, updated_by = EXCLUDED.updated_by;
	RETURN metric;
END
$$;
COMMENT ON FUNCTION gaiops.inner_set_criterion(
	text, text, text, double precision, double precision, text, text) IS
	'Takes the arguments of gaiops_set_criterion() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_set_criterion(
	experiment text, metric text, aggregate text DEFAULT 'mean', minimum double precision DEFAULT NULL,
	maximum double precision DEFAULT NULL, measured text DEFAULT 'promotion', said_by text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_set_criterion(
	text, text, text, double precision, double precision, text, text) IS
	'Takes an experiment, a metric, how it is aggregated, the least and the most that it may be, where it is measured, '
	'at promotion or in production, and who says it, judge or people; sets what versions of prompts have to reach and '
	'returns the metric';

CREATE OR REPLACE FUNCTION gaiops.inner_delete_criterion(
	experiment text, metric text, aggregate text, measured text, said_by text)
RETURNS text
LANGUAGE plpgsql VOLATILE PARALLEL UNSAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
DECLARE
	speaker CONSTANT text := gaiops.criterion_speaker(metric, said_by);
BEGIN
	PERFORM gaiops.check_writable('gaiops_delete_criterion');
	PERFORM gaiops.check_criterion(experiment, metric, aggregate, measured, speaker);
	DELETE FROM gaiops.criteria AS c
	WHERE (c.experiment, c.metric, c.aggregate, c.measured, c.said_by)
		= (inner_delete_criterion.experiment, inner_delete_criterion.metric, inner_delete_criterion.aggregate,
			inner_delete_criterion.measured, speaker);
	IF NOT FOUND THEN
		RAISE EXCEPTION USING
			ERRCODE = 'undefined_object',
			MESSAGE = format('experiment "%s" has no criterion for the %s of "%s"', experiment, aggregate, metric),
			DETAIL = format('None that is measured %s %s and said by %s.',
				CASE measured WHEN 'promotion' THEN 'at' ELSE 'in' END, measured, speaker),
			HINT = 'Those there are, are in gaiops.criteria.';
	END IF;
	RETURN metric;
END
$$;
COMMENT ON FUNCTION gaiops.inner_delete_criterion(text, text, text, text, text) IS
	'Takes the arguments of gaiops_delete_criterion() and does its work for gaiops.caller(); returns what that does';

CREATE OR REPLACE FUNCTION pg_catalog.gaiops_delete_criterion(
	experiment text, metric text, aggregate text DEFAULT 'mean', measured text DEFAULT 'promotion',
	said_by text DEFAULT NULL)
RETURNS text
LANGUAGE c VOLATILE PARALLEL UNSAFE AS 'MODULE_PATHNAME', 'gaiops_enter';
COMMENT ON FUNCTION pg_catalog.gaiops_delete_criterion(text, text, text, text, text) IS
	'Takes an experiment, a metric, how it is aggregated, where it is measured and who says it; takes away what '
	'versions of prompts have to reach there and returns the metric; raises if there is no such criterion';

-- ---- whether one is met ----

CREATE OR REPLACE FUNCTION gaiops.criterion_state(
	n bigint, ci_low double precision, ci_high double precision, minimum double precision, maximum double precision)
RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN minimum IS NULL AND maximum IS NULL THEN NULL
	WHEN coalesce(n, 0) = 0 THEN 'not measured'
	WHEN ci_high < minimum OR ci_low > maximum THEN 'not met'
	WHEN (minimum IS NULL OR coalesce(ci_low >= minimum, false))
		AND (maximum IS NULL OR coalesce(ci_high <= maximum, false)) THEN 'met'
	ELSE 'unsure' END;
COMMENT ON FUNCTION gaiops.criterion_state(
	bigint, double precision, double precision, double precision, double precision) IS
	'Takes how many were measured, the bounds of what they come to, and the limits, NULL where they are open; returns '
	'met, not met, unsure or not measured, NULL without limits';

CREATE OR REPLACE FUNCTION gaiops.aggregate_numbers(
	numbers double precision[], low double precision, high double precision, aggregate text)
RETURNS TABLE (n bigint, value double precision, ci_low double precision, ci_high double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 1
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT m.* FROM gaiops.mean_bounds(numbers, low, high) AS m WHERE aggregate IN ('mean', 'pass_rate')
	UNION ALL
	SELECT q.* FROM gaiops.quantile_bounds(numbers, right(aggregate, 2)::double precision / 100) AS q
	WHERE aggregate IN ('p50', 'p90', 'p95')
$$;
COMMENT ON FUNCTION gaiops.aggregate_numbers(double precision[], double precision, double precision, text) IS
	'Takes numbers, the ends of the range they are in, NULL where there is none, and an aggregate of criteria; returns '
	'how many they are, the aggregate, and its bounds, each one-sided and of 95 %';
