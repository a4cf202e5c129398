/*
 * queue_writer.c
 *		The queue of records as the writer of a database sees it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "queue/queue_pool.h"
#include "queue/queue_writer.h"
#include "storage/ipc.h"
#include "utils/memutils.h"

/* Leaves the writer's place, whatever ends the process. */
static void
detach_writer(int code, Datum arg)
{
	Latch	   *launcher;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	pool_attached->writer_state = WRITER_NONE;
	pool_attached->writer_latch = NULL;
	launcher = pool->launcher_latch;
	LWLockRelease(pool_lock);
	/* What is queued by now wants another writer. */
	pool_set_latch(launcher);
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
