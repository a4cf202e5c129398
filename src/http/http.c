/*
 * http.c
 *		HTTP transfers of one session, on one libcurl multi handle.
 *
 * libcurl tells us which sockets and which time it waits for; we wait for them
 * together with the process latch, and hand over what happened.  Two rules hold
 * everywhere below:
 *
 * No callback may throw or palloc: libcurl's frames are below it on the stack.
 *
 * libcurl is entered with every signal blocked, because its name lookup runs in
 * a thread that inherits the mask, and PostgreSQL's signal handlers must not
 * run on a thread.
 */
#include "postgres.h"

#include <curl/curl.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/settings.h"
#include "core/text/url.h"
#include "core/wire/http_text.h"
#include "core/wire/http_unzip.h"
#include "core/wire/http_waits.h"
#include "http/clock.h"
#include "http/http.h"
#include "http/sockets.h"

#if LIBCURL_VERSION_NUM < 0x075700
#error "genaiops needs libcurl 7.87 or later, for CURLOPT_QUICK_EXIT"
#endif

#define MAX_IDLE_HANDLES	8	/* easy handles kept for the next transfers */
#define MAX_CONNECTIONS		64	/* connections kept open in a session */
#define EVENTS_PER_WAIT		64

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

static CURLM *multi = NULL;
static CURL *idle_handles[MAX_IDLE_HANDLES];
static int	num_idle_handles = 0;

static int	writable_wanted = -1;	/* last socket to want writing */

static int64 timer_due_us = -1; /* when libcurl wants to be called; -1 never */
static bool finished_unseen = false;	/* finished since the last http_wait */

static void
block_signals(sigset_t *saved)
{
	sigset_t	all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, saved);
}

/* libcurl says what it waits for on a socket. */
static int
note_interest(CURL *easy, curl_socket_t fd, int what, void *arg, void *socketp)
{
	uint32		wanted = 0;

	if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
		wanted |= WL_SOCKET_READABLE;
	if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
		wanted |= WL_SOCKET_WRITEABLE;

	/* A socket that could not be noted is served by libcurl's timers. */
	if (!(sockets_want(fd, wanted) & WL_SOCKET_WRITEABLE) &&
		(wanted & WL_SOCKET_WRITEABLE))
		writable_wanted = fd;
	return 0;
}

/* libcurl says in how many ms it wants to be called; -1 for never. */
static int
note_timer(CURLM *m, long timeout_ms, void *arg)
{
	timer_due_us = timeout_ms < 0 ? -1 : clock_now_us() + (int64) timeout_ms * 1000;
	return 0;
}

/* Opens a socket that a program started by this backend does not inherit. */
static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *address)
{
	int			fd = socket(address->family, address->socktype, address->protocol);

	if (fd < 0)
		return CURL_SOCKET_BAD;
	if (fcntl(fd, F_SETFD, FD_CLOEXEC) < 0 || !sockets_opened(fd))
	{
		close(fd);
		return CURL_SOCKET_BAD;
	}
	return fd;
}

static int
close_socket(void *arg, curl_socket_t fd)
{
	sockets_closed(fd);
	return close(fd);
}

/* Gives libcurl the next piece of the request body. */
static size_t
read_request(char *buffer, size_t size, size_t nitems, void *arg)
{
	HttpTransfer *transfer = arg;
	size_t		n = Min(size * nitems,
						transfer->request_len - transfer->request_sent);

	memcpy(buffer, transfer->request + transfer->request_sent, n);
	transfer->request_sent += n;
	return n;
}

/*
 * Refuses to start the body over: with this, libcurl cannot send a request a
 * second time on its own when a kept connection dies.
 */
static int
refuse_seek(void *arg, curl_off_t offset, int origin)
{
	return CURL_SEEKFUNC_FAIL;
}

/* Takes a piece of the response; a short count ends the transfer. */
static size_t
write_response(char *data, size_t size, size_t nmemb, void *arg)
{
	HttpTransfer *transfer = arg;

	return http_body_append(&transfer->body, data, size * nmemb) ? size * nmemb : 0;
}

/*
 * Notes when the answer begins, and how long to wait.  libcurl's own figure, STARTTRANSFER, is that
 * of the request when there is a body to send.
 */
static size_t
note_header(char *data, size_t size, size_t nmemb, void *arg)
{
	HttpTransfer *transfer = arg;
	int			status = http_status_of_line(data, size * nmemb);

	if (transfer->first_byte_us == 0)
		transfer->first_byte_us = clock_now_us();
	/* An interim answer, such as a 100, has headers of its own. */
	if (status > 0)
		http_waits_reset(&transfer->waits);
	/* A server that has failed may close next, unsaid; libcurl asks at the end. */
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

/* Says why a transfer failed.  connected: the request could be sent. */
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

/* Decodes the body; on failure says why in the response, unless it has failed already. */
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

/*
 * Takes the transfer out of libcurl.  A handle worth keeping goes back to the
 * free list, reset so that nothing of this request is left in it; after a failure
 * there may be, as libcurl frees some buffers only in success.  Our copies of the
 * headers are wiped, since credentials are among them.
 */
static void
release_handle(HttpTransfer *transfer, bool keep)
{
	if (transfer->in_multi)
		curl_multi_remove_handle(multi, transfer->easy);
	transfer->in_multi = false;
	if (transfer->easy != NULL && keep && num_idle_handles < MAX_IDLE_HANDLES)
	{
		curl_easy_reset(transfer->easy);
		idle_handles[num_idle_handles++] = transfer->easy;
	}
	else
		curl_easy_cleanup(transfer->easy);
	transfer->easy = NULL;
	if (transfer->headers != NULL)
	{
		explicit_bzero(transfer->headers, transfer->headers_size);
		free(transfer->headers);
	}
	transfer->headers = NULL;
}

/* Fills the response of a transfer that libcurl is done with. */
static void
finish_transfer(HttpTransfer *transfer, CURLcode result)
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

	release_handle(transfer, result == CURLE_OK);
	transfer->done = true;
	finished_unseen = true;
}

/*
 * Reports one event, or with CURL_SOCKET_TIMEOUT the passing of time.  Signals
 * are blocked.
 */
static CURLMcode
drive(curl_socket_t fd, int events)
{
	int			running;

	if (fd == CURL_SOCKET_TIMEOUT)
		timer_due_us = -1;		/* set anew from within, if need be */
	return curl_multi_socket_action(multi, fd, events, &running);
}

/* Lets libcurl do all that is due by now, and gathers what has finished. */
static CURLMcode
drive_timers(void)
{
	CURLMcode	code = CURLM_OK;
	CURLMsg    *msg;
	int			left;

	/* A bound, so that a timer that is always due cannot hold the session. */
	for (int i = 0; i < 100 && code == CURLM_OK &&
		 timer_due_us >= 0 && timer_due_us <= clock_now_us(); i++)
		code = drive(CURL_SOCKET_TIMEOUT, 0);
	while ((msg = curl_multi_info_read(multi, &left)) != NULL)
	{
		HttpTransfer *transfer;

		if (msg->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, (char **) &transfer);
		finish_transfer(transfer, msg->data.result);
	}
	return code;
}

/* After libcurl has been left: settles accounts and raises its own errors. */
static void
check_driven(CURLMcode code)
{
	sockets_account();
	if (code != CURLM_OK)
		ereport(ERROR,
				(errcode(code == CURLM_OUT_OF_MEMORY ? ERRCODE_OUT_OF_MEMORY : ERRCODE_INTERNAL_ERROR),
				 errmsg("could not drive HTTP transfers: %s", curl_multi_strerror(code))));
}

static void
raise_out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory")));
}

/* Makes the session's multi handle, at its first call. */
static void
ensure_multi(void)
{
	sigset_t	saved;
	CURLcode	code;

	if (multi != NULL)
		return;
	block_signals(&saved);
	code = curl_global_init(CURL_GLOBAL_DEFAULT);
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	if (code != CURLE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not initialize libcurl: %s", curl_easy_strerror(code))));
	if (!(curl_version_info(CURLVERSION_NOW)->features & CURL_VERSION_ASYNCHDNS))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("libcurl was built without asynchronous name lookup")));
	multi = curl_multi_init();
	if (multi == NULL)
		raise_out_of_memory();
	curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, note_interest);
	curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, note_timer);
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long) MAX_CONNECTIONS);
}

/*
 * Copies the headers into one block: list nodes first, then their text.  The
 * empty Expect keeps libcurl from waiting for a "100 Continue".
 */
static void
copy_headers(HttpTransfer *transfer, const HttpRequest *request)
{
	int			n = request->nheaders + 1;
	size_t		size = n * sizeof(struct curl_slist) + sizeof("Expect:");
	char	   *text;

	for (int i = 1; i < n; i++)
		size += strlen(request->headers[i - 1]) + 1;
	transfer->headers = malloc(size);
	if (transfer->headers == NULL)
		raise_out_of_memory();
	transfer->headers_size = size;
	text = (char *) (transfer->headers + n);
	for (int i = 0; i < n; i++)
	{
		transfer->headers[i].data = text;
		transfer->headers[i].next = i + 1 < n ? &transfer->headers[i + 1] : NULL;
		text = stpcpy(text, i == 0 ? "Expect:" : request->headers[i - 1]) + 1;
	}
}

/*
 * Sets whom we trust: the administrator's bundle alone, or the system's.  With
 * no directory to search besides a bundle, libcurl parses it only once.
 */
static CURLcode
set_trust(CURL *easy, const char *url)
{
	CURLcode	code = CURLE_OK;
	char	   *bundle = gaiops_ca_bundle;

	if (url_is_plain(url))
		return CURLE_OK;
	if (bundle != NULL && bundle[0] != '\0')
		code = curl_easy_setopt(easy, CURLOPT_CAINFO, bundle);
	else
	{
		curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle);
		if (bundle == NULL || access(bundle, R_OK) != 0)
			return CURLE_OK;
	}
	return code | curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

#define SET(option, value) (code |= curl_easy_setopt(easy, option, value))

/* What the transfer may do and whom it may talk to; the same for every call. */
static CURLcode
set_policy(CURL *easy)
{
	CURLcode	code = CURLE_OK;

	SET(CURLOPT_NOSIGNAL, 1L);
	SET(CURLOPT_QUICK_EXIT, 1L);	/* never wait for a hanging name lookup */
	SET(CURLOPT_PROTOCOLS_STR, "http,https");
	SET(CURLOPT_HTTP_VERSION, (long) CURL_HTTP_VERSION_2TLS);
	SET(CURLOPT_FOLLOWLOCATION, 0L);
	SET(CURLOPT_PROXY, "");
	SET(CURLOPT_NOPROXY, "*");
	SET(CURLOPT_NETRC, (long) CURL_NETRC_IGNORED);
	SET(CURLOPT_SSL_VERIFYPEER, 1L);
	SET(CURLOPT_SSL_VERIFYHOST, 2L);
	SET(CURLOPT_SSLVERSION, (long) CURL_SSLVERSION_TLSv1_2);
	SET(CURLOPT_ACCEPT_ENCODING, "gzip");
	SET(CURLOPT_HTTP_CONTENT_DECODING, 0L);	/* by http_unzip() */
	SET(CURLOPT_USERAGENT, "genaiops/" GENAIOPS_VERSION);
	/* A model may think for minutes; address translators forget by then. */
	SET(CURLOPT_TCP_KEEPALIVE, 1L);
	SET(CURLOPT_TCP_KEEPIDLE, 30L);
	SET(CURLOPT_TCP_KEEPINTVL, 30L);
	SET(CURLOPT_OPENSOCKETFUNCTION, open_socket);
	SET(CURLOPT_CLOSESOCKETFUNCTION, close_socket);
	SET(CURLOPT_READFUNCTION, read_request);
	SET(CURLOPT_SEEKFUNCTION, refuse_seek);
	SET(CURLOPT_HEADERFUNCTION, note_header);
	SET(CURLOPT_WRITEFUNCTION, write_response);
	return code;
}

static CURLcode
set_request(HttpTransfer *transfer, const HttpRequest *request)
{
	CURL	   *easy = transfer->easy;
	CURLcode	code = CURLE_OK;

	SET(CURLOPT_URL, request->url);
	SET(CURLOPT_HTTPHEADER, transfer->headers);
	SET(CURLOPT_POST, 1L);
	SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) request->body_len);
	SET(CURLOPT_READDATA, transfer);
	SET(CURLOPT_SEEKDATA, transfer);
	SET(CURLOPT_HEADERDATA, transfer);
	SET(CURLOPT_WRITEDATA, transfer);
	SET(CURLOPT_PRIVATE, transfer);
	SET(CURLOPT_ERRORBUFFER, transfer->curl_error);
	SET(CURLOPT_CONNECTTIMEOUT_MS, (long) request->connect_timeout_ms);
	SET(CURLOPT_TIMEOUT_MS, (long) request->timeout_ms);
	return code;
}

#undef SET

static void
close_at_reset(void *arg)
{
	http_close(arg);
}

/* An empty transfer that is closed with its owner, whatever happens next. */
static HttpTransfer *
make_transfer(const HttpRequest *request, MemoryContext owner)
{
	HttpTransfer *transfer = MemoryContextAllocZero(owner, sizeof(HttpTransfer));

	transfer->at_reset.func = close_at_reset;
	transfer->at_reset.arg = transfer;
	MemoryContextRegisterResetCallback(owner, &transfer->at_reset);
	transfer->request = request->body;
	transfer->request_len = request->body_len;
	transfer->body.limit = request->max_response_bytes;
	transfer->connect_timeout_ms = request->connect_timeout_ms;
	transfer->timeout_ms = request->timeout_ms;
	transfer->limit_ms = request->limit_ms;
	transfer->response.body = "";
	transfer->response.retry_after_ms = -1;
	http_waits_reset(&transfer->waits);
	transfer->response.first_byte_us = -1;
	return transfer;
}

/* Adds the transfer to the multi handle and goes as far as it can by now. */
static CURLMcode
launch(HttpTransfer *transfer)
{
	CURLMcode	code;
	sigset_t	saved;

	block_signals(&saved);
	writable_wanted = -1;
	transfer->started_us = clock_now_us();
	code = curl_multi_add_handle(multi, transfer->easy);
	transfer->in_multi = code == CURLM_OK;
	if (code == CURLM_OK)
		code = drive(CURL_SOCKET_TIMEOUT, 0);
	/* A kept connection can nearly always be written to: spare a turn. */
	if (code == CURLM_OK && writable_wanted >= 0)
		code = drive(writable_wanted, CURL_CSELECT_OUT);
	if (code == CURLM_OK)
		code = drive_timers();
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return code;
}

HttpTransfer *
http_start(const HttpRequest *request, MemoryContext owner)
{
	HttpTransfer *transfer;

	Assert(request->max_response_bytes > 0);
	Assert(request->connect_timeout_ms > 0 && request->timeout_ms > 0);

	ensure_multi();
	transfer = make_transfer(request, owner);
	copy_headers(transfer, request);
	transfer->easy = num_idle_handles > 0 ? idle_handles[--num_idle_handles] : curl_easy_init();
	if (transfer->easy == NULL)
		raise_out_of_memory();
	if (set_policy(transfer->easy) != CURLE_OK ||
		set_trust(transfer->easy, request->url) != CURLE_OK ||
		set_request(transfer, request) != CURLE_OK)
		ereport(ERROR,
				(errcode(ERRCODE_EXTERNAL_ROUTINE_EXCEPTION),
				 errmsg("could not prepare an HTTP request"),
				 errdetail("libcurl %s refused an option or ran out of memory.",
						   curl_version_info(CURLVERSION_NOW)->version)));
	sockets_reserve();
	check_driven(launch(transfer));
	return transfer;
}

const HttpResponse *
http_response(HttpTransfer *transfer)
{
	return transfer->done ? &transfer->response : NULL;
}

void
http_close(HttpTransfer *transfer)
{
	sigset_t	saved;

	if (transfer->easy != NULL || transfer->headers != NULL)
	{
		block_signals(&saved);
		release_handle(transfer, false);
		pthread_sigmask(SIG_SETMASK, &saved, NULL);
	}
	http_body_free(&transfer->body);
	transfer->done = false;
	sockets_release();
}

/* Hands the events of one wait to libcurl, then whatever is due. */
static CURLMcode
drive_events(const WaitEvent *events, int n)
{
	CURLMcode	code = CURLM_OK;
	sigset_t	saved;

	block_signals(&saved);
	for (int i = 0; i < n && code == CURLM_OK; i++)
	{
		int			what = 0;

		if (events[i].events & WL_SOCKET_READABLE)
			what |= CURL_CSELECT_IN;
		if (events[i].events & WL_SOCKET_WRITEABLE)
			what |= CURL_CSELECT_OUT;
		code = drive(events[i].fd, what);
	}
	if (code == CURLM_OK)
		code = drive_timers();
	pthread_sigmask(SIG_SETMASK, &saved, NULL);
	return code;
}

void
http_wait(long timeout_ms)
{
	WaitEvent	events[EVENTS_PER_WAIT];
	int			n;

	/* What finished without a wait is news to the caller, too. */
	if (finished_unseen)
		timeout_ms = 0;
	n = sockets_wait(timeout_ms, timer_due_us, events, EVENTS_PER_WAIT);
	if (multi != NULL)
		check_driven(drive_events(events, n));
	finished_unseen = false;
}

bool
http_url_host(const char *url, char *host, size_t size)
{
	CURLU	   *parsed = curl_url();
	char	   *found = NULL;
	bool		valid;

	if (parsed == NULL)
		raise_out_of_memory();
	valid = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_HOST, &found, 0) == CURLUE_OK &&
		found[0] != '\0' && strlcpy(host, found, size) < size;
	curl_free(found);
	curl_url_cleanup(parsed);
	return valid;
}
