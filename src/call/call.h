/*
 * call.h
 *		A call to a model, as a state machine.
 *
 * A call takes one or more attempts; each has its own intent, span and
 * traceparent.  What drives it to its end is in call_pool.h.
 */
#ifndef GAIOPS_CALL_H
#define GAIOPS_CALL_H

#include "call/call_result.h"
#include "compat.h"
#include "core/text/text_slice.h"
#include "queue/record.h"
#include "tracking/span.h"

/*
 * Rows of a caller's own that are committed with those of a call: with the
 * first intent, and with what came of it once no other attempt follows.  The
 * latter are left out where there is no room in the queue for the answer.
 */
typedef struct CallRows
{
	/* May be NULL */
	void		(*add_to_intent) (void *state, Record *record, const CallResult *result);
	void		(*add_to_final) (void *state, Record *record, const CallResult *result);
	void	   *state;
} CallRows;

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
	bool		is_apart;		/* in a trace of its own, whatever is open */
	bool		outlives_transaction;	/* it ends with the session, or by who drives it */
	const CallRows *rows;		/* NULL if there are none */
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

extern const CallResult *call_result(const Call *call);

/*
 * What is sent, in how many attempts at most, and in how many ms all together,
 * with the waits between them.
 */
extern TextSlice call_body(const Call *call);
extern int	call_most_attempts(const Call *call);
extern int	call_limit_ms(const Call *call);

/* What the span says of the failure of a call; NULL if it has not failed. */
extern char *call_error_message(const Call *call);

/* Raises the failure of a call as an error. */
pg_noreturn extern void call_raise(const Call *call);

/* Frees a call. */
extern void call_free(Call *call);

#endif							/* GAIOPS_CALL_H */
