-- What core/stats says of a mean and of a quantile.  NULL, NaN and infinity among numbers are missing.

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
