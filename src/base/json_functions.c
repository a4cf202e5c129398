/*
 * json_functions.c
 *		Reading JSON that may be none, for SQL.
 */
#include "postgres.h"

#include "compat.h"
#include "core/json/json.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(gaiops_read_json);

/*
 * gaiops.read_json(text) returns jsonb.  Requests were jsonb before they were
 * sent, so a text that is JSON at all can be jsonb again.
 */
Datum
gaiops_read_json(PG_FUNCTION_ARGS)
{
	text	   *body = PG_GETARG_TEXT_PP(0);
	const char *reason;
	JsonDocument *document = json_document_parse(VARDATA_ANY(body),
												 VARSIZE_ANY_EXHDR(body),
												 &reason);

	if (document == NULL)
		PG_RETURN_NULL();
	json_document_free(document);
	PG_RETURN_DATUM(DirectFunctionCall1(jsonb_in,
										CStringGetDatum(text_to_cstring(body))));
}
