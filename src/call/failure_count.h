/*
 * failure_count.h
 *		WARNINGs at the end of a statement, of the calls that gave it nothing.
 */
#ifndef GAIOPS_FAILURE_COUNT_H
#define GAIOPS_FAILURE_COUNT_H

/* Has the ends of statements tell; called once, when the library is loaded. */
extern void failure_count_init(void);

/* Counts a failed call that on_error => 'null' turned into a NULL. */
extern void failure_count_add(const char *message);

/*
 * Counts an answer with nothing in it.  The detail says of the first which
 * one it is; its hint, a constant, what can be done.
 */
extern void failure_count_add_empty(const char *detail, const char *hint);

#endif							/* GAIOPS_FAILURE_COUNT_H */
