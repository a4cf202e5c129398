/*
 * main.c
 *		The benchmark client: options, clock, percentiles.
 *
 * bench_client port
 *		prints a free loopback port
 * bench_client body
 *		prints the body of the request
 * bench_client row --row ROW --sessions N --seconds S
 *		one cell of the table
 * bench_client soak --calls N [--hold-snapshot]
 *		many calls of one session: cost and memory along the way
 * bench_client cancel --phase PHASE --count N
 *		time from a cancel request to the error
 * bench_client prompts --seconds S
 *		loading and rendering a prompt, beside a bare SELECT
 */
#include "bench.h"

#include <curl/curl.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#define MESSAGE \
	"Please summarise the following support ticket in one sentence: the " \
	"customer cannot log in after the update of yesterday and asks whether " \
	"the password has to be set again."

const char *const bench_message = MESSAGE;
const char *const bench_body =
"{\"model\":\"gpt-4.1-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
MESSAGE "\"}]}";

/* Prints a message and ends the program with 1. */
void
die(const char *format,...)
{
	va_list		args;

	fputs("bench_client: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(1);
}

/* Monotonic time in nanoseconds. */
uint64_t
now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t) ts.tv_sec * 1000000000u + (uint64_t) ts.tv_nsec;
}

void
sleep_ns(uint64_t ns)
{
	struct timespec ts = {(time_t) (ns / 1000000000u), (long) (ns % 1000000000u)};

	while (nanosleep(&ts, &ts) != 0)
		;
}

/*
 * A start for random_next().  From the kernel: starts that are drawn from one
 * generator give sessions that repeat each other's ids.
 */
uint64_t
random_seed(void)
{
	uint64_t	seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		die("no random numbers");
	return seed | 1;
}

/* Next number of a xorshift generator; *state must not be 0. */
uint64_t
random_next(uint64_t *state)
{
	uint64_t	x = *state;

	x ^= x << 13;
	x ^= x >> 7;
	x ^= x << 17;
	return *state = x;
}

/* Appends a latency; ends the program when memory does. */
void
samples_add(Samples *samples, uint64_t ns)
{
	if (samples->n == samples->capacity)
	{
		samples->capacity = samples->capacity ? samples->capacity * 2 : 65536;
		samples->ns = realloc(samples->ns, samples->capacity * sizeof(uint64_t));
		if (samples->ns == NULL)
			die("out of memory");
	}
	samples->ns[samples->n++] = ns;
}

static int
compare_ns(const void *a, const void *b)
{
	uint64_t	x = *(const uint64_t *) a;
	uint64_t	y = *(const uint64_t *) b;

	return (x > y) - (x < y);
}

void
samples_sort(Samples *samples)
{
	if (samples->n > 0)
		qsort(samples->ns, samples->n, sizeof(uint64_t), compare_ns);
}

/* Exact percentile (nearest rank) of sorted samples in ms; 0 without any. */
double
samples_percentile_ms(const Samples *sorted, double percent)
{
	size_t		rank;

	if (sorted->n == 0)
		return 0;
	rank = (size_t) (percent / 100.0 * (double) sorted->n + 0.999999);
	if (rank < 1)
		rank = 1;
	if (rank > sorted->n)
		rank = sorted->n;
	return (double) sorted->ns[rank - 1] / 1e6;
}

/* Mean in ms of samples [from, to). */
double
samples_mean_ms(const Samples *samples, size_t from, size_t to)
{
	double		sum = 0;

	for (size_t i = from; i < to; i++)
		sum += (double) samples->ns[i];
	return to > from ? sum / (double) (to - from) / 1e6 : 0;
}

PGconn *
connect_or_die(const char *conninfo)
{
	PGconn	   *conn = PQconnectdb(conninfo);

	if (PQstatus(conn) != CONNECTION_OK)
		die("%s", PQerrorMessage(conn));
	return conn;
}

/* The one value of a query as a number; 0 when there is no row. */
long
query_long(PGconn *conn, const char *sql)
{
	PGresult   *result = PQexec(conn, sql);
	long		value = 0;

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		die("%s: %s", sql, PQerrorMessage(conn));
	if (PQntuples(result) > 0)
		value = strtol(PQgetvalue(result, 0, 0), NULL, 10);
	PQclear(result);
	return value;
}

void
exec_or_die(PGconn *conn, const char *sql)
{
	PGresult   *result = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(result);

	if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
		die("%s: %s", sql, PQerrorMessage(conn));
	PQclear(result);
}

static const struct option option_names[] = {
	{"conninfo", required_argument, NULL, 'd'},
	{"url", required_argument, NULL, 'u'},
	{"row", required_argument, NULL, 'r'},
	{"phase", required_argument, NULL, 'p'},
	{"post", required_argument, NULL, 'P'},
	{"sql", required_argument, NULL, 'q'},
	{"sessions", required_argument, NULL, 'n'},
	{"count", required_argument, NULL, 'c'},
	{"calls", required_argument, NULL, 'C'},
	{"seconds", required_argument, NULL, 's'},
	{"warmup", required_argument, NULL, 'w'},
	{"hold-snapshot", no_argument, NULL, 'S'},
	{NULL, 0, NULL, 0}
};

/*
 * Reads the options of every mode into *options; ends the program on others.
 */
static void
options_read(int argc, char **argv, Options *options)
{
	int			c;

	while ((c = getopt_long(argc, argv, "", option_names, NULL)) != -1)
	{
		switch (c)
		{
			case 'd':
				options->conninfo = optarg;
				break;
			case 'u':
				options->url = optarg;
				break;
			case 'r':
				options->row = optarg;
				break;
			case 'p':
				options->phase = optarg;
				break;
			case 'P':
				options->post = optarg;
				break;
			case 'q':
				options->sql = optarg;
				break;
			case 'n':
				options->sessions = atoi(optarg);
				break;
			case 'c':
				options->count = atoi(optarg);
				break;
			case 'C':
				options->calls = atol(optarg);
				break;
			case 's':
				options->seconds = atof(optarg);
				break;
			case 'w':
				options->warmup = atof(optarg);
				break;
			case 'S':
				options->hold_snapshot = true;
				break;
			default:
				exit(2);
		}
	}
}

int
main(int argc, char **argv)
{
	Options		options = {
		.conninfo = "",
		.url = "",
		.row = "",
		.phase = "",
		.post = "read",
		.sql = "SELECT pg_catalog.gaiops_chat('bench', $1::text)",
		.sessions = 1,
		.count = 50,
		.calls = 50000,
		.seconds = 8,
		.warmup = 1,
	};
	const char *mode = argc > 1 ? argv[1] : "";

	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	if (argc > 1)
		options_read(argc - 1, argv + 1, &options);
	if (options.sessions < 1 || options.sessions > 1000 || options.seconds <= 0)
		die("sessions and seconds must be positive");

	if (strcmp(mode, "port") == 0)
		return printf("%d\n", free_port()) < 0;
	if (strcmp(mode, "body") == 0)
		return fputs(bench_body, stdout) < 0;
	if (strcmp(mode, "row") == 0)
		return rows_main(&options);
	if (strcmp(mode, "soak") == 0)
		return soak_main(&options);
	if (strcmp(mode, "cancel") == 0)
		return cancel_main(&options);
	if (strcmp(mode, "prompts") == 0)
		return prompts_main(&options);
	die("usage: bench_client port | body | row | soak | cancel | prompts [options]");
}
