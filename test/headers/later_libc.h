/*
 * later_libc.h
 *		What the headers of a later Debian say that its libc has.
 */
#include <stddef.h>

extern size_t strlcat(char *dst, const char *src, size_t siz);
extern size_t strlcpy(char *dst, const char *src, size_t siz);
