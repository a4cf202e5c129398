/*
 * json_values.h
 *		JSON text as the values that templates see, for tests.
 *
 * Numbers stay as they are written, where jsonb would write exponents out.
 */
#ifndef GAIOPS_JSON_VALUES_H
#define GAIOPS_JSON_VALUES_H

#include <stdlib.h>
#include <string.h>

#include "core/json/json_scan.h"
#include "core/json/value.h"
#include "core/memory/arena.h"
#include "core/text/unicode.h"

/* A place in text that json_scan() has passed. */
typedef struct JsonReader
{
	Arena	   *arena;
	const char *p;
	const char *end;
} JsonReader;

static bool json_read_value(JsonReader *reader, Value *value);

static inline void
json_skip_space(JsonReader *reader)
{
	while (reader->p < reader->end && strchr(" \t\r\n", *reader->p) != NULL)
		reader->p++;
}

static inline uint32_t
json_read_hex4(JsonReader *reader)
{
	char		digits[5] = {0};

	memcpy(digits, reader->p, 4);
	reader->p += 4;
	return (uint32_t) strtoul(digits, NULL, 16);
}

/* Reads what follows a backslash. */
static inline char *
json_read_escape(JsonReader *reader, char *out)
{
	static const char letters[] = "\"\\/bfnrt";
	static const char meanings[] = "\"\\/\b\f\n\r\t";
	char		c = *reader->p++;
	uint32_t	code_point;

	if (c != 'u')
	{
		*out++ = meanings[strchr(letters, c) - letters];
		return out;
	}
	code_point = json_read_hex4(reader);
	if (code_point >= 0xD800 && code_point <= 0xDBFF)
	{
		reader->p += 2;
		code_point = 0x10000 + ((code_point & 0x3FF) << 10) + (json_read_hex4(reader) & 0x3FF);
	}
	return out + unicode_encode(code_point, out);
}

/* Reads a string; the result is never longer than its text. */
static inline bool
json_read_string(JsonReader *reader, const char **text, size_t *len)
{
	const char *closing = reader->p + 1;
	char	   *start;
	char	   *out;

	while (*closing != '"')
		closing += *closing == '\\' ? 2 : 1;
	start = out = arena_alloc(reader->arena, (size_t) (closing - reader->p));
	if (start == NULL)
		return false;
	for (reader->p++; reader->p < closing;)
	{
		char		c = *reader->p++;

		if (c == '\\')
			out = json_read_escape(reader, out);
		else
			*out++ = c;
	}
	reader->p++;
	*text = start;
	*len = (size_t) (out - start);
	return true;
}

/* The order of jsonb. */
static inline int
json_compare_members(const ValueMember *x, const ValueMember *y)
{
	if (x->key_len != y->key_len)
		return x->key_len < y->key_len ? -1 : 1;
	return x->key_len == 0 ? 0 : memcmp(x->key, y->key, x->key_len);
}

/* Sorts members, and keeps the last of those with the same key. */
static inline size_t
json_sort_members(ValueMember *members, size_t n)
{
	size_t		kept = 0;

	for (size_t i = 1; i < n; i++)
		for (size_t j = i; j > 0 && json_compare_members(&members[j - 1], &members[j]) > 0; j--)
		{
			ValueMember swap = members[j];

			members[j] = members[j - 1];
			members[j - 1] = swap;
		}
	for (size_t i = 0; i < n; i++)
	{
		if (kept > 0 && json_compare_members(&members[kept - 1], &members[i]) == 0)
			kept--;
		members[kept++] = members[i];
	}
	return kept;
}

/* Room for one more in an array of n: it doubles when n is a power of two. */
static inline void *
json_grow(JsonReader *reader, void *array, size_t n, size_t size)
{
	void	   *larger;

	if ((n & (n - 1)) != 0)
		return array;
	larger = arena_alloc(reader->arena, (n == 0 ? 1 : 2 * n) * size);
	if (larger != NULL && n > 0)
		memcpy(larger, array, n * size);
	return larger;
}

static inline bool
json_read_array(JsonReader *reader, Value *value)
{
	Value	   *elements = NULL;

	*value = (Value) {.kind = VALUE_ARRAY};
	reader->p++;
	json_skip_space(reader);
	while (*reader->p != ']')
	{
		if (*reader->p == ',')
			reader->p++;
		elements = json_grow(reader, elements, value->len, sizeof(Value));
		if (elements == NULL || !json_read_value(reader, &elements[value->len++]))
			return false;
		json_skip_space(reader);
	}
	reader->p++;
	value->elements = elements;
	return true;
}

static inline bool
json_read_object(JsonReader *reader, Value *value)
{
	ValueMember *members = NULL;
	ValueMember *member;

	*value = (Value) {.kind = VALUE_OBJECT};
	reader->p++;
	json_skip_space(reader);
	while (*reader->p != '}')
	{
		if (*reader->p == ',')
			reader->p++;
		json_skip_space(reader);
		members = json_grow(reader, members, value->len, sizeof(ValueMember));
		if (members == NULL)
			return false;
		member = &members[value->len++];
		if (!json_read_string(reader, &member->key, &member->key_len))
			return false;
		json_skip_space(reader);
		reader->p++;
		if (!json_read_value(reader, &member->value))
			return false;
		json_skip_space(reader);
	}
	reader->p++;
	value->members = members;
	value->len = json_sort_members(members, value->len);
	return true;
}

/* Reads a number or a word. */
static inline bool
json_read_word(JsonReader *reader, Value *value)
{
	const char *begin = reader->p;

	while (reader->p < reader->end && strchr(" \t\r\n,]}", *reader->p) == NULL)
		reader->p++;
	*value = (Value) {.kind = VALUE_NUMBER,.text = begin,.len = (size_t) (reader->p - begin)};
	if (*begin == 't' || *begin == 'f')
		*value = (Value) {.kind = VALUE_BOOL,.boolean = *begin == 't'};
	else if (*begin == 'n')
		*value = (Value) {.kind = VALUE_NULL};
	return true;
}

static bool
json_read_value(JsonReader *reader, Value *value)
{
	json_skip_space(reader);
	switch (*reader->p)
	{
		case '[':
			return json_read_array(reader, value);
		case '{':
			return json_read_object(reader, value);
		case '"':
			value->kind = VALUE_STRING;
			return json_read_string(reader, &value->text, &value->len);
		default:
			return json_read_word(reader, value);
	}
}

/* Reads JSON, which must stay where it is.  False if it is none. */
static inline bool
json_read(Arena *arena, const char *text, size_t len, Value *value)
{
	JsonReader	reader = {arena, text, text + len};
	size_t		memory;

	*value = (Value) {.kind = VALUE_UNDEFINED};
	return json_scan(text, len, &memory) == NULL && json_read_value(&reader, value);
}

#endif							/* GAIOPS_JSON_VALUES_H */
