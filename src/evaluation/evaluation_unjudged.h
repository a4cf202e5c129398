/*
 * evaluation_unjudged.h
 *		Results of which scores of judges are missing, and having these made.
 */
#ifndef GAIOPS_EVALUATION_UNJUDGED_H
#define GAIOPS_EVALUATION_UNJUDGED_H

#include "evaluation/evaluation_judging.h"

/*
 * Finds the results of a run that judges have yet to score, in the current
 * memory context; those where judges failed as well, if failures are retried.
 */
extern EvaluationUnjudged *evaluation_find_unjudged(const EvaluationPlan *plan, int64 *n);

/* Whether any of these is left, and to have judges asked of the next one. */
extern bool evaluation_unjudged_is_left(const EvaluationWork *work);
extern void evaluation_unjudged_take(EvaluationJudging *judging, EvaluationWork *work);

#endif							/* GAIOPS_EVALUATION_UNJUDGED_H */
