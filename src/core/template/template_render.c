/*
 * template_render.c
 *		Rendering templates: running their instructions.
 */
#include <string.h>

#include "core/json/value_text.h"
#include "core/template/template_evaluate.h"
#include "core/text/unicode.h"

/* A loop that is being run. */
typedef struct Loop
{
	Scope		scope;			/* begins with it, so that the one is the other */
	struct Loop *outer;
	Value		items;
	size_t		next;			/* element or member, or byte of a string */
	ScratchMark mark;			/* what is above it is needed no longer than a
								 * single instruction */
} Loop;

/* Where to go on when an included template ends. */
typedef struct Return
{
	const Template *template;
	uint32_t	next;
} Return;

typedef struct Renderer
{
	TemplateRun run;
	TextBuilder output;
	Loop	   *loop;			/* the innermost */
	Loop	   *spare;			/* that have ended, to be used again */
	Return		returns[TEMPLATE_MAX_DEPTH];
	int			depth;			/* of includes */
	uint32_t	next;			/* instruction of run.template */
} Renderer;

/* Appends a piece of the template as it is. */
static bool
print_source(Renderer *renderer, const Instruction *instruction)
{
	TemplateRun *run = &renderer->run;

	return text_append(&renderer->output, run->template->text + instruction->offset, instruction->len) ||
		run_fail_text(run, &renderer->output, instruction->offset);
}

/* Appends a value: strings as text, others as jsonb prints them. */
static bool
print_value(Renderer *renderer, const Instruction *instruction, const Value *value)
{
	bool		printed = true;

	if (value->kind == VALUE_STRING)
		printed = text_append(&renderer->output, value->text, value->len);
	else if (value->kind != VALUE_UNDEFINED)
		printed = value_print_json(&renderer->output, value);
	return printed || run_fail_text(&renderer->run, &renderer->output, instruction->offset);
}

static bool
do_print(Renderer *renderer, const Instruction *instruction)
{
	const Expression *expression = instruction->expression;
	bool		stands = expression->kind == EXPRESSION_VARIABLE && renderer->run.options->allow_partial;
	Value		value;

	if (!evaluate(&renderer->run, expression, stands, &value))
		return false;
	if (stands && value.kind == VALUE_UNDEFINED)
		return print_source(renderer, instruction);
	return print_value(renderer, instruction, &value);
}

/* To MLflow user.name is a name; that it is a path, too, comes second. */
static bool
do_print_mlflow(Renderer *renderer, const Instruction *instruction)
{
	TemplateRun *run = &renderer->run;
	const Expression *variable = instruction->expression;
	TemplateName path = variable->u.variable.path;
	Value		value;

	if (!run_lookup(run, path, path.len, variable->offset, &value))
		return false;
	if (value.kind == VALUE_UNDEFINED &&
		!run_lookup(run, path, variable->u.variable.name_len, variable->offset, &value))
		return false;
	if (value.kind != VALUE_UNDEFINED)
		return value_print_python(&renderer->output, &value) ||
			run_fail_text(run, &renderer->output, instruction->offset);
	if (run->options->allow_partial)
		return print_source(renderer, instruction);
	return run_note_missing(run, path, variable->offset);
}

static bool
do_unless(Renderer *renderer, const Instruction *instruction)
{
	Value		condition;

	if (!evaluate(&renderer->run, instruction->expression, false, &condition))
		return false;
	if (!value_is_true(&condition))
		renderer->next = instruction->target;
	return true;
}

/* Has the loop stand at its next item; false if there is none. */
static bool
advance(Loop *loop)
{
	const Value *items = &loop->items;
	size_t		step = 1;

	if (loop->next >= items->len)
		return false;
	if (items->kind == VALUE_ARRAY)
		loop->scope.value = items->elements[loop->next];
	else if (items->kind == VALUE_OBJECT)
		loop->scope.value = (Value) {
			.kind = VALUE_STRING,
			.text = items->members[loop->next].key,
			.len = items->members[loop->next].key_len,
		};
	else
	{
		step = unicode_first(items->text + loop->next, items->len - loop->next);
		loop->scope.value = (Value) {
			.kind = VALUE_STRING,.text = items->text + loop->next,.len = step
		};
	}
	loop->next += step;
	loop->scope.index++;
	loop->scope.is_last = loop->next == items->len;
	return true;
}

/* A loop over items, before the first; NULL if memory is short. */
static Loop *
new_loop(Renderer *renderer, TemplateName variable, const Value *items)
{
	Loop	   *loop = renderer->spare;

	if (loop != NULL)
		renderer->spare = loop->outer;
	else
		loop = arena_alloc(renderer->run.arena, sizeof(Loop));
	if (loop == NULL)
		return NULL;
	*loop = (Loop) {
		.scope = {
			.outer = renderer->loop == NULL ? NULL : &renderer->loop->scope,
			.name = variable,
		},
		.outer = renderer->loop,
		.items = *items,
		.mark = scratch_mark(&renderer->run.scratch),
	};
	return loop;
}

static bool
do_for(Renderer *renderer, const Instruction *instruction)
{
	TemplateRun *run = &renderer->run;
	Value		items;
	Loop	   *loop;

	if (!evaluate(run, instruction->expression, false, &items))
		return false;
	if (items.kind != VALUE_ARRAY && items.kind != VALUE_OBJECT && items.kind != VALUE_STRING &&
		items.kind != VALUE_UNDEFINED)
		return run_fail(run, TEMPLATE_FAILED, instruction->expression->offset,
						"\"for\" needs an array, an object or a string, not %s",
						value_kind_name(items.kind));
	if (items.kind == VALUE_UNDEFINED || items.len == 0)
	{
		renderer->next = instruction->target;
		return true;
	}
	loop = new_loop(renderer, instruction->variable, &items);
	if (loop == NULL)
		return run_fail_memory(run);
	renderer->loop = loop;
	run->scope = &loop->scope;
	(void) advance(loop);
	return true;
}

static void
do_next(Renderer *renderer, const Instruction *instruction)
{
	Loop	   *loop = renderer->loop;

	if (advance(loop))
	{
		renderer->next = instruction->target;
		return;
	}
	renderer->loop = loop->outer;
	renderer->run.scope = loop->scope.outer;
	loop->outer = renderer->spare;
	renderer->spare = loop;
}

static bool
do_include(Renderer *renderer, const Instruction *instruction)
{
	TemplateRun *run = &renderer->run;
	const TemplateInclude *include = &run->template->includes[instruction->target];

	if (include->target == NULL)
		return run_fail(run, TEMPLATE_FAILED, instruction->offset, "prompt \"%.*s\" is not loaded",
						(int) (include->address_len < 255 ? include->address_len : 255), include->address);
	if (renderer->depth == TEMPLATE_MAX_DEPTH)
		return run_fail(run, TEMPLATE_TOO_LARGE, instruction->offset, "includes are nested too deeply");
	renderer->returns[renderer->depth++] = (Return) {run->template, renderer->next};
	run->template = include->target;
	renderer->next = 0;
	return true;
}

/*
 * Goes back to the template that included the one at work; false if none did.
 */
static bool
do_end(Renderer *renderer)
{
	const Return *back;

	if (renderer->depth == 0)
		return false;
	back = &renderer->returns[--renderer->depth];
	renderer->run.template = back->template;
	renderer->next = back->next;
	return true;
}

/* Runs an instruction that is not OP_END. */
static bool
run_instruction(Renderer *renderer, const Instruction *instruction)
{
	switch (instruction->op)
	{
		case OP_TEXT:
			return print_source(renderer, instruction);
		case OP_PRINT:
			return do_print(renderer, instruction);
		case OP_PRINT_MLFLOW:
			return do_print_mlflow(renderer, instruction);
		case OP_JUMP:
			renderer->next = instruction->target;
			return true;
		case OP_UNLESS:
			return do_unless(renderer, instruction);
		case OP_FOR:
			return do_for(renderer, instruction);
		case OP_NEXT:
			do_next(renderer, instruction);
			return true;
		case OP_INCLUDE:
			return do_include(renderer, instruction);
		case OP_END:
			break;
	}
	return true;
}

/* Runs all instructions.  False, with the error filled in, on failure. */
static bool
run_all(Renderer *renderer)
{
	TemplateRun *run = &renderer->run;
	const ScratchMark bottom = {NULL, 0};

	for (;;)
	{
		const Instruction *instruction = &run->template->instructions[renderer->next++];

		if (!run_work(run, 1, instruction->offset))
			return false;
		if (instruction->op == OP_END)
		{
			if (!do_end(renderer))
				return true;
			continue;
		}
		if (!run_instruction(renderer, instruction))
			return false;
		scratch_release(&run->scratch, renderer->loop == NULL ? bottom : renderer->loop->mark);
	}
}

/* A limit as given, if it is, but no more than there may be. */
static size_t
limit(size_t given, size_t max)
{
	return given == 0 || given > max ? max : given;
}

/* Prepares a renderer; NULL if memory is short. */
static Renderer *
new_renderer(Arena *arena, const Template *template, const TemplateOptions *options,
			 TemplateNames *missing, TemplateError *error)
{
	Renderer   *renderer = arena_alloc(arena, sizeof(Renderer));

	if (renderer == NULL)
		return NULL;
	renderer->run.arena = arena;
	renderer->run.scratch.arena = arena;
	renderer->run.options = options;
	renderer->run.template = template;
	renderer->run.missing = missing;
	renderer->run.error = error;
	renderer->output.arena = arena;
	renderer->run.max_output = limit(options->max_output, TEMPLATE_MAX_OUTPUT);
	renderer->run.max_steps = limit(options->max_steps, TEMPLATE_MAX_STEPS);
	renderer->run.steps = options->steps == NULL ? 0 : *options->steps;
	renderer->output.limit = renderer->run.max_output;
	return renderer;
}

char *
template_render(Arena *arena, const Template *template, const TemplateOptions *options,
				size_t *len, TemplateNames *missing, TemplateError *error)
{
	Renderer   *renderer = new_renderer(arena, template, options, missing, error);
	char	   *text;

	*error = (TemplateError) {.line = 1,.column = 1};
	if (renderer == NULL)
	{
		error->kind = TEMPLATE_NO_MEMORY;
		error->template = template;
		(void) strcpy(error->message, "out of memory");
		return NULL;
	}
	/* What else fails may be for want of what is missing. */
	if ((run_all(renderer) || error->kind != TEMPLATE_NO_MEMORY) && renderer->run.is_missing)
		(void) run_fail_missing(&renderer->run);
	if (options->steps != NULL)
		*options->steps = renderer->run.steps;
	if (error->kind != TEMPLATE_OK)
		return NULL;
	text = text_finish(&renderer->output);
	if (text == NULL)
		(void) run_fail_memory(&renderer->run);
	else
		*len = renderer->output.len;
	return text;
}
