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

/*
 * Two such numbers, faster: one of either half of a random number.  None is
 * drawn again, so some are likelier than others by n parts of 2^32, which no
 * sample shows.
 */
static inline void
random_two(Random *random, uint32_t n, uint32_t *one, uint32_t *two)
{
	uint64_t	bits = random_next(random);

	*one = (uint32_t) ((bits >> 32) * n >> 32);
	*two = (uint32_t) ((bits & UINT32_MAX) * n >> 32);
}

/* A state to begin with that a text decides. */
extern uint64_t random_seed(const char *text, size_t len);

#endif							/* GAIOPS_RANDOM_H */
