/*
 * joined_trace.c
 *		By which span each trace that an application began is shown here.
 *
 * Any number of sessions may join one trace, and none knows of the others; so
 * gaiops.traces would have to look for a better span of each that does.  The
 * writer, which alone inserts spans, keeps the first one's name instead.  A
 * row is inserted in the commit of its span: it names one that is there.
 *
 * A trace that began here may be joined too, and is shown by what began it.
 * To look for that takes a lock on each partition, which the writer must not
 * wait for; so of such traces there are no rows.  Their ids tell.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "queue/sink.h"
#include "tracking/joined_trace.h"
#include "tracking/span_shape.h"
#include "utils/array.h"
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

/* Of which column of a span each column has its values. */
static const int sources[JOINED_NCOLUMNS] = {
	SPAN_trace_id, SPAN_span_id, SPAN_start_time
};

/*
 * Those that begin before the one that is named, the first one last.  A
 * subquery of one row is never made into a join that reads all rows.
 */
static StoreStatement find_earlier = {
	.sql = "SELECT n.trace_id, n.span_id, n.start_time"
	" FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2), pg_catalog.unnest($3))"
	"  AS n (trace_id, span_id, start_time)"
	" WHERE (SELECT true FROM gaiops.joined_traces AS j"
	"  WHERE j.trace_id OPERATOR(pg_catalog.=) n.trace_id"
	"  AND ROW(j.start_time, j.span_id) OPERATOR(pg_catalog.<=) ROW(n.start_time, n.span_id)"
	"  LIMIT 1) IS NULL"
	" ORDER BY n.start_time DESC, n.span_id DESC",
	.nargs = JOINED_NCOLUMNS,
	.argtypes = {UUIDARRAYOID, TEXTARRAYOID, TIMESTAMPTZARRAYOID},
};

/* The spans of a commit that join traces, by columns; NULL if none do. */
typedef struct JoinedTraces
{
	ArrayBuildState *columns[JOINED_NCOLUMNS];
} JoinedTraces;

static void *
begin_joined(void)
{
	return palloc0(sizeof(JoinedTraces));
}

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

static void
see_span(void *state, const RecordValues *span)
{
	JoinedTraces *joined = state;

	if (!joins_trace(span))
		return;
	for (int i = 0; i < JOINED_NCOLUMNS; i++)
		joined->columns[i] = accumArrayResult(joined->columns[i], span->values[sources[i]],
											  false, joined_columns[i].type,
											  CurrentMemoryContext);
}

/* Writes the rows that a statement has found. */
static void
write_found(Sink *sink)
{
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		RecordValues row;

		record_values_reset(&row);
		record_read_tuple(&row, &joined_trace_shape, SPI_tuptable->vals[i],
						  SPI_tuptable->tupdesc);
		sink_write(sink, RECORD_REPLACE, &joined_trace_shape, &row);
	}
}

/* What the sink allocates has to outlive the session of the statement. */
static void
end_joined(void *state, Sink *sink)
{
	const JoinedTraces *joined = state;
	MemoryContext context = CurrentMemoryContext;
	Datum		values[JOINED_NCOLUMNS];
	StoreSession session;

	if (joined->columns[0] == NULL)
		return;
	for (int i = 0; i < JOINED_NCOLUMNS; i++)
		values[i] = makeArrayResult(joined->columns[i], context);
	store_open(&session);
	store_execute(&find_earlier, values, NULL, true);
	MemoryContextSwitchTo(context);
	write_found(sink);
	store_close(&session);
}

const RecordObserver joined_traces = {
	.begin = begin_joined,
	.see = see_span,
	.end = end_joined,
};
