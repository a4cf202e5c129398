/*
 * queue_share.h
 *		What open spans and runs may hold of the span queue.
 *
 * Only the files of the queue include this.  pool_lock is held, exclusively
 * where anything changes.
 */
#ifndef GAIOPS_QUEUE_SHARE_H
#define GAIOPS_QUEUE_SHARE_H

#include "engine/queue_pool.h"

/* The memory it needs beside the pool, and making that ready. */
extern Size share_shmem_size(int ntickets);
extern void share_startup(int ntickets);

/* How many tickets the open spans and runs of a role, a database or all may hold. */
extern int32 share_most(OpenLimit of);

/* Which limit keeps a role from having one more in a database. */
extern OpenLimit share_limit(const DatabaseQueue *database, Oid role);

/* Counts a ticket as held by what a role has open, or no longer. */
extern void share_add(Ticket *ticket, Oid role);
extern void share_remove(Ticket *ticket);

/* How many a role has; and the role that has the most, InvalidOid if none has any. */
extern int32 share_of_role(Oid role);
extern Oid	share_find_largest(int32 *nopen);

#endif							/* GAIOPS_QUEUE_SHARE_H */
