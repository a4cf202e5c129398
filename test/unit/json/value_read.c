/*
 * Text as values, and what is no JSON.
 */
#include "core/json/value_read.h"

#include <stdlib.h>

#include "check.h"
#include "core/json/value_text.h"

#define READ(text) read_text((text), sizeof(text) - 1)

/* What a text is printed as, or why it is none. */
static const char *
read_text(const char *text, size_t len)
{
	static char result[1000];
	Arena	   *arena = arena_create(1 << 20);
	Scratch		scratch = {.arena = arena};
	TextBuilder builder = {.scratch = &scratch, .limit = sizeof(result) - 1};
	const char *reason;
	char	   *copy = malloc(len + 1);
	const Value *value;

	memcpy(copy, text, len);
	value = value_read((TextSlice) {copy, len}, arena, &reason);
	if (value != NULL && value_print_json(&builder, value))
		reason = text_finish(&builder);
	snprintf(result, sizeof(result), "%s", reason);
	arena_free(arena);
	free(copy);
	return result;
}

static bool
are_equal(const char *one, const char *other)
{
	Arena	   *arena = arena_create(1 << 20);
	const char *reason;
	size_t		steps = 0;
	const Value *a = value_read((TextSlice) {one, strlen(one)}, arena, &reason);
	const Value *b = value_read((TextSlice) {other, strlen(other)}, arena, &reason);
	bool		equal = value_equals(a, b, &steps);

	arena_free(arena);
	return equal;
}

/* An arena that is too small, whatever is read into it. */
static void
check_short_memory(void)
{
	const char *text = "{\"a\": [1, \"two\", {\"b\": null}]}";
	bool		read = false;

	for (size_t limit = 0; limit < 4096 && !read; limit += 16)
	{
		Arena	   *arena = arena_create(limit);
		const char *reason = NULL;

		read = value_read((TextSlice) {text, strlen(text)}, arena, &reason) != NULL;
		if (!read && strcmp(reason, "too large") != 0)
			CHECK_CSTRING(reason, "too large");
		arena_free(arena);
	}
	CHECK(read);
}

int
main(void)
{
	CHECK_CSTRING(READ(" \n{\"b\": [1, 1.50, -2e3], \"a\": {\"x\": null, \"y\": [true, false]}}\t"),
				  "{\"a\": {\"x\": null, \"y\": [true, false]}, \"b\": [1, 1.50, -2e3]}");
	CHECK_CSTRING(READ("\"a\\\"b\\u00e9\\ud83d\\ude00\""), "\"a\\\"b\xc3\xa9\xf0\x9f\x98\x80\"");
	CHECK_CSTRING(READ("[]"), "[]");
	CHECK_CSTRING(READ("{}"), "{}");
	CHECK_CSTRING(READ("\"\""), "\"\"");
	CHECK_CSTRING(READ(" 0 "), "0");
	/* Of equal keys the last counts, however they are spelled. */
	CHECK_CSTRING(READ("{\"a\": 1, \"bb\": 2, \"\\u0061\": 3, \"a\": 4, \"c\": 5}"),
				  "{\"a\": 4, \"c\": 5, \"bb\": 2}");
	CHECK(strstr(READ(""), "{") == NULL);
	CHECK(strcmp(READ("{\"a\": 1}"), "{\"a\": 1}") == 0);
	CHECK(READ("{a: 1}")[0] != '{');
	CHECK(READ("[1, 2,]")[0] != '[');
	CHECK(READ("[1] x")[0] != '[');
	CHECK(READ("NaN")[0] != 'N');
	CHECK(READ("\"\\u0000\"")[0] != '"');
	CHECK(are_equal("{\"a\": 1, \"b\": [2.0]}", "{\"b\": [2], \"a\": 1e0}"));
	CHECK(are_equal("{\"a\": 1, \"a\": 2}", "{\"a\": 2}"));
	CHECK(!are_equal("[1, 2]", "[2, 1]"));
	CHECK(!are_equal("\"1\"", "1"));
	CHECK(!are_equal("{\"a\": null}", "{}"));
	check_short_memory();
	return check_finish();
}
