/*
 * maintenance_functions.c
 *		What maintenance asks of the server, for SQL.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "catalog/indexing.h"
#include "catalog/namespace.h"
#include "catalog/partition.h"
#include "catalog/pg_constraint.h"
#include "compat.h"
#include "fmgr.h"
#include "utils/inval.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/timeout.h"

PG_FUNCTION_INFO_V1(gaiops_limit_statement);
PG_FUNCTION_INFO_V1(gaiops_trust_constraint);

/*
 * gaiops.limit_statement(timeout_ms integer): has the statement under way
 * cancelled so long from now.  Whoever runs statements disables the timeout
 * after each, be it a session or the maintenance worker.
 */
Datum
gaiops_limit_statement(PG_FUNCTION_ARGS)
{
	enable_timeout_after(STATEMENT_TIMEOUT, PG_GETARG_INT32(0));
	PG_RETURN_VOID();
}

/* Whether a table is the default partition of a table of ours. */
static bool
is_fallback(Oid relation)
{
	return get_rel_relispartition(relation) &&
		get_rel_namespace(relation) == get_namespace_oid("gaiops_partitions", true) &&
		get_default_partition_oid(get_partition_parent(relation, false)) == relation;
}

/*
 * gaiops.trust_constraint(relation regclass, constraint_name name): what
 * VALIDATE CONSTRAINT does once it has read the table, for who knows already.
 * Raises unless the table is a default partition of ours.
 */
Datum
gaiops_trust_constraint(PG_FUNCTION_ARGS)
{
	Oid			relation = PG_GETARG_OID(0);
	Oid			constraint = get_relation_constraint_oid(relation,
														 NameStr(*PG_GETARG_NAME(1)), false);
	Relation	catalog = table_open(ConstraintRelationId, RowExclusiveLock);
	HeapTuple	tuple = SearchSysCacheCopy1(CONSTROID, ObjectIdGetDatum(constraint));

	if (!is_fallback(relation))
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is not a default partition of genaiops",
						get_rel_name(relation))));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for constraint %u", constraint);
	((Form_pg_constraint) GETSTRUCT(tuple))->convalidated = true;
	CatalogTupleUpdate(catalog, &tuple->t_self, tuple);
	table_close(catalog, RowExclusiveLock);
	CacheInvalidateRelcacheByRelid(relation);
	PG_RETURN_VOID();
}
