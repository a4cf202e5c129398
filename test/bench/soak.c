/*
 * soak.c
 *		Many calls of one session: what a call costs, and what the session
 *		weighs, from the first tenth to the last.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PARTS 10

/* A kB line of /proc/PID/status such as "RssAnon"; -1 if it cannot be read. */
static long
process_kb(long pid, const char *key)
{
	char		path[64];
	char		line[256];
	size_t		len = strlen(key);
	long		value = -1;
	FILE	   *file;

	snprintf(path, sizeof(path), "/proc/%ld/status", pid);
	if ((file = fopen(path, "r")) == NULL)
		return -1;
	while (fgets(line, sizeof(line), file) != NULL)
		if (strncmp(line, key, len) == 0 && line[len] == ':')
			value = strtol(line + len + 1, NULL, 10);
	fclose(file);
	return value;
}

static void
call_or_die(PGconn *conn, Samples *samples)
{
	const char *values[] = {bench_message};
	uint64_t	start = now_ns();
	PGresult   *result = PQexecPrepared(conn, "chat", 1, values, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		die("after %zu calls: %s", samples->n, PQerrorMessage(conn));
	samples_add(samples, now_ns() - start);
	PQclear(result);
}

/* Prints one part and returns its median; sorts that part of the samples. */
static double
report_part(const Samples *samples, size_t from, size_t to, long pid)
{
	Samples		part = {samples->ns + from, to - from, to - from};
	double		mean = samples_mean_ms(samples, from, to);

	samples_sort(&part);
	printf("  calls %7zu-%-7zu mean %.3f ms  p50 %.3f ms  p99 %.3f ms  "
		   "RssAnon %ld kB  VmRSS %ld kB\n", from + 1, to, mean,
		   samples_percentile_ms(&part, 50), samples_percentile_ms(&part, 99),
		   process_kb(pid, "RssAnon"), process_kb(pid, "VmRSS"));
	fflush(stdout);
	return samples_percentile_ms(&part, 50);
}

/* Opens a snapshot and keeps it. */
static PGconn *
hold_snapshot(const Options *options)
{
	PGconn	   *holder = connect_or_die(options->conninfo);

	exec_or_die(holder, "BEGIN ISOLATION LEVEL REPEATABLE READ");
	exec_or_die(holder, "SELECT pg_catalog.count(*) FROM pg_catalog.pg_class");
	return holder;
}

/*
 * Mode "soak": prints ten parts and the growth from the first to the last;
 * ends early, and says so, when options->seconds are over.
 */
int
soak_main(const Options *options)
{
	PGconn	   *holder = options->hold_snapshot ? hold_snapshot(options) : NULL;
	PGconn	   *conn = connect_or_die(options->conninfo);
	PGresult   *result = PQprepare(conn, "chat", options->sql, 0, NULL);
	long		pid = query_long(conn, "SELECT pg_catalog.pg_backend_pid()");
	uint64_t	deadline = now_ns() + (uint64_t) (options->seconds * 1e9);
	size_t		size = (size_t) options->calls / PARTS;
	Samples		samples = {0};
	Samples		warm = {0};
	double		p50[PARTS] = {0};
	double		mean[PARTS] = {0};
	long		rss = 0;
	int			part = 0;

	if (PQresultStatus(result) != PGRES_COMMAND_OK || size < 1)
		die("%s: %s", options->sql, PQerrorMessage(conn));
	PQclear(result);
	while (warm.n < 1000)
		call_or_die(conn, &warm);
	rss = process_kb(pid, "RssAnon");
	printf("  after 1000 calls of warm-up: RssAnon %ld kB\n", rss);
	for (; part < PARTS && now_ns() < deadline; part++)
	{
		while (samples.n < size * (size_t) (part + 1))
			call_or_die(conn, &samples);
		mean[part] = samples_mean_ms(&samples, size * (size_t) part, samples.n);
		p50[part] = report_part(&samples, size * (size_t) part, samples.n, pid);
	}
	if (part < PARTS)
		printf("  stopped after %d of %d parts: out of time\n", part, PARTS);
	if (part < 2)
		return 1;
	printf("  last part against the first: mean %+.1f %%, p50 %+.1f %%; "
		   "RssAnon since warm-up %+ld kB\n",
		   100 * (mean[part - 1] / mean[0] - 1),
		   100 * (p50[part - 1] / p50[0] - 1),
		   process_kb(pid, "RssAnon") - rss);
	PQfinish(conn);
	PQfinish(holder);
	return 0;
}
