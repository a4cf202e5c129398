/*
 * enter_functions.c
 *		The door of the SQL functions that write our tables.
 *
 * Such a function runs as its caller, and so converts what it is given, and
 * is resolved, as PostgreSQL does for everybody.  What it does is in another
 * one, in schema gaiops and called inner_ and the name without gaiops_, with
 * the same arguments; nobody but the owner may execute that.  It runs here as
 * the owner, and is told by gaiops.caller() for whom.  SECURITY DEFINER would
 * not do: inside of it nobody knows which role was in force before.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "base/caller.h"
#include "base/store.h"
#include "catalog/namespace.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_proc.h"
#include "compat.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#define OUTER_PREFIX "gaiops_"
#define INNER_PREFIX "inner_"

PG_FUNCTION_INFO_V1(gaiops_enter);
PG_FUNCTION_INFO_V1(gaiops_caller);
PG_FUNCTION_INFO_V1(gaiops_outer_role);

/* What is remembered of the inner function as long as the caller's plan is. */
typedef struct InnerFunction
{
	uint64		generation;		/* of the store when it was found; 0 for never */
	FmgrInfo	function;
} InnerFunction;

/* Finds the inner function of an outer one; raises if it is not there. */
static Oid
find_inner(Oid outer)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(outer));
	Form_pg_proc proc;
	const char *name;
	char	   *inner_name;
	Oid			inner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", outer);
	proc = (Form_pg_proc) GETSTRUCT(tuple);
	name = NameStr(proc->proname);
	if (strncmp(name, OUTER_PREFIX, strlen(OUTER_PREFIX)) == 0)
		name += strlen(OUTER_PREFIX);
	inner_name = psprintf(INNER_PREFIX "%s", name);
	inner = GetSysCacheOid3(PROCNAMEARGSNSP, Anum_pg_proc_oid,
							CStringGetDatum(inner_name),
							PointerGetDatum(&proc->proargtypes),
							ObjectIdGetDatum(get_namespace_oid("gaiops", false)));
	if (!OidIsValid(inner))
		elog(ERROR, "function gaiops.%s is missing", inner_name);
	pfree(inner_name);
	ReleaseSysCache(tuple);
	return inner;
}

/*
 * The inner function of the one that is called.  It is looked up again when
 * any function has changed: it may be another one then.  One that is under
 * way, as a function that returns its rows one by one, keeps its state.
 */
static FmgrInfo *
inner_function(FunctionCallInfo fcinfo)
{
	InnerFunction *known = fcinfo->flinfo->fn_extra;
	uint64		now = store_generation();

	if (known == NULL)
	{
		known = MemoryContextAllocZero(fcinfo->flinfo->fn_mcxt,
									   sizeof(InnerFunction));
		fcinfo->flinfo->fn_extra = known;
	}
	if (known->generation != now)
	{
		Oid			inner = find_inner(fcinfo->flinfo->fn_oid);

		if (known->function.fn_oid != inner)
			fmgr_info_cxt(inner, &known->function, fcinfo->flinfo->fn_mcxt);
		known->generation = now;
	}
	return &known->function;
}

/*
 * Calls a function with the arguments and the sink of fcinfo.  Its caller
 * does not choose the collation: one of his own making could have names equal
 * that are not.
 */
static Datum
call_inner(FmgrInfo *function, FunctionCallInfo fcinfo)
{
	LOCAL_FCINFO(inner, FUNC_MAX_ARGS);
	Datum		result;

	InitFunctionCallInfoData(*inner, function, fcinfo->nargs,
							 OidIsValid(fcinfo->fncollation) ? DEFAULT_COLLATION_OID : InvalidOid,
							 NULL, fcinfo->resultinfo);
	memcpy(inner->args, fcinfo->args, sizeof(NullableDatum) * fcinfo->nargs);
	result = FunctionCallInvoke(inner);
	fcinfo->isnull = inner->isnull;
	return result;
}

/*
 * What every SQL function that writes our tables is: takes whatever that
 * takes, and returns what the function inside returns.  Raises in a
 * security-restricted operation, and what the function inside raises.
 */
Datum
gaiops_enter(PG_FUNCTION_ARGS)
{
	FmgrInfo   *function;
	Oid			owner;
	Oid			save_userid;
	int			save_sec_context;
	Oid			save_caller;
	volatile Datum result = (Datum) 0;

	caller_require_open_operation(fcinfo);
	store_lock_configuration(AccessShareLock);
	owner = store_owner();
	function = inner_function(fcinfo);
	GetUserIdAndSecContext(&save_userid, &save_sec_context);
	save_caller = caller_enter(save_userid);
	SetUserIdAndSecContext(owner,
						   save_sec_context | SECURITY_LOCAL_USERID_CHANGE);
	PG_TRY();
	{
		result = call_inner(function, fcinfo);
	}
	PG_FINALLY();
	{
		caller_leave(save_caller);
	}
	PG_END_TRY();
	/* After an error, transaction abort does this. */
	SetUserIdAndSecContext(save_userid, save_sec_context);
	PG_RETURN_DATUM(result);
}

/*
 * gaiops.caller() returns name: the role that was in force where
 * gaiops_enter() was called; outside of that, the one that is in force
 */
Datum
gaiops_caller(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATUM(caller_role_name(caller_role()));
}

/*
 * gaiops.outer_role() returns name: the role in force outside of every
 * SECURITY DEFINER function, which is put on record beside the caller.
 * Raises in a security-restricted operation: in a database that is not
 * updated yet, the functions of 0.1.0 decide by it.
 */
Datum
gaiops_outer_role(PG_FUNCTION_ARGS)
{
	caller_require_open_operation(fcinfo);
	PG_RETURN_DATUM(caller_role_name(GetOuterUserId()));
}
