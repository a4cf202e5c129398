/*
 * evaluation_pause.h
 *		What an evaluation does when its upstream wants no calls for a while.
 */
#ifndef GAIOPS_EVALUATION_PAUSE_H
#define GAIOPS_EVALUATION_PAUSE_H

#include "call/call.h"
#include "evaluation/evaluation_work.h"

/*
 * The upstream of a call to an endpoint has told to wait until then.  Tells
 * who waits for the evaluation, and other sessions, where that takes long.
 * Returns whether it waits so long: not longer than a call would for its own
 * sake.
 */
extern bool evaluation_pause(EvaluationWork *work, const char *model, const Call *call,
							 TimestampTz until);

/* Warns that results are missing because it did not wait. */
extern void evaluation_warn_stopped(const EvaluationWork *work);

#endif							/* GAIOPS_EVALUATION_PAUSE_H */
