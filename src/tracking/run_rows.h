/*
 * run_rows.h
 *		What is recorded of runs: their rows, and looking them up.
 */
#ifndef GAIOPS_RUN_ROWS_H
#define GAIOPS_RUN_ROWS_H

#include "datatype/timestamp.h"
#include "queue/record.h"
#include "utils/uuid.h"

/* How a run ended. */
typedef struct RunEnd
{
	const char *status;			/* FINISHED, FAILED or KILLED */
	TimestampTz at;
} RunEnd;

/* Fills the row of a run that begins now; the id must outlive it. */
extern void run_fill_start(RecordValues *row, const pg_uuid_t *run_id,
						   const char *name, const char *experiment,
						   const pg_uuid_t *parent_run_id);

/* Adds the rows of a run that begins. */
extern void run_add_start(Record *record, const RecordValues *start);

/* The same of one that a worker is to do; nobody has it open yet. */
extern void run_add_scheduled_start(Record *record, RecordValues *start);

/* Makes the record that gives a run back to a worker that is to come. */
extern void run_make_schedule(Record *record, const pg_uuid_t *run_id);

/* By which a database is told from a copy of it. */
extern const pg_uuid_t *run_database_identity(void);

/* Makes the record that ends a run, unless it has ended already. */
extern void run_make_end(Record *record, const pg_uuid_t *run_id,
						 const RunEnd *end);

/*
 * Makes the record that opens a run again, whether it has ended or not; if it
 * is scheduled, another worker goes on with it when this one is gone.
 */
extern void run_make_resumption(Record *record, const pg_uuid_t *run_id, bool is_scheduled);

/*
 * Whether a run has ended by now, and how, palloc'd; raises unless the run
 * exists.
 */
extern bool run_find_end(const pg_uuid_t *run_id, RunEnd *end);

/* Whether a run waits for a worker to do it, or has one. */
extern bool run_is_scheduled(const pg_uuid_t *run_id);

/* What a run is for, palloc'd; NULL if that is not known. */
extern char *run_find_purpose(const pg_uuid_t *run_id);

/* Raises unless a run exists by now. */
extern void run_require(const pg_uuid_t *run_id);

/* The id as text, palloc'd. */
extern char *run_format_id(const pg_uuid_t *run_id);

#endif							/* GAIOPS_RUN_ROWS_H */
