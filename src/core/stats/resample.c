/*
 * resample.c
 *		Totals of units that are drawn at random, as many as there are.
 *
 * How many of the draws fall into the first part of the units has a binomial
 * distribution.  So many units are halved until each part fits into the cache
 * that is nearest to the processor; only then is each draw made.  That of
 * units that are equal need not be made at all.
 */
#include "core/stats/resample.h"

#include <string.h>

#define PART	((uint32_t) 1024)	/* units; no more than RANDOM_FIVE_MOST */

static bool
are_equal(const Units *units, uint32_t one, uint32_t two)
{
	for (uint32_t j = 0; j < units->width; j++)
		if (units->values[(size_t) one * units->width + j] != units->values[(size_t) two * units->width + j])
			return false;
	return true;
}

bool
resample_init(Arena *arena, const Units *units, Resampler *resampler)
{
	uint32_t   *until = arena_alloc(arena, (size_t) units->n * sizeof(uint32_t) + 1);

	*resampler = (Resampler) {*units, until};
	if (until == NULL)
		return false;
	for (uint32_t i = units->n; i > 0; i--)
		until[i - 1] = i < units->n && are_equal(units, i - 1, i) ? until[i] : i;
	return true;
}

/* ---- each draw ---- */

/* The sum of those that are drawn, of each unit the first number. */
static inline double
sum_five(const double *values, size_t width, const uint32_t drawn[RANDOM_FIVE])
{
	return values[drawn[0] * width] + values[drawn[1] * width] + values[drawn[2] * width] +
		values[drawn[3] * width] + values[drawn[4] * width];
}

/* The sum of m of n numbers. */
static double
draw_numbers(const double *values, uint32_t n, uint32_t m, Random *random)
{
	Random		local = *random;
	double		sum = 0;
	uint32_t	drawn[RANDOM_FIVE];

	for (; m >= RANDOM_FIVE; m -= RANDOM_FIVE)
	{
		random_five(&local, n, drawn);
		sum += sum_five(values, 1, drawn);
	}
	*random = local;
	for (; m > 0; m--)
		sum += values[random_below(random, n)];
	return sum;
}

/* The same of two numbers each, added to two totals. */
static void
draw_pairs(const double *values, uint32_t n, uint32_t m, Random *random, double *totals)
{
	Random		local = *random;
	double		one = 0;
	double		two = 0;
	uint32_t	drawn[RANDOM_FIVE];

	for (; m >= RANDOM_FIVE; m -= RANDOM_FIVE)
	{
		random_five(&local, n, drawn);
		one += sum_five(values, 2, drawn);
		two += sum_five(values + 1, 2, drawn);
	}
	*random = local;
	for (; m > 0; m--)
	{
		uint32_t	last = random_below(random, n);

		one += values[(size_t) 2 * last];
		two += values[(size_t) 2 * last + 1];
	}
	totals[0] += one;
	totals[1] += two;
}

static void
add_unit(const double *unit, uint32_t width, double *totals)
{
	for (uint32_t j = 0; j < width; j++)
		totals[j] += unit[j];
}

/* The same of any width. */
static void
draw_units(const double *values, uint32_t n, uint32_t width, uint32_t m, Random *random, double *totals)
{
	uint32_t	drawn[RANDOM_FIVE];

	for (; m >= RANDOM_FIVE; m -= RANDOM_FIVE)
	{
		random_five(random, n, drawn);
		for (int i = 0; i < RANDOM_FIVE; i++)
			add_unit(values + (size_t) drawn[i] * width, width, totals);
	}
	for (; m > 0; m--)
		add_unit(values + (size_t) random_below(random, n) * width, width, totals);
}

/* Adds m draws of n units from a place on to the totals. */
static void
draw_part(const Units *units, uint32_t begin, uint32_t n, uint32_t m, Random *random, double *totals)
{
	const double *values = units->values + (size_t) begin * units->width;

	switch (units->width)
	{
		case 1:
			totals[0] += draw_numbers(values, n, m, random);
			break;
		case 2:
			draw_pairs(values, n, m, random, totals);
			break;
		default:
			draw_units(values, n, units->width, m, random, totals);
	}
}

/* ---- how many of them are where ---- */

/* A part of the units, by where it begins and ends, and its share of draws. */
typedef struct Part
{
	uint32_t	begin;
	uint32_t	end;
	uint32_t	draws;
} Part;

static void
add_equal(const Units *units, Part part, double *totals)
{
	for (uint32_t j = 0; j < units->width; j++)
		totals[j] += part.draws * units->values[(size_t) part.begin * units->width + j];
}

/*
 * Cuts off the second part.  The first is a power of two, so that most are cut
 * in halves, for which the fewest coins are thrown.
 */
static Part
cut_part(Part *part, Random *random)
{
	uint32_t	n = part->end - part->begin;
	uint32_t	first = PART;
	Part		rest = *part;

	while (first < n - first)
		first *= 2;
	part->end = rest.begin = part->begin + first;
	part->draws = random_binomial(random, rest.draws, first, n);
	rest.draws -= part->draws;
	return rest;
}

static void
draw_all(const Resampler *resampler, Part part, Random *random, double *totals)
{
	while (part.draws > 0)
	{
		Part		first = part;

		if (resampler->equal_until[part.begin] >= part.end)
		{
			add_equal(&resampler->units, part, totals);
			return;
		}
		if (part.end - part.begin <= PART)
		{
			draw_part(&resampler->units, part.begin, part.end - part.begin, part.draws, random, totals);
			return;
		}
		part = cut_part(&first, random);
		draw_all(resampler, first, random, totals);
	}
}

void
resample_totals(const Resampler *resampler, Random *random, double *totals)
{
	uint32_t	n = resampler->units.n;

	memset(totals, 0, resampler->units.width * sizeof(double));
	if (n > 0)
		draw_all(resampler, (Part) {0, n, n}, random, totals);
}
