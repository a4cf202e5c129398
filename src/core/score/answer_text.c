/*
 * answer_text.c
 *		What is simply looked for in the text of an answer.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* for memmem() */
#endif

#include "core/score/answer_text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/text/unicode.h"

#define MAX_NUMBER	400			/* bytes; digits behind them are not read */
#define GROUP		3			/* digits between commas */

bool
answer_starts_with(TextSlice text, TextSlice start)
{
	return text.len >= start.len &&
		(start.len == 0 || memcmp(text.data, start.data, start.len) == 0);
}

bool
answer_equals(TextSlice text, TextSlice other)
{
	return text.len == other.len && answer_starts_with(text, other);
}

bool
answer_contains(TextSlice text, TextSlice part)
{
	return part.len == 0 ||
		(text.len >= part.len && memmem(text.data, text.len, part.data, part.len) != NULL);
}

TextSlice
answer_trim(TextSlice text)
{
	size_t		leading = unicode_leading_space(text.data, text.len);

	text = (TextSlice) {text.data + leading, text.len - leading};
	text.len -= unicode_trailing_space(text.data, text.len);
	return text;
}

size_t
answer_count_words(TextSlice text)
{
	size_t		words = 0;
	bool		in_word = false;

	for (size_t at = 0; at < text.len;)
	{
		size_t		space = unicode_leading_space(text.data + at, text.len - at);

		if (space == 0)
		{
			words += !in_word;
			space = unicode_first(text.data + at, text.len - at);
			in_word = true;
		}
		else
			in_word = false;
		at += space;
	}
	return words;
}

/* ---- numbers ---- */

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Whether a letter or a number is before a place: then a minus is a hyphen. */
static bool
is_behind_word(TextSlice text, size_t at)
{
	size_t		start = at;

	while (start > 0 && at - start < UNICODE_MAX_BYTES)
	{
		start--;
		if (((unsigned char) text.data[start] & 0xC0) != 0x80)
			break;
	}
	return start < at && unicode_is_alphanumeric(unicode_code_point(text.data + start, at - start));
}

/* Digits that text begins with. */
static size_t
count_digits(TextSlice text)
{
	size_t		n = 0;

	while (n < text.len && is_digit(text.data[n]))
		n++;
	return n;
}

static TextSlice
behind(TextSlice text, size_t n)
{
	return (TextSlice) {text.data + n, text.len - n};
}

/* The digits before a decimal point, commas between groups of three. */
static size_t
match_whole(TextSlice text)
{
	size_t		n = count_digits(text);
	size_t		grouped = n;

	if (n == 0 || n > GROUP)
		return n;
	while (grouped < text.len && text.data[grouped] == ',' &&
		   count_digits(behind(text, grouped + 1)) == GROUP)
		grouped += 1 + GROUP;
	return grouped;
}

/* An exponent, its letter included; 0 if there is none. */
static size_t
match_exponent(TextSlice text)
{
	size_t		n = 1;
	size_t		digits;

	if (text.len == 0 || (text.data[0] != 'e' && text.data[0] != 'E'))
		return 0;
	if (text.len > 1 && (text.data[1] == '+' || text.data[1] == '-'))
		n++;
	digits = count_digits(behind(text, n));
	return digits > 0 ? n + digits : 0;
}

/* How many bytes the number takes that text begins with; 0 if none. */
static size_t
match_number(TextSlice text)
{
	size_t		sign = text.len > 0 && (text.data[0] == '-' || text.data[0] == '+');
	size_t		whole = match_whole(behind(text, sign));
	size_t		n = sign + whole;
	size_t		fraction = 0;

	if (n < text.len && text.data[n] == '.')
		fraction = count_digits(behind(text, n + 1));
	if (fraction > 0)
		n += 1 + fraction;
	if (whole == 0 && fraction == 0)
		return 0;
	return n + match_exponent(behind(text, n));
}

/* The value of a number that was matched; false if it is not finite. */
static bool
read_number(TextSlice text, double *number)
{
	char		digits[MAX_NUMBER + 1];
	size_t		n = 0;
	double		value;

	for (size_t i = 0; i < text.len && n < MAX_NUMBER; i++)
		if (text.data[i] != ',')
			digits[n++] = text.data[i];
	digits[n] = '\0';
	value = strtod(digits, NULL);
	if (!isfinite(value))
		return false;
	*number = value;
	return true;
}

/* Finds the first number at or behind a place; absent if there is none. */
static TextSlice
find_number(TextSlice text, size_t at)
{
	for (; at < text.len; at++)
	{
		bool		is_sign = text.data[at] == '-' || text.data[at] == '+';
		size_t		n;

		if (is_sign && is_behind_word(text, at))
			continue;
		n = match_number(behind(text, at));
		if (n > 0)
			return (TextSlice) {text.data + at, n};
	}
	return (TextSlice) {NULL, 0};
}

bool
answer_number(TextSlice text, AnswerNumber which, double *number)
{
	TextSlice	whole = answer_trim(text);
	TextSlice	found = find_number(whole, 0);

	if (found.data == NULL)
		return false;
	if (which == ANSWER_NUMBER_WHOLE)
		return found.len == whole.len && read_number(found, number);
	while (which == ANSWER_NUMBER_LAST)
	{
		TextSlice	next = find_number(whole, (size_t) (found.data - whole.data) + found.len);

		if (next.data == NULL)
			break;
		found = next;
	}
	return read_number(found, number);
}
