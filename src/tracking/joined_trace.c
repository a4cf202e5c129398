/*
 * joined_trace.c
 *		By which span each trace that an application began is shown here.
 *
 * Any number of sessions may join one trace, and none knows of the others; so
 * gaiops.traces would have to look for a better span of each that does.  The
 * writer, which alone inserts spans, says it in the span's own row instead:
 * the first that is inserted names the trace, and has its own start as that
 * of the entry; those that come later have the start of that one.
 *
 * A trace that began here may be joined too, and is shown by what began it.
 * To look for that takes a lock on each partition, which the writer must not
 * wait for; so of such traces nothing is said.  Their ids tell.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "queue/sink.h"
#include "tracking/joined_trace.h"
#include "tracking/span_shape.h"
#include "utils/timestamp.h"
#include "utils/uuid.h"

#define JOINED_COLUMNS(X) \
	X(JOINED, trace_id, UUIDOID) X(JOINED, span_id, TEXTOID) \
	X(JOINED, start_time, TIMESTAMPTZOID)

enum JoinedColumn {JOINED_COLUMNS(RECORD_POSITION) JOINED_NCOLUMNS};

static const RecordColumn joined_columns[] = {JOINED_COLUMNS(RECORD_COLUMN)};

RecordShape joined_trace_shape = {
	.table = "joined_traces",
	.columns = joined_columns,
	.ncolumns = JOINED_NCOLUMNS,
};

/* Whether an id may have been drawn here: a UUID of version 7, of our time. */
static bool
may_be_ours(Datum trace_id)
{
	const pg_uuid_t *id = DatumGetUUIDP(trace_id);

	return id->data[0] >> 4 == 0 && id->data[6] >> 4 == 7;
}

static bool
joins_trace(const RecordValues *span)
{
	return DatumGetBool(span->values[SPAN_is_entry]) &&
		!span->nulls[SPAN_parent_span_id] &&
		!may_be_ours(span->values[SPAN_trace_id]);
}

/*
 * The start of the entry that names a trace, by the row that was found, as a
 * span has it that does not.  No such span says its own start.
 */
static TimestampTz
start_of_other(const RecordValues *named, const RecordValues *span)
{
	TimestampTz start = DatumGetTimestampTz(named->values[JOINED_start_time]);
	TimestampTz own = DatumGetTimestampTz(span->values[SPAN_start_time]);

	return start == own ? start - 1 : start;
}

void
joined_trace_name(Sink *sink, RecordValues *span)
{
	TimestampTz start;
	RecordValues row;

	if (!joins_trace(span))
		return;
	start = DatumGetTimestampTz(span->values[SPAN_start_time]);
	record_values_reset(&row);
	RECORD_SET(&row, JOINED_trace_id, span->values[SPAN_trace_id]);
	if (sink_find(sink, &joined_trace_shape, &row))
		start = start_of_other(&row, span);
	else
	{
		RECORD_SET(&row, JOINED_span_id, span->values[SPAN_span_id]);
		RECORD_SET(&row, JOINED_start_time, TimestampTzGetDatum(start));
		sink_write(sink, RECORD_INSERT, &joined_trace_shape, &row);
	}
	RECORD_SET(span, SPAN_entry_start_time, TimestampTzGetDatum(start));
}
