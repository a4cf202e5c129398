/*
 * messages.c
 *		From what a caller gives to the messages and parameters of a request.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "chat/messages.h"

/* Key of our own members in a request body; it is not sent. */
#define OWN_KEY "gaiops"

TextSlice
messages_of_caller(const char *system, const ChatInput *input)
{
	TextSlice	first = system ? ordered_message("system", system) : ORDERED_NONE;
	TextSlice	own = input->messages;

	if (input->message != NULL)
		own = ordered_message("user", input->message);
	return ordered_join(first, own);
}

/*
 * Whether text begins as an array of messages does, whatever comes behind it.
 */
static bool
begins_with_messages(TextSlice text)
{
	JsonWalk	walk;
	TextSlice	key;

	if (json_text_kind(text) != VALUE_ARRAY)
		return false;
	json_text_enter(&walk, text);
	return json_text_more(&walk, &key) && json_text_peek(&walk) == VALUE_OBJECT &&
		json_text_member(json_text_take(&walk), "role").data != NULL;
}

/*
 * Two arrays of type json that are put together by || are a text, and the
 * model would be asked what it thinks of JSON.
 */
void
messages_check_text(const char *message)
{
	if (!begins_with_messages(ordered_of(message)))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"message\" begins with a JSON array of messages"),
			 errdetail("An untyped literal is taken for a text, and || of json and a literal makes one."),
			 errhint("To send messages, give messages => '...'::json; to put arrays together, cast both to jsonb. To send this as a text, make it the content of a message.")));
}

static void
raise_bad_messages(const char *detail)
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
		raise_bad_messages("The value is not an array.");
	if (json_text_count(messages) == 0)
		raise_bad_messages("The array is empty.");
	bad = ordered_find_nonmessage(messages);
	if (bad > 0)
		raise_bad_messages(psprintf("Element %zu is not an object with a \"role\".", bad));
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
	static const char *const reserved[] = {"model", "messages", OWN_KEY};

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

/* ---- request bodies ---- */

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
				 errmsg("\"%s.%s\" must be a JSON object", OWN_KEY, key)));
	return value;
}

/* Raises if our own members have one that means nothing: a slip of the pen. */
static void
check_own_member(TextSlice key)
{
	static const char *const known[] = {
		"session_id", "user_id", "tags", "metadata", "prompt", "variables"
	};

	for (int i = 0; i < lengthof(known); i++)
		if (json_text_says(key, known[i]))
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s.%s\" is not known", OWN_KEY, ordered_decode_cstring(key)),
			 errhint("Use session_id, user_id, tags, metadata, prompt and variables.")));
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

/* Our own members, which say how to record the call. */
static void
read_own_members(TextSlice body, CallRequest *request, ChatInput *input)
{
	TextSlice	own = given_member(body, OWN_KEY);

	if (own.data == NULL)
		return;
	if (json_text_kind(own) != VALUE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must be a JSON object", OWN_KEY)));
	check_own_members(own);
	input->prompt = member_text(own, "prompt");
	input->variables = member_object(own, "variables");
	request->labels.session_id = member_text(own, "session_id");
	request->labels.user_id = member_text(own, "user_id");
	request->tags = member_object(own, "tags");
	request->metadata = member_object(own, "metadata");
}

/*
 * What the caller gave: the body without our members, and those a model
 * answers to.
 */
static TextSlice
completion_inputs(TextSlice body, const ChatInput *input)
{
	static const char *const ours[] = {OWN_KEY};
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

void
messages_read_completion(TextSlice body, CallRequest *request, ChatInput *input)
{
	static const char *const not_params[] = {"model", "messages", OWN_KEY};

	memset(request, 0, sizeof(*request));
	memset(input, 0, sizeof(*input));
	if (json_text_kind(body) != VALUE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"request\" must be a JSON object")));
	request->endpoint = member_text(body, "model");
	if (request->endpoint == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the request has no \"model\""),
				 errhint("Give the name of an endpoint.")));
	read_own_members(body, request, input);
	input->messages = body_messages(body);
	if (input->messages.data == NULL && input->prompt == NULL)
		raise_bad_messages(json_text_member(body, "prompt").data == NULL ?
						   "The request has none." :
						   "The request has none; \"prompt\" and \"variables\" are members of \"gaiops\".");
	request->inputs = completion_inputs(body, input);
	request->params = ordered_without(body, not_params, lengthof(not_params));
	messages_check_params(request->params);
}
