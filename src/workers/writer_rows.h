/*
 * writer_rows.h
 *		Writing the rows of a record that was taken from the queue.
 */
#ifndef GAIOPS_WRITER_ROWS_H
#define GAIOPS_WRITER_ROWS_H

#include "queue/queue_types.h"
#include "queue/sink.h"

/* How much of a record is written. */
typedef enum WrittenRows
{
	ROWS_ALL,
	ROWS_BUT_PAYLOADS,
	ROWS_THAT_END_INTENTS
} WrittenRows;

/* Carries out rows of a record, which was located. */
extern void writer_write_rows(Sink *sink, const QueuedRecord *record,
							  WrittenRows which);

#endif							/* GAIOPS_WRITER_ROWS_H */
