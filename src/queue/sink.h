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
 * to look.  The shape may complete the row.  What the values point to has to
 * last until the sink is closed, for those who observe.
 */
extern void sink_write(Sink *sink, RecordOp op, RecordShape *shape,
					   RecordValues *row);

/*
 * Reads the row whose primary key is the shape's first column alone, a uuid,
 * with the value that the column has in row; returns whether there is one.
 */
extern bool sink_find(Sink *sink, RecordShape *shape, RecordValues *row);

/*
 * Has observers add their rows, and closes what was opened; the transaction
 * still has to commit.
 */
extern void sink_close(Sink *sink);

#endif							/* GAIOPS_SINK_H */
