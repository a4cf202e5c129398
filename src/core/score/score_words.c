/*
 * score_words.c
 *		Scores of SQuAD: whether words are the same, and how many.
 */
#include <string.h>

#include "core/score/ngrams.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"

static inline Sequence
sequence_of(const Tokens *tokens)
{
	return (Sequence) {tokens->symbols, tokens->n};
}

static double
are_equal(const TextComparison *comparison, size_t reference, void *state)
{
	const TokenTexts *texts = state;
	const Tokens *a = &texts->text;
	const Tokens *b = &texts->references[reference];

	(void) comparison;
	return a->n == b->n && memcmp(a->symbols, b->symbols, a->n * sizeof(uint32_t)) == 0;
}

static double
token_f1(const TextComparison *comparison, size_t reference, void *state)
{
	const TokenTexts *texts = state;
	Sequence	other = sequence_of(&texts->references[reference]);
	Ngrams	   *ngrams = ngrams_create(comparison, sequence_of(&texts->text), &other, 1, texts->nsymbols);

	if (ngrams == NULL)
		return TEXT_SCORE_NO_MEMORY;
	return text_score_f1(ngrams_match(ngrams), texts->text.n, other.n);
}

/* Cuts the texts and lets a function score each pair. */
static TextScore
score_words(const TextComparison *comparison, TokenSplitter split,
			double (*score) (const TextComparison *, size_t, void *))
{
	ScratchMark mark = scratch_mark(comparison->scratch);
	TokenTexts	texts;
	const char *problem = tokens_prepare(comparison, split, &texts);
	TextScore	result;

	result = problem != NULL ? text_score_unknown(problem) : text_score_best(comparison, score, &texts);
	scratch_release(comparison->scratch, mark);
	return result;
}

TextScore
text_score_quasi_exact(const TextComparison *comparison)
{
	return score_words(comparison, comparison->by_unicode ? split_squad_unicode : split_squad, are_equal);
}

TextScore
text_score_token_f1(const TextComparison *comparison)
{
	return score_words(comparison, comparison->by_unicode ? split_squad_unicode : split_squad, token_f1);
}
