/*
 * prompt_hash.h
 *		The hash of all that makes up a version of a prompt.
 */
#ifndef GAIOPS_PROMPT_HASH_H
#define GAIOPS_PROMPT_HASH_H

#include "compat.h"
#include "prompts/prompt_rows.h"
#include "utils/jsonb.h"

/*
 * The SHA-256 of a JSON array, as jsonb prints it, of kind, template,
 * messages, response_format, model_config, syntax and includes: 64
 * hexadecimal digits.  NULL is null; includes is an array in the same
 * spelling.
 */
extern char *prompt_hash(const char *kind, const char *template, Jsonb *messages,
						 Jsonb *response_format, Jsonb *model_config,
						 const char *syntax, const char *includes);

/*
 * Raises ERRCODE_DATA_CORRUPTED unless what a version says has the hash that
 * was stored with it.
 */
extern void prompt_hash_check(const char *name, int32 version,
							  const PromptContent *content);

/* Raises ERRCODE_DATA_CORRUPTED for a reason that is told as a sentence. */
pg_noreturn extern void prompt_raise_corrupted(const char *name, int32 version,
											   const char *detail);

#endif							/* GAIOPS_PROMPT_HASH_H */
