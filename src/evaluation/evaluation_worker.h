/*
 * evaluation_worker.h
 *		The background worker that does one evaluation.
 */
#ifndef GAIOPS_EVALUATION_WORKER_H
#define GAIOPS_EVALUATION_WORKER_H

/*
 * Entry point of the process; its argument is the slot of its job, and an
 * EvaluationTask comes with it.
 */
extern PGDLLEXPORT void gaiops_evaluation_main(Datum slot);

#endif							/* GAIOPS_EVALUATION_WORKER_H */
