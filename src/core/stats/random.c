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

static uint32_t
count_bits(uint64_t bits)
{
	bits -= (bits >> 1) & UINT64_C(0x5555555555555555);
	bits = (bits & UINT64_C(0x3333333333333333)) + ((bits >> 2) & UINT64_C(0x3333333333333333));
	bits = (bits + (bits >> 4)) & UINT64_C(0x0F0F0F0F0F0F0F0F);
	return (uint32_t) ((bits * UINT64_C(0x0101010101010101)) >> 56);
}

/* How many of n coins show heads. */
static uint32_t
throw_coins(Random *random, uint32_t n)
{
	uint32_t	heads = 0;

	for (; n >= 64; n -= 64)
		heads += count_bits(random_next(random));
	if (n > 0)
		heads += count_bits(random_next(random) >> (64 - n));
	return heads;
}

/*
 * Each draw is a number between 0 and 1, of which one bit after the other is
 * thrown, until it differs from that of the probability: it hits if it is
 * below.  That is half of those that are left each time.
 */
uint32_t
random_binomial(Random *random, uint32_t n, uint64_t part, uint64_t whole)
{
	uint32_t	hits = 0;

	while (n > 0 && part > 0)
	{
		uint32_t	decided = throw_coins(random, n);

		part *= 2;
		if (part >= whole)
		{
			part -= whole;
			hits += decided;
		}
		n -= decided;
	}
	return hits;
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
