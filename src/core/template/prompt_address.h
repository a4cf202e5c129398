/*
 * prompt_address.h
 *		How a prompt version is named: prompts:/name/3, prompts:/name@alias,
 *		prompts:/name@latest, prompts:/name, or a bare name.
 */
#ifndef GAIOPS_PROMPT_ADDRESS_H
#define GAIOPS_PROMPT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROMPT_MAX_NAME 255		/* bytes of a name, and of an alias */

typedef struct PromptAddress
{
	char		name[PROMPT_MAX_NAME + 1];
	int32_t		version;		/* 0 unless the address has one */
	char		alias[PROMPT_MAX_NAME + 1]; /* empty unless it has one;
											 * "latest" is none */
} PromptAddress;

/*
 * Reads text[0 .. len).  Without a version and an alias the address is of the
 * latest version.  Returns false, with *problem a sentence that says what is
 * wrong, if it is no address.
 */
extern bool prompt_address_parse(const char *text, size_t len,
								 PromptAddress *address, const char **problem);

/* What is wrong with a name or an alias, as a sentence; NULL if nothing. */
extern const char *prompt_name_problem(const char *name, size_t len);
extern const char *prompt_alias_problem(const char *alias, size_t len);

#endif							/* GAIOPS_PROMPT_ADDRESS_H */
