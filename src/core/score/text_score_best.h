/*
 * text_score_best.h
 *		What the text scores share: how they come to a result.
 */
#ifndef GAIOPS_TEXT_SCORE_BEST_H
#define GAIOPS_TEXT_SCORE_BEST_H

#include "core/score/text_score.h"

#define TEXT_SCORE_MAX_LENGTH	((size_t) 1 << 22)	/* bytes of a text */

/* A pair function returns this if memory is short. */
#define TEXT_SCORE_NO_MEMORY	(-1.0)

/* Work between two calls of check_interrupts; a power of 2. */
#define TEXT_SCORE_CHECK_EVERY	((uint32_t) 1 << 14)

extern const char text_score_too_long[];

extern TextScore text_score_known(double value);
extern TextScore text_score_unknown(const char *reason);

/* Why the texts cannot be compared, whatever the score; NULL if they can. */
extern const char *text_score_problem(const TextComparison *comparison);

/*
 * The best that a function says of the text and one of its references.  What
 * it takes of scratch memory is given back.
 */
extern TextScore text_score_best(const TextComparison *comparison,
								 double (*score) (const TextComparison *, size_t, void *),
								 void *state);

/* Calls the callback if there is one. */
extern void text_score_check(const TextComparison *comparison);

/*
 * The harmonic mean of the shares that matched is of both numbers; 1 if both
 * are 0, for then there is nothing to match.
 */
extern double text_score_f1(double matched, double ntext, double nreference);

#endif							/* GAIOPS_TEXT_SCORE_BEST_H */
