/*
 * evaluation_unjudged.c
 *		Results of which scores of judges are missing, and having these made.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_case.h"
#include "evaluation/evaluation_unjudged.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "tracking/experiment.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

/* Scorers by their place in the list, from 0; $2 is whether failures count. */
static StoreStatement find_missing = {
	.sql = "SELECT o.record_id, o.repeat,"
	"  pg_catalog.sum(pg_catalog.power(2::pg_catalog.float8, (s.n OPERATOR(pg_catalog.-) 1)::pg_catalog.float8))::pg_catalog.int8"
	" FROM gaiops.evaluations AS e"
	" CROSS JOIN LATERAL pg_catalog.jsonb_array_elements(e.scorers) WITH ORDINALITY AS s (scorer, n)"
	" JOIN gaiops.evaluation_outcomes AS o ON o.run_id OPERATOR(pg_catalog.=) e.run_id"
	"  AND o.error IS NULL"
	" WHERE e.run_id OPERATOR(pg_catalog.=) $1"
	" AND (s.scorer OPERATOR(pg_catalog.->>) 'source') OPERATOR(pg_catalog.=) 'judge'"
	" AND NOT EXISTS ("
	"  SELECT FROM gaiops.evaluation_marks AS m"
	"  WHERE m.run_id OPERATOR(pg_catalog.=) o.run_id"
	"  AND m.scorer OPERATOR(pg_catalog.=) ((s.scorer OPERATOR(pg_catalog.->>) 'name') COLLATE pg_catalog.\"C\")"
	"  AND m.record_id OPERATOR(pg_catalog.=) o.record_id"
	"  AND m.repeat OPERATOR(pg_catalog.=) o.repeat"
	"  AND NOT ($2 AND m.state OPERATOR(pg_catalog.=) 'error'))"
	" GROUP BY o.record_id, o.repeat ORDER BY o.repeat, o.record_id",
	.nargs = 2,
	.argtypes = {UUIDOID, BOOLOID},
};

/* What is on record of a result; the cut stands for what was too long. */
static StoreStatement find_result = {
	.sql = "SELECT o.trace_id, o.output, (o.output OPERATOR(pg_catalog.->) 'gaiops.cut') IS NOT NULL,"
	" (SELECT pg_catalog.min(s.experiment) FROM gaiops.spans AS s"
	"  WHERE s.trace_id OPERATOR(pg_catalog.=) o.trace_id),"
	" (SELECT pg_catalog.max(s.model) FROM gaiops.spans AS s"
	"  WHERE s.trace_id OPERATOR(pg_catalog.=) o.trace_id AND s.attempt IS NOT NULL)"
	" FROM gaiops.evaluation_outcomes AS o"
	" WHERE o.run_id OPERATOR(pg_catalog.=) $1 AND o.record_id OPERATOR(pg_catalog.=) $2"
	" AND o.repeat OPERATOR(pg_catalog.=) $3",
	.nargs = 3,
	.argtypes = {UUIDOID, UUIDOID, INT4OID},
};

/* ---- finding ---- */

/* A row that was found; false if its record is not there any more. */
static bool
read_missing(const EvaluationPlan *plan, uint64 row, EvaluationUnjudged *found)
{
	HeapTuple	tuple = SPI_tuptable->vals[row];
	TupleDesc	desc = SPI_tuptable->tupdesc;
	bool		isnull;

	found->place = evaluation_find_case(plan, DatumGetUUIDP(SPI_getbinval(tuple, desc, 1, &isnull)));
	found->repeat = DatumGetInt32(SPI_getbinval(tuple, desc, 2, &isnull));
	found->judges = (uint32) DatumGetInt64(SPI_getbinval(tuple, desc, 3, &isnull));
	return found->place >= 0;
}

EvaluationUnjudged *
evaluation_find_unjudged(const EvaluationPlan *plan, int64 *n)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[2] = {UUIDPGetDatum(&plan->run_id), BoolGetDatum(plan->retries_failed)};
	EvaluationUnjudged *found;
	StoreSession session;

	*n = 0;
	if (plan->njudges == 0)
		return NULL;
	store_open(&session);
	store_execute(&find_missing, values, NULL, true);
	found = MemoryContextAllocHuge(context, sizeof(EvaluationUnjudged) * (SPI_processed + 1));
	for (uint64 i = 0; i < SPI_processed; i++)
	{
		CHECK_FOR_INTERRUPTS();
		*n += read_missing(plan, i, &found[*n]);
	}
	store_close(&session);
	return found;
}

/* ---- judging ---- */

/* An output that outlives the statement that found it. */
static Jsonb *
copy_output(MemoryContext context, Datum output)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Jsonb	   *copy = DatumGetJsonbPCopy(output);

	MemoryContextSwitchTo(old);
	return copy;
}

/*
 * Reads what is on record of a result; false if its output is not kept.  Those
 * that records have are taken from these.
 */
static bool
read_result(const EvaluationPlan *plan, EvaluationOutcome *outcome, char **model)
{
	MemoryContext context = CurrentMemoryContext;
	Datum		values[3] = {UUIDPGetDatum(&plan->run_id),
	UUIDPGetDatum(&outcome->subject->record_id), Int32GetDatum(outcome->repeat)};
	StoreSession session;
	Datum		output;
	bool		isnull;
	bool		is_cut;

	store_open(&session);
	store_execute(&find_result, values, NULL, true);
	if (SPI_processed == 0)
		elog(ERROR, "a result is not there any more");
	outcome->trace_id = *DatumGetUUIDP(store_datum(1, &isnull));
	is_cut = DatumGetBool(store_datum(3, &isnull));
	outcome->experiment = store_copy_text(4, context);
	*model = store_copy_text(5, context);
	output = store_datum(2, &isnull);
	if (plan->request.model == NULL && plan->predict == NULL)
		outcome->output = outcome->subject->outputs;
	else if (!isnull && !is_cut)
		outcome->output = copy_output(context, output);
	store_close(&session);
	if (outcome->experiment == NULL)
		outcome->experiment = experiment_choose(NULL);
	return outcome->output != NULL;
}

/* Says of an output that is not kept that it cannot be judged any more. */
static void
add_lost(Record *record, const EvaluationPlan *plan, const EvaluationOutcome *outcome, uint32 judges)
{
	JudgeVerdict verdict = {
		.score = {.state = SCORE_UNKNOWN,.reason = "the answer is not kept, so it cannot be judged any more"}
	};

	for (int i = 0; i < plan->request.nscorers; i++)
		if (judges & ((uint32) 1 << i))
			evaluation_add_verdict(record, plan, outcome, i, &verdict);
}

static void
judge_again(EvaluationJudging *judging, EvaluationWork *work, const EvaluationUnjudged *unjudged)
{
	Record	   *record = palloc(sizeof(Record));
	EvaluationOutcome outcome = {
		.subject = evaluation_read_case(work->plan, unjudged->place),.repeat = unjudged->repeat
	};
	char	   *model;

	record_reset(record);
	if (read_result(work->plan, &outcome, &model))
		evaluation_judging_add(judging, record, &outcome, model, unjudged->judges);
	else
		add_lost(record, work->plan, &outcome, unjudged->judges);
	if (record->nrows > 0)
		journal_write(record, "score");
}

bool
evaluation_unjudged_is_left(const EvaluationWork *work)
{
	return work->nextunjudged < work->nunjudged;
}

void
evaluation_unjudged_take(EvaluationJudging *judging, EvaluationWork *work)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "genaiops judging again",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);

	judge_again(judging, work, &work->unjudged[work->nextunjudged++]);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}
