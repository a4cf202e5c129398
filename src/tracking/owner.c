/*
 * owner.c
 *		Whose a run or a trace is.
 *
 * Any user may log to any run and tag any trace.  So that nobody uses up what
 * one of them can have, the last quarter is for its owner.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "miscadmin.h"
#include "tracking/owner.h"
#include "utils/acl.h"

static StoreStatement find_run_role = {
	.sql = "SELECT s.role FROM gaiops.run_starts AS s"
	" WHERE s.run_id OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/* Spans of others can join a trace, and have parents then. */
static StoreStatement find_trace_role = {
	.sql = "SELECT s.role::pg_catalog.name FROM gaiops.all_spans AS s"
	" WHERE s.trace_id OPERATOR(pg_catalog.=) $1"
	" ORDER BY NOT s.is_entry, s.parent_span_id IS NOT NULL, s.is_entry AND NOT s.is_recorded,"
	"  (s.span_id OPERATOR(pg_catalog.=) (SELECT j.span_id FROM gaiops.joined_traces AS j"
	"   WHERE j.trace_id OPERATOR(pg_catalog.=) $1)) IS NOT TRUE,"
	"  s.is_entry AND s.entry_start_time IS DISTINCT FROM s.start_time,"
	"  s.is_entry AND s.entry_start_time IS NOT NULL, s.start_time, s.span_id LIMIT 1",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

static bool
is_owner(StoreStatement *find_role, const pg_uuid_t *id)
{
	Datum		value = UUIDPGetDatum(id);
	Datum		role;
	bool		isnull;
	Oid			owner;

	if (superuser())
		return true;
	role = store_value(find_role, &value, &isnull);
	owner = isnull ? InvalidOid : get_role_oid(NameStr(*DatumGetName(role)), true);
	return OidIsValid(owner) && compat_acts_as(GetUserId(), owner);
}

bool
owner_of_run(const pg_uuid_t *run_id)
{
	return is_owner(&find_run_role, run_id);
}

bool
owner_of_trace(const pg_uuid_t *trace_id)
{
	return is_owner(&find_trace_role, trace_id);
}
