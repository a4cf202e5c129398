/*
 * latest_functions.c
 *		The aggregate that returns the value with the latest time.
 */
#include "postgres.h"

#include "compat.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(gaiops_latest_add);
PG_FUNCTION_INFO_V1(gaiops_latest_result);

/* The latest value so far, in the memory of the aggregate. */
typedef struct Latest
{
	TimestampTz at;
	text	   *value;
} Latest;

static bool
is_later(const Latest *state, const text *value, TimestampTz at)
{
	int			order;

	if (state->value == NULL || at != state->at)
		return state->value == NULL || at > state->at;
	order = memcmp(VARDATA_ANY(value), VARDATA_ANY(state->value),
				   Min(VARSIZE_ANY_EXHDR(value), VARSIZE_ANY_EXHDR(state->value)));
	return order > 0 ||
		(order == 0 && VARSIZE_ANY_EXHDR(value) > VARSIZE_ANY_EXHDR(state->value));
}

/*
 * gaiops.latest_add(state, value, at) returns internal
 */
Datum
gaiops_latest_add(PG_FUNCTION_ARGS)
{
	Latest	   *state = PG_ARGISNULL(0) ? NULL : (Latest *) PG_GETARG_POINTER(0);
	MemoryContext context;
	text	   *value;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "aggregate function called in non-aggregate context");
	if (state == NULL)
		state = MemoryContextAllocZero(context, sizeof(Latest));
	if (PG_ARGISNULL(1) || PG_ARGISNULL(2))
		PG_RETURN_POINTER(state);
	value = PG_GETARG_TEXT_PP(1);
	if (is_later(state, value, PG_GETARG_TIMESTAMPTZ(2)))
	{
		if (state->value != NULL)
			pfree(state->value);
		state->value = MemoryContextAlloc(context, VARSIZE_ANY(value));
		memcpy(state->value, value, VARSIZE_ANY(value));
		state->at = PG_GETARG_TIMESTAMPTZ(2);
	}
	PG_RETURN_POINTER(state);
}

/*
 * gaiops.latest_result(state) returns text
 */
Datum
gaiops_latest_result(PG_FUNCTION_ARGS)
{
	const Latest *state = PG_ARGISNULL(0) ? NULL : (Latest *) PG_GETARG_POINTER(0);

	if (state == NULL || state->value == NULL)
		PG_RETURN_NULL();
	PG_RETURN_TEXT_P(state->value);
}
