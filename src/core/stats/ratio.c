/*
 * ratio.c
 *		Ratios: of totals, and of geometric means.
 */
#include "core/stats/ratio.h"

#include <math.h>

#include "core/stats/bootstrap.h"
#include "core/stats/difference.h"
#include "core/stats/distribution.h"
#include "core/stats/sample.h"

/* ---- totals ---- */

/* What the least of the two more contributions is, as a share of the mean. */
#define LEAST_SHARE	0.5

static double
divide_totals(const double *totals, double n)
{
	(void) n;
	return totals[0] / totals[1];
}

static bool
is_amount(double value)
{
	return isfinite(value) && value >= 0;
}

/*
 * Each pair of numbers that counts, as parts of the greatest of its kind,
 * which the two units are set to: no sum is then too large.  Returns how many;
 * 0, too, if memory is short.
 */
static size_t
take_amounts(Arena *arena, RatioUnits units, double **pairs, double unit[2])
{
	size_t		n = 0;

	*pairs = arena_alloc(arena, units.n * 2 * sizeof(double) + 1);
	for (size_t i = 0; i < units.n && *pairs != NULL; i++)
	{
		if (!is_amount(units.above[i]) || !is_amount(units.below[i]))
			continue;
		(*pairs)[2 * n] = units.above[i];
		(*pairs)[2 * n + 1] = units.below[i];
		n++;
		unit[0] = fmax(unit[0], units.above[i]);
		unit[1] = fmax(unit[1], units.below[i]);
	}
	for (size_t i = 0; i < 2 * n; i++)
		(*pairs)[i] = unit[i % 2] > 0 ? (*pairs)[i] / unit[i % 2] : 0;
	return n;
}

/*
 * Student's interval of the logarithm, by how much each unit contributes to
 * the difference of both totals, the one brought to the other.  There are two
 * more contributions, as large as the greatest one, to either side: of a few
 * costs the greatest are rarely among them.  They are no less than a share of
 * the mean, as a few units that are all alike do not say that all are.
 */
static Bounds
find_student(const double *pairs, size_t n, double ratio)
{
	double		more = (double) n + 2;
	double		below = 0;
	double		squares = 0;
	double		greatest = 0;
	double		factor;

	for (size_t i = 0; i < n; i++)
	{
		double		contribution = pairs[2 * i] / ratio - pairs[2 * i + 1];

		below += pairs[2 * i + 1];
		squares += contribution * contribution;
		greatest = fmax(greatest, fabs(contribution));
	}
	greatest = fmax(greatest, LEAST_SHARE * below / (double) n);
	squares += 2 * greatest * greatest;
	factor = exp(student_quantile(1 - INTERVAL_TAIL, (int64_t) n + 1) *
				 sqrt(squares * more / (more - 1)) / (below * more / (double) n));
	return (Bounds) {ratio / factor, ratio * factor};
}

/* The wider of both; a bound that is open stays so. */
static Bounds
hull(Bounds one, Bounds two)
{
	return (Bounds) {
		isnan(one.low) ? NAN : fmin(one.low, two.low),
		isnan(one.high) ? NAN : fmax(one.high, two.high)
	};
}

bool
ratio_of_totals(Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio)
{
	double		unit[2] = {0, 0};
	double	   *pairs;
	size_t		n = take_amounts(arena, units, &pairs, unit);
	Units		drawn = {pairs, (uint32_t) n, 2};
	double		back = unit[0] / unit[1];

	*ratio = (Ratio) {n, NAN, {NAN, NAN}, NAN};
	if (pairs == NULL || !bootstrap_figure(arena, &drawn, divide_totals, how, &ratio->ratio, &ratio->interval))
		return false;
	if (!isfinite(ratio->ratio))
	{
		ratio->ratio = NAN;
		return true;
	}
	if (n > 1 && ratio->ratio > 0)
		ratio->interval = hull(ratio->interval, find_student(pairs, n, ratio->ratio));
	ratio->ratio *= back;
	ratio->interval.low *= back;
	ratio->interval.high *= back;
	return true;
}

/* ---- geometric means ---- */

bool
ratio_of_means(Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio)
{
	double	   *logs = arena_alloc(arena, units.n * sizeof(double) + 1);
	Difference	difference;
	size_t		n = 0;

	for (size_t i = 0; i < units.n && logs != NULL; i++)
		if (is_amount(units.above[i]) && is_amount(units.below[i]) && units.above[i] > 0 && units.below[i] > 0)
			logs[n++] = log(units.above[i]) - log(units.below[i]);
	if (logs == NULL || !difference_compare(arena, logs, n, NAN, how, &difference))
		return false;
	*ratio = (Ratio) {
		n, exp(difference.mean), {exp(difference.interval.low), exp(difference.interval.high)}, difference.p_value
	};
	return true;
}
