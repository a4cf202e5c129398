/*
 * call_pool.h
 *		The loop that drives many calls to their ends.
 *
 * It waits for all of them at once: for sockets, for timers, for the writer's
 * commits, and for interrupts.
 */
#ifndef GAIOPS_CALL_POOL_H
#define GAIOPS_CALL_POOL_H

#include "call/call.h"
#include "datatype/timestamp.h"

/* Where calls come from, and what becomes of them. */
typedef struct CallFeed
{
	int			most;			/* calls in flight at once */

	/* The next call; NULL if there is none, or none before one has ended. */
	Call	   *(*next) (void *state);

	/*
	 * Called where there is room for a call and no next one: does a piece of
	 * what leads to calls, and returns whether there was any.  Between two
	 * pieces those in flight are looked after.  May be NULL.
	 */
	bool		(*prepare) (void *state);

	/* A call has ended; whoever gave it has it back.  May be NULL. */
	void		(*finished) (void *state, Call *call);

	/*
	 * The upstream of a call has told to wait until then.  If it returns
	 * false, those in flight go on as they would alone, and none is begun any
	 * more.  May be NULL.
	 */
	bool		(*paused) (void *state, const Call *call, TimestampTz until);

	/* Called now and then; returns how many ms until the next; may be NULL */
	long		(*tick) (void *state, int in_flight);

	/*
	 * Called around each wait; NULL for nothing.  Who is not to hold a
	 * transaction meanwhile ends it before, and begins another after.
	 */
	void		(*before_wait) (void *state);
	void		(*after_wait) (void *state);
	void	   *state;
} CallFeed;

/*
 * Runs calls to their ends, until there is no next one and none is in flight.
 * One that is told to wait by its upstream, with 429 and Retry-After, has all
 * of them wait: none is begun before that, or none at all.
 *
 * Failures are results, not errors; an error thrown from here is an interrupt
 * or an error of this server's, and every call in flight has then been
 * recorded as ended by it.
 */
extern void call_pool_run(const CallFeed *feed);

/* The same of calls that are there already. */
extern void call_run(Call **calls, int ncalls);

#endif							/* GAIOPS_CALL_POOL_H */
