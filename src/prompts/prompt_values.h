/*
 * prompt_values.h
 *		From JSON text to the values that templates see.
 */
#ifndef GAIOPS_PROMPT_VALUES_H
#define GAIOPS_PROMPT_VALUES_H

#include "core/json/value.h"
#include "core/text/text_slice.h"

/*
 * A document as a value, in the current memory context; the document must
 * outlive it.  Members keep their order, numbers their spelling.  An absent
 * one is an empty object.
 */
extern const Value *prompt_values_read(TextSlice document);

#endif							/* GAIOPS_PROMPT_VALUES_H */
