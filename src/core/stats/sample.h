/*
 * sample.h
 *		Numbers of one kind: how many there are, their mean and their spread.
 */
#ifndef GAIOPS_SAMPLE_H
#define GAIOPS_SAMPLE_H

#include <stddef.h>

#include "core/stats/interval.h"

/* What a sample of n numbers comes to; NaN where n does not allow it. */
typedef struct Moments
{
	size_t		n;
	double		mean;
	double		sd;				/* of a sample: by n - 1 */
} Moments;

extern Moments sample_moments(const double *values, size_t n);

/* The greatest absolute value; 0 of none. */
extern double sample_reach(const double *values, size_t n);

/* Student's interval of the mean; NaN of fewer than two. */
extern Bounds sample_student(Moments moments);

/*
 * The value below which a share of n values in order is, between two of them;
 * n is not 0.
 */
extern double sample_quantile(const double *values, size_t n, double share);

/*
 * The same of values in any order, which it changes: much faster than sorting
 * them.
 */
extern double sample_select(double *values, size_t n, double share);

/* For qsort: the order of doubles that are no NaN. */
extern int	sample_compare(const void *one, const void *two);

#endif							/* GAIOPS_SAMPLE_H */
