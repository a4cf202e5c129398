/*
 * run_rows.c
 *		What is recorded of runs: their rows, and looking them up.
 *
 * Rows are only inserted, but for those of gaiops.open_runs: who ends a run
 * first has ended it, and nobody can end it otherwise after that.
 */
#include "postgres.h"

#include "access/xlog.h"
#include "base/caller.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "miscadmin.h"
#include "queue/record_queue.h"
#include "tracking/run_rows.h"
#include "tracking/run_shape.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

/* By way of the row, as find_purpose does. */
static StoreStatement find_schedule = {
	.sql = "SELECT true FROM gaiops.open_runs AS o WHERE o.run_id OPERATOR(pg_catalog.=) $1"
	" AND pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(o), 'scheduled_in') IS NOT NULL",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

static StoreStatement find_run = {
	.sql = "SELECT e.status, e.end_time FROM gaiops.run_starts AS s"
	" LEFT JOIN gaiops.run_ends AS e ON e.run_id OPERATOR(pg_catalog.=) s.run_id"
	" WHERE s.run_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/* By way of the row, as a table of 0.1.0 that was not updated yet lacks it. */
static StoreStatement find_purpose = {
	.sql = "SELECT pg_catalog.jsonb_extract_path_text(pg_catalog.to_jsonb(s), 'purpose')"
	" FROM gaiops.run_starts AS s WHERE s.run_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/*
 * A copy has another, where nobody is to do what the original does: one in
 * another database, by its oid, and one that came by a dump, by the server's.
 */
const pg_uuid_t *
run_database_identity(void)
{
	static pg_uuid_t identity;
	uint64		server = GetSystemIdentifier();

	memset(&identity, 0, sizeof(identity));
	memcpy(identity.data, &server, sizeof(server));
	memcpy(identity.data + UUID_LEN - sizeof(Oid), &MyDatabaseId, sizeof(Oid));
	return &identity;
}

void
run_fill_start(RecordValues *row, const pg_uuid_t *run_id, const char *name,
			   const char *experiment, const pg_uuid_t *parent_run_id)
{
	record_values_reset(row);
	RECORD_SET(row, RUN_START_run_id, UUIDPGetDatum(run_id));
	record_set_text(row, RUN_START_name, name);
	record_set_text(row, RUN_START_experiment, experiment);
	if (parent_run_id != NULL)
		RECORD_SET(row, RUN_START_parent_run_id, UUIDPGetDatum(parent_run_id));
	RECORD_SET(row, RUN_START_session_role, caller_role_name(GetSessionUserId()));
	RECORD_SET(row, RUN_START_role, caller_role_name(GetUserId()));
	if (application_name != NULL && application_name[0] != '\0')
		record_set_text(row, RUN_START_application_name, application_name);
	RECORD_SET(row, RUN_START_pid, Int32GetDatum(MyProcPid));
	RECORD_SET(row, RUN_START_incarnation,
			   UUIDPGetDatum(record_queue_incarnation()));
	RECORD_SET(row, RUN_START_start_time,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
}

void
run_add_start(Record *record, const RecordValues *start)
{
	RecordValues open;

	record_values_reset(&open);
	RECORD_SET(&open, OPEN_RUN_run_id, start->values[RUN_START_run_id]);
	RECORD_SET(&open, OPEN_RUN_incarnation, start->values[RUN_START_incarnation]);
	record_add(record, RECORD_INSERT, &run_start_shape, start);
	record_add(record, RECORD_INSERT, &open_run_shape, &open);
}

void
run_make_end(Record *record, const pg_uuid_t *run_id, const RunEnd *end)
{
	RecordValues row;

	record_reset(record);
	record_values_reset(&row);
	RECORD_SET(&row, RUN_END_run_id, UUIDPGetDatum(run_id));
	record_set_text(&row, RUN_END_status, end->status);
	RECORD_SET(&row, RUN_END_end_time, TimestampTzGetDatum(end->at));
	record_add(record, RECORD_INSERT_MISSING, &run_end_shape, &row);
	record_values_reset(&row);
	RECORD_SET(&row, OPEN_RUN_run_id, UUIDPGetDatum(run_id));
	record_add(record, RECORD_DELETE, &open_run_shape, &row);
}

void
run_make_resumption(Record *record, const pg_uuid_t *run_id, bool is_scheduled)
{
	RecordValues row;

	record_reset(record);
	record_values_reset(&row);
	RECORD_SET(&row, RUN_END_run_id, UUIDPGetDatum(run_id));
	record_add(record, RECORD_DELETE, &run_end_shape, &row);
	record_values_reset(&row);
	RECORD_SET(&row, OPEN_RUN_run_id, UUIDPGetDatum(run_id));
	RECORD_SET(&row, OPEN_RUN_incarnation, UUIDPGetDatum(record_queue_incarnation()));
	if (is_scheduled)
		RECORD_SET(&row, OPEN_RUN_scheduled_in, UUIDPGetDatum(run_database_identity()));
	record_add(record, RECORD_REPLACE, &open_run_shape, &row);
}

/* Adds the row that says that a worker has yet to go on with a run. */
static void
add_schedule(Record *record, RecordOp op, const pg_uuid_t *run_id)
{
	static pg_uuid_t none = {{0}};
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, OPEN_RUN_run_id, UUIDPGetDatum(run_id));
	RECORD_SET(&row, OPEN_RUN_incarnation, UUIDPGetDatum(&none));
	RECORD_SET(&row, OPEN_RUN_scheduled_in, UUIDPGetDatum(run_database_identity()));
	record_add(record, op, &open_run_shape, &row);
}

void
run_add_scheduled_start(Record *record, RecordValues *start)
{
	static pg_uuid_t none = {{0}};

	RECORD_SET(start, RUN_START_incarnation, UUIDPGetDatum(&none));
	record_add(record, RECORD_INSERT, &run_start_shape, start);
	add_schedule(record, RECORD_INSERT, DatumGetUUIDP(start->values[RUN_START_run_id]));
}

void
run_make_schedule(Record *record, const pg_uuid_t *run_id)
{
	record_reset(record);
	add_schedule(record, RECORD_REPLACE, run_id);
}

bool
run_is_scheduled(const pg_uuid_t *run_id)
{
	Datum		value = UUIDPGetDatum(run_id);

	return store_exists(&find_schedule, &value);
}

bool
run_find_end(const pg_uuid_t *run_id, RunEnd *end)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		value = UUIDPGetDatum(run_id);
	StoreSession session;
	bool		isnull;

	store_open(&session);
	store_execute(&find_run, &value, NULL, true);
	if (SPI_processed == 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_OBJECT),
				 errmsg("run \"%s\" does not exist", run_format_id(run_id))));
	end->status = store_copy_text(1, context);
	end->at = DatumGetTimestampTz(store_datum(2, &isnull));
	store_close(&session);
	return end->status != NULL;
}

char *
run_find_purpose(const pg_uuid_t *run_id)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		value = UUIDPGetDatum(run_id);
	StoreSession session;
	char	   *purpose = NULL;

	store_open(&session);
	store_execute(&find_purpose, &value, NULL, true);
	if (SPI_processed > 0)
		purpose = store_text(1);
	if (purpose != NULL)
		purpose = MemoryContextStrdup(context, purpose);
	store_close(&session);
	return purpose;
}

void
run_require(const pg_uuid_t *run_id)
{
	RunEnd		end;

	(void) run_find_end(run_id, &end);
}

char *
run_format_id(const pg_uuid_t *run_id)
{
	return DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(run_id)));
}
