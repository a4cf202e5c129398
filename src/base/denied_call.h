/*
 * denied_call.h
 *		What to do about a function that a role may not call.
 */
#ifndef GAIOPS_DENIED_CALL_H
#define GAIOPS_DENIED_CALL_H

/* Called once, when the library is loaded, after hooks_init(). */
extern void denied_call_init(void);

#endif							/* GAIOPS_DENIED_CALL_H */
