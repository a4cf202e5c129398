/*
 * scorer_function.h
 *		SQL functions of users as scorers.
 */
#ifndef GAIOPS_SCORER_FUNCTION_H
#define GAIOPS_SCORER_FUNCTION_H

#include "scorers/score_types.h"

typedef struct ScorerFunction ScorerFunction;

/*
 * Finds the function of a qualified name, in the current memory context.
 * Raises if there is none, it is no scorer, or the role in force may not
 * execute it; and in a security-restricted operation, where nobody has asked
 * for it.
 */
extern ScorerFunction *scorer_function_find(const char *name);

/*
 * Its name with its schema, quoted where that is needed: one function has one
 * name, however it was asked for, and that has a length that can be stored.
 */
extern char *scorer_function_name(const ScorerFunction *function);

/* Whether it returns a boolean. */
extern bool scorer_function_is_pass_fail(const ScorerFunction *function);

/* Calls it in a subtransaction. */
extern void scorer_function_apply(ScorerFunction *function, const ScorerSubject *subject,
								  Score *score);

#endif							/* GAIOPS_SCORER_FUNCTION_H */
