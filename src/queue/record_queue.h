/*
 * record_queue.h
 *		The shared-memory queue from callers to the writers.
 *
 * Memory is a pool of equal chunks.  A caller takes a ticket, and with it the
 * chunk that its final record will need, before it does anything that has to be
 * recorded; so a cancelled or dying session never waits to record.  Records of a
 * database are committed in the order they were pushed.
 */
#ifndef GAIOPS_RECORD_QUEUE_H
#define GAIOPS_RECORD_QUEUE_H

#include "queue/queue_types.h"
#include "queue/record.h"
#include "storage/itemptr.h"
#include "storage/latch.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

extern void record_queue_init(void);

/* Whether the library was preloaded. */
extern bool record_queue_available(void);

/*
 * The random id of this life of the server, in this database: what is copied into
 * another one is not under way there.  NULL if not preloaded.
 */
extern const pg_uuid_t *record_queue_incarnation(void);

/* Payloads above this many bytes must be cut. */
extern Size record_queue_max_payload(void);

/* ---- callers ---- */

/*
 * Takes a ticket whose first record has first_size bytes; NULL when the queue
 * has no room now.  Never waits.  The first record must be pushed with it, or
 * the ticket released.
 */
extern Ticket *record_queue_reserve(Size first_size);

/*
 * The same for what stays open until a session ends it.  NULL as well when it may
 * hold no more of the queue, as limit says then.
 */
extern Ticket *record_queue_reserve_open(Size first_size, OpenLimit *limit);

/* Pushes the first record of a ticket; the space was reserved. */
extern void record_queue_push(Ticket *ticket, const Record *record);

/*
 * Pushes the last record of a ticket, taking what it needs beyond the reserved
 * chunk from the pool; false when there is no room now.  Never waits.
 */
extern bool record_queue_push_final(Ticket *ticket, const Record *record);

/* Whether a final record fits the reserved chunk, so that it cannot fail. */
extern bool record_queue_fits_reserved(const Record *record);

extern TicketState record_queue_state(const Ticket *ticket);

/* Why this database's records do not get committed. */
extern QueueTrouble record_queue_trouble(void);

/*
 * Gives the ticket up.  A record still under way with it is committed all the
 * same; a reserved chunk that was not used goes back to the pool.
 */
extern void record_queue_release(Ticket *ticket);

/* Have this process's latch set when room may have been made. */
extern void record_queue_await_room(void);
extern void record_queue_stop_awaiting_room(void);

/* ---- writers ---- */

/* Makes this process the writer of its database; false if it has one. */
extern bool record_queue_attach_writer(void);

/* The oldest records of this database, at most max; they stay its. */
extern int	record_queue_take(QueuedRecord *records, int max);

/* Points at a record's bytes, gathering them here when they are in pieces. */
extern void record_queue_locate(QueuedRecord *record);

/* Tells the callers and frees the records. */
extern void record_queue_finish(QueuedRecord *records, int n, TicketState state);

/* Puts the newest records taken back at the head of the queue, in order. */
extern void record_queue_put_back(const QueuedRecord *records, int n);

extern void record_queue_set_trouble(QueueTrouble trouble);

/* Whether anything of this database may still have to be recorded. */
extern bool record_queue_has_tickets(void);

/* Whether this database's writer should leave now, idle or not. */
extern bool record_queue_writer_must_leave(void);

/* Whether another database waits for a writer's place. */
extern bool record_queue_others_wait(void);

/* ---- maintenance and status ---- */

/*
 * Says that this process does the maintenance of its database; false if
 * another one does, or if nobody may.  record_queue_keep_away() ends it.
 */
extern bool record_queue_attach_maintenance(void);

/* Whether nobody began or wants this database's maintenance for so long. */
extern bool record_queue_maintenance_is_due(int ms);

/* The state of the queue, for people. */
typedef struct QueueStats
{
	int32		chunks;
	int32		free;
	int32		used;			/* by this database */
	int32		tickets;		/* of this database */
	int32		room;			/* that it may take */
	int32		open;			/* open spans and runs on this server */
	int32		open_most;		/* how many there may be */
	int32		open_here;		/* of this database */
	int32		open_here_most;
	Oid			open_role;		/* that has the most, or invalid */
	int32		open_of_role;
	int32		open_of_role_most;
	OpenLimit	open_limit;		/* what keeps it from having one more here */
	bool		has_writer;
	bool		in_maintenance;
	QueueTrouble trouble;
	TimestampTz last_maintenance;	/* 0 if there was none */
} QueueStats;

extern void record_queue_stats(QueueStats *stats);

/* ---- launcher and utility hook ---- */

/* What the launcher needs to know of a database. */
typedef struct DatabaseDemand
{
	Oid			database;
	bool		wants_writer;
	bool		wants_maintenance;
	TimestampTz last_served;	/* when its last writer was started */
	TimestampTz failed_at;		/* when its last writer failed to start */
} DatabaseDemand;

extern void record_queue_attach_launcher(void);
extern int	record_queue_demands(DatabaseDemand *demands, int max);
extern int	record_queue_max_databases(void);
extern void record_queue_writer_starting(Oid database);
extern void record_queue_writer_gone(Oid database);

/* A writer's process has ended, attached or not. */
extern void record_queue_writer_ended(Oid database);
extern void record_queue_set_others_wait(bool wait);
extern void record_queue_note_trouble(Oid database, QueueTrouble trouble);

/* Wants maintenance of this database done, or says that it was started. */
extern void record_queue_want_maintenance(bool want, Oid database);

/* Keeps writers away from a database (counted), or lets them back. */
extern void record_queue_keep_away(Oid database, bool keep);

/* Whether a database has a writer, or one about to start, or maintenance. */
extern bool record_queue_has_writer(Oid database);

/* Throws away what is queued for a database that does not exist any more. */
extern void record_queue_forget_database(Oid database);

#endif							/* GAIOPS_RECORD_QUEUE_H */
