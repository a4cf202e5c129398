/*
 * ids.c
 *		New ids of traces, runs and spans.
 */
#include "postgres.h"

#include "base/ids.h"
#include "core/text/hex.h"
#include "miscadmin.h"
#include "utils/timestamp.h"

void
ids_make_random(void *bytes, size_t len)
{
	if (!pg_strong_random(bytes, len))
		ereport(ERROR,
				(errcode(ERRCODE_INTERNAL_ERROR),
				 errmsg("could not generate random bytes")));
}

void
ids_make_uuid(pg_uuid_t *id)
{
	int64		ms = GetCurrentTimestamp() / 1000 +
		INT64CONST(1000) * SECS_PER_DAY * (POSTGRES_EPOCH_JDATE - UNIX_EPOCH_JDATE);

	ids_make_random(id->data, UUID_LEN);
	for (int i = 0; i < 6; i++)
		id->data[i] = (unsigned char) (ms >> (8 * (5 - i)));
	id->data[6] = (id->data[6] & 0x0f) | 0x70;
	id->data[8] = (id->data[8] & 0x3f) | 0x80;
}

void
ids_format_hex(const uint8 *bytes, int len, char *text)
{
	hex_write(text, bytes, (size_t) len);
	text[2 * (size_t) len] = '\0';
}
