/*
 * hooks.c
 *		What rooms want to be told of by the server.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/hooks.h"
#include "compat.h"
#include "executor/executor.h"
#include "nodes/parsenodes.h"
#include "tcop/utility.h"

#define MAX_HOOKS 16			/* more than there are rooms that want any */

static ExecutorStart_hook_type prev_ExecutorStart = NULL;
static ExecutorRun_hook_type prev_ExecutorRun = NULL;
static ExecutorFinish_hook_type prev_ExecutorFinish = NULL;
static ProcessUtility_hook_type prev_ProcessUtility = NULL;

static const Hooks *registered[MAX_HOOKS];
static int	nregistered = 0;

static int	depth = 0;			/* of statements within statements */

/* What the server's hook is given of a command. */
struct HookedCommand
{
	PlannedStmt *statement;
	const char *source;
	bool		read_only_tree;
	ProcessUtilityContext context;
	ParamListInfo params;
	QueryEnvironment *environment;
	DestReceiver *receiver;
	QueryCompletion *completion;
	int			nentered;		/* rooms that have had their turn */
};

void
hooks_register(const Hooks *hooks)
{
	if (nregistered == MAX_HOOKS)
		elog(ERROR, "too many hooks");
	registered[nregistered++] = hooks;
}

/* ---- the ends of statements ---- */

static void
tell_end(bool succeeded)
{
	for (int i = 0; i < nregistered; i++)
		if (registered[i]->statement_end != NULL)
			registered[i]->statement_end(succeeded);
}

/* To be called where the error is caught. */
static void
tell_failure(void)
{
	for (int i = 0; i < nregistered; i++)
		if (registered[i]->failed != NULL)
			registered[i]->failed();
}

static void
enter(void)
{
	depth++;
}

static void
leave(bool succeeded)
{
	if (--depth == 0)
		tell_end(succeeded);
}

/* Deferred triggers run in no statement, at the end of the transaction. */
static void
at_transaction_end(XactEvent event, void *arg)
{
	if (depth > 0)
		return;
	if (event == XACT_EVENT_PRE_COMMIT || event == XACT_EVENT_PRE_PREPARE)
		tell_end(true);
	else if (event == XACT_EVENT_ABORT)
		tell_end(false);
}

/* ---- queries ---- */

static void
start_executor(QueryDesc *query, int flags)
{
	for (int i = 0; i < nregistered; i++)
		if (registered[i]->before_query != NULL)
			registered[i]->before_query(query->plannedstmt);
	PG_TRY();
	{
		if (prev_ExecutorStart)
			prev_ExecutorStart(query, flags);
		else
			standard_ExecutorStart(query, flags);
	}
	PG_CATCH();
	{
		/* Here the server looks at rights. */
		tell_failure();
		PG_RE_THROW();
	}
	PG_END_TRY();
}

static bool
must_run_alone(void)
{
	for (int i = 0; i < nregistered; i++)
		if (registered[i]->runs_alone != NULL && registered[i]->runs_alone())
			return true;
	return false;
}

/* A query that may be run again runs without workers. */
static void
run_executor(COMPAT_RUN_PARAMETERS)
{
	const bool	alone = must_run_alone();

	/* Versions differ in whether they look at this or at the argument. */
	if (alone)
		query->already_executed = true;
	enter();
	PG_TRY();
	{
		if (prev_ExecutorRun)
			prev_ExecutorRun(COMPAT_RUN_ARGUMENTS(alone));
		else
			standard_ExecutorRun(COMPAT_RUN_ARGUMENTS(alone));
	}
	PG_CATCH();
	{
		leave(false);
		tell_failure();
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave(true);
}

/* AFTER triggers run here. */
static void
finish_executor(QueryDesc *query)
{
	enter();
	PG_TRY();
	{
		if (prev_ExecutorFinish)
			prev_ExecutorFinish(query);
		else
			standard_ExecutorFinish(query);
	}
	PG_CATCH();
	{
		leave(false);
		tell_failure();
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave(true);
}

/* ---- utility commands ---- */

/* Has the server run a command, or whoever had the hook before us. */
static void
run_next(const HookedCommand *command)
{
	ProcessUtility_hook_type next = prev_ProcessUtility ? prev_ProcessUtility :
	standard_ProcessUtility;

	next(command->statement, command->source, command->read_only_tree,
		 command->context, command->params, command->environment,
		 command->receiver, command->completion);
}

void
hooks_run_command(HookedCommand *command)
{
	while (command->nentered < nregistered)
	{
		const Hooks *hooks = registered[command->nentered++];

		if (hooks->around_command != NULL)
		{
			hooks->around_command(command->statement->utilityStmt, command);
			return;
		}
	}
	run_next(command);
}

static bool
is_discard_all(Node *command)
{
	return IsA(command, DiscardStmt) &&
		castNode(DiscardStmt, command)->target == DISCARD_ALL;
}

static void
tell_discard_all(void)
{
	for (int i = 0; i < nregistered; i++)
		if (registered[i]->discard_all != NULL)
			registered[i]->discard_all();
}

static void
process_utility(PlannedStmt *statement, const char *source,
				bool read_only_tree, ProcessUtilityContext context,
				ParamListInfo params, QueryEnvironment *environment,
				DestReceiver *receiver, QueryCompletion *completion)
{
	HookedCommand command = {statement, source, read_only_tree, context, params,
	environment, receiver, completion, 0};

	/* These begin and end transactions; no call can be made inside. */
	if (IsA(statement->utilityStmt, TransactionStmt))
	{
		run_next(&command);
		return;
	}
	enter();
	PG_TRY();
	{
		hooks_run_command(&command);
		if (is_discard_all(statement->utilityStmt))
			tell_discard_all();
	}
	PG_CATCH();
	{
		leave(false);
		tell_failure();
		PG_RE_THROW();
	}
	PG_END_TRY();
	leave(true);
}

void
hooks_init(void)
{
	prev_ExecutorStart = ExecutorStart_hook;
	ExecutorStart_hook = start_executor;
	prev_ExecutorRun = ExecutorRun_hook;
	ExecutorRun_hook = run_executor;
	prev_ExecutorFinish = ExecutorFinish_hook;
	ExecutorFinish_hook = finish_executor;
	prev_ProcessUtility = ProcessUtility_hook;
	ProcessUtility_hook = process_utility;
	RegisterXactCallback(at_transaction_end, NULL);
}
