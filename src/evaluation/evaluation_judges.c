/*
 * evaluation_judges.c
 *		The judges of an evaluation, and whether they can be asked.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ordered.h"
#include "evaluation/evaluation_case_reader.h"
#include "evaluation/evaluation_cost.h"
#include "evaluation/evaluation_judges.h"
#include "gateway/route_cache.h"
#include "miscadmin.h"
#include "utils/memutils.h"

/* ---- as scorers ---- */

/* Scores of judges begin at 0 here, whatever the least verdict is. */
static void
set_range(Scorer *scorer, double least, double greatest)
{
	scorer->has_scale = least >= 0 && greatest > 0;
	scorer->scale = scorer->has_scale ? greatest : 0;
}

/* That of labels; there is none where one of them has no number. */
static void
set_choices(Scorer *scorer, const JudgeForm *form)
{
	double		least = 0;
	double		greatest = 0;

	for (size_t i = 0; i < form->nchoices; i++)
	{
		if (!form->choices[i].has_number)
			return;
		least = Min(least, form->choices[i].number);
		greatest = Max(greatest, form->choices[i].number);
	}
	set_range(scorer, least, greatest);
}

static void
set_scale(Scorer *scorer, const JudgeForm *form)
{
	switch (form->type)
	{
		case JUDGE_YES_NO:
			scorer->is_pass_fail = true;
			set_range(scorer, 0, 1);
			break;
		case JUDGE_SHARE:
			set_range(scorer, 0, 1);
			break;
		case JUDGE_SCALE:
		case JUDGE_NUMBER:
			set_range(scorer, form->min, form->max);
			break;
		case JUDGE_CHOICE:
			set_choices(scorer, form);
			break;
	}
}

/* Of a mean it is that of all judges, if each has one. */
static void
set_mean_scale(Scorer *scorer, const Judge *jury)
{
	double		greatest = 0;

	for (int i = 0; i < jury->nmembers; i++)
	{
		Scorer		member = {0};

		set_scale(&member, &jury->members[i]->form);
		if (!member.has_scale)
			return;
		greatest = Max(greatest, member.scale);
	}
	set_range(scorer, 0, greatest);
}

const char *
evaluation_judge_model(const EvaluationPlan *plan, int n, const Judge *asked)
{
	const EvaluationRequest *request = &plan->request;

	if (request->judge_model == NULL && asked->model == NULL &&
		request->judge_models != NULL && request->judge_models[n] != NULL)
		return request->judge_models[n];
	return judge_model(asked, request->judge_model);
}

/*
 * What else is kept of a judge: the model that it asks, or those of a jury
 * that have none of their own, so that the rest is asked by the same one.
 */
static Jsonb *
make_params(const EvaluationPlan *plan, int n)
{
	const Judge *judge = plan->judges[n];
	const char *model = NULL;
	StringInfoData params;

	for (int i = 0; i < judge_nasked(judge); i++)
		if (model == NULL || judge_asked(judge, i)->model == NULL)
			model = evaluation_judge_model(plan, n, judge_asked(judge, i));
	ordered_begin(&params);
	ordered_add_text(&params, "model", model);
	return document_parse(ordered_end(&params).data);
}

Scorer *
evaluation_judge_scorer(const EvaluationPlan *plan, int n)
{
	const Judge *judge = plan->judges[n];
	Scorer	   *scorer = palloc0(sizeof(Scorer));

	scorer->name = judge->name;
	scorer->source = "judge";
	scorer->version = judge->version;
	scorer->is_uncommitted = judge->is_uncommitted;
	scorer->direction = judge->is_lower ? "lower" : "higher";
	scorer->has_threshold = judge->has_threshold;
	scorer->threshold = judge->threshold;
	scorer->params = make_params(plan, n);
	if (judge->rule == JURY_MEAN)
		set_mean_scale(scorer, judge);
	else
		set_scale(scorer, &judge->form);
	return scorer;
}

/* ---- what is shown ---- */

void
evaluation_judge_subject(const EvaluationCase *subject, Jsonb *output, JudgeSubject *given)
{
	memset(given, 0, sizeof(*given));
	given->inputs = subject->written;
	if (output != NULL)
		given->outputs = document_text(output);
	if (subject->expectations != NULL)
		given->expectations = document_text(subject->expectations);
}

/* ---- before anything is spent ---- */

void
evaluation_foresee_subject(const EvaluationPlan *plan, const EvaluationCase *subject,
						   TextSlice answer, JudgeSubject *given)
{
	bool		is_stored = plan->request.model == NULL && plan->predict == NULL;

	evaluation_judge_subject(subject, is_stored ? subject->outputs : NULL, given);
	if (!is_stored)
		given->outputs = answer;
	if (plan->predict != NULL)
		given->trace = given->context = given->outputs;
}

/* Raises unless the most that a judge's call can cost is known. */
static void
require_priced(const EvaluationPlan *plan, int n, const JudgeSubject *given)
{
	const Judge *judge = plan->judges[n];

	for (int i = 0; i < judge_nasked(judge); i++)
	{
		const Judge *asked = judge_asked(judge, i);
		const char *model = evaluation_judge_model(plan, n, asked);
		CallRequest request;
		Call	   *call;

		judge_request(judge_ask_make(asked, given, model), &request);
		call = call_create(&request);
		evaluation_require_call_priced(call, model);
		call_free(call);
	}
}

/* Finds judges that can say something of a record, a bit for each. */
static uint32
find_ready(const EvaluationPlan *plan, const EvaluationCase *subject, uint32 known, char **reasons)
{
	JudgeSubject given;

	evaluation_foresee_subject(plan, subject, ordered_of("[\"\"]"), &given);
	for (int i = 0; i < plan->request.nscorers; i++)
	{
		const Judge *judge = plan->judges[i];
		uint32		bit = (uint32) 1 << i;

		if (judge == NULL || (known & bit) || !judge_ready(judge, &given, &reasons[i]))
			continue;
		if (plan->request.max_cost != NULL)
			require_priced(plan, i, &given);
		known |= bit;
	}
	return known;
}

/* Raises for the first judge that can say nothing of any record. */
static void
require_needs(const EvaluationPlan *plan, uint32 known, char *const *reasons)
{
	for (int i = 0; i < plan->request.nscorers; i++)
		if (plan->judges[i] != NULL && !(known & ((uint32) 1 << i)))
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
					 errmsg("judge \"%s\" can say nothing of any record of dataset \"%s\"",
							plan->judges[i]->name, plan->request.dataset),
					 errdetail("Of the last one: %s.", reasons[i]),
					 errhint("See gaiops.judges for what it needs.")));
}

static bool
are_all_known(const EvaluationPlan *plan, uint32 known)
{
	for (int i = 0; i < plan->request.nscorers; i++)
		if (plan->judges[i] != NULL && !(known & ((uint32) 1 << i)))
			return false;
	return true;
}

/* Raises unless the endpoint that each asks is there. */
static void
require_models(const EvaluationPlan *plan)
{
	for (int i = 0; i < plan->request.nscorers; i++)
		for (int j = 0; plan->judges[i] != NULL && j < judge_nasked(plan->judges[i]); j++)
			(void) route_cache_get(evaluation_judge_model(plan, i, judge_asked(plan->judges[i], j)),
								   CurrentMemoryContext);
}

void
evaluation_require_judges(const EvaluationPlan *plan)
{
	char	   *reasons[EVALUATION_MAX_SCORERS] = {0};
	EvaluationCaseReader reader;
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "genaiops judges",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old;
	uint32		known = 0;

	require_models(plan);
	evaluation_reader_begin(&reader, plan);
	old = MemoryContextSwitchTo(scratch);
	for (int i = 0; i < plan->ncases && !are_all_known(plan, known); i++)
	{
		CHECK_FOR_INTERRUPTS();
		MemoryContextReset(scratch);
		known = find_ready(plan, evaluation_reader_case(&reader, i), known, reasons);
	}
	require_needs(plan, known, reasons);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	evaluation_reader_end(&reader);
}
