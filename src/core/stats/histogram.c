/*
 * histogram.c
 *		Log-linear histogram of durations.
 */
#include "core/stats/histogram.h"

#include <math.h>
#include <stdbool.h>

#define SUB_BUCKETS		(1 << HISTOGRAM_SUB_BITS)

static bool
bucket_is_valid(int32_t bucket)
{
	return bucket >= 0 && bucket < HISTOGRAM_BUCKETS;
}

int32_t
histogram_bucket(int64_t value)
{
	int			exponent;
	int			shift;

	/* The first two powers' worth of buckets are one value wide. */
	if (value < SUB_BUCKETS)
		return value < 0 ? 0 : (int32_t) value;
	if (value > HISTOGRAM_MAX_VALUE)
		value = HISTOGRAM_MAX_VALUE;
	exponent = 63 - __builtin_clzll((unsigned long long) value);
	shift = exponent - HISTOGRAM_SUB_BITS;
	return shift * SUB_BUCKETS + (int32_t) (value >> shift);
}

int64_t
histogram_lower(int32_t bucket)
{
	int			shift;

	if (!bucket_is_valid(bucket))
		return -1;
	if (bucket < SUB_BUCKETS)
		return bucket;
	shift = bucket / SUB_BUCKETS - 1;
	return (int64_t) (bucket - shift * SUB_BUCKETS) << shift;
}

int64_t
histogram_upper(int32_t bucket)
{
	if (!bucket_is_valid(bucket))
		return -1;
	if (bucket == HISTOGRAM_BUCKETS - 1)
		return HISTOGRAM_MAX_VALUE + 1;
	return histogram_lower(bucket + 1);
}

/* The middle of the values in a bucket. */
static double
bucket_middle(int32_t bucket)
{
	return ((double) histogram_lower(bucket) + (double) (histogram_upper(bucket) - 1)) / 2;
}

/* Adds counts up by bucket into dense[]; returns their sum, saturated. */
static int64_t
add_up(const int32_t *buckets, const int64_t *counts, int npairs, int64_t *dense)
{
	int64_t		total = 0;

	for (int i = 0; i < npairs; i++)
	{
		int64_t		count = counts[i];

		if (!bucket_is_valid(buckets[i]) || count < 1)
			continue;
		/* Cut what would overflow: then no bucket's sum exceeds the total. */
		if (count > INT64_MAX - total)
			count = INT64_MAX - total;
		dense[buckets[i]] += count;
		total += count;
	}
	return total;
}

double
histogram_percentile(const int32_t *buckets, const int64_t *counts,
					 int npairs, double p)
{
	int64_t		dense[HISTOGRAM_BUCKETS] = {0};
	int64_t		total = add_up(buckets, counts, npairs, dense);
	int64_t		seen = 0;
	double		rank;

	if (total == 0 || !(p >= 0 && p <= 1))
		return NAN;
	/* 0.07 * 100 is a little more than 7, and must not become rank 8. */
	rank = ceil(p * (double) total * (1 - 1e-12));
	for (int32_t i = 0; i < HISTOGRAM_BUCKETS; i++)
	{
		seen += dense[i];
		if (seen > 0 && (double) seen >= rank)
			return bucket_middle(i);
	}
	return NAN;
}
