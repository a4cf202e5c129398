/*
 * judge_ask.c
 *		Asking a judge: the requests of an ask, and what came of them.
 *
 * A call that fails is an error of the ask, unless the model has refused a
 * part of the request that it can do without: then it is asked again.  A reply
 * that is no verdict is asked for once more, from the beginning, with another
 * boundary and nonce.  What was replied is not sent back: it may quote what
 * the answer that is judged wants it to.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ids.h"
#include "base/ordered.h"
#include "chat/chat_call.h"
#include "core/judge/judge_message.h"
#include "core/judge/judge_model.h"
#include "core/judge/judge_reply.h"
#include "judges/judge.h"
#include "judges/judge_data.h"
#include "judges/judge_refusals.h"
#include "judges/judge_score.h"
#include "judges/judge_warning.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

#define MAX_TOKENS	2048		/* of a reply, unless params say otherwise */
#define SEED		7
#define MOST_REPLIES	2

struct JudgeAsk
{
	MemoryContext context;		/* holds this and all it points to */
	const Judge *judge;
	const JudgeSubject *subject;
	const char *model;			/* endpoint */
	JudgeForm	form;
	TextSlice	instructions;
	JudgeData	data;
	unsigned	refused;		/* JudgeOption: not sent any more */
	unsigned	sent;			/* with the call under way */
	unsigned	newly_refused;	/* not remembered yet */
	int			nreplies;
	const char *complaint;		/* of the reply before; NULL if there is none */
	char		boundary[JUDGE_KEY_LEN + 1];
	char		nonce[JUDGE_KEY_LEN + 1];
	JudgeVerdict verdict;
};

/* ---- pairs ---- */

static const JudgeChoice sides[] = {
	{{"first", 5}, false, 0}, {{"second", 6}, false, 0}, {{"tie", 3}, false, 0}
};

/* Two answers are compared by what is written for one. */
static void
compare_instead(JudgeAsk *ask)
{
	ask->form = (JudgeForm) {
		.type = JUDGE_CHOICE,.choices = sides,.nchoices = lengthof(sides)
	};
	ask->instructions = ordered_of(psprintf("Two answers are to be compared: the section \"outputs\" has the first, the section \"second outputs\" the second. Which of them does better by the criterion below? Their order says nothing, nor does their length by itself. Where neither is better in anything of weight, it is a tie. The criterion is worded for one answer; what it says of numbers, claims and results is to show you what counts.\n\nThe criterion:\n%.*s",
											(int) ask->judge->instructions.len, ask->judge->instructions.data));
}

JudgeAsk *
judge_ask_make(const Judge *judge, const JudgeSubject *subject, const char *model)
{
	JudgeAsk   *ask = palloc0(sizeof(JudgeAsk));
	char	   *reason;

	ask->context = CurrentMemoryContext;
	ask->judge = judge;
	ask->subject = subject;
	ask->model = model;
	ask->form = judge->form;
	ask->instructions = judge->instructions;
	if (!judge_data_find(judge, subject, &ask->data, &reason))
		elog(ERROR, "judge \"%s\" is asked what it cannot say: %s", judge->name, reason);
	ask->form.nclaims = ask->data.nclaims;
	if (subject->second_outputs.data != NULL)
		compare_instead(ask);
	ask->refused = judge_refusals_known(model);
	judge_verdict_begin(&ask->verdict);
	return ask;
}

/* ---- the request ---- */

/* Raises that memory is short, once an arena is given back. */
static void *
require_memory(void *memory, Arena *arena)
{
	if (memory != NULL)
		return memory;
	arena_free(arena);
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory")));
}

/* A text that was built in an arena, in the current memory context. */
static TextSlice
copy_built(TextBuilder *builder)
{
	char	   *text = require_memory(text_finish(builder), builder->arena);
	char	   *copy = require_memory(MemoryContextAllocExtended(CurrentMemoryContext, builder->len + 1,
																 MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM), builder->arena);

	memcpy(copy, text, builder->len + 1);
	return (TextSlice) {copy, builder->len};
}

static void
draw_key(char key[JUDGE_KEY_LEN + 1])
{
	uint8		bytes[JUDGE_KEY_LEN / 2];

	ids_make_random(bytes, sizeof(bytes));
	ids_format_hex(bytes, sizeof(bytes), key);
}

/* Draws what fences the data off, and the nonce of the reply. */
static void
draw_keys(JudgeAsk *ask, const JudgeMessage *message)
{
	do
	{
		draw_key(ask->boundary);
		draw_key(ask->nonce);
	} while (!judge_message_is_apart(message));
}

/* The two messages, of which the data are most. */
static TextSlice
make_messages(JudgeAsk *ask)
{
	JudgeMessage message = {.instructions = ask->instructions,.form = &ask->form,
	.boundary = ask->boundary,.nonce = ask->nonce,.complaint = ask->complaint};
	TextBuilder builder = {.limit = 16 * JUDGE_MAX_DATA};
	TextSlice	messages;

	memcpy(message.data, ask->data.texts, sizeof(message.data));
	draw_keys(ask, &message);
	builder.arena = require_memory(arena_create(64 * JUDGE_MAX_DATA), NULL);
	(void) judge_message_write(&builder, &message, builder.arena);
	messages = copy_built(&builder);
	arena_free(builder.arena);
	return messages;
}

static TextSlice
make_schema(const JudgeForm *form)
{
	TextBuilder builder = {.limit = JUDGE_MAX_DATA};
	TextSlice	schema;

	builder.arena = require_memory(arena_create(4 * JUDGE_MAX_DATA), NULL);
	(void) judge_schema_write(&builder, form);
	schema = copy_built(&builder);
	arena_free(builder.arena);
	return schema;
}

/* Adds an option, unless the judge has it, or the model does not take it. */
static void
add_option(JudgeAsk *ask, StringInfo params, JudgeOption option, const char *name, TextSlice value)
{
	bool		is_own = ask->judge->params.data != NULL && json_text_member(ask->judge->params, name).data != NULL;

	if (is_own || (ask->refused & option))
		return;
	ordered_add(params, name, value);
	ask->sent |= option;
}

/* Whether params say themselves how long a reply may be. */
static bool
limits_tokens(TextSlice params)
{
	return params.data != NULL && (json_text_member(params, "max_tokens").data != NULL ||
								   json_text_member(params, "max_completion_tokens").data != NULL);
}

static TextSlice
make_params(JudgeAsk *ask)
{
	StringInfoData params;
	TextSlice	most = ordered_of(psprintf("%d", MAX_TOKENS));

	ask->sent = 0;
	ordered_begin(&params);
	add_option(ask, &params, JUDGE_TEMPERATURE, "temperature", ordered_of("0"));
	add_option(ask, &params, JUDGE_SEED, "seed", ordered_of(psprintf("%d", SEED)));
	if (!limits_tokens(ask->judge->params))
	{
		add_option(ask, &params, JUDGE_MAX_TOKENS, "max_tokens", most);
		if (!(ask->sent & JUDGE_MAX_TOKENS))
			add_option(ask, &params, JUDGE_MAX_COMPLETION_TOKENS, "max_completion_tokens", most);
	}
	add_option(ask, &params, JUDGE_SCHEMA, "response_format", make_schema(&ask->form));
	return ordered_merge(ordered_end(&params), ask->judge->params);
}

/* What tells which verdict a span is of: in attributes, and never sent. */
static TextSlice
make_attributes(const JudgeAsk *ask)
{
	const pg_uuid_t *judged = ask->subject->trace_id;
	StringInfoData attributes;

	ordered_begin(&attributes);
	ordered_add_text(&attributes, "gaiops.judge.name", ask->judge->name);
	ordered_add(&attributes, "gaiops.judge.version", ordered_of(psprintf("%d", ask->judge->version)));
	if (judged != NULL)
		ordered_add_text(&attributes, "gaiops.judged.trace_id",
						 DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(judged))));
	return ordered_end(&attributes);
}

void
judge_request(JudgeAsk *ask, CallRequest *request)
{
	MemoryContext old = MemoryContextSwitchTo(ask->context);

	memset(request, 0, sizeof(*request));
	request->endpoint = ask->model;
	request->messages = make_messages(ask);
	request->params = make_params(ask);
	request->attributes = make_attributes(ask);
	request->labels.purpose = "judge";
	request->is_apart = true;
	MemoryContextSwitchTo(old);
}

/* ---- what came of it ---- */

/* The ask has failed, or nothing can be said. */
static bool
end_without(JudgeAsk *ask, ScoreState state, char *reason)
{
	judge_score_none(&ask->verdict.score, state, reason);
	return true;
}

static void
add_cost(JudgeVerdict *verdict, const CallResult *result)
{
	verdict->ncalls++;
	verdict->trace_id = result->trace_id;
	if (result->failure == FAILURE_REQUEST_REFUSED && !result->has_cost)
		return;
	verdict->has_cost = verdict->has_cost && result->has_cost && result->unsettled == 0;
	if (result->has_cost)
		verdict->cost = DirectFunctionCall2(numeric_add, verdict->cost, datumCopy(result->cost, false, -1));
}

/*
 * Whether a refusal is of what can be left out: what it names of that, or all,
 * where it names nothing.
 */
static bool
leave_out(JudgeAsk *ask, const CallResult *result)
{
	TextSlice	said = {result->detail, result->detail ? strlen(result->detail) : 0};
	unsigned	named = judge_refused_options(said) & ask->sent;

	if (result->failure != FAILURE_REQUEST_REFUSED || ask->sent == 0)
		return false;
	ask->newly_refused |= named != 0 ? named : ask->sent;
	ask->refused |= ask->newly_refused;
	return true;
}

static void
take_verdict(JudgeAsk *ask, const JudgeReply *reply)
{
	Score	   *score = &ask->verdict.score;

	score->state = SCORE_SCORED;
	score->value = document_parse(reply->value);
	score->has_score = reply->has_score;
	score->score = reply->score;
	score->reason = pnstrdup(reply->rationale.data, reply->rationale.len);
	judge_score_pass(ask->judge, &ask->form, score);
}

/* A reply that is no verdict: another one, or an error. */
static bool
complain(JudgeAsk *ask, const CallResult *result, const char *problem)
{
	TextSlice	finish = result->finish_reason;
	bool		was_cut = finish.len == 6 && memcmp(finish.data, "length", 6) == 0;

	ask->complaint = problem;
	if (ask->nreplies < MOST_REPLIES)
		return false;
	return end_without(ask, SCORE_ERROR,
					   psprintf("the judge gave no verdict: its reply %s%s", problem,
								was_cut ? "; it was cut, as it may not have more tokens" : ""));
}

/* Takes over what a reply says; false if another one is wanted. */
static bool
take_reply(JudgeAsk *ask, const CallResult *result, const JudgeReply *reply)
{
	switch (reply->outcome)
	{
		case JUDGE_VERDICT:
			take_verdict(ask, reply);
			return true;
		case JUDGE_NO_CLAIMS:
			return end_without(ask, SCORE_UNKNOWN, "the judge found no claims");
		case JUDGE_UNFIT:
			break;
	}
	return complain(ask, result, reply->problem);
}

static bool
read_reply(JudgeAsk *ask, const CallResult *result)
{
	TextSlice	text = result->answer->content.data ? result->answer->content : ordered_of("");
	Arena	   *arena = require_memory(arena_create(JUDGE_REPLY_MEMORY(text.len)), NULL);
	JudgeReply	reply;
	volatile bool is_over;

	ask->nreplies++;
	PG_TRY();
	{
		judge_reply_read(text, &ask->form, ask->nonce, arena, &reply);
		is_over = take_reply(ask, result, &reply);
	}
	PG_FINALLY();
	{
		arena_free(arena);
	}
	PG_END_TRY();
	return is_over;
}

/* What a failed call says. */
static char *
failure_text(const CallResult *result)
{
	return psprintf("the judge could not be asked: %s%s%s", result->message,
					result->detail ? ": " : "", result->detail ? result->detail : "");
}

static bool
take(JudgeAsk *ask, const CallResult *result)
{
	add_cost(&ask->verdict, result);
	if (leave_out(ask, result))
		return false;
	if (result->failure != FAILURE_NONE)
		return end_without(ask, SCORE_ERROR, failure_text(result));
	if (ask->newly_refused != 0)
		judge_refusals_remember(ask->model, ask->newly_refused);
	ask->newly_refused = 0;
	judge_warn_of_family(result->model, ask->subject->model);
	return read_reply(ask, result);
}

bool
judge_take(JudgeAsk *ask, const CallResult *result)
{
	MemoryContext old = MemoryContextSwitchTo(ask->context);
	bool		is_over = take(ask, result);

	MemoryContextSwitchTo(old);
	return is_over;
}

const JudgeVerdict *
judge_verdict(const JudgeAsk *ask)
{
	return &ask->verdict;
}
