/*
 * http_options.c
 *		What is sent in a transfer, and under which rules.
 *
 * No callback may throw or palloc: libcurl's frames are below it on the stack.
 */
#include "postgres.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/settings.h"
#include "core/text/url.h"
#include "http/http_transfer.h"
#include "http/sockets.h"

#if LIBCURL_VERSION_NUM < 0x075700
#error "genaiops needs libcurl 7.87 or later, for CURLOPT_QUICK_EXIT"
#endif

void
http_raise_out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory")));
}

/* ---- callbacks ---- */

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

/* ---- options ---- */

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
		http_raise_out_of_memory();
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

/*
 * What the transfer may do and whom it may talk to; the same for every call.
 */
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
	SET(CURLOPT_HEADERFUNCTION, http_receive_header);
	SET(CURLOPT_WRITEFUNCTION, http_receive_body);
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

bool
http_options_set(HttpTransfer *transfer, const HttpRequest *request)
{
	copy_headers(transfer, request);
	return set_policy(transfer->easy) == CURLE_OK &&
		set_trust(transfer->easy, request->url) == CURLE_OK &&
		set_request(transfer, request) == CURLE_OK;
}

void
http_options_free(HttpTransfer *transfer)
{
	if (transfer->headers != NULL)
	{
		explicit_bzero(transfer->headers, transfer->headers_size);
		free(transfer->headers);
	}
	transfer->headers = NULL;
}
