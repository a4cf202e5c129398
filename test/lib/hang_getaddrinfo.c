/*
 * hang_getaddrinfo.c
 *		A name server that never answers, for tests: preload this library and
 *		a lookup of "hang.invalid" takes 30 seconds and then fails.  Any other
 *		name passes through.
 *
 * Build: cc -shared -fPIC -o hang_getaddrinfo.so hang_getaddrinfo.c
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netdb.h>
#include <strings.h>
#include <time.h>

typedef int (*getaddrinfo_fn) (const char *, const char *,
							   const struct addrinfo *, struct addrinfo **);

/*
 * Takes the place of the C library's function of this name.  The sleep is not
 * cut short by signals, as a lookup in a thread with all signals blocked is not.
 */
__attribute__((visibility("default")))
int
getaddrinfo(const char *node, const char *service,
			const struct addrinfo *hints, struct addrinfo **result)
{
	getaddrinfo_fn real;
	struct timespec left = {30, 0};

	if (node != NULL && strcasecmp(node, "hang.invalid") == 0)
	{
		while (nanosleep(&left, &left) != 0)
			;
		return EAI_AGAIN;
	}

	/* A function pointer comes from dlsym() as an object pointer. */
	*(void **) &real = dlsym(RTLD_NEXT, "getaddrinfo");
	return real(node, service, hints, result);
}
