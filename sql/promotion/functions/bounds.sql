-- What core/stats says of a candidate.  NULL, NaN and infinity among numbers are missing.

CREATE OR REPLACE FUNCTION gaiops.mean_bounds(
	numbers double precision[], low double precision, high double precision,
	OUT n bigint, OUT value double precision, OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_mean_bounds'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION gaiops.mean_bounds(double precision[], double precision, double precision) IS
	'Takes numbers and the ends of the range they are in, NULL where there is none; returns their mean and a lower and '
	'an upper bound of it, each one-sided and of 95 %';

CREATE OR REPLACE FUNCTION gaiops.quantile_bounds(
	numbers double precision[], share double precision,
	OUT n bigint, OUT value double precision, OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_quantile_bounds'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION gaiops.quantile_bounds(double precision[], double precision) IS
	'Takes numbers and a share, 0.5 for the median; returns the value below which that share of them is, and a lower '
	'and an upper bound of it, each one-sided and of 95 %, NULL where it is open, as there are too few';

CREATE OR REPLACE FUNCTION gaiops.hold_trial(
	differences double precision[], scale double precision, margin double precision, attempt bigint, least_units bigint,
	scores bigint, OUT n bigint, OUT difference double precision, OUT alpha double precision,
	OUT bound double precision, OUT least_n double precision, OUT n_needed double precision, OUT is_better boolean,
	OUT problem text)
AS 'MODULE_PATHNAME', 'gaiops_hold_trial'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100000;
COMMENT ON FUNCTION gaiops.hold_trial(
	double precision[], double precision, double precision, bigint, bigint, bigint) IS
	'Takes differences of units, candidate minus baseline, of which more is better, the width of the scale, the '
	'margin, which attempt it is, the least number of units, and by how many scores it is tried; returns the mean, the lower '
	'bound at the alpha of that attempt, how many units it takes at least, how many it needs for 80 %, NULL if no '
	'number does, whether it is better, and the problem: unbounded, too few, beyond margin, or an empty text';
