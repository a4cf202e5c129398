/*
 * http_unzip.c
 *		Bodies that are compressed.  The only file that knows zlib.
 *
 * libcurl could do it, but fails where gzip has more than one member, as it
 * has from servers that compress in pieces.
 */
#include "core/wire/http_unzip.h"

#include <limits.h>
#include <string.h>
#include <strings.h>
#include <zlib.h>

#define PIECE_SIZE	((size_t) 16 * 1024)
#define AUTOMATIC	(15 + 32)	/* gzip or zlib, the largest window */

/* Whether another member begins here. */
static bool
begins_member(const z_stream *stream)
{
	return stream->avail_in >= 2 && stream->next_in[0] == 0x1f && stream->next_in[1] == 0x8b;
}

/* Decompresses one member, or what there is of it. */
static const char *
unzip_member(z_stream *stream, HttpBody *out)
{
	unsigned char piece[PIECE_SIZE];
	int			code;

	do
	{
		size_t		n;

		stream->next_out = piece;
		stream->avail_out = sizeof(piece);
		code = inflate(stream, Z_NO_FLUSH);
		n = sizeof(piece) - stream->avail_out;
		if (n > 0 && !http_body_append(out, (const char *) piece, n))
			return out->over_limit ? "too large" : "more than memory can hold now";
		if (code == Z_MEM_ERROR)
			return "more than memory can hold now";
		if (code == Z_BUF_ERROR || (code == Z_OK && stream->avail_in == 0 && stream->avail_out > 0))
			return "compressed, and cut off before its end";
		if (code != Z_OK && code != Z_STREAM_END)
			return "compressed, and damaged";
	} while (code != Z_STREAM_END);
	return NULL;
}

const char *
http_unzip(const char *data, size_t len, HttpBody *out)
{
	z_stream	stream;
	const char *reason;

	if (len > UINT_MAX)
		return "too large";
	memset(&stream, 0, sizeof(stream));
	stream.next_in = (unsigned char *) data;
	stream.avail_in = (unsigned int) len;
	if (inflateInit2(&stream, AUTOMATIC) != Z_OK)
		return "more than memory can hold now";
	do
	{
		reason = unzip_member(&stream, out);
	} while (reason == NULL && begins_member(&stream) && inflateReset(&stream) == Z_OK);
	inflateEnd(&stream);
	return reason;
}

const char *
http_body_decode(HttpBody *body, const char *encoding)
{
	HttpBody	decoded = {.limit = body->limit};
	const char *reason;

	if (encoding == NULL || body->len == 0 || strcasecmp(encoding, "identity") == 0)
		return NULL;
	if (strcasecmp(encoding, "gzip") != 0 && strcasecmp(encoding, "x-gzip") != 0 &&
		strcasecmp(encoding, "deflate") != 0)
		return "encoded in a way that was not asked for";
	reason = http_unzip(body->data, body->len, &decoded);
	http_body_free(body);
	*body = decoded;
	return reason;
}
