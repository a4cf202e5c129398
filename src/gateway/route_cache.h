/*
 * route_cache.h
 *		Routes and prices, remembered while they hold.
 */
#ifndef GAIOPS_ROUTE_CACHE_H
#define GAIOPS_ROUTE_CACHE_H

#include "core/wire/openai.h"
#include "gateway/price.h"
#include "gateway/route.h"

/* What is known of an endpoint. */
typedef struct KnownRoute
{
	const Route *route;
	PricedModel asked;			/* model as sent upstream, prices in force now */
} KnownRoute;

/*
 * The route of an endpoint as it is now: committed last, or changed by this
 * transaction.  It stays as it is until the user's context is reset.  Raises
 * as route_resolve() does.
 */
extern const KnownRoute *route_cache_get(const char *endpoint,
										 MemoryContext user);

/*
 * What a call is priced by, given the name of the model that answered, which
 * is empty if it gave none: price_choose() as of when the route was read.  It
 * stays as long as the route and the current memory context.
 */
extern PricedModel route_cache_price(const KnownRoute *known, TextSlice answering);

#endif							/* GAIOPS_ROUTE_CACHE_H */
