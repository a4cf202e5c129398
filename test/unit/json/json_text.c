/*
 * Walking JSON text: members in their order, escapes, interrupts, and no
 * reading beyond the end.
 */
#include "core/json/json_text.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "check.h"

/* A copy in memory of its own, so that reading beyond the end is seen. */
static TextSlice
slice(const char *text)
{
	size_t		len = strlen(text);
	char	   *copy = malloc(len ? len : 1);

	memcpy(copy, text, len);
	return (TextSlice) {copy, len};
}

static void
release(TextSlice text)
{
	free((void *) text.data);
}

/* The members of a container as "key=value;", in the order of the walk. */
static void
check_walk(const char *json, const char *wanted)
{
	TextSlice	text = slice(json);
	char		found[400] = "";
	size_t		len = 0;
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;

	json_text_enter(&walk, text);
	while (json_text_next(&walk, &key, &value))
		len += (size_t) snprintf(found + len, sizeof(found) - len, "%.*s=%.*s;",
								 (int) key.len, key.data ? key.data : "",
								 (int) value.len, value.data);
	CHECK_CSTRING(found, wanted);
	release(text);
}

static void
test_walk(void)
{
	check_walk("{}", "");
	check_walk("[]", "");
	check_walk(" { } ", "");
	check_walk("{\"b\": 1.0, \"a\":1E5 ,\"c\":null}", "b=1.0;a=1E5;c=null;");
	check_walk("{\"z\" : {\"y\": [1, {\"x\": \"}]\"}]}, \"a\": \"\\\"\\\\\"}",
			   "z={\"y\": [1, {\"x\": \"}]\"}]};a=\"\\\"\\\\\";");
	check_walk("[true,false , [], {},\n\"a,b\"]", "=true;=false;=[];={};=\"a,b\";");
	check_walk("{\"\": 0}", "=0;");
	check_walk("\"text\"", "");
	check_walk("12", "");
	check_walk("", "");
}

/* Counts all strings in a container, going into what is in it. */
static int
count_strings(JsonWalk *walk)
{
	TextSlice	key;
	int			n = 0;

	while (json_text_more(walk, &key))
	{
		ValueKind	kind = json_text_peek(walk);

		if (kind == VALUE_OBJECT || kind == VALUE_ARRAY)
		{
			JsonWalk	inner;

			json_text_descend(walk, &inner);
			n += count_strings(&inner);
			json_text_ascend(walk, &inner);
		}
		else
		{
			(void) json_text_take(walk);
			n += kind == VALUE_STRING;
		}
	}
	return n;
}

static void
test_descent(void)
{
	TextSlice	text = slice("[\"a\", {\"b\": [], \"c\" : {\"d\": [\"e\" ,[ ]] } , \"f\":\"g]\"},1, \"h\"]");
	JsonWalk	walk;

	json_text_enter(&walk, text);
	CHECK_INT(count_strings(&walk), 4);
	release(text);
}

/*
 * Nothing here is JSON; it must neither be read beyond its end nor go on for
 * ever.
 */
static void
test_broken(void)
{
	static const char *const broken[] = {
		"{", "[", "{\"", "{\"a", "{\"a\\", "{\"a\"", "{\"a\":", "{\"a\":\"", "[,", "[1,", "[1 2",
		"{:1}", "{\"a\" 1}", "[\"\\u12", "[[", "[}", "{]", "[:]", "{,,}", "]", "}"
	};

	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++)
	{
		TextSlice	text = slice(broken[i]);
		JsonWalk	walk;

		CHECK(json_text_count(text) < 4);
		(void) json_text_member(text, "a");
		json_text_enter(&walk, text);
		CHECK(count_strings(&walk) < 4);
		release(text);
	}
}

static void
check_decoded(const char *string, const char *wanted)
{
	TextSlice	text = slice(string);
	char	   *out = malloc(text.len + 1);

	out[json_text_decode(text, out)] = '\0';
	CHECK_CSTRING(out, wanted);
	CHECK(json_text_says(text, wanted));
	CHECK(!json_text_says(text, "something else"));
	free(out);
	release(text);
}

static void
test_strings(void)
{
	check_decoded("", "");
	check_decoded("plain", "plain");
	check_decoded("\\\"\\\\\\/\\b\\f\\n\\r\\t", "\"\\/\b\f\n\r\t");
	check_decoded("mod\\u0065l", "model");
	check_decoded("\\u00e9\\u20AC\\ud83d\\ude00!", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80!");
	check_decoded("\xc3\xa9", "\xc3\xa9");
}

static void
test_members(void)
{
	TextSlice	text = slice("{\"x\": {\"b\": 2}, \"mod\\u0065l\": 3, \"b\": 4}");
	TextSlice	b = json_text_member(text, "b");

	CHECK(b.len == 1 && *b.data == '4');
	CHECK(*json_text_member(text, "model").data == '3');
	CHECK(json_text_member(text, "mode").data == NULL);
	CHECK(json_text_member(text, "models").data == NULL);
	CHECK_INT(json_text_count(text), 3);
	release(text);
	CHECK(json_text_member((TextSlice) {NULL, 0}, "b").data == NULL);
	CHECK_INT(json_text_count((TextSlice) {NULL, 0}), 0);
}

#define MAX_LONG 4000000

static jmp_buf interrupted;
static int	looks_left;

/* An interrupt that comes after some looks for one. */
static void
interrupt(void)
{
	if (--looks_left < 0)
		longjmp(interrupted, 1);
}

/*
 * A text of 4 MB, made of a piece many times over, so
 * that whatever walks it has looked for interrupts at least 30 times.
 */
static TextSlice
make_long(const char *begin, const char *piece, const char *end)
{
	size_t		n = MAX_LONG / strlen(piece);
	char	   *text = malloc(strlen(begin) + n * strlen(piece) + strlen(end) + 1);
	char	   *at = stpcpy(text, begin);

	for (size_t i = 0; i < n; i++)
		at = stpcpy(at, piece);
	at = stpcpy(at, end);
	return (TextSlice) {text, (size_t) (at - text)};
}

static void
find_nothing(TextSlice text)
{
	json_text_member(text, "nothing");
}

static void
compare(TextSlice text)
{
	json_text_same(text, text);
}

static void
decode(TextSlice text)
{
	static char out[MAX_LONG];

	json_text_decode((TextSlice) {text.data + 1, text.len - 2}, out);
}

static void
check_interrupt(const char *begin, const char *piece, const char *end, void (*walk) (TextSlice text))
{
	TextSlice	text = make_long(begin, piece, end);
	volatile bool is_interrupted = true;

	looks_left = 30;
	json_text_check_interrupts = interrupt;
	if (setjmp(interrupted) == 0)
	{
		walk(text);
		is_interrupted = false;
	}
	json_text_check_interrupts = NULL;
	CHECK(is_interrupted);
	release(text);
}

/*
 * However long a value is, and whatever it is made of, walking it can be
 * ended.
 */
static void
test_interrupts(void)
{
	check_interrupt("{\"a\": [", "1, ", "1]}", find_nothing);
	check_interrupt("{\"a\": [", "[[], {}], ", "1]}", find_nothing);
	check_interrupt("{\"a\": \"", "text", "\"}", find_nothing);
	check_interrupt("{\"a\": \"", "\\\"", "\"}", find_nothing);
	check_interrupt("{\"", "a", "\": 1}", find_nothing);
	check_interrupt("{", "\"a\": 1, ", "\"b\": 1}", find_nothing);
	check_interrupt("\"", "\\n", "\"", decode);
	check_interrupt("{", " ", "\"a\": 1}", find_nothing);
	check_interrupt("{\"a\": ", "\n", "1}", find_nothing);
	check_interrupt("[", "1, ", "1]", compare);
}

static void
check_kind(const char *json, ValueKind wanted)
{
	TextSlice	text = slice(json);

	CHECK_INT(json_text_kind(text), wanted);
	release(text);
}

static void
check_same(const char *one, const char *other, bool wanted)
{
	TextSlice	first = slice(one);
	TextSlice	second = slice(other);

	CHECK_INT(json_text_same(first, second), wanted);
	CHECK_INT(json_text_same(second, first), wanted);
	release(first);
	release(second);
}

static void
test_same(void)
{
	check_same("{\"a\":1,\"b\":[true]}", " {\n\"a\" : 1, \"b\": [ true ]\t}\r", true);
	check_same("{\"a\": 1, \"b\": 2}", "{\"b\": 2, \"a\": 1}", false);
	check_same("[1.0]", "[1]", false);
	check_same("[1]", "[1", false);
	check_same("\"a b\"", "\"ab\"", false);
	check_same("\"a  \\\" b\"", "\"a  \\\" b\"", true);
	check_same("\"\\u0041\"", "\"A\"", false);
	check_same("\"abc\"", "\"ab", false);
	check_same("", " ", true);
}

static void
check_compact(const char *text, const char *wanted)
{
	TextSlice	value = slice(text);
	char		out[64];

	CHECK_INT(json_text_compact(value, out), strlen(wanted));
	CHECK(memcmp(out, wanted, strlen(wanted)) == 0);
	release(value);
}

static void
test_compact(void)
{
	check_compact(" {\n\"a b\" : 1.50, \"b\": [ true ,\"\\\" c\"]\t}\r", "{\"a b\":1.50,\"b\":[true,\"\\\" c\"]}");
	check_compact("\"a  b\"", "\"a  b\"");
	check_compact("\" ab", "\" ab");
	check_compact(" ", "");
}

int
main(void)
{
	test_same();
	test_compact();
	test_walk();
	test_descent();
	test_broken();
	test_strings();
	test_members();
	test_interrupts();
	check_kind("", VALUE_UNDEFINED);
	check_kind(" \n", VALUE_UNDEFINED);
	check_kind("null", VALUE_NULL);
	check_kind("true", VALUE_BOOL);
	check_kind("false", VALUE_BOOL);
	check_kind("-1", VALUE_NUMBER);
	check_kind(" \"a\"", VALUE_STRING);
	check_kind("[1]", VALUE_ARRAY);
	check_kind("\t{}", VALUE_OBJECT);
	CHECK_INT(json_text_kind((TextSlice) {NULL, 0}), VALUE_UNDEFINED);
	return check_finish();
}
