/*
 * score_characters.c
 *		Scores of characters: Levenshtein's similarity and chrF.
 */
#include "core/score/characters.h"
#include "core/score/ngrams.h"
#include "core/score/text_score_best.h"

/* Those of sacrebleu's chrF. */
#define CHRF_ORDER	6
#define CHRF_BETA2	4			/* beta squared: recall counts twice */

static double
similarity(const TextComparison *comparison, size_t reference, void *state)
{
	const CharacterTexts *texts = state;
	Sequence	other = texts->references[reference];
	int64_t		distance = sequence_distance(comparison, texts->text, other, texts->nsymbols);
	uint32_t	longer = texts->text.n > other.n ? texts->text.n : other.n;

	if (distance < 0)
		return TEXT_SCORE_NO_MEMORY;
	return longer == 0 ? 1 : 1 - (double) distance / longer;
}

/*
 * Precision and recall are means over the lengths of runs, up to that of the
 * shorter text.
 */
static double
chrf(const TextComparison *comparison, size_t reference, void *state)
{
	const CharacterTexts *texts = state;
	Sequence	other = texts->references[reference];
	Ngrams	   *ngrams = ngrams_create(comparison, texts->text, &other, 1, texts->nsymbols);
	uint32_t	shorter = texts->text.n < other.n ? texts->text.n : other.n;
	uint32_t	orders = shorter < CHRF_ORDER ? shorter : CHRF_ORDER;
	double		precision = 0;
	double		recall = 0;

	if (ngrams == NULL)
		return TEXT_SCORE_NO_MEMORY;
	if (texts->text.n == 0 && other.n == 0)
		return 1;
	for (uint32_t n = 1; n <= orders; n++)
	{
		uint32_t	matched = ngrams_match(ngrams);

		precision += (double) matched / ngrams_count(texts->text.n, n) / orders;
		recall += (double) matched / ngrams_count(other.n, n) / orders;
	}
	if (precision == 0)
		return 0;
	return (1 + CHRF_BETA2) * precision * recall / (CHRF_BETA2 * precision + recall);
}

static TextScore
score_characters(const TextComparison *comparison, bool with_space,
				 double (*score) (const TextComparison *, size_t, void *))
{
	ScratchMark mark = scratch_mark(comparison->scratch);
	CharacterTexts texts;
	const char *problem = characters_prepare(comparison, with_space, &texts);
	TextScore	result;

	result = problem != NULL ? text_score_unknown(problem) : text_score_best(comparison, score, &texts);
	scratch_release(comparison->scratch, mark);
	return result;
}

TextScore
text_score_levenshtein(const TextComparison *comparison)
{
	return score_characters(comparison, true, similarity);
}

TextScore
text_score_chrf(const TextComparison *comparison)
{
	return score_characters(comparison, false, chrf);
}
