/*
 * value_read.c
 *		JSON text that nobody has checked, as a value.
 */
#include "core/json/value_read.h"

#include <stdlib.h>
#include <string.h>

#include "core/json/json_scan.h"
#include "core/json/json_text.h"

/* A member on its way into order, with its place in the text. */
typedef struct Placed
{
	ValueMember member;
	size_t		place;
} Placed;

static bool read_value(TextSlice text, Arena *arena, Value *value);

/* A string given without its quotes, without its escapes, and with a NUL. */
static const char *
read_string(TextSlice string, Arena *arena, size_t *len)
{
	char	   *copy = arena_alloc(arena, string.len + 1);

	if (copy != NULL)
		*len = json_text_decode(string, copy);
	return copy;
}

/* Orders members as jsonb does, equal ones as they were written. */
static int
compare_placed(const void *a, const void *b)
{
	const Placed *x = a;
	const Placed *y = b;
	int			order;

	if (x->member.key_len != y->member.key_len)
		return x->member.key_len < y->member.key_len ? -1 : 1;
	order = memcmp(x->member.key, y->member.key, x->member.key_len);
	return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static bool
is_same_key(const ValueMember *a, const ValueMember *b)
{
	return a->key_len == b->key_len && memcmp(a->key, b->key, a->key_len) == 0;
}

/* Puts members that are in order into value, the last of equal ones. */
static bool
take_members(const Placed *placed, size_t n, Arena *arena, Value *value)
{
	ValueMember *members = arena_alloc(arena, (n + 1) * sizeof(ValueMember));

	if (members == NULL)
		return false;
	for (size_t i = 0; i < n; i++)
	{
		bool		again = value->len > 0 &&
			is_same_key(&members[value->len - 1], &placed[i].member);

		members[value->len - again] = placed[i].member;
		value->len += !again;
	}
	value->members = members;
	return true;
}

static bool
read_object(TextSlice text, Arena *arena, Value *value)
{
	Placed	   *placed = arena_alloc(arena, (json_text_count(text) + 1) * sizeof(Placed));
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	member;
	size_t		n = 0;

	if (placed == NULL)
		return false;
	json_text_enter(&walk, text);
	for (; json_text_next(&walk, &key, &member); n++)
	{
		placed[n].place = n;
		placed[n].member.key = read_string(key, arena, &placed[n].member.key_len);
		if (placed[n].member.key == NULL ||
			!read_value(member, arena, &placed[n].member.value))
			return false;
	}
	qsort(placed, n, sizeof(Placed), compare_placed);
	return take_members(placed, n, arena, value);
}

static bool
read_array(TextSlice text, Arena *arena, Value *value)
{
	Value	   *elements = arena_alloc(arena, (json_text_count(text) + 1) * sizeof(Value));
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	element;

	if (elements == NULL)
		return false;
	json_text_enter(&walk, text);
	while (json_text_next(&walk, &key, &element))
		if (!read_value(element, arena, &elements[value->len++]))
			return false;
	value->elements = elements;
	return true;
}

/* Reads text that is JSON; false if memory is short. */
static bool
read_value(TextSlice text, Arena *arena, Value *value)
{
	*value = (Value) {.kind = json_text_kind(text)};
	switch (value->kind)
	{
		case VALUE_OBJECT:
			return read_object(text, arena, value);
		case VALUE_ARRAY:
			return read_array(text, arena, value);
		case VALUE_STRING:
			value->text = read_string(json_text_string(text), arena, &value->len);
			return value->text != NULL;
		case VALUE_BOOL:
			value->boolean = text.data[0] == 't';
			return true;
		case VALUE_NUMBER:
			value->text = text.data;
			value->len = text.len;
			return true;
		default:
			return true;
	}
}

/* Text without the white space of JSON around it. */
static TextSlice
trim(TextSlice text)
{
	static const char space[] = {' ', '\t', '\n', '\r'};

	while (text.len > 0 && memchr(space, text.data[0], sizeof(space)) != NULL)
		text = (TextSlice) {text.data + 1, text.len - 1};
	while (text.len > 0 && memchr(space, text.data[text.len - 1], sizeof(space)) != NULL)
		text.len--;
	return text;
}

const Value *
value_read(TextSlice text, Arena *arena, const char **reason)
{
	size_t		memory;
	Value	   *value;

	*reason = json_scan(text.data, text.len, &memory);
	if (*reason != NULL)
		return NULL;
	*reason = "too large";
	value = arena_alloc(arena, sizeof(Value));
	return value != NULL && read_value(trim(text), arena, value) ? value : NULL;
}
