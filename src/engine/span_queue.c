/*
 * span_queue.c
 *		The shared-memory queue from callers to the writers.
 *
 * One lock protects everything but the bytes of records: chunks that are not on
 * the free list belong to whoever took them, so records are copied in and out
 * without the lock.  A database has a share of the pool that shrinks as the
 * pool fills: it may hold at most SHARE_OF_FREE times what is left.  So one
 * database whose writer is stuck cannot take the room of the others.
 */
#include "postgres.h"

#include <signal.h>

#include "engine/settings.h"
#include "engine/span_queue.h"
#include "miscadmin.h"
#include "storage/condition_variable.h"
#include "storage/ipc.h"
#include "storage/lwlock.h"
#include "storage/proc.h"
#include "storage/shmem.h"
#include "utils/memutils.h"

#define QUEUE_NAME "genaiops"
#define CHUNK_SIZE 8192
#define MAX_DATABASES 256
#define NONE (-1)
#define SHARE_OF_FREE 3
#define PAYLOAD_SHARE 8

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
	Latch	   *owner;
	DatabaseQueue *database;
};

typedef enum WriterState
{
	WRITER_NONE,
	WRITER_STARTING,
	WRITER_RUNNING
} WriterState;

struct DatabaseQueue
{
	Oid			oid;			/* InvalidOid if the entry is free */
	int32		head;			/* oldest record */
	int32		tail;
	int32		nchunks;		/* reserved or queued */
	int32		ntickets;
	int32		keep_away;		/* utility commands that want no writer */
	WriterState writer_state;
	int			writer_pid;
	Latch	   *writer_latch;
	QueueTrouble trouble;
	bool		wants_maintenance;
	int			maintenance_pid;	/* 0 if none is under way */
	TimestampTz last_maintenance;	/* when one was started */
	TimestampTz last_served;
};

typedef struct QueueShared
{
	pg_uuid_t	incarnation;
	Latch	   *launcher_latch;
	ConditionVariable room;
	bool		others_wait;
	int32		nchunks;
	int32		nfree;
	int32		free_head;
	int32		ticket_free_head;
	DatabaseQueue databases[MAX_DATABASES];
} QueueShared;

static QueueShared *queue = NULL;
static Ticket *tickets = NULL;
static char *chunks = NULL;
static LWLock *queue_lock = NULL;
static DatabaseQueue *my_database = NULL;

static shmem_request_hook_type prev_shmem_request_hook = NULL;
static shmem_startup_hook_type prev_shmem_startup_hook = NULL;

/* ---- memory ---- */

static int32
configured_chunks(void)
{
	return (int32) ((Size) gaiops_queue_size * 1024 * 1024 / CHUNK_SIZE);
}

/* Every ticket holds two chunks at least, so there are never more. */
static int32
configured_tickets(void)
{
	return configured_chunks() / 2;
}

static Size
queue_shmem_size(void)
{
	Size		size = MAXALIGN(sizeof(QueueShared));

	size = add_size(size, MAXALIGN(mul_size(configured_tickets(), sizeof(Ticket))));
	return add_size(size, mul_size(configured_chunks(), CHUNK_SIZE));
}

static void
request_shmem(void)
{
	if (prev_shmem_request_hook)
		prev_shmem_request_hook();
	RequestAddinShmemSpace(queue_shmem_size());
	RequestNamedLWLockTranche(QUEUE_NAME, 1);
}

static Chunk *
chunk_at(int32 index)
{
	return (Chunk *) (chunks + (Size) index * CHUNK_SIZE);
}

static char *
chunk_data(Chunk *chunk)
{
	return (char *) chunk + CHUNK_HEADER;
}

static void
init_shared(void)
{
	memset(queue, 0, sizeof(QueueShared));
	if (!pg_strong_random(&queue->incarnation, sizeof(pg_uuid_t)))
		elog(FATAL, "could not get random bytes");
	ConditionVariableInit(&queue->room);
	queue->nchunks = queue->nfree = configured_chunks();
	queue->free_head = 0;
	for (int32 i = 0; i < queue->nchunks; i++)
		chunk_at(i)->next = i + 1 < queue->nchunks ? i + 1 : NONE;
	queue->ticket_free_head = 0;
	for (int32 i = 0; i < configured_tickets(); i++)
	{
		pg_atomic_init_u32(&tickets[i].state, TICKET_IDLE);
		tickets[i].next_free = i + 1 < configured_tickets() ? i + 1 : NONE;
	}
}

static void
startup_shmem(void)
{
	bool		found;

	if (prev_shmem_startup_hook)
		prev_shmem_startup_hook();

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	queue = ShmemInitStruct("genaiops span queue", queue_shmem_size(), &found);
	tickets = (Ticket *) ((char *) queue + MAXALIGN(sizeof(QueueShared)));
	chunks = (char *) tickets +
		MAXALIGN(mul_size(configured_tickets(), sizeof(Ticket)));
	queue_lock = &GetNamedLWLockTranche(QUEUE_NAME)->lock;
	if (!found)
		init_shared();
	LWLockRelease(AddinShmemInitLock);
}

/* Asks for the shared memory; called while the library is preloaded. */
void
span_queue_init(void)
{
	prev_shmem_request_hook = shmem_request_hook;
	shmem_request_hook = request_shmem;
	prev_shmem_startup_hook = shmem_startup_hook;
	shmem_startup_hook = startup_shmem;
}

bool
span_queue_available(void)
{
	return queue != NULL;
}

const pg_uuid_t *
span_queue_incarnation(void)
{
	return queue ? &queue->incarnation : NULL;
}

Size
span_queue_max_payload(void)
{
	Size		configured = (Size) gaiops_max_payload_bytes * 1024;
	Size		share = (Size) queue->nchunks * CHUNK_ROOM / PAYLOAD_SHARE;

	return Min(configured, share);
}

/* ---- databases; the lock is held ---- */

static bool
database_is_idle(const DatabaseQueue *database)
{
	return database->ntickets == 0 && database->head == NONE &&
		database->writer_state == WRITER_NONE && database->keep_away == 0 &&
		database->maintenance_pid == 0;
}

static DatabaseQueue *
find_database(Oid oid)
{
	for (int i = 0; i < MAX_DATABASES; i++)
		if (queue->databases[i].oid == oid)
			return &queue->databases[i];
	return NULL;
}

/* The entry of a database, made if need be; NULL when all are in use. */
static DatabaseQueue *
find_or_make_database(Oid oid)
{
	DatabaseQueue *database = find_database(oid);

	for (int i = 0; database == NULL && i < MAX_DATABASES; i++)
	{
		DatabaseQueue *entry = &queue->databases[i];

		if (OidIsValid(entry->oid) && !database_is_idle(entry))
			continue;
		memset(entry, 0, sizeof(DatabaseQueue));
		entry->oid = oid;
		entry->head = entry->tail = NONE;
		database = entry;
	}
	return database;
}

/* The entry of this process's database, from a cache where it still holds. */
static DatabaseQueue *
own_database(void)
{
	if (my_database == NULL || my_database->oid != MyDatabaseId)
		my_database = find_or_make_database(MyDatabaseId);
	return my_database;
}

/* ---- chunks and tickets; the lock is held ---- */

static int32
chunks_for(Size size)
{
	return (int32) ((size + CHUNK_ROOM - 1) / CHUNK_ROOM);
}

static bool
has_room(const DatabaseQueue *database, int32 need)
{
	int32		left = queue->nfree - need;

	return left >= 0 &&
		(int64) database->nchunks + need <= (int64) left * SHARE_OF_FREE;
}

/* Takes n chunks, known to be free, as a chain. */
static int32
take_chunks(DatabaseQueue *database, int32 n)
{
	int32		head = queue->free_head;
	int32		last = head;

	if (n == 0)
		return NONE;
	for (int32 i = 1; i < n; i++)
		last = chunk_at(last)->next;
	queue->free_head = chunk_at(last)->next;
	chunk_at(last)->next = NONE;
	queue->nfree -= n;
	database->nchunks += n;
	return head;
}

static void
give_back_chunks(DatabaseQueue *database, int32 head)
{
	while (head != NONE)
	{
		int32		next = chunk_at(head)->next;

		chunk_at(head)->next = queue->free_head;
		queue->free_head = head;
		queue->nfree++;
		database->nchunks--;
		head = next;
	}
}

static void
free_ticket(Ticket *ticket)
{
	give_back_chunks(ticket->database, ticket->first_chunk);
	give_back_chunks(ticket->database, ticket->final_chunk);
	ticket->database->ntickets--;
	ticket->next_free = queue->ticket_free_head;
	queue->ticket_free_head = ticket - tickets;
}

static Ticket *
make_ticket(DatabaseQueue *database, int32 nfirst)
{
	Ticket	   *ticket = &tickets[queue->ticket_free_head];

	queue->ticket_free_head = ticket->next_free;
	pg_atomic_write_u32(&ticket->state, TICKET_IDLE);
	ticket->database = database;
	ticket->first_chunk = take_chunks(database, nfirst);
	ticket->final_chunk = take_chunks(database, 1);
	ticket->npending = 0;
	ticket->released = false;
	ticket->owner = MyLatch;
	database->ntickets++;
	return ticket;
}

/* ---- callers ---- */

Ticket *
span_queue_reserve(Size first_size)
{
	int32		nfirst = chunks_for(first_size);
	Ticket	   *ticket = NULL;
	DatabaseQueue *database;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = own_database();
	if (database != NULL && queue->ticket_free_head != NONE &&
		has_room(database, nfirst + 1))
		ticket = make_ticket(database, nfirst);
	LWLockRelease(queue_lock);
	return ticket;
}

/* Where the next bytes of a record go. */
typedef struct ChunkCursor
{
	Chunk	   *chunk;
	Size		used;
} ChunkCursor;

static void
write_bytes(ChunkCursor *cursor, const char *bytes, Size len)
{
	while (len > 0)
	{
		Size		n = Min(len, CHUNK_ROOM - cursor->used);

		if (n == 0)
		{
			cursor->chunk = chunk_at(cursor->chunk->next);
			cursor->used = 0;
			continue;
		}
		memcpy(chunk_data(cursor->chunk) + cursor->used, bytes, n);
		cursor->used += n;
		bytes += n;
		len -= n;
	}
}

/* Copies a record into a chain of chunks that is large enough. */
static void
write_record(int32 head, const Record *record)
{
	static const char padding[MAXIMUM_ALIGNOF] = {0};
	ChunkCursor cursor = {chunk_at(head), 0};

	for (int i = 0; i < record->nrows; i++)
	{
		const RecordRow *row = &record->rows[i];

		write_bytes(&cursor, (const char *) row, sizeof(RecordRow));
		write_bytes(&cursor, padding, RECORD_ROW_HEADER - sizeof(RecordRow));
		write_bytes(&cursor, (const char *) record->tuples[i], row->tuple_len);
		write_bytes(&cursor, padding, MAXALIGN(row->tuple_len) - row->tuple_len);
	}
}

static void
set_latch_if_any(Latch *latch)
{
	if (latch != NULL)
		SetLatch(latch);
}

/* Appends a written record to its database's queue and wakes the writer. */
static void
enqueue(Ticket *ticket, int32 head, Size size, bool is_final)
{
	Chunk	   *chunk = chunk_at(head);
	DatabaseQueue *database = ticket->database;
	Latch	   *wake;

	chunk->next_record = NONE;
	chunk->ticket = ticket - tickets;
	chunk->size = size;
	chunk->is_final = is_final;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	if (database->tail == NONE)
		database->head = head;
	else
		chunk_at(database->tail)->next_record = head;
	database->tail = head;
	ticket->npending++;
	pg_atomic_write_u32(&ticket->state, TICKET_PENDING);
	if (database->writer_state == WRITER_RUNNING)
		wake = database->writer_latch;
	else
		wake = queue->launcher_latch;
	LWLockRelease(queue_lock);
	set_latch_if_any(wake);
}

void
span_queue_push(Ticket *ticket, const Record *record)
{
	int32		head = ticket->first_chunk;

	write_record(head, record);
	ticket->first_chunk = NONE;
	enqueue(ticket, head, record->size, false);
}

bool
span_queue_fits_reserved(const Record *record)
{
	return record->size <= CHUNK_ROOM;
}

/* Lengthens the reserved chunk to a chain of n; false if there is no room. */
static bool
extend_final(Ticket *ticket, int32 n)
{
	bool		ok;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	ok = has_room(ticket->database, n - 1);
	if (ok)
		chunk_at(ticket->final_chunk)->next =
			take_chunks(ticket->database, n - 1);
	LWLockRelease(queue_lock);
	return ok;
}

bool
span_queue_push_final(Ticket *ticket, const Record *record)
{
	int32		head = ticket->final_chunk;

	if (!span_queue_fits_reserved(record) &&
		!extend_final(ticket, chunks_for(record->size)))
		return false;
	write_record(head, record);
	ticket->final_chunk = NONE;
	enqueue(ticket, head, record->size, true);
	return true;
}

TicketState
span_queue_state(const Ticket *ticket)
{
	return pg_atomic_read_u32(unconstify(pg_atomic_uint32 *, &ticket->state));
}

QueueTrouble
span_queue_trouble(void)
{
	QueueTrouble trouble = TROUBLE_NONE;
	DatabaseQueue *database;

	LWLockAcquire(queue_lock, LW_SHARED);
	database = find_database(MyDatabaseId);
	if (database != NULL)
		trouble = database->trouble;
	/* Without a slot for the launcher, nobody is there to note it. */
	if (queue->launcher_latch == NULL &&
		(database == NULL || database->writer_state == WRITER_NONE))
		trouble = TROUBLE_NO_WORKER;
	LWLockRelease(queue_lock);
	return trouble;
}

void
span_queue_release(Ticket *ticket)
{
	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	ticket->owner = NULL;
	ticket->released = true;
	if (ticket->npending == 0)
		free_ticket(ticket);
	LWLockRelease(queue_lock);
}

void
span_queue_await_room(void)
{
	ConditionVariablePrepareToSleep(&queue->room);
}

void
span_queue_stop_awaiting_room(void)
{
	ConditionVariableCancelSleep();
}

/* ---- writers ---- */

/* Leaves the writer's place, whatever ends the process. */
static void
detach_writer(int code, Datum arg)
{
	span_queue_writer_gone(MyDatabaseId);
}

bool
span_queue_attach_writer(void)
{
	DatabaseQueue *database;
	bool		ok = false;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = own_database();
	if (database != NULL && database->writer_state != WRITER_RUNNING &&
		database->keep_away == 0)
	{
		database->writer_state = WRITER_RUNNING;
		database->writer_pid = MyProcPid;
		database->writer_latch = MyLatch;
		database->trouble = TROUBLE_NONE;
		ok = true;
	}
	LWLockRelease(queue_lock);
	if (ok)
		before_shmem_exit(detach_writer, (Datum) 0);
	return ok;
}

void
span_queue_locate(QueuedRecord *record)
{
	Chunk	   *chunk = chunk_at(record->chunk);
	Size		copied = 0;

	if (record->size <= CHUNK_ROOM)
	{
		record->data = chunk_data(chunk);
		return;
	}
	record->data = MemoryContextAllocHuge(CurrentMemoryContext, record->size);
	for (;;)
	{
		Size		n = Min(record->size - copied, CHUNK_ROOM);

		memcpy(record->data + copied, chunk_data(chunk), n);
		copied += n;
		if (copied >= record->size)
			break;
		chunk = chunk_at(chunk->next);
	}
}

int
span_queue_take(QueuedRecord *records, int max)
{
	DatabaseQueue *database = my_database;
	int			n = 0;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	while (n < max && database->head != NONE)
	{
		Chunk	   *chunk = chunk_at(database->head);

		records[n].chunk = database->head;
		records[n].ticket = &tickets[chunk->ticket];
		records[n].is_final = chunk->is_final;
		records[n].size = chunk->size;
		records[n].data = NULL;
		database->head = chunk->next_record;
		n++;
	}
	if (database->head == NONE)
		database->tail = NONE;
	LWLockRelease(queue_lock);
	return n;
}

/* Tells one record's caller; returns the latch to set.  The lock is held. */
static Latch *
finish_record(const QueuedRecord *record, TicketState state)
{
	Ticket	   *ticket = record->ticket;
	Latch	   *owner = ticket->owner;

	give_back_chunks(ticket->database, record->chunk);
	ticket->npending--;
	if (ticket->npending == 0)
		pg_atomic_write_u32(&ticket->state, state);
	if (ticket->released && ticket->npending == 0)
		free_ticket(ticket);
	return owner;
}

#define WAKE_AT_ONCE 64

void
span_queue_finish(QueuedRecord *records, int n, TicketState state)
{
	Latch	   *owners[WAKE_AT_ONCE];

	for (int start = 0; start < n; start += WAKE_AT_ONCE)
	{
		int			count = Min(n - start, WAKE_AT_ONCE);

		LWLockAcquire(queue_lock, LW_EXCLUSIVE);
		for (int i = 0; i < count; i++)
			owners[i] = finish_record(&records[start + i], state);
		LWLockRelease(queue_lock);
		for (int i = 0; i < count; i++)
			set_latch_if_any(owners[i]);
	}
	ConditionVariableBroadcast(&queue->room);
}

void
span_queue_put_back(const QueuedRecord *records, int n)
{
	DatabaseQueue *database = my_database;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	for (int i = n - 1; i >= 0; i--)
	{
		chunk_at(records[i].chunk)->next_record = database->head;
		if (database->head == NONE)
			database->tail = records[i].chunk;
		database->head = records[i].chunk;
	}
	LWLockRelease(queue_lock);
}

void
span_queue_set_trouble(QueueTrouble trouble)
{
	my_database->trouble = trouble;
}

bool
span_queue_has_tickets(void)
{
	return my_database->ntickets > 0;
}

bool
span_queue_writer_must_leave(void)
{
	return my_database->keep_away > 0;
}

bool
span_queue_others_wait(void)
{
	return queue->others_wait;
}

/* ---- maintenance ---- */

/* Says that maintenance is over, whatever ends the process. */
static void
detach_maintenance(int code, Datum arg)
{
	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	my_database->maintenance_pid = 0;
	LWLockRelease(queue_lock);
}

bool
span_queue_attach_maintenance(void)
{
	DatabaseQueue *database;
	bool		ok;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = own_database();
	ok = database != NULL && database->maintenance_pid == 0 &&
		database->keep_away == 0;
	if (ok)
	{
		database->maintenance_pid = MyProcPid;
		database->last_maintenance = GetCurrentTimestamp();
	}
	LWLockRelease(queue_lock);
	if (ok)
		before_shmem_exit(detach_maintenance, (Datum) 0);
	return ok;
}

bool
span_queue_maintenance_is_due(int ms)
{
	return !my_database->wants_maintenance &&
		TimestampDifferenceExceeds(my_database->last_maintenance,
								   GetCurrentTimestamp(), ms);
}

void
span_queue_stats(QueueStats *stats)
{
	DatabaseQueue *database;

	memset(stats, 0, sizeof(*stats));
	LWLockAcquire(queue_lock, LW_SHARED);
	stats->chunks = queue->nchunks;
	stats->free = queue->nfree;
	database = find_database(MyDatabaseId);
	if (database != NULL)
	{
		stats->used = database->nchunks;
		stats->tickets = database->ntickets;
		stats->has_writer = database->writer_state != WRITER_NONE;
		stats->trouble = database->trouble;
		stats->in_maintenance = database->maintenance_pid != 0;
		stats->last_maintenance = database->last_maintenance;
	}
	LWLockRelease(queue_lock);
}

/* ---- launcher and utility hook ---- */

static void
detach_launcher(int code, Datum arg)
{
	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	queue->launcher_latch = NULL;
	LWLockRelease(queue_lock);
}

void
span_queue_attach_launcher(void)
{
	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	queue->launcher_latch = MyLatch;
	LWLockRelease(queue_lock);
	before_shmem_exit(detach_launcher, (Datum) 0);
}

int
span_queue_max_databases(void)
{
	return MAX_DATABASES;
}

int
span_queue_demands(DatabaseDemand *demands, int max)
{
	int			n = 0;

	LWLockAcquire(queue_lock, LW_SHARED);
	for (int i = 0; i < MAX_DATABASES && n < max; i++)
	{
		const DatabaseQueue *database = &queue->databases[i];
		DatabaseDemand *demand = &demands[n];

		if (!OidIsValid(database->oid) || database->keep_away > 0)
			continue;
		demand->database = database->oid;
		demand->wants_writer = database->head != NONE &&
			database->writer_state == WRITER_NONE;
		demand->wants_maintenance = database->wants_maintenance;
		demand->last_served = database->last_served;
		if (demand->wants_writer || demand->wants_maintenance)
			n++;
	}
	LWLockRelease(queue_lock);
	return n;
}

void
span_queue_writer_starting(Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = find_database(oid);
	if (database != NULL && database->writer_state == WRITER_NONE)
	{
		database->writer_state = WRITER_STARTING;
		database->last_served = GetCurrentTimestamp();
	}
	LWLockRelease(queue_lock);
}

void
span_queue_writer_gone(Oid oid)
{
	DatabaseQueue *database;
	Latch	   *launcher;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = find_database(oid);
	if (database != NULL)
	{
		database->writer_state = WRITER_NONE;
		database->writer_pid = 0;
		database->writer_latch = NULL;
	}
	launcher = queue->launcher_latch;
	LWLockRelease(queue_lock);
	set_latch_if_any(launcher);
}

/* Wakes every idle writer, so that it sees that others wait. */
static void
wake_writers(void)
{
	LWLockAcquire(queue_lock, LW_SHARED);
	for (int i = 0; i < MAX_DATABASES; i++)
		if (queue->databases[i].writer_state == WRITER_RUNNING)
			SetLatch(queue->databases[i].writer_latch);
	LWLockRelease(queue_lock);
}

void
span_queue_set_others_wait(bool wait)
{
	bool		changed = queue->others_wait != wait;

	queue->others_wait = wait;
	if (changed && wait)
		wake_writers();
}

void
span_queue_note_trouble(Oid oid, QueueTrouble trouble)
{
	DatabaseQueue *database;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = find_database(oid);
	if (database != NULL)
		database->trouble = trouble;
	LWLockRelease(queue_lock);
}

void
span_queue_want_maintenance(bool want, Oid oid)
{
	DatabaseQueue *database;
	Latch	   *launcher = NULL;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = want ? find_or_make_database(oid) : find_database(oid);
	if (database != NULL)
	{
		database->wants_maintenance = want;
		launcher = queue->launcher_latch;
	}
	LWLockRelease(queue_lock);
	if (want)
		set_latch_if_any(launcher);
}

void
span_queue_keep_away(Oid oid, bool keep)
{
	DatabaseQueue *database;
	Latch	   *wake = NULL;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = keep ? find_or_make_database(oid) : find_database(oid);
	if (database != NULL)
	{
		database->keep_away += keep ? 1 : -1;
		/* It works for nobody who waits, so it need not finish. */
		if (keep && database->maintenance_pid != 0)
			kill(database->maintenance_pid, SIGTERM);
		wake = keep ? database->writer_latch : queue->launcher_latch;
	}
	LWLockRelease(queue_lock);
	set_latch_if_any(wake);
}

bool
span_queue_has_writer(Oid oid)
{
	DatabaseQueue *database;
	bool		result;

	LWLockAcquire(queue_lock, LW_SHARED);
	database = find_database(oid);
	result = database != NULL && (database->writer_state != WRITER_NONE ||
								  database->maintenance_pid != 0);
	LWLockRelease(queue_lock);
	return result;
}

/* Frees everything queued for a database that is gone; its callers are too. */
void
span_queue_forget_database(Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(queue_lock, LW_EXCLUSIVE);
	database = find_database(oid);
	if (database != NULL)
		database->wants_maintenance = false;
	while (database != NULL && database->head != NONE)
	{
		Chunk	   *chunk = chunk_at(database->head);
		QueuedRecord record = {.chunk = database->head,
		.ticket = &tickets[chunk->ticket]};

		database->head = chunk->next_record;
		if (database->head == NONE)
			database->tail = NONE;
		(void) finish_record(&record, TICKET_REFUSED);
	}
	LWLockRelease(queue_lock);
	ConditionVariableBroadcast(&queue->room);
}
