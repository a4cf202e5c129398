/*
 * run.c
 *		The runs of the session: starting and ending them, and the current one.
 *
 * The current run is the setting gaiops.run_id, which follows transactions by
 * itself, and has with it which runs were current when that one was started: they
 * are what is gone back to when it is over, by whatever it was ended.
 *
 * What ends a run that nobody could end any more is here: the rollback of what
 * started it, the end of the transaction it is local to, and that of the session.
 * Each open run has a ticket of the record queue, so that none of these has to wait.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/hooks.h"
#include "base/ids.h"
#include "base/settings.h"
#include "base/store.h"
#include "queue/journal.h"
#include "storage/ipc.h"
#include "tracking/experiment.h"
#include "tracking/run.h"
#include "tracking/run_rows.h"
#include "tracking/run_shape.h"
#include "tracking/tag.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

typedef struct OpenRun
{
	struct OpenRun *next;
	MemoryContext context;		/* holds this struct */
	pg_uuid_t	run_id;
	RunSetting	before;			/* what was current before it was started */
	Oid			extension;		/* whose tables it is recorded in */
	Ticket	   *ticket;
	Record	   *final;			/* made in advance; NULL if not yet */
	bool		ended;			/* its final record is queued, or not wanted */
	bool		is_local;		/* ends with the transaction */
	bool		is_set_local;	/* is current in the transaction only */
	SubTransactionId subxact;	/* that started it; invalid once committed */
} OpenRun;

static OpenRun *open_runs = NULL;
static int	nopen = 0;

static bool
same_id(const pg_uuid_t *one, const pg_uuid_t *other)
{
	return memcmp(one->data, other->data, UUID_LEN) == 0;
}

/*
 * The run of an id, if this session has it open; not if it went with the extension
 * when that was dropped, to be created again perhaps.
 */
static OpenRun *
find_open_run(const pg_uuid_t *run_id)
{
	for (OpenRun *run = open_runs; run != NULL; run = run->next)
		if (same_id(&run->run_id, run_id))
			return run->extension == store_extension() ? run : NULL;
	return NULL;
}

/* ---- the current run ---- */

/*
 * A rollback may bring back the id of a run that is over: one of ours that is not
 * open, or one that was ended while it was current.
 */
static bool
is_over(const RunEntry *entry)
{
	return entry->is_over ||
		(entry->is_own && find_open_run(&entry->run_id) == NULL);
}

/* How many of the runs of a setting there are up to the last that is not over. */
static int
count_to_current(const RunSetting *setting)
{
	int			n = setting->nruns;

	while (n > 0 && is_over(&setting->runs[n - 1]))
		n--;
	return n;
}

bool
run_current(pg_uuid_t *run_id)
{
	int			n = gaiops_run ? count_to_current(gaiops_run) : 0;

	if (n == 0)
		return false;
	*run_id = gaiops_run->runs[n - 1].run_id;
	return true;
}

/* Whether a run is the current one. */
static bool
is_current(const pg_uuid_t *run_id)
{
	pg_uuid_t	current;

	return run_current(&current) && same_id(&current, run_id);
}

void
run_choose(const pg_uuid_t *given, pg_uuid_t *run_id)
{
	if (given != NULL)
		*run_id = *given;
	else if (!run_current(run_id))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("no run is current"),
				 errhint("Start one with gaiops_start_run(), or give a run_id.")));
	if (find_open_run(run_id) == NULL)
		run_require(run_id);
}

/* Makes the last of some runs the current one, or none if there are none. */
static void
set_current(const RunSetting *setting, bool is_local)
{
	int			n = setting->nruns;

	(void) set_config_option("gaiops.run_id",
							 n > 0 ? run_format_id(&setting->runs[n - 1].run_id) : "",
							 PGC_USERSET, PGC_S_SESSION,
							 is_local ? GUC_ACTION_LOCAL : GUC_ACTION_SET,
							 true, 0, false);
	if (n > 0)
		*gaiops_run = *setting;
}

/* The runs of a setting that are not over. */
static RunSetting
without_those_over(const RunSetting *setting)
{
	RunSetting	left = {0};

	for (int i = 0; i < setting->nruns; i++)
		if (!is_over(&setting->runs[i]))
			left.runs[left.nruns++] = setting->runs[i];
	return left;
}

/* Makes an open run the current one. */
static void
enter_run(const OpenRun *run)
{
	RunSetting	setting = run->before;
	RunEntry	entry = {run->run_id, .is_own = true};

	Assert(setting.nruns <= MAX_OPEN_RUNS);
	setting.runs[setting.nruns++] = entry;
	set_current(&setting, run->is_set_local);
}

/* Makes what was current before a run that is over current again. */
static void
leave_run(const RunSetting *before, bool is_local)
{
	RunSetting	left = without_those_over(before);

	set_current(&left, is_local);
}

/* ---- ending runs ---- */

/* Takes a run off the list and frees it. */
static void
drop_run(OpenRun *run)
{
	OpenRun   **link = &open_runs;

	while (*link != run)
		link = &(*link)->next;
	*link = run->next;
	nopen--;
	record_queue_release(run->ticket);
	MemoryContextDelete(run->context);
}

/* Makes the final record of a run, which ends now. */
static void
make_final(OpenRun *run, const char *status)
{
	MemoryContext old = MemoryContextSwitchTo(run->context);
	RunEnd		end = {status, GetCurrentTimestamp()};

	if (run->final == NULL)
		run->final = palloc(sizeof(Record));
	run_make_end(run->final, &run->run_id, &end);
	MemoryContextSwitchTo(old);
}

/* Queues the final record of a run, which is made, into the room reserved for it. */
static void
push_final(OpenRun *run)
{
	if (!run->ended)
		(void) record_queue_push_final(run->ticket, run->final);
	drop_run(run);
}

/*
 * Ends a run without waiting.  Safe while a transaction aborts and while the
 * session ends.
 */
static void
close_run(OpenRun *run, const char *status)
{
	make_final(run, status);
	push_final(run);
}

static void
close_all(const char *status)
{
	while (open_runs != NULL)
		close_run(open_runs, status);
}

/* Ends a run and waits for the record of that; false if it is queued still. */
static bool
finish_run(OpenRun *run, const RunEnd *end)
{
	Record		final;
	JournalEntry entry;
	volatile JournalState state = JOURNAL_WAITING;

	run_make_end(&final, &run->run_id, end);
	journal_begin_final(&entry, run->ticket, &final, &final);
	(void) journal_push(&entry);
	run->ended = true;
	PG_TRY();
	{
		state = journal_wait(&entry);
	}
	PG_FINALLY();
	{
		drop_run(run);
	}
	PG_END_TRY();
	if (state != JOURNAL_COMMITTED)
		journal_warn_late("end of the run", state);
	return state == JOURNAL_COMMITTED;
}

/* ---- ends of transactions and of the session ---- */

/* Forgets the runs of an extension that has been dropped. */
static void
drop_runs_of_dropped(void)
{
	OpenRun    *run = open_runs;

	while (run != NULL)
	{
		OpenRun    *next = run->next;

		if (run->extension != store_extension())
			drop_run(run);
		run = next;
	}
}

/*
 * Gets ready for the end of the runs that are local to a transaction which is
 * about to commit, and may fail to.
 */
static void
prepare_local_runs(void)
{
	for (OpenRun *run = open_runs; run != NULL; run = run->next)
		if (run->is_local)
			make_final(run, "FINISHED");
}

/*
 * Ends the runs that are local to a transaction which has committed.  Nothing can
 * fail here, nor be waited for.
 */
static void
finish_local_runs(void)
{
	OpenRun    *run = open_runs;

	while (run != NULL)
	{
		OpenRun    *next = run->next;

		if (run->is_local && run->final != NULL)
			push_final(run);
		run = next;
	}
}

/* The runs of a subtransaction, or all, are now those of another, or nobody's. */
static void
pass_runs_on(SubTransactionId from, SubTransactionId to)
{
	for (OpenRun *run = open_runs; run != NULL; run = run->next)
		if (from == InvalidSubTransactionId || run->subxact == from)
			run->subxact = to;
}

/* Ends the runs of a subtransaction that is rolled back, or of the transaction. */
static void
fail_runs_of(SubTransactionId subxact)
{
	OpenRun    *run = open_runs;

	while (run != NULL)
	{
		OpenRun    *next = run->next;

		if (run->subxact != InvalidSubTransactionId &&
			(subxact == InvalidSubTransactionId || run->subxact == subxact))
			close_run(run, "FAILED");
		run = next;
	}
}

static void
at_transaction_end(XactEvent event, void *arg)
{
	switch (event)
	{
		case XACT_EVENT_PRE_COMMIT:
		case XACT_EVENT_PRE_PREPARE:
			drop_runs_of_dropped();
			prepare_local_runs();
			break;
		case XACT_EVENT_COMMIT:
		case XACT_EVENT_PREPARE:
			finish_local_runs();
			pass_runs_on(InvalidSubTransactionId, InvalidSubTransactionId);
			break;
		case XACT_EVENT_ABORT:
			fail_runs_of(InvalidSubTransactionId);
			break;
		default:
			break;
	}
}

static void
at_subtransaction_end(SubXactEvent event, SubTransactionId mine,
					  SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_COMMIT_SUB)
		pass_runs_on(mine, parent);
	else if (event == SUBXACT_EVENT_ABORT_SUB)
		fail_runs_of(mine);
}

static void
at_session_end(int code, Datum arg)
{
	close_all("KILLED");
}

/* Has the ends of transactions and of the session end runs too. */
static void
register_callbacks(void)
{
	static bool registered = false;

	if (registered)
		return;
	RegisterXactCallback(at_transaction_end, NULL);
	RegisterSubXactCallback(at_subtransaction_end, NULL);
	before_shmem_exit(at_session_end, (Datum) 0);
	registered = true;
}

static void
discard_all(void)
{
	drop_runs_of_dropped();
	close_all("KILLED");
}

void
run_init(void)
{
	static const Hooks hooks = {.discard_all = discard_all};

	hooks_register(&hooks);
}

/* ---- starting a run ---- */

/* Raises unless this session can start a run now, within a parent or not. */
static void
require_startable(const pg_uuid_t *parent_run_id)
{
	pg_uuid_t	current;

	if (parent_run_id != NULL)
		run_require(parent_run_id);
	else if (run_current(&current))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("run \"%s\" is current already", run_format_id(&current)),
				 errhint("End it with gaiops_end_run(), or give parent_run_id => gaiops_current_run() to start one within it.")));
	if (nopen >= MAX_OPEN_RUNS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many open runs"),
				 errdetail("A session can have %d.", MAX_OPEN_RUNS),
				 errhint("End runs with gaiops_end_run().")));
}

/* Whether a run that is current now is so in this transaction only. */
static bool
current_is_set_local(void)
{
	pg_uuid_t	current;
	OpenRun    *run = run_current(&current) ? find_open_run(&current) : NULL;

	return run != NULL && run->is_set_local;
}

/* A run of this session, not recorded yet. */
static OpenRun *
make_run(bool is_local)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "genaiops run",
												  ALLOCSET_SMALL_SIZES);
	OpenRun    *run = MemoryContextAllocZero(context, sizeof(OpenRun));

	run->context = context;
	ids_make_uuid(&run->run_id);
	if (gaiops_run != NULL)
		run->before = without_those_over(gaiops_run);
	run->extension = store_extension();
	run->is_local = is_local;
	/* For longer than the run within which it is, it cannot be current. */
	run->is_set_local = is_local || current_is_set_local();
	run->subxact = GetCurrentSubTransactionId();
	return run;
}

/* Puts a run whose start is queued on the list. */
static void
push_run(OpenRun *run, Ticket *ticket)
{
	MemoryContextSetParent(run->context, TopMemoryContext);
	run->ticket = ticket;
	run->next = open_runs;
	open_runs = run;
	nopen++;
}

/*
 * Has the start of a run recorded and waits for that.  Once it is queued the run
 * is on the list: if this raises, the rollback ends it.
 */
static void
record_start(OpenRun *run, const Record *record)
{
	JournalEntry entry;
	JournalState state;

	journal_open(&entry, record, "run");
	push_run(run, entry.ticket);
	state = journal_wait(&entry);
	if (state == JOURNAL_REFUSED)
		run->ended = true;
	if (state != JOURNAL_COMMITTED)
		journal_raise_unavailable("run", state);
}

void
run_start(const char *name, TextSlice tags, const pg_uuid_t *parent_run_id,
		  bool is_local, pg_uuid_t *run_id)
{
	const char *experiment = experiment_choose(NULL);
	OpenRun    *run;
	RecordValues start;
	Record		record;

	journal_require();
	drop_runs_of_dropped();
	require_startable(parent_run_id);
	register_callbacks();
	run = make_run(is_local);
	run_fill_start(&start, &run->run_id, name, experiment, parent_run_id);
	record_reset(&record);
	experiment_add(&record, experiment,
				   DatumGetTimestampTz(start.values[RUN_START_start_time]),
				   start.values[RUN_START_role]);
	run_add_start(&record, &start);
	tag_add_all(&record, &tag_of_run, &run->run_id, tags);
	record_start(run, &record);
	experiment_note(experiment);
	enter_run(run);
	*run_id = run->run_id;
}

/* ---- ending a run ---- */

static void
raise_over(const pg_uuid_t *run_id, const RunEnd *end)
{
	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("run \"%s\" has ended already", run_format_id(run_id)),
			 errdetail("It is %s since %s.", end->status,
					   timestamptz_to_str(end->at))));
}

/* Raises if somebody else was first to end a run. */
static void
require_first(const pg_uuid_t *run_id, const RunEnd *mine)
{
	RunEnd		end;

	if (run_find_end(run_id, &end) && end.at != mine->at)
		raise_over(run_id, &end);
}

static void
note_over_in(RunSetting *setting, const pg_uuid_t *run_id)
{
	for (int i = 0; i < setting->nruns; i++)
		if (same_id(&setting->runs[i].run_id, run_id))
			setting->runs[i].is_over = true;
}

/* Has a run not current any more, even if a rollback brings it back. */
static void
note_over(const pg_uuid_t *run_id)
{
	if (gaiops_run != NULL)
		note_over_in(gaiops_run, run_id);
	for (OpenRun *run = open_runs; run != NULL; run = run->next)
		note_over_in(&run->before, run_id);
}

/* Ends a run that this session has not started, and waits for that. */
static void
finish_other(const pg_uuid_t *run_id, const RunEnd *end)
{
	RunEnd		earlier;
	Record		record;

	if (run_find_end(run_id, &earlier))
	{
		note_over(run_id);
		raise_over(run_id, &earlier);
	}
	run_make_end(&record, run_id, end);
	journal_write(&record, "end of the run");
	note_over(run_id);
}

/* Ends a run of this session; false if the record of that is queued still. */
static bool
finish_own(OpenRun *run, const RunEnd *end)
{
	bool		was_current = is_current(&run->run_id);
	RunSetting	before = run->before;
	bool		is_local = run->is_set_local;
	bool		is_recorded;

	note_over(&run->run_id);
	is_recorded = finish_run(run, end);
	if (was_current)
		leave_run(&before, is_local);
	return is_recorded;
}

void
run_end(const pg_uuid_t *given, const char *status, pg_uuid_t *run_id)
{
	RunEnd		end = {status, GetCurrentTimestamp()};
	OpenRun    *run;

	journal_require();
	run_choose(given, run_id);
	run = find_open_run(run_id);
	if (run != NULL)
	{
		if (!finish_own(run, &end))
			return;
	}
	else
	{
		bool		was_current = is_current(run_id);

		finish_other(run_id, &end);
		if (was_current)
			leave_run(gaiops_run, false);
	}
	require_first(run_id, &end);
}
