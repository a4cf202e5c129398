/*
 * json.h
 *		Reading JSON that came over the wire: strict, depth-limited, UTF-8
 *		checked, bounded in memory.
 *
 * Nothing here raises, aborts or jumps.  Memory is malloc'd, never the
 * server's: whoever parses a document frees it, also on the way of an error.
 */
#ifndef GAIOPS_JSON_H
#define GAIOPS_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What a parsed document may take.  An answer of 16 MB, the most an endpoint
 * takes by default, stays below it even where it is all log probabilities.
 */
#define JSON_MAX_MEMORY ((size_t) 1 << 30)

/* A parsed text with everything in it. */
typedef struct JsonDocument JsonDocument;

/* A value inside a document; lives as long as that. */
typedef struct JsonValue JsonValue;

typedef enum JsonKind
{
	JSON_KIND_NULL,				/* null, or no value at all */
	JSON_KIND_BOOL,
	JSON_KIND_NUMBER,
	JSON_KIND_STRING,
	JSON_KIND_ARRAY,
	JSON_KIND_OBJECT
} JsonKind;

/*
 * Parses text[0 .. len), which need not end in a NUL.  Returns the document,
 * or NULL with *reason set to a constant string that reads as the end of "the
 * text is ...".  Of members with equal keys the last one counts, as in jsonb.
 */
extern JsonDocument *json_document_parse(const char *text, size_t len,
										 const char **reason);

/* Frees the document and every value in it.  NULL is allowed. */
extern void json_document_free(JsonDocument *doc);

/*
 * The outermost value.  Like every getter it returns NULL for null: a null and
 * a missing value look alike, and all getters below take NULL.
 */
extern const JsonValue *json_document_root(const JsonDocument *doc);

/* What kind of value it is. */
extern JsonKind json_value_kind(const JsonValue *value);

/* The member of that key; NULL if there is none or value is no object. */
extern const JsonValue *json_value_member(const JsonValue *value, const char *key);

/* Number of elements; 0 if value is no array. */
extern size_t json_value_length(const JsonValue *value);

/* Element i, counted from 0; NULL if there is none or value is no array. */
extern const JsonValue *json_value_element(const JsonValue *value, size_t i);

/*
 * The text of a string: unescaped, without NUL inside.  Returns false and
 * leaves the results alone if value is no string.
 */
extern bool json_value_string(const JsonValue *value, const char **data, size_t *len);

/*
 * The text of a number as it was written, save that an integer beyond 64 bits
 * becomes the nearest one within.  Returns false if value is no number or
 * memory is short.
 */
extern bool json_value_number_text(const JsonValue *value, const char **data, size_t *len);

/*
 * A whole number: 12, 12.0 and 1.2e1 alike.  Returns false and leaves *result
 * alone if value is no number, has a fraction, or cannot be held exactly.
 */
extern bool json_value_int64(const JsonValue *value, int64_t *result);

/* A boolean.  Returns false and leaves *result alone if value is none. */
extern bool json_value_bool(const JsonValue *value, bool *result);

#endif							/* GAIOPS_JSON_H */
