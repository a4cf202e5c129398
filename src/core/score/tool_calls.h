/*
 * tool_calls.h
 *		Whether an answer calls the tools that it should.
 *
 * A call is an object with "name" and "arguments", or one of OpenAI's, which
 * has these in "function", and the arguments as text.  Nothing here raises or
 * jumps but by the interrupt callback of json_text.h.
 */
#ifndef GAIOPS_TOOL_CALLS_H
#define GAIOPS_TOOL_CALLS_H

#include <stdbool.h>

#include "core/json/value.h"
#include "core/memory/arena.h"

/* Most calls that may be expected of an answer. */
#define TOOL_CALLS_MAX	1000

/* How arguments are compared; those that are not expected never are. */
typedef enum ToolArguments
{
	TOOL_ARGUMENTS_EQUAL = 0,	/* the same, but 1 is 1.0 */
	TOOL_ARGUMENTS_CONTAIN,		/* with the expected members among them */
	TOOL_ARGUMENTS_IGNORE
} ToolArguments;

typedef enum ToolOutcome
{
	TOOL_CALLS_MATCH,
	TOOL_CALLS_DIFFER,			/* in *number, or in how many there are */
	TOOL_CALLS_UNREADABLE		/* no memory, or what is expected are no calls,
								 * or too many */
} ToolOutcome;

typedef struct ToolMatch
{
	ToolOutcome outcome;
	size_t		called;			/* how many there are */
	size_t		expected;
	size_t		number;			/* from 1: of an expected call that has none
								 * of its own; 0 if their number differs */
	const char *name;			/* of that call, with its length */
	size_t		name_len;
} ToolMatch;

/* The calls in an answer: an array, or in its member tool_calls; or none. */
extern const Value *tool_calls_in(const Value *outputs);

/*
 * Compares calls with expected ones, in their order or in any.  In any order
 * each called one serves one expected one.
 */
extern ToolMatch tool_calls_compare(const Value *called, const Value *expected,
									bool any_order, ToolArguments arguments, Arena *arena);

#endif							/* GAIOPS_TOOL_CALLS_H */
