/*
 * hex.c
 *		Hexadecimal digits.
 */
#include "core/text/hex.h"

int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

int64_t
hex_number(const char *digits, size_t n)
{
	int64_t		number = 0;

	for (size_t i = 0; i < n; i++)
	{
		int			value = hex_value(digits[i]);

		if (value < 0)
			return -1;
		number = number << 4 | value;
	}
	return number;
}

static bool
is_upper(char digit)
{
	return digit >= 'A' && digit <= 'F';
}

bool
hex_read(const char *digits, uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++, digits += 2)
	{
		int64_t		byte = hex_number(digits, 2);

		if (byte < 0 || is_upper(digits[0]) || is_upper(digits[1]))
			return false;
		bytes[i] = (uint8_t) byte;
	}
	return true;
}

void
hex_write(char *digits, const uint8_t *bytes, size_t n)
{
	static const char lower[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++)
	{
		digits[2 * i] = lower[bytes[i] >> 4];
		digits[2 * i + 1] = lower[bytes[i] & 15];
	}
}
