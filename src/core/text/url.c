/*
 * url.c
 *		What the URL of a gateway may look like, as text.
 */
#include "core/text/url.h"

#include <arpa/inet.h>
#include <string.h>
#include <strings.h>

bool
url_is_plain(const char *url)
{
	return strncasecmp(url, "http://", 7) == 0;
}

/* Where the host begins; the URL begins with one of our schemes. */
static const char *
url_authority(const char *url)
{
	return strchr(url, ':') + strlen("://");
}

const char *
url_path(const char *url)
{
	const char *authority = url_authority(url);

	return authority + strcspn(authority, "/?");
}

const char *
url_problem(const char *url)
{
	const char *authority;
	size_t		authority_len;

	if (strlen(url) > URL_MAX_LENGTH)
		return "It is longer than 2048 bytes.";

	/* Parsers disagree about these, and so about whom to talk to. */
	for (const char *c = url; *c != '\0'; c++)
		if (*c <= ' ' || *c > '~' || *c == '\\')
			return "It holds a character that has to be percent-encoded.";
	if (!url_is_plain(url) && strncasecmp(url, "https://", 8) != 0)
		return "It does not begin with \"https://\" or \"http://\".";
	if (strchr(url, '#') != NULL)
		return "It has a fragment (#).";
	authority = url_authority(url);
	authority_len = url_path(url) - authority;
	if (memchr(authority, '@', authority_len) != NULL)
		return "It has a user name or password; credentials are kept as secrets.";
	if (authority_len == 0)
		return "It has no host name.";
	return NULL;
}

bool
url_origin(const char *url, char *origin, size_t size)
{
	const char *default_port = url_is_plain(url) ? ":80" : ":443";
	size_t		len = url_path(url) - url;
	size_t		port_len = strlen(default_port);

	if (url[len - 1] == ':')
		len--;
	else if (len > port_len && memcmp(url + len - port_len, default_port, port_len) == 0)
		len -= port_len;
	if (len >= size)
		return false;
	for (size_t i = 0; i < len; i++)
		origin[i] = url[i] >= 'A' && url[i] <= 'Z' ? url[i] - 'A' + 'a' : url[i];
	origin[len] = '\0';
	return true;
}

bool
url_host_is_loopback(const char *host)
{
	struct in_addr ipv4;

	if (strcasecmp(host, "localhost") == 0 || strcmp(host, "[::1]") == 0)
		return true;
	return inet_pton(AF_INET, host, &ipv4) == 1 &&
		(ntohl(ipv4.s_addr) >> 24) == 127;
}
