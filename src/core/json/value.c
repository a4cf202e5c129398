/*
 * value.c
 *		Values of JSON: finding members, comparing, truth.
 */
#include "core/json/value.h"

#include <stdint.h>
#include <string.h>

/* Bytes that are compared in one step. */
#define STEP_BYTES		64

/* Larger exponents than this are equally large; jsonb has none at all. */
#define MAX_EXPONENT	INT64_C(1000000000000000)

/*
 * A number taken apart: 0.d1d2d3... times ten to the power of exponent, d1 not
 * zero.  Digits are read one after the other, with zeros behind the last.
 */
typedef struct Decimal
{
	bool		negative;
	bool		is_zero;
	int64_t		exponent;
	const char *digit;			/* the next one, or a dot */
	const char *end;			/* of digits */
} Decimal;

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads the digits of an exponent, after its sign. */
static int64_t
read_exponent(const char *text, const char *end)
{
	int64_t		exponent = 0;

	for (; text < end && is_digit(*text); text++)
		if (exponent < MAX_EXPONENT)
			exponent = exponent * 10 + (*text - '0');
	return exponent;
}

/*
 * Takes a number apart; its text may be anything, but then so is the result.
 */
static Decimal
read_decimal(const Value *number)
{
	Decimal		decimal = {.digit = number->text, .end = number->text + number->len};
	const char *exponent = NULL;
	bool		after_dot = false;

	for (const char *c = number->text; c < decimal.end && exponent == NULL; c++)
		if (*c == 'e' || *c == 'E')
			exponent = c;
	if (exponent != NULL)
	{
		bool		negative = exponent + 1 < decimal.end && exponent[1] == '-';
		bool		signed_ = negative || (exponent + 1 < decimal.end && exponent[1] == '+');

		decimal.exponent = read_exponent(exponent + 1 + signed_, decimal.end);
		if (negative)
			decimal.exponent = -decimal.exponent;
		decimal.end = exponent;
	}
	if (decimal.digit < decimal.end && *decimal.digit == '-')
	{
		decimal.negative = true;
		decimal.digit++;
	}
	for (; decimal.digit < decimal.end; decimal.digit++)
	{
		if (*decimal.digit == '.')
			after_dot = true;
		else if (*decimal.digit != '0')
			break;
		else if (after_dot)
			decimal.exponent--;
	}
	decimal.is_zero = decimal.digit == decimal.end;
	if (!after_dot)
		for (const char *c = decimal.digit; c < decimal.end && *c != '.'; c++)
			decimal.exponent++;
	return decimal;
}

/* The next digit; 0 behind the last. */
static int
next_digit(Decimal *decimal)
{
	if (decimal->digit < decimal->end && *decimal->digit == '.')
		decimal->digit++;
	return decimal->digit < decimal->end ? *decimal->digit++ - '0' : 0;
}

/* Orders two numbers without their signs. */
static int
compare_magnitudes(Decimal a, Decimal b)
{
	if (a.is_zero || b.is_zero)
		return (int) b.is_zero - (int) a.is_zero;
	if (a.exponent != b.exponent)
		return a.exponent < b.exponent ? -1 : 1;
	while (a.digit < a.end || b.digit < b.end)
	{
		int			difference = next_digit(&a) - next_digit(&b);

		if (difference != 0)
			return difference;
	}
	return 0;
}

int
value_compare_numbers(const Value *a, const Value *b)
{
	Decimal		x = read_decimal(a);
	Decimal		y = read_decimal(b);

	/* Zero has no sign. */
	x.negative = x.negative && !x.is_zero;
	y.negative = y.negative && !y.is_zero;
	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	return x.negative ? compare_magnitudes(y, x) : compare_magnitudes(x, y);
}

/* Orders a member's key and another key as jsonb does. */
static int
compare_keys(const ValueMember *member, const char *key, size_t len)
{
	if (member->key_len != len)
		return member->key_len < len ? -1 : 1;
	return len == 0 ? 0 : memcmp(member->key, key, len);
}

/* Member number i in the order of jsonb. */
static const ValueMember *
nth_by_key(const Value *object, size_t i)
{
	return &object->members[object->by_key != NULL ? object->by_key[i] : i];
}

const Value *
value_member(const Value *value, const char *key, size_t len)
{
	size_t		low = 0;
	size_t		high = value->kind == VALUE_OBJECT ? value->len : 0;

	while (low < high)
	{
		size_t		middle = low + (high - low) / 2;
		const ValueMember *member = nth_by_key(value, middle);
		int			order = compare_keys(member, key, len);

		if (order == 0)
			return &member->value;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool equals(const Value *a, const Value *b, int depth, size_t *steps);

/* Whether two arrays of the same length have equal elements. */
static bool
elements_equal(const Value *a, const Value *b, int depth, size_t *steps)
{
	for (size_t i = 0; i < a->len; i++)
		if (!equals(&a->elements[i], &b->elements[i], depth, steps))
			return false;
	return true;
}

/* Whether two objects of the same size have equal members. */
static bool
members_equal(const Value *a, const Value *b, int depth, size_t *steps)
{
	for (size_t i = 0; i < a->len; i++)
	{
		const ValueMember *x = nth_by_key(a, i);
		const ValueMember *y = nth_by_key(b, i);

		*steps += x->key_len / STEP_BYTES;
		if (compare_keys(x, y->key, y->key_len) != 0 ||
			!equals(&x->value, &y->value, depth, steps))
			return false;
	}
	return true;
}

/* value_equals() at some depth. */
static bool
equals(const Value *a, const Value *b, int depth, size_t *steps)
{
	++*steps;
	if (a->kind != b->kind)
		return false;
	if (depth > VALUE_MAX_DEPTH)
	{
		*steps += VALUE_TOO_DEEP;
		return false;
	}
	switch (a->kind)
	{
		case VALUE_UNDEFINED:
		case VALUE_NULL:
			return true;
		case VALUE_BOOL:
			return a->boolean == b->boolean;
		case VALUE_NUMBER:
			*steps += (a->len + b->len) / STEP_BYTES;
			return value_compare_numbers(a, b) == 0;
		case VALUE_STRING:
			*steps += a->len / STEP_BYTES;
			return a->len == b->len && (a->len == 0 || memcmp(a->text, b->text, a->len) == 0);
		case VALUE_ARRAY:
			return a->len == b->len && elements_equal(a, b, depth + 1, steps);
		case VALUE_OBJECT:
			return a->len == b->len && members_equal(a, b, depth + 1, steps);
	}
	return false;
}

bool
value_equals(const Value *a, const Value *b, size_t *steps)
{
	return equals(a, b, 0, steps);
}

bool
value_is_true(const Value *value)
{
	switch (value->kind)
	{
		case VALUE_UNDEFINED:
		case VALUE_NULL:
			return false;
		case VALUE_BOOL:
			return value->boolean;
		case VALUE_NUMBER:
			return !read_decimal(value).is_zero;
		case VALUE_STRING:
		case VALUE_ARRAY:
		case VALUE_OBJECT:
			return value->len > 0;
	}
	return false;
}

const char *
value_kind_name(ValueKind kind)
{
	static const char *const names[] = {
		[VALUE_UNDEFINED] = "nothing",
		[VALUE_NULL] = "null",
		[VALUE_BOOL] = "a boolean",
		[VALUE_NUMBER] = "a number",
		[VALUE_STRING] = "a string",
		[VALUE_ARRAY] = "an array",
		[VALUE_OBJECT] = "an object",
	};

	return names[kind];
}
