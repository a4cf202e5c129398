/*
 * template_collect.c
 *		Which variables a template looks at.
 *
 * Each template is read once, whatever includes it, and what is free in it is
 * kept; an include adds those that no loop around it has for its own.
 */
#include <string.h>

#include "core/template/template_names.h"
#include "core/template/template_program.h"

/* What is known of a template. */
typedef struct Reading
{
	struct Reading *next;
	const Template *template;
	TemplateNames free;			/* not complete while it is being read */
	int			depth;			/* of includes */
	int			loops;			/* around the place */
	TemplateName variables[TEMPLATE_MAX_DEPTH]; /* theirs */
} Reading;

typedef struct Collector
{
	Arena	   *arena;
	Reading    *readings;
	size_t		steps;
} Collector;

static Reading *read_template(Collector *collector, const Template *template, int depth);

/* Adds a name unless a loop around the place has it for its variable. */
static bool
add_name(Collector *collector, Reading *reading, TemplateName name)
{
	collector->steps++;
	for (int i = 0; i < reading->loops; i++)
		if (template_name_equals(name, reading->variables[i]))
			return true;
	if (reading->loops > 0 && template_name_equals(name, (TemplateName) {"loop", 4}))
		return true;
	return collector->steps <= TEMPLATE_MAX_STEPS &&
		template_names_add(collector->arena, &reading->free, name);
}

static bool add_expression(Collector *collector, Reading *reading, const Expression *expression);

static bool
add_operands(Collector *collector, Reading *reading, const Operand *operand)
{
	for (; operand != NULL; operand = operand->next)
		if (!add_expression(collector, reading, operand->expression))
			return false;
	return true;
}

/* Adds the names of an expression; as deep as that is nested. */
static bool
add_expression(Collector *collector, Reading *reading, const Expression *expression)
{
	switch (expression->kind)
	{
		case EXPRESSION_CONSTANT:
			return true;
		case EXPRESSION_VARIABLE:
			return add_name(collector, reading,
							(TemplateName) {expression->u.variable.path.text,
											expression->u.variable.name_len});
		case EXPRESSION_LIST:
		case EXPRESSION_AND:
		case EXPRESSION_OR:
		case EXPRESSION_COMPARISON:
			return add_operands(collector, reading, expression->u.operands);
		case EXPRESSION_NOT:
			return add_expression(collector, reading, expression->u.operand);
		case EXPRESSION_CHAIN:
			if (!add_expression(collector, reading, expression->u.chain.base))
				return false;
			for (const ChainLink *link = expression->u.chain.links; link != NULL; link = link->next)
				if (!add_operands(collector, reading, link->arguments))
					return false;
			return true;
	}
	return true;
}

/* Adds the names that are free in what is included. */
static bool
add_include(Collector *collector, Reading *reading, const Template *target)
{
	const Reading *included;

	if (target == NULL || reading->depth == TEMPLATE_MAX_DEPTH)
		return true;
	included = read_template(collector, target, reading->depth + 1);
	if (included == NULL)
		return false;
	for (size_t i = 0; i < included->free.n; i++)
		if (!add_name(collector, reading, included->free.names[i]))
			return false;
	return true;
}

/* Adds the names of all instructions. */
static bool
add_instructions(Collector *collector, Reading *reading)
{
	const Template *template = reading->template;

	for (size_t i = 0; i < template->n_instructions; i++)
	{
		const Instruction *instruction = &template->instructions[i];

		if (instruction->expression != NULL &&
			!add_expression(collector, reading, instruction->expression))
			return false;
		if (instruction->op == OP_FOR)
			reading->variables[reading->loops++] = instruction->variable;
		else if (instruction->op == OP_NEXT)
			reading->loops--;
		else if (instruction->op == OP_INCLUDE &&
				 !add_include(collector, reading, template->includes[instruction->target].target))
			return false;
	}
	return true;
}

/*
 * Reads a template unless that is done.  NULL if memory or patience is short.
 */
static Reading *
read_template(Collector *collector, const Template *template, int depth)
{
	Reading    *reading = collector->readings;

	for (; reading != NULL; reading = reading->next, collector->steps++)
		if (reading->template == template)
			return reading;
	reading = arena_alloc(collector->arena, sizeof(Reading));
	if (reading == NULL)
		return NULL;
	reading->next = collector->readings;
	reading->template = template;
	reading->depth = depth;
	collector->readings = reading;
	return add_instructions(collector, reading) ? reading : NULL;
}

bool
template_collect_variables(Arena *arena, const Template *template, TemplateNames *names)
{
	Collector	collector = {.arena = arena};
	const Reading *reading = read_template(&collector, template, 0);

	if (reading == NULL)
		return false;
	for (size_t i = 0; i < reading->free.n; i++)
		if (!template_names_add(arena, names, reading->free.names[i]))
			return false;
	return true;
}
