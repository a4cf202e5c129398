/*
 * function_name.h
 *		The name by which a function is found again.
 */
#ifndef GAIOPS_FUNCTION_NAME_H
#define GAIOPS_FUNCTION_NAME_H

/*
 * The name of a function with its schema, quoted as in SQL; palloc'd.  One of
 * the session's own is in pg_temp, whichever session looks for it.
 */
extern char *function_qualified_name(Oid function);

#endif							/* GAIOPS_FUNCTION_NAME_H */
