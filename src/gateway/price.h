/*
 * price.h
 *		The prices in force at a time, and the exact cost of a usage.
 */
#ifndef GAIOPS_PRICE_H
#define GAIOPS_PRICE_H

#include "core/wire/usage.h"
#include "datatype/timestamp.h"

typedef struct PriceList PriceList;

/* A name and the prices that were found for it; NULL if none were. */
typedef struct PricedModel
{
	const char *model;
	PriceList  *prices;
} PricedModel;

/* Why a cost is unknown. */
typedef enum CostGap
{
	COST_GAP_PRICES,			/* the model has no prices */
	COST_GAP_PRICE,				/* it has some, but none for a kind that was used */
	COST_GAP_USAGE				/* a number of tokens is unknown */
} CostGap;

/*
 * The name that prices are filed under for a provider: lower case, and
 * OpenTelemetry's where a provider is also known by another (azure for
 * azure.ai.openai).  In the current memory context.
 */
extern char *price_provider(const char *provider);

/*
 * The prices of provider's model in force at a time; NULL if it has none, and
 * if model is NULL.  provider may be NULL.
 *
 * To be called between store_open() and store_close(), as it runs a statement
 * through the store.  The result is allocated in the memory context that was
 * current at store_open(), so it is still there after store_close(); it is
 * released with that context.  What has been committed so far is seen, and
 * what this transaction did, whatever the isolation level.
 */
extern PriceList *price_lookup(const char *provider, const char *model,
							   TimestampTz at);

/*
 * Which of two models is priced, and by what: the one that was asked for,
 * whose prices have been looked up, or the one that said it answered, which
 * may be NULL.  Called like price_lookup(), for the same provider and time.
 */
extern PricedModel price_choose(const char *provider, PricedModel asked,
								const char *answering, TimestampTz at);

/*
 * When the next price of any model takes effect after a time; DT_NOEND if none
 * is on file.  Called like price_lookup().
 */
extern TimestampTz price_next_change(TimestampTz at);

/*
 * The cost of a usage as a numeric, exact, in the current memory context.
 * Returns false when it is unknown: no price list, no usage, a count that is
 * unknown or contradicts another, or a kind of token was used that has no
 * price.  A model with a price per call and no other costs just that, whatever
 * the counts.  Never touches the catalogs.
 */
extern bool price_cost(const PriceList *prices, const TokenUsage *usage,
					   Datum *cost);

/*
 * Why price_cost() found none, and whether it is the input or the output, or
 * both, whose price or number is missing.
 */
extern CostGap price_gap(const PriceList *prices, const TokenUsage *usage,
						 bool *input, bool *output);

#endif							/* GAIOPS_PRICE_H */
