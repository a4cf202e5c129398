/*
 * http_call.c
 *		One HTTP call as the extension makes it, by bare libcurl.
 */
#include "bench.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ANSWER_MAX 65536

struct HttpCall
{
	CURL	   *easy;
	bool		by_callback;
	size_t		body_sent;
	size_t		answer_len;
	char		answer[ANSWER_MAX];
	char		error[CURL_ERROR_SIZE + 64];
};

/* Read callback: the next part of the body. */
static size_t
read_body(char *buffer, size_t size, size_t nmemb, void *userdata)
{
	HttpCall   *call = userdata;
	size_t		len = strlen(bench_body) - call->body_sent;

	if (len > size * nmemb)
		len = size * nmemb;
	memcpy(buffer, bench_body + call->body_sent, len);
	call->body_sent += len;
	return len;
}

/* Seek callback: refuses, so that libcurl cannot send a request twice. */
static int
refuse_seek(void *userdata, curl_off_t offset, int origin)
{
	(void) userdata;
	(void) offset;
	(void) origin;
	return CURL_SEEKFUNC_FAIL;
}

/* Write callback: gathers the answer, NUL-terminated. */
static size_t
write_answer(char *data, size_t size, size_t nmemb, void *userdata)
{
	HttpCall   *call = userdata;
	size_t		len = size * nmemb;

	if (len >= ANSWER_MAX - call->answer_len)
		return 0;
	memcpy(call->answer + call->answer_len, data, len);
	call->answer_len += len;
	call->answer[call->answer_len] = '\0';
	return len;
}

/* A handle of its own with one kept connection. */
HttpCall *
http_call_new(const Options *options)
{
	HttpCall   *call = calloc(1, sizeof(HttpCall));

	if (call == NULL || (call->easy = curl_easy_init()) == NULL)
		die("out of memory");
	call->by_callback = strcmp(options->post, "read") == 0;
	curl_easy_setopt(call->easy, CURLOPT_URL, options->url);
	curl_easy_setopt(call->easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(call->easy, CURLOPT_PROXY, "");
	curl_easy_setopt(call->easy, CURLOPT_CONNECTTIMEOUT_MS, 5000L);
	curl_easy_setopt(call->easy, CURLOPT_TIMEOUT_MS, 60000L);
	curl_easy_setopt(call->easy, CURLOPT_ERRORBUFFER, call->error);
	curl_easy_setopt(call->easy, CURLOPT_WRITEFUNCTION, write_answer);
	curl_easy_setopt(call->easy, CURLOPT_WRITEDATA, call);
	curl_easy_setopt(call->easy, CURLOPT_POST, 1L);
	curl_easy_setopt(call->easy, CURLOPT_POSTFIELDSIZE,
					 (long) strlen(bench_body));
	if (call->by_callback)
	{
		curl_easy_setopt(call->easy, CURLOPT_READFUNCTION, read_body);
		curl_easy_setopt(call->easy, CURLOPT_READDATA, call);
		curl_easy_setopt(call->easy, CURLOPT_SEEKFUNCTION, refuse_seek);
	}
	else
		curl_easy_setopt(call->easy, CURLOPT_POSTFIELDS, bench_body);
	return call;
}

/*
 * The headers of one attempt: each has a trace context and an idempotency key
 * of its own, so they cannot be built once.
 */
static struct curl_slist *
make_headers(const char *trace_id, const char *span_id)
{
	struct curl_slist *headers = NULL;
	char		hex[33];
	char		line[128];
	int			n = 0;

	for (const char *p = trace_id; *p != '\0' && n < 32; p++)
		if (*p != '-')
			hex[n++] = *p;
	hex[n] = '\0';
	headers = curl_slist_append(headers, "Content-Type: application/json");
	headers = curl_slist_append(headers, "Accept: application/json");
	headers = curl_slist_append(headers, "Expect:");
	snprintf(line, sizeof(line), "traceparent: 00-%s-%s-01", hex, span_id);
	headers = curl_slist_append(headers, line);
	snprintf(line, sizeof(line), "Idempotency-Key: %s-%s", hex, span_id);
	headers = curl_slist_append(headers, line);
	return curl_slist_append(headers, "User-Agent: genaiops/0.1");
}

/*
 * Makes the call; false, with a reason in http_call_error(), unless HTTP 200.
 */
bool
http_call_post(HttpCall *call, const char *trace_id, const char *span_id)
{
	struct curl_slist *headers = make_headers(trace_id, span_id);
	CURLcode	code;
	long		status = 0;

	call->body_sent = 0;
	call->answer_len = 0;
	call->error[0] = '\0';
	curl_easy_setopt(call->easy, CURLOPT_HTTPHEADER, headers);
	code = curl_easy_perform(call->easy);
	curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	if (code == CURLE_OK && status == 200 && call->answer_len > 0)
		return true;
	if (call->error[0] == '\0')
		snprintf(call->error, sizeof(call->error), "%s, HTTP status %ld",
				 curl_easy_strerror(code), status);
	return false;
}

const char *
http_call_answer(const HttpCall *call)
{
	return call->answer;
}

const char *
http_call_error(const HttpCall *call)
{
	return call->error;
}

void
http_call_free(HttpCall *call)
{
	if (call != NULL)
	{
		curl_easy_cleanup(call->easy);
		free(call);
	}
}
