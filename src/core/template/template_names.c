/*
 * template_names.c
 *		Sets of names that keep their order: an array, and a hash table of
 *		places in it.
 */
#include "core/template/template_names.h"

#include <stdint.h>
#include <string.h>

#define FIRST_SIZE		16

typedef struct TemplateNameIndex
{
	size_t		size;			/* a power of two, at least twice the names */
	uint32_t	slots[];		/* place in the array, plus one; 0 is free */
} TemplateNameIndex;

bool
template_name_equals(TemplateName a, TemplateName b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.text, b.text, a.len) == 0);
}

/*
 * FNV-1a.  The seed is an address, so that nobody can know which names share
 * their slots.
 */
static size_t
hash(TemplateName name, const void *seed)
{
	uint64_t	sum = UINT64_C(0xcbf29ce484222325) ^ (uint64_t) (uintptr_t) seed;

	for (size_t i = 0; i < name.len; i++)
		sum = (sum ^ (unsigned char) name.text[i]) * UINT64_C(0x100000001b3);
	return (size_t) (sum ^ sum >> 32);
}

/* The slot of a name, or the free one that it would get. */
static uint32_t *
find_slot(const TemplateNames *names, TemplateNameIndex *index, TemplateName name)
{
	size_t		mask = index->size - 1;
	size_t		slot = hash(name, index) & mask;

	while (index->slots[slot] != 0 &&
		   !template_name_equals(names->names[index->slots[slot] - 1], name))
		slot = (slot + 1) & mask;
	return &index->slots[slot];
}

/* Doubles the array, and makes an index for it. */
static bool
grow(Arena *arena, TemplateNames *names)
{
	size_t		size = names->n < FIRST_SIZE ? FIRST_SIZE : 2 * names->n;
	TemplateName *larger = arena_alloc(arena, size * sizeof(TemplateName));
	size_t		slots = FIRST_SIZE;
	TemplateNameIndex *index;

	while (slots < 2 * size)
		slots *= 2;
	index = arena_alloc(arena, sizeof(TemplateNameIndex) + slots * sizeof(uint32_t));
	if (larger == NULL || index == NULL)
		return false;
	if (names->n > 0)
		memcpy(larger, names->names, names->n * sizeof(TemplateName));
	names->names = larger;
	names->size = size;
	names->index = index;
	index->size = slots;
	for (size_t i = 0; i < names->n; i++)
		*find_slot(names, index, larger[i]) = (uint32_t) i + 1;
	return true;
}

bool
template_names_add(Arena *arena, TemplateNames *names, TemplateName name)
{
	uint32_t   *slot;

	if ((names->index == NULL || names->n == names->size) && !grow(arena, names))
		return false;
	slot = find_slot(names, names->index, name);
	if (*slot == 0)
	{
		names->names[names->n++] = name;
		*slot = (uint32_t) names->n;
	}
	return true;
}
