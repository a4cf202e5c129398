/*
 * caller.h
 *		Who calls, and under which labels: what rows of every kind say of it.
 */
#ifndef GAIOPS_CALLER_H
#define GAIOPS_CALLER_H

/*
 * The given label, or the setting's; NULL if it is empty.  Raises when it is too
 * long or no text.
 */
extern const char *caller_choose_label(const char *what, const char *given,
									   const char *setting);

/* A role's name as a datum of type name. */
extern Datum caller_role_name(Oid role);

#endif							/* GAIOPS_CALLER_H */
