/*
 * fuzz.h
 *		What the fuzzers share: requirements, and what text may be stored.
 */
#ifndef GAIOPS_FUZZ_H
#define GAIOPS_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

/* Stops the fuzzer, which then keeps the input. */
#define REQUIRE(condition) \
	do { \
		if (!(condition)) \
		{ \
			fprintf(stderr, "%s:%d: not true: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/*
 * Whether text is UTF-8 that the server takes: decoded and judged by the code
 * point, which is another way than that of the code under test.
 */
static inline bool
is_storable_text(const char *text, size_t len)
{
	const unsigned char *p = (const unsigned char *) text;
	const unsigned char *end = p + len;

	while (p < end)
	{
		static const unsigned long least[] = {1, 0x80, 0x800, 0x10000};
		int			trail = *p < 0x80 ? 0 : *p < 0xC0 ? -1 : *p < 0xE0 ? 1 : *p < 0xF0 ? 2 : *p < 0xF8 ? 3 : -1;
		unsigned long point;

		if (trail < 0 || end - p <= trail)
			return false;
		point = trail == 0 ? *p : *p & (0x3Fu >> trail);
		for (int i = 1; i <= trail; i++)
		{
			if ((p[i] & 0xC0) != 0x80)
				return false;
			point = point << 6 | (p[i] & 0x3F);
		}
		if (point < least[trail] || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
			return false;
		p += trail + 1;
	}
	return true;
}

#endif							/* GAIOPS_FUZZ_H */
