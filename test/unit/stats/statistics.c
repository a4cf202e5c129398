/*
 * Runs the cases of test/golden/statistics/cases.jsonl; README.md there has
 * their form.
 */
#include <math.h>
#include <stdlib.h>

#include "cases.h"
#include "core/stats/arms.h"
#include "core/stats/difference.h"
#include "core/stats/distribution.h"
#include "core/stats/holm.h"
#include "core/stats/pairs.h"
#include "core/stats/power.h"
#include "core/stats/proportion.h"
#include "core/stats/quantile.h"
#include "core/stats/ratio.h"
#include "core/stats/sign_flip.h"
#include "core/stats/wilcoxon.h"

#define MOST_FOUND	64

/* What a case is made of, and what is found. */
typedef struct Case
{
	Arena	   *arena;
	const Value *arguments;
	Sampling	how;
	double		found[MOST_FOUND];
	int			n;
} Case;

static double
to_number(const Value *value)
{
	return value->kind == VALUE_NUMBER ? strtod(value->text, NULL) : NAN;
}

static double
number(const Case *test, int argument)
{
	return to_number(&test->arguments[argument]);
}

static int64_t
count(const Case *test, int argument)
{
	return (int64_t) number(test, argument);
}

/* An argument that is an array; at least one element, for sanitizers. */
static double *
numbers(const Case *test, int argument, size_t *n)
{
	const Value *array = &test->arguments[argument];
	double	   *values = arena_alloc(test->arena, (array->len + 1) * sizeof(double));

	*n = array->len;
	for (size_t i = 0; i < array->len; i++)
		values[i] = to_number(&array->elements[i]);
	return values;
}

static void
put(Case *test, double found)
{
	test->found[test->n++] = found;
}

static void
put_interval(Case *test, Bounds interval)
{
	put(test, interval.low);
	put(test, interval.high);
}

/* ---- a function for each statistic ---- */

static void
find_normal_quantile(Case *test)
{
	put(test, normal_quantile(number(test, 0)));
}

static void
find_student_quantile(Case *test)
{
	put(test, student_quantile(number(test, 0), count(test, 1)));
}

static void
find_binomial(Case *test)
{
	put(test, binomial_below(count(test, 0), count(test, 1), number(test, 2)));
}

static void
find_wilson(Case *test)
{
	put_interval(test, share_interval((Share) {count(test, 0), count(test, 1)}));
}

static void
find_newcombe(Case *test)
{
	put_interval(test, share_difference_interval((Share) {count(test, 0), count(test, 1)},
												 (Share) {count(test, 2), count(test, 3)}));
}

static void
find_fisher(Case *test)
{
	put(test, share_fisher((Share) {count(test, 0), count(test, 1)}, (Share) {count(test, 2), count(test, 3)}));
}

static void
find_tango(Case *test)
{
	put_interval(test, pairs_tango((Pairs) {count(test, 0), count(test, 1), count(test, 2)}));
}

/* How likely an interval has the truth: all that can come is gone through. */
static void
find_wilson_coverage(Case *test)
{
	int64_t		n = count(test, 0);
	double		p = number(test, 1);
	double		covered = 0;

	for (int64_t k = 0; k <= n; k++)
	{
		Bounds		interval = share_interval((Share) {k, n});

		if (interval.low <= p + 1e-12 && interval.high >= p - 1e-12)
			covered += binomial_below(k, n, p) - binomial_below(k - 1, n, p);
	}
	put(test, covered);
}

static void
find_tango_coverage(Case *test)
{
	int64_t		n = count(test, 0);
	double		p = number(test, 1);
	double		q = number(test, 2);
	double		covered = 0;

	for (int64_t differ = 0; differ <= n; differ++)
		for (int64_t b = 0; b <= differ; b++)
		{
			Bounds		interval = pairs_tango((Pairs) {b, differ - b, n});

			if (interval.low <= p - q && interval.high >= p - q)
				covered += (binomial_below(differ, n, p + q) - binomial_below(differ - 1, n, p + q)) *
					(binomial_below(b, differ, p / (p + q)) - binomial_below(b - 1, differ, p / (p + q)));
		}
	put(test, covered);
}

static void
find_mcnemar(Case *test)
{
	put(test, pairs_mcnemar((Pairs) {count(test, 0), count(test, 1), count(test, 0) + count(test, 1)}));
}

/* Differences as parts of the greatest one, as the test wants them. */
static void
find_sign_flip(Case *test)
{
	size_t		n;
	double	   *values = numbers(test, 0, &n);
	double		reach = 0;
	SignFlip	found;

	for (size_t i = 0; i < n; i++)
		reach = fmax(reach, fabs(values[i]));
	for (size_t i = 0; i < n && reach > 0; i++)
		values[i] /= reach;
	CHECK(sign_flip_test(test->arena, values, n, &test->how, &found));
	put(test, found.p_value);
	put(test, found.is_exact);
}

static void
find_wilcoxon(Case *test)
{
	size_t		n;
	double	   *values = numbers(test, 0, &n);
	double		found;

	CHECK(wilcoxon_test(test->arena, values, n, &found));
	put(test, found);
}

static void
find_difference(Case *test)
{
	size_t		n;
	double	   *values = numbers(test, 0, &n);
	Difference	found;

	test->how.seed = (uint64_t) count(test, 2);
	CHECK(difference_compare(test->arena, values, n, number(test, 1), &test->how, &found));
	put(test, (double) found.n);
	put(test, (double) found.n_differing);
	put(test, found.mean);
	put(test, found.sd);
	put_interval(test, found.interval);
	put(test, found.planning_sd);
	put(test, found.detectable);
}

static ArmsComparison
compare_arms(Case *test, double scale, int seed)
{
	Arm			a;
	Arm			b;
	ArmsComparison found;

	a.values = numbers(test, 0, &a.n);
	b.values = numbers(test, 1, &b.n);
	test->how.seed = (uint64_t) count(test, seed);
	CHECK(arms_compare(test->arena, a, b, scale, &test->how, &found));
	return found;
}

static void
find_arms(Case *test)
{
	ArmsComparison found = compare_arms(test, number(test, 2), 3);

	put(test, found.mean[0]);
	put(test, found.mean[1]);
	put(test, found.difference);
	put_interval(test, found.interval);
}

static void
find_permutation(Case *test)
{
	put(test, compare_arms(test, NAN, 2).p_value);
}

static void
find_ratio(Case *test, bool (*compare) (Arena *arena, RatioUnits units, const Sampling *how, Ratio *ratio))
{
	RatioUnits	units;
	Ratio		found;

	units.above = numbers(test, 0, &units.n);
	units.below = numbers(test, 1, &units.n);
	test->how.seed = (uint64_t) count(test, 2);
	CHECK(compare(test->arena, units, &test->how, &found));
	put(test, (double) found.n);
	put(test, found.ratio);
	put_interval(test, found.interval);
}

static void
find_totals(Case *test)
{
	find_ratio(test, ratio_of_totals);
}

static void
find_means(Case *test)
{
	find_ratio(test, ratio_of_means);
}

static void
find_quantile(Case *test)
{
	size_t		n;
	double	   *values = numbers(test, 0, &n);
	Bounds		interval;

	put(test, quantile_measure(values, n, number(test, 1), &interval));
	put_interval(test, interval);
}

static void
find_holm(Case *test)
{
	size_t		n;
	double	   *values = numbers(test, 0, &n);

	holm_adjust(values, n, arena_alloc(test->arena, n * sizeof(HolmTest)));
	for (size_t i = 0; i < n; i++)
		put(test, values[i]);
}

static void
find_n_needed(Case *test)
{
	put(test, (double) power_n(number(test, 0), number(test, 1), (Power) {number(test, 2), number(test, 3)}));
}

static void
find_pairs_needed(Case *test)
{
	put(test, (double) power_pairs(number(test, 0), number(test, 1), (Power) {number(test, 2), number(test, 3)}));
}

static const struct Statistic
{
	const char *name;
	void		(*find) (Case *test);
}			statistics[] = {
	{"normal_quantile", find_normal_quantile},
	{"student_quantile", find_student_quantile},
	{"binomial", find_binomial},
	{"wilson", find_wilson},
	{"newcombe", find_newcombe},
	{"fisher", find_fisher},
	{"tango", find_tango},
	{"wilson_coverage", find_wilson_coverage},
	{"tango_coverage", find_tango_coverage},
	{"mcnemar", find_mcnemar},
	{"sign_flip", find_sign_flip},
	{"wilcoxon", find_wilcoxon},
	{"difference", find_difference},
	{"arms", find_arms},
	{"permutation", find_permutation},
	{"totals", find_totals},
	{"means", find_means},
	{"quantile", find_quantile},
	{"holm", find_holm},
	{"n_needed", find_n_needed},
	{"pairs_needed", find_pairs_needed},
};

#define NSTATISTICS	(sizeof(statistics) / sizeof(statistics[0]))

/* How many cases of each there were. */
static int	seen[NSTATISTICS];

/* ---- cases ---- */

/* Relative to what is expected, or to 1 if that is less. */
static bool
is_near(double found, double expected, double tolerance)
{
	if (isnan(expected) || isnan(found))
		return isnan(expected) && isnan(found);
	return fabs(found - expected) <= tolerance * fmax(1, fabs(expected));
}

static void
check_found(const Case *test, const Value *expected, double tolerance, const char *name, int line)
{
	check_int(test->n, (int64_t) expected->len, "figures", name, line);
	for (int i = 0; i < test->n && i < (int) expected->len; i++)
	{
		double		number = to_number(&expected->elements[i]);
		char		what[32];

		snprintf(what, sizeof(what), "figure %d", i + 1);
		if (!check_report(is_near(test->found[i], number, tolerance), what, name, line))
			printf("# found %.17g, expected %.17g\n", test->found[i], number);
	}
}

static void
check_case(Arena *arena, const Value *test, int line)
{
	Value		arguments = case_member(test, "arguments");
	Value		expected = case_member(test, "expected");
	Value		tolerance = case_member(test, "tolerance");
	const char *statistic = case_string(arena, test, "statistic");
	Case		made = {.arena = arena, .arguments = arguments.elements,
	.how = {1, NULL, SAMPLING_RESAMPLES, SAMPLING_DRAWS}};

	for (size_t i = 0; i < NSTATISTICS; i++)
		if (strcmp(statistic, statistics[i].name) == 0)
		{
			seen[i]++;
			statistics[i].find(&made);
			check_found(&made, &expected, to_number(&tolerance), statistic, line);
			return;
		}
	check_report(false, "is no statistic", statistic, line);
}

int
main(void)
{
	CHECK(check_cases("arguments", VALUE_ARRAY, check_case) >= 150);
	for (size_t i = 0; i < NSTATISTICS; i++)
		check_report(seen[i] > 0, statistics[i].name, __FILE_NAME__, __LINE__);
	return check_finish();
}
