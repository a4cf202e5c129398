/*
 * function_result.h
 *		What a function of a user's own returned, as a score.
 */
#ifndef GAIOPS_FUNCTION_RESULT_H
#define GAIOPS_FUNCTION_RESULT_H

#include "scorers/score_types.h"

/*
 * Reads a result of type boolean, text or jsonb, or of a number's.  A jsonb
 * that is an object with "value" may give a "reason" with it.
 */
extern void function_result_read(Oid type, Datum result, Score *score);

#endif							/* GAIOPS_FUNCTION_RESULT_H */
