/*
 * completion.c
 *		Reading the body of a chat-completions request.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/ordered.h"
#include "chat/chat_arguments.h"
#include "chat/completion.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

/* A member that is not null; absent if there is none. */
static TextSlice
given_member(TextSlice object, const char *key)
{
	TextSlice	value = json_text_member(object, key);

	return json_text_kind(value) == VALUE_NULL ? ORDERED_NONE : value;
}

/* A string member of an object; NULL if it is absent or null. */
static char *
member_text(TextSlice object, const char *key)
{
	TextSlice	value = given_member(object, key);

	if (value.data == NULL)
		return NULL;
	if (json_text_kind(value) != VALUE_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must be a string", key)));
	return ordered_decode_cstring(json_text_string(value));
}

/* An object member of our own members; absent if there is none. */
static TextSlice
member_object(TextSlice object, const char *key)
{
	TextSlice	value = given_member(object, key);

	if (value.data != NULL && json_text_kind(value) != VALUE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s.%s\" must be a JSON object", MESSAGES_OWN_KEY, key)));
	return value;
}

/* The member "timeout" of our own, in milliseconds; 0 if it is not given. */
static int
member_timeout(TextSlice own)
{
	TextSlice	value = given_member(own, "timeout");
	ValueKind	kind = json_text_kind(value);
	Datum		text;

	if (value.data == NULL)
		return 0;
	if (kind == VALUE_NUMBER)
		return argument_seconds_ms(strtod(pnstrdup(value.data, value.len), NULL));
	if (kind != VALUE_STRING)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s.timeout\" must be a number of seconds, or an interval as a string",
						MESSAGES_OWN_KEY)));
	text = CStringGetDatum(ordered_decode_cstring(json_text_string(value)));
	return argument_interval_ms(DatumGetIntervalP(DirectFunctionCall3(interval_in, text,
																	  ObjectIdGetDatum(InvalidOid),
																	  Int32GetDatum(-1))));
}

/* Raises if our own members have one that means nothing: a slip of the pen. */
static void
check_own_member(TextSlice key)
{
	static const char *const known[] = {
		"session_id", "user_id", "tags", "metadata", "prompt", "variables",
		"timeout", "on_error"
	};

	for (int i = 0; i < lengthof(known); i++)
		if (json_text_says(key, known[i]))
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s.%s\" is not known", MESSAGES_OWN_KEY, ordered_decode_cstring(key)),
			 errhint("Use session_id, user_id, tags, metadata, prompt, variables, timeout and on_error.")));
}

static void
check_own_members(TextSlice own)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	json_text_enter(&walk, own);
	while (json_text_next(&walk, &key, &value))
		check_own_member(key);
}

/* Our own members, which say how to make and to record the call. */
static void
read_own_members(TextSlice body, ChatCall *chat)
{
	TextSlice	own = given_member(body, MESSAGES_OWN_KEY);
	CallRequest *request = &chat->request;

	if (own.data == NULL)
		return;
	if (json_text_kind(own) != VALUE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must be a JSON object", MESSAGES_OWN_KEY)));
	check_own_members(own);
	chat->input.prompt = member_text(own, "prompt");
	chat->input.variables = member_object(own, "variables");
	request->labels.session_id = member_text(own, "session_id");
	request->labels.user_id = member_text(own, "user_id");
	request->tags = member_object(own, "tags");
	request->metadata = member_object(own, "metadata");
	request->timeout_ms = member_timeout(own);
	chat->null_on_error = chat_null_on_error(member_text(own, "on_error"),
											 MESSAGES_OWN_KEY ".on_error");
}

/*
 * What the caller gave: the body without our members, and those a model
 * answers to.
 */
static TextSlice
completion_inputs(TextSlice body, const ChatInput *input)
{
	static const char *const ours[] = {MESSAGES_OWN_KEY};
	ChatInput	answered = {.prompt = input->prompt,.variables = input->variables};

	return ordered_merge(ordered_without(body, ours, lengthof(ours)),
						 messages_inputs(&answered, ORDERED_NONE));
}

/* The messages of a body; absent if it has none. */
static TextSlice
body_messages(TextSlice body)
{
	TextSlice	messages = given_member(body, "messages");

	if (messages.data != NULL)
		messages_check(messages);
	return messages;
}

/* The endpoint that a body names. */
static const char *
body_endpoint(TextSlice body)
{
	const char *endpoint = member_text(body, "model");

	if (endpoint == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the request has no \"model\""),
				 errhint("Give the name of an endpoint.")));
	return endpoint;
}

void
completion_read(TextSlice body, ChatCall *chat)
{
	static const char *const not_params[] = {"model", "messages", MESSAGES_OWN_KEY};
	CallRequest *request = &chat->request;
	ChatInput  *input = &chat->input;

	memset(chat, 0, sizeof(*chat));
	if (json_text_kind(body) != VALUE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"request\" must be a JSON object")));
	request->endpoint = body_endpoint(body);
	read_own_members(body, chat);
	input->messages = body_messages(body);
	if (input->messages.data == NULL && input->prompt == NULL)
		messages_raise_bad(json_text_member(body, "prompt").data == NULL ?
						   "The request has none." :
						   "The request has none; \"prompt\" and \"variables\" are members of \"gaiops\".");
	request->inputs = completion_inputs(body, input);
	request->params = ordered_without(body, not_params, lengthof(not_params));
	messages_check_params(request->params);
}
