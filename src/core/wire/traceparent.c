/*
 * traceparent.c
 *		The W3C trace context header "traceparent".
 */
#include "core/wire/traceparent.h"

/* Where the fields of "vv-tttt...-pppp...-ff" begin. */
#define TRACE_ID_AT		3
#define PARENT_ID_AT	36
#define FLAGS_AT		53

/* The value of a lower-case hex digit, or -1. */
static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* Reads 2 * n hex digits; returns false if one is none. */
static bool
read_hex(const char *text, uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
	{
		int			high = hex_digit(text[2 * i]);
		int			low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		bytes[i] = (uint8_t) (high << 4 | low);
	}
	return true;
}

static void
write_hex(char *text, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < n; i++)
	{
		text[2 * i] = digits[bytes[i] >> 4];
		text[2 * i + 1] = digits[bytes[i] & 0x0F];
	}
}

static bool
is_zero(const uint8_t *bytes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (bytes[i] != 0)
			return false;
	return true;
}

bool
traceparent_parse(const char *text, size_t len, TraceParent *result)
{
	TraceParent parent;
	uint8_t		version;

	if (text == NULL || len < TRACEPARENT_LEN ||
		text[TRACE_ID_AT - 1] != '-' || text[PARENT_ID_AT - 1] != '-' ||
		text[FLAGS_AT - 1] != '-')
		return false;
	if (!read_hex(text, &version, 1) ||
		!read_hex(text + TRACE_ID_AT, parent.trace_id, sizeof(parent.trace_id)) ||
		!read_hex(text + PARENT_ID_AT, parent.parent_id, sizeof(parent.parent_id)) ||
		!read_hex(text + FLAGS_AT, &parent.flags, 1))
		return false;
	if (version == 0xFF ||
		is_zero(parent.trace_id, sizeof(parent.trace_id)) ||
		is_zero(parent.parent_id, sizeof(parent.parent_id)))
		return false;
	if (len > TRACEPARENT_LEN && (version == 0 || text[TRACEPARENT_LEN] != '-'))
		return false;
	if (version != 0)
		parent.flags &= TRACEPARENT_SAMPLED;
	*result = parent;
	return true;
}

void
traceparent_format(const TraceParent *parent, char text[TRACEPARENT_LEN + 1])
{
	text[0] = text[1] = '0';
	text[TRACE_ID_AT - 1] = text[PARENT_ID_AT - 1] = text[FLAGS_AT - 1] = '-';
	write_hex(text + TRACE_ID_AT, parent->trace_id, sizeof(parent->trace_id));
	write_hex(text + PARENT_ID_AT, parent->parent_id, sizeof(parent->parent_id));
	write_hex(text + FLAGS_AT, &parent->flags, 1);
	text[TRACEPARENT_LEN] = '\0';
}
