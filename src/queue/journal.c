/*
 * journal.c
 *		Handing a record to the writer, and waiting for its commit.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "base/errors.h"
#include "base/latch_wait.h"
#include "base/settings.h"
#include "base/store.h"
#include "base/subscription.h"
#include "commands/dbcommands.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "utils/timestamp.h"

static TimestampTz
log_deadline(void)
{
	return TimestampTzPlusMilliseconds(GetCurrentTimestamp(), gaiops_log_timeout);
}

void
journal_begin(JournalEntry *entry, const Record *record)
{
	memset(entry, 0, sizeof(JournalEntry));
	entry->record = record;
	entry->deadline = log_deadline();
}

void
journal_begin_final(JournalEntry *entry, Ticket *ticket,
					const Record *record, const Record *bare)
{
	journal_begin(entry, record);
	entry->ticket = ticket;
	entry->bare = bare;
	entry->is_final = true;
}

/* Pushes the record if there is room for it now. */
static bool
try_push(JournalEntry *entry)
{
	if (entry->is_final)
		return record_queue_push_final(entry->ticket, entry->record);

	entry->ticket = entry->stays_open ?
		record_queue_reserve_open(entry->record->size, &entry->limit) :
		record_queue_reserve(entry->record->size);
	if (entry->ticket == NULL)
		return false;
	record_queue_push(entry->ticket, entry->record);
	return true;
}

/* The same, having the latch set when it is worth another try. */
static bool
push_or_await_room(JournalEntry *entry)
{
	if (try_push(entry))
		return true;
	/* Room made since then would not be heard of: look again. */
	record_queue_await_room();
	return try_push(entry);
}

static bool
past_deadline(const JournalEntry *entry)
{
	return GetCurrentTimestamp() >= entry->deadline;
}

JournalState
journal_step(JournalEntry *entry)
{
	if (!entry->pushed)
		entry->pushed = push_or_await_room(entry);
	if (entry->pushed)
	{
		TicketState state = record_queue_state(entry->ticket);

		if (state == TICKET_COMMITTED)
			return JOURNAL_COMMITTED;
		if (state == TICKET_REFUSED)
			return JOURNAL_REFUSED;
	}
	if (entry->limit != OPEN_UNLIMITED)
		return JOURNAL_NO_ROOM;
	if (!past_deadline(entry))
		return JOURNAL_WAITING;
	if (!entry->pushed && entry->bare != NULL)
		entry->pushed = record_queue_push_final(entry->ticket, entry->bare);
	return entry->pushed ? JOURNAL_TIMED_OUT : JOURNAL_NO_ROOM;
}

long
journal_timeout(const JournalEntry *entry)
{
	return TimestampDifferenceMilliseconds(GetCurrentTimestamp(),
										   entry->deadline);
}

/* Sleeps until journal_step() is worth another call; may be interrupted. */
static void
sleep_until_due(const JournalEntry *entry)
{
	(void) latch_wait(WAIT_RECORD_COMMIT, journal_timeout(entry));
	CHECK_FOR_INTERRUPTS();
}

JournalState
journal_push(JournalEntry *entry)
{
	JournalState state;

	while ((state = journal_step(entry)) == JOURNAL_WAITING && !entry->pushed)
		sleep_until_due(entry);
	return state;
}

JournalState
journal_wait(JournalEntry *entry)
{
	JournalState state;

	while ((state = journal_step(entry)) == JOURNAL_WAITING)
		sleep_until_due(entry);
	record_queue_stop_awaiting_room();
	return state;
}

/* Gives the ticket up when an error or the end of the session interrupts. */
static void
release_entry(int code, Datum arg)
{
	JournalEntry *entry = (JournalEntry *) DatumGetPointer(arg);

	if (entry->ticket != NULL)
		record_queue_release(entry->ticket);
	entry->ticket = NULL;
}

void
journal_write(const Record *record, const char *what)
{
	JournalEntry entry;
	JournalState state;

	journal_begin(&entry, record);
	PG_ENSURE_ERROR_CLEANUP(release_entry, PointerGetDatum(&entry));
	{
		state = journal_wait(&entry);
	}
	PG_END_ENSURE_ERROR_CLEANUP(release_entry, PointerGetDatum(&entry));
	release_entry(0, PointerGetDatum(&entry));
	if (state != JOURNAL_COMMITTED)
		journal_raise_unavailable(what, state);
}

/* Says whose open spans and runs are so many that there can be no other. */
static void
raise_limited(OpenLimit limit)
{
	QueueStats	stats;
	char	   *largest;

	record_queue_stats(&stats);
	largest = OidIsValid(stats.open_role) ?
		GetUserNameFromId(stats.open_role, true) : NULL;
	ereport(ERROR,
			(errcode(ERRCODE_CONFIGURATION_LIMIT_EXCEEDED),
			 limit == OPEN_LIMIT_OF_ROLE ?
			 errmsg("role \"%s\" has too many open spans and runs",
					GetUserNameFromId(GetOuterUserId(), true)) :
			 limit == OPEN_LIMIT_OF_DATABASE ?
			 errmsg("database \"%s\" has too many open spans and runs",
					get_database_name(MyDatabaseId)) :
			 errmsg("this server has too many open spans and runs"),
			 errdetail("A role can have %d on this server, a database %d, all together %d. There are %d in this database and %d in all, of which role \"%s\" has %d.",
					   stats.open_of_role_most, stats.open_here_most, stats.open_most,
					   stats.open_here, stats.open, largest ? largest : "",
					   stats.open_of_role),
			 errhint("End spans with gaiops_end_span(), runs with gaiops_end_run(), or the sessions in gaiops.calls_in_flight that have forgotten theirs; or raise gaiops.open_span_share or gaiops.queue_size.")));
}

void
journal_open(JournalEntry *entry, const Record *record, const char *what)
{
	JournalState state;

	journal_begin(entry, record);
	entry->stays_open = true;
	state = journal_push(entry);
	if (entry->pushed)
		return;
	if (entry->limit != OPEN_UNLIMITED)
		raise_limited(entry->limit);
	journal_raise_unavailable(what, state);
}

bool
journal_is_possible(void)
{
	if (!record_queue_available() || RecoveryInProgress())
		return false;
	store_lock_configuration(AccessShareLock);
	if (!store_extension_is_committed())
		return false;
	record_prepare();
	return true;
}

void
journal_require_worker(void)
{
	if (!record_queue_available())
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("genaiops must be loaded via shared_preload_libraries"),
				 errdetail("Records are written by a background worker, which has to be there from the start of the server."),
				 errhint("Add to postgresql.conf: shared_preload_libraries = 'genaiops', and restart the server.")));
	if (RecoveryInProgress())
		ereport(ERROR,
				(errcode(ERRCODE_READ_ONLY_SQL_TRANSACTION),
				 errmsg("cannot write records during recovery"),
				 errhint("Connect to the primary server.")));
	store_lock_configuration(AccessShareLock);
	store_require_committed_extension();
	record_prepare();
}

void
journal_require(void)
{
	journal_require_worker();
	if (subscription_has_records())
		subscription_refuse(subscription_table("spans"));
}

/* Who holds the room that there is not. */
static char *
no_room_detail(void)
{
	QueueStats	stats;

	record_queue_stats(&stats);
	return psprintf("The queue had no room for it within gaiops.log_timeout: of %d chunks %d are free now, this database holds %d, and open spans and runs hold %d.",
					stats.chunks, stats.free, stats.used, stats.open);
}

const char *
journal_trouble_detail(JournalState state)
{
	switch (record_queue_trouble())
	{
		case TROUBLE_NO_WORKER:
			return "No background worker slot is free for the writer of this database.";
		case TROUBLE_DISK_FULL:
			return "The writer has run out of disk space or memory.";
		case TROUBLE_LOCKED:
			return "The writer waits for a lock on a table of genaiops.";
		case TROUBLE_OTHER_TYPE:
			return "A column of a table of genaiops has another type than the library has for it; the server log names it.";
		case TROUBLE_NO_TABLE:
			return "A table of genaiops is not one any more, or is distributed, so that records would be lost in it; the server log names it.";
		case TROUBLE_NONE:
			break;
	}
	if (state == JOURNAL_NO_ROOM)
		return no_room_detail();
	if (state == JOURNAL_REFUSED)
		return "The tables did not take the record; see gaiops.rejected_records.";
	return "The record was not committed within gaiops.log_timeout.";
}

const char *
journal_trouble_hint(void)
{
	switch (record_queue_trouble())
	{
		case TROUBLE_NO_WORKER:
			return "Raise max_worker_processes.";
		case TROUBLE_DISK_FULL:
			return "Free some space, then try again.";
		case TROUBLE_LOCKED:
			return "Do not call models, have runs or register prompts in a transaction that locks tables of schema gaiops; see pg_locks for other sessions.";
		case TROUBLE_OTHER_TYPE:
			return "Run ALTER EXTENSION genaiops UPDATE, or give the column its type back.";
		case TROUBLE_NO_TABLE:
			return "Have a plain table under its name again; distribute copies, not the tables that are written.";
		case TROUBLE_NONE:
			break;
	}
	return "If this persists, look at the server log, or raise gaiops.queue_size or gaiops.max_writers.";
}

void
journal_warn_late(const char *what, JournalState state)
{
	if (state == JOURNAL_REFUSED)
		ereport(WARNING,
				(errcode(ERRCODE_GAIOPS_LOG_UNAVAILABLE),
				 errmsg("the %s could not be recorded as it is", what),
				 errhint("See gaiops.rejected_records.")));
	else
		ereport(WARNING,
				(errcode(ERRCODE_GAIOPS_LOG_UNAVAILABLE),
				 errmsg("the %s is not recorded yet", what),
				 errdetail_internal("%s", journal_trouble_detail(state)),
				 errhint("The record is queued and will be written as soon as that is possible.")));
}

void
journal_raise_unavailable(const char *what, JournalState state)
{
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_LOG_UNAVAILABLE),
			 errmsg("could not record the %s", what),
			 errdetail_internal("%s", journal_trouble_detail(state)),
			 errhint("%s", journal_trouble_hint())));
	pg_unreachable();
}
