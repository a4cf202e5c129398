/*
 * endpoint_functions.c
 *		What the SQL functions for endpoints cannot do in SQL.
 */
#include "postgres.h"

#include "base/store.h"
#include "commands/trigger.h"
#include "compat.h"
#include "core/text/url.h"
#include "fmgr.h"
#include "gateway/route.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_endpoint_url);
PG_FUNCTION_INFO_V1(gaiops_url_origin);
PG_FUNCTION_INFO_V1(gaiops_raise_unknown_endpoint);
PG_FUNCTION_INFO_V1(gaiops_note_change);

/*
 * gaiops.endpoint_url(base text): the URL that requests are posted to.  Raises
 * unless an endpoint may have the base URL.
 */
Datum
gaiops_endpoint_url(PG_FUNCTION_ARGS)
{
	char	   *base = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(route_url(base)));
}

/*
 * gaiops.url_origin(base text): scheme, host and port; NULL for what is no
 * URL.  A base that an endpoint has may not be one that it might have today.
 */
Datum
gaiops_url_origin(PG_FUNCTION_ARGS)
{
	char	   *base = text_to_cstring(PG_GETARG_TEXT_PP(0));
	char		origin[URL_MAX_LENGTH + 1];

	if (strcmp(base, ROUTE_ECHO_URL) == 0)
		PG_RETURN_TEXT_P(cstring_to_text(base));
	if (url_problem(base) != NULL || !url_origin(base, origin, sizeof(origin)))
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(origin));
}

/* gaiops.raise_unknown_endpoint(name text): raises as a call would. */
Datum
gaiops_raise_unknown_endpoint(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));
	StoreSession session;

	store_open(&session);
	route_raise_unknown(name);
	PG_RETURN_VOID();
}

/*
 * gaiops.note_change(): trigger that has every session look again at what is
 * configured.
 */
Datum
gaiops_note_change(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be called as a trigger",
						"gaiops.note_change")));
	store_note_change();
	PG_RETURN_POINTER(NULL);
}
