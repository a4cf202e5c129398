/*
 * queue_share.c
 *		What open spans and runs may hold of the span queue.
 *
 * A call holds its chunks for as long as its timeouts let it.  A span or a run
 * that is open holds one for as long as a session likes, so all of them together
 * have a part of the pool only, and of that part a database has three quarters, a
 * role one.  A role is counted over all databases, and is the one that SET ROLE
 * chose: a SECURITY DEFINER function does not make its owner pay.
 */
#include "postgres.h"

#include "engine/queue_share.h"
#include "engine/settings.h"
#include "storage/shmem.h"
#include "utils/hsearch.h"

/* What a role has open; there is an entry for those that have anything. */
typedef struct RoleShare
{
	Oid			role;			/* the key */
	int32		nopen;
} RoleShare;

static HTAB *shares = NULL;

Size
share_shmem_size(int ntickets)
{
	return hash_estimate_size(ntickets, sizeof(RoleShare));
}

/* Every role in it has a ticket, so with as many entries it is never full. */
void
share_startup(int ntickets)
{
	HASHCTL		info = {.keysize = sizeof(Oid),.entrysize = sizeof(RoleShare)};

	shares = ShmemInitHash("genaiops open spans and runs", ntickets, ntickets,
						   &info, HASH_ELEM | HASH_BLOBS);
}

int32
share_most(OpenLimit of)
{
	int64		all = (int64) pool->nchunks * gaiops_open_span_share / 100;

	if (of == OPEN_LIMIT_OF_ROLE)
		return (int32) Max(all / 4, 1);
	if (of == OPEN_LIMIT_OF_DATABASE)
		return (int32) Max(all * 3 / 4, 1);
	return (int32) all;
}

int32
share_of_role(Oid role)
{
	RoleShare  *share = hash_search(shares, &role, HASH_FIND, NULL);

	return share == NULL ? 0 : share->nopen;
}

OpenLimit
share_limit(const DatabaseQueue *database, Oid role)
{
	if (share_of_role(role) >= share_most(OPEN_LIMIT_OF_ROLE))
		return OPEN_LIMIT_OF_ROLE;
	if (database->nopen >= share_most(OPEN_LIMIT_OF_DATABASE))
		return OPEN_LIMIT_OF_DATABASE;
	if (pool->nopen >= share_most(OPEN_LIMIT_OF_ALL))
		return OPEN_LIMIT_OF_ALL;
	return OPEN_UNLIMITED;
}

void
share_add(Ticket *ticket, Oid role)
{
	bool		found;
	RoleShare  *share = hash_search(shares, &role, HASH_ENTER, &found);

	if (!found)
		share->nopen = 0;
	share->nopen++;
	ticket->open_role = role;
	ticket->database->nopen++;
	pool->nopen++;
}

void
share_remove(Ticket *ticket)
{
	RoleShare  *share;

	if (!OidIsValid(ticket->open_role))
		return;
	share = hash_search(shares, &ticket->open_role, HASH_FIND, NULL);
	if (--share->nopen == 0)
		(void) hash_search(shares, &ticket->open_role, HASH_REMOVE, NULL);
	ticket->open_role = InvalidOid;
	ticket->database->nopen--;
	pool->nopen--;
}

Oid
share_find_largest(int32 *nopen)
{
	HASH_SEQ_STATUS status;
	RoleShare  *share;
	Oid			largest = InvalidOid;

	*nopen = 0;
	hash_seq_init(&status, shares);
	while ((share = hash_seq_search(&status)) != NULL)
		if (share->nopen > *nopen)
		{
			largest = share->role;
			*nopen = share->nopen;
		}
	return largest;
}
