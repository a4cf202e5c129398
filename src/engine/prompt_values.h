/*
 * prompt_values.h
 *		From jsonb to the values that templates see.
 */
#ifndef GAIOPS_PROMPT_VALUES_H
#define GAIOPS_PROMPT_VALUES_H

#include "core/value.h"
#include "utils/jsonb.h"

/*
 * A document as a value, in the current memory context; the document must
 * outlive it.  NULL is an empty object.
 */
extern const Value *prompt_values_read(Jsonb *document);

#endif							/* GAIOPS_PROMPT_VALUES_H */
