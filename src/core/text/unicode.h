/*
 * unicode.h
 *		Characters of UTF-8 text.
 *
 * Text is expected to be valid.  If it is not, results mean nothing, but
 * nothing is read beyond its end.  Nothing here raises or jumps.
 */
#ifndef GAIOPS_UNICODE_H
#define GAIOPS_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UNICODE_MAX_BYTES	4	/* of a character */

/* Bytes of the first character of text[0 .. len), where len is not 0. */
extern size_t unicode_first(const char *text, size_t len);

/* Its code point. */
extern uint32_t unicode_code_point(const char *text, size_t len);

/* Number of characters. */
extern size_t unicode_length(const char *text, size_t len);

/* The largest number of bytes, at most max, that are whole characters. */
extern size_t unicode_clip(const char *text, size_t len, size_t max);

/* Whether a code point is one of a character: not half of a surrogate pair. */
extern bool unicode_is_character(uint32_t code_point);

/* Writes a code point that is one; returns the number of bytes. */
extern size_t unicode_encode(uint32_t code_point, char out[UNICODE_MAX_BYTES]);

/*
 * Bytes of white space at the beginning, and at the end.  White space is what
 * Python takes for it: Unicode's and the separators U+001C to U+001F.
 */
extern size_t unicode_leading_space(const char *text, size_t len);
extern size_t unicode_trailing_space(const char *text, size_t len);

/* Whether all of a text is ASCII. */
extern bool unicode_is_ascii(const char *text, size_t len);

/* Whether an ASCII character is such white space. */
static inline bool
unicode_is_ascii_space(unsigned char c)
{
	return (c == ' ') | ((unsigned char) (c - '\t') <= '\r' - '\t') | ((unsigned char) (c - 0x1C) <= 0x1F - 0x1C);
}

/* Whether a code point is a letter or a number, as \w has it but for _. */
extern bool unicode_is_alphanumeric(uint32_t code_point);

/* Whether it is a mark, such as an accent, of what is before it. */
extern bool unicode_is_mark(uint32_t code_point);

/* Whether Python prints a character as it is within the repr() of a string. */
extern bool unicode_is_printable(uint32_t code_point);

/*
 * Text in upper and in lower case, by Unicode's full mappings of no particular
 * language.  The result is malloc'd, for the caller to free; NULL if memory is
 * short.
 */
extern char *unicode_upper(const char *text, size_t len, size_t *result_len);
extern char *unicode_lower(const char *text, size_t len, size_t *result_len);

/* Text in normalization form C, in the same way. */
extern char *unicode_compose(const char *text, size_t len, size_t *result_len);

#endif							/* GAIOPS_UNICODE_H */
