/*
 * journal.h
 *		Handing a record to the writer, and waiting for its commit.
 *
 * Waiting is a state machine, so that one loop can wait for many entries and
 * for the network at once; journal_wait() is that loop for a single entry.
 */
#ifndef GAIOPS_JOURNAL_H
#define GAIOPS_JOURNAL_H

#include "compat.h"
#include "datatype/timestamp.h"
#include "queue/record_queue.h"

typedef enum JournalState
{
	JOURNAL_WAITING,			/* the process latch tells when to look again */
	JOURNAL_COMMITTED,
	JOURNAL_REFUSED,			/* nothing was stored, nothing is queued */
	JOURNAL_TIMED_OUT,			/* gaiops.log_timeout ran out; the record is
								 * queued and will be committed later */
	JOURNAL_NO_ROOM				/* it ran out before there was room to queue it */
} JournalState;

typedef struct JournalEntry
{
	Ticket	   *ticket;			/* NULL until there was room */
	const Record *record;
	const Record *bare;			/* stands in for record when there is no room;
								 * fits the reserved chunk; or NULL */
	bool		is_final;
	bool		stays_open;		/* until a session ends it; see journal_open() */
	bool		pushed;
	OpenLimit	limit;			/* what keeps it from staying open */
	TimestampTz deadline;
} JournalEntry;

/* Begins to write the first record of a new ticket. */
extern void journal_begin(JournalEntry *entry, const Record *record);

/*
 * Begins to write the first record of what stays open until a session ends
 * it, and returns once it is queued.  Raises
 * ERRCODE_CONFIGURATION_LIMIT_EXCEEDED at once when such things may hold no
 * more of the queue; what names it in other errors.
 */
extern void journal_open(JournalEntry *entry, const Record *record,
						 const char *what);

/* Begins to write the last record of a ticket. */
extern void journal_begin_final(JournalEntry *entry, Ticket *ticket,
								const Record *record, const Record *bare);

/* Moves on as far as possible without waiting. */
extern JournalState journal_step(JournalEntry *entry);

/*
 * Moves on until the record is queued, or cannot be as the state says; may be
 * interrupted.
 */
extern JournalState journal_push(JournalEntry *entry);

/* Waits for the end of an entry; may be interrupted. */
extern JournalState journal_wait(JournalEntry *entry);

/* Milliseconds until journal_step() should be called again, latch or not. */
extern long journal_timeout(const JournalEntry *entry);

/*
 * Commits a record that no final one follows; raises if it cannot.  what names
 * it in the error.
 */
extern void journal_write(const Record *record, const char *what);

/* Whether records can be written here and now; see journal_require(). */
extern bool journal_is_possible(void);

/*
 * Raises ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE unless records can be
 * written here and now: library preloaded, no standby, extension committed,
 * and spans not those of a publisher.
 *
 * Keeps commands that change or drop the extension waiting until the
 * transaction ends: the writer would wait for such a command, and no deadlock
 * detector sees that a caller waits for the writer.  So it comes before all
 * reads of our tables.
 */
extern void journal_require(void);

/* The same, but spans may be those of a publisher: for other workers. */
extern void journal_require_worker(void);

/* What keeps records from being committed, for a message's detail and hint. */
extern const char *journal_trouble_detail(JournalState state);
extern const char *journal_trouble_hint(void);

/* Warns that a final record is queued still, or was refused. */
extern void journal_warn_late(const char *what, JournalState state);

/* Raises ERRCODE_GAIOPS_LOG_UNAVAILABLE with that detail and hint. */
pg_noreturn extern void journal_raise_unavailable(const char *what, JournalState state);

#endif							/* GAIOPS_JOURNAL_H */
