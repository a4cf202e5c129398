/*
 * failure_hint.h
 *		What to do about a call that failed.
 */
#ifndef GAIOPS_FAILURE_HINT_H
#define GAIOPS_FAILURE_HINT_H

#include "base/errors.h"
#include "gateway/exchange.h"

/*
 * The hint of an error; NULL if its message says it all.  exchange is NULL if
 * nothing was sent; wait_unfit says that the upstream asked for a wait beyond
 * the deadline.
 */
extern const char *failure_hint(FailureClass failure, const Route *route,
								const Exchange *exchange, bool wait_unfit);

#endif							/* GAIOPS_FAILURE_HINT_H */
