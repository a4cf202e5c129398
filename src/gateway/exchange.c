/*
 * exchange.c
 *		One request to an endpoint, and the judgement of what came back.
 */
#include "postgres.h"

#include "core/text/hex.h"
#include "core/wire/http_text.h"
#include "gateway/echo.h"
#include "gateway/exchange.h"
#include "mb/pg_wchar.h"
#include "utils/memutils.h"

#define MAX_UPSTREAM_MESSAGE 500	/* bytes of it that callers are shown */
#define MAX_UPSTREAM_CODE 100	/* bytes of its code */
#define MIN_MASKED_KEY 6		/* shorter ones would mask ordinary text */

/* ---- sending ---- */

/* Ends the exchange with the memory context that owns it. */
static void
close_with_context(void *arg)
{
	exchange_close(arg);
}

/* The header lines of a request: the route's, and what names the attempt. */
static void
open_headers(Exchange *exchange, const char *traceparent,
			 const char *idempotency_key)
{
	int			n;
	char	  **lines = route_headers_open(exchange->route, &n);
	char	  **all = palloc(sizeof(char *) * (n + 2));

	memcpy(all, lines, sizeof(char *) * n);
	exchange->headers = all;
	exchange->nheaders = n;
	all[exchange->nheaders++] = psprintf("traceparent: %s", traceparent);
	all[exchange->nheaders++] = psprintf("Idempotency-Key: %s", idempotency_key);
}

/* Raises unless every header is "Name: value" on one line. */
static void
check_headers(const Exchange *exchange)
{
	for (int i = 0; i < exchange->nheaders; i++)
		if (!http_header_valid(exchange->headers[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("invalid HTTP header"),
					 errdetail("A header has the form \"Name: value\" and holds no line break or other control character.")));
}

static void
send_request(Exchange *exchange, const char *body, size_t len)
{
	const Route *route = exchange->route;
	HttpRequest request = {
		.url = route->url,
		.headers = (const char *const *) exchange->headers,
		.nheaders = exchange->nheaders,
		.body = body,
		.body_len = len,
		.connect_timeout_ms = route->connect_timeout_ms,
		.timeout_ms = exchange->timeout_ms,
		.limit_ms = exchange->limit_ms,
		.max_response_bytes = route->max_response_bytes
	};

	check_headers(exchange);
	exchange->transfer = http_start(&request, exchange->context);
}

Exchange *
exchange_start(const Route *route, const char *body, size_t len,
			   const char *traceparent, const char *idempotency_key,
			   int timeout_ms, int limit_ms, MemoryContext context)
{
	MemoryContext old = MemoryContextSwitchTo(context);
	Exchange   *exchange = palloc0(sizeof(Exchange));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	exchange->context = context;
	exchange->route = route;
	exchange->timeout_ms = timeout_ms;
	exchange->limit_ms = limit_ms;
	exchange->retry_after_ms = -1;
	exchange->gateway_us = -1;
	callback->func = close_with_context;
	callback->arg = exchange;
	MemoryContextRegisterResetCallback(context, callback);

	if (route->is_echo)
	{
		exchange->body = echo_answer(body, len);
		exchange->body_len = strlen(exchange->body);
		exchange->http_status = 200;
		exchange->gateway_us = 0;
	}
	else
	{
		open_headers(exchange, traceparent, idempotency_key);
		send_request(exchange, body, len);
	}
	MemoryContextSwitchTo(old);
	return exchange;
}

/* ---- what the upstream must not have echoed ---- */

/*
 * One character of the key in text, which strings of JSON may have escaped, a
 * string within a string several times.  Returns how many bytes it takes
 * there.
 */
static size_t
read_character(const char *text, size_t len, char *c)
{
	size_t		used = 0;
	int64_t		code;

	while (used + 1 < len && text[used] == '\\')
		used++;
	*c = text[used];
	if (used == 0 || *c != 'u' || len - used < 5)
		return used + 1;
	code = hex_number(text + used + 1, 4);
	if (code < 0 || code > 0x7f)
		return used + 1;
	*c = (char) code;
	return used + 5;
}

/*
 * How many bytes of the beginning of text are the key; 0 if they are not.  A
 * text that was cut may end within it.  Where it may be escaped, backslashes
 * of its own are not told from those of JSON.
 */
static size_t
match_key(const char *text, size_t len, const char *key, bool escaped)
{
	const char *start = key;
	size_t		used = 0;

	while (*key != '\0')
	{
		char		c;

		if (used == len)
			return key - start >= MIN_MASKED_KEY ? used : 0;
		if (escaped && *key == '\\')
		{
			key++;
			continue;
		}
		c = text[used];
		used += escaped ? read_character(text + used, len - used, &c) : 1;
		if (escaped && c == '\\')
			continue;
		if (c != *key++)
			return 0;
	}
	return used;
}

/* Masks a key, written as it is or as a string of JSON. */
static void
mask_everywhere(char *body, size_t len, const char *key)
{
	if (strlen(key) < MIN_MASKED_KEY)
		return;
	for (size_t i = 0; i < len; i++)
	{
		size_t		used;

		if (body[i] != key[0] && body[i] != '\\')
			continue;
		used = match_key(body + i, len - i, key, false);
		if (used == 0)
			used = match_key(body + i, len - i, key, true);
		memset(body + i, '*', used);
		i += used > 0 ? used - 1 : 0;
		/* The rest of a run of backslashes would be read again for each. */
		while (used == 0 && i + 1 < len && body[i] == '\\' && body[i + 1] == '\\')
			i++;
	}
}

/* Whether a header line carries a key, and where the key starts in it. */
static const char *
find_key(const Route *route, const char *line)
{
	static const char bearer[] = "Authorization: Bearer ";

	if (strncmp(line, bearer, sizeof(bearer) - 1) == 0)
		return line + sizeof(bearer) - 1;
	for (int i = 0; i < route->nheaders; i++)
	{
		const RouteHeader *header = &route->headers[i];
		size_t		name_len = strlen(header->name);

		if (header->secret != NULL &&
			strncmp(line, header->name, name_len) == 0 &&
			strncmp(line + name_len, ": ", 2) == 0)
			return line + name_len + 2;
	}
	return NULL;
}

/* Masks every key that was sent, wherever a careless upstream repeats it. */
static void
mask_keys(const Exchange *exchange, char *body, size_t len)
{
	for (int i = 0; i < exchange->nheaders; i++)
	{
		const char *key = find_key(exchange->route, exchange->headers[i]);
		const char *space = key == NULL ? NULL : strrchr(key, ' ');

		if (key != NULL)
			mask_everywhere(body, len, key);
		/* A login may be repeated without the scheme before it. */
		if (space != NULL)
			mask_everywhere(body, len, space + 1);
	}
}

/* ---- judging ---- */

/*
 * Upstream's words as one clean line of valid text; NULL if it said nothing.
 */
static char *
clean_message(const char *text, size_t len)
{
	size_t		kept = Min(len, MAX_UPSTREAM_MESSAGE);
	int			valid;
	char	   *clean;

	if (text == NULL || len == 0)
		return NULL;
	valid = pg_encoding_verifymbstr(PG_UTF8, text, kept);
	clean = pnstrdup(text, valid);
	for (char *c = clean; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			*c = ' ';
	return clean[0] != '\0' ? clean : NULL;
}

/* Where an upstream told of a failure: in the status line, or in the body. */
static char *
describe_place(const Exchange *exchange)
{
	const OpenaiAnswer *answer = &exchange->answer;
	int			status = exchange->http_status;

	if (!exchange->has_answer || status < 200 || status > 299)
		return psprintf("HTTP status %d", status);
	if (answer->error_code.data == NULL)
		return psprintf("an error inside HTTP status %d", status);
	return psprintf("error \"%s\" inside HTTP status %d",
					clean_message(answer->error_code.data, Min(answer->error_code.len, MAX_UPSTREAM_CODE)),
					status);
}

/* The primary message of a failure. */
static char *
describe_failure(const Exchange *exchange, FailureClass failure)
{
	const Route *route = exchange->route;

	switch (failure)
	{
		case FAILURE_UNREACHABLE:
			return psprintf("could not reach endpoint \"%s\"", route->endpoint);
		case FAILURE_TLS:
			return psprintf("could not make a secure connection to endpoint \"%s\"",
							route->endpoint);
		case FAILURE_TIMEOUT:
			return psprintf("call to endpoint \"%s\" timed out", route->endpoint);
		case FAILURE_RATE_LIMITED:
			return psprintf("endpoint \"%s\" limits the rate of calls with %s",
							route->endpoint, describe_place(exchange));
		case FAILURE_UPSTREAM_ERROR:
			return psprintf("endpoint \"%s\" failed with %s",
							route->endpoint, describe_place(exchange));
		case FAILURE_REQUEST_REFUSED:
			return psprintf("endpoint \"%s\" refused the request with %s",
							route->endpoint, describe_place(exchange));
		case FAILURE_RESPONSE_TOO_LARGE:
			return psprintf("answer of endpoint \"%s\" is too large",
							route->endpoint);
		default:
			return psprintf("answer of endpoint \"%s\" cannot be read",
							route->endpoint);
	}
}

/* Ends the exchange as failed; detail is copied, or NULL. */
static void
fail(Exchange *exchange, FailureClass failure, const char *detail)
{
	exchange->failure = failure;
	exchange->message = describe_failure(exchange, failure);
	exchange->detail = detail ? pstrdup(detail) : NULL;
}

/* Upstream's own message, from an error body of any shape. */
static char *
upstream_message(const Exchange *exchange)
{
	if (exchange->has_answer && exchange->answer.error_message.data != NULL)
		return clean_message(exchange->answer.error_message.data,
							 exchange->answer.error_message.len);
	if (exchange->has_answer && exchange->answer.nchoices > 0)
		return NULL;
	return clean_message(exchange->body, exchange->body_len);
}

static void
fail_upstream(Exchange *exchange, FailureClass failure)
{
	char	   *message = upstream_message(exchange);

	if (exchange->location != NULL)
		message = psprintf("It redirects to %s, which is not followed.", exchange->location);
	else if (message != NULL)
		message = psprintf("The upstream said: %s", message);
	else if (exchange->has_answer && exchange->answer.nchoices > 0)
		message = pstrdup("The first choice of the answer has failed, and the upstream does not say why.");
	fail(exchange, failure, message);
}

/* Reads the body; on failure says why in *reason. */
static void
parse_body(Exchange *exchange, const char **reason)
{
	*reason = "the body is empty";
	if (exchange->body == NULL || exchange->body_len == 0)
		return;
	exchange->has_answer = openai_answer_parse(exchange->body,
											   exchange->body_len,
											   &exchange->answer, reason);
}

/* Whether a failure of that status may pass. */
static bool
may_pass(int status)
{
	return status == 408 || status == 429 || status >= 500;
}

/* The failure that a status stands for. */
static FailureClass
status_failure(int status)
{
	if (status == 429)
		return FAILURE_RATE_LIMITED;
	return may_pass(status) ? FAILURE_UPSTREAM_ERROR : FAILURE_REQUEST_REFUSED;
}

/* Judges an answer with a status that promises a completion, and no error. */
static void
judge_success(Exchange *exchange, const char *content_type, const char *reason)
{
	if (!exchange->has_answer)
	{
		const char *type = content_type ? content_type : "none";

		fail(exchange, FAILURE_INVALID_RESPONSE,
			 psprintf("The answer is not the JSON of a chat completion: %s (content type: %s).",
					  reason, type));
	}
	else if (exchange->answer.nchoices == 0)
		fail(exchange, FAILURE_INVALID_RESPONSE,
			 "The answer has no choices.");
	else if (exchange->answer.unreadable != NULL)
		fail(exchange, FAILURE_INVALID_RESPONSE,
			 psprintf("The first choice of the answer %s.", exchange->answer.unreadable));
}

/*
 * Whether the body says more exactly than a 4xx what has failed, and that it
 * may pass.  A mere "server_error" is what some upstreams call every error.
 */
static bool
knows_better(const OpenaiAnswer *answer)
{
	bool		is_number = answer->error_code.len == 3 && answer->error_code.data[0] == '5';

	return may_pass(answer->error_status) && (answer->error_status != 500 || is_number);
}

/*
 * The status that counts: that of the status line, unless it is a 4xx and the
 * body knows better; and for an error within a 2xx, whatever its code says.
 */
static int
effective_status(const Exchange *exchange)
{
	const OpenaiAnswer *answer = &exchange->answer;
	int			status = exchange->http_status;

	if (!exchange->has_answer || answer->error_status == 0)
		return status;
	if (status >= 200 && status < 300)
		return answer->error_status;
	if (status >= 400 && !may_pass(status) && knows_better(answer))
		return answer->error_status;
	return status;
}

/* Judges an answer by its HTTP status and by what its body says of it. */
static void
judge_status(Exchange *exchange, const char *content_type)
{
	int			status;
	const char *reason;

	parse_body(exchange, &reason);
	status = effective_status(exchange);
	if (status < 200 || status > 299)
		fail_upstream(exchange, status_failure(status));
	else if (exchange->has_answer && exchange->answer.has_error)
		fail_upstream(exchange, FAILURE_UPSTREAM_ERROR);
	else
		judge_success(exchange, content_type, reason);
	exchange->retryable = may_pass(status);
}

/* Finds out what an answer that cannot be read has taken, if it says so. */
static void
salvage_usage(Exchange *exchange)
{
	if (!exchange->has_answer && exchange->body != NULL &&
		exchange->http_status >= 200 && exchange->http_status < 300)
		exchange->has_usage = openai_usage_salvage(exchange->body, exchange->body_len,
												   &exchange->usage);
}

/* Judges a finished transfer. */
static void
judge_response(Exchange *exchange, const HttpResponse *response)
{
	exchange->http_status = (int) response->status;
	exchange->retry_after_ms = response->retry_after_ms;
	exchange->gateway_us = response->gateway_us;
	exchange->is_unsent = !response->bytes_sent;
	if (response->location != NULL)
	{
		exchange->location = response->location;
		mask_keys(exchange, unconstify(char *, response->location),
				  strlen(response->location));
	}
	if (response->body != NULL && response->body_len > 0)
	{
		exchange->body = response->body;
		exchange->body_len = response->body_len;
		mask_keys(exchange, unconstify(char *, response->body),
				  response->body_len);
	}
	if (response->failure == FAILURE_NONE)
		judge_status(exchange, response->content_type);
	else
	{
		fail(exchange, response->failure, response->detail);
		exchange->retryable = response->failure == FAILURE_UNREACHABLE ||
			(response->failure == FAILURE_TIMEOUT && !response->bytes_sent);
	}
	salvage_usage(exchange);
}

bool
exchange_poll(Exchange *exchange)
{
	MemoryContext old;
	const HttpResponse *response = NULL;

	if (exchange->transfer != NULL)
	{
		response = http_response(exchange->transfer);
		if (response == NULL)
			return false;
	}
	old = MemoryContextSwitchTo(exchange->context);
	if (response != NULL)
		judge_response(exchange, response);
	else
		judge_status(exchange, "application/json");
	MemoryContextSwitchTo(old);
	return true;
}

void
exchange_close(Exchange *exchange)
{
	if (exchange->transfer != NULL)
		http_close(exchange->transfer);
	exchange->transfer = NULL;
	if (exchange->has_answer)
		openai_answer_free(&exchange->answer);
	exchange->has_answer = false;
	if (exchange->headers != NULL)
		route_headers_wipe(exchange->headers, exchange->nheaders);
	exchange->headers = NULL;
	exchange->nheaders = 0;
}
