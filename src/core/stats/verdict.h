/*
 * verdict.h
 *		What a comparison comes to, in words.
 */
#ifndef GAIOPS_VERDICT_H
#define GAIOPS_VERDICT_H

#include <stdbool.h>

#include "core/stats/interval.h"

typedef enum VerdictKind
{
	VERDICT_BETTER,
	VERDICT_WORSE,
	VERDICT_EQUIVALENT,
	VERDICT_TOO_FEW,
	VERDICT_NO_EVIDENCE
} VerdictKind;

/* What is known of a difference, of which more is better; NaN if it is not. */
typedef struct Evidence
{
	double		p_value;		/* adjusted for all that is compared with it */
	Bounds	interval;
	double		detectable;
	double		margin;			/* less does not matter; NaN if that is unknown */
} Evidence;

/*
 * Better or worse needs both a p-value under 5 % and an interval without 0:
 * the test alone takes a skewed difference with mean 0 for one that has
 * another mean.  Else equivalent, if the interval is inside the margin; too
 * few, if a difference of the margin need not have been seen; and else no
 * evidence.
 */
extern VerdictKind verdict_of(const Evidence *evidence);

/* The words for it, as users read them. */
extern const char *verdict_name(VerdictKind verdict);

/* Whether the interval is inside the margin: no difference that matters. */
extern bool verdict_is_within_margin(const Evidence *evidence);

#endif							/* GAIOPS_VERDICT_H */
