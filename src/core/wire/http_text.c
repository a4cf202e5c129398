/*
 * http_text.c
 *		Pieces of HTTP messages, as text.
 */
#include "core/wire/http_text.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ALLOCATION	((size_t) 16 * 1024)

/* These do not ask the locale, as what is on the wire does not have one. */
static bool
is_printable(char c)
{
	return c >= ' ' && c <= '~';
}

static char
to_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

static char
to_upper(char c)
{
	return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

/* Makes room for len more bytes and a NUL; false if there is no memory. */
static bool
make_room(HttpBody *body, size_t len)
{
	size_t		needed = body->len + len + 1;
	size_t		size = body->allocated > 0 ? body->allocated : FIRST_ALLOCATION;
	char	   *grown;

	if (needed <= body->allocated)
		return true;
	while (size < needed)
		size *= 2;
	if (size > body->limit + 1)
		size = body->limit + 1;
	grown = realloc(body->data, size);
	if (grown == NULL)
		return false;
	body->data = grown;
	body->allocated = size;
	return true;
}

bool
http_body_append(HttpBody *body, const char *data, size_t len)
{
	if (len > body->limit - body->len)
	{
		body->over_limit = true;
		return false;
	}
	if (!make_room(body, len))
	{
		body->out_of_memory = true;
		return false;
	}
	memcpy(body->data + body->len, data, len);
	body->len += len;
	body->data[body->len] = '\0';
	return true;
}

void
http_body_free(HttpBody *body)
{
	free(body->data);
	body->data = NULL;
	body->len = body->allocated = 0;
}

bool
http_header_valid(const char *header)
{
	size_t		name_len = strcspn(header, ": \t");

	if (name_len == 0 || header[name_len] != ':')
		return false;
	for (const char *c = header; *c != '\0'; c++)
		if (((unsigned char) *c < ' ' && *c != '\t') || *c == 0x7f)
			return false;
	return true;
}

int
http_status_of_line(const char *line, size_t len)
{
	const char *digits = len > 5 && memcmp(line, "HTTP/", 5) == 0 ? memchr(line, ' ', len) : NULL;
	int			status = 0;

	if (digits == NULL || line + len - digits < 4)
		return 0;
	for (int i = 1; i <= 3; i++)
	{
		if (digits[i] < '0' || digits[i] > '9')
			return 0;
		status = status * 10 + (digits[i] - '0');
	}
	return status;
}

bool
http_media_type(const char *given, char *out, size_t size)
{
	size_t		len = strcspn(given, "; \t");

	if (len == 0 || len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
	{
		if (!is_printable(given[i]))
			return false;
		out[i] = to_lower(given[i]);
	}
	out[len] = '\0';
	return true;
}

void
http_sentence(const char *words, char *out, size_t size)
{
	size_t		len = strnlen(words, size - 2);

	while (len > 0 && strchr(". \r\n", words[len - 1]) != NULL)
		len--;
	for (size_t i = 0; i < len; i++)
		out[i] = is_printable(words[i]) ? words[i] : '?';
	if (len > 0)
		out[0] = to_upper(out[0]);
	out[len] = '.';
	out[len + 1] = '\0';
}

const char *
http_shown_url(const char *url, char *out, size_t size)
{
	const char *host = strstr(url, "://");
	const char *user_end = NULL;
	size_t		n = 0;

	host = host != NULL ? host + 3 : url;
	for (const char *c = host; c < host + strcspn(host, "/?#"); c++)
		if (*c == '@')
			user_end = c;
	for (const char *c = url; *c != '\0' && *c != '?' && *c != '#' && n + 1 < size; c++)
	{
		if (user_end != NULL && c == host)
			c = user_end + 1;
		if (*c == '\0' || *c == '?' || *c == '#')
			break;
		out[n++] = is_printable(*c) ? *c : '?';
	}
	out[n] = '\0';
	return out;
}
