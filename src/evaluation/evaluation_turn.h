/*
 * evaluation_turn.h
 *		Transactions of an evaluation that a worker does.
 *
 * It may take hours, most of which it waits for the network.  A transaction
 * so long would keep the database from cleaning up.  So the work is done in
 * turns, each of which is a transaction, and it waits between them.
 */
#ifndef GAIOPS_EVALUATION_TURN_H
#define GAIOPS_EVALUATION_TURN_H

#include "evaluation/evaluation_plan.h"

/*
 * Begins a turn and ends it; the memory context stays as it is.  Raises if
 * the extension is gone, or if another session has the lock that is held.
 */
extern void evaluation_turn_begin(void);
extern void evaluation_turn_end(void);

/* Holds the lock of a key from now on, which the session has. */
extern void evaluation_turn_hold(const char *key);

/* Begins the next one, if an evaluation is done so. */
extern void evaluation_turn_next(const EvaluationPlan *plan);

#endif							/* GAIOPS_EVALUATION_TURN_H */
