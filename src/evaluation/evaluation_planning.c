/*
 * evaluation_planning.c
 *		Finding and checking what an evaluation is to do.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/function_name.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "datasets/dataset_revision.h"
#include "evaluation/evaluation_binding.h"
#include "evaluation/evaluation_case.h"
#include "evaluation/evaluation_cost.h"
#include "evaluation/evaluation_judges.h"
#include "evaluation/evaluation_planning.h"
#include "gateway/route_cache.h"
#include "miscadmin.h"
#include "prompts/prompt.h"
#include "utils/builtins.h"
#include "utils/regproc.h"
#include "utils/syscache.h"

/* ---- what goes together ---- */

/* Raises where an argument is given without what it is for. */
static void
require_beside(const char *given, const char *name, const char *other)
{
	if (given != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" needs a model", name),
				 errdetail("It says what is sent, and %s.", other),
				 errhint("Name an endpoint in \"model\", or leave out \"%s\".", name)));
}

static void
check_outputs(const EvaluationRequest *request)
{
	const char *other = OidIsValid(request->predict) ?
		"a function for predict gets the inputs alone" : "without a model nothing is";

	if (request->model != NULL && OidIsValid(request->predict))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("arguments \"model\" and \"predict\" must not be given together"),
				 errhint("Either the one or the other gives the outputs; without both those of the records are scored.")));
	if (request->model != NULL)
		return;
	require_beside(request->prompt, "prompt", other);
	require_beside(request->message, "message", other);
}

/* Raises where an argument is about calls of which there are none. */
static void
check_calls(const EvaluationPlan *plan)
{
	const EvaluationRequest *request = &plan->request;

	if (plan->njudges > 0)
		return;
	if (request->max_cost != NULL && request->model == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"max_cost\" needs a model"),
				 errdetail("It limits what calls of the evaluation's own cost."),
				 errhint("Name an endpoint in \"model\", or leave out \"max_cost\".")));
	if (request->judge_model != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"judge_model\" needs a judge"),
				 errdetail("No scorer of this evaluation is one."),
				 errhint("Leave out \"judge_model\".")));
}

static void
check_range(const char *name, int value, int most)
{
	if (value < 1 || value > most)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" is out of range", name),
				 errdetail("It is %d; it must be from 1 to %d.", value, most)));
}

static void
check_request(const EvaluationRequest *request)
{
	check_outputs(request);
	check_range("concurrency", request->concurrency, EVALUATION_MAX_CONCURRENCY);
	check_range("repeats", request->repeats, EVALUATION_MAX_REPEATS);
}

/* ---- scorers ---- */

/* Raises if a scorer is named twice. */
static void
require_new(const EvaluationPlan *plan, int n)
{
	for (int i = 0; i < n; i++)
		if (strcmp(plan->scorers[i]->name, plan->scorers[n]->name) == 0)
			ereport(ERROR,
					(errcode(ERRCODE_DUPLICATE_OBJECT),
					 errmsg("scorer \"%s\" is named twice", plan->scorers[n]->name)));
}

static void
require_committed_scorer(const Scorer *scorer, bool is_judge)
{
	if (scorer->is_uncommitted)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 is_judge ?
				 errmsg("judge \"%s\" version %d is not committed", scorer->name, scorer->version) :
				 errmsg("scorer \"%s\" version %d is not committed", scorer->name, scorer->version),
				 errdetail("This transaction has created it; what it said is recorded for good."),
				 errhint("COMMIT first.")));
}

/* The version that is wanted; 0 for the latest. */
static int
version_of(const EvaluationRequest *request, int n)
{
	return request->versions ? request->versions[n] : 0;
}

/* The judge of a name, which a scorer that was created comes before. */
static Judge *
find_judge(const EvaluationRequest *request, int n)
{
	const char *name = request->scorers[n];

	if (request->are_judges != NULL)
		return request->are_judges[n] ? judge_find(name, version_of(request, n)) : NULL;
	return scorer_is_created(name) ? NULL : judge_find_if_any(name, 0);
}

static void
find_scorers(EvaluationPlan *plan)
{
	const EvaluationRequest *request = &plan->request;

	if (request->nscorers > EVALUATION_MAX_SCORERS)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("too many scorers"),
				 errdetail("There are %d; an evaluation can have %d.",
						   request->nscorers, EVALUATION_MAX_SCORERS)));
	plan->scorers = palloc(sizeof(Scorer *) * (request->nscorers + 1));
	plan->judges = palloc0(sizeof(Judge *) * (request->nscorers + 1));
	for (int i = 0; i < request->nscorers; i++)
	{
		plan->judges[i] = find_judge(request, i);
		plan->njudges += plan->judges[i] != NULL;
		plan->scorers[i] = plan->judges[i] != NULL ? evaluation_judge_scorer(plan, i) :
			scorer_find(request->scorers[i], version_of(request, i));
		require_new(plan, i);
		require_committed_scorer(plan->scorers[i], plan->judges[i] != NULL);
	}
}

/* ---- where outputs come from ---- */

/* Whether it is predict(jsonb) returning text or jsonb. */
static bool
is_predict(Form_pg_proc form)
{
	return form->prokind == PROKIND_FUNCTION && !form->proretset && form->pronargs == 1 &&
		form->proargtypes.values[0] == JSONBOID &&
		(form->prorettype == TEXTOID || form->prorettype == JSONBOID);
}

/* Raises unless the role in force may call a function for predict. */
static void
check_predict(Oid predict)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(predict));
	bool		fits;

	if (!HeapTupleIsValid(tuple))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("function with OID %u does not exist", predict)));
	fits = is_predict((Form_pg_proc) GETSTRUCT(tuple));
	ReleaseSysCache(tuple);
	if (!fits)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_FUNCTION_DEFINITION),
				 errmsg("function %s cannot be used for \"predict\"", format_procedure(predict)),
				 errhint("Give one that takes jsonb, the inputs of a record, and returns text or jsonb.")));
	if (!compat_may_execute(predict, GetUserId()))
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("permission denied for function %s", format_procedure(predict))));
	InvokeFunctionExecuteHook(predict);
}

static const Prompt *
load_prompt(const char *uri)
{
	PromptAddress address;
	Prompt	   *prompt;

	prompt_parse_address(uri, &address);
	prompt = prompt_load(&address);
	prompt_require_committed(prompt);
	return prompt;
}

static void
find_outputs(EvaluationPlan *plan)
{
	const EvaluationRequest *request = &plan->request;

	if (OidIsValid(request->predict))
	{
		check_predict(request->predict);
		plan->predict = psprintf("%s(jsonb)", function_qualified_name(request->predict));
	}
	if (request->model != NULL)
		(void) route_cache_get(request->model, CurrentMemoryContext);
	if (request->prompt != NULL)
		plan->prompt = load_prompt(request->prompt);
	if (request->message != NULL)
		plan->message = prompt_of_text(request->message);
}

EvaluationPlan *
evaluation_plan_make(const EvaluationRequest *request)
{
	EvaluationPlan *plan = palloc0(sizeof(EvaluationPlan));

	plan->request = *request;
	check_request(request);
	find_scorers(plan);
	check_calls(plan);
	find_outputs(plan);
	plan->revision = dataset_choose_revision(request->dataset, request->revision);
	evaluation_find_cases(plan);
	evaluation_bind_all(plan);
	if (request->max_cost != NULL && request->model != NULL)
		evaluation_require_priced(plan);
	if (plan->njudges > 0)
		evaluation_require_judges(plan);
	return plan;
}
