/*
 * evaluation_feed.h
 *		What all loops of calls of an evaluation have in common.
 */
#ifndef GAIOPS_EVALUATION_FEED_H
#define GAIOPS_EVALUATION_FEED_H

#include "call/call_pool.h"
#include "evaluation/evaluation_budget.h"
#include "evaluation/evaluation_judging.h"

/*
 * The beginning of the state of each; work and make_result are set before it
 * runs.
 */
typedef struct EvaluationFeed
{
	EvaluationWork *work;
	EvaluationBudget budget;
	EvaluationJudging *judging;
	MemoryContext context;		/* holds what stays until it is over */

	/*
	 * Makes a result for judges and returns true, or false if there is none to
	 * be made now; NULL if none is made so.
	 */
	bool		(*make_result) (struct EvaluationFeed *feed);
} EvaluationFeed;

/*
 * Runs the calls that next gives, and gives back to finished those that have
 * ended; both get the feed as their state.  It ends where the budget is said
 * to be exhausted, too; then run_out says so of the work.
 */
extern void evaluation_feed_run(EvaluationFeed *feed, Call *(*next) (void *state),
								void (*finished) (void *state, Call *call),
								void (*run_out) (EvaluationFeed *feed));

#endif							/* GAIOPS_EVALUATION_FEED_H */
