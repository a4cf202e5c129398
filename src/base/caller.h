/*
 * caller.h
 *		Who calls: the role that counts, and what rows of every kind say of it.
 */
#ifndef GAIOPS_CALLER_H
#define GAIOPS_CALLER_H

#include "fmgr.h"

/*
 * Raises in a security-restricted operation, naming the function that is
 * called.  Whatever decides by a role, or puts one on record, begins with
 * this: where the server runs an index expression or refreshes a view, nobody
 * has asked for it.
 */
extern void caller_require_open_operation(FunctionCallInfo fcinfo);

/*
 * The role for which the owner works: that of the innermost caller_enter()
 * which caller_leave() has not undone yet, or else the one in force.
 */
extern Oid	caller_role(void);

/* Sets it, and returns what to give to caller_leave(), on error too. */
extern Oid	caller_enter(Oid role);
extern void caller_leave(Oid previous);

/* A role's name as a datum of type name. */
extern Datum caller_role_name(Oid role);

#endif							/* GAIOPS_CALLER_H */
