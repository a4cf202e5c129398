/*
 * What a json-c that was built for glibc 2.38 or later calls, for an earlier
 * one.  They differ in binary literals alone, which are no JSON.
 */
#include <stdlib.h>

extern long long __isoc23_strtoll(const char *text, char **end, int base);
extern unsigned long long __isoc23_strtoull(const char *text, char **end, int base);

long long
__isoc23_strtoll(const char *text, char **end, int base)
{
	return strtoll(text, end, base);
}

unsigned long long
__isoc23_strtoull(const char *text, char **end, int base)
{
	return strtoull(text, end, base);
}
