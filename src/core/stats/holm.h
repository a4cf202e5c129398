/*
 * holm.h
 *		P-values of many tests, so that all of them together rarely mislead.
 */
#ifndef GAIOPS_HOLM_H
#define GAIOPS_HOLM_H

#include <stddef.h>

/* A p-value, and which of the tests it is of. */
typedef struct HolmTest
{
	double		p_value;
	size_t		place;
} HolmTest;

/*
 * Adjusts n p-values by Holm's step-down method, where they are.  What is NaN
 * stays so, and does not count as a test.  tests has room for n.
 */
extern void holm_adjust(double *p_values, size_t n, HolmTest *tests);

#endif							/* GAIOPS_HOLM_H */
