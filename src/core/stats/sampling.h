/*
 * sampling.h
 *		How what is drawn at random is drawn.
 *
 * The same seed and data come to the same, everywhere.
 */
#ifndef GAIOPS_SAMPLING_H
#define GAIOPS_SAMPLING_H

#include <stdint.h>

typedef struct Sampling
{
	uint64_t	seed;
	void		(*check_interrupts) (void); /* now and then; may be NULL */
	int			resamples;		/* of a bootstrap */
	int			draws;			/* of a permutation test */
} Sampling;

/* What is usual for both. */
#define SAMPLING_RESAMPLES	10000
#define SAMPLING_DRAWS		100000

/*
 * Sums of the same numbers in another order differ by rounding.  They are the
 * same if they differ by at most this part of what was added up.
 */
#define SAMPLING_TIE		1e-12

extern void sampling_check_interrupts(const Sampling *how);

#endif							/* GAIOPS_SAMPLING_H */
