/* Hexadecimal digits. */
#include "core/text/hex.h"

#include "check.h"

static void
test_value(void)
{
	int			valid = 0;

	for (int c = 0; c < 256; c++)
		valid += hex_value((char) c) >= 0;
	CHECK_INT(valid, 22);
	CHECK_INT(hex_value('0'), 0);
	CHECK_INT(hex_value('9'), 9);
	CHECK_INT(hex_value('a'), 10);
	CHECK_INT(hex_value('F'), 15);
	/* What is a digit with a bit more, or less. */
	CHECK_INT(hex_value('\x10'), -1);
	CHECK_INT(hex_value('\0'), -1);
}

static void
test_number(void)
{
	CHECK_INT(hex_number("20aC", 4), 0x20AC);
	CHECK_INT(hex_number("ffffffff", 8), INT64_C(0xffffffff));
	CHECK_INT(hex_number("fffffffffffffff", 15), INT64_C(0xfffffffffffffff));
	CHECK_INT(hex_number("", 0), 0);
	/* The end of a string is no digit, and what is behind it is not read. */
	CHECK_INT(hex_number("20a", 4), -1);
	CHECK_INT(hex_number("g", 3), -1);
}

static void
test_bytes(void)
{
	uint8_t		bytes[3];
	char		digits[] = "......!";

	CHECK(hex_read("00ff7e", bytes, 3));
	CHECK_INT(bytes[0], 0);
	CHECK_INT(bytes[1], 0xFF);
	CHECK_INT(bytes[2], 0x7E);
	hex_write(digits, bytes, 3);
	CHECK(strcmp(digits, "00ff7e!") == 0);
	CHECK(hex_read("", bytes, 0));
	CHECK(!hex_read("00fF7e", bytes, 3));
	CHECK(!hex_read("00Ff7e", bytes, 3));
	CHECK(!hex_read("00ff7", bytes, 3));
	CHECK(!hex_read("0-ff7e", bytes, 3));
}

int
main(void)
{
	test_value();
	test_number();
	test_bytes();
	return check_finish();
}
