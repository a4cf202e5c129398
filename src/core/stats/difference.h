/*
 * difference.h
 *		Whether the mean of differences of pairs is 0, and how large it is.
 */
#ifndef GAIOPS_DIFFERENCE_H
#define GAIOPS_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/arena.h"
#include "core/stats/interval.h"
#include "core/stats/sampling.h"

/* What is not defined is NaN. */
typedef struct Difference
{
	size_t		n;				/* differences that are finite */
	size_t		n_differing;	/* of these, those that are not 0 */
	double		mean;
	double		sd;
	Bounds	interval;
	double		p_value;		/* of the sign-flip test; 1 of none */
	bool		is_exact;
	double		d_z;			/* mean by sd; 0 where nothing differs */
	double		wilcoxon_p;
	double		planning_sd;	/* of the sample that the interval is of */
	double		detectable;		/* with usual power */
} Difference;

/* What the arena must have room for: so much for each, and besides. */
#define DIFFERENCE_BYTES_PER_VALUE	96
#define DIFFERENCE_BYTES(how) \
	(4096 + (size_t) (how)->resamples * 8 + (size_t) (how)->draws * 8)

/*
 * Compares n differences, of which those that are not finite are left out; the
 * scale is the width of the range that scores are in, so no difference exceeds
 * it, or NaN if there is none.  False if memory is short.
 *
 * The interval is the hull of Student's and the BCa interval, both of the
 * differences and of one more as large as the scale to either side: a sample
 * in which none of the rare great losses is says nothing of them, and either
 * method alone takes it at its word.  Without a scale the greatest difference
 * stands for it.  No bound is beyond the scale.
 */
extern bool difference_compare(Arena *arena, const double *differences, size_t n, double scale,
							   const Sampling *how, Difference *difference);

#endif							/* GAIOPS_DIFFERENCE_H */
