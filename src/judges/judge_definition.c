/*
 * judge_definition.c
 *		What SQL says of a judge, read and checked.
 */
#include "postgres.h"

#include <math.h>

#include "base/arguments.h"
#include "base/ordered.h"
#include "compat.h"
#include "judges/judge_definition.h"
#include "scorers/scorer.h"
#include "utils/builtins.h"

#define MAX_CHOICES	50
#define MAX_LABEL	100			/* bytes */
#define MAX_SCALE	100			/* from the least to the greatest of a scale */

void
judge_definition_raise(const char *argument, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" is not acceptable", argument),
			 errdetail_internal("%s", problem)));
}

static JudgeType
read_type(const char *name)
{
	for (int i = 0; judge_type_name(i) != NULL; i++)
		if (strcmp(judge_type_name(i), name) == 0)
			return (JudgeType) i;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown value type of a judge: \"%s\"", argument_excerpt(name)),
			 errhint("The value types are yes_no, scale, number, choice and share.")));
}

/* A number of JSON; false if it is none, or beyond what scores may be. */
static bool
read_number(TextSlice value, double *number)
{
	if (json_text_kind(value) != VALUE_NUMBER)
		return false;
	*number = strtod(pnstrdup(value.data, value.len), NULL);
	return fabs(*number) <= SCORE_MOST;
}

/* ---- the range of numbers ---- */

static bool
read_range(TextSlice choices, JudgeForm *form)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	least;
	TextSlice	greatest;

	if (json_text_kind(choices) != VALUE_ARRAY || json_text_count(choices) != 2)
		return false;
	json_text_enter(&walk, choices);
	return json_text_next(&walk, &key, &least) && json_text_next(&walk, &key, &greatest) &&
		read_number(least, &form->min) && read_number(greatest, &form->max) && form->min < form->max;
}

static void
fill_range(TextSlice choices, JudgeForm *form)
{
	bool		is_scale = form->type == JUDGE_SCALE;

	form->min = is_scale ? 1 : 0;
	form->max = is_scale ? 5 : 1;
	if (choices.data == NULL)
		return;
	if (!read_range(choices, form))
		judge_definition_raise("choices", "It must be an array of the least and the greatest number.");
	if (is_scale && (form->min != floor(form->min) || form->max != floor(form->max) ||
					 fabs(form->min) > 1e6 || form->max - form->min > MAX_SCALE))
		judge_definition_raise("choices", psprintf("A scale has whole numbers, and its ends are at most %d apart.", MAX_SCALE));
}

/* ---- labels ---- */

static bool
is_known_label(const JudgeForm *form, TextSlice label)
{
	for (size_t i = 0; i < form->nchoices; i++)
		if (form->choices[i].label.len == label.len &&
			memcmp(form->choices[i].label.data, label.data, label.len) == 0)
			return true;
	return false;
}

static bool
is_label(TextSlice label)
{
	return label.len > 0 && label.len <= MAX_LABEL && !isspace((unsigned char) label.data[0]) &&
		!isspace((unsigned char) label.data[label.len - 1]);
}

/* Adds a label, with the number that it stands for unless that is null. */
static bool
add_label(JudgeForm *form, TextSlice label, TextSlice number)
{
	JudgeChoice *choice = unconstify(JudgeChoice *, &form->choices[form->nchoices]);

	if (!is_label(label) || is_known_label(form, label))
		return false;
	choice->label = label;
	choice->has_number = number.data != NULL && json_text_kind(number) != VALUE_NULL;
	form->nchoices++;
	return !choice->has_number || read_number(number, &choice->number);
}

/* Adds a member of an object, or an element of an array. */
static bool
add_choice(JudgeForm *form, TextSlice key, TextSlice value)
{
	if (key.data != NULL)
		return add_label(form, ordered_decode(key), value);
	return json_text_kind(value) == VALUE_STRING &&
		add_label(form, ordered_decode(json_text_string(value)), ORDERED_NONE);
}

static void
fill_labels(TextSlice choices, JudgeForm *form)
{
	JsonWalk	walk;
	TextSlice	key;
	TextSlice	value;
	size_t		n = choices.data == NULL ? 0 : json_text_count(choices);
	bool		is_good = n >= 2 && n <= MAX_CHOICES;

	if (is_good)
		form->choices = palloc0(n * sizeof(JudgeChoice));
	json_text_enter(&walk, choices);
	while (is_good && json_text_next(&walk, &key, &value))
		is_good = add_choice(form, key, value);
	if (!is_good)
		judge_definition_raise("choices", psprintf("It must be an array of 2 to %d different labels of 1 to %d bytes, or an object with the score of each, or null.",
												   MAX_CHOICES, MAX_LABEL));
}

JudgeForm
judge_definition_form(const char *value_type, TextSlice choices)
{
	JudgeForm	form = {.type = read_type(value_type)};

	form.lists_claims = form.type == JUDGE_SHARE;
	if (form.type == JUDGE_SCALE || form.type == JUDGE_NUMBER)
		fill_range(choices, &form);
	else if (form.type == JUDGE_CHOICE)
		fill_labels(choices, &form);
	else if (choices.data != NULL)
		judge_definition_raise("choices", "A judge of this value type has none.");
	return form;
}

/* ---- and back ---- */

static TextSlice
labels_text(const JudgeForm *form)
{
	StringInfoData object;

	ordered_begin(&object);
	for (size_t i = 0; i < form->nchoices; i++)
	{
		const JudgeChoice *choice = &form->choices[i];

		ordered_add(&object, pnstrdup(choice->label.data, choice->label.len),
					ordered_of(choice->has_number ? psprintf("%.15g", choice->number) : "null"));
	}
	return ordered_end(&object);
}

TextSlice
judge_definition_choices(const JudgeForm *form)
{
	if (form->type == JUDGE_CHOICE)
		return labels_text(form);
	if (form->type == JUDGE_SCALE || form->type == JUDGE_NUMBER)
		return ordered_of(psprintf("[%.15g, %.15g]", form->min, form->max));
	return ORDERED_NONE;
}
