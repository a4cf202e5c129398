/*
 * template_literal.c
 *		What the literals of a template stand for.
 */
#include "core/template/template_literal.h"

#include <stdlib.h>
#include <string.h>

#include "core/text/hex.h"
#include "core/text/unicode.h"

/* An exponent may add that many zeros. */
#define MAX_EXPONENT	100

/*
 * Reads \xHH, \uXXXX or \UXXXXXXXX, of n digits, and writes the character to
 * *out, which moves on.
 */
static LiteralProblem
read_code_point(const char *text, size_t len, size_t n, char **out)
{
	int64_t		code_point = len < 2 + n ? -1 : hex_number(text + 2, n);

	if (code_point < 0)
		return LITERAL_UNKNOWN_ESCAPE;
	if (code_point == 0 || !unicode_is_character((uint32_t) code_point))
		return LITERAL_NO_CHARACTER;
	*out += unicode_encode((uint32_t) code_point, *out);
	return LITERAL_OK;
}

/* Reads the escape that text begins with; *escape_len is its length. */
static LiteralProblem
read_escape(const char *text, size_t len, char **out, size_t *escape_len)
{
	static const char letters[] = "\\'\"nrtbf";
	static const char meanings[] = "\\'\"\n\r\t\b\f";
	static const char hex_letters[] = "xuU";
	static const size_t hex_digits[] = {2, 4, 8};
	const char *found;

	*escape_len = len < 2 ? len : 1 + unicode_first(text + 1, len - 1);
	if (len < 2 || text[1] == '\0')
		return LITERAL_UNKNOWN_ESCAPE;
	found = strchr(letters, text[1]);
	if (found != NULL)
	{
		*(*out)++ = meanings[found - letters];
		return LITERAL_OK;
	}
	found = strchr(hex_letters, text[1]);
	if (found == NULL)
		return LITERAL_UNKNOWN_ESCAPE;
	if (len >= 2 + hex_digits[found - hex_letters])
		*escape_len = unicode_clip(text, len, 2 + hex_digits[found - hex_letters]);
	return read_code_point(text, len, hex_digits[found - hex_letters], out);
}

/* What an escape stands for is never longer than the escape. */
LiteralProblem
literal_string(Arena *arena, const char *text, size_t text_len, Value *value,
			   size_t *at, size_t *len)
{
	char	   *start;
	char	   *out;

	*value = (Value) {.kind = VALUE_STRING, .text = text, .len = text_len};
	if (text_len == 0 || memchr(text, '\\', text_len) == NULL)
		return LITERAL_OK;
	start = out = arena_alloc(arena, text_len);
	if (start == NULL)
		return LITERAL_NO_MEMORY;
	for (*at = 0; *at < text_len; *at += *len)
	{
		LiteralProblem problem;

		*len = 1;
		if (text[*at] != '\\')
		{
			*out++ = text[*at];
			continue;
		}
		problem = read_escape(text + *at, text_len - *at, &out, len);
		if (problem != LITERAL_OK)
			return problem;
	}
	value->text = start;
	value->len = (size_t) (out - start);
	return LITERAL_OK;
}

/* The digits of a number without a dot. */
typedef struct Digits
{
	const char *text;
	size_t		whole;			/* digits before the dot */
	size_t		fraction;		/* and after it */
	long		exponent;		/* as written */
	bool		has_exponent;
} Digits;

/* Reads the parts of a number. */
static Digits
read_digits(const char *text, size_t len)
{
	Digits		digits = {.text = text};
	size_t		at = 0;
	bool		negative;

	while (at < len && text[at] >= '0' && text[at] <= '9')
		at++;
	digits.whole = at;
	if (at < len && text[at] == '.')
		for (at++; at < len && text[at] >= '0' && text[at] <= '9'; at++)
			digits.fraction++;
	if (at == len)
		return digits;
	/* An e, and perhaps a sign. */
	digits.has_exponent = true;
	at++;
	negative = text[at] == '-';
	if (text[at] == '-' || text[at] == '+')
		at++;
	for (; at < len && digits.exponent <= MAX_EXPONENT; at++)
		digits.exponent = digits.exponent * 10 + (text[at] - '0');
	if (negative)
		digits.exponent = -digits.exponent;
	return digits;
}

/* Digit i of those before and after the dot; zeros around them. */
static char
digit_at(const Digits *digits, long i)
{
	if (i < 0 || (size_t) i >= digits->whole + digits->fraction)
		return '0';
	return digits->text[(size_t) i < digits->whole ? i : i + 1];
}

/*
 * Writes digits out without the exponent: scale of them behind a dot before
 * digit number point.  Returns whether all are zero; *out moves on.
 */
static bool
write_digits(const Digits *digits, long point, long scale, char **out)
{
	long		i = point < 0 ? point : 0;
	bool		is_zero = true;

	if (point <= 0)
		*(*out)++ = '0';
	while (i < point - 1 && digit_at(digits, i) == '0')
		i++;
	for (; i < point + scale; i++)
	{
		if (i == point)
			*(*out)++ = '.';
		is_zero = is_zero && digit_at(digits, i) == '0';
		*(*out)++ = digit_at(digits, i);
	}
	return is_zero;
}

LiteralProblem
literal_number(Arena *arena, bool negative, const char *text, size_t len, Value *value)
{
	Digits		digits = read_digits(text, len);
	long		point = (long) digits.whole + digits.exponent;
	long		scale = (long) digits.fraction - digits.exponent;
	char	   *start;
	char	   *out;

	*value = (Value) {.kind = VALUE_NUMBER, .text = text, .len = len};
	if (digits.exponent > MAX_EXPONENT || digits.exponent < -MAX_EXPONENT)
		return LITERAL_TOO_LARGE;
	if (!negative && !digits.has_exponent)
		return LITERAL_OK;
	start = arena_alloc(arena, len + (size_t) labs(digits.exponent) + 4);
	if (start == NULL)
		return LITERAL_NO_MEMORY;
	start[0] = '-';
	out = start + 1;
	/* Zero has no sign. */
	if (write_digits(&digits, point, scale < 0 ? 0 : scale, &out) || !negative)
		start++;
	value->text = start;
	value->len = (size_t) (out - start);
	return LITERAL_OK;
}
