/*
 * ratio.h
 *		Ratios: of totals, and of geometric means.
 */
#ifndef GAIOPS_RATIO_H
#define GAIOPS_RATIO_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/arena.h"
#include "core/stats/interval.h"
#include "core/stats/sampling.h"

/* Two numbers of each of n units. */
typedef struct RatioUnits
{
	const double *above;
	const double *below;
	size_t		n;
} RatioUnits;

/* What is not defined, or a bound that is open, is NaN. */
typedef struct Ratio
{
	size_t		n;				/* units that count */
	double		ratio;
	Bounds	interval;
	double		p_value;		/* of its being 1, of geometric means alone */
} Ratio;

/* What the arena must have room for: so much for each, and besides. */
#define RATIO_BYTES_PER_UNIT	112
#define RATIO_BYTES(how) \
	(8192 + (size_t) (how)->resamples * 8 + (size_t) (how)->draws * 8)

/*
 * The total above by the total below.  Units with a number that is negative or
 * not finite do not count.  The interval is the hull of the BCa interval and
 * of Student's for the logarithm, widened as ratio.c says: without that it
 * covers 91 % of what is to be covered at 20 units with skewed costs.  False
 * if memory is short.
 */
extern bool ratio_of_totals(Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio);

/*
 * The geometric mean above by that below.  Units with a number that is not
 * positive or not finite do not count.  The interval and the test are those of
 * the differences of logarithms.  False if memory is short.
 */
extern bool ratio_of_means(Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio);

#endif							/* GAIOPS_RATIO_H */
