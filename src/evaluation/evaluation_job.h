/*
 * evaluation_job.h
 *		Jobs: evaluations that a worker does.
 */
#ifndef GAIOPS_EVALUATION_JOB_H
#define GAIOPS_EVALUATION_JOB_H

#include "evaluation/evaluation_plan.h"
#include "queue/record.h"

/* What a worker is started for, in the room that the server has for it. */
typedef struct EvaluationTask
{
	Oid			database;
	Oid			role;
	pg_uuid_t	run_id;
} EvaluationTask;

/* Raises unless a worker can be a session of the role in force. */
extern void evaluation_job_require_login(void);

/* Adds the row of the job, with those settings of the session that matter. */
extern void evaluation_job_add(Record *record, const pg_uuid_t *run_id);

/* Gives this session the settings of the session that asked for a job. */
extern void evaluation_job_adopt_settings(const pg_uuid_t *run_id);

/* Whether a job is to be done still: nobody has ended its run, or taken it. */
extern bool evaluation_job_is_wanted(const pg_uuid_t *run_id);

/* Notes why a job failed; NULL that it did not. */
extern void evaluation_job_note_error(const pg_uuid_t *run_id, const char *error);

#endif							/* GAIOPS_EVALUATION_JOB_H */
