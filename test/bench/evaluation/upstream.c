/*
 * upstream.c
 *		A model server for the benchmark that takes its time.
 *
 *		upstream DELAY_MS PORT_FILE
 *
 * Each POST gets one fixed answer after so many ms, on a connection that is
 * kept.  It writes its port into the file, and serves until it is killed.  All
 * wait equally long, so the first that came is the first that is answered.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNECTIONS 4096
#define MAX_REQUEST 65536

/* What a connection has received of its request. */
typedef struct Connection
{
	size_t		len;
	char		data[MAX_REQUEST + 1];
} Connection;

typedef struct Due
{
	int			fd;
	double		at;
} Due;

static const char answer[] = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1750000000,"
"\"model\":\"gpt-4.1-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"The answer.\"},"
"\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":45,\"completion_tokens\":3,\"total_tokens\":48}}";

static Connection *connections[MAX_CONNECTIONS];
static Due	queue[MAX_CONNECTIONS];
static unsigned head;
static unsigned tail;
static int	poller;

static double
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e3 + t.tv_nsec / 1e6;
}

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
watch(int fd)
{
	struct epoll_event event = {.events = EPOLLIN,.data.fd = fd};

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event) != 0)
		die("epoll_ctl");
}

static int
listen_anywhere(const char *port_file)
{
	struct sockaddr_in address = {.sin_family = AF_INET,.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t	len = sizeof(address);
	int			fd = socket(AF_INET, SOCK_STREAM, 0);
	FILE	   *file;

	if (fd < 0 || bind(fd, (struct sockaddr *) &address, len) != 0 || listen(fd, 1024) != 0 ||
		getsockname(fd, (struct sockaddr *) &address, &len) != 0)
		die("listen");
	file = fopen(port_file, "w");
	if (file == NULL)
		die(port_file);
	fprintf(file, "%d\n", ntohs(address.sin_port));
	fclose(file);
	return fd;
}

static void
take(int listener)
{
	int			fd = accept(listener, NULL, NULL);
	int			one = 1;

	if (fd < 0 || fd >= MAX_CONNECTIONS)
		die("accept");
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (connections[fd] == NULL)
		connections[fd] = malloc(sizeof(Connection));
	connections[fd]->len = 0;
	watch(fd);
}

/* Whether the request is there as a whole. */
static int
is_whole(const Connection *connection)
{
	const char *end = strstr(connection->data, "\r\n\r\n");
	const char *length = strcasestr(connection->data, "\r\ncontent-length:");

	if (end == NULL)
		return 0;
	return length == NULL ||
		connection->len >= (size_t) (end + 4 - connection->data) + strtoul(length + 17, NULL, 10);
}

/* Reads of a connection; a whole request is answered in delay ms. */
static void
receive(int fd, double delay)
{
	Connection *connection = connections[fd];
	ssize_t		n = read(fd, connection->data + connection->len, MAX_REQUEST - connection->len);

	if (n <= 0)
	{
		close(fd);
		return;
	}
	connection->len += n;
	connection->data[connection->len] = '\0';
	if (!is_whole(connection))
		return;
	connection->len = 0;
	queue[tail++ % MAX_CONNECTIONS] = (Due) {fd, now_ms() + delay};
}

/* Answers what is due; returns in how many ms something is, -1 if nothing. */
static int
answer_due(void)
{
	static char reply[sizeof(answer) + 256];
	double		now = now_ms();
	int			len = snprintf(reply, sizeof(reply),
							   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
							   sizeof(answer) - 1, answer);

	for (; head != tail; head++)
	{
		const Due  *due = &queue[head % MAX_CONNECTIONS];

		if (due->at > now)
			return (int) (due->at - now) + 1;
		if (write(due->fd, reply, len) != len)
			close(due->fd);
	}
	return -1;
}

int
main(int argc, char **argv)
{
	struct epoll_event events[256];
	int			listener;

	if (argc != 3)
		return 2;
	signal(SIGPIPE, SIG_IGN);
	poller = epoll_create1(0);
	listener = listen_anywhere(argv[2]);
	watch(listener);
	for (;;)
	{
		int			n = epoll_wait(poller, events, 256, answer_due());

		for (int i = 0; i < n; i++)
			if (events[i].data.fd == listener)
				take(listener);
			else
				receive(events[i].data.fd, atof(argv[1]));
	}
}
