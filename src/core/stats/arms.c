/*
 * arms.c
 *		Whether two samples, which are not pairs, have the same mean.
 */
#include "core/stats/arms.h"

#include <math.h>

#include "core/stats/bootstrap.h"
#include "core/stats/distribution.h"
#include "core/stats/power.h"
#include "core/stats/random.h"
#include "core/stats/sample.h"

/* How many numbers are drawn, about, and how many times at least. */
#define MOST_DRAWN		1e9
#define FEWEST_DRAWS	9999

/*
 * All numbers, those of the first arm before those of the second, less their
 * middle, as parts of a unit: no sum is then too large.
 */
typedef struct Pool
{
	double	   *values;
	size_t		n[2];
	double		middle;
	double		unit;
	double		scale;			/* in units */
} Pool;

static bool
take_finite(Arena *arena, const Arm *arms, Pool *pool)
{
	size_t		n = 0;

	pool->values = arena_alloc(arena, (arms[0].n + arms[1].n) * sizeof(double) + 1);
	for (int arm = 0; arm < 2 && pool->values != NULL; arm++)
	{
		for (size_t i = 0; i < arms[arm].n; i++)
			if (isfinite(arms[arm].values[i]))
				pool->values[n++] = arms[arm].values[i];
		pool->n[arm] = n - (arm == 1 ? pool->n[0] : 0);
	}
	return pool->values != NULL;
}

static void
scale_pool(Pool *pool, double scale)
{
	size_t		n = pool->n[0] + pool->n[1];
	double		low = INFINITY;
	double		high = -INFINITY;
	bool		has_scale = isfinite(scale) && scale > 0;

	for (size_t i = 0; i < n; i++)
	{
		low = fmin(low, pool->values[i]);
		high = fmax(high, pool->values[i]);
	}
	pool->middle = n > 0 ? low / 2 + high / 2 : 0;
	pool->unit = fmax(n > 0 ? high - pool->middle : 0, has_scale ? scale : 0);
	if (pool->unit == 0)
		pool->unit = 1;
	for (size_t i = 0; i < n; i++)
		pool->values[i] = (pool->values[i] - pool->middle) / pool->unit;
	if (n > 0)
		pool->scale = has_scale ? scale / pool->unit : (high / 2 - low / 2) / pool->unit * 2;
}

/* ---- the interval ---- */

/* The numbers of an arm and two more. */
static bool
widen(Arena *arena, const double *values, size_t n, double scale, Units *units)
{
	double	   *copy = arena_alloc(arena, (n + 2) * sizeof(double));
	double		mean = sample_moments(values, n).mean;

	if (copy == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		copy[i] = values[i];
	copy[n] = mean - scale;
	copy[n + 1] = mean + scale;
	*units = (Units) {copy, (uint32_t) n + 2, 1};
	return true;
}

/*
 * Welch's interval.  His degrees of freedom are rounded down to a number there
 * is.
 */
static Bounds
find_welch(Moments a, Moments b)
{
	double		of_a = a.sd * a.sd / (double) a.n;
	double		of_b = b.sd * b.sd / (double) b.n;
	double		both = of_a + of_b;
	double		degrees = both * both / (of_a * of_a / (double) (a.n - 1) + of_b * of_b / (double) (b.n - 1));
	double		half = 0;

	if (both > 0)
		half = sqrt(both) * student_quantile(1 - INTERVAL_TAIL, (int64_t) fmax(1, degrees));
	return (Bounds) {b.mean - a.mean - half, b.mean - a.mean + half};
}

/*
 * The interval in the numbers' own terms, of at most the scale if there is
 * one.
 */
static Bounds
finish_interval(const Pool *pool, Bounds one, Bounds two, bool has_scale)
{
	double		most = has_scale ? fmax(pool->scale, 1) : INFINITY;

	return (Bounds) {
		fmax(-most, fmin(one.low, two.low)) * pool->unit,
		fmin(most, fmax(one.high, two.high)) * pool->unit
	};
}

static bool
find_interval(Arena *arena, const Pool *pool, const Sampling *how, bool has_scale, ArmsComparison *comparison)
{
	Power		usual = {POWER_USUAL, POWER_ALPHA};
	Units		units[2];
	Moments		moments[2];
	Bounds	drawn;

	comparison->interval = (Bounds) {NAN, NAN};
	comparison->detectable = NAN;
	if (pool->n[0] == 0 || pool->n[1] == 0 || (pool->n[0] + pool->n[1] == 2 && !has_scale))
		return true;
	for (int arm = 0; arm < 2; arm++)
	{
		if (!widen(arena, pool->values + (arm == 1 ? pool->n[0] : 0), pool->n[arm], pool->scale, &units[arm]))
			return false;
		moments[arm] = sample_moments(units[arm].values, units[arm].n);
	}
	if (!bootstrap_difference(arena, &units[0], &units[1], how, &drawn))
		return false;
	comparison->interval = finish_interval(pool, find_welch(moments[0], moments[1]), drawn, has_scale);
	comparison->detectable = pool->unit *
		power_detectable(hypot(moments[0].sd / sqrt((double) pool->n[0]),
							   moments[1].sd / sqrt((double) pool->n[1])), 1, usual);
	return true;
}

/* ---- the test ---- */

/* Moves as many of the numbers, at random, to the front. */
static double
draw_sum(double *values, size_t n, size_t count, Random *random)
{
	double		sum = 0;

	for (size_t i = 0; i < count; i++)
	{
		size_t		other = i + random_below(random, (uint32_t) (n - i));
		double		value = values[other];

		values[other] = values[i];
		values[i] = value;
		sum += value;
	}
	return sum;
}

static double
add_up(const double *values, size_t n, double *added)
{
	double		sum = 0;

	for (size_t i = 0; i < n; i++)
	{
		sum += values[i];
		*added += fabs(values[i]);
	}
	return sum;
}

/*
 * Fewer than asked for where arms are so large that it would take long, yet
 * enough to tell what is significant.
 */
static int
count_draws(const Sampling *how, size_t fewer)
{
	int			most = (int) fmax(FEWEST_DRAWS, MOST_DRAWN / (double) fewer);

	return how->draws < most ? how->draws : most;
}

/*
 * With the sum of one arm and that of all, the difference of means is given:
 * so the smaller arm is drawn.  Changes the order of the pool.
 */
static double
permute(Pool *pool, const Sampling *how)
{
	size_t		n = pool->n[0] + pool->n[1];
	bool		is_first = pool->n[0] <= pool->n[1];
	size_t		fewer = is_first ? pool->n[0] : pool->n[1];
	double		added = 0;
	double		sum = add_up(pool->values + (is_first ? 0 : pool->n[0]), fewer, &added);
	double		rest = add_up(pool->values + (is_first ? fewer : 0), n - fewer, &added);
	double		expected = (sum + rest) * (double) fewer / (double) n;
	double		far = fabs(sum - expected) - SAMPLING_TIE * added;
	Random		random = {how->seed};
	int			draws = count_draws(how, fewer);
	int			hits = 1;

	for (int i = 0; i < draws; i++)
	{
		sampling_check_interrupts(how);
		hits += fabs(draw_sum(pool->values, n, fewer, &random) - expected) >= far;
	}
	return (double) hits / (draws + 1.0);
}

static void
describe(const Pool *pool, ArmsComparison *comparison)
{
	for (int arm = 0; arm < 2; arm++)
	{
		const double *values = pool->values + (arm == 1 ? pool->n[0] : 0);

		comparison->n[arm] = pool->n[arm];
		comparison->mean[arm] = sample_moments(values, pool->n[arm]).mean * pool->unit + pool->middle;
	}
	comparison->difference = comparison->mean[1] - comparison->mean[0];
}

bool
arms_compare(Arena *arena, Arm baseline, Arm candidate, double scale, const Sampling *how,
			 ArmsComparison *comparison)
{
	Arm			arms[2] = {baseline, candidate};
	Pool		pool = {0};

	if (!take_finite(arena, arms, &pool))
		return false;
	scale_pool(&pool, scale);
	describe(&pool, comparison);
	if (!find_interval(arena, &pool, how, isfinite(scale) && scale > 0, comparison))
		return false;
	comparison->p_value = pool.n[0] > 0 && pool.n[1] > 0 ? permute(&pool, how) : 1;
	return true;
}
