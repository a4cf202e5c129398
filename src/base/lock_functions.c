/*
 * lock_functions.c
 *		Locks on names, for SQL.
 */
#include "postgres.h"

#include "base/registry_lock.h"
#include "compat.h"
#include "fmgr.h"

PG_FUNCTION_INFO_V1(gaiops_lock_registry);

/*
 * gaiops.lock_registry(key text): has others that give the same key wait until
 * the transaction ends
 */
Datum
gaiops_lock_registry(PG_FUNCTION_ARGS)
{
	text	   *key = PG_GETARG_TEXT_PP(0);

	registry_lock(VARDATA_ANY(key), (int) VARSIZE_ANY_EXHDR(key), ExclusiveLock);
	PG_RETURN_VOID();
}
