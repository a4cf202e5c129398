/*
 * prices.c
 *		SQL-callable functions on prices that the engine answers.
 */
#include "postgres.h"

#include "engine/price.h"
#include "engine/store.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(gaiops_get_cost);
PG_FUNCTION_INFO_V1(gaiops_normalize_provider);

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

/*
 * gaiops_get_cost(provider, model, input_tokens, output_tokens,
 * cached_input_tokens, cache_write_tokens, reasoning_tokens, at) returns what
 * that usage costs at the prices in force at that time, or NULL if unknown.
 */
PGDLLEXPORT Datum
gaiops_get_cost(PG_FUNCTION_ARGS)
{
	TokenUsage	usage;
	StoreSession session;
	PriceList  *prices;
	char	   *provider;
	char	   *model;
	Datum		cost;

	usage.input_tokens = get_count_arg(fcinfo, FIRST_COUNT);
	usage.output_tokens = get_count_arg(fcinfo, FIRST_COUNT + 1);
	usage.cached_input_tokens = get_count_arg(fcinfo, FIRST_COUNT + 2);
	usage.cache_write_tokens = get_count_arg(fcinfo, FIRST_COUNT + 3);
	usage.reasoning_tokens = get_count_arg(fcinfo, FIRST_COUNT + 4);
	if (PG_ARGISNULL(1) || PG_ARGISNULL(ARG_AT))
		PG_RETURN_NULL();
	provider = PG_ARGISNULL(0) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(0));
	model = text_to_cstring(PG_GETARG_TEXT_PP(1));

	store_open(&session);
	prices = price_lookup(provider, model, PG_GETARG_TIMESTAMPTZ(ARG_AT));
	store_close(&session);

	if (!price_cost(prices, &usage, &cost))
		PG_RETURN_NULL();
	PG_RETURN_DATUM(cost);
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
