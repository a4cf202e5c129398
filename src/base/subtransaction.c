/*
 * subtransaction.c
 *		Doing what may fail, without the failure of all.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/cancel.h"
#include "base/raised.h"
#include "base/subtransaction.h"
#include "utils/resowner.h"

/*
 * Takes an error back, and says what it was; raises a cancel again.  That
 * must not leave the subtransaction open, or the statement's end would end it
 * alone.
 */
static char *
take_error(MemoryContext context, ResourceOwner owner)
{
	ErrorData  *error = raised_take(context);
	char	   *message;

	RollbackAndReleaseCurrentSubTransaction();
	MemoryContextSwitchTo(context);
	CurrentResourceOwner = owner;
	if (cancel_is_ours(error))
		ReThrowError(error);
	message = pstrdup(error->message != NULL ? error->message : "unknown error");
	FreeErrorData(error);
	return message;
}

char *
subtransaction_try(void (*work) (void *arg), void *arg)
{
	MemoryContext context = CurrentMemoryContext;
	ResourceOwner owner = CurrentResourceOwner;
	char	   *volatile problem = NULL;

	BeginInternalSubTransaction(NULL);
	MemoryContextSwitchTo(context);
	PG_TRY();
	{
		work(arg);
		ReleaseCurrentSubTransaction();
		MemoryContextSwitchTo(context);
		CurrentResourceOwner = owner;
	}
	PG_CATCH();
	{
		problem = take_error(context, owner);
	}
	PG_END_TRY();
	return problem;
}
