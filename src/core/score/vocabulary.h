/*
 * vocabulary.h
 *		Numbers for texts, the same for equal ones.
 */
#ifndef GAIOPS_VOCABULARY_H
#define GAIOPS_VOCABULARY_H

#include <stdbool.h>
#include <stdint.h>

#include "core/memory/scratch.h"

typedef struct VocabularyText VocabularyText;

typedef struct Vocabulary
{
	uint32_t   *slots;			/* by hash: a number plus 1; 0 if it is free */
	size_t		mask;
	int			shift;			/* from a hash to a slot */
	VocabularyText *texts;		/* by number */
	uint32_t	n;				/* distinct texts so far */
} Vocabulary;

/* Prepares for n texts at most; false if memory is short. */
extern bool vocabulary_init(Scratch *scratch, Vocabulary *vocabulary, size_t n);

/* So many bytes behind the end of a text are read. */
#define VOCABULARY_BEHIND	16

/*
 * The number of a text; one that is new gets the next number, from 0 on, and
 * has to stay where it is.  It is shorter than 4 GB.
 */
extern uint32_t vocabulary_number(Vocabulary *vocabulary, const char *text, size_t len);

#endif							/* GAIOPS_VOCABULARY_H */
