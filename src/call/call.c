/*
 * call.c
 *		A call to a model, as a state machine.
 *
 * NOTES
 *
 * Each attempt of a call goes through these states:
 *
 *    NEW ----> INTENT ----> SENDING ----> ANSWERED ----> RECORD ----> DONE
 *               | ^            |                         ^ |
 *               | |            +-------------------------+ |
 *               | +---------------- BACKOFF <--------------+
 *               +---> DONE: nothing was sent
 *
 * INTENT: a record that says "this attempt is about to start", with the
 * request, is handed to the writer.  It is committed before the first byte
 * leaves.  So whatever happens then, to the session or to the server, all
 * that left the machine is on record.  If it cannot be committed within
 * gaiops.log_timeout, nothing is sent and the call fails.
 *
 * SENDING: the exchange with the upstream is under way.
 *
 * ANSWERED: the call is over, and the caller has rows to add, which may take
 * long to make.  The loop says when, so that other calls are not kept waiting.
 *
 * RECORD: the final record, which says how the attempt ended, is handed to
 * the writer.  It takes the intent away in the same commit, so an attempt is
 * seen once at any time.  The call waits for it, so that the caller's next
 * statement sees the trace.  If it is late the answer is returned all the
 * same, with a WARNING: it has been paid for.
 *
 * BACKOFF: another attempt follows, with an intent, a span and a traceparent
 * of its own.
 *
 * A step takes a call as far as it goes without waiting; no step waits for an
 * upstream or the writer, so no call holds up another.
 *
 * Locks.  An upstream may take minutes.  A call that waits for one holds no
 * lock of the queue and none on a row.  It has a ticket of the queue, and the
 * chunk that its final record will need: so the end of a call never waits for
 * room.  On tables it holds what journal_require() has taken, which only a
 * command on the extension minds.
 *
 * Interrupts.  What ends a call that is under way outside of its loop is in
 * session_entry.c: a rollback of the subtransaction that began it, the end of
 * its query, or that of the session.  Calls of others go on.  Nowhere is an
 * answer made undone that has come.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "call/attempt.h"
#include "call/call.h"
#include "call/call_step.h"
#include "call/failure_count.h"
#include "call/failure_hint.h"
#include "call/retry.h"
#include "gateway/exchange.h"
#include "http/http.h"
#include "queue/session_entry.h"
#include "tracking/payload.h"
#include "tracking/span_shape.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define IDEMPOTENCY_KEY_LEN 64

typedef enum CallState
{
	CALL_NEW,					/* no attempt under way */
	CALL_INTENT,				/* the attempt's intent is being committed */
	CALL_SENDING,				/* the transfer is under way */
	CALL_ANSWERED,				/* the caller has rows to add to the outcome */
	CALL_RECORD,				/* the attempt's outcome is being committed */
	CALL_BACKOFF,				/* another attempt follows */
	CALL_DONE
} CallState;

struct Call
{
	SessionEntry entry;			/* has the ticket of the attempt under way */
	CallState	state;
	CallRequest request;
	const KnownRoute *known;
	const Route *route;			/* known->route */
	char	   *body;			/* the request as sent, the same every time */
	size_t		body_len;
	char		idempotency_key[IDEMPOTENCY_KEY_LEN];
	SpanPlace	place;
	Retry		retry;			/* the deadline of all attempts together */
	bool		goes_on;		/* another attempt follows this one */
	int			wait_ms;		/* before it */
	TimestampTz resume_at;		/* end of the backoff */
	TimestampTz told_pause;		/* until when the upstream wants a pause; or 0 */

	Attempt		attempt;		/* the one under way, or the last */
	JournalEntry journal;		/* of its record under way, or the last */
	Exchange   *exchange;		/* NULL until it is sent */
	CallResult	result;
};

static EntryKind open_calls;

/* ---- making a call ---- */

/*
 * The request body: model and messages, then the defaults of the endpoint and
 * the caller's parameters.  One that is null is left out, which takes back a
 * default.
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
	call->known = route_cache_get(call->request.endpoint, call->entry.context);
	call->route = call->known->route;
	call->result.priced = call->known->asked;
}

Call *
call_create(const CallRequest *request)
{
	Call	   *call = session_entry_make(&open_calls, sizeof(Call));
	MemoryContext old = MemoryContextSwitchTo(call->entry.context);
	char		nonce[SPAN_ID_LEN + 1];

	if (request->outlives_transaction)
		session_entry_detach(&call->entry);
	call->request = *request;
	call->result.failure = FAILURE_NONE;
	if (request->is_apart)
		span_make_place(&call->place);
	else
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
	const CallRows *rows = call->request.rows;
	Payload		payload = {
		.kind = "request",
		.body = call->body,
		.body_len = call->body_len,
		.inputs = call->request.inputs,
		.attributes = call->request.attributes,
		.metadata = call->request.metadata
	};

	call->entry.ended = false;
	call->exchange = NULL;
	call->result.usage = NULL;
	attempt_begin(&call->attempt, call->known, &call->place,
				  &call->request.labels, &payload, call->request.tags);
	call->result.experiment = TextDatumGetCString(call->attempt.intent.values[INTENT_experiment]);
	if (rows != NULL && rows->add_to_intent != NULL && call->attempt.number == 1)
		rows->add_to_intent(rows->state, &call->attempt.intent_record, &call->result);
	journal_begin(&call->journal, &call->attempt.intent_record);
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
	result->usage = call->attempt.usage;
	result->finish_reason = call->attempt.finish_reason;
	result->latency_ms = call->attempt.latency_ms;
	result->ended_at = GetCurrentTimestamp();
	result->attempts = call->attempt.number;
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
	journal_begin_final(&call->journal, call->entry.ticket,
						&call->attempt.final_record, &call->attempt.bare_record);
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
									call->retry.limit_ms, call->entry.context);
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
	if (state == JOURNAL_TIMED_OUT && call->entry.ticket != NULL)
	{
		/* The intent is committed some day; so is this. */
		make_final(call);
		session_entry_end(&call->entry, &call->attempt.bare_record);
	}
	/* What was refused has no end. */
	session_entry_release(&call->entry);
	call->state = CALL_DONE;
}

static void
step_intent(Call *call)
{
	JournalState state = journal_step(&call->journal);

	if (call->journal.pushed)
		call->entry.ticket = call->journal.ticket;
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

/* Whether an attempt that failed may have cost something all the same. */
static bool
is_unsettled(const Exchange *exchange)
{
	FailureClass failure = exchange->failure;

	return !exchange->is_unsent && failure != FAILURE_NONE && failure != FAILURE_RATE_LIMITED &&
		failure != FAILURE_REQUEST_REFUSED && failure != FAILURE_TLS;
}

/* Notes what a failed attempt means for others, and whether one follows. */
static void
judge_outcome(Call *call)
{
	const Exchange *exchange = call->exchange;

	call->result.unsettled += is_unsettled(exchange);
	if (exchange->failure == FAILURE_RATE_LIMITED && exchange->retry_after_ms > 0)
		call->told_pause = TimestampTzPlusMilliseconds(GetCurrentTimestamp(),
													   exchange->retry_after_ms);
	retry_judge(&call->retry, call->attempt.number, exchange, &call->result);
	call->goes_on = retry_wanted(&call->retry, call->attempt.number, exchange,
								 &call->result, &call->wait_ms);
}

static void
step_sending(Call *call)
{
	if (!exchange_poll(call->exchange))
		return;
	take_outcome(call);
	judge_outcome(call);
	if (call->exchange->has_answer)
		call->result.priced = route_cache_price(call->known,
												call->exchange->answer.model);
	make_final(call);
	if (call->request.rows != NULL && !call->goes_on)
		call->state = CALL_ANSWERED;
	else
		begin_record(call);
}

static void
step_record(Call *call)
{
	JournalState state = journal_step(&call->journal);

	call->entry.ended = call->journal.pushed;
	if (state == JOURNAL_WAITING)
		return;
	if (state != JOURNAL_COMMITTED)
		journal_warn_late("answer", state);
	session_entry_release(&call->entry);
	if (!call->goes_on)
	{
		call->state = CALL_DONE;
		return;
	}
	exchange_close(call->exchange);
	call->resume_at = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), call->wait_ms);
	call->state = CALL_BACKOFF;
}

void
call_step(Call *call)
{
	MemoryContext old = MemoryContextSwitchTo(call->entry.context);
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
			case CALL_ANSWERED:
			case CALL_DONE:
				break;
		}
	} while (call->state != before);
	MemoryContextSwitchTo(old);
}

long
call_step_timeout(const Call *call)
{
	switch (call->state)
	{
		case CALL_INTENT:
		case CALL_RECORD:
			return journal_timeout(&call->journal);
		case CALL_BACKOFF:
			return TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
												   call->resume_at);
		default:
			return CALL_NO_TIMEOUT;
	}
}

bool
call_wants_rows(const Call *call)
{
	return call->state == CALL_ANSWERED;
}

void
call_add_rows(Call *call)
{
	const CallRows *rows = call->request.rows;
	MemoryContext old = MemoryContextSwitchTo(call->entry.context);

	rows->add_to_final(rows->state, &call->attempt.final_record, &call->result);
	begin_record(call);
	MemoryContextSwitchTo(old);
}

bool
call_is_over(const Call *call)
{
	return call->state == CALL_ANSWERED || call->state == CALL_DONE ||
		(call->state == CALL_RECORD && !call->goes_on);
}

bool
call_is_done(const Call *call)
{
	return call->state == CALL_DONE;
}

TimestampTz
call_told_pause(const Call *call)
{
	return call->told_pause;
}

void
call_delay(Call *call, TimestampTz until)
{
	if (call->state != CALL_BACKOFF || call->resume_at >= until)
		return;
	/* What it waits for others is not taken from its time. */
	call->retry.deadline += until - call->resume_at;
	call->resume_at = until;
}

/* ---- calls that are given up ---- */

/*
 * The record of an attempt that an error or the end of the session ends.  An
 * answer that is there already is not made undone.
 */
static const Record *
make_abandoned(Call *call, FailureClass failure)
{
	if (call->state != CALL_ANSWERED && call->state != CALL_RECORD)
	{
		call->result.failure = failure;
		call->result.message = NULL;
		make_final(call);
	}
	return &call->attempt.bare_record;
}

static const Record *
make_final_of(SessionEntry *entry, EntryEnd end)
{
	return make_abandoned((Call *) entry,
						  end == ENTRY_ABORTED ? FAILURE_INTERNAL :
						  end == ENTRY_ABANDONED ? FAILURE_CANCELED :
						  FAILURE_TERMINATED);
}

static EntryKind open_calls = {
	.name = "call",
	.ends_with_owner = true,
	.make_final = make_final_of,
};

void
call_init(void)
{
	session_entry_register(&open_calls);
	failure_count_init();
}

void
call_abandon(Call *call, FailureClass failure)
{
	MemoryContext old = MemoryContextSwitchTo(call->entry.context);

	if (call->entry.ticket != NULL)
		session_entry_end(&call->entry, make_abandoned(call, failure));
	if (call->exchange != NULL)
		exchange_close(call->exchange);
	call->state = CALL_DONE;
	MemoryContextSwitchTo(old);
}

/* ---- its beginning and its end ---- */

bool
call_claim(Call *call)
{
	return call->route->is_echo || http_claim(call->entry.context);
}

void
call_begin(Call *call)
{
	retry_begin(&call->retry, call_limit_ms(call), call->route->max_retries);
	session_entry_hold(&call->entry);
}

void
call_end(Call *call)
{
	session_entry_release(&call->entry);
	call->result.span_id = call->attempt.span_id;
	span_set_last_trace(&call->place.trace_id);
}

const CallResult *
call_result(const Call *call)
{
	return &call->result;
}

TextSlice
call_body(const Call *call)
{
	return (TextSlice) {call->body, call->body_len};
}

int
call_most_attempts(const Call *call)
{
	return call->route->max_retries + 1;
}

int
call_limit_ms(const Call *call)
{
	int			own_limit = call->request.timeout_ms;

	return own_limit > 0 ? own_limit : call->route->timeout_ms;
}

char *
call_error_message(const Call *call)
{
	const CallResult *result = &call->result;

	if (result->failure == FAILURE_NONE)
		return NULL;
	return attempt_error_text(result->message, result->detail);
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
	session_entry_drop(&call->entry);
}
