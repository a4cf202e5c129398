/*
 * text_builder.c
 *		Text that is put together from pieces: a list of chunks that grow.
 */
#include "core/text/text_builder.h"

#include <string.h>

#define FIRST_CHUNK		((size_t) 256)
#define LARGEST_CHUNK	((size_t) 1 << 20)

struct TextChunk
{
	TextChunk  *next;
	size_t		len;
	size_t		size;
	char		data[];
};

bool
text_fail(TextBuilder *builder, TextProblem problem)
{
	if (builder->problem == TEXT_OK)
		builder->problem = problem;
	return false;
}

static void *
take_memory(TextBuilder *builder, size_t size)
{
	if (builder->scratch != NULL)
		return scratch_alloc(builder->scratch, size);
	return arena_alloc(builder->arena, size);
}

/* Adds a chunk; there is room in it for the NUL of text_finish(). */
static bool
add_chunk(TextBuilder *builder, size_t len)
{
	size_t		size = FIRST_CHUNK;
	TextChunk  *chunk;

	if (builder->last != NULL && builder->last->size < LARGEST_CHUNK)
		size = builder->last->size * 2;
	else if (builder->last != NULL)
		size = LARGEST_CHUNK;
	if (size < len)
		size = len;
	chunk = take_memory(builder, sizeof(TextChunk) + size + 1);
	if (chunk == NULL)
	{
		(void) text_fail(builder, TEXT_NO_MEMORY);
		return false;
	}
	chunk->next = NULL;
	chunk->len = 0;
	chunk->size = size;
	if (builder->last == NULL)
		builder->first = chunk;
	else
		builder->last->next = chunk;
	builder->last = chunk;
	return true;
}

bool
text_append(TextBuilder *builder, const char *data, size_t len)
{
	TextChunk  *chunk = builder->last;
	size_t		room = chunk == NULL ? 0 : chunk->size - chunk->len;

	if (builder->problem != TEXT_OK)
		return false;
	if (len > builder->limit - builder->len)
		return text_fail(builder, TEXT_TOO_LARGE);
	if (len == 0)
		return true;
	builder->len += len;
	if (room > len)
		room = len;
	if (room > 0)
	{
		memcpy(chunk->data + chunk->len, data, room);
		chunk->len += room;
	}
	if (room == len)
		return true;
	if (!add_chunk(builder, len - room))
		return false;
	memcpy(builder->last->data, data + room, len - room);
	builder->last->len = len - room;
	return true;
}

bool
text_append_cstring(TextBuilder *builder, const char *text)
{
	return text_append(builder, text, strlen(text));
}

/* Text that has come to lie in a single chunk stays there. */
char *
text_finish(TextBuilder *builder)
{
	TextChunk  *chunk = builder->first;
	char	   *text;
	size_t		at = 0;

	if (builder->problem != TEXT_OK)
		return NULL;
	if (chunk != NULL && chunk->next == NULL)
	{
		chunk->data[chunk->len] = '\0';
		return chunk->data;
	}
	text = take_memory(builder, builder->len + 1);
	if (text == NULL)
	{
		(void) text_fail(builder, TEXT_NO_MEMORY);
		return NULL;
	}
	for (; chunk != NULL; chunk = chunk->next)
	{
		memcpy(text + at, chunk->data, chunk->len);
		at += chunk->len;
	}
	text[at] = '\0';
	return text;
}
