/*
 * evaluation_drive.c
 *		Doing an evaluation from its beginning to its end.
 *
 * It is a run.  All that it finds is committed by the writer as it comes, so
 * an error, a cancel or a rollback takes nothing of it back.  A run that is
 * left so ends as every run does: FAILED with the transaction, KILLED with
 * the session.
 */
#include "postgres.h"

#include "base/registry_lock.h"
#include "evaluation/evaluation_drive.h"
#include "evaluation/evaluation_job.h"
#include "evaluation/evaluation_metrics.h"
#include "evaluation/evaluation_pause.h"
#include "evaluation/evaluation_progress.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_work.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "queue/queue_control.h"
#include "tracking/run.h"
#include "tracking/run_log.h"
#include "utils/fmgrprotos.h"

/* What this session does now; a scorer of a user's own may begin another. */
typedef struct Drive
{
	const pg_uuid_t *run_id;
	const struct Drive *outer;
} Drive;

static const Drive *current_drive = NULL;

/* What the run is, within the current one if there is one, which is *outer. */
static RunRequest
run_request(const EvaluationPlan *plan, pg_uuid_t *outer)
{
	return (RunRequest) {
		.name = plan->request.run_name,
		.parent_run_id = run_current(outer) ? outer : NULL,
		.is_guarded = true,
		.has_purpose = true,
		.purpose = PURPOSE_EVALUATION,
	};
}

static void
start_run(EvaluationPlan *plan)
{
	pg_uuid_t	outer;
	RunRequest	request = run_request(plan, &outer);

	run_start(&request, &plan->run_id);
}

/* The parameters of the run, as far as they were given. */
static void
add_params(Record *record, const EvaluationPlan *plan)
{
	const Prompt *prompt = plan->prompt;
	const struct
	{
		const char *key;
		const char *value;
	}			params[] = {
		{"dataset", plan->request.dataset},
		{"revision", psprintf("%d", plan->revision)},
		{"split", plan->request.split},
		{"model", plan->request.model},
		{"prompt", prompt ? psprintf("prompts:/%s/%d", prompt->name, prompt->version) : NULL},
		{"predict", plan->predict},
		{"repeats", psprintf("%d", plan->request.repeats)},
	};

	for (int i = 0; i < lengthof(params); i++)
		if (params[i].value != NULL)
			run_add_param(record, &plan->run_id, params[i].key, params[i].value, true);
}

/* Puts on record what the run is to do. */
static void
record_start(const EvaluationPlan *plan)
{
	Record		record;

	record_reset(&record);
	evaluation_add_start(&record, plan);
	add_params(&record, plan);
	journal_write(&record, "evaluation");
	run_log_input(&plan->run_id, plan->request.dataset, plan->revision);
}

static void
get_outputs(EvaluationWork *work)
{
	if (work->plan->request.model != NULL)
		evaluation_ask_model(work);
	else if (work->plan->predict != NULL)
		evaluation_call_predict(work);
	else
		evaluation_score_stored(work);
}

/* What was cut short by a cancel is KILLED, not FAILED. */
static void
note_cancel(const pg_uuid_t *run_id)
{
	if (geterrcode() == ERRCODE_QUERY_CANCELED)
		run_fail_as(run_id, "KILLED");
}

/* Does the work, and has it known meanwhile that this session does. */
static void
do_work(EvaluationWork *work)
{
	Drive		drive = {&work->plan->run_id, current_drive};

	current_drive = &drive;
	PG_TRY();
	{
		get_outputs(work);
	}
	PG_CATCH();
	{
		current_drive = drive.outer;
		note_cancel(drive.run_id);
		PG_RE_THROW();
	}
	PG_END_TRY();
	current_drive = drive.outer;
}

/* Tells that the rest was not done, since it might have cost too much. */
static void
warn_out_of_money(const EvaluationWork *work)
{
	/* Nobody hears the warning of a worker. */
	if (work->plan->has_turns)
		evaluation_job_note_error(&work->plan->run_id,
								  psprintf("stopped at its max_cost: %s was or may have been spent, and another call could cost %s",
										   work->spent, work->wanted));
	ereport(WARNING,
			(errmsg("evaluation stopped at its max_cost"),
			 errdetail("%s missing: %s was or may have been spent, and another call could cost %s.",
					   evaluation_missing(work), work->spent, work->wanted),
			 errhint("Go on with it with gaiops_resume_evaluation(), and a higher max_cost.")));
}

/* Warns if the work was cut short; returns whether it was. */
static bool
is_cut_short(const EvaluationWork *work)
{
	if (work->nskipped + work->nfinished >= work->nitems && evaluation_unscored(work) == 0)
		return false;
	if (work->is_out_of_money)
		warn_out_of_money(work);
	else if (work->stopped_until != 0)
		evaluation_warn_stopped(work);
	else
		return false;
	return true;
}

/*
 * Does the work, tells how it went, and ends the run: as KILLED where it was
 * cut short.
 */
static void
finish(EvaluationWork *work)
{
	pg_uuid_t	ended;

	do_work(work);
	evaluation_work_end(work);
	evaluation_log_metrics(&work->plan->run_id);
	evaluation_progress_end(work);
	run_end(&work->plan->run_id, is_cut_short(work) ? "KILLED" : "FINISHED", &ended);
}

/*
 * Raises if this session is doing that run.  Its own lock would not stop it,
 * and a function that has it gone on with would be called by that again.
 */
static void
require_not_driven(const pg_uuid_t *run_id)
{
	for (const Drive *drive = current_drive; drive != NULL; drive = drive->outer)
		if (memcmp(drive->run_id, run_id, sizeof(*run_id)) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("evaluation %s is under way in this session",
							DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(run_id)))),
					 errdetail("A function that it calls cannot go on with it.")));
}

bool
evaluation_is_free(const pg_uuid_t *run_id)
{
	char	   *key = run_lock_key(run_id);

	return registry_lock_if_free(key, (int) strlen(key), ShareLock);
}

void
evaluation_lock(const pg_uuid_t *run_id, bool for_session)
{
	char	   *key = run_lock_key(run_id);
	int			len = (int) strlen(key);

	require_not_driven(run_id);
	if (!(for_session ? registry_lock_for_session(key, len, ExclusiveLock) :
		  registry_lock_if_free(key, len, ExclusiveLock)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_IN_USE),
				 errmsg("%s is under way in another session", key),
				 errhint("See gaiops.evaluation_progress, and wait for the end of that session's transaction.")));
	if (for_session)
		evaluation_turn_hold(key);
}

void
evaluation_do(EvaluationPlan *plan)
{
	EvaluationWork work;

	start_run(plan);
	evaluation_lock(&plan->run_id, false);
	record_start(plan);
	evaluation_work_begin(&work, plan, NULL);
	finish(&work);
}

/*
 * The lock keeps the worker waiting until this transaction is over: what else
 * it has done is committed then, or is not there.
 */
void
evaluation_schedule(EvaluationPlan *plan)
{
	pg_uuid_t	outer;
	RunRequest	request = run_request(plan, &outer);
	Record		record;

	evaluation_job_require_login();
	run_schedule(&record, &request, &plan->run_id);
	evaluation_lock(&plan->run_id, false);
	evaluation_add_start(&record, plan);
	add_params(&record, plan);
	evaluation_job_add(&record, &plan->run_id);
	journal_write(&record, "evaluation");
	run_log_input(&plan->run_id, plan->request.dataset, plan->revision);
	if (!record_queue_want_worker(WORKER_EVALUATIONS, MyDatabaseId))
		elog(LOG, "genaiops has no room for another database");
}

int64
evaluation_go_on(EvaluationPlan *plan, const bool *done, int64 nerrors,
				 const EvaluationUnjudged *unjudged, int64 nunjudged)
{
	EvaluationWork work;

	evaluation_work_begin(&work, plan, done);
	work.nerrors = nerrors;
	work.unjudged = unjudged;
	work.nunjudged = nunjudged;
	finish(&work);
	return work.nfinished;
}
