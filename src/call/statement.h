/*
 * statement.h
 *		Hooks on the life of statements.
 */
#ifndef GAIOPS_STATEMENT_H
#define GAIOPS_STATEMENT_H

/* Installs the hooks; called once, when the library is loaded. */
extern void statement_init(void);

/*
 * Counts a failed call that on_error => 'null' turned into a NULL; a WARNING at
 * the end of the statement says how many there were.
 */
extern void statement_count_failure(const char *message);

/*
 * Counts an answer with nothing in it, for a WARNING likewise.  The detail says
 * of the first which one it is; its hint, a constant, what can be done.
 */
extern void statement_count_empty(const char *detail, const char *hint);

#endif							/* GAIOPS_STATEMENT_H */
