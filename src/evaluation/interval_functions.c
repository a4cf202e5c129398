/*
 * interval_functions.c
 *		Intervals of what one run has measured, for SQL.
 */
#include "postgres.h"

#include "fmgr.h"

PG_FUNCTION_INFO_V1(gaiops_share_interval);
PG_FUNCTION_INFO_V1(gaiops_mean_interval);

Datum
gaiops_share_interval(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_mean_interval(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}
