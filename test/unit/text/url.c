/* Where a URL leads. */
#include "core/text/url.h"

#include "check.h"

static const char *
origin(const char *url)
{
	static char found[URL_MAX_LENGTH + 1];

	if (url_problem(url) != NULL)
		return url_problem(url);
	return url_origin(url, found, sizeof(found)) ? found : NULL;
}

static void
check_origins(void)
{
	CHECK_CSTRING(origin("https://gateway.example"), "https://gateway.example");
	CHECK_CSTRING(origin("https://gateway.example/v1?a=b:443"), "https://gateway.example");
	CHECK_CSTRING(origin("https://gateway.example?a=b"), "https://gateway.example");
	CHECK_CSTRING(origin("HTTPS://Gateway.EXAMPLE:443/V1"), "https://gateway.example");
	CHECK_CSTRING(origin("https://gateway.example:/v1"), "https://gateway.example");
	CHECK_CSTRING(origin("http://gateway.example:80/v1"), "http://gateway.example");
	CHECK_CSTRING(origin("http://[::1]:80"), "http://[::1]");
	CHECK_CSTRING(origin("http://[FE80::1]/v1"), "http://[fe80::1]");

	/* Others: what differs here may lead elsewhere. */
	CHECK_CSTRING(origin("http://gateway.example:443/v1"), "http://gateway.example:443");
	CHECK_CSTRING(origin("https://gateway.example:80/v1"), "https://gateway.example:80");
	CHECK_CSTRING(origin("https://gateway.example:8443/v1"), "https://gateway.example:8443");
	CHECK_CSTRING(origin("https://gateway.example:0443/v1"), "https://gateway.example:0443");
	CHECK_CSTRING(origin("https://gateway.example./v1"), "https://gateway.example.");
	CHECK_CSTRING(origin("http://[::80]/v1"), "http://[::80]");
	CHECK_CSTRING(origin("http://[0:0:0:0:0:0:0:1]/v1"), "http://[0:0:0:0:0:0:0:1]");
	CHECK_CSTRING(origin("https://%67ateway.example"), "https://%67ateway.example");

	CHECK_CSTRING(origin("https://me@gateway.example"), "It has a user name or password; credentials are kept as secrets.");
}

int
main(void)
{
	char		small[13];

	check_origins();
	CHECK(!url_origin("https://gateway.example", small, sizeof(small)));
	CHECK(!url_origin("https://test:443", small, sizeof(small) - 1));
	CHECK(url_origin("https://test:443", small, sizeof(small)));
	return check_finish();
}
