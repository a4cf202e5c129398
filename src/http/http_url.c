/*
 * http_url.c
 *		The URLs that an endpoint may have.
 */
#include "postgres.h"

#include "base/settings.h"
#include "core/text/url.h"
#include "http/http.h"
#include "http/http_transfer.h"

/*
 * Copies the host of a URL as it is going to be connected to (127.1 is
 * 127.0.0.1, IPv6 in brackets); false if it has no valid host or port.
 */
static bool
read_host(const char *url, char *host, size_t size)
{
	CURLU	   *parsed = curl_url();
	char	   *found = NULL;
	bool		valid;

	if (parsed == NULL)
		http_raise_out_of_memory();
	valid = curl_url_set(parsed, CURLUPART_URL, url, CURLU_DISALLOW_USER) == CURLUE_OK &&
		curl_url_get(parsed, CURLUPART_HOST, &found, 0) == CURLUE_OK &&
		found[0] != '\0' && strlcpy(host, found, size) < size;
	curl_free(found);
	curl_url_cleanup(parsed);
	return valid;
}

/* The URL is not shown: what is wrong with it may be a password within. */
void
http_url_check(const char *url)
{
	char		host[URL_MAX_LENGTH + 1];
	const char *problem = url_problem(url);

	if (problem == NULL && !read_host(url, host, sizeof(host)))
		problem = "It has no valid host name or port.";
	if (problem == NULL && url_is_plain(url) && !gaiops_allow_plain_http &&
		!url_host_is_loopback(host))
		problem = "Plain http is for this machine only (localhost, 127.0.0.0/8, ::1), unless gaiops.allow_plain_http is on.";
	if (problem != NULL)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("invalid gateway URL"),
				 errdetail_internal("%s", problem),
				 errhint("A URL looks like https://host/path or http://localhost:port/path.")));
}

/*
 * A base without a path means /v1, since people paste https://api.openai.com;
 * a base that has the path already stays; a query stays behind the path.
 */
char *
http_url_join(const char *base, const char *path)
{
	const char *base_path;
	const char *query;
	int			path_len = strlen(path);
	int			len;

	http_url_check(base);
	base_path = url_path(base);
	query = base_path + strcspn(base_path, "?");
	for (len = query - base; base + len > base_path && base[len - 1] == '/';)
		len--;
	if (base + len == base_path)
		return psprintf("%.*s/v1/%s%s", len, base, path, query);
	if (base + len - base_path > path_len && base[len - path_len - 1] == '/' &&
		strncmp(base + len - path_len, path, path_len) == 0)
		return psprintf("%.*s%s", len, base, query);
	return psprintf("%.*s/%s%s", len, base, path, query);
}
