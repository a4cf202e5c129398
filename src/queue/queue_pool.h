/*
 * queue_pool.h
 *		The memory behind the record queue: chunks, tickets, databases.
 *
 * Only the files of the queue include this.  Functions that take or give want
 * pool_lock held, exclusively if they change anything.
 */
#ifndef GAIOPS_QUEUE_POOL_H
#define GAIOPS_QUEUE_POOL_H

#include "port/atomics.h"
#include "queue/queue_types.h"
#include "storage/condition_variable.h"
#include "storage/latch.h"
#include "storage/lwlock.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#define CHUNK_SIZE 8192
#define MAX_DATABASES 256
#define NONE (-1)

typedef struct Chunk
{
	int32		next;			/* of the same record, or of the free list */
	int32		next_record;	/* in a record's first chunk: the queue */
	int32		ticket;
	uint32		size;			/* of the whole record */
	bool		is_final;
	char		data[FLEXIBLE_ARRAY_MEMBER];
} Chunk;

#define CHUNK_HEADER MAXALIGN(offsetof(Chunk, data))
#define CHUNK_ROOM (CHUNK_SIZE - CHUNK_HEADER)

struct Ticket
{
	pg_atomic_uint32 state;		/* TicketState */
	int32		next_free;
	int32		first_chunk;	/* reserved for the first record */
	int32		final_chunk;	/* reserved for the last one */
	int32		npending;		/* records queued and not finished */
	bool		released;		/* the owner does not look any more */
	Oid			open_role;		/* whose open span or run holds it; or invalid */
	Latch	   *owner;
	DatabaseQueue *database;
};

typedef enum WriterState
{
	WRITER_NONE,
	WRITER_STARTING,
	WRITER_RUNNING
} WriterState;

/*
 * The worker of a kind, if it has attached itself.  It may be ended at any
 * time; the writer, which may not, has a WriterState instead.
 */
typedef struct WorkerPlace
{
	int			pid;			/* 0 if there is none */
	Latch	   *latch;			/* then NULL, too */
	TimestampTz begun_at;		/* when the last one attached itself */
} WorkerPlace;

/* A job that has a worker, or is about to. */
typedef struct JobSlot
{
	Oid			database;		/* InvalidOid if the slot is free */
	pg_uuid_t	job;
	int			pid;			/* 0 until the worker has started */
} JobSlot;

struct DatabaseQueue
{
	Oid			oid;			/* InvalidOid if the entry is free */
	int32		head;			/* oldest record */
	int32		tail;
	int32		nchunks;		/* reserved or queued */
	int32		ntickets;
	int32		nopen;			/* tickets of open spans and runs */
	int32		keep_away;		/* utility commands that want no workers */
	WriterState writer_state;
	Latch	   *writer_latch;
	QueueTrouble trouble;
	uint32		asked_for;		/* WORKER_BIT()s that somebody asks for */
	bool		lacks_job_worker;	/* no worker slot was free for a job */
	WorkerPlace workers[NUM_WORKER_KINDS];
	TimestampTz last_served;
	TimestampTz failed_at;		/* when its last writer ended unattached */
};

typedef struct QueuePool
{
	pg_uuid_t	incarnation;
	Latch	   *launcher_latch;
	ConditionVariable room;
	bool		others_wait;
	int32		nchunks;
	int32		nfree;
	int32		nopen;			/* tickets of open spans and runs */
	int32		free_head;
	int32		ticket_free_head;
	DatabaseQueue databases[MAX_DATABASES];
	JobSlot		jobs[MAX_JOB_SLOTS];
} QueuePool;

/* NULL unless the library was preloaded. */
extern QueuePool *pool;
extern Ticket *pool_tickets;
extern LWLock *pool_lock;

/* Asks for the memory; called while the library is preloaded. */
extern void pool_init(void);

/*
 * The entry of the database that this process is a worker of.  It stays where
 * it is meanwhile: no entry in use is given to another database.
 */
extern DatabaseQueue *pool_attached;

/* ---- databases ---- */

/* The entry of a database; NULL if it has none. */
extern DatabaseQueue *pool_find_database(Oid oid);

/* The same, made if need be; NULL when all are in use. */
extern DatabaseQueue *pool_make_database(Oid oid);

/* The entry of this process's database, made if need be. */
extern DatabaseQueue *pool_own_database(void);

/* Whether it has a worker, or a writer that is about to start. */
extern bool pool_has_workers(const DatabaseQueue *database);

/* ---- chunks ---- */

extern Chunk *pool_chunk(int32 index);
extern char *pool_chunk_data(Chunk *chunk);

/* Chunks that so many bytes need. */
extern int32 pool_chunks_for(Size size);

/* Whether a database may take so many more. */
extern bool pool_has_room(const DatabaseQueue *database, int32 need);

/* How many more it may take, at most. */
extern int32 pool_room(const DatabaseQueue *database);

/* Takes n chunks, known to be free, as a chain; NONE if n is 0. */
extern int32 pool_take_chunks(DatabaseQueue *database, int32 n);
extern void pool_give_back_chunks(DatabaseQueue *database, int32 head);

/* ---- what is open ---- */

/*
 * How many tickets the open spans and runs of a role, a database or all may
 * hold.
 */
extern int32 pool_open_most(OpenLimit of);

/* Which limit keeps a role from having one more in a database. */
extern OpenLimit pool_open_limit(const DatabaseQueue *database, Oid role);

/* Counts a ticket as held by what a role has open, or no longer. */
extern void pool_add_open(Ticket *ticket, Oid role);
extern void pool_remove_open(Ticket *ticket);

/* The role that has the most, and how many; InvalidOid if none has any. */
extern Oid	pool_find_most_open(int32 *nopen);

/* ---- tickets ---- */

/* A ticket with nfirst chunks and one for its final record. */
extern Ticket *pool_make_ticket(DatabaseQueue *database, int32 nfirst);
extern void pool_free_ticket(Ticket *ticket);

/*
 * Ends one record; returns the latch of its caller, to set without the lock.
 */
extern Latch *pool_finish_record(const QueuedRecord *record, TicketState state);

/* Sets a latch that may be NULL. */
extern void pool_set_latch(Latch *latch);

#endif							/* GAIOPS_QUEUE_POOL_H */
