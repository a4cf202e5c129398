/*
 * judge_refusals.c
 *		What models are known not to take of a judge's request.
 */
#include "postgres.h"

#include "gateway/route_cache.h"
#include "judges/judge_refusals.h"
#include "utils/hsearch.h"

#define MOST_KNOWN	1000		/* models; more are not remembered */
#define KEY_SIZE	1024

typedef struct Refusal
{
	char		key[KEY_SIZE];	/* endpoint and model */
	unsigned	refused;
} Refusal;

static HTAB *refusals = NULL;

/* The entry of an endpoint with the model it has; NULL if there is none. */
static Refusal *
find_refusal(const char *endpoint, HASHACTION action)
{
	const KnownRoute *known = route_cache_get(endpoint, CurrentMemoryContext);
	char		key[KEY_SIZE];
	HASHCTL		control = {.keysize = KEY_SIZE,.entrysize = sizeof(Refusal)};
	bool		found;
	Refusal    *refusal;

	if (refusals == NULL)
		refusals = hash_create("genaiops refusals of judges", 16, &control, HASH_ELEM | HASH_STRINGS);
	snprintf(key, sizeof(key), "%s\n%s", endpoint, known->asked.model ? known->asked.model : "");
	if (hash_get_num_entries(refusals) >= MOST_KNOWN)
		action = HASH_FIND;
	refusal = hash_search(refusals, key, action, &found);
	if (refusal != NULL && !found)
		refusal->refused = 0;
	return refusal;
}

unsigned
judge_refusals_known(const char *endpoint)
{
	Refusal    *refusal = find_refusal(endpoint, HASH_FIND);

	return refusal == NULL ? 0 : refusal->refused;
}

void
judge_refusals_remember(const char *endpoint, unsigned refused)
{
	Refusal    *refusal = find_refusal(endpoint, HASH_ENTER);

	if (refusal != NULL)
		refusal->refused |= refused;
}
