/*
 * evaluation_work.c
 *		What an evaluation has yet to do, and how far it is.
 */
#include "postgres.h"

#include "evaluation/evaluation_work.h"
#include "port/pg_bitutils.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/timestamp.h"

void
evaluation_work_begin(EvaluationWork *work, const EvaluationPlan *plan, const bool *done)
{
	memset(work, 0, sizeof(*work));
	work->plan = plan;
	work->done = done;
	evaluation_reader_begin(&work->reader, plan);
	work->nitems = (int64) plan->ncases * plan->request.repeats;
	for (int64 i = 0; done != NULL && i < work->nitems; i++)
		work->nskipped += done[i];
	work->begun_at = GetCurrentTimestamp();
	work->context = CurrentMemoryContext;
}

bool
evaluation_work_next(EvaluationWork *work, const EvaluationCase **subject, int *repeat)
{
	const EvaluationPlan *plan = work->plan;

	while (work->next < work->nitems && work->done != NULL && work->done[work->next])
		work->next++;
	if (work->next >= work->nitems)
		return false;
	*subject = evaluation_reader_case(&work->reader, (int) (work->next % plan->ncases));
	*repeat = (int) (work->next / plan->ncases) + 1;
	work->next++;
	return true;
}

void
evaluation_work_end(EvaluationWork *work)
{
	evaluation_reader_end(&work->reader);
}

int64
evaluation_unscored(const EvaluationWork *work)
{
	int64		n = work->nunscored;

	for (int64 i = work->nextunjudged; i < work->nunjudged; i++)
		n += pg_popcount32(work->unjudged[i].judges);
	return n;
}

char *
evaluation_missing(const EvaluationWork *work)
{
	long long	nitems = work->nitems;
	long long	nmissing = nitems - work->nskipped - work->nfinished;

	if (evaluation_unscored(work) == 0)
		return psprintf("%lld of %lld results are", nmissing, nitems);
	return psprintf("%lld of %lld results, and %lld scores of judges, are", nmissing, nitems,
					(long long) evaluation_unscored(work));
}

/* Adds what a call has cost. */
static void
add_cost(EvaluationWork *work, Datum cost)
{
	MemoryContext old = MemoryContextSwitchTo(work->context);
	Datum		sum = work->cost == (Datum) 0 ? datumCopy(cost, false, -1) :
		DirectFunctionCall2(numeric_add, work->cost, cost);

	if (work->cost != (Datum) 0)
		pfree(DatumGetPointer(work->cost));
	work->cost = sum;
	MemoryContextSwitchTo(old);
}

void
evaluation_work_note(EvaluationWork *work, const EvaluationOutcome *outcome)
{
	work->nfinished++;
	work->nerrors += outcome->error != NULL;
	if (outcome->has_cost)
		add_cost(work, outcome->cost);
	else
		work->nunpriced += outcome->attempts > 0;
}

void
evaluation_work_note_score(EvaluationWork *work, const JudgeVerdict *verdict)
{
	work->nunscored--;
	if (verdict->has_cost)
		add_cost(work, verdict->cost);
	else
		work->nunpriced++;
}

void
evaluation_work_run_out(EvaluationWork *work, const EvaluationBudget *budget, const Call *call,
						Datum most)
{
	MemoryContext old = MemoryContextSwitchTo(work->context);

	work->is_out_of_money = true;
	work->spent = evaluation_budget_spent(budget);
	work->wanted = evaluation_budget_wanted(call, most);
	MemoryContextSwitchTo(old);
}
