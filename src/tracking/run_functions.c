/*
 * run_functions.c
 *		Runs: starting and ending them, and logging what they come to.
 */
#include "postgres.h"

#include <math.h>

#include "base/arguments.h"
#include "base/caller.h"
#include "base/ordered.h"
#include "compat.h"
#include "queue/journal.h"
#include "tracking/purpose.h"
#include "tracking/run.h"
#include "tracking/run_log.h"
#include "tracking/run_rows.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"

PG_FUNCTION_INFO_V1(gaiops_begin_run);
PG_FUNCTION_INFO_V1(gaiops_end_run);
PG_FUNCTION_INFO_V1(gaiops_current_run);
PG_FUNCTION_INFO_V1(gaiops_log_param);
PG_FUNCTION_INFO_V1(gaiops_log_metric);
PG_FUNCTION_INFO_V1(gaiops_log_all_metrics);
PG_FUNCTION_INFO_V1(gaiops_set_run_tag);
PG_FUNCTION_INFO_V1(gaiops_database_identity);

/* ---- arguments ---- */

/* The run to be logged to: an argument, or the current one. */
static void
choose_run(FunctionCallInfo fcinfo, int n, pg_uuid_t *run_id)
{
	caller_require_open_operation(fcinfo);
	journal_require();
	run_choose(PG_ARGISNULL(n) ? NULL : PG_GETARG_UUID_P(n), run_id);
}

static int64
required_step(FunctionCallInfo fcinfo, int n)
{
	if (PG_ARGISNULL(n))
		argument_raise_null("step");
	return PG_GETARG_INT64(n);
}

/* ---- runs ---- */

static char *
run_name(FunctionCallInfo fcinfo, int n)
{
	char	   *name = argument_text(fcinfo, n);

	run_check_name(name);
	return name;
}

/* What the run is for; returns whether that is said. */
static bool
read_purpose(FunctionCallInfo fcinfo, int n, Purpose *purpose)
{
	char	   *name = argument_text(fcinfo, n);

	if (name != NULL && !purpose_parse(name, purpose))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid purpose \"%s\"", argument_excerpt(name)),
				 errhint("Use \"application\", \"evaluation\", \"judge\", \"monitor\" or \"optimization\".")));
	return name != NULL;
}

/*
 * gaiops_start_run(name, tags, parent_run_id, is_local, purpose) returns uuid
 */
Datum
gaiops_begin_run(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *run_id = palloc(sizeof(pg_uuid_t));
	RunRequest	request = {
		.name = run_name(fcinfo, 0),
		.tags = argument_object(fcinfo, 1, "tags"),
		.parent_run_id = PG_ARGISNULL(2) ? NULL : PG_GETARG_UUID_P(2),
		.is_local = !PG_ARGISNULL(3) && PG_GETARG_BOOL(3)
	};

	caller_require_open_operation(fcinfo);
	request.has_purpose = read_purpose(fcinfo, 4, &request.purpose);
	run_start(&request, run_id);
	PG_RETURN_UUID_P(run_id);
}

/*
 * gaiops_end_run(status, run_id) returns uuid
 */
Datum
gaiops_end_run(PG_FUNCTION_ARGS)
{
	char	   *status = argument_required_text(fcinfo, 0, "status");
	pg_uuid_t  *run_id = palloc(sizeof(pg_uuid_t));

	caller_require_open_operation(fcinfo);
	if (strcmp(status, "FINISHED") != 0 && strcmp(status, "FAILED") != 0 &&
		strcmp(status, "KILLED") != 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid status \"%s\"", argument_excerpt(status)),
				 errhint("Use \"FINISHED\", \"FAILED\" or \"KILLED\".")));
	run_require_endable(PG_ARGISNULL(1) ? NULL : PG_GETARG_UUID_P(1));
	run_end(PG_ARGISNULL(1) ? NULL : PG_GETARG_UUID_P(1), status, run_id);
	PG_RETURN_UUID_P(run_id);
}

/*
 * gaiops_current_run() returns uuid
 */
Datum
gaiops_current_run(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *run_id = palloc(sizeof(pg_uuid_t));

	if (!run_current(run_id))
		PG_RETURN_NULL();
	PG_RETURN_UUID_P(run_id);
}

/* ---- what they come to ---- */

/*
 * gaiops_log_param(key, value text, run_id) returns void
 */
Datum
gaiops_log_param(PG_FUNCTION_ARGS)
{
	char	   *key = argument_required_text(fcinfo, 0, "key");
	char	   *value = argument_required_text(fcinfo, 1, "value");
	pg_uuid_t	run_id;

	choose_run(fcinfo, 2, &run_id);
	run_log_param(&run_id, key, value);
	PG_RETURN_VOID();
}

/*
 * gaiops_log_metric(key, value, step, run_id) returns void
 */
Datum
gaiops_log_metric(PG_FUNCTION_ARGS)
{
	char	   *key = argument_required_text(fcinfo, 0, "key");
	int64		step = required_step(fcinfo, 2);
	RunMetric	metric;
	pg_uuid_t	run_id;

	if (PG_ARGISNULL(1))
		argument_raise_null("value");
	run_check_key("metric", key);
	metric.key = key;
	metric.value = PG_GETARG_FLOAT8(1);
	choose_run(fcinfo, 3, &run_id);
	run_log_metrics(&run_id, &metric, 1, step);
	PG_RETURN_VOID();
}

/* A JSON number as it is stored, 0 if it is too small for that. */
static double
metric_number(const char *key, TextSlice number)
{
	double		value = strtod(pnstrdup(number.data, number.len), NULL);

	if (isinf(value))
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("value of metric \"%s\" is out of range for type double precision",
						key),
				 errhint("\"Infinity\" and \"-Infinity\" are taken as texts.")));
	return value;
}

/* A value of metrics: a number, or a text for what JSON has no number for. */
static double
metric_value(const char *key, TextSlice value)
{
	ValueKind	kind = json_text_kind(value);

	if (kind == VALUE_NUMBER)
		return metric_number(key, value);
	if (kind == VALUE_STRING)
	{
		TextSlice	text = json_text_string(value);

		if (json_text_says(text, "NaN"))
			return get_float8_nan();
		if (json_text_says(text, "Infinity"))
			return get_float8_infinity();
		if (json_text_says(text, "-Infinity"))
			return -get_float8_infinity();
	}
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("value of metric \"%s\" must be a number", key),
			 errhint("\"NaN\", \"Infinity\" and \"-Infinity\" are taken as texts.")));
	return 0;
}

/* The metrics of an object, all of them checked; returns how many. */
static int
read_metrics(TextSlice object, RunMetric **metrics)
{
	JsonWalk	walk;
	TextSlice	name;
	TextSlice	value;
	int			n = 0;

	*metrics = palloc(sizeof(RunMetric) * (json_text_count(object) + 1));
	json_text_enter(&walk, object);
	while (json_text_next(&walk, &name, &value))
	{
		char	   *key = ordered_decode_cstring(name);

		run_check_key("metric", key);
		(*metrics)[n].key = key;
		(*metrics)[n++].value = metric_value(key, value);
	}
	return n;
}

/*
 * gaiops_log_metrics(metrics, step, run_id) returns void
 */
Datum
gaiops_log_all_metrics(PG_FUNCTION_ARGS)
{
	TextSlice	object = argument_object(fcinfo, 0, "metrics");
	int64		step = required_step(fcinfo, 1);
	RunMetric  *metrics;
	pg_uuid_t	run_id;
	int			n;

	if (object.data == NULL)
		argument_raise_null("metrics");
	n = read_metrics(object, &metrics);
	choose_run(fcinfo, 2, &run_id);
	run_log_metrics(&run_id, metrics, n, step);
	PG_RETURN_VOID();
}

/*
 * gaiops_set_run_tag(key, value, run_id) returns void
 */
Datum
gaiops_set_run_tag(PG_FUNCTION_ARGS)
{
	char	   *key = argument_required_text(fcinfo, 0, "key");
	char	   *value = argument_required_text(fcinfo, 1, "value");
	pg_uuid_t	run_id;

	choose_run(fcinfo, 2, &run_id);
	run_log_tag(&run_id, key, value);
	PG_RETURN_VOID();
}

/*
 * gaiops.database_identity() returns uuid
 */
Datum
gaiops_database_identity(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *identity = palloc(sizeof(pg_uuid_t));

	*identity = *run_database_identity();
	PG_RETURN_UUID_P(identity);
}
