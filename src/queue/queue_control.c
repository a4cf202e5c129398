/*
 * queue_control.c
 *		The record queue as the launcher, workers and commands see it.
 */
#include "postgres.h"

#include "miscadmin.h"
#include "queue/queue_control.h"
#include "queue/queue_pool.h"
#include "storage/ipc.h"
#include "utils/timestamp.h"

#define JOB_RETRY_MS 5000		/* after there was no worker slot for a job */

/* ---- workers other than the writer, and status ---- */

/* Leaves the place of a worker, whatever ends the process. */
static void
detach_worker(int code, Datum kind)
{
	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	pool_attached->workers[DatumGetInt32(kind)].pid = 0;
	pool_attached->workers[DatumGetInt32(kind)].latch = NULL;
	LWLockRelease(pool_lock);
}

bool
record_queue_attach_worker(WorkerKind kind)
{
	DatabaseQueue *database;
	bool		ok;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_own_database();
	ok = database != NULL && database->workers[kind].pid == 0 &&
		database->keep_away == 0;
	if (ok)
	{
		database->workers[kind].pid = MyProcPid;
		database->workers[kind].latch = MyLatch;
		database->workers[kind].begun_at = GetCurrentTimestamp();
		pool_attached = database;
	}
	LWLockRelease(pool_lock);
	if (ok)
		before_shmem_exit(detach_worker, Int32GetDatum(kind));
	return ok;
}

bool
record_queue_maintenance_is_due(int ms)
{
	return !(pool_attached->asked_for & WORKER_BIT(WORKER_MAINTENANCE)) &&
		TimestampDifferenceExceeds(pool_attached->workers[WORKER_MAINTENANCE].begun_at,
								   GetCurrentTimestamp(), ms);
}

/* What is open, and whether who has the most may have one more here. */
static void
fill_open_stats(QueueStats *stats, const DatabaseQueue *database)
{
	stats->open = pool->nopen;
	stats->open_most = pool_open_most(OPEN_LIMIT_OF_ALL);
	stats->open_here = database->nopen;
	stats->open_here_most = pool_open_most(OPEN_LIMIT_OF_DATABASE);
	stats->open_role = pool_find_most_open(&stats->open_of_role);
	stats->open_of_role_most = pool_open_most(OPEN_LIMIT_OF_ROLE);
	stats->open_limit = pool_open_limit(database, stats->open_role);
}

void
record_queue_stats(QueueStats *stats)
{
	DatabaseQueue nothing = {0};
	DatabaseQueue *database;

	memset(stats, 0, sizeof(*stats));
	LWLockAcquire(pool_lock, LW_SHARED);
	stats->chunks = pool->nchunks;
	stats->free = pool->nfree;
	database = pool_find_database(MyDatabaseId);
	if (database == NULL)
		database = &nothing;
	fill_open_stats(stats, database);
	stats->room = pool_room(database);
	if (database != &nothing)
	{
		stats->used = database->nchunks;
		stats->tickets = database->ntickets;
		stats->has_writer = database->writer_state != WRITER_NONE;
		stats->trouble = database->trouble;
		stats->in_maintenance = database->workers[WORKER_MAINTENANCE].pid != 0;
		stats->last_maintenance = database->workers[WORKER_MAINTENANCE].begun_at;
	}
	LWLockRelease(pool_lock);
}

/* ---- launcher and utility hook ---- */

static void
detach_launcher(int code, Datum arg)
{
	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	pool->launcher_latch = NULL;
	LWLockRelease(pool_lock);
}

void
record_queue_attach_launcher(void)
{
	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	pool->launcher_latch = MyLatch;
	/* The one before us watched these start, and nobody does any more. */
	for (int i = 0; i < MAX_DATABASES; i++)
		if (pool->databases[i].writer_state == WRITER_STARTING)
			pool->databases[i].writer_state = WRITER_NONE;
	LWLockRelease(pool_lock);
	before_shmem_exit(detach_launcher, (Datum) 0);
}

int
record_queue_max_databases(void)
{
	return MAX_DATABASES;
}

/*
 * What a database asks for.  Jobs for which there was no worker slot wait, so
 * that who looks for them does not take one in vain all the time.
 */
static uint32
asked_for_now(const DatabaseQueue *database, TimestampTz now)
{
	TimestampTz tried_at = database->workers[WORKER_EVALUATIONS].begun_at;

	if (database->lacks_job_worker &&
		!TimestampDifferenceExceeds(tried_at, now, JOB_RETRY_MS))
		return database->asked_for & ~WORKER_BIT(WORKER_EVALUATIONS);
	return database->asked_for;
}

int
record_queue_demands(DatabaseDemand *demands, int max)
{
	TimestampTz now = GetCurrentTimestamp();
	int			n = 0;

	LWLockAcquire(pool_lock, LW_SHARED);
	for (int i = 0; i < MAX_DATABASES && n < max; i++)
	{
		const DatabaseQueue *database = &pool->databases[i];
		DatabaseDemand *demand = &demands[n];

		if (!OidIsValid(database->oid) || database->keep_away > 0)
			continue;
		demand->database = database->oid;
		demand->asked_for = asked_for_now(database, now);
		demand->lacks_writer = database->head != NONE &&
			database->writer_state == WRITER_NONE;
		demand->last_served = database->last_served;
		demand->failed_at = database->failed_at;
		if (demand->asked_for != 0 || demand->lacks_writer)
			n++;
	}
	LWLockRelease(pool_lock);
	return n;
}

void
record_queue_worker_starting(WorkerKind kind, Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_find_database(oid);
	if (database != NULL)
		database->asked_for &= ~WORKER_BIT(kind);
	LWLockRelease(pool_lock);
}

void
record_queue_writer_starting(Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_find_database(oid);
	if (database != NULL && database->writer_state == WRITER_NONE)
	{
		database->writer_state = WRITER_STARTING;
		database->last_served = GetCurrentTimestamp();
	}
	LWLockRelease(pool_lock);
}

/*
 * A writer that attached has told of its end itself, and another may be there
 * by now.
 */
void
record_queue_writer_ended(Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_find_database(oid);
	if (database != NULL && database->writer_state == WRITER_STARTING)
	{
		database->failed_at = GetCurrentTimestamp();
		database->writer_state = WRITER_NONE;
	}
	LWLockRelease(pool_lock);
}

/* Wakes every idle writer, so that it sees that others wait. */
static void
wake_writers(void)
{
	LWLockAcquire(pool_lock, LW_SHARED);
	for (int i = 0; i < MAX_DATABASES; i++)
		if (pool->databases[i].writer_state == WRITER_RUNNING)
			SetLatch(pool->databases[i].writer_latch);
	LWLockRelease(pool_lock);
}

void
record_queue_set_others_wait(bool wait)
{
	bool		changed = pool->others_wait != wait;

	pool->others_wait = wait;
	if (changed && wait)
		wake_writers();
}

void
record_queue_note_trouble(Oid oid, QueueTrouble trouble)
{
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_find_database(oid);
	if (database != NULL)
		database->trouble = trouble;
	LWLockRelease(pool_lock);
}

bool
record_queue_want_worker(WorkerKind kind, Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_make_database(oid);
	if (database != NULL)
	{
		database->asked_for |= WORKER_BIT(kind);
		pool_set_latch(pool->launcher_latch);
		pool_set_latch(database->workers[kind].latch);
	}
	LWLockRelease(pool_lock);
	return database != NULL;
}

int
record_queue_count_wanting(WorkerKind kind)
{
	int			n = 0;

	LWLockAcquire(pool_lock, LW_SHARED);
	for (int i = 0; i < MAX_DATABASES; i++)
		n += OidIsValid(pool->databases[i].oid) &&
			(pool->databases[i].asked_for & WORKER_BIT(kind)) != 0;
	LWLockRelease(pool_lock);
	return n;
}

/*
 * Ends the workers of a database but its writer: they work for nobody who
 * waits, so they need not finish.  The lock is held.
 */
static void
end_workers(const DatabaseQueue *database)
{
	for (int kind = 0; kind < NUM_WORKER_KINDS; kind++)
		if (database->workers[kind].pid != 0)
			kill(database->workers[kind].pid, SIGTERM);
	for (int i = 0; i < MAX_JOB_SLOTS; i++)
		if (pool->jobs[i].database == database->oid && pool->jobs[i].pid != 0)
			kill(pool->jobs[i].pid, SIGTERM);
}

void
record_queue_keep_away(Oid oid, bool keep)
{
	DatabaseQueue *database;
	Latch	   *wake = NULL;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = keep ? pool_make_database(oid) : pool_find_database(oid);
	if (database != NULL)
	{
		database->keep_away += keep ? 1 : -1;
		if (keep)
			end_workers(database);
		wake = keep ? database->writer_latch : pool->launcher_latch;
	}
	LWLockRelease(pool_lock);
	pool_set_latch(wake);
}

bool
record_queue_has_workers(Oid oid)
{
	DatabaseQueue *database;
	bool		result;

	LWLockAcquire(pool_lock, LW_SHARED);
	database = pool_find_database(oid);
	result = database != NULL && pool_has_workers(database);
	LWLockRelease(pool_lock);
	return result;
}

/* Frees everything queued for a database that is gone; its callers are too. */
void
record_queue_forget_database(Oid oid)
{
	DatabaseQueue *database;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	database = pool_find_database(oid);
	if (database != NULL)
		database->asked_for = 0;
	while (database != NULL && database->head != NONE)
	{
		Chunk	   *chunk = pool_chunk(database->head);
		QueuedRecord record = {.chunk = database->head,
		.ticket = &pool_tickets[chunk->ticket]};

		database->head = chunk->next_record;
		if (database->head == NONE)
			database->tail = NONE;
		(void) pool_finish_record(&record, TICKET_REFUSED);
	}
	LWLockRelease(pool_lock);
	ConditionVariableBroadcast(&pool->room);
}
