/*
 * Runs the cases of test/golden/agreement/cases.jsonl; README.md there has
 * their form.  Then what no reference implementation says.
 */
#include "core/stats/agreement.h"

#include <math.h>

#include "cases.h"

#define RESAMPLES		1000
#define SEED			42
#define TOLERANCE		1e-9

static int	checked_interrupts = 0;

static void
check_interrupts(void)
{
	checked_interrupts++;
}

static const AgreementBootstrap bootstrap = {RESAMPLES, SEED, check_interrupts};

static bool
is_near(double found, double expected)
{
	if (isnan(expected))
		return isnan(found);
	return fabs(found - expected) <= TOLERANCE;
}

static void
check_near(double found, double expected, const char *what, const char *name, int line)
{
	if (!check_report(is_near(found, expected), what, name, line))
		printf("# found %.17g, expected %.17g\n", found, expected);
}

/* A number, which the text after it ends; NaN if it is none. */
static double
to_number(const Value *value)
{
	return value->kind == VALUE_NUMBER ? strtod(value->text, NULL) : NAN;
}

static AgreementLevel
to_level(const Value *value)
{
	if (value->len == strlen("ordinal"))
		return value->text[0] == 'o' ? AGREEMENT_ORDINAL : AGREEMENT_NOMINAL;
	return AGREEMENT_INTERVAL;
}

/* The ratings of a case, the last ones first, which must not matter. */
static AgreementRating *
read_ratings(Arena *arena, const Value *raters, size_t *n)
{
	size_t		units = raters->elements[0].len;
	AgreementRating *ratings = arena_alloc(arena, raters->len * units * sizeof(AgreementRating));

	*n = 0;
	for (size_t rater = raters->len; rater-- > 0;)
		for (size_t unit = units; unit-- > 0;)
		{
			double		value = to_number(&raters->elements[rater].elements[unit]);

			if (!isnan(value))
				ratings[(*n)++] = (AgreementRating) {(int32_t) unit, (int32_t) rater, value};
		}
	return ratings;
}

static void
check_figure(const Value *test, const char *key, AgreementFigure figure, const AgreementFigures found[3],
			 const char *name, int line)
{
	static const char *const parts[] = {"", " low", " high"};
	Value		expected = case_member(test, key);

	check_int((int64_t) expected.len, 3, key, name, line);
	for (size_t i = 0; i < 3 && i < expected.len; i++)
	{
		char		what[32];

		snprintf(what, sizeof(what), "%s%s", key, parts[i]);
		check_near(found[i].of[figure], to_number(&expected.elements[i]), what, name, line);
	}
}

static void
check_case(Arena *arena, const Value *test, int line)
{
	Value		level = case_member(test, "level");
	Value		raters = case_member(test, "raters");
	Value		value = case_member(test, "value");
	Value		units = case_member(test, "units");
	Value		prevalence = case_member(test, "prevalence");
	const char *name = case_string(arena, test, "name");
	AgreementFigures found[3];
	AgreementSample *sample;
	size_t		n;
	AgreementRating *ratings = read_ratings(arena, &raters, &n);

	if (!check_report(agreement_prepare(arena, ratings, n, to_level(&level), &sample) == AGREEMENT_FINE,
					  "prepared", name, line))
		return;
	check_int(agreement_units(sample), (int64_t) to_number(&units), "units", name, line);
	found[0] = agreement_measure(sample);
	check_report(agreement_bootstrap(arena, sample, &bootstrap, &found[1], &found[2]), "bootstrap", name, line);
	check_figure(test, "kappa", AGREEMENT_KAPPA, found, name, line);
	check_figure(test, "alpha", AGREEMENT_ALPHA, found, name, line);
	check_figure(test, "correlation", AGREEMENT_CORRELATION, found, name, line);
	check_near(agreement_prevalence(sample, to_number(&value)), to_number(&prevalence), "prevalence", name, line);
}

/* Two raters with the ratings of each in an array. */
static AgreementSample *
make_pair(Arena *arena, AgreementLevel level, const double *one, const double *two, int units)
{
	AgreementRating *ratings = arena_alloc(arena, 2 * (size_t) units * sizeof(AgreementRating));
	AgreementSample *sample;

	for (int i = 0; i < units; i++)
	{
		ratings[2 * i] = (AgreementRating) {i, 7, one[i]};
		ratings[2 * i + 1] = (AgreementRating) {i, -3, two[i]};
	}
	CHECK(agreement_prepare(arena, ratings, 2 * (size_t) units, level, &sample) == AGREEMENT_FINE);
	return sample;
}

static void
test_nothing(void)
{
	Arena	   *arena = arena_create(ARENA_LIMIT);
	AgreementSample *sample;
	AgreementFigures figures;
	AgreementFigures low;
	AgreementFigures high;

	CHECK(agreement_prepare(arena, NULL, 0, AGREEMENT_ORDINAL, &sample) == AGREEMENT_FINE);
	CHECK_INT(agreement_units(sample), 0);
	figures = agreement_measure(sample);
	CHECK(agreement_bootstrap(arena, sample, &bootstrap, &low, &high));
	for (int f = 0; f < AGREEMENT_FIGURES; f++)
		CHECK(isnan(figures.of[f]) && isnan(low.of[f]) && isnan(high.of[f]));
	CHECK(isnan(agreement_prevalence(sample, NAN)));
	CHECK(isnan(agreement_prevalence(sample, 1)));
	arena_free(arena);
}

static void
test_repeated_rating(void)
{
	Arena	   *arena = arena_create(ARENA_LIMIT);
	AgreementRating ratings[] = {{1, 1, 0}, {2, 1, 0}, {2, 2, 0}, {1, 1, 1}};
	AgreementSample *sample;

	CHECK(agreement_prepare(arena, ratings, 4, AGREEMENT_NOMINAL, &sample) == AGREEMENT_REPEATED);
	arena_free(arena);
}

/* Every piece that is refused is noticed. */
static void
test_no_memory(void)
{
	const double one[] = {0, 1, 1, 0};
	int			refused = 0;

	for (size_t limit = 0; limit < 4096; limit += 8)
	{
		Arena	   *arena = arena_create(limit);
		AgreementRating ratings[8];
		AgreementSample *sample;
		AgreementFigures low;
		AgreementFigures high;
		AgreementBootstrap ten = {10, SEED, NULL};
		AgreementProblem problem;

		for (int i = 0; i < 8; i++)
			ratings[i] = (AgreementRating) {i / 2, i % 2, one[i / 2]};
		problem = agreement_prepare(arena, ratings, 8, AGREEMENT_NOMINAL, &sample);
		if (problem == AGREEMENT_NO_MEMORY ||
			!agreement_bootstrap(arena, sample, &ten, &low, &high))
			refused++;
		else
			check_near(agreement_measure(sample).of[AGREEMENT_KAPPA], 1, "kappa", "no memory", (int) limit);
		arena_free(arena);
	}
	CHECK(refused > 10);
	CHECK(refused <= (8 * AGREEMENT_BYTES_PER_RATING + AGREEMENT_BYTES + 10 * AGREEMENT_FIGURES * 8) / 8);
}

/*
 * Neither the greatest numbers nor the least ones are too much for a square.
 */
static void
test_extreme_values(void)
{
	const double two[] = {0, 2, 2, 1, 0, 1};
	const double scales[] = {1, 8e307, 1e-320, -5e307};
	const double places[] = {-1, 0, 1};
	AgreementFigures expected = {{0}};

	for (int s = 0; s < 4; s++)
	{
		Arena	   *arena = arena_create(ARENA_LIMIT);
		double		x[6];
		double		y[6];
		AgreementFigures found;

		for (int i = 0; i < 6; i++)
		{
			x[i] = places[i % 3] * scales[s];
			y[i] = places[(int) two[i]] * scales[s];
		}
		found = agreement_measure(make_pair(arena, AGREEMENT_INTERVAL, x, y, 6));
		for (int f = 0; f < AGREEMENT_FIGURES; f++)
		{
			CHECK(!isnan(found.of[f]));
			if (s == 0)
				expected.of[f] = found.of[f];
			/* Numbers so small have few digits. */
			else
				CHECK(fabs(found.of[f] - expected.of[f]) < 1e-3);
		}
		arena_free(arena);
	}
}

/* Values that are the same but for rounding in sums are the same. */
static void
test_no_variation_is_exact(void)
{
	double		one[1001];
	double		two[1001];
	Arena	   *arena = arena_create(ARENA_LIMIT);
	AgreementSample *sample;
	AgreementFigures figures;

	for (int i = 0; i < 1001; i++)
	{
		one[i] = 0.1;
		two[i] = i == 500 ? 0.3 : 0.1;
	}
	sample = make_pair(arena, AGREEMENT_INTERVAL, one, two, 1001);
	figures = agreement_measure(sample);
	CHECK(isnan(figures.of[AGREEMENT_CORRELATION]));
	CHECK(fabs(figures.of[AGREEMENT_KAPPA]) < TOLERANCE);
	figures = agreement_measure(make_pair(arena, AGREEMENT_INTERVAL, one, one, 1001));
	for (int f = 0; f < AGREEMENT_FIGURES; f++)
		CHECK(isnan(figures.of[f]));
	arena_free(arena);
}

static void
test_prevalence(void)
{
	const double one[] = {0, 1, 2, 2};
	const double two[] = {0, 0, 2, 2};
	Arena	   *arena = arena_create(ARENA_LIMIT);
	AgreementSample *sample = make_pair(arena, AGREEMENT_NOMINAL, one, two, 4);

	CHECK(agreement_prevalence(sample, 1) == 1.0 / 8);
	CHECK(agreement_prevalence(sample, NAN) == 4.0 / 8);
	CHECK(agreement_prevalence(sample, 1.5) == 0);
	CHECK(agreement_prevalence(sample, 9) == 0);
	arena_free(arena);
}

static void
test_interrupts_are_checked(void)
{
	const double one[] = {0, 1, 2, 2};
	const double two[] = {0, 0, 2, 2};
	Arena	   *arena = arena_create(ARENA_LIMIT);
	AgreementSample *sample = make_pair(arena, AGREEMENT_NOMINAL, one, two, 4);
	AgreementFigures low;
	AgreementFigures high;

	checked_interrupts = 0;
	CHECK(agreement_bootstrap(arena, sample, &bootstrap, &low, &high));
	CHECK_INT(checked_interrupts, RESAMPLES);
	arena_free(arena);
}

int
main(void)
{
	CHECK(check_cases("raters", VALUE_ARRAY, check_case) >= 35);
	test_nothing();
	test_repeated_rating();
	test_no_memory();
	test_extreme_values();
	test_no_variation_is_exact();
	test_prevalence();
	test_interrupts_are_checked();
	return check_finish();
}
