/*
 * recovery.h
 *		What ends the spans and runs that another life of the server has left
 *		open.
 */
#ifndef GAIOPS_RECOVERY_H
#define GAIOPS_RECOVERY_H

#include "queue/record_shape.h"

/* Turns the intents of another life of the server into spans. */
extern void recover_spans(Sink *sink);

/* Ends the runs that another life of the server has left open. */
extern void recover_runs(Sink *sink);

#endif							/* GAIOPS_RECOVERY_H */
