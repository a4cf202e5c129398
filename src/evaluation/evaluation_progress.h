/*
 * evaluation_progress.h
 *		Telling whoever waits for an evaluation how far it is.
 */
#ifndef GAIOPS_EVALUATION_PROGRESS_H
#define GAIOPS_EVALUATION_PROGRESS_H

#include "evaluation/evaluation_work.h"

#define EVALUATION_PROGRESS_MS 5000 /* between two NOTICEs */

/*
 * Raises a NOTICE if the last one is some seconds ago.  Returns the
 * milliseconds until the next one is due.
 */
extern long evaluation_progress_tell(EvaluationWork *work, int in_flight);

/* Raises the last one, which says how it went. */
extern void evaluation_progress_end(const EvaluationWork *work);

#endif							/* GAIOPS_EVALUATION_PROGRESS_H */
