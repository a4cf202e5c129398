/*
 * prompt_cache.c
 *		Parsed prompts, remembered by the hash of their content.
 */
#include "postgres.h"

#include "engine/prompt_cache.h"
#include "utils/hsearch.h"
#include "utils/memutils.h"

#define HASH_LENGTH 64			/* hexadecimal digits */
#define MAX_ENTRY ((Size) 1 << 20)	/* bytes of one prompt */
#define MAX_TOTAL ((Size) 8 << 20)	/* bytes of all of them */

typedef struct CachedPrompt
{
	Prompt	   *prompt;
	MemoryContext context;		/* holds the prompt, and this */
	int			nusers;
	bool		dropped;		/* freed when nobody uses it any more */
} CachedPrompt;

typedef struct CacheEntry
{
	char		hash[HASH_LENGTH];
	CachedPrompt *cached;
} CacheEntry;

/* One use of a prompt. */
typedef struct PromptUser
{
	MemoryContextCallback at_reset;
	CachedPrompt *cached;
} PromptUser;

static HTAB *prompts = NULL;
static Size total = 0;

static void
free_if_unused(CachedPrompt *cached)
{
	if (cached->dropped && cached->nusers == 0)
		MemoryContextDelete(cached->context);
}

static void
leave_prompt(void *arg)
{
	PromptUser *user = arg;

	user->cached->nusers--;
	free_if_unused(user->cached);
}

/* Keeps a prompt until the current context is reset. */
static void
use_prompt(CachedPrompt *cached)
{
	PromptUser *user = palloc0(sizeof(PromptUser));

	user->cached = cached;
	user->at_reset.func = leave_prompt;
	user->at_reset.arg = user;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, &user->at_reset);
	cached->nusers++;
}

Prompt *
prompt_cache_find(const char *hash)
{
	CacheEntry *entry = NULL;
	Prompt	   *copy;

	if (prompts != NULL && strlen(hash) == HASH_LENGTH)
		entry = hash_search(prompts, hash, HASH_FIND, NULL);
	if (entry == NULL)
		return NULL;
	copy = palloc(sizeof(Prompt));
	*copy = *entry->cached->prompt;
	use_prompt(entry->cached);
	return copy;
}

/* Forgets everything: what is used at the moment stays until it is not. */
static void
drop_all(void)
{
	HASH_SEQ_STATUS scan;
	CacheEntry *entry;

	hash_seq_init(&scan, prompts);
	while ((entry = hash_seq_search(&scan)) != NULL)
	{
		CachedPrompt *cached = entry->cached;

		(void) hash_search(prompts, entry->hash, HASH_REMOVE, NULL);
		cached->dropped = true;
		free_if_unused(cached);
	}
	total = 0;
}

static void
make_table(void)
{
	HASHCTL		info = {.keysize = HASH_LENGTH,.entrysize = sizeof(CacheEntry)};

	prompts = hash_create("genaiops prompts", 32, &info, HASH_ELEM | HASH_BLOBS);
}

bool
prompt_cache_add(Prompt *prompt, MemoryContext context)
{
	Size		size = MemoryContextMemAllocated(context, true) + arena_size(prompt->arena);
	CachedPrompt *cached;
	CacheEntry *entry;

	if (size > MAX_ENTRY || strlen(prompt->content_hash) != HASH_LENGTH)
		return false;
	if (prompts == NULL)
		make_table();
	if (total + size > MAX_TOTAL)
		drop_all();
	cached = MemoryContextAllocZero(context, sizeof(CachedPrompt));
	cached->prompt = prompt;
	cached->context = context;
	entry = hash_search(prompts, prompt->content_hash, HASH_ENTER, NULL);
	entry->cached = cached;
	total += size;
	MemoryContextSetParent(context, TopMemoryContext);
	return true;
}
