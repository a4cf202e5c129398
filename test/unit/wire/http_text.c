/* Pieces of HTTP: status lines, URLs to be shown, waits, compressed bodies. */
#include "core/wire/http_text.h"

#include <limits.h>
#include <stdlib.h>
#include <zlib.h>

#include "check.h"
#include "core/wire/http_unzip.h"
#include "core/wire/http_waits.h"

#define NOW		INT64_C(1796000000000)	/* 2026-11-30 00:53:20 UTC */

static void
check_shown(const char *url, size_t size, const char *expected, int line)
{
	char		out[100];

	http_shown_url(url, out, size);
	check_cstring(out, expected, url, __FILE_NAME__, line);
}

#define SHOWN(url, expected)	check_shown(url, 100, expected, __LINE__)

/* A copy of its own length, so that a byte read behind it shows. */
static void
check_status(const char *text, int expected, int line)
{
	size_t		len = strlen(text);
	char	   *copy = malloc(len);

	memcpy(copy, text, len);
	check_int(http_status_of_line(copy, len), expected, text, __FILE__, line);
	free(copy);
}

#define STATUS(text, expected)	check_status(text, expected, __LINE__)

static void
test_status_of_line(void)
{
	STATUS("HTTP/1.1 200 OK", 200);
	STATUS("HTTP/1.0 503", 503);
	STATUS("HTTP/2 500 ", 500);
	STATUS("HTTP/1.1 50", 0);
	STATUS("HTTP/1.1 5x0 words", 0);
	STATUS("HTTP/1.1", 0);
	STATUS("HTTP/", 0);
	STATUS("Retry-After: 503 s", 0);
	STATUS("", 0);
}

static void
test_shown_url(void)
{
	SHOWN("https://host/p", "https://host/p");
	SHOWN("https://user:p@host/p", "https://host/p");
	SHOWN("https://user:p@host@host:1/p@q", "https://host:1/p@q");
	SHOWN("https://host?key=x", "https://host");
	SHOWN("https://user@?key=x", "https://");
	SHOWN("https://host/p#x", "https://host/p");
	SHOWN("https://host/\xc3\xa9\n", "https://host/???");
	SHOWN("u@h/p", "h/p");
	SHOWN("", "");
	check_shown("https://host/path", 15, "https://host/p", __LINE__);
}

#define WAIT(text, ms)	check_int(http_wait_parse(text, NOW), ms, text, __FILE_NAME__, __LINE__)

static void
test_wait_parse(void)
{
	WAIT("0", 0);
	WAIT("12", 12000);
	WAIT("0.5", 500);
	WAIT("1s", 1000);
	WAIT("20ms", 20);
	WAIT("6m0s", 360000);
	WAIT("1h2m3.5s", 3723500);
	WAIT("2m59.56s", 179560);
	WAIT("1d", 86400000);
	WAIT("500us", 0);
	WAIT("1796000010", 10000);
	WAIT("1796000000250", 250);
	WAIT("1700000000", 0);
	WAIT("1700000000000", 0);
	WAIT("2026-11-30T00:53:30Z", 10000);
	WAIT("2026-11-30T00:53:30.5Z", 10500);
	WAIT("2026-11-30T02:53:30+02:00", 10000);
	WAIT("2026-11-29T23:53:30-01:00", 10000);
	WAIT("2026-11-30 00:53:30", 10000);
	WAIT("2020-01-01T00:00:00Z", 0);
	WAIT("Mon, 30 Nov 2026 00:53:30 GMT", 10000);
	WAIT("Sun, 06 Nov 1994 08:49:37 GMT", 0);
	WAIT("Mon, 30 Foo 2026 22:13:30 GMT", -1);
	WAIT("", -1);
	WAIT("soon", -1);
	WAIT("-5", -1);
	WAIT("5x", -1);
	WAIT("5s later", -1);
	WAIT(".5", -1);
	WAIT("1e9", -1);
	WAIT("99999999999999999999999999", -1);
}

/* The wait that header lines ask for. */
static void
check_waits(const char *const *lines, int status, int expected, int line)
{
	HttpWaits	waits;

	http_waits_reset(&waits);
	for (; *lines != NULL; lines++)
	{
		/* A copy without a NUL behind it, so that overreads are seen. */
		size_t		len = strlen(*lines);
		char	   *copy = malloc(len);

		memcpy(copy, *lines, len);
		http_waits_note(&waits, copy, len, NOW);
		free(copy);
	}
	check_int(http_waits_ms(&waits, status), expected, "wait", __FILE_NAME__, line);
}

#define WAITS(status, expected, ...) \
	check_waits((const char *const[]) {__VA_ARGS__, NULL}, status, expected, __LINE__)

static void
test_waits(void)
{
	WAITS(429, -1, "Content-Type: text/html\r\n", "HTTP/1.1 429\r\n", "\r\n");
	WAITS(429, 7000, "Retry-After: 7\r\n");
	WAITS(503, 7000, "retry-after:7");
	WAITS(429, 250, "Retry-After-Ms: 250\r\n", "Retry-After: 1\r\n");
	WAITS(429, 1000, "Retry-After-Ms: soon\r\n", "Retry-After: 1\r\n");
	WAITS(429, 1000, "Retry-After-Ms: .\r\n", "Retry-After: 1\r\n");
	WAITS(429, 10000, "Retry-After: Mon, 30 Nov 2026 00:53:30 GMT\r\n");
	/* LiteLLM */
	WAITS(429, 7000, "llm_provider-retry-after: 7\r\n");
	WAITS(429, 250, "llm_provider-retry-after-ms: 250\r\n");
	WAITS(429, 3000, "retry-after: 3\r\n", "llm_provider-retry-after: 7\r\n");
	WAITS(429, 3000, "llm_provider-retry-after: 7\r\n", "retry-after: 3\r\n");
	WAITS(429, 6000, "llm_provider-x-ratelimit-reset-tokens: 6s\r\n");
	/* OpenAI: the limit that is exhausted counts. */
	WAITS(429, 360000, "x-ratelimit-remaining-requests: 59\r\n", "x-ratelimit-reset-requests: 1s\r\n",
		  "x-ratelimit-remaining-tokens: 0\r\n", "x-ratelimit-reset-tokens: 6m0s\r\n");
	WAITS(429, 2000, "x-ratelimit-reset-requests: 2s\r\n", "x-ratelimit-reset-tokens: 24h\r\n");
	WAITS(429, 2000, "x-ratelimit-remaining-requests: 0\r\n", "x-ratelimit-reset-requests: 2s\r\n",
		  "x-ratelimit-remaining-tokens: -1\r\n", "x-ratelimit-reset-tokens: 1s\r\n");
	WAITS(429, 1000, "x-ratelimit-remaining-requests: unlimited\r\n", "x-ratelimit-reset-requests: 60s\r\n",
		  "x-ratelimit-remaining-tokens: 0.0\r\n", "x-ratelimit-reset-tokens: 1s\r\n");
	WAITS(429, 1000, "x-ratelimit-remaining-a: -\r\n", "x-ratelimit-reset-a: 60s\r\n", "x-ratelimit-remaining-b: .\r\n",
		  "x-ratelimit-reset-b: 60s\r\n", "x-ratelimit-remaining-c: 0\r\n", "x-ratelimit-reset-c: 1s\r\n");
	/* OpenRouter */
	WAITS(429, 250, "X-RateLimit-Remaining: 0\r\n", "X-RateLimit-Reset: 1796000000250\r\n");
	WAITS(429, 7000, "x-ratelimit-reset: 1s\r\n", "retry-after: 7\r\n");
	/* They say nothing of another failure, nor what is none of them. */
	WAITS(500, -1, "x-ratelimit-reset-requests: 1s\r\n");
	WAITS(429, -1, "x-ratelimit-resets: 1s\r\n", "x-ratelimit-reset-a: soon\r\n", "x-ratelimit-limit: 1\r\n");
	WAITS(429, INT_MAX, "retry-after: 99999999\r\n");
	WAITS(429, -1, "retry-after: \r\n", "retry-after\r\n", ": 5\r\n");
	WAITS(429, 5, "x-ratelimit-reset-1: 5ms", "x-ratelimit-reset-2: 6ms", "x-ratelimit-reset-3: 6ms",
		  "x-ratelimit-reset-4: 6ms", "x-ratelimit-reset-5: 6ms", "x-ratelimit-reset-6: 6ms",
		  "x-ratelimit-reset-7: 6ms", "x-ratelimit-reset-8: 6ms", "x-ratelimit-reset-9: 1ms",
		  "x-ratelimit-reset-a-limit-with-a-very-long-name-indeed: 1ms");
}

/* Appends text as a gzip member of its own. */
static size_t
append_gzip(char *out, size_t len, size_t size, const char *text, int window)
{
	z_stream	stream = {0};

	deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY);
	stream.next_in = (unsigned char *) text;
	stream.avail_in = strlen(text);
	stream.next_out = (unsigned char *) out + len;
	stream.avail_out = size - len;
	CHECK_INT(deflate(&stream, Z_FINISH), Z_STREAM_END);
	len = size - stream.avail_out;
	deflateEnd(&stream);
	return len;
}

static void
check_unzipped(const char *data, size_t len, size_t limit, const char *encoding,
			   const char *expected, const char *reason, int line)
{
	HttpBody	body = {.limit = len};
	const char *said;

	CHECK(http_body_append(&body, data, len));
	body.limit = limit;
	said = http_body_decode(&body, encoding);
	check_cstring(said, reason, "reason", __FILE_NAME__, line);
	check_text(body.data ? body.data : "", body.len, expected, "text", __FILE_NAME__, line);
	http_body_free(&body);
}

static void
test_unzip(void)
{
	char		zipped[1000];
	size_t		one = append_gzip(zipped, 0, sizeof(zipped), "first, ", 15 + 16);
	size_t		two = append_gzip(zipped, one, sizeof(zipped), "second", 15 + 16);
	size_t		three = append_gzip(zipped, two, sizeof(zipped), "", 15 + 16);
	char		damaged[1000];

	check_unzipped(zipped, one, 100, "gzip", "first, ", NULL, __LINE__);
	check_unzipped(zipped, two, 100, "GZIP", "first, second", NULL, __LINE__);
	check_unzipped(zipped, three, 100, "x-gzip", "first, second", NULL, __LINE__);
	for (size_t len = one + 2; len < two; len++)
		CHECK(http_unzip(zipped, len, &(HttpBody) {.limit = 0}) != NULL);
	check_unzipped(zipped, one - 1, 100, "gzip", "first, ", "compressed, and cut off before its end", __LINE__);
	check_unzipped(zipped, 5, 100, "gzip", "", "compressed, and cut off before its end", __LINE__);
	check_unzipped(zipped, two, 9, "gzip", "first, ", "too large", __LINE__);
	/* Padding, and whatever else is no member, is left alone. */
	memcpy(damaged, zipped, two);
	memset(damaged + two, 0, 8);
	check_unzipped(damaged, two + 8, 100, "gzip", "first, second", NULL, __LINE__);
	damaged[one - 8] ^= 1;
	check_unzipped(damaged, two, 100, "gzip", "first, ", "compressed, and damaged", __LINE__);
	check_unzipped("no gzip", 7, 100, "gzip", "", "compressed, and damaged", __LINE__);
	check_unzipped("text", 4, 100, "identity", "text", NULL, __LINE__);
	check_unzipped("text", 4, 100, NULL, "text", NULL, __LINE__);
	check_unzipped("text", 4, 100, "br", "text", "encoded in a way that was not asked for", __LINE__);
	one = append_gzip(zipped, 0, sizeof(zipped), "zlib", 15);
	check_unzipped(zipped, one, 100, "deflate", "zlib", NULL, __LINE__);
}

int
main(void)
{
	test_status_of_line();
	test_shown_url();
	test_wait_parse();
	test_waits();
	test_unzip();
	return check_finish();
}
