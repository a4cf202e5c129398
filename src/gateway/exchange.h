/*
 * exchange.h
 *		One request to an endpoint, and the judgement of what came back.
 */
#ifndef GAIOPS_EXCHANGE_H
#define GAIOPS_EXCHANGE_H

#include "base/errors.h"
#include "core/wire/openai.h"
#include "gateway/route.h"
#include "http/http.h"

typedef struct Exchange
{
	MemoryContext context;		/* owner of everything here */
	const Route *route;
	HttpTransfer *transfer;		/* NULL for an endpoint inside the server */
	char	  **headers;		/* hold clear keys until the end */
	int			nheaders;
	int			timeout_ms;
	int			limit_ms;

	/* the outcome, once exchange_poll() returned true */
	FailureClass failure;
	char	   *message;		/* primary message of a failure */
	char	   *detail;			/* its detail, or NULL */
	bool		is_unsent;		/* nothing of the request has left */
	bool		retryable;		/* another attempt may do better */
	int			retry_after_ms; /* -1 if the upstream did not say */
	int			http_status;	/* 0 if none */
	const char *location;		/* where a redirect points, keys masked; or NULL */
	const char *body;			/* as received, keys masked; NULL if none */
	size_t		body_len;
	bool		has_answer;
	OpenaiAnswer answer;
	bool		has_usage;		/* no answer could be read, but this: */
	TokenUsage	usage;
	int64		gateway_us;		/* -1 if nothing was sent */
} Exchange;

/*
 * Sends a request body, which must outlive the exchange.  timeout_ms is what
 * is left of the call's limit_ms.  The exchange is closed with its context at
 * the latest.
 */
extern Exchange *exchange_start(const Route *route, const char *body,
								size_t len, const char *traceparent,
								const char *idempotency_key, int timeout_ms,
								int limit_ms, MemoryContext context);

/* Whether the exchange is over; the first true one judges it. */
extern bool exchange_poll(Exchange *exchange);

/* Ends it, over or not.  Never throws. */
extern void exchange_close(Exchange *exchange);

#endif							/* GAIOPS_EXCHANGE_H */
