/*
 * interval_functions.c
 *		Intervals of what one run has measured, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "compat.h"
#include "core/stats/proportion.h"
#include "core/stats/sample.h"
#include "fmgr.h"
#include "funcapi.h"

PG_FUNCTION_INFO_V1(gaiops_share_interval);
PG_FUNCTION_INFO_V1(gaiops_mean_interval);

/* A row of both bounds, NULL where they are not defined. */
static Datum
make_row(FunctionCallInfo fcinfo, Bounds interval)
{
	Datum		values[] = {Float8GetDatum(interval.low), Float8GetDatum(interval.high)};
	bool		nulls[] = {isnan(interval.low), isnan(interval.high)};
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/*
 * gaiops.share_interval(passed, n) returns a row; raises if passed is no part
 * of n
 */
Datum
gaiops_share_interval(PG_FUNCTION_ARGS)
{
	Share		share = {0};

	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1))
		share = (Share) {PG_GETARG_INT64(0), PG_GETARG_INT64(1)};
	if (share.k < 0 || share.k > share.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be from 0 to \"%s\"", "passed", "n")));
	PG_RETURN_DATUM(make_row(fcinfo, share_interval(share)));
}

/*
 * gaiops.mean_interval(n, mean, sd) returns a row
 */
Datum
gaiops_mean_interval(PG_FUNCTION_ARGS)
{
	Moments		moments = {0, NAN, NAN};

	if (!PG_ARGISNULL(0) && !PG_ARGISNULL(1) && !PG_ARGISNULL(2))
		moments = (Moments) {(size_t) Max(PG_GETARG_INT64(0), 0), PG_GETARG_FLOAT8(1), PG_GETARG_FLOAT8(2)};
	PG_RETURN_DATUM(make_row(fcinfo, sample_student(moments)));
}
