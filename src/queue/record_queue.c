/*
 * record_queue.c
 *		The shared-memory queue from callers to the writers.
 *
 * One lock protects everything but the bytes of records: chunks that are not on
 * the free list belong to whoever took them, so records are copied in and out
 * without the lock.
 */
#include "postgres.h"

#include "base/settings.h"
#include "miscadmin.h"
#include "queue/queue_pool.h"
#include "queue/record_queue.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

#define PAYLOAD_SHARE 8

void
record_queue_init(void)
{
	pool_init();
}

bool
record_queue_available(void)
{
	return pool != NULL;
}

const pg_uuid_t *
record_queue_incarnation(void)
{
	static pg_uuid_t mine;
	uint32		tail;

	if (pool == NULL)
		return NULL;
	/* A process knows but one database, and may ask before it is in any. */
	mine = pool->incarnation;
	memcpy(&tail, mine.data + UUID_LEN - sizeof(tail), sizeof(tail));
	tail ^= MyDatabaseId;
	memcpy(mine.data + UUID_LEN - sizeof(tail), &tail, sizeof(tail));
	return &mine;
}

Size
record_queue_max_payload(void)
{
	Size		configured = (Size) gaiops_max_payload_bytes * 1024;
	Size		share = (Size) pool->nchunks * CHUNK_ROOM / PAYLOAD_SHARE;

	return Min(configured, share);
}

/* ---- callers ---- */

/* Takes a ticket if there is room; the lock is held. */
static Ticket *
try_ticket(DatabaseQueue *database, Size first_size)
{
	int32		nfirst = pool_chunks_for(first_size);

	if (database == NULL || pool->ticket_free_head == NONE ||
		!pool_has_room(database, nfirst + 1))
		return NULL;
	return pool_make_ticket(database, nfirst);
}

Ticket *
record_queue_reserve(Size first_size)
{
	Ticket	   *ticket;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	ticket = try_ticket(pool_own_database(), first_size);
	LWLockRelease(pool_lock);
	return ticket;
}

Ticket *
record_queue_reserve_open(Size first_size, OpenLimit *limit)
{
	Oid			role = GetOuterUserId();
	Ticket	   *ticket = NULL;
	DatabaseQueue *database;

	*limit = OPEN_UNLIMITED;
	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_own_database();
	if (database != NULL)
		*limit = pool_open_limit(database, role);
	if (*limit == OPEN_UNLIMITED)
		ticket = try_ticket(database, first_size);
	if (ticket != NULL)
		pool_add_open(ticket, role);
	LWLockRelease(pool_lock);
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
			cursor->chunk = pool_chunk(cursor->chunk->next);
			cursor->used = 0;
			continue;
		}
		memcpy(pool_chunk_data(cursor->chunk) + cursor->used, bytes, n);
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
	ChunkCursor cursor = {pool_chunk(head), 0};

	for (int i = 0; i < record->nrows; i++)
	{
		const RecordRow *row = &record->rows[i];

		write_bytes(&cursor, (const char *) row, sizeof(RecordRow));
		write_bytes(&cursor, padding, RECORD_ROW_HEADER - sizeof(RecordRow));
		write_bytes(&cursor, (const char *) record->tuples[i], row->tuple_len);
		write_bytes(&cursor, padding, MAXALIGN(row->tuple_len) - row->tuple_len);
	}
}

/* Appends a written record to its database's pool and wakes the writer. */
static void
enqueue(Ticket *ticket, int32 head, Size size, bool is_final)
{
	Chunk	   *chunk = pool_chunk(head);
	DatabaseQueue *database = ticket->database;
	Latch	   *wake;

	chunk->next_record = NONE;
	chunk->ticket = ticket - pool_tickets;
	chunk->size = size;
	chunk->is_final = is_final;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	if (database->tail == NONE)
		database->head = head;
	else
		pool_chunk(database->tail)->next_record = head;
	database->tail = head;
	if (is_final)
		pool_remove_open(ticket);
	ticket->npending++;
	pg_atomic_write_u32(&ticket->state, TICKET_PENDING);
	if (database->writer_state == WRITER_RUNNING)
		wake = database->writer_latch;
	else
		wake = pool->launcher_latch;
	LWLockRelease(pool_lock);
	pool_set_latch(wake);
}

void
record_queue_push(Ticket *ticket, const Record *record)
{
	int32		head = ticket->first_chunk;

	write_record(head, record);
	ticket->first_chunk = NONE;
	enqueue(ticket, head, record->size, false);
}

bool
record_queue_fits_reserved(const Record *record)
{
	return record->size <= CHUNK_ROOM;
}

/* Lengthens the reserved chunk to a chain of n; false if there is no room. */
static bool
extend_final(Ticket *ticket, int32 n)
{
	bool		ok;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	ok = pool_has_room(ticket->database, n - 1);
	if (ok)
		pool_chunk(ticket->final_chunk)->next =
			pool_take_chunks(ticket->database, n - 1);
	LWLockRelease(pool_lock);
	return ok;
}

bool
record_queue_push_final(Ticket *ticket, const Record *record)
{
	int32		head = ticket->final_chunk;

	if (!record_queue_fits_reserved(record) &&
		!extend_final(ticket, pool_chunks_for(record->size)))
		return false;
	write_record(head, record);
	ticket->final_chunk = NONE;
	enqueue(ticket, head, record->size, true);
	return true;
}

TicketState
record_queue_state(const Ticket *ticket)
{
	return pg_atomic_read_u32(unconstify(pg_atomic_uint32 *, &ticket->state));
}

QueueTrouble
record_queue_trouble(void)
{
	QueueTrouble trouble = TROUBLE_NONE;
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_SHARED);
	database = pool_find_database(MyDatabaseId);
	if (database != NULL)
		trouble = database->trouble;
	/* Without a slot for the launcher, nobody is there to note it. */
	if (pool->launcher_latch == NULL &&
		(database == NULL || database->writer_state == WRITER_NONE))
		trouble = TROUBLE_NO_WORKER;
	LWLockRelease(pool_lock);
	return trouble;
}

void
record_queue_release(Ticket *ticket)
{
	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	ticket->owner = NULL;
	ticket->released = true;
	if (ticket->npending == 0)
		pool_free_ticket(ticket);
	LWLockRelease(pool_lock);
}

void
record_queue_await_room(void)
{
	ConditionVariablePrepareToSleep(&pool->room);
}

void
record_queue_stop_awaiting_room(void)
{
	ConditionVariableCancelSleep();
}

/* ---- writers ---- */

/* Leaves the writer's place, whatever ends the process. */
static void
detach_writer(int code, Datum arg)
{
	record_queue_writer_gone(MyDatabaseId);
}

bool
record_queue_attach_writer(void)
{
	DatabaseQueue *database;
	bool		ok = false;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_own_database();
	if (database != NULL && database->writer_state != WRITER_RUNNING &&
		database->keep_away == 0)
	{
		database->writer_state = WRITER_RUNNING;
		database->writer_latch = MyLatch;
		database->trouble = TROUBLE_NONE;
		pool_attached = database;
		ok = true;
	}
	LWLockRelease(pool_lock);
	if (ok)
		before_shmem_exit(detach_writer, (Datum) 0);
	return ok;
}

void
record_queue_locate(QueuedRecord *record)
{
	Chunk	   *chunk = pool_chunk(record->chunk);
	Size		copied = 0;

	if (record->size <= CHUNK_ROOM)
	{
		record->data = pool_chunk_data(chunk);
		return;
	}
	record->data = MemoryContextAllocHuge(CurrentMemoryContext, record->size);
	for (;;)
	{
		Size		n = Min(record->size - copied, CHUNK_ROOM);

		memcpy(record->data + copied, pool_chunk_data(chunk), n);
		copied += n;
		if (copied >= record->size)
			break;
		chunk = pool_chunk(chunk->next);
	}
}

int
record_queue_take(QueuedRecord *records, int max)
{
	DatabaseQueue *database = pool_attached;
	int			n = 0;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	while (n < max && database->head != NONE)
	{
		Chunk	   *chunk = pool_chunk(database->head);

		records[n].chunk = database->head;
		records[n].ticket = &pool_tickets[chunk->ticket];
		records[n].is_final = chunk->is_final;
		records[n].size = chunk->size;
		records[n].data = NULL;
		database->head = chunk->next_record;
		n++;
	}
	if (database->head == NONE)
		database->tail = NONE;
	LWLockRelease(pool_lock);
	return n;
}

#define WAKE_AT_ONCE 64

void
record_queue_finish(QueuedRecord *records, int n, TicketState state)
{
	Latch	   *owners[WAKE_AT_ONCE];

	for (int start = 0; start < n; start += WAKE_AT_ONCE)
	{
		int			count = Min(n - start, WAKE_AT_ONCE);

		LWLockAcquire(pool_lock, LW_EXCLUSIVE);
		for (int i = 0; i < count; i++)
			owners[i] = pool_finish_record(&records[start + i], state);
		LWLockRelease(pool_lock);
		for (int i = 0; i < count; i++)
			pool_set_latch(owners[i]);
	}
	ConditionVariableBroadcast(&pool->room);
}

void
record_queue_put_back(const QueuedRecord *records, int n)
{
	DatabaseQueue *database = pool_attached;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	for (int i = n - 1; i >= 0; i--)
	{
		pool_chunk(records[i].chunk)->next_record = database->head;
		if (database->head == NONE)
			database->tail = records[i].chunk;
		database->head = records[i].chunk;
	}
	LWLockRelease(pool_lock);
}

void
record_queue_set_trouble(QueueTrouble trouble)
{
	pool_attached->trouble = trouble;
}

bool
record_queue_has_tickets(void)
{
	return pool_attached->ntickets > 0;
}

bool
record_queue_writer_must_leave(void)
{
	return pool_attached->keep_away > 0;
}

bool
record_queue_others_wait(void)
{
	return pool->others_wait;
}
