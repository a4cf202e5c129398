/*
 * latch_wait.h
 *		Waiting for the process latch, under a name of our own.
 */
#ifndef GAIOPS_LATCH_WAIT_H
#define GAIOPS_LATCH_WAIT_H

/*
 * What processes wait for, of all rooms: before PostgreSQL 17 it is known by
 * its number here, which must be the same in every process.  The names are in
 * latch_wait.c, and doc/operations.md says what each means.
 */
typedef enum WaitName
{
	WAIT_CALL,
	WAIT_RECORD_COMMIT,
	WAIT_KEY_RING_LOCK,
	WAIT_WRITER_LEAVE,
	WAIT_LAUNCHER_MAIN,
	WAIT_WRITER_MAIN,
	WAIT_WRITER_DRAIN,
	WAIT_WORKER_RETRY
} WaitName;

#define NUM_WAIT_NAMES	(WAIT_WORKER_RETRY + 1)

/* The wait event of a name, as functions of the server take it. */
extern uint32 wait_event_of(WaitName what);

/* The name that a wait event is of; NULL if it is none of ours. */
extern const char *wait_name_of(uint32 event);

/*
 * Waits until the process latch is set, or for so many ms, and resets the
 * latch.  Returns WL_LATCH_SET or WL_TIMEOUT; ends the process when the
 * postmaster is gone.  Does not check for interrupts, which is the caller's
 * next step.
 */
extern int	latch_wait(WaitName what, long timeout_ms);

#endif							/* GAIOPS_LATCH_WAIT_H */
