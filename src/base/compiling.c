/*
 * compiling.c
 *		Queries on tables of ours are not compiled.
 *
 * Views on spans look things up in every partition, so their plans have many
 * expressions, of which few are ever evaluated.  The planner adds up what all
 * of them might cost, and has them compiled (JIT), which takes seconds where
 * the query takes milliseconds.
 */
#include "postgres.h"

#include "base/compiling.h"
#include "base/hooks.h"
#include "catalog/namespace.h"
#include "jit/jit.h"
#include "utils/lsyscache.h"

/* Whether a query reads any table or view of ours, or a partition itself. */
static bool
reads_ours(const PlannedStmt *query)
{
	const Oid	schema = get_namespace_oid("gaiops", true);
	const Oid	partitions = get_namespace_oid("gaiops_partitions", true);
	ListCell   *cell;

	if (!OidIsValid(schema))
		return false;
	foreach(cell, query->relationOids)
	{
		const Oid	of = get_rel_namespace(lfirst_oid(cell));

		if (of == schema || (of == partitions && OidIsValid(of)))
			return true;
	}
	return false;
}

/* A plan that is kept stays so, since what it reads does. */
static void
keep_from_compiling(PlannedStmt *query)
{
	if (query->jitFlags != PGJIT_NONE && reads_ours(query))
		query->jitFlags = PGJIT_NONE;
}

void
compiling_init(void)
{
	static const Hooks hooks = {.before_query = keep_from_compiling};

	hooks_register(&hooks);
}
