/*
 * sequence.h
 *		Sequences of symbols compared: what they have in common, and what it
 *		takes to make one the other.
 *
 * Time is the product of both lengths by 64, memory linear; see sequence.c.
 */
#ifndef GAIOPS_SEQUENCE_H
#define GAIOPS_SEQUENCE_H

#include "core/score/text_score.h"

/* Symbols are numbers below a count, which is as large as is needed. */
typedef struct Sequence
{
	const uint32_t *symbols;
	uint32_t	n;
} Sequence;

/* Both return -1 if memory is short. */

/* Length of the longest common subsequence. */
extern int64_t sequence_common(const TextComparison *comparison, Sequence a, Sequence b,
							   uint32_t nsymbols);

/* Fewest insertions, deletions and replacements that make a into b. */
extern int64_t sequence_distance(const TextComparison *comparison, Sequence a, Sequence b,
								 uint32_t nsymbols);

/* ---- for others who go through a table of subsequences ---- */

#define SEQUENCE_BLOCK	64

/*
 * Which of up to 64 symbols, from first on, each symbol is.  Places that were
 * set for another block are cleared before.
 */
typedef struct SequencePlaces
{
	uint64_t   *of;				/* by symbol */
	Sequence	block;			/* what they were set for last */
} SequencePlaces;

extern bool sequence_places_init(Scratch *scratch, SequencePlaces *places, uint32_t nsymbols);
extern void sequence_places_set(SequencePlaces *places, Sequence whole, uint32_t first);

/*
 * One symbol more of the other sequence.  A bit of *rows is set where the
 * longest common subsequence does not grow with the row.  Takes and returns
 * what is carried between blocks of rows.
 */
static inline uint64_t
sequence_step(uint64_t *rows, uint64_t places, uint64_t carry)
{
	uint64_t	matched = *rows & places;
	uint64_t	sum = *rows + matched;
	uint64_t	next = sum + carry;

	*rows = next | (*rows - matched);
	return (sum < matched) | (next < sum);
}

#endif							/* GAIOPS_SEQUENCE_H */
