/*
 * text_score_best.c
 *		What the text scores share: how they come to a result.
 */
#include "core/score/text_score_best.h"

const char	text_score_too_long[] = "the texts are too long to be compared";

TextScore
text_score_known(double value)
{
	return (TextScore) {.is_known = true,.value = value};
}

TextScore
text_score_unknown(const char *reason)
{
	return (TextScore) {.reason = reason};
}

const char *
text_score_problem(const TextComparison *comparison)
{
	size_t		most = TEXT_SCORE_MAX_LENGTH;
	size_t		left = 4 * most;	/* of all references */

	if (comparison->nreferences == 0)
		return "there is no text to compare with";
	if (comparison->text.len > most)
		return text_score_too_long;
	for (size_t i = 0; i < comparison->nreferences; i++)
	{
		size_t		len = comparison->references[i].len;

		if (len > most || len > left)
			return text_score_too_long;
		left -= len;
	}
	return NULL;
}

TextScore
text_score_best(const TextComparison *comparison,
				double (*score) (const TextComparison *, size_t, void *), void *state)
{
	double		best = 0;

	for (size_t i = 0; i < comparison->nreferences; i++)
	{
		ScratchMark mark = scratch_mark(comparison->scratch);
		double		value = score(comparison, i, state);

		scratch_release(comparison->scratch, mark);
		if (value == TEXT_SCORE_NO_MEMORY)
			return text_score_unknown(text_score_too_long);
		if (value > best)
			best = value;
	}
	return text_score_known(best);
}

void
text_score_check(const TextComparison *comparison)
{
	if (comparison->check_interrupts != NULL)
		comparison->check_interrupts();
}

double
text_score_f1(double matched, double ntext, double nreference)
{
	double		precision = matched / (ntext > 0 ? ntext : 1);
	double		recall = matched / (nreference > 0 ? nreference : 1);

	if (ntext == 0 && nreference == 0)
		return 1;
	return matched > 0 ? 2 * precision * recall / (precision + recall) : 0;
}
