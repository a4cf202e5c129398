/*
 * route.h
 *		From the name of an endpoint to where and how a request is sent.
 */
#ifndef GAIOPS_ROUTE_H
#define GAIOPS_ROUTE_H

#include "engine/secrets.h"
#include "utils/jsonb.h"

/* URL of an endpoint that answers inside the server. */
#define ROUTE_ECHO_URL "builtin:echo"

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
	Jsonb	   *params;			/* default parameters, an object */
	SecretRow  *secret;			/* bearer token; NULL if none */
	int			nheaders;
	RouteHeader *headers;
	int			connect_timeout_ms;
	int			timeout_ms;
	int			max_retries;
	int64		max_response_bytes;
} Route;

/*
 * The route of an endpoint, in the current memory context.  Raises
 * ERRCODE_GAIOPS_UNKNOWN_ENDPOINT, naming what exists.
 */
extern Route *route_resolve(const char *endpoint);

/* Header lines to send, with clear keys: wipe them with route_headers_wipe(). */
extern char **route_headers_open(const Route *route, int *nheaders);
extern void route_headers_wipe(char **headers, int nheaders);

#endif							/* GAIOPS_ROUTE_H */
