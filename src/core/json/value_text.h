/*
 * value_text.h
 *		How values are printed.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_VALUE_TEXT_H
#define GAIOPS_VALUE_TEXT_H

#include <stdbool.h>

#include "core/json/value.h"
#include "core/text/text_builder.h"

/*
 * Appends a value as jsonb prints it; strings are in quotes, and undefined is
 * null.  False if the builder has a problem.
 */
extern bool value_print_json(TextBuilder *builder, const Value *value);

/* Appends a value as Python's str() prints it: strings are bare text. */
extern bool value_print_python(TextBuilder *builder, const Value *value);

#endif							/* GAIOPS_VALUE_TEXT_H */
