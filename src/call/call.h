/*
 * call.h
 *		A call to a model, as a state machine, and the loop that drives many.
 *
 * A call takes one or more attempts; each has its own intent, span and
 * traceparent.  The loop waits for all calls at once: for sockets, for timers,
 * for the writer's commits, and for interrupts.
 */
#ifndef GAIOPS_CALL_H
#define GAIOPS_CALL_H

#include "call/call_result.h"
#include "compat.h"
#include "core/text/text_slice.h"
#include "tracking/span.h"

/* What a caller asks for. */
typedef struct CallRequest
{
	const char *endpoint;
	TextSlice	messages;		/* array of messages */
	TextSlice	params;			/* further members of the request, as the next
								 * ones absent if there are none */
	TextSlice	inputs;			/* what the caller gave, for the record */
	TextSlice	tags;
	TextSlice	metadata;
	TextSlice	attributes;		/* of the span, besides those of columns */
	SpanLabels	labels;
	int			timeout_ms;		/* 0 means the endpoint's */
} CallRequest;

typedef struct Call Call;

/*
 * Makes calls known as what a session holds open, and has the ends of
 * statements tell of those that failed; called when the library is loaded.
 */
extern void call_init(void);

/*
 * Makes a call ready to run, in a memory context of its own.  Raises when the
 * request or the endpoint is no good: nothing has been sent or stored then.
 * What the request points to must outlive the call.
 */
extern Call *call_create(const CallRequest *request);

/*
 * Runs calls to their ends.  Failures are results, not errors; an error thrown
 * from here is an interrupt or an error of this server's, and every call has
 * then been recorded as ended by it.
 */
extern void call_run(Call **calls, int ncalls);

extern const CallResult *call_result(const Call *call);

/* What the span says of the failure of a call; NULL if it has not failed. */
extern char *call_error_message(const Call *call);

/* Raises the failure of a call as an error. */
pg_noreturn extern void call_raise(const Call *call);

/* Frees a call. */
extern void call_free(Call *call);

#endif							/* GAIOPS_CALL_H */
