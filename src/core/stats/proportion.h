/*
 * proportion.h
 *		Shares of what passes, and how those of two unpaired arms differ.
 */
#ifndef GAIOPS_PROPORTION_H
#define GAIOPS_PROPORTION_H

#include <stdint.h>

#include "core/stats/interval.h"

/* k passed of n; k is from 0 to n. */
typedef struct Share
{
	int64_t		k;
	int64_t		n;
} Share;

/* k by n; NaN of none. */
extern double share_value(Share share);

/*
 * The standard error to plan with: of what passed and failed, and of one more
 * of each.  NaN of none.
 */
extern double share_error(Share share);

/* Wilson's score interval; NaN of none. */
extern Bounds share_interval(Share share);

/* Newcombe's interval of b less a, from their Wilson intervals. */
extern Bounds share_difference_interval(Share a, Share b);

/*
 * Fisher's exact test of both shares being the same, two-sided: how likely
 * tables are that are no likelier than this one.  1 if either has none.
 */
extern double share_fisher(Share a, Share b);

#endif							/* GAIOPS_PROPORTION_H */
