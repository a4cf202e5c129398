/*
 * Numbers of texts, of all lengths and of texts that differ in one byte, and
 * the letters and digits of 64 characters, beside looking at each.
 */
#include "core/score/vocabulary.h"

#include <ctype.h>

#include "check.h"
#include "core/score/pieces.h"

#define LONGEST		40
#define MEMORY		((size_t) 8 << 20)
#define MANY		20000

/* Whatever is behind a text does not count. */
static char *
copy_text(Scratch *scratch, const char *text, size_t len, char behind)
{
	char	   *copy = scratch_alloc(scratch, len + VOCABULARY_BEHIND);

	memcpy(copy, text, len);
	memset(copy + len, behind, VOCABULARY_BEHIND);
	return copy;
}

/* A text of each length, and those with another character at one place. */
static void
check_lengths(Scratch *scratch)
{
	Vocabulary	vocabulary;
	uint32_t	next = 0;

	CHECK(vocabulary_init(scratch, &vocabulary, 2 * LONGEST * (LONGEST + 1)));
	for (size_t len = 0; len <= LONGEST; len++)
		for (size_t place = 0; place < len + (len == 0); place++)
		{
			char		text[LONGEST + 1];

			memset(text, 'a', sizeof(text));
			text[place] = 'b';
			CHECK_INT(vocabulary_number(&vocabulary, copy_text(scratch, text, len, 'x'), len), next);
			CHECK_INT(vocabulary_number(&vocabulary, copy_text(scratch, text, len, 'y'), len), next++);
		}
	CHECK_INT(vocabulary.n, next);
}

/* As many as there is room for; each is found again. */
static void
check_many(Scratch *scratch)
{
	Vocabulary	vocabulary;
	bool		is_right = true;

	CHECK(vocabulary_init(scratch, &vocabulary, MANY));
	for (int round = 0; round < 2; round++)
		for (uint32_t i = 0; i < MANY; i++)
		{
			char		text[16];
			size_t		len = (size_t) snprintf(text, sizeof(text), "%u", i);

			if (vocabulary_number(&vocabulary, copy_text(scratch, text, len, '\0'), len) != i)
				is_right = false;
		}
	CHECK(is_right);
	CHECK_INT(vocabulary.n, MANY);
}

/* Every byte at every place, the text ending anywhere. */
static void
check_pieces(void)
{
	bool		is_right = true;

	for (int c = 0; c < 256; c++)
		for (size_t len = 1; len <= PIECES_AT_ONCE; len++)
		{
			char		text[PIECES_AT_ONCE + PIECE_SIZE] = {0};
			uint64_t	expected = isascii(c) && isalnum(c) ? UINT64_C(1) << (len - 1) : 0;

			text[len - 1] = (char) c;
			if (pieces_alphanumeric(text, len) != expected)
				is_right = false;
		}
	CHECK(is_right);
}

int
main(void)
{
	Arena	   *arena = arena_create(MEMORY);
	Scratch		scratch = {.arena = arena};

	check_lengths(&scratch);
	check_many(&scratch);
	check_pieces();
	arena_free(arena);
	return check_finish();
}
