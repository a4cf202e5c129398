/*
 * evaluation_progress.c
 *		Telling whoever waits for an evaluation how far it is.
 */
#include "postgres.h"

#include "evaluation/evaluation_progress.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/* Seconds that the evaluation has taken so far, never none. */
static double
seconds_taken(const EvaluationWork *work)
{
	return Max((GetCurrentTimestamp() - work->begun_at) / 1000000.0, 0.001);
}

/* What it has cost, as far as that is known. */
static char *
cost_text(const EvaluationWork *work)
{
	char	   *cost = work->cost == (Datum) 0 ? "0" :
		DatumGetCString(DirectFunctionCall1(numeric_out, work->cost));

	return work->nunpriced == 0 ? cost :
		psprintf("%s and what %lld calls of unknown cost did", cost, (long long) work->nunpriced);
}

/* Raises the NOTICE. */
static void
tell(const EvaluationWork *work, int in_flight)
{
	double		rate = work->nfinished / seconds_taken(work);
	int64		done = work->nskipped + work->nfinished;
	int64		left = work->nitems - done;

	ereport(NOTICE,
			(errmsg("evaluation: %lld of %lld done, %lld errors, %d in flight",
					(long long) done, (long long) work->nitems, (long long) work->nerrors, in_flight),
			 errdetail("%.1f a second, cost so far %s, about %.0f s left.",
					   rate, cost_text(work), rate > 0 ? left / rate : 0)));
}

long
evaluation_progress_tell(EvaluationWork *work, int in_flight)
{
	TimestampTz now = GetCurrentTimestamp();
	TimestampTz due;

	if (work->told_at == 0)
		work->told_at = work->begun_at;
	due = TimestampTzPlusMilliseconds(work->told_at, EVALUATION_PROGRESS_MS);
	if (now < due)
		return TimestampDifferenceMilliseconds(now, due);
	tell(work, in_flight);
	work->told_at = now;
	return EVALUATION_PROGRESS_MS;
}

void
evaluation_progress_end(const EvaluationWork *work)
{
	ereport(NOTICE,
			(errmsg("evaluation: %lld of %lld done, %lld errors",
					(long long) (work->nskipped + work->nfinished), (long long) work->nitems,
					(long long) work->nerrors),
			 errdetail("It took %.1f s and cost %s.", seconds_taken(work), cost_text(work))));
}
