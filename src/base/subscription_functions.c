/*
 * subscription_functions.c
 *		Tables that a subscription fills from another database, for SQL.
 */
#include "postgres.h"

#include "base/subscription.h"
#include "commands/extension.h"
#include "commands/trigger.h"
#include "compat.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(gaiops_subscription_of);
PG_FUNCTION_INFO_V1(gaiops_refuse_subscribed);

/*
 * gaiops.subscription_of(filled regclass) returns text: the subscription that
 * fills a table; NULL if there is none
 */
Datum
gaiops_subscription_of(PG_FUNCTION_ARGS)
{
	char	   *name = subscription_of(PG_GETARG_OID(0));

	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/*
 * gaiops.refuse_subscribed(): trigger that raises where a subscription fills
 * the table.  It is silent in apply workers, in whose role triggers do not
 * fire, and in scripts of the extension, whose rows are not published.
 */
Datum
gaiops_refuse_subscribed(PG_FUNCTION_ARGS)
{
	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be called as a trigger",
						"gaiops.refuse_subscribed")));
	if (!creating_extension)
		subscription_refuse(RelationGetRelid(((TriggerData *) fcinfo->context)->tg_relation));
	PG_RETURN_POINTER(NULL);
}
