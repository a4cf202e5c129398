/*
 * ordered.h
 *		JSON text put together from pieces, which stay as they were written.
 *
 * What is taken here has been checked by the type gaiops.ordered_json.
 * Results are in the current memory context.
 */
#ifndef GAIOPS_ORDERED_H
#define GAIOPS_ORDERED_H

#include "core/json/json_text.h"
#include "lib/stringinfo.h"

/* Lets cancel end the walks of core/json/json_text.h. */
extern void ordered_init(void);

/* Most arrays and objects within each other that the type lets pass. */
#define ORDERED_MAX_DEPTH 1000

/* No document at all. */
#define ORDERED_NONE ((TextSlice) {NULL, 0})

/* A C string as a document. */
extern TextSlice ordered_of(const char *text);

/* The text in a datum of json, text or gaiops.ordered_json. */
extern TextSlice ordered_of_datum(Datum value);

/* A datum of one of these with that text. */
extern Datum ordered_to_datum(TextSlice text);

/*
 * What a string says, which is given without its quotes: where it lies, or in
 * memory of its own if it has escapes.
 */
extern TextSlice ordered_decode(TextSlice string);

/* The same as a C string. */
extern char *ordered_decode_cstring(TextSlice string);

/* Appends text as a JSON string. */
extern void ordered_append_string(StringInfo document, const char *text, size_t len);

/* Begin an object, add members to it, and end it. */
extern void ordered_begin(StringInfo object);
extern void ordered_add(StringInfo object, const char *key, TextSlice value);
extern void ordered_add_text(StringInfo object, const char *key, const char *text);
extern TextSlice ordered_end(StringInfo object);

/* Adds a member whose key is given as it was written, without its quotes. */
extern void ordered_add_written(StringInfo object, TextSlice key, TextSlice value);

/* An array of one chat message. */
extern TextSlice ordered_message(const char *role, const char *content);

/*
 * Number, from 1, of the first element of an array that is not an object with
 * a "role", as a chat message is; 0 if all are.
 */
extern size_t ordered_find_nonmessage(TextSlice array);

/* The elements of both arrays; absent is empty, not for both. */
extern TextSlice ordered_join(TextSlice first, TextSlice second);

/*
 * The members of both objects.  One that both have is where the first has it,
 * and says what the second says; absent is empty.
 */
extern TextSlice ordered_merge(TextSlice first, TextSlice second);

/* An object without the members of these names. */
extern TextSlice ordered_without(TextSlice object, const char *const *keys, int nkeys);

#endif							/* GAIOPS_ORDERED_H */
