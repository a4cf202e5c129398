/*
 * run_log.c
 *		What is logged of a run: parameters, metrics, tags, inputs.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "tracking/owner.h"
#include "tracking/run_log.h"
#include "tracking/run_rows.h"
#include "tracking/run_shape.h"
#include "tracking/tag.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define MAX_KEY 250
#define MAX_PARAM 8000

/* Most metrics of a run, whatever their steps; gaiops.runs shows no more. */
#define MAX_METRICS 10000
#define MAX_METRICS_OF_OTHERS 7500	/* of who did not start it */

static StoreStatement find_param = {
	.sql = "SELECT p.value FROM gaiops.run_params AS p"
	" WHERE p.run_id OPERATOR(pg_catalog.=) $1 AND p.key OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {UUIDOID, TEXTOID},
};

static StoreStatement find_input = {
	.sql = "SELECT true FROM gaiops.run_inputs AS i"
	" WHERE i.run_id OPERATOR(pg_catalog.=) $1"
	" AND i.dataset OPERATOR(pg_catalog.=) $2"
	" AND i.revision OPERATOR(pg_catalog.=) $3",
	.nargs = 3,
	.argtypes = {UUIDOID, TEXTOID, INT4OID},
};

/*
 * How many metrics a run would have after some more are logged, counted by
 * their keys; 0 if it has all of these already.  The recursion finds each key
 * by one look into the index, however many values the metric has.
 */
static StoreStatement count_metrics = {
	.sql = "WITH RECURSIVE fresh AS MATERIALIZED ("
	"  SELECT pg_catalog.count(DISTINCT k.key) AS n"
	"   FROM pg_catalog.unnest($2) AS k (key) WHERE (SELECT true"
	"    FROM gaiops.run_metrics AS m WHERE m.run_id OPERATOR(pg_catalog.=) $1"
	"    AND m.key OPERATOR(pg_catalog.=) k.key LIMIT 1) IS NULL),"
	" known AS ((SELECT m.key FROM gaiops.run_metrics AS m"
	"   WHERE m.run_id OPERATOR(pg_catalog.=) $1"
	"   AND (SELECT f.n OPERATOR(pg_catalog.>) 0 FROM fresh AS f)"
	"   ORDER BY m.key LIMIT 1) UNION ALL"
	"  SELECT next.key FROM known AS l, LATERAL (SELECT m.key"
	"   FROM gaiops.run_metrics AS m WHERE m.run_id OPERATOR(pg_catalog.=) $1"
	"   AND m.key OPERATOR(pg_catalog.>) l.key ORDER BY m.key LIMIT 1) AS next)"
	" SELECT CASE WHEN f.n OPERATOR(pg_catalog.>) 0 THEN f.n OPERATOR(pg_catalog.+)"
	"  (SELECT pg_catalog.count(*) FROM (SELECT FROM known LIMIT 10000) AS c)"
	"  ELSE 0 END FROM fresh AS f",
	.nargs = 2,
	.argtypes = {UUIDOID, TEXTARRAYOID},
};

void
run_check_key(const char *what, const char *key)
{
	if (key[0] == '\0' || strlen(key) > MAX_KEY)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("key of a %s must have 1 to %d bytes", what, MAX_KEY)));
}

/* Raises that a run has as many of something as it may. */
static void
raise_too_many(const pg_uuid_t *run_id, const char *what, int most, bool is_own)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("run \"%s\" has too many %s", run_format_id(run_id), what),
			 is_own ? errdetail("It can have %d.", most) :
			 errdetail("It can have %d, the last quarter of which is for the role that began it.", most),
			 errhint("Start another run within it, with parent_run_id, for more.")));
}

/* ---- parameters ---- */

/* Raises unless a parameter has the value that was to be written. */
static void
require_param(const pg_uuid_t *run_id, const char *key, const char *value,
			  bool is_own)
{
	Datum		values[2] = {UUIDPGetDatum(run_id), CStringGetTextDatum(key)};
	bool		isnull;
	Datum		found = store_value(&find_param, values, &isnull);
	char	   *stored;

	if (isnull)
		raise_too_many(run_id, "parameters", RECORD_MAX_PER_OBJECT, is_own);
	stored = TextDatumGetCString(found);
	if (strcmp(stored, value) != 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNIQUE_VIOLATION),
				 errmsg("parameter \"%s\" of run \"%s\" has another value already",
						key, run_format_id(run_id)),
				 errdetail("Its value is \"%s\".", stored),
				 errhint("A parameter is written once. Log what changes with gaiops_log_metric() or gaiops_set_run_tag().")));
}

void
run_add_param(Record *record, const pg_uuid_t *run_id, const char *key, const char *value,
			  bool is_own)
{
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, RUN_PARAM_run_id, UUIDPGetDatum(run_id));
	record_set_text(&row, RUN_PARAM_key, key);
	record_set_text(&row, RUN_PARAM_value, value);
	RECORD_SET(&row, RUN_PARAM_logged_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, RECORD_INSERT_MISSING,
			   is_own ? &run_param_shape : &run_param_of_others_shape, &row);
}

void
run_log_param(const pg_uuid_t *run_id, const char *key, const char *value)
{
	Record		record;
	bool		is_own;

	run_check_key("parameter", key);
	if (strlen(value) > MAX_PARAM)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of parameter \"%s\" is too long", key),
				 errdetail("It has %zu bytes; the limit is %d.",
						   strlen(value), MAX_PARAM)));
	is_own = owner_of_run(run_id);
	record_reset(&record);
	run_add_param(&record, run_id, key, value, is_own);
	journal_write(&record, "parameter");
	/* Whoever was first has set the value. */
	require_param(run_id, key, value, is_own);
}

/* ---- metrics ---- */

static void
add_metric(Record *record, const pg_uuid_t *run_id, const RunMetric *metric,
		   int64 step, TimestampTz now)
{
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, RUN_METRIC_run_id, UUIDPGetDatum(run_id));
	record_set_text(&row, RUN_METRIC_key, metric->key);
	RECORD_SET(&row, RUN_METRIC_step, Int64GetDatum(step));
	RECORD_SET(&row, RUN_METRIC_value, Float8GetDatum(metric->value));
	RECORD_SET(&row, RUN_METRIC_logged_at, TimestampTzGetDatum(now));
	record_add(record, RECORD_INSERT, &run_metric_shape, &row);
}

/*
 * Raises if a run would have more metrics than it may.  Two sessions that log
 * at once may get past the limit.  That does no harm, since what reads
 * metrics stops there, and the writer need not count them for each record.
 */
static void
require_metric_room(const pg_uuid_t *run_id, const RunMetric *metrics, int n)
{
	Datum	   *keys = palloc(sizeof(Datum) * n);
	Datum		values[2] = {UUIDPGetDatum(run_id)};
	int64		total;
	bool		is_own;
	bool		isnull;

	for (int i = 0; i < n; i++)
		keys[i] = CStringGetTextDatum(metrics[i].key);
	values[1] = PointerGetDatum(construct_array(keys, n, TEXTOID, -1, false,
												TYPALIGN_INT));
	total = DatumGetInt64(store_value(&count_metrics, values, &isnull));
	if (total <= MAX_METRICS_OF_OTHERS)
		return;
	is_own = owner_of_run(run_id);
	if (!is_own || total > MAX_METRICS)
		raise_too_many(run_id, "metrics", MAX_METRICS, is_own);
}

/* Figures of an evaluation are believed, so that others add none to them. */
static void
require_metric_right(const pg_uuid_t *run_id)
{
	const char *purpose = run_find_purpose(run_id);

	if (purpose != NULL && strcmp(purpose, "evaluation") == 0 && !owner_of_run(run_id))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied to log metrics of run \"%s\"", run_format_id(run_id)),
				 errdetail("It is for evaluation; only the role that began it, or a member of that role, logs its metrics.")));
}

void
run_log_metrics(const pg_uuid_t *run_id, const RunMetric *metrics, int n,
				int64 step)
{
	TimestampTz now = GetCurrentTimestamp();

	require_metric_right(run_id);
	require_metric_room(run_id, metrics, n);
	for (int done = 0; done < n;)
	{
		Record		record;

		CHECK_FOR_INTERRUPTS();
		record_reset(&record);
		while (done < n && record.nrows < RECORD_MAX_ROWS)
			add_metric(&record, run_id, &metrics[done++], step, now);
		journal_write(&record, "metric");
	}
}

/* ---- tags ---- */

void
run_log_tag(const pg_uuid_t *run_id, const char *key, const char *value)
{
	tag_write(&tag_of_run, run_id, key, value);
}

/* ---- inputs ---- */

/* Raises unless an input is there. */
static void
require_input(const pg_uuid_t *run_id, const char *dataset, int32 revision,
			  bool is_own)
{
	Datum		values[3] = {UUIDPGetDatum(run_id), CStringGetTextDatum(dataset),
	Int32GetDatum(revision)};

	if (!store_exists(&find_input, values))
		raise_too_many(run_id, "inputs", RECORD_MAX_PER_OBJECT, is_own);
}

void
run_log_input(const pg_uuid_t *run_id, const char *dataset, int32 revision)
{
	bool		is_own = owner_of_run(run_id);
	RecordValues row;
	Record		record;

	record_reset(&record);
	record_values_reset(&row);
	RECORD_SET(&row, RUN_INPUT_run_id, UUIDPGetDatum(run_id));
	record_set_text(&row, RUN_INPUT_dataset, dataset);
	RECORD_SET(&row, RUN_INPUT_revision, Int32GetDatum(revision));
	RECORD_SET(&row, RUN_INPUT_logged_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(&record, RECORD_INSERT_MISSING,
			   is_own ? &run_input_shape : &run_input_of_others_shape, &row);
	journal_write(&record, "input");
	require_input(run_id, dataset, revision, is_own);
}
