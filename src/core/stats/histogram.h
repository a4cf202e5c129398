/*
 * histogram.h
 *		Log-linear histogram of durations.
 *
 * Every power of two is cut into 16 buckets of equal width, so a value and its
 * bucket's bounds differ by at most 6.25 %.  A histogram is two arrays of
 * equal length: bucket numbers and how many values fell into each.  Empty
 * buckets need not be stored, and two histograms are merged by putting their
 * arrays behind each other.
 */
#ifndef GAIOPS_HISTOGRAM_H
#define GAIOPS_HISTOGRAM_H

#include <stdint.h>

/* 2^4 buckets per power of two. */
#define HISTOGRAM_SUB_BITS	4

/* Values are microseconds; more than 2^40 (12.7 days) counts as that. */
#define HISTOGRAM_MAX_BITS	40
#define HISTOGRAM_MAX_VALUE (INT64_C(1) << HISTOGRAM_MAX_BITS)

/*
 * Buckets are numbered from 0; the last one holds HISTOGRAM_MAX_VALUE alone.
 */
#define HISTOGRAM_BUCKETS \
	(((HISTOGRAM_MAX_BITS - HISTOGRAM_SUB_BITS + 1) << HISTOGRAM_SUB_BITS) + 1)

/* The bucket of a duration in microseconds; a negative one counts as 0. */
extern int32_t histogram_bucket(int64_t value);

/*
 * The smallest value of a bucket, and the smallest value above it.  Return -1
 * if there is no such bucket.
 */
extern int64_t histogram_lower(int32_t bucket);
extern int64_t histogram_upper(int32_t bucket);

/*
 * The value below or at which the fraction p (0 to 1) of all counted values
 * lies, by nearest rank: the middle of the bucket that holds it.  The pairs
 * may come in any order and a bucket may come more than once; pairs without a
 * valid bucket or with a count below 1 are passed over.  Returns NaN if
 * nothing was counted or p is no fraction.
 */
extern double histogram_percentile(const int32_t *buckets, const int64_t *counts,
								   int npairs, double p);

#endif							/* GAIOPS_HISTOGRAM_H */
