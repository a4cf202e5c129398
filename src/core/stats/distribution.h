/*
 * distribution.h
 *		Distributions: what share of one is below a value, and below what value
 *		a share is.
 */
#ifndef GAIOPS_DISTRIBUTION_H
#define GAIOPS_DISTRIBUTION_H

#include <stdint.h>

/* Of the normal distribution. */
extern double normal_below(double z);
extern double normal_quantile(double share);

/* Of Student's t with that many degrees of freedom, 1 at least. */
extern double student_quantile(double share, int64_t degrees);

/*
 * How likely at most k of n are, each of which comes with that probability;
 * in as many steps as there are likely numbers.
 */
extern double binomial_below(int64_t k, int64_t n, double probability);

/*
 * Where between two numbers a function that grows there reaches a value; one
 * of the two if it does not.
 */
typedef double (*GrowingFunction) (double x, const void *context);

extern double solve_growing(GrowingFunction function, const void *context, double value,
							double low, double high);

#endif							/* GAIOPS_DISTRIBUTION_H */
