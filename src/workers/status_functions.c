/*
 * status_functions.c
 *		What gaiops_status() cannot learn from SQL, and asking for maintenance.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/caller.h"
#include "compat.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "queue/job_slots.h"
#include "queue/journal.h"
#include "queue/queue_control.h"
#include "secrets/key_ring.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(gaiops_queue_stats);
PG_FUNCTION_INFO_V1(gaiops_open_spans);
PG_FUNCTION_INFO_V1(gaiops_has_key_ring);
PG_FUNCTION_INFO_V1(gaiops_library_version);
PG_FUNCTION_INFO_V1(gaiops_run_maintenance);
PG_FUNCTION_INFO_V1(gaiops_lacks_job_worker);

#define STATS_COLUMNS 8
#define OPEN_COLUMNS 9

/*
 * gaiops.queue_stats() returns (chunks, free, used, tickets, has_writer,
 * in_maintenance, last_maintenance, trouble); all NULL if not preloaded.
 */
Datum
gaiops_queue_stats(PG_FUNCTION_ARGS)
{
	Datum		values[STATS_COLUMNS] = {0};
	bool		nulls[STATS_COLUMNS];
	TupleDesc	desc;
	QueueStats	stats;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	memset(nulls, !record_queue_available(), sizeof(nulls));
	if (record_queue_available())
	{
		record_queue_stats(&stats);
		values[0] = Int32GetDatum(stats.chunks);
		values[1] = Int32GetDatum(stats.free);
		values[2] = Int32GetDatum(stats.used);
		values[3] = Int32GetDatum(stats.tickets);
		values[4] = BoolGetDatum(stats.has_writer);
		values[5] = BoolGetDatum(stats.in_maintenance);
		values[6] = TimestampTzGetDatum(stats.last_maintenance);
		nulls[6] = stats.last_maintenance == 0;
		nulls[7] = stats.trouble == TROUBLE_NONE;
		if (!nulls[7])
			values[7] = CStringGetTextDatum(psprintf("%s %s", journal_trouble_detail(JOURNAL_TIMED_OUT),
													 journal_trouble_hint()));
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

/*
 * gaiops.open_spans() returns (open, most, here, here_most, role, of_role,
 * of_role_most, is_full, room); all NULL if not preloaded.
 */
Datum
gaiops_open_spans(PG_FUNCTION_ARGS)
{
	Datum		values[OPEN_COLUMNS] = {0};
	bool		nulls[OPEN_COLUMNS];
	TupleDesc	desc;
	QueueStats	stats;
	char	   *role = NULL;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	memset(nulls, !record_queue_available(), sizeof(nulls));
	if (record_queue_available())
	{
		record_queue_stats(&stats);
		if (OidIsValid(stats.open_role))
			role = GetUserNameFromId(stats.open_role, true);
		values[0] = Int32GetDatum(stats.open);
		values[1] = Int32GetDatum(stats.open_most);
		values[2] = Int32GetDatum(stats.open_here);
		values[3] = Int32GetDatum(stats.open_here_most);
		nulls[4] = role == NULL;
		if (role != NULL)
			values[4] = CStringGetTextDatum(role);
		values[5] = Int32GetDatum(stats.open_of_role);
		values[6] = Int32GetDatum(stats.open_of_role_most);
		values[7] = BoolGetDatum(stats.open_limit != OPEN_UNLIMITED);
		values[8] = Int32GetDatum(stats.room);
	}
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

/* gaiops.has_key_ring() returns boolean; raises if the file is unusable */
Datum
gaiops_has_key_ring(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(key_ring_exists());
}

/*
 * gaiops.library_version() returns text: the version this library was built as
 */
Datum
gaiops_library_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(GENAIOPS_VERSION));
}

/* gaiops_run_maintenance() returns void */
Datum
gaiops_run_maintenance(PG_FUNCTION_ARGS)
{
	caller_require_open_operation(fcinfo);
	journal_require_worker();
	(void) record_queue_want_worker(WORKER_MAINTENANCE, MyDatabaseId);
	PG_RETURN_VOID();
}

/* gaiops.lacks_job_worker() returns boolean */
Datum
gaiops_lacks_job_worker(PG_FUNCTION_ARGS)
{
	if (!record_queue_available())
		PG_RETURN_NULL();
	PG_RETURN_BOOL(job_slot_lacks_worker());
}
