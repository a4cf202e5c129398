/*
 * power.h
 *		How many pairs it takes to detect a difference, and what difference so
 *		many detect: with a two-sided test that takes them for normal.
 */
#ifndef GAIOPS_POWER_H
#define GAIOPS_POWER_H

#include <stdbool.h>
#include <stdint.h>

/* What a comparison is planned with, if nothing else is said. */
#define POWER_USUAL		0.8
#define POWER_ALPHA		0.05

typedef struct Power
{
	double		power;			/* to detect it, more than alpha, below 1 */
	double		alpha;			/* to find it where none is */
} Power;

/* Whether both are probabilities that can be planned with. */
extern bool power_is_possible(Power power);

/*
 * The difference that n pairs detect, whose differences have that standard
 * deviation; NaN of none.
 */
extern double power_detectable(double sd, double n, Power power);

/*
 * How many pairs detect a difference, no fewer than can be significant; -1 if
 * no number does, or none that is a number of pairs, and where the standard
 * deviation is 0: who has seen no difference cannot plan.
 */
extern int64_t power_n(double sd, double difference, Power power);

/*
 * The same for what difference_compare() finds, whose interval has two more
 * pairs: they differ by the widest there can be.
 */
extern int64_t power_n_widened(double sd, double widest, double difference, Power power);

/*
 * The same of pairs that pass or fail, of which a share differs: their
 * standard deviation is that of a sample with no difference at all.  -1, too,
 * if the difference is more than that share: it cannot be.
 */
extern int64_t power_pairs(double discordance, double difference, Power power);

#endif							/* GAIOPS_POWER_H */
