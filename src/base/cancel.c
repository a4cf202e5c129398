/*
 * cancel.c
 *		Telling a cancel of this session from an error that looks like one.
 */
#include "postgres.h"

#include "base/cancel.h"

/*
 * What PostgreSQL raises says where.  PL/Python has made an exception of it
 * in between, and raises an error of its own.
 */
bool
cancel_is_ours(const ErrorData *error)
{
	if (error->sqlerrcode != ERRCODE_QUERY_CANCELED || error->funcname == NULL)
		return false;
	return strcmp(error->funcname, "ProcessInterrupts") == 0 ||
		strcmp(error->funcname, "PLy_elog_impl") == 0;
}
