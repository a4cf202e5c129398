/* The verdicts of core/stats/verdict, in the order in which they are given. */
#include "core/stats/verdict.h"

#include <math.h>

#include "check.h"

static const char *
name(double p_value, double low, double high, double detectable, double margin)
{
	Evidence	evidence = {p_value, {low, high}, detectable, margin};

	return verdict_name(verdict_of(&evidence));
}

static bool
is_within(double low, double high, double margin)
{
	Evidence	evidence = {1, {low, high}, 0, margin};

	return verdict_is_within_margin(&evidence);
}

/* Both the test and the interval are needed. */
static void
test_better_and_worse(void)
{
	CHECK_CSTRING(name(0.049, 0.01, 0.3, 1, 0.05), "better");
	CHECK_CSTRING(name(0.049, -0.3, -0.01, 1, 0.05), "worse");
	CHECK_CSTRING(name(0.05, 0.01, 0.3, 0.01, 0.05), "no evidence");
	CHECK_CSTRING(name(0.001, 0, 0.3, 0.01, 0.05), "no evidence");
	CHECK_CSTRING(name(0.001, -0.3, 0, 0.01, 0.05), "no evidence");
}

/* A difference that is there and does not matter is told as both. */
static void
test_order(void)
{
	CHECK_CSTRING(name(0.001, 0.01, 0.04, 1, 0.05), "better");
	CHECK(is_within(0.01, 0.04, 0.05));
	CHECK_CSTRING(name(0.5, -0.04, 0.04, 1, 0.05), "equivalent");
	CHECK_CSTRING(name(0.5, -0.05, 0.04, 0.06, 0.05), "too few");
	CHECK_CSTRING(name(0.5, -0.04, 0.05, 0.05, 0.05), "no evidence");
	CHECK(!is_within(-0.05, 0.04, 0.05));
	CHECK(!is_within(-0.04, 0.05, 0.05));
}

/* What is not known decides nothing; without a margin no number is too few. */
static void
test_unknown(void)
{
	CHECK_CSTRING(name(NAN, NAN, NAN, NAN, 0.05), "too few");
	CHECK_CSTRING(name(NAN, 0.1, 0.2, 0.01, 0.05), "no evidence");
	CHECK_CSTRING(name(0.5, -0.01, 0.01, 0.01, NAN), "no evidence");
	CHECK_CSTRING(name(0.5, -0.01, 0.01, NAN, NAN), "no evidence");
	CHECK_CSTRING(name(0.01, 0.1, 0.2, NAN, NAN), "better");
	CHECK(!is_within(-0.01, 0.01, NAN));
	CHECK(!is_within(NAN, NAN, 0.05));
}

int
main(void)
{
	test_better_and_worse();
	test_order();
	test_unknown();
	return check_finish();
}
