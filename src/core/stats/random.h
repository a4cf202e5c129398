/*
 * random.h
 *		Numbers that look random and are the same everywhere.
 *
 * SplitMix64, as Steele, Lea and Flood published it in 2014: for drawing
 * samples, never for secrets.
 */
#ifndef GAIOPS_RANDOM_H
#define GAIOPS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Its state is a number, and any will do to begin with. */
typedef struct Random
{
	uint64_t	state;
} Random;

/* The next number, 64 random bits. */
static inline uint64_t
random_next(Random *random)
{
	uint64_t	z = random->state += UINT64_C(0x9E3779B97F4A7C15);

	z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
	return z ^ (z >> 31);
}

/* A number from 0 to n - 1, each as likely as the others; 0 if n is 0. */
extern uint32_t random_below(Random *random, uint32_t n);

/* Such numbers that one random number is enough for, and their greatest n. */
#define RANDOM_FIVE			5
#define RANDOM_FIVE_MOST	1024

/*
 * The number below n that 64 bits stand for; they become what is left of them
 * for the next one.
 */
static inline uint32_t
random_split(uint64_t *bits, uint32_t n)
{
	uint64_t	given = *bits;

	*bits = given * n;
#ifdef __SIZEOF_INT128__
	return (uint32_t) ((unsigned __int128) given * n >> 64);
#else
	return (uint32_t) (((given >> 32) * n + ((given & UINT32_MAX) * n >> 32)) >> 32);
#endif
}

/*
 * As many, much faster; no compiler has to unroll it.  As many of the 2^64
 * random numbers go to each result; those few that are too many are drawn
 * again (Brackett-Rozinsky and Lemire, 2024).
 */
static inline void
random_five(Random *random, uint32_t n, uint32_t numbers[RANDOM_FIVE])
{
	uint64_t	results = (uint64_t) n * n * n * n * n;
	uint64_t	left;

	do
	{
		left = random_next(random);
		numbers[0] = random_split(&left, n);
		numbers[1] = random_split(&left, n);
		numbers[2] = random_split(&left, n);
		numbers[3] = random_split(&left, n);
		numbers[4] = random_split(&left, n);
	} while (left < results && left < (UINT64_MAX - results + 1) % results);
}

/*
 * How many of n draws hit, each of which hits in part of whole cases; part is
 * less than whole, and that at most 2^32.
 */
extern uint32_t random_binomial(Random *random, uint32_t n, uint64_t part, uint64_t whole);

/* A state to begin with that a text decides. */
extern uint64_t random_seed(const char *text, size_t len);

#endif							/* GAIOPS_RANDOM_H */
