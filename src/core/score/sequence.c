/*
 * sequence.c
 *		Sequences of symbols compared.
 *
 * Both are the well-known table of dynamic programming with a row for each
 * symbol of one sequence and a column for each of the other.  Neighbours
 * differ by 1 at most, so a column of 64 rows is kept as bits and is made of
 * the one before by a few operations: for the longest common subsequence those
 * of Hyyrö (Bit-parallel LCS-length computation revisited, 2004), for the
 * distance those of Myers as Hyyrö has them for blocks (A bit-vector algorithm
 * for computing Levenshtein and Damerau edit distances, 2003).
 *
 * A block of 64 rows is taken through all columns before the next, and leaves
 * for it what it carries in each column.  So the places of symbols are needed
 * for 64 rows only, and memory stays linear whatever the number of symbols.
 */
#include "core/score/sequence.h"

#include <string.h>

#include "core/score/text_score_best.h"

/* What a column of the distance carries from one block to the next. */
#define GROWS	1
#define SHRINKS	2

/* The bits of a column: where it is one more, and one less, than a row up. */
typedef struct Column
{
	uint64_t	more;
	uint64_t	less;
} Column;

/* Two sequences without what is equal at their ends; rows has not more. */
typedef struct Pair
{
	Sequence	rows;
	Sequence	columns;
	uint32_t	ntrimmed;
} Pair;

bool
sequence_places_init(Scratch *scratch, SequencePlaces *places, uint32_t nsymbols)
{
	size_t		size = ((size_t) nsymbols + 1) * sizeof(uint64_t);

	*places = (SequencePlaces) {.of = scratch_alloc(scratch, size)};
	if (places->of == NULL)
		return false;
	memset(places->of, 0, size);
	return true;
}

void
sequence_places_set(SequencePlaces *places, Sequence whole, uint32_t first)
{
	for (uint32_t i = 0; i < places->block.n; i++)
		places->of[places->block.symbols[i]] = 0;
	places->block.symbols = whole.symbols + first;
	places->block.n = whole.n - first < SEQUENCE_BLOCK ? whole.n - first : SEQUENCE_BLOCK;
	for (uint32_t i = 0; i < places->block.n; i++)
		places->of[places->block.symbols[i]] |= UINT64_C(1) << i;
}

static Pair
trim(Sequence a, Sequence b)
{
	Pair		pair = {a.n < b.n ? a : b, a.n < b.n ? b : a, 0};
	Sequence   *x = &pair.rows;
	Sequence   *y = &pair.columns;
	uint32_t	head = 0;

	while (head < x->n && x->symbols[head] == y->symbols[head])
		head++;
	x->symbols += head;
	y->symbols += head;
	x->n -= head;
	y->n -= head;
	pair.ntrimmed = head;
	while (x->n > 0 && x->symbols[x->n - 1] == y->symbols[y->n - 1])
	{
		x->n--;
		y->n--;
		pair.ntrimmed++;
	}
	return pair;
}

/* What is carried in each column, all of it the same to begin with. */
static uint8_t *
make_carried(Scratch *scratch, uint32_t n, uint8_t value)
{
	uint8_t    *carried = scratch_alloc(scratch, (size_t) n + 1);

	if (carried != NULL)
		memset(carried, value, n);
	return carried;
}

/* ---- longest common subsequence ---- */

/* Takes a block through all columns; returns its part of the length. */
static uint32_t
common_of_block(const TextComparison *comparison, const SequencePlaces *places, Sequence columns, uint8_t *carried)
{
	uint64_t	rows = ~UINT64_C(0);

	for (uint32_t j = 0; j < columns.n; j++)
	{
		carried[j] = (uint8_t) sequence_step(&rows, places->of[columns.symbols[j]], carried[j]);
		if (j % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(comparison);
	}
	return (uint32_t) __builtin_popcountll(~rows);
}

int64_t
sequence_common(const TextComparison *comparison, Sequence a, Sequence b, uint32_t nsymbols)
{
	Pair		pair = trim(a, b);
	SequencePlaces places;
	uint8_t    *carried = make_carried(comparison->scratch, pair.columns.n, 0);
	int64_t		common = pair.ntrimmed;

	if (carried == NULL || !sequence_places_init(comparison->scratch, &places, nsymbols))
		return -1;
	for (uint32_t i = 0; i < pair.rows.n; i += SEQUENCE_BLOCK)
	{
		sequence_places_set(&places, pair.rows, i);
		common += common_of_block(comparison, &places, pair.columns, carried);
	}
	return common;
}

/* ---- distance ---- */

/* One column more; takes and returns what is carried. */
static inline uint8_t
distance_step(Column *column, uint64_t equal, uint8_t carried, uint64_t last)
{
	uint64_t	vertical = equal | column->less;
	uint64_t	horizontal;
	uint64_t	more;
	uint64_t	less;
	uint8_t		result;

	equal |= (carried & SHRINKS) >> 1;
	horizontal = (((equal & column->more) + column->more) ^ column->more) | equal;
	more = column->less | ~(horizontal | column->more);
	less = column->more & horizontal;
	result = (uint8_t) ((more & last ? GROWS : 0) | (less & last ? SHRINKS : 0));
	more = more << 1 | (carried & GROWS);
	less = less << 1 | (carried & SHRINKS) >> 1;
	column->more = less | ~(vertical | more);
	column->less = more & vertical;
	return result;
}

static void
distance_of_block(const TextComparison *comparison, const SequencePlaces *places, Sequence columns, uint8_t *carried)
{
	Column		column = {~UINT64_C(0), 0};
	uint64_t	last = UINT64_C(1) << (places->block.n - 1);

	for (uint32_t j = 0; j < columns.n; j++)
	{
		carried[j] = distance_step(&column, places->of[columns.symbols[j]], carried[j], last);
		if (j % TEXT_SCORE_CHECK_EVERY == 0)
			text_score_check(comparison);
	}
}

int64_t
sequence_distance(const TextComparison *comparison, Sequence a, Sequence b, uint32_t nsymbols)
{
	Pair		pair = trim(a, b);
	SequencePlaces places;
	uint8_t    *carried = make_carried(comparison->scratch, pair.columns.n, GROWS);
	int64_t		distance = pair.rows.n;

	if (carried == NULL || !sequence_places_init(comparison->scratch, &places, nsymbols))
		return -1;
	for (uint32_t i = 0; i < pair.rows.n; i += SEQUENCE_BLOCK)
	{
		sequence_places_set(&places, pair.rows, i);
		distance_of_block(comparison, &places, pair.columns, carried);
	}
	for (uint32_t j = 0; j < pair.columns.n; j++)
		distance += (carried[j] & GROWS) - ((carried[j] & SHRINKS) >> 1);
	return distance;
}
