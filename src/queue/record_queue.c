/*
 * record_queue.c
 *		The shared-memory queue from callers to the writers, as callers see it.
 *
 * NOTES
 *	  Shared memory is a pool of equal chunks (queue_pool.c).  A caller takes
 *	  a ticket, with the chunks of its first record and one chunk for its
 *	  final one: all at once, or nothing.  So two callers never wait for each
 *	  other's half, and what has begun can end: the final record, without what
 *	  was said, always fits the reserved chunk.  Nothing here waits.  Who gets
 *	  no room tries again (journal.c), and is woken when some may have been
 *	  made.
 *
 *	  A record is copied into its chunks, then appended to the queue of its
 *	  database.  The writer takes records in that order, and they stay in
 *	  their chunks until it has committed them (queue_writer.c).  A writer
 *	  that fails puts them back.  The launcher starts one where records wait
 *	  (queue_control.c).
 *
 *	  What can go wrong, and why it does not:
 *
 *	  A caller dies.  Whoever has a ticket releases it on error and at the end
 *	  of the session.  A record that is queued is committed all the same; the
 *	  ticket is freed after that.  A process that crashes takes the whole
 *	  server with it, and the queue begins anew; what is lost then is found in
 *	  the tables.
 *
 *	  A record comes while the writer is leaving.  Before the writer has left,
 *	  its latch is set, in vain; as it leaves it sets the launcher's latch,
 *	  and the launcher looks at what is queued.
 *
 *	  A latch is set whose process has ended.  Latches are in the shared
 *	  memory of processes, so at worst another process looks once more than it
 *	  has to.
 *
 *	  pool_lock protects everything in shared memory, but for this, which is
 *	  read or written without it:
 *
 *	  - Chunks that are not free belong to one process at a time: to the
 *	    caller until the record is queued, then to the queue, and to the
 *	    writer once it has taken the record.  So records are copied in and out
 *	    without the lock.  next_record is the queue's: the lock is held for
 *	    it, but for the value that the caller gives it before it queues the
 *	    record.
 *	  - first_chunk and final_chunk of a ticket are the owner's.  Others look
 *	    at them only after the owner has released the ticket, with the lock.
 *	    database is set with the lock when the ticket is made, and does not
 *	    change until it is freed.
 *	  - The state of a ticket is an atomic.  The owner writes that it is idle
 *	    or pending; what has become of it is written with the lock held, and
 *	    then the owner's latch is set, so the owner sees it when it wakes.
 *	  - incarnation and nchunks of the pool never change after the start, and
 *	    room is a condition variable, with a lock of its own.
 *	  - others_wait is written by the launcher alone, keep_away and ntickets
 *	    with the lock held; the writer reads all three without it.  An old
 *	    value makes it leave, or stay, one look too early or too late: it
 *	    looks each time around, is woken when others begin to wait or it is
 *	    kept away, and a record that comes after it has left gets another
 *	    writer.
 *	  - trouble is written by the writer without the lock.  The launcher
 *	    writes it too, with the lock, when there is no writer.  It is a word
 *	    for people.
 *	  - Whether maintenance is asked for, and when it last began, are read
 *	    without it where the writer looks whether maintenance is due.  An old
 *	    value, or half of one where 64 bits are not read at once, has
 *	    maintenance done once too often, or a moment later.
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
	if (process_shared_preload_libraries_in_progress)
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

/* Whether a final record fits the reserved chunk, so that it cannot fail. */
static bool
fits_reserved(const Record *record)
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

	if (!fits_reserved(record) &&
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
