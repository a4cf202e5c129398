/*
 * evaluation_cost.h
 *		What the call that asks a record can cost, before it is made.
 */
#ifndef GAIOPS_EVALUATION_COST_H
#define GAIOPS_EVALUATION_COST_H

#include "call/call.h"
#include "core/wire/usage.h"
#include "evaluation/evaluation_plan.h"

/* About four bytes of English make a token; no token has less than one. */
#define EVALUATION_BYTES_PER_TOKEN 4

/*
 * The most tokens that may be answered, all choices together, as the request
 * says; TOKENS_UNKNOWN if it does not.
 */
extern int64 evaluation_most_output(const Call *call);

/*
 * The most that one attempt of a call can cost; false if the prices or the
 * request do not tell.
 */
extern bool evaluation_most_cost(const Call *call, Datum *cost);

/* A cost so many times. */
extern Datum evaluation_cost_times(Datum cost, int n);

/* Raises unless that is known, of a call to an endpoint. */
extern void evaluation_require_call_priced(const Call *call, const char *endpoint);

/* The same of what is planned: of the calls that ask records. */
extern void evaluation_require_priced(const EvaluationPlan *plan);

#endif							/* GAIOPS_EVALUATION_COST_H */
