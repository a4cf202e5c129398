/*
 * quantile.c
 *		Quantiles, and intervals of them that hold for any distribution.
 */
#include "core/stats/quantile.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "core/stats/distribution.h"
#include "core/stats/sample.h"

/*
 * How many values are below the quantile with a probability that reaches this
 * share: the least number, from -1 on.
 */
static int64_t
count_below(size_t n, double share, double reached)
{
	int64_t		low = -1;
	int64_t		high = (int64_t) n;

	while (low < high)
	{
		int64_t		middle = low + (high - low) / 2;

		if (binomial_below(middle, (int64_t) n, share) >= reached)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

/*
 * The lower bound is the last value that so few are below, the upper one the
 * first that so many are.
 */
double
quantile_bounds(double *values, size_t n, double share, double tail, Bounds *interval)
{
	int64_t		low;
	int64_t		high;

	*interval = (Bounds) {NAN, NAN};
	if (n == 0 || !(share > 0 && share < 1))
		return NAN;
	qsort(values, n, sizeof(double), sample_compare);
	high = count_below(n, share, 1 - tail);
	low = count_below(n, share, tail);
	if (binomial_below(low, (int64_t) n, share) > tail)
		low--;
	if (low >= 0)
		interval->low = values[low];
	if (high < (int64_t) n)
		interval->high = values[high];
	return sample_quantile(values, n, share);
}

double
quantile_measure(double *values, size_t n, double share, Bounds *interval)
{
	return quantile_bounds(values, n, share, INTERVAL_TAIL, interval);
}
