/*
 * retry.c
 *		The deadline of a call, and whether another attempt fits before it.
 *
 * All attempts of a call share one deadline.  The waits between them double,
 * and are never shorter than what the upstream asks for.  One that would end
 * after the deadline is not begun: the call fails at once.
 */
#include "postgres.h"

#include <math.h>

#include "call/retry.h"
#include "common/pg_prng.h"
#include "utils/timestamp.h"

#define BACKOFF_MS 250			/* before the second attempt; doubles */
#define DEADLINE_SLACK_MS 20	/* before it, a timeout is that of the deadline */

void
retry_begin(Retry *retry, int limit_ms, int max_retries)
{
	memset(retry, 0, sizeof(Retry));
	retry->limit_ms = limit_ms;
	retry->max_retries = max_retries;
	retry->deadline = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), limit_ms);
}

int
retry_ms_left(const Retry *retry)
{
	return (int) TimestampDifferenceMilliseconds(GetCurrentTimestamp(), retry->deadline);
}

/* Whether another attempt might do better, if there is the time. */
static bool
may_help(const Retry *retry, int attempt, const Exchange *exchange,
		 const CallResult *result)
{
	return result->failure != FAILURE_NONE && exchange->retryable &&
		attempt <= retry->max_retries;
}

/*
 * Says, if another attempt might help but would have to wait beyond the
 * deadline, that this is why there is none.
 */
static void
note_unfit_wait(Retry *retry, int attempt, const Exchange *exchange, CallResult *result)
{
	retry->wait_unfit = may_help(retry, attempt, exchange, result) &&
		exchange->retry_after_ms >= 0 && exchange->retry_after_ms >= retry_ms_left(retry);
	if (retry->wait_unfit)
		result->detail = psprintf("The upstream asked for a wait of %.10g s, which the timeout of %.10g s for the whole call does not leave.%s%s",
								  exchange->retry_after_ms / 1000.0, retry->limit_ms / 1000.0,
								  result->detail ? " " : "", result->detail ? result->detail : "");
}

/*
 * Keeps what the upstream says of a failure.  An attempt that then runs into
 * the deadline of the call fails for that reason: the upstream did not have
 * the time.
 */
static void
heed_upstream(Retry *retry, int attempt, const Exchange *exchange, CallResult *result)
{
	if (result->failure == FAILURE_RATE_LIMITED || result->failure == FAILURE_UPSTREAM_ERROR)
	{
		retry->told_failure = result->failure;
		retry->told_message = result->message;
		retry->told_detail = result->detail;
		retry->told_attempt = attempt;
	}
	else if (result->failure == FAILURE_TIMEOUT && retry->told_failure != FAILURE_NONE &&
			 retry_ms_left(retry) <= DEADLINE_SLACK_MS)
	{
		result->failure = retry->told_failure;
		result->message = retry->told_message;
		result->detail = psprintf("%s (attempt %d of %d). %s",
								  retry->told_detail ? retry->told_detail : "The upstream said nothing more",
								  retry->told_attempt, attempt, exchange->detail);
	}
}

void
retry_judge(Retry *retry, int attempt, const Exchange *exchange, CallResult *result)
{
	note_unfit_wait(retry, attempt, exchange, result);
	heed_upstream(retry, attempt, exchange, result);
}

bool
retry_wanted(const Retry *retry, int attempt, const Exchange *exchange,
			 const CallResult *result, int *wait_ms)
{
	double		wait = BACKOFF_MS * pow(2, attempt - 1);

	if (!may_help(retry, attempt, exchange, result))
		return false;
	wait *= 0.5 + pg_prng_double(&pg_global_prng_state);
	if (exchange->retry_after_ms >= 0)
		wait = Max(wait, exchange->retry_after_ms);
	if (wait >= retry_ms_left(retry))
		return false;
	*wait_ms = (int) wait;
	return true;
}
