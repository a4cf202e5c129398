/*
 * cases.h
 *		Cases that are kept in a file, one JSON object a line, for unit tests.
 *
 * CASES is the path of the file; the Makefile here says it.
 */
#ifndef GAIOPS_CASES_H
#define GAIOPS_CASES_H

#include "check.h"
#include "json_values.h"

#define ARENA_LIMIT		((size_t) 64 << 20)

/* A member of a case; undefined if it has none. */
static inline Value
case_member(const Value *test, const char *key)
{
	const Value *found = value_member(test, key, strlen(key));

	if (found == NULL)
		return (Value) {.kind = VALUE_UNDEFINED};
	return *found;
}

/* A member that is a string; NULL if it is none. */
static inline char *
case_string(Arena *arena, const Value *test, const char *key)
{
	Value		value = case_member(test, key);
	char	   *copy;

	if (value.kind != VALUE_STRING)
		return NULL;
	copy = arena_alloc(arena, value.len + 1);
	memcpy(copy, value.text, value.len);
	return copy;
}

/*
 * Checks all cases of the file, each with an arena of its own.  What has no
 * member of that name and kind is no case, and fails.  Returns how many there
 * were.
 */
static inline int
check_cases(const char *key, ValueKind kind, void (*check_case) (Arena *arena, const Value *test, int line))
{
	FILE	   *file = fopen(CASES, "r");
	char	   *text = NULL;
	size_t		size = 0;
	ssize_t		len;
	int			cases = 0;

	for (int line = 1; file != NULL && (len = getline(&text, &size, file)) > 0; line++)
	{
		Arena	   *arena = arena_create(ARENA_LIMIT);
		Value		test;

		if (json_read(arena, text, (size_t) len, &test) && case_member(&test, key).kind == kind)
		{
			check_case(arena, &test, line);
			cases++;
		}
		else
			check_report(false, "a line is no case", CASES, line);
		arena_free(arena);
	}
	free(text);
	if (file != NULL)
		fclose(file);
	return cases;
}

#endif							/* GAIOPS_CASES_H */
