/* Characters of core/text/unicode. */
#include "core/text/unicode.h"

#include <stdlib.h>

#include "check.h"

#define MIXED	"a\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"

static void
test_characters(void)
{
	static const size_t lengths[] = {1, 2, 3, 4};
	static const uint32_t code_points[] = {'a', 0xE9, 0x20AC, 0x1F600};
	size_t		at = 0;

	for (int i = 0; i < 4; i++)
	{
		char		out[UNICODE_MAX_BYTES];

		CHECK_INT(unicode_first(MIXED + at, strlen(MIXED) - at), lengths[i]);
		CHECK_INT(unicode_code_point(MIXED + at, strlen(MIXED) - at), code_points[i]);
		CHECK_INT(unicode_encode(code_points[i], out), lengths[i]);
		CHECK(memcmp(out, MIXED + at, lengths[i]) == 0);
		at += lengths[i];
	}
	CHECK_INT(unicode_length(MIXED, strlen(MIXED)), 4);
	CHECK_INT(unicode_length("", 0), 0);
}

/* Every code point comes back as it went in. */
static void
test_all(void)
{
	int			wrong = 0;
	int			characters = 0;

	for (uint32_t c = 0; c <= 0x110001; c++)
	{
		char		out[UNICODE_MAX_BYTES];
		size_t		n;

		if (!unicode_is_character(c))
			continue;
		characters++;
		n = unicode_encode(c, out);
		wrong += unicode_first(out, n) != n || unicode_code_point(out, n) != c || unicode_length(out, n) != 1;
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(characters, 0x110000 - 0x800);
}

static void
test_clip(void)
{
	static const size_t expected[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};

	for (size_t max = 0; max < 12; max++)
		CHECK_INT(unicode_clip(MIXED, strlen(MIXED), max), expected[max]);
}

/* What is not UTF-8 is not read beyond its end. */
static void
test_invalid(void)
{
	static const char *const texts[] = {"\xf0", "\xe2\x82", "\x80\x80\x80\x80\x80", "a\xff", "\xc3\xc3"};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
	{
		size_t		len = strlen(texts[i]);
		char	   *copy = malloc(len);
		size_t		n;

		memcpy(copy, texts[i], len);
		CHECK(unicode_first(copy, len) <= len);
		(void) unicode_code_point(copy, len);
		CHECK(unicode_length(copy, len) <= len);
		CHECK(unicode_leading_space(copy, len) <= len);
		CHECK(unicode_trailing_space(copy, len) <= len);
		free(unicode_upper(copy, len, &n));
		free(unicode_lower(copy, len, &n));
		free(copy);
	}
}

static void
check_space(const char *text, size_t leading, size_t trailing, int line)
{
	check_int(unicode_leading_space(text, strlen(text)), (int64_t) leading, text, "leading", line);
	check_int(unicode_trailing_space(text, strlen(text)), (int64_t) trailing, text, "trailing", line);
}

/* Those for which Python's str.isspace() is true, and neighbours of them. */
static void
test_space(void)
{
	static const uint32_t spaces[] = {
		0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x20, 0x85, 0xA0, 0x1680, 0x2000, 0x2001, 0x2002,
		0x2003, 0x2004, 0x2005, 0x2006, 0x2007, 0x2008, 0x2009, 0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000
	};
	size_t		found = 0;

	for (uint32_t c = 1; c <= 0x10FFFF; c++)
	{
		char		out[UNICODE_MAX_BYTES];
		size_t		n;

		if (!unicode_is_character(c))
			continue;
		n = unicode_encode(c, out);
		if (unicode_leading_space(out, n) == 0)
			continue;
		CHECK(found < sizeof(spaces) / sizeof(spaces[0]) && c == spaces[found]);
		CHECK_INT(unicode_trailing_space(out, n), n);
		found++;
	}
	CHECK_INT(found, sizeof(spaces) / sizeof(spaces[0]));
	check_space("", 0, 0, __LINE__);
	check_space("  a\n", 2, 1, __LINE__);
	check_space("\xc2\xa0\xe3\x80\x80 \xc3\xa9 \xe2\x80\xa8", 6, 4, __LINE__);
	check_space(" \t ", 3, 3, __LINE__);
	check_space("\xe2\x80\x8b", 0, 0, __LINE__);
}

static void
check_case(const char *text, const char *upper, const char *lower, int line)
{
	size_t		len = 0;
	char	   *mapped = unicode_upper(text, strlen(text), &len);

	check_text(mapped, len, upper, text, "upper", line);
	free(mapped);
	mapped = unicode_lower(text, strlen(text), &len);
	check_text(mapped, len, lower, text, "lower", line);
	free(mapped);
}

/* As Python's str.upper() and str.lower() have it. */
static void
test_case(void)
{
	check_case("", "", "", __LINE__);
	check_case("aBc1!", "ABC1!", "abc1!", __LINE__);
	check_case("stra\xc3\x9f" "e", "STRASSE", "stra\xc3\x9f" "e", __LINE__);
	check_case("\xc3\xa9\xc3\x89", "\xc3\x89\xc3\x89", "\xc3\xa9\xc3\xa9", __LINE__);
	check_case("\xef\xac\x81", "FI", "\xef\xac\x81", __LINE__);
	/* A sigma at the end of a word is another letter. */
	check_case("\xce\xa3\xce\x91\xce\xa3", "\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82", __LINE__);
	/* No language: an i is an i. */
	check_case("iI", "II", "ii", __LINE__);
	check_case("\xc4\xb0", "\xc4\xb0", "i\xcc\x87", __LINE__);
	check_case("\xf0\x90\x90\xa8", "\xf0\x90\x90\x80", "\xf0\x90\x90\xa8", __LINE__);
}

static void
test_printable(void)
{
	static const uint32_t printable[] = {' ', 'a', '~', 0xE9, 0x300, 0x1F600, 0x3042};
	static const uint32_t others[] = {0, 0x1F, 0x7F, 0x85, 0xA0, 0xAD, 0x200B, 0x2028, 0x3000, 0xE000, 0xFDD0, 0x378, 0xE0001, 0x10FFFF};

	for (size_t i = 0; i < sizeof(printable) / sizeof(printable[0]); i++)
		CHECK(unicode_is_printable(printable[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(!unicode_is_printable(others[i]));
}

static void
test_words(void)
{
	static const uint32_t alphanumeric[] = {'0', '9', 'A', 'z', 0xAA, 0xBD, 0xE9, 0x3B1, 0x2160, 0x4E2D, 0x20000};
	static const uint32_t marks[] = {0x300, 0x483, 0x93F, 0xE31, 0x20E3, 0xFE0F};
	static const uint32_t others[] = {0, ' ', '/', ':', '@', '[', '_', '`', '{', 0x7F, 0xA0, 0x200D, 0x2764, 0x1F600};

	for (size_t i = 0; i < sizeof(alphanumeric) / sizeof(alphanumeric[0]); i++)
		CHECK(unicode_is_alphanumeric(alphanumeric[i]) && !unicode_is_mark(alphanumeric[i]));
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		CHECK(!unicode_is_alphanumeric(marks[i]) && unicode_is_mark(marks[i]));
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		CHECK(!unicode_is_alphanumeric(others[i]) && !unicode_is_mark(others[i]));
}

static void
check_composed(const char *text, const char *expected, int line)
{
	size_t		len;
	char	   *composed = unicode_compose(text, strlen(text), &len);

	check_text(composed, len, expected, text, "composed", line);
	free(composed);
}

static void
test_compose(void)
{
	check_composed("abc", "abc", __LINE__);
	check_composed("u\xcc\x88", "\xc3\xbc", __LINE__);
	check_composed("\xc3\xbc", "\xc3\xbc", __LINE__);
	/* What is only compatible stays: a ligature. */
	check_composed("\xef\xac\x81", "\xef\xac\x81", __LINE__);
}

int
main(void)
{
	test_characters();
	test_all();
	test_clip();
	test_invalid();
	test_space();
	test_case();
	test_printable();
	test_words();
	test_compose();
	return check_finish();
}
