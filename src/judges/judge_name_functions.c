/*
 * judge_name_functions.c
 *		Whether a name is one that a judge or a scorer has, or had.
 *
 * They look beyond the snapshot of the transaction: what another has committed
 * meanwhile has taken the name as well, and no key of one table tells.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "core/judge/judge_builtin.h"
#include "fmgr.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_is_judge_name);
PG_FUNCTION_INFO_V1(gaiops_is_scorer_name);

static StoreStatement find_judge = {
	"SELECT FROM gaiops.judge_versions AS j WHERE j.name OPERATOR(pg_catalog.=) $1 LIMIT 1",
	1, {TEXTOID}
};

static StoreStatement find_scorer = {
	"SELECT FROM gaiops.scorer_versions AS s WHERE s.name OPERATOR(pg_catalog.=) $1 LIMIT 1",
	1, {TEXTOID}
};

/*
 * gaiops.is_judge_name(text) returns boolean
 */
Datum
gaiops_is_judge_name(PG_FUNCTION_ARGS)
{
	Datum		name = PG_GETARG_DATUM(0);

	PG_RETURN_BOOL(judge_builtin_find(TextDatumGetCString(name), 0) != NULL || store_exists(&find_judge, &name));
}

/*
 * gaiops.is_scorer_name(text) returns boolean
 */
Datum
gaiops_is_scorer_name(PG_FUNCTION_ARGS)
{
	Datum		name = PG_GETARG_DATUM(0);

	PG_RETURN_BOOL(store_exists(&find_scorer, &name));
}
