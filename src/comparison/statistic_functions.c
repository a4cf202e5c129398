/*
 * statistic_functions.c
 *		Statistics of a comparison, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "catalog/pg_type.h"
#include "comparison/statistic.h"
#include "compat.h"
#include "core/stats/arms.h"
#include "core/stats/difference.h"
#include "core/stats/holm.h"
#include "core/stats/pairs.h"
#include "core/stats/power.h"
#include "core/stats/proportion.h"
#include "core/stats/quantile.h"
#include "core/stats/ratio.h"
#include "core/stats/verdict.h"
#include "utils/array.h"

PG_FUNCTION_INFO_V1(gaiops_compare_numbers);
PG_FUNCTION_INFO_V1(gaiops_compare_passes);
PG_FUNCTION_INFO_V1(gaiops_compare_arms);
PG_FUNCTION_INFO_V1(gaiops_compare_shares);
PG_FUNCTION_INFO_V1(gaiops_compare_durations);
PG_FUNCTION_INFO_V1(gaiops_compare_totals);
PG_FUNCTION_INFO_V1(gaiops_quantile_interval);
PG_FUNCTION_INFO_V1(gaiops_holm);
PG_FUNCTION_INFO_V1(gaiops_comparison_verdict);
PG_FUNCTION_INFO_V1(gaiops_n_needed);
PG_FUNCTION_INFO_V1(gaiops_pairs_needed);

static const Power usual_power = {POWER_USUAL, POWER_ALPHA};

/* ---- pairs ---- */

typedef struct NumbersTask
{
	StatisticNumbers differences;
	double		scale;
	Sampling	how;
	Difference	found;
} NumbersTask;

static bool
compare_numbers(Arena *arena, void *context)
{
	NumbersTask *task = context;

	return difference_compare(arena, task->differences.values, (size_t) task->differences.n, task->scale,
							  &task->how, &task->found);
}

/*
 * gaiops.compare_numbers(differences, scale, seed) returns a row
 */
Datum
gaiops_compare_numbers(PG_FUNCTION_ARGS)
{
	NumbersTask task = {statistic_numbers(fcinfo, 0), statistic_number(fcinfo, 1), statistic_sampling(fcinfo, 2)};
	const Difference *found = &task.found;
	StatisticRow row = {0};

	statistic_do(compare_numbers, &task,
				 (size_t) task.differences.n * DIFFERENCE_BYTES_PER_VALUE + DIFFERENCE_BYTES(&task.how));
	statistic_put_count(&row, (int64) found->n);
	statistic_put_count(&row, (int64) found->n_differing);
	statistic_put_number(&row, found->mean);
	statistic_put_number(&row, found->sd);
	statistic_put_interval(&row, found->interval);
	statistic_put_number(&row, found->p_value);
	statistic_put_text(&row, found->is_exact ? "sign-flip permutation, exact" : "sign-flip permutation, drawn");
	statistic_put_number(&row, found->d_z);
	statistic_put_number(&row, found->wilcoxon_p);
	statistic_put_number(&row, found->planning_sd);
	statistic_put_number(&row, found->detectable);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/*
 * Three counts of pairs; raises if more differ than there are.
 */
static Pairs
get_pairs(FunctionCallInfo fcinfo)
{
	Pairs		pairs = {
		statistic_count(fcinfo, 0, "candidate_only"),
		statistic_count(fcinfo, 1, "baseline_only"),
		statistic_count(fcinfo, 2, "pairs")
	};

	if (pairs.b > pairs.n || pairs.c > pairs.n - pairs.b)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("more pairs differ than there are")));
	return pairs;
}

/*
 * gaiops.compare_passes(candidate_only, baseline_only, pairs) returns a row
 */
Datum
gaiops_compare_passes(PG_FUNCTION_ARGS)
{
	Pairs		pairs = get_pairs(fcinfo);
	double		sd = pairs_planning_sd(pairs);
	StatisticRow row = {0};

	statistic_put_count(&row, pairs.n);
	statistic_put_count(&row, pairs.b + pairs.c);
	statistic_put_number(&row, pairs_difference(pairs));
	statistic_put_interval(&row, pairs_tango(pairs));
	statistic_put_number(&row, pairs_mcnemar(pairs));
	statistic_put_text(&row, "McNemar, exact");
	statistic_put_number(&row, sd);
	statistic_put_number(&row, power_detectable(sd, (double) pairs.n, usual_power));
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/* ---- arms that are not paired ---- */

typedef struct ArmsTask
{
	StatisticNumbers arms[2];
	double		scale;
	Sampling	how;
	ArmsComparison found;
} ArmsTask;

static bool
compare_arms(Arena *arena, void *context)
{
	ArmsTask   *task = context;
	Arm			baseline = {task->arms[0].values, (size_t) task->arms[0].n};
	Arm			candidate = {task->arms[1].values, (size_t) task->arms[1].n};

	return arms_compare(arena, baseline, candidate, task->scale, &task->how, &task->found);
}

/*
 * gaiops.compare_arms(baseline, candidate, scale, seed) returns a row
 */
Datum
gaiops_compare_arms(PG_FUNCTION_ARGS)
{
	ArmsTask	task = {
		{statistic_numbers(fcinfo, 0), statistic_numbers(fcinfo, 1)},
		statistic_number(fcinfo, 2), statistic_sampling(fcinfo, 3)
	};
	const ArmsComparison *found = &task.found;
	StatisticRow row = {0};

	statistic_do(compare_arms, &task,
				 ((size_t) task.arms[0].n + (size_t) task.arms[1].n) * ARMS_BYTES_PER_VALUE + ARMS_BYTES(&task.how));
	statistic_put_count(&row, (int64) found->n[0]);
	statistic_put_count(&row, (int64) found->n[1]);
	statistic_put_number(&row, found->mean[0]);
	statistic_put_number(&row, found->mean[1]);
	statistic_put_number(&row, found->difference);
	statistic_put_interval(&row, found->interval);
	statistic_put_number(&row, found->p_value);
	statistic_put_text(&row, "permutation, drawn");
	statistic_put_number(&row, found->detectable);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/* Two counts, of which the first is a part; raises if it is more. */
static Share
get_share(FunctionCallInfo fcinfo, int arg, const char *passed, const char *n)
{
	Share		share = {statistic_count(fcinfo, arg, passed), statistic_count(fcinfo, arg + 1, n)};

	if (share.k > share.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must not be greater than \"%s\"", passed, n)));
	return share;
}

/*
 * gaiops.compare_shares(baseline_passed, baseline_n, candidate_passed,
 * candidate_n) returns a row
 */
Datum
gaiops_compare_shares(PG_FUNCTION_ARGS)
{
	Share		a = get_share(fcinfo, 0, "baseline_passed", "baseline_n");
	Share		b = get_share(fcinfo, 2, "candidate_passed", "candidate_n");
	StatisticRow row = {0};

	statistic_put_number(&row, share_value(a));
	statistic_put_number(&row, share_value(b));
	statistic_put_number(&row, share_value(b) - share_value(a));
	statistic_put_interval(&row, share_difference_interval(a, b));
	statistic_put_number(&row, share_fisher(a, b));
	statistic_put_text(&row, "Fisher, exact");
	statistic_put_number(&row, power_detectable(hypot(share_error(a), share_error(b)), 1, usual_power));
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/* ---- ratios ---- */

typedef struct RatioTask
{
	RatioUnits	units;
	Sampling	how;
	bool		(*compare) (Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio);
	Ratio		found;
} RatioTask;

static bool
compare_ratio(Arena *arena, void *context)
{
	RatioTask  *task = context;

	return task->compare(arena, task->units, &task->how, &task->found);
}

/* Puts the count, the ratio and its interval. */
static void
put_ratio(FunctionCallInfo fcinfo, RatioTask *task, StatisticRow *row)
{
	task->how = statistic_sampling(fcinfo, 2);
	statistic_do(compare_ratio, task, task->units.n * RATIO_BYTES_PER_UNIT + RATIO_BYTES(&task->how));
	statistic_put_count(row, (int64) task->found.n);
	statistic_put_number(row, task->found.ratio);
	statistic_put_interval(row, task->found.interval);
}

/*
 * gaiops.compare_durations(baseline, candidate, seed) returns a row
 */
Datum
gaiops_compare_durations(PG_FUNCTION_ARGS)
{
	const char *const names[] = {"baseline", "candidate"};
	StatisticNumbers pair[2];
	RatioTask	task = {.compare = ratio_of_means};
	StatisticRow row = {0};

	statistic_paired(fcinfo, names, pair);
	task.units = (RatioUnits) {pair[1].values, pair[0].values, (size_t) pair[0].n};
	put_ratio(fcinfo, &task, &row);
	statistic_put_number(&row, task.found.p_value);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/*
 * gaiops.compare_totals(numerators, denominators, seed) returns a row
 */
Datum
gaiops_compare_totals(PG_FUNCTION_ARGS)
{
	const char *const names[] = {"numerators", "denominators"};
	StatisticNumbers pair[2];
	RatioTask	task = {.compare = ratio_of_totals};
	StatisticRow row = {0};

	statistic_paired(fcinfo, names, pair);
	task.units = (RatioUnits) {pair[0].values, pair[1].values, (size_t) pair[0].n};
	put_ratio(fcinfo, &task, &row);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/* ---- quantiles ---- */

/*
 * gaiops.quantile_interval(numbers, share) returns a row
 */
Datum
gaiops_quantile_interval(PG_FUNCTION_ARGS)
{
	StatisticNumbers numbers = statistic_numbers(fcinfo, 0);
	StatisticRow row = {0};
	Bounds	interval;
	double		quantile;
	size_t		n = 0;

	for (int i = 0; i < numbers.n; i++)
		if (isfinite(numbers.values[i]))
			numbers.values[n++] = numbers.values[i];
	quantile = quantile_measure(numbers.values, n, statistic_number(fcinfo, 1), &interval);
	statistic_put_count(&row, (int64) n);
	statistic_put_number(&row, quantile);
	statistic_put_interval(&row, interval);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/* ---- verdicts ---- */

/*
 * gaiops.holm(p_values) returns double precision[]
 */
Datum
gaiops_holm(PG_FUNCTION_ARGS)
{
	StatisticNumbers numbers = statistic_numbers(fcinfo, 0);
	HolmTest   *tests = palloc_array(HolmTest, numbers.n);
	Datum	   *elements = palloc_array(Datum, numbers.n);
	bool	   *nulls = palloc_array(bool, numbers.n);
	int			lower = 1;

	holm_adjust(numbers.values, (size_t) numbers.n, tests);
	for (int i = 0; i < numbers.n; i++)
	{
		elements[i] = Float8GetDatum(numbers.values[i]);
		nulls[i] = isnan(numbers.values[i]);
	}
	PG_RETURN_ARRAYTYPE_P(construct_md_array(elements, nulls, 1, &numbers.n, &lower, FLOAT8OID,
											 sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
}

/*
 * gaiops.comparison_verdict(p_holm, ci_low, ci_high, detectable, margin)
 * returns a row
 */
Datum
gaiops_comparison_verdict(PG_FUNCTION_ARGS)
{
	Evidence	evidence = {
		statistic_number(fcinfo, 0),
		{statistic_number(fcinfo, 1), statistic_number(fcinfo, 2)},
		statistic_number(fcinfo, 3),
		statistic_number(fcinfo, 4)
	};
	StatisticRow row = {0};

	statistic_put_text(&row, verdict_name(verdict_of(&evidence)));
	statistic_put_bool(&row, verdict_is_within_margin(&evidence));
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/* ---- planning ---- */

/* Power and level, of which neither may be NULL; raises if they are none. */
static Power
get_power(FunctionCallInfo fcinfo)
{
	Power		power = {statistic_number(fcinfo, 2), statistic_number(fcinfo, 3)};

	if (!power_is_possible(power))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot plan with that power and level"),
				 errdetail("The level must be above 0, the power above the level and below 1.")));
	return power;
}

/*
 * gaiops.n_needed(sd, margin, power, alpha, widest) returns bigint
 */
Datum
gaiops_n_needed(PG_FUNCTION_ARGS)
{
	Power		power = get_power(fcinfo);
	double		sd = statistic_number(fcinfo, 0);
	double		margin = statistic_number(fcinfo, 1);
	double		widest = statistic_number(fcinfo, 4);
	int64		n = isnan(widest) ? power_n(sd, margin, power) : power_n_widened(sd, widest, margin, power);

	if (n < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(n);
}

/*
 * gaiops.pairs_needed(discordance, margin, power, alpha) returns bigint
 */
Datum
gaiops_pairs_needed(PG_FUNCTION_ARGS)
{
	Power		power = get_power(fcinfo);
	int64		n = power_pairs(statistic_number(fcinfo, 0), statistic_number(fcinfo, 1), power);

	if (n < 0)
		PG_RETURN_NULL();
	PG_RETURN_INT64(n);
}
