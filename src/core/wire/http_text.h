/*
 * http_text.h
 *		Pieces of HTTP messages, as text.
 */
#ifndef GAIOPS_HTTP_TEXT_H
#define GAIOPS_HTTP_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Bytes as they arrive, up to a limit; all zero but for limit to begin with.
 */
typedef struct HttpBody
{
	char	   *data;			/* malloc'd, NUL-terminated; NULL if empty */
	size_t		len;
	size_t		allocated;
	size_t		limit;
	bool		over_limit;		/* more came than the limit allows */
	bool		out_of_memory;
} HttpBody;

/* False, with the reason noted in the body, when the bytes find no place. */
extern bool http_body_append(HttpBody *body, const char *data, size_t len);

/* Frees the bytes; the body is then empty. */
extern void http_body_free(HttpBody *body);

/* True if a header is "Name: value", on one line. */
extern bool http_header_valid(const char *header);

/*
 * The status in a status line, such as "HTTP/1.1 200 OK"; 0 if it is another
 * line.
 */
extern int	http_status_of_line(const char *line, size_t len);

/*
 * Copies a media type in lower case and without its parameters.  False if
 * there is none that is printable and fits.
 */
extern bool http_media_type(const char *given, char *out, size_t size);

/*
 * Copies words as a sentence, cut to fit: with a capital and a full stop.
 * They may quote what the other side sent, so only printable ASCII is kept.
 */
extern void http_sentence(const char *words, char *out, size_t size);

/*
 * Copies a URL that is to be shown, cut to fit: without user, password, query
 * and fragment, which may hold secrets, and with nothing but printable ASCII.
 * Returns out.
 */
extern const char *http_shown_url(const char *url, char *out, size_t size);

#endif							/* GAIOPS_HTTP_TEXT_H */
