/*
 * similarity_kinds.c
 *		How near an answer comes to what is expected.
 */
#include "postgres.h"

#include "core/score/bleu.h"
#include "core/score/text_score.h"
#include "miscadmin.h"
#include "scorers/scorer_kind.h"

#define TOKENIZER_UNICODE	1	/* its number among the words */
#define NPARTS				(2 + 2 * BLEU_ORDER)

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* Sets up the comparison; false, with the score unknown, if it cannot be. */
static bool
begin_comparison(Scoring *scoring, TextComparison *comparison, Score *score)
{
	OptionTexts expected;

	*comparison = (TextComparison) {.scratch = &scoring->scratch, .check_interrupts = check_interrupts,
		.by_unicode = scoring->options->tokenizer == TOKENIZER_UNICODE};
	if (!scoring_text(scoring, &comparison->text, score) ||
		!scoring_expected_texts(scoring, &expected, score))
		return false;
	comparison->references = expected.items;
	comparison->nreferences = expected.n;
	return true;
}

static void
say_similarity(TextScore found, Score *score)
{
	if (found.is_known)
		score_number(score, found.value, NULL);
	else
		score_unknown(score, pstrdup(found.reason));
}

void
kind_quasi_exact_match(Scoring *scoring, Score *score)
{
	TextComparison comparison;
	TextScore	found;

	if (!begin_comparison(scoring, &comparison, score))
		return;
	found = text_score_quasi_exact(&comparison);
	if (found.is_known)
		score_verdict(score, found.value == 1, found.value == 1 ? NULL :
					  psprintf("the answer says something else than \"%s\"%s",
							   score_excerpt(comparison.references[0]),
							   comparison.nreferences > 1 ? ", or any other that is expected" : ""));
	else
		say_similarity(found, score);
}

void
kind_token_f1(Scoring *scoring, Score *score)
{
	TextComparison comparison;

	if (begin_comparison(scoring, &comparison, score))
		say_similarity(text_score_token_f1(&comparison), score);
}

void
kind_levenshtein(Scoring *scoring, Score *score)
{
	TextComparison comparison;

	if (begin_comparison(scoring, &comparison, score))
		say_similarity(text_score_levenshtein(&comparison), score);
}

void
kind_chrf(Scoring *scoring, Score *score)
{
	TextComparison comparison;

	if (begin_comparison(scoring, &comparison, score))
		say_similarity(text_score_chrf(&comparison), score);
}

/* ---- ROUGE ---- */

static void
say_rouge(Scoring *scoring, RougeKind kind, Score *score)
{
	TextComparison comparison;

	if (begin_comparison(scoring, &comparison, score))
		say_similarity(text_score_rouge(&comparison, kind, scoring->options->stemming), score);
}

void
kind_rouge_1(Scoring *scoring, Score *score)
{
	say_rouge(scoring, ROUGE_1, score);
}

void
kind_rouge_2(Scoring *scoring, Score *score)
{
	say_rouge(scoring, ROUGE_2, score);
}

void
kind_rouge_l(Scoring *scoring, Score *score)
{
	say_rouge(scoring, ROUGE_L, score);
}

void
kind_rouge_lsum(Scoring *scoring, Score *score)
{
	say_rouge(scoring, ROUGE_LSUM, score);
}

/* ---- BLEU ---- */

/*
 * The lengths of text and reference, then of each order of runs how many
 * matched, then how many there are.
 */
static Jsonb *
parts_document(const BleuParts *parts)
{
	double		numbers[NPARTS] = {parts->text_length, parts->reference_length};
	JsonbParseState *state = NULL;
	JsonbValue	value;

	memcpy(numbers + 2, parts->matched, sizeof(parts->matched));
	memcpy(numbers + 2 + BLEU_ORDER, parts->runs, sizeof(parts->runs));
	pushJsonbValue(&state, WJB_BEGIN_ARRAY, NULL);
	for (int i = 0; i < NPARTS; i++)
	{
		(void) JsonbExtractScalar(&score_number_value(numbers[i])->root, &value);
		pushJsonbValue(&state, WJB_ELEM, &value);
	}
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_ARRAY, NULL));
}

void
kind_bleu(Scoring *scoring, Score *score)
{
	TextComparison comparison;
	BleuParts	parts;
	TextScore	found;

	if (!begin_comparison(scoring, &comparison, score))
		return;
	found = text_score_bleu(&comparison, &parts);
	say_similarity(found, score);
	if (found.is_known)
		score->parts = parts_document(&parts);
}
