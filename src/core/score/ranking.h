/*
 * ranking.h
 *		How good a ranked list of documents is.
 *
 * Scores are from 0 to 1.  Where no document is relevant nothing can be found,
 * and they are unknown.  A document that is found twice counts once, where it
 * is found first.
 */
#ifndef GAIOPS_RANKING_H
#define GAIOPS_RANKING_H

#include "core/score/text_score.h"

typedef struct Ranking
{
	Scratch    *scratch;
	const TextSlice *found;		/* the best one first */
	size_t		nfound;
	const TextSlice *relevant;
	const double *gains;		/* of each that is relevant, finite; NULL if
								 * all are 1 */
	size_t		nrelevant;		/* those with a gain of 0 or less are not */
	size_t		k;				/* only so many of those found count; 0 for
								 * all */
} Ranking;

/* The share of the first k that is relevant, of k even if fewer are found. */
extern TextScore ranking_precision(const Ranking *ranking);

/* The share of the relevant that is among the first k. */
extern TextScore ranking_recall(const Ranking *ranking);

/* 1 by the place of the first that is relevant; 0 if none is. */
extern TextScore ranking_reciprocal(const Ranking *ranking);

/*
 * Gains by the binary logarithm of their place plus 1, summed up, by what the
 * best order of all that is relevant would come to.
 */
extern TextScore ranking_ndcg(const Ranking *ranking);

#endif							/* GAIOPS_RANKING_H */
