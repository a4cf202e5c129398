/*
 * distribution.c
 *		Distributions: what share of one is below a value, and below what value
 *		a share is.
 */
#include "core/stats/distribution.h"

#include <math.h>
#include <stddef.h>

/* From here on an expansion has all digits that a double has. */
#define MANY_DEGREES	1000

/*
 * Halving takes some 60 steps; near 0, where numbers are dense, it stops at
 * one so small that it makes no difference.
 */
#define MOST_HALVINGS	200

double
solve_growing(GrowingFunction function, const void *context, double value, double low, double high)
{
	for (int i = 0; i < MOST_HALVINGS; i++)
	{
		double		middle = low + (high - low) / 2;

		if (middle <= low || middle >= high)
			break;
		if (function(middle, context) < value)
			low = middle;
		else
			high = middle;
	}
	return low + (high - low) / 2;
}

/* ---- normal ---- */

double
normal_below(double z)
{
	return erfc(-z * M_SQRT1_2) / 2;
}

static double
normal_below_of(double z, const void *context)
{
	(void) context;
	return normal_below(z);
}

/* Looks at the lower half, where small shares keep their digits. */
double
normal_quantile(double share)
{
	if (share <= 0 || share >= 1)
		return share <= 0 ? -INFINITY : INFINITY;
	if (share > 0.5)
		return -normal_quantile(1 - share);
	return solve_growing(normal_below_of, NULL, share, -40, 0);
}

/* ---- Student's t ---- */

/*
 * The share between -t and t, as a finite series in the angle whose tangent is
 * t by the root of the degrees.
 */
static double
student_between(double t, int64_t degrees)
{
	double		angle = atan(t / sqrt((double) degrees));
	double		square = cos(angle) * cos(angle);
	double		odd = degrees % 2 != 0;
	double		term = odd ? cos(angle) : 1;
	double		sum = 0;

	for (int64_t k = odd ? 1 : 0; k + 2 <= degrees; k += 2)
	{
		sum += term;
		term *= square * (double) (k + 1) / (double) (k + 2);
	}
	return odd ? 2 * (angle + sin(angle) * sum) / M_PI : sin(angle) * sum;
}

static double
student_between_of(double t, const void *context)
{
	return student_between(t, *(const int64_t *) context);
}

/* The expansion of Cornish and Fisher around the normal distribution's. */
static double
expand_student(double z, double degrees)
{
	double		z2 = z * z;
	double		first = z * (z2 + 1) / 4;
	double		second = z * ((5 * z2 + 16) * z2 + 3) / 96;
	double		third = z * (((3 * z2 + 19) * z2 + 17) * z2 - 15) / 384;
	double		fourth = z * ((((79 * z2 + 776) * z2 + 1482) * z2 - 1920) * z2 - 945) / 92160;

	return z + (first + (second + (third + fourth / degrees) / degrees) / degrees) / degrees;
}

double
student_quantile(double share, int64_t degrees)
{
	if (share < 0.5)
		return -student_quantile(1 - share, degrees);
	if (degrees > MANY_DEGREES)
		return expand_student(normal_quantile(share), (double) degrees);
	return solve_growing(student_between_of, &degrees, 2 * share - 1, 0, 1e9);
}

/* ---- binomial ---- */

/*
 * Adds up how likely numbers are, as multiples of how likely the first is:
 * from there down or up, until they are too unlikely to be told from 0.  Of
 * them, those that are at most k go to below, too.
 */
static void
add_binomial(int64_t first, int step, int64_t k, int64_t n, double odds, double *all, double *below)
{
	double		weight = 1;

	for (int64_t i = first; i >= 0 && i <= n && weight > 0; i += step)
	{
		if (i != first || step > 0)
		{
			*all += weight;
			if (i <= k)
				*below += weight;
		}
		if (step > 0)
			weight *= (double) (n - i) / (double) (i + 1) * odds;
		else
			weight *= (double) i / (double) (n - i + 1) / odds;
	}
}

double
binomial_below(int64_t k, int64_t n, double probability)
{
	int64_t		first = (int64_t) floor((double) n * probability);
	double		odds = probability / (1 - probability);
	double		all = 0;
	double		below = 0;

	if (k < 0 || k >= n)
		return k < 0 ? 0 : 1;
	add_binomial(first, -1, k, n, odds, &all, &below);
	add_binomial(first, 1, k, n, odds, &all, &below);
	return below / all;
}
