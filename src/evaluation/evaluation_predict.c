/*
 * evaluation_predict.c
 *		Having a function of a user's own answer the records of a dataset.
 *
 * It runs as the role in force, one record after the other, each in a
 * subtransaction: its error is a result.  It has a span, in which the calls
 * are that it makes, and which says what they cost.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ordered.h"
#include "base/store.h"
#include "base/subtransaction.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_document.h"
#include "evaluation/evaluation_judging.h"
#include "evaluation/evaluation_progress.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_work.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "tracking/experiment.h"
#include "tracking/span.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define ERROR_CLASS "function_error"

/*
 * What the calls of a trace took, which have begun since a time; with a cost
 * unknown the sum is so, too.
 */
static StoreStatement find_usage = {
	.sql = "SELECT pg_catalog.count(s.attempt)::pg_catalog.int4,"
	" CASE WHEN pg_catalog.count(*) FILTER (WHERE s.status OPERATOR(pg_catalog.=) 'OK'"
	"  AND s.cost IS NULL) OPERATOR(pg_catalog.=) 0 THEN pg_catalog.sum(s.cost) END,"
	" pg_catalog.sum(s.input_tokens)::pg_catalog.int8,"
	" pg_catalog.sum(s.output_tokens)::pg_catalog.int8,"
	" pg_catalog.min(t.experiment)"
	" FROM gaiops.spans AS t LEFT JOIN gaiops.spans AS s"
	"  ON s.trace_id OPERATOR(pg_catalog.=) t.trace_id AND s.attempt IS NOT NULL"
	"  AND s.start_time OPERATOR(pg_catalog.>=) $2"
	" WHERE t.trace_id OPERATOR(pg_catalog.=) $1 AND t.is_entry"
	"  AND t.start_time OPERATOR(pg_catalog.>=) $2",
	.nargs = 2,
	.argtypes = {UUIDOID, TIMESTAMPTZOID},
};

/* A column of what was found, as a count; -1 if it is null. */
static int64
usage_count(int column)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	return isnull ? -1 : DatumGetInt64(value);
}

/*
 * Takes from the trace what its calls took.  Its span may not be there yet,
 * where the writer is late.
 */
static void
fill_usage(EvaluationOutcome *outcome)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[2] = {UUIDPGetDatum(&outcome->trace_id), TimestampTzGetDatum(outcome->started_at)};
	Datum		value;
	StoreSession session;
	bool		isnull;

	store_open(&session);
	store_execute(&find_usage, values, NULL, true);
	outcome->attempts = DatumGetInt32(store_datum(1, &isnull));
	value = store_datum(2, &isnull);
	outcome->has_cost = !isnull;
	if (!isnull)
		outcome->cost = SPI_datumTransfer(value, false, -1);
	outcome->input_tokens = usage_count(3);
	outcome->output_tokens = usage_count(4);
	outcome->experiment = store_copy_text(5, context);
	store_close(&session);
	if (outcome->experiment == NULL)
		outcome->experiment = experiment_choose(NULL);
}

/* Calls the function; NULL if it returns null.  Raises what it raises. */
static Jsonb *
call_function(FmgrInfo *function, const EvaluationCase *subject)
{
	LOCAL_FCINFO(fcinfo, 1);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, function, 1, DEFAULT_COLLATION_OID, NULL, NULL);
	fcinfo->args[0].value = JsonbPGetDatum(subject->inputs);
	fcinfo->args[0].isnull = false;
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		return document_parse("null");
	if (get_func_rettype(function->fn_oid) == TEXTOID)
		return document_string(ordered_of_datum(result));
	return DatumGetJsonbPCopy(result);
}

/* What predict() gives to the function. */
typedef struct Prediction
{
	Oid			function;
	EvaluationOutcome *outcome;
} Prediction;

static void
call_predict(void *arg)
{
	const Prediction *prediction = arg;
	FmgrInfo	function;

	fmgr_info(prediction->function, &function);
	prediction->outcome->output = call_function(&function, prediction->outcome->subject);
}

/* Calls the function in a subtransaction, and says what came of it. */
static void
predict(Oid oid, EvaluationOutcome *outcome)
{
	Prediction	prediction = {oid, outcome};

	outcome->output = NULL;
	outcome->error = subtransaction_try(call_predict, &prediction);
	if (outcome->error == NULL)
		return;
	outcome->output = NULL;
	outcome->error_class = ERROR_CLASS;
}

/* Has it on record that a record is about to be given to the function. */
static void
record_request(const EvaluationPlan *plan, const EvaluationOutcome *outcome)
{
	Record		record;

	record_reset(&record);
	evaluation_add_request(&record, plan, outcome->subject, outcome->repeat, &outcome->trace_id);
	journal_write(&record, "request");
}

/*
 * Gives a record to the function, within a span; judging is NULL where no
 * scorer is a judge.
 */
static void
predict_one(EvaluationWork *work, EvaluationJudging *judging, EvaluationOutcome *outcome)
{
	const EvaluationPlan *plan = work->plan;
	char	   *span_id;
	Record	   *record = palloc(sizeof(Record));

	outcome->started_at = GetCurrentTimestamp();
	span_id = pstrdup(span_open(plan->predict, "CHAIN", outcome->subject->written,
								ORDERED_NONE, true));
	outcome->trace_id = *span_last_trace();
	record_request(plan, outcome);
	predict(plan->request.predict, outcome);
	outcome->ended_at = GetCurrentTimestamp();
	outcome->latency_ms = (outcome->ended_at - outcome->started_at) / 1000.0;
	span_close(span_id, outcome->output == NULL ? ORDERED_NONE : document_text(outcome->output), outcome->error ? "ERROR" : "OK",
			   ORDERED_NONE);
	fill_usage(outcome);
	record_reset(record);
	evaluation_add_outcome(record, plan, outcome);
	if (judging != NULL)
		evaluation_judging_add(judging, record, outcome, NULL, EVALUATION_ALL_JUDGES);
	journal_write(record, "result");
	evaluation_work_note(work, outcome);
}

/* The next answer; no call waits while the function is at work. */
static bool
supply(EvaluationJudging *judging, EvaluationWork *work)
{
	EvaluationOutcome outcome = {0};

	if (!evaluation_work_next(work, &outcome.subject, &outcome.repeat))
		return false;
	predict_one(work, judging, &outcome);
	return true;
}

/* Without judges nothing needs a loop that waits for calls. */
static void
call_all(EvaluationWork *work)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "genaiops predict",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	const EvaluationCase *subject;
	int			repeat;

	while (evaluation_work_next(work, &subject, &repeat))
	{
		EvaluationOutcome outcome = {.subject = subject,.repeat = repeat};

		CHECK_FOR_INTERRUPTS();
		predict_one(work, NULL, &outcome);
		MemoryContextReset(context);
		(void) evaluation_progress_tell(work, 0);
		evaluation_turn_next(work->plan);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

void
evaluation_call_predict(EvaluationWork *work)
{
	if (work->plan->njudges > 0)
		evaluation_judge_results(work, supply, true);
	else
		call_all(work);
}
