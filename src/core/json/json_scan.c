/*
 * json_scan.c
 *		Strict check of JSON text, before a lenient parser sees it.
 *
 * json-c 0.16 takes, even when told to be strict: NaN and Infinity, single
 * quotes, raw control characters, "1.", \v and \f between tokens, overlong
 * UTF-8 and encoded surrogates, \u0000 (which cuts a key short) and lone
 * surrogates (which it replaces).  This pass refuses them all, so that what
 * the parser may make of them never matters.
 *
 * It also adds up what the tree will cost: a body of "{},{},..." takes 250
 * times its own size once parsed.
 */
#include "core/json/json_scan.h"

#include <stdint.h>
#include <string.h>

#include "core/text/hex.h"

/*
 * Upper bounds of what json-c takes per thing, malloc's overhead and the old
 * copy that is alive while a table or array grows included.  The memory test
 * in test/unit runs the parser under a budget to see that they hold.
 */
#define COST_PARSER		16384
#define COST_OBJECT		960
#define COST_MEMBER		224
#define COST_ARRAY		448
#define COST_ELEMENT	32
#define COST_SCALAR		112

typedef struct Scanner
{
	const unsigned char *p;
	const unsigned char *end;
	const char *reason;
	size_t		memory;
	size_t		longest;		/* longest string or number so far */
	int			depth;
} Scanner;

static bool scan_value(Scanner *s);

/* Notes why the text is refused.  Returns false, for the caller to return. */
static bool
refuse(Scanner *s, const char *reason)
{
	s->reason = reason;
	return false;
}

/* Refuses what is at the current place, or the lack of it. */
static bool
refuse_here(Scanner *s)
{
	if (s->p >= s->end)
		return refuse(s, "cut off before its end");
	if (*s->p == '\'')
		return refuse(s, "quoted with single quotes");
	if (*s->p == 'N' || *s->p == 'I')
		return refuse(s, "using NaN or Infinity, which JSON does not have");
	return refuse(s, "not JSON");
}

static void
skip_space(Scanner *s)
{
	while (s->p < s->end &&
		   (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

/* Steps over c if it is the next character; returns whether it was. */
static bool
take(Scanner *s, unsigned char c)
{
	if (s->p < s->end && *s->p == c)
	{
		s->p++;
		return true;
	}
	return false;
}

/* Charges for a string or number of len bytes. */
static void
charge_text(Scanner *s, size_t len)
{
	s->memory += len;
	if (len > s->longest)
		s->longest = len;
}

/* Steps over one or more digits. */
static bool
scan_digits(Scanner *s)
{
	const unsigned char *start = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return s->p > start;
}

static bool
scan_number(Scanner *s)
{
	const unsigned char *start = s->p;

	(void) take(s, '-');
	if (!take(s, '0') && !scan_digits(s))
		return refuse_here(s);
	if (take(s, '.') && !scan_digits(s))
		return refuse_here(s);
	if (take(s, 'e') || take(s, 'E'))
	{
		if (!take(s, '+'))
			(void) take(s, '-');
		if (!scan_digits(s))
			return refuse_here(s);
	}
	s->memory += COST_SCALAR;
	charge_text(s, s->p - start);
	return true;
}

/* Steps over a literal name; the first character has been seen. */
static bool
scan_word(Scanner *s, const char *word)
{
	for (; *word != '\0'; word++)
		if (!take(s, (unsigned char) *word))
			return refuse_here(s);
	s->memory += COST_SCALAR;
	return true;
}

/*
 * Steps over one character of two to four bytes.  The table of well-formed
 * sequences is the Unicode standard's (3-7): no overlong forms, no
 * surrogates, nothing above U+10FFFF.
 */
static bool
scan_multibyte(Scanner *s)
{
	unsigned char lead = *s->p;
	unsigned char low = 0x80;
	unsigned char high = 0xBF;
	int			trail;

	if (lead >= 0xC2 && lead <= 0xDF)
		trail = 1;
	else if (lead >= 0xE0 && lead <= 0xEF)
		trail = 2;
	else if (lead >= 0xF0 && lead <= 0xF4)
		trail = 3;
	else
		return refuse(s, "not valid UTF-8");
	if (lead == 0xE0)
		low = 0xA0;
	else if (lead == 0xED)
		high = 0x9F;
	else if (lead == 0xF0)
		low = 0x90;
	else if (lead == 0xF4)
		high = 0x8F;
	for (s->p++; trail > 0; trail--, s->p++)
	{
		if (s->p >= s->end || *s->p < low || *s->p > high)
			return refuse(s, "not valid UTF-8");
		low = 0x80;
		high = 0xBF;
	}
	return true;
}

/* Reads the four hex digits of a \u escape into *unit. */
static bool
scan_hex4(Scanner *s, uint32_t *unit)
{
	*unit = 0;
	for (int i = 0; i < 4; i++, s->p++)
	{
		int			digit = s->p < s->end ? hex_value((char) *s->p) : -1;

		if (digit < 0)
			return refuse(s, "using an escape that JSON does not have");
		*unit = *unit << 4 | (uint32_t) digit;
	}
	return true;
}

/* Steps over the rest of an escape; the backslash has been taken. */
static bool
scan_escape(Scanner *s)
{
	static const char letters[] = {'"', '\\', '/', 'b', 'f', 'n', 'r', 't'};
	uint32_t	unit;

	if (s->p >= s->end)
		return refuse_here(s);
	if (!take(s, 'u'))
	{
		if (memchr(letters, *s->p, sizeof(letters)) == NULL)
			return refuse(s, "using an escape that JSON does not have");
		s->p++;
		return true;
	}
	if (!scan_hex4(s, &unit))
		return false;
	if (unit == 0)
		return refuse(s, "holding \\u0000, which text cannot store");
	if (unit < 0xD800 || unit > 0xDFFF)
		return true;
	if (unit > 0xDBFF || !take(s, '\\') || !take(s, 'u'))
		return refuse(s, "holding half of a surrogate pair");
	if (!scan_hex4(s, &unit))
		return false;
	if (unit < 0xDC00 || unit > 0xDFFF)
		return refuse(s, "holding half of a surrogate pair");
	return true;
}

/* Steps over a string; the opening quote has been seen. */
static bool
scan_string(Scanner *s)
{
	const unsigned char *start = s->p;

	s->p++;
	while (!take(s, '"'))
	{
		if (s->p >= s->end)
			return refuse_here(s);
		if (*s->p < 0x20)
			return refuse(s, "holding an unescaped control character");
		if (take(s, '\\'))
		{
			if (!scan_escape(s))
				return false;
		}
		else if (*s->p < 0x80)
			s->p++;
		else if (!scan_multibyte(s))
			return false;
	}
	charge_text(s, s->p - start);
	return true;
}

static bool
scan_member(Scanner *s)
{
	const unsigned char *start;

	skip_space(s);
	start = s->p;
	if (s->p >= s->end || *s->p != '"')
		return refuse_here(s);
	if (!scan_string(s))
		return false;
	/* The key is copied once more when it is put into the table. */
	s->memory += COST_MEMBER + (size_t) (s->p - start);
	skip_space(s);
	if (!take(s, ':'))
		return refuse_here(s);
	return scan_value(s);
}

static bool
scan_element(Scanner *s)
{
	s->memory += COST_ELEMENT;
	return scan_value(s);
}

/* Steps over an object or array; its opening bracket has been seen. */
static bool
scan_container(Scanner *s, unsigned char closing, bool (*scan_item) (Scanner *))
{
	if (s->depth >= JSON_MAX_DEPTH)
		return refuse(s, "nested too deeply");
	s->depth++;
	s->memory += closing == '}' ? COST_OBJECT : COST_ARRAY;
	s->p++;
	skip_space(s);
	if (!take(s, closing))
	{
		do
		{
			if (!scan_item(s))
				return false;
			skip_space(s);
		} while (take(s, ','));
		if (!take(s, closing))
			return refuse_here(s);
	}
	s->depth--;
	return true;
}

/* Steps over any value and white space ahead of it; recursion is bounded. */
static bool
scan_value(Scanner *s)
{
	skip_space(s);
	if (s->p >= s->end)
		return refuse_here(s);
	switch (*s->p)
	{
		case '{':
			return scan_container(s, '}', scan_member);
		case '[':
			return scan_container(s, ']', scan_element);
		case '"':
			s->memory += COST_SCALAR;
			return scan_string(s);
		case 't':
			return scan_word(s, "true");
		case 'f':
			return scan_word(s, "false");
		case 'n':
			return scan_word(s, "null");
		default:
			if (*s->p == '-' || (*s->p >= '0' && *s->p <= '9'))
				return scan_number(s);
			return refuse_here(s);
	}
}

/* Reads text once from left to right; see the header for the contract. */
const char *
json_scan(const char *text, size_t len, size_t *memory)
{
	Scanner		s = {.memory = COST_PARSER};

	*memory = 0;
	if (text == NULL || len == 0)
		return "empty";
	if (memchr(text, '\0', len) != NULL)
		return "holding a NUL byte";
	s.p = (const unsigned char *) text;
	s.end = s.p + len;
	skip_space(&s);
	if (s.p == s.end)
		return "empty";
	if (!scan_value(&s))
		return s.reason;
	skip_space(&s);
	if (s.p != s.end)
		return "followed by something else";
	/* The parser's buffer doubles, with the old one alive while it grows. */
	*memory = s.memory + 4 * s.longest;
	return NULL;
}
