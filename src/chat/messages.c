/*
 * messages.c
 *		From what a caller gives to the messages and parameters of a request.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "chat/messages.h"

TextSlice
messages_of_caller(const char *system, const ChatInput *input)
{
	TextSlice	first = system ? ordered_message("system", system) : ORDERED_NONE;
	TextSlice	own = input->messages;

	if (input->message != NULL)
		own = ordered_message("user", input->message);
	return ordered_join(first, own);
}

void
messages_raise_bad(const char *detail)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"messages\" must be a JSON array of messages"),
			 errdetail_internal("%s", detail),
			 errhint("Give an array such as [{\"role\": \"user\", \"content\": \"Hi\"}].")));
}

void
messages_check(TextSlice messages)
{
	size_t		bad;

	if (json_text_kind(messages) != VALUE_ARRAY)
		messages_raise_bad("The value is not an array.");
	if (json_text_count(messages) == 0)
		messages_raise_bad("The array is empty.");
	bad = ordered_find_nonmessage(messages);
	if (bad > 0)
		messages_raise_bad(psprintf("Element %zu is not an object with a \"role\".", bad));
}

/* Raises unless what params say of streaming is that there is none. */
static void
check_stream(TextSlice stream)
{
	ValueKind	kind = json_text_kind(stream);

	if (kind == VALUE_UNDEFINED || kind == VALUE_NULL ||
		(kind == VALUE_BOOL && *stream.data == 'f'))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("streamed answers are not supported yet"),
			 errhint("Leave out \"stream\", or give false.")));
}

void
messages_check_params(TextSlice params)
{
	static const char *const reserved[] = {"model", "messages", MESSAGES_OWN_KEY};

	if (params.data == NULL)
		return;
	for (int i = 0; i < lengthof(reserved); i++)
		if (json_text_member(params, reserved[i]).data != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"params\" must not have the key \"%s\"", reserved[i]),
					 errhint("Model and messages are arguments of their own.")));
	check_stream(json_text_member(params, "stream"));
}

TextSlice
messages_inputs(const ChatInput *input, TextSlice params)
{
	StringInfoData inputs;

	ordered_begin(&inputs);
	if (input->message != NULL)
		ordered_add_text(&inputs, "message", input->message);
	if (input->messages.data != NULL)
		ordered_add(&inputs, "messages", input->messages);
	if (input->prompt != NULL)
		ordered_add_text(&inputs, "prompt", input->prompt);
	if (input->variables.data != NULL)
		ordered_add(&inputs, "variables", input->variables);
	if (input->system != NULL)
		ordered_add_text(&inputs, "system", input->system);
	if (params.data != NULL)
		ordered_add(&inputs, "params", params);
	return ordered_end(&inputs);
}
