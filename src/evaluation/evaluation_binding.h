/*
 * evaluation_binding.h
 *		From a record of a dataset to the request that asks it.
 */
#ifndef GAIOPS_EVALUATION_BINDING_H
#define GAIOPS_EVALUATION_BINDING_H

#include "call/call.h"
#include "evaluation/evaluation_plan.h"

/*
 * The request that asks a record, in the current memory context.  Raises what
 * is missing, and names the record.
 */
extern void evaluation_bind(const EvaluationPlan *plan, const EvaluationCase *subject,
							CallRequest *request);

/* Raises unless each record can be asked, or has what is to be scored. */
extern void evaluation_bind_all(const EvaluationPlan *plan);

#endif							/* GAIOPS_EVALUATION_BINDING_H */
