/*
 * error_context.h
 *		Errors without the way through our own functions.
 */
#ifndef GAIOPS_ERROR_CONTEXT_H
#define GAIOPS_ERROR_CONTEXT_H

/* Called once, when the library is loaded. */
extern void error_context_init(void);

/*
 * Gives the error that is being handled the context that is outside of what
 * handles it, and no statement of ours, unless gaiops.error_context is on.
 * Takes a memory context for what it needs meanwhile, not ErrorContext.
 */
extern void error_context_leave_out(MemoryContext memory);

#endif							/* GAIOPS_ERROR_CONTEXT_H */
