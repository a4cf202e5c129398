/*
 * call_pool.c
 *		The loop that drives many calls to their ends.
 *
 * NOTES
 *
 * All calls in flight are stepped, and then it waits once, for whatever comes
 * first: a socket, the earliest timer, or the process latch, which the writer
 * sets when it has committed, or when there is room in the queue.
 *
 * What a caller adds to the record of a call that is over may take long, as
 * when its answer is scored.  So that is done for one call at a time, the one
 * that ended first; between two of them sockets are served, and all others
 * stepped, which keeps their times and timeouts right.
 *
 * Interrupts.  They are looked for after each wait, never within libcurl.
 * One that raises an error ends every call in flight: what has begun is
 * recorded with the class of the error, in the reserved room, and the
 * connection is closed.
 */
#include "postgres.h"

#include "call/call_pool.h"
#include "call/call_step.h"
#include "http/http.h"
#include "miscadmin.h"
#include "queue/record_queue.h"
#include "utils/timestamp.h"

typedef struct CallPool
{
	const CallFeed *feed;
	Call	  **calls;			/* in flight, or being recorded */
	int			ncalls;
	int			in_flight;		/* of these */
	Call	   *next;			/* not begun yet; NULL if there is none */
	TimestampTz paused_until;	/* no call is begun before */
	TimestampTz told_until;		/* the longest pause that was asked for */
	bool		is_stopped;		/* no call is begun any more */
	TimestampTz prepare_at;		/* the next piece of what leads to calls */
} CallPool;

/* Most time for calls in flight between two such pieces. */
#define MOST_BETWEEN_US 100000

/* The sooner of two waits, of which either may have no end. */
static long
sooner(long one, long other)
{
	if (one == CALL_NO_TIMEOUT || other == CALL_NO_TIMEOUT)
		return Max(one, other);
	return Min(one, other);
}

/* Whether an upstream has told to wait; then *timeout_ms is no longer. */
static bool
is_paused(const CallPool *pool, long *timeout_ms)
{
	long		left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), pool->paused_until);

	if (left <= 0)
		return false;
	*timeout_ms = sooner(*timeout_ms, left);
	return true;
}

/*
 * Whether the next call can be sent once it is begun.  If not, it waits for
 * one in flight to end; raises if there is none.
 */
static bool
claim(CallPool *pool)
{
	if (call_claim(pool->next))
		return true;
	if (pool->ncalls == 0)
		http_raise_no_room();
	return false;
}

/*
 * Whether another call may be begun.  One that is over makes place for the
 * next before it is on record, so that its upstream need not wait for our
 * disk; but no more are waited for than are in flight.
 */
static bool
has_place(const CallPool *pool)
{
	return !pool->is_stopped && pool->in_flight < pool->feed->most &&
		pool->ncalls < 2 * pool->feed->most;
}

/*
 * Does a piece of what leads to calls; false if there is none.  It may take
 * long, as a function of a user's may be called for it.  So those in flight
 * have a quarter of that time before the next, in which they connect, and
 * send, and take what has come.
 */
static bool
prepare(CallPool *pool, long *timeout_ms)
{
	const CallFeed *feed = pool->feed;
	TimestampTz begun = GetCurrentTimestamp();
	TimestampTz ended;

	if (feed->prepare == NULL)
		return false;
	if (pool->ncalls > 0 && begun < pool->prepare_at)
	{
		*timeout_ms = sooner(*timeout_ms, TimestampDifferenceMilliseconds(begun, pool->prepare_at));
		return true;
	}
	if (!feed->prepare(feed->state))
		return false;
	ended = GetCurrentTimestamp();
	pool->prepare_at = ended + Min((ended - begun) / 4, MOST_BETWEEN_US);
	*timeout_ms = 0;
	return true;
}

/*
 * Begins calls while there is room for them.  The next one is taken all the
 * same, since without one there is nothing to wait for.  Returns whether there
 * is none yet, but what leads to calls is not all done.
 */
static bool
fill(CallPool *pool, long *timeout_ms)
{
	const CallFeed *feed = pool->feed;

	while (has_place(pool))
	{
		if (pool->next == NULL)
			pool->next = feed->next(feed->state);
		if (pool->next == NULL)
			return prepare(pool, timeout_ms);
		if (is_paused(pool, timeout_ms) || !claim(pool))
			return false;
		call_begin(pool->next);
		pool->calls[pool->ncalls++] = pool->next;
		pool->in_flight++;
		pool->next = NULL;
	}
	return false;
}

/* Heeds until when the upstream of a call wants none, if it has said so. */
static void
heed_pause(CallPool *pool, const Call *call)
{
	const CallFeed *feed = pool->feed;
	TimestampTz until = call_told_pause(call);

	if (until <= pool->told_until)
		return;
	pool->told_until = until;
	if (feed->paused == NULL || feed->paused(feed->state, call, until))
		pool->paused_until = until;
	else
		pool->is_stopped = true;
}

/* Gives a call back that has ended; the last one takes its place. */
static void
hand_over(CallPool *pool, int i)
{
	const CallFeed *feed = pool->feed;
	Call	   *call = pool->calls[i];

	pool->calls[i] = pool->calls[--pool->ncalls];
	call_end(call);
	if (feed->finished != NULL)
		feed->finished(feed->state, call);
}

/*
 * Steps every call, and gives back those that end.  Returns whether there is
 * place for another; *timeout_ms is no longer than until one wants another
 * step.
 */
static bool
step_all(CallPool *pool, long *timeout_ms)
{
	int			ncalls = pool->ncalls;
	int			in_flight = pool->in_flight;

	pool->in_flight = 0;
	for (int i = 0; i < pool->ncalls;)
	{
		Call	   *call = pool->calls[i];

		call_step(call);
		heed_pause(pool, call);
		call_delay(call, pool->paused_until);
		if (call_is_done(call))
		{
			hand_over(pool, i);
			continue;
		}
		pool->in_flight += !call_is_over(call);
		*timeout_ms = sooner(*timeout_ms, call_step_timeout(call));
		i++;
	}
	return pool->ncalls < ncalls || pool->in_flight < in_flight;
}

/* Adds the rows of one call that is over; false if there is none. */
static bool
add_rows(CallPool *pool)
{
	Call	   *first = NULL;

	for (int i = 0; i < pool->ncalls; i++)
	{
		Call	   *call = pool->calls[i];

		if (call_wants_rows(call) &&
			(first == NULL || call_result(call)->ended_at < call_result(first)->ended_at))
			first = call;
	}
	if (first == NULL)
		return false;
	call_add_rows(first);
	return true;
}

/* Waits, in between transactions if the caller wants it so. */
static void
wait(const CallPool *pool, long timeout_ms)
{
	const CallFeed *feed = pool->feed;

	if (feed->before_wait != NULL)
		feed->before_wait(feed->state);
	http_wait(timeout_ms);
	if (feed->after_wait != NULL)
		feed->after_wait(feed->state);
}

/*
 * Steps every call, as far as they go without waiting; then waits, unless
 * another can be begun or something else was done.
 */
static void
turn(CallPool *pool, long timeout_ms)
{
	if (step_all(pool, &timeout_ms))
		return;
	wait(pool, add_rows(pool) ? 0 : timeout_ms);
}

/* Drives the calls until there are no more. */
static void
drive(CallPool *pool)
{
	const CallFeed *feed = pool->feed;

	for (;;)
	{
		long		timeout_ms = CALL_NO_TIMEOUT;
		bool		is_more;

		if (feed->tick != NULL)
			timeout_ms = feed->tick(feed->state, pool->in_flight);
		is_more = fill(pool, &timeout_ms);
		if (!is_more && pool->ncalls == 0 && (pool->next == NULL || pool->is_stopped))
			return;
		turn(pool, timeout_ms);
		CHECK_FOR_INTERRUPTS();
	}
}

/* The class of the error that interrupts the loop. */
static FailureClass
interruption_class(void)
{
	switch (geterrcode())
	{
		case ERRCODE_GAIOPS_SECRET_UNAVAILABLE:
			return FAILURE_SECRET_UNAVAILABLE;
		case ERRCODE_QUERY_CANCELED:
			return FAILURE_CANCELED;
		default:
			return FAILURE_INTERNAL;
	}
}

void
call_pool_run(const CallFeed *feed)
{
	/* In memory, and in no register: an error leaves those as they were. */
	CallPool   *pool = palloc0(sizeof(CallPool));

	pool->feed = feed;
	pool->calls = palloc(sizeof(Call *) * 2 * feed->most);
	PG_TRY();
	{
		drive(pool);
	}
	PG_CATCH();
	{
		FailureClass failure = interruption_class();

		for (int i = 0; i < pool->ncalls; i++)
			call_abandon(pool->calls[i], failure);
		record_queue_stop_awaiting_room();
		PG_RE_THROW();
	}
	PG_END_TRY();
	record_queue_stop_awaiting_room();
	pfree(pool->calls);
	pfree(pool);
}

/* ---- calls that are there already ---- */

typedef struct CallList
{
	Call	  **calls;
	int			ncalls;
	int			next;
} CallList;

static Call *
next_of_list(void *state)
{
	CallList   *list = state;

	return list->next < list->ncalls ? list->calls[list->next++] : NULL;
}

void
call_run(Call **calls, int ncalls)
{
	CallList	list = {.calls = calls,.ncalls = ncalls};
	CallFeed	feed = {.most = ncalls,.next = next_of_list,.state = &list};

	call_pool_run(&feed);
}
