/* Buckets and percentiles of core/stats/histogram. */
#include "core/stats/histogram.h"

#include <math.h>

#include "check.h"

static void
test_small_values_are_exact(void)
{
	for (int64_t v = 0; v < 32; v++)
	{
		CHECK_INT(histogram_bucket(v), v);
		CHECK_INT(histogram_lower((int32_t) v), v);
		CHECK_INT(histogram_upper((int32_t) v), v + 1);
	}
}

static void
test_known_buckets(void)
{
	CHECK_INT(histogram_bucket(32), 32);
	CHECK_INT(histogram_bucket(33), 32);
	CHECK_INT(histogram_bucket(34), 33);
	CHECK_INT(histogram_bucket(63), 47);
	CHECK_INT(histogram_bucket(64), 48);
	CHECK_INT(histogram_bucket(1000), 111);
	CHECK_INT(histogram_lower(111), 992);
	CHECK_INT(histogram_upper(111), 1024);
	CHECK_INT(histogram_bucket(1000000), 270);
}

/* Every bucket begins where the one before it ends, and owns its bounds. */
static void
test_buckets_tile_the_range(void)
{
	int			gaps = 0;
	int			strangers = 0;
	int			wide = 0;

	for (int32_t b = 0; b < HISTOGRAM_BUCKETS; b++)
	{
		int64_t		lower = histogram_lower(b);
		int64_t		upper = histogram_upper(b);

		gaps += b > 0 && histogram_upper(b - 1) != lower;
		strangers += histogram_bucket(lower) != b || histogram_bucket(upper - 1) != b;
		wide += upper - 1 > lower && (double) (upper - lower) > 0.0625 * (double) lower;
	}
	CHECK_INT(histogram_lower(0), 0);
	CHECK_INT(histogram_upper(HISTOGRAM_BUCKETS - 1), HISTOGRAM_MAX_VALUE + 1);
	CHECK_INT(gaps, 0);
	CHECK_INT(strangers, 0);
	CHECK_INT(wide, 0);
}

static void
test_ends_of_the_range(void)
{
	CHECK_INT(HISTOGRAM_BUCKETS, 593);
	CHECK_INT(histogram_bucket(-1), 0);
	CHECK_INT(histogram_bucket(INT64_MIN), 0);
	CHECK_INT(histogram_bucket(HISTOGRAM_MAX_VALUE - 1), 591);
	CHECK_INT(histogram_bucket(HISTOGRAM_MAX_VALUE), 592);
	CHECK_INT(histogram_bucket(HISTOGRAM_MAX_VALUE + 1), 592);
	CHECK_INT(histogram_bucket(INT64_MAX), 592);
	CHECK_INT(histogram_lower(-1), -1);
	CHECK_INT(histogram_upper(-1), -1);
	CHECK_INT(histogram_lower(593), -1);
	CHECK_INT(histogram_upper(593), -1);
}

/* One to a hundred, where every value has a bucket of its own up to 31. */
static void
test_nearest_rank(void)
{
	int32_t		buckets[30];
	int64_t		counts[30];

	for (int i = 0; i < 30; i++)
	{
		buckets[i] = i + 1;
		counts[i] = 10;
	}
	CHECK(histogram_percentile(buckets, counts, 30, 0) == 1);
	CHECK(histogram_percentile(buckets, counts, 30, 0.5) == 15);
	CHECK(histogram_percentile(buckets, counts, 30, 0.501) == 16);
	CHECK(histogram_percentile(buckets, counts, 30, 0.99) == 30);
	CHECK(histogram_percentile(buckets, counts, 30, 1) == 30);
}

/* A rank that binary fractions put a hair above a whole number. */
static void
test_rank_is_not_pushed_up(void)
{
	int32_t		buckets[] = {1, 2};
	int64_t		counts[] = {7, 93};

	CHECK(0.07 * 100 > 7);
	CHECK(histogram_percentile(buckets, counts, 2, 0.07) == 1);
	CHECK(histogram_percentile(buckets, counts, 2, 0.0701) == 2);
}

static void
test_middle_of_the_bucket(void)
{
	int32_t		one[] = {111};
	int32_t		last[] = {592};
	int64_t		count[] = {1};

	CHECK(histogram_percentile(one, count, 1, 0.5) == (992 + 1023) / 2.0);
	CHECK(histogram_percentile(last, count, 1, 0.5) == (double) HISTOGRAM_MAX_VALUE);
}

static void
test_pairs_in_any_order(void)
{
	int32_t		buckets[] = {20, 5, 20, 10, 5};
	int64_t		counts[] = {1, 2, 3, 4, 5};

	CHECK(histogram_percentile(buckets, counts, 5, 7.0 / 15) == 5);
	CHECK(histogram_percentile(buckets, counts, 5, 11.0 / 15) == 10);
	CHECK(histogram_percentile(buckets, counts, 5, 12.0 / 15) == 20);
}

static void
test_nothing_counted(void)
{
	int32_t		buckets[] = {3, -1, 593, 4};
	int64_t		counts[] = {0, 5, 5, -5};

	CHECK(isnan(histogram_percentile(NULL, NULL, 0, 0.5)));
	CHECK(isnan(histogram_percentile(buckets, counts, 4, 0.5)));
	counts[0] = 1;
	CHECK(histogram_percentile(buckets, counts, 4, 1) == 3);
	CHECK(isnan(histogram_percentile(buckets, counts, 4, -0.01)));
	CHECK(isnan(histogram_percentile(buckets, counts, 4, 1.01)));
	CHECK(isnan(histogram_percentile(buckets, counts, 4, NAN)));
}

static void
test_counts_that_overflow(void)
{
	int32_t		buckets[] = {1, 2, 3};
	int64_t		counts[] = {INT64_MAX - 1, INT64_MAX, INT64_MAX};

	CHECK(histogram_percentile(buckets, counts, 3, 0.5) == 1);
	CHECK(!isnan(histogram_percentile(buckets, counts, 3, 1)));
}

int
main(void)
{
	test_small_values_are_exact();
	test_known_buckets();
	test_buckets_tile_the_range();
	test_ends_of_the_range();
	test_nearest_rank();
	test_rank_is_not_pushed_up();
	test_middle_of_the_bucket();
	test_pairs_in_any_order();
	test_nothing_counted();
	test_counts_that_overflow();
	return check_finish();
}
