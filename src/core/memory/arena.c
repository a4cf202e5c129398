/*
 * arena.c
 *		Memory that is taken piece by piece and given back as a whole.
 *
 * Pieces are cut from blocks that grow.  If told so at compile time
 * each piece is a block of its own: AddressSanitizer then sees what leaves it.
 */
#include "core/memory/arena.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef ARENA_ONE_PIECE_PER_BLOCK
#define FIRST_BLOCK		((size_t) 0)
#define LARGEST_BLOCK	((size_t) 1)
#else
#define FIRST_BLOCK		((size_t) 8 << 10)
#define LARGEST_BLOCK	((size_t) 1 << 20)
#endif

#define ALIGNMENT		alignof(max_align_t)

typedef struct Block
{
	struct Block *next;
	size_t		size;
	size_t		used;
	alignas(max_align_t) char data[];
} Block;

struct Arena
{
	Block	   *blocks;			/* the first one is being cut */
	size_t		next_size;
	size_t		left;			/* of the limit */
	bool		exhausted;
};

Arena *
arena_create(size_t limit)
{
	Arena	   *arena = calloc(1, sizeof(Arena));

	if (arena == NULL)
		return NULL;
	arena->left = limit;
	arena->next_size = FIRST_BLOCK;
	return arena;
}

/*
 * Adds a block that holds at least size bytes and returns it.  One for a
 * single large piece goes behind the first, which still has room for small
 * ones.
 */
static Block *
add_block(Arena *arena, size_t size)
{
	bool		is_single = size >= arena->next_size;
	size_t		block_size = is_single ? size : arena->next_size;
	Block	   *block;

	if (block_size > SIZE_MAX - sizeof(Block))
		return NULL;
	block = calloc(1, sizeof(Block) + block_size);
	if (block == NULL)
		return NULL;
	block->size = block_size;
	if (is_single && arena->blocks != NULL)
	{
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	}
	else
	{
		block->next = arena->blocks;
		arena->blocks = block;
	}
	if (!is_single && arena->next_size < LARGEST_BLOCK)
		arena->next_size *= 2;
	return block;
}

void *
arena_alloc(Arena *arena, size_t size)
{
	Block	   *block = arena->blocks;
	void	   *piece;

	if (size == 0)
		size = 1;
	if (arena->exhausted || size > arena->left)
	{
		arena->exhausted = true;
		return NULL;
	}
	if (block == NULL || size > block->size - block->used)
		block = add_block(arena, size);
	if (block == NULL)
	{
		arena->exhausted = true;
		return NULL;
	}
	arena->left -= size;
	piece = block->data + block->used;
	/* What is lost to alignment may be more than is left of the block. */
	size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
	block->used = size < block->size - block->used ? block->used + size : block->size;
	return piece;
}

int
arena_is_exhausted(const Arena *arena)
{
	return arena->exhausted;
}

void
arena_free(Arena *arena)
{
	Block	   *next;

	if (arena == NULL)
		return;
	for (Block *block = arena->blocks; block != NULL; block = next)
	{
		next = block->next;
		free(block);
	}
	free(arena);
}
