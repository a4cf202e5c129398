/*
 * Memory used again, and text built in it: core/memory/scratch,
 * core/text/text_builder.
 */
#include "core/memory/scratch.h"

#include <stdalign.h>
#include <stdint.h>

#include "check.h"
#include "core/text/text_builder.h"

static bool
is_aligned(const void *piece)
{
	return (uintptr_t) piece % alignof(max_align_t) == 0;
}

/* What was released is given out again. */
static void
test_scratch(void)
{
	Arena	   *arena = arena_create((size_t) 1 << 20);
	Scratch		scratch = {.arena = arena};
	ScratchMark bottom = scratch_mark(&scratch);
	char	   *first = scratch_alloc(&scratch, 10);
	ScratchMark middle = scratch_mark(&scratch);
	char	   *second = scratch_alloc(&scratch, 20);
	char	   *large = scratch_alloc(&scratch, 100000);

	CHECK(is_aligned(first) && is_aligned(second) && is_aligned(large));
	CHECK(second >= first + 10);
	memset(large, 'x', 100000);
	scratch_release(&scratch, middle);
	CHECK(scratch_alloc(&scratch, 20) == second);
	CHECK(scratch_alloc(&scratch, 100000) == large);
	scratch_release(&scratch, bottom);
	CHECK(scratch_alloc(&scratch, 1) == first);
	for (int i = 0; i < 10000; i++)
	{
		scratch_release(&scratch, bottom);
		for (size_t size = 1; size < 100000; size *= 3)
			if (scratch_alloc(&scratch, size) == NULL)
				CHECK(false);
	}
	CHECK(!arena_is_exhausted(arena));
	arena_free(arena);
}

/*
 * Pieces that grow and grow take no more than four times the most there was.
 */
static void
test_scratch_growth(void)
{
	for (size_t step = 1; step < 100000; step = step * 5 + 3)
	{
		Arena	   *arena = arena_create((size_t) 5 << 20);
		Scratch		scratch = {.arena = arena};
		ScratchMark bottom = scratch_mark(&scratch);

		for (size_t size = 16; size < (1 << 20); size += step * 16)
		{
			scratch_release(&scratch, bottom);
			if (scratch_alloc(&scratch, size) == NULL)
				CHECK_INT(size, 1 << 20);
		}
		CHECK(!arena_is_exhausted(arena));
		CHECK(scratch_alloc(&scratch, SIZE_MAX) == NULL);
		arena_free(arena);
	}
}

static void
test_builder(void)
{
	Arena	   *arena = arena_create((size_t) 64 << 20);
	Scratch		scratch = {.arena = arena};
	TextBuilder builder = {.scratch = &scratch,.limit = 1000000};
	char	   *text;

	CHECK_CSTRING(text_finish(&builder), "");
	CHECK(text_append(&builder, NULL, 0));
	CHECK(text_append(&builder, "abc", 2));
	CHECK(text_append_cstring(&builder, "cd"));
	CHECK_CSTRING(text_finish(&builder), "abcd");

	builder = (TextBuilder) {.scratch = &scratch,.limit = 1000000};
	for (int i = 0; i < 100000; i++)
		if (!text_append(&builder, "0123456789", 10))
			CHECK(false);
	text = text_finish(&builder);
	CHECK_INT(builder.len, 1000000);
	CHECK_INT(strlen(text), 1000000);
	for (int i = 0; i < 100000; i++)
		if (memcmp(text + (size_t) i * 10, "0123456789", 10) != 0)
			CHECK(false);
	CHECK(!text_append(&builder, "x", 1));
	CHECK_INT(builder.problem, TEXT_TOO_LARGE);
	CHECK(text_finish(&builder) == NULL);
	arena_free(arena);
}

/*
 * What is to stay comes from the arena itself, twice as much as there is text.
 */
static void
test_builder_in_arena(void)
{
	Arena	   *arena = arena_create((size_t) 20 << 20);
	TextBuilder builder = {.arena = arena,.limit = SIZE_MAX};

	for (int i = 0; i < 1 << 20; i++)
		if (!text_append(&builder, "01234567", 8))
			CHECK(false);
	CHECK(text_finish(&builder) != NULL);
	arena_free(arena);
}

/* The first problem stays. */
static void
test_builder_problems(void)
{
	Arena	   *arena = arena_create(1000);
	Scratch		scratch = {.arena = arena};
	TextBuilder builder = {.scratch = &scratch,.limit = 10};

	CHECK(!text_append(&builder, "a", 1));
	CHECK_INT(builder.problem, TEXT_NO_MEMORY);
	CHECK(!text_fail(&builder, TEXT_TOO_DEEP));
	CHECK_INT(builder.problem, TEXT_NO_MEMORY);
	CHECK(text_finish(&builder) == NULL);
	arena_free(arena);
}

int
main(void)
{
	test_scratch();
	test_scratch_growth();
	test_builder();
	test_builder_in_arena();
	test_builder_problems();
	return check_finish();
}
