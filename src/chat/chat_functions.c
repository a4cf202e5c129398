/*
 * chat_functions.c
 *		gaiops_chat() and gaiops_chat_completion(): calling a model.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/caller.h"
#include "base/ordered.h"
#include "call/call.h"
#include "call/failure_count.h"
#include "chat/messages.h"
#include "chat/prompt_use.h"
#include "chat/unpriced.h"
#include "compat.h"
#include "mb/pg_wchar.h"
#include "queue/journal.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

/* Arguments of gaiops_chat(), by position. */
enum ChatArgument
{
	ARG_MODEL,
	ARG_MESSAGE,				/* or messages */
	ARG_PROMPT,
	ARG_VARIABLES,
	ARG_SYSTEM,
	ARG_PARAMS,
	ARG_SESSION_ID,
	ARG_USER_ID,
	ARG_TAGS,
	ARG_METADATA,
	ARG_TIMEOUT,
	ARG_ON_ERROR
};

PG_FUNCTION_INFO_V1(gaiops_chat_about_message);
PG_FUNCTION_INFO_V1(gaiops_chat_about_messages);
PG_FUNCTION_INFO_V1(gaiops_chat_request);

/* Whether a failed call is to be NULL instead of an error. */
static bool
wants_null_on_error(FunctionCallInfo fcinfo)
{
	char	   *on_error = argument_text(fcinfo, ARG_ON_ERROR);

	if (on_error == NULL || strcmp(on_error, "raise") == 0)
		return false;
	if (strcmp(on_error, "null") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"on_error\": \"%s\"", on_error),
				 errhint("Use \"raise\" or \"null\".")));
	return true;
}

/* The arguments that both forms of gaiops_chat() read alike. */
static void
read_common(FunctionCallInfo fcinfo, CallRequest *request, ChatInput *input)
{
	memset(request, 0, sizeof(*request));
	memset(input, 0, sizeof(*input));
	request->endpoint = argument_required_text(fcinfo, ARG_MODEL, "model");
	input->prompt = argument_text(fcinfo, ARG_PROMPT);
	input->variables = argument_object(fcinfo, ARG_VARIABLES, "variables");
	input->system = argument_text(fcinfo, ARG_SYSTEM);
	request->params = argument_object(fcinfo, ARG_PARAMS, "params");
	messages_check_params(request->params);
	request->labels.session_id = argument_text(fcinfo, ARG_SESSION_ID);
	request->labels.user_id = argument_text(fcinfo, ARG_USER_ID);
	request->tags = argument_object(fcinfo, ARG_TAGS, "tags");
	request->metadata = argument_object(fcinfo, ARG_METADATA, "metadata");
	request->timeout_ms = argument_timeout(fcinfo, ARG_TIMEOUT);
}

/* Runs one call of a function to its end. */
static Call *
run_one(FunctionCallInfo fcinfo, const CallRequest *request)
{
	Call	   *call;

	caller_require_open_operation(fcinfo);
	journal_require();
	call = call_create(request);
	call_run(&call, 1);
	return call;
}

/* Has it said that an answer has nothing in it; for text it is NULL. */
static void
warn_empty(const CallResult *result)
{
	const OpenaiAnswer *answer = result->answer;
	TextSlice	reason = answer->finish_reason;
	bool		was_cut = reason.len == 6 && memcmp(reason.data, "length", 6) == 0;
	char	   *given = "missing";

	if (!answer->is_empty)
		return;
	if (reason.len > 0)
		given = psprintf("\"%s\"", pnstrdup(reason.data,
											pg_mbcliplen(reason.data, (int) reason.len, 100)));
	failure_count_add_empty(psprintf("The first, of model \"%s\" of provider \"%s\" in trace %s, has neither text nor a refusal nor a tool call; its finish_reason is %s.",
									 result->model, result->provider,
									 DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&result->trace_id))),
									 given),
							was_cut ? "Raise the number of tokens that the model may use, for instance max_tokens." :
							"Look at the whole answer, in column response of gaiops.span_contents.");
}

/* The text of an answer, or of its refusal; NULL if it has neither. */
static Datum
answer_text(FunctionCallInfo fcinfo, const OpenaiAnswer *answer)
{
	if (answer->content.data != NULL)
		return ordered_to_datum(answer->content);
	if (answer->refusal.data != NULL)
		return ordered_to_datum(answer->refusal);
	PG_RETURN_NULL();
}

/* Makes a call and returns its text. */
static Datum
chat(FunctionCallInfo fcinfo, const CallRequest *request, bool null_on_error)
{
	Call	   *call = run_one(fcinfo, request);
	const CallResult *result = call_result(call);
	Datum		text;

	if (result->failure != FAILURE_NONE)
	{
		if (!null_on_error)
			call_raise(call);
		failure_count_add(result->message);
		call_free(call);
		PG_RETURN_NULL();
	}
	unpriced_warn(result);
	warn_empty(result);
	text = answer_text(fcinfo, result->answer);
	call_free(call);
	return text;
}

/* Puts together what is sent, and what is noted as given. */
static void
compose(CallRequest *request, const ChatInput *input)
{
	request->inputs = messages_inputs(input, request->params);
	prompt_use_compose(request, input);
}

/*
 * gaiops_chat(model, message text, ...) returns text
 */
Datum
gaiops_chat_about_message(PG_FUNCTION_ARGS)
{
	CallRequest request;
	ChatInput	input;
	bool		null_on_error = wants_null_on_error(fcinfo);

	read_common(fcinfo, &request, &input);
	input.message = argument_text(fcinfo, ARG_MESSAGE);
	if (input.message != NULL)
		messages_check_text(input.message);
	else if (input.prompt == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"message\" must not be null"),
				 errhint("Give a message, or name a registered prompt in \"prompt\".")));
	compose(&request, &input);
	return chat(fcinfo, &request, null_on_error);
}

/*
 * gaiops_chat(model, messages ordered_json, ...) returns text
 */
Datum
gaiops_chat_about_messages(PG_FUNCTION_ARGS)
{
	CallRequest request;
	ChatInput	input;
	bool		null_on_error = wants_null_on_error(fcinfo);

	read_common(fcinfo, &request, &input);
	input.messages = argument_json(fcinfo, ARG_MESSAGE);
	if (input.messages.data == NULL)
		argument_raise_null("messages");
	messages_check(input.messages);
	compose(&request, &input);
	return chat(fcinfo, &request, null_on_error);
}

/* Adds what we know of a call to the answer, under the key "gaiops". */
static Datum
annotate_answer(const CallResult *result)
{
	Datum		answer = DirectFunctionCall1(jsonb_in,
											 CStringGetDatum(pnstrdup(result->body, result->body_len)));
	char	   *trace_id = DatumGetCString(DirectFunctionCall1(uuid_out,
															   UUIDPGetDatum(&result->trace_id)));
	char	   *cost = result->has_cost ?
	DatumGetCString(DirectFunctionCall1(numeric_out, result->cost)) : "null";
	char	   *ours = psprintf("{\"gaiops\": {\"trace_id\": \"%s\", \"span_id\": \"%s\", \"cost\": %s, \"attempts\": %d, \"latency_ms\": %.3f}}",
								trace_id, result->span_id, cost,
								result->attempts, result->latency_ms);

	return DirectFunctionCall2(jsonb_concat, answer,
							   DirectFunctionCall1(jsonb_in, CStringGetDatum(ours)));
}

/*
 * gaiops_chat_completion(request ordered_json) returns jsonb
 */
Datum
gaiops_chat_request(PG_FUNCTION_ARGS)
{
	MemoryContext caller = CurrentMemoryContext;
	CallRequest request;
	ChatInput	input;
	Call	   *call;
	const CallResult *result;
	Datum		answer;

	if (PG_ARGISNULL(0))
		argument_raise_null("request");
	messages_read_completion(argument_json(fcinfo, 0), &request, &input);
	prompt_use_compose(&request, &input);
	call = run_one(fcinfo, &request);
	result = call_result(call);
	if (result->failure != FAILURE_NONE)
		call_raise(call);
	unpriced_warn(result);
	warn_empty(result);
	MemoryContextSwitchTo(caller);
	answer = annotate_answer(result);
	call_free(call);
	return answer;
}
