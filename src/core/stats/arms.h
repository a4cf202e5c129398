/*
 * arms.h
 *		Whether two samples, which are not pairs, have the same mean.
 */
#ifndef GAIOPS_ARMS_H
#define GAIOPS_ARMS_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/arena.h"
#include "core/stats/interval.h"
#include "core/stats/sampling.h"

/* Numbers, of which those that are not finite are left out. */
typedef struct Arm
{
	const double *values;
	size_t		n;
} Arm;

/* What is not defined is NaN. */
typedef struct ArmsComparison
{
	size_t		n[2];			/* of either arm, that are finite */
	double		mean[2];
	double		difference;		/* of the second less the first */
	Bounds	interval;
	double		p_value;		/* 1 if an arm has none */
	double		detectable;		/* with usual power */
} ArmsComparison;

/* What the arena must have room for: so much for each, and besides. */
#define ARMS_BYTES_PER_VALUE	64
#define ARMS_BYTES(how)	(4096 + (size_t) (how)->resamples * 8)

/*
 * The test permutes who is of which arm, as often as is drawn, or 9,999 times
 * at least if arms are so large that it would take long.  The interval
 * is the hull of Welch's and the BCa interval, both of arms to each of which
 * two numbers are added, as far from its mean as the scale is wide; without a
 * scale (NaN) as far as the numbers are from each other.  False if memory is
 * short.
 */
extern bool arms_compare(Arena *arena, Arm baseline, Arm candidate, double scale, const Sampling *how,
						 ArmsComparison *comparison);

#endif							/* GAIOPS_ARMS_H */
