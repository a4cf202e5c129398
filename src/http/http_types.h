/*
 * http_types.h
 *		What is asked in a transfer, and what comes of it.
 */
#ifndef GAIOPS_HTTP_TYPES_H
#define GAIOPS_HTTP_TYPES_H

#include "base/errors.h"

typedef struct HttpTransfer HttpTransfer;

/* A POST to make.  Everything is copied or outlives the transfer. */
typedef struct HttpRequest
{
	const char *url;			/* whole URL, from http_url_join() */
	const char *const *headers; /* "Name: value" */
	int			nheaders;
	const char *body;			/* must outlive the transfer */
	size_t		body_len;
	int			connect_timeout_ms; /* name lookup and handshake included */
	int			timeout_ms;		/* for the whole transfer */
	int			limit_ms;		/* what timeout_ms is the rest of, to name it */
	int64		max_response_bytes;	/* before and after decompression */
} HttpRequest;

/* What came of it; valid until http_close(). */
typedef struct HttpResponse
{
	FailureClass failure;		/* FAILURE_NONE: a whole HTTP response came,
								 * whatever its status */
	const char *detail;			/* cause of the failure, for errdetail; never
								 * holds a header or a credential; or NULL */
	bool		bytes_sent;		/* some of the request may have left */
	long		status;			/* HTTP status, 0 if none */
	const char *content_type;	/* lower case, without parameters; or NULL */
	const char *location;		/* of a redirect, fit to be shown; NULL if none */
	const char *body;			/* NUL-terminated beyond body_len; after a
								 * failure, what came before it */
	size_t		body_len;
	int			retry_after_ms; /* -1 if the upstream gave none */
	int64		gateway_us;		/* first byte out to last byte in */
	int64		first_byte_us;	/* first byte out to first byte in; -1 if none */
} HttpResponse;

#endif							/* GAIOPS_HTTP_TYPES_H */
