/*
 * hex.h
 *		Hexadecimal digits.
 */
#ifndef GAIOPS_HEX_H
#define GAIOPS_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The value of a digit of either case; -1 if it is none. */
extern int	hex_value(char digit);

/*
 * The number that n digits of either case make, 15 at most; -1 if one of them
 * is none.  Nothing is read behind that one.
 */
extern int64_t hex_number(const char *digits, size_t n);

/*
 * Reads n bytes, each of two digits.  Returns whether all of them are digits,
 * in lower case as hex_write() has them.
 */
extern bool hex_read(const char *digits, uint8_t *bytes, size_t n);

/* Writes n bytes as 2 * n digits in lower case, without a NUL. */
extern void hex_write(char *digits, const uint8_t *bytes, size_t n);

#endif							/* GAIOPS_HEX_H */
