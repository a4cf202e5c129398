/*
 * template_literal.h
 *		What the literals of a template stand for.  Nothing here raises or
 *		jumps.
 */
#ifndef GAIOPS_TEMPLATE_LITERAL_H
#define GAIOPS_TEMPLATE_LITERAL_H

#include <stdbool.h>

#include "core/json/value.h"
#include "core/memory/arena.h"

typedef enum LiteralProblem
{
	LITERAL_OK = 0,
	LITERAL_UNKNOWN_ESCAPE,
	LITERAL_NO_CHARACTER,		/* an escape of NUL, or of half a pair */
	LITERAL_TOO_LARGE,			/* a number has too many digits */
	LITERAL_NO_MEMORY
} LiteralProblem;

/*
 * Reads a string, given without its quotes.  *at and *len are where in it the
 * problem is, if there is one.
 */
extern LiteralProblem literal_string(Arena *arena, const char *text, size_t text_len,
									 Value *value, size_t *at, size_t *len);

/*
 * Reads a number, which the scanner has passed, and writes it as jsonb does:
 * without an exponent.
 */
extern LiteralProblem literal_number(Arena *arena, bool negative, const char *text,
									 size_t len, Value *value);

#endif							/* GAIOPS_TEMPLATE_LITERAL_H */
