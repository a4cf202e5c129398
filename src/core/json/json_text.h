/*
 * json_text.h
 *		Finding one's way in JSON text that has been checked, where it lies.
 *
 * Nothing is parsed, copied or put in another order, so what was written
 * stays as it was.  Text that is no JSON gives no answer of use, but is never
 * read beyond its end.  Nothing is raised, but the interrupt callback may
 * jump away.
 */
#ifndef GAIOPS_JSON_TEXT_H
#define GAIOPS_JSON_TEXT_H

#include <stdbool.h>

#include "core/json/value.h"
#include "core/text/text_slice.h"

/* Called now and then while text is walked; may be NULL, as it is at first. */
extern void (*json_text_check_interrupts) (void);

/* A walk through the members of an object or the elements of an array. */
typedef struct JsonWalk
{
	const char *at;
	const char *end;
	const char *seen;			/* the latest value it was led to */
	bool		is_object;
} JsonWalk;

/* The kind of a value, by how it begins. */
extern ValueKind json_text_kind(TextSlice value);

/*
 * Begins to walk; there is nothing to be found in what is no object or array.
 */
extern void json_text_enter(JsonWalk *walk, TextSlice container);

/*
 * Goes to the next member or element; false behind the last.  key is what is
 * between its quotes, absent in an array.  The value is then taken or walked.
 */
extern bool json_text_more(JsonWalk *walk, TextSlice *key);

/* The kind of that value. */
extern ValueKind json_text_peek(const JsonWalk *walk);

/* Takes the whole of that value, and goes behind it. */
extern TextSlice json_text_take(JsonWalk *walk);

/*
 * Begins to walk that value, an object or array; once json_text_more() has
 * found its end, the outer walk goes on behind it.
 */
extern void json_text_descend(const JsonWalk *walk, JsonWalk *inner);
extern void json_text_ascend(JsonWalk *walk, const JsonWalk *inner);

/* Goes to the next member or element and takes it; false behind the last. */
extern bool json_text_next(JsonWalk *walk, TextSlice *key, TextSlice *value);

/* How many members or elements there are. */
extern size_t json_text_count(TextSlice container);

/* What is between the quotes of a value that is a string. */
extern TextSlice json_text_string(TextSlice value);

/*
 * Puts a string, given without its quotes, to out without its escapes, for
 * which it takes as many bytes as it has at most; returns how many it took.
 */
extern size_t json_text_decode(TextSlice string, char *out);

/* Whether a string, given without its quotes, says text. */
extern bool json_text_says(TextSlice string, const char *text);

/* Whether two values are spelled the same, but for the white space between. */
extern bool json_text_same(TextSlice one, TextSlice other);

/*
 * Puts a value to out without the white space between; returns how many bytes
 * that took.
 */
extern size_t json_text_compact(TextSlice value, char *out);

/* The member of that name; absent if there is none or object is no object. */
extern TextSlice json_text_member(TextSlice object, const char *key);

#endif							/* GAIOPS_JSON_TEXT_H */
