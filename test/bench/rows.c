/*
 * rows.c
 *		One cell of the table: a row's kind of call by N sessions for a while.
 */
#include "bench.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/*
 * More than this and the session gives up: it is not what was to be measured.
 */
#define MAX_ERRORS 100

typedef struct Session
{
	const Options *options;
	pthread_barrier_t *barrier;
	pthread_t	thread;
	uint64_t	random;
	PGconn	   *conn;
	HttpCall   *http;
	Samples		samples;
	long		all_calls;		/* with those of the warm-up */
	long		errors;
	uint64_t	measured_ns;
	char		trace_id[37];
	char		span_id[17];
	char		error[512];
} Session;

/*
 * What is the same in every row of this workload is constant in the statement,
 * to the advantage of N1 and N2: a real client would send more parameters.
 */
#define REQUEST_COLUMNS \
	"trace_id, span_id, name, span_type, purpose, experiment, endpoint, " \
	"target, provider, model, session_role, role, application_name, " \
	"is_entry, attempt, start_time"
#define REQUEST_VALUES \
	"$1::uuid, $2::text, 'chat gpt-4.1-mini', 'CHAT_MODEL', 'application', " \
	"'Default', 'bench', 'openai/gpt-4.1-mini', 'openai', 'gpt-4.1-mini', " \
	"session_user, current_user, 'bench_client', true, 1, clock_timestamp()"
#define ANSWER_COLUMNS \
	"status, response_model, response_id, finish_reason, http_status, " \
	"input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, " \
	"cost, latency_ms, gateway_ms"
#define ANSWER_VALUES \
	"'OK', 'gpt-4.1-mini-2025-04-14', " \
	"'chatcmpl-BenchAbCdEfGhIjKlMnOpQrStUv', 'stop', 200, 45, 61, 0, 0, " \
	"0.0001156, $3::float8, $3::float8"

static const char insert_call[] =
"INSERT INTO bench.calls (" REQUEST_COLUMNS ", " ANSWER_COLUMNS
", request, response) VALUES (" REQUEST_VALUES ", " ANSWER_VALUES
", $4::text, $5::text)";
static const char insert_request[] =
"INSERT INTO bench.requests (" REQUEST_COLUMNS ", request) "
"VALUES (" REQUEST_VALUES ", $3::text)";
static const char insert_answer[] =
"INSERT INTO bench.answers (" REQUEST_COLUMNS ", " ANSWER_COLUMNS
", response) VALUES (" REQUEST_VALUES ", " ANSWER_VALUES ", $4::text)";

/* Notes a failure; the first text is the one that is shown. */
static bool
session_failed(Session *session, const char *message)
{
	session->errors++;
	if (session->error[0] == '\0')
		snprintf(session->error, sizeof(session->error), "%s", message);
	return false;
}

/* Executes a prepared statement, which is one transaction. */
static bool
run_prepared(Session *session, const char *name, int nparams,
			 const char *const *values)
{
	PGresult   *result = PQexecPrepared(session->conn, name, nparams, values,
										NULL, NULL, 0);
	ExecStatusType status = PQresultStatus(result);
	bool		ok = status == PGRES_COMMAND_OK ||
		(status == PGRES_TUPLES_OK && PQntuples(result) == 1 &&
		 !PQgetisnull(result, 0, 0));

	if (!ok)
		session_failed(session, PQerrorMessage(session->conn));
	PQclear(result);
	return ok;
}

static bool
post(Session *session)
{
	if (http_call_post(session->http, session->trace_id, session->span_id))
		return true;
	return session_failed(session, http_call_error(session->http));
}

static bool
insert_whole(Session *session, const char *answer)
{
	const char *values[] = {session->trace_id, session->span_id, "0.137",
	bench_body, answer};

	return run_prepared(session, "insert_call", 5, values);
}

static bool
call_http(Session *session)
{
	return post(session);
}

static bool
call_insert(Session *session)
{
	return insert_whole(session, bench_body);
}

static bool
call_n1(Session *session)
{
	return post(session) &&
		insert_whole(session, http_call_answer(session->http));
}

static bool
call_n2(Session *session)
{
	const char *request[] = {session->trace_id, session->span_id, bench_body};
	const char *answer[] = {session->trace_id, session->span_id, "0.137", NULL};

	if (!run_prepared(session, "insert_request", 3, request) || !post(session))
		return false;
	answer[3] = http_call_answer(session->http);
	return run_prepared(session, "insert_answer", 4, answer);
}

static bool
call_chat(Session *session)
{
	const char *values[] = {bench_message};

	return run_prepared(session, "chat", 1, values);
}

typedef struct RowKind
{
	const char *name;
	bool		(*call) (Session *session);
	bool		needs_http;
	bool		needs_tables;
	bool		needs_chat;
} RowKind;

static const RowKind row_kinds[] = {
	{"http", call_http, true, false, false},
	{"insert", call_insert, false, true, false},
	{"n1", call_n1, true, true, false},
	{"n2", call_n2, true, true, false},
	{"chat", call_chat, false, false, true},
};

static const RowKind *
row_kind(const char *name)
{
	for (size_t i = 0; i < sizeof(row_kinds) / sizeof(row_kinds[0]); i++)
		if (strcmp(row_kinds[i].name, name) == 0)
			return &row_kinds[i];
	die("unknown row \"%s\"", name);
}

static void
prepare(Session *session, const char *name, const char *sql)
{
	PGresult   *result = PQprepare(session->conn, name, sql, 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die("%s: %s", sql, PQerrorMessage(session->conn));
	PQclear(result);
}

/* Opens what the sessions of a row need; ends the program if it cannot. */
static void
session_open(Session *session, const RowKind *kind)
{
	if (kind->needs_http)
		session->http = http_call_new(session->options);
	if (!kind->needs_tables && !kind->needs_chat)
		return;
	session->conn = connect_or_die(session->options->conninfo);
	if (kind->needs_chat)
		prepare(session, "chat", session->options->sql);
	else
	{
		prepare(session, "insert_call", insert_call);
		prepare(session, "insert_request", insert_request);
		prepare(session, "insert_answer", insert_answer);
	}
}

/* New ids: a version 4 uuid, and 16 hexadecimal digits. */
static void
session_new_ids(Session *session)
{
	uint64_t	a = random_next(&session->random);
	uint64_t	b = random_next(&session->random);

	snprintf(session->trace_id, sizeof(session->trace_id),
			 "%08x-%04x-4%03x-a%03x-%012llx",
			 (unsigned) (a >> 32), (unsigned) (a >> 16 & 0xffff),
			 (unsigned) (a & 0xfff), (unsigned) (b >> 52),
			 (unsigned long long) (b & 0xffffffffffff));
	snprintf(session->span_id, sizeof(session->span_id), "%016llx",
			 (unsigned long long) random_next(&session->random));
}

static void *
session_main(void *arg)
{
	Session    *session = arg;
	const RowKind *kind = row_kind(session->options->row);
	uint64_t	begin;
	uint64_t	end;
	uint64_t	start;

	session_open(session, kind);
	pthread_barrier_wait(session->barrier);
	begin = now_ns() + (uint64_t) (session->options->warmup * 1e9);
	end = begin + (uint64_t) (session->options->seconds * 1e9);
	while ((start = now_ns()) < end && session->errors < MAX_ERRORS)
	{
		session_new_ids(session);
		if (kind->call(session))
		{
			session->all_calls++;
			if (start >= begin)
				samples_add(&session->samples, now_ns() - start);
		}
		else if (session->conn != NULL && PQstatus(session->conn) != CONNECTION_OK)
			break;
	}
	session->measured_ns = start > begin ? start - begin : 1;
	PQfinish(session->conn);
	http_call_free(session->http);
	return NULL;
}

/* What this program has used of the CPUs, in clock ticks as in /proc. */
static long
cpu_ticks(void)
{
	struct rusage usage;
	double		seconds;

	if (getrusage(RUSAGE_SELF, &usage) != 0)
		return 0;
	seconds = (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
		(double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
	return (long) (seconds * (double) sysconf(_SC_CLK_TCK));
}

/* Joins the sessions' samples and prints the cell as one line of key=value. */
static int
report(Session *sessions, int n)
{
	Samples		all = {0};
	double		rate = 0;
	long		calls = 0;
	long		errors = 0;
	const char *error = NULL;

	for (int i = 0; i < n; i++)
	{
		rate += (double) sessions[i].samples.n * 1e9 /
			(double) sessions[i].measured_ns;
		calls += sessions[i].all_calls;
		errors += sessions[i].errors;
		if (error == NULL && sessions[i].error[0] != '\0')
			error = sessions[i].error;
		for (size_t k = 0; k < sessions[i].samples.n; k++)
			samples_add(&all, sessions[i].samples.ns[k]);
	}
	samples_sort(&all);
	printf("rate=%.0f p50=%.4f p99=%.4f calls=%ld errors=%ld cpu=%ld\n", rate,
		   samples_percentile_ms(&all, 50), samples_percentile_ms(&all, 99),
		   calls, errors, cpu_ticks());
	if (error != NULL)
		fprintf(stderr, "bench_client: %ld errors, the first: %s\n", errors, error);
	free(all.ns);
	return errors == 0 && calls > 0 ? 0 : 1;
}

/* Mode "row": prints one cell; returns 0 if no call failed. */
int
rows_main(const Options *options)
{
	int			n = options->sessions;
	Session    *sessions = calloc((size_t) n, sizeof(Session));
	pthread_barrier_t barrier;

	if (sessions == NULL || pthread_barrier_init(&barrier, NULL, (unsigned) n) != 0)
		die("out of memory");
	row_kind(options->row);
	for (int i = 0; i < n; i++)
	{
		sessions[i].options = options;
		sessions[i].barrier = &barrier;
		sessions[i].random = random_seed();
		if (pthread_create(&sessions[i].thread, NULL, session_main, &sessions[i]) != 0)
			die("could not start a thread");
	}
	for (int i = 0; i < n; i++)
		pthread_join(sessions[i].thread, NULL);
	return report(sessions, n);
}
