/*
 * What intervals and verdicts of core/stats promise, tried on data whose truth
 * is known: how often an interval has it, and how often a verdict is wrong.
 *
 * Seeds are fixed, so a run is as good as any other.  A share of N trials may
 * be off by three standard errors.
 */
#include <math.h>
#include <stdlib.h>

#include "check.h"
#include "core/stats/arms.h"
#include "core/stats/difference.h"
#include "core/stats/pairs.h"
#include "core/stats/proportion.h"
#include "core/stats/quantile.h"
#include "core/stats/random.h"
#include "core/stats/ratio.h"
#include "core/stats/verdict.h"

#define TRIALS		400
#define MOST		200

/* Enough for a trial, which is one of many. */
#define RESAMPLES	600
#define DRAWS		999

static Random source;

/* ---- generators ---- */

static double
uniform(void)
{
	return (double) (random_next(&source) >> 11) * 0x1p-53;
}

static double
exponential(void)
{
	return -log(1 - uniform());
}

static double
normal(void)
{
	return sqrt(2 * exponential()) * cos(2 * M_PI * uniform());
}

/* Differences of scores from 0 to 1, with the mean that each has. */

static double
rare_loss(void)
{
	return uniform() < 0.02 ? -1 : 0;
}

static double
some_losses(void)
{
	return uniform() < 0.05 ? -1 : 0;
}

static double
more_losses(void)
{
	return uniform() < 0.1 ? -1 : 0;
}

/* Small gains, and a total loss now and then, which make up for them. */
static double
gains_and_loss(void)
{
	return uniform() < 1.0 / 21 ? -1 : 0.05;
}

static double
gains_and_losses(void)
{
	return uniform() < 1.0 / 11 ? -1 : 0.1;
}

static double
skewed(void)
{
	return (fmin(exponential(), 8) - (1 - exp(-8))) / 8;
}

static double
wide(void)
{
	return uniform() - uniform();
}

static double
narrow(void)
{
	return 0.02 * fmax(-4, fmin(4, normal()));
}

/* Passing and failing. */
static double
flips(void)
{
	double		u = uniform();

	return u < 0.15 ? 1 : u < 0.3 ? -1 : 0;
}

/* A score of steps, of two arms that are alike. */
static double
steps(void)
{
	double		one = floor(5 * uniform()) / 4;

	return one - floor(5 * uniform()) / 4;
}

static const struct Generator
{
	const char *name;
	double		(*next) (void);
	double		mean;
	bool		is_symmetric;
}			generators[] = {
	{"rare_loss", rare_loss, -0.02, false},
	{"some_losses", some_losses, -0.05, false},
	{"more_losses", more_losses, -0.1, false},
	{"gains_and_loss", gains_and_loss, 0, false},
	{"gains_and_losses", gains_and_losses, 0, false},
	{"skewed", skewed, 0, false},
	{"wide", wide, 0, true},
	{"narrow", narrow, 0, true},
	{"flips", flips, 0, true},
	{"steps", steps, 0, true},
};

#define NGENERATORS	(int) (sizeof(generators) / sizeof(generators[0]))

static void
fill(double *values, int n, double (*next) (void))
{
	for (int i = 0; i < n; i++)
		values[i] = next();
}

static Sampling
make_sampling(void)
{
	return (Sampling) {random_next(&source), NULL, RESAMPLES, DRAWS};
}

static bool
has(Bounds interval, double truth)
{
	return !(interval.low > truth + 1e-12) && !(interval.high < truth - 1e-12);
}

/* Says how many of the trials, and whether that is within three errors. */
static void
check_at_least(int count, double share, const char *what, int n)
{
	double		least = share - 3 * sqrt(share * (1 - share) / TRIALS);

	if (!check_report(count >= least * TRIALS, what, "at least, n", n))
		printf("# %d of %d, at least %g\n", count, TRIALS, least * TRIALS);
}

static void
check_at_most(int count, double share, const char *what, int n)
{
	double		most = share + 3 * sqrt(share * (1 - share) / TRIALS);

	if (!check_report(count <= most * TRIALS, what, "at most, n", n))
		printf("# %d of %d, at most %g\n", count, TRIALS, most * TRIALS);
}

/* ---- differences ---- */

typedef struct Outcome
{
	int			has_truth;
	int			better;
	int			worse;
	int			significant;	/* by the test alone */
} Outcome;

static void
try_difference(const struct Generator *generator, int n, double scale, Outcome *outcome)
{
	Sampling	how = make_sampling();
	Arena	   *arena = arena_create(n * DIFFERENCE_BYTES_PER_VALUE + DIFFERENCE_BYTES(&how));
	double		values[MOST];
	Difference	found;
	Evidence	evidence;

	fill(values, n, generator->next);
	if (!difference_compare(arena, values, (size_t) n, scale, &how, &found))
		abort();
	arena_free(arena);
	evidence = (Evidence) {found.p_value, found.interval, found.detectable, 0.05 * scale};
	outcome->has_truth += has(found.interval, generator->mean);
	outcome->better += verdict_of(&evidence) == VERDICT_BETTER;
	outcome->worse += verdict_of(&evidence) == VERDICT_WORSE;
	outcome->significant += found.p_value < 0.05;
}

static Outcome
try_generator(const struct Generator *generator, int n, double scale)
{
	Outcome		outcome = {0};

	source.state = (uint64_t) n;
	for (int i = 0; i < TRIALS; i++)
		try_difference(generator, n, scale, &outcome);
	return outcome;
}

/* Intervals have the truth; where the truth is 0, verdicts rarely deny it. */
static void
test_differences(int n)
{
	for (int i = 0; i < NGENERATORS; i++)
	{
		const struct Generator *generator = &generators[i];
		Outcome		outcome = try_generator(generator, n, 1);

		check_at_least(outcome.has_truth, 0.95, generator->name, n);
		check_at_most(outcome.better, 0.05, generator->name, n);
		if (generator->mean == 0)
			check_at_most(outcome.worse, 0.05, generator->name, n);
		if (generator->is_symmetric)
			check_at_most(outcome.significant, 0.05, generator->name, n);
	}
}

/*
 * What the interval is in the verdict for: the test alone calls arms of the
 * same mean different in every third comparison.
 */
static void
test_why_the_interval(void)
{
	Outcome		outcome = try_generator(&generators[3], 20, 1);

	CHECK(outcome.significant > TRIALS / 4);
	CHECK_INT(outcome.better, 0);
}

/* Power: a difference that can be detected is, with 80 %. */
static void
test_power(void)
{
	int			found = 0;
	int64_t		n = 472;		/* for a margin of 0.05 and discordance 0.15 */

	source.state = 1;
	for (int i = 0; i < TRIALS; i++)
	{
		Pairs		pairs = {0, 0, n};

		for (int64_t j = 0; j < n; j++)
		{
			double		u = uniform();

			pairs.b += u < 0.1;
			pairs.c += u >= 0.1 && u < 0.15;
		}
		found += pairs_mcnemar(pairs) < 0.05;
	}
	check_at_least(found, 0.8 - 0.03, "pairs_planned", (int) n);
	check_at_most(found, 0.8 + 0.03, "pairs_planned", (int) n);
}

/* ---- passing, by going through all that can come ---- */

static double
binomial_term(int k, int n, double p)
{
	return exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * log(p) + (n - k) * log(1 - p));
}

/* On the average of all shares Wilson's interval has them in 95 %. */
static void
test_wilson(int n)
{
	double		sum = 0;
	double		least = 1;

	for (int i = 1; i < 1000; i++)
	{
		double		p = i / 1000.0;
		double		covered = 0;

		for (int k = 0; k <= n; k++)
			if (has(share_interval((Share) {k, n}), p))
				covered += binomial_term(k, n, p);
		sum += covered;
		least = fmin(least, covered);
	}
	CHECK(sum / 999 > 0.95 && sum / 999 < 0.96);
	CHECK(least > 0.83);
}

static double
pairs_term(Pairs pairs, double p, double q)
{
	int			b = (int) pairs.b;
	int			c = (int) pairs.c;
	int			n = (int) pairs.n;

	return binomial_term(b + c, n, p + q) * binomial_term(b, b + c, p / (p + q));
}

/* How likely Tango's interval has the difference of two shares of n pairs. */
static double
cover_tango(Bounds *const *intervals, int n, double p, double q)
{
	double		covered = 0;

	for (int b = 0; b <= n; b++)
		for (int c = 0; b + c <= n; c++)
			if (has(intervals[b][c], p - q))
				covered += pairs_term((Pairs) {b, c, n}, p, q);
	return covered;
}

/* About 95 %, whatever the shares. */
static void
test_tango(void)
{
	enum {n = 20};
	Bounds		intervals[n + 1][n + 1];
	Bounds	   *rows[n + 1];
	double		sum = 0;
	double		least = 1;
	int			count = 0;

	for (int b = 0; b <= n; b++)
	{
		rows[b] = intervals[b];
		for (int c = 0; b + c <= n; c++)
			intervals[b][c] = pairs_tango((Pairs) {b, c, n});
	}
	for (double p = 0.025; p < 0.9; p += 0.1)
		for (double q = 0.025; p + q < 1; q += 0.1, count++)
		{
			double		covered = cover_tango(rows, n, p, q);

			sum += covered;
			least = fmin(least, covered);
		}
	CHECK(sum / count > 0.945 && sum / count < 0.965);
	CHECK(least > 0.92);
}

/* Two arms that pass alike: how likely the candidate is called better. */
static void
test_alike(int n)
{
	double		most = 0;

	for (double p = 0.02; p < 0.5; p += 0.04)
	{
		double		wrong = 0;

		for (int b = 0; b <= n; b++)
			for (int c = 0; c < b && b + c <= n; c++)
			{
				Pairs		pairs = {b, c, n};
				Evidence	evidence = {pairs_mcnemar(pairs), pairs_tango(pairs), NAN, NAN};

				if (verdict_of(&evidence) == VERDICT_BETTER)
					wrong += pairs_term(pairs, p, p);
			}
		most = fmax(most, wrong);
	}
	CHECK(most > 0.001 && most <= 0.025);
}

/* ---- what else has intervals ---- */

/* Costs that vary with what was asked, or not, and passing. */
static double
dear_questions(double *below)
{
	double		question = exp(normal());

	*below = question * exp(0.3 * normal());
	return question * exp(0.3 * normal());
}

static double
cost_alone(double *below)
{
	*below = exp(normal());
	return exp(normal());
}

static double
cost_of_passing(double *below)
{
	*below = uniform() < 0.8;
	return exp(0.7 * normal());
}

typedef bool (*CompareRatio) (Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio);

static int
count_ratios(double (*next) (double *below), int n, double truth, CompareRatio compare)
{
	int			covered = 0;

	source.state = (uint64_t) n;
	for (int i = 0; i < TRIALS; i++)
	{
		Sampling	how = make_sampling();
		Arena	   *arena = arena_create(n * RATIO_BYTES_PER_UNIT + RATIO_BYTES(&how));
		double		above[MOST];
		double		below[MOST];
		Ratio		found;

		for (int j = 0; j < n; j++)
			above[j] = next(&below[j]);
		if (!compare(arena, (RatioUnits) {above, below, (size_t) n}, &how, &found))
			abort();
		arena_free(arena);
		covered += has(found.interval, truth);
	}
	return covered;
}

static void
test_ratios(int n)
{
	check_at_least(count_ratios(dear_questions, n, 1, ratio_of_totals), 0.95, "dear_questions", n);
	check_at_least(count_ratios(cost_alone, n, 1, ratio_of_totals), 0.95, "cost_alone", n);
	check_at_least(count_ratios(cost_of_passing, n, exp(0.245) / 0.8, ratio_of_totals), 0.95, "cost_of_passing", n);
	check_at_least(count_ratios(cost_alone, n, 1, ratio_of_means), 0.95, "cost_alone, geometric", n);
}

static double
mostly_good(void)
{
	return 1 + rare_loss();
}

static double
often_good(void)
{
	return 1 + more_losses();
}

/* Two arms of scores from 0 to 1, n and twice as many. */
static void
check_arms(double (*a) (void), double (*b) (void), double truth, const char *name, int n)
{
	int			covered = 0;
	int			wrong = 0;

	source.state = (uint64_t) n;
	for (int i = 0; i < TRIALS; i++)
	{
		Sampling	how = make_sampling();
		Arena	   *arena = arena_create(3 * n * ARMS_BYTES_PER_VALUE + ARMS_BYTES(&how));
		double		first[MOST];
		double		second[MOST];
		ArmsComparison found;
		Evidence	evidence;

		fill(first, n, a);
		fill(second, 2 * n, b);
		if (!arms_compare(arena, (Arm) {first, (size_t) n}, (Arm) {second, 2 * (size_t) n}, 1, &how, &found))
			abort();
		arena_free(arena);
		evidence = (Evidence) {found.p_value, found.interval, found.detectable, 0.05};
		covered += has(found.interval, truth);
		wrong += verdict_of(&evidence) == VERDICT_BETTER;
	}
	check_at_least(covered, 0.95, name, n);
	if (truth <= 0)
		check_at_most(wrong, 0.05, name, n);
}

static void
test_arms(int n)
{
	check_arms(mostly_good, mostly_good, 0, "mostly_good twice", n);
	check_arms(mostly_good, often_good, -0.08, "mostly_good, often_good", n);
	check_arms(gains_and_losses, narrow, 0, "gains_and_losses, narrow", n);
}

static void
test_quantiles(int n)
{
	const double shares[] = {0.5, 0.9};

	for (int s = 0; s < 2; s++)
	{
		int			covered = 0;

		source.state = (uint64_t) n;
		for (int i = 0; i < TRIALS; i++)
		{
			double		values[MOST];
			Bounds		interval;

			fill(values, n, exponential);
			quantile_measure(values, (size_t) n, shares[s], &interval);
			covered += has(interval, -log(1 - shares[s]));
		}
		check_at_least(covered, 0.95, "quantiles of exponential", n);
	}
}

int
main(void)
{
	test_differences(20);
	test_differences(60);
	test_why_the_interval();
	test_power();
	test_wilson(20);
	test_wilson(50);
	test_tango();
	test_alike(30);
	test_ratios(20);
	test_ratios(60);
	test_arms(20);
	test_arms(60);
	test_quantiles(20);
	test_quantiles(100);
	return check_finish();
}
