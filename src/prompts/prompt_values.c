/*
 * prompt_values.c
 *		From JSON text to the values that templates see.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "core/json/json_text.h"
#include "miscadmin.h"
#include "prompts/prompt_values.h"
#include "utils/memutils.h"

#define FIRST_ROOM 8			/* elements or members that are made room for at once */

static void read_value(JsonWalk *walk, Value *value);

/* Room for one more of n items, of which there may be many. */
static void *
make_room(void *items, size_t n, size_t size)
{
	if (items == NULL)
		return palloc(FIRST_ROOM * size);
	if (n < FIRST_ROOM || (n & (n - 1)) != 0)
		return items;
	return repalloc_huge(items, 2 * n * size);
}

static void
read_array(JsonWalk *walk, Value *value)
{
	Value	   *elements = NULL;
	size_t		n = 0;
	TextSlice	key;

	while (json_text_more(walk, &key))
	{
		elements = make_room(elements, n, sizeof(Value));
		read_value(walk, &elements[n++]);
	}
	value->elements = elements;
	value->len = n;
}

/* Orders the numbers of members as jsonb orders their keys. */
static int
compare_members(const void *a, const void *b, void *arg)
{
	const ValueMember *members = arg;
	const ValueMember *x = &members[*(const uint32_t *) a];
	const ValueMember *y = &members[*(const uint32_t *) b];

	CHECK_FOR_INTERRUPTS();
	if (x->key_len != y->key_len)
		return x->key_len < y->key_len ? -1 : 1;
	return memcmp(x->key, y->key, x->key_len);
}

static void
read_object(JsonWalk *walk, Value *value)
{
	ValueMember *members = NULL;
	uint32_t   *by_key;
	size_t		n = 0;
	TextSlice	key;

	while (json_text_more(walk, &key))
	{
		TextSlice	name = ordered_decode(key);

		members = make_room(members, n, sizeof(ValueMember));
		members[n].key = name.data;
		members[n].key_len = name.len;
		read_value(walk, &members[n++].value);
	}
	by_key = MemoryContextAllocHuge(CurrentMemoryContext, Max(n, 1) * sizeof(uint32_t));
	for (size_t i = 0; i < n; i++)
		by_key[i] = (uint32_t) i;
	qsort_arg(by_key, n, sizeof(uint32_t), compare_members, members);
	value->members = members;
	value->by_key = by_key;
	value->len = n;
}

static void
read_container(JsonWalk *walk, Value *value)
{
	JsonWalk	inner;

	check_stack_depth();
	json_text_descend(walk, &inner);
	if (value->kind == VALUE_OBJECT)
		read_object(&inner, value);
	else
		read_array(&inner, value);
	json_text_ascend(walk, &inner);
}

/* Reads the value that a walk has come to. */
static void
read_value(JsonWalk *walk, Value *value)
{
	TextSlice	text;

	CHECK_FOR_INTERRUPTS();
	*value = (Value) {.kind = json_text_peek(walk)};
	if (value->kind == VALUE_OBJECT || value->kind == VALUE_ARRAY)
	{
		read_container(walk, value);
		return;
	}
	text = json_text_take(walk);
	if (value->kind == VALUE_BOOL)
		value->boolean = *text.data == 't';
	else if (value->kind == VALUE_STRING)
		text = ordered_decode(json_text_string(text));
	if (value->kind == VALUE_STRING || value->kind == VALUE_NUMBER)
	{
		value->text = text.data;
		value->len = text.len;
	}
}

const Value *
prompt_values_read(TextSlice document)
{
	Value	   *value = palloc0(sizeof(Value));
	JsonWalk	walk;

	value->kind = VALUE_OBJECT;
	json_text_enter(&walk, document);
	if (walk.is_object)
		read_object(&walk, value);
	return value;
}
