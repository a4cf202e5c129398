/*
 * What is said when json-c refuses what core/json/json_scan has passed, which
 * no version we know does: its error is made up here.
 */
#include <json-c/json.h>

#include "check.h"
#include "core/json/json.h"

static enum json_tokener_error made_up = json_tokener_success;

extern enum json_tokener_error __wrap_json_tokener_get_error(struct json_tokener *tokener);

enum json_tokener_error
__wrap_json_tokener_get_error(struct json_tokener *tokener)
{
	(void) tokener;
	return made_up;
}

/* The reason given with that error; NULL if there is a document. */
static const char *
reason_with(enum json_tokener_error error)
{
	const char *reason = "untouched";
	JsonDocument *doc;

	made_up = error;
	doc = json_document_parse("{\"a\":\"\xc3\xa9\"}", 10, &reason);
	CHECK((doc == NULL) == (reason != NULL));
	json_document_free(doc);
	return reason;
}

int
main(void)
{
	CHECK_CSTRING(reason_with(json_tokener_success), NULL);
	CHECK_CSTRING(reason_with(json_tokener_error_parse_utf8_string), "refused by json-c");
	CHECK_CSTRING(reason_with(json_tokener_error_parse_unexpected), "refused by json-c");
#if JSON_C_VERSION_NUM >= ((0 << 16) | (17 << 8))
	CHECK_CSTRING(reason_with(json_tokener_error_memory), "more than memory can hold now");
#endif
	return check_finish();
}
