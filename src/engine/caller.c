/*
 * caller.c
 *		Who calls, and under which labels: what rows of every kind say of it.
 */
#include "postgres.h"

#include "engine/caller.h"
#include "engine/record.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* InvalidOid while the owner works for nobody. */
static Oid	entered_role = InvalidOid;

const char *
caller_choose_label(const char *what, const char *given, const char *setting)
{
	const char *label = given ? given : setting;

	if (label == NULL || label[0] == '\0')
		return NULL;
	if (strlen(label) > RECORD_MAX_LABEL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("%s is too long", what),
				 errdetail("It has %zu bytes; the limit is %d.",
						   strlen(label), RECORD_MAX_LABEL)));
	/* A setting may come with the connection, and nobody has looked at it. */
	(void) pg_verifymbstr(label, (int) strlen(label), false);
	return label;
}

Datum
caller_role_name(Oid role)
{
	Name		name = palloc0(sizeof(NameData));

	namestrcpy(name, GetUserNameFromId(role, false));
	return NameGetDatum(name);
}

void
caller_require_open_operation(FunctionCallInfo fcinfo)
{
	if (InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("cannot execute %s() within security-restricted operation",
						get_func_name(fcinfo->flinfo->fn_oid)),
				 errdetail("It counts for a role, and for an index, a materialized view or the like the server runs it without being asked by one."),
				 errhint("To keep what a query returns, use CREATE TABLE AS instead of a materialized view.")));
}

Oid
caller_role(void)
{
	return OidIsValid(entered_role) ? entered_role : GetUserId();
}

Oid
caller_enter(Oid role)
{
	Oid			previous = entered_role;

	entered_role = role;
	return previous;
}

void
caller_leave(Oid previous)
{
	entered_role = previous;
}
