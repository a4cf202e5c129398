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

#endif							/* GAIOPS_STATEMENT_H */
