/*
 * power.c
 *		How many pairs it takes to detect a difference, and what difference so
 *		many detect.
 */
#include "core/stats/power.h"

#include <math.h>

#include "core/stats/distribution.h"

/* More than anybody has, and exact as a double. */
#define MOST_PAIRS	1e15

bool
power_is_possible(Power power)
{
	return power.alpha > 0 && power.power > power.alpha && power.power < 1;
}

/*
 * How many standard errors a difference must be to be detected: so many that
 * it is significant, and so many more that it is so with this power.
 */
static double
standard_errors(Power power)
{
	return normal_quantile(power.power) - normal_quantile(power.alpha / 2);
}

double
power_detectable(double sd, double n, Power power)
{
	return n > 0 ? standard_errors(power) * sd / sqrt(n) : NAN;
}

/*
 * How many that differ can be significant, if all go one way: so many coins
 * that show the same side come about less often than the level.
 */
static double
least_differing(Power power)
{
	return floor(log2(2 / power.alpha)) + 1;
}

/* Rounds a number of pairs up, to no less than the least; -1 if it is none. */
static int64_t
round_up(double pairs, double least)
{
	return pairs <= MOST_PAIRS ? (int64_t) fmax(least, ceil(pairs)) : -1;
}

int64_t
power_n(double sd, double difference, Power power)
{
	double		ratio = standard_errors(power) * sd / difference;

	return difference != 0 && sd > 0 ? round_up(ratio * ratio, least_differing(power)) : -1;
}

/*
 * So many that power_detectable() comes to the difference, of n and the two
 * more: n (n + 1) is (n - 1) sd^2 and 2 widest^2, times the square of the
 * standard errors by the difference.
 */
int64_t
power_n_widened(double sd, double widest, double difference, Power power)
{
	double		factor = standard_errors(power) / difference;
	double		spread = factor * factor * sd * sd;
	double		more = 2 * factor * factor * widest * widest - spread;
	double		root = sqrt(fmax(0, (spread - 1) * (spread - 1) + 4 * more));

	return difference != 0 && sd > 0 ? round_up((spread - 1 + root) / 2, least_differing(power)) : -1;
}

int64_t
power_pairs(double discordance, double difference, Power power)
{
	double		ratio = standard_errors(power) / difference;
	double		pairs = 1 + ratio * ratio * discordance;

	if (difference == 0 || !(discordance >= fabs(difference)))
		return -1;
	return round_up(fmax(pairs, least_differing(power) / discordance), 1);
}
