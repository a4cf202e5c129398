/*
 * assessment.c
 *		What feedback and expectations need of the records of calls.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "feedback/assessment.h"
#include "feedback/assessment_shape.h"
#include "queue/journal.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"
#include "utils/typcache.h"

static const RecordColumn assessment_columns[] = {ASSESSMENT_COLUMNS(RECORD_COLUMN)};

RecordShape assessment_shape = {
	.table = "machine_assessments",
	.columns = assessment_columns,
	.ncolumns = ASSESSMENT_NCOLUMNS,
};

/* The span that gaiops.traces shows a trace by. */
static StoreStatement find_trace = {
	.sql = "SELECT e.experiment FROM ("
	" SELECT s.experiment, s.is_entry, s.parent_span_id, false AS joins_open,"
	"  s.entry_start_time, s.start_time, s.span_id"
	"  FROM gaiops.spans AS s"
	"  WHERE s.trace_id OPERATOR(pg_catalog.=) $1"
	" UNION ALL"
	" SELECT i.experiment, i.is_entry, i.parent_span_id, i.is_entry,"
	"  i.entry_start_time, i.start_time, i.span_id"
	"  FROM gaiops.intents AS i"
	"  WHERE i.trace_id OPERATOR(pg_catalog.=) $1) AS e"
	" ORDER BY NOT e.is_entry, e.parent_span_id IS NOT NULL, e.joins_open,"
	"  (e.span_id OPERATOR(pg_catalog.=) (SELECT j.span_id FROM gaiops.joined_traces AS j"
	"   WHERE j.trace_id OPERATOR(pg_catalog.=) $1)) IS NOT TRUE,"
	"  e.is_entry AND e.entry_start_time IS DISTINCT FROM e.start_time,"
	"  e.is_entry AND e.entry_start_time IS NOT NULL, e.start_time, e.span_id LIMIT 1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

static StoreStatement find_span = {
	.sql = "SELECT true WHERE EXISTS (SELECT FROM gaiops.spans AS s"
	"  WHERE s.trace_id OPERATOR(pg_catalog.=) $1 AND s.span_id OPERATOR(pg_catalog.=) $2)"
	" OR EXISTS (SELECT FROM gaiops.intents AS i"
	"  WHERE i.trace_id OPERATOR(pg_catalog.=) $1 AND i.span_id OPERATOR(pg_catalog.=) $2)",
	.nargs = 2,
	.argtypes = {UUIDOID, TEXTOID},
};

/* Each partition has an index of sessions, read from its end. */
static StoreStatement find_session = {
	.sql = "SELECT l.experiment FROM ("
	" (SELECT s.experiment, s.start_time FROM gaiops.spans AS s"
	"  WHERE s.session_id OPERATOR(pg_catalog.=) $1 ORDER BY s.start_time DESC LIMIT 1)"
	" UNION ALL"
	" (SELECT i.experiment, i.start_time FROM gaiops.intents AS i"
	"  WHERE i.session_id OPERATOR(pg_catalog.=) $1 ORDER BY i.start_time DESC LIMIT 1)) AS l"
	" ORDER BY l.start_time DESC LIMIT 1",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static StoreStatement find_state = {
	.sql = "SELECT gaiops.assessment_state($1)",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

static StoreStatement find_queue = {
	.sql = "SELECT pg_catalog.min(q.queue) FROM gaiops.review_settings AS q"
	" WHERE $1 OPERATOR(pg_catalog.=) ANY (q.schemas)",
	.nargs = 1,
	.argtypes = {TEXTOID},
};

static StoreStatement find_author = {
	.sql = "SELECT a.created_by FROM ("
	" SELECT h.created_by FROM gaiops.human_assessments AS h"
	"  WHERE h.name OPERATOR(pg_catalog.=) $1 AND h.kind OPERATOR(pg_catalog.=) 'feedback'"
	"  AND h.created_by OPERATOR(pg_catalog.<>) $2"
	" UNION ALL"
	" SELECT m.created_by FROM gaiops.machine_assessments AS m"
	"  WHERE m.name OPERATOR(pg_catalog.=) $1 AND m.kind OPERATOR(pg_catalog.=) 'feedback'"
	"  AND m.created_by OPERATOR(pg_catalog.<>) $2) AS a"
	" LIMIT 1",
	.nargs = 2,
	.argtypes = {TEXTOID, NAMEOID},
};

/* The time is an argument, or the index would not be searched by it. */
static StoreStatement count_held = {
	.sql = "SELECT pg_catalog.count(*) FROM gaiops.review_claims AS c"
	" WHERE c.queue OPERATOR(pg_catalog.=) $1"
	" AND c.reviewer OPERATOR(pg_catalog.=) $2"
	" AND c.state OPERATOR(pg_catalog.=) 'claimed'"
	" AND c.lease_until OPERATOR(pg_catalog.>=) $3",
	.nargs = 3,
	.argtypes = {TEXTOID, TEXTOID, TIMESTAMPTZOID},
};

/*
 * The text that a statement gives now, in the caller's context; NULL if none.
 */
static char *
find_text(StoreStatement *statement, Datum *values)
{
	MemoryContext caller = CurrentMemoryContext;
	StoreSession session;
	char	   *text = NULL;

	store_open(&session);
	store_execute(statement, values, NULL, true);
	if (SPI_processed > 0)
		text = store_text(1);
	if (text != NULL)
		text = MemoryContextStrdup(caller, text);
	store_close(&session);
	return text;
}

char *
assessment_trace_experiment(Datum trace_id)
{
	char	   *experiment = find_text(&find_trace, &trace_id);

	if (experiment == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("trace \"%s\" does not exist",
						DatumGetCString(DirectFunctionCall1(uuid_out, trace_id)))));
	return experiment;
}

void
assessment_require_span(Datum trace_id, const char *span_id)
{
	Datum		values[2] = {trace_id, CStringGetTextDatum(span_id)};

	if (find_text(&find_span, values) == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("span \"%s\" does not exist in trace \"%s\"", span_id,
						DatumGetCString(DirectFunctionCall1(uuid_out, trace_id)))));
}

char *
assessment_session_experiment(const char *session_id)
{
	Datum		value = CStringGetTextDatum(session_id);
	char	   *experiment = find_text(&find_session, &value);

	if (experiment == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("session \"%s\" does not exist", session_id),
				 errdetail("No call or span names it.")));
	return experiment;
}

/*
 * Reads the row, which lacks columns that its table is to get from an update.
 */
static void
read_row(HeapTupleHeader assessment, RecordValues *row)
{
	TupleDesc	desc = lookup_rowtype_tupdesc(HeapTupleHeaderGetTypeId(assessment),
											  HeapTupleHeaderGetTypMod(assessment));
	HeapTupleData tuple = {
		.t_len = HeapTupleHeaderGetDatumLength(assessment),
		.t_data = assessment
	};

	record_values_reset(row);
	record_read_tuple(row, &assessment_shape, &tuple, desc);
	ReleaseTupleDesc(desc);
}

void
assessment_record(HeapTupleHeader assessment)
{
	Record	   *record = palloc(sizeof(Record));
	RecordValues row;

	journal_require();
	read_row(assessment, &row);
	record_reset(record);
	record_add(record, RECORD_INSERT_MISSING, &assessment_shape, &row);
	journal_write(record, "assessment");
	pfree(record);
}

Datum
assessment_state(Datum assessment_id)
{
	bool		isnull;
	Datum		state = store_value(&find_state, &assessment_id, &isnull);

	Assert(!isnull);
	return state;
}

char *
assessment_find_queue(const char *schema)
{
	Datum		value = CStringGetTextDatum(schema);

	return find_text(&find_queue, &value);
}

char *
assessment_find_author(const char *name, Name other_than)
{
	Datum		values[2] = {CStringGetTextDatum(name), NameGetDatum(other_than)};

	return find_text(&find_author, values);
}

int64
assessment_count_held(const char *queue, const char *reviewer)
{
	Datum		values[3] = {CStringGetTextDatum(queue), CStringGetTextDatum(reviewer),
	TimestampTzGetDatum(GetCurrentTimestamp())};
	bool		isnull;

	return DatumGetInt64(store_value(&count_held, values, &isnull));
}
