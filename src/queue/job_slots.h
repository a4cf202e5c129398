/*
 * job_slots.h
 *		Workers that do one job each: so many at once on the server.
 *
 * Who starts a worker for a job takes a slot for it, which the worker makes
 * its own.  The slot is free again when that process ends, however it does,
 * so what is said of jobs at work is true.
 */
#ifndef GAIOPS_JOB_SLOTS_H
#define GAIOPS_JOB_SLOTS_H

#include "utils/uuid.h"

/* Whether fewer than that are taken, on the server. */
extern bool job_slot_is_left(int most);

/*
 * Takes a slot for a job of this database, for a worker that is about to be
 * started; -1 if so many are taken, or if that job has one.
 */
extern int	job_slot_take(const pg_uuid_t *job, int most);

/* Gives back a slot that no worker has made its own. */
extern void job_slot_give_back(int slot, const pg_uuid_t *job);

/*
 * Makes a slot that of this process, for a job of a database, which it need
 * not be connected to yet; false if it was given back, or if a command keeps
 * workers away.  Such a command may end the process from then on, with
 * SIGTERM.
 */
extern bool job_slot_attach(int slot, Oid database, const pg_uuid_t *job);

/*
 * Whether a job of this database has a worker, and which process that is; 0
 * if it is about to be started.
 */
extern bool job_slot_find(const pg_uuid_t *job, int *pid);

/* Says, for people, whether jobs of this database wait for a worker slot. */
extern void job_slot_note_lack(Oid database, bool lacks_worker);
extern bool job_slot_lacks_worker(void);

#endif							/* GAIOPS_JOB_SLOTS_H */
