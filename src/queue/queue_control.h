/*
 * queue_control.h
 *		The queue of records as it is controlled: by the launcher, by
 *		workers, by commands that want a database for themselves; and as
 *		people see it.
 */
#ifndef GAIOPS_QUEUE_CONTROL_H
#define GAIOPS_QUEUE_CONTROL_H

#include "datatype/timestamp.h"
#include "queue/queue_types.h"

/* ---- workers other than the writer, and status ---- */

/*
 * Makes this process the worker of its database of a kind other than the
 * writer; false if it has one, or if a command keeps workers away.  From then
 * on record_queue_keep_away() may end the process, with SIGTERM.
 */
extern bool record_queue_attach_worker(WorkerKind kind);

/*
 * Whether this database has had no maintenance for so long, and none is
 * wanted yet; for its writer.
 */
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
	uint32		asked_for;		/* WORKER_BIT()s */
	bool		lacks_writer;	/* where records are queued */
	TimestampTz last_served;	/* when its last writer was started */
	TimestampTz failed_at;		/* when its last writer failed to start */
} DatabaseDemand;

/* Makes this process the one that is woken when a database wants a worker. */
extern void record_queue_attach_launcher(void);

/* What databases want, at most max of them; returns how many. */
extern int	record_queue_demands(DatabaseDemand *demands, int max);
extern int	record_queue_max_databases(void);

/* A worker was registered, so nobody asks for it any more. */
extern void record_queue_worker_starting(WorkerKind kind, Oid database);

/*
 * A writer was registered; its process has ended, whether it attached or not.
 */
extern void record_queue_writer_starting(Oid database);
extern void record_queue_writer_ended(Oid database);

/* Whether a database has to wait for a place, so that writers take turns. */
extern void record_queue_set_others_wait(bool wait);

/* Says, for people, why a database gets no writer. */
extern void record_queue_note_trouble(Oid database, QueueTrouble trouble);

/*
 * Asks for a worker of a database, of a kind that is wanted by being asked
 * for; one that is there is woken.  False if there is no entry for another
 * database.
 */
extern bool record_queue_want_worker(WorkerKind kind, Oid database);

/* How many databases ask for a worker of a kind. */
extern int	record_queue_count_wanting(WorkerKind kind);

/*
 * Keeps workers away from a database, or lets them back once all who kept
 * them away have done so.
 */
extern void record_queue_keep_away(Oid database, bool keep);

/* Whether a database has a worker, or a writer that is about to start. */
extern bool record_queue_has_workers(Oid database);

/* Throws away what is queued for a database that does not exist any more. */
extern void record_queue_forget_database(Oid database);

#endif							/* GAIOPS_QUEUE_CONTROL_H */
