/*
 * bootstrap.c
 *		Intervals of what is computed from totals over units, by drawing units.
 */
#include "core/stats/bootstrap.h"

#include <math.h>
#include <string.h>

#include "core/stats/distribution.h"
#include "core/stats/random.h"
#include "core/stats/sample.h"

#define MOST_WIDTH	32

double
bootstrap_mean(const double *totals, double n)
{
	return totals[0] / n;
}

static void
add_unit(const Units *units, uint32_t unit, double *totals)
{
	for (uint32_t j = 0; j < units->width; j++)
		totals[j] += units->values[(size_t) unit * units->width + j];
}

/* The totals of all units, each once. */
static void
add_all(const Units *units, double *totals)
{
	memset(totals, 0, units->width * sizeof(double));
	for (uint32_t i = 0; i < units->n; i++)
		add_unit(units, i, totals);
}

/* ---- BCa ---- */

/*
 * How far the figure leans on units: sums over them of the influence that each
 * has, squared and cubed.
 */
typedef struct Influence
{
	double		squares;
	double		cubes;
} Influence;

static void
add_influence(Influence *influence, double of_unit)
{
	influence->squares += of_unit * of_unit;
	influence->cubes += of_unit * of_unit * of_unit;
}

static double
acceleration(Influence influence)
{
	if (!(influence.squares > 0))
		return 0;
	return influence.cubes / (6 * influence.squares * sqrt(influence.squares));
}

/*
 * What share of resamples is below the figure, those that come to it by half.
 * Neither none nor all, which would be infinitely far out.
 */
static double
share_below(const double *found, size_t n, double figure)
{
	double		size = isfinite(found[0]) ? fabs(found[0]) : 0;
	double		tie = SAMPLING_TIE * fmax(size, fabs(figure));
	double		below = 0;

	for (size_t i = 0; i < n; i++)
		if (found[i] <= figure + tie)
			below += found[i] < figure - tie ? 1 : 0.5;
	return fmin(fmax(below, 0.5), (double) n - 0.5) / (double) n;
}

/* The share of resamples that is below a bound, corrected. */
static double
correct_share(double bias, double accelerated, double z)
{
	double		sum = bias + z;
	double		slowed = 1 - accelerated * sum;

	if (slowed <= 0)
		return sum > 0 ? 1 : 0;
	return normal_below(bias + sum / slowed);
}

static double
find_bound(double *found, size_t n, double share)
{
	double		bound = sample_select(found, n, share);

	return isfinite(bound) ? bound : NAN;
}

static bool
are_equal(const double *found, size_t n)
{
	for (size_t i = 1; i < n; i++)
		if (found[i] != found[0])
			return false;
	return true;
}

/* The interval from n resamples, whose order it changes. */
static Bounds
find_interval(double *found, size_t n, double figure, Influence influence)
{
	double		accelerated = acceleration(influence);
	double		bias;

	if (are_equal(found, n))
		return (Bounds) {found[0], found[0]};
	bias = normal_quantile(share_below(found, n, figure));
	return (Bounds) {
		find_bound(found, n, correct_share(bias, accelerated, -INTERVAL_Z)),
		find_bound(found, n, correct_share(bias, accelerated, INTERVAL_Z))
	};
}

/* ---- one sample ---- */

/*
 * The influence of each unit: what the figure is without it.  Units without
 * which it is not defined are left out.
 */
static Influence
measure_influence(const Units *units, FigureOf figure_of, const double *totals, double *without)
{
	Influence	influence = {0};
	double		mean = 0;
	size_t		n = 0;

	for (uint32_t i = 0; i < units->n; i++)
	{
		double		rest[MOST_WIDTH];
		double		figure;

		for (uint32_t j = 0; j < units->width; j++)
			rest[j] = totals[j] - units->values[(size_t) i * units->width + j];
		figure = figure_of(rest, (double) units->n - 1);
		if (isfinite(figure))
			without[n++] = figure;
	}
	for (size_t i = 0; i < n; i++)
		mean += without[i] / (double) n;
	for (size_t i = 0; i < n; i++)
		add_influence(&influence, mean - without[i]);
	return influence;
}

/* Fills in the figures of resamples that have one; returns how many. */
static size_t
resample_figures(const Resampler *resampler, FigureOf figure_of, const Sampling *how, double *found)
{
	Random		random = {how->seed};
	double		totals[MOST_WIDTH];
	size_t		n = 0;

	for (int i = 0; i < how->resamples; i++)
	{
		sampling_check_interrupts(how);
		resample_totals(resampler, &random, totals);
		found[n] = figure_of(totals, (double) resampler->units.n);
		n += !isnan(found[n]);
	}
	return n;
}

bool
bootstrap_figure(Arena *arena, const Units *units, FigureOf figure_of, const Sampling *how,
				 double *figure, Bounds *interval)
{
	double	   *without = arena_alloc(arena, (size_t) units->n * sizeof(double) + 1);
	double	   *found = arena_alloc(arena, ((size_t) how->resamples + 1) * sizeof(double));
	double		totals[MOST_WIDTH];
	Resampler	resampler;
	size_t		n;

	*figure = NAN;
	*interval = (Bounds) {NAN, NAN};
	if (!resample_init(arena, units, &resampler) || arena_is_exhausted(arena))
		return false;
	if (units->n == 0)
		return true;
	add_all(units, totals);
	*figure = figure_of(totals, (double) units->n);
	if (units->n < 2 || !isfinite(*figure))
		return true;
	n = resample_figures(&resampler, figure_of, how, found);
	if (n > 0 && n >= (size_t) how->resamples - n)
		*interval = find_interval(found, n, *figure, measure_influence(units, figure_of, totals, without));
	return true;
}

/* ---- two samples ---- */

/* Adds the influence that each number has on the mean; returns the mean. */
static double
add_mean_influence(const Units *units, double sign, Influence *influence)
{
	double		mean = sample_moments(units->values, units->n).mean;

	for (uint32_t i = 0; i < units->n; i++)
		add_influence(influence, sign * (units->values[i] - mean) / units->n);
	return mean;
}

bool
bootstrap_difference(Arena *arena, const Units *a, const Units *b, const Sampling *how, Bounds *interval)
{
	double	   *found = arena_alloc(arena, ((size_t) how->resamples + 1) * sizeof(double));
	Random		random = {how->seed};
	Influence	influence = {0};
	Resampler	resamplers[2];
	double		difference;

	if (!resample_init(arena, a, &resamplers[0]) || !resample_init(arena, b, &resamplers[1]) ||
		arena_is_exhausted(arena))
		return false;
	difference = -add_mean_influence(a, -1, &influence);
	difference += add_mean_influence(b, 1, &influence);
	for (int i = 0; i < how->resamples; i++)
	{
		double		of_a;
		double		of_b;

		sampling_check_interrupts(how);
		resample_totals(&resamplers[0], &random, &of_a);
		resample_totals(&resamplers[1], &random, &of_b);
		found[i] = of_b / b->n - of_a / a->n;
	}
	*interval = find_interval(found, (size_t) how->resamples, difference, influence);
	return true;
}
