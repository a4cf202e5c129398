/*
 * json_repair.h
 *		What JSON does not allow and upstreams send all the same, replaced.
 */
#ifndef GAIOPS_JSON_REPAIR_H
#define GAIOPS_JSON_REPAIR_H

#include <stdbool.h>
#include <stddef.h>

/* How often each was replaced. */
typedef struct JsonRepairs
{
	int			byte_order_marks;	/* at the beginning: left out */
	int			nul_escapes;	/* \u0000, which text cannot store: U+FFFD */
	int			surrogates;		/* half of a pair: U+FFFD */
	int			numbers;		/* NaN, Infinity and -Infinity: null */
} JsonRepairs;

/*
 * Makes a copy of text with all of these replaced, which is still to be
 * parsed: nothing else is checked.  Returns true, with the copy, which is
 * malloc'd and whose end is a NUL, and *repairs filled; false if there was
 * nothing to replace, or memory is short.
 */
extern bool json_repair(const char *text, size_t len,
						char **copy, size_t *copy_len, JsonRepairs *repairs);

#endif							/* GAIOPS_JSON_REPAIR_H */
