/*
 * evaluation_jobs.c
 *		The background worker that has the evaluations of a database done.
 *
 * It looks for jobs, and starts a worker for each, which connects as the role
 * of the job: so many at once on the server, in the order in which they were
 * asked for.  It is there as long as there are any.
 *
 * A worker may end without having done its job.  Then another is started,
 * after a pause that grows; the job is given up when several in a row have
 * come to nothing.
 */
#include "postgres.h"

#include "base/latch_wait.h"
#include "base/settings.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_drive.h"
#include "evaluation/evaluation_job.h"
#include "evaluation/evaluation_jobs.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "queue/job_slots.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/memutils.h"
#include "workers/worker.h"

#define LOCK_TIMEOUT "1s"
#define LOOK_MS 500				/* between two looks, unless somebody wakes us */

/* A worker that was started and may not have ended. */
typedef struct Started
{
	pg_uuid_t	run_id;
	int			slot;
	BackgroundWorkerHandle *handle;
} Started;

/* Jobs that are to be done and have no worker. */
typedef struct Look
{
	bool		has_extension;
	int			n;
	EvaluationTask *due;		/* those that may be begun now */
	int			ndue;
} Look;

static StoreStatement find_waiting = {
	.sql = "SELECT w.run_id, w.role, w.is_due FROM gaiops.waiting_evaluations() AS w",
	.nargs = 0,
};

static StoreStatement note_attempt = {
	.sql = "SELECT gaiops.note_evaluation_attempt($1, $2)",
	.nargs = 2,
	.argtypes = {UUIDOID, BOOLOID},
};

static MemoryContext context;	/* of one look */
static List *started = NIL;		/* Started, in TopMemoryContext */
static bool jobs_are_left = false;
static bool lacks_worker = false;	/* no slot of the server was free */

/* ---- looking ---- */

static void
take_row(Look *look, HeapTuple tuple)
{
	TupleDesc	desc = SPI_tuptable->tupdesc;
	EvaluationTask *task = &look->due[look->ndue];
	bool		isnull;

	if (!DatumGetBool(SPI_getbinval(tuple, desc, 3, &isnull)))
		return;
	task->database = MyDatabaseId;
	task->run_id = *DatumGetUUIDP(SPI_getbinval(tuple, desc, 1, &isnull));
	task->role = DatumGetObjectId(SPI_getbinval(tuple, desc, 2, &isnull));
	look->ndue++;
}

static void
read_jobs(void *arg)
{
	Look	   *look = arg;
	StoreSession session;

	memset(look, 0, sizeof(*look));
	look->has_extension = worker_begin();
	if (!look->has_extension)
		return;
	store_open(&session);
	store_execute(&find_waiting, NULL, NULL, false);
	look->n = (int) SPI_processed;
	look->due = MemoryContextAllocHuge(context, sizeof(EvaluationTask) * Max(look->n, 1));
	for (int i = 0; i < look->n; i++)
		take_row(look, SPI_tuptable->vals[i]);
	store_close(&session);
	worker_commit();
}

/* ---- starting workers ---- */

/* Notes that a job is about to be done once more, or was not after all. */
static void
count_attempt(const pg_uuid_t *run_id, bool has_begun)
{
	Datum		values[2] = {UUIDPGetDatum(run_id), BoolGetDatum(has_begun)};
	StoreSession session;

	store_open(&session);
	store_execute(&note_attempt, values, NULL, false);
	store_close(&session);
}

/* Counts an attempt at a job; false if somebody does it already. */
static bool
begin_attempt(const EvaluationTask *task)
{
	bool		is_free;

	if (!worker_begin())
		return false;
	is_free = evaluation_is_free(&task->run_id);
	if (is_free)
		count_attempt(&task->run_id, true);
	worker_commit();
	return is_free;
}

static void
take_back_attempt(const EvaluationTask *task)
{
	if (!worker_begin())
		return;
	count_attempt(&task->run_id, false);
	worker_commit();
}

static bool
start_worker(const EvaluationTask *task, int slot)
{
	BackgroundWorker description;
	Started    *worker = MemoryContextAllocZero(TopMemoryContext, sizeof(Started));
	MemoryContext old = MemoryContextSwitchTo(TopMemoryContext);
	bool		ok;

	worker_describe(&description, "genaiops evaluation", "gaiops_evaluation_main", task->database);
	description.bgw_main_arg = Int32GetDatum(slot);
	memcpy(description.bgw_extra, task, sizeof(*task));
	worker->run_id = task->run_id;
	worker->slot = slot;
	ok = RegisterDynamicBackgroundWorker(&description, &worker->handle);
	if (ok)
		started = lappend(started, worker);
	else
		pfree(worker);
	MemoryContextSwitchTo(old);
	return ok;
}

static void
start_job(void *arg)
{
	const EvaluationTask *task = arg;
	int			slot;

	if (!begin_attempt(task))
		return;
	/* Nothing raises before the worker has the slot, or it is given back. */
	slot = job_slot_take(&task->run_id, gaiops_max_evaluations);
	if (slot >= 0 && start_worker(task, slot))
		lacks_worker = false;
	else
	{
		lacks_worker = slot >= 0;
		if (slot >= 0)
			job_slot_give_back(slot, &task->run_id);
		take_back_attempt(task);
	}
	job_slot_note_lack(MyDatabaseId, lacks_worker);
}

/* ---- what was started ---- */

/* Drops the workers that have ended; a slot that none made its own is free. */
static void
reap_workers(void)
{
	ListCell   *cell;

	foreach(cell, started)
	{
		Started    *worker = lfirst(cell);
		pid_t		pid;

		if (GetBackgroundWorkerPid(worker->handle, &pid) != BGWH_STOPPED)
			continue;
		job_slot_give_back(worker->slot, &worker->run_id);
		started = foreach_delete_current(started, cell);
		pfree(worker->handle);
		pfree(worker);
	}
}

/* ---- the process ---- */

/*
 * Whatever ends the process, nobody else knows which slots it took for
 * workers that have not started, nor that there is more to do.
 */
static void
leave(int code, Datum arg)
{
	ListCell   *cell;

	foreach(cell, started)
	{
		const Started *worker = lfirst(cell);

		job_slot_give_back(worker->slot, &worker->run_id);
	}
	if (jobs_are_left)
		(void) record_queue_want_worker(WORKER_EVALUATIONS, MyDatabaseId);
}

/*
 * Starts what can be started; an error is logged, and may come again.  The
 * jobs that wait may be many, so they are tried only while there is a slot.
 */
static void
look_around(void)
{
	Look		look;

	/* Who asks from here on has not been heard. */
	record_queue_worker_starting(WORKER_EVALUATIONS, MyDatabaseId);
	reap_workers();
	if (!worker_try(read_jobs, &look, NULL))
		return;
	for (int i = 0; i < look.ndue && job_slot_is_left(gaiops_max_evaluations); i++)
		(void) worker_try(start_job, &look.due[i], NULL);
	jobs_are_left = look.has_extension && (look.n > 0 || started != NIL);
	MemoryContextReset(context);
}

static void
rest(void)
{
	pgstat_report_stat(false);
	pgstat_report_activity(STATE_IDLE, NULL);
	(void) latch_wait(WAIT_WORKER_RETRY, LOOK_MS);
	CHECK_FOR_INTERRUPTS();
	if (ConfigReloadPending)
	{
		ConfigReloadPending = false;
		ProcessConfigFile(PGC_SIGHUP);
	}
}

void
gaiops_evaluations_main(Datum database)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	worker_connect(DatumGetObjectId(database), LOCK_TIMEOUT);
	if (!record_queue_attach_worker(WORKER_EVALUATIONS))
		proc_exit(0);
	before_shmem_exit(leave, (Datum) 0);
	context = AllocSetContextCreate(TopMemoryContext, "genaiops evaluations",
									ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	jobs_are_left = true;
	for (;;)
	{
		look_around();
		/* Its own slot may be what a writer lacks; it comes again. */
		if (!jobs_are_left || (lacks_worker && started == NIL))
			break;
		rest();
	}
	proc_exit(0);
}
