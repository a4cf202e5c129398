/*
 * evaluation_metrics.h
 *		Metrics that an evaluation leaves on its run.
 */
#ifndef GAIOPS_EVALUATION_METRICS_H
#define GAIOPS_EVALUATION_METRICS_H

#include "utils/uuid.h"

/* Logs the mean of each scorer as NAME/mean; returns when it is committed. */
extern void evaluation_log_metrics(const pg_uuid_t *run_id);

#endif							/* GAIOPS_EVALUATION_METRICS_H */
