/*
 * evaluation_turn.c
 *		Transactions of an evaluation that a worker does.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/registry_lock.h"
#include "evaluation/evaluation_turn.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "queue/journal.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"

/* What is locked while the work is done; NULL for nothing. */
static char *held = NULL;

void
evaluation_turn_hold(const char *key)
{
	held = MemoryContextStrdup(TopMemoryContext, key);
}

/*
 * Takes the lock once more: a function of a user's may have let go of it, as
 * pg_advisory_unlock_all() does of all that the session has.
 */
static void
hold(void)
{
	if (held != NULL && !registry_lock_for_session(held, (int) strlen(held), ExclusiveLock))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("%s was taken over by another session", held),
				 errdetail("A function that it called has released the locks of its session.")));
}

static void
heed_reload(void)
{
	if (!ConfigReloadPending)
		return;
	ConfigReloadPending = false;
	ProcessConfigFile(PGC_SIGHUP);
}

void
evaluation_turn_begin(void)
{
	MemoryContext context = CurrentMemoryContext;

	heed_reload();
	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	MemoryContextSwitchTo(context);
	journal_require();
	hold();
}

void
evaluation_turn_end(void)
{
	MemoryContext context = CurrentMemoryContext;

	hold();
	PopActiveSnapshot();
	CommitTransactionCommand();
	/* A worker that writes tells autovacuum of it itself. */
	pgstat_report_stat(false);
	MemoryContextSwitchTo(context);
}

void
evaluation_turn_next(const EvaluationPlan *plan)
{
	if (!plan->has_turns)
		return;
	evaluation_turn_end();
	evaluation_turn_begin();
}
