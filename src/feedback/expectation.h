/*
 * expectation.h
 *		What is known to be right, as scorers read it.
 */
#ifndef GAIOPS_EXPECTATION_H
#define GAIOPS_EXPECTATION_H

#include "base/member.h"

/* Those that scorers read; others may be anything. */
#define EXPECTATION_NMEMBERS 7
extern const Member expectation_members[EXPECTATION_NMEMBERS];

/*
 * What scorers want the value of an expectation to be, in words.  NULL if it
 * is that, or if they read none of this name.
 */
extern const char *expectation_wanted(const char *name, Jsonb *value);

#endif							/* GAIOPS_EXPECTATION_H */
