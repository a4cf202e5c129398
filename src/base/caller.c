/*
 * caller.c
 *		Who calls: the role that counts, and what rows of every kind say of it.
 */
#include "postgres.h"

#include "base/caller.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

/* InvalidOid while the owner works for nobody. */
static Oid	entered_role = InvalidOid;

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
				 errdetail("An index, a materialized view or maintenance would run it with the rights of another role."),
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
