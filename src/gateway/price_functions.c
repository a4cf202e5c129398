/*
 * price_functions.c
 *		SQL-callable functions on prices.
 */
#include "postgres.h"

#include "base/store.h"
#include "fmgr.h"
#include "funcapi.h"
#include "gateway/price.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(gaiops_get_cost);
PG_FUNCTION_INFO_V1(gaiops_normalize_provider);
PG_FUNCTION_INFO_V1(gaiops_price_attempt);

/* Arguments of gaiops_get_cost() that count tokens. */
#define FIRST_COUNT 2
#define NCOUNTS 5
#define ARG_AT (FIRST_COUNT + NCOUNTS)

/*
 * Takes the position of a count among the arguments; returns it, or
 * TOKENS_UNKNOWN for NULL.  Raises if it is negative.
 */
static int64
get_count_arg(FunctionCallInfo fcinfo, int argno)
{
	int64		count;

	if (PG_ARGISNULL(argno))
		return TOKENS_UNKNOWN;
	count = PG_GETARG_INT64(argno);
	if (count < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("number of tokens must not be negative"),
				 errhint("An unknown number is NULL.")));
	return count;
}

/* Takes the position of the first of NCOUNTS counts; returns them. */
static TokenUsage
get_usage_args(FunctionCallInfo fcinfo, int first)
{
	TokenUsage	usage;

	usage.input_tokens = get_count_arg(fcinfo, first);
	usage.output_tokens = get_count_arg(fcinfo, first + 1);
	usage.cached_input_tokens = get_count_arg(fcinfo, first + 2);
	usage.cache_write_tokens = get_count_arg(fcinfo, first + 3);
	usage.reasoning_tokens = get_count_arg(fcinfo, first + 4);
	return usage;
}

/* Takes the position of a text argument; returns it, or NULL. */
static char *
get_text_arg(FunctionCallInfo fcinfo, int argno)
{
	return PG_ARGISNULL(argno) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(argno));
}

/*
 * gaiops_get_cost(provider, model, input_tokens, output_tokens,
 * cached_input_tokens, cache_write_tokens, reasoning_tokens, at) returns what
 * that usage costs at the prices in force at that time, or NULL if unknown.
 */
PGDLLEXPORT Datum
gaiops_get_cost(PG_FUNCTION_ARGS)
{
	TokenUsage	usage = get_usage_args(fcinfo, FIRST_COUNT);
	StoreSession session;
	PriceList  *prices;
	char	   *provider;
	char	   *model;
	Datum		cost;

	if (PG_ARGISNULL(1) || PG_ARGISNULL(ARG_AT))
		PG_RETURN_NULL();
	provider = get_text_arg(fcinfo, 0);
	model = text_to_cstring(PG_GETARG_TEXT_PP(1));

	store_open(&session);
	prices = price_lookup(provider, model, PG_GETARG_TIMESTAMPTZ(ARG_AT));
	store_close(&session);

	if (!price_cost(prices, &usage, &cost))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(cost);
}

/*
 * gaiops.price_attempt(provider, model, response_model, input_tokens,
 * output_tokens, cached_input_tokens, cache_write_tokens, reasoning_tokens,
 * at) returns what the attempt costs and which of its models was priced, as
 * recording it does.
 */
PGDLLEXPORT Datum
gaiops_price_attempt(PG_FUNCTION_ARGS)
{
	TokenUsage	usage = get_usage_args(fcinfo, FIRST_COUNT + 1);
	char	   *provider = get_text_arg(fcinfo, 0);
	PricedModel priced = {.model = get_text_arg(fcinfo, 1)};
	char	   *answering = get_text_arg(fcinfo, 2);
	TimestampTz at = PG_GETARG_TIMESTAMPTZ(ARG_AT + 1);
	Datum		values[2] = {0};
	bool		nulls[2] = {true, true};
	TupleDesc	tupdesc;
	StoreSession session;

	store_open(&session);
	priced.prices = price_lookup(provider, priced.model, at);
	priced = price_choose(provider, priced, answering, at);
	store_close(&session);

	if (price_cost(priced.prices, &usage, &values[0]))
	{
		values[1] = CStringGetTextDatum(priced.model);
		nulls[0] = nulls[1] = false;
	}
	if (get_call_result_type(fcinfo, NULL, &tupdesc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(tupdesc), values, nulls)));
}

/*
 * gaiops.normalize_provider(name) returns the name that the provider's prices
 * are filed under.
 */
PGDLLEXPORT Datum
gaiops_normalize_provider(PG_FUNCTION_ARGS)
{
	char	   *provider = text_to_cstring(PG_GETARG_TEXT_PP(0));

	PG_RETURN_TEXT_P(cstring_to_text(price_provider(provider)));
}
