/*
 * route_cache.h
 *		Routes and prices, remembered while they hold.
 */
#ifndef GAIOPS_ROUTE_CACHE_H
#define GAIOPS_ROUTE_CACHE_H

#include "engine/price.h"
#include "engine/route.h"

/* What is known of an endpoint. */
typedef struct KnownRoute
{
	const Route *route;
	const char *model;			/* as sent upstream */
	PriceList  *prices;			/* in force now; NULL if there are none */
} KnownRoute;

/*
 * The route of an endpoint as it is now: committed last, or changed by this
 * transaction.  It stays as it is until the user's context is reset.  Raises as
 * route_resolve() does.
 */
extern const KnownRoute *route_cache_get(const char *endpoint,
										 MemoryContext user);

#endif							/* GAIOPS_ROUTE_CACHE_H */
