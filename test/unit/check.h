/*
 * check.h
 *		Unit tests in plain C: each check prints one line of TAP.
 *
 * A check that fails is told with its place and what was found; the program
 * goes on, and check_finish() makes its exit status.
 */
#ifndef GAIOPS_CHECK_H
#define GAIOPS_CHECK_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int	check_count = 0;
static int	check_failures = 0;

/* Prints one line; returns ok, so that details can follow a failure. */
static inline bool
check_report(bool ok, const char *what, const char *file, int line)
{
	check_count++;
	if (!ok)
		check_failures++;
	printf("%s %d - %s:%d %s\n", ok ? "ok" : "not ok", check_count, file, line, what);
	return ok;
}

static inline void
check_int(int64_t found, int64_t expected, const char *what, const char *file, int line)
{
	if (!check_report(found == expected, what, file, line))
		printf("# found %" PRId64 ", expected %" PRId64 "\n", found, expected);
}

/* Compares len bytes, or absence, with a C string, or NULL. */
static inline void
check_text(const char *found, size_t len, const char *expected,
		   const char *what, const char *file, int line)
{
	bool		ok;

	if (found == NULL || expected == NULL)
		ok = found == NULL && expected == NULL && len == 0;
	else
		ok = len == strlen(expected) && memcmp(found, expected, len) == 0;
	if (!check_report(ok, what, file, line))
		printf("# found %.*s, expected %s\n", found ? (int) len : 4,
			   found ? found : "NULL", expected ? expected : "NULL");
}

static inline void
check_cstring(const char *found, const char *expected,
			  const char *what, const char *file, int line)
{
	check_text(found, found == NULL ? 0 : strlen(found), expected, what, file, line);
}

#define CHECK(condition) \
	((void) check_report((condition), #condition, __FILE_NAME__, __LINE__))
#define CHECK_INT(found, expected) \
	check_int((found), (expected), #found " is " #expected, __FILE_NAME__, __LINE__)
#define CHECK_TEXT(found, len, expected) \
	check_text((found), (len), (expected), #found " is " #expected, __FILE_NAME__, __LINE__)
#define CHECK_SLICE(slice, expected) \
	check_text((slice).data, (slice).len, (expected), #slice " is " #expected, __FILE_NAME__, __LINE__)
#define CHECK_CSTRING(found, expected) \
	check_cstring((found), (expected), #found " is " #expected, __FILE_NAME__, __LINE__)

/* __FILE_NAME__ is there from GCC 12 and clang 9 on. */
#ifndef __FILE_NAME__
#define __FILE_NAME__	__FILE__
#endif

/* Prints the plan.  Returns the exit status: a run without checks failed. */
static inline int
check_finish(void)
{
	printf("1..%d\n", check_count);
	return check_count == 0 || check_failures > 0;
}

#endif							/* GAIOPS_CHECK_H */
