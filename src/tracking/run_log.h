/*
 * run_log.h
 *		What is logged of a run: parameters, metrics, tags, inputs.
 */
#ifndef GAIOPS_RUN_LOG_H
#define GAIOPS_RUN_LOG_H

#include "queue/record.h"
#include "utils/uuid.h"

/* A value that was measured. */
typedef struct RunMetric
{
	const char *key;
	double		value;
} RunMetric;

/* Raises when the key of what is logged has a length it may not have. */
extern void run_check_key(const char *what, const char *key);

/*
 * Each returns when what it writes is committed, and raises unless it may be
 * logged; the run is known to exist.  Metrics are written a number at a time.
 */
extern void run_log_param(const pg_uuid_t *run_id, const char *key,
						  const char *value);
extern void run_log_metrics(const pg_uuid_t *run_id, const RunMetric *metrics,
							int n, int64 step);
extern void run_log_tag(const pg_uuid_t *run_id, const char *key,
						const char *value);

/*
 * Adds a parameter to a record that is written later; is_own says whether the
 * run is the caller's.
 */
extern void run_add_param(Record *record, const pg_uuid_t *run_id, const char *key,
						  const char *value, bool is_own);

/* Logs a revision of a dataset, which is known to exist and to stay. */
extern void run_log_input(const pg_uuid_t *run_id, const char *dataset, int32 revision);

#endif							/* GAIOPS_RUN_LOG_H */
