/*
 * ranking.c
 *		How good a ranked list of documents is.
 */
#include "core/score/ranking.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/score/text_score_best.h"
#include "core/score/vocabulary.h"

/* What the list comes to. */
typedef struct Gains
{
	double	   *found;			/* of the first k; 0 if not relevant */
	size_t		nfound;
	double	   *ideal;			/* of all that is relevant, the greatest first */
	size_t		nrelevant;		/* distinct ones */
} Gains;

static int
compare_descending(const void *a, const void *b)
{
	double		x = *(const double *) a;
	double		y = *(const double *) b;

	return (x < y) - (x > y);
}

/*
 * The number of a document, whose name is copied, since what is behind it will
 * be read; UINT32_MAX if memory is short.
 */
static uint32_t
document_number(const Ranking *ranking, Vocabulary *vocabulary, TextSlice document)
{
	char	   *copy = scratch_alloc(ranking->scratch, document.len + VOCABULARY_BEHIND);

	if (copy == NULL)
		return UINT32_MAX;
	if (document.len > 0)
		memcpy(copy, document.data, document.len);
	memset(copy + document.len, 0, VOCABULARY_BEHIND);
	return vocabulary_number(vocabulary, copy, document.len);
}

/* Notes gains of what is relevant, by number; of equal ones the greatest. */
static bool
read_relevant(const Ranking *ranking, Vocabulary *vocabulary, double *gains)
{
	for (size_t i = 0; i < ranking->nrelevant; i++)
	{
		double		gain = ranking->gains == NULL ? 1 : ranking->gains[i];
		uint32_t	n = vocabulary->n;
		uint32_t	number;

		if (!(gain > 0))
			continue;
		number = document_number(ranking, vocabulary, ranking->relevant[i]);
		if (number == UINT32_MAX)
			return false;
		if (number == n || gain > gains[number])
			gains[number] = gain;
	}
	return true;
}

/* Reads what was found; takes the gain of each, so that it has it once. */
static bool
read_found(const Ranking *ranking, Vocabulary *vocabulary, double *left, Gains *gains)
{
	for (size_t i = 0; i < gains->nfound; i++)
	{
		uint32_t	number = document_number(ranking, vocabulary, ranking->found[i]);

		if (number == UINT32_MAX)
			return false;
		gains->found[i] = 0;
		if (number < gains->nrelevant)
		{
			gains->found[i] = left[number];
			left[number] = 0;
		}
	}
	return true;
}

/* Reads all documents; false if memory is short. */
static bool
read_gains(const Ranking *ranking, Gains *gains)
{
	Scratch    *scratch = ranking->scratch;
	Vocabulary	vocabulary;
	double	   *left = scratch_alloc(scratch, (ranking->nrelevant + 1) * sizeof(double));

	gains->nfound = ranking->k > 0 && ranking->k < ranking->nfound ? ranking->k : ranking->nfound;
	gains->found = scratch_alloc(scratch, (gains->nfound + 1) * sizeof(double));
	gains->ideal = scratch_alloc(scratch, (ranking->nrelevant + 1) * sizeof(double));
	if (left == NULL || gains->found == NULL || gains->ideal == NULL ||
		!vocabulary_init(scratch, &vocabulary, ranking->nrelevant + gains->nfound) ||
		!read_relevant(ranking, &vocabulary, left))
		return false;
	gains->nrelevant = vocabulary.n;
	memcpy(gains->ideal, left, gains->nrelevant * sizeof(double));
	qsort(gains->ideal, gains->nrelevant, sizeof(double), compare_descending);
	return read_found(ranking, &vocabulary, left, gains);
}

static size_t
count_hits(const Gains *gains)
{
	size_t		n = 0;

	for (size_t i = 0; i < gains->nfound; i++)
		n += gains->found[i] > 0;
	return n;
}

static double
discounted(const double *gains, size_t n)
{
	double		sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += gains[i] / log2((double) i + 2);
	return sum;
}

/* ---- scores; NaN where there is nothing to divide by ---- */

static double
precision(const Ranking *ranking, const Gains *gains)
{
	return (double) count_hits(gains) / (double) (ranking->k > 0 ? ranking->k : gains->nfound);
}

static double
recall(const Ranking *ranking, const Gains *gains)
{
	(void) ranking;
	return (double) count_hits(gains) / (double) gains->nrelevant;
}

static double
reciprocal(const Ranking *ranking, const Gains *gains)
{
	size_t		i = 0;

	(void) ranking;
	while (i < gains->nfound && gains->found[i] == 0)
		i++;
	return i == gains->nfound ? 0 : 1 / ((double) i + 1);
}

static double
ndcg(const Ranking *ranking, const Gains *gains)
{
	size_t		n = ranking->k > 0 && ranking->k < gains->nrelevant ? ranking->k : gains->nrelevant;
	double		score = discounted(gains->found, gains->nfound) / discounted(gains->ideal, n);

	/* Sums of the same numbers may differ in the last digit. */
	return score < 1 ? score : 1;
}

static TextScore
score_ranking(const Ranking *ranking, double (*score) (const Ranking *, const Gains *))
{
	ScratchMark mark = scratch_mark(ranking->scratch);
	Gains		gains;
	bool		is_read = read_gains(ranking, &gains);
	double		value = is_read && gains.nrelevant > 0 ? score(ranking, &gains) : 0;

	scratch_release(ranking->scratch, mark);
	if (!is_read)
		return text_score_unknown("there are too many documents");
	if (gains.nrelevant == 0)
		return text_score_unknown("no document is relevant");
	return isnan(value) ? text_score_unknown("nothing was found") : text_score_known(value);
}

TextScore
ranking_precision(const Ranking *ranking)
{
	return score_ranking(ranking, precision);
}

TextScore
ranking_recall(const Ranking *ranking)
{
	return score_ranking(ranking, recall);
}

TextScore
ranking_reciprocal(const Ranking *ranking)
{
	return score_ranking(ranking, reciprocal);
}

TextScore
ranking_ndcg(const Ranking *ranking)
{
	return score_ranking(ranking, ndcg);
}
