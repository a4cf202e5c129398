/*
 * sign_flip.h
 *		Whether the mean of differences is 0, by flipping their signs.
 */
#ifndef GAIOPS_SIGN_FLIP_H
#define GAIOPS_SIGN_FLIP_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/arena.h"
#include "core/stats/sampling.h"

/* As many differences that are not 0 are tried with all signs there are. */
#define SIGN_FLIP_EXACT		20

typedef struct SignFlip
{
	double		p_value;		/* two-sided; 1 where nothing differs */
	bool		is_exact;
} SignFlip;

/*
 * What share of all ways to sign them has a sum at least as far from 0; with
 * more than SIGN_FLIP_EXACT of them, of as many ways as are drawn, and the one
 * there is.  The differences are finite, at most 1 and at least -1; those that
 * are 0 do not count.  False if memory is short.
 */
extern bool sign_flip_test(Arena *arena, const double *differences, size_t n, const Sampling *how,
						   SignFlip *test);

#endif							/* GAIOPS_SIGN_FLIP_H */
