/*
 * call.c
 *		A call to a model, as a state machine, and the loop that drives many.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "base/store.h"
#include "call/attempt.h"
#include "call/call.h"
#include "call/failure_hint.h"
#include "call/retry.h"
#include "gateway/exchange.h"
#include "gateway/price.h"
#include "http/http.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "storage/ipc.h"
#include "tracking/payload.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#define IDEMPOTENCY_KEY_LEN 64

typedef enum CallState
{
	CALL_NEW,					/* no attempt under way */
	CALL_INTENT,				/* the attempt's intent is being committed */
	CALL_SENDING,				/* the transfer is under way */
	CALL_RECORD,				/* the attempt's outcome is being committed */
	CALL_BACKOFF,				/* another attempt follows */
	CALL_DONE
} CallState;

struct Call
{
	MemoryContext context;
	CallState	state;
	CallRequest request;
	const KnownRoute *known;
	const Route *route;			/* known->route */
	char	   *body;			/* the request as sent, the same every time */
	size_t		body_len;
	char		idempotency_key[IDEMPOTENCY_KEY_LEN];
	SpanPlace	place;
	Retry		retry;			/* the deadline of all attempts together */
	TimestampTz resume_at;		/* end of the backoff */

	Attempt		attempt;		/* the one under way, or the last */
	JournalEntry entry;
	Ticket	   *ticket;			/* set once the intent is queued */
	bool		final_pushed;
	Exchange   *exchange;
	CallResult	result;
};

/* ---- making a call ---- */

/*
 * The request body: model and messages, then the defaults of the endpoint and the
 * caller's parameters.  One that is null is left out, which takes back a default.
 */
static void
build_body(Call *call)
{
	TextSlice	params = ordered_merge(call->route->params, call->request.params);
	StringInfoData body;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	ordered_begin(&body);
	ordered_add_text(&body, "model", call->known->asked.model);
	ordered_add(&body, "messages", call->request.messages);
	json_text_enter(&walk, params);
	while (json_text_next(&walk, &key, &value))
		if (json_text_kind(value) != VALUE_NULL)
			ordered_add_written(&body, key, value);
	call->body_len = ordered_end(&body).len;
	call->body = body.data;
}

/* Looks up where the call goes and what it costs. */
static void
look_up(Call *call)
{
	call->known = route_cache_get(call->request.endpoint, call->context);
	call->route = call->known->route;
	call->result.priced = call->known->asked;
}

Call *
call_create(const CallRequest *request)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "genaiops call",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Call	   *call = palloc0(sizeof(Call));
	char		nonce[SPAN_ID_LEN + 1];

	call->context = context;
	call->request = *request;
	call->result.failure = FAILURE_NONE;
	span_find_place(&call->place);
	look_up(call);
	build_body(call);
	span_make_id(nonce);
	snprintf(call->idempotency_key, IDEMPOTENCY_KEY_LEN, "gaiops-%s", nonce);
	call->result.trace_id = call->place.trace_id;
	call->result.model = call->known->asked.model;
	call->result.provider = call->route->provider;
	MemoryContextSwitchTo(old);
	return call;
}

/* ---- an attempt ---- */

/* Begins another attempt: its intent goes on record. */
static void
begin_attempt(Call *call)
{
	Payload		payload = {
		.kind = "request",
		.body = call->body,
		.body_len = call->body_len,
		.inputs = call->request.inputs,
		.attributes = call->request.attributes,
		.metadata = call->request.metadata
	};

	call->ticket = NULL;
	call->final_pushed = false;
	call->exchange = NULL;
	attempt_begin(&call->attempt, call->known, &call->place,
				  &call->request.labels, &payload, call->request.tags);
	journal_begin(&call->entry, &call->attempt.intent_record);
	call->state = CALL_INTENT;
}

/* Makes the attempt's final record of what the result says by now. */
static void
make_final(Call *call)
{
	CallResult *result = &call->result;

	attempt_finish(&call->attempt, result->failure, result->message,
				   result->detail, call->exchange, &result->priced);
	result->has_cost = call->attempt.has_cost;
	result->cost = call->attempt.cost;
	result->unpriced = result->answer != NULL && !result->has_cost;
	result->latency_ms = call->attempt.latency_ms;
}

/* Takes over what the exchange found. */
static void
take_outcome(Call *call)
{
	const Exchange *exchange = call->exchange;
	CallResult *result = &call->result;

	result->failure = exchange->failure;
	result->message = exchange->message;
	result->detail = exchange->detail;
	result->answer = exchange->has_answer ? &exchange->answer : NULL;
	result->body = exchange->body;
	result->body_len = exchange->body_len;
	if (exchange->has_answer && exchange->answer.repaired != NULL)
	{
		result->body = exchange->answer.repaired;
		result->body_len = exchange->answer.repaired_len;
	}
}

/* Has the outcome of the attempt recorded. */
static void
begin_record(Call *call)
{
	make_final(call);
	journal_begin_final(&call->entry, call->ticket, &call->attempt.final_record,
						&call->attempt.bare_record);
	call->state = CALL_RECORD;
}

/* ---- one step of each state ---- */

static void
start_sending(Call *call)
{
	char	   *parent = span_traceparent(&call->place.trace_id, call->attempt.span_id);

	call->exchange = exchange_start(call->route, call->body, call->body_len,
									parent, call->idempotency_key,
									Max(1, retry_ms_left(&call->retry)),
									call->retry.limit_ms, call->context);
	call->state = CALL_SENDING;
}

/* The attempt could not be put on record: nothing is sent. */
static void
give_up_unlogged(Call *call, JournalState state)
{
	CallResult *result = &call->result;

	result->failure = FAILURE_LOG_UNAVAILABLE;
	result->message = pstrdup("could not record the call");
	result->detail = pstrdup(journal_trouble_detail(state));
	if (state == JOURNAL_TIMED_OUT && call->ticket != NULL)
	{
		/* The intent is committed some day; so is this. */
		make_final(call);
		(void) record_queue_push_final(call->ticket, &call->attempt.bare_record);
		call->final_pushed = true;
	}
	call->state = CALL_DONE;
}

static void
step_intent(Call *call)
{
	JournalState state = journal_step(&call->entry);

	if (call->entry.pushed)
		call->ticket = call->entry.ticket;
	if (state == JOURNAL_WAITING)
		return;
	if (state != JOURNAL_COMMITTED)
	{
		give_up_unlogged(call, state);
		return;
	}
	span_note_experiment(&call->attempt.intent);
	start_sending(call);
}

static void
step_sending(Call *call)
{
	if (!exchange_poll(call->exchange))
		return;
	take_outcome(call);
	retry_judge(&call->retry, call->attempt.number, call->exchange, &call->result);
	if (call->exchange->has_answer)
		call->result.priced = route_cache_price(call->known,
												call->exchange->answer.model);
	begin_record(call);
}

static void
step_record(Call *call)
{
	JournalState state = journal_step(&call->entry);
	int			wait_ms;

	call->final_pushed = call->entry.pushed;
	if (state == JOURNAL_WAITING)
		return;
	if (state != JOURNAL_COMMITTED)
		journal_warn_late("answer", state);
	record_queue_release(call->ticket);
	call->ticket = NULL;

	if (!retry_wanted(&call->retry, call->attempt.number, call->exchange,
					  &call->result, &wait_ms))
	{
		call->state = CALL_DONE;
		return;
	}
	exchange_close(call->exchange);
	call->resume_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), wait_ms);
	call->state = CALL_BACKOFF;
}

/* Moves a call on as far as it goes without waiting. */
static void
step(Call *call)
{
	MemoryContext old = MemoryContextSwitchTo(call->context);
	CallState	before;

	do
	{
		before = call->state;
		switch (call->state)
		{
			case CALL_NEW:
				begin_attempt(call);
				break;
			case CALL_INTENT:
				step_intent(call);
				break;
			case CALL_SENDING:
				step_sending(call);
				break;
			case CALL_RECORD:
				step_record(call);
				break;
			case CALL_BACKOFF:
				if (GetCurrentTimestamp() >= call->resume_at)
					begin_attempt(call);
				break;
			case CALL_DONE:
				break;
		}
	} while (call->state != before);
	MemoryContextSwitchTo(old);
}

/* Milliseconds until a call wants another step without being woken; -1 never. */
static long
step_timeout(const Call *call)
{
	switch (call->state)
	{
		case CALL_INTENT:
		case CALL_RECORD:
			return journal_timeout(&call->entry);
		case CALL_BACKOFF:
			return TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
												   call->resume_at);
		default:
			return -1;
	}
}

/* ---- the loop ---- */

typedef struct CallSet
{
	Call	  **calls;
	int			ncalls;
} CallSet;

/* Records a call that an interrupt ends, without waiting. */
static void
abandon(Call *call, FailureClass failure)
{
	MemoryContext old = MemoryContextSwitchTo(call->context);

	if (call->state == CALL_INTENT && call->entry.pushed)
		call->ticket = call->entry.ticket;
	if (call->state == CALL_RECORD)
		call->final_pushed = call->entry.pushed;
	if (call->ticket != NULL)
	{
		if (!call->final_pushed)
		{
			/* An answer that is there already is not made undone. */
			if (call->state != CALL_RECORD)
			{
				call->result.failure = failure;
				call->result.message = NULL;
				make_final(call);
			}
			(void) record_queue_push_final(call->ticket, &call->attempt.bare_record);
		}
		record_queue_release(call->ticket);
		call->ticket = NULL;
	}
	if (call->exchange != NULL)
		exchange_close(call->exchange);
	call->state = CALL_DONE;
	MemoryContextSwitchTo(old);
}

/* The class of what interrupts the loop. */
static FailureClass
interruption_class(void)
{
	if (proc_exit_inprogress)
		return FAILURE_TERMINATED;
	switch (geterrcode())
	{
		case ERRCODE_GAIOPS_SECRET_UNAVAILABLE:
			return FAILURE_SECRET_UNAVAILABLE;
		case ERRCODE_QUERY_CANCELED:
			return FAILURE_CANCELED;
		default:
			return FAILURE_INTERNAL;
	}
}

/* An error or the end of the session interrupts the loop. */
static void
abandon_all(int code, Datum arg)
{
	CallSet    *set = (CallSet *) DatumGetPointer(arg);
	FailureClass failure = interruption_class();

	for (int i = 0; i < set->ncalls; i++)
		abandon(set->calls[i], failure);
	record_queue_stop_awaiting_room();
}

/* Steps every call; returns how long to wait, or -2 when all are done. */
static long
step_all(CallSet *set)
{
	long		wait = -2;

	for (int i = 0; i < set->ncalls; i++)
	{
		Call	   *call = set->calls[i];
		long		own;

		step(call);
		if (call->state == CALL_DONE)
			continue;
		own = step_timeout(call);
		if (wait == -2 || wait == -1 || (own >= 0 && own < wait))
			wait = own;
	}
	return wait;
}

/* Gives a call its deadline. */
static void
begin_call(Call *call)
{
	int			own_limit = call->request.timeout_ms;

	retry_begin(&call->retry, own_limit > 0 ? own_limit : call->route->timeout_ms,
				call->route->max_retries);
}

/* Releases what a finished call still holds of the queue. */
static void
end_call(Call *call)
{
	if (call->ticket != NULL)
		record_queue_release(call->ticket);
	call->ticket = NULL;
	call->result.attempts = call->attempt.number;
	call->result.span_id = call->attempt.span_id;
	span_set_last_trace(&call->place.trace_id);
}

void
call_run(Call **calls, int ncalls)
{
	CallSet		set = {calls, ncalls};

	for (int i = 0; i < ncalls; i++)
		begin_call(calls[i]);
	PG_ENSURE_ERROR_CLEANUP(abandon_all, PointerGetDatum(&set));
	{
		long		wait;

		while ((wait = step_all(&set)) != -2)
		{
			http_wait(wait);
			CHECK_FOR_INTERRUPTS();
		}
	}
	PG_END_ENSURE_ERROR_CLEANUP(abandon_all, PointerGetDatum(&set));
	record_queue_stop_awaiting_room();
	for (int i = 0; i < ncalls; i++)
		end_call(calls[i]);
}

const CallResult *
call_result(const Call *call)
{
	return &call->result;
}

void
call_raise(const Call *call)
{
	const CallResult *result = &call->result;
	const char *hint = failure_hint(result->failure, call->route, call->exchange,
									call->retry.wait_unfit);

	ereport(ERROR,
			(errcode(failure_class_sqlstate(result->failure)),
			 errmsg_internal("%s", result->message),
			 result->detail ? errdetail_internal("%s", result->detail) : 0,
			 hint ? errhint("%s", hint) : 0));
	pg_unreachable();
}

void
call_free(Call *call)
{
	MemoryContextDelete(call->context);
}
