/*
 * template_filter.c
 *		Filters.
 */
#include "core/template/template_filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/json/value_text.h"
#include "core/text/unicode.h"

/* Bytes that are printed in one step. */
#define PRINT_STEP_BYTES	4

/* Room for a length in digits. */
#define NUMBER_LENGTH	24

static TextBuilder
new_builder(TemplateRun *run)
{
	return (TextBuilder) {.scratch = &run->scratch,.limit = run->max_output};
}

/* Makes a string of what a builder has; to print is more work than to copy. */
static bool
finish(TemplateRun *run, TextBuilder *builder, uint32_t offset, Value *result)
{
	const char *text = text_finish(builder);

	if (text == NULL)
		return run_fail_text(run, builder, offset);
	*result = (Value) {.kind = VALUE_STRING,.text = text,.len = builder->len};
	return run_work(run, 1 + builder->len / PRINT_STEP_BYTES, offset);
}

static bool
filter_tojson(TemplateRun *run, const Value *value, uint32_t offset, Value *result)
{
	TextBuilder builder = new_builder(run);

	(void) value_print_json(&builder, value);
	return finish(run, &builder, offset, result);
}

/* A value as it comes out: strings as text, others as JSON. */
static bool
text_of(TemplateRun *run, const Value *value, uint32_t offset, Value *result)
{
	if (value->kind != VALUE_STRING)
		return filter_tojson(run, value, offset, result);
	*result = *value;
	if (value->len == 0)
		result->text = "";
	return true;
}

/* Appends a value as it comes out. */
static void
append_text_of(TextBuilder *builder, const Value *value)
{
	if (value->kind == VALUE_STRING)
		(void) text_append(builder, value->text, value->len);
	else
		(void) value_print_json(builder, value);
}

/* Refuses a value that is no collection. */
static bool
refuse(TemplateRun *run, const char *filter, const Value *value, uint32_t offset)
{
	return run_fail(run, TEMPLATE_FAILED, offset,
					"filter \"%s\" needs an array, an object or a string, not %s",
					filter, value_kind_name(value->kind));
}

static bool
filter_length(TemplateRun *run, const Value *value, uint32_t offset, Value *result)
{
	size_t		length = value->len;
	char	   *text;

	if (value->kind == VALUE_STRING)
		length = unicode_length(value->text, value->len);
	else if (value->kind != VALUE_ARRAY && value->kind != VALUE_OBJECT)
		return refuse(run, "length", value, offset);
	text = scratch_alloc(&run->scratch, NUMBER_LENGTH);
	if (text == NULL)
		return run_fail_memory(run);
	(void) snprintf(text, NUMBER_LENGTH, "%zu", length);
	*result = (Value) {.kind = VALUE_NUMBER,.text = text,.len = strlen(text)};
	return value->kind != VALUE_STRING || run_work(run, run_steps_of(value->len), offset);
}

/*
 * Joins the elements of an array, the keys of an object, the characters of a
 * string.
 */
static bool
filter_join(TemplateRun *run, const Value *value, const Value *separator, uint32_t offset,
			Value *result)
{
	TextBuilder builder = new_builder(run);
	size_t		n;
	size_t		step = 1;

	if (value->kind != VALUE_ARRAY && value->kind != VALUE_OBJECT && value->kind != VALUE_STRING)
		return refuse(run, "join", value, offset);
	n = value->len;
	for (size_t i = 0; i < n; i += step)
	{
		if (i > 0 && separator != NULL)
			(void) text_append(&builder, separator->text, separator->len);
		if (value->kind == VALUE_ARRAY)
			append_text_of(&builder, &value->elements[i]);
		else if (value->kind == VALUE_OBJECT)
			(void) text_append(&builder, value->members[i].key, value->members[i].key_len);
		else
		{
			step = unicode_first(value->text + i, n - i);
			(void) text_append(&builder, value->text + i, step);
		}
		if (!run_work(run, 1, offset))
			return false;
	}
	return finish(run, &builder, offset, result);
}

/* Copies what a mapping has malloc'd to the scratch, and frees it. */
static bool
take_mapped(TemplateRun *run, char *mapped, size_t len, Value *result)
{
	char	   *text = NULL;

	if (mapped != NULL && len <= run->max_output)
		text = scratch_alloc(&run->scratch, len + 1);
	if (text != NULL)
		memcpy(text, mapped, len);
	free(mapped);
	*result = (Value) {.kind = VALUE_STRING,.text = text,.len = len};
	return text != NULL;
}

static bool
filter_case(TemplateRun *run, Filter filter, const Value *text, uint32_t offset, Value *result)
{
	size_t		len = 0;
	char	   *mapped;

	/*
	 * Each character is a good deal of work, and nothing may jump from here
	 * on.
	 */
	if (!run_work(run, 1 + text->len, offset))
		return false;
	mapped = filter == FILTER_UPPER ? unicode_upper(text->text, text->len, &len) :
		unicode_lower(text->text, text->len, &len);
	if (take_mapped(run, mapped, len, result))
		return true;
	if (len > run->max_output)
		return run_fail_text(run, &(TextBuilder) {.problem = TEXT_TOO_LARGE}, offset);
	return run_fail_memory(run);
}

static bool
filter_trim(TemplateRun *run, const Value *text, uint32_t offset, Value *result)
{
	size_t		begin = unicode_leading_space(text->text, text->len);
	size_t		end = text->len - unicode_trailing_space(text->text + begin, text->len - begin);

	*result = (Value) {.kind = VALUE_STRING,.text = text->text + begin,.len = end - begin};
	return run_work(run, run_steps_of(text->len - result->len), offset);
}

bool
filter_apply(TemplateRun *run, Filter filter, const Value *value, const Value *argument,
			 uint32_t offset, Value *result)
{
	Value		text = {.kind = VALUE_UNDEFINED};
	Value		separator = {.kind = VALUE_UNDEFINED};

	*result = (Value) {.kind = VALUE_UNDEFINED};
	if (value->kind == VALUE_UNDEFINED)
		return true;
	switch (filter)
	{
		case FILTER_LENGTH:
			return filter_length(run, value, offset, result);
		case FILTER_TOJSON:
			return filter_tojson(run, value, offset, result);
		case FILTER_JOIN:
			if (argument == NULL || argument->kind == VALUE_UNDEFINED)
				return filter_join(run, value, NULL, offset, result);
			return text_of(run, argument, offset, &separator) &&
				filter_join(run, value, &separator, offset, result);
		case FILTER_UPPER:
		case FILTER_LOWER:
			return text_of(run, value, offset, &text) &&
				filter_case(run, filter, &text, offset, result);
		case FILTER_TRIM:
			return text_of(run, value, offset, &text) &&
				filter_trim(run, &text, offset, result);
		default:
			break;
	}
	return true;
}
