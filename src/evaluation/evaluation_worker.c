/*
 * evaluation_worker.c
 *		The background worker that does one evaluation.
 *
 * It connects as the role that asked for the evaluation: an ordinary session
 * of that role, with its settings and its rights, that can become nobody
 * else.  So functions that it calls can do no more than that role could.
 *
 * What ends the process before the work is done leaves the run to another
 * worker; what is done is done.  An error ends the run, but for those of
 * what may be there again in a while.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/errors.h"
#include "evaluation/evaluation_job.h"
#include "evaluation/evaluation_resume.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_worker.h"
#include "miscadmin.h"
#include "pgstat.h"
#include "postmaster/bgworker.h"
#include "postmaster/interrupt.h"
#include "queue/job_slots.h"
#include "queue/queue_control.h"
#include "storage/ipc.h"
#include "tcop/tcopprot.h"
#include "tracking/run.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "workers/worker.h"

static EvaluationTask task;

/* Who starts workers is to see what has become of the job. */
static void
tell_of_end(int code, Datum arg)
{
	(void) record_queue_want_worker(WORKER_EVALUATIONS, task.database);
}

/* Whether what keeps the work from being done may go away by itself. */
static bool
may_pass(const ErrorData *error)
{
	switch (ERRCODE_TO_CATEGORY(error->sqlerrcode))
	{
		case ERRCODE_CONNECTION_EXCEPTION:
		case ERRCODE_INSUFFICIENT_RESOURCES:
		case ERRCODE_OPERATOR_INTERVENTION:
		case ERRCODE_SYSTEM_ERROR:
		case ERRCODE_TRANSACTION_ROLLBACK:
			return true;
	}
	return error->sqlerrcode == ERRCODE_LOCK_NOT_AVAILABLE ||
		error->sqlerrcode == ERRCODE_OBJECT_IN_USE ||
		error->sqlerrcode == ERRCODE_GAIOPS_LOG_UNAVAILABLE;
}

static void
do_evaluation(void *arg)
{
	EvaluationResumption resumption = {.run_id = &task.run_id,.is_job = true};

	evaluation_turn_begin();
	evaluation_job_adopt_settings(&task.run_id);
	evaluation_job_note_error(&task.run_id, NULL);
	(void) evaluation_resume(&resumption);
	evaluation_turn_end();
}

/* Ends the run, unless an error may pass; what it was is told all the same. */
static void
note_failure(void *arg)
{
	const ErrorData *error = arg;
	bool		is_canceled = error->sqlerrcode == ERRCODE_QUERY_CANCELED;
	pg_uuid_t	ended;

	evaluation_turn_begin();
	evaluation_job_note_error(&task.run_id, is_canceled ? NULL : error->message);
	if (is_canceled || !may_pass(error))
		run_end(&task.run_id, is_canceled ? "KILLED" : "FAILED", &ended);
	evaluation_turn_end();
}

/* Connects as the role; ends the process if it is not the job's any more. */
static void
connect_for(int slot)
{
	pqsignal(SIGHUP, SignalHandlerForConfigReload);
	pqsignal(SIGTERM, die);
	if (!job_slot_attach(slot, task.database, &task.run_id))
		proc_exit(0);
	before_shmem_exit(tell_of_end, (Datum) 0);
	BackgroundWorkerUnblockSignals();
	BackgroundWorkerInitializeConnectionByOid(task.database, task.role, 0);
}

void
gaiops_evaluation_main(Datum slot)
{
	MemoryContext context;
	ErrorData  *error;

	memcpy(&task, MyBgworkerEntry->bgw_extra, sizeof(task));
	connect_for(DatumGetInt32(slot));
	context = AllocSetContextCreate(TopMemoryContext, "genaiops evaluation",
									ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(context);
	pgstat_report_activity(STATE_RUNNING,
						   psprintf("evaluation %s",
									DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(&task.run_id)))));
	if (!worker_try(do_evaluation, NULL, &error))
	{
		ereport(LOG, (errmsg("genaiops could not go on with an evaluation: %s", error->message)));
		(void) worker_try(note_failure, error, NULL);
	}
	proc_exit(0);
}
