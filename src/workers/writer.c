/*
 * writer.c
 *		The background worker that commits the records of one database.
 *
 * It takes whatever is queued, commits it as one transaction, and tells the
 * callers.  An error never costs a span: the batch is tried again, then each
 * record by itself; of what still fails the span is kept without its payload,
 * and gaiops.rejected_records says why.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/settings.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "queue/queue_control.h"
#include "queue/queue_writer.h"
#include "queue/sink.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "tcop/tcopprot.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "workers/maintenance.h"
#include "workers/worker.h"
#include "workers/writer.h"

#define MAX_BATCH 1000
#define IDLE_MS 1000			/* leaves after this long without work */
#define TURN_MS 200				/* longest turn while other databases wait */
#define RETRY_MS 100			/* pause after a failure that may pass */
#define MENDING_MS 1000			/* the same, when somebody has to mend a table */
#define RECOVERY_MS 1000		/* between two tries to recover what was lost */

/*
 * Of a record by itself, then it is rejected.  The first may meet a partition
 * that maintenance made while the default one was waited for.
 */
#define MAX_TRIES 3

#define DRAIN_MS 5000			/* longest drain at shutdown */
#define MAINTENANCE_MS 3600000	/* between two maintenances */
#define LOCK_TIMEOUT "500ms"

/* Records taken from the queue and not finished yet. */
static QueuedRecord held[MAX_BATCH];
static int	nheld = 0;

/* Whether a commit is under way, which may wait for a standby. */
static volatile sig_atomic_t committing = false;

/* How often in a row the first of them has failed by itself. */
static int	ntries = 0;

/* What became of an attempt to commit some records. */
typedef enum BatchOutcome
{
	BATCH_COMMITTED,
	BATCH_NO_EXTENSION,			/* there are no tables to write to */
	BATCH_FAILED				/* see the error that was passed back */
} BatchOutcome;

#define REJECTED_COLUMNS(X) \
	X(REJECTED, rejected_at, TIMESTAMPTZOID) X(REJECTED, record, TEXTOID) \
	X(REJECTED, trace_id, UUIDOID) X(REJECTED, span_id, TEXTOID) \
	X(REJECTED, sqlstate, TEXTOID) X(REJECTED, message, TEXTOID)

enum RejectedColumn {REJECTED_COLUMNS(RECORD_POSITION) REJECTED_NCOLUMNS};

static const RecordColumn rejected_columns[] = {REJECTED_COLUMNS(RECORD_COLUMN)};

RecordShape rejected_shape = {
	.table = "rejected_records",
	.columns = rejected_columns,
	.ncolumns = REJECTED_NCOLUMNS,
};

/* How much of a record is written. */
typedef enum WrittenRows
{
	ROWS_ALL,
	ROWS_BUT_PAYLOADS,
	ROWS_THAT_END_INTENTS
} WrittenRows;

/* ---- one batch ---- */

static bool
is_written(const RecordRow *row, const RecordShape *shape, WrittenRows which)
{
	switch (which)
	{
		case ROWS_ALL:
			break;
		case ROWS_BUT_PAYLOADS:
			return !shape->is_payload;
		case ROWS_THAT_END_INTENTS:
			return shape->is_intent && row->op == RECORD_DELETE;
	}
	return true;
}

/* Carries out rows of one record. */
static void
write_rows(Sink *sink, QueuedRecord *record, WrittenRows which)
{
	Size		offset = 0;

	if (record->data == NULL)
		record_queue_locate(record);
	while (offset < record->size)
	{
		RecordValues values;
		const RecordRow *row = record_unpack(record->data, &offset, &values);
		RecordShape *shape = record_shape(row->shape);

		if (is_written(row, shape, which))
			sink_write(sink, row->op, shape, &values);
	}
}

/*
 * Commits as durably as is asked for.  Set like any setting: what a commit waits
 * for of a standby is not in the variable, but where its assign hook put it.
 *
 * At shutdown no standby is waited for: one that is missing would keep the server
 * from stopping, and one that is there is sent everything before it stops.
 */
static void
commit_durably(void)
{
	bool		stopping = ShutdownRequestPending &&
	gaiops_synchronous_commit > SYNCHRONOUS_COMMIT_LOCAL_FLUSH;
	int			level = stopping ? SYNCHRONOUS_COMMIT_LOCAL_FLUSH :
	gaiops_synchronous_commit;

	committing = true;
	if (synchronous_commit != level)
		SetConfigOption("synchronous_commit", stopping ? "local" :
						GetConfigOption("gaiops.synchronous_commit", false, false),
						PGC_USERSET, PGC_S_OVERRIDE);
	worker_commit();
	committing = false;
	/* It may have come when there was nothing left to be cancelled. */
	if (ShutdownRequestPending)
		QueryCancelPending = false;
}

/* SIGTERM: ends the wait for a standby, too; a batch cut short is tried again. */
static void
request_shutdown(SIGNAL_ARGS)
{
	int			save_errno = errno;

	if (committing)
	{
		QueryCancelPending = true;
		InterruptPending = true;
	}
	ShutdownRequestPending = true;
	SetLatch(MyLatch);
	errno = save_errno;
}

/* After an error: ends its transaction. */
static void
abort_transaction(void)
{
	committing = false;
	AbortCurrentTransaction();
}

/* Writes and commits some records in one transaction. */
static BatchOutcome
commit_records(QueuedRecord *records, int n)
{
	Sink	   *sink;

	if (!worker_begin())
		return BATCH_NO_EXTENSION;
	sink = sink_open();
	for (int i = 0; i < n; i++)
		write_rows(sink, &records[i], ROWS_ALL);
	sink_close(sink);
	commit_durably();
	return BATCH_COMMITTED;
}

/* The same, with an error passed back instead of thrown. */
static BatchOutcome
try_records(QueuedRecord *records, int n, MemoryContext context,
			ErrorData **error)
{
	volatile BatchOutcome outcome = BATCH_FAILED;

	PG_TRY();
	{
		outcome = commit_records(records, n);
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		*error = CopyErrorData();
		FlushErrorState();
		abort_transaction();
		MemoryContextSwitchTo(context);
		/* Data gathered in the transaction's memory is gone with it. */
		for (int i = 0; i < n; i++)
			records[i].data = NULL;
	}
	PG_END_TRY();
	return outcome;
}

/* ---- what to do about errors ---- */

/* Which trouble an error is, if it is one that passes by itself. */
static QueueTrouble
passing_trouble(const ErrorData *error)
{
	switch (error->sqlerrcode)
	{
		case ERRCODE_LOCK_NOT_AVAILABLE:
		case ERRCODE_QUERY_CANCELED:
		case ERRCODE_T_R_DEADLOCK_DETECTED:
		case ERRCODE_T_R_SERIALIZATION_FAILURE:
			return TROUBLE_LOCKED;
		case ERRCODE_DISK_FULL:
		case ERRCODE_OUT_OF_MEMORY:
		case ERRCODE_INSUFFICIENT_RESOURCES:
			return TROUBLE_DISK_FULL;
		case ERRCODE_DATATYPE_MISMATCH:
			return TROUBLE_OTHER_TYPE;
		default:
			return TROUBLE_NONE;
	}
}

/* Gives up the records that nothing has been sent for yet. */
static void
refuse_intents(void)
{
	int			nkept = 0;

	for (int i = 0; i < nheld; i++)
	{
		if (held[i].is_final)
			held[nkept++] = held[i];
		else
			record_queue_finish(&held[i], 1, TICKET_REFUSED);
	}
	nheld = nkept;
}

/* Takes over columns that the note of a rejection has as well: whose row it was. */
static void
copy_columns(RecordValues *note, const RecordShape *shape, const RecordValues *row)
{
	int		   *map = record_map_columns(shape, record_desc(&rejected_shape));

	for (int i = 0; i < shape->ncolumns; i++)
		if (map[i] >= 0 && !row->nulls[i] &&
			shape->columns[i].type == rejected_columns[map[i]].type)
			RECORD_SET(note, map[i], row->values[i]);
}

/* The row that says what was rejected, which is known by its first row, and why. */
static void
describe_rejected(RecordValues *note, const QueuedRecord *record,
				  const ErrorData *error)
{
	Size		offset = 0;
	RecordValues row;
	const RecordRow *header = record_unpack(record->data, &offset, &row);
	const RecordShape *shape = record_shape(header->shape);

	record_values_reset(note);
	copy_columns(note, shape, &row);
	RECORD_SET(note, REJECTED_rejected_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_set_text(note, REJECTED_record, shape->table);
	record_set_text(note, REJECTED_sqlstate, unpack_sql_state(error->sqlerrcode));
	record_set_text(note, REJECTED_message,
					error->message ? error->message : "unknown error");
}

/*
 * Keeps a note of a record that cannot be stored as it is, and what can be stored
 * of it.
 */
static void
commit_rejection(QueuedRecord *record, const ErrorData *error, WrittenRows kept)
{
	RecordValues note;
	Sink	   *sink;

	if (!worker_begin())
		return;
	if (record->data == NULL)
		record_queue_locate(record);
	describe_rejected(&note, record, error);
	sink = sink_open();
	sink_write(sink, RECORD_INSERT, &rejected_shape, &note);
	write_rows(sink, record, kept);
	sink_close(sink);
	commit_durably();
}

/* The same, with an error logged instead of thrown; false if there was one. */
static bool
try_rejection(QueuedRecord *record, const ErrorData *error, WrittenRows kept,
			  MemoryContext context)
{
	volatile bool ok = false;

	PG_TRY();
	{
		commit_rejection(record, error, kept);
		ok = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		EmitErrorReport();
		FlushErrorState();
		abort_transaction();
		MemoryContextSwitchTo(context);
	}
	PG_END_TRY();
	record->data = NULL;
	return ok;
}

/* Rejects a record; if even that fails, the server log is all that is left. */
static void
reject_record(QueuedRecord *record, const ErrorData *error,
			  MemoryContext context)
{
	ereport(LOG,
			(errmsg("genaiops could not store a record: %s",
					error->message ? error->message : "unknown error")));
	/* An intent that is refused must leave nothing behind. */
	if (!(record->is_final &&
		  try_rejection(record, error, ROWS_BUT_PAYLOADS, context)))
		(void) try_rejection(record, error, ROWS_THAT_END_INTENTS, context);
	record_queue_finish(record, 1, TICKET_REFUSED);
}

/* Sleeps before another try; the latch may be set again and again meanwhile. */
static void
pause_before_retry(int ms)
{
	TimestampTz end = TimestampTzPlusMilliseconds(GetCurrentTimestamp(), ms);
	long		left;

	while ((left = TimestampDifferenceMilliseconds(GetCurrentTimestamp(), end)) > 0)
	{
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 left, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
	}
}

/* ---- what an earlier life of the server has left ---- */

/* Whether that is recovered, and when it was tried last. */
static bool recovered = false;
static TimestampTz recovery_tried = 0;

/* Recovers it.  An error is logged, and it is for the next time. */
static void
recover_lost(MemoryContext context)
{
	PG_TRY();
	{
		if (worker_begin())
		{
			Sink	   *sink = sink_open();

			record_recover(sink);
			sink_close(sink);
			commit_durably();
		}
		recovered = true;
	}
	PG_CATCH();
	{
		MemoryContextSwitchTo(context);
		EmitErrorReport();
		FlushErrorState();
		abort_transaction();
		MemoryContextSwitchTo(context);
	}
	PG_END_TRY();
}

/* The same, unless it is done, or was tried a moment ago. */
static void
recover_if_due(MemoryContext context)
{
	TimestampTz now = GetCurrentTimestamp();

	if (recovered || !TimestampDifferenceExceeds(recovery_tried, now, RECOVERY_MS))
		return;
	recovery_tried = now;
	recover_lost(context);
	MemoryContextSwitchTo(context);
}

/* ---- working through the queue ---- */

/* Moves the first n held records out of the way, finished. */
static void
finish_held(int n, TicketState state)
{
	record_queue_finish(held, n, state);
	memmove(held, held + n, sizeof(QueuedRecord) * (nheld - n));
	nheld -= n;
}

/*
 * Deals with a failure to commit the first n held records.  Any error may be one
 * that passes: a row is routed to the default partition, and finds when it gets
 * the lock there that its own partition was made meanwhile.
 */
static void
handle_failure(int n, const ErrorData *error, MemoryContext context)
{
	QueueTrouble trouble = passing_trouble(error);

	if (trouble != TROUBLE_NONE)
	{
		ereport(LOG, (errmsg("genaiops will try again to store records: %s",
							 error->message)));
		record_queue_set_trouble(trouble);
		if (trouble != TROUBLE_LOCKED)
			refuse_intents();
		pause_before_retry(trouble == TROUBLE_OTHER_TYPE ? MENDING_MS : RETRY_MS);
	}
	else if (n == 1 && ++ntries >= MAX_TRIES)
	{
		QueuedRecord bad = held[0];

		ntries = 0;
		memmove(held, held + 1, sizeof(QueuedRecord) * (nheld - 1));
		nheld--;
		reject_record(&bad, error, context);
	}
}

/*
 * Whether to stop trying, because somebody waits for this process to end: what is in
 * its way may last, and other databases need its slot.
 */
static bool
must_give_up(TimestampTz start)
{
	if (ShutdownRequestPending)
		return record_queue_writer_must_leave() ||
			TimestampDifferenceExceeds(start, GetCurrentTimestamp(), DRAIN_MS);
	return record_queue_writer_must_leave() || record_queue_others_wait();
}

/*
 * Commits everything held, in as few transactions as the errors allow.  What is
 * left, when an error does not pass and the process has to end, stays held.
 */
static void
commit_held(MemoryContext context)
{
	TimestampTz start = GetCurrentTimestamp();
	int			at_once = nheld;

	while (nheld > 0)
	{
		int			n = Min(at_once, nheld);
		ErrorData  *error = NULL;
		BatchOutcome outcome = try_records(held, n, context, &error);

		if (outcome == BATCH_COMMITTED)
		{
			ntries = 0;
			record_queue_set_trouble(TROUBLE_NONE);
			finish_held(n, TICKET_COMMITTED);
			continue;
		}
		if (outcome == BATCH_NO_EXTENSION)
		{
			ereport(LOG, (errmsg("genaiops threw away %d records: the extension was dropped", nheld)));
			finish_held(nheld, TICKET_REFUSED);
			break;
		}
		Assert(error != NULL);
		handle_failure(n, error, context);
		if (passing_trouble(error) == TROUBLE_NONE)
			at_once = 1;
		else if (must_give_up(start))
			break;
	}
}

/* Takes what is queued and commits it; false if there was nothing. */
static bool
work(MemoryContext context)
{
	nheld = record_queue_take(held, MAX_BATCH);
	if (nheld == 0)
		return false;
	pgstat_report_activity(STATE_RUNNING, "recording spans");
	commit_held(context);
	MemoryContextReset(context);
	if (nheld == 0)
		return true;
	record_queue_put_back(held, nheld);
	nheld = 0;
	return false;
}

/* Whether to leave: nothing to do for long, or somebody else's turn. */
static bool
time_to_leave(bool worked, TimestampTz last_work, TimestampTz turn_start)
{
	TimestampTz now;

	if (record_queue_writer_must_leave() && !worked)
		return true;
	if (worked && !record_queue_others_wait())
		return false;
	now = GetCurrentTimestamp();
	if (record_queue_others_wait())
		return !worked ||
			TimestampDifferenceExceeds(turn_start, now, TURN_MS);
	/* A call under way would need a writer again, at shutdown at the latest. */
	return !record_queue_has_tickets() &&
		TimestampDifferenceExceeds(last_work, now, IDLE_MS);
}

/* Shutdown: commits what the sessions that are ending still push. */
static void
drain(MemoryContext context)
{
	TimestampTz start = GetCurrentTimestamp();

	while (work(context) ||
		   (record_queue_has_tickets() &&
			!TimestampDifferenceExceeds(start, GetCurrentTimestamp(), DRAIN_MS)))
	{
		(void) WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
						 10, PG_WAIT_EXTENSION);
		ResetLatch(MyLatch);
	}
}

/*
 * Works until it is time to leave.  What was done to tables is told to the
 * statistics as it goes, by which alone autovacuum goes; the server lets that
 * happen each second at most, and does it when the process ends.  The callers
 * have been told by then: an error would end the process, and no record with it.
 */
static void
main_loop(MemoryContext context)
{
	TimestampTz turn_start = GetCurrentTimestamp();
	TimestampTz last_work = turn_start;

	while (!ShutdownRequestPending)
	{
		bool		worked;

		recover_if_due(context);
		worked = work(context);
		pgstat_report_stat(false);
		if (record_queue_maintenance_is_due(MAINTENANCE_MS) ||
			maintenance_is_missed())
			record_queue_want_maintenance(true, MyDatabaseId);
		MemoryContextSwitchTo(context);
		if (worked)
			last_work = GetCurrentTimestamp();
		if (time_to_leave(worked, last_work, turn_start))
			return;
		if (worked)
			continue;
		pgstat_report_activity(STATE_IDLE, NULL);
		if (WaitLatch(MyLatch, WL_LATCH_SET | WL_TIMEOUT | WL_EXIT_ON_PM_DEATH,
					  IDLE_MS + 1, PG_WAIT_EXTENSION) & WL_TIMEOUT)
			pgstat_report_stat(true);
		ResetLatch(MyLatch);
		CHECK_FOR_INTERRUPTS();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
		}
	}
	drain(context);
}

/* ---- the process ---- */

/* Whatever ends the process, what it holds goes back into the queue. */
static void
put_back_held(int code, Datum arg)
{
	record_queue_put_back(held, nheld);
	nheld = 0;
}

/* Makes record_desc() usable outside transactions. */
static void
prepare_shapes(void)
{
	StartTransactionCommand();
	record_prepare();
	CommitTransactionCommand();
}

void
writer_describe(BackgroundWorker *worker, Oid database)
{
	worker_describe(worker, "genaiops writer", database);
	strlcpy(worker->bgw_function_name, "gaiops_writer_main", BGW_MAXLEN);
}

void
gaiops_writer_main(Datum database)
{
	MemoryContext context;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, request_shutdown);
	worker_connect(DatumGetObjectId(database), LOCK_TIMEOUT);
	if (!record_queue_attach_writer())
		proc_exit(0);
	before_shmem_exit(put_back_held, (Datum) 0);

	context = AllocSetContextCreate(TopMemoryContext, "genaiops writer",
									ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	prepare_shapes();
	MemoryContextSwitchTo(context);
	main_loop(context);
	proc_exit(0);
}
