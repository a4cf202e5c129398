/*
 * judge_refusals.h
 *		What models are known not to take of a judge's request.
 *
 * A session finds out for itself, which takes one refused call for each
 * endpoint and model, and nothing is to be kept right for others.
 */
#ifndef GAIOPS_JUDGE_REFUSALS_H
#define GAIOPS_JUDGE_REFUSALS_H

#include "core/judge/judge_model.h"

/*
 * What the model that an endpoint has now is known to refuse, as bits of
 * JudgeOption.  Raises if there is no such endpoint.
 */
extern unsigned judge_refusals_known(const char *endpoint);

/* Remembers what it has refused. */
extern void judge_refusals_remember(const char *endpoint, unsigned refused);

#endif							/* GAIOPS_JUDGE_REFUSALS_H */
