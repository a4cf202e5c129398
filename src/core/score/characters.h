/*
 * characters.h
 *		Texts as sequences of their characters.
 */
#ifndef GAIOPS_CHARACTERS_H
#define GAIOPS_CHARACTERS_H

#include "core/score/sequence.h"

/* All texts of a comparison. */
typedef struct CharacterTexts
{
	Sequence	text;
	Sequence   *references;
	uint32_t	nsymbols;		/* symbols are below it */
} CharacterTexts;

/*
 * Reads all texts, with or without white space.  Returns why it cannot be
 * done, or NULL.
 */
extern const char *characters_prepare(const TextComparison *comparison, bool with_space,
									  CharacterTexts *texts);

#endif							/* GAIOPS_CHARACTERS_H */
