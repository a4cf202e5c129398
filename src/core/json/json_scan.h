/*
 * json_scan.h
 *		Strict check of JSON text, before a lenient parser sees it.
 */
#ifndef GAIOPS_JSON_SCAN_H
#define GAIOPS_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Arrays and objects within each other that a document may have. */
#define JSON_MAX_DEPTH	128

/*
 * Checks that text[0 .. len) is exactly one value of RFC 8259 in valid UTF-8
 * with nothing but white space around it, no deeper than JSON_MAX_DEPTH, and
 * without what PostgreSQL's text cannot hold (\u0000, lone surrogates).
 *
 * Returns NULL when it is, and then *memory is an upper bound of what the
 * parsed tree and the parser will take, in bytes.  Returns a constant string
 * with the reason otherwise, which reads as the end of "the text is ...".
 * Allocates nothing.
 */
extern const char *json_scan(const char *text, size_t len, size_t *memory);

#endif							/* GAIOPS_JSON_SCAN_H */
