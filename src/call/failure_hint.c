/*
 * failure_hint.c
 *		What to do about a call that failed.
 */
#include "postgres.h"

#include "call/failure_hint.h"
#include "lib/stringinfo.h"
#include "queue/journal.h"

#define RAISE_TIMEOUT_HINT \
	"Pass timeout => to the call, or raise the endpoint's timeout with gaiops_alter_endpoint()."

/* The secrets that an endpoint sends, in words; NULL if it sends none. */
static char *
secrets_sent(const Route *route)
{
	StringInfoData names;

	initStringInfo(&names);
	if (route->secret != NULL)
		appendStringInfo(&names, "\"%s\"", route->secret->name);
	for (int i = 0; i < route->nheaders; i++)
	{
		const RouteHeader *header = &route->headers[i];

		if (header->secret != NULL)
			appendStringInfo(&names, "%s\"%s\" in header \"%s\"",
							 names.len > 0 ? ", " : "", header->secret->name, header->name);
	}
	return names.len > 0 ? names.data : NULL;
}

/* What to do about a refusal; NULL if the message says it all. */
static const char *
refusal_hint(const Route *route, const Exchange *exchange)
{
	int			status = exchange ? exchange->http_status : 0;
	const char *secrets;

	if (status >= 300 && status < 400)
		return exchange->location != NULL ?
			"If that is where the gateway is, give the endpoint its URL with gaiops_alter_endpoint()." :
			"Check the endpoint's URL in gaiops.endpoints: a redirect that does not say where to is no answer of a gateway.";
	if (status != 401 && status != 403)
		return NULL;
	secrets = secrets_sent(route);
	if (secrets != NULL)
		return psprintf("Check what the endpoint sends, secret %s; gaiops_alter_secret() changes its value.", secrets);
	return "The endpoint sends no key, so check the gateway's own key for its provider. "
		"If the gateway itself wants one, give it to the endpoint with gaiops_alter_endpoint().";
}

const char *
failure_hint(FailureClass failure, const Route *route, const Exchange *exchange,
			 bool wait_unfit)
{
	switch (failure)
	{
		case FAILURE_REQUEST_REFUSED:
			return refusal_hint(route, exchange);
		case FAILURE_TLS:
			return "Check that the gateway speaks TLS on this port. "
				"If its certificate is from a private authority, name its file in gaiops.ca_bundle.";
		case FAILURE_TIMEOUT:
			return RAISE_TIMEOUT_HINT;
		case FAILURE_RATE_LIMITED:
		case FAILURE_UPSTREAM_ERROR:
			return wait_unfit ? RAISE_TIMEOUT_HINT : NULL;
		case FAILURE_RESPONSE_TOO_LARGE:
			return "Raise the endpoint's max_response_bytes with gaiops_alter_endpoint().";
		case FAILURE_UNREACHABLE:
			return "Check the endpoint's URL in gaiops.endpoints, and whether the gateway is up.";
		case FAILURE_LOG_UNAVAILABLE:
			return journal_trouble_hint();
		default:
			return NULL;
	}
}
