/*
 * sink.h
 *		Writing rows of records into our tables, straight through the table
 *		access method.
 */
#ifndef GAIOPS_SINK_H
#define GAIOPS_SINK_H

#include "queue/record.h"

/*
 * Whether our tables are here: the extension exists and its schema is its
 * owner's.  Takes the owner's identity for the rest of the transaction.
 */
extern bool sink_available(void);

/*
 * Opens the sink within a transaction, after sink_available().  It lives in
 * the current memory context, as does what is made while rows are written.
 */
extern Sink *sink_open(void);

/*
 * Carries out one row of a record, but for one that would give its object
 * more than the shape allows: that is not inserted, and whoever sent it has
 * to look.  What the values point to has to last until the sink is closed,
 * for those who observe.
 */
extern void sink_write(Sink *sink, RecordOp op, RecordShape *shape,
					   const RecordValues *row);

/*
 * Has observers add their rows, and closes what was opened; the transaction
 * still has to commit.
 */
extern void sink_close(Sink *sink);

#endif							/* GAIOPS_SINK_H */
