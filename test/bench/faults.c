/*
 * faults.c
 *		Upstreams that do not answer as they should.
 */
#include "bench.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_CONNECTIONS 512
#define FILLERS 8
#define DRIP_MS 50

struct Fault
{
	FaultKind	kind;
	int			listener;
	int			port;
	pthread_t	thread;
	atomic_bool stop;
	atomic_long requests;
	int			nconnections;
	int			connections[MAX_CONNECTIONS];
	bool		asked[MAX_CONNECTIONS]; /* a request has come */
};

static const char drip_head[] =
"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
"Content-Length: 100000\r\n\r\n{";

/* A listening loopback socket on a port that the kernel chooses. */
static int
listen_somewhere(int backlog, int *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET};
	socklen_t	len = sizeof(address);
	int			fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd < 0 || bind(fd, (struct sockaddr *) &address, len) != 0 ||
		listen(fd, backlog) != 0 ||
		getsockname(fd, (struct sockaddr *) &address, &len) != 0)
		die("could not listen: %s", strerror(errno));
	*port = ntohs(address.sin_port);
	return fd;
}

/* A loopback port that nobody has now. */
int
free_port(void)
{
	int			port;

	close(listen_somewhere(1, &port));
	return port;
}

/*
 * Fills the backlog of a listener that never accepts, so that the kernel drops
 * every later SYN and a connect hangs.
 */
static void
fill_backlog(Fault *fault)
{
	struct sockaddr_in address = {.sin_family = AF_INET};

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	address.sin_port = htons((uint16_t) fault->port);
	for (int i = 0; i < FILLERS; i++)
	{
		int			fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

		if (fd < 0)
			die("could not make a socket: %s", strerror(errno));
		connect(fd, (struct sockaddr *) &address, sizeof(address));
		fault->connections[fault->nconnections++] = fd;
	}
	sleep_ns(100000000);
}

static void
drop_connection(Fault *fault, int i)
{
	int			last = --fault->nconnections;

	close(fault->connections[i]);
	fault->connections[i] = fault->connections[last];
	fault->asked[i] = fault->asked[last];
}

/* Reads what came; the first bytes count as the request. */
static void
serve_connection(Fault *fault, int i)
{
	char		buffer[8192];
	ssize_t		n = recv(fault->connections[i], buffer, sizeof(buffer), MSG_DONTWAIT);

	if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
		drop_connection(fault, i);
	else if (n > 0 && !fault->asked[i])
	{
		fault->asked[i] = true;
		if (fault->kind == FAULT_DRIP)
			send(fault->connections[i], drip_head, strlen(drip_head), MSG_NOSIGNAL);
		atomic_fetch_add(&fault->requests, 1);
	}
}

/* The next byte to everybody who has asked. */
static void
drip(Fault *fault)
{
	for (int i = 0; i < fault->nconnections; i++)
		if (fault->asked[i])
			send(fault->connections[i], " ", 1, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void *
fault_main(void *arg)
{
	Fault	   *fault = arg;
	struct pollfd fds[MAX_CONNECTIONS + 1];
	uint64_t	next_drip = 0;

	while (!atomic_load(&fault->stop))
	{
		int			n = fault->nconnections;

		fds[0] = (struct pollfd) {.fd = fault->listener, .events = POLLIN};
		for (int i = 0; i < n; i++)
			fds[i + 1] = (struct pollfd) {.fd = fault->connections[i], .events = POLLIN};
		poll(fds, (nfds_t) n + 1, DRIP_MS);
		/* From the last, because a dropped one is replaced by the last. */
		for (int i = n - 1; i >= 0; i--)
			if (fds[i + 1].revents != 0)
				serve_connection(fault, i);
		if ((fds[0].revents & POLLIN) && fault->nconnections < MAX_CONNECTIONS)
		{
			int			fd = accept(fault->listener, NULL, NULL);

			if (fd >= 0)
			{
				fault->asked[fault->nconnections] = false;
				fault->connections[fault->nconnections++] = fd;
			}
		}
		if (fault->kind == FAULT_DRIP && now_ns() >= next_drip)
		{
			drip(fault);
			next_drip = now_ns() + DRIP_MS * 1000000u;
		}
	}
	return NULL;
}

/* Starts an upstream of this kind on a port of its own. */
Fault *
fault_start(FaultKind kind)
{
	Fault	   *fault = calloc(1, sizeof(Fault));

	if (fault == NULL)
		die("out of memory");
	fault->kind = kind;
	fault->listener = listen_somewhere(kind == FAULT_NO_ACCEPT ? 0 : 128,
									   &fault->port);
	if (kind == FAULT_NO_ACCEPT)
		fill_backlog(fault);
	else if (pthread_create(&fault->thread, NULL, fault_main, fault) != 0)
		die("could not start a thread");
	return fault;
}

int
fault_port(const Fault *fault)
{
	return fault->port;
}

/* Connections on which a request has arrived so far. */
long
fault_requests(Fault *fault)
{
	return atomic_load(&fault->requests);
}

void
fault_stop(Fault *fault)
{
	atomic_store(&fault->stop, true);
	if (fault->kind != FAULT_NO_ACCEPT)
		pthread_join(fault->thread, NULL);
	while (fault->nconnections > 0)
		drop_connection(fault, 0);
	close(fault->listener);
	free(fault);
}
