/*
 * scorer.h
 *		What gives scores: finding one by its name, and applying it.
 */
#ifndef GAIOPS_SCORER_H
#define GAIOPS_SCORER_H

#include "scorers/score_types.h"

/*
 * Finds a scorer: one that was created, in that version or, for 0, its
 * latest, else one that needs no arguments, else a function by its qualified
 * name, which the role in force must be allowed to execute.  Raises if there
 * is none, and for a function in a security-restricted operation.
 */
extern Scorer *scorer_find(const char *name, int version);

/* Whether one of that name was created, and is not deleted. */
extern bool scorer_is_created(const char *name);

/*
 * Applies it, as the role in force.  What a record is like raises nothing;
 * what the scorer raises, but for a cancel, is a score of state SCORE_ERROR,
 * and what it did is rolled back.
 */
extern void scorer_apply(const Scorer *scorer, const ScorerSubject *subject,
						 Score *score);

#endif							/* GAIOPS_SCORER_H */
