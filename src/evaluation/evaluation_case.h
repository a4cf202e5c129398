/*
 * evaluation_case.h
 *		Finding the records that an evaluation is about.
 */
#ifndef GAIOPS_EVALUATION_CASE_H
#define GAIOPS_EVALUATION_CASE_H

#include "evaluation/evaluation_plan.h"

/*
 * Finds them as the role in force, in the order of their ids; the keys are in
 * the current memory context.  Raises if there are none.
 */
extern void evaluation_find_cases(EvaluationPlan *plan);

/* The id of a record as text, palloc'd. */
extern char *evaluation_record_name(const pg_uuid_t *record_id);

/* The place of a record among them, from 0; -1 if it is not there. */
extern int	evaluation_find_case(const EvaluationPlan *plan, const pg_uuid_t *record_id);

#endif							/* GAIOPS_EVALUATION_CASE_H */
