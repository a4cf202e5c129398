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
#include "core/stats/resample.h"
#include "core/stats/sampling.h"

/* What the arena must have room for: so much for each unit, and besides. */
#define BOOTSTRAP_BYTES_PER_UNIT	(sizeof(double) + RESAMPLE_BYTES_PER_UNIT)
#define BOOTSTRAP_BYTES(how)		(1024 + (size_t) (how)->resamples * sizeof(double))

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
