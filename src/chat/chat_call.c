/*
 * chat_call.c
 *		Making a call that SQL asks for, and telling what its answer lacks.
 */
#include "postgres.h"

#include "base/caller.h"
#include "base/ordered.h"
#include "call/call_pool.h"
#include "call/failure_count.h"
#include "chat/chat_call.h"
#include "chat/prompt_use.h"
#include "chat/unpriced.h"
#include "mb/pg_wchar.h"
#include "queue/journal.h"
#include "utils/fmgrprotos.h"
#include "utils/uuid.h"

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

Call *
chat_run(FunctionCallInfo fcinfo, ChatCall *chat)
{
	Call	   *call;
	const CallResult *result;

	prompt_use_compose(&chat->request, &chat->input);
	caller_require_open_operation(fcinfo);
	journal_require();
	call = call_create(&chat->request);
	call_run(&call, 1);
	result = call_result(call);
	if (result->failure == FAILURE_NONE)
	{
		unpriced_warn(result);
		warn_empty(result);
	}
	else if (chat->null_on_error)
		failure_count_add(result->message);
	else
		call_raise(call);
	return call;
}

TextSlice
chat_answer_text(const CallResult *result)
{
	const OpenaiAnswer *answer = result->answer;

	if (result->failure != FAILURE_NONE)
		return ORDERED_NONE;
	return answer->content.data != NULL ? answer->content : answer->refusal;
}
