/*
 * wait_functions.c
 *		What sessions wait for, for SQL.
 */
#include "postgres.h"

#include "base/latch_wait.h"
#include "compat.h"
#include "miscadmin.h"
#include "storage/proc.h"
#include "storage/procarray.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_awaited);

/*
 * gaiops.awaited(pid integer) returns text: the wait event of ours that a
 * server process is in, or NULL.  pg_stat_activity has it from PostgreSQL 17
 * on, and reads it as this does, without a lock.
 */
Datum
gaiops_awaited(PG_FUNCTION_ARGS)
{
	PGPROC	   *proc = BackendPidGetProc(PG_GETARG_INT32(0));
	const char *name;

	/* What others do elsewhere is not for who may read this database. */
	if (proc == NULL || proc->databaseId != MyDatabaseId)
		PG_RETURN_NULL();
	name = wait_name_of(*(volatile uint32 *) &proc->wait_event_info);
	if (name == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(cstring_to_text(name));
}
