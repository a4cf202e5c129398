/*
 * Whether an answer calls the tools that it should.
 */
#include "core/score/tool_calls.h"

#include <stdlib.h>

#include "check.h"
#include "core/json/value_read.h"
#include "core/text/text_builder.h"

#define A "{\"name\": \"a\", \"arguments\": {\"x\": 1, \"y\": [2]}}"
#define B "{\"name\": \"b\", \"arguments\": {}}"
#define OPENAI(name, arguments) \
	"{\"id\": \"1\", \"type\": \"function\", \"function\": {\"name\": \"" name "\", \"arguments\": \"" arguments "\"}}"

static const Value *
read_calls_text(const char *text, Arena *arena)
{
	const char *reason;

	return value_read((TextSlice) {text, strlen(text)}, arena, &reason);
}

/* "match", "unreadable", "number", or the name of the call that differs. */
static const char *
compare(const char *outputs, const char *expected, bool any_order, ToolArguments arguments)
{
	static char result[64];
	Arena	   *arena = arena_create(64 << 20);
	ToolMatch	match = tool_calls_compare(tool_calls_in(read_calls_text(outputs, arena)),
										   read_calls_text(expected, arena), any_order, arguments, arena);

	if (match.outcome == TOOL_CALLS_UNREADABLE)
		strcpy(result, "unreadable");
	else if (match.outcome == TOOL_CALLS_MATCH)
		strcpy(result, "match");
	else if (match.number == 0)
		snprintf(result, sizeof(result), "%zu of %zu", match.called, match.expected);
	else
		snprintf(result, sizeof(result), "%zu %.*s", match.number, (int) match.name_len, match.name);
	arena_free(arena);
	return result;
}

static void
check_order(void)
{
	CHECK_CSTRING(compare("[" A ", " B "]", "[" A ", " B "]", false, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[" B ", " A "]", "[" A ", " B "]", false, TOOL_ARGUMENTS_EQUAL), "1 a");
	CHECK_CSTRING(compare("[" B ", " A "]", "[" A ", " B "]", true, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[" A ", " A "]", "[" A ", " B "]", true, TOOL_ARGUMENTS_EQUAL), "2 b");
	CHECK_CSTRING(compare("[" A "]", "[" A ", " B "]", true, TOOL_ARGUMENTS_EQUAL), "1 of 2");
	CHECK_CSTRING(compare("[]", "[]", false, TOOL_ARGUMENTS_EQUAL), "match");
	/* One that takes anything must leave the other what it needs. */
	CHECK_CSTRING(compare("[{\"name\": \"f\", \"arguments\": {\"x\": 1}}, {\"name\": \"f\", \"arguments\": {}}]",
						  "[{\"name\": \"f\"}, {\"name\": \"f\", \"arguments\": {\"x\": 1}}]",
						  true, TOOL_ARGUMENTS_EQUAL), "match");
}

static void
check_arguments(void)
{
	const char *more = "[{\"name\": \"a\", \"arguments\": {\"y\": [2], \"x\": 1.0, \"z\": 3}}]";

	CHECK_CSTRING(compare(more, "[" A "]", false, TOOL_ARGUMENTS_EQUAL), "1 a");
	CHECK_CSTRING(compare(more, "[" A "]", false, TOOL_ARGUMENTS_CONTAIN), "match");
	CHECK_CSTRING(compare("[" A "]", more, false, TOOL_ARGUMENTS_CONTAIN), "1 a");
	CHECK_CSTRING(compare("[" A "]", more, false, TOOL_ARGUMENTS_IGNORE), "match");
	CHECK_CSTRING(compare("[" A "]", "[{\"name\": \"a\"}]", false, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[{\"name\": \"b\"}]", "[" B "]", false, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[{\"name\": \"b\", \"arguments\": null}]", "[" B "]", false, TOOL_ARGUMENTS_EQUAL), "match");
}

static void
check_forms(void)
{
	const char *message = "{\"role\": \"assistant\", \"content\": null, \"tool_calls\": ["
		OPENAI("a", "{\\\"y\\\": [2.0], \\\"x\\\": 1}") "]}";

	CHECK_CSTRING(compare(message, "[" A "]", false, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[" OPENAI("b", "") "]", "[" B "]", false, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[" OPENAI("b", "none") "]", "[" B "]", false, TOOL_ARGUMENTS_EQUAL), "1 b");
	CHECK_CSTRING(compare("\"Paris\"", "[" B "]", false, TOOL_ARGUMENTS_EQUAL), "0 of 1");
	CHECK_CSTRING(compare("\"Paris\"", "[]", false, TOOL_ARGUMENTS_EQUAL), "match");
	CHECK_CSTRING(compare("[1]", "[" B "]", false, TOOL_ARGUMENTS_EQUAL), "1 b");
	CHECK_CSTRING(compare("[" B "]", "[{\"tool\": \"b\"}]", false, TOOL_ARGUMENTS_EQUAL), "unreadable");
	CHECK_CSTRING(compare("[" B "]", "[1]", false, TOOL_ARGUMENTS_EQUAL), "unreadable");
}

/* As many as may be, each pair of them alike, and one more. */
static void
check_many(void)
{
	static char calls[16 * (TOOL_CALLS_MAX + 2)];
	size_t		n = 0;

	for (int i = 0; i < TOOL_CALLS_MAX; i++)
		n += (size_t) sprintf(calls + n, "%c{\"name\":\"f\"}", i == 0 ? '[' : ',');
	strcpy(calls + n, "]");
	CHECK_CSTRING(compare(calls, calls, true, TOOL_ARGUMENTS_EQUAL), "match");
	strcpy(calls + n, ",{\"name\":\"f\"}]");
	CHECK_CSTRING(compare(calls, calls, true, TOOL_ARGUMENTS_EQUAL), "unreadable");
}

int
main(void)
{
	check_order();
	check_arguments();
	check_forms();
	check_many();
	return check_finish();
}
