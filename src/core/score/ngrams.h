/*
 * ngrams.h
 *		Runs of n symbols that sequences have in common.
 */
#ifndef GAIOPS_NGRAMS_H
#define GAIOPS_NGRAMS_H

#include "core/score/sequence.h"

typedef struct Ngrams Ngrams;

/*
 * Prepares for the runs that a text has in common with references, which stay
 * where they are; symbols are below nsymbols.  NULL if memory is short; it
 * takes about 80 bytes for each symbol of the references.
 */
extern Ngrams *ngrams_create(const TextComparison *comparison, Sequence text,
							 const Sequence *references, size_t nreferences,
							 uint32_t nsymbols);

/*
 * How many runs of one symbol more than the last time, one the first time, the
 * text has in common with the references.  A run counts as often as it is in
 * the reference that has it most often, or in the text if that is less.
 */
extern uint32_t ngrams_match(Ngrams *ngrams);

/* Passes over the runs of one symbol: the next time it is those of two. */
extern void ngrams_begin_with_two(Ngrams *ngrams);

/* Number of runs of n in a sequence. */
static inline uint32_t
ngrams_count(uint32_t length, uint32_t n)
{
	return length >= n ? length - n + 1 : 0;
}

#endif							/* GAIOPS_NGRAMS_H */
