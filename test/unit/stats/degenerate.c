/*
 * Data that say little or nothing, numbers that are none or are extreme, and
 * memory that is short: core/stats has a defined answer.
 */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "core/stats/arms.h"
#include "core/stats/difference.h"
#include "core/stats/pairs.h"
#include "core/stats/power.h"
#include "core/stats/proportion.h"
#include "core/stats/random.h"
#include "core/stats/ratio.h"
#include "core/stats/sample.h"

#define PLENTY	((size_t) 64 << 20)

static int	checked_interrupts = 0;

static void
check_interrupts(void)
{
	checked_interrupts++;
}

static const Sampling how = {42, check_interrupts, 1000, 1000};

static Difference
compare(const double *values, size_t n, double scale)
{
	Arena	   *arena = arena_create(PLENTY);
	Difference	found;

	CHECK(difference_compare(arena, values, n, scale, &how, &found));
	arena_free(arena);
	return found;
}

static bool
is_near(double found, double expected)
{
	return fabs(found - expected) <= 1e-9 * fmax(1, fabs(expected));
}

static bool
is_unknown(Bounds interval)
{
	return isnan(interval.low) && isnan(interval.high);
}

static bool
is_known(Bounds interval)
{
	return isfinite(interval.low) && isfinite(interval.high);
}

static void
test_nothing(void)
{
	const double none[] = {NAN, INFINITY, -INFINITY};

	for (size_t n = 0; n <= 3; n += 3)
	{
		Difference	found = compare(none, n, 1);

		CHECK_INT((int64_t) found.n, 0);
		CHECK(isnan(found.mean) && isnan(found.sd) && isnan(found.d_z) && isnan(found.detectable));
		CHECK(is_unknown(found.interval));
		CHECK(found.p_value == 1 && found.wilcoxon_p == 1);
	}
}

/* What is not finite is left out, and nothing else depends on it. */
static void
test_not_finite(void)
{
	const double with[] = {0.5, NAN, -0.25, INFINITY, 0.125, -INFINITY};
	const double without[] = {0.5, -0.25, 0.125};
	Difference	one = compare(with, 6, 1);
	Difference	two = compare(without, 3, 1);

	CHECK_INT((int64_t) one.n, 3);
	CHECK(one.mean == two.mean && one.sd == two.sd && one.p_value == two.p_value);
	CHECK(one.interval.low == two.interval.low && one.interval.high == two.interval.high);
}

static void
test_one(void)
{
	const double one = 0.5;
	Difference	found = compare(&one, 1, 1);

	CHECK(found.mean == 0.5 && isnan(found.sd) && isnan(found.d_z) && found.p_value == 1);
	CHECK(found.interval.low == -1 && found.interval.high == 1);
	CHECK(found.detectable > 1);
	found = compare(&one, 1, NAN);
	CHECK(is_unknown(found.interval) && isnan(found.detectable));
}

static void
test_all_zero(void)
{
	const double zeros[40] = {0};
	Difference	found = compare(zeros, 40, 1);

	CHECK(found.mean == 0 && found.sd == 0 && found.d_z == 0 && found.p_value == 1 && found.wilcoxon_p == 1);
	CHECK(found.interval.low < 0 && found.interval.high == -found.interval.low);
	CHECK_INT((int64_t) found.n_differing, 0);
	found = compare(zeros, 40, NAN);
	CHECK(found.interval.low == 0 && found.interval.high == 0);
}

/* One that is not 0 but for rounding is 0, and equal ones have no spread. */
static void
test_rounding(void)
{
	const double values[] = {0.1 + 0.2 - 0.3, 0.3 - 0.1 - 0.2, 0, 0};
	const double same[] = {0.3 - 0.2, 0.2 - 0.1, 0.4 - 0.3, 0.1};
	Difference	found = compare(values, 4, 1);

	CHECK_INT((int64_t) found.n_differing, 0);
	CHECK(found.d_z == 0);
	found = compare(same, 4, 1);
	CHECK(found.sd == 0 && isnan(found.d_z));
	CHECK(found.p_value == 0.125);
}

/* Whole numbers have a whole mean, whatever the scale. */
static void
test_whole(void)
{
	double		values[20];

	for (int i = 0; i < 20; i++)
		values[i] = -7;
	CHECK(compare(values, 20, 100).mean == -7);
	CHECK(compare(values, 20, NAN).mean == -7);
	CHECK(compare(values, 20, 100).interval.low >= -100);
}

/* Fewer than six that differ cannot be significant, however many there are. */
static void
test_six_differ(void)
{
	double		values[200] = {0};

	for (int n = 1; n <= 6; n++)
	{
		values[n * 7] = 1;
		CHECK((compare(values, 200, 1).p_value < 0.05) == (n == 6));
		CHECK((pairs_mcnemar((Pairs) {n, 0, 200}) < 0.05) == (n == 6));
		CHECK((compare(values, 200, 1).wilcoxon_p < 0.05) == (n == 6));
	}
}

/* Neither the greatest numbers nor the least are too much. */
static void
test_extreme(void)
{
	const double sizes[] = {1e308, 1e-300, 1e-308};

	for (int s = 0; s < 3; s++)
	{
		double		values[30];
		Difference	found;

		for (int i = 0; i < 30; i++)
			values[i] = sizes[s] * ((i % 7 - 2) / 4.0);
		found = compare(values, 30, NAN);
		CHECK(is_known(found.interval) && isfinite(found.mean) && isfinite(found.sd));
		CHECK(found.interval.low < found.mean && found.mean < found.interval.high);
		CHECK_INT((int64_t) found.n_differing, 26);
	}
}

/* A difference beyond the scale is not cut off. */
static void
test_beyond_the_scale(void)
{
	double		values[30];
	Difference	found;

	for (int i = 0; i < 30; i++)
		values[i] = 3 + i % 2;
	found = compare(values, 30, 1);
	CHECK(found.mean == 3.5 && found.interval.low < 3.5 && found.interval.high > 3.5);
}

static void
test_arms(void)
{
	const double ones[] = {1, 1, 1, 1, 1, 1, NAN};
	const double huge[] = {-1e308, 1e308, 1e308};
	Arena	   *arena = arena_create(PLENTY);
	ArmsComparison found;

	CHECK(arms_compare(arena, (Arm) {ones, 0}, (Arm) {ones, 7}, 1, &how, &found));
	CHECK(isnan(found.mean[0]) && found.mean[1] == 1 && isnan(found.difference) && found.p_value == 1);
	CHECK(is_unknown(found.interval) && isnan(found.detectable) && found.n[1] == 6);
	CHECK(arms_compare(arena, (Arm) {ones, 6}, (Arm) {ones, 6}, 1, &how, &found));
	CHECK(found.difference == 0 && found.p_value == 1);
	CHECK(is_known(found.interval) && found.interval.low < 0 && found.interval.high > 0);
	CHECK(arms_compare(arena, (Arm) {ones, 6}, (Arm) {ones, 6}, NAN, &how, &found));
	CHECK(found.interval.low == 0 && found.interval.high == 0 && found.p_value == 1);
	CHECK(arms_compare(arena, (Arm) {ones, 1}, (Arm) {ones, 1}, NAN, &how, &found));
	CHECK(is_unknown(found.interval) && found.p_value == 1);
	CHECK(arms_compare(arena, (Arm) {huge, 3}, (Arm) {huge, 2}, NAN, &how, &found));
	CHECK(is_near(found.mean[0] / 1e308, 1.0 / 3) && !isnan(found.p_value));
	arena_free(arena);
}

static void
test_ratios(void)
{
	const double costs[] = {1, 2, -1, NAN, 3, 1, 2, 1};
	const double passes[] = {0, 1, 1, 1, INFINITY, 0, 0, 0};
	const double alike[] = {7, 7, 7, 7, 7, 7, 7, 7};
	const double none[8] = {0};
	Arena	   *arena = arena_create(PLENTY);
	Ratio		found;

	CHECK(ratio_of_totals(arena, (RatioUnits) {costs, passes, 8}, &how, &found));
	CHECK_INT((int64_t) found.n, 5);
	CHECK(found.ratio == 7 && found.interval.low > 0 && isnan(found.interval.high));
	CHECK(ratio_of_totals(arena, (RatioUnits) {alike, costs, 1}, &how, &found));
	CHECK(found.ratio == 7 && is_unknown(found.interval));
	CHECK(ratio_of_totals(arena, (RatioUnits) {alike, alike, 8}, &how, &found));
	CHECK(found.ratio == 1 && found.interval.low < 0.9 && found.interval.high > 1.1);
	CHECK(ratio_of_totals(arena, (RatioUnits) {none, passes, 8}, &how, &found));
	CHECK(found.ratio == 0 && found.interval.low == 0 && found.interval.high == 0);
	CHECK(ratio_of_totals(arena, (RatioUnits) {passes, none, 8}, &how, &found));
	CHECK(isnan(found.ratio) && is_unknown(found.interval));
	CHECK(ratio_of_means(arena, (RatioUnits) {costs, passes, 8}, &how, &found));
	CHECK(found.n == 1 && found.ratio == 2 && is_unknown(found.interval) && found.p_value == 1);
	CHECK(ratio_of_means(arena, (RatioUnits) {none, passes, 8}, &how, &found));
	CHECK(found.n == 0 && isnan(found.ratio) && found.p_value == 1);
	arena_free(arena);
}

static void
test_shares(void)
{
	Share		none = {0, 0};
	Share		some = {3, 5};

	CHECK(isnan(share_value(none)) && isnan(share_error(none)) && is_unknown(share_interval(none)));
	CHECK(is_unknown(share_difference_interval(none, some)) && share_fisher(none, some) == 1);
	CHECK(is_unknown(pairs_tango((Pairs) {0, 0, 0})) && pairs_mcnemar((Pairs) {0, 0, 0}) == 1);
	CHECK(isnan(pairs_difference((Pairs) {0, 0, 0})) && isnan(pairs_planning_sd((Pairs) {0, 0, 0})));
	CHECK(share_fisher((Share) {500000, 1000000}, (Share) {500000, 1000000}) == 1);
	CHECK(share_fisher((Share) {0, 1000000}, (Share) {1000000, 1000000}) < 1e-100);
}

static void
test_power(void)
{
	Power		usual = {POWER_USUAL, POWER_ALPHA};

	CHECK_INT(power_n(0.4, 0, usual), -1);
	CHECK_INT(power_n(NAN, 0.05, usual), -1);
	CHECK_INT(power_n(1e20, 1e-20, usual), -1);
	CHECK_INT(power_n(0, 0.05, usual), -1);
	CHECK_INT(power_n(0.1, 1, usual), 6);
	CHECK_INT(power_n(0.1, 1, (Power) {POWER_USUAL, POWER_ALPHA / 2}), 7);
	CHECK(isnan(power_detectable(0.4, 0, usual)));
	CHECK(!power_is_possible((Power) {0.8, 0}) && !power_is_possible((Power) {1, 0.05}));
	CHECK(!power_is_possible((Power) {0.05, 0.05}) && !power_is_possible((Power) {NAN, 0.05}));
	/* What so many detect is what takes so many. */
	CHECK_INT(power_n(0.4, power_detectable(0.4, 500, usual) * (1 + 1e-12), usual), 500);
}

/* What a plan says is what the two more units of a comparison take. */
static void
test_power_widened(void)
{
	Power		usual = {POWER_USUAL, POWER_ALPHA};
	const double widest[] = {1, 0.5, 100};

	CHECK_INT(power_n_widened(0.2, 1, 0.1, usual), 58);
	CHECK_INT(power_n_widened(0, 1, 0.1, usual), -1);
	CHECK_INT(power_n_widened(NAN, 1, 0.1, usual), -1);
	CHECK_INT(power_n_widened(0.01, 0.01, 1, usual), 6);
	for (int i = 0; i < 3; i++)
	{
		double		difference = widest[i] / 20;
		double		sd = widest[i] / 4;
		int64_t		n = power_n_widened(sd, widest[i], difference, usual);
		double		detectable[2];

		for (int less = 0; less < 2; less++)
		{
			double		units = (double) (n - less);
			double		squares = (units - 1) * sd * sd + 2 * widest[i] * widest[i];

			detectable[less] = power_detectable(sqrt(squares / (units + 1)), units, usual);
		}
		CHECK(detectable[0] <= difference && detectable[1] > difference);
	}
}

/* More than differ cannot be the difference, and six have to differ. */
static void
test_power_pairs(void)
{
	CHECK_INT(power_pairs(0.05, 0.4, (Power) {POWER_USUAL, POWER_ALPHA}), -1);
	CHECK_INT(power_pairs(NAN, 0.05, (Power) {POWER_USUAL, POWER_ALPHA}), -1);
	CHECK_INT(power_pairs(0.05, 0.05, (Power) {POWER_USUAL, POWER_ALPHA}), 158);
	CHECK_INT(power_pairs(0.05, 0.05, (Power) {0.5, POWER_ALPHA}), 120);
}

/* Every piece that is refused is noticed, and the limits are enough. */
static void
test_memory(void)
{
	double		values[64];
	int			refused = 0;
	int			done = 0;

	for (int i = 0; i < 64; i++)
		values[i] = (i % 5 - 1) / 4.0;
	for (size_t limit = 0; limit < 64 * DIFFERENCE_BYTES_PER_VALUE + DIFFERENCE_BYTES(&how); limit += 512)
	{
		Arena	   *arena = arena_create(limit);
		Difference	found;

		if (difference_compare(arena, values, 64, 1, &how, &found))
			done++;
		else
			refused++;
		arena_free(arena);
	}
	CHECK(refused > 10 && done > 0);
}

static void
test_limits(void)
{
	double		values[300];

	for (int i = 0; i < 300; i++)
		values[i] = (i % 5 + 1) / 4.0;
	for (size_t n = 0; n <= 300; n += 20)
	{
		Arena	   *one = arena_create(n * DIFFERENCE_BYTES_PER_VALUE + DIFFERENCE_BYTES(&how));
		Arena	   *two = arena_create(2 * n * ARMS_BYTES_PER_VALUE + ARMS_BYTES(&how));
		Arena	   *three = arena_create(n * RATIO_BYTES_PER_UNIT + RATIO_BYTES(&how));
		Arena	   *four = arena_create(n * RATIO_BYTES_PER_UNIT + RATIO_BYTES(&how));
		Difference	difference;
		ArmsComparison arms;
		Ratio		ratio;

		CHECK(difference_compare(one, values, n, 1, &how, &difference));
		CHECK(arms_compare(two, (Arm) {values, n}, (Arm) {values, n}, 1, &how, &arms));
		CHECK(ratio_of_totals(three, (RatioUnits) {values, values, n}, &how, &ratio));
		CHECK(ratio_of_means(four, (RatioUnits) {values, values, n}, &how, &ratio));
		arena_free(one);
		arena_free(two);
		arena_free(three);
		arena_free(four);
	}
}

static void
test_interrupts(void)
{
	double		values[100];

	for (int i = 0; i < 100; i++)
		values[i] = (i % 5 - 1) / 4.0;
	checked_interrupts = 0;
	compare(values, 100, 1);
	CHECK(checked_interrupts >= how.resamples);
}

/* The same seed draws the same, another one does not; a text decides it. */
static void
test_seed(void)
{
	double		values[100];
	Sampling	other = how;
	Arena	   *arena = arena_create(PLENTY);
	Difference	one;
	Difference	two;

	for (int i = 0; i < 100; i++)
		values[i] = (i % 7 - 2) / 4.0;
	one = compare(values, 100, 1);
	two = compare(values, 100, 1);
	CHECK(one.p_value == two.p_value && one.interval.low == two.interval.low);
	other.seed = 43;
	CHECK(difference_compare(arena, values, 100, 1, &other, &two));
	CHECK(one.interval.low != two.interval.low);
	arena_free(arena);
	/* FNV-1a, as others have it. */
	CHECK(random_seed("", 0) == UINT64_C(0xcbf29ce484222325));
	CHECK(random_seed("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

/* A share of values in any order is that of values in order. */
static void
test_select(void)
{
	Random		random = {5};
	int			wrong = 0;

	for (size_t n = 1; n <= 40; n++)
		for (int i = 0; i <= 40; i++)
		{
			double		sorted[40];
			double		values[40];

			for (size_t j = 0; j < n; j++)
				sorted[j] = values[j] = random_below(&random, i % 2 == 0 ? 5 : 1000);
			qsort(sorted, n, sizeof(double), sample_compare);
			wrong += sample_select(values, n, i / 40.0) != sample_quantile(sorted, n, i / 40.0);
		}
	CHECK_INT(wrong, 0);
}

int
main(void)
{
	test_nothing();
	test_not_finite();
	test_one();
	test_all_zero();
	test_rounding();
	test_whole();
	test_six_differ();
	test_extreme();
	test_beyond_the_scale();
	test_arms();
	test_ratios();
	test_shares();
	test_power();
	test_power_widened();
	test_power_pairs();
	test_memory();
	test_limits();
	test_interrupts();
	test_seed();
	test_select();
	return check_finish();
}
