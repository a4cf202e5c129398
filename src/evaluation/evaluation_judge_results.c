/*
 * evaluation_judge_results.c
 *		Judging results that are there without calls of the evaluation's own.
 *
 * Calls of judges are all that is in flight.  The next result is made as soon
 * as there is room for more.
 */
#include "postgres.h"

#include "evaluation/evaluation_feed.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_unjudged.h"
#include "miscadmin.h"
#include "utils/memutils.h"

typedef struct Results
{
	EvaluationFeed feed;
	EvaluationSupply supply;
	bool		is_alone;
} Results;

/* Has the next result made, in a memory context of its own. */
static bool
make_result(Results *results)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "genaiops result",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	bool		made = results->supply(results->feed.judging, results->feed.work);

	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return made;
}

static Call *
next_call(void *state)
{
	Results    *results = state;
	bool		is_open;

	for (;;)
	{
		Call	   *call = evaluation_unjudged_next(results->feed.judging, results->feed.work);

		is_open = evaluation_judging_is_open(results->feed.judging);
		if (call != NULL)
			return call;
		if (evaluation_judging_waits(results->feed.judging))
			break;
		CHECK_FOR_INTERRUPTS();
		if ((results->is_alone && is_open) || !make_result(results))
			return NULL;
		evaluation_turn_next(results->feed.work->plan);
	}
	results->feed.budget.is_exhausted = !is_open;
	return NULL;
}

static void
take_back(void *state, Call *call)
{
	if (!evaluation_judging_take(((EvaluationFeed *) state)->judging, call))
		elog(ERROR, "a call ended that was not begun");
}

static void
run_out(EvaluationFeed *feed)
{
	evaluation_judging_run_out(feed->judging);
}

void
evaluation_judge_results(EvaluationWork *work, EvaluationSupply supply, bool is_alone)
{
	Results		results = {.feed.work = work,.supply = supply,.is_alone = is_alone};

	evaluation_feed_run(&results.feed, next_call, take_back, run_out);
}
