/*
 * Fuzzer of core/wire/traceparent: what is taken comes back as it was, but
 * for the version and what a later version adds.
 */
#include "core/wire/traceparent.h"

#include <string.h>

#include "fuzz.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	char		written[TRACEPARENT_LEN + 1];
	TraceParent parent;
	TraceParent again;

	if (!traceparent_parse(text, size, &parent))
		return 0;
	traceparent_format(&parent, written);
	REQUIRE(strlen(written) == TRACEPARENT_LEN);
	REQUIRE(memcmp(written, "00", 2) == 0);
	REQUIRE(memcmp(written + 2, text + 2, TRACEPARENT_LEN - 4) == 0);
	if (memcmp(text, "00", 2) == 0)
		REQUIRE(size == TRACEPARENT_LEN && memcmp(written, text, size) == 0);
	REQUIRE(traceparent_parse(written, TRACEPARENT_LEN, &again));
	REQUIRE(memcmp(&parent, &again, sizeof(parent)) == 0);
	return 0;
}
