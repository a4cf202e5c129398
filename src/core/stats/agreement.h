/*
 * agreement.h
 *		How far those who rate the same units agree.
 *
 * A unit that fewer than two have rated says nothing and is left out.
 *
 *	kappa		Cohen's, of two raters.  Of nominal values it is unweighted;
 *				of others its weights are the squared differences.
 *	alpha		Krippendorff's, of any number of raters, each of whom may have
 *				left out units.
 *	correlation	Pearson's, of two raters; not of nominal values.
 *
 * A figure is NaN where it is not defined: where all values are the same,
 * agreement by chance is perfect, too, and there is nothing to tell it from.
 *
 * Nothing here raises or jumps, save that the callback may jump over it; so
 * everything is in the arena, which the caller frees.
 */
#ifndef GAIOPS_AGREEMENT_H
#define GAIOPS_AGREEMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/memory/arena.h"

/* The level of measurement: what can be said of two values. */
typedef enum AgreementLevel
{
	AGREEMENT_NOMINAL,			/* whether they are the same */
	AGREEMENT_ORDINAL,			/* and which is greater */
	AGREEMENT_INTERVAL			/* and by how much */
} AgreementLevel;

typedef struct AgreementRating
{
	int32_t		unit;
	int32_t		rater;
	double		value;			/* finite */
} AgreementRating;

typedef enum AgreementFigure
{
	AGREEMENT_KAPPA,
	AGREEMENT_ALPHA,
	AGREEMENT_CORRELATION
} AgreementFigure;

#define AGREEMENT_FIGURES	3

typedef struct AgreementFigures
{
	double		of[AGREEMENT_FIGURES];	/* by AgreementFigure */
} AgreementFigures;

typedef enum AgreementProblem
{
	AGREEMENT_FINE,
	AGREEMENT_REPEATED,			/* a rater has rated a unit twice */
	AGREEMENT_NO_MEMORY
} AgreementProblem;

/* What the arena must have room for: so much for each rating, and besides. */
#define AGREEMENT_BYTES_PER_RATING	72
#define AGREEMENT_BYTES				1024

typedef struct AgreementSample AgreementSample;

/*
 * Makes a sample of n ratings, in any order, which are sorted where they are.
 * The sample is the same whatever their order was, and whatever numbers units
 * have; raters are told apart by theirs.
 */
extern AgreementProblem agreement_prepare(Arena *arena, AgreementRating *ratings, size_t n,
										  AgreementLevel level, AgreementSample **sample);

/* The number of units that two have rated at least. */
extern uint32_t agreement_units(const AgreementSample *sample);

/*
 * The share of a value among all ratings of these units, or that of the
 * commonest value if it is NaN; NaN if there are no units.
 */
extern double agreement_prevalence(AgreementSample *sample, double value);

/* The figures of the sample. */
extern AgreementFigures agreement_measure(AgreementSample *sample);

typedef struct AgreementBootstrap
{
	int			resamples;
	uint64_t	seed;
	void		(*check_interrupts) (void); /* before each; may be NULL */
} AgreementBootstrap;

/*
 * Intervals that the figures are in with a probability of 95 %: bounds of the
 * middle 95 % of what resamples of the units come to (the percentile
 * bootstrap).  Resamples in which a figure is not defined are passed over; NaN
 * if more than half are, or there are fewer than two units.  Needs 8 bytes by
 * AGREEMENT_FIGURES in the arena for each resample; false if memory is short.
 */
extern bool agreement_bootstrap(Arena *arena, AgreementSample *sample, const AgreementBootstrap *how,
								AgreementFigures *low, AgreementFigures *high);

#endif							/* GAIOPS_AGREEMENT_H */
