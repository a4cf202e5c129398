/*
 * worker.h
 *		What the background workers of a database have in common.
 */
#ifndef GAIOPS_WORKER_H
#define GAIOPS_WORKER_H

#include "postmaster/bgworker.h"

/*
 * Describes a worker of a database to the postmaster: entry is the function
 * of ours that it runs, with the oid of the database.  The process that
 * registers it is told when it ends; it is never restarted.
 */
extern void worker_describe(BackgroundWorker *worker, const char *name,
							const char *entry, Oid database);

/*
 * Connects to the database and puts settings of databases and roles out of the
 * way.  Signal handlers must be in place.
 */
extern void worker_connect(Oid database, const char *lock_timeout);

/*
 * Begins a transaction with the identity of the extension's owner; false, with
 * no transaction, if the extension is not there.
 */
extern bool worker_begin(void);

/* Commits what worker_begin() began. */
extern void worker_commit(void);

/*
 * Carries out a step that begins and commits transactions of its own.  False
 * after an error: its transaction is aborted, and the error passed back in
 * the current memory context, or logged if error is NULL.
 */
extern bool worker_try(void (*step) (void *arg), void *arg, ErrorData **error);

/* Sleeps, however often the latch is set meanwhile; may be interrupted. */
extern void worker_pause(int ms);

#endif							/* GAIOPS_WORKER_H */
