/*
 * raised.h
 *		Changing an error on its way, in a PG_CATCH block or what it calls.
 */
#ifndef GAIOPS_RAISED_H
#define GAIOPS_RAISED_H

/*
 * Takes the error that is being handled off the stack, into a memory context,
 * which must not be ErrorContext.
 */
extern ErrorData *raised_take(MemoryContext context);

/*
 * Puts it back as it is now; the block goes on to raise it as it would have
 * raised the other.
 */
extern void raised_put_back(ErrorData *error);

#endif							/* GAIOPS_RAISED_H */
