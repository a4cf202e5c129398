/*
 * measure_kinds.c
 *		Numbers of an answer, and whether they are within bounds.
 */
#include "postgres.h"

#include "core/score/answer_text.h"
#include "core/text/unicode.h"
#include "scorers/scorer_kind.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* A number as reasons print it. */
static char *
print_number(double number)
{
	return psprintf("%.15g", number);
}

/* Says a number or, where there are bounds, whether it is within. */
static void
say_measure(const Scoring *scoring, double number, const char *unit, Score *score)
{
	const ScorerOptions *options = scoring->options;
	bool		is_low = options->min.is_given && number < options->min.value;
	bool		is_high = options->max.is_given && number > options->max.value;

	if (!options->min.is_given && !options->max.is_given)
		score_number(score, number, NULL);
	else if (is_low || is_high)
		score_verdict(score, false, psprintf("%s%s is %s %s", print_number(number), unit,
											 is_low ? "less than" : "more than",
											 print_number(is_low ? options->min.value : options->max.value)));
	else
		score_verdict(score, true, psprintf("%s%s", print_number(number), unit));
}

void
kind_length(Scoring *scoring, Score *score)
{
	TextSlice	text;
	bool		is_words = scoring->options->unit == 1;

	if (!scoring_text(scoring, &text, score))
		return;
	say_measure(scoring, (double) (is_words ? answer_count_words(text) : unicode_length(text.data, text.len)),
				is_words ? " words" : " characters", score);
}

void
kind_latency(Scoring *scoring, Score *score)
{
	if (scoring->subject->has_latency)
		say_measure(scoring, scoring->subject->latency_ms, " ms", score);
	else
		score_unknown(score, "no latency is known");
}

void
kind_cost(Scoring *scoring, Score *score)
{
	if (scoring->subject->has_cost)
		say_measure(scoring, scoring->subject->cost, "", score);
	else
		score_unknown(score, "no cost is known");
}

/* How far two numbers are apart, as they are written: 0.4 and 0.3 by 0.1. */
static Numeric
find_distance(double a, double b)
{
	Datum		difference = DirectFunctionCall2(numeric_sub, NumericGetDatum(score_decimal(a)),
												 NumericGetDatum(score_decimal(b)));

	return DatumGetNumeric(DirectFunctionCall1(numeric_abs, difference));
}

static double
to_double(Numeric number)
{
	return DatumGetFloat8(DirectFunctionCall1(numeric_float8_no_overflow, NumericGetDatum(number)));
}

static bool
is_more(Numeric a, Numeric b)
{
	return DatumGetBool(DirectFunctionCall2(numeric_gt, NumericGetDatum(a), NumericGetDatum(b)));
}

/*
 * The distance to the nearest of expected numbers; NULL if no text is one.
 */
static Numeric
find_least_distance(double number, OptionTexts expected)
{
	Numeric		least = NULL;
	double		wanted;

	for (size_t i = 0; i < expected.n; i++)
	{
		Numeric		distance;

		if (!answer_number(expected.items[i], ANSWER_NUMBER_WHOLE, &wanted))
			continue;
		distance = find_distance(number, wanted);
		if (least == NULL || is_more(least, distance))
			least = distance;
	}
	return least;
}

/* Whether a number is near one that is expected; unknown if none is. */
static void
say_nearness(Scoring *scoring, double number, Score *score)
{
	OptionTexts expected;
	Numeric		least;

	if (!scoring_expected_texts(scoring, &expected, score))
		return;
	least = find_least_distance(number, expected);
	if (least == NULL)
		score_unknown(score, "what is expected is no number");
	else
		score_verdict(score, !is_more(least, score_decimal(scoring->options->tolerance.value)),
					  psprintf("%s is off by %s", print_number(number), print_number(to_double(least))));
}

/* An answer without a number is out of all bounds. */
static void
say_no_number(const ScorerOptions *options, TextSlice text, Score *score)
{
	double		number;
	char	   *reason = answer_number(text, ANSWER_NUMBER_FIRST, &number) ?
		"the answer is not a number alone" : "there is no number in the answer";

	if (options->min.is_given || options->max.is_given || options->tolerance.is_given)
		score_verdict(score, false, reason);
	else
		score_unknown(score, reason);
}

void
kind_number(Scoring *scoring, Score *score)
{
	TextSlice	text;
	double		number;

	if (!scoring_text(scoring, &text, score))
		return;
	if (!answer_number(text, (AnswerNumber) scoring->options->find, &number))
		say_no_number(scoring->options, text, score);
	else if (scoring->options->tolerance.is_given)
		say_nearness(scoring, number, score);
	else
		say_measure(scoring, number, "", score);
}
