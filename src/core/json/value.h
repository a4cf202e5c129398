/*
 * value.h
 *		Values of JSON as templates see them: read-only trees.
 *
 * Numbers are kept as text, so that what goes in comes out and none loses its
 * digits.  Text is UTF-8 and need not end in a NUL.  Who makes a value owns
 * its memory.
 */
#ifndef GAIOPS_VALUE_H
#define GAIOPS_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum ValueKind
{
	VALUE_UNDEFINED = 0,		/* no value at all */
	VALUE_NULL,
	VALUE_BOOL,
	VALUE_NUMBER,
	VALUE_STRING,
	VALUE_ARRAY,
	VALUE_OBJECT
} ValueKind;

typedef struct Value Value;
typedef struct ValueMember ValueMember;

struct Value
{
	ValueKind	kind;
	bool		boolean;
	const char *text;			/* of a string, or a number as JSON has it */
	size_t		len;			/* bytes of text; elements; members */
	const Value *elements;
	const ValueMember *members; /* in the order in which they are printed; no
								 * key twice */
	const uint32_t *by_key;		/* their numbers in the order of jsonb: shorter
								 * keys first, equally long ones by their
								 * bytes; NULL if they are in that order */
};

struct ValueMember
{
	const char *key;
	size_t		key_len;
	Value		value;
};

/* The member of that key; NULL if there is none or value is no object. */
extern const Value *value_member(const Value *value, const char *key, size_t len);

/*
 * How deep values may be nested where they are compared or printed.  Those
 * that came over a text format are never that deep.
 */
#define VALUE_MAX_DEPTH	1000

/*
 * Whether two values are the same JSON: 1 and 1.0 are.  *steps grows with the
 * work done; for values nested too deeply it grows by VALUE_TOO_DEEP, and the
 * answer is no.
 */
#define VALUE_TOO_DEEP	(SIZE_MAX / 4)

extern bool value_equals(const Value *a, const Value *b, size_t *steps);

/* What a kind of value is called: null, a number. */
extern const char *value_kind_name(ValueKind kind);

/*
 * Orders two numbers by value, however many digits: negative, 0 or positive.
 */
extern int	value_compare_numbers(const Value *a, const Value *b);

/* False for undefined, null, false, 0 and an empty string, array or object. */
extern bool value_is_true(const Value *value);

#endif							/* GAIOPS_VALUE_H */
