/*
 * uuid_text.c
 *		UUIDs as text.
 */
#include "core/text/uuid_text.h"

#define NBYTES 16

/* The value of a hex digit, or -1. */
static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

bool
uuid_text_parse(const char *text, uint8_t id[16])
{
	bool		braces = *text == '{';

	if (braces)
		text++;
	for (int i = 0; i < NBYTES; i++)
	{
		int			high = hex_digit(text[0]);
		int			low = high < 0 ? -1 : hex_digit(text[1]);

		if (low < 0)
			return false;
		id[i] = (uint8_t) (high << 4 | low);
		text += 2;
		if (*text == '-' && i % 2 == 1 && i < NBYTES - 1)
			text++;
	}
	if (braces && *text++ != '}')
		return false;
	return *text == '\0';
}
