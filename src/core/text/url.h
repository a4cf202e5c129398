/*
 * url.h
 *		What the URL of a gateway may look like, as text.
 */
#ifndef GAIOPS_URL_H
#define GAIOPS_URL_H

#include <stdbool.h>
#include <stddef.h>

#define URL_MAX_LENGTH	2048

/*
 * What is wrong with the text of a URL, as a sentence; NULL if nothing.
 * Whether its host name is one is left to the library that is going to
 * connect.
 */
extern const char *url_problem(const char *url);

/* True if the URL, which has no problem, is not encrypted on the wire. */
extern bool url_is_plain(const char *url);

/*
 * True if a host is literally this machine: localhost, 127.0.0.0/8 in dotted
 * form, or [::1].  A name that merely resolves to such an address is not.
 */
extern bool url_host_is_loopback(const char *host);

/*
 * Copies scheme, host and port of a URL, which has no problem, without a
 * default port and in lower case; false if size is too small.  URLs with one
 * origin lead to one server.  Those with two may, too: other spellings of an
 * address, or a dot at the end of a name, count as another server.
 */
extern bool url_origin(const char *url, char *origin, size_t size);

/* Where the path of a URL, which has no problem, begins; it may be empty. */
extern const char *url_path(const char *url);

#endif							/* GAIOPS_URL_H */
