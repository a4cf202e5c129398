/*
 * statistic_functions.c
 *		Statistics of a comparison, for SQL.
 */
#include "postgres.h"

#include "fmgr.h"

PG_FUNCTION_INFO_V1(gaiops_compare_numbers);
PG_FUNCTION_INFO_V1(gaiops_compare_passes);
PG_FUNCTION_INFO_V1(gaiops_compare_arms);
PG_FUNCTION_INFO_V1(gaiops_compare_shares);
PG_FUNCTION_INFO_V1(gaiops_compare_durations);
PG_FUNCTION_INFO_V1(gaiops_compare_totals);
PG_FUNCTION_INFO_V1(gaiops_quantile_interval);
PG_FUNCTION_INFO_V1(gaiops_holm);
PG_FUNCTION_INFO_V1(gaiops_comparison_verdict);
PG_FUNCTION_INFO_V1(gaiops_n_needed);
PG_FUNCTION_INFO_V1(gaiops_pairs_needed);

Datum
gaiops_compare_numbers(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_compare_passes(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_compare_arms(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_compare_shares(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_compare_durations(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_compare_totals(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_quantile_interval(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_holm(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_comparison_verdict(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_n_needed(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}

Datum
gaiops_pairs_needed(PG_FUNCTION_ARGS)
{
	elog(ERROR, "not yet");
}
