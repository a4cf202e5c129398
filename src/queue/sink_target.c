/*
 * sink_target.c
 *		Whether a relation is one that rows of records can be written to.
 *
 * The table access method writes into whatever it is given, and nobody is told
 * where that is a place that no query reads.  A view or a foreign table under
 * the name of a table of ours has no rows of its own.  A table that Citus has
 * taken over looks like any other, but is a shell: its rows are in shards,
 * where queries go, and only a catalog of Citus tells.
 */
#include "postgres.h"

#include "access/genam.h"
#include "access/table.h"
#include "catalog/pg_class.h"
#include "catalog/pg_namespace.h"
#include "queue/sink_target.h"
#include "utils/fmgroids.h"
#include "utils/lsyscache.h"
#include "utils/rel.h"

#define CITUS_CATALOG "pg_dist_partition"
#define CITUS_RELATION_COLUMN "logicalrelid"

/* Whether a catalog has a row with the relation in that column. */
static bool
is_listed(Oid relation, Oid catalog, AttrNumber column)
{
	Relation	rel = table_open(catalog, AccessShareLock);
	ScanKeyData key;
	SysScanDesc scan;
	bool		found;

	ScanKeyInit(&key, column, BTEqualStrategyNumber, F_OIDEQ,
				ObjectIdGetDatum(relation));
	scan = systable_beginscan(rel, InvalidOid, false, NULL, 1, &key);
	found = HeapTupleIsValid(systable_getnext(scan));
	systable_endscan(scan);
	table_close(rel, AccessShareLock);
	return found;
}

static bool
is_shell(Oid relation)
{
	Oid			catalog = get_relname_relid(CITUS_CATALOG, PG_CATALOG_NAMESPACE);
	AttrNumber	column;

	if (!OidIsValid(catalog))
		return false;
	column = get_attnum(catalog, CITUS_RELATION_COLUMN);
	return column != InvalidAttrNumber && is_listed(relation, catalog, column);
}

/* Why rows must not be written to a relation; NULL if they may. */
static const char *
problem_of(Relation rel)
{
	if (rel->rd_rel->relkind != RELKIND_RELATION &&
		rel->rd_rel->relkind != RELKIND_PARTITIONED_TABLE)
		return "It is not a table.";
	if (is_shell(RelationGetRelid(rel)))
		return "Citus has it: what is written here is read by no query.";
	return NULL;
}

void
sink_check_target(Relation rel)
{
	const char *problem = problem_of(rel);

	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("records cannot be written to relation \"%s.%s\"",
						get_namespace_name(RelationGetNamespace(rel)),
						RelationGetRelationName(rel)),
				 errdetail("%s", problem),
				 errhint("Have a plain table under that name again."),
				 errtable(rel)));
}
