/*
 * sequence_union.h
 *		What a sequence has in common with any of several others.
 */
#ifndef GAIOPS_SEQUENCE_UNION_H
#define GAIOPS_SEQUENCE_UNION_H

#include "core/score/sequence.h"

/* Sequences that lie one behind the other, to compare many with. */
typedef struct SequenceUnion
{
	const TextComparison *comparison;
	Sequence	columns;
	const uint32_t *ends;		/* where each sequence ends */
	uint32_t	nlines;

	/* Private. */
	SequencePlaces places;
	uint8_t    *carried;		/* between blocks, by column */
	uint8_t    *saved;			/* the same before each group of blocks, bits */
	uint64_t   *table;			/* rows by block of a group and column */
	uint32_t   *reached;		/* column, by line */
	uint32_t	group;			/* blocks in one */
} SequenceUnion;

/*
 * Prepares for sequences of at most max_rows symbols; the fields above have
 * been set.  False if memory is short: it is about 8 bytes for each column and
 * each of a few blocks of rows, 2 * sqrt(max_rows) bits besides.
 */
extern bool sequence_union_init(SequenceUnion *all, uint32_t max_rows, uint32_t nsymbols);

/*
 * Sets is_in of the symbols of rows that are in the longest common subsequence
 * with any of the sequences.  Of several that are the longest it is the one
 * that rouge-score finds.
 */
extern void sequence_union_find(SequenceUnion *all, Sequence rows, bool *is_in);

#endif							/* GAIOPS_SEQUENCE_UNION_H */
