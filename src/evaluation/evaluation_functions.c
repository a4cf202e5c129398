/*
 * evaluation_functions.c
 *		gaiops_evaluate() and its like.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/arguments.h"
#include "base/caller.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "evaluation/evaluation_drive.h"
#include "evaluation/evaluation_estimate.h"
#include "evaluation/evaluation_planning.h"
#include "evaluation/evaluation_resume.h"
#include "funcapi.h"
#include "queue/job_slots.h"
#include "queue/journal.h"
#include "tracking/run.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/uuid.h"

/* Arguments by position. */
enum EvaluateArgument
{
	ARG_DATASET,
	ARG_SCORERS,
	ARG_MODEL,
	ARG_PROMPT,
	ARG_PREDICT,
	ARG_MESSAGE,
	ARG_JUDGE_MODEL,
	ARG_SPLIT,
	ARG_REVISION,
	ARG_CONCURRENCY,
	ARG_REPEATS,
	ARG_MAX_COST,
	ARG_RUN_NAME,
	ARG_BACKGROUND
};

PG_FUNCTION_INFO_V1(gaiops_evaluate);
PG_FUNCTION_INFO_V1(gaiops_estimate_evaluation);
PG_FUNCTION_INFO_V1(gaiops_resume_evaluation);
PG_FUNCTION_INFO_V1(gaiops_evaluation_pid);

/* The names of scorers; raises if there is no array of them. */
static void
read_scorers(FunctionCallInfo fcinfo, EvaluationRequest *request)
{
	Datum	   *elements;
	bool	   *nulls;

	if (PG_ARGISNULL(ARG_SCORERS))
		argument_raise_null("scorers");
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(ARG_SCORERS), TEXTOID, -1, false, TYPALIGN_INT,
					  &elements, &nulls, &request->nscorers);
	request->scorers = palloc(sizeof(char *) * (request->nscorers + 1));
	for (int i = 0; i < request->nscorers; i++)
	{
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("argument \"scorers\" must not contain nulls")));
		request->scorers[i] = TextDatumGetCString(elements[i]);
	}
}

/* An integer that must be given, as by its default it is. */
static int
required_int(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		argument_raise_null(name);
	return PG_GETARG_INT32(n);
}

/* The most that calls may cost; NULL if there is no limit. */
static Numeric
read_max_cost(FunctionCallInfo fcinfo, int n)
{
	Numeric		cost;

	if (PG_ARGISNULL(n))
		return NULL;
	cost = PG_GETARG_NUMERIC(n);
	if (numeric_is_nan(cost) || numeric_is_inf(cost) ||
		DatumGetFloat8(DirectFunctionCall1(numeric_float8, NumericGetDatum(cost))) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"max_cost\" must be a number that is not negative")));
	return cost;
}

/* What is asked for but for how, which the next one reads. */
static void
read_request(FunctionCallInfo fcinfo, EvaluationRequest *request)
{
	memset(request, 0, sizeof(*request));
	request->dataset = argument_required_text(fcinfo, ARG_DATASET, "dataset");
	read_scorers(fcinfo, request);
	request->model = argument_text(fcinfo, ARG_MODEL);
	request->prompt = argument_text(fcinfo, ARG_PROMPT);
	request->predict = PG_ARGISNULL(ARG_PREDICT) ? InvalidOid : PG_GETARG_OID(ARG_PREDICT);
	request->message = argument_text(fcinfo, ARG_MESSAGE);
	request->judge_model = argument_text(fcinfo, ARG_JUDGE_MODEL);
	request->split = argument_text(fcinfo, ARG_SPLIT);
}

static void
read_manner(FunctionCallInfo fcinfo, EvaluationRequest *request)
{
	if (!PG_ARGISNULL(ARG_REVISION))
	{
		int32	   *revision = palloc(sizeof(int32));

		*revision = PG_GETARG_INT32(ARG_REVISION);
		request->revision = revision;
	}
	request->concurrency = required_int(fcinfo, ARG_CONCURRENCY, "concurrency");
	request->repeats = required_int(fcinfo, ARG_REPEATS, "repeats");
	request->max_cost = read_max_cost(fcinfo, ARG_MAX_COST);
	request->run_name = argument_text(fcinfo, ARG_RUN_NAME);
	run_check_name(request->run_name);
	if (PG_ARGISNULL(ARG_BACKGROUND))
		argument_raise_null("background");
	request->is_background = PG_GETARG_BOOL(ARG_BACKGROUND);
}

/*
 * gaiops_evaluate(dataset, scorers, ...) returns uuid
 */
Datum
gaiops_evaluate(PG_FUNCTION_ARGS)
{
	EvaluationRequest request;
	EvaluationPlan *plan;

	read_request(fcinfo, &request);
	read_manner(fcinfo, &request);
	caller_require_open_operation(fcinfo);
	journal_require();
	plan = evaluation_plan_make(&request);
	if (request.is_background)
		evaluation_schedule(plan);
	else
		evaluation_do(plan);
	PG_RETURN_UUID_P(&plan->run_id);
}

/* Sets a number of a row, null if it is not known. */
static void
set_count(Datum *values, bool *nulls, int column, int64 count)
{
	values[column] = Int64GetDatum(count);
	nulls[column] = count < 0;
}

/* An estimate as a row. */
static Datum
estimate_row(FunctionCallInfo fcinfo, const EvaluationEstimate *estimate)
{
	Datum		values[6] = {0};
	bool		nulls[6] = {0};
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	set_count(values, nulls, 0, estimate->calls);
	set_count(values, nulls, 1, estimate->input_tokens);
	set_count(values, nulls, 2, estimate->output_tokens);
	set_count(values, nulls, 3, estimate->most_output_tokens);
	values[4] = estimate->cost;
	nulls[4] = estimate->cost == (Datum) 0;
	values[5] = estimate->most_cost;
	nulls[5] = estimate->most_cost == (Datum) 0;
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/*
 * gaiops_estimate_evaluation(dataset, scorers, ...) returns a row
 */
Datum
gaiops_estimate_evaluation(PG_FUNCTION_ARGS)
{
	EvaluationRequest request;
	EvaluationEstimate estimate;

	read_request(fcinfo, &request);
	read_manner(fcinfo, &request);
	caller_require_open_operation(fcinfo);
	evaluation_estimate(evaluation_plan_make(&request), &estimate);
	PG_RETURN_DATUM(estimate_row(fcinfo, &estimate));
}

/*
 * gaiops_resume_evaluation(run_id, ..., retry_failed) returns bigint
 */
Datum
gaiops_resume_evaluation(PG_FUNCTION_ARGS)
{
	Numeric		max_cost = read_max_cost(fcinfo, 2);
	EvaluationResumption resumption;

	if (PG_ARGISNULL(0))
		argument_raise_null("run_id");
	if (PG_ARGISNULL(1))
		argument_raise_null("retry_unknown");
	if (PG_ARGISNULL(3))
		argument_raise_null("retry_failed");
	caller_require_open_operation(fcinfo);
	journal_require();
	resumption = (EvaluationResumption) {
		.run_id = PG_GETARG_UUID_P(0),.retry_unknown = PG_GETARG_BOOL(1),
		.retry_failed = PG_GETARG_BOOL(3),.max_cost = max_cost
	};
	PG_RETURN_INT64(evaluation_resume(&resumption));
}

/*
 * gaiops.evaluation_pid(run_id) returns integer
 */
Datum
gaiops_evaluation_pid(PG_FUNCTION_ARGS)
{
	int			pid;

	if (!record_queue_available() || !job_slot_find(PG_GETARG_UUID_P(0), &pid))
		PG_RETURN_NULL();
	PG_RETURN_INT32(pid);
}
