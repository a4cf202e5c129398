/*
 * call_result.h
 *		What came of a call to a model.
 */
#ifndef GAIOPS_CALL_RESULT_H
#define GAIOPS_CALL_RESULT_H

#include "base/errors.h"
#include "core/wire/openai.h"
#include "datatype/timestamp.h"
#include "gateway/price.h"
#include "utils/uuid.h"

/* Lives as long as the call. */
typedef struct CallResult
{
	FailureClass failure;		/* FAILURE_NONE if there is an answer */
	char	   *message;		/* primary message of the failure */
	char	   *detail;			/* its detail; NULL if none */
	const OpenaiAnswer *answer; /* NULL unless there is one */
	const char *body;			/* answer as received, or repaired */
	size_t		body_len;
	pg_uuid_t	trace_id;
	const char *span_id;		/* of the last attempt */
	int			attempts;
	bool		has_cost;
	Datum		cost;			/* numeric, of the last attempt */
	const TokenUsage *usage;	/* of the last attempt; NULL if there is none */
	TextSlice	finish_reason;	/* as its span has it; absent if there is none */
	double		latency_ms;		/* of the last attempt */
	TimestampTz ended_at;		/* when it was over */
	const char *experiment;		/* that it is recorded in */
	int			unsettled;		/* failed attempts that may have cost something */
	bool		unpriced;		/* answered, and the cost is unknown */
	PricedModel priced;			/* model asked for, or that answered */
	const char *model;
	const char *provider;
} CallResult;

#endif							/* GAIOPS_CALL_RESULT_H */
