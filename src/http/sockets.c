/*
 * sockets.c
 *		The sockets that the session waits for, together with its latch.
 *
 * The set of what is waited for is kept from one wait to the next, since
 * making one costs more system calls than a short HTTP call does.  A socket
 * cannot be taken out of a WaitEventSet: one that nothing is wanted of stays
 * in it, because a kept connection is going to be used again, and when it has
 * to go the set is made anew.
 */
#include "postgres.h"

#include <limits.h>

#include "base/latch_wait.h"
#include "compat.h"
#include "http/clock.h"
#include "http/sockets.h"
#include "miscadmin.h"
#include "storage/fd.h"

#define SPARE_EVENTS	16
#define SPARE_FILES		2

/*
 * What is wanted of a socket and how wait_set has it; indexed by descriptor.
 */
typedef struct SocketEntry
{
	uint32		wanted;			/* WL_SOCKET_* flags, 0 for none */
	uint32		armed;			/* WL_SOCKET_* flags in wait_set */
	int			pos;			/* position in wait_set, -1 if absent */
	bool		open;			/* its closing will be announced */
} SocketEntry;

static SocketEntry *sockets = NULL; /* malloc'd: it grows within libcurl */
static int	num_sockets = 0;
static int	num_wanted = 0;
static int	num_open = 0;
static int	num_claims = 0;
static int	num_reserved = 0;	/* how many of these fd.c counts */

static WaitEventSet *wait_set = NULL;
static int	wait_set_size = 0;
static int	wait_set_used = 0;
static bool wait_set_stale = false; /* holds a socket that must go */
static Latch *wait_set_latch = NULL;

/* The entry of a socket; NULL if there is none and no memory to make one. */
static SocketEntry *
socket_entry(int fd)
{
	if (fd >= num_sockets)
	{
		int			size = Max(fd + 1, num_sockets * 2);
		SocketEntry *grown = realloc(sockets, size * sizeof(SocketEntry));

		if (grown == NULL)
			return NULL;
		for (int i = num_sockets; i < size; i++)
			grown[i] = (SocketEntry) {.pos = -1};
		sockets = grown;
		num_sockets = size;
	}
	return &sockets[fd];
}

bool
sockets_opened(int fd)
{
	SocketEntry *entry = socket_entry(fd);

	if (entry == NULL)
		return false;
	if (entry->pos >= 0)
		wait_set_stale = true;
	entry->open = true;
	num_open++;
	return true;
}

void
sockets_closed(int fd)
{
	if (fd >= num_sockets || !sockets[fd].open)
		return;
	sockets_want(fd, 0);
	sockets[fd].open = false;
	num_open--;
	if (sockets[fd].pos >= 0)
		wait_set_stale = true;
}

uint32
sockets_want(int fd, uint32 events)
{
	SocketEntry *entry = socket_entry(fd);
	uint32		before;

	if (entry == NULL)
		return 0;
	before = entry->wanted;
	num_wanted += (events != 0) - (before != 0);
	entry->wanted = events;

	/* It may have been closed, and its number taken by another, unseen. */
	if (events == 0 && entry->pos >= 0 && !entry->open)
		wait_set_stale = true;
	return before;
}

/* Claims are for what is open or will be. */
static int
num_needed(void)
{
	return Max(num_open, num_claims);
}

/*
 * Reserves one more, and leaves some for the wait set, and for what goes on
 * while transfers are under way; false if there is none.
 */
static bool
reserve_one(void)
{
	int			n = 0;

	while (n <= SPARE_FILES && AcquireExternalFD())
		n++;
	num_reserved += n;
	if (n > SPARE_FILES)
		num_claims++;
	sockets_release();
	return n > SPARE_FILES;
}

bool
sockets_claim(void)
{
	if (num_claims >= num_reserved)
		return reserve_one();
	num_claims++;
	return true;
}

void
sockets_unclaim(void)
{
	num_claims--;
	sockets_release();
}

void
sockets_account(void)
{
	for (; num_reserved < num_needed(); num_reserved++)
		ReserveExternalFD();
	sockets_release();
}

void
sockets_release(void)
{
	for (; num_reserved > num_needed(); num_reserved--)
		ReleaseExternalFD();
}

static void
free_wait_set(void)
{
	WaitEventSet *old = wait_set;

	wait_set = NULL;
	for (int fd = 0; fd < num_sockets; fd++)
		sockets[fd].pos = -1;
	if (old != NULL)
		FreeWaitEventSet(old);
}

static void
make_wait_set(void)
{
	int			size = num_wanted * 2 + SPARE_EVENTS;

	wait_set = compat_create_wait_event_set(size);
	wait_set_stale = true;		/* in case of an error from here on */
	wait_set_size = size;
	wait_set_latch = MyLatch;
	AddWaitEventToSet(wait_set, WL_LATCH_SET, PGINVALID_SOCKET, MyLatch, NULL);
	AddWaitEventToSet(wait_set, WL_EXIT_ON_PM_DEATH, PGINVALID_SOCKET, NULL, NULL);
	wait_set_used = 2;
}

/* Adds a socket to wait_set, or changes what is waited for there. */
static void
arm_socket(int fd)
{
	SocketEntry *entry = &sockets[fd];

	if (entry->pos >= 0)
		ModifyWaitEvent(wait_set, entry->pos, entry->wanted, NULL);
	else
	{
		entry->pos = AddWaitEventToSet(wait_set, entry->wanted, fd, NULL, NULL);
		wait_set_used++;
	}
	entry->armed = entry->wanted;
}

/*
 * Makes wait_set hold the latch, the death of the postmaster and every socket
 * that something is wanted of.
 */
static void
update_wait_set(void)
{
	int			missing = 0;

	for (int fd = 0; fd < num_sockets; fd++)
		if (sockets[fd].wanted != 0 && sockets[fd].pos < 0)
			missing++;
	if (wait_set_stale || wait_set_latch != MyLatch ||
		wait_set_used + missing > wait_set_size)
		free_wait_set();
	if (wait_set == NULL)
		make_wait_set();
	for (int fd = 0; fd < num_sockets; fd++)
		if (sockets[fd].wanted != 0 &&
			(sockets[fd].pos < 0 || sockets[fd].armed != sockets[fd].wanted))
			arm_socket(fd);
	wait_set_stale = false;
}

/* Waits for the latch alone. */
static void
wait_for_latch(long timeout_ms)
{
	int			flags = WL_LATCH_SET | WL_EXIT_ON_PM_DEATH;

	if (timeout_ms >= 0)
		flags |= WL_TIMEOUT;
	if (WaitLatch(MyLatch, flags, timeout_ms, wait_event_of(WAIT_CALL)) & WL_LATCH_SET)
		ResetLatch(MyLatch);
}

/* The shorter of a timeout and the time left until due_us; -1 for no limit. */
static long
shorter_wait(long timeout_ms, int64 due_us)
{
	int64		left_us;

	if (due_us < 0)
		return timeout_ms;
	left_us = Max(due_us - clock_now_us(), 0);
	if (timeout_ms >= 0 && timeout_ms * INT64CONST(1000) < left_us)
		return timeout_ms;
	return (long) Min((left_us + 999) / 1000, INT_MAX);
}

int
sockets_wait(long timeout_ms, int64 due_us, WaitEvent *events, int nevents)
{
	int			found;
	int			kept = 0;

	timeout_ms = shorter_wait(timeout_ms, due_us);
	if (num_wanted == 0)
	{
		wait_for_latch(timeout_ms);
		return 0;
	}

	update_wait_set();
	found = WaitEventSetWait(wait_set, timeout_ms, events, nevents,
							 wait_event_of(WAIT_CALL));
	for (int i = 0; i < found; i++)
	{
		if (events[i].events & WL_LATCH_SET)
			ResetLatch(MyLatch);
		else if (sockets[events[i].fd].wanted == 0)
			wait_set_stale = true;	/* an idle connection was closed */
		else
			events[kept++] = events[i];
	}
	return kept;
}
