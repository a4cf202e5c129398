/*
 * prompt.h
 *		A version of a prompt with all that it includes, as it is now.
 *
 * Nothing is remembered between loads, and each looks with the latest
 * snapshot, so that what a session loads is never stale.
 */
#ifndef GAIOPS_PROMPT_H
#define GAIOPS_PROMPT_H

#include "compat.h"
#include "prompts/prompt_content.h"

/* Reads an address, or raises. */
extern void prompt_parse_address(const char *uri, PromptAddress *address);

/*
 * Sets address->version to the one that the address means.  Raises
 * ERRCODE_GAIOPS_UNKNOWN_PROMPT, saying what exists, if it means none.
 */
extern void prompt_resolve(PromptAddress *address);

/*
 * Loads the version that an address means and all it includes, in the current
 * memory context.  Raises as prompt_resolve() does, ERRCODE_DATA_CORRUPTED if
 * a version is not what was registered, and ERRCODE_GAIOPS_INVALID_TEMPLATE
 * when it would include itself.
 */
extern Prompt *prompt_load(const PromptAddress *address);

/*
 * Raises unless a loaded version, what it includes, and the aliases that led
 * there were there before this transaction.
 */
extern void prompt_require_committed(const Prompt *prompt);

/*
 * Raises that there is no such prompt, version or alias, and says what exists.
 */
pg_noreturn extern void prompt_raise_unknown(const PromptAddress *address);

#endif							/* GAIOPS_PROMPT_H */
