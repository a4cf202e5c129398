/*
 * judge_functions.c
 *		gaiops_judge() and gaiops_judge_pair().
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/caller.h"
#include "base/document.h"
#include "base/ordered.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "fmgr.h"
#include "funcapi.h"
#include "judges/judge_run.h"
#include "judges/judge_score.h"
#include "judges/judged_trace.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(gaiops_judge);
PG_FUNCTION_INFO_V1(gaiops_judge_pair);

enum
{
	ARG_NAME, ARG_INPUTS, ARG_OUTPUTS, ARG_EXPECTATIONS, ARG_CONTEXT, ARG_TRACE_ID, ARG_MODEL
};

#define NCOLUMNS	7			/* value, score, passed, rationale, error, cost,
								 * trace_id */

/* A row of a function's result. */
static Datum
make_row(FunctionCallInfo fcinfo, Datum *values, bool *nulls)
{
	TupleDesc	shape;

	if (get_call_result_type(fcinfo, NULL, &shape) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(shape), values, nulls));
}

/* Takes a text for a column, which is NULL if there is none. */
static void
set_text(Datum *values, bool *nulls, int column, const char *text)
{
	nulls[column] = text == NULL;
	if (text != NULL)
		values[column] = CStringGetTextDatum(text);
}

static void
set_cost(Datum *values, bool *nulls, int column, const JudgeVerdict *verdict)
{
	nulls[column] = !verdict->has_cost;
	values[column] = verdict->cost;
}

/* ---- one answer ---- */

static Datum
verdict_row(FunctionCallInfo fcinfo, const Judge *judge, const JudgeVerdict *verdict)
{
	const Score *score = &verdict->score;
	bool		failed = score->state == SCORE_ERROR;
	pg_uuid_t	trace_id = verdict->trace_id;
	Datum		values[NCOLUMNS] = {PointerGetDatum(score->value), Float8GetDatum(score->score),
		BoolGetDatum(score->passed), (Datum) 0, (Datum) 0, (Datum) 0, UUIDPGetDatum(&trace_id)
	};
	bool		nulls[NCOLUMNS] = {score->value == NULL, !score->has_score, !score->has_passed};

	set_text(values, nulls, 3, failed ? NULL : score->reason);
	set_text(values, nulls, 4, failed ? score->reason : NULL);
	set_cost(values, nulls, 5, verdict);
	nulls[6] = verdict->ncalls == 0 || judge->rule != JURY_NONE;
	return make_row(fcinfo, values, nulls);
}

/* Reads what is judged; returns why its trace does not say all, or NULL. */
static char *
read_subject(FunctionCallInfo fcinfo, const Judge *judge, JudgeSubject *subject)
{
	memset(subject, 0, sizeof(*subject));
	subject->inputs = argument_json(fcinfo, ARG_INPUTS);
	subject->outputs = argument_json(fcinfo, ARG_OUTPUTS);
	subject->expectations = argument_json(fcinfo, ARG_EXPECTATIONS);
	subject->context = argument_json(fcinfo, ARG_CONTEXT);
	if (PG_ARGISNULL(ARG_TRACE_ID))
		return NULL;
	subject->trace_id = PG_GETARG_UUID_P(ARG_TRACE_ID);
	return judged_trace_read(judge, subject);
}

/* Asks a judge, or all of a jury at once. */
static void
ask_judge(const Judge *judge, const JudgeSubject *subject, const char *model, JudgeVerdict *verdict)
{
	int			n = judge_nasked(judge);
	JudgeAsk  **asks = palloc(n * sizeof(JudgeAsk *));

	for (int i = 0; i < n; i++)
		asks[i] = judge_ask_make(judge_asked(judge, i), subject, judge_model(judge_asked(judge, i), model));
	judge_run(asks, n);
	judge_decide(judge, asks, verdict);
}

/* What cannot be said, and that nobody was asked. */
static void
say_unknown(JudgeVerdict *verdict, char *reason, const char *problem)
{
	judge_verdict_begin(verdict);
	if (problem != NULL)
		reason = psprintf("%s; of the trace: %s", reason, problem);
	judge_score_none(&verdict->score, SCORE_UNKNOWN, reason);
}

/*
 * gaiops_judge(name text, inputs, outputs, expectations and context
 * text_or_json, trace_id uuid, model text) returns a row of value, score,
 * passed, rationale, error, cost and trace_id; raises if there is no such
 * judge, trace or model
 */
Datum
gaiops_judge(PG_FUNCTION_ARGS)
{
	char	   *name = argument_required_text(fcinfo, ARG_NAME, "name");
	char	   *model = argument_text(fcinfo, ARG_MODEL);
	Judge	   *judge;
	JudgeSubject subject;
	JudgeVerdict verdict;
	char	   *reason;
	char	   *problem;

	caller_require_open_operation(fcinfo);
	judge = judge_find(name, 0);
	problem = read_subject(fcinfo, judge, &subject);
	if (judge_ready(judge, &subject, &reason))
		ask_judge(judge, &subject, model, &verdict);
	else
		say_unknown(&verdict, reason, problem);
	PG_RETURN_DATUM(verdict_row(fcinfo, judge, &verdict));
}

/* ---- two answers ---- */

enum
{
	PAIR_NAME, PAIR_INPUTS, PAIR_A, PAIR_B, PAIR_EXPECTATIONS, PAIR_CONTEXT, PAIR_MODEL
};

#define NPAIR	6				/* winner, flipped, rationale, error, cost,
								 * trace_ids */

/* What one order says: a, b or tie; NULL if nothing. */
static const char *
read_side(const JudgeVerdict *verdict, bool is_swapped)
{
	TextSlice	said;

	if (verdict->score.state != SCORE_SCORED)
		return NULL;
	said = document_text(verdict->score.value);
	if (strcmp(said.data, "\"tie\"") == 0)
		return "tie";
	return (strcmp(said.data, "\"first\"") == 0) != is_swapped ? "a" : "b";
}

static Datum
trace_ids(const JudgeVerdict *const *verdicts)
{
	pg_uuid_t	ids[2] = {verdicts[0]->trace_id, verdicts[1]->trace_id};
	Datum		elements[2] = {UUIDPGetDatum(&ids[0]), UUIDPGetDatum(&ids[1])};

	return PointerGetDatum(construct_array(elements, 2, UUIDOID, UUID_LEN, false, TYPALIGN_CHAR));
}

/* What both orders say together. */
static Datum
pair_row(FunctionCallInfo fcinfo, const JudgeVerdict *const *verdicts)
{
	const char *one = read_side(verdicts[0], false);
	const char *other = read_side(verdicts[1], true);
	bool		is_known = one != NULL && other != NULL;
	bool		is_flip = is_known && strcmp(one, other) != 0 && strcmp(one, "tie") != 0 && strcmp(other, "tie") != 0;
	const JudgeVerdict *failed = one == NULL ? verdicts[0] : verdicts[1];
	JudgeVerdict both;
	Datum		values[NPAIR] = {0};
	bool		nulls[NPAIR] = {false, !is_known};

	judge_verdict_begin(&both);
	judge_verdict_add(&both, verdicts[0]);
	judge_verdict_add(&both, verdicts[1]);
	set_text(values, nulls, 0, !is_known ? NULL : strcmp(one, other) == 0 ? one : "tie");
	values[1] = BoolGetDatum(is_flip);
	set_text(values, nulls, 2, !is_known ? NULL :
			 psprintf("a first: %s\nb first: %s", verdicts[0]->score.reason, verdicts[1]->score.reason));
	set_text(values, nulls, 3, is_known ? NULL : failed->score.reason);
	set_cost(values, nulls, 4, &both);
	values[5] = trace_ids(verdicts);
	return make_row(fcinfo, values, nulls);
}

/* A pair of which nothing can be said, and nobody was asked. */
static Datum
unknown_pair_row(FunctionCallInfo fcinfo, const char *reason)
{
	JudgeVerdict nobody;
	Datum		values[NPAIR] = {0};
	bool		nulls[NPAIR] = {true, true, false, true, false, true};

	judge_verdict_begin(&nobody);
	set_text(values, nulls, 2, reason);
	set_cost(values, nulls, 4, &nobody);
	return make_row(fcinfo, values, nulls);
}

/* Raises unless a judge can compare two answers. */
static void
require_comparing(const Judge *judge)
{
	if (judge->rule == JURY_NONE && (judge->needs & JUDGE_NEEDS_OUTPUTS))
		return;
	ereport(ERROR,
			(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
			 errmsg("judge \"%s\" cannot compare two answers", judge->name),
			 judge->rule != JURY_NONE ? errdetail("It is a jury.") :
			 errdetail("What it judges is no single answer.")));
}

/*
 * gaiops_judge_pair(name text, inputs, a, b, expectations and context
 * text_or_json, model text) returns a row of winner, flipped, rationale,
 * error, cost and trace_ids; raises as gaiops_judge() does
 */
Datum
gaiops_judge_pair(PG_FUNCTION_ARGS)
{
	char	   *name = argument_required_text(fcinfo, PAIR_NAME, "name");
	Judge	   *judge;
	char	   *given = argument_text(fcinfo, PAIR_MODEL);
	JudgeSubject subjects[2];
	JudgeAsk   *asks[2];
	char	   *reason;

	caller_require_open_operation(fcinfo);
	judge = judge_find(name, 0);
	require_comparing(judge);
	memset(subjects, 0, sizeof(subjects));
	subjects[0].inputs = argument_json(fcinfo, PAIR_INPUTS);
	subjects[0].outputs = argument_json(fcinfo, PAIR_A);
	subjects[0].second_outputs = argument_json(fcinfo, PAIR_B);
	subjects[0].expectations = argument_json(fcinfo, PAIR_EXPECTATIONS);
	subjects[0].context = argument_json(fcinfo, PAIR_CONTEXT);
	subjects[1] = subjects[0];
	subjects[1].outputs = subjects[0].second_outputs;
	subjects[1].second_outputs = subjects[0].outputs;
	for (int i = 0; i < 2; i++)
		if (!judge_ready(judge, &subjects[i], &reason))
			PG_RETURN_DATUM(unknown_pair_row(fcinfo, reason));
	for (int i = 0; i < 2; i++)
		asks[i] = judge_ask_make(judge, &subjects[i], judge_model(judge, given));
	judge_run(asks, 2);
	PG_RETURN_DATUM(pair_row(fcinfo, (const JudgeVerdict *const[]) {judge_verdict(asks[0]), judge_verdict(asks[1])}));
}
