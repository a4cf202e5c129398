/*
 * vocabulary.c
 *		Numbers for texts, the same for equal ones.
 */
#include "core/score/vocabulary.h"

#include <string.h>

/* A distinct text.  Eight bytes and the length are all of a short one. */
struct VocabularySlot
{
	uint64_t	first;			/* bytes */
	uint32_t	len;
	uint32_t	number;			/* plus 1; 0 if the slot is free */
};

/* So many bytes of a number, whatever their order is. */
static const union
{
	unsigned char bytes[9][8];
	uint64_t	of[9];
}			masks = {{
	{0},
	{0xFF},
	{0xFF, 0xFF},
	{0xFF, 0xFF, 0xFF},
	{0xFF, 0xFF, 0xFF, 0xFF},
	{0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
	{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
	{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF},
	{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF}
}};

bool
vocabulary_init(Scratch *scratch, Vocabulary *vocabulary, size_t n)
{
	size_t		size = 16;

	while (size < 2 * n)
		size *= 2;
	vocabulary->mask = size - 1;
	vocabulary->n = 0;
	vocabulary->texts = scratch_alloc(scratch, n * sizeof(char *));
	vocabulary->slots = scratch_alloc(scratch, size * sizeof(VocabularySlot));
	if (vocabulary->texts == NULL || vocabulary->slots == NULL)
		return false;
	memset(vocabulary->slots, 0, size * sizeof(VocabularySlot));
	return true;
}

/* Up to eight bytes as a number, without branches that nobody can foresee. */
static inline uint64_t
first_bytes(const char *text, size_t len)
{
	uint64_t	bytes;

	memcpy(&bytes, text, sizeof(bytes));
	return bytes & masks.of[len < sizeof(bytes) ? len : sizeof(bytes)];
}

static inline uint64_t
hash_bytes(uint64_t hash, uint64_t bytes)
{
	hash = (hash ^ bytes) * UINT64_C(0x9E3779B97F4A7C15);
	return hash ^ hash >> 32;
}

static uint64_t
hash_rest(uint64_t hash, const char *text, size_t len)
{
	for (size_t i = sizeof(uint64_t); i < len; i += sizeof(uint64_t))
		hash = hash_bytes(hash, first_bytes(text + i, len - i));
	return hash;
}

static inline bool
is_in_slot(const Vocabulary *vocabulary, const VocabularySlot *slot, uint64_t first, const char *text, size_t len)
{
	return slot->first == first && slot->len == len &&
		(len <= sizeof(first) || memcmp(vocabulary->texts[slot->number - 1], text, len) == 0);
}

uint32_t
vocabulary_number(Vocabulary *vocabulary, const char *text, size_t len)
{
	uint64_t	first = first_bytes(text, len);
	size_t		place = hash_rest(hash_bytes(len, first), text, len) & vocabulary->mask;
	VocabularySlot *slot = &vocabulary->slots[place];

	while (slot->number != 0 && !is_in_slot(vocabulary, slot, first, text, len))
	{
		place = (place + 1) & vocabulary->mask;
		slot = &vocabulary->slots[place];
	}
	if (slot->number == 0)
	{
		vocabulary->texts[vocabulary->n] = text;
		*slot = (VocabularySlot) {first, (uint32_t) len, ++vocabulary->n};
	}
	return slot->number - 1;
}
