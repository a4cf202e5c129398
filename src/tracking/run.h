/*
 * run.h
 *		The runs of the session: starting and ending them, and the current one.
 */
#ifndef GAIOPS_RUN_H
#define GAIOPS_RUN_H

#include "base/settings.h"
#include "core/text/text_slice.h"
#include "queue/record.h"
#include "utils/uuid.h"

/* What a run is started with. */
typedef struct RunRequest
{
	const char *name;			/* NULL gives it none */
	TextSlice	tags;			/* absent if there are none */
	const pg_uuid_t *parent_run_id; /* NULL if it is not within another */
	bool		is_local;		/* ends with the transaction */
	bool		is_guarded;		/* gaiops_end_run() does not end it here */
	bool		has_purpose;	/* if not, it has that of its parent */
	Purpose		purpose;
} RunRequest;

/*
 * Makes runs known as what a session holds open; called when the library is
 * loaded.
 */
extern void run_init(void);

/* Raises unless a run may have that name; NULL is none, which it may. */
extern void run_check_name(const char *name);

/* The run that calls are recorded under now; false if there is none. */
extern bool run_current(pg_uuid_t *run_id);

/* What that run is for; PURPOSE_APPLICATION if there is none. */
extern Purpose run_current_purpose(void);

/*
 * The given run, or the current one if given is NULL.  Raises if there is
 * none, or if it does not exist.
 */
extern void run_choose(const pg_uuid_t *given, pg_uuid_t *run_id);

/*
 * Starts a run and makes it the current one; one that is local for this
 * transaction only, which ends it.  Returns when it is committed.  Without a
 * parent, raises if a run is current already.
 */
extern void run_start(const RunRequest *request, pg_uuid_t *run_id);

/*
 * Adds what starts a run that a worker is to do: it is on record with what
 * else is in the record, and this session does not hold it.
 */
extern void run_schedule(Record *record, const RunRequest *request, pg_uuid_t *run_id);

/*
 * Opens a run again that nobody has open, and makes it the current one; from
 * then on it is as one that this session has started, and is guarded.  One
 * that is scheduled waits for a worker again unless run_end() ends it.
 * Returns when that is committed.
 */
extern void run_resume(const pg_uuid_t *run_id, bool is_scheduled);

/* Has a run of this session end so, if a rollback ends it. */
extern void run_fail_as(const pg_uuid_t *run_id, const char *status);

/*
 * Raises if a run, the current one if given is NULL, is a guarded one of this
 * session, or one that another holds, or if there is none.
 */
extern void run_require_endable(const pg_uuid_t *given);

/*
 * The key of the registry lock that who does an evaluation holds on its run,
 * palloc'd.
 */
extern char *run_lock_key(const pg_uuid_t *run_id);

/*
 * Ends a run, the current one if given is NULL; returns when that is
 * committed.  Raises if there is none, or if it has ended already.
 */
extern void run_end(const pg_uuid_t *given, const char *status, pg_uuid_t *run_id);

#endif							/* GAIOPS_RUN_H */
