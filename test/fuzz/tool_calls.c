/*
 * Fuzzer of core/json/value_read, core/score/tool_calls and answer_text: two
 * texts, cut at the first NUL, as an answer and what is expected of it.
 */
#include "core/score/tool_calls.h"

#include <math.h>
#include <string.h>

#include "core/json/json_scan.h"
#include "core/json/value_read.h"
#include "core/json/value_text.h"
#include "core/score/answer_text.h"
#include "fuzz.h"

#define MEMORY		((size_t) 64 << 20)

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read as a value is JSON, is itself, and is the same printed. */
static const Value *
read_value(TextSlice text, Arena *arena)
{
	Scratch		scratch = {.arena = arena};
	TextBuilder builder = {.scratch = &scratch, .limit = MEMORY};
	const char *reason;
	size_t		memory;
	size_t		steps = 0;
	const Value *value = value_read(text, arena, &reason);
	const Value *again;

	REQUIRE((value != NULL) == (json_scan(text.data, text.len, &memory) == NULL));
	if (value == NULL)
		return NULL;
	REQUIRE(value_equals(value, value, &steps));
	REQUIRE(value_print_json(&builder, value));
	again = value_read((TextSlice) {text_finish(&builder), builder.len}, arena, &reason);
	REQUIRE(again != NULL && value_equals(value, again, &steps));
	return value;
}

/* What matches in order matches in any, and whatever the arguments are. */
static void
compare_calls(const Value *called, const Value *expected, Arena *arena)
{
	ToolMatch	exact = tool_calls_compare(called, expected, false, TOOL_ARGUMENTS_EQUAL, arena);
	ToolMatch	any = tool_calls_compare(called, expected, true, TOOL_ARGUMENTS_EQUAL, arena);
	ToolMatch	contain = tool_calls_compare(called, expected, true, TOOL_ARGUMENTS_CONTAIN, arena);
	ToolMatch	names = tool_calls_compare(called, expected, true, TOOL_ARGUMENTS_IGNORE, arena);

	REQUIRE((exact.outcome == TOOL_CALLS_UNREADABLE) == (names.outcome == TOOL_CALLS_UNREADABLE));
	REQUIRE(exact.outcome != TOOL_CALLS_MATCH || any.outcome == TOOL_CALLS_MATCH);
	REQUIRE(any.outcome != TOOL_CALLS_MATCH || contain.outcome == TOOL_CALLS_MATCH);
	REQUIRE(contain.outcome != TOOL_CALLS_MATCH || names.outcome == TOOL_CALLS_MATCH);
	REQUIRE(names.number <= expected->len);
}

static void
find_numbers(TextSlice text)
{
	double		number;

	for (int which = ANSWER_NUMBER_WHOLE; which <= ANSWER_NUMBER_LAST; which++)
		if (answer_number(text, (AnswerNumber) which, &number))
			REQUIRE(isfinite(number));
	REQUIRE(answer_count_words(text) <= text.len);
	REQUIRE(answer_trim(text).len <= text.len);
	REQUIRE(answer_contains(text, text) && answer_equals(text, text));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	const char *cut = size == 0 ? NULL : memchr(text, '\0', size);
	size_t		len = cut == NULL ? size : (size_t) (cut - text);
	Arena	   *arena = arena_create(MEMORY);
	const Value *outputs = read_value((TextSlice) {text, len}, arena);
	const Value *expected = NULL;

	if (cut != NULL)
		expected = read_value((TextSlice) {cut + 1, size - len - 1}, arena);
	if (outputs != NULL && expected != NULL && expected->kind == VALUE_ARRAY)
		compare_calls(tool_calls_in(outputs), expected, arena);
	find_numbers((TextSlice) {text, len});
	arena_free(arena);
	return 0;
}
