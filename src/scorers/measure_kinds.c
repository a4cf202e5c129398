/*
 * measure_kinds.c
 *		Numbers of an answer, and whether they are within bounds.
 */
#include "postgres.h"

#include <math.h>

#include "core/score/answer_text.h"
#include "core/text/unicode.h"
#include "scorers/scorer_kind.h"

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

/*
 * Whether a number is near one that is expected; an expected text that is no
 * number is passed over, and the score is unknown if none is one.
 */
static void
say_nearness(Scoring *scoring, double number, Score *score)
{
	OptionTexts expected;
	double		least = INFINITY;
	double		wanted;

	if (!scoring_expected_texts(scoring, &expected, score))
		return;
	for (size_t i = 0; i < expected.n; i++)
		if (answer_number(expected.items[i], ANSWER_NUMBER_WHOLE, &wanted))
			least = Min(least, fabs(number - wanted));
	if (isinf(least))
		score_unknown(score, "what is expected is no number");
	else
		score_verdict(score, least <= scoring->options->tolerance.value,
					  psprintf("%s is off by %s", print_number(number), print_number(least)));
}

/* An answer without a number is out of all bounds. */
void
kind_number(Scoring *scoring, Score *score)
{
	const ScorerOptions *options = scoring->options;
	TextSlice	text;
	double		number;

	if (!scoring_text(scoring, &text, score))
		return;
	if (!answer_number(text, (AnswerNumber) options->find, &number))
	{
		if (options->min.is_given || options->max.is_given || options->tolerance.is_given)
			score_verdict(score, false, "there is no number in the answer");
		else
			score_unknown(score, "there is no number in the answer");
		return;
	}
	if (options->tolerance.is_given)
		say_nearness(scoring, number, score);
	else
		say_measure(scoring, number, "", score);
}
