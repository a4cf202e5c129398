/*
 * evaluation_call.c
 *		Having a model answer the records of a dataset, many at a time.
 *
 * A call's intent is committed with a row that says which record it is for,
 * and what came of it with the result and its scores.  So whatever happens,
 * either a record has not been asked, or it has a result, or it is known
 * that the outcome of its call is not.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ordered.h"
#include "base/subtransaction.h"
#include "chat/chat_call.h"
#include "evaluation/evaluation_binding.h"
#include "evaluation/evaluation_document.h"
#include "evaluation/evaluation_feed.h"
#include "evaluation/evaluation_unjudged.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* A record that is being asked. */
typedef struct Asking
{
	MemoryContext context;		/* holds this and the call */
	EvaluationWork *work;
	EvaluationJudging *judging;
	const EvaluationCase *subject;
	int			repeat;
	TimestampTz started_at;
	CallRows	rows;
	Call	   *call;
	Datum		most;			/* that an attempt of it can cost, numeric */
} Asking;

static void
add_request(void *state, Record *record, const CallResult *result)
{
	Asking	   *asking = state;

	asking->started_at = GetCurrentTimestamp();
	evaluation_add_request(record, asking->work->plan, asking->subject, asking->repeat,
						   &result->trace_id);
}

/* The message of an answer without text, as it came; NULL if it has none. */
static Jsonb *
answer_message(const CallResult *result)
{
	TextSlice	body = {result->body, result->body_len};
	TextSlice	choices = json_text_member(body, "choices");
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	choice;
	TextSlice	message;

	if (json_text_kind(choices) != VALUE_ARRAY)
		return NULL;
	json_text_enter(&walk, choices);
	if (!json_text_next(&walk, &key, &choice))
		return NULL;
	message = json_text_member(choice, "message");
	if (json_text_kind(message) != VALUE_OBJECT)
		return NULL;
	return document_parse(pnstrdup(message.data, message.len));
}

/* What was answered: its text, or the message if it has none, or null. */
static Jsonb *
answer_output(const CallResult *result)
{
	TextSlice	text = chat_answer_text(result);
	Jsonb	   *message;

	if (text.data != NULL)
		return document_string(text);
	message = answer_message(result);
	return message != NULL ? message : document_parse("null");
}

/* What was answered, and what becomes of it. */
typedef struct Answering
{
	const CallResult *result;
	EvaluationOutcome *outcome;
} Answering;

static void
read_output(void *arg)
{
	Answering  *answering = arg;

	answering->outcome->output = answer_output(answering->result);
}

/*
 * Takes the output over.  A document that jsonb cannot hold, as one with a
 * number beyond what numeric can, is an error of this record alone.
 */
static void
take_output(EvaluationOutcome *outcome, const CallResult *result)
{
	Answering	answering = {result, outcome};
	char	   *problem = subtransaction_try(read_output, &answering);

	if (problem == NULL)
		return;
	outcome->error = psprintf("the answer cannot be kept: %s", problem);
	outcome->error_class = failure_class_name(FAILURE_INVALID_RESPONSE);
}

/* What it took. */
static void
fill_usage(EvaluationOutcome *outcome, const CallResult *result)
{
	outcome->latency_ms = result->latency_ms;
	outcome->attempts = result->attempts;
	outcome->has_cost = result->has_cost;
	outcome->cost = result->cost;
	outcome->input_tokens = outcome->output_tokens = -1;
	if (result->usage == NULL)
		return;
	outcome->input_tokens = result->usage->input_tokens;
	outcome->output_tokens = result->usage->output_tokens;
}

static void
add_outcome(void *state, Record *record, const CallResult *result)
{
	Asking	   *asking = state;
	EvaluationOutcome outcome = {
		.subject = asking->subject,.repeat = asking->repeat,.trace_id = result->trace_id,
		.experiment = result->experiment,.started_at = asking->started_at,
		.ended_at = result->ended_at,
	};

	fill_usage(&outcome, result);
	if (result->failure == FAILURE_NONE)
		take_output(&outcome, result);
	else
	{
		outcome.error = result->detail == NULL ? result->message :
			psprintf("%s: %s", result->message, result->detail);
		outcome.error_class = failure_class_name(result->failure);
	}
	evaluation_add_outcome(record, asking->work->plan, &outcome);
	evaluation_work_note(asking->work, &outcome);
	evaluation_judging_add(asking->judging, record, &outcome, result->model, EVALUATION_ALL_JUDGES);
}

/* Makes the call that asks a record. */
static void
make_call(Asking *asking)
{
	CallRequest request;

	evaluation_bind(asking->work->plan, asking->subject, &request);
	asking->rows = (CallRows) {add_request, add_outcome, asking};
	request.rows = &asking->rows;
	request.is_apart = true;
	request.outlives_transaction = asking->work->plan->has_turns;
	asking->call = call_create(&request);
}

/* ---- the feed of the pool ---- */

/* Calls in flight, and the one that waits for money to be free. */
typedef struct Askings
{
	EvaluationFeed feed;
	List	   *open;			/* Asking */
	Asking	   *waiting;		/* NULL if none does */
} Askings;

/* The next record, and the call that asks it; NULL if there is none. */
static Asking *
make_asking(Askings *askings)
{
	MemoryContext context = AllocSetContextCreate(askings->feed.context, "genaiops asking",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Asking	   *asking = palloc0(sizeof(Asking));
	bool		found = evaluation_work_next(askings->feed.work, &asking->subject, &asking->repeat);

	asking->context = context;
	asking->work = askings->feed.work;
	asking->judging = askings->feed.judging;
	if (found)
		make_call(asking);
	MemoryContextSwitchTo(old);
	if (found)
		return asking;
	MemoryContextDelete(context);
	return NULL;
}

/* Holds what a call can cost; false if that is more than is left. */
static bool
hold(Askings *askings, Asking *asking)
{
	MemoryContext old = MemoryContextSwitchTo(asking->context);
	bool		held = evaluation_budget_hold(&askings->feed.budget, asking->call, &asking->most);

	MemoryContextSwitchTo(old);
	return held;
}

/* Whether nothing is in flight that could free money. */
static bool
is_idle(const Askings *askings)
{
	return askings->open == NIL && !evaluation_judging_is_open(askings->feed.judging);
}

/* The next call that asks a record, once the most that it can cost is free. */
static Call *
next_asking(Askings *askings)
{
	Asking	   *asking = askings->waiting ? askings->waiting : make_asking(askings);
	MemoryContext old;

	askings->waiting = asking;
	if (asking == NULL)
		return NULL;
	if (!hold(askings, asking))
	{
		askings->feed.budget.is_exhausted = is_idle(askings);
		return NULL;
	}
	askings->waiting = NULL;
	old = MemoryContextSwitchTo(askings->feed.context);
	askings->open = lappend(askings->open, asking);
	MemoryContextSwitchTo(old);
	return asking->call;
}

/*
 * The next call: those of judges come first, so that few results wait for
 * them.  Where nothing in flight could free money for it, there is none.
 */
static Call *
next_call(void *state)
{
	Askings    *askings = state;
	Call	   *call = evaluation_judging_next(askings->feed.judging);

	if (call != NULL)
		return call;
	if (evaluation_judging_waits(askings->feed.judging))
		askings->feed.budget.is_exhausted = is_idle(askings);
	else if (!evaluation_unjudged_is_left(askings->feed.work))
		return next_asking(askings);
	return NULL;
}

/* The record that a call asks. */
static Asking *
find_asking(const Askings *askings, const Call *call)
{
	ListCell   *cell;

	foreach(cell, askings->open)
	{
		Asking	   *asking = lfirst(cell);

		if (asking->call == call)
			return asking;
	}
	elog(ERROR, "a call ended that was not begun");
	return NULL;
}

/* One that could not be put on record has not been sent, and no other can. */
static void
take_back(void *state, Call *call)
{
	Askings    *askings = state;
	Asking	   *asking;

	if (evaluation_judging_take(askings->feed.judging, call))
		return;
	asking = find_asking(askings, call);
	if (call_result(call)->failure == FAILURE_LOG_UNAVAILABLE)
		call_raise(call);
	askings->open = list_delete_ptr(askings->open, asking);
	MemoryContextSwitchTo(asking->context);
	evaluation_budget_settle(&askings->feed.budget, call, asking->most);
	MemoryContextSwitchTo(askings->feed.context);
	call_free(call);
	MemoryContextDelete(asking->context);
}

/* Says of the work that the call that waits can cost more than is left. */
static void
run_out(EvaluationFeed *feed)
{
	const Asking *waiting = ((Askings *) feed)->waiting;

	if (evaluation_judging_waits(feed->judging))
		evaluation_judging_run_out(feed->judging);
	else
		evaluation_work_run_out(feed->work, &feed->budget, waiting->call, waiting->most);
}

void
evaluation_ask_model(EvaluationWork *work)
{
	Askings		askings = {.feed.work = work};

	evaluation_feed_run(&askings.feed, next_call, take_back, run_out);
}
