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
extern uint64_t random_next(Random *random);

/* A number from 0 to n - 1, each as likely as the others; 0 if n is 0. */
extern uint32_t random_below(Random *random, uint32_t n);

/* So many such numbers, faster; n is not 0. */
extern void random_fill(Random *random, uint32_t n, uint32_t *numbers, size_t count);

/* A state to begin with that a text decides. */
extern uint64_t random_seed(const char *text, size_t len);

#endif							/* GAIOPS_RANDOM_H */
