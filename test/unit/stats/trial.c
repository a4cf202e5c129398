/*
 * What promotions promise, tried on candidates whose truth is known: one that
 * is worse by the margin hardly ever passes, one that is better mostly does.
 *
 * Seeds are fixed, so a run is as good as any other.
 */
#include <math.h>

#include "check.h"
#include "core/stats/mean_bound.h"
#include "core/stats/random.h"
#include "core/stats/trial.h"

#define PROMOTIONS	1000
#define MOST		200

static Random source;

static double
uniform(void)
{
	return (double) (random_next(&source) >> 11) * 0x1p-53;
}

/* ---- generators: differences that a candidate makes, at a scale of 1 ---- */

/* Rare total losses, 1 in 20, and nothing else. */
static double
rare_losses(void)
{
	return uniform() < 0.05 ? -1 : 0;
}

/* Rarer ones, 1 in 49, of one that is a bit worse everywhere. */
static double
rarer_losses(void)
{
	return uniform() < 0.02 / 0.97 ? -1 : -0.03;
}

/* Small gains, and total losses that are more than made up for. */
static double
gains_and_losses(void)
{
	return uniform() < 0.1 / 1.05 ? -1 : 0.05;
}

/* Passes and fails, of which 3 in 20 differ. */
static double
flips(void)
{
	double		u = uniform();

	return u < 0.05 ? 1 : u < 0.15 ? -1 : 0;
}

static double
wide(void)
{
	return 0.9 * uniform() - uniform();
}

/* The same as flips, but for the better by 0.03. */
static double
better_flips(void)
{
	double		u = uniform();

	return u < 0.09 ? 1 : u < 0.15 ? -1 : 0;
}

static double
alike(void)
{
	double		u = uniform();

	return u < 0.075 ? 1 : u < 0.15 ? -1 : 0;
}

static TrialOutcome
promote(double (*next) (void), size_t n)
{
	double		values[MOST];
	double		room[MOST];
	Trial		trial = {values, n, 1, 0.05, 1, 0, 2, NULL};

	for (size_t i = 0; i < n; i++)
		values[i] = next();
	return trial_hold(&trial, room);
}

typedef struct Count
{
	int			passed;
	int			better;
} Count;

static Count
count_promotions(double (*next) (void), size_t n)
{
	Count		count = {0, 0};

	source.state = n;
	for (int i = 0; i < PROMOTIONS; i++)
	{
		TrialOutcome outcome = promote(next, n);

		count.passed += outcome.problem == TRIAL_FINE;
		count.better += outcome.is_better;
	}
	return count;
}

static void
check_at_most(int count, int most, const char *what, int n)
{
	if (!check_report(count <= most, what, "at most, n", n))
		printf("# %d, at most %d\n", count, most);
}

/* A candidate that is worse by the margin. */
static void
test_worse(double (*next) (void), const char *name, size_t n)
{
	check_at_most(count_promotions(next, n).passed, 70, name, (int) n);
}

static void
test_better(void)
{
	Count		count = count_promotions(better_flips, 200);

	if (!check_report(count.passed >= 750, "better_flips", "at least, n", 200))
		printf("# %d, at least %d\n", count.passed, 750);
	check_at_most(count_promotions(alike, 200).better, 25, "alike", 200);
}

/* ---- the bound ---- */

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

/* ---- what is asked for ---- */

static void
test_least_n(void)
{
	CHECK_INT(trial_least_n(0.05, 1), 59);
	CHECK_INT(trial_least_n(0.2, 4), 59);
	CHECK_INT(trial_least_n(0.01, 1), 299);
	CHECK_INT(trial_least_n(1, 1), 1);
	CHECK_INT(trial_least_n(0, 1), -1);
}

static void
test_alpha(void)
{
	double		sum = 0;

	CHECK(near(trial_alpha(1), 0.025));
	CHECK(near(trial_alpha(2), 0.05 / 6));
	for (int i = 1; i <= 1000; i++)
		sum += trial_alpha(i);
	CHECK(sum < 0.05 && sum > 0.0499);
}

static TrialOutcome
hold_zeros(size_t n, double scale, double margin, int64_t least_n)
{
	double		zeros[MOST] = {0};
	double		room[MOST];
	Trial		trial = {zeros, n, scale, margin, 1, least_n, 1, NULL};

	return trial_hold(&trial, room);
}

/* That all are alike shows only where there are enough. */
static void
test_problems(void)
{
	CHECK_INT(hold_zeros(58, 1, 0.05, 0).problem, TRIAL_TOO_FEW);
	CHECK_INT(hold_zeros(59, 1, 0.05, 0).problem, TRIAL_BEYOND_MARGIN);
	CHECK_INT(hold_zeros(59, 1, 0.05, 0).n_needed, 105);
	CHECK_INT(hold_zeros(72, 1, 0.05, 0).problem, TRIAL_FINE);
	CHECK_INT(hold_zeros(72, 1, 0.05, 100).problem, TRIAL_TOO_FEW);
	CHECK_INT(hold_zeros(100, NAN, 0.05, 0).problem, TRIAL_UNBOUNDED);
	CHECK_INT(hold_zeros(100, 1, 0, 0).problem, TRIAL_TOO_FEW);
	CHECK_INT(hold_zeros(0, 1, 0.05, 0).problem, TRIAL_TOO_FEW);
	CHECK_INT(hold_zeros(0, 1, 0.05, 0).n_needed, -1);
	CHECK(!hold_zeros(200, 1, 0.05, 0).is_better);
	CHECK_CSTRING(trial_problem_name(TRIAL_TOO_FEW), "too few");
}

int
main(void)
{
	test_bound_of_passes();
	test_bound_of_the_same();
	test_bound_without_end();
	test_bound_of_many();
	test_least_n();
	test_alpha();
	test_problems();
	test_worse(rare_losses, "rare_losses", 72);
	test_worse(rare_losses, "rare_losses", 120);
	test_worse(rarer_losses, "rarer_losses", 200);
	test_worse(gains_and_losses, "gains_and_losses", 72);
	test_worse(flips, "flips", 200);
	test_worse(wide, "wide", 100);
	test_better();
	return check_finish();
}
