/*
 * writer_commit.c
 *		How the writer commits: as durably as is asked for, unless the server
 *		stops.
 *
 * At shutdown no standby is waited for: one that is missing would keep the
 * server from stopping, and one that is there is sent everything before it
 * stops.
 */
#include "postgres.h"

#include <signal.h>

#include "access/xact.h"
#include "base/settings.h"
#include "miscadmin.h"
#include "postmaster/interrupt.h"
#include "storage/latch.h"
#include "utils/guc.h"
#include "workers/worker.h"
#include "workers/writer_commit.h"

/* Whether a commit is under way, which may wait for a standby. */
static volatile sig_atomic_t committing = false;

/*
 * Chooses how durable the commit is.  Set like any setting: what a commit
 * waits for of a standby is not in the variable, but where its assign hook
 * put it.
 */
static void
set_durability(void)
{
	bool		stopping = ShutdownRequestPending &&
	gaiops_synchronous_commit > SYNCHRONOUS_COMMIT_LOCAL_FLUSH;
	int			level = stopping ? SYNCHRONOUS_COMMIT_LOCAL_FLUSH :
	gaiops_synchronous_commit;

	if (synchronous_commit != level)
		SetConfigOption("synchronous_commit", stopping ? "local" :
						GetConfigOption("gaiops.synchronous_commit", false, false),
						PGC_USERSET, PGC_S_OVERRIDE);
}

void
writer_commit(void)
{
	committing = true;
	set_durability();
	worker_commit();
	committing = false;
	/* A cancel may have come when there was nothing left to be cancelled. */
	if (ShutdownRequestPending)
		QueryCancelPending = false;
}

bool
writer_try(void (*step) (void *arg), void *arg, ErrorData **error)
{
	bool		ok = worker_try(step, arg, error);

	/* In this order: a signal in between cancels nothing any more. */
	committing = false;
	if (!ok)
		QueryCancelPending = false;
	return ok;
}

/* A batch whose commit is cut short is tried again. */
void
writer_request_shutdown(SIGNAL_ARGS)
{
	int			save_errno = errno;

	if (committing)
	{
		QueryCancelPending = true;
		InterruptPending = true;
	}
	ShutdownRequestPending = true;
	SetLatch(MyLatch);
	errno = save_errno;
}
