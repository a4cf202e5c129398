/*
 * route_cache.c
 *		Routes and prices, remembered while they hold.
 *
 * Looking them up costs more than all else the caller's process does for a
 * call.  An entry holds as long as the store's generation is the same and no
 * price that was dated ahead has taken effect.  Keys are remembered sealed.
 */
#include "postgres.h"

#include "base/store.h"
#include "gateway/route_cache.h"
#include "http/http.h"
#include "mb/pg_wchar.h"
#include "queue/record.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define MAX_NAME 256			/* longest name of an endpoint, and its NUL */
#define MAX_ANSWERS 8			/* names of answering models that are remembered */

/* What calls are priced by that a model of some name answered. */
typedef struct CachedAnswer
{
	const char *answering;
	PricedModel priced;
} CachedAnswer;

typedef struct CachedRoute
{
	KnownRoute	known;
	MemoryContext context;		/* holds everything, this struct included */
	uint64		generation;
	TimestampTz read_at;
	TimestampTz valid_until;
	CachedAnswer answers[MAX_ANSWERS];
	int			nanswers;
	int			nusers;
	bool		dropped;		/* freed when nobody uses it any more */
} CachedRoute;

typedef struct CacheEntry
{
	char		endpoint[MAX_NAME];
	CachedRoute *route;
} CacheEntry;

/* One user of a route. */
typedef struct RouteUser
{
	MemoryContextCallback at_reset;
	CachedRoute *route;
} RouteUser;

static HTAB *routes = NULL;

static void
free_if_unused(CachedRoute *route)
{
	if (route->dropped && route->nusers == 0)
		MemoryContextDelete(route->context);
}

static void
leave_route(void *arg)
{
	RouteUser  *user = arg;

	user->route->nusers--;
	free_if_unused(user->route);
}

/* Keeps a route until the user's context is reset. */
static void
use_route(CachedRoute *route, MemoryContext context)
{
	RouteUser  *user = MemoryContextAllocZero(context, sizeof(RouteUser));

	user->route = route;
	user->at_reset.func = leave_route;
	user->at_reset.arg = user;
	MemoryContextRegisterResetCallback(context, &user->at_reset);
	route->nusers++;
}

static bool
is_valid(const CachedRoute *route, uint64 generation)
{
	return route->generation == generation &&
		GetCurrentTimestamp() < route->valid_until;
}

/*
 * Reads a route and its prices, in a context of their own below the current.
 */
static CachedRoute *
read_route(const char *endpoint, uint64 generation)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext,
												  "genaiops route",
												  ALLOCSET_SMALL_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	CachedRoute *cached = palloc0(sizeof(CachedRoute));
	StoreSession session;
	Route	   *route;

	cached->context = context;
	cached->generation = generation;
	cached->read_at = GetCurrentTimestamp();
	store_open(&session);
	route = route_resolve(endpoint);
	cached->known.route = route;
	cached->known.asked.model = route->model ? route->model : route->endpoint;
	cached->known.asked.prices = price_lookup(route->provider,
											  cached->known.asked.model,
											  cached->read_at);
	cached->valid_until = price_next_change(cached->read_at);
	store_close(&session);
	MemoryContextSwitchTo(old);
	return cached;
}

static CacheEntry *
find_entry(const char *endpoint, HASHACTION action)
{
	char		key[MAX_NAME] = {0};

	if (routes == NULL)
	{
		HASHCTL		info = {.keysize = MAX_NAME,.entrysize = sizeof(CacheEntry)};

		routes = hash_create("genaiops routes", 16, &info, HASH_ELEM | HASH_BLOBS);
	}
	strlcpy(key, endpoint, sizeof(key));
	return hash_search(routes, key, action, NULL);
}

/* Takes an entry out of the cache. */
static void
drop_entry(const char *endpoint, CachedRoute *route)
{
	(void) find_entry(endpoint, HASH_REMOVE);
	route->dropped = true;
	free_if_unused(route);
}

const KnownRoute *
route_cache_get(const char *endpoint, MemoryContext user)
{
	CacheEntry *entry = NULL;
	CachedRoute *route;
	uint64		generation;

	store_lock_configuration(AccessShareLock);
	generation = store_generation();
	if (strlen(endpoint) < MAX_NAME)
		entry = find_entry(endpoint, HASH_FIND);
	if (entry != NULL && !is_valid(entry->route, generation))
	{
		drop_entry(endpoint, entry->route);
		entry = NULL;
	}
	if (entry == NULL)
	{
		route = read_route(endpoint, generation);
		entry = find_entry(endpoint, HASH_ENTER);
		entry->route = route;
		MemoryContextSetParent(route->context, TopMemoryContext);
	}
	else if (!entry->route->known.route->is_echo)
		http_url_check(entry->route->known.route->url); /* settings may differ */
	use_route(entry->route, user);
	return &entry->route->known;
}

/* Chooses what is priced, in the current memory context. */
static CachedAnswer
choose(const CachedRoute *cached, const char *answering)
{
	CachedAnswer answer = {.answering = pstrdup(answering)};
	StoreSession session;

	store_open(&session);
	answer.priced = price_choose(cached->known.route->provider,
								 cached->known.asked, answer.answering,
								 cached->read_at);
	store_close(&session);
	return answer;
}

PricedModel
route_cache_price(const KnownRoute *known, TextSlice answering)
{
	CachedRoute *cached = (CachedRoute *) known;	/* its first member */
	MemoryContext old;
	char	   *name;

	if (answering.data == NULL)
		return known->asked;
	/* as much of it as is recorded, for repricing knows no more */
	name = pnstrdup(answering.data,
					pg_mbcliplen(answering.data, (int) answering.len, RECORD_MAX_LABEL));
	for (int i = 0; i < cached->nanswers; i++)
	{
		if (strcmp(cached->answers[i].answering, name) == 0)
			return cached->answers[i].priced;
	}
	if (cached->nanswers == MAX_ANSWERS)
		return choose(cached, name).priced;
	old = MemoryContextSwitchTo(cached->context);
	cached->answers[cached->nanswers] = choose(cached, name);
	MemoryContextSwitchTo(old);
	return cached->answers[cached->nanswers++].priced;
}
