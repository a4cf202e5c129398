/*
 * unicode.c
 *		Characters of UTF-8 text.  The only file that knows libunistring.
 */
#include "core/text/unicode.h"

#include <string.h>
#include <unicase.h>
#include <unictype.h>
#include <uninorm.h>

static bool
is_continuation(char c)
{
	return ((unsigned char) c & 0xC0) == 0x80;
}

size_t
unicode_first(const char *text, size_t len)
{
	size_t		n = 1;

	while (n < len && n < UNICODE_MAX_BYTES && is_continuation(text[n]))
		n++;
	return n;
}

uint32_t
unicode_code_point(const char *text, size_t len)
{
	static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
	size_t		n = unicode_first(text, len);
	uint32_t	code_point = (unsigned char) text[0] & masks[n];

	/* Half a character is none, and no white space above all. */
	if (n == 1 && (unsigned char) text[0] >= 0x80)
		return 0xFFFD;
	for (size_t i = 1; i < n; i++)
		code_point = code_point << 6 | ((unsigned char) text[i] & 0x3F);
	return code_point;
}

size_t
unicode_length(const char *text, size_t len)
{
	size_t		n = 0;

	for (size_t i = 0; i < len; i++)
		n += !is_continuation(text[i]);
	return n;
}

size_t
unicode_clip(const char *text, size_t len, size_t max)
{
	if (len <= max)
		return len;
	while (max > 0 && is_continuation(text[max]))
		max--;
	return max;
}

bool
unicode_is_character(uint32_t code_point)
{
	return code_point <= 0x10FFFF && (code_point < 0xD800 || code_point > 0xDFFF);
}

size_t
unicode_encode(uint32_t code_point, char out[UNICODE_MAX_BYTES])
{
	static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
	size_t		n = code_point < 0x80 ? 1 : code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;

	for (size_t i = n - 1; i > 0; i--)
	{
		out[i] = (char) (0x80 | (code_point & 0x3F));
		code_point >>= 6;
	}
	out[0] = (char) (leads[n] | code_point);
	return n;
}

/* Eight characters at a time: this is done to every text that is scored. */
bool
unicode_is_ascii(const char *text, size_t len)
{
	uint64_t	bits = 0;
	uint64_t	piece;
	size_t		i;

	for (i = 0; i + sizeof(piece) <= len; i += sizeof(piece))
	{
		memcpy(&piece, text + i, sizeof(piece));
		bits |= piece;
	}
	for (; i < len; i++)
		bits |= (unsigned char) text[i];
	return (bits & UINT64_C(0x8080808080808080)) == 0;
}

/* Python's str.isspace(). */
static bool
is_space(uint32_t c)
{
	if (c < 0x80)
		return unicode_is_ascii_space((unsigned char) c);
	return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) ||
		c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

size_t
unicode_leading_space(const char *text, size_t len)
{
	size_t		n = 0;

	while (n < len && is_space(unicode_code_point(text + n, len - n)))
		n += unicode_first(text + n, len - n);
	return n;
}

size_t
unicode_trailing_space(const char *text, size_t len)
{
	size_t		end = len;

	while (end > 0)
	{
		size_t		start = end - 1;

		while (start > 0 && end - start < UNICODE_MAX_BYTES && is_continuation(text[start]))
			start--;
		if (!is_space(unicode_code_point(text + start, end - start)))
			break;
		end = start;
	}
	return len - end;
}

bool
unicode_is_alphanumeric(uint32_t code_point)
{
	if (code_point < 0x80)
		return (code_point >= '0' && code_point <= '9') ||
			((code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z');
	return uc_is_general_category_withtable(code_point, UC_CATEGORY_MASK_L | UC_CATEGORY_MASK_N);
}

bool
unicode_is_mark(uint32_t code_point)
{
	return code_point >= 0x300 && uc_is_general_category_withtable(code_point, UC_CATEGORY_MASK_M);
}

bool
unicode_is_printable(uint32_t code_point)
{
	return code_point == ' ' ||
		!uc_is_general_category_withtable(code_point, UC_CATEGORY_MASK_C | UC_CATEGORY_MASK_Z);
}

char *
unicode_upper(const char *text, size_t len, size_t *result_len)
{
	return (char *) u8_toupper((const uint8_t *) text, len, NULL, NULL, NULL, result_len);
}

char *
unicode_lower(const char *text, size_t len, size_t *result_len)
{
	return (char *) u8_tolower((const uint8_t *) text, len, NULL, NULL, NULL, result_len);
}

char *
unicode_compose(const char *text, size_t len, size_t *result_len)
{
	return (char *) u8_normalize(UNINORM_NFC, (const uint8_t *) text, len, NULL, result_len);
}
