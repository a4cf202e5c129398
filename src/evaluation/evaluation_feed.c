/*
 * evaluation_feed.c
 *		What all loops of calls of an evaluation have in common.
 */
#include "postgres.h"

#include "evaluation/evaluation_feed.h"
#include "evaluation/evaluation_pause.h"
#include "evaluation/evaluation_progress.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_unjudged.h"
#include "utils/memutils.h"

static bool
heed_pause(void *state, const Call *call, TimestampTz until)
{
	EvaluationFeed *feed = state;
	const char *model = evaluation_judging_model(feed->judging, call);

	return evaluation_pause(feed->work, model ? model : feed->work->plan->request.model, call, until);
}

/* What judges have not said yet comes first; nothing while they lack money. */
static bool
prepare(void *state)
{
	EvaluationFeed *feed = state;

	if (evaluation_judging_waits(feed->judging))
		return false;
	if (evaluation_unjudged_is_left(feed->work))
	{
		evaluation_unjudged_take(feed->judging, feed->work);
		return true;
	}
	return feed->make_result != NULL && feed->make_result(feed);
}

static long
tell_progress(void *state, int in_flight)
{
	return evaluation_progress_tell(((EvaluationFeed *) state)->work, in_flight);
}

/* A worker holds no transaction while it waits. */
static void
end_turn(void *state)
{
	if (((EvaluationFeed *) state)->work->plan->has_turns)
		evaluation_turn_end();
}

static void
begin_turn(void *state)
{
	if (((EvaluationFeed *) state)->work->plan->has_turns)
		evaluation_turn_begin();
}

void
evaluation_feed_run(EvaluationFeed *feed, Call *(*next) (void *state),
					void (*finished) (void *state, Call *call),
					void (*run_out) (EvaluationFeed *feed))
{
	const EvaluationPlan *plan = feed->work->plan;
	CallFeed	calls = {
		.most = plan->request.concurrency,.next = next,.prepare = prepare,.finished = finished,
		.paused = heed_pause,.tick = tell_progress,
		.before_wait = end_turn,.after_wait = begin_turn,.state = feed
	};
	MemoryContext old;

	feed->context = AllocSetContextCreate(CurrentMemoryContext, "genaiops calls of an evaluation",
										  ALLOCSET_DEFAULT_SIZES);
	old = MemoryContextSwitchTo(feed->context);
	evaluation_budget_begin(&feed->budget, plan);
	feed->judging = evaluation_judging_begin(feed->work, &feed->budget);
	call_pool_run(&calls);
	if (feed->budget.is_exhausted)
		run_out(feed);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(feed->context);
}
