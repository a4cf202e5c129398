/*
 * text_kinds.c
 *		What is looked for in the text of an answer.
 */
#include "postgres.h"

#include "catalog/pg_collation.h"
#include "core/score/answer_text.h"
#include "miscadmin.h"
#include "regex/regex.h"
#include "scorers/scorer_kind.h"
#include "utils/builtins.h"

/* Whether an answer is, has or begins with a text. */
typedef bool (*TextCheck) (TextSlice answer, TextSlice text);

/* How many of the texts it is, has or begins with; counting ends at most. */
static size_t
count_found(const Scoring *scoring, TextSlice answer, OptionTexts texts,
			TextCheck check, size_t most)
{
	bool		fold = scoring->options->ignore_case;
	size_t		found = 0;

	if (fold)
		answer = scoring_fold(answer);
	for (size_t i = 0; i < texts.n && found < most; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (check(answer, fold ? scoring_fold(texts.items[i]) : texts.items[i]))
			found++;
	}
	return found;
}

/* Whether it passes a check against any of the expected answers. */
static void
check_expected(Scoring *scoring, TextCheck check, const char *failure, Score *score)
{
	TextSlice	answer;
	OptionTexts expected;

	if (!scoring_text(scoring, &answer, score) ||
		!scoring_expected_texts(scoring, &expected, score))
		return;
	if (count_found(scoring, answer, expected, check, 1) > 0)
		score_verdict(score, true, NULL);
	else
		score_verdict(score, false, psprintf("%s \"%s\"%s", failure, score_excerpt(expected.items[0]),
											 expected.n > 1 ? ", or any other that is expected" : ""));
}

void
kind_exact_match(Scoring *scoring, Score *score)
{
	check_expected(scoring, answer_equals, "the answer is not", score);
}

void
kind_contains_expected(Scoring *scoring, Score *score)
{
	check_expected(scoring, answer_contains, "the answer does not contain", score);
}

void
kind_contains_any(Scoring *scoring, Score *score)
{
	TextSlice	answer;
	bool		found;

	if (!scoring_text(scoring, &answer, score))
		return;
	found = count_found(scoring, answer, scoring->options->values, answer_contains, 1) > 0;
	score_verdict(score, found, found ? NULL : "the answer contains none of the values");
}

void
kind_contains_all(Scoring *scoring, Score *score)
{
	OptionTexts values = scoring->options->values;
	TextSlice	answer;
	size_t		found;

	if (!scoring_text(scoring, &answer, score))
		return;
	found = count_found(scoring, answer, values, answer_contains, SIZE_MAX);
	score_verdict(score, found == values.n, found == values.n ? NULL :
				  psprintf("the answer contains %zu of the %zu values", found, values.n));
}

void
kind_starts_with(Scoring *scoring, Score *score)
{
	TextSlice	prefix = scoring->options->prefix;
	TextSlice	answer;
	bool		found;

	if (!scoring_text(scoring, &answer, score))
		return;
	found = count_found(scoring, answer, (OptionTexts) {&prefix, 1}, answer_starts_with, 1) > 0;
	score_verdict(score, found, found ? NULL :
				  psprintf("the answer does not start with \"%s\"", score_excerpt(prefix)));
}

/* PostgreSQL's own, which a cancel interrupts, however long it takes. */
void
kind_regex(Scoring *scoring, Score *score)
{
	TextSlice	pattern = scoring->options->pattern;
	TextSlice	answer;
	bool		found;

	if (!scoring_text(scoring, &answer, score))
		return;
	found = RE_compile_and_execute(cstring_to_text_with_len(pattern.data, (int) pattern.len),
								   unconstify(char *, answer.data), (int) answer.len,
								   REG_ADVANCED | (scoring->options->ignore_case ? REG_ICASE : 0),
								   DEFAULT_COLLATION_OID, 0, NULL);
	score_verdict(score, found, found ? NULL : "the answer does not match the pattern");
}
