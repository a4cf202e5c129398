/*
 * http_transfer.h
 *		One transfer, as the files of this room share it.
 */
#ifndef GAIOPS_HTTP_TRANSFER_H
#define GAIOPS_HTTP_TRANSFER_H

#include <curl/curl.h>

#include "compat.h"
#include "core/wire/http_text.h"
#include "core/wire/http_waits.h"
#include "http/http_types.h"
#include "utils/palloc.h"

struct HttpTransfer
{
	MemoryContextCallback at_reset;
	CURL	   *easy;			/* NULL once finished or closed */
	bool		in_multi;
	bool		done;
	struct curl_slist *headers; /* one malloc'd block, wiped before free */
	size_t		headers_size;
	const char *request;		/* the caller's */
	size_t		request_len;
	size_t		request_sent;
	HttpBody	body;
	HttpWaits	waits;
	int64		started_us;
	int64		first_byte_us;	/* when the answer began; 0 if it has not */
	int			connect_timeout_ms;
	int			timeout_ms;
	int			limit_ms;
	HttpResponse response;
	char		content_type[128];
	char		location[300];
	char		detail[CURL_ERROR_SIZE + 2];
	char		curl_error[CURL_ERROR_SIZE];
};

/* ---- http_options.c: what is sent, and under which rules ---- */

/*
 * Prepares the easy handle of a transfer for its request; false if libcurl
 * refuses an option.  Raises when memory is exhausted.
 */
extern bool http_options_set(HttpTransfer *transfer, const HttpRequest *request);

/* Frees the copies of the headers, wiped, since credentials are among them. */
extern void http_options_free(HttpTransfer *transfer);

pg_noreturn extern void http_raise_out_of_memory(void);

/* ---- http_receive.c: what comes back ---- */

/*
 * Callbacks of libcurl for a line of the header, and for a piece of the body.
 */
extern size_t http_receive_header(char *data, size_t size, size_t nmemb, void *arg);
extern size_t http_receive_body(char *data, size_t size, size_t nmemb, void *arg);

/*
 * Fills the response of a transfer that libcurl is done with.  Neither throws
 * nor pallocs.
 */
extern void http_receive_end(HttpTransfer *transfer, CURLcode result);

#endif							/* GAIOPS_HTTP_TRANSFER_H */
