/*
 * scratch.c
 *		Memory for what is needed for a moment.
 *
 * Blocks stay in a list once they are there.  Each is at least as large as all
 * before it together, so those that are too small for a piece and passed over
 * waste no more than half.
 */
#include "core/memory/scratch.h"

#include <stdalign.h>
#include <stdint.h>

#define FIRST_BLOCK		((size_t) 4 << 10)
#define ALIGNMENT		alignof(max_align_t)

struct ScratchBlock
{
	ScratchBlock *next;
	size_t		size;
	size_t		total;			/* of this and all before it */
	alignas(max_align_t) char data[];
};

/* Adds a block behind the last, which is given, for a piece of that size. */
static ScratchBlock *
add_block(Scratch *scratch, ScratchBlock *last, size_t size)
{
	size_t		total = last == NULL ? 0 : last->total;
	size_t		block_size = total > FIRST_BLOCK ? total : FIRST_BLOCK;
	ScratchBlock *block;

	if (block_size < size)
		block_size = size;
	if (block_size > SIZE_MAX / 4)
		return NULL;
	block = arena_alloc(scratch->arena, sizeof(ScratchBlock) + block_size);
	if (block == NULL)
		return NULL;
	block->size = block_size;
	block->total = total + block_size;
	if (last == NULL)
		scratch->first = block;
	else
		last->next = block;
	return block;
}

void *
scratch_alloc(Scratch *scratch, size_t size)
{
	ScratchBlock *block = scratch->current;
	ScratchBlock *last = NULL;
	char	   *piece;

	if (size > SIZE_MAX / 4)
		return NULL;
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	if (block == NULL || block->size - scratch->used < size)
	{
		last = block;
		block = block == NULL ? scratch->first : block->next;
		while (block != NULL && block->size < size)
		{
			last = block;
			block = block->next;
		}
		if (block == NULL)
			block = add_block(scratch, last, size);
		if (block == NULL)
			return NULL;
		scratch->current = block;
		scratch->used = 0;
	}
	piece = block->data + scratch->used;
	scratch->used += size;
	return piece;
}

ScratchMark
scratch_mark(const Scratch *scratch)
{
	return (ScratchMark) {scratch->current, scratch->used};
}

void
scratch_release(Scratch *scratch, ScratchMark mark)
{
	scratch->current = mark.block;
	scratch->used = mark.used;
}
