/*
 * random.h
 *		Numbers that look random and are the same everywhere.
 *
 * SplitMix64, as Steele, Lea and Flood published it in 2014: for drawing
 * samples, never for secrets.
 */
#ifndef GAIOPS_RANDOM_H
#define GAIOPS_RANDOM_H

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

#endif							/* GAIOPS_RANDOM_H */
