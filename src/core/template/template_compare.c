/*
 * template_compare.c
 *		How templates compare values.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE				/* for memmem() */
#endif
#include "core/template/template_compare.h"

#include <string.h>

/* value_equals(), with its work counted. */
static bool
are_equal(TemplateRun *run, const Value *a, const Value *b, uint32_t offset, bool *result)
{
	size_t		steps = 0;

	*result = value_equals(a, b, &steps);
	return run_work(run, steps, offset);
}

/* Orders two strings by code point, which is the order of their bytes. */
static int
order_strings(const Value *a, const Value *b)
{
	size_t		len = a->len < b->len ? a->len : b->len;
	int			order = len == 0 ? 0 : memcmp(a->text, b->text, len);

	if (order != 0)
		return order;
	return a->len < b->len ? -1 : a->len > b->len;
}

/*
 * Finds the first elements of two arrays that differ, and has them stand for
 * the arrays; these again are arrays perhaps.  If there are none *order is
 * that of the lengths.  Returns whether there are.
 */
static bool
descend(TemplateRun *run, const Value **a, const Value **b, uint32_t offset, int *order, bool *failed)
{
	const Value *x = *a;
	const Value *y = *b;
	bool		equal;

	for (size_t i = 0; i < x->len && i < y->len; i++)
	{
		*failed = !are_equal(run, &x->elements[i], &y->elements[i], offset, &equal);
		if (*failed)
			return false;
		if (!equal)
		{
			*a = &x->elements[i];
			*b = &y->elements[i];
			return true;
		}
	}
	*order = x->len < y->len ? -1 : x->len > y->len;
	return false;
}

/* Orders two values that have an order. */
static bool
order_values(TemplateRun *run, const Value *a, const Value *b, const char *operator,
			 uint32_t offset, int *order)
{
	bool		failed = false;

	while (a->kind == VALUE_ARRAY && b->kind == VALUE_ARRAY)
		if (!descend(run, &a, &b, offset, order, &failed))
			return !failed;
	if (a->kind == b->kind && a->kind == VALUE_NUMBER)
		*order = value_compare_numbers(a, b);
	else if (a->kind == b->kind && a->kind == VALUE_STRING)
		*order = order_strings(a, b);
	else
		return run_fail(run, TEMPLATE_FAILED, offset, "%s and %s cannot be compared by \"%s\"",
						value_kind_name(a->kind), value_kind_name(b->kind), operator);
	return run_work(run, run_steps_of(a->len + b->len), offset);
}

/* Whether a is in b: an element, a piece of text, or a key. */
static bool
is_in(TemplateRun *run, const Value *a, const Value *b, uint32_t offset, bool *result)
{
	*result = false;
	if (b->kind == VALUE_OBJECT)
	{
		*result = a->kind == VALUE_STRING && value_member(b, a->text, a->len) != NULL;
		return run_work(run, run_steps_of(a->len), offset);
	}
	if (b->kind == VALUE_ARRAY)
	{
		for (size_t i = 0; i < b->len && !*result; i++)
			if (!are_equal(run, a, &b->elements[i], offset, result))
				return false;
		return true;
	}
	if (b->kind != VALUE_STRING)
		return run_fail(run, TEMPLATE_FAILED, offset,
						"\"in\" needs an array, an object or a string on its right, not %s",
						value_kind_name(b->kind));
	if (a->kind != VALUE_STRING)
		return run_fail(run, TEMPLATE_FAILED, offset, "\"in\" finds strings in a string, not %s",
						value_kind_name(a->kind));
	*result = a->len == 0 || (a->len <= b->len && memmem(b->text, b->len, a->text, a->len) != NULL);
	return run_work(run, run_steps_of(a->len + b->len), offset);
}

bool
compare_values(TemplateRun *run, const Value *a, Comparison comparison, const Value *b,
			   uint32_t offset, bool *result)
{
	static const char *const operators[] = {
		[COMPARE_LESS] = "<",
		[COMPARE_LESS_EQUAL] = "<=",
		[COMPARE_GREATER] = ">",
		[COMPARE_GREATER_EQUAL] = ">=",
	};
	int			order = 0;
	bool		success;

	*result = false;
	if (a->kind == VALUE_UNDEFINED || b->kind == VALUE_UNDEFINED)
		return true;
	switch (comparison)
	{
		case COMPARE_EQUAL:
		case COMPARE_NOT_EQUAL:
			success = are_equal(run, a, b, offset, result);
			*result = *result == (comparison == COMPARE_EQUAL);
			return success;
		case COMPARE_IN:
		case COMPARE_NOT_IN:
			success = is_in(run, a, b, offset, result);
			*result = *result == (comparison == COMPARE_IN);
			return success;
		default:
			break;
	}
	success = order_values(run, a, b, operators[comparison], offset, &order);
	*result = (order < 0 && (comparison == COMPARE_LESS || comparison == COMPARE_LESS_EQUAL)) ||
		(order > 0 && (comparison == COMPARE_GREATER || comparison == COMPARE_GREATER_EQUAL)) ||
		(order == 0 && (comparison == COMPARE_LESS_EQUAL || comparison == COMPARE_GREATER_EQUAL));
	return success;
}
