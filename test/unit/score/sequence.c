/*
 * Sequences compared by bits, beside the tables that define it.  The golden
 * cases have few texts of more than a block; what is larger is here.
 */
#include "core/score/sequence.h"

#include <stdlib.h>

#include "check.h"
#include "core/memory/length_of.h"
#include "core/score/sequence_union.h"

#define MEMORY	((size_t) 256 << 20)

static uint64_t seed = 20261130;
static int	checked_interrupts = 0;

static void
check_interrupts(void)
{
	checked_interrupts++;
}

static uint32_t
draw(uint32_t below)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t) (seed >> 33) % below;
}

static Sequence
draw_sequence(uint32_t n, uint32_t nsymbols)
{
	uint32_t   *symbols = malloc((n + 1) * sizeof(uint32_t));

	for (uint32_t i = 0; i < n; i++)
		symbols[i] = draw(nsymbols);
	return (Sequence) {symbols, n};
}

static void
free_sequence(Sequence sequence)
{
	free((uint32_t *) sequence.symbols);
}

/* The whole table of common subsequences, a row for each symbol of a. */
static uint16_t *
common_table(Sequence a, Sequence b)
{
	size_t		width = b.n + 1;
	uint16_t   *table = calloc((a.n + 1) * width, sizeof(uint16_t));

	for (size_t i = 1; i <= a.n; i++)
		for (size_t j = 1; j <= b.n; j++)
		{
			uint16_t	up = table[(i - 1) * width + j];
			uint16_t	left = table[i * width + j - 1];

			table[i * width + j] = a.symbols[i - 1] == b.symbols[j - 1] ?
				table[(i - 1) * width + j - 1] + 1 : up > left ? up : left;
		}
	return table;
}

static int64_t
slow_common(Sequence a, Sequence b)
{
	uint16_t   *table = common_table(a, b);
	int64_t		common = table[(size_t) (a.n + 1) * (b.n + 1) - 1];

	free(table);
	return common;
}

static uint32_t
least(uint32_t x, uint32_t y)
{
	return x < y ? x : y;
}

static int64_t
slow_distance(Sequence a, Sequence b)
{
	uint32_t   *row = calloc(b.n + 1, sizeof(uint32_t));
	uint32_t	distance;

	for (uint32_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (uint32_t i = 1; i <= a.n; i++)
	{
		uint32_t	diagonal = row[0];

		row[0] = i;
		for (uint32_t j = 1; j <= b.n; j++)
		{
			uint32_t	replaced = diagonal + (a.symbols[i - 1] != b.symbols[j - 1]);

			diagonal = row[j];
			row[j] = least(replaced, least(row[j], row[j - 1]) + 1);
		}
	}
	distance = row[b.n];
	free(row);
	return distance;
}

/* Marks what one line has in common, as rouge-score goes through its table. */
static void
slow_walk(Sequence rows, Sequence line, bool *is_in)
{
	uint16_t   *table = common_table(rows, line);
	size_t		width = line.n + 1;
	uint32_t	i = rows.n;
	uint32_t	j = line.n;

	while (i > 0 && j > 0)
		if (rows.symbols[i - 1] == line.symbols[j - 1])
		{
			is_in[--i] = true;
			j--;
		}
		else if (table[i * width + j - 1] > table[(i - 1) * width + j])
			j--;
		else
			i--;
	free(table);
}

static void
check_pair(Arena *arena, uint32_t na, uint32_t nb, uint32_t nsymbols)
{
	Scratch		scratch = {.arena = arena};
	TextComparison comparison = {.scratch = &scratch,.check_interrupts = check_interrupts};
	Sequence	a = draw_sequence(na, nsymbols);
	Sequence	b = draw_sequence(nb, nsymbols);

	CHECK_INT(sequence_common(&comparison, a, b, nsymbols), slow_common(a, b));
	CHECK_INT(sequence_distance(&comparison, a, b, nsymbols), slow_distance(a, b));
	free_sequence(a);
	free_sequence(b);
}

static void
check_pairs(void)
{
	static const uint32_t lengths[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 200, 500};

	for (size_t i = 0; i < LENGTH_OF(lengths); i++)
		for (size_t j = 0; j < LENGTH_OF(lengths); j++)
		{
			Arena	   *arena = arena_create(MEMORY);

			check_pair(arena, lengths[i], lengths[j], 2 + draw(30));
			arena_free(arena);
		}
}

/* Rows of every length up to n beside lines of random lengths. */
static void
check_union(uint32_t nrows, uint32_t ncolumns, uint32_t nlines, uint32_t nsymbols)
{
	Arena	   *arena = arena_create(MEMORY);
	Scratch		scratch = {.arena = arena};
	TextComparison comparison = {.scratch = &scratch,.check_interrupts = check_interrupts};
	Sequence	rows = draw_sequence(nrows, nsymbols);
	uint32_t   *ends = calloc(nlines, sizeof(uint32_t));
	SequenceUnion all = {.comparison = &comparison,.ends = ends,.nlines = nlines};
	bool	   *found = calloc(nrows + 1, sizeof(bool));
	bool	   *expected = calloc(nrows + 1, sizeof(bool));

	all.columns = draw_sequence(ncolumns, nsymbols);
	for (uint32_t i = 0, begin = 0; i < nlines; begin = ends[i++])
	{
		ends[i] = i + 1 == nlines ? ncolumns : begin + draw(2 * ncolumns / nlines) % (ncolumns - begin + 1);
		slow_walk(rows, (Sequence) {all.columns.symbols + begin, ends[i] - begin}, expected);
	}
	CHECK(sequence_union_init(&all, nrows, nsymbols));
	sequence_union_find(&all, rows, found);
	CHECK(memcmp(found, expected, nrows) == 0);
	free(found);
	free(expected);
	free(ends);
	free_sequence(rows);
	free_sequence(all.columns);
	arena_free(arena);
}

int
main(void)
{
	check_pairs();
	for (uint32_t n = 0; n < 200; n += 7)
		check_union(n, 10 + draw(300), 1 + draw(8), 2 + draw(20));
	checked_interrupts = 0;
	/* So large that not all of the table is kept: groups of two blocks. */
	check_union(64 * 70 - 5, 4000, 1, 40);
	CHECK(checked_interrupts >= 70);
	check_union(64 * 70, 4001, 3, 1000);
	return check_finish();
}
