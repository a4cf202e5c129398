/*
 * difference.c
 *		Whether the mean of differences of pairs is 0, and how large it is.
 */
#include "core/stats/difference.h"

#include <math.h>

#include "core/stats/bootstrap.h"
#include "core/stats/power.h"
#include "core/stats/sample.h"
#include "core/stats/sign_flip.h"
#include "core/stats/wilcoxon.h"

/*
 * Differences as parts of a unit: no sum is then too large.  Behind them are
 * two more, the widest there could be.
 */
typedef struct Parts
{
	double	   *values;
	size_t		n;
	double		unit;			/* a power of two */
	double		most;			/* of it, the scale, or the greatest difference
								 * if that is greater */
	bool		has_scale;
} Parts;

static bool
take_finite(Arena *arena, const double *differences, size_t n, Parts *parts)
{
	parts->values = arena_alloc(arena, (n + 2) * sizeof(double));
	parts->n = 0;
	for (size_t i = 0; i < n && parts->values != NULL; i++)
		if (isfinite(differences[i]))
			parts->values[parts->n++] = differences[i];
	return parts->values != NULL;
}

/* The power of two at which a number is from 1 to below 2; 1 for 0. */
static double
power_of_two(double number)
{
	return number > 0 ? ldexp(1, ilogb(number)) : 1;
}

/*
 * Divides them by the unit, which costs no digit; what is but rounding beside
 * it is 0.
 */
static void
scale_parts(Parts *parts, double scale)
{
	double		reach = sample_reach(parts->values, parts->n);
	double		widest;

	parts->has_scale = isfinite(scale) && scale > 0;
	parts->most = fmax(reach, parts->has_scale ? scale : 0);
	parts->unit = power_of_two(parts->most);
	parts->most /= parts->unit;
	widest = parts->has_scale ? scale / parts->unit : parts->most;
	for (size_t i = 0; i < parts->n; i++)
	{
		if (fabs(parts->values[i]) <= SAMPLING_TIE * parts->unit)
			parts->values[i] = 0;
		else
			parts->values[i] /= parts->unit;
	}
	parts->values[parts->n] = widest;
	parts->values[parts->n + 1] = -widest;
}

/* The outer bounds of both, in the differences' own terms. */
static Bounds
join(const Parts *parts, Bounds one, Bounds two)
{
	double		most = parts->has_scale ? parts->most : INFINITY;

	return (Bounds) {
		fmax(-most, fmin(one.low, two.low)) * parts->unit,
		fmin(most, fmax(one.high, two.high)) * parts->unit
	};
}

/*
 * The interval of the differences and two more.  One difference says nothing
 * of how wide differences can be, if the scale does not.
 */
static bool
find_interval(Arena *arena, const Parts *parts, const Sampling *how, Difference *difference)
{
	Units		units = {parts->values, (uint32_t) parts->n + 2, 1};
	Moments		moments = sample_moments(parts->values, units.n);
	Bounds	drawn;
	double		mean;

	difference->interval = (Bounds) {NAN, NAN};
	if (parts->n < (parts->has_scale ? 1 : 2))
		return true;
	if (!bootstrap_figure(arena, &units, bootstrap_mean, how, &mean, &drawn))
		return false;
	difference->interval = join(parts, sample_student(moments), drawn);
	difference->planning_sd = moments.sd * parts->unit;
	return true;
}

static void
describe(const Parts *parts, Difference *difference)
{
	Moments		moments = sample_moments(parts->values, parts->n);

	if (moments.sd <= SAMPLING_TIE)
		moments.sd = 0;
	difference->n = parts->n;
	for (size_t i = 0; i < parts->n; i++)
		difference->n_differing += parts->values[i] != 0;
	difference->mean = moments.mean * parts->unit;
	difference->sd = moments.sd * parts->unit;
	if (difference->n_differing == 0 && parts->n > 0)
		difference->d_z = 0;
	else
		difference->d_z = moments.sd > 0 ? moments.mean / moments.sd : NAN;
}

bool
difference_compare(Arena *arena, const double *differences, size_t n, double scale,
				   const Sampling *how, Difference *difference)
{
	Power		usual = {POWER_USUAL, POWER_ALPHA};
	SignFlip	test;
	Parts		parts;

	*difference = (Difference) {.planning_sd = NAN};
	if (!take_finite(arena, differences, n, &parts))
		return false;
	scale_parts(&parts, scale);
	describe(&parts, difference);
	if (!sign_flip_test(arena, parts.values, parts.n, how, &test) ||
		!wilcoxon_test(arena, parts.values, parts.n, &difference->wilcoxon_p) ||
		!find_interval(arena, &parts, how, difference))
		return false;
	difference->p_value = test.p_value;
	difference->is_exact = test.is_exact;
	difference->detectable = power_detectable(difference->planning_sd, (double) parts.n, usual);
	return true;
}
