/*
 * evaluation_drive.h
 *		Doing an evaluation from its beginning to its end.
 */
#ifndef GAIOPS_EVALUATION_DRIVE_H
#define GAIOPS_EVALUATION_DRIVE_H

#include "evaluation/evaluation_plan.h"

/* Starts the run, does all that is planned, and ends the run. */
extern void evaluation_do(EvaluationPlan *plan);

/*
 * Does what is left of a run that is open again, and ends it.  done says of
 * each item whether there is nothing to do, nerrors how many of these have
 * failed.  Returns how many were done.
 */
extern int64 evaluation_go_on(EvaluationPlan *plan, const bool *done, int64 nerrors);

/*
 * Raises if somebody does that run now; nobody else can until the transaction
 * ends.
 */
extern void evaluation_lock(const pg_uuid_t *run_id);

#endif							/* GAIOPS_EVALUATION_DRIVE_H */
