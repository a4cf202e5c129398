/*
 * queue_pool.c
 *		The memory behind the record queue: chunks, tickets, databases.
 *
 * A database has a share of the pool that shrinks as the pool fills: it may
 * hold at most SHARE_OF_FREE times what is left.  So one database whose
 * writer is stuck cannot take the room of the others.
 *
 * A call holds its chunks for as long as its timeouts let it.  A span or a
 * run that is open holds one for as long as a session likes, so all of them
 * together have a part of the pool only, and of that part a database has
 * three quarters, a role one.  A role is counted over all databases, and is
 * the one that SET ROLE chose: a SECURITY DEFINER function does not make its
 * owner pay.
 */
#include "postgres.h"

#include "base/settings.h"
#include "miscadmin.h"
#include "queue/queue_pool.h"
#include "storage/ipc.h"
#include "storage/shmem.h"
#include "utils/hsearch.h"

#define QUEUE_NAME "genaiops"
#define SHARE_OF_FREE 3

QueuePool  *pool = NULL;
Ticket	   *pool_tickets = NULL;
LWLock	   *pool_lock = NULL;
DatabaseQueue *pool_attached = NULL;

/* What a role has open; there is an entry for those that have anything. */
typedef struct RoleShare
{
	Oid			role;			/* the key */
	int32		nopen;
} RoleShare;

static HTAB *role_shares = NULL;
static char *chunks = NULL;
static DatabaseQueue *my_database = NULL;

static shmem_request_hook_type prev_shmem_request_hook = NULL;
static shmem_startup_hook_type prev_shmem_startup_hook = NULL;

/* ---- memory ---- */

static int32
configured_chunks(void)
{
	return (int32) ((Size) gaiops_queue_size * 1024 * 1024 / CHUNK_SIZE);
}

/*
 * A ticket holds the chunk of its final record for as long as that is not
 * committed.  With fewer tickets than chunks they would run out first, and
 * nothing limits how many of them one database has.
 */
static int32
configured_tickets(void)
{
	return configured_chunks();
}

static Size
queue_shmem_size(void)
{
	Size		size = MAXALIGN(sizeof(QueuePool));

	size = add_size(size, MAXALIGN(mul_size(configured_tickets(), sizeof(Ticket))));
	return add_size(size, mul_size(configured_chunks(), CHUNK_SIZE));
}

static Size
roles_shmem_size(void)
{
	return hash_estimate_size(configured_tickets(), sizeof(RoleShare));
}

/* Every role in it has a ticket, so with as many entries it is never full. */
static void
startup_roles(void)
{
	HASHCTL		info = {.keysize = sizeof(Oid),.entrysize = sizeof(RoleShare)};

	role_shares = ShmemInitHash("genaiops open spans and runs",
								configured_tickets(), configured_tickets(),
								&info, HASH_ELEM | HASH_BLOBS);
}

static void
request_shmem(void)
{
	if (prev_shmem_request_hook)
		prev_shmem_request_hook();
	RequestAddinShmemSpace(queue_shmem_size());
	RequestAddinShmemSpace(roles_shmem_size());
	RequestNamedLWLockTranche(QUEUE_NAME, 1);
}

Chunk *
pool_chunk(int32 index)
{
	return (Chunk *) (chunks + (Size) index * CHUNK_SIZE);
}

char *
pool_chunk_data(Chunk *chunk)
{
	return (char *) chunk + CHUNK_HEADER;
}

static void
init_shared(void)
{
	memset(pool, 0, sizeof(QueuePool));
	if (!pg_strong_random(&pool->incarnation, sizeof(pg_uuid_t)))
		elog(FATAL, "could not get random bytes");
	ConditionVariableInit(&pool->room);
	pool->nchunks = pool->nfree = configured_chunks();
	pool->free_head = 0;
	for (int32 i = 0; i < pool->nchunks; i++)
		pool_chunk(i)->next = i + 1 < pool->nchunks ? i + 1 : NONE;
	pool->ticket_free_head = 0;
	for (int32 i = 0; i < configured_tickets(); i++)
	{
		pg_atomic_init_u32(&pool_tickets[i].state, TICKET_IDLE);
		pool_tickets[i].next_free = i + 1 < configured_tickets() ? i + 1 : NONE;
	}
}

static void
startup_shmem(void)
{
	bool		found;

	if (prev_shmem_startup_hook)
		prev_shmem_startup_hook();

	LWLockAcquire(AddinShmemInitLock, LW_EXCLUSIVE);
	pool = ShmemInitStruct("genaiops record queue", queue_shmem_size(), &found);
	pool_tickets = (Ticket *) ((char *) pool + MAXALIGN(sizeof(QueuePool)));
	chunks = (char *) pool_tickets +
		MAXALIGN(mul_size(configured_tickets(), sizeof(Ticket)));
	pool_lock = &GetNamedLWLockTranche(QUEUE_NAME)->lock;
	if (!found)
		init_shared();
	startup_roles();
	LWLockRelease(AddinShmemInitLock);
}

void
pool_init(void)
{
	prev_shmem_request_hook = shmem_request_hook;
	shmem_request_hook = request_shmem;
	prev_shmem_startup_hook = shmem_startup_hook;
	shmem_startup_hook = startup_shmem;
}

/* ---- databases; the lock is held ---- */

bool
pool_has_workers(const DatabaseQueue *database)
{
	for (int kind = 0; kind < NUM_WORKER_KINDS; kind++)
		if (database->workers[kind].pid != 0)
			return true;
	for (int i = 0; i < MAX_JOB_SLOTS; i++)
		if (pool->jobs[i].database == database->oid)
			return true;
	return database->writer_state != WRITER_NONE;
}

static bool
database_is_idle(const DatabaseQueue *database)
{
	return database->ntickets == 0 && database->head == NONE &&
		database->keep_away == 0 && !pool_has_workers(database) &&
		!(database->asked_for & WORKER_BIT(WORKER_EVALUATIONS));
}

DatabaseQueue *
pool_find_database(Oid oid)
{
	for (int i = 0; i < MAX_DATABASES; i++)
		if (pool->databases[i].oid == oid)
			return &pool->databases[i];
	return NULL;
}

/* An entry that no database needs; NULL if there is none. */
static DatabaseQueue *
find_free_entry(void)
{
	for (int i = 0; i < MAX_DATABASES; i++)
	{
		DatabaseQueue *entry = &pool->databases[i];

		if (!OidIsValid(entry->oid) || database_is_idle(entry))
			return entry;
	}
	return NULL;
}

DatabaseQueue *
pool_make_database(Oid oid)
{
	DatabaseQueue *database = pool_find_database(oid);

	if (database != NULL)
		return database;
	database = find_free_entry();
	if (database == NULL)
		return NULL;
	memset(database, 0, sizeof(DatabaseQueue));
	database->oid = oid;
	database->head = database->tail = NONE;
	return database;
}

/* The entry of this process's database, from a cache where it still holds. */
DatabaseQueue *
pool_own_database(void)
{
	if (my_database == NULL || my_database->oid != MyDatabaseId)
		my_database = pool_make_database(MyDatabaseId);
	return my_database;
}

/* ---- chunks; the lock is held ---- */

int32
pool_chunks_for(Size size)
{
	return (int32) ((size + CHUNK_ROOM - 1) / CHUNK_ROOM);
}

bool
pool_has_room(const DatabaseQueue *database, int32 need)
{
	int32		left = pool->nfree - need;

	return left >= 0 &&
		(int64) database->nchunks + need <= (int64) left * SHARE_OF_FREE;
}

/* The largest need for which the above is true. */
int32
pool_room(const DatabaseQueue *database)
{
	int64		room = ((int64) pool->nfree * SHARE_OF_FREE - database->nchunks) /
	(SHARE_OF_FREE + 1);

	return (int32) Max(room, 0);
}

/* Takes n chunks, known to be free, as a chain. */
int32
pool_take_chunks(DatabaseQueue *database, int32 n)
{
	int32		head = pool->free_head;
	int32		last = head;

	if (n == 0)
		return NONE;
	for (int32 i = 1; i < n; i++)
		last = pool_chunk(last)->next;
	pool->free_head = pool_chunk(last)->next;
	pool_chunk(last)->next = NONE;
	pool->nfree -= n;
	database->nchunks += n;
	return head;
}

void
pool_give_back_chunks(DatabaseQueue *database, int32 head)
{
	while (head != NONE)
	{
		int32		next = pool_chunk(head)->next;

		pool_chunk(head)->next = pool->free_head;
		pool->free_head = head;
		pool->nfree++;
		database->nchunks--;
		head = next;
	}
}

/* ---- what is open; the lock is held ---- */

int32
pool_open_most(OpenLimit of)
{
	int64		all = (int64) pool->nchunks * gaiops_open_span_share / 100;

	if (of == OPEN_LIMIT_OF_ROLE)
		return (int32) Max(all / 4, 1);
	if (of == OPEN_LIMIT_OF_DATABASE)
		return (int32) Max(all * 3 / 4, 1);
	return (int32) all;
}

static int32
open_of_role(Oid role)
{
	RoleShare  *share = hash_search(role_shares, &role, HASH_FIND, NULL);

	return share == NULL ? 0 : share->nopen;
}

OpenLimit
pool_open_limit(const DatabaseQueue *database, Oid role)
{
	if (open_of_role(role) >= pool_open_most(OPEN_LIMIT_OF_ROLE))
		return OPEN_LIMIT_OF_ROLE;
	if (database->nopen >= pool_open_most(OPEN_LIMIT_OF_DATABASE))
		return OPEN_LIMIT_OF_DATABASE;
	if (pool->nopen >= pool_open_most(OPEN_LIMIT_OF_ALL))
		return OPEN_LIMIT_OF_ALL;
	return OPEN_UNLIMITED;
}

void
pool_add_open(Ticket *ticket, Oid role)
{
	bool		found;
	RoleShare  *share = hash_search(role_shares, &role, HASH_ENTER, &found);

	if (!found)
		share->nopen = 0;
	share->nopen++;
	ticket->open_role = role;
	ticket->database->nopen++;
	pool->nopen++;
}

void
pool_remove_open(Ticket *ticket)
{
	RoleShare  *share;

	if (!OidIsValid(ticket->open_role))
		return;
	share = hash_search(role_shares, &ticket->open_role, HASH_FIND, NULL);
	if (--share->nopen == 0)
		(void) hash_search(role_shares, &ticket->open_role, HASH_REMOVE, NULL);
	ticket->open_role = InvalidOid;
	ticket->database->nopen--;
	pool->nopen--;
}

Oid
pool_find_most_open(int32 *nopen)
{
	HASH_SEQ_STATUS status;
	RoleShare  *share;
	Oid			largest = InvalidOid;

	*nopen = 0;
	hash_seq_init(&status, role_shares);
	while ((share = hash_seq_search(&status)) != NULL)
		if (share->nopen > *nopen)
		{
			largest = share->role;
			*nopen = share->nopen;
		}
	return largest;
}

/* ---- tickets; the lock is held ---- */

void
pool_free_ticket(Ticket *ticket)
{
	pool_remove_open(ticket);
	pool_give_back_chunks(ticket->database, ticket->first_chunk);
	pool_give_back_chunks(ticket->database, ticket->final_chunk);
	ticket->database->ntickets--;
	ticket->next_free = pool->ticket_free_head;
	pool->ticket_free_head = ticket - pool_tickets;
}

Ticket *
pool_make_ticket(DatabaseQueue *database, int32 nfirst)
{
	Ticket	   *ticket = &pool_tickets[pool->ticket_free_head];

	pool->ticket_free_head = ticket->next_free;
	pg_atomic_write_u32(&ticket->state, TICKET_IDLE);
	ticket->database = database;
	ticket->first_chunk = pool_take_chunks(database, nfirst);
	ticket->final_chunk = pool_take_chunks(database, 1);
	ticket->npending = 0;
	ticket->released = false;
	ticket->open_role = InvalidOid;
	ticket->owner = MyLatch;
	database->ntickets++;
	return ticket;
}

/* Tells one record's caller; returns the latch to set.  The lock is held. */
Latch *
pool_finish_record(const QueuedRecord *record, TicketState state)
{
	Ticket	   *ticket = record->ticket;
	Latch	   *owner = ticket->owner;

	pool_give_back_chunks(ticket->database, record->chunk);
	ticket->npending--;
	if (ticket->npending == 0)
		pg_atomic_write_u32(&ticket->state, state);
	if (ticket->released && ticket->npending == 0)
		pool_free_ticket(ticket);
	return owner;
}

void
pool_set_latch(Latch *latch)
{
	if (latch != NULL)
		SetLatch(latch);
}
