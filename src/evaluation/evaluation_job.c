/*
 * evaluation_job.c
 *		Jobs: evaluations that a worker does.
 *
 * The row of a job comes with that of its evaluation, through the writer.
 * It is one that is to be done as long as gaiops.open_runs says that the run
 * waits for a worker of this database, or has one.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/caller.h"
#include "base/document.h"
#include "base/ordered.h"
#include "base/store.h"
#include "catalog/pg_authid.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_job.h"
#include "evaluation/evaluation_shape.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/memutils.h"
#include "utils/syscache.h"
#include "utils/timestamp.h"

#define MOST_SETTINGS	65536	/* bytes of those that go with a job */

/*
 * What a session says of its calls, and what functions that an evaluation
 * calls may go by.
 */
static const char *const settings[] = {
	"gaiops.experiment", "gaiops.purpose", "gaiops.session_id", "gaiops.user_id",
	"gaiops.log_timeout", "gaiops.judge_model", "application_name", "search_path"
};

static StoreStatement find_settings = {
	.sql = "SELECT j.settings FROM gaiops.evaluation_jobs AS j"
	" WHERE j.run_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

static StoreStatement find_wanted = {
	.sql = "SELECT true FROM gaiops.open_runs AS o"
	" WHERE o.run_id OPERATOR(pg_catalog.=) $1"
	" AND o.scheduled_in OPERATOR(pg_catalog.=) gaiops.database_identity()",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

static StoreStatement set_error = {
	.sql = "WITH changed AS (UPDATE gaiops.evaluation_jobs AS j SET error = $2"
	" WHERE j.run_id OPERATOR(pg_catalog.=) $1 RETURNING true) SELECT true FROM changed",
	.nargs = 2,
	.argtypes = {UUIDOID, TEXTOID},
};

void
evaluation_job_require_login(void)
{
	HeapTuple	tuple = SearchSysCache1(AUTHOID, ObjectIdGetDatum(GetUserId()));
	bool		can_login;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for role %u", GetUserId());
	can_login = ((Form_pg_authid) GETSTRUCT(tuple))->rolcanlogin;
	ReleaseSysCache(tuple);
	if (!can_login)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_AUTHORIZATION_SPECIFICATION),
				 errmsg("role \"%s\" cannot have an evaluation in the background",
						GetUserNameFromId(GetUserId(), false)),
				 errdetail("A worker does it in a session of that role, which is not permitted to log in."),
				 errhint("Use ALTER ROLE ... LOGIN, or SET ROLE to one that may log in.")));
}

/* The settings that are kept, as a document; raises if they are too long. */
static Jsonb *
current_settings(void)
{
	StringInfoData object;

	ordered_begin(&object);
	for (int i = 0; i < lengthof(settings); i++)
		ordered_add_text(&object, settings[i], GetConfigOption(settings[i], false, false));
	if (object.len > MOST_SETTINGS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("settings of the session are too long for an evaluation in the background"),
				 errdetail("They have %d bytes, and %d are kept.", object.len, MOST_SETTINGS),
				 errhint("Shorten \"search_path\".")));
	return document_parse(ordered_end(&object).data);
}

void
evaluation_job_add(Record *record, const pg_uuid_t *run_id)
{
	TimestampTz now = GetCurrentTimestamp();
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, JOB_run_id, UUIDPGetDatum(run_id));
	RECORD_SET(&row, JOB_role, caller_role_name(GetUserId()));
	RECORD_SET(&row, JOB_role_oid, ObjectIdGetDatum(GetUserId()));
	RECORD_SET(&row, JOB_settings, JsonbPGetDatum(current_settings()));
	RECORD_SET(&row, JOB_created_at, TimestampTzGetDatum(now));
	RECORD_SET(&row, JOB_next_at, TimestampTzGetDatum(now));
	RECORD_SET(&row, JOB_attempts, Int32GetDatum(0));
	RECORD_SET(&row, JOB_results, Int64GetDatum(0));
	record_add(record, RECORD_INSERT, &evaluation_job_shape, &row);
}

void
evaluation_job_adopt_settings(const pg_uuid_t *run_id)
{
	Datum		value = UUIDPGetDatum(run_id);
	bool		isnull;
	Datum		document = store_value(&find_settings, &value, &isnull);
	TextSlice	text;

	if (isnull)
		return;
	text = document_text(DatumGetJsonbP(document));
	for (int i = 0; i < lengthof(settings); i++)
	{
		TextSlice	setting = json_text_member(text, settings[i]);

		if (json_text_kind(setting) == VALUE_STRING)
			SetConfigOption(settings[i], ordered_decode_cstring(json_text_string(setting)),
							PGC_USERSET, PGC_S_SESSION);
	}
}

bool
evaluation_job_is_wanted(const pg_uuid_t *run_id)
{
	Datum		value = UUIDPGetDatum(run_id);

	return store_exists(&find_wanted, &value);
}

/*
 * What a role may write by default is about what it asks for; an error leaves
 * the transaction as it is, since that ends it.
 */
void
evaluation_job_note_error(const pg_uuid_t *run_id, const char *error)
{
	Datum		values[2] = {UUIDPGetDatum(run_id), error ? CStringGetTextDatum(error) : (Datum) 0};
	bool		is_read_only = XactReadOnly;
	StoreSession session;

	XactReadOnly = false;
	store_open(&session);
	store_execute(&set_error, values, error ? NULL : " n", false);
	store_close(&session);
	XactReadOnly = is_read_only;
}
