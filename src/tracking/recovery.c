/*
 * recovery.c
 *		What ends the spans and runs that another life of the server has left
 *		open.
 *
 * Each row of what is open has the incarnation of the server that it was
 * opened in.  A row of another one was left by a crash, or came with a dump
 * or from a standby: nobody will end what it stands for.
 */
#include "postgres.h"

#include "base/store.h"
#include "base/subscription.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "queue/record_queue.h"
#include "queue/sink.h"
#include "tracking/recovery.h"
#include "tracking/run_rows.h"
#include "tracking/run_shape.h"
#include "tracking/span_shape.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

static StoreStatement take_intents = {
	.sql = "DELETE FROM gaiops.intents"
	" WHERE incarnation OPERATOR(pg_catalog.<>) $1 RETURNING *",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/*
 * Those that a worker of this database goes on with are left.  By way of the
 * row, as a table of 0.1.0 that was not updated yet lacks the column.
 */
static StoreStatement take_open_runs = {
	.sql = "DELETE FROM gaiops.open_runs AS o"
	" WHERE o.incarnation OPERATOR(pg_catalog.<>) $1"
	" AND pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(o), 'scheduled_in')"
	"  IS DISTINCT FROM $2::pg_catalog.text RETURNING *",
	.nargs = 2,
	.argtypes = {UUIDOID, UUIDOID},
};

/* Rows that were deleted, in the caller's memory. */
typedef struct LostRows
{
	uint64		n;
	HeapTuple  *tuples;
	TupleDesc	desc;
} LostRows;

/*
 * Deletes the rows of other incarnations and returns them.  Those of a table
 * that is filled from another database are its publisher's, and under way
 * there.
 */
static LostRows
take_lost(StoreStatement *statement, const char *table)
{
	Datum		values[2] = {UUIDPGetDatum(record_queue_incarnation()),
	UUIDPGetDatum(run_database_identity())};
	MemoryContext old = CurrentMemoryContext;
	StoreSession session;
	LostRows	lost = {0};

	if (subscription_of(subscription_table(table)) != NULL)
		return lost;
	store_open(&session);
	store_execute(statement, values, NULL, false);
	MemoryContextSwitchTo(old);
	lost.n = SPI_processed;
	lost.desc = CreateTupleDescCopy(SPI_tuptable->tupdesc);
	lost.tuples = palloc_extended(sizeof(HeapTuple) * Max(lost.n, 1), MCXT_ALLOC_HUGE);
	for (uint64 i = 0; i < lost.n; i++)
		lost.tuples[i] = heap_copytuple(SPI_tuptable->vals[i]);
	store_close(&session);
	return lost;
}

/* Whatever its outcome was: nobody knows it any more. */
void
recover_spans(Sink *sink)
{
	LostRows	lost = take_lost(&take_intents, "intents");

	for (uint64 i = 0; i < lost.n; i++)
	{
		RecordValues span;

		CHECK_FOR_INTERRUPTS();
		record_values_reset(&span);
		record_read_tuple(&span, &span_shape, lost.tuples[i], lost.desc);
		record_set_text(&span, SPAN_status, "UNKNOWN");
		record_set_text(&span, SPAN_error_class, "unknown");
		sink_write(sink, RECORD_INSERT, &span_shape, &span);
	}
}

/* They are killed, unless they have ended otherwise. */
void
recover_runs(Sink *sink)
{
	LostRows	lost = take_lost(&take_open_runs, "open_runs");

	for (uint64 i = 0; i < lost.n; i++)
	{
		RecordValues end;

		CHECK_FOR_INTERRUPTS();
		record_values_reset(&end);
		record_read_tuple(&end, &run_end_shape, lost.tuples[i], lost.desc);
		record_set_text(&end, RUN_END_status, "KILLED");
		RECORD_SET(&end, RUN_END_end_time,
				   TimestampTzGetDatum(GetCurrentTimestamp()));
		sink_write(sink, RECORD_INSERT_MISSING, &run_end_shape, &end);
	}
}
