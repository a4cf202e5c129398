/*
 * usage.h
 *		Adding up the attempts of a batch into rows of gaiops.usage_deltas.
 */
#ifndef GAIOPS_USAGE_DELTAS_H
#define GAIOPS_USAGE_DELTAS_H

#include "workers/sink.h"

typedef struct UsageBatch UsageBatch;

/* An empty batch in the current memory context. */
extern UsageBatch *usage_batch_begin(void);

/* Adds a span, given as a row of the spans' shape, if it is a model call. */
extern void usage_batch_add(UsageBatch *batch, const Datum *span,
							const bool *nulls);

/* Writes one row per key. */
extern void usage_batch_write(const UsageBatch *batch, Sink *sink);

#endif							/* GAIOPS_USAGE_DELTAS_H */
