/*
 * error_context.c
 *		Errors without the way through our own functions.
 *
 * What PL/pgSQL and SPI add to the CONTEXT of an error says where in the
 * functions of the extension it was raised.  That is of use to who mends
 * these, and hides the message from everybody else.  So an error that leaves
 * one of them gets the context that is left outside of it: what the user's
 * own functions say.
 *
 * All our functions in SQL and PL/pgSQL have settings of their own, and so
 * run between the calls of the server's hook on such functions.  Statements
 * that C has SPI run go through store_execute().
 */
#include "postgres.h"

#include "access/parallel.h"
#include "access/transam.h"
#include "base/error_context.h"
#include "base/raised.h"
#include "base/settings.h"
#include "catalog/namespace.h"
#include "catalog/pg_namespace.h"
#include "compat.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/lsyscache.h"

/* What is remembered of a function for as long as a plan calls it. */
typedef struct Known
{
	bool		is_ours;
	Datum		next;			/* for who had the hook before */
} Known;

static fmgr_hook_type prev_fmgr = NULL;

/*
 * Whether a function is of the extension.  Nobody but a superuser can make
 * one of such a name in pg_catalog, or any in our schema.
 */
static bool
is_ours(Oid function)
{
	Oid			schema = get_func_namespace(function);
	char	   *name;

	if (function < FirstNormalObjectId)
		return false;
	if (schema != PG_CATALOG_NAMESPACE)
		return OidIsValid(schema) && schema == get_namespace_oid("gaiops", true);
	name = get_func_name(function);
	return name != NULL && strncmp(name, "gaiops_", strlen("gaiops_")) == 0;
}

/* What is in the log of a worker is for who runs the server. */
static bool
is_wanted(void)
{
	return gaiops_error_context ||
		!(MyBackendType == B_BACKEND || IsParallelWorker());
}

void
error_context_leave_out(MemoryContext memory)
{
	ErrorData  *error;
	MemoryContext save;

	if (is_wanted())
		return;
	error = raised_take(memory);
	save = MemoryContextSwitchTo(memory);
	error->context = GetErrorContextStack();
	error->internalquery = NULL;
	error->internalpos = 0;
	MemoryContextSwitchTo(save);
	raised_put_back(error);
}

/*
 * The hook.  In an aborted transaction nothing can be looked up, so that is
 * done when the function begins.
 */
static void
around_function(FmgrHookEventType event, FmgrInfo *function, Datum *private)
{
	Known	   *known = (Known *) DatumGetPointer(*private);

	if (known == NULL)
	{
		known = MemoryContextAllocZero(function->fn_mcxt, sizeof(Known));
		known->is_ours = is_ours(function->fn_oid);
		*private = PointerGetDatum(known);
	}
	if (prev_fmgr != NULL)
		prev_fmgr(event, function, &known->next);
	if (event == FHET_ABORT && known->is_ours)
		error_context_leave_out(function->fn_mcxt);
}

/*
 * A library that is loaded later may come between the begin and the end of a
 * function, and what another has put at private would be taken for ours.
 */
void
error_context_init(void)
{
	if (!process_shared_preload_libraries_in_progress)
		return;
	prev_fmgr = fmgr_hook;
	fmgr_hook = around_function;
}
