/*
 * sink.h
 *		Writing record rows into our tables, straight through the table
 *		access method.
 */
#ifndef GAIOPS_SINK_H
#define GAIOPS_SINK_H

#include "queue/record.h"

typedef struct Sink Sink;

/*
 * Whether our tables are here: the extension exists and its schema is its
 * owner's.  Takes the owner's identity for the rest of the transaction.
 */
extern bool sink_available(void);

/* Opens the sink within a transaction, after sink_available(). */
extern Sink *sink_open(void);

/*
 * Carries out one row of a record, but for one that would give its object more than
 * RECORD_MAX_PER_OBJECT: that is not inserted, and whoever sent it has to look.
 */
extern void sink_write(Sink *sink, RecordOp op, RecordTable table,
					   const Datum *values, const bool *nulls);

/* Closes what was opened; the transaction still has to commit. */
extern void sink_close(Sink *sink);

#endif							/* GAIOPS_SINK_H */
