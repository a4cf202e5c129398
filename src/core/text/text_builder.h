/*
 * text_builder.h
 *		Text that is put together from pieces, up to a limit.
 *
 * The first thing that goes wrong is kept, and nothing is appended after it.
 * Nothing here raises or jumps.
 */
#ifndef GAIOPS_TEXT_BUILDER_H
#define GAIOPS_TEXT_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "core/memory/scratch.h"

typedef enum TextProblem
{
	TEXT_OK = 0,
	TEXT_TOO_LARGE,				/* for the limit */
	TEXT_TOO_DEEP,				/* a value is nested too deeply to be printed */
	TEXT_NO_MEMORY
} TextProblem;

typedef struct TextChunk TextChunk;

/* All zero to begin with but for the limit and one of the first two. */
typedef struct TextBuilder
{
	Scratch    *scratch;		/* where the text comes to lie: for a moment */
	Arena	   *arena;			/* or for good */
	size_t		limit;
	size_t		len;
	TextChunk  *first;
	TextChunk  *last;
	TextProblem problem;
} TextBuilder;

/* False if there is a problem. */
extern bool text_append(TextBuilder *builder, const char *data, size_t len);

/* The same with a string that ends in a NUL. */
extern bool text_append_cstring(TextBuilder *builder, const char *text);

/* Notes a problem unless there is one; returns false. */
extern bool text_fail(TextBuilder *builder, TextProblem problem);

/* The text, builder->len bytes and a NUL; NULL if there is a problem. */
extern char *text_finish(TextBuilder *builder);

#endif							/* GAIOPS_TEXT_BUILDER_H */
