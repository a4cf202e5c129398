/*
 * bootstrap.h
 *		Intervals of what is computed from totals over units, by drawing units.
 *
 * The method is BCa, bias-corrected and accelerated (Efron, 1987).
 */
#ifndef GAIOPS_BOOTSTRAP_H
#define GAIOPS_BOOTSTRAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/memory/arena.h"
#include "core/stats/interval.h"
#include "core/stats/sampling.h"

/* A unit is width numbers, and the values are those of all n units in turn. */
typedef struct Units
{
	const double *values;
	uint32_t	n;
	uint32_t	width;
} Units;

/*
 * A figure made of the totals of n units.  May be infinite; if it is NaN, the
 * resample is passed over.
 */
typedef double (*FigureOf) (const double *totals, double n);

/*
 * The figure of the units there are, and its interval.  A bound that is
 * infinite is open, hence NaN.  Both bounds are the figure where all resamples
 * come to it, and NaN if the figure is not defined, or not in half of the
 * resamples.  False if memory is short.
 */
extern bool bootstrap_figure(Arena *arena, const Units *units, FigureOf figure_of, const Sampling *how,
							 double *figure, Bounds *interval);

/* The same for the mean of b less that of a; both have numbers. */
extern bool bootstrap_difference(Arena *arena, const Units *a, const Units *b, const Sampling *how,
								 Bounds *interval);

/* For bootstrap_figure(): the mean of units that are a number each. */
extern double bootstrap_mean(const double *totals, double n);

#endif							/* GAIOPS_BOOTSTRAP_H */
