/*
 * denied_call.h
 *		What to do about a function that a role may not call.
 */
#ifndef GAIOPS_DENIED_CALL_H
#define GAIOPS_DENIED_CALL_H

extern void denied_call_init(void);

#endif							/* GAIOPS_DENIED_CALL_H */
