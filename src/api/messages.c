/*
 * messages.c
 *		From what a caller gives to the messages and parameters of a request.
 */
#include "postgres.h"

#include "api/messages.h"
#include "engine/document.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* Key of our own members in a request body; it is not sent. */
#define OWN_KEY "gaiops"

Jsonb *
messages_of_caller(const char *system, const ChatInput *input)
{
	Jsonb	   *first = system ? document_message("system", system) : NULL;
	Jsonb	   *own = input->messages;

	if (input->message != NULL)
		own = document_message("user", input->message);
	return document_join(first, own);
}

void
messages_notice_text(const char *message)
{
	const char *start = message + strspn(message, " \t\r\n");

	if (start[0] != '[' || start[1 + strspn(start + 1, " \t\r\n")] != '{' ||
		strstr(start, "\"role\"") == NULL)
		return;
	ereport(NOTICE,
			(errmsg("the message looks like a JSON array of messages and is sent as text"),
			 errhint("To send messages, cast the array: messages => '...'::jsonb.")));
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
messages_check(Jsonb *messages)
{
	uint32		bad;

	if (!JB_ROOT_IS_ARRAY(messages) || JB_ROOT_IS_SCALAR(messages))
		raise_bad_messages("The value is not an array.");
	if (JB_ROOT_COUNT(messages) == 0)
		raise_bad_messages("The array is empty.");
	bad = document_find_nonmessage(&messages->root);
	if (bad > 0)
		raise_bad_messages(psprintf("Element %u is not an object with a \"role\".", bad));
}

void
messages_check_params(Jsonb *params)
{
	static const char *const reserved[] = {"model", "messages", OWN_KEY};

	if (params == NULL)
		return;
	for (int i = 0; i < lengthof(reserved); i++)
		if (document_member(&params->root, reserved[i]) != NULL)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("\"params\" must not have the key \"%s\"", reserved[i]),
					 errhint("Model and messages are arguments of their own.")));
	if (document_member(&params->root, "stream") != NULL &&
		document_member(&params->root, "stream")->type == jbvBool &&
		document_member(&params->root, "stream")->val.boolean)
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("streamed answers are not supported yet")));
}

Jsonb *
messages_inputs(const ChatInput *input, Jsonb *params)
{
	JsonbParseState *state = NULL;

	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	if (input->message != NULL)
		document_push_text(&state, "message", input->message);
	if (input->messages != NULL)
		document_push_value(&state, "messages", input->messages);
	if (input->prompt != NULL)
		document_push_text(&state, "prompt", input->prompt);
	if (input->variables != NULL)
		document_push_value(&state, "variables", input->variables);
	if (input->system != NULL)
		document_push_text(&state, "system", input->system);
	if (params != NULL)
		document_push_value(&state, "params", params);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* ---- request bodies ---- */

/* A string member of an object; NULL if it is absent or null. */
static char *
member_text(JsonbContainer *object, const char *key)
{
	JsonbValue *value = object ? document_member(object, key) : NULL;

	if (value == NULL || value->type == jbvNull)
		return NULL;
	if (value->type != jbvString)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must be a string", key)));
	return pnstrdup(value->val.string.val, value->val.string.len);
}

/* An object member of our own members; NULL if absent. */
static Jsonb *
member_object(JsonbContainer *object, const char *key)
{
	JsonbValue *value = object ? document_member(object, key) : NULL;

	if (value == NULL || value->type == jbvNull)
		return NULL;
	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s.%s\" must be a JSON object", OWN_KEY, key)));
	return JsonbValueToJsonb(value);
}

/* Raises if our own members have one that means nothing: a slip of the pen. */
static void
check_own_member(const JsonbValue *key)
{
	static const char *const known[] = {
		"session_id", "user_id", "tags", "metadata", "prompt", "variables"
	};
	char	   *name = pnstrdup(key->val.string.val, key->val.string.len);

	for (int i = 0; i < lengthof(known); i++)
		if (strcmp(name, known[i]) == 0)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("\"%s.%s\" is not known", OWN_KEY, name),
			 errhint("Use session_id, user_id, tags, metadata, prompt and variables.")));
}

static void
check_own_members(JsonbContainer *own)
{
	JsonbIterator *it = JsonbIteratorInit(own);
	JsonbIteratorToken token;
	JsonbValue	value;

	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
		if (token == WJB_KEY)
			check_own_member(&value);
}

/* Our own members, which say how to record the call. */
static void
read_own_members(JsonbContainer *body, CallRequest *request, ChatInput *input)
{
	JsonbValue *value = document_member(body, OWN_KEY);
	JsonbContainer *own;

	if (value == NULL || value->type == jbvNull)
		return;
	if (value->type != jbvBinary || !JsonContainerIsObject(value->val.binary.data))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("\"%s\" must be a JSON object", OWN_KEY)));
	own = value->val.binary.data;
	check_own_members(own);
	input->prompt = member_text(own, "prompt");
	input->variables = member_object(own, "variables");
	request->labels.session_id = member_text(own, "session_id");
	request->labels.user_id = member_text(own, "user_id");
	request->tags = member_object(own, "tags");
	request->metadata = member_object(own, "metadata");
}

static Jsonb *
without_key(Jsonb *object, const char *key)
{
	return DatumGetJsonbP(DirectFunctionCall2(jsonb_delete,
											  JsonbPGetDatum(object),
											  CStringGetTextDatum(key)));
}

/* What the caller gave: the body without our members, and those a model answers to. */
static Jsonb *
completion_inputs(Jsonb *given, const ChatInput *input)
{
	ChatInput	ours = {.prompt = input->prompt,.variables = input->variables};

	return document_merge(given, messages_inputs(&ours, NULL));
}

/* The messages of a body; NULL if it has none. */
static Jsonb *
body_messages(JsonbContainer *body)
{
	JsonbValue *messages = document_member(body, "messages");

	if (messages == NULL || messages->type == jbvNull)
		return NULL;
	if (messages->type != jbvBinary)
		raise_bad_messages("The value is not an array.");
	return JsonbValueToJsonb(messages);
}

void
messages_read_completion(Jsonb *body, CallRequest *request, ChatInput *input)
{
	Jsonb	   *given;

	memset(request, 0, sizeof(*request));
	memset(input, 0, sizeof(*input));
	if (!JB_ROOT_IS_OBJECT(body))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"request\" must be a JSON object")));
	request->endpoint = member_text(&body->root, "model");
	if (request->endpoint == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the request has no \"model\""),
				 errhint("Give the name of an endpoint.")));
	read_own_members(&body->root, request, input);
	input->messages = body_messages(&body->root);
	if (input->messages != NULL)
		messages_check(input->messages);
	else if (input->prompt == NULL)
		raise_bad_messages(document_member(&body->root, "prompt") == NULL ?
						   "The request has none." :
						   "The request has none; \"prompt\" and \"variables\" are members of \"gaiops\".");
	given = without_key(body, OWN_KEY);
	request->inputs = completion_inputs(given, input);
	request->params = without_key(without_key(given, "model"), "messages");
	messages_check_params(request->params);
}
