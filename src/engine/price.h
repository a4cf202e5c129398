/*
 * price.h
 *		The prices in force at a time, and the exact cost of a usage.
 */
#ifndef GAIOPS_PRICE_H
#define GAIOPS_PRICE_H

#include "core/usage.h"

typedef struct PriceList PriceList;

/*
 * The prices of provider's model in force at a time, in the current memory
 * context; NULL if the model has none.  Reads gaiops.prices through SPI.
 */
extern PriceList *price_lookup(const char *provider, const char *model,
							   TimestampTz at);

/*
 * The cost of a usage as a numeric, exact, in the current memory context.
 * Returns false when it is unknown: no price list, no usage, or a kind of token
 * was used that has no price.  Never touches the catalogs.
 */
extern bool price_cost(const PriceList *prices, const TokenUsage *usage,
					   Datum *cost);

#endif							/* GAIOPS_PRICE_H */
