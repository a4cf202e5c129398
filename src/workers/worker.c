/*
 * worker.c
 *		What the background workers of a database have in common.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/latch_wait.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "queue/sink.h"
#include "utils/guc.h"
#include "utils/snapmgr.h"
#include "utils/timestamp.h"
#include "workers/worker.h"

void
worker_describe(BackgroundWorker *worker, const char *name, const char *entry,
				Oid database)
{
	memset(worker, 0, sizeof(*worker));
	worker->bgw_flags = BGWORKER_SHMEM_ACCESS | BGWORKER_BACKEND_DATABASE_CONNECTION;
	worker->bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker->bgw_restart_time = BGW_NEVER_RESTART;
	strlcpy(worker->bgw_library_name, "genaiops", sizeof(worker->bgw_library_name));
	strlcpy(worker->bgw_function_name, entry, BGW_MAXLEN);
	strlcpy(worker->bgw_name, name, BGW_MAXLEN);
	strlcpy(worker->bgw_type, name, BGW_MAXLEN);
	worker->bgw_main_arg = ObjectIdGetDatum(database);
	worker->bgw_notify_pid = MyProcPid;
}

/*
 * What our statements are to mean, and what is to keep them from their end,
 * is not for the settings of a database or a role to say: those reach every
 * process that connects.  What is left to them is what work may cost, and
 * where things are put.  A server that does not have one of these yet is none
 * the worse.
 */
static const struct
{
	const char *name;
	const char *value;
}			pinned[] =
{
	/* what is written, and what it means */
	{"search_path", "pg_catalog, pg_temp"},
	{"standard_conforming_strings", "on"},
	{"quote_all_identifiers", "off"},
	{"array_nulls", "on"},
	{"transform_null_equals", "off"},
	{"DateStyle", "ISO"},
	{"IntervalStyle", "postgres"},
	{"TimeZone", "UTC"},
	{"bytea_output", "hex"},
	{"extra_float_digits", "1"},
	{"xmloption", "content"},
	{"lc_messages", "C"},
	{"default_table_access_method", "heap"},
	/* what it may do, and for how long */
	{"default_transaction_deferrable", "off"},
	{"default_transaction_isolation", "read committed"},
	{"default_transaction_read_only", "off"},
	{"exit_on_error", "off"},
	{"idle_in_transaction_session_timeout", "0"},
	{"restrict_nonsystem_relation_kind", ""},
	{"row_security", "on"},
	{"session_replication_role", "origin"},
	{"statement_timeout", "0"},
	{"temp_file_limit", "-1"},
	{"transaction_timeout", "0"},
	/* how it is planned: what somebody has switched off to try something */
	{"enable_bitmapscan", "on"},
	{"enable_hashagg", "on"},
	{"enable_hashjoin", "on"},
	{"enable_indexonlyscan", "on"},
	{"enable_indexscan", "on"},
	{"enable_material", "on"},
	{"enable_mergejoin", "on"},
	{"enable_nestloop", "on"},
	{"enable_partition_pruning", "on"},
	{"enable_seqscan", "on"},
	{"enable_sort", "on"},
	{"enable_tidscan", "on"},
	{"jit", "off"},
	{"plan_cache_mode", "auto"},
};

static void
override_setting(const char *name, const char *value)
{
	if (GetConfigOption(name, true, false) != NULL)
		SetConfigOption(name, value, PGC_SUSET, PGC_S_OVERRIDE);
}

static void
override_settings(const char *lock_timeout)
{
	for (int i = 0; i < lengthof(pinned); i++)
		override_setting(pinned[i].name, pinned[i].value);
	override_setting("lock_timeout", lock_timeout);
}

void
worker_connect(Oid database, const char *lock_timeout)
{
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(database, InvalidOid,
											  BGWORKER_BYPASS_ALLOWCONN);
	override_settings(lock_timeout);
}

bool
worker_begin(void)
{
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	if (!sink_available())
	{
		CommitTransactionCommand();
		return false;
	}
	PushActiveSnapshot(GetTransactionSnapshot());
	return true;
}

void
worker_commit(void)
{
	PopActiveSnapshot();
	SetUserIdAndSecContext(GetSessionUserId(), 0);
	CommitTransactionCommand();
}

bool
worker_try(void (*step) (void *arg), void *arg, ErrorData **error)
{
	MemoryContext context = CurrentMemoryContext;
	volatile bool ok = false;

	PG_TRY();
	{
		step(arg);
		ok = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		if (error != NULL)
			*error = CopyErrorData();
		else
			EmitErrorReport();
		FlushErrorState();
		AbortCurrentTransaction();
	}
	PG_END_TRY();
	/* The end of a transaction leaves another one current. */
	MemoryContextSwitchTo(context);
	return ok;
}

void
worker_pause(int ms)
{
	TimestampTz end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), ms);
	long		left;

	while ((left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end)) > 0)
	{
		(void) latch_wait(WAIT_WORKER_RETRY, left);
		CHECK_FOR_INTERRUPTS();
	}
}
