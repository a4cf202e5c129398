/*
 * bleu.c
 *		BLEU of one text and of many, as sacrebleu has them.
 */
#include "core/score/bleu.h"

#include <math.h>
#include <stdlib.h>

#include "core/score/ngrams.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"

static inline Sequence
sequence_of(const Tokens *tokens)
{
	return (Sequence) {tokens->symbols, tokens->n};
}

/* ---- the parts ---- */

/* Of references that are equally near the shorter one. */
static uint32_t
nearest_length(const TokenTexts *texts, size_t nreferences)
{
	uint32_t	best = texts->references[0].n;

	for (size_t i = 1; i < nreferences; i++)
	{
		uint32_t	n = texts->references[i].n;
		int64_t		closer = llabs((int64_t) best - texts->text.n) - llabs((int64_t) n - texts->text.n);

		if (closer > 0 || (closer == 0 && n < best))
			best = n;
	}
	return best;
}

static bool
measure_parts(const TextComparison *comparison, const TokenTexts *texts, BleuParts *parts)
{
	size_t		n = comparison->nreferences;
	Sequence   *references = scratch_alloc(comparison->scratch, n * sizeof(Sequence));
	Ngrams	   *ngrams;

	if (references == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
		references[i] = sequence_of(&texts->references[i]);
	ngrams = ngrams_create(comparison, sequence_of(&texts->text), references, n, texts->nsymbols);
	if (ngrams == NULL)
		return false;
	parts->text_length = texts->text.n;
	parts->reference_length = nearest_length(texts, n);
	for (uint32_t i = 0; i < BLEU_ORDER; i++)
	{
		parts->matched[i] = ngrams_match(ngrams);
		parts->runs[i] = ngrams_count(texts->text.n, i + 1);
	}
	return true;
}

/* ---- the score ---- */

/* Texts that are shorter than their references are scored lower. */
static double
brevity_penalty(const BleuParts *parts)
{
	if (parts->text_length >= parts->reference_length)
		return 1;
	return exp(1 - parts->reference_length / parts->text_length);
}

/*
 * The geometric mean of the precisions of the first so many lengths, of which
 * the text has runs, and one has a match.
 */
static double
score_parts(const BleuParts *parts, int orders)
{
	double		smoothing = 1;
	double		sum = 0;
	double		score;

	for (int i = 0; i < orders; i++)
	{
		if (parts->matched[i] == 0)
			smoothing *= 2;
		sum += log(parts->matched[i] == 0 ? 1 / (smoothing * parts->runs[i]) :
				   parts->matched[i] / parts->runs[i]);
	}
	score = brevity_penalty(parts) * exp(sum / orders);
	return score < 1 ? score : 1;
}

/* Lengths that the text has runs of. */
static int
count_orders(const BleuParts *parts)
{
	int			n = 0;

	while (n < BLEU_ORDER && parts->runs[n] > 0)
		n++;
	return n;
}

/* Where one word matches none, nothing longer does. */
static TextScore
score_text(const BleuParts *parts)
{
	if (parts->text_length == 0 && parts->reference_length == 0)
		return text_score_known(1);
	return text_score_known(parts->matched[0] > 0 ? score_parts(parts, count_orders(parts)) : 0);
}

TextScore
text_score_bleu(const TextComparison *comparison, BleuParts *parts)
{
	ScratchMark mark = scratch_mark(comparison->scratch);
	TokenSplitter split = comparison->by_unicode ? split_unicode_symbols : split_13a;
	TokenTexts	texts;
	const char *problem;

	*parts = (BleuParts) {0};
	problem = tokens_prepare(comparison, split, &texts);
	if (problem == NULL && !measure_parts(comparison, &texts, parts))
		problem = text_score_too_long;
	scratch_release(comparison->scratch, mark);
	return problem != NULL ? text_score_unknown(problem) : score_text(parts);
}

/* ---- many texts ---- */

void
bleu_add(BleuParts *sum, const BleuParts *parts)
{
	sum->text_length += parts->text_length;
	sum->reference_length += parts->reference_length;
	for (int i = 0; i < BLEU_ORDER; i++)
	{
		sum->matched[i] += parts->matched[i];
		sum->runs[i] += parts->runs[i];
	}
}

TextScore
bleu_of_corpus(const BleuParts *sum)
{
	if (sum->text_length == 0 && sum->reference_length == 0)
		return text_score_unknown("there is no text");
	if (sum->matched[0] == 0)
		return text_score_known(0);
	if (sum->runs[BLEU_ORDER - 1] == 0)
		return text_score_unknown("no text has four tokens");
	return text_score_known(score_parts(sum, BLEU_ORDER));
}
