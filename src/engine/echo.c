/*
 * echo.c
 *		The endpoint inside the server, for a first try and for tests.
 */
#include "postgres.h"

#include "common/hashfn.h"
#include "engine/document.h"
#include "engine/echo.h"
#include "engine/route.h"
#include "lib/stringinfo.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/jsonb.h"

/* About four bytes of English make a token. */
#define BYTES_PER_TOKEN 4

/* The text of a message: its content, or the first text part of it. */
static char *
message_text(JsonbContainer *message)
{
	JsonbValue *content = document_member(message, "content");
	uint32		nparts;

	if (content != NULL && content->type == jbvString)
		return pnstrdup(content->val.string.val, content->val.string.len);
	if (content == NULL || content->type != jbvBinary ||
		!JsonContainerIsArray(content->val.binary.data))
		return pstrdup("");
	nparts = JsonContainerSize(content->val.binary.data);
	for (uint32 i = 0; i < nparts; i++)
	{
		JsonbValue *part = getIthJsonbValueFromContainer(content->val.binary.data, i);
		JsonbValue *text = NULL;

		if (part->type == jbvBinary && JsonContainerIsObject(part->val.binary.data))
			text = document_member(part->val.binary.data, "text");
		if (text != NULL && text->type == jbvString)
			return pnstrdup(text->val.string.val, text->val.string.len);
	}
	return pstrdup("");
}

/* The last message with role user, or the last one at all. */
static char *
last_user_text(JsonbContainer *messages)
{
	uint32		n = JsonContainerSize(messages);
	char	   *last = pstrdup("");

	for (uint32 i = n; i > 0; i--)
	{
		JsonbValue *message = getIthJsonbValueFromContainer(messages, i - 1);
		JsonbValue *role;

		if (message->type != jbvBinary ||
			!JsonContainerIsObject(message->val.binary.data))
			continue;
		role = document_member(message->val.binary.data, "role");
		if (i == n)
			last = message_text(message->val.binary.data);
		if (role != NULL && role->type == jbvString &&
			role->val.string.len == 4 &&
			memcmp(role->val.string.val, "user", 4) == 0)
			return message_text(message->val.binary.data);
	}
	return last;
}

char *
echo_answer(const char *request, size_t len)
{
	Datum		parsed = DirectFunctionCall1(jsonb_in,
											 CStringGetDatum(pnstrdup(request, len)));
	Jsonb	   *document = DatumGetJsonbP(parsed);
	JsonbValue *messages = document_member(&document->root, "messages");
	char	   *text = last_user_text(messages->val.binary.data);
	int			input = Max(1, (int) (len / BYTES_PER_TOKEN));
	int			output = Max(1, (int) (strlen(text) / BYTES_PER_TOKEN));
	StringInfoData answer;

	initStringInfo(&answer);
	appendStringInfo(&answer,
					 "{\"id\": \"echo-%08x\", \"object\": \"chat.completion\", \"model\": \"%s\", \"choices\": [{\"index\": 0, \"message\": {\"role\": \"assistant\", \"content\": ",
					 hash_bytes((const unsigned char *) request, len),
					 ROUTE_ECHO_MODEL);
	escape_json(&answer, text);
	appendStringInfo(&answer,
					 "}, \"finish_reason\": \"stop\"}], \"usage\": {\"prompt_tokens\": %d, \"completion_tokens\": %d, \"total_tokens\": %d}}",
					 input, output, input + output);
	return answer.data;
}
