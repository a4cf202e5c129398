/*
 * scorer_functions.c
 *		Scorers, for SQL: checking one that is created, and listing kinds.
 */
#include "postgres.h"

#include <math.h>

#include "base/arguments.h"
#include "compat.h"
#include "fmgr.h"
#include "funcapi.h"
#include "scorers/scorer_kind.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_scorer_settings);
PG_FUNCTION_INFO_V1(gaiops_scorer_kinds);

#define NSETTINGS	3			/* direction, scale, pass_fail */
#define NKINDS		7

/* Raises that an argument is not for a scorer of this kind, or not fit. */
pg_noreturn static void
raise_unfit(const char *argument, const char *problem)
{
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("argument \"%s\" is not acceptable", argument),
			 errdetail_internal("%s", problem)));
}

/* The kind of an argument; raises if there is none. */
static const ScorerKind *
require_kind(FunctionCallInfo fcinfo, int n)
{
	char	   *name = argument_required_text(fcinfo, n, "kind");
	const ScorerKind *kind = scorer_kind_find(name);
	StringInfoData names;

	if (kind != NULL)
		return kind;
	initStringInfo(&names);
	for (int i = 0; scorer_kind_at(i) != NULL; i++)
		appendStringInfo(&names, "%s%s", i == 0 ? "" : ", ", scorer_kind_at(i)->name);
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown kind of scorer: \"%s\"", argument_excerpt(name)),
			 errhint("The kinds are %s.", names.data)));
}

/* The direction given, or that of the kind. */
static const char *
read_direction(FunctionCallInfo fcinfo, int n, const ScorerKind *kind)
{
	char	   *direction = argument_text(fcinfo, n);

	if (direction == NULL)
		return kind->direction;
	if (strcmp(direction, "higher") != 0 && strcmp(direction, "lower") != 0)
		raise_unfit("direction", "It says which scores are better, \"higher\" or \"lower\".");
	return direction;
}

/* A threshold is for numbers, and within their range. */
static void
check_threshold(FunctionCallInfo fcinfo, int n, const ScorerKind *kind, bool is_pass_fail)
{
	double		threshold;

	if (PG_ARGISNULL(n))
		return;
	threshold = PG_GETARG_FLOAT8(n);
	if (is_pass_fail)
		raise_unfit("threshold", "This scorer says whether an answer passes, and gives no number.");
	if (!(fabs(threshold) <= SCORE_MOST))
		raise_unfit("threshold", "It must be from -1e+100 to 1e+100.");
	if (kind->result == KIND_SHARE && (threshold < 0 || threshold > 1))
		raise_unfit("threshold", "Scores of this kind are from 0 to 1.");
}

/*
 * The width of the range of scores: given, or 1 where it is known.  *isnull
 * is set if it is not known.
 */
static double
read_scale(FunctionCallInfo fcinfo, int n, bool is_measure, bool *isnull)
{
	double		scale;

	*isnull = is_measure && PG_ARGISNULL(n);
	if (PG_ARGISNULL(n))
		return 1;
	scale = PG_GETARG_FLOAT8(n);
	if (!(scale > 0 && scale <= SCORE_MOST))
		raise_unfit("scale", "It is the width of the range of scores, greater than 0, and 1e+100 at most.");
	if (!is_measure && scale != 1)
		raise_unfit("scale", "Scores of this kind are from 0 to 1, and their scale is 1.");
	return scale;
}

/*
 * gaiops.scorer_settings(kind text, params jsonb, direction text, threshold
 * float8, scale float8, OUT direction text, OUT scale float8, OUT pass_fail
 * boolean): what a new scorer comes to; raises unless all that is acceptable
 */
Datum
gaiops_scorer_settings(PG_FUNCTION_ARGS)
{
	const ScorerKind *kind = require_kind(fcinfo, 0);
	Jsonb	   *params = argument_jsonb(fcinfo, 1);
	ScorerOptions options;
	bool		is_pass_fail;
	Datum		values[NSETTINGS];
	bool		nulls[NSETTINGS] = {false};
	TupleDesc	desc;

	if (params == NULL || !JB_ROOT_IS_OBJECT(params))
		raise_unfit("params", "It must be a JSON object.");
	scorer_options_read(kind->name, kind->rules, params, &options);
	is_pass_fail = scorer_kind_is_pass_fail(kind, &options);
	values[0] = CStringGetTextDatum(read_direction(fcinfo, 2, is_pass_fail ? scorer_kind_find("exact_match") : kind));
	check_threshold(fcinfo, 3, kind, is_pass_fail);
	values[1] = Float8GetDatum(read_scale(fcinfo, 4, kind->result == KIND_MEASURE && !is_pass_fail, &nulls[1]));
	values[2] = BoolGetDatum(is_pass_fail);
	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}

/* The names of the members of params of a kind. */
static Datum
list_params(const OptionRule *rules)
{
	StringInfoData list;

	initStringInfo(&list);
	for (const OptionRule *rule = rules; rule->name != NULL; rule++)
		appendStringInfo(&list, "%s%s%s", rule == rules ? "" : ", ", rule->name,
						 rule->is_required ? " (required)" : "");
	return CStringGetTextDatum(list.data);
}

/*
 * gaiops.scorer_kinds() returns rows of kind, is_scorer, direction, scale,
 * pass_fail, params, description; the last three but one of a scorer without
 * params
 */
Datum
gaiops_scorer_kinds(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;

	InitMaterializedSRF(fcinfo, 0);
	for (int i = 0; scorer_kind_at(i) != NULL; i++)
	{
		const ScorerKind *kind = scorer_kind_at(i);
		bool		is_measure = kind->result == KIND_MEASURE;
		Datum		values[NKINDS] = {CStringGetTextDatum(kind->name), BoolGetDatum(kind->is_scorer),
			CStringGetTextDatum(kind->direction), Float8GetDatum(1),
			BoolGetDatum(kind->result == KIND_PASS_FAIL), list_params(kind->rules),
		CStringGetTextDatum(kind->meaning)};
		bool		nulls[NKINDS] = {false, false, false, is_measure};

		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
