/*
 * message_slip.c
 *		Texts of one message that were meant to be an array of messages.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "chat/message_slip.h"
#include "lib/stringinfo.h"

#define SLIP_HINT \
	"To send messages, give messages => '...'::json; to put arrays together, cast both to jsonb. To send this as a text, make it the content of a message."

/* Whether a text is an object with a role. */
static bool
is_message(TextSlice text)
{
	return json_text_kind(text) == VALUE_OBJECT &&
		json_text_member(text, "role").data != NULL;
}

/* Whether a text begins as a JSON array of messages, whatever comes then. */
static bool
begins_with_json(TextSlice text)
{
	JsonWalk	walk;
	TextSlice	key;

	if (json_text_kind(text) != VALUE_ARRAY)
		return false;
	json_text_enter(&walk, text);
	return json_text_more(&walk, &key) && json_text_peek(&walk) == VALUE_OBJECT &&
		is_message(json_text_take(&walk));
}

/*
 * Whether it begins as an array of PostgreSQL, {"..."}, of which the first
 * element is a message.
 */
static bool
begins_with_list(const char *text)
{
	StringInfoData element;

	if (strncmp(text, "{\"{", 3) != 0)
		return false;
	initStringInfo(&element);
	for (text += 2; *text != '"' && *text != '\0'; text++)
	{
		if (*text == '\\' && text[1] != '\0')
			text++;
		appendStringInfoCharMacro(&element, *text);
	}
	return *text == '"' && (text[1] == ',' || text[1] == '}') &&
		is_message(ordered_of(element.data));
}

void
message_slip_check(const char *message)
{
	if (begins_with_json(ordered_of(message)))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"message\" begins with a JSON array of messages"),
				 errdetail("An untyped literal is taken for a text, and || of json and a literal makes one."),
				 errhint(SLIP_HINT)));
	if (begins_with_list(message))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"message\" begins with a list of messages"),
				 errdetail("Some drivers send a list as an array of PostgreSQL; its JSON is what JSON.stringify or json.dumps makes."),
				 errhint(SLIP_HINT)));
}
