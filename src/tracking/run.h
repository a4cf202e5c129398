/*
 * run.h
 *		The runs of the session: starting and ending them, and the current one.
 */
#ifndef GAIOPS_RUN_H
#define GAIOPS_RUN_H

#include "core/text/text_slice.h"
#include "utils/uuid.h"

/*
 * Makes runs known as what a session holds open; called when the library is
 * loaded.
 */
extern void run_init(void);

/* The run that calls are recorded under now; false if there is none. */
extern bool run_current(pg_uuid_t *run_id);

/*
 * The given run, or the current one if given is NULL.  Raises if there is
 * none, or if it does not exist.
 */
extern void run_choose(const pg_uuid_t *given, pg_uuid_t *run_id);

/*
 * Starts a run and makes it the current one; with is_local for this
 * transaction only, which ends it.  Returns when it is committed.  Without a
 * parent, raises if a run is current already.
 */
extern void run_start(const char *name, TextSlice tags, const pg_uuid_t *parent_run_id,
					  bool is_local, pg_uuid_t *run_id);

/*
 * Ends a run, the current one if given is NULL; returns when that is
 * committed.  Raises if there is none, or if it has ended already.
 */
extern void run_end(const pg_uuid_t *given, const char *status, pg_uuid_t *run_id);

#endif							/* GAIOPS_RUN_H */
