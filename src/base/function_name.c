/*
 * function_name.c
 *		The name by which a function is found again.
 */
#include "postgres.h"

#include "base/function_name.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"

char *
function_qualified_name(Oid function)
{
	char	   *schema = get_namespace_name_or_temp(get_func_namespace(function));
	char	   *name = get_func_name(function);

	if (schema == NULL || name == NULL)
		elog(ERROR, "cache lookup failed for function %u", function);
	return quote_qualified_identifier(schema, name);
}
