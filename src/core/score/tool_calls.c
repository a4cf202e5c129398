/*
 * tool_calls.c
 *		Whether an answer calls the tools that it should.
 */
#include "core/score/tool_calls.h"

#include <string.h>

#include "core/json/json_text.h"
#include "core/json/value_read.h"

/* A call as it is compared. */
typedef struct ToolCall
{
	const Value *name;			/* NULL if it has none */
	const Value *arguments;		/* NULL if it says nothing of them */
} ToolCall;

/* Which called one serves an expected one, while that is being found. */
typedef struct Pairing
{
	const ToolCall *called;
	const ToolCall *expected;
	size_t		n;
	ToolArguments arguments;
	size_t	   *serves;			/* number of the expected one, from 1, by
								 * called one; 0 for none */
	bool	   *tried;
} Pairing;

static const Value empty_object = {.kind = VALUE_OBJECT};
static const Value no_calls = {.kind = VALUE_ARRAY};

static const Value *
member(const Value *value, const char *key)
{
	return value_member(value, key, strlen(key));
}

const Value *
tool_calls_in(const Value *outputs)
{
	const Value *calls = member(outputs, "tool_calls");

	if (calls == NULL)
		calls = outputs;
	return calls->kind == VALUE_ARRAY ? calls : &no_calls;
}

/*
 * Arguments as an object: they may be written as JSON text, and no text is no
 * argument.  What is no JSON stays the text that it is.
 */
static const Value *
read_arguments(const Value *arguments, Arena *arena)
{
	const char *reason;
	const Value *read;

	if (arguments == NULL)
		return NULL;
	if (arguments->kind == VALUE_NULL ||
		(arguments->kind == VALUE_STRING && arguments->len == 0))
		return &empty_object;
	if (arguments->kind != VALUE_STRING)
		return arguments;
	read = value_read((TextSlice) {arguments->text, arguments->len}, arena, &reason);
	return read != NULL ? read : arguments;
}

/* The calls of an array; NULL if memory is short. */
static ToolCall *
read_calls(const Value *array, Arena *arena)
{
	ToolCall   *calls = arena_alloc(arena, (array->len + 1) * sizeof(ToolCall));

	if (calls == NULL)
		return NULL;
	for (size_t i = 0; i < array->len; i++)
	{
		const Value *function = member(&array->elements[i], "function");

		if (function == NULL)
			function = &array->elements[i];
		calls[i].name = member(function, "name");
		calls[i].arguments = read_arguments(member(function, "arguments"), arena);
	}
	return arena_is_exhausted(arena) ? NULL : calls;
}

/* Whether an object has all members of another, with the same values. */
static bool
has_members(const Value *object, const Value *wanted, size_t *steps)
{
	if (object->kind != VALUE_OBJECT || wanted->kind != VALUE_OBJECT)
		return value_equals(object, wanted, steps);
	for (size_t i = 0; i < wanted->len; i++)
	{
		const ValueMember *other = &wanted->members[i];
		const Value *own = value_member(object, other->key, other->key_len);

		if (own == NULL || !value_equals(own, &other->value, steps))
			return false;
	}
	return true;
}

static bool
serves(const ToolCall *called, const ToolCall *expected, ToolArguments how)
{
	size_t		steps = 0;
	const Value *arguments = called->arguments != NULL ? called->arguments : &empty_object;

	if (json_text_check_interrupts != NULL)
		json_text_check_interrupts();
	if (called->name == NULL || !value_equals(called->name, expected->name, &steps))
		return false;
	if (how == TOOL_ARGUMENTS_IGNORE || expected->arguments == NULL)
		return true;
	if (how == TOOL_ARGUMENTS_CONTAIN)
		return has_members(arguments, expected->arguments, &steps);
	return value_equals(arguments, expected->arguments, &steps);
}

/*
 * Finds a called one for an expected one, if need be by finding another one
 * for the expected one that has it.
 */
static bool
find_pair(Pairing *pairing, size_t expected)
{
	for (size_t i = 0; i < pairing->n; i++)
	{
		if (pairing->tried[i] || !serves(&pairing->called[i], &pairing->expected[expected],
										 pairing->arguments))
			continue;
		pairing->tried[i] = true;
		if (pairing->serves[i] == 0 || find_pair(pairing, pairing->serves[i] - 1))
		{
			pairing->serves[i] = expected + 1;
			return true;
		}
	}
	return false;
}

/*
 * Number, from 1, of the first expected one for which none is left; 0 if each
 * has its own.
 */
static size_t
find_unserved(Pairing *pairing)
{
	for (size_t i = 0; i < pairing->n; i++)
	{
		memset(pairing->tried, 0, pairing->n * sizeof(bool));
		if (!find_pair(pairing, i))
			return i + 1;
	}
	return 0;
}

/* The same where each has to be in its place. */
static size_t
find_misplaced(const Pairing *pairing)
{
	for (size_t i = 0; i < pairing->n; i++)
		if (!serves(&pairing->called[i], &pairing->expected[i], pairing->arguments))
			return i + 1;
	return 0;
}

/* Whether each of n calls has a name. */
static bool
have_names(const ToolCall *calls, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (calls[i].name == NULL || calls[i].name->kind != VALUE_STRING)
			return false;
	return true;
}

/* Sets up what pairs calls; false if expected ones are none, or no memory. */
static bool
begin_pairing(Pairing *pairing, const Value *called, const Value *expected, Arena *arena)
{
	pairing->n = expected->len;
	pairing->called = read_calls(called, arena);
	pairing->expected = read_calls(expected, arena);
	pairing->serves = arena_alloc(arena, (pairing->n + 1) * sizeof(size_t));
	pairing->tried = arena_alloc(arena, pairing->n + 1);
	return !arena_is_exhausted(arena) && have_names(pairing->expected, pairing->n);
}

ToolMatch
tool_calls_compare(const Value *called, const Value *expected,
				   bool any_order, ToolArguments arguments, Arena *arena)
{
	ToolMatch	match = {.outcome = TOOL_CALLS_UNREADABLE, .called = called->len, .expected = expected->len};
	Pairing		pairing = {.arguments = arguments};

	if (expected->len > TOOL_CALLS_MAX || !begin_pairing(&pairing, called, expected, arena))
		return match;
	if (called->len == expected->len)
	{
		match.number = any_order ? find_unserved(&pairing) : find_misplaced(&pairing);
		if (match.number == 0)
			match.outcome = TOOL_CALLS_MATCH;
	}
	if (match.number > 0)
	{
		match.name = pairing.expected[match.number - 1].name->text;
		match.name_len = pairing.expected[match.number - 1].name->len;
	}
	if (match.outcome != TOOL_CALLS_MATCH)
		match.outcome = TOOL_CALLS_DIFFER;
	return match;
}
