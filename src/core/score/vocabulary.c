/*
 * vocabulary.c
 *		Numbers for texts, the same for equal ones.
 */
#include "core/score/vocabulary.h"

#include <string.h>

/*
 * A distinct text.  Its first bytes and its length are all of a short one, as
 * most words are.
 */
struct VocabularyText
{
	uint64_t	first;
	uint64_t	second;
	const char *text;
	size_t		len;
};

#define SHORT	(2 * sizeof(uint64_t))	/* bytes */

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

/* Slots of which at most a quarter will be taken. */
bool
vocabulary_init(Scratch *scratch, Vocabulary *vocabulary, size_t n)
{
	size_t		size = 16;

	vocabulary->shift = 60;
	for (; size < 4 * n; size *= 2)
		vocabulary->shift--;
	vocabulary->mask = size - 1;
	vocabulary->n = 0;
	vocabulary->texts = scratch_alloc(scratch, (n + 1) * sizeof(VocabularyText));
	vocabulary->slots = scratch_alloc(scratch, size * sizeof(uint32_t));
	if (vocabulary->texts == NULL || vocabulary->slots == NULL)
		return false;
	memset(vocabulary->slots, 0, size * sizeof(uint32_t));
	return true;
}

/* Up to eight bytes as a number, without branches that nobody can foresee. */
static inline uint64_t
eight_bytes(const char *text, size_t len)
{
	uint64_t	bytes;

	memcpy(&bytes, text, sizeof(bytes));
	return bytes & masks.of[len < sizeof(bytes) ? len : sizeof(bytes)];
}

static inline VocabularyText
describe(const char *text, size_t len)
{
	size_t		left = len > sizeof(uint64_t) ? len - sizeof(uint64_t) : 0;

	return (VocabularyText) {eight_bytes(text, len), eight_bytes(text + sizeof(uint64_t), left), text, len};
}

/* The upper bits are those that all others have a part in. */
static inline uint64_t
mix(uint64_t hash, uint64_t bytes)
{
	hash = (hash ^ hash >> 32 ^ bytes) * UINT64_C(0x9E3779B97F4A7C15);
	return hash;
}

static inline uint64_t
hash_text(const VocabularyText *text)
{
	uint64_t	hash = mix(mix(text->len, text->first), text->second);

	for (size_t i = SHORT; i < text->len; i += sizeof(uint64_t))
		hash = mix(hash, eight_bytes(text->text + i, text->len - i));
	return hash;
}

static inline bool
are_equal(const VocabularyText *one, const VocabularyText *two)
{
	if (((one->first ^ two->first) | (one->second ^ two->second) | (one->len ^ two->len)) != 0)
		return false;
	return one->len <= SHORT || memcmp(one->text + SHORT, two->text + SHORT, one->len - SHORT) == 0;
}

/*
 * Whether a text is new nobody can foresee.  So it is put behind the others in
 * any case, and a free slot leads there: either way the slot's text is the one
 * that is looked for, but for the few that have another's place.
 */
uint32_t
vocabulary_number(Vocabulary *vocabulary, const char *text, size_t len)
{
	VocabularyText *last = &vocabulary->texts[vocabulary->n];
	size_t		place;

	*last = describe(text, len);
	place = hash_text(last) >> vocabulary->shift;
	for (;; place = (place + 1) & vocabulary->mask)
	{
		uint32_t	slot = vocabulary->slots[place];
		uint32_t	is_free = slot == 0;
		uint32_t	number = slot - 1 + (-is_free & (vocabulary->n + 1));

		if (!are_equal(last, &vocabulary->texts[number]))
			continue;
		vocabulary->slots[place] = number + 1;
		vocabulary->n += is_free;
		return number;
	}
}
