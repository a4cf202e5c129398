/*
 * latch_wait.h
 *		Waiting for the process latch, under a name of our own.
 */
#ifndef GAIOPS_LATCH_WAIT_H
#define GAIOPS_LATCH_WAIT_H

/*
 * What is waited for.  Each place has a static one, such as
 *
 *		static WaitName retry_wait = {"GaiopsWorkerRetry"};
 *
 * and doc/operations.md lists them.
 */
typedef struct WaitName
{
	const char *name;			/* in pg_stat_activity, from PostgreSQL 17 on */
	uint32		event;			/* 0 until it was first waited for */
} WaitName;

/* The wait event of a name, as functions of the server take it. */
extern uint32 wait_event_of(WaitName *what);

/*
 * Waits until the process latch is set, or for so many ms, and resets the
 * latch.  Returns WL_LATCH_SET or WL_TIMEOUT; ends the process when the
 * postmaster is gone.  Does not check for interrupts, which is the caller's
 * next step.
 */
extern int	latch_wait(WaitName *what, long timeout_ms);

#endif							/* GAIOPS_LATCH_WAIT_H */
