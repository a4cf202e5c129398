/*
 * retry.h
 *		The deadline of a call, and whether another attempt fits before it.
 */
#ifndef GAIOPS_RETRY_H
#define GAIOPS_RETRY_H

#include "call/call_result.h"
#include "datatype/timestamp.h"
#include "gateway/exchange.h"

typedef struct Retry
{
	int			limit_ms;		/* of all attempts together */
	int			max_retries;	/* attempts beyond the first */
	TimestampTz deadline;
	bool		wait_unfit;		/* the last upstream wants a wait beyond the deadline */

	/*
	 * what the upstream said last when it failed; FAILURE_NONE if it has not
	 */
	FailureClass told_failure;
	char	   *told_message;
	char	   *told_detail;
	int			told_attempt;
} Retry;

/* Sets the deadline of a call that begins now. */
extern void retry_begin(Retry *retry, int limit_ms, int max_retries);

/* Milliseconds until the deadline; 0 if it has passed. */
extern int	retry_ms_left(const Retry *retry);

/*
 * Takes an attempt's result into account, and has it say why the call is
 * going to fail for good, if that is not what the attempt itself met.
 */
extern void retry_judge(Retry *retry, int attempt, const Exchange *exchange,
						CallResult *result);

/*
 * Whether another attempt is to follow that one, and in how many
 * milliseconds.
 */
extern bool retry_wanted(const Retry *retry, int attempt, const Exchange *exchange,
						 const CallResult *result, int *wait_ms);

#endif							/* GAIOPS_RETRY_H */
