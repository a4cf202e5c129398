/*
 * bleu.h
 *		BLEU of one text and of many, as sacrebleu has them.
 */
#ifndef GAIOPS_BLEU_H
#define GAIOPS_BLEU_H

#include "core/score/text_score.h"

#define BLEU_ORDER	4			/* runs of up to so many tokens */

/*
 * What BLEU is computed of.  That of many texts is computed of the sums of
 * theirs.
 */
typedef struct BleuParts
{
	double		text_length;	/* in tokens */
	double		reference_length;	/* of the reference that is nearest to it */
	double		matched[BLEU_ORDER];	/* runs that any reference has */
	double		runs[BLEU_ORDER];	/* all runs of the text */
} BleuParts;

/*
 * BLEU of one text with exponential smoothing: runs of a length that has no
 * match count for half a match, a quarter, and so on.  Lengths that the text
 * has no runs of do not count.  *parts are all 0 if it is not known.
 */
extern TextScore text_score_bleu(const TextComparison *comparison, BleuParts *parts);

/* Adds the parts of one text to those of others. */
extern void bleu_add(BleuParts *sum, const BleuParts *parts);

/*
 * BLEU of many texts.  It is not known where no text has as many as four
 * tokens, though some match: precision of runs of four is not defined then.
 */
extern TextScore bleu_of_corpus(const BleuParts *sum);

#endif							/* GAIOPS_BLEU_H */
