/*
 * pairs.c
 *		Pairs of passing and failing: whether one arm passes more.
 */
#include "core/stats/pairs.h"

#include <math.h>

#include "core/stats/distribution.h"

double
pairs_difference(Pairs pairs)
{
	return pairs.n > 0 ? (double) (pairs.b - pairs.c) / (double) pairs.n : NAN;
}

/*
 * Where both arms are alike, a pair that differs does so either way as likely.
 */
double
pairs_mcnemar(Pairs pairs)
{
	int64_t		fewer = pairs.b < pairs.c ? pairs.b : pairs.c;

	return fmin(1, 2 * binomial_below(fewer, pairs.b + pairs.c, 0.5));
}

/*
 * The likeliest share of pairs that only the baseline passes, where the
 * difference is given: the greater root of a quadratic, in the form that does
 * not lose its digits.
 */
static double
likeliest_share(const Pairs *pairs, double difference)
{
	double		b = (double) pairs->b;
	double		c = (double) pairs->c;
	double		square = 2 * (double) pairs->n;
	double		linear = (square - b + c) * difference - b - c;
	double		constant = -c * difference * (1 - difference);
	double		root = sqrt(fmax(0, linear * linear - 4 * square * constant));

	if (linear > 0)
		return -2 * constant / (linear + root);
	return (root - linear) / (2 * square);
}

/*
 * How far a difference is above that of the pairs, in standard deviations that
 * it would have itself.
 */
static double
tango_score(double difference, const void *context)
{
	const Pairs *pairs = context;
	double		n = (double) pairs->n;
	double		beyond = n * difference - (double) (pairs->b - pairs->c);
	double		variance = n * (2 * likeliest_share(pairs, difference) + difference * (1 - difference));

	if (variance <= 0)
		return beyond > 0 ? INFINITY : -INFINITY;
	return beyond / sqrt(variance);
}

/* A bound that is the end of the range is found exactly. */
Bounds
pairs_tango(Pairs pairs)
{
	double		middle = pairs_difference(pairs);
	Bounds	interval = {-1, 1};

	if (pairs.n <= 0)
		return (Bounds) {NAN, NAN};
	if (middle > -1)
		interval.low = solve_growing(tango_score, &pairs, -INTERVAL_Z, -1, middle);
	if (middle < 1)
		interval.high = solve_growing(tango_score, &pairs, INTERVAL_Z, middle, 1);
	return interval;
}

double
pairs_planning_sd(Pairs pairs)
{
	double		n = (double) pairs.n + 2;
	double		mean = (double) (pairs.b - pairs.c) / n;
	double		squares = (double) (pairs.b + pairs.c + 2);

	return pairs.n > 0 ? sqrt((squares - n * mean * mean) / (n - 1)) : NAN;
}
