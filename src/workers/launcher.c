/*
 * launcher.c
 *		The background worker that starts writers and maintenance.
 *
 * It connects to no database and does nothing but look at who waits: a database
 * gets a writer when a record is queued there, at most gaiops.max_writers have
 * one at a time, and the longest without one is first.
 */
#include "postgres.h"

#include "base/latch_wait.h"
#include "base/settings.h"
#include "miscadmin.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "storage/procsignal.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"
#include "workers/launcher.h"
#include "workers/maintenance.h"
#include "workers/writer.h"

#define MAX_WORKERS 65			/* largest gaiops.max_writers, and maintenance */
#define RETRY_MS 100			/* when no worker slot was free */
#define RESTART_MS 1000			/* after a worker that failed to start */
#define IDLE_MS 10000			/* between two looks, unless somebody wakes us */

typedef struct Worker
{
	Oid			database;
	bool		is_writer;
	BackgroundWorkerHandle *handle;
} Worker;

static Worker workers[MAX_WORKERS];
static int	nworkers = 0;

static int
count_workers(bool writers)
{
	int			n = 0;

	for (int i = 0; i < nworkers; i++)
		n += workers[i].is_writer == writers;
	return n;
}

/* Drops the workers that have ended; true if any had. */
static void
reap_workers(void)
{
	int			nkept = 0;
	pid_t		pid;

	for (int i = 0; i < nworkers; i++)
	{
		if (GetBackgroundWorkerPid(workers[i].handle, &pid) != BGWH_STOPPED)
		{
			workers[nkept++] = workers[i];
			continue;
		}
		if (workers[i].is_writer)
			record_queue_writer_ended(workers[i].database);
		pfree(workers[i].handle);
	}
	nworkers = nkept;
}

/* Starts a worker; false if there is no slot for it. */
static bool
start_worker(Oid database, bool is_writer)
{
	BackgroundWorker worker;
	Worker	   *entry = &workers[nworkers];

	if (is_writer)
		writer_describe(&worker, database);
	else
		maintenance_describe(&worker, database);
	if (!RegisterDynamicBackgroundWorker(&worker, &entry->handle))
	{
		if (is_writer)
			record_queue_note_trouble(database, TROUBLE_NO_WORKER);
		return false;
	}
	entry->database = database;
	entry->is_writer = is_writer;
	nworkers++;
	if (is_writer)
		record_queue_writer_starting(database);
	else
		record_queue_want_maintenance(false, database);
	return true;
}

/* Whether a worker of this kind is at work, or about to be, in a database. */
static bool
has_worker(Oid database, bool is_writer)
{
	for (int i = 0; i < nworkers; i++)
		if (workers[i].database == database && workers[i].is_writer == is_writer)
			return true;
	return false;
}

/* Whether a writer that could not start was tried just now. */
static bool
failed_lately(const DatabaseDemand *demand)
{
	return !TimestampDifferenceExceeds(demand->failed_at, GetCurrentTimestamp(),
									   RESTART_MS);
}

/* Starts what one database wants; false if it has to wait. */
static bool
serve_database(const DatabaseDemand *demand)
{
	bool		served = true;

	if (demand->wants_writer && !has_worker(demand->database, true))
		served = !failed_lately(demand) &&
			count_workers(true) < Min(gaiops_max_writers, MAX_WORKERS - 1) &&
			start_worker(demand->database, true);
	/* Nobody waits for maintenance: another time will do. */
	if (demand->wants_maintenance && count_workers(false) == 0)
		(void) start_worker(demand->database, false);
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
	static WaitName main_wait = {"GaiopsLauncherMain"};
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

		reap_workers();
		n = record_queue_demands(demands, record_queue_max_databases());
		waiting = serve_databases(demands, n);
		record_queue_set_others_wait(waiting);

		(void) latch_wait(&main_wait, waiting ? RETRY_MS : IDLE_MS);
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
