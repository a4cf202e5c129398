-- What core/stats makes of numbers.  NULL, NaN and infinity among numbers are
-- missing: they are left out and not counted.  What is not defined is NULL, and
-- nothing here raises for what data are like.  Intervals are of 95 %, each for itself.

CREATE OR REPLACE FUNCTION gaiops.compare_numbers(
	differences double precision[], scale double precision, seed text,
	OUT n bigint, OUT n_differing bigint, OUT mean double precision, OUT sd double precision,
	OUT ci_low double precision, OUT ci_high double precision, OUT p_value double precision, OUT test text,
	OUT d_z double precision, OUT wilcoxon_p double precision,
	OUT planning_sd double precision, OUT detectable double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_numbers'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION gaiops.compare_numbers(double precision[], double precision, text) IS
	'Takes the difference of each unit, candidate minus baseline, the width of the scale, NULL if it has none, and a '
	'text that decides what is drawn; returns the mean, its interval, the sign-flip test of its being 0, d_z, '
	'Wilcoxon''s test, the standard deviation to plan with, and the difference that 80 % power detects';

CREATE OR REPLACE FUNCTION gaiops.compare_passes(
	candidate_only bigint, baseline_only bigint, pairs bigint,
	OUT n bigint, OUT n_differing bigint, OUT difference double precision,
	OUT ci_low double precision, OUT ci_high double precision, OUT p_value double precision, OUT test text,
	OUT planning_sd double precision, OUT detectable double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_passes'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION gaiops.compare_passes(bigint, bigint, bigint) IS
	'Takes how many units only the candidate passes, how many only the baseline, and how many there are; returns the '
	'difference of shares, Tango''s interval, the exact McNemar test, the standard deviation to plan with, and the '
	'difference that 80 % power detects; raises if there are more that differ than there are, or fewer than none';

CREATE OR REPLACE FUNCTION gaiops.compare_arms(
	baseline double precision[], candidate double precision[], scale double precision, seed text,
	OUT n_baseline bigint, OUT n_candidate bigint,
	OUT mean_baseline double precision, OUT mean_candidate double precision, OUT difference double precision,
	OUT ci_low double precision, OUT ci_high double precision, OUT p_value double precision, OUT test text,
	OUT detectable double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_arms'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION gaiops.compare_arms(double precision[], double precision[], double precision, text) IS
	'Takes numbers of either arm, which are not pairs, the width of the scale, NULL if it has none, and a text that '
	'decides what is drawn; returns the means, their difference, its interval, the permutation test of its being 0, '
	'and the difference that 80 % power detects';

CREATE OR REPLACE FUNCTION gaiops.compare_shares(
	baseline_passed bigint, baseline_n bigint, candidate_passed bigint, candidate_n bigint,
	OUT share_baseline double precision, OUT share_candidate double precision, OUT difference double precision,
	OUT ci_low double precision, OUT ci_high double precision, OUT p_value double precision, OUT test text,
	OUT detectable double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_shares'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION gaiops.compare_shares(bigint, bigint, bigint, bigint) IS
	'Takes how many passed in either arm and of how many, which are not pairs; returns the shares, their difference, '
	'Newcombe''s interval, Fisher''s exact test, and the difference that 80 % power detects; raises if more passed '
	'than there are, or fewer than none';

CREATE OR REPLACE FUNCTION gaiops.compare_durations(
	baseline double precision[], candidate double precision[], seed text,
	OUT n bigint, OUT ratio double precision, OUT ci_low double precision, OUT ci_high double precision,
	OUT p_value double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_durations'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION gaiops.compare_durations(double precision[], double precision[], text) IS
	'Takes a duration of either arm for each unit, those of a unit at the same place, and a text that decides what is '
	'drawn; returns the ratio of geometric means, candidate to baseline, its interval, and the sign-flip test of its '
	'being 1; units with a duration that is not positive are left out; raises if the arrays differ in length';

CREATE OR REPLACE FUNCTION gaiops.compare_totals(
	numerators double precision[], denominators double precision[], seed text,
	OUT n bigint, OUT ratio double precision, OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_totals'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000000;
COMMENT ON FUNCTION gaiops.compare_totals(double precision[], double precision[], text) IS
	'Takes two numbers of each unit, none negative, those of a unit at the same place, and a text that decides what '
	'is drawn; returns the ratio of their totals and its interval, whose bound is NULL where it is open: candidate''s '
	'cost by baseline''s, or cost by 1 for each pass, the cost per pass; raises if the arrays differ in length';

CREATE OR REPLACE FUNCTION gaiops.quantile_interval(
	numbers double precision[], share double precision,
	OUT n bigint, OUT quantile double precision, OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_quantile_interval'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000;
COMMENT ON FUNCTION gaiops.quantile_interval(double precision[], double precision) IS
	'Takes numbers and a share, 0.5 for the median; returns the value below which that share of them is, and its '
	'interval, two of the numbers; a bound is NULL where it is open, as there are too few';

CREATE OR REPLACE FUNCTION gaiops.holm(p_values double precision[])
RETURNS double precision[]
AS 'MODULE_PATHNAME', 'gaiops_holm'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 1000;
COMMENT ON FUNCTION gaiops.holm(double precision[]) IS
	'Takes p-values of one family, NULL where a test was not possible; returns them adjusted by Holm, at the same '
	'places, NULL staying NULL and not counting';

CREATE OR REPLACE FUNCTION gaiops.comparison_verdict(
	p_holm double precision, ci_low double precision, ci_high double precision,
	detectable double precision, margin double precision,
	OUT verdict text, OUT within_margin boolean)
AS 'MODULE_PATHNAME', 'gaiops_comparison_verdict'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10;
COMMENT ON FUNCTION gaiops.comparison_verdict(double precision, double precision, double precision, double precision,
	double precision) IS
	'Takes the adjusted p-value, the interval of a difference of which more is better, the difference that 80 % power '
	'detects, and the margin, NULL if there is none; returns better, worse, equivalent, too few or no evidence, and '
	'whether the interval is inside the margin';

CREATE OR REPLACE FUNCTION gaiops.n_needed(
	sd double precision, margin double precision, power double precision DEFAULT 0.8,
	alpha double precision DEFAULT 0.05, widest double precision DEFAULT NULL)
RETURNS bigint
AS 'MODULE_PATHNAME', 'gaiops_n_needed'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION gaiops.n_needed(double precision, double precision, double precision, double precision,
	double precision) IS
	'Takes the standard deviation of the differences of pairs, a difference, the power to detect it with, the level of '
	'a two-sided test, and how much two more pairs differ, NULL if the standard deviation has them; returns how many '
	'pairs that needs, no fewer than can be significant, NULL if no number is enough or the deviation is 0';

CREATE OR REPLACE FUNCTION gaiops.pairs_needed(
	discordance double precision, margin double precision, power double precision DEFAULT 0.8,
	alpha double precision DEFAULT 0.05)
RETURNS bigint
AS 'MODULE_PATHNAME', 'gaiops_pairs_needed'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 100;
COMMENT ON FUNCTION gaiops.pairs_needed(double precision, double precision, double precision, double precision) IS
	'Takes the share of pairs of which one passes and one fails, a difference of shares, the power to detect it with, '
	'and the level of a two-sided test; returns how many pairs that needs, NULL if no number is enough, as where the '
	'difference is more than the share';

CREATE OR REPLACE FUNCTION gaiops.compare_bleu(
	baseline double precision[], candidate double precision[], seed text,
	OUT n bigint, OUT bleu_baseline double precision, OUT bleu_candidate double precision,
	OUT difference double precision, OUT ci_low double precision, OUT ci_high double precision)
AS 'MODULE_PATHNAME', 'gaiops_compare_bleu'
LANGUAGE C IMMUTABLE PARALLEL SAFE COST 10000000;
COMMENT ON FUNCTION gaiops.compare_bleu(double precision[], double precision[], text) IS
	'Takes the ten numbers that BLEU of a text is computed of, of each unit in either arm, those of a unit at the same '
	'places, and a text that decides what is drawn; returns corpus BLEU of both arms, from 0 to 1, their difference '
	'and its interval, by drawing units; units with a number that is missing are left out; raises if the arrays differ '
	'in length, or have other than ten numbers for each unit';
