/*
 * json_functions.c
 *		JSON as text, for SQL: reading what may be none, and comparing.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "compat.h"
#include "core/json/json.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(gaiops_read_json);
PG_FUNCTION_INFO_V1(gaiops_is_written_alike);

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

/*
 * gaiops.is_written_alike(json, json) returns whether both are spelled the
 * same but for white space, which jsonb cannot tell; NULL is alike to NULL
 * alone.
 */
Datum
gaiops_is_written_alike(PG_FUNCTION_ARGS)
{
	if (PG_ARGISNULL(0) || PG_ARGISNULL(1))
		PG_RETURN_BOOL(PG_ARGISNULL(0) && PG_ARGISNULL(1));
	PG_RETURN_BOOL(json_text_same(ordered_of_datum(PG_GETARG_DATUM(0)),
								  ordered_of_datum(PG_GETARG_DATUM(1))));
}
