/*
 * promotion_functions.c
 *		Bounds of what versions of prompts come to, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "comparison/statistic.h"
#include "compat.h"
#include "core/stats/mean_bound.h"
#include "core/stats/quantile.h"
#include "core/stats/sample.h"
#include "miscadmin.h"

/* The share of samples in which the truth is beyond a bound. */
#define BOUND_TAIL		0.05

PG_FUNCTION_INFO_V1(gaiops_mean_bounds);
PG_FUNCTION_INFO_V1(gaiops_quantile_bounds);

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

/* The end of a range; NaN where it is open. */
static double
range_end(FunctionCallInfo fcinfo, int arg)
{
	double		end = statistic_number(fcinfo, arg);

	return isfinite(end) ? end : NAN;
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
			mean_bound(numbers.values, n, range_end(fcinfo, 1), 1, BOUND_TAIL, check_interrupts),
			mean_bound(numbers.values, n, range_end(fcinfo, 2), -1, BOUND_TAIL, check_interrupts)
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
										BOUND_TAIL, &bounds);

	put_bounds(&row, numbers, value, bounds);
	PG_RETURN_DATUM(statistic_row(fcinfo, &row));
}
