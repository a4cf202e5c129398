/*
 * subtransaction.h
 *		Doing what may fail, without the failure of all.
 */
#ifndef GAIOPS_SUBTRANSACTION_H
#define GAIOPS_SUBTRANSACTION_H

/*
 * Does work in a subtransaction.  Returns NULL if it went well; else what it
 * did is rolled back, and this is the message of its error, palloc'd in the
 * current memory context.  A cancel of the statement is raised again.
 */
extern char *subtransaction_try(void (*work) (void *arg), void *arg);

#endif							/* GAIOPS_SUBTRANSACTION_H */
