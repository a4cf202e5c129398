/*
 * error_context.h
 *		Errors without the way through our own functions.
 */
#ifndef GAIOPS_ERROR_CONTEXT_H
#define GAIOPS_ERROR_CONTEXT_H

extern void error_context_init(void);

#endif							/* GAIOPS_ERROR_CONTEXT_H */
