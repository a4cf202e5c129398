/*
 * writer.c
 *		The background worker that commits the records of one database.
 *
 * NOTES
 *	  The launcher starts a writer where records are queued.  It takes all
 *	  there are, up to a limit, writes their rows in one transaction, commits
 *	  that, and tells the callers.  So a commit, the only slow part, is shared
 *	  by all who came while the one before was under way.  The writer knows no
 *	  table: rows say by their shapes where they go (queue/record_shape.h),
 *	  those who observe a shape add rows to the same commit, and the rooms
 *	  themselves say how to recover what an earlier life of the server has
 *	  left.
 *
 *	  An error never costs a record that could be kept.  What is taken from
 *	  the queue is held until it is committed or rejected, and goes back into
 *	  the queue, in its order, if the process ends before.  After an error:
 *
 *	  - One that is known to pass (a lock, a full disk) or to be mended (a
 *	    column of another type, what is no table) has the batch tried again
 *	    after a pause.  The callers are told what the trouble is if they do
 *	    not want to wait any longer.  Unless it is a lock, intents are refused
 *	    at once: nothing has been sent for them, while what has been sent must
 *	    be recorded.
 *	  - After any other, records are tried one by one, each MAX_TRIES times,
 *	    and what still fails is stored as far as possible (rejection.c).
 *
 *	  It must never wait for long.  A caller waits for the writer; if it holds
 *	  a lock that the writer wants, the deadlock detector sees nothing of it.
 *	  So the lock timeout is short, and the caller's wait has a deadline of
 *	  its own.
 *
 *	  It has one of few places.  While other databases wait for one, it leaves
 *	  after its turn, or when an error makes it wait.  It leaves as well when
 *	  a command wants the database for itself, and when there is nothing to
 *	  do; but not while a call is under way, whose final record would need
 *	  another writer.
 *
 *	  At shutdown it stays for a while, since sessions that are ended record
 *	  what they had open.  What cannot be written by then is lost with the
 *	  queue, but for the intents, which are in their table: the next writer
 *	  finds them there.
 *
 *	  Each step that writes begins and ends transactions of its own and runs
 *	  in writer_try(), outside of which nothing is allocated but in the
 *	  writer's own context, reset after each batch.  An error elsewhere, such
 *	  as in the look whether maintenance was missed, ends the process; what it
 *	  holds goes back, and the launcher starts another.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/latch_wait.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/interrupt.h"
#include "queue/queue_control.h"
#include "queue/queue_writer.h"
#include "queue/sink.h"
#include "storage/ipc.h"
#include "storage/latch.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "workers/maintenance.h"
#include "workers/rejection.h"
#include "workers/worker.h"
#include "workers/writer.h"
#include "workers/writer_commit.h"
#include "workers/writer_rows.h"

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

#define DRAIN_MS 5000			/* longest stay once it is to end */
#define DRAIN_POLL_MS 10
#define LOCK_TIMEOUT "500ms"

/* Records taken from the queue and not finished yet. */
static QueuedRecord held[MAX_BATCH];
static int	nheld = 0;

/* How often in a row the first of them has failed by itself. */
static int	ntries = 0;

/* ---- one batch ---- */

/* Some records, and what becomes of them in one transaction. */
typedef struct Batch
{
	QueuedRecord *records;
	int			n;
	bool		has_tables;		/* false if the extension was dropped */
} Batch;

/* Writes and commits the records of a batch. */
static void
commit_batch(void *arg)
{
	Batch	   *batch = arg;
	Sink	   *sink;

	batch->has_tables = worker_begin();
	if (!batch->has_tables)
		return;
	sink = sink_open();
	for (int i = 0; i < batch->n; i++)
	{
		record_queue_locate(&batch->records[i]);
		writer_write_rows(sink, &batch->records[i], ROWS_ALL);
	}
	sink_close(sink);
	writer_commit();
}

/* ---- what to do about errors ---- */

/*
 * Which trouble an error is, if it is one that passes by itself.  At shutdown
 * nobody comes any more to mend a table: as much of a record as can be is
 * stored instead.  A trigger may raise the same code, but names no column or
 * table.
 */
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
			return error->column_name != NULL && !ShutdownRequestPending ?
				TROUBLE_OTHER_TYPE : TROUBLE_NONE;
		case ERRCODE_WRONG_OBJECT_TYPE:
			return error->table_name != NULL && !ShutdownRequestPending ?
				TROUBLE_NO_TABLE : TROUBLE_NONE;
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

/* Finishes the first n held records and moves the others up. */
static void
finish_held(int n, TicketState state)
{
	record_queue_finish(held, n, state);
	memmove(held, held + n, sizeof(QueuedRecord) * (nheld - n));
	nheld -= n;
}

/*
 * Waits for what is in the way of all records to pass, or to be mended; not so
 * long while others wait, who may be able to go on.
 */
static void
await_end_of_trouble(QueueTrouble trouble, const ErrorData *error)
{
	ereport(LOG, (errmsg("genaiops will try again to store records: %s",
						 error->message),
				  error->detail ? errdetail_internal("%s", error->detail) : 0));
	record_queue_set_trouble(trouble);
	if (trouble != TROUBLE_LOCKED)
		refuse_intents();
	worker_pause(trouble >= TROUBLE_OTHER_TYPE && !record_queue_others_wait() ?
				 MENDING_MS : RETRY_MS);
}

/*
 * Deals with a failure to commit the first n held records.  Any error may be
 * one that passes: a row is routed to the default partition, and finds when
 * it gets the lock there that its own partition was made meanwhile.
 */
static void
handle_failure(int n, const ErrorData *error)
{
	QueueTrouble trouble = passing_trouble(error);

	if (trouble != TROUBLE_NONE)
		await_end_of_trouble(trouble, error);
	else if (n == 1 && ++ntries >= MAX_TRIES)
	{
		ntries = 0;
		rejection_store(&held[0], error);
		finish_held(1, TICKET_REFUSED);
	}
}

/* ---- working through the queue ---- */

/*
 * Whether it was asked to end, and has had its time since then.  The time
 * begins with the first look, which each round and each failure brings.
 */
static bool
drain_is_over(void)
{
	static TimestampTz since = 0;
	TimestampTz now;

	if (!ShutdownRequestPending)
		return false;
	now = GetCurrentTimestamp();
	if (since == 0)
		since = now;
	return TimestampDifferenceExceeds(since, now, DRAIN_MS);
}

/*
 * Whether to stop trying, because somebody waits for this process to end:
 * what is in its way may last, and other databases need its slot.
 */
static bool
must_give_up(void)
{
	return record_queue_writer_must_leave() ||
		(record_queue_others_wait() && !ShutdownRequestPending);
}

/*
 * Tells the callers of a batch, which are the first held, that it is
 * committed.
 */
static void
finish_batch(const Batch *batch)
{
	ntries = 0;
	if (batch->has_tables)
	{
		record_queue_set_trouble(TROUBLE_NONE);
		finish_held(batch->n, TICKET_COMMITTED);
		return;
	}
	ereport(LOG, (errmsg("genaiops threw away %d records: the extension was dropped", nheld)));
	finish_held(nheld, TICKET_REFUSED);
}

/*
 * Commits everything held, in as few transactions as the errors allow.  What
 * is left, when an error does not pass and the process has to end, stays
 * held.
 */
static void
commit_held(void)
{
	int			at_once = nheld;

	while (nheld > 0 && !drain_is_over())
	{
		Batch		batch = {held, Min(at_once, nheld)};
		ErrorData  *error;

		if (writer_try(commit_batch, &batch, &error))
		{
			finish_batch(&batch);
			continue;
		}
		handle_failure(batch.n, error);
		if (passing_trouble(error) == TROUBLE_NONE)
			at_once = 1;
		else if (must_give_up())
			break;
		FreeErrorData(error);
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
	commit_held();
	MemoryContextReset(context);
	if (nheld == 0)
		return true;
	if (ShutdownRequestPending)
		ereport(LOG, (errmsg("genaiops could not store %d records at shutdown", nheld)));
	record_queue_put_back(held, nheld);
	nheld = 0;
	return false;
}

/* ---- what an earlier life of the server has left ---- */

static void
commit_recovery(void *arg)
{
	Sink	   *sink;

	if (!worker_begin())
		return;
	sink = sink_open();
	record_recover(sink);
	sink_close(sink);
	writer_commit();
}

/*
 * Recovers it, unless that is done, or was tried a moment ago; an error is
 * logged.
 */
static void
recover_if_due(void)
{
	static bool recovered = false;
	static TimestampTz tried_at = 0;
	TimestampTz now = GetCurrentTimestamp();

	if (recovered || !TimestampDifferenceExceeds(tried_at, now, RECOVERY_MS))
		return;
	tried_at = now;
	recovered = writer_try(commit_recovery, NULL, NULL);
}

/* ---- coming and going ---- */

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

	/*
	 * A call under way would need a writer again, at shutdown at the latest.
	 */
	return !record_queue_has_tickets() &&
		TimestampDifferenceExceeds(last_work, now, IDLE_MS);
}

/*
 * Commits what the sessions that are ending still push.  They may be many, or
 * not end at all, if only this process was told to: then another comes after
 * it.
 */
static void
drain(MemoryContext context)
{
	while (!drain_is_over() && (work(context) || record_queue_has_tickets()))
		(void) latch_wait(WAIT_WRITER_DRAIN, DRAIN_POLL_MS);
}

/*
 * Works until it is time to leave.  What was done to tables is told to the
 * statistics as it goes, by which alone autovacuum goes; the server lets that
 * happen each second at most, and does it when the process ends.  The callers
 * have been told by then: an error would end the process, and no record with
 * it.
 */
static void
main_loop(MemoryContext context)
{
	TimestampTz turn_start = GetCurrentTimestamp();
	TimestampTz last_work = turn_start;

	while (!ShutdownRequestPending)
	{
		bool		worked;

		recover_if_due();
		worked = work(context);
		pgstat_report_stat(false);
		if (record_queue_maintenance_is_due(MAINTENANCE_MS) ||
			maintenance_is_missed())
			(void) record_queue_want_worker(WORKER_MAINTENANCE, MyDatabaseId);
		MemoryContextSwitchTo(context);
		if (worked)
			last_work = GetCurrentTimestamp();
		if (time_to_leave(worked, last_work, turn_start))
			return;
		if (worked)
			continue;
		pgstat_report_activity(STATE_IDLE, NULL);
		if (latch_wait(WAIT_WRITER_MAIN, IDLE_MS + 1) & WL_TIMEOUT)
			pgstat_report_stat(true);
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
gaiops_writer_main(Datum database)
{
	MemoryContext context;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, writer_request_shutdown);
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
