/*
 * resample.h
 *		Totals of units that are drawn at random, as many as there are.
 */
#ifndef GAIOPS_RESAMPLE_H
#define GAIOPS_RESAMPLE_H

#include <stdbool.h>
#include <stdint.h>

#include "core/memory/arena.h"
#include "core/stats/random.h"

/* A unit is width numbers, and the values are those of all n units in turn. */
typedef struct Units
{
	const double *values;
	uint32_t	n;
	uint32_t	width;
} Units;

/* Units that are drawn from time and again. */
typedef struct Resampler
{
	Units		units;
	uint32_t   *equal_until;	/* where units end that are equal to each */
} Resampler;

/* What the arena must have room for, for each unit. */
#define RESAMPLE_BYTES_PER_UNIT	4

/* Prepares for drawing; false if memory is short. */
extern bool resample_init(Arena *arena, const Units *units, Resampler *resampler);

/*
 * The totals of as many units as there are, each drawn at random, any as
 * likely as all others.
 */
extern void resample_totals(const Resampler *resampler, Random *random, double *totals);

#endif							/* GAIOPS_RESAMPLE_H */
