/*
 * evaluation_judge_results.c
 *		Judging results that are there without calls of the evaluation's own.
 *
 * Calls of judges are all that is in flight.  The next result is made as soon
 * as there is room for more.
 */
#include "postgres.h"

#include "evaluation/evaluation_feed.h"
#include "utils/memutils.h"

typedef struct Results
{
	EvaluationFeed feed;
	EvaluationSupply supply;
	bool		is_alone;
} Results;

/* Has the next result made, in a memory context of its own. */
static bool
make_result(EvaluationFeed *feed)
{
	const Results *results = (const Results *) feed;
	MemoryContext context;
	MemoryContext old;
	bool		made;

	if (results->is_alone && evaluation_judging_is_open(feed->judging))
		return false;
	context = AllocSetContextCreate(CurrentMemoryContext, "genaiops result", ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(context);
	made = results->supply(feed->judging, feed->work);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
	return made;
}

static Call *
next_call(void *state)
{
	EvaluationFeed *feed = state;
	Call	   *call = evaluation_judging_next(feed->judging);

	if (call == NULL && evaluation_judging_waits(feed->judging))
		feed->budget.is_exhausted = !evaluation_judging_is_open(feed->judging);
	return call;
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
	Results		results = {
		.feed.work = work,.feed.make_result = make_result,.supply = supply,.is_alone = is_alone
	};

	evaluation_feed_run(&results.feed, next_call, take_back, run_out);
}
