/*
 * evaluation.h
 *		Runs of a model, a function or stored outputs over a dataset.
 */
#ifndef GAIOPS_EVALUATION_H
#define GAIOPS_EVALUATION_H

/* Makes the tables of this room known to the writer. */
extern void evaluation_init(void);

#endif							/* GAIOPS_EVALUATION_H */
