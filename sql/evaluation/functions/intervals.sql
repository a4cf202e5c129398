-- Intervals of what one run has measured.

CREATE OR REPLACE FUNCTION gaiops.share_interval(passed bigint, n bigint,
	OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_share_interval'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION gaiops.share_interval(bigint, bigint) IS
	'Takes how many passed, and of how many; returns Wilson''s interval of the share, of 95 %, NULL of none; raises '
	'if more passed than there are, or fewer than none';

CREATE OR REPLACE FUNCTION gaiops.mean_interval(n bigint, mean double precision, sd double precision,
	OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_mean_interval'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION gaiops.mean_interval(bigint, double precision, double precision) IS
	'Takes how many numbers there are, their mean and their standard deviation; returns Student''s interval of the '
	'mean, of 95 %, NULL of fewer than two';

-- Scores that are all the same do not say that all others are: two imaginary ones, the
-- least and the greatest there can be, give the interval its width.
CREATE OR REPLACE FUNCTION gaiops.score_interval(n bigint, mean double precision, sd double precision,
	low double precision, high double precision, scale double precision,
	OUT ci_low double precision, OUT ci_high double precision)
LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, gaiops, pg_temp
AS $$
	SELECT CASE WHEN b.bounded THEN greatest(t.ci_low, 0) ELSE t.ci_low END,
		CASE WHEN b.bounded THEN least(t.ci_high, scale) ELSE t.ci_high END
	FROM (SELECT coalesce(low >= 0 AND high <= scale, false), low = high AND n > 1) AS b (bounded, alike)
		CROSS JOIN LATERAL (SELECT CASE WHEN b.alike THEN (n * mean + scale) / (n + 2) ELSE mean END) AS m (center)
		CROSS JOIN LATERAL (SELECT CASE WHEN NOT b.alike THEN sd ELSE sqrt((n * (mean - m.center) ^ 2
			+ m.center ^ 2 + (scale - m.center) ^ 2) / (n + 1)) END) AS w (sd)
		CROSS JOIN LATERAL gaiops.mean_interval(CASE WHEN b.alike THEN n + 2 ELSE n END, m.center, w.sd) AS t
$$;
COMMENT ON FUNCTION gaiops.score_interval(
	bigint, double precision, double precision, double precision, double precision, double precision) IS
	'Takes how many scores there are, their mean, standard deviation, least and greatest, and the width of their '
	'range, NULL if it has none; returns Student''s interval of the mean, of 95 %, cut at that range if it is from 0, '
	'as if there were two more, at either end of it, if all are the same; NULL of fewer than two, and of the same '
	'without a range';
