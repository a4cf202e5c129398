/*
 * record_stream.h
 *		Many records one after the other, without waiting for each commit.
 */
#ifndef GAIOPS_RECORD_STREAM_H
#define GAIOPS_RECORD_STREAM_H

#include "queue/record.h"

typedef struct RecordStream RecordStream;

/*
 * Begins a stream in the current memory context; what names its records in
 * errors.  Once that context is reset it is over, whatever was waited for.
 */
extern RecordStream *record_stream_begin(const char *what);

/*
 * The next record, empty, to be filled and pushed; its rows are made in
 * record_stream_context().
 */
extern Record *record_stream_next(RecordStream *stream);
extern MemoryContext record_stream_context(RecordStream *stream);

/*
 * Queues it.  Waits only where so many are queued that are not committed yet
 * or where the queue has no room, and raises where one cannot be recorded.
 */
extern void record_stream_push(RecordStream *stream);

/* Returns when all are committed; raises where one cannot be. */
extern void record_stream_finish(RecordStream *stream);

#endif							/* GAIOPS_RECORD_STREAM_H */
