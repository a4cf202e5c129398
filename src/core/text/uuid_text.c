/*
 * uuid_text.c
 *		UUIDs as text.
 */
#include "core/text/uuid_text.h"

#include "core/text/hex.h"

#define NBYTES 16

bool
uuid_text_parse(const char *text, uint8_t id[16])
{
	bool		braces = *text == '{';

	if (braces)
		text++;
	for (int i = 0; i < NBYTES; i++)
	{
		int64_t		byte = hex_number(text, 2);

		if (byte < 0)
			return false;
		id[i] = (uint8_t) byte;
		text += 2;
		if (*text == '-' && i % 2 == 1 && i < NBYTES - 1)
			text++;
	}
	if (braces && *text++ != '}')
		return false;
	return *text == '\0';
}
