/*
 * Fuzzer of core/json/json: what the scan passes json-c takes, in full, and
 * every value can be read.
 */
#include "core/json/json.h"

#include <string.h>

#include "core/json/json_scan.h"
#include "fuzz.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads a value by every getter; only those of its kind may give something. */
static void
read_value(const JsonValue *value, int depth)
{
	JsonKind	kind = json_value_kind(value);
	const char *text = NULL;
	size_t		len = 0;
	int64_t		n;
	bool		b;

	REQUIRE(depth <= JSON_MAX_DEPTH);
	REQUIRE((value == NULL) == (kind == JSON_KIND_NULL));
	REQUIRE(json_value_bool(value, &b) == (kind == JSON_KIND_BOOL));
	REQUIRE(kind == JSON_KIND_NUMBER || !json_value_int64(value, &n));
	REQUIRE(json_value_number_text(value, &text, &len) == (kind == JSON_KIND_NUMBER));
	if (kind == JSON_KIND_NUMBER)
	{
		size_t		memory;

		/* The text of a number is that of one. */
		REQUIRE(json_scan(text, len, &memory) == NULL);
		REQUIRE(*text == '-' || (*text >= '0' && *text <= '9'));
		(void) json_value_int64(value, &n);
	}
	REQUIRE(json_value_string(value, &text, &len) == (kind == JSON_KIND_STRING));
	if (kind == JSON_KIND_STRING)
		REQUIRE(is_storable_text(text, len));
	REQUIRE(kind == JSON_KIND_ARRAY || json_value_length(value) == 0);
	for (size_t i = 0; i < json_value_length(value); i++)
		read_value(json_value_element(value, i), depth + 1);
	if (kind == JSON_KIND_OBJECT)
		read_value(json_value_member(value, "a"), depth + 1);
	else
		REQUIRE(json_value_member(value, "a") == NULL);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *) data;
	const char *reason = "untouched";
	size_t		memory = 0;
	const char *refusal = json_scan(text, size, &memory);
	JsonDocument *doc = json_document_parse(text, size, &reason);

	if (refusal != NULL)
	{
		REQUIRE(doc == NULL && reason == refusal);
		return 0;
	}
	/* Fuzzing inputs are small: nothing else can stand in the way. */
	REQUIRE(is_storable_text(text, size));
	REQUIRE(doc != NULL && reason == NULL);
	read_value(json_document_root(doc), 0);
	json_document_free(doc);
	return 0;
}
