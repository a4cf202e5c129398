/*
 * evaluation_budget.h
 *		Keeping an evaluation within its max_cost.
 */
#ifndef GAIOPS_EVALUATION_BUDGET_H
#define GAIOPS_EVALUATION_BUDGET_H

#include "call/call.h"
#include "evaluation/evaluation_plan.h"

typedef struct EvaluationBudget
{
	bool		is_limited;
	bool		is_exhausted;	/* a call has been refused for good */
	Datum		limit;			/* numerics */
	Datum		spent;
	Datum		held;			/* for the calls in flight */
	MemoryContext context;		/* holds the numerics */
} EvaluationBudget;

/*
 * Begins with what the run has spent so far, and with the most that calls of
 * it may have cost whose outcome is not known.
 */
extern void evaluation_budget_begin(EvaluationBudget *budget, const EvaluationPlan *plan);

/*
 * Holds the most that a call can cost, all its attempts together, and says
 * how much that is of each, unless *most is not 0 since it was asked before;
 * false if that is more than is left.
 */
extern bool evaluation_budget_hold(EvaluationBudget *budget, const Call *call, Datum *most);

/* What is spent, and what a call can cost of which an attempt costs most. */
extern char *evaluation_budget_spent(const EvaluationBudget *budget);
extern char *evaluation_budget_wanted(const Call *call, Datum most);

/* Lets go of what is held for a call, and counts what it has cost. */
extern void evaluation_budget_settle(EvaluationBudget *budget, const Call *call, Datum most);

#endif							/* GAIOPS_EVALUATION_BUDGET_H */
