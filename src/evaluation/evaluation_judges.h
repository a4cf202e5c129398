/*
 * evaluation_judges.h
 *		The judges of an evaluation.
 */
#ifndef GAIOPS_EVALUATION_JUDGES_H
#define GAIOPS_EVALUATION_JUDGES_H

#include "evaluation/evaluation_plan.h"

/*
 * What a judge of a plan is as a scorer, in the current memory context.
 * Raises if it has no model to ask.
 */
extern Scorer *evaluation_judge_scorer(const EvaluationPlan *plan, int n);

/* The endpoint that a judge, or one of a jury, asks. */
extern const char *evaluation_judge_model(const EvaluationPlan *plan, int n, const Judge *asked);

/* What a judge is shown of a record and its output, NULL if not known. */
extern void evaluation_judge_subject(const EvaluationCase *subject, Jsonb *output,
									 JudgeSubject *given);

/*
 * The same before there is an output, in whose place is that answer, a JSON
 * text; a function may leave a trace with steps and documents.
 */
extern void evaluation_foresee_subject(const EvaluationPlan *plan, const EvaluationCase *subject,
									   TextSlice answer, JudgeSubject *given);

/*
 * Raises unless the model of each judge is there, it can say something of one
 * record at least, and its calls are priced if they must be.
 */
extern void evaluation_require_judges(const EvaluationPlan *plan);

#endif							/* GAIOPS_EVALUATION_JUDGES_H */
