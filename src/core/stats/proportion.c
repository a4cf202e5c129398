/*
 * proportion.c
 *		Shares of what passes, and how those of two unpaired arms differ.
 */
#include "core/stats/proportion.h"

#include <math.h>

/* Tables that are as likely as this one but for rounding count as such. */
#define AS_LIKELY	(1 + 1e-7)

double
share_value(Share share)
{
	return share.n > 0 ? (double) share.k / (double) share.n : NAN;
}

double
share_error(Share share)
{
	double		n = (double) share.n + 2;
	double		p = (double) (share.k + 1) / n;

	return share.n > 0 ? sqrt(p * (1 - p) * n / (n - 1) / (double) share.n) : NAN;
}

/* The bounds of none passing and of all passing are exact. */
Bounds
share_interval(Share share)
{
	double		n = (double) share.n;
	double		p = share_value(share);
	double		z2 = INTERVAL_Z * INTERVAL_Z;
	double		middle = (p + z2 / (2 * n)) / (1 + z2 / n);
	double		half = INTERVAL_Z * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n);

	if (share.n <= 0)
		return (Bounds) {NAN, NAN};
	return (Bounds) {share.k == 0 ? 0 : middle - half, share.k == share.n ? 1 : middle + half};
}

Bounds
share_difference_interval(Share a, Share b)
{
	double		p = share_value(a);
	double		q = share_value(b);
	Bounds	of_a = share_interval(a);
	Bounds	of_b = share_interval(b);

	return (Bounds) {
		q - p - hypot(q - of_b.low, of_a.high - p),
		q - p + hypot(of_b.high - q, p - of_a.low)
	};
}

/* ---- Fisher ---- */

/* Both shares, and how many passed in all: what tables have in common. */
typedef struct Margins
{
	int64_t		of_a;
	int64_t		of_b;
	int64_t		passed;
} Margins;

/*
 * How much likelier it is that one more of a passed, hence one less of b.
 */
static double
grow(const Margins *margins, int64_t k)
{
	return (double) (margins->of_a - k) / (double) (k + 1) *
		(double) (margins->passed - k) / (double) (margins->of_b - margins->passed + k + 1);
}

/*
 * Adds up how likely the tables beside the first are, as multiples of it, down
 * or up until they are too unlikely; those at most as likely as limit go to
 * unlikely, too.
 */
static void
add_tables(const Margins *margins, int64_t first, int step, double limit, double *all, double *unlikely)
{
	double		weight = 1;
	int64_t		k = first;

	while (weight > 0)
	{
		weight = step > 0 ? weight * grow(margins, k) : weight / grow(margins, k - 1);
		k += step;
		if (!(weight > 0) || isinf(weight))
			break;
		*all += weight;
		if (weight <= limit)
			*unlikely += weight;
	}
}

/* How likely k of a is, as a multiple of how likely the first is. */
static double
weigh(const Margins *margins, int64_t first, int64_t k)
{
	double		weight = 1;

	for (int64_t i = first; i < k && weight > 0; i++)
		weight *= grow(margins, i);
	for (int64_t i = first; i > k && weight > 0; i--)
		weight /= grow(margins, i - 1);
	return weight;
}

/*
 * All is told from the likeliest table, so that nothing is too large.
 */
double
share_fisher(Share a, Share b)
{
	Margins		margins = {a.n, b.n, a.k + b.k};
	double		all = 1;
	double		unlikely = 0;
	double		limit;
	int64_t		first;

	if (a.n <= 0 || b.n <= 0)
		return 1;
	first = (int64_t) floor((double) (a.n + 1) * (double) (margins.passed + 1) / (double) (a.n + b.n + 2));
	limit = weigh(&margins, first, a.k) * AS_LIKELY;
	if (limit >= 1)
		unlikely = 1;
	add_tables(&margins, first, -1, limit, &all, &unlikely);
	add_tables(&margins, first, 1, limit, &all, &unlikely);
	return fmin(1, unlikely / all);
}
