/*
 * bench.h
 *		What the parts of the benchmark client share.
 */
#ifndef BENCH_H
#define BENCH_H

#include <libpq-fe.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Options
{
	const char *conninfo;
	const char *url;			/* whole URL of the upstream */
	const char *row;			/* http, insert, n1, n2 or chat */
	const char *phase;			/* of the cancel mode */
	const char *post;			/* read (as the extension) or fields */
	const char *sql;			/* the call, with the message as $1 */
	int			sessions;
	int			count;			/* cancels of each kind */
	long		calls;			/* of the soak mode */
	double		seconds;
	double		warmup;
	bool		hold_snapshot;
} Options;

/* Latencies in ns, in the order of the calls. */
typedef struct Samples
{
	uint64_t   *ns;
	size_t		n;
	size_t		capacity;
} Samples;

/* What the user says in every row; the body is built from it. */
extern const char *const bench_message;
extern const char *const bench_body;

/* main.c */
extern void die(const char *format,...) __attribute__((format(printf, 1, 2), noreturn));
extern uint64_t now_ns(void);
extern void sleep_ns(uint64_t ns);
extern uint64_t random_seed(void);
extern uint64_t random_next(uint64_t *state);
extern void samples_add(Samples *samples, uint64_t ns);
extern void samples_sort(Samples *samples);
extern double samples_percentile_ms(const Samples *sorted, double percent);
extern double samples_mean_ms(const Samples *samples, size_t from, size_t to);
extern PGconn *connect_or_die(const char *conninfo);
extern long query_long(PGconn *conn, const char *sql);
extern void exec_or_die(PGconn *conn, const char *sql);

/* http_call.c */
typedef struct HttpCall HttpCall;
extern HttpCall *http_call_new(const Options *options);
extern bool http_call_post(HttpCall *call, const char *trace_id,
						   const char *span_id);
extern const char *http_call_answer(const HttpCall *call);
extern const char *http_call_error(const HttpCall *call);
extern void http_call_free(HttpCall *call);

/* faults.c */
typedef struct Fault Fault;
typedef enum FaultKind
{
	FAULT_NO_ACCEPT,			/* SYNs are dropped: the backlog is full */
	FAULT_SILENT,				/* reads the request, never answers */
	FAULT_DRIP					/* answers a byte every 50 ms */
} FaultKind;
extern Fault *fault_start(FaultKind kind);
extern int	fault_port(const Fault *fault);
extern long fault_requests(Fault *fault);
extern void fault_stop(Fault *fault);
extern int	free_port(void);

/* the modes */
extern int	rows_main(const Options *options);
extern int	soak_main(const Options *options);
extern int	cancel_main(const Options *options);
extern int	prompts_main(const Options *options);

#endif							/* BENCH_H */
