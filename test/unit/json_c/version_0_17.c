/*
 * That the json-c we were linked with is 0.17, where no function tells: it
 * knows an error that came with 0.17, and takes in strict mode what 0.18 does
 * not.
 */
#include <json-c/json.h>

#include "check.h"

static enum json_tokener_error
strict_error(const char *text)
{
	struct json_tokener *tokener = json_tokener_new();
	enum json_tokener_error error;

	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT);
	json_object_put(json_tokener_parse_ex(tokener, text, (int) strlen(text) + 1));
	error = json_tokener_get_error(tokener);
	json_tokener_free(tokener);
	return error;
}

int
main(void)
{
	check_cstring(json_tokener_error_desc(json_tokener_error_memory), "out of memory",
				  "from 0.17 on it tells that memory is short", __FILE__, __LINE__);
	CHECK(strict_error("[99999999999999999999999]") == json_tokener_error_parse_number);
	CHECK(strict_error("[\"\xc3\xa9\"]") == json_tokener_success);
	return check_finish();
}
