/*
 * echo.c
 *		The endpoint inside the server, for a first try and for tests.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "common/hashfn.h"
#include "gateway/echo.h"
#include "gateway/route.h"
#include "lib/stringinfo.h"
#include "utils/json.h"

/* About four bytes of English make a token. */
#define BYTES_PER_TOKEN 4

/* The text of a message: its content, or the first text part of it. */
static char *
message_text(TextSlice message)
{
	TextSlice	content = json_text_member(message, "content");
	JsonWalk	parts;
	TextSlice	key;
	TextSlice	part;

	if (json_text_kind(content) == VALUE_STRING)
		return ordered_decode_cstring(json_text_string(content));
	if (json_text_kind(content) != VALUE_ARRAY)
		return pstrdup("");
	json_text_enter(&parts, content);
	while (json_text_next(&parts, &key, &part))
	{
		TextSlice	text = json_text_member(part, "text");

		if (json_text_kind(text) == VALUE_STRING)
			return ordered_decode_cstring(json_text_string(text));
	}
	return pstrdup("");
}

/* The last message with role user, or the last one at all. */
static char *
last_user_text(TextSlice messages)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	message;
	TextSlice	last = ORDERED_NONE;
	TextSlice	last_of_user = ORDERED_NONE;

	json_text_enter(&walk, messages);
	while (json_text_next(&walk, &key, &message))
	{
		TextSlice	role = json_text_member(message, "role");

		last = message;
		if (json_text_kind(role) == VALUE_STRING && json_text_says(json_text_string(role), "user"))
			last_of_user = message;
	}
	return message_text(last_of_user.data != NULL ? last_of_user : last);
}

char *
echo_answer(const char *request, size_t len)
{
	char	   *text = last_user_text(json_text_member((TextSlice) {request, len}, "messages"));
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
