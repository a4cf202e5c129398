/*
 * agreement.c
 *		How far those who rate the same units agree.
 *
 * A resample is a number for each unit that says how often it was drawn.  All
 * figures are made from counts of values, from sums over units, and from
 * places of values on a line: then a resample takes time in proportion to the
 * ratings, however many values or raters there are.
 */
#include "core/stats/agreement.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/stats/interval.h"
#include "core/stats/random.h"
#include "core/stats/sample.h"

/* What was said of a unit. */
typedef struct Unit
{
	const AgreementRating *ratings;
	size_t		n;
} Unit;

struct AgreementSample
{
	AgreementLevel level;
	uint32_t	n_units;
	size_t		n_ratings;
	size_t		n_values;
	bool		is_pair;		/* each unit has one rating of either rater */
	size_t	   *begin;			/* of the ratings of a unit; one more than
								 * units */
	uint32_t   *codes;			/* of each rating: which of the values */
	double	   *values;			/* in order, each once */
	double	   *places;			/* the values between 0 and 1 */
	double	   *ranks;			/* places of ordinal values for alpha, which
								 * depend on the resample */
	double	   *apart;			/* of each unit: how far its ratings are apart */
	uint32_t   *drawn;			/* of each unit: how often it is in the
								 * resample */
	int64_t    *counts;			/* of each value in the resample */
	int64_t    *of_first;		/* of these, those of a pair's first rater */
};

/* ---- making a sample ---- */

static int
compare_ratings(const void *one, const void *two)
{
	const AgreementRating *a = one;
	const AgreementRating *b = two;

	if (a->unit != b->unit)
		return a->unit < b->unit ? -1 : 1;
	return (a->rater > b->rater) - (a->rater < b->rater);
}

/*
 * Drops the ratings of units that have but one, and counts the units that are
 * left; the ratings are sorted.  Returns whether a rater has rated one twice.
 */
static bool
drop_single(AgreementSample *sample, AgreementRating *ratings, size_t n)
{
	size_t		kept = 0;
	size_t		end;

	for (size_t i = 0; i < n; i = end)
	{
		for (end = i + 1; end < n && ratings[end].unit == ratings[i].unit; end++)
			if (ratings[end].rater == ratings[end - 1].rater)
				return true;
		if (end == i + 1)
			continue;
		sample->n_units++;
		memmove(ratings + kept, ratings + i, (end - i) * sizeof(AgreementRating));
		kept += end - i;
	}
	sample->n_ratings = kept;
	return false;
}

static bool
take_memory(Arena *arena, AgreementSample *sample)
{
	size_t		n = sample->n_ratings;
	size_t		units = sample->n_units;

	sample->begin = arena_alloc(arena, (units + 1) * sizeof(size_t));
	sample->codes = arena_alloc(arena, n * sizeof(uint32_t));
	sample->values = arena_alloc(arena, n * sizeof(double));
	sample->places = arena_alloc(arena, n * sizeof(double));
	sample->ranks = arena_alloc(arena, n * sizeof(double));
	sample->apart = arena_alloc(arena, units * sizeof(double));
	sample->drawn = arena_alloc(arena, units * sizeof(uint32_t));
	sample->counts = arena_alloc(arena, n * sizeof(int64_t));
	sample->of_first = arena_alloc(arena, n * sizeof(int64_t));
	return !arena_is_exhausted(arena);
}

/*
 * Lists the values, and puts them between 0 and 1: no square of a difference
 * is then too large, and all figures stay the same.
 */
static void
list_values(AgreementSample *sample, const AgreementRating *ratings)
{
	double	   *values = sample->values;
	size_t		n = 0;
	double		scale = 1;
	double		range;

	for (size_t i = 0; i < sample->n_ratings; i++)
		values[i] = ratings[i].value;
	qsort(values, sample->n_ratings, sizeof(double), sample_compare);
	for (size_t i = 0; i < sample->n_ratings; i++)
		if (n == 0 || values[i] > values[n - 1])
			values[n++] = values[i];
	sample->n_values = n;
	if (n < 2)
		return;
	if (isinf(values[n - 1] - values[0]))
		scale = 0.5;
	range = values[n - 1] * scale - values[0] * scale;
	for (size_t i = 0; i < n; i++)
		sample->places[i] = (values[i] * scale - values[0] * scale) / range;
}

/* Where a value is in the list; where the next greater one is if it is not. */
static size_t
find_value(const AgreementSample *sample, double value)
{
	size_t		low = 0;
	size_t		high = sample->n_values;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;

		if (sample->values[middle] < value)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int
compare_units(const void *one, const void *two)
{
	const Unit *a = one;
	const Unit *b = two;

	for (size_t i = 0; i < a->n && i < b->n; i++)
	{
		if (a->ratings[i].rater != b->ratings[i].rater)
			return a->ratings[i].rater < b->ratings[i].rater ? -1 : 1;
		if (sample_compare(&a->ratings[i].value, &b->ratings[i].value) != 0)
			return sample_compare(&a->ratings[i].value, &b->ratings[i].value);
	}
	return (a->n > b->n) - (a->n < b->n);
}

/*
 * The units in the order of what was said of them: what is drawn of them is
 * then the same whatever their numbers are.  NULL if memory is short.
 */
static Unit *
sort_units(Arena *arena, const AgreementSample *sample, const AgreementRating *ratings)
{
	Unit	   *units = arena_alloc(arena, sample->n_units * sizeof(Unit));
	size_t		n = 0;

	if (units == NULL)
		return NULL;
	for (size_t i = 0; i < sample->n_ratings; i++)
	{
		if (i == 0 || ratings[i].unit != ratings[i - 1].unit)
			units[n++].ratings = &ratings[i];
		units[n - 1].n++;
	}
	qsort(units, n, sizeof(Unit), compare_units);
	return units;
}

/* Fills in where units begin, what was rated, and whether two rated all. */
static void
take_units(AgreementSample *sample, const Unit *units)
{
	const AgreementRating *first = units[0].ratings;
	size_t		rating = 0;

	sample->is_pair = true;
	for (size_t unit = 0; unit < sample->n_units; unit++)
	{
		const AgreementRating *ratings = units[unit].ratings;

		sample->begin[unit] = rating;
		if (units[unit].n != 2 || ratings[0].rater != first[0].rater || ratings[1].rater != first[1].rater)
			sample->is_pair = false;
		for (size_t i = 0; i < units[unit].n; i++)
			sample->codes[rating++] = (uint32_t) find_value(sample, ratings[i].value);
	}
	sample->begin[sample->n_units] = rating;
}

/*
 * How far the ratings of a unit are apart: the sum over its pairs, either way
 * round, of 1 if they are not the same, or of the squared distance of their
 * places if there are any; by the number of others each is paired with.
 */
static double
measure_unit(AgreementSample *sample, size_t unit, const double *places)
{
	const uint32_t *codes = sample->codes + sample->begin[unit];
	size_t		n = sample->begin[unit + 1] - sample->begin[unit];
	double		same = 0;
	double		mean = 0;
	double		squares = 0;

	if (places == NULL)
	{
		for (size_t i = 0; i < n; i++)
			same += (double) sample->counts[codes[i]]++;
		for (size_t i = 0; i < n; i++)
			sample->counts[codes[i]] = 0;
		return (double) n - 2 * same / (double) (n - 1);
	}
	for (size_t i = 0; i < n; i++)
		mean += places[codes[i]] / (double) n;
	for (size_t i = 0; i < n; i++)
		squares += (places[codes[i]] - mean) * (places[codes[i]] - mean);
	return 2 * (double) n * squares / (double) (n - 1);
}

static void
measure_units(AgreementSample *sample, const double *places)
{
	for (size_t unit = 0; unit < sample->n_units; unit++)
		sample->apart[unit] = measure_unit(sample, unit, places);
}

AgreementProblem
agreement_prepare(Arena *arena, AgreementRating *ratings, size_t n,
				  AgreementLevel level, AgreementSample **sample)
{
	AgreementSample *made = arena_alloc(arena, sizeof(AgreementSample));
	Unit	   *units;

	*sample = made;
	if (made == NULL)
		return AGREEMENT_NO_MEMORY;
	made->level = level;
	if (n > 0)
		qsort(ratings, n, sizeof(AgreementRating), compare_ratings);
	if (drop_single(made, ratings, n))
		return AGREEMENT_REPEATED;
	units = sort_units(arena, made, ratings);
	if (units == NULL || !take_memory(arena, made))
		return AGREEMENT_NO_MEMORY;
	if (made->n_units > 0)
	{
		list_values(made, ratings);
		take_units(made, units);
	}
	/* Of ordinal values it depends on the resample. */
	if (level != AGREEMENT_ORDINAL)
		measure_units(made, level == AGREEMENT_NOMINAL ? NULL : made->places);
	return AGREEMENT_FINE;
}

uint32_t
agreement_units(const AgreementSample *sample)
{
	return sample->n_units;
}

/* ---- a resample ---- */

/* The whole sample, each unit once. */
static void
draw_each(AgreementSample *sample)
{
	for (size_t unit = 0; unit < sample->n_units; unit++)
		sample->drawn[unit] = 1;
}

/* As many units as there are, each of them at random. */
static void
draw_any(AgreementSample *sample, Random *random)
{
	memset(sample->drawn, 0, sample->n_units * sizeof(uint32_t));
	for (size_t i = 0; i < sample->n_units; i++)
		sample->drawn[random_below(random, sample->n_units)]++;
}

static void
count_values(AgreementSample *sample)
{
	memset(sample->counts, 0, sample->n_values * sizeof(int64_t));
	memset(sample->of_first, 0, sample->n_values * sizeof(int64_t));
	for (size_t unit = 0; unit < sample->n_units; unit++)
	{
		size_t		begin = sample->begin[unit];

		sample->of_first[sample->codes[begin]] += sample->drawn[unit];
		for (size_t i = begin; i < sample->begin[unit + 1]; i++)
			sample->counts[sample->codes[i]] += sample->drawn[unit];
	}
}

double
agreement_prevalence(AgreementSample *sample, double value)
{
	int64_t		count = 0;
	size_t		code;

	draw_each(sample);
	count_values(sample);
	if (sample->n_ratings == 0)
		return NAN;
	if (!isnan(value))
	{
		code = find_value(sample, value);
		if (code < sample->n_values && sample->values[code] == value)
			count = sample->counts[code];
		return (double) count / (double) sample->n_ratings;
	}
	for (code = 0; code < sample->n_values; code++)
		if (sample->counts[code] > count)
			count = sample->counts[code];
	return (double) count / (double) sample->n_ratings;
}

/*
 * Ratings with places: how many, and their mean, and how far they are spread.
 */
typedef struct Spread
{
	double		n;
	double		mean;
	double		squares;		/* the sum of squared distances from the mean */
	int			n_values;		/* that occur: 0, 1, or 2 for more */
} Spread;

/*
 * Of counts of values, less those in minus if that is not NULL.  The mean is
 * made before the squares, which keeps what differs little from being lost.
 */
static Spread
measure_spread(const AgreementSample *sample, const double *places,
			   const int64_t *counts, const int64_t *minus)
{
	Spread		spread = {0};
	double		sum = 0;

	for (size_t i = 0; i < sample->n_values; i++)
	{
		int64_t		count = counts[i] - (minus == NULL ? 0 : minus[i]);

		if (count == 0)
			continue;
		spread.n += (double) count;
		sum += (double) count * places[i];
		if (spread.n_values < 2)
			spread.n_values++;
	}
	spread.mean = spread.n > 0 ? sum / spread.n : 0;
	for (size_t i = 0; i < sample->n_values; i++)
	{
		double		count = (double) (counts[i] - (minus == NULL ? 0 : minus[i]));

		spread.squares += count * (places[i] - spread.mean) * (places[i] - spread.mean);
	}
	return spread;
}

/*
 * The square of the ordinal difference of two values is that of the numbers of
 * ratings between their middles.
 */
static void
rank_values(AgreementSample *sample)
{
	double		below = 0;

	for (size_t i = 0; i < sample->n_values; i++)
	{
		double		count = (double) sample->counts[i];

		sample->ranks[i] = below + count / 2;
		below += count;
	}
}

/* 1 less observed by expected; NaN if nothing is expected. */
static double
correct_for_chance(double observed, double expected)
{
	return expected > 0 ? 1 - observed / expected : NAN;
}

/* Krippendorff's alpha. */
static double
measure_alpha(AgreementSample *sample)
{
	const double *places = sample->places;
	double		observed = 0;
	double		expected = 0;
	Spread		spread;

	if (sample->level == AGREEMENT_ORDINAL)
	{
		rank_values(sample);
		places = sample->ranks;
		measure_units(sample, places);
	}
	spread = measure_spread(sample, places, sample->counts, NULL);
	if (spread.n_values < 2)
		return NAN;
	for (size_t unit = 0; unit < sample->n_units; unit++)
		observed += sample->drawn[unit] * sample->apart[unit];
	if (sample->level == AGREEMENT_NOMINAL)
		for (size_t i = 0; i < sample->n_values; i++)
			expected += (double) sample->counts[i] * (spread.n - (double) sample->counts[i]);
	else
		expected = 2 * spread.n * spread.squares;
	return correct_for_chance((spread.n - 1) * observed, expected);
}

/* Cohen's kappa of a pair, without weights. */
static double
measure_nominal_kappa(const AgreementSample *sample)
{
	double		n = 0;
	double		differ = 0;
	double		same_by_chance = 0;
	int			n_values = 0;

	for (size_t unit = 0; unit < sample->n_units; unit++)
	{
		n += sample->drawn[unit];
		if (sample->codes[2 * unit] != sample->codes[2 * unit + 1])
			differ += sample->drawn[unit];
	}
	for (size_t i = 0; i < sample->n_values; i++)
	{
		double		first = (double) sample->of_first[i];

		same_by_chance += first * ((double) sample->counts[i] - first) / n;
		n_values += sample->counts[i] > 0;
	}
	/* With one value n - same_by_chance is 0 but for rounding. */
	return n_values < 2 ? NAN : correct_for_chance(differ, n - same_by_chance);
}

/*
 * Cohen's kappa of a pair with quadratic weights, and the correlation.  The
 * squared difference that chance comes to follows from means and spreads.
 */
static void
measure_line(const AgreementSample *sample, AgreementFigures *figures)
{
	const double *places = sample->places;
	Spread		one = measure_spread(sample, places, sample->of_first, NULL);
	Spread		two = measure_spread(sample, places, sample->counts, sample->of_first);
	double		apart = one.mean - two.mean;
	double		squares = 0;
	double		products = 0;
	double		product;

	for (size_t unit = 0; unit < sample->n_units; unit++)
	{
		double		a = places[sample->codes[2 * unit]];
		double		b = places[sample->codes[2 * unit + 1]];

		squares += sample->drawn[unit] * (a - b) * (a - b);
		products += sample->drawn[unit] * (a - one.mean) * (b - two.mean);
	}
	if (one.n_values > 1 || two.n_values > 1 || squares > 0)
		figures->of[AGREEMENT_KAPPA] =
			correct_for_chance(squares, one.squares + two.squares + one.n * apart * apart);
	product = sqrt(one.squares) * sqrt(two.squares);
	if (one.n_values > 1 && two.n_values > 1 && product > 0)
		figures->of[AGREEMENT_CORRELATION] = fmax(-1, fmin(1, products / product));
}

/* The figures of what was drawn. */
static AgreementFigures
measure_drawn(AgreementSample *sample)
{
	AgreementFigures figures = {{NAN, NAN, NAN}};

	if (sample->n_units == 0)
		return figures;
	count_values(sample);
	figures.of[AGREEMENT_ALPHA] = measure_alpha(sample);
	if (!sample->is_pair)
		return figures;
	if (sample->level == AGREEMENT_NOMINAL)
		figures.of[AGREEMENT_KAPPA] = measure_nominal_kappa(sample);
	else
		measure_line(sample, &figures);
	return figures;
}

AgreementFigures
agreement_measure(AgreementSample *sample)
{
	draw_each(sample);
	return measure_drawn(sample);
}

/* ---- the bootstrap ---- */

bool
agreement_bootstrap(Arena *arena, AgreementSample *sample, const AgreementBootstrap *how,
					AgreementFigures *low, AgreementFigures *high)
{
	Random		random = {how->seed};
	double	   *found[AGREEMENT_FIGURES];
	size_t		n[AGREEMENT_FIGURES] = {0};
	size_t		resamples = how->resamples > 0 ? (size_t) how->resamples : 0;

	*low = *high = (AgreementFigures) {{NAN, NAN, NAN}};
	for (int f = 0; f < AGREEMENT_FIGURES; f++)
		found[f] = arena_alloc(arena, resamples * sizeof(double));
	if (arena_is_exhausted(arena))
		return false;
	for (size_t i = 0; i < resamples && sample->n_units > 1; i++)
	{
		AgreementFigures figures;

		if (how->check_interrupts != NULL)
			how->check_interrupts();
		draw_any(sample, &random);
		figures = measure_drawn(sample);
		for (int f = 0; f < AGREEMENT_FIGURES; f++)
			if (!isnan(figures.of[f]))
				found[f][n[f]++] = figures.of[f];
	}
	for (int f = 0; f < AGREEMENT_FIGURES; f++)
	{
		if (n[f] == 0 || n[f] < resamples - n[f])
			continue;
		qsort(found[f], n[f], sizeof(double), sample_compare);
		low->of[f] = sample_quantile(found[f], n[f], INTERVAL_TAIL);
		high->of[f] = sample_quantile(found[f], n[f], 1 - INTERVAL_TAIL);
	}
	return true;
}
