/*
 * random.c
 *		Numbers that look random and are the same everywhere.
 */
#include "core/stats/random.h"

uint64_t
random_next(Random *random)
{
	uint64_t	z = random->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/*
 * Of the 2^32 numbers that the upper half can be, as many go to each result;
 * the first few of each, which are too many, are drawn again (Lemire, 2019).
 */
uint32_t
random_below(Random *random, uint32_t n)
{
	uint64_t	product;
	uint32_t	too_many;

	if (n == 0)
		return 0;
	product = (random_next(random) >> 32) * n;
	if ((uint32_t) product < n)
	{
		too_many = (uint32_t) ((UINT64_C(1) << 32) % n);
		while ((uint32_t) product < too_many)
			product = (random_next(random) >> 32) * n;
	}
	return (uint32_t) (product >> 32);
}

/*
 * Makes two of each random number, of either half; both are drawn again if
 * either is one too many.
 */
void
random_fill(Random *random, uint32_t n, uint32_t *numbers, size_t count)
{
	uint32_t	too_many = (uint32_t) ((UINT64_C(1) << 32) % n);
	size_t		i = 0;

	while (i < count)
	{
		uint64_t	bits = random_next(random);
		uint64_t	one = (bits >> 32) * n;
		uint64_t	two = (bits & UINT32_MAX) * n;

		if ((uint32_t) one < too_many || (uint32_t) two < too_many)
			continue;
		numbers[i++] = (uint32_t) (one >> 32);
		if (i < count)
			numbers[i++] = (uint32_t) (two >> 32);
	}
}

/* FNV-1a. */
uint64_t
random_seed(const char *text, size_t len)
{
	uint64_t	seed = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < len; i++)
		seed = (seed ^ (unsigned char) text[i]) * UINT64_C(0x100000001B3);
	return seed;
}
