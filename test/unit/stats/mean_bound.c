/*
 * Bounds of means.
 */
#include <math.h>

#include "check.h"
#include "core/stats/mean_bound.h"

static bool
near(double found, double expected)
{
	return fabs(found - expected) < 1e-6;
}

/*
 * Of passes and fails it is that of Clopper and Pearson: quantiles of beta
 * distributions, scipy.stats.beta.ppf(0.05, 8, 3) and ppf(0.95, 9, 2).
 */
static void
test_bound_of_passes(void)
{
	double		values[10] = {1, 1, 1, 1, 1, 1, 1, 1, 0, 0};

	CHECK(near(mean_bound(values, 10, 0, 1, 0.05, NULL), 0.493098707));
	CHECK(near(mean_bound(values, 10, 1, -1, 0.05, NULL), 0.963228557));
	CHECK(near(mean_bound(values, 1, 0, 1, 0.05, NULL), 0.05));
	CHECK(near(mean_bound(values, 1, 1, -1, 0.05, NULL), 1));
	CHECK(near(mean_bound(values, 0, 0, 1, 0.05, NULL), 0));
}

/* Values that are all the same: one more at the end has a weight. */
static void
test_bound_of_the_same(void)
{
	double		zeros[59] = {0};

	CHECK(near(mean_bound(zeros, 59, -1, 1, 0.05, NULL), pow(0.05, 1 / 59.0) - 1));
	CHECK(near(mean_bound(zeros, 59, 0, 1, 0.05, NULL), 0));
}

/*
 * Without a range, no nearer than Student's of the values and one more at the
 * end: scipy.stats.t.ppf(0.95, 4).
 */
static void
test_bound_without_end(void)
{
	double		values[4] = {1, 2, 3, 4};

	CHECK(near(mean_bound(values, 4, NAN, 1, 0.05, NULL), 2.2 - 2.1318467863 * sqrt(1.7 / 5)));
	CHECK(near(mean_bound(values, 4, NAN, -1, 0.05, NULL), 2.8 + 2.1318467863 * sqrt(1.7 / 5)));
	CHECK(isnan(mean_bound(values, 1, NAN, 1, 0.05, NULL)));
}

/* Of very many it is Student's, and that is nearly the same. */
static void
test_bound_of_many(void)
{
	enum {n = 20000};
	static double values[n];
	double		exact;

	for (int i = 0; i < n; i++)
		values[i] = i % 100 == 0 ? -1 : 0;
	exact = mean_bound(values, n - 100, -1, 1, 0.05, NULL);
	CHECK(fabs(mean_bound(values, n, -1, 1, 0.05, NULL) - exact) < 1e-4);
	CHECK(exact < -0.0111 && exact > -0.0113);
}

int
main(void)
{
	test_bound_of_passes();
	test_bound_of_the_same();
	test_bound_without_end();
	test_bound_of_many();
	return check_finish();
}
