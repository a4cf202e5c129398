/*
 * http_waits.h
 *		How long an upstream asks to be left alone, in its headers.
 */
#ifndef GAIOPS_HTTP_WAITS_H
#define GAIOPS_HTTP_WAITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HTTP_MAX_LIMITS	8		/* kinds of limits in one answer */
#define HTTP_LIMIT_SIZE	32		/* of the name of a kind, with its NUL */

/* A limit, such as that of "requests". */
typedef struct HttpLimit
{
	char		name[HTTP_LIMIT_SIZE];
	int64_t		reset_ms;		/* until it is over; -1 if not told */
	bool		exhausted;		/* nothing of it remains */
} HttpLimit;

/*
 * What the headers of one answer say; all waits in ms, -1 where none is told.
 */
typedef struct HttpWaits
{
	int64_t		exact_ms;		/* Retry-After-Ms */
	int64_t		seconds_ms;		/* Retry-After */
	int			nlimits;
	HttpLimit	limits[HTTP_MAX_LIMITS];
} HttpWaits;

/* Forgets everything: another answer begins. */
extern void http_waits_reset(HttpWaits *waits);

/*
 * Takes note of a header line, which need not end in a NUL.  Besides
 * Retry-After these are Retry-After-Ms and X-RateLimit-Remaining and -Reset
 * with the kind of limit behind, each also with LiteLLM's prefix for what it
 * got itself.  now_ms is the time of day, in ms since 1970.
 */
extern void http_waits_note(HttpWaits *waits, const char *line, size_t len,
							int64_t now_ms);

/*
 * The wait in ms, at most INT_MAX; -1 if none is told.  Resets of limits
 * count where the status says that a limit is what it is about: the last one
 * of those of which nothing remains, or, where no such thing is told, the
 * first.
 */
extern int	http_waits_ms(const HttpWaits *waits, int status);

/*
 * Reads a wait: seconds (12, 0.5), a duration (6m0s, 20ms, 1h2m3.5s), a time
 * of day as seconds or milliseconds since 1970, as an HTTP date, or as in RFC
 * 3339.  Returns it in ms, 0 if it is over; -1 if it is none of these.
 */
extern int64_t http_wait_parse(const char *text, int64_t now_ms);

#endif							/* GAIOPS_HTTP_WAITS_H */
