/*
 * attempt.h
 *		The records of one attempt to call a model.
 */
#ifndef GAIOPS_ATTEMPT_H
#define GAIOPS_ATTEMPT_H

#include "gateway/exchange.h"
#include "gateway/route_cache.h"
#include "queue/record.h"
#include "tracking/payload.h"
#include "tracking/span.h"

typedef struct Attempt
{
	int			number;			/* from 1; 0 before the first */
	TimestampTz call_start_time;	/* of the first one */
	FailureClass failure;		/* of the one before, until it is finished */
	char		span_id[SPAN_ID_LEN + 1];
	RecordValues intent;
	Record		intent_record;	/* the intent and the request */
	Record		final_record;	/* the span and the answer, the intent's end */
	Record		bare_record;	/* the same without the answer's text */

	/* known once it is finished */
	double		latency_ms;
	bool		has_cost;
	Datum		cost;			/* numeric */
	const TokenUsage *usage;	/* NULL if there is none */
	TextSlice	finish_reason;	/* of an answer; absent if it has none */
} Attempt;

/*
 * Begins the next attempt: its span id, its intent and the record of that, all
 * in the current memory context.
 */
extern void attempt_begin(Attempt *attempt, const KnownRoute *known,
						  const SpanPlace *place, const SpanLabels *labels,
						  const Payload *request, TextSlice tags);

/*
 * Makes the final records of an attempt.  failure, message and detail say how
 * it failed, if it did; exchange is NULL if nothing was sent, and priced is
 * what the tokens are paid by.
 */
extern void attempt_finish(Attempt *attempt, FailureClass failure,
						   const char *message, const char *detail,
						   const Exchange *exchange,
						   const PricedModel *priced);

/* Message and detail of a failure in one text, as spans have it. */
extern char *attempt_error_text(const char *message, const char *detail);

#endif							/* GAIOPS_ATTEMPT_H */
