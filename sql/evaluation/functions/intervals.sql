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
