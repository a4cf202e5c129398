/*
 * Finding members, comparing and printing values: core/json/value and
 * core/json/value_text.
 */
#include "core/json/value.h"

#include "check.h"
#include "core/json/value_text.h"
#include "json_values.h"

static Arena *arena;

static Value
json(const char *text)
{
	Value		value;

	if (!json_read(arena, text, strlen(text), &value))
		CHECK_CSTRING(text, "JSON");
	return value;
}

static Value
number(const char *text)
{
	return (Value) {.kind = VALUE_NUMBER,.text = text,.len = strlen(text)};
}

static int
sign(int order)
{
	return order < 0 ? -1 : order > 0;
}

/* Checks the order of two numbers, both ways. */
static void
check_order(const char *a, const char *b, int order, int line)
{
	char		shown[200];
	Value		x = number(a);
	Value		y = number(b);

	snprintf(shown, sizeof(shown), "%s, %s", a, b);
	check_int(sign(value_compare_numbers(&x, &y)), order, shown, "order", line);
	check_int(sign(value_compare_numbers(&y, &x)), -order, shown, "order", line);
}

#define ORDER(a, b, order)	check_order(a, b, order, __LINE__)

static void
test_order_of_numbers(void)
{
	ORDER("0", "0", 0);
	ORDER("0", "-0", 0);
	ORDER("0", "-0.00", 0);
	ORDER("0e5", "0.0e-9", 0);
	ORDER("1", "1.0", 0);
	ORDER("1", "1.000000000000000000001", -1);
	ORDER("10", "1e1", 0);
	ORDER("10", "100e-1", 0);
	ORDER("0.001", "1E-3", 0);
	ORDER("0.01", "0.001", 1);
	ORDER("1", "2", -1);
	ORDER("9", "10", -1);
	ORDER("-1", "1", -1);
	ORDER("-1", "0", -1);
	ORDER("-1", "-2", 1);
	ORDER("-10", "-9", -1);
	ORDER("-0.5", "-0.05", -1);
	ORDER("0", "0.0000001", -1);
	ORDER("123.456", "123.4560", 0);
	ORDER("123.456", "123.4561", -1);
	ORDER("1e400", "1e399", 1);
	ORDER("-1e400", "1e-400", -1);
	ORDER("1e999999999999999999999", "1", 1);
	ORDER("1e-999999999999999999999", "1", -1);
	ORDER("1e-999999999999999999999", "0", 1);
	ORDER("12345678901234567890123456789", "12345678901234567890123456788", 1);
	ORDER("0.1", "0.1000000000000000055511151231257827", -1);
	ORDER("1e+2", "100", 0);
	ORDER("00012", "12", 0);
}

static void
check_equal(const char *a, const char *b, bool equal, int line)
{
	char		shown[200];
	Value		x = json(a);
	Value		y = json(b);
	size_t		steps = 0;

	snprintf(shown, sizeof(shown), "%s, %s", a, b);
	check_report(value_equals(&x, &y, &steps) == equal, shown, "equal", line);
	check_report(value_equals(&y, &x, &steps) == equal, shown, "equal", line);
	check_report(steps >= 2, shown, "steps", line);
}

#define EQUAL(a, b)		check_equal(a, b, true, __LINE__)
#define UNEQUAL(a, b)	check_equal(a, b, false, __LINE__)

static void
test_equality(void)
{
	static const char *const different[] = {
		"null", "true", "false", "0", "1", "\"\"", "\"0\"", "\"1\"", "\"true\"", "[]", "{}", "[null]",
		"[0]", "[[]]", "[0, 0]", "{\"a\": 0}", "{\"a\": null}", "{\"b\": 0}", "{\"a\": 0, \"b\": 0}",
		"\"a\"", "\"A\"", "\"\\u00e4\"", "\"a\\u0308\"",
	};
	size_t		n = sizeof(different) / sizeof(different[0]);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < n; j++)
			check_equal(different[i], different[j], i == j, __LINE__);
	EQUAL("1", "1.0");
	EQUAL("[1, [2.50]]", "[1.0, [2.5]]");
	EQUAL("{\"a\": 1, \"b\": [true]}", "{\"b\": [true], \"a\": 1}");
	UNEQUAL("{\"a\": 1, \"b\": 2}", "{\"a\": 2, \"b\": 1}");
	EQUAL("{\"bb\": 1, \"a\": 2, \"ab\": 3}", "{\"a\": 2, \"ab\": 3, \"bb\": 1}");
}

static void
test_members(void)
{
	Value		object = json("{\"b\": 1, \"a\": 2, \"bb\": 3, \"\": 4, \"ab\": 5, \"\\u00e4\": 6, \"a\": 7}");
	static const struct
	{
		const char *key;
		const char *number;
	}			members[] = {
		{"", "4"}, {"a", "7"}, {"b", "1"}, {"ab", "5"}, {"bb", "3"}, {"\xc3\xa4", "6"},
	};
	Value		others[] = {{.kind = VALUE_UNDEFINED}, json("null"), json("\"a\""), json("[\"a\"]"), json("{}")};

	CHECK_INT(object.len, 6);
	for (size_t i = 0; i < 6; i++)
	{
		const Value *found = value_member(&object, members[i].key, strlen(members[i].key));

		CHECK(found != NULL && found->len == 1 && found->text[0] == members[i].number[0]);
	}
	CHECK(value_member(&object, "c", 1) == NULL);
	CHECK(value_member(&object, "aa", 2) == NULL);
	CHECK(value_member(&object, "abc", 3) == NULL);
	CHECK(value_member(&object, "A", 1) == NULL);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(value_member(&others[i], "a", 1) == NULL);
}

static void
test_truth(void)
{
	static const char *const falsy[] = {"null", "false", "0", "-0", "0.00", "0e9", "\"\"", "[]", "{}"};
	static const char *const truthy[] = {"true", "1", "-1", "0.01", "1e-9", "\" \"", "\"0\"", "[0]", "{\"\": 0}"};
	Value		undefined = {.kind = VALUE_UNDEFINED};

	CHECK(!value_is_true(&undefined));
	for (size_t i = 0; i < sizeof(falsy) / sizeof(falsy[0]); i++)
	{
		Value		no = json(falsy[i]);
		Value		yes = json(truthy[i]);

		check_report(!value_is_true(&no), falsy[i], "false", __LINE__);
		check_report(value_is_true(&yes), truthy[i], "true", __LINE__);
	}
}

static void
check_printed(const char *text, const char *expected, bool (*print) (TextBuilder *, const Value *), int line)
{
	Scratch		scratch = {.arena = arena};
	TextBuilder builder = {.scratch = &scratch,.limit = 1000};
	Value		value = json(text);

	check_report(print(&builder, &value), text, "printed", line);
	check_cstring(text_finish(&builder), expected, text, "printed", line);
	/* Whatever the limit, all or nothing comes out. */
	for (size_t limit = 0; limit < strlen(expected); limit++)
	{
		builder = (TextBuilder) {.scratch = &scratch,.limit = limit};
		if (print(&builder, &value) || builder.problem != TEXT_TOO_LARGE || text_finish(&builder) != NULL)
			check_report(false, text, "limit", line);
	}
}

#define PRINTED(text, expected, as_python) \
	do { \
		check_printed(text, expected, value_print_json, __LINE__); \
		check_printed(text, as_python, value_print_python, __LINE__); \
	} while (0)

static void
test_printing(void)
{
	PRINTED("null", "null", "None");
	PRINTED("true", "true", "True");
	PRINTED("false", "false", "False");
	PRINTED("-1.50", "-1.50", "-1.50");
	PRINTED("\"\"", "\"\"", "");
	PRINTED("[]", "[]", "[]");
	PRINTED("{}", "{}", "{}");
	PRINTED("[1,[2,null],{}]", "[1, [2, null], {}]", "[1, [2, None], {}]");
	PRINTED("{\"b\":1,\"a\":{\"c\":[\"\"]}}", "{\"a\": {\"c\": [\"\"]}, \"b\": 1}", "{'a': {'c': ['']}, 'b': 1}");
	PRINTED("\"a\\\"'\\\\\"", "\"a\\\"'\\\\\"", "a\"'\\");
	PRINTED("[\"\\b\\f\\n\\r\\t\\u0001\\u001f\"]", "[\"\\b\\f\\n\\r\\t\\u0001\\u001f\"]", "['\\x08\\x0c\\n\\r\\t\\x01\\x1f']");
	PRINTED("[\"'\", \"\\\"\", \"'\\\"\"]", "[\"'\", \"\\\"\", \"'\\\"\"]", "[\"'\", '\"', '\\'\"']");
	PRINTED("{\"'\": 0}", "{\"'\": 0}", "{\"'\": 0}");
	PRINTED("[\"\\u007f\\u00e9\\ud83d\\ude00\"]", "[\"\x7f\xc3\xa9\xf0\x9f\x98\x80\"]", "['\\x7f\xc3\xa9\xf0\x9f\x98\x80']");
}

int
main(void)
{
	arena = arena_create((size_t) 64 << 20);
	test_order_of_numbers();
	test_equality();
	test_members();
	test_truth();
	test_printing();
	arena_free(arena);
	return check_finish();
}
