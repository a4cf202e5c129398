/*
 * http_receive.c
 *		What comes back in a transfer, and what became of it.
 *
 * Nothing here throws or pallocs: libcurl's frames may be below it on the
 * stack, and all signals are blocked.
 */
#include "postgres.h"

#include <time.h>

#include "core/wire/http_unzip.h"
#include "http/clock.h"
#include "http/http_transfer.h"

/* A short count ends the transfer. */
size_t
http_receive_body(char *data, size_t size, size_t nmemb, void *arg)
{
	HttpTransfer *transfer = arg;

	return http_body_append(&transfer->body, data, size * nmemb) ? size * nmemb : 0;
}

/*
 * Notes when the answer begins, and how long to wait.  libcurl's own figure,
 * STARTTRANSFER, is that of the request when there is a body to send.
 */
size_t
http_receive_header(char *data, size_t size, size_t nmemb, void *arg)
{
	HttpTransfer *transfer = arg;
	int			status = http_status_of_line(data, size * nmemb);

	if (transfer->first_byte_us == 0)
		transfer->first_byte_us = clock_now_us();
	/* An interim answer, such as a 100, has headers of its own. */
	if (status > 0)
		http_waits_reset(&transfer->waits);

	/*
	 * A server that has failed may close next, unsaid; libcurl asks at the
	 * end.
	 */
	if (status >= 500)
		curl_easy_setopt(transfer->easy, CURLOPT_FORBID_REUSE, 1L);
	http_waits_note(&transfer->waits, data, size * nmemb, (int64) time(NULL) * 1000);
	return size * nmemb;
}

static FailureClass
classify(CURLcode result, const HttpTransfer *transfer)
{
	const HttpResponse *response = &transfer->response;

	switch (result)
	{
		case CURLE_OK:
			return FAILURE_NONE;

		case CURLE_OPERATION_TIMEDOUT:
			return FAILURE_TIMEOUT;

		case CURLE_SSL_CONNECT_ERROR:
		case CURLE_SSL_CERTPROBLEM:
		case CURLE_SSL_CIPHER:
		case CURLE_PEER_FAILED_VERIFICATION:
		case CURLE_SSL_CACERT_BADFILE:
		case CURLE_SSL_ISSUER_ERROR:
		case CURLE_SSL_CLIENTCERT:
			return FAILURE_TLS;

		case CURLE_COULDNT_RESOLVE_HOST:
		case CURLE_COULDNT_CONNECT:
		case CURLE_SEND_ERROR:
		case CURLE_SEND_FAIL_REWIND:
		case CURLE_GOT_NOTHING:
			return FAILURE_UNREACHABLE;

			/* Broken off before an answer began, or within it. */
		case CURLE_RECV_ERROR:
		case CURLE_HTTP2:
		case CURLE_HTTP2_STREAM:
			return response->status == 0 ? FAILURE_UNREACHABLE : FAILURE_INVALID_RESPONSE;

		default:
			if (transfer->body.over_limit)
				return FAILURE_RESPONSE_TOO_LARGE;
			return response->bytes_sent ? FAILURE_INVALID_RESPONSE : FAILURE_UNREACHABLE;
	}
}

/* Says why a transfer failed.  connected: some of the request was sent. */
static void
describe_failure(HttpTransfer *transfer, CURLcode result, bool connected)
{
	char	   *detail = transfer->detail;
	size_t		size = sizeof(transfer->detail);

	if (result == CURLE_OPERATION_TIMEDOUT && !connected &&
		transfer->connect_timeout_ms <= transfer->timeout_ms)
		snprintf(detail, size, "The connect timeout of %g s ran out; it includes the name lookup.",
				 transfer->connect_timeout_ms / 1000.0);
	else if (result == CURLE_OPERATION_TIMEDOUT)
		snprintf(detail, size, "The timeout of %g s for the whole call ran out.",
				 transfer->limit_ms / 1000.0);
	else if (transfer->body.over_limit)
		snprintf(detail, size, "The response is larger than %zu bytes.",
				 transfer->body.limit);
	else if (transfer->body.out_of_memory)
		strlcpy(detail, "Out of memory while receiving the response.", size);
	else if (result == CURLE_OUT_OF_MEMORY && transfer->first_byte_us > 0)
		strlcpy(detail, "A response header is too long, or memory is exhausted.", size);
	else if (result == CURLE_SEND_FAIL_REWIND)
		strlcpy(detail, "The upstream closed the connection before it answered.", size);
	else
		http_sentence(transfer->curl_error[0] != '\0' ? transfer->curl_error : curl_easy_strerror(result),
					  detail, size);
	transfer->response.detail = detail;
}

/*
 * Decodes the body; on failure says why in the response, unless it has failed
 * already.
 */
static void
decode_body(HttpTransfer *transfer)
{
	HttpResponse *response = &transfer->response;
	struct curl_header *header;
	const char *reason;

	if (curl_easy_header(transfer->easy, "Content-Encoding", 0, CURLH_HEADER, -1, &header) != CURLHE_OK)
		return;
	reason = http_body_decode(&transfer->body, header->value);
	if (reason == NULL || response->failure != FAILURE_NONE)
		return;
	response->failure = FAILURE_INVALID_RESPONSE;
	snprintf(transfer->detail, sizeof(transfer->detail), "The answer is %s.", reason);
	response->detail = transfer->detail;
	if (transfer->body.over_limit)
	{
		response->failure = FAILURE_RESPONSE_TOO_LARGE;
		describe_failure(transfer, CURLE_WRITE_ERROR, true);
	}
}

void
http_receive_end(HttpTransfer *transfer, CURLcode result)
{
	HttpResponse *response = &transfer->response;
	CURL	   *easy = transfer->easy;
	char	   *content_type = NULL;
	char	   *redirect = NULL;
	long		header_bytes = 0;
	curl_off_t	began = 0;
	curl_off_t	ended = 0;

	curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &response->status);
	curl_easy_getinfo(easy, CURLINFO_REQUEST_SIZE, &header_bytes);
	curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &content_type);
	curl_easy_getinfo(easy, CURLINFO_REDIRECT_URL, &redirect);
	curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &began);
	curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &ended);

	response->bytes_sent = header_bytes > 0 || transfer->request_sent > 0;
	/* libcurl 8.23 says when one began, too, that never had a connection. */
	if (!response->bytes_sent)
		began = 0;
	response->failure = classify(result, transfer);
	if (response->failure != FAILURE_NONE)
		describe_failure(transfer, result, began > 0);
	decode_body(transfer);
	response->retry_after_ms = http_waits_ms(&transfer->waits, (int) response->status);
	if (content_type != NULL &&
		http_media_type(content_type, transfer->content_type, sizeof(transfer->content_type)))
		response->content_type = transfer->content_type;
	if (redirect != NULL)
		response->location = http_shown_url(redirect, transfer->location, sizeof(transfer->location));
	if (began > 0)
		response->gateway_us = ended - began;
	if (began > 0 && transfer->first_byte_us > 0)
		response->first_byte_us = Min(Max(transfer->first_byte_us - transfer->started_us - began, 0),
									  response->gateway_us);
	if (transfer->body.len > 0)
		response->body = transfer->body.data;
	response->body_len = transfer->body.len;
}
