/*
 * registry_lock.c
 *		Locks on things that have a name, and no row to lock.
 *
 * Each is a lock on an object, a part of a table of ours that does not exist:
 * an advisory lock could be held by anybody.  They can be taken in READ ONLY
 * transactions, and whatever the snapshot.
 */
#include "postgres.h"

#include "base/registry_lock.h"
#include "catalog/namespace.h"
#include "common/hashfn.h"
#include "storage/lmgr.h"
#include "utils/lsyscache.h"

void
registry_lock(const char *key, int len, LOCKMODE mode)
{
	uint32		hash = hash_bytes((const unsigned char *) key, len);
	Oid			table = get_relname_relid("prompt_aliases",
										  get_namespace_oid("gaiops", false));

	LockDatabaseObject(table, hash, 0, mode);
}
