/*
 * job_slots.c
 *		Workers that do one job each: so many at once on the server.
 */
#include "postgres.h"

#include <signal.h>

#include "miscadmin.h"
#include "queue/job_slots.h"
#include "queue/queue_pool.h"
#include "queue/record_queue.h"
#include "storage/ipc.h"

static int	my_slot = -1;

static bool
is_of(const JobSlot *slot, Oid database, const pg_uuid_t *job)
{
	return slot->database == database &&
		memcmp(slot->job.data, job->data, UUID_LEN) == 0;
}

/* A free slot; -1 if so many are taken, or if that job has one. */
static int
find_free(const pg_uuid_t *job, int most)
{
	int			found = -1;
	int			taken = 0;

	for (int i = 0; i < MAX_JOB_SLOTS; i++)
	{
		const JobSlot *slot = &pool->jobs[i];

		if (is_of(slot, MyDatabaseId, job))
			return -1;
		if (OidIsValid(slot->database))
			taken++;
		else
			found = i;
	}
	return taken < most ? found : -1;
}

bool
job_slot_is_left(int most)
{
	int			taken = 0;

	LWLockAcquire(pool_lock, LW_SHARED);
	for (int i = 0; i < MAX_JOB_SLOTS; i++)
		taken += OidIsValid(pool->jobs[i].database);
	LWLockRelease(pool_lock);
	return taken < most;
}

int
job_slot_take(const pg_uuid_t *job, int most)
{
	int			found;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	found = find_free(job, most);
	if (found >= 0)
	{
		JobSlot    *slot = &pool->jobs[found];

		slot->database = MyDatabaseId;
		slot->job = *job;
		slot->pid = 0;
	}
	LWLockRelease(pool_lock);
	return found;
}

void
job_slot_give_back(int slot, const pg_uuid_t *job)
{
	JobSlot    *taken = &pool->jobs[slot];

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	if (taken->pid == 0 && is_of(taken, MyDatabaseId, job))
		taken->database = InvalidOid;
	LWLockRelease(pool_lock);
}

static void
leave_slot(int code, Datum arg)
{
	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	pool->jobs[my_slot].database = InvalidOid;
	pool->jobs[my_slot].pid = 0;
	LWLockRelease(pool_lock);
}

bool
job_slot_attach(int slot, Oid database, const pg_uuid_t *job)
{
	JobSlot    *mine = &pool->jobs[slot];
	const DatabaseQueue *entry;
	bool		ok;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	entry = pool_find_database(database);
	ok = mine->pid == 0 && is_of(mine, database, job);
	if (ok && entry != NULL && entry->keep_away > 0)
	{
		mine->database = InvalidOid;
		ok = false;
	}
	if (ok)
		mine->pid = MyProcPid;
	LWLockRelease(pool_lock);
	my_slot = slot;
	if (ok)
		before_shmem_exit(leave_slot, (Datum) 0);
	return ok;
}

bool
job_slot_find(const pg_uuid_t *job, int *pid)
{
	bool		found = false;

	LWLockAcquire(pool_lock, LW_SHARED);
	for (int i = 0; i < MAX_JOB_SLOTS && !found; i++)
	{
		found = is_of(&pool->jobs[i], MyDatabaseId, job);
		*pid = pool->jobs[i].pid;
	}
	LWLockRelease(pool_lock);
	return found;
}

void
job_slot_note_lack(Oid database, bool lacks_worker)
{
	DatabaseQueue *entry;

	LWLockAcquire(pool_lock, LW_EXCLUSIVE);
	entry = pool_find_database(database);
	if (entry != NULL)
		entry->lacks_job_worker = lacks_worker;
	LWLockRelease(pool_lock);
}

bool
job_slot_lacks_worker(void)
{
	const DatabaseQueue *entry;
	bool		lacks_worker;

	LWLockAcquire(pool_lock, LW_SHARED);
	entry = pool_find_database(MyDatabaseId);
	lacks_worker = entry != NULL && entry->lacks_job_worker;
	LWLockRelease(pool_lock);
	return lacks_worker;
}
