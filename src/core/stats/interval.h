/*
 * interval.h
 *		Intervals of 95 %.
 */
#ifndef GAIOPS_INTERVAL_H
#define GAIOPS_INTERVAL_H

/* Two-sided: so much is beyond either bound. */
#define INTERVAL_TAIL	0.025

/* The number of standard deviations that is, of a normal distribution. */
#define INTERVAL_Z		1.959963984540054

/* A bound that is not defined, or open, is NaN. */
typedef struct Bounds
{
	double		low;
	double		high;
} Bounds;

#endif							/* GAIOPS_INTERVAL_H */
