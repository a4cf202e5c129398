/*
 * traceparent.c
 *		The W3C trace context header "traceparent".
 */
#include "core/wire/traceparent.h"

#include "core/text/hex.h"

/* Where the fields of "vv-tttt...-pppp...-ff" begin. */
#define TRACE_ID_AT		3
#define PARENT_ID_AT	36
#define FLAGS_AT		53

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
	if (!hex_read(text, &version, 1) ||
		!hex_read(text + TRACE_ID_AT, parent.trace_id, sizeof(parent.trace_id)) ||
		!hex_read(text + PARENT_ID_AT, parent.parent_id, sizeof(parent.parent_id)) ||
		!hex_read(text + FLAGS_AT, &parent.flags, 1))
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
	hex_write(text + TRACE_ID_AT, parent->trace_id, sizeof(parent->trace_id));
	hex_write(text + PARENT_ID_AT, parent->parent_id, sizeof(parent->parent_id));
	hex_write(text + FLAGS_AT, &parent->flags, 1);
	text[TRACEPARENT_LEN] = '\0';
}
