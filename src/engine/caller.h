/*
 * caller.h
 *		Who calls, and under which labels: what rows of every kind say of it.
 */
#ifndef GAIOPS_CALLER_H
#define GAIOPS_CALLER_H

#include "fmgr.h"

/*
 * The given label, or the setting's; NULL if it is empty.  Raises when it is too
 * long or no text.
 */
extern const char *caller_choose_label(const char *what, const char *given,
									   const char *setting);

/*
 * Raises in a security-restricted operation, naming the function that is called.
 * Whatever decides by a role, or puts one on record, begins with this: where the
 * server runs an index expression or refreshes a view, nobody has asked for it.
 */
extern void caller_require_open_operation(FunctionCallInfo fcinfo);

/*
 * The role for which the owner works: that of the innermost caller_enter() which
 * caller_leave() has not undone yet, or else the one in force.
 */
extern Oid	caller_role(void);

/* Sets it, and returns what to give to caller_leave(), on error too. */
extern Oid	caller_enter(Oid role);
extern void caller_leave(Oid previous);

/* A role's name as a datum of type name. */
extern Datum caller_role_name(Oid role);

#endif							/* GAIOPS_CALLER_H */
