/*
 * unpriced.h
 *		Telling callers that a cost is unknown, and what would help.
 */
#ifndef GAIOPS_UNPRICED_H
#define GAIOPS_UNPRICED_H

#include "call/call.h"

/*
 * Warns if the cost of an answered call is unknown: once in a session for each
 * model and reason.
 */
extern void unpriced_warn(const CallResult *result);

#endif							/* GAIOPS_UNPRICED_H */
