/*
 * evaluation_planning.h
 *		Finding and checking what an evaluation is to do.
 */
#ifndef GAIOPS_EVALUATION_PLANNING_H
#define GAIOPS_EVALUATION_PLANNING_H

#include "evaluation/evaluation_plan.h"

/*
 * Checks all that is asked for, and finds what it names, in the current
 * memory context.  Raises unless every record can be asked, and names the
 * first that cannot.
 */
extern EvaluationPlan *evaluation_plan_make(const EvaluationRequest *request);

#endif							/* GAIOPS_EVALUATION_PLANNING_H */
