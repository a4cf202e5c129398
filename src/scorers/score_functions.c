/*
 * score_functions.c
 *		Scoring an answer at once.
 *
 * A query that scores a table calls this for every row.  So the scorer is
 * found once, and again where another one is named, or the statement is
 * another: what a statement sees does not change under it.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/document.h"
#include "base/ordered.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "core/score/answer_text.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "scorers/scorer.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/snapmgr.h"

PG_FUNCTION_INFO_V1(gaiops_score);

enum
{
	ARG_SCORER, ARG_OUTPUTS, ARG_EXPECTATIONS, ARG_INPUTS
};

#define NCOLUMNS	4			/* value, score, passed, reason */

/* What is remembered between the calls of one expression. */
typedef struct ScoreCall
{
	bool		are_texts[ARG_INPUTS];	/* outputs and expectations, or JSON */
	TupleDesc	result;
	MemoryContext context;		/* of the scorer */
	Scorer	   *scorer;			/* NULL before it is found */
	char	   *name;			/* by which it was */
	Oid			role;			/* for which it was found */
	TransactionId xmin;			/* of the snapshot by which it was */
	TransactionId xmax;
	uint32		nrunning;		/* transactions, by which a snapshot differs */
	int32		nsubrunning;	/* from one with the same bounds */
	bool		is_overflowed;
	CommandId	command;
} ScoreCall;

static ScoreCall *
begin_calls(FunctionCallInfo fcinfo)
{
	MemoryContext home = fcinfo->flinfo->fn_mcxt;
	MemoryContext old = MemoryContextSwitchTo(home);
	ScoreCall  *call = palloc0(sizeof(ScoreCall));
	Oid		   *types;
	int			nargs;

	(void) get_func_signature(fcinfo->flinfo->fn_oid, &types, &nargs);
	for (int i = ARG_OUTPUTS; i < ARG_INPUTS; i++)
		call->are_texts[i] = types[i] == TEXTOID;
	if (get_call_result_type(fcinfo, NULL, &call->result) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	call->result = BlessTupleDesc(call->result);
	call->context = AllocSetContextCreate(home, "genaiops score", ALLOCSET_SMALL_SIZES);
	MemoryContextSwitchTo(old);
	fcinfo->flinfo->fn_extra = call;
	return call;
}

/*
 * Whether a snapshot shows what the one showed by which the scorer was found.
 * Between the same bounds transactions can only have ended.  The number of
 * commits would say it alone, but is not in a snapshot that is active.
 */
static bool
shows_the_same(const ScoreCall *call, Snapshot snapshot)
{
	return call->xmin == snapshot->xmin && call->xmax == snapshot->xmax &&
		call->nrunning == snapshot->xcnt && call->nsubrunning == snapshot->subxcnt &&
		call->is_overflowed == snapshot->suboverflowed && call->command == snapshot->curcid;
}

static void
remember_snapshot(ScoreCall *call, Snapshot snapshot)
{
	call->xmin = snapshot->xmin;
	call->xmax = snapshot->xmax;
	call->nrunning = snapshot->xcnt;
	call->nsubrunning = snapshot->subxcnt;
	call->is_overflowed = snapshot->suboverflowed;
	call->command = snapshot->curcid;
}

/* Whether the scorer that is remembered is what the name means here. */
static bool
is_current(const ScoreCall *call, const char *name, Snapshot snapshot)
{
	return call->scorer != NULL && strcmp(call->name, name) == 0 &&
		call->role == GetUserId() && shows_the_same(call, snapshot);
}

static const Scorer *
find_scorer(ScoreCall *call, const char *name)
{
	Snapshot	snapshot = GetActiveSnapshot();
	MemoryContext old;

	if (is_current(call, name, snapshot))
		return call->scorer;
	call->scorer = NULL;
	MemoryContextReset(call->context);
	old = MemoryContextSwitchTo(call->context);
	call->name = pstrdup(name);
	call->scorer = scorer_find(name, 0);
	MemoryContextSwitchTo(old);
	call->role = GetUserId();
	remember_snapshot(call, snapshot);
	return call->scorer;
}

/* ---- arguments ---- */

static Jsonb *
text_document(FunctionCallInfo fcinfo, int n)
{
	text	   *string = PG_GETARG_TEXT_PP(n);

	return document_string((TextSlice) {VARDATA_ANY(string), VARSIZE_ANY_EXHDR(string)});
}

/* An argument that is text or JSON; NULL if it is null. */
static Jsonb *
read_document(FunctionCallInfo fcinfo, int n, bool is_text)
{
	if (PG_ARGISNULL(n))
		return NULL;
	if (is_text)
		return text_document(fcinfo, n);
	return document_parse(TextDatumGetCString(PG_GETARG_DATUM(n)));
}

/* Expectations: what is no object is the response that is expected. */
static Jsonb *
wrap_expectations(Jsonb *given)
{
	JsonbParseState *state = NULL;
	JsonbValue	key = {.type = jbvString, .val.string = {.val = "expected_response", .len = 17}};
	JsonbValue	value;

	if (given == NULL || JB_ROOT_IS_OBJECT(given))
		return given;
	if (!JsonbExtractScalar(&given->root, &value))
		JsonbToJsonbValue(given, &value);
	pushJsonbValue(&state, WJB_BEGIN_OBJECT, NULL);
	pushJsonbValue(&state, WJB_KEY, &key);
	pushJsonbValue(&state, WJB_VALUE, &value);
	return JsonbValueToJsonb(pushJsonbValue(&state, WJB_END_OBJECT, NULL));
}

/* Whether a text is meant to be an object with what is expected. */
static bool
is_uncast_object(FunctionCallInfo fcinfo)
{
	text	   *given = PG_GETARG_TEXT_PP(ARG_EXPECTATIONS);
	TextSlice	trimmed = answer_trim((TextSlice) {VARDATA_ANY(given), VARSIZE_ANY_EXHDR(given)});

	return answer_starts_with(trimmed, (TextSlice) {"{", 1}) &&
		answer_contains(trimmed, (TextSlice) {"\"expected_", 10});
}

/* Why a kind would compare with something else than what is meant, or NULL. */
static const char *
find_problem(FunctionCallInfo fcinfo, const Scorer *scorer, const Jsonb *given, bool is_text)
{
	if (given == NULL || scorer->kind == NULL)
		return NULL;
	if (is_text)
		return is_uncast_object(fcinfo) ? "expectations are a text that looks like an object: cast it to jsonb" : NULL;
	if (JB_ROOT_IS_ARRAY(given) && !JB_ROOT_IS_SCALAR(given) && strcmp(scorer->kind, "json_equal") != 0)
		return "expectations are an array: several responses are {\"expected_responses\": [...]}";
	return NULL;
}

static void
read_subject(FunctionCallInfo fcinfo, const ScoreCall *call, const Scorer *scorer, ScorerSubject *subject)
{
	bool		is_text = call->are_texts[ARG_EXPECTATIONS];
	Jsonb	   *given = read_document(fcinfo, ARG_EXPECTATIONS, is_text);

	subject->outputs = read_document(fcinfo, ARG_OUTPUTS, call->are_texts[ARG_OUTPUTS]);
	subject->expectations = wrap_expectations(given);
	subject->problem = find_problem(fcinfo, scorer, given, is_text);
	subject->inputs = read_document(fcinfo, ARG_INPUTS, false);
}

static Datum
score_row(const ScoreCall *call, const Score *score)
{
	Datum		values[NCOLUMNS] = {PointerGetDatum(score->value), Float8GetDatum(score->score),
	BoolGetDatum(score->passed), (Datum) 0};
	bool		nulls[NCOLUMNS] = {score->value == NULL, !score->has_score, !score->has_passed, score->reason == NULL};

	if (score->reason != NULL)
		values[NCOLUMNS - 1] = CStringGetTextDatum(score->reason);
	return HeapTupleGetDatum(heap_form_tuple(call->result, values, nulls));
}

/*
 * gaiops_score(scorer text, outputs text or json, expectations text or json,
 * inputs json) returns a row of value, score, passed and reason; raises if
 * there is no such scorer
 */
Datum
gaiops_score(PG_FUNCTION_ARGS)
{
	char	   *name = argument_required_text(fcinfo, ARG_SCORER, "scorer");
	ScoreCall  *call = fcinfo->flinfo->fn_extra;
	const Scorer *scorer;
	ScorerSubject subject = {0};
	Score		score;

	if (call == NULL)
		call = begin_calls(fcinfo);
	scorer = find_scorer(call, name);
	read_subject(fcinfo, call, scorer, &subject);
	scorer_apply(scorer, &subject, &score);
	PG_RETURN_DATUM(score_row(call, &score));
}
