/* core/memory/arena as the server has it. */
#undef ARENA_ONE_PIECE_PER_BLOCK
#define arena_create		blocks_create
#define arena_alloc			blocks_alloc
#define arena_is_exhausted	blocks_is_exhausted
#define arena_free			blocks_free
#include "core/memory/arena.c"

#include "check.h"

static bool
is_aligned(const void *piece)
{
	return (uintptr_t) piece % alignof(max_align_t) == 0;
}

/* Pieces of all sizes: zero, aligned, each its own. */
static void
test_pieces(void)
{
	Arena	   *arena = arena_create((size_t) 64 << 20);
	unsigned char *pieces[2000];

	for (size_t i = 0; i < 2000; i++)
	{
		size_t		size = i < 1900 ? i : i * 100;
		bool		zero = true;

		pieces[i] = arena_alloc(arena, size);
		if (pieces[i] == NULL || !is_aligned(pieces[i]))
			CHECK(false);
		for (size_t j = 0; j < size; j++)
			zero = zero && pieces[i][j] == 0;
		if (!zero)
			CHECK(zero);
		memset(pieces[i], (int) (i % 255) + 1, size);
	}
	for (size_t i = 1; i < 2000; i++)
		if (pieces[i][0] != i % 255 + 1)
			CHECK_INT(pieces[i][0], i % 255 + 1);
	CHECK(!arena_is_exhausted(arena));
	arena_free(arena);
	arena_free(NULL);
}

static void
test_limit(void)
{
	Arena	   *arena = arena_create(100);

	CHECK(arena_alloc(arena, 60) != NULL);
	CHECK(arena_alloc(arena, 40) != NULL);
	CHECK(!arena_is_exhausted(arena));
	CHECK(arena_alloc(arena, 1) == NULL);
	CHECK(arena_is_exhausted(arena));
	arena_free(arena);

	arena = arena_create(100);
	CHECK(arena_alloc(arena, 101) == NULL);
	/* Once refused, always refused. */
	CHECK(arena_alloc(arena, 1) == NULL);
	arena_free(arena);

	arena = arena_create(0);
	CHECK(arena_alloc(arena, 0) == NULL);
	arena_free(arena);

	arena = arena_create(SIZE_MAX);
	CHECK(arena_alloc(arena, SIZE_MAX) == NULL);
	CHECK(arena_is_exhausted(arena));
	arena_free(arena);
}

int
main(void)
{
	test_pieces();
	test_limit();
	return check_finish();
}
