/*
 * experiment_functions.c
 *		Experiments: making them, and choosing one.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/caller.h"
#include "compat.h"
#include "miscadmin.h"
#include "tracking/experiment.h"
#include "utils/builtins.h"
#include "utils/guc.h"

PG_FUNCTION_INFO_V1(gaiops_set_experiment);
PG_FUNCTION_INFO_V1(gaiops_make_experiment);
PG_FUNCTION_INFO_V1(gaiops_experiment_exists);

/*
 * gaiops_set_experiment(name, is_local) returns text
 */
Datum
gaiops_set_experiment(PG_FUNCTION_ARGS)
{
	char	   *name = argument_required_text(fcinfo, 0, "name");
	bool		is_local = !PG_ARGISNULL(1) && PG_GETARG_BOOL(1);

	caller_require_open_operation(fcinfo);
	experiment_make(name, caller_role_name(GetUserId()));
	(void) set_config_option("gaiops.experiment", name, PGC_USERSET,
							 PGC_S_SESSION,
							 is_local ? GUC_ACTION_LOCAL : GUC_ACTION_SET,
							 true, 0, false);
	PG_RETURN_TEXT_P(cstring_to_text(name));
}

/*
 * gaiops.make_experiment(name, created_by name) returns boolean: whether it
 * is new
 */
Datum
gaiops_make_experiment(PG_FUNCTION_ARGS)
{
	char	   *name = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_BOOL(experiment_create(name, PG_GETARG_DATUM(1)));
}

/*
 * gaiops.experiment_exists(name) returns boolean
 */
Datum
gaiops_experiment_exists(PG_FUNCTION_ARGS)
{
	PG_RETURN_BOOL(experiment_exists(text_to_cstring(PG_GETARG_TEXT_PP(0))));
}
