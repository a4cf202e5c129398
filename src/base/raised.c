/*
 * raised.c
 *		Changing an error on its way, in a PG_CATCH block or what it calls.
 *
 * An error cannot be changed where it is, so another takes its place.  It is
 * not raised from here: others who had the same hook before us, or have it
 * after us, have to see the error, too.
 */
#include "postgres.h"

#include "base/raised.h"

ErrorData *
raised_take(MemoryContext context)
{
	MemoryContext save = MemoryContextSwitchTo(context);
	ErrorData  *error = CopyErrorData();

	FlushErrorState();
	MemoryContextSwitchTo(save);
	return error;
}

void
raised_put_back(ErrorData *error)
{
	MemoryContext save = CurrentMemoryContext;

	PG_TRY();
	{
		ReThrowError(error);
	}
	PG_CATCH();
	{
		/* It is on the stack again, which is all that is wanted. */
		MemoryContextSwitchTo(save);
	}
	PG_END_TRY();
	FreeErrorData(error);
}
