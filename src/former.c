/*
 * former.c
 *		Functions of released versions that SQL does not refer to any more.
 *
 * The scripts of released versions are kept, since an older dump is restored
 * through them, and a server runs this library from its restart on, though a
 * database may not be updated yet.  So what such a script refers to has to be
 * here.  A function whose arguments changed has got another name in C: called
 * with the old ones it would read values of one type as those of another.
 */
#include "postgres.h"

#include "compat.h"
#include "fmgr.h"
#include "utils/lsyscache.h"

/* A function that says what to do instead of what it did. */
#define FORMER_FUNCTION(symbol) \
PG_FUNCTION_INFO_V1(symbol); \
Datum \
symbol(PG_FUNCTION_ARGS) \
{ \
	ereport(ERROR, \
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE), \
			 errmsg("function %s() is of an earlier version of extension \"genaiops\" than its library", \
					get_func_name(fcinfo->flinfo->fn_oid)), \
			 errhint("Run ALTER EXTENSION genaiops UPDATE in this database."))); \
	PG_RETURN_NULL(); \
} \
extern int	no_such_variable

/* Of 0.1.0 */
FORMER_FUNCTION(gaiops_chat_completion);
FORMER_FUNCTION(gaiops_chat_message);
FORMER_FUNCTION(gaiops_chat_messages);
FORMER_FUNCTION(gaiops_end_span);
FORMER_FUNCTION(gaiops_format_messages);
FORMER_FUNCTION(gaiops_format_prompt);
FORMER_FUNCTION(gaiops_log_metrics);
FORMER_FUNCTION(gaiops_merge_members);
FORMER_FUNCTION(gaiops_parse_prompt);
FORMER_FUNCTION(gaiops_start_run);
FORMER_FUNCTION(gaiops_start_span);
