/*
 * sockets.h
 *		The sockets that the session waits for, together with its latch.
 *
 * Knows nothing of what the sockets are for.  The functions that http.c calls
 * from within libcurl, marked so, neither throw nor palloc.
 */
#ifndef GAIOPS_SOCKETS_H
#define GAIOPS_SOCKETS_H

#include "storage/latch.h"

/*
 * Announces a socket whose closing will be announced, too; it may then stay
 * registered with the kernel while nothing is wanted of it.  False if there is
 * no memory.  From within libcurl.
 */
extern bool sockets_opened(int fd);

/* From within libcurl. */
extern void sockets_closed(int fd);

/*
 * What to wait for on a socket: WL_SOCKET_READABLE, WL_SOCKET_WRITEABLE, both,
 * or 0 for nothing.  Returns what it was before.  Without memory the socket is
 * not waited for.  From within libcurl.
 */
extern uint32 sockets_want(int fd, uint32 events);

/*
 * Claims room in the server's budget of open files for one more socket; false
 * if there is none.
 */
extern bool sockets_claim(void);

/* Gives a claim back.  Never throws. */
extern void sockets_unclaim(void);

/*
 * Makes the server's count of open files ours; may log, and close its files.
 */
extern void sockets_account(void);

/*
 * Gives back what is reserved beyond what is open or claimed.  Never throws.
 */
extern void sockets_release(void);

/*
 * Waits until the process latch is set, which it resets, a socket is ready,
 * or timeout_ms went by (-1 for no limit), or the clock of http/clock.h
 * reached due_us (-1 for never).  Stores at most nevents events, of sockets
 * only, and returns how many.
 */
extern int	sockets_wait(long timeout_ms, int64 due_us, WaitEvent *events,
						 int nevents);

#endif							/* GAIOPS_SOCKETS_H */
