/*
 * evaluation_turn.c
 *		Transactions of an evaluation that a worker does.
 */
#include "postgres.h"

#include "access/xact.h"
#include "evaluation/evaluation_turn.h"
#include "pgstat.h"
#include "queue/journal.h"
#include "utils/snapmgr.h"

void
evaluation_turn_begin(void)
{
	MemoryContext context = CurrentMemoryContext;

	SetCurrentStatementStartTimestamp();
	StartTransactionCommand();
	PushActiveSnapshot(GetTransactionSnapshot());
	MemoryContextSwitchTo(context);
	journal_require();
}

void
evaluation_turn_end(void)
{
	MemoryContext context = CurrentMemoryContext;

	PopActiveSnapshot();
	CommitTransactionCommand();
	/* A worker that writes tells autovacuum of it itself. */
	pgstat_report_stat(false);
	MemoryContextSwitchTo(context);
}

void
evaluation_turn_next(const EvaluationPlan *plan)
{
	if (!plan->has_turns)
		return;
	evaluation_turn_end();
	evaluation_turn_begin();
}
