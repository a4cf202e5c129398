/*
 * evaluation_judge_results.c
 *		Judging results that are there without calls of the evaluation's own.
 *
 * Calls of judges are all that is in flight.  The next result is made as soon
 * as there is room for more.
 */
#include "postgres.h"

#include "call/call_pool.h"
#include "evaluation/evaluation_pause.h"
#include "evaluation/evaluation_progress.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_unjudged.h"
#include "miscadmin.h"
#include "utils/memutils.h"

typedef struct Results
{
	EvaluationWork *work;
	EvaluationBudget budget;
	EvaluationJudging *judging;
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
	bool		made = results->supply(results->judging, results->work);

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
		Call	   *call = evaluation_unjudged_next(results->judging, results->work);

		is_open = evaluation_judging_is_open(results->judging);
		if (call != NULL)
			return call;
		if (evaluation_judging_waits(results->judging))
			break;
		CHECK_FOR_INTERRUPTS();
		if ((results->is_alone && is_open) || !make_result(results))
			return NULL;
		evaluation_turn_next(results->work->plan);
	}
	results->budget.is_exhausted = !is_open;
	return NULL;
}

static void
take_back(void *state, Call *call)
{
	if (!evaluation_judging_take(((Results *) state)->judging, call))
		elog(ERROR, "a call ended that was not begun");
}

static bool
heed_pause(void *state, const Call *call, TimestampTz until)
{
	Results    *results = state;

	return evaluation_pause(results->work, evaluation_judging_model(results->judging, call), call, until);
}

static long
tell_progress(void *state, int in_flight)
{
	return evaluation_progress_tell(((Results *) state)->work, in_flight);
}

static void
end_turn(void *state)
{
	if (((Results *) state)->work->plan->has_turns)
		evaluation_turn_end();
}

static void
begin_turn(void *state)
{
	if (((Results *) state)->work->plan->has_turns)
		evaluation_turn_begin();
}

void
evaluation_judge_results(EvaluationWork *work, EvaluationSupply supply, bool is_alone)
{
	Results		results = {.work = work,.supply = supply,.is_alone = is_alone};
	CallFeed	feed = {
		.most = work->plan->request.concurrency,.next = next_call,.finished = take_back,
		.paused = heed_pause,.tick = tell_progress,
		.before_wait = end_turn,.after_wait = begin_turn,.state = &results
	};
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "genaiops judging",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	evaluation_budget_begin(&results.budget, work->plan);
	results.judging = evaluation_judging_begin(work, &results.budget);
	call_pool_run(&feed);
	if (results.budget.is_exhausted)
		evaluation_judging_run_out(results.judging);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
