/*
 * evaluation_drive.h
 *		Doing an evaluation from its beginning to its end.
 */
#ifndef GAIOPS_EVALUATION_DRIVE_H
#define GAIOPS_EVALUATION_DRIVE_H

#include "evaluation/evaluation_work.h"

/* Starts the run, does all that is planned, and ends the run. */
extern void evaluation_do(EvaluationPlan *plan);

/* Starts the run, and leaves all that is planned to a worker. */
extern void evaluation_schedule(EvaluationPlan *plan);

/*
 * Does what is left of a run that is open again, and ends it.  done says of
 * each item whether there is nothing to do, nerrors how many of these have
 * failed; unjudged are results among them that judges have yet to score.
 * Returns how many were done.
 */
extern int64 evaluation_go_on(EvaluationPlan *plan, const bool *done, int64 nerrors,
							  const EvaluationUnjudged *unjudged, int64 nunjudged);

/*
 * Raises if somebody does that run now; nobody else can until the transaction
 * ends, or the session.
 */
extern void evaluation_lock(const pg_uuid_t *run_id, bool for_session);

/*
 * Whether nobody does it, nor is in the transaction that asked for it; so it
 * is until this transaction ends.
 */
extern bool evaluation_is_free(const pg_uuid_t *run_id);

#endif							/* GAIOPS_EVALUATION_DRIVE_H */
