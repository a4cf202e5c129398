/*
 * pairs.h
 *		Pairs of passing and failing: whether one arm passes more.
 */
#ifndef GAIOPS_PAIRS_H
#define GAIOPS_PAIRS_H

#include <stdint.h>

#include "core/stats/interval.h"

/* b and c are at least 0, and together at most n. */
typedef struct Pairs
{
	int64_t		b;				/* that only the candidate passes */
	int64_t		c;				/* that only the baseline passes */
	int64_t		n;				/* all */
} Pairs;

/* (b - c) by n; NaN of none. */
extern double pairs_difference(Pairs pairs);

/* McNemar's exact test, two-sided: 1 where no pair differs. */
extern double pairs_mcnemar(Pairs pairs);

/* Tango's score interval of the difference; NaN of none. */
extern Bounds pairs_tango(Pairs pairs);

/*
 * The standard deviation of differences to plan with: of 1, -1 and 0 for each
 * pair, and of one more 1 and one more -1.  NaN of none.
 */
extern double pairs_planning_sd(Pairs pairs);

#endif							/* GAIOPS_PAIRS_H */
