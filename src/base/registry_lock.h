/*
 * registry_lock.h
 *		Locks on things that have a name, and no row to lock.
 */
#ifndef GAIOPS_REGISTRY_LOCK_H
#define GAIOPS_REGISTRY_LOCK_H

#include "storage/lockdefs.h"

/*
 * Locks a key of so many bytes until the transaction ends, as in a mode of
 * table locks.  Keys begin with a word of their own for each kind of thing.
 */
extern void registry_lock(const char *key, int len, LOCKMODE mode);

/* The same, but false at once where somebody else has it. */
extern bool registry_lock_if_free(const char *key, int len, LOCKMODE mode);

/* The same, until the session ends. */
extern bool registry_lock_for_session(const char *key, int len, LOCKMODE mode);

#endif							/* GAIOPS_REGISTRY_LOCK_H */
