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

/* Notes gains of what is relevant, by number; of equal ones the greatest. */
static void
read_relevant(const Ranking *ranking, Vocabulary *vocabulary, double *gains)
{
	for (size_t i = 0; i < ranking->nrelevant; i++)
	{
		double		gain = ranking->gains == NULL ? 1 : ranking->gains[i];
		uint32_t	n = vocabulary->n;
		uint32_t	number;

		if (!(gain > 0))
			continue;
		number = vocabulary_number(vocabulary, ranking->relevant[i].data, ranking->relevant[i].len);
		if (number == n || gain > gains[number])
			gains[number] = gain;
	}
}

/* Reads what was found; takes the gain of each, so that it has it once. */
static void
read_found(const Ranking *ranking, Vocabulary *vocabulary, double *left, Gains *gains)
{
	for (size_t i = 0; i < gains->nfound; i++)
	{
		uint32_t	number = vocabulary_number(vocabulary, ranking->found[i].data, ranking->found[i].len);

		gains->found[i] = 0;
		if (number < gains->nrelevant)
		{
			gains->found[i] = left[number];
			left[number] = 0;
		}
	}
}

/* Returns why nothing can be said, or NULL. */
static const char *
read_gains(const Ranking *ranking, Gains *gains)
{
	Scratch    *scratch = ranking->scratch;
	Vocabulary	vocabulary;
	double	   *left = scratch_alloc(scratch, (ranking->nrelevant + 1) * sizeof(double));

	gains->nfound = ranking->k > 0 && ranking->k < ranking->nfound ? ranking->k : ranking->nfound;
	gains->found = scratch_alloc(scratch, (gains->nfound + 1) * sizeof(double));
	gains->ideal = scratch_alloc(scratch, (ranking->nrelevant + 1) * sizeof(double));
	if (left == NULL || gains->found == NULL || gains->ideal == NULL ||
		!vocabulary_init(scratch, &vocabulary, ranking->nrelevant + gains->nfound))
		return "there are too many documents";
	read_relevant(ranking, &vocabulary, left);
	gains->nrelevant = vocabulary.n;
	memcpy(gains->ideal, left, gains->nrelevant * sizeof(double));
	qsort(gains->ideal, gains->nrelevant, sizeof(double), compare_descending);
	read_found(ranking, &vocabulary, left, gains);
	return gains->nrelevant == 0 ? "no document is relevant" : NULL;
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
	const char *problem = read_gains(ranking, &gains);
	double		value = problem == NULL ? score(ranking, &gains) : 0;

	scratch_release(ranking->scratch, mark);
	if (problem == NULL && isnan(value))
		problem = "nothing was found";
	return problem == NULL ? text_score_known(value) : text_score_unknown(problem);
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
