/*
 * latch_wait.c
 *		Waiting for the process latch, under a name of our own.
 */
#include "postgres.h"

#include "base/latch_wait.h"
#include "compat.h"
#include "miscadmin.h"
#include "storage/latch.h"

static const char *const names[NUM_WAIT_NAMES] = {
	[WAIT_CALL] = "GaiopsCall",
	[WAIT_RECORD_COMMIT] = "GaiopsRecordCommit",
	[WAIT_KEY_RING_LOCK] = "GaiopsKeyRingLock",
	[WAIT_WRITER_LEAVE] = "GaiopsWriterLeave",
	[WAIT_LAUNCHER_MAIN] = "GaiopsLauncherMain",
	[WAIT_WRITER_MAIN] = "GaiopsWriterMain",
	[WAIT_WRITER_DRAIN] = "GaiopsWriterDrain",
	[WAIT_WORKER_RETRY] = "GaiopsWorkerRetry",
};

uint32
wait_event_of(WaitName what)
{
	static uint32 events[NUM_WAIT_NAMES];	/* 0 until first asked for */

	if (events[what] == 0)
		events[what] = compat_wait_event(names[what], what);
	return events[what];
}

const char *
wait_name_of(uint32 event)
{
	for (int i = 0; i < NUM_WAIT_NAMES; i++)
		if (wait_event_of(i) == event)
			return names[i];
	return NULL;
}

int
latch_wait(WaitName what, long timeout_ms)
{
	int			ended_by = WaitLatch(MyLatch,
									 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
									 timeout_ms, wait_event_of(what));

	ResetLatch(MyLatch);
	return ended_by;
}
