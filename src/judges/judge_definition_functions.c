/*
 * judge_definition_functions.c
 *		Judges, for SQL: checking one that is created, and listing those that
 *		are built in.
 */
#include "postgres.h"

#include <math.h>

#include "base/arguments.h"
#include "base/ordered.h"
#include "catalog/pg_type.h"
#include "chat/chat_call.h"
#include "compat.h"
#include "core/judge/judge_builtin.h"
#include "core/judge/judge_instructions.h"
#include "fmgr.h"
#include "funcapi.h"
#include "judges/judge_definition.h"
#include "scorers/scorer.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_builtin_judges);
PG_FUNCTION_INFO_V1(gaiops_judge_data);
PG_FUNCTION_INFO_V1(gaiops_check_judge_settings);

#define NCOLUMNS	9

/* What needs are called, in the order of their bits. */
static const char *const need_names[] = {
	"inputs", "outputs", "expectations", "context", "conversation", "trace", "expectations.expected_response",
	"expectations.expected_facts or expected_response", "expectations.guidelines", "inputs.guidelines",
	"tool calls in outputs or trace", "inputs or conversation"
};

/* The names of which the bits are set, as text[]. */
static Datum
names_array(unsigned bits, const char *const *names, int n)
{
	Datum		elements[lengthof(need_names)];
	int			nelements = 0;

	for (int i = 0; i < n; i++)
		if (bits & (1u << i))
			elements[nelements++] = CStringGetTextDatum(names[i]);
	return PointerGetDatum(construct_array(elements, nelements, TEXTOID, -1, false, TYPALIGN_INT));
}

/* ---- built-in judges ---- */

static void
put_judge(ReturnSetInfo *result, const JudgeBuiltin *judge)
{
	TextSlice	choices = judge_definition_choices(&judge->form);
	Datum		values[NCOLUMNS] = {CStringGetTextDatum(judge->name), Int32GetDatum(judge->version),
		CStringGetTextDatum(judge_type_name(judge->form.type)), (Datum) 0, Float8GetDatum(judge->threshold),
		CStringGetTextDatum(judge->direction), names_array(judge->needs, need_names, lengthof(need_names)),
	CStringGetTextDatum(judge->meaning), CStringGetTextDatum(judge->instructions)};
	bool		nulls[NCOLUMNS] = {false, false, false, choices.data == NULL, !judge->has_threshold};

	if (choices.data != NULL)
		values[3] = ordered_to_datum(choices);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * gaiops.builtin_judges() returns rows of name, version, value_type, choices,
 * threshold, direction, needs, description and instructions
 */
Datum
gaiops_builtin_judges(PG_FUNCTION_ARGS)
{
	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; judge_builtin_at(i) != NULL; i++)
		put_judge((ReturnSetInfo *) fcinfo->resultinfo, judge_builtin_at(i));
	return (Datum) 0;
}

/* ---- what a new one is told ---- */

/*
 * gaiops.judge_data(instructions text) returns text[]: what placeholders name;
 * raises if there is none, or one that names nothing
 */
Datum
gaiops_judge_data(PG_FUNCTION_ARGS)
{
	char	   *instructions = argument_required_text(fcinfo, 0, "instructions");
	const char *names[JUDGE_SECOND_OUTPUTS];
	unsigned	data;
	TextSlice	unknown = judge_instructions_scan((TextSlice) {instructions, strlen(instructions)}, &data);
	const char *hint = "There are {{ inputs }}, {{ outputs }}, {{ expectations }}, {{ context }}, {{ guidelines }}, {{ trace }} and {{ conversation }}.";

	if (unknown.data != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("unknown placeholder in instructions: \"%s\"",
						argument_excerpt(pnstrdup(unknown.data, unknown.len))),
				 errhint("%s", hint)));
	if (data == 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("instructions say nothing of what is to be judged"),
				 errdetail("They have no placeholder."),
				 errhint("%s", hint)));
	for (int i = 0; i < JUDGE_SECOND_OUTPUTS; i++)
		names[i] = judge_datum_name((JudgeDatum) i);
	PG_RETURN_DATUM(names_array(data, names, JUDGE_SECOND_OUTPUTS));
}

/* Whether answers have a score, which a threshold is for. */
static bool
has_scores(const JudgeForm *form)
{
	for (size_t i = 0; i < form->nchoices; i++)
		if (form->choices[i].has_number)
			return true;
	return form->type != JUDGE_CHOICE;
}

static void
check_threshold(double threshold, const JudgeForm *form)
{
	bool		is_ranged = form->type == JUDGE_SCALE || form->type == JUDGE_NUMBER;

	if (form->type == JUDGE_YES_NO)
		judge_definition_raise("threshold", "A judge that says yes or no gives no number.");
	if (!has_scores(form))
		judge_definition_raise("threshold", "None of the labels has a score.");
	if (!(fabs(threshold) <= SCORE_MOST) ||
		(is_ranged && (threshold < form->min || threshold > form->max)) ||
		(form->type == JUDGE_SHARE && (threshold < 0 || threshold > 1)))
		judge_definition_raise("threshold", "It must be one of the scores that the judge can give.");
}

/* What the form of a reply rests on is not for params. */
static void
check_params(TextSlice params)
{
	static const char *const reserved[] = {"response_format", "n", "tools", "tool_choice"};

	if (params.data == NULL)
		return;
	messages_check_params(params);
	for (int i = 0; i < lengthof(reserved); i++)
		if (json_text_member(params, reserved[i]).data != NULL)
			judge_definition_raise("params", psprintf("The member \"%s\" is not for judges.", reserved[i]));
}

/*
 * gaiops.check_judge_settings(value_type text, choices ordered_json, threshold
 * float8, direction text, params ordered_json) returns void; raises unless all
 * of it is acceptable
 */
Datum
gaiops_check_judge_settings(PG_FUNCTION_ARGS)
{
	char	   *value_type = argument_required_text(fcinfo, 0, "value_type");
	JudgeForm	form = judge_definition_form(value_type, argument_json(fcinfo, 1));
	char	   *direction = argument_text(fcinfo, 3);

	if (!PG_ARGISNULL(2))
		check_threshold(PG_GETARG_FLOAT8(2), &form);
	if (direction != NULL && strcmp(direction, "higher") != 0 && strcmp(direction, "lower") != 0)
		judge_definition_raise("direction", "It says which scores are better, \"higher\" or \"lower\".");
	check_params(argument_object(fcinfo, 4, "params"));
	PG_RETURN_VOID();
}
