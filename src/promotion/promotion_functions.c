/*
 * promotion_functions.c
 *		What a promotion goes by, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "comparison/statistic.h"
#include "compat.h"
#include "core/stats/mean_bound.h"
#include "core/stats/quantile.h"
#include "core/stats/sample.h"
#include "core/stats/trial.h"
#include "miscadmin.h"

PG_FUNCTION_INFO_V1(gaiops_mean_bounds);
PG_FUNCTION_INFO_V1(gaiops_quantile_bounds);
PG_FUNCTION_INFO_V1(gaiops_hold_trial);

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* Numbers of which those that are not finite are left out. */
static StatisticNumbers
finite_numbers(FunctionCallInfo fcinfo, int arg)
{
	StatisticNumbers numbers = statistic_numbers(fcinfo, arg);
	int			n = 0;

	for (int i = 0; i < numbers.n; i++)
		if (isfinite(numbers.values[i]))
			numbers.values[n++] = numbers.values[i];
	numbers.n = n;
	return numbers;
}

static void
put_bounds(StatisticRow *row, StatisticNumbers numbers, double value, Bounds bounds)
{
	statistic_put_count(row, numbers.n);
	statistic_put_number(row, value);
	statistic_put_interval(row, bounds);
}

/*
 * gaiops.mean_bounds(numbers, low, high) returns a row
 */
Datum
gaiops_mean_bounds(PG_FUNCTION_ARGS)
{
	StatisticNumbers numbers = finite_numbers(fcinfo, 0);
	size_t		n = (size_t) numbers.n;
	Bounds		bounds = {NAN, NAN};
	StatisticRow row = {0};

	if (n > 0)
		bounds = (Bounds) {
			mean_bound(numbers.values, n, statistic_number(fcinfo, 1), 1, TRIAL_ALPHA, check_interrupts),
			mean_bound(numbers.values, n, statistic_number(fcinfo, 2), -1, TRIAL_ALPHA, check_interrupts)
		};
	put_bounds(&row, numbers, sample_moments(numbers.values, n).mean, bounds);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/*
 * gaiops.quantile_bounds(numbers, share) returns a row
 */
Datum
gaiops_quantile_bounds(PG_FUNCTION_ARGS)
{
	StatisticNumbers numbers = finite_numbers(fcinfo, 0);
	StatisticRow row = {0};
	Bounds		bounds;
	double		value = quantile_bounds(numbers.values, (size_t) numbers.n, statistic_number(fcinfo, 1),
										TRIAL_ALPHA, &bounds);

	put_bounds(&row, numbers, value, bounds);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}

/*
 * gaiops.hold_trial(differences, scale, margin, attempt, least_n, scores)
 * returns a row
 */
Datum
gaiops_hold_trial(PG_FUNCTION_ARGS)
{
	StatisticNumbers differences = statistic_numbers(fcinfo, 0);
	Trial		trial = {differences.values, (size_t) differences.n, statistic_number(fcinfo, 1),
		statistic_number(fcinfo, 2), Max(statistic_count(fcinfo, 3, "attempt"), 1),
		statistic_count(fcinfo, 4, "least_n"), (int) Max(statistic_count(fcinfo, 5, "scores"), 1), check_interrupts
	};
	TrialOutcome outcome = trial_hold(&trial, palloc_array(double, differences.n));
	const char *problem = trial_problem_name(outcome.problem);
	StatisticRow row = {0};

	statistic_put_count(&row, outcome.n);
	statistic_put_number(&row, outcome.mean);
	statistic_put_number(&row, outcome.alpha);
	statistic_put_number(&row, outcome.bound);
	statistic_put_number(&row, outcome.least_n < 0 ? NAN : (double) outcome.least_n);
	statistic_put_number(&row, outcome.n_needed < 0 ? NAN : (double) outcome.n_needed);
	statistic_put_bool(&row, outcome.is_better);
	statistic_put_text(&row, problem != NULL ? problem : "");
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}
