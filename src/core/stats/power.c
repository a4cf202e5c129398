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

/* Rounds a number of pairs up. */
static int64_t
round_up(double pairs)
{
	return pairs <= MOST_PAIRS ? (int64_t) fmax(1, ceil(pairs)) : -1;
}

int64_t
power_n(double sd, double difference, Power power)
{
	double		ratio = standard_errors(power) * sd / difference;

	return difference != 0 ? round_up(ratio * ratio) : -1;
}

int64_t
power_pairs(double discordance, double difference, Power power)
{
	double		ratio = standard_errors(power) / difference;

	return difference != 0 ? round_up(1 + ratio * ratio * discordance) : -1;
}
