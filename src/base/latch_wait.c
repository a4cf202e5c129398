/*
 * latch_wait.c
 *		Waiting for the process latch, under a name of our own.
 */
#include "postgres.h"

#include "base/latch_wait.h"
#include "compat.h"
#include "miscadmin.h"
#include "storage/latch.h"

uint32
wait_event_of(WaitName *what)
{
	if (what->event == 0)
		what->event = compat_wait_event(what->name);
	return what->event;
}

int
latch_wait(WaitName *what, long timeout_ms)
{
	int			ended_by = WaitLatch(MyLatch,
									 WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
									 timeout_ms, wait_event_of(what));

	ResetLatch(MyLatch);
	return ended_by;
}
