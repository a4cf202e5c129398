/*
 * value_read.h
 *		JSON text that nobody has checked, as a value.
 */
#ifndef GAIOPS_VALUE_READ_H
#define GAIOPS_VALUE_READ_H

#include "core/json/value.h"
#include "core/memory/arena.h"
#include "core/text/text_slice.h"

/*
 * Reads text as strictly as json_scan().  The value is in the arena
 * and in the text; members are in the order of jsonb, and of those with equal
 * keys the last one is there, as in jsonb.  NULL with *reason set to a
 * constant string that reads as the end of "the text is ..." if it is no JSON
 * or memory is short.  The interrupt callback of json_text.h may jump away.
 */
extern const Value *value_read(TextSlice text, Arena *arena, const char **reason);

#endif							/* GAIOPS_VALUE_READ_H */
