/*
 * cancel.c
 *		Time from a cancel request to the error at the client, by phase of a
 *		call.
 */
#include "bench.h"

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An answer later than this is a hung session. */
#define GIVE_UP_MS 20000

typedef struct CancelRun
{
	PGconn	   *conn;			/* makes the calls */
	PGconn	   *control;		/* pg_cancel_backend */
	PGcancel   *cancel;			/* PQcancel */
	Fault	   *fault;			/* the upstream; NULL if the phase has none */
	bool		sees_request;	/* the upstream tells when the phase is reached */
	const char *sql;
	char		pid[32];		/* of the session's server process */
	uint64_t	random;
	long		odd;			/* outcomes other than query_canceled */
	long		late;			/* calls that ended before the cancel */
	char		odd_message[256];
} CancelRun;

static const char call_sql[] =
"SELECT pg_catalog.gaiops_chat('bench_cancel', $1::text)";

/* Points the endpoint "bench_cancel" at a base URL. */
static void
make_endpoint(PGconn *control, const char *url)
{
	char		sql[512];

	PQclear(PQexec(control, "SELECT pg_catalog.gaiops_drop_endpoint('bench_cancel')"));
	snprintf(sql, sizeof(sql),
			 "SELECT pg_catalog.gaiops_create_endpoint('bench_cancel', "
			 "url => '%s', model => 'gpt-4.1-mini')", url);
	exec_or_die(control, sql);
}

/* Waits until the session has something to read; false after too long. */
static bool
wait_readable(PGconn *conn, int timeout_ms)
{
	struct pollfd fd = {.fd = PQsocket(conn), .events = POLLIN};

	return poll(&fd, 1, timeout_ms) > 0;
}

/* Waits until the call is in its phase, and a little at random beyond. */
static void
reach_phase(CancelRun *run, long requests_before)
{
	uint64_t	deadline = now_ns() + 2000000000u;
	uint64_t	settle = 25000000u;

	if (run->sees_request)
	{
		while (fault_requests(run->fault) == requests_before && now_ns() < deadline)
			sleep_ns(200000);
		settle = 5000000u;
	}
	sleep_ns(settle + random_next(&run->random) % 20000000u);
}

/* Asks for the cancel; by pg_cancel_backend without waiting for its result. */
static void
request_cancel(CancelRun *run, bool by_sql)
{
	const char *values[] = {run->pid};
	char		error[256];

	if (!by_sql)
	{
		if (!PQcancel(run->cancel, error, sizeof(error)))
			die("could not cancel: %s", error);
		return;
	}
	if (!PQsendQueryParams(run->control,
						   "SELECT pg_catalog.pg_cancel_backend($1::int)",
						   1, NULL, values, NULL, NULL, 0))
		die("%s", PQerrorMessage(run->control));
}

/* Reads all results of a connection; true if one was query_canceled. */
static bool
drain(PGconn *conn, char *message, size_t size)
{
	bool		cancelled = false;
	PGresult   *result;

	while ((result = PQgetResult(conn)) != NULL)
	{
		const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);

		if (state != NULL && strcmp(state, "57014") == 0)
			cancelled = true;
		else if (message[0] == '\0')
			snprintf(message, size, "%s %s", state ? state : "no error",
					 PQresultErrorMessage(result));
		PQclear(result);
	}
	return cancelled;
}

/* One call that is cancelled; adds its latency. */
static void
cancel_once(CancelRun *run, bool by_sql, Samples *samples)
{
	const char *values[] = {bench_message};
	long		before = run->sees_request ? fault_requests(run->fault) : 0;
	char		ignored[256] = "";
	uint64_t	start;

	if (!PQsendQueryParams(run->conn, run->sql, 1, NULL, values, NULL, NULL, 0))
		die("%s", PQerrorMessage(run->conn));
	reach_phase(run, before);
	if (wait_readable(run->conn, 0))
	{
		run->late++;
		drain(run->conn, run->odd_message, sizeof(run->odd_message));
		return;
	}
	start = now_ns();
	request_cancel(run, by_sql);
	if (!wait_readable(run->conn, GIVE_UP_MS))
		die("no answer within %d ms of a cancel", GIVE_UP_MS);
	samples_add(samples, now_ns() - start);
	if (!drain(run->conn, run->odd_message, sizeof(run->odd_message)))
		run->odd++;
	if (by_sql)
		drain(run->control, ignored, sizeof(ignored));
}

/* Cancels count times each way and prints a line for each. */
static int
cancel_all(CancelRun *run, const Options *options)
{
	int			bad = 0;

	for (int by_sql = 1; by_sql >= 0; by_sql--)
	{
		Samples		samples = {0};

		run->odd = run->late = 0;
		run->odd_message[0] = '\0';
		for (int i = 0; i < options->count; i++)
			cancel_once(run, by_sql, &samples);
		samples_sort(&samples);
		printf("  %-8s %-18s p50 %8.3f ms  p99 %8.3f ms  max %8.3f ms  "
			   "%zu cancels, %ld not 57014, %ld ended before\n",
			   options->phase, by_sql ? "pg_cancel_backend" : "PQcancel",
			   samples_percentile_ms(&samples, 50),
			   samples_percentile_ms(&samples, 99),
			   samples_percentile_ms(&samples, 100),
			   samples.n, run->odd, run->late);
		if (run->odd_message[0] != '\0')
			printf("           instead: %s\n", run->odd_message);
		fflush(stdout);
		bad += run->odd > 0 || samples.n == 0;
		free(samples.ns);
	}
	return bad;
}

/*
 * The writer's pid, after a call of our own has made sure that there is one.
 */
static pid_t
writer_pid(PGconn *control)
{
	static const char find[] =
	"SELECT pid FROM pg_catalog.pg_stat_activity "
	"WHERE backend_type LIKE 'genaiops writer%' "
	"AND datname = pg_catalog.current_database()";

	for (int i = 0; i < 50; i++)
	{
		long		pid;

		exec_or_die(control, "SELECT pg_catalog.gaiops_chat('bench', 'wake up')");
		pid = query_long(control, find);
		if (pid > 0)
			return (pid_t) pid;
		sleep_ns(20000000);
	}
	die("there is no process \"genaiops writer\"");
}

static pid_t stopped_writer = 0;

/* Exit handler: a stopped writer would keep the server from shutting down. */
static void
let_writer_go_on(void)
{
	if (stopped_writer > 0)
		kill(stopped_writer, SIGCONT);
	stopped_writer = 0;
}

/* Cancels while the writer is stopped, and lets it go on whatever happens. */
static int
cancel_with_stopped_writer(CancelRun *run, const Options *options)
{
	pid_t		writer = writer_pid(run->control);
	int			bad;

	atexit(let_writer_go_on);
	stopped_writer = writer;
	if (kill(writer, SIGSTOP) != 0)
		die("could not stop the writer");
	bad = cancel_all(run, options);
	let_writer_go_on();
	exec_or_die(run->control, "SELECT pg_catalog.gaiops_chat('bench', 'go on')");
	return bad;
}

/* Mode "cancel": returns 0 if every cancelled call ended as cancelled. */
int
cancel_main(const Options *options)
{
	const char *phase = options->phase;
	CancelRun	run = {.sql = call_sql,.random = random_seed()};
	char		url[128];
	int			bad;

	run.conn = connect_or_die(options->conninfo);
	run.control = connect_or_die(options->conninfo);
	run.cancel = PQgetCancel(run.conn);
	snprintf(run.pid, sizeof(run.pid), "%ld",
			 query_long(run.conn, "SELECT pg_catalog.pg_backend_pid()"));
	if (strcmp(phase, "sleep") == 0)
		run.sql = "SELECT pg_catalog.pg_sleep(30), $1::text";
	else if (strcmp(phase, "writer") == 0)
		run.sql = options->sql;
	else if (strcmp(phase, "dns") == 0)
		make_endpoint(run.control, "https://gateway.hang/v1");
	else if (strcmp(phase, "connect") == 0)
		run.fault = fault_start(FAULT_NO_ACCEPT);
	else if (strcmp(phase, "answer") == 0)
		run.fault = fault_start(FAULT_SILENT);
	else if (strcmp(phase, "body") == 0)
		run.fault = fault_start(FAULT_DRIP);
	else
		die("unknown phase \"%s\"", phase);
	run.sees_request = strcmp(phase, "answer") == 0 || strcmp(phase, "body") == 0;
	if (run.fault != NULL)
	{
		snprintf(url, sizeof(url), "http://127.0.0.1:%d/v1", fault_port(run.fault));
		make_endpoint(run.control, url);
	}
	bad = strcmp(phase, "writer") == 0 ?
		cancel_with_stopped_writer(&run, options) : cancel_all(&run, options);
	if (run.fault != NULL)
		fault_stop(run.fault);
	PQfreeCancel(run.cancel);
	PQfinish(run.conn);
	PQfinish(run.control);
	return bad > 0;
}
