/*
 * scorer_function.c
 *		SQL functions of users as scorers.
 *
 * A function takes inputs, outputs and expectations as jsonb and, if it wants
 * to, the id of the trace.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/function_name.h"
#include "base/subtransaction.h"
#include "catalog/objectaccess.h"
#include "catalog/pg_proc.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "miscadmin.h"
#include "nodes/value.h"
#include "parser/parse_func.h"
#include "scorers/function_result.h"
#include "scorers/scorer_function.h"
#include "scorers/scoring.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"
#include "utils/uuid.h"
#include "utils/varlena.h"

#define MAX_ARGS 4

struct ScorerFunction
{
	Oid			oid;
	int			nargs;
	Oid			result_type;
	bool		is_strict;
	MemoryContext context;		/* of what it remembers between calls */
	FmgrInfo   *call;			/* NULL before the first, and after an error */
};

/* ---- finding ---- */

/* The parts of a qualified name; raises if it is none. */
static List *
split_name(const char *name)
{
	List	   *parts;
	List	   *names = NIL;
	ListCell   *part;

	if (!SplitIdentifierString(pstrdup(name), '.', &parts))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_NAME),
				 errmsg("invalid name of a scorer: \"%s\"", argument_excerpt(name)),
				 errdetail("A name with a dot is that of a function."),
				 errhint("Write it as in SQL: what has a space or an upper-case letter in double quotes, as in schema.\"Odd name\".")));
	foreach(part, parts)
		names = lappend(names, makeString(lfirst(part)));
	return names;
}

/* The function of a name, with a trace or without; InvalidOid if none. */
static Oid
find_function(const char *name, int *nargs)
{
	static const Oid types[MAX_ARGS] = {JSONBOID, JSONBOID, JSONBOID, UUIDOID};
	List	   *names = split_name(name);
	Oid			found = InvalidOid;

	for (*nargs = MAX_ARGS - 1; *nargs <= MAX_ARGS; (*nargs)++)
	{
		found = LookupFuncName(names, *nargs, types, true);
		if (OidIsValid(found))
			break;
	}
	return found;
}

static bool
is_result_type(Oid type)
{
	switch (type)
	{
		case BOOLOID:
		case INT2OID:
		case INT4OID:
		case INT8OID:
		case FLOAT4OID:
		case FLOAT8OID:
		case NUMERICOID:
		case TEXTOID:
		case VARCHAROID:
		case JSONBOID:
			return true;
		default:
			return false;
	}
}

/* Reads what is known of it; raises unless it can be a scorer. */
static void
describe_function(ScorerFunction *function, const char *name)
{
	HeapTuple	tuple = SearchSysCache1(PROCOID, ObjectIdGetDatum(function->oid));
	Form_pg_proc row;
	bool		is_scorer;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for function %u", function->oid);
	row = (Form_pg_proc) GETSTRUCT(tuple);
	function->result_type = getBaseType(row->prorettype);
	function->is_strict = row->proisstrict;
	is_scorer = row->prokind == PROKIND_FUNCTION && !row->proretset && is_result_type(function->result_type);
	ReleaseSysCache(tuple);
	if (!is_scorer)
		ereport(ERROR,
				(errcode(ERRCODE_WRONG_OBJECT_TYPE),
				 errmsg("\"%s\" is no scorer", name),
				 errdetail("A function that is one returns one boolean, number, text or jsonb.")));
}

/* Raises unless the role in force may call it, here. */
static void
check_allowed(const ScorerFunction *function, const char *name)
{
	if (InSecurityRestrictedOperation())
		ereport(ERROR,
				(errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
				 errmsg("cannot score with a function within security-restricted operation"),
				 errdetail("An index, a materialized view or maintenance would run it with the rights of another role."),
				 errhint("To keep what a query returns, use CREATE TABLE AS instead of a materialized view.")));
	if (!compat_may_execute(function->oid, GetUserId()))
		aclcheck_error(ACLCHECK_NO_PRIV, OBJECT_FUNCTION, name);
	InvokeFunctionExecuteHook(function->oid);
}

ScorerFunction *
scorer_function_find(const char *name)
{
	ScorerFunction *function = palloc0(sizeof(ScorerFunction));

	function->oid = find_function(name, &function->nargs);
	if (!OidIsValid(function->oid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_FUNCTION),
				 errmsg("scorer \"%s\" does not exist", name),
				 errdetail("No function %s takes (jsonb, jsonb, jsonb) or (jsonb, jsonb, jsonb, uuid).", name),
				 errhint("A function that is a scorer takes inputs, outputs, expectations and, if it wants to, the id of the trace.")));
	describe_function(function, name);
	check_allowed(function, name);
	function->context = AllocSetContextCreate(CurrentMemoryContext, "genaiops scorer function",
											  ALLOCSET_SMALL_SIZES);
	return function;
}

char *
scorer_function_name(const ScorerFunction *function)
{
	return function_qualified_name(function->oid);
}

bool
scorer_function_is_pass_fail(const ScorerFunction *function)
{
	return function->result_type == BOOLOID;
}

/* ---- calling ---- */

static void
set_argument(FunctionCallInfo fcinfo, int n, const void *value)
{
	fcinfo->args[n].value = PointerGetDatum(value);
	fcinfo->args[n].isnull = value == NULL;
}

static bool
has_null(FunctionCallInfo fcinfo)
{
	for (int i = 0; i < fcinfo->nargs; i++)
		if (fcinfo->args[i].isnull)
			return true;
	return false;
}

/* A function, and what it is to score. */
typedef struct FunctionCall
{
	ScorerFunction *function;
	const ScorerSubject *subject;
	Score	   *score;
} FunctionCall;

/* Has it ready to be called. */
static FmgrInfo *
prepare(ScorerFunction *function)
{
	if (function->call == NULL)
	{
		function->call = MemoryContextAllocZero(function->context, sizeof(FmgrInfo));
		fmgr_info_cxt(function->oid, function->call, function->context);
	}
	return function->call;
}

/* Calls it, and says what it returned; raises what it raises. */
static void
call_function(void *arg)
{
	ScorerFunction *function = ((FunctionCall *) arg)->function;
	const ScorerSubject *subject = ((FunctionCall *) arg)->subject;
	Score	   *score = ((FunctionCall *) arg)->score;
	LOCAL_FCINFO(fcinfo, MAX_ARGS);
	Datum		result;

	InitFunctionCallInfoData(*fcinfo, prepare(function), function->nargs, InvalidOid, NULL, NULL);
	set_argument(fcinfo, 0, subject->inputs);
	set_argument(fcinfo, 1, subject->outputs);
	set_argument(fcinfo, 2, subject->expectations);
	if (function->nargs == MAX_ARGS)
		set_argument(fcinfo, 3, subject->trace_id);
	if (function->is_strict && has_null(fcinfo))
	{
		score_unknown(score, "the function is strict, and something it takes is not there");
		return;
	}
	result = FunctionCallInvoke(fcinfo);
	if (fcinfo->isnull)
		score_unknown(score, "the function returned NULL");
	else
		function_result_read(function->result_type, result, score);
}

/* What the function remembers is as its error left it, and is thrown away. */
void
scorer_function_apply(ScorerFunction *function, const ScorerSubject *subject, Score *score)
{
	FunctionCall call = {function, subject, score};
	char	   *problem = subtransaction_try(call_function, &call);

	if (problem == NULL)
		return;
	function->call = NULL;
	MemoryContextReset(function->context);
	memset(score, 0, sizeof(*score));
	score->state = SCORE_ERROR;
	score->reason = problem;
}
