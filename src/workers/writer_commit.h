/*
 * writer_commit.h
 *		How the writer commits: as durably as is asked for, unless the server
 *		stops.
 */
#ifndef GAIOPS_WRITER_COMMIT_H
#define GAIOPS_WRITER_COMMIT_H

/* Commits what worker_begin() began, with gaiops.synchronous_commit. */
extern void writer_commit(void);

/* worker_try() for steps that commit so. */
extern bool writer_try(void (*step) (void *arg), void *arg, ErrorData **error);

/* SIGTERM: ends the wait for a standby, too. */
extern void writer_request_shutdown(SIGNAL_ARGS);

#endif							/* GAIOPS_WRITER_COMMIT_H */
