/*
 * Comparing two texts piece by piece, by core/diff/edits: each byte is a
 * piece.
 */
#include "core/diff/edits.h"

#include <stdlib.h>

#include "check.h"

#define MEMORY	((size_t) 64 << 20)

static size_t
one_byte(const char *text, size_t len)
{
	(void) text;
	(void) len;
	return 1;
}

/* Whether the pieces that are said to be unchanged are equal, one by one. */
static bool
is_right(const Edits *edits)
{
	const EditsSide *old = &edits->sides[EDITS_OLD];
	const EditsSide *new = &edits->sides[EDITS_NEW];
	int32_t		x = 0;
	int32_t		y = 0;

	for (;; x++, y++)
	{
		size_t		old_len;
		size_t		new_len;
		const char *old_piece;
		const char *new_piece;

		while (old->changed[x])
			x++;
		while (new->changed[y])
			y++;
		if (x == old->n || y == new->n)
			return x == old->n && y == new->n;
		old_piece = edits_piece(old, x, &old_len);
		new_piece = edits_piece(new, y, &new_len);
		if (old_len != new_len || memcmp(old_piece, new_piece, new_len) != 0)
			return false;
	}
}

/*
 * Writes the new text with what went in brackets and what came in in braces.
 * Returns how many changes there are, -1 if what is said to be unchanged is
 * not.  Pieces are of one byte.
 */
static int
write_edits(const Edits *edits, char *written)
{
	const EditsSide *old = &edits->sides[EDITS_OLD];
	const EditsSide *new = &edits->sides[EDITS_NEW];
	int32_t		x = 0;
	int32_t		y = 0;
	int			changes = 0;

	if (!is_right(edits))
		return -1;
	while (x < old->n || y < new->n)
	{
		int32_t		x0 = x;
		int32_t		y0 = y;

		while (old->changed[x])
			x++;
		while (new->changed[y])
			y++;
		changes += x - x0 + y - y0;
		if (x > x0)
			written += sprintf(written, "[%.*s]", x - x0, old->text + x0);
		if (y > y0)
			written += sprintf(written, "{%.*s}", y - y0, new->text + y0);
		if (x < old->n)
			*written++ = old->text[x++];
		y++;
	}
	*written = '\0';
	return changes;
}

/* Compares two texts; see write_edits(). */
static int
compare(const char *old, const char *new, int32_t max_cost, char *written)
{
	Arena	   *arena = arena_create(MEMORY);
	Edits		edits;
	int			changes = -1;

	edits_init(&edits, arena, NULL);
	if (edits_cut(&edits, EDITS_OLD, old, strlen(old), one_byte) &&
		edits_cut(&edits, EDITS_NEW, new, strlen(new), one_byte) &&
		edits_compare(&edits, max_cost))
		changes = write_edits(&edits, written);
	arena_free(arena);
	return changes;
}

static void
test_fixed_cases(void)
{
	static const struct
	{
		const char *old;
		const char *new;
		const char *written;
	}			cases[] = {
		{"", "", ""},
		{"abc", "abc", "abc"},
		{"", "abc", "{abc}"},
		{"abc", "", "[abc]"},
		{"abc", "xyz", "[abc]{xyz}"},
		{"abc", "abxc", "ab{x}c"},
		{"abxc", "abc", "ab[x]c"},
		{"abc", "xbz", "[a]{x}b[c]{z}"},
		{"abcabba", "cbabac", "[ab]c[a]b{a}ba{c}"},
		/* Of equal pieces the last is the one that is new. */
		{"aaa", "aaaa", "aaa{a}"},
		{"aaaa", "aa", "aa[aa]"},
		{"f{a;}g{b;}", "f{a;}h{c;}g{b;}", "f{a;}{h{c;}}g{b;}"},
		{"ba", "abbbab", "{abb}ba{b}"},
		/* Unless the other text has changes at an earlier place. */
		{"xaab", "yaab", "[x]{y}aab"},
		{"aab", "yab", "[a]{y}ab"},
	};
	char		written[100];

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
	{
		CHECK(compare(cases[i].old, cases[i].new, 1000, written) >= 0);
		CHECK_CSTRING(written, cases[i].written);
	}
}

/* The length of the longest common subsequence, by the book. */
static int
common_length(const char *old, const char *new)
{
	int			row[101] = {0};
	int			n = (int) strlen(new);

	for (; *old != '\0'; old++)
	{
		int			diagonal = 0;

		for (int j = 1; j <= n; j++)
		{
			int			above = row[j];

			if (*old == new[j - 1])
				row[j] = diagonal + 1;
			else if (row[j - 1] > above)
				row[j] = row[j - 1];
			diagonal = above;
		}
	}
	return row[n];
}

/* The same numbers in each run. */
static unsigned
draw(unsigned *state, unsigned below)
{
	*state = *state * 1664525u + 1013904223u;
	return (*state >> 16) % below;
}

static void
draw_text(unsigned *state, char *text, int max, unsigned letters)
{
	int			n = (int) draw(state, (unsigned) max + 1);

	for (int i = 0; i < n; i++)
		text[i] = (char) ('a' + draw(state, letters));
	text[n] = '\0';
}

/* What is found is right whatever the bound, and the least without one. */
static void
test_drawn_texts(void)
{
	unsigned	state = 1;
	int			wrong = 0;
	int			not_least = 0;
	int			wrong_if_bounded = 0;
	int			more_if_bounded = 0;

	for (int i = 0; i < 20000; i++)
	{
		char		old[101];
		char		new[101];
		char		written[1000];
		unsigned	letters = 1 + draw(&state, 5);
		int			changes;
		int			least;

		draw_text(&state, old, 100, letters);
		draw_text(&state, new, 100, letters);
		least = (int) strlen(old) + (int) strlen(new) - 2 * common_length(old, new);
		changes = compare(old, new, 1000, written);
		wrong += changes < 0;
		not_least += changes != least;
		changes = compare(old, new, 1 + (int32_t) draw(&state, 8), written);
		wrong_if_bounded += changes < least;
		more_if_bounded += changes > least;
	}
	CHECK_INT(wrong, 0);
	CHECK_INT(not_least, 0);
	CHECK_INT(wrong_if_bounded, 0);
	CHECK(more_if_bounded > 0);
}

/* One Edits serves for texts of any length, one after the other. */
static void
test_reuse(void)
{
	Arena	   *arena = arena_create(MEMORY);
	Edits		edits;
	unsigned	state = 2;
	int			wrong = 0;

	edits_init(&edits, arena, NULL);
	for (int i = 0; i < 1000; i++)
	{
		char		old[101];
		char		new[101];
		char		written[1000];
		char		expected[1000];

		draw_text(&state, old, i % 101, 3);
		draw_text(&state, new, (i * 7) % 101, 3);
		wrong += !edits_cut(&edits, EDITS_OLD, old, strlen(old), one_byte);
		wrong += !edits_cut(&edits, EDITS_NEW, new, strlen(new), one_byte);
		wrong += !edits_compare(&edits, 1000);
		wrong += write_edits(&edits, written) != compare(old, new, 1000, expected);
		wrong += strcmp(written, expected) != 0;
	}
	CHECK_INT(wrong, 0);
	arena_free(arena);
}

static int	checks;

static void
count_checks(void)
{
	checks++;
}

/* Two long texts that have little in common: the work stays bounded. */
static void
test_bounded_work(void)
{
	enum
	{
		LENGTH = 200000
	};
	char	   *old = malloc(LENGTH);
	char	   *new = malloc(LENGTH);
	char	   *written = malloc(LENGTH * 8);
	Arena	   *arena = arena_create(MEMORY);
	unsigned	state = 3;
	Edits		edits;

	for (int i = 0; i < LENGTH; i++)
	{
		old[i] = (char) ('a' + draw(&state, 2));
		new[i] = (char) ('a' + draw(&state, 2));
	}
	edits_init(&edits, arena, count_checks);
	CHECK(edits_cut(&edits, EDITS_OLD, old, LENGTH, one_byte));
	CHECK(edits_cut(&edits, EDITS_NEW, new, LENGTH, one_byte));
	checks = 0;
	CHECK(edits_compare(&edits, 64));
	CHECK(write_edits(&edits, written) > 0);
	/* A check is made at each step, of at most 65 paths from either end. */
	printf("# %d checks\n", checks);
	CHECK(checks > 100 && checks < LENGTH * 4);
	arena_free(arena);
	free(written);
	free(new);
	free(old);
}

static size_t
eight_bytes(const char *text, size_t len)
{
	(void) text;
	return len < 8 ? len : 8;
}

/*
 * Pieces of eight bytes whose hashes edits.c has in one place of its table,
 * as somebody might choose them to make it slow.  Some of them then count as
 * changed though they have not, which is not wrong.
 */
static void
test_pieces_of_one_hash(void)
{
	enum
	{
		PIECES = 1500,			/* in a table of 8192 places */
	};
	char		old[PIECES * 8 + 1];
	char		new[PIECES * 8 + 1];
	Arena	   *arena = arena_create(MEMORY);
	Edits		edits;
	uint32_t	number = 0;

	for (int n = 0; n < PIECES; number++)
	{
		uint64_t	hash = UINT64_C(14695981039346656037);
		char		piece[9];

		snprintf(piece, sizeof(piece), "%08" PRIx32, number);
		for (int i = 0; i < 8; i++)
			hash = (hash ^ (unsigned char) piece[i]) * UINT64_C(1099511628211);
		if (((hash ^ hash >> 32) & 8191) == 0)
			memcpy(old + 8 * (size_t) n++, piece, 8);
	}
	memcpy(new, old, PIECES * 8);
	memcpy(new, old + 8, 8);
	memcpy(new + (PIECES - 1) * 8, old, 8);
	edits_init(&edits, arena, NULL);
	CHECK(edits_cut(&edits, EDITS_OLD, old, PIECES * 8, eight_bytes));
	CHECK(edits_cut(&edits, EDITS_NEW, new, PIECES * 8, eight_bytes));
	CHECK(edits_compare(&edits, 1000));
	CHECK(is_right(&edits));
	CHECK(edits.sides[EDITS_OLD].changed[PIECES / 2 + PIECES / 4]);
	CHECK(!edits.sides[EDITS_OLD].changed[PIECES / 4]);

	/* Equal ends are not looked up at all. */
	CHECK(edits_cut(&edits, EDITS_NEW, old, PIECES * 8, eight_bytes));
	CHECK(edits_compare(&edits, 1000));
	CHECK(!edits.sides[EDITS_OLD].changed[PIECES - 1]);
	arena_free(arena);
}

/* Whatever memory there is, it does or says that it does not. */
static void
test_short_memory(void)
{
	int			done = 0;
	int			refused = 0;
	int			wrong = 0;

	for (size_t memory = 0; memory < 6000; memory += 50)
	{
		Arena	   *arena = arena_create(memory);
		Edits		edits;
		char		written[100];

		edits_init(&edits, arena, NULL);
		if (edits_cut(&edits, EDITS_OLD, "abcabba", 7, one_byte) &&
			edits_cut(&edits, EDITS_NEW, "cbabac", 6, one_byte) &&
			edits_compare(&edits, 1000))
		{
			done++;
			wrong += write_edits(&edits, written) != 5;
		}
		else
			refused++;
		arena_free(arena);
	}
	CHECK(done > 0);
	CHECK(refused > 0);
	CHECK_INT(wrong, 0);
}

static void
test_too_long(void)
{
	Arena	   *arena = arena_create(MEMORY);
	Edits		edits;

	edits_init(&edits, arena, NULL);
	CHECK(!edits_cut(&edits, EDITS_OLD, "", EDITS_MAX_LENGTH + 1, one_byte));
	arena_free(arena);
}

int
main(void)
{
	test_fixed_cases();
	test_drawn_texts();
	test_reuse();
	test_bounded_work();
	test_pieces_of_one_hash();
	test_short_memory();
	test_too_long();
	return check_finish();
}
