/* Strictness and getters of core/json/json. */
#include "core/json/json.h"

#include <stdlib.h>

#include "check.h"
#include "core/json/json_scan.h"

/* Parses a copy that ends where the text does, so that overreads are seen. */
static JsonDocument *
parse_bytes(const char *text, size_t len, const char **reason)
{
	char	   *copy = malloc(len > 0 ? len : 1);
	JsonDocument *doc;

	memcpy(copy, text, len);
	doc = json_document_parse(copy, len, reason);
	free(copy);
	return doc;
}

/* Checks that text is taken. */
static void
check_taken(const char *text, size_t len, const char *shown, int line)
{
	const char *reason = "untouched";
	JsonDocument *doc = parse_bytes(text, len, &reason);

	if (!check_report(doc != NULL && reason == NULL, shown, "taken", line))
		printf("# %s\n", reason);
	json_document_free(doc);
}

/* Checks that text is refused, for that reason. */
static void
check_refused(const char *text, size_t len, const char *expected, const char *shown, int line)
{
	const char *reason = NULL;
	JsonDocument *doc = parse_bytes(text, len, &reason);

	check_text(reason, reason ? strlen(reason) : 0, expected, shown, "refused", line);
	check_report(doc == NULL, shown, "refused", line);
	json_document_free(doc);
}

#define TAKEN(text)				check_taken(text, sizeof(text) - 1, #text, __LINE__)
#define REFUSED(text, reason)	check_refused(text, sizeof(text) - 1, reason, #text, __LINE__)

static void
test_taken(void)
{
	TAKEN("{}");
	TAKEN("[]");
	TAKEN(" \t\r\n{ \"a\" : [ 1 , 2 ] } \n");
	TAKEN("null");
	TAKEN("true");
	TAKEN(" false ");
	TAKEN("12");
	TAKEN("-0");
	TAKEN("-0.0e-0");
	TAKEN("1E+5");
	TAKEN("1e999");
	TAKEN("123456789012345678901234567890");
	TAKEN("[-123456789012345678901234567890]");
	TAKEN("{\"caf\xc3\xa9\":\"\xe2\x80\x94 \xf0\x9f\x98\x80\"} \r\n\t");
	TAKEN("\"\"");
	TAKEN("\"NaN 'Infinity' // /* */\"");
	TAKEN("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00e9\\uD83D\\uDE00\"");
	TAKEN("\"\\\\u0000\"");
	TAKEN("\"\x7f\xc2\x80\xdf\xbf\xe0\xa0\x80\xed\x9f\xbf\xee\x80\x80\xef\xbf\xbf\xf0\x90\x80\x80\xf4\x8f\xbf\xbf\"");
	TAKEN("{\"\":1}");
	TAKEN("{\"a\":1,\"a\":2}");
}

static void
test_shape_refused(void)
{
	REFUSED("", "empty");
	REFUSED("  \n", "empty");
	REFUSED("{", "cut off before its end");
	REFUSED("{\"a\"", "cut off before its end");
	REFUSED("{\"a\":", "cut off before its end");
	REFUSED("{\"a\":1", "cut off before its end");
	REFUSED("{\"a\":1,", "cut off before its end");
	REFUSED("[1", "cut off before its end");
	REFUSED("\"a", "cut off before its end");
	REFUSED("\"a\\", "cut off before its end");
	REFUSED("tru", "cut off before its end");
	REFUSED("-", "cut off before its end");
	REFUSED("[1,]", "not JSON");
	REFUSED("[,1]", "not JSON");
	REFUSED("[1 2]", "not JSON");
	REFUSED("{\"a\":1,}", "not JSON");
	REFUSED("{\"a\" 1}", "not JSON");
	REFUSED("{a:1}", "not JSON");
	REFUSED("{1:1}", "not JSON");
	REFUSED("[1}", "not JSON");
	REFUSED("{\"a\":1]", "not JSON");
	REFUSED("]", "not JSON");
	REFUSED("<html>", "not JSON");
	REFUSED("/* */{}", "not JSON");
	REFUSED("\xef\xbb\xbf{}", "not JSON");
	REFUSED("\v{}", "not JSON");
	REFUSED("TRUE", "not JSON");
	REFUSED("True", "not JSON");
	REFUSED("nulL", "not JSON");
	REFUSED("{}x", "followed by something else");
	REFUSED("{}{}", "followed by something else");
	REFUSED("{}\f", "followed by something else");
	REFUSED("12 13", "followed by something else");
	REFUSED("nullnull", "followed by something else");
	REFUSED("{}//", "followed by something else");
}

static void
test_leniencies_refused(void)
{
	REFUSED("NaN", "using NaN or Infinity, which JSON does not have");
	REFUSED("[NaN]", "using NaN or Infinity, which JSON does not have");
	REFUSED("{\"a\":Infinity}", "using NaN or Infinity, which JSON does not have");
	REFUSED("-Infinity", "using NaN or Infinity, which JSON does not have");
	REFUSED("{\"a\":-Infinity}", "using NaN or Infinity, which JSON does not have");
	REFUSED("nan", "not JSON");
	REFUSED("{'a':1}", "quoted with single quotes");
	REFUSED("['a']", "quoted with single quotes");
	REFUSED("01", "followed by something else");
	REFUSED("[01]", "not JSON");
	REFUSED("[-01]", "not JSON");
	REFUSED("[1.]", "not JSON");
	REFUSED("[.5]", "not JSON");
	REFUSED("[+1]", "not JSON");
	REFUSED("[1e]", "not JSON");
	REFUSED("[1e+]", "not JSON");
	REFUSED("[1e+-5]", "not JSON");
	REFUSED("[1.e5]", "not JSON");
	REFUSED("[0x10]", "not JSON");
	REFUSED("[1_000]", "not JSON");
}

static void
test_strings_refused(void)
{
	REFUSED("\"\\u0000\"", "holding \\u0000, which text cannot store");
	REFUSED("{\"a\\u0000b\":1}", "holding \\u0000, which text cannot store");
	REFUSED("[{\"a\":\"\\\\\\u0000\"}]", "holding \\u0000, which text cannot store");
	REFUSED("\"a\0b\"", "holding a NUL byte");
	REFUSED("{}\0", "holding a NUL byte");
	REFUSED("\0", "holding a NUL byte");
	REFUSED("\"a\nb\"", "holding an unescaped control character");
	REFUSED("\"a\tb\"", "holding an unescaped control character");
	REFUSED("{\"a\x1f\":1}", "holding an unescaped control character");
	REFUSED("\"\\x41\"", "using an escape that JSON does not have");
	REFUSED("\"\\'\"", "using an escape that JSON does not have");
	REFUSED("\"\\U0041\"", "using an escape that JSON does not have");
	REFUSED("\"\\u004\"", "using an escape that JSON does not have");
	REFUSED("\"\\u00g1\"", "using an escape that JSON does not have");
	REFUSED("\"\\ud800\"", "holding half of a surrogate pair");
	REFUSED("\"\\uDBFFx\"", "holding half of a surrogate pair");
	REFUSED("\"\\ud800\\n\"", "holding half of a surrogate pair");
	REFUSED("\"\\ud800\\u0041\"", "holding half of a surrogate pair");
	REFUSED("\"\\ud800\\ud800\"", "holding half of a surrogate pair");
	REFUSED("\"\\udc00\"", "holding half of a surrogate pair");
	REFUSED("\"\\udfff\\ud800\"", "holding half of a surrogate pair");
	REFUSED("{\"\\udc00\":1}", "holding half of a surrogate pair");
}

static void
test_utf8_refused(void)
{
	REFUSED("\"\x80\"", "not valid UTF-8");
	REFUSED("\"\xff\"", "not valid UTF-8");
	REFUSED("\"\xc0\x80\"", "not valid UTF-8");
	REFUSED("\"\xc1\xbf\"", "not valid UTF-8");
	REFUSED("\"\xc3\"", "not valid UTF-8");
	REFUSED("\"\xc3(\"", "not valid UTF-8");
	REFUSED("\"\xe0\x9f\xbf\"", "not valid UTF-8");
	REFUSED("\"\xe2\x82\"", "not valid UTF-8");
	REFUSED("\"\xe2\x82(\"", "not valid UTF-8");
	REFUSED("\"\xed\xa0\x80\"", "not valid UTF-8");
	REFUSED("\"\xed\xbf\xbf\"", "not valid UTF-8");
	REFUSED("\"\xf0\x8f\xbf\xbf\"", "not valid UTF-8");
	REFUSED("\"\xf0\x9f\x98\"", "not valid UTF-8");
	REFUSED("\"\xf4\x90\x80\x80\"", "not valid UTF-8");
	REFUSED("\"\xf5\x80\x80\x80\"", "not valid UTF-8");
	REFUSED("{\"\xe9\":1}", "not valid UTF-8");
	REFUSED("\"\xc3", "not valid UTF-8");
}

/* Builds n openings, a core, and n closings, in malloc'd memory. */
static char *
nest(int n, const char *opening, const char *core, const char *closing)
{
	char	   *text = malloc(n * (strlen(opening) + strlen(closing)) + strlen(core) + 1);
	char	   *p = text;

	for (int i = 0; i < n; i++)
		p = stpcpy(p, opening);
	p = stpcpy(p, core);
	for (int i = 0; i < n; i++)
		p = stpcpy(p, closing);
	return text;
}

static void
test_depth(void)
{
	static const char *const pairs[][2] = {{"[", "]"}, {"{\"a\":", "}"}, {"[{\"a\":", "}]"}};

	for (int i = 0; i < 3; i++)
	{
		int			fits = i == 2 ? JSON_MAX_DEPTH / 2 : JSON_MAX_DEPTH;
		char	   *text = nest(fits, pairs[i][0], "1", pairs[i][1]);

		check_taken(text, strlen(text), "as deep as allowed", __LINE__);
		free(text);
		text = nest(fits + 1, pairs[i][0], "1", pairs[i][1]);
		check_refused(text, strlen(text), "nested too deeply", "deeper", __LINE__);
		free(text);
	}
	/* Depth counts what is open, not what was. */
	REFUSED("[[[]]", "cut off before its end");
	TAKEN("[[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[],[]]");
}

static void
test_size(void)
{
	size_t		n = 1500000;
	char	   *text = malloc(3 * n + 2);
	const char *reason = NULL;

	/* A small body that would take more than a gigabyte as a tree. */
	text[0] = '[';
	for (size_t i = 0; i < n; i++)
		memcpy(text + 1 + 3 * i, "{},", 3);
	text[3 * n] = ']';
	CHECK(json_document_parse(text, 3 * n + 1, &reason) == NULL);
	CHECK_CSTRING(reason, "too large once parsed");
	free(text);
	CHECK(json_document_parse("1", (size_t) INT32_MAX, &reason) == NULL);
	CHECK_CSTRING(reason, "too large");
	CHECK(json_document_parse("1", SIZE_MAX, &reason) == NULL);
	CHECK_CSTRING(reason, "too large");
	CHECK(json_document_parse(NULL, 0, &reason) == NULL);
	CHECK_CSTRING(reason, "empty");
}

static JsonDocument *
parse(const char *text)
{
	const char *reason;
	JsonDocument *doc = parse_bytes(text, strlen(text), &reason);

	CHECK(doc != NULL);
	return doc;
}

static void
test_kinds(void)
{
	JsonDocument *doc = parse("[null,true,1,1.5,\"s\",[],{}]");
	const JsonValue *root = json_document_root(doc);
	static const JsonKind kinds[] = {JSON_KIND_NULL, JSON_KIND_BOOL, JSON_KIND_NUMBER,
	JSON_KIND_NUMBER, JSON_KIND_STRING, JSON_KIND_ARRAY, JSON_KIND_OBJECT};

	CHECK_INT(json_value_length(root), 7);
	for (size_t i = 0; i < 7; i++)
		CHECK_INT(json_value_kind(json_value_element(root, i)), kinds[i]);
	CHECK(json_value_element(root, 7) == NULL);
	CHECK(json_value_element(root, SIZE_MAX) == NULL);
	CHECK(json_value_member(root, "a") == NULL);
	json_document_free(doc);
}

static void
test_members(void)
{
	JsonDocument *doc = parse("{\"a\":1,\"b\":{\"c\":\"x\"},\"a\":2,\"n\":null,\"\\u00e9\":3}");
	const JsonValue *root = json_document_root(doc);
	int64_t		n = 0;

	CHECK(json_value_int64(json_value_member(root, "a"), &n));
	CHECK_INT(n, 2);
	CHECK(json_value_int64(json_value_member(root, "\xc3\xa9"), &n));
	CHECK_INT(n, 3);
	CHECK(json_value_member(root, "n") == NULL);
	CHECK(json_value_member(root, "none") == NULL);
	CHECK(json_value_member(json_value_member(root, "b"), "c") != NULL);
	CHECK(json_value_member(json_value_member(root, "a"), "c") == NULL);
	CHECK(json_value_element(root, 0) == NULL);
	CHECK_INT(json_value_length(root), 0);
	json_document_free(doc);
}

/* Everything takes a missing value. */
static void
test_missing(void)
{
	const char *data = "untouched";
	size_t		len = 9;
	int64_t		n = 42;
	bool		b = true;

	CHECK_INT(json_value_kind(NULL), JSON_KIND_NULL);
	CHECK(json_value_member(NULL, "a") == NULL);
	CHECK(json_value_element(NULL, 0) == NULL);
	CHECK_INT(json_value_length(NULL), 0);
	CHECK(!json_value_string(NULL, &data, &len));
	CHECK(!json_value_number_text(NULL, &data, &len));
	CHECK(!json_value_int64(NULL, &n));
	CHECK(!json_value_bool(NULL, &b));
	CHECK_TEXT(data, len, "untouched");
	CHECK_INT(n, 42);
	CHECK(b);
	CHECK(json_document_root(NULL) == NULL);
	json_document_free(NULL);
}

static void
test_strings(void)
{
	JsonDocument *doc = parse("[\"\",\"a\\n\\u00e9\\ud83d\\ude00\\/\",1,true,null,[\"x\"]]");
	const JsonValue *root = json_document_root(doc);
	const char *data = NULL;
	size_t		len = 9;
	bool		b = false;

	CHECK(json_value_string(json_value_element(root, 0), &data, &len));
	CHECK_TEXT(data, len, "");
	CHECK(json_value_string(json_value_element(root, 1), &data, &len));
	CHECK_TEXT(data, len, "a\n\xc3\xa9\xf0\x9f\x98\x80/");
	for (size_t i = 2; i < 6; i++)
		CHECK(!json_value_string(json_value_element(root, i), &data, &len));
	CHECK(json_value_bool(json_value_element(root, 3), &b));
	CHECK(b);
	CHECK(!json_value_bool(json_value_element(root, 2), &b));
	json_document_free(doc);
	doc = parse("false");
	CHECK(json_value_bool(json_document_root(doc), &b));
	CHECK(!b);
	json_document_free(doc);
}

/* One number at the root and in an array: json-c reads those differently. */
static void
check_number(const char *text, bool whole, int64_t expected, int line)
{
	char		array[64];
	JsonDocument *doc;
	int64_t		n = -42;

	snprintf(array, sizeof(array), "[%s]", text);
	doc = parse(array);
	check_report(json_value_int64(json_value_element(json_document_root(doc), 0), &n) == whole,
				 text, "number", line);
	check_int(n, whole ? expected : -42, text, "number", line);
	json_document_free(doc);
	n = -42;
	doc = parse(text);
	check_report(json_value_int64(json_document_root(doc), &n) == whole, text, "number", line);
	check_int(n, whole ? expected : -42, text, "number", line);
	json_document_free(doc);
}

static void
test_numbers(void)
{
	check_number("0", true, 0, __LINE__);
	check_number("-0", true, 0, __LINE__);
	check_number("12", true, 12, __LINE__);
	check_number("12.0", true, 12, __LINE__);
	check_number("1.2e1", true, 12, __LINE__);
	check_number("120e-1", true, 12, __LINE__);
	check_number("-7", true, -7, __LINE__);
	check_number("-7.0", true, -7, __LINE__);
	check_number("9223372036854775807", true, INT64_MAX, __LINE__);
	check_number("-9223372036854775807", true, -INT64_MAX, __LINE__);
	check_number("9007199254740992.0", true, INT64_C(9007199254740992), __LINE__);
	check_number("9223372036854775808", false, 0, __LINE__);
	check_number("18446744073709551616", false, 0, __LINE__);
	check_number("-9223372036854775809", false, 0, __LINE__);
	check_number("1e17", false, 0, __LINE__);
	check_number("1e999", false, 0, __LINE__);
	check_number("-1e999", false, 0, __LINE__);
	check_number("12.5", false, 0, __LINE__);
	check_number("\"12\"", false, 0, __LINE__);
	check_number("true", false, 0, __LINE__);
	check_number("null", false, 0, __LINE__);
	check_number("[12]", false, 0, __LINE__);
}

static void
test_number_text(void)
{
	JsonDocument *doc = parse("[429,-1,1.50,1e5,18446744073709551615,\"1\"]");
	const JsonValue *root = json_document_root(doc);
	static const char *const texts[] = {"429", "-1", "1.50", "1e5", "18446744073709551615"};
	const char *data = NULL;
	size_t		len = 0;

	for (size_t i = 0; i < 5; i++)
	{
		CHECK(json_value_number_text(json_value_element(root, i), &data, &len));
		CHECK_TEXT(data, len, texts[i]);
	}
	CHECK(!json_value_number_text(json_value_element(root, 5), &data, &len));
	json_document_free(doc);
}

int
main(void)
{
	test_taken();
	test_shape_refused();
	test_leniencies_refused();
	test_strings_refused();
	test_utf8_refused();
	test_depth();
	test_size();
	test_kinds();
	test_members();
	test_missing();
	test_strings();
	test_numbers();
	test_number_text();
	return check_finish();
}
