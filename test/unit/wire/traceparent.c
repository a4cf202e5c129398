/* Parsing and formatting of core/wire/traceparent. */
#include "core/wire/traceparent.h"

#include <stdlib.h>

#include "check.h"

#define TRACE	"4bf92f3577b34da6a3ce929d0e0e4736"
#define PARENT	"00f067aa0ba902b7"
#define VALID	"00-" TRACE "-" PARENT "-01"

/* Parses a copy without the NUL, so that reading beyond the end is seen. */
static bool
parse(const char *text, TraceParent *parent)
{
	size_t		len = strlen(text);
	char	   *copy = malloc(len > 0 ? len : 1);
	bool		ok;

	memcpy(copy, text, len);
	ok = traceparent_parse(copy, len, parent);
	free(copy);
	return ok;
}

static bool
refused(const char *text)
{
	TraceParent parent;

	return !parse(text, &parent);
}

static void
test_valid(void)
{
	TraceParent parent;
	char		text[TRACEPARENT_LEN + 1];

	CHECK(parse(VALID, &parent));
	CHECK_INT(parent.trace_id[0], 0x4b);
	CHECK_INT(parent.trace_id[15], 0x36);
	CHECK_INT(parent.parent_id[0], 0x00);
	CHECK_INT(parent.parent_id[7], 0xb7);
	CHECK_INT(parent.flags, 0x01);
	traceparent_format(&parent, text);
	CHECK_CSTRING(text, VALID);

	CHECK(parse("00-" TRACE "-" PARENT "-00", &parent));
	CHECK_INT(parent.flags, 0);
	CHECK(parse("00-" TRACE "-" PARENT "-ff", &parent));
	CHECK_INT(parent.flags, 0xff);
	traceparent_format(&parent, text);
	CHECK_CSTRING(text, "00-" TRACE "-" PARENT "-ff");
}

static void
test_later_versions(void)
{
	TraceParent parent;
	char		text[TRACEPARENT_LEN + 1];

	CHECK(parse("01-" TRACE "-" PARENT "-01", &parent));
	CHECK(parse("cc-" TRACE "-" PARENT "-07-what-the-future-will-be-like", &parent));
	CHECK_INT(parent.flags, TRACEPARENT_SAMPLED);
	traceparent_format(&parent, text);
	CHECK_CSTRING(text, VALID);
	CHECK(parse("fe-" TRACE "-" PARENT "-01-", &parent));
	CHECK(refused("cc-" TRACE "-" PARENT "-01.what"));
	CHECK(refused("cc-" TRACE "-" PARENT "-011"));
	CHECK(refused("ff-" TRACE "-" PARENT "-01"));
	CHECK(refused("ff-" TRACE "-" PARENT "-01-x"));
}

static void
test_refusals(void)
{
	CHECK(refused(""));
	CHECK(refused("00"));
	CHECK(refused("00-" TRACE "-" PARENT));
	CHECK(refused("00-" TRACE "-" PARENT "-0"));
	CHECK(refused(VALID "-"));
	CHECK(refused(VALID "-extra"));
	CHECK(refused(VALID " "));
	CHECK(refused(" " VALID));
	CHECK(refused("0g-" TRACE "-" PARENT "-01"));
	CHECK(refused("0-" TRACE "-" PARENT "-001"));
	CHECK(refused("00_" TRACE "-" PARENT "-01"));
	CHECK(refused("00-" TRACE "_" PARENT "-01"));
	CHECK(refused("00-" TRACE "-" PARENT "_01"));
	CHECK(refused("00-" TRACE "-" PARENT "-0x"));
	CHECK(refused("00-" TRACE "-" PARENT "-0F"));
	CHECK(refused("00-4BF92F3577B34DA6A3CE929D0E0E4736-" PARENT "-01"));
	CHECK(refused("00-" TRACE "-00F067AA0BA902B7-01"));
	CHECK(refused("00-00000000000000000000000000000000-" PARENT "-01"));
	CHECK(refused("00-" TRACE "-0000000000000000-01"));
	CHECK(refused("00-" TRACE "-00f067aa0ba902b\xc3-01"));
	CHECK(!traceparent_parse(NULL, 0, &(TraceParent) {0}));
	CHECK(!traceparent_parse(NULL, TRACEPARENT_LEN, &(TraceParent) {0}));
}

/* The result is left alone unless all is well. */
static void
test_result_untouched(void)
{
	TraceParent parent = {.flags = 42};

	CHECK(!parse("ff-" TRACE "-" PARENT "-01", &parent));
	CHECK_INT(parent.flags, 42);
	CHECK_INT(parent.trace_id[0], 0);
}

int
main(void)
{
	test_valid();
	test_later_versions();
	test_refusals();
	test_result_untouched();
	return check_finish();
}
