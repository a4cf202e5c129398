/*
 * mean_bound.h
 *		One-sided bounds of the mean of a distribution, from a sample of it.
 */
#ifndef GAIOPS_MEAN_BOUND_H
#define GAIOPS_MEAN_BOUND_H

#include <stddef.h>

/*
 * The bound of the mean of what n finite values are a sample of: in at most
 * that share of samples the mean is beyond it.  It is the lower one if the
 * sign is 1, the upper one if it is -1.  No value can be beyond the end, which
 * is that of the range of all values to the same side.
 *
 * It is Gaffke's bound (2005), of the values and of one more at the end,
 * weighted at random: of passes and fails it is that of Clopper and Pearson,
 * and of values that are all the same it says how many others there may be.
 * Nothing is drawn.  The end itself, of none.
 *
 * Where the end is not known (NaN) it is the outermost value, and the bound is
 * no nearer than Student's, of one more such; NaN of fewer than two then.
 * That is also the bound of more values than anybody has the time for.
 *
 * check_interrupts is called now and then; it may be NULL.
 */
extern double mean_bound(const double *values, size_t n, double end, double sign, double share,
						 void (*check_interrupts) (void));

#endif							/* GAIOPS_MEAN_BOUND_H */
