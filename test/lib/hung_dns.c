/*
 * A getaddrinfo() that hangs for names under ".hang", to be preloaded into the
 * server: a DNS server that does not answer, without a DNS server.  It sleeps
 * where the real one would wait, which is not a place signals get out of.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <time.h>

typedef int (*Resolver) (const char *, const char *, const struct addrinfo *,
						 struct addrinfo **);

int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	Resolver	real = (Resolver) dlsym(RTLD_NEXT, "getaddrinfo");
	size_t		length = node ? strlen(node) : 0;

	if (length > 5 && strcmp(node + length - 5, ".hang") == 0)
	{
		struct timespec left = {.tv_sec = 30};

		while (nanosleep(&left, &left) != 0)
			;
		return EAI_AGAIN;
	}
	return real(node, service, hints, result);
}
