/*
 * vocabulary.c
 *		Numbers for texts, the same for equal ones.
 */
#include "core/score/vocabulary.h"

#include <string.h>

/* A distinct text; NULL if the slot is free. */
struct Word
{
	const char *text;
	size_t		len;
	uint32_t	number;
};

bool
vocabulary_init(Scratch *scratch, Vocabulary *vocabulary, size_t n)
{
	size_t		size = 16;

	while (size < 2 * n)
		size *= 2;
	vocabulary->mask = size - 1;
	vocabulary->n = 0;
	vocabulary->words = scratch_alloc(scratch, size * sizeof(Word));
	if (vocabulary->words == NULL)
		return false;
	memset(vocabulary->words, 0, size * sizeof(Word));
	return true;
}

static inline uint64_t
hash_text(const char *text, size_t len)
{
	uint64_t	hash = len;
	uint64_t	piece;

	for (; len >= sizeof(piece); text += sizeof(piece), len -= sizeof(piece))
	{
		memcpy(&piece, text, sizeof(piece));
		hash = (hash ^ piece) * UINT64_C(0x9E3779B97F4A7C15);
		hash ^= hash >> 32;
	}
	piece = 0;
	memcpy(&piece, text, len);
	hash = (hash ^ piece) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 32;
}

uint32_t
vocabulary_number(Vocabulary *vocabulary, const char *text, size_t len)
{
	size_t		slot = hash_text(text, len) & vocabulary->mask;
	Word	   *word = &vocabulary->words[slot];

	while (word->text != NULL && (word->len != len || memcmp(word->text, text, len) != 0))
	{
		slot = (slot + 1) & vocabulary->mask;
		word = &vocabulary->words[slot];
	}
	if (word->text == NULL)
		*word = (Word) {text, len, vocabulary->n++};
	return word->number;
}
