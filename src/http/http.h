/*
 * http.h
 *		HTTP transfers of one session, any number at a time.
 *
 * All transfers hang on one multi handle.  Nothing here blocks except
 * http_wait(), and nothing throws from inside libcurl.
 */
#ifndef GAIOPS_HTTP_H
#define GAIOPS_HTTP_H

#include "compat.h"
#include "http/http_types.h"

/*
 * Claims room for a transfer in the server's budget of open files, as long as
 * the owner context is there; false if there is none.
 */
extern bool http_claim(MemoryContext owner);

/* Raises that there is none. */
pg_noreturn extern void http_raise_no_room(void);

/*
 * Starts a POST, for which there is a claim.  The transfer is closed with its
 * owner context at the latest.
 */
extern HttpTransfer *http_start(const HttpRequest *request, MemoryContext owner);

/* NULL while the transfer is under way. */
extern const HttpResponse *http_response(HttpTransfer *transfer);

/* Ends a transfer, finished or not.  Never throws, never blocks. */
extern void http_close(HttpTransfer *transfer);

/*
 * Waits until the process latch is set, any transfer moved, or timeout_ms went
 * by, and drives every transfer.  Resets the latch; does not check for
 * interrupts, which is the caller's next step.
 */
extern void http_wait(long timeout_ms);

/*
 * The chat-completions URL below a base URL as people write them, palloc'd.
 * Raises ERRCODE_INVALID_PARAMETER_VALUE when the base is not acceptable.
 */
extern char *http_url_join(const char *base, const char *path);

/*
 * Raises unless url is one an endpoint may have (scheme, host, no userinfo).
 */
extern void http_url_check(const char *url);

#endif							/* GAIOPS_HTTP_H */
