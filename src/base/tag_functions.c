/*
 * tag_functions.c
 *		What tags may be, for SQL.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/tag_limits.h"
#include "compat.h"
#include "funcapi.h"

PG_FUNCTION_INFO_V1(gaiops_tag_limits);

/*
 * gaiops.tag_limits() returns a row: how many tags a call may give, and the
 * most bytes of a key and of a value
 */
Datum
gaiops_tag_limits(PG_FUNCTION_ARGS)
{
	Datum		values[3] = {
		Int32GetDatum(TAG_MAX_GIVEN),
		Int32GetDatum(TAG_MAX_KEY),
		Int32GetDatum(TAG_MAX_VALUE)
	};
	bool		nulls[3] = {false};
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "limits of tags are a row");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
