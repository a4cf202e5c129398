/*
 * template_run.c
 *		What the parts of the renderer share.
 */
#include "core/template/template_run.h"

#include <stdio.h>
#include <string.h>

#include "core/template/template_error.h"
#include "core/template/template_names.h"

/* Steps between two looks for interrupts: well below a millisecond. */
#define CHECK_INTERVAL	4096

/* Bytes that are looked at in one step. */
#define STEP_BYTES		16

/* Room for the end of a message that names too many variables. */
#define MORE_LENGTH		40

bool
run_fail(TemplateRun *run, TemplateErrorKind kind, uint32_t offset, const char *format,...)
{
	va_list		arguments;

	va_start(arguments, format);
	template_error_fill(run->error, kind, run->template->text, offset, NULL, format, arguments);
	va_end(arguments);
	run->error->template = run->template;
	return false;
}

bool
run_fail_memory(TemplateRun *run)
{
	return run_fail(run, TEMPLATE_NO_MEMORY, 0, "out of memory");
}

bool
run_fail_text(TemplateRun *run, const TextBuilder *builder, uint32_t offset)
{
	if (builder->problem == TEXT_NO_MEMORY)
		return run_fail_memory(run);
	if (builder->problem == TEXT_TOO_DEEP)
		return run_fail(run, TEMPLATE_TOO_LARGE, offset, "a value is nested too deeply");
	if (run->max_output < 1 << 20)
		return run_fail(run, TEMPLATE_TOO_LARGE, offset, "the text becomes larger than %zu bytes",
						run->max_output);
	return run_fail(run, TEMPLATE_TOO_LARGE, offset, "the text becomes larger than %zu MB",
					run->max_output >> 20);
}

size_t
run_steps_of(size_t bytes)
{
	return 1 + bytes / STEP_BYTES;
}

bool
run_work(TemplateRun *run, size_t steps, uint32_t offset)
{
	run->steps += steps;
	if (run->steps < run->next_check)
		return true;
	if (steps >= VALUE_TOO_DEEP)
		return run_fail(run, TEMPLATE_TOO_LARGE, offset, "a value is nested too deeply");
	if (run->steps > run->max_steps)
		return run_fail(run, TEMPLATE_TOO_LARGE, offset, "rendering takes more than %zu steps",
						run->max_steps);
	run->next_check = run->steps + CHECK_INTERVAL;
	if (run->next_check > run->max_steps)
		run->next_check = run->max_steps + 1;
	if (run->options->check_interrupts != NULL)
		run->options->check_interrupts();
	return true;
}

/* What "loop" is in a scope; good until the loop goes on. */
static const Value *
describe_loop(Scope *scope)
{
	size_t		len = (size_t) snprintf(scope->index_text, sizeof(scope->index_text), "%zu", scope->index);

	scope->members[LOOP_LAST] = (ValueMember) {
		"last", strlen("last"), {.kind = VALUE_BOOL,.boolean = scope->is_last}
	};
	scope->members[LOOP_FIRST] = (ValueMember) {
		"first", strlen("first"), {.kind = VALUE_BOOL,.boolean = scope->index == 1}
	};
	scope->members[LOOP_INDEX] = (ValueMember) {
		"index", strlen("index"), {.kind = VALUE_NUMBER,.text = scope->index_text,.len = len}
	};
	scope->loop = (Value) {.kind = VALUE_OBJECT,.members = scope->members,.len = LOOP_MEMBERS};
	return &scope->loop;
}

/* The value of a name by itself; NULL if there is none. */
static const Value *
find_name(TemplateRun *run, TemplateName name)
{
	const TemplateName loop = {"loop", strlen("loop")};

	for (Scope *scope = run->scope; scope != NULL; scope = scope->outer)
	{
		run->steps += run_steps_of(name.len);
		if (template_name_equals(name, scope->name))
			return &scope->value;
		if (template_name_equals(name, loop))
			return describe_loop(scope);
	}
	run->steps += run_steps_of(name.len);
	return value_member(run->options->variables, name.text, name.len);
}

/* Element of an array by the digits of its number; NULL if there is none. */
static const Value *
find_element(const Value *array, TemplateName index)
{
	size_t		i = 0;

	for (size_t at = 0; at < index.len; at++)
	{
		char		c = index.text[at];

		if (c < '0' || c > '9')
			return NULL;
		i = i * 10 + (size_t) (c - '0');
		if (i >= array->len)
			return NULL;
	}
	return &array->elements[i];
}

bool
run_lookup(TemplateRun *run, TemplateName path, size_t name_len, uint32_t offset, Value *value)
{
	const Value *found = find_name(run, (TemplateName) {path.text, name_len});
	size_t		at = name_len;

	while (found != NULL && at < path.len)
	{
		TemplateName key = {path.text + at + 1, 0};

		while (at + 1 + key.len < path.len && key.text[key.len] != '.')
			key.len++;
		at += 1 + key.len;
		run->steps += run_steps_of(key.len);
		if (found->kind == VALUE_ARRAY)
			found = find_element(found, key);
		else
			found = value_member(found, key.text, key.len);
	}
	*value = (Value) {.kind = VALUE_UNDEFINED};
	if (found != NULL)
		*value = *found;
	return run_work(run, 1, offset);
}

bool
run_note_missing(TemplateRun *run, TemplateName path, uint32_t offset)
{
	if (!run->is_missing)
	{
		run->is_missing = true;
		run->missing_template = run->template;
		run->missing_offset = offset;
	}
	return template_names_add(run->arena, run->missing, path) || run_fail_memory(run);
}

/* Names as many of the missing variables as the message has room for. */
bool
run_fail_missing(TemplateRun *run)
{
	const TemplateNames *missing = run->missing;
	char		names[sizeof(run->error->message) - 32];
	size_t		len = 0;

	names[0] = '\0';
	for (size_t i = 0; i < missing->n; i++)
	{
		QuotedText	name = template_quote(missing->names[i].text, missing->names[i].len);

		if (len + sizeof(name.text) + MORE_LENGTH > sizeof(names))
		{
			(void) snprintf(names + len, sizeof(names) - len, " and %zu more", missing->n - i);
			break;
		}
		len += (size_t) snprintf(names + len, sizeof(names) - len, "%s\"%s\"", i == 0 ? "" : ", ", name.text);
	}
	run->template = run->missing_template;
	return run_fail(run, TEMPLATE_MISSING, run->missing_offset,
					missing->n == 1 ? "variable %s is missing" : "variables %s are missing", names);
}
