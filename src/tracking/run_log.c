/*
 * run_log.c
 *		What is logged of a run: parameters, metrics, tags, inputs.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/registry_lock.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "queue/journal.h"
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

static StoreStatement find_dataset = {
	.sql = "SELECT d.revision FROM gaiops.dataset_settings AS d"
	" WHERE d.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static StoreStatement find_revision = {
	.sql = "SELECT r.xmin FROM gaiops.dataset_changes AS r"
	" WHERE r.dataset OPERATOR(pg_catalog.=) $1"
	" AND r.revision OPERATOR(pg_catalog.=) $2",
	.nargs = 2,
	.argtypes = {TEXTOID, INT4OID},
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
raise_too_many(const pg_uuid_t *run_id, const char *what, int most)
{
	ereport(ERROR,
			(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
			 errmsg("run \"%s\" has too many %s", run_format_id(run_id), what),
			 errdetail("It can have %d.", most),
			 errhint("Start another run within it, with parent_run_id, for more.")));
}

/* ---- parameters ---- */

/* Raises unless a parameter has the value that was to be written. */
static void
require_param(const pg_uuid_t *run_id, const char *key, const char *value)
{
	Datum		values[2] = {UUIDPGetDatum(run_id), CStringGetTextDatum(key)};
	bool		isnull;
	Datum		found = store_value(&find_param, values, &isnull);
	char	   *stored;

	if (isnull)
		raise_too_many(run_id, "parameters", RECORD_MAX_PER_OBJECT);
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
run_log_param(const pg_uuid_t *run_id, const char *key, const char *value)
{
	RecordValues row;
	Record		record;

	run_check_key("parameter", key);
	if (strlen(value) > MAX_PARAM)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("value of parameter \"%s\" is too long", key),
				 errdetail("It has %zu bytes; the limit is %d.",
						   strlen(value), MAX_PARAM)));
	record_reset(&record);
	record_values_reset(&row);
	RECORD_SET(&row, RUN_PARAM_run_id, UUIDPGetDatum(run_id));
	record_set_text(&row, RUN_PARAM_key, key);
	record_set_text(&row, RUN_PARAM_value, value);
	RECORD_SET(&row, RUN_PARAM_logged_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(&record, RECORD_INSERT_MISSING, &run_param_shape, &row);
	journal_write(&record, "parameter");
	/* Whoever was first has set the value. */
	require_param(run_id, key, value);
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
	bool		isnull;

	for (int i = 0; i < n; i++)
		keys[i] = CStringGetTextDatum(metrics[i].key);
	values[1] = PointerGetDatum(construct_array(keys, n, TEXTOID, -1, false,
												TYPALIGN_INT));
	total = DatumGetInt64(store_value(&count_metrics, values, &isnull));
	if (total > MAX_METRICS)
		raise_too_many(run_id, "metrics", MAX_METRICS);
}

void
run_log_metrics(const pg_uuid_t *run_id, const RunMetric *metrics, int n,
				int64 step)
{
	TimestampTz now = GetCurrentTimestamp();

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

/*
 * Keeps a dataset from being dropped until what names it is there to be seen:
 * gaiops_drop_dataset() wants the lock for itself.
 */
static void
lock_dataset(const char *dataset)
{
	char	   *key = psprintf("dataset %s", dataset);

	registry_lock(key, strlen(key), ShareLock);
	pfree(key);
}

/* The latest revision of a dataset. */
static int32
latest_revision(const char *dataset)
{
	Datum		name = CStringGetTextDatum(dataset);
	int32		revision;
	bool		isnull;

	lock_dataset(dataset);
	revision = DatumGetInt32(store_value(&find_dataset, &name, &isnull));
	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("dataset \"%s\" does not exist", dataset)));
	return revision;
}

/*
 * Raises unless a revision exists and will stay: a rollback would take it
 * back, and its number would be given to another.
 */
static void
require_revision(const char *dataset, int32 revision)
{
	Datum		values[2] = {CStringGetTextDatum(dataset), Int32GetDatum(revision)};
	bool		isnull;
	Datum		made_by = store_value(&find_revision, values, &isnull);

	if (isnull)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("revision %d of dataset \"%s\" does not exist",
						revision, dataset)));
	if (TransactionIdIsCurrentTransactionId(DatumGetTransactionId(made_by)))
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("revision %d of dataset \"%s\" is not committed",
						revision, dataset),
				 errdetail("This transaction has made it; what a run worked on is recorded for good."),
				 errhint("COMMIT first, or give an earlier revision.")));
}

/* Raises unless an input is there. */
static void
require_input(const pg_uuid_t *run_id, const char *dataset, int32 revision)
{
	Datum		values[3] = {UUIDPGetDatum(run_id), CStringGetTextDatum(dataset),
	Int32GetDatum(revision)};

	if (!store_exists(&find_input, values))
		raise_too_many(run_id, "inputs", RECORD_MAX_PER_OBJECT);
}

int32
run_log_input(const pg_uuid_t *run_id, const char *dataset,
			  const int32 *revision)
{
	int32		latest = latest_revision(dataset);
	int32		chosen = revision ? *revision : latest;
	RecordValues row;
	Record		record;

	if (revision == NULL && latest == 0)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 errmsg("dataset \"%s\" has no revision yet", dataset),
				 errhint("Put records into it with gaiops_merge_records().")));
	require_revision(dataset, chosen);
	record_reset(&record);
	record_values_reset(&row);
	RECORD_SET(&row, RUN_INPUT_run_id, UUIDPGetDatum(run_id));
	record_set_text(&row, RUN_INPUT_dataset, dataset);
	RECORD_SET(&row, RUN_INPUT_revision, Int32GetDatum(chosen));
	RECORD_SET(&row, RUN_INPUT_logged_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(&record, RECORD_INSERT_MISSING, &run_input_shape, &row);
	journal_write(&record, "input");
	require_input(run_id, dataset, chosen);
	return chosen;
}
