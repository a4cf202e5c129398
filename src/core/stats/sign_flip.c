/*
 * sign_flip.c
 *		Whether the mean of differences is 0, by flipping their signs.
 */
#include "core/stats/sign_flip.h"

#include <math.h>
#include <stdint.h>

#include "core/stats/random.h"

/* Their sums with all signs are in a table. */
#define BLOCK		8
#define BLOCK_SUMS	(1 << BLOCK)

/* A random number has the signs of a block for so many draws. */
#define DRAWS_PER_NUMBER	(64 / BLOCK)

/* Differences that are not 0, and how far from 0 a sum is as far as theirs. */
typedef struct Flips
{
	double	   *values;
	size_t		n;
	double		far;
} Flips;

static bool
take_flips(Arena *arena, const double *differences, size_t n, Flips *flips)
{
	double		sum = 0;
	double		added = 0;

	*flips = (Flips) {arena_alloc(arena, n * sizeof(double) + 1), 0, 0};
	for (size_t i = 0; i < n && flips->values != NULL; i++)
	{
		if (differences[i] == 0)
			continue;
		flips->values[flips->n++] = differences[i];
		sum += differences[i];
		added += fabs(differences[i]);
	}
	flips->far = fabs(sum) - SAMPLING_TIE * added;
	return flips->values != NULL;
}

/* The sums of n values with all signs, 2 to the power of n. */
static void
list_sums(const double *values, size_t n, double *sums)
{
	size_t		count = 1;

	sums[0] = 0;
	for (size_t i = 0; i < n; i++, count *= 2)
		for (size_t j = 0; j < count; j++)
		{
			sums[count + j] = sums[j] + values[i];
			sums[j] -= values[i];
		}
}

/*
 * All sums are those of one half plus those of the other: each has few terms,
 * and little rounding.
 */
static double
try_all(const Flips *flips)
{
	double		lower[1 << (SIGN_FLIP_EXACT / 2)];
	double		upper[1 << (SIGN_FLIP_EXACT / 2)];
	size_t		half = flips->n / 2;
	size_t		n_lower = (size_t) 1 << half;
	size_t		n_upper = (size_t) 1 << (flips->n - half);
	size_t		hits = 0;

	list_sums(flips->values, half, lower);
	list_sums(flips->values + half, flips->n - half, upper);
	for (size_t i = 0; i < n_lower; i++)
		for (size_t j = 0; j < n_upper; j++)
			hits += fabs(lower[i] + upper[j]) >= flips->far;
	return (double) hits / (double) (n_lower * n_upper);
}

/* Adds a block of values to the sums of all draws, each with random signs. */
static void
add_block(const double *values, size_t n, Random *random, double *sums, size_t n_numbers)
{
	double		block[BLOCK_SUMS];

	list_sums(values, n, block);
	for (size_t i = 0; i < n_numbers; i++)
	{
		uint64_t	bits = random_next(random);

		for (size_t j = 0; j < DRAWS_PER_NUMBER; j++, bits >>= BLOCK)
			sums[i * DRAWS_PER_NUMBER + j] += block[bits & (((uint64_t) 1 << n) - 1)];
	}
}

/* Block by block, not draw by draw: memory does not grow with the values. */
static bool
draw(Arena *arena, const Flips *flips, const Sampling *how, double *p_value)
{
	size_t		draws = (size_t) how->draws;
	size_t		n_numbers = (draws + DRAWS_PER_NUMBER - 1) / DRAWS_PER_NUMBER;
	double	   *sums = arena_alloc(arena, n_numbers * DRAWS_PER_NUMBER * sizeof(double));
	Random		random = {how->seed};
	size_t		hits = 1;

	for (size_t i = 0; i < flips->n && sums != NULL; i += BLOCK)
	{
		sampling_check_interrupts(how);
		add_block(flips->values + i, flips->n - i < BLOCK ? flips->n - i : BLOCK, &random, sums, n_numbers);
	}
	for (size_t i = 0; i < draws && sums != NULL; i++)
		hits += fabs(sums[i]) >= flips->far;
	*p_value = (double) hits / (double) (draws + 1);
	return sums != NULL;
}

bool
sign_flip_test(Arena *arena, const double *differences, size_t n, const Sampling *how, SignFlip *test)
{
	Flips		flips;

	*test = (SignFlip) {1, true};
	if (!take_flips(arena, differences, n, &flips))
		return false;
	if (flips.n <= SIGN_FLIP_EXACT)
	{
		test->p_value = try_all(&flips);
		return true;
	}
	test->is_exact = false;
	return draw(arena, &flips, how, &test->p_value);
}
