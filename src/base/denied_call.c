/*
 * denied_call.c
 *		What to do about a function that a role may not call.
 *
 * The server says that permission is denied, and cannot know of
 * gaiops_grant().  It looks at rights when a statement starts, so that is
 * where the hint is added.
 */
#include "postgres.h"

#include "base/denied_call.h"
#include "executor/executor.h"

static ExecutorStart_hook_type prev_ExecutorStart = NULL;

static void
start_next(QueryDesc *query, int flags)
{
	if (prev_ExecutorStart)
		prev_ExecutorStart(query, flags);
	else
		standard_ExecutorStart(query, flags);
}

/* Whether an error is about a function of ours; its words may be any. */
static bool
is_denial(const ErrorData *error)
{
	return error->sqlerrcode == ERRCODE_INSUFFICIENT_PRIVILEGE &&
		error->hint == NULL && strstr(error->message, " gaiops_") != NULL;
}

/* Raises the error that is being handled once more, with a hint. */
static void
rethrow_with_hint(MemoryContext context)
{
	ErrorData  *error;

	MemoryContextSwitchTo(context);
	error = CopyErrorData();
	if (!is_denial(error))
		PG_RE_THROW();
	FlushErrorState();
	error->hint = pstrdup(_("Have an administrator give the role the right to it with gaiops_grant(): "
							"\"viewer\" reads, \"user\" calls and writes, \"admin\" may do all."));
	ReThrowError(error);
}

/* The hook. */
static void
start_executor(QueryDesc *query, int flags)
{
	MemoryContext context = CurrentMemoryContext;

	PG_TRY();
	{
		start_next(query, flags);
	}
	PG_CATCH();
	{
		rethrow_with_hint(context);
	}
	PG_END_TRY();
}

void
denied_call_init(void)
{
	prev_ExecutorStart = ExecutorStart_hook;
	ExecutorStart_hook = start_executor;
}
