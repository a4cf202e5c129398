/*
 * maintenance.c
 *		The background worker that does the DDL of one database.
 *
 * gaiops.maintenance_steps() says what there is to do.  Each step is a
 * statement and a transaction of its own; one that cannot get its locks at
 * once gives up, so that nobody queues behind it for long, and is tried again
 * later.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/store.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timeout.h"
#include "utils/timestamp.h"
#include "workers/maintenance.h"
#include "workers/worker.h"

#define LOCK_TIMEOUT "100ms"
#define MAX_ROUNDS 5			/* tries of a step that is locked out */
#define ROUND_MS 1000			/* between them */
#define LOOK_MS 5000			/* between two looks for a missing partition */
#define MISSED_MS 60000			/* how often a missing partition is made anew */

typedef struct Step
{
	char	   *sql;
	int			timeout_ms;		/* longest that it may take, locks held */
	int			cancelled;		/* how often that was too short: $1 of sql */
	bool		done;
} Step;

typedef struct StepList
{
	Step	   *steps;
	int			n;
} StepList;

/* ---- whether it is needed ---- */

static bool
has_partition(const char *name)
{
	Oid			schema = get_namespace_oid("gaiops_partitions", true);

	return OidIsValid(get_relname_relid(name, schema));
}

/* Whether the partitions for a moment are there, by their names. */
static bool
has_partitions(TimestampTz moment)
{
	char		month[NAMEDATALEN];
	char		day[NAMEDATALEN];
	struct pg_tm tm;
	fsec_t		fsec;

	/* Taken as without a zone, it has the fields of UTC. */
	if (timestamp2tm((Timestamp) moment, NULL, &tm, &fsec, NULL, NULL) != 0)
		return true;
	snprintf(month, sizeof(month), "spans_%04d_%02d", tm.tm_year, tm.tm_mon);
	snprintf(day, sizeof(day), "span_payloads_%04d_%02d_%02d",
			 tm.tm_year, tm.tm_mon, tm.tm_mday);
	return has_partition(month) && has_partition(day);
}

bool
maintenance_is_missed(void)
{
	static TimestampTz looked_at = 0;
	static Oid	looked_for = InvalidOid;	/* the extension then */
	TimestampTz now = GetCurrentTimestamp();
	Oid			extension;
	bool		missed;

	if (!TimestampDifferenceExceeds(looked_at, now, LOOK_MS) || !worker_begin())
		return false;
	looked_at = now;
	extension = get_extension_oid(EXTENSION_NAME, true);
	missed = !has_partitions(now) &&
		(extension != looked_for || record_queue_maintenance_is_due(MISSED_MS));
	looked_for = extension;
	worker_commit();
	return missed;
}

/* ---- the steps ---- */

/* Copies the steps just selected into a memory context. */
static void
copy_steps(StepList *list, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);

	list->n = (int) SPI_processed;
	list->steps = palloc0(sizeof(Step) * Max(1, list->n));
	for (int i = 0; i < list->n; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];
		TupleDesc	desc = SPI_tuptable->tupdesc;
		bool		isnull;

		list->steps[i].sql = TextDatumGetCString(SPI_getbinval(tuple, desc, 1,
															   &isnull));
		list->steps[i].timeout_ms = DatumGetInt32(SPI_getbinval(tuple, desc, 2,
																&isnull));
	}
	MemoryContextSwitchTo(old);
}

/* What there is to do; nothing if the extension is not there. */
static void
read_steps(StepList *list, MemoryContext context)
{
	memset(list, 0, sizeof(*list));
	pgstat_report_activity(STATE_RUNNING, "looking for what there is to do");
	if (!worker_begin())
		return;
	SPI_connect();
	if (SPI_execute("SELECT s.statement, s.timeout_ms FROM gaiops.maintenance_steps() AS s",
					false, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read the steps of maintenance");
	copy_steps(list, context);
	SPI_finish();
	worker_commit();
}

/* Runs a step's statement once; returns whether there is more of it to do. */
static bool
run_statement(const Step *step)
{
	bool		isnull;
	Datum		more;
	Oid			type = INT4OID;
	Datum		cancelled = Int32GetDatum(step->cancelled);

	SPI_connect();
	if (SPI_execute_with_args(step->sql, 1, &type, &cancelled, NULL, false, 0) !=
		SPI_OK_SELECT || SPI_processed != 1)
		elog(ERROR, "could not execute \"%s\"", step->sql);
	more = SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &isnull);
	SPI_finish();
	return !isnull && DatumGetBool(more);
}

/* Carries a step out, in as many transactions as it takes. */
static void
run_step(void *arg)
{
	Step	   *step = arg;
	bool		more = true;

	pgstat_report_activity(STATE_RUNNING, step->sql);
	while (more && worker_begin())
	{
		enable_timeout_after(STATEMENT_TIMEOUT, step->timeout_ms);
		more = run_statement(step);
		disable_timeout(STATEMENT_TIMEOUT, false);
		worker_commit();
		/* Autovacuum is to see what goes, while there is more to go. */
		pgstat_report_stat(false);
		CHECK_FOR_INTERRUPTS();
	}
	step->done = true;
}

/* Whether an error is likely to pass. */
static bool
error_passes(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
		error->sqlerrcode == ERRCODE_QUERY_CANCELED ||
		error->sqlerrcode == ERRCODE_T_R_DEADLOCK_DETECTED;
}

/* Carries a step out; what fails for good, or for the last time, is logged. */
static void
try_step(Step *step, bool is_last)
{
	ErrorData  *error;

	if (worker_try(run_step, step, &error))
		return;
	disable_timeout(STATEMENT_TIMEOUT, false);
	QueryCancelPending = false;
	step->cancelled += error->sqlerrcode == ERRCODE_QUERY_CANCELED;
	step->done = is_last || !error_passes(error);
	if (step->done)
		ereport(LOG,
				(errmsg("genaiops maintenance left something undone: %s",
						error->message),
				 errdetail_internal("%s", step->sql)));
	FreeErrorData(error);
}

/* ---- the process ---- */

/*
 * One try of everything that is not done; returns whether something is left.
 */
static bool
run_round(StepList *list, bool is_last)
{
	bool		left = false;

	for (int i = 0; i < list->n; i++)
	{
		if (!list->steps[i].done)
			try_step(&list->steps[i], is_last);
		left |= !list->steps[i].done;
	}
	return left;
}

void
gaiops_maintenance_main(Datum database)
{
	MemoryContext context;
	StepList	list;

	/* Ends at once, in the middle of a statement if need be. */
	pqsignal(SIGTERM, die);
	worker_connect(DatumGetObjectId(database), LOCK_TIMEOUT);
	if (!record_queue_attach_worker(WORKER_MAINTENANCE))
		proc_exit(0);
	context = AllocSetContextCreate(TopMemoryContext, "genaiops maintenance",
									ALLOCSET_DEFAULT_SIZES);
	read_steps(&list, context);
	MemoryContextSwitchTo(context);
	for (int round = 1; round <= MAX_ROUNDS; round++)
	{
		if (!run_round(&list, round == MAX_ROUNDS))
			break;
		pgstat_report_activity(STATE_IDLE, NULL);
		worker_pause(ROUND_MS);
	}
	proc_exit(0);
}
