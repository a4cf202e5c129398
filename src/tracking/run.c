/*
 * run.c
 *		The runs of the session: starting and ending them, and the current one.
 *
 * The current run is the setting gaiops.run_id, so PostgreSQL takes it back
 * with the transaction.  Its value carries a list: the run, and those that
 * were current when it was started.  When the run is over, the last of these
 * that is not over is current again.
 *
 * A run lives until it is ended.  If nobody can do that any more, something
 * else does: the rollback of what started it, the commit of the transaction
 * that it is local to, DISCARD ALL, or the end of the session.
 */
#include "postgres.h"

#include "base/ids.h"
#include "base/registry_lock.h"
#include "base/settings.h"
#include "base/store.h"
#include "queue/session_entry.h"
#include "tracking/experiment.h"
#include "tracking/owner.h"
#include "tracking/purpose.h"
#include "tracking/run.h"
#include "tracking/run_rows.h"
#include "tracking/run_shape.h"
#include "tracking/tag.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#define MAX_NAME	255			/* bytes */

typedef struct OpenRun
{
	SessionEntry entry;			/* of the subtransaction that started it */
	pg_uuid_t	run_id;
	RunSetting	before;			/* what was current before it was started */
	Oid			extension;		/* whose tables it is recorded in */
	Purpose		purpose;
	bool		is_local;		/* ends with the transaction */
	bool		is_set_local;	/* is current in the transaction only */
	bool		is_guarded;		/* ended by the evaluation that it is */
	bool		is_scheduled;	/* a worker does it, this time this one */
	const char *rollback_status;	/* what it is if a rollback ends it */
} OpenRun;

static EntryKind open_runs;

static OpenRun *
latest_run(void)
{
	return (OpenRun *) session_entry_latest(&open_runs);
}

static OpenRun *
earlier_run(const OpenRun *run)
{
	return (OpenRun *) session_entry_earlier(&run->entry);
}

static bool
same_id(const pg_uuid_t *one, const pg_uuid_t *other)
{
	return memcmp(one->data, other->data, UUID_LEN) == 0;
}

/*
 * The run of an id, if this session has it open; not if it went with the
 * extension when that was dropped, to be created again perhaps.
 */
static OpenRun *
find_open_run(const pg_uuid_t *run_id)
{
	for (OpenRun *run = latest_run(); run != NULL; run = earlier_run(run))
		if (same_id(&run->run_id, run_id))
			return run->extension == store_extension() ? run : NULL;
	return NULL;
}

/* ---- the current run ---- */

/*
 * A rollback may bring back the id of a run that is over: one of ours that is
 * not open, or one that was ended while it was current.
 */
static bool
is_over(const RunEntry *entry)
{
	return entry->is_over ||
		(entry->is_own && find_open_run(&entry->run_id) == NULL);
}

/*
 * How many of the runs of a setting there are up to the last that is not
 * over.
 */
static int
count_to_current(const RunSetting *setting)
{
	int			n = setting->nruns;

	while (n > 0 && is_over(&setting->runs[n - 1]))
		n--;
	return n;
}

/* The entry of the current run; NULL if there is none. */
static RunEntry *
current_entry(void)
{
	int			n = gaiops_run ? count_to_current(gaiops_run) : 0;

	return n > 0 ? &gaiops_run->runs[n - 1] : NULL;
}

void
run_check_name(const char *name)
{
	if (name != NULL && (name[0] == '\0' || strlen(name) > MAX_NAME))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("name of a run must have 1 to %d bytes", MAX_NAME),
				 errhint("NULL gives it no name.")));
}

bool
run_current(pg_uuid_t *run_id)
{
	const RunEntry *entry = current_entry();

	if (entry == NULL)
		return false;
	*run_id = entry->run_id;
	return true;
}

/* What the run of an id is for, as it is on record. */
static Purpose
recorded_purpose(const pg_uuid_t *run_id)
{
	Purpose		purpose;
	const char *name = run_find_purpose(run_id);

	return name != NULL && purpose_parse(name, &purpose) ? purpose : PURPOSE_APPLICATION;
}

Purpose
run_current_purpose(void)
{
	RunEntry   *entry = current_entry();

	if (entry == NULL)
		return PURPOSE_APPLICATION;
	if (!entry->has_purpose)
		entry->purpose = recorded_purpose(&entry->run_id);
	entry->has_purpose = true;
	return entry->purpose;
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
	RunEntry	entry = {run->run_id, .is_own = true, .has_purpose = true,
	.purpose = run->purpose};

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

/* ---- what else ends a run ---- */

/* Makes the final record of a run, which ends now, in the run's memory. */
static const Record *
make_final(const OpenRun *run, const char *status)
{
	MemoryContext old = MemoryContextSwitchTo(run->entry.context);
	Record	   *final = palloc(sizeof(Record));
	RunEnd		end = {status, GetCurrentTimestamp()};

	run_make_end(final, &run->run_id, &end);
	MemoryContextSwitchTo(old);
	return final;
}

/* The record of a run that another worker is to go on with. */
static const Record *
make_schedule(const OpenRun *run)
{
	Record	   *schedule = palloc(sizeof(Record));

	run_make_schedule(schedule, &run->run_id);
	return schedule;
}

static const Record *
make_final_of(SessionEntry *entry, EntryEnd end)
{
	const OpenRun *run = (OpenRun *) entry;

	if (run->is_scheduled)
		return make_schedule(run);
	return make_final(run, end == ENTRY_ABORTED ? run->rollback_status : "KILLED");
}

/*
 * Gets ready for the end of a run that is local to a transaction which is
 * about to commit, and may fail to.  When it has committed nothing can fail,
 * nor be waited for.
 */
static void
prepare_end(SessionEntry *entry)
{
	OpenRun    *run = (OpenRun *) entry;

	if (run->is_local)
		entry->final = make_final(run, "FINISHED");
}

/* Whether a run went with the extension when that was dropped. */
static bool
is_gone(const SessionEntry *entry)
{
	return ((const OpenRun *) entry)->extension != store_extension();
}

static EntryKind open_runs = {
	.name = "run",
	.plural = "runs",
	.most = MAX_OPEN_RUNS,
	.limit_hint = "End runs with gaiops_end_run().",
	.make_final = make_final_of,
	.before_commit = prepare_end,
	.is_gone = is_gone,
};

void
run_init(void)
{
	session_entry_register(&open_runs);
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
	session_entry_require_room(&open_runs);
}

/* Whether a run that is current now is so in this transaction only. */
static bool
current_is_set_local(void)
{
	pg_uuid_t	current;
	OpenRun    *run = run_current(&current) ? find_open_run(&current) : NULL;

	return run != NULL && run->is_set_local;
}

/* What a run that is asked for is going to be for. */
static Purpose
run_purpose(const RunRequest *request)
{
	if (request->has_purpose)
		return request->purpose;
	return request->parent_run_id ? recorded_purpose(request->parent_run_id) :
		PURPOSE_APPLICATION;
}

/* A run of this session, not recorded yet. */
static OpenRun *
make_run(const RunRequest *request)
{
	OpenRun    *run = session_entry_make(&open_runs, sizeof(OpenRun));

	ids_make_uuid(&run->run_id);
	if (gaiops_run != NULL)
		run->before = without_those_over(gaiops_run);
	run->extension = store_extension();
	run->is_local = request->is_local;
	run->is_guarded = request->is_guarded;
	run->rollback_status = "FAILED";
	/* For longer than the run within which it is, it cannot be current. */
	run->is_set_local = request->is_local || current_is_set_local();
	run->purpose = run_purpose(request);
	return run;
}

/*
 * Has the start of a run recorded and waits for that.  If this raises when
 * the start is queued, the rollback ends the run.
 */
static void
record_start(OpenRun *run, const Record *record)
{
	JournalEntry journal;
	JournalState state;

	session_entry_open(&run->entry, &journal, record);
	state = journal_wait(&journal);
	if (state == JOURNAL_REFUSED)
		run->entry.ended = true;
	if (state != JOURNAL_COMMITTED)
		journal_raise_unavailable("run", state);
}

/* Begins the record of the start of a run: its experiment, and its row. */
static void
begin_start(Record *record, RecordValues *start, const pg_uuid_t *run_id,
			const RunRequest *request, const char *experiment)
{
	run_fill_start(start, run_id, request->name, experiment, request->parent_run_id);
	record_set_text(start, RUN_START_purpose, purpose_name(run_purpose(request)));
	record_reset(record);
	experiment_add(record, experiment,
				   DatumGetTimestampTz(start->values[RUN_START_start_time]),
				   start->values[RUN_START_role]);
}

void
run_schedule(Record *record, const RunRequest *request, pg_uuid_t *run_id)
{
	RecordValues start;

	if (request->parent_run_id != NULL)
		run_require(request->parent_run_id);
	ids_make_uuid(run_id);
	begin_start(record, &start, run_id, request, experiment_choose(NULL));
	run_add_scheduled_start(record, &start);
}

void
run_start(const RunRequest *request, pg_uuid_t *run_id)
{
	const char *experiment = experiment_choose(NULL);
	OpenRun    *run;
	RecordValues start;
	Record		record;

	journal_require();
	session_entry_drop_gone(&open_runs);
	require_startable(request->parent_run_id);
	run = make_run(request);
	begin_start(&record, &start, &run->run_id, request, experiment);
	run_add_start(&record, &start);
	tag_add_all(&record, &tag_of_run, &run->run_id, request->tags);
	record_start(run, &record);
	experiment_note(experiment);
	enter_run(run);
	*run_id = run->run_id;
}

void
run_resume(const pg_uuid_t *run_id, bool is_scheduled)
{
	RunRequest	request = {
		.is_guarded = true,
		.has_purpose = true,
		.purpose = recorded_purpose(run_id),
	};
	OpenRun    *run;
	Record		record;

	journal_require();
	session_entry_drop_gone(&open_runs);
	session_entry_require_room(&open_runs);
	run = make_run(&request);
	run->run_id = *run_id;
	run->is_scheduled = is_scheduled;
	run_make_resumption(&record, run_id, is_scheduled);
	record_start(run, &record);
	enter_run(run);
}

void
run_fail_as(const pg_uuid_t *run_id, const char *status)
{
	OpenRun    *run = find_open_run(run_id);

	if (run != NULL)
		run->rollback_status = status;
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
	for (OpenRun *run = latest_run(); run != NULL; run = earlier_run(run))
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
	Record		final;

	note_over(&run->run_id);
	run_make_end(&final, &run->run_id, end);
	is_recorded = session_entry_finish(&run->entry, &final, &final);
	if (was_current)
		leave_run(&before, is_local);
	return is_recorded;
}

/* Whether another session does the evaluation that a run is. */
static bool
is_held_elsewhere(const pg_uuid_t *run_id)
{
	char	   *key = run_lock_key(run_id);
	RunEnd		end;

	return recorded_purpose(run_id) == PURPOSE_EVALUATION &&
		!registry_lock_if_free(key, (int) strlen(key), ShareLock) &&
		!run_find_end(run_id, &end);
}

char *
run_lock_key(const pg_uuid_t *run_id)
{
	return psprintf("evaluation %s", run_format_id(run_id));
}

/* What nobody watches, others do not end. */
static void
require_scheduler(const pg_uuid_t *run_id)
{
	if (run_is_scheduled(run_id) && !owner_of_run(run_id))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for evaluation \"%s\"", run_format_id(run_id)),
				 errdetail("Only the role that began it, or a member of that role, can end it.")));
}

void
run_require_endable(const pg_uuid_t *given)
{
	pg_uuid_t	run_id;
	const OpenRun *run;

	journal_require();
	run_choose(given, &run_id);
	require_scheduler(&run_id);
	run = find_open_run(&run_id);
	if (run != NULL ? run->is_guarded : is_held_elsewhere(&run_id))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("cannot end run \"%s\" of an evaluation that is under way", run_format_id(&run_id)),
				 run != NULL ? 0 : errhint("Cancel the session that does it.")));
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
