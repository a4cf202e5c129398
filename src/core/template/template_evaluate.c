/*
 * template_evaluate.c
 *		Evaluating expressions; the depth of recursion is that of brackets.
 */
#include "core/template/template_evaluate.h"

#include "core/template/template_compare.h"
#include "core/template/template_filter.h"

static Value
boolean(bool truth)
{
	return (Value) {.kind = VALUE_BOOL,.boolean = truth};
}

/* Numbers are read digit by digit, to see whether they are zero above all. */
static void
count_digits(TemplateRun *run, const Value *value)
{
	if (value->kind == VALUE_NUMBER)
		run->steps += run_steps_of(value->len);
}

static bool
evaluate_variable(TemplateRun *run, const Expression *variable, bool tolerant, Value *result)
{
	TemplateName path = variable->u.variable.path;

	if (!run_lookup(run, path, variable->u.variable.name_len, variable->offset, result))
		return false;
	if (result->kind == VALUE_UNDEFINED && !tolerant)
		return run_note_missing(run, path, variable->offset);
	count_digits(run, result);
	return true;
}

static bool
evaluate_list(TemplateRun *run, const Expression *list, Value *result)
{
	size_t		n = 0;
	Value	   *elements;

	for (const Operand *operand = list->u.operands; operand != NULL; operand = operand->next)
		n++;
	elements = scratch_alloc(&run->scratch, n * sizeof(Value));
	if (elements == NULL)
		return run_fail_memory(run);
	*result = (Value) {.kind = VALUE_ARRAY,.elements = elements,.len = n};
	for (const Operand *operand = list->u.operands; operand != NULL; operand = operand->next)
		if (!evaluate(run, operand->expression, false, elements++))
			return false;
	return true;
}

/* The first operand that is true, or that is false; or else the last. */
static bool
evaluate_operands(TemplateRun *run, const Operand *operand, bool truth, Value *result)
{
	for (; operand != NULL; operand = operand->next)
	{
		if (!evaluate(run, operand->expression, false, result))
			return false;
		if (value_is_true(result) == truth)
			break;
	}
	return true;
}

/*
 * Each operand is evaluated once, and none behind a comparison that is false.
 */
static bool
evaluate_comparison(TemplateRun *run, const Operand *operand, Value *result)
{
	Value		left;
	Value		right;
	bool		holds = true;

	if (!evaluate(run, operand->expression, false, &left))
		return false;
	for (operand = operand->next; operand != NULL && holds; operand = operand->next)
	{
		if (!evaluate(run, operand->expression, false, &right) ||
			!compare_values(run, &left, operand->comparison, &right, operand->offset, &holds))
			return false;
		left = right;
	}
	*result = boolean(holds);
	return true;
}

/* Whether a filter or test takes what is undefined. */
static bool
is_tolerant(const ChainLink *link)
{
	return link->filter == FILTER_DEFAULT || link->filter == TEST_DEFINED ||
		link->filter == TEST_NOT_DEFINED;
}

/* default(value, boolean): an empty string without a value. */
static bool
apply_default(TemplateRun *run, const ChainLink *link, bool tolerant, Value *value)
{
	const Operand *fallback = link->arguments;
	bool		replace = value->kind == VALUE_UNDEFINED;
	Value		flag;

	if (!replace && fallback != NULL && fallback->next != NULL && !value_is_true(value))
	{
		if (!evaluate(run, fallback->next->expression, false, &flag))
			return false;
		replace = value_is_true(&flag);
	}
	if (replace && fallback != NULL)
		return evaluate(run, fallback->expression, tolerant, value);
	if (replace)
		*value = (Value) {.kind = VALUE_STRING,.text = ""};
	return true;
}

/* Applies one filter or test to *value. */
static bool
apply_link(TemplateRun *run, const ChainLink *link, bool tolerant, Value *value)
{
	const Value operand = *value;
	Value		argument;

	switch (link->filter)
	{
		case FILTER_DEFAULT:
			return apply_default(run, link, tolerant, value);
		case TEST_DEFINED:
			*value = boolean(operand.kind != VALUE_UNDEFINED);
			return true;
		case TEST_NOT_DEFINED:
			*value = boolean(operand.kind == VALUE_UNDEFINED);
			return true;
		default:
			break;
	}
	if (link->arguments != NULL && !evaluate(run, link->arguments->expression, false, &argument))
		return false;
	return filter_apply(run, link->filter, &operand, link->arguments != NULL ? &argument : NULL,
						link->offset, value);
}

/*
 * What may be undefined is what the next filter or test, or who asks, takes.
 */
static bool
evaluate_chain(TemplateRun *run, const Expression *chain, bool tolerant, Value *result)
{
	const ChainLink *link = chain->u.chain.links;

	if (!evaluate(run, chain->u.chain.base, is_tolerant(link), result))
		return false;
	for (; link != NULL; link = link->next)
	{
		bool		next_is_tolerant = link->next == NULL ? tolerant : is_tolerant(link->next);

		if (!run_work(run, 1, link->offset) || !apply_link(run, link, next_is_tolerant, result))
			return false;
	}
	return true;
}

bool
evaluate(TemplateRun *run, const Expression *expression, bool tolerant, Value *result)
{
	*result = (Value) {.kind = VALUE_UNDEFINED};
	if (!run_work(run, 1, expression->offset))
		return false;
	switch (expression->kind)
	{
		case EXPRESSION_CONSTANT:
			*result = expression->u.constant;
			count_digits(run, result);
			return true;
		case EXPRESSION_VARIABLE:
			return evaluate_variable(run, expression, tolerant, result);
		case EXPRESSION_LIST:
			return evaluate_list(run, expression, result);
		case EXPRESSION_NOT:
			if (!evaluate(run, expression->u.operand, false, result))
				return false;
			*result = boolean(!value_is_true(result));
			return true;
		case EXPRESSION_AND:
			return evaluate_operands(run, expression->u.operands, false, result);
		case EXPRESSION_OR:
			return evaluate_operands(run, expression->u.operands, true, result);
		case EXPRESSION_COMPARISON:
			return evaluate_comparison(run, expression->u.operands, result);
		case EXPRESSION_CHAIN:
			return evaluate_chain(run, expression, tolerant, result);
	}
	return true;
}
