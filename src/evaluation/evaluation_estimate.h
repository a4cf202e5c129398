/*
 * evaluation_estimate.h
 *		What an evaluation would take.
 */
#ifndef GAIOPS_EVALUATION_ESTIMATE_H
#define GAIOPS_EVALUATION_ESTIMATE_H

#include "evaluation/evaluation_plan.h"

/* Numbers are -1 and costs 0 where they are not known. */
typedef struct EvaluationEstimate
{
	int64		calls;
	int64		input_tokens;
	int64		output_tokens;	/* as many as such calls have had so far */
	int64		most_output_tokens; /* as many as the requests allow */
	Datum		cost;			/* numeric, of input_tokens and output_tokens */
	Datum		most_cost;		/* numeric, that the calls can have */
} EvaluationEstimate;

/* Estimates that of a plan; nothing is sent. */
extern void evaluation_estimate(const EvaluationPlan *plan, EvaluationEstimate *estimate);

#endif							/* GAIOPS_EVALUATION_ESTIMATE_H */
