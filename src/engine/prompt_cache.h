/*
 * prompt_cache.h
 *		Parsed prompts, remembered by the hash of their content.
 *
 * What has that hash says the same for ever, so nothing here gets stale: which
 * hash a version has is looked up at each use.
 */
#ifndef GAIOPS_PROMPT_CACHE_H
#define GAIOPS_PROMPT_CACHE_H

#include "engine/prompt_content.h"

/*
 * A copy of what has this hash, in the current memory context; the parts of it
 * stay until that context is reset.  NULL if it is not remembered.
 */
extern Prompt *prompt_cache_find(const char *hash);

/*
 * Remembers a prompt that includes no others.  context holds it and its arena,
 * and nothing else; it is the cache's from now on, and the prompt must be looked
 * up again to be used.  Returns false, and leaves it, if it is too large.
 */
extern bool prompt_cache_add(Prompt *prompt, MemoryContext context);

#endif							/* GAIOPS_PROMPT_CACHE_H */
