/*
 * evaluation_pause.c
 *		What an evaluation does when its upstream wants no calls for a while.
 *
 * It waits as long as one of its calls would before it is made again: the
 * timeout of the endpoint.  An upstream that wants none for hours, as one of
 * which a day's share is used up, would have it hold a session and its
 * transaction all that time.
 *
 * Other sessions find the time in a tag of the run.  Anybody can set that, so
 * it is a number, which any text can be tested for.
 */
#include "postgres.h"

#include <math.h>

#include "evaluation/evaluation_pause.h"
#include "evaluation/evaluation_progress.h"
#include "tracking/run_log.h"
#include "utils/timestamp.h"

#define PAUSE_TAG "gaiops.paused_until"

/* A time as text; not before it where it is between two seconds. */
static const char *
time_text(TimestampTz at)
{
	return timestamptz_to_str(at + (USECS_PER_SEC - at % USECS_PER_SEC) % USECS_PER_SEC);
}

/* Tells of a pause, unless that is but a little later than what was told. */
static void
tell(EvaluationWork *work, const char *model, TimestampTz until, bool is_long)
{
	double		epoch = (double) until / USECS_PER_SEC +
		(POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE) * (double) SECS_PER_DAY;

	if (until < TimestampTzPlusMilliseconds(work->paused_until, EVALUATION_PROGRESS_MS))
		return;
	work->paused_until = until;
	ereport(NOTICE,
			(errmsg("evaluation: model \"%s\" wants no calls until %s",
					model, time_text(until)),
			 is_long ?
			 errdetail("Its upstream has said so with status 429. That is longer than the timeout of its calls, so those in flight end and no other is begun.") :
			 errdetail("Its upstream has said so with status 429.")));
	run_log_tag(&work->plan->run_id, PAUSE_TAG, psprintf("%.0f", ceil(epoch)));
}

bool
evaluation_pause(EvaluationWork *work, const char *model, const Call *call, TimestampTz until)
{
	TimestampTz now = GetCurrentTimestamp();
	bool		is_long = until > TimestampTzPlusMilliseconds(now, call_limit_ms(call));

	if (is_long)
	{
		work->stopped_until = until;
		work->stopped_model = MemoryContextStrdup(work->context, model);
	}
	if (is_long || until > TimestampTzPlusMilliseconds(now, EVALUATION_PROGRESS_MS))
		tell(work, model, until, is_long);
	return !is_long;
}

void
evaluation_warn_stopped(const EvaluationWork *work)
{
	ereport(WARNING,
			(errmsg("evaluation stopped: model \"%s\" wants no calls until %s",
					work->stopped_model, time_text(work->stopped_until)),
			 errdetail("%s missing.", evaluation_missing(work)),
			 errhint("Go on with it then with gaiops_resume_evaluation(); with retry_failed => true it asks those again that were refused.")));
}
