/*
 * random.c
 *		Numbers that look random and are the same everywhere.
 */
#include "core/stats/random.h"

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

/* FNV-1a. */
uint64_t
random_seed(const char *text, size_t len)
{
	uint64_t	seed = UINT64_C(0xCBF29CE484222325);

	for (size_t i = 0; i < len; i++)
		seed = (seed ^ (unsigned char) text[i]) * UINT64_C(0x100000001B3);
	return seed;
}
