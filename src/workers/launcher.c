/*
 * launcher.c
 *		The background worker that starts those of the databases.
 *
 * It connects to no database and does nothing but look at which database
 * wants a worker of which kind, as the queue says.  There may be so many of a
 * kind at a time; the database that has been without a writer for longest is
 * first.
 */
#include "postgres.h"

#include "base/latch_wait.h"
#include "base/settings.h"
#include "miscadmin.h"
#include "nodes/pg_list.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "queue/job_slots.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "storage/procsignal.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "workers/launcher.h"
#include "workers/worker.h"

#define RETRY_MS 100			/* when no worker slot was free */
#define RESTART_MS 1000			/* after a worker that failed to start */
#define IDLE_MS 10000			/* between two looks, unless somebody wakes us */

/* A kind of worker, wanted where somebody asks for it. */
typedef struct WorkerType
{
	const char *name;			/* in pg_stat_activity */
	const char *entry;			/* the function that it runs */
	const int  *most;			/* that there may be at once, on the server */
	bool		is_awaited;		/* wanted by queued records, too, for which
								 * sessions wait */
} WorkerType;

static const int one = 1;

/* A database gets what it wants in this order. */
static const WorkerType types[] = {
	[WORKER_WRITER] =
	{"genaiops writer", "gaiops_writer_main", &gaiops_max_writers, true},
	[WORKER_MAINTENANCE] =
	{"genaiops maintenance", "gaiops_maintenance_main", &one, false},
	[WORKER_EVALUATIONS] =
	{"genaiops evaluations", "gaiops_evaluations_main", &gaiops_max_evaluations, false},
};

StaticAssertDecl(lengthof(types) == NUM_WORKER_KINDS,
				 "every kind of worker has a row");

typedef struct Worker
{
	Oid			database;
	WorkerKind	kind;
	BackgroundWorkerHandle *handle;
} Worker;

/* What was started and may not have ended; all in TopMemoryContext. */
static List *workers = NIL;

static int
count_workers(WorkerKind kind)
{
	int			n = 0;
	ListCell   *cell;

	foreach(cell, workers)
		n += ((const Worker *) lfirst(cell))->kind == kind;
	return n;
}

/* Drops the workers that have ended. */
static void
reap_workers(void)
{
	ListCell   *cell;

	foreach(cell, workers)
	{
		Worker	   *worker = lfirst(cell);
		pid_t		pid;

		if (GetBackgroundWorkerPid(worker->handle, &pid) != BGWH_STOPPED)
			continue;
		if (types[worker->kind].is_awaited)
			record_queue_writer_ended(worker->database);
		workers = foreach_delete_current(workers, cell);
		pfree(worker->handle);
		pfree(worker);
	}
}

/* Starts a worker; false if there is no slot for it. */
static bool
start_worker(WorkerKind kind, Oid database)
{
	const WorkerType *type = &types[kind];
	BackgroundWorker description;
	BackgroundWorkerHandle *handle;
	Worker	   *worker;

	worker_describe(&description, type->name, type->entry, database);
	if (!RegisterDynamicBackgroundWorker(&description, &handle))
	{
		if (type->is_awaited)
			record_queue_note_trouble(database, TROUBLE_NO_WORKER);
		if (kind == WORKER_EVALUATIONS)
			job_slot_note_lack(database, true);
		return false;
	}
	worker = palloc(sizeof(Worker));
	worker->database = database;
	worker->kind = kind;
	worker->handle = handle;
	workers = lappend(workers, worker);
	record_queue_worker_starting(kind, database);
	if (type->is_awaited)
		record_queue_writer_starting(database);
	return true;
}

/*
 * Has somebody ask on behalf of evaluations that an earlier life of the
 * server has left; tried until there is a slot for that.
 */
static void
start_finder(void)
{
	static bool started = false;
	BackgroundWorker description;

	if (started)
		return;
	worker_describe(&description, "genaiops finder", "gaiops_finder_main", InvalidOid);
	description.bgw_notify_pid = 0;
	started = RegisterDynamicBackgroundWorker(&description, NULL);
}

/* Whether a worker of this kind is at work, or about to be, in a database. */
static bool
has_worker(WorkerKind kind, Oid database)
{
	ListCell   *cell;

	foreach(cell, workers)
	{
		const Worker *worker = lfirst(cell);

		if (worker->database == database && worker->kind == kind)
			return true;
	}
	return false;
}

/* Whether a writer that could not start was tried just now. */
static bool
failed_lately(const DatabaseDemand *demand)
{
	return !TimestampDifferenceExceeds(demand->failed_at, GetCurrentTimestamp(),
									   RESTART_MS);
}

static bool
is_wanted(const DatabaseDemand *demand, WorkerKind kind)
{
	return (demand->asked_for & WORKER_BIT(kind)) != 0 ||
		(types[kind].is_awaited && demand->lacks_writer);
}

/*
 * Starts a worker if a database wants one of this kind; false if it has to
 * wait.
 */
static bool
serve_demand(const DatabaseDemand *demand, WorkerKind kind)
{
	if (!is_wanted(demand, kind) || has_worker(kind, demand->database))
		return true;
	if (types[kind].is_awaited && failed_lately(demand))
		return false;
	return count_workers(kind) < *types[kind].most &&
		start_worker(kind, demand->database);
}

/* Starts what one database wants; false if somebody there has to wait. */
static bool
serve_database(const DatabaseDemand *demand)
{
	bool		served = true;

	for (int kind = 0; kind < NUM_WORKER_KINDS; kind++)
	{
		/* Of what nobody waits for, another time will do. */
		if (!serve_demand(demand, kind) && types[kind].is_awaited)
			served = false;
	}
	return served;
}

static int
compare_last_served(const void *a, const void *b)
{
	TimestampTz left = ((const DatabaseDemand *) a)->last_served;
	TimestampTz right = ((const DatabaseDemand *) b)->last_served;

	return (left > right) - (left < right);
}

/* Serves the longest unserved first; returns whether any has to wait. */
static bool
serve_databases(DatabaseDemand *demands, int n)
{
	bool		all = true;

	qsort(demands, n, sizeof(DatabaseDemand), compare_last_served);
	for (int i = 0; i < n; i++)
		all &= serve_database(&demands[i]);
	return !all;
}

void
launcher_init(void)
{
	BackgroundWorker worker;

	memset(&worker, 0, sizeof(worker));
	worker.bgw_flags = BGWORKER_SHMEM_ACCESS;
	worker.bgw_start_time = BgWorkerStart_RecoveryFinished;
	worker.bgw_restart_time = 1;
	strlcpy(worker.bgw_library_name, "genaiops", sizeof(worker.bgw_library_name));
	strlcpy(worker.bgw_function_name, "gaiops_launcher_main", BGW_MAXLEN);
	snprintf(worker.bgw_name, BGW_MAXLEN, "genaiops launcher");
	snprintf(worker.bgw_type, BGW_MAXLEN, "genaiops launcher");
	RegisterBackgroundWorker(&worker);
}

void
gaiops_launcher_main(Datum arg)
{
	DatabaseDemand *demands;

	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, SignalHandlerForShutdownRequest);
	/* The postmaster's word that a worker has ended; ignored by default. */
	pqsignal(SIGUSR1, procsignal_sigusr1_handler);
	BackgroundWorkerUnblockSignals();
	record_queue_attach_launcher();
	demands = MemoryContextAlloc(TopMemoryContext, sizeof(DatabaseDemand) *
								 record_queue_max_databases());

	while (!ShutdownRequestPending)
	{
		int			n;
		bool		waiting;

		start_finder();
		reap_workers();
		n = record_queue_demands(demands, record_queue_max_databases());
		waiting = serve_databases(demands, n);
		record_queue_set_others_wait(waiting);

		(void) latch_wait(WAIT_LAUNCHER_MAIN, waiting ? RETRY_MS : IDLE_MS);
		CHECK_FOR_INTERRUPTS();
		if (ConfigReloadPending)
		{
			ConfigReloadPending = false;
			ProcessConfigFile(PGC_SIGHUP);
		}
	}
	/* Not 0, which would keep the postmaster from ever starting another. */
	proc_exit(1);
}
