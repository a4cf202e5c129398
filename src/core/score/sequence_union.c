/*
 * sequence_union.c
 *		What a sequence has in common with any of several others.
 *
 * Which symbols a longest common subsequence has is found by walking through
 * the table from its end.  At each step it takes only to know whether the
 * symbols there are equal, and if not whether the subsequence grows with the
 * row: the bits of sequence.c.  Of long sequences these would be too many to
 * keep.  Rows are walked upwards, so only those of a group of blocks are kept,
 * the last first; they are made anew from what the blocks before had carried.
 */
#include "core/score/sequence_union.h"

#include <string.h>

#include "core/score/text_score_best.h"

/* Words of a table that is kept as a whole. */
#define SMALL_TABLE		((size_t) 1 << 18)

static uint32_t
count_blocks(uint32_t rows)
{
	return (rows + SEQUENCE_BLOCK - 1) / SEQUENCE_BLOCK;
}

/* Bytes of a bit for each column. */
static size_t
saved_size(const SequenceUnion *all)
{
	return (size_t) all->columns.n / 8 + 1;
}

/* Blocks of a group: so many that groups and what is saved are as large. */
static uint32_t
choose_group(uint32_t nblocks, uint32_t ncolumns)
{
	uint32_t	group = 1;

	if ((size_t) nblocks * ncolumns <= SMALL_TABLE)
		return nblocks > 0 ? nblocks : 1;
	while ((size_t) 64 * group * group < nblocks)
		group++;
	return group;
}

bool
sequence_union_init(SequenceUnion *all, uint32_t max_rows, uint32_t nsymbols)
{
	Scratch    *scratch = all->comparison->scratch;
	uint32_t	nblocks = count_blocks(max_rows);
	size_t		ncolumns = (size_t) all->columns.n + 1;

	all->group = choose_group(nblocks, all->columns.n);
	all->carried = scratch_alloc(scratch, ncolumns);
	all->saved = scratch_alloc(scratch, (nblocks / all->group + 1) * saved_size(all));
	all->table = scratch_alloc(scratch, ncolumns * all->group * sizeof(uint64_t));
	all->reached = scratch_alloc(scratch, ((size_t) all->nlines + 1) * sizeof(uint32_t));
	return all->carried != NULL && all->saved != NULL && all->table != NULL &&
		all->reached != NULL && sequence_places_init(scratch, &all->places, nsymbols);
}

/* Where a line begins. */
static inline uint32_t
line_start(const SequenceUnion *all, uint32_t line)
{
	return line == 0 ? 0 : all->ends[line - 1];
}

/* ---- what is carried into a group ---- */

static void
save_carried(SequenceUnion *all, uint32_t group)
{
	uint8_t    *saved = all->saved + group * saved_size(all);

	memset(saved, 0, saved_size(all));
	for (uint32_t j = 0; j < all->columns.n; j++)
		saved[j / 8] |= (uint8_t) (all->carried[j] << j % 8);
}

static void
restore_carried(SequenceUnion *all, uint32_t group)
{
	const uint8_t *saved = all->saved + group * saved_size(all);

	for (uint32_t j = 0; j < all->columns.n; j++)
		all->carried[j] = saved[j / 8] >> j % 8 & 1;
}

/* ---- making rows ---- */

/* Takes a block through all columns; keeps its rows if there is a table. */
static void
make_block(SequenceUnion *all, Sequence rows, uint32_t block, uint64_t *table)
{
	uint32_t	j = 0;

	sequence_places_set(&all->places, rows, block * SEQUENCE_BLOCK);
	for (uint32_t line = 0; line < all->nlines; line++)
	{
		uint64_t	bits = ~UINT64_C(0);

		for (; j < all->ends[line]; j++)
		{
			uint64_t	places = all->places.of[all->columns.symbols[j]];

			all->carried[j] = (uint8_t) sequence_step(&bits, places, all->carried[j]);
			if (table != NULL)
				table[j] = bits;
			if (j % TEXT_SCORE_CHECK_EVERY == 0)
				text_score_check(all->comparison);
		}
	}
}

/* Notes what is carried into each group. */
static void
make_groups(SequenceUnion *all, Sequence rows)
{
	uint32_t	nblocks = count_blocks(rows.n);

	memset(all->carried, 0, all->columns.n);
	for (uint32_t block = 0; block < nblocks; block++)
	{
		if (block % all->group == 0)
			save_carried(all, block / all->group);
		if (nblocks > all->group)
			make_block(all, rows, block, NULL);
	}
}

static void
make_table(SequenceUnion *all, Sequence rows, uint32_t group)
{
	uint32_t	first = group * all->group;
	uint32_t	nblocks = count_blocks(rows.n);

	restore_carried(all, group);
	for (uint32_t i = 0; i < all->group && first + i < nblocks; i++)
		make_block(all, rows, first + i, all->table + (size_t) i * all->columns.n);
}

/* ---- walking ---- */

/* Whether the subsequence does not grow with a row of the group. */
static inline bool
is_flat(const SequenceUnion *all, uint32_t row, uint32_t column)
{
	uint64_t	bits = all->table[(size_t) (row / SEQUENCE_BLOCK) * all->columns.n + column];

	return bits >> row % SEQUENCE_BLOCK & 1;
}

/* Walks through the rows [first, last) of a group, for one line. */
static void
walk(SequenceUnion *all, Sequence rows, uint32_t first, uint32_t last, uint32_t line, bool *is_in)
{
	uint32_t	begin = line_start(all, line);
	uint32_t	j = all->reached[line];

	for (uint32_t i = last; i > first && j > begin;)
	{
		if (rows.symbols[i - 1] == all->columns.symbols[j - 1])
		{
			is_in[--i] = true;
			j--;
		}
		else if (is_flat(all, i - 1 - first, j - 1))
			i--;
		else
			j--;
	}
	all->reached[line] = j;
}

void
sequence_union_find(SequenceUnion *all, Sequence rows, bool *is_in)
{
	uint32_t	span = all->group * SEQUENCE_BLOCK;
	uint32_t	last = rows.n;

	memset(is_in, 0, rows.n);
	memcpy(all->reached, all->ends, all->nlines * sizeof(uint32_t));
	make_groups(all, rows);
	for (uint32_t group = (rows.n + span - 1) / span; group-- > 0;)
	{
		make_table(all, rows, group);
		for (uint32_t line = 0; line < all->nlines; line++)
			walk(all, rows, group * span, last, line, is_in);
		last = group * span;
	}
}
