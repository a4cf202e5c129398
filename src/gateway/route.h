/*
 * route.h
 *		From the name of an endpoint to where and how a request is sent.
 */
#ifndef GAIOPS_ROUTE_H
#define GAIOPS_ROUTE_H

#include "core/text/text_slice.h"
#include "secrets/secrets.h"

/* URL of an endpoint that answers inside the server, and its model's name. */
#define ROUTE_ECHO_URL "builtin:echo"
#define ROUTE_ECHO_MODEL "builtin-echo"

/* An extra header; its value is text, or the value of a secret. */
typedef struct RouteHeader
{
	char	   *name;
	char	   *value;			/* NULL if from a secret */
	SecretRow  *secret;			/* NULL if plain */
} RouteHeader;

/* A row of gaiops.endpoints with the secrets it refers to, still sealed. */
typedef struct Route
{
	char	   *endpoint;
	char	   *url;			/* chat-completions URL, or ROUTE_ECHO_URL */
	char	   *provider;
	char	   *model;			/* upstream model; NULL sends the endpoint's name */
	bool		is_echo;
	TextSlice	params;			/* default parameters, an object */
	SecretRow  *secret;			/* bearer token; NULL if none */
	int			nheaders;
	RouteHeader *headers;
	int			connect_timeout_ms;
	int			timeout_ms;
	int			max_retries;
	int64		max_response_bytes;
} Route;

/*
 * The route of an endpoint, as committed last or changed in this transaction.
 * Called after store_open(); the result is allocated where SPI_palloc()
 * allocates, so it outlives store_close().  Raises
 * ERRCODE_GAIOPS_UNKNOWN_ENDPOINT, naming what exists, and
 * ERRCODE_INVALID_PARAMETER_VALUE when settings no longer allow the URL.
 */
extern Route *route_resolve(const char *endpoint);

/* Raises that an endpoint does not exist.  Called after store_open(). */
extern void route_raise_unknown(const char *endpoint);

/*
 * Where requests go for the base URL of an endpoint, in the current memory
 * context.  Raises unless an endpoint may have that URL.
 */
extern char *route_url(const char *base);

/*
 * Header lines to send, with clear keys, in the current memory context: wipe
 * them with route_headers_wipe().  Raises ERRCODE_GAIOPS_SECRET_UNAVAILABLE.
 * Not for an echo endpoint's route.
 */
extern char **route_headers_open(const Route *route, int *nheaders);
extern void route_headers_wipe(char **headers, int nheaders);

#endif							/* GAIOPS_ROUTE_H */
