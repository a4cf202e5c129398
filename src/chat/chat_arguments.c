/*
 * chat_arguments.c
 *		Reading what gaiops_chat() and its like are given.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/ordered.h"
#include "chat/chat_arguments.h"
#include "chat/message_slip.h"

/* Arguments by position. */
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

bool
chat_null_on_error(const char *on_error, const char *name)
{
	if (on_error == NULL || strcmp(on_error, "raise") == 0)
		return false;
	if (strcmp(on_error, "null") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid value for argument \"%s\": \"%s\"", name, on_error),
				 errhint("Use \"raise\" or \"null\".")));
	return true;
}

/* The arguments that both forms read alike. */
static void
read_common(FunctionCallInfo fcinfo, ChatCall *chat)
{
	CallRequest *request = &chat->request;
	ChatInput  *input = &chat->input;

	memset(chat, 0, sizeof(*chat));
	chat->null_on_error = chat_null_on_error(argument_text(fcinfo, ARG_ON_ERROR), "on_error");
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

void
chat_read_message(FunctionCallInfo fcinfo, ChatCall *chat)
{
	ChatInput  *input = &chat->input;

	read_common(fcinfo, chat);
	input->message = argument_text(fcinfo, ARG_MESSAGE);
	if (input->message != NULL)
		message_slip_check(input->message);
	else if (input->prompt == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"message\" must not be null"),
				 errhint("Give a message, or name a registered prompt in \"prompt\". Leave out rows without a message with WHERE ... IS NOT NULL.")));
	chat->request.inputs = messages_inputs(input, chat->request.params);
}

void
chat_read_messages(FunctionCallInfo fcinfo, ChatCall *chat)
{
	ChatInput  *input = &chat->input;

	read_common(fcinfo, chat);
	input->messages = argument_json(fcinfo, ARG_MESSAGE);
	if (input->messages.data == NULL)
		argument_raise_null("messages");
	messages_check(input->messages);
	chat->request.inputs = messages_inputs(input, chat->request.params);
}
