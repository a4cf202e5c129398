/*
 * quantile.h
 *		Quantiles, and intervals of them that hold for any distribution.
 */
#ifndef GAIOPS_QUANTILE_H
#define GAIOPS_QUANTILE_H

#include <stddef.h>

#include "core/stats/interval.h"

/*
 * The quantile of n finite values, which are sorted where they are; NaN of
 * none.  The bounds of its interval are two of the values, those beyond which
 * it is with 2.5 % at most; one that no value is far enough out for is open,
 * hence NaN.
 */
extern double quantile_measure(double *values, size_t n, double share, Bounds *interval);

/* The same with that share of probability beyond each bound. */
extern double quantile_bounds(double *values, size_t n, double share, double tail, Bounds *interval);

#endif							/* GAIOPS_QUANTILE_H */
