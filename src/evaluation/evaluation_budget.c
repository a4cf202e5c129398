/*
 * evaluation_budget.c
 *		Keeping an evaluation within its max_cost.
 *
 * Before a call is made the most that it can cost is held, for each of the
 * attempts that it may take.  When it is over, that is let go of, and what it
 * did cost is counted; of an attempt that may have been answered, and of an
 * answer whose cost is not known, the most.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_binding.h"
#include "evaluation/evaluation_budget.h"
#include "evaluation/evaluation_case.h"
#include "evaluation/evaluation_case_reader.h"
#include "evaluation/evaluation_cost.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

static StoreStatement find_spent = {
	.sql = "SELECT pg_catalog.sum(s.cost) FROM ("
	" SELECT o.cost FROM gaiops.evaluation_outcomes AS o WHERE o.run_id OPERATOR(pg_catalog.=) $1"
	" UNION ALL"
	" SELECT m.cost FROM gaiops.evaluation_marks AS m WHERE m.run_id OPERATOR(pg_catalog.=) $1) AS s",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/*
 * Records whose cost is not known, once for each time they were asked.  Where
 * all there was is a refusal, there is none.
 */
static StoreStatement find_unsettled = {
	.sql = "SELECT q.record_id FROM gaiops.evaluation_requests AS q"
	" LEFT JOIN gaiops.evaluation_outcomes AS o"
	"  ON o.run_id OPERATOR(pg_catalog.=) q.run_id"
	"  AND o.record_id OPERATOR(pg_catalog.=) q.record_id"
	"  AND o.repeat OPERATOR(pg_catalog.=) q.repeat"
	"  AND o.trace_id OPERATOR(pg_catalog.=) q.trace_id"
	" WHERE q.run_id OPERATOR(pg_catalog.=) $1 AND o.cost IS NULL"
	" AND (o.attempts OPERATOR(pg_catalog.=) 1"
	"  AND o.error_class OPERATOR(pg_catalog.=) ANY ('{rate_limited,request_refused,tls_failure}')) IS NOT TRUE",
	.nargs = 1,
	.argtypes = {UUIDOID},
};

/* Sets a numeric of the budget. */
static void
set(EvaluationBudget *budget, Datum *value, Datum to)
{
	MemoryContext old = MemoryContextSwitchTo(budget->context);
	Datum		copy = datumCopy(to, false, -1);

	if (*value != (Datum) 0)
		pfree(DatumGetPointer(*value));
	*value = copy;
	MemoryContextSwitchTo(old);
}

static void
add(EvaluationBudget *budget, Datum *value, Datum more)
{
	set(budget, value, DirectFunctionCall2(numeric_add, *value, more));
}

/* Counts the most that the calls that ask a record can have cost. */
static void
count_unsettled(EvaluationBudget *budget, const EvaluationPlan *plan,
				const pg_uuid_t *record_id)
{
	int			place = evaluation_find_case(plan, record_id);
	CallRequest request;
	Call	   *call;
	Datum		most;

	if (place < 0)
		return;
	evaluation_bind(plan, evaluation_read_case(plan, place), &request);
	call = call_create(&request);
	if (evaluation_most_cost(call, &most))
		add(budget, &budget->spent, evaluation_cost_times(most, call_most_attempts(call)));
	call_free(call);
}

/* The records that the second statement finds, palloc'd. */
static pg_uuid_t *
read_unsettled(const pg_uuid_t *run_id, int *n)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		value = UUIDPGetDatum(run_id);
	StoreSession session;
	pg_uuid_t  *found;

	store_open(&session);
	store_execute(&find_unsettled, &value, NULL, true);
	*n = (int) SPI_processed;
	found = MemoryContextAllocHuge(context, sizeof(pg_uuid_t) * (*n + (Size) 1));
	for (int i = 0; i < *n; i++)
	{
		bool		isnull;

		found[i] = *DatumGetUUIDP(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	}
	store_close(&session);
	return found;
}

/* Counts that of all the records whose cost is not known. */
static void
count_all_unsettled(EvaluationBudget *budget, const EvaluationPlan *plan)
{
	int			n;
	pg_uuid_t  *unsettled = read_unsettled(&plan->run_id, &n);
	MemoryContext scratch = AllocSetContextCreate(CurrentMemoryContext, "genaiops budget",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(scratch);

	for (int i = 0; i < n; i++)
	{
		count_unsettled(budget, plan, &unsettled[i]);
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(old);
	MemoryContextDelete(scratch);
	pfree(unsettled);
}

void
evaluation_budget_begin(EvaluationBudget *budget, const EvaluationPlan *plan)
{
	Datum		run_id = UUIDPGetDatum(&plan->run_id);
	Datum		spent;
	bool		isnull;

	memset(budget, 0, sizeof(*budget));
	budget->is_limited = plan->request.max_cost != NULL;
	if (!budget->is_limited)
		return;
	budget->context = CurrentMemoryContext;
	set(budget, &budget->limit, NumericGetDatum(plan->request.max_cost));
	set(budget, &budget->held, NumericGetDatum(int64_to_numeric(0)));
	spent = store_value(&find_spent, &run_id, &isnull);
	set(budget, &budget->spent, isnull ? NumericGetDatum(int64_to_numeric(0)) : spent);
	if (plan->request.model != NULL)
		count_all_unsettled(budget, plan);
}

bool
evaluation_budget_hold(EvaluationBudget *budget, const Call *call, Datum *most)
{
	Datum		taken;
	Datum		hold;

	if (!budget->is_limited)
		return true;
	if (*most == (Datum) 0 && !evaluation_most_cost(call, most))
		elog(ERROR, "the most that a call can cost is not known any more");
	hold = evaluation_cost_times(*most, call_most_attempts(call));
	taken = DirectFunctionCall2(numeric_add, budget->spent, budget->held);
	if (DatumGetBool(DirectFunctionCall2(numeric_gt, DirectFunctionCall2(numeric_add, taken, hold),
										 budget->limit)))
		return false;
	add(budget, &budget->held, hold);
	return true;
}

void
evaluation_budget_settle(EvaluationBudget *budget, const Call *call, Datum most)
{
	const CallResult *result = call_result(call);
	bool		is_unknown = result->failure == FAILURE_NONE && !result->has_cost;
	int			nmost = result->unsettled + is_unknown;

	if (!budget->is_limited)
		return;
	set(budget, &budget->held,
		DirectFunctionCall2(numeric_sub, budget->held, evaluation_cost_times(most, call_most_attempts(call))));
	if (result->has_cost)
		add(budget, &budget->spent, result->cost);
	add(budget, &budget->spent, evaluation_cost_times(most, nmost));
}

/* A cost without zeros at its end. */
static char *
cost_text(Datum cost)
{
	return DatumGetCString(DirectFunctionCall1(numeric_out, DirectFunctionCall1(numeric_trim_scale, cost)));
}

char *
evaluation_budget_spent(const EvaluationBudget *budget)
{
	return cost_text(budget->spent);
}

char *
evaluation_budget_wanted(const Call *call, Datum most)
{
	return cost_text(evaluation_cost_times(most, call_most_attempts(call)));
}
