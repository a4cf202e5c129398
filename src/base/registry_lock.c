/*
 * registry_lock.c
 *		Locks on things that have a name, and no row to lock.
 *
 * Each is an advisory lock of a class of our own: by SQL only those of
 * classes 1 and 2 can be taken, so that nobody holds ours.  They can be taken
 * in READ ONLY transactions, and whatever the snapshot.
 *
 * Names are what users choose.  A key is 64 bits of a cryptographic hash, so
 * that nobody finds a name of his whose lock is that of another thing.
 */
#include "postgres.h"

#include "base/registry_lock.h"
#include "compat.h"
#include "miscadmin.h"
#include "storage/lock.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/inval.h"

#define REGISTRY_LOCK_CLASS	0x6761

/*
 * Takes a lock, for the session or the transaction; false if it is not to
 * wait and somebody else has it.
 */
static bool
acquire(const char *key, int len, LOCKMODE mode, bool for_session, bool dont_wait)
{
	Datum		text = PointerGetDatum(cstring_to_text_with_len(key, len));
	bytea	   *hash = DatumGetByteaPP(DirectFunctionCall1(sha256_bytea, text));
	uint32		halves[2];
	LOCKTAG		tag;

	memcpy(halves, VARDATA_ANY(hash), sizeof(halves));
	SET_LOCKTAG_ADVISORY(tag, MyDatabaseId, halves[0], halves[1], REGISTRY_LOCK_CLASS);
	if (LockAcquire(&tag, mode, for_session, dont_wait) == LOCKACQUIRE_NOT_AVAIL)
		return false;
	/* What others have done while it waited is seen from here on. */
	AcceptInvalidationMessages();
	return true;
}

void
registry_lock(const char *key, int len, LOCKMODE mode)
{
	(void) acquire(key, len, mode, false, false);
}

bool
registry_lock_if_free(const char *key, int len, LOCKMODE mode)
{
	return acquire(key, len, mode, false, true);
}

bool
registry_lock_for_session(const char *key, int len, LOCKMODE mode)
{
	return acquire(key, len, mode, true, true);
}
