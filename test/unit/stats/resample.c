/*
 * Totals of units drawn at random: of few units and of many, of any width, and
 * where many are equal.
 */
#include "core/stats/resample.h"

#include <math.h>
#include <stdlib.h>

#include "check.h"

#define MEMORY		((size_t) 1 << 20)
#define MOST_WIDTH	3
#define ROUNDS		4000

/* What columns of units are: 1 in each, 1 in one of them, and its number. */
static double *
make_units(uint32_t n, uint32_t width, uint32_t marked)
{
	double	   *values = calloc((size_t) n * width + 1, sizeof(double));

	for (uint32_t i = 0; i < n; i++)
	{
		values[(size_t) i * width] = width == 1 ? i == marked : 1;
		if (width > 1)
			values[(size_t) i * width + 1] = i == marked;
		if (width > 2)
			values[(size_t) i * width + 2] = i;
	}
	return values;
}

/*
 * As many are drawn as there are, and one of them 1 time in the mean, with a
 * variance of 1 less one part of n.
 */
static void
check_marked(uint32_t n, uint32_t width, uint32_t marked)
{
	Arena	   *arena = arena_create(MEMORY);
	double	   *values = make_units(n, width, marked);
	Units		units = {values, n, width};
	Resampler	resampler;
	Random		random = {n + marked};
	double		sum = 0;
	double		squares = 0;
	bool		is_all = true;

	CHECK(resample_init(arena, &units, &resampler));
	for (int i = 0; i < ROUNDS; i++)
	{
		double		totals[MOST_WIDTH];
		double		times;

		resample_totals(&resampler, &random, totals);
		times = totals[width > 1];
		is_all = is_all && (width == 1 || totals[0] == n);
		sum += times;
		squares += (times - 1) * (times - 1);
	}
	CHECK(is_all);
	CHECK(fabs(sum / ROUNDS - 1) < 5 / sqrt(ROUNDS));
	CHECK(fabs(squares / ROUNDS - (1 - 1.0 / n)) < 5 * sqrt(3.0 / ROUNDS));
	arena_free(arena);
	free(values);
}

/* The variance of totals of different numbers is n times that of one. */
static void
check_spread(uint32_t n)
{
	Arena	   *arena = arena_create(MEMORY);
	double	   *values = calloc(n, sizeof(double));
	Units		units = {values, n, 1};
	Resampler	resampler;
	Random		random = {n};
	double		expected = (double) n * ((double) n * n - 1) / 12;
	double		squares = 0;

	for (uint32_t i = 0; i < n; i++)
		values[i] = i - (n - 1) / 2.0;
	CHECK(resample_init(arena, &units, &resampler));
	for (int i = 0; i < ROUNDS; i++)
	{
		double		total;

		resample_totals(&resampler, &random, &total);
		squares += total * total;
	}
	CHECK(fabs(squares / ROUNDS / expected - 1) < 5 * sqrt(2.0 / ROUNDS));
	arena_free(arena);
	free(values);
}

int
main(void)
{
	const uint32_t numbers[] = {2, 7, 1000, 1024, 1025, 2048, 3000, 5000};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
	{
		uint32_t	n = numbers[i];

		for (uint32_t width = 1; width <= MOST_WIDTH; width++)
		{
			check_marked(n, width, 0);
			check_marked(n, width, n / 2);
			check_marked(n, width, n - 1);
		}
		check_spread(n);
	}
	return check_finish();
}
