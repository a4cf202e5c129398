/*
 * chat_functions.c
 *		gaiops_chat() and gaiops_chat_completion(): calling a model.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/ordered.h"
#include "chat/chat_arguments.h"
#include "chat/completion.h"
#include "compat.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(gaiops_chat_about_message);
PG_FUNCTION_INFO_V1(gaiops_chat_about_messages);
PG_FUNCTION_INFO_V1(gaiops_chat_request);

/* Makes a call and returns its text. */
static Datum
run_for_text(FunctionCallInfo fcinfo, ChatCall *chat)
{
	Call	   *call = chat_run(fcinfo, chat);
	TextSlice	text = chat_answer_text(call_result(call));
	Datum		datum = text.data != NULL ? ordered_to_datum(text) : (Datum) 0;

	fcinfo->isnull = text.data == NULL;
	call_free(call);
	return datum;
}

/*
 * gaiops_chat(model, message text, ...) returns text
 */
Datum
gaiops_chat_about_message(PG_FUNCTION_ARGS)
{
	ChatCall	chat;

	chat_read_message(fcinfo, &chat);
	return run_for_text(fcinfo, &chat);
}

/*
 * gaiops_chat(model, messages ordered_json, ...) returns text
 */
Datum
gaiops_chat_about_messages(PG_FUNCTION_ARGS)
{
	ChatCall	chat;

	chat_read_messages(fcinfo, &chat);
	return run_for_text(fcinfo, &chat);
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
	ChatCall	chat;
	Call	   *call;
	Datum		answer = (Datum) 0;

	if (PG_ARGISNULL(0))
		argument_raise_null("request");
	completion_read(argument_json(fcinfo, 0), &chat);
	call = chat_run(fcinfo, &chat);
	fcinfo->isnull = call_result(call)->failure != FAILURE_NONE;
	if (!fcinfo->isnull)
		answer = annotate_answer(call_result(call));
	call_free(call);
	return answer;
}
