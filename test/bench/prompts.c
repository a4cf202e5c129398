/*
 * prompts.c
 *		Loading and rendering a registered prompt beside a bare indexed SELECT.
 */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>

/* Calls of one statement before it is the turn of the next. */
#define BLOCK 50
#define WARM_UP 1000

typedef struct Statement
{
	const char *title;
	const char *name;
	const char *sql;
	int			nparams;
	const char *values[2];
	Samples		samples;
	double		p50;
} Statement;

enum
{
	BARE_SELECT,
	FORMAT_PROMPT,
	LOAD_PROMPT,
	STATEMENTS
};

/* The tables are those of prompts.sql. */
static Statement statements[STATEMENTS] = {
	[BARE_SELECT] = {
		.title = "SELECT of a row by its key",
		.name = "bare_select",
		.sql = "SELECT template FROM bench.prompts WHERE name = $1",
		.nparams = 1,
		.values = {"Greet_Prompt"}
	},
	[FORMAT_PROMPT] = {
		.title = "gaiops_format_prompt",
		.name = "format_prompt",
		.sql = "SELECT pg_catalog.gaiops_format_prompt($1, $2)",
		.nparams = 2,
		.values = {"prompts:/Greet_Prompt@production", "{\"company\":\"Acme\"}"}
	},
	[LOAD_PROMPT] = {
		.title = "gaiops_load_prompt",
		.name = "load_prompt",
		.sql = "SELECT pg_catalog.gaiops_load_prompt($1)",
		.nparams = 1,
		.values = {"prompts:/Greet_Prompt@production"}
	}
};

static void
prepare(PGconn *conn, const Statement *statement)
{
	PGresult   *result = PQprepare(conn, statement->name, statement->sql, 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		die("%s: %s", statement->sql, PQerrorMessage(conn));
	PQclear(result);
}

/* Runs a statement, which must give one value. */
static void
execute(PGconn *conn, const Statement *statement)
{
	PGresult   *result = PQexecPrepared(conn, statement->name, statement->nparams,
										statement->values, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		die("%s: %s", statement->title, PQerrorMessage(conn));
	if (PQntuples(result) != 1 || PQgetisnull(result, 0, 0))
		die("%s gave nothing", statement->title);
	PQclear(result);
}

static void
measure_block(PGconn *conn, Statement *statement)
{
	for (int i = 0; i < BLOCK; i++)
	{
		uint64_t	start = now_ns();

		execute(conn, statement);
		samples_add(&statement->samples, now_ns() - start);
	}
}

/* Prints a statement's figures and keeps the median; sorts its samples. */
static void
report(Statement *statement)
{
	Samples    *samples = &statement->samples;
	double		mean = samples_mean_ms(samples, 0, samples->n);

	samples_sort(samples);
	statement->p50 = samples_percentile_ms(samples, 50);
	printf("  %-28s %10.0f calls/s  p50 %.4f ms  p99 %.4f ms\n", statement->title,
		   1000 / mean, statement->p50, samples_percentile_ms(samples, 99));
}

/*
 * Mode "prompts": the statements take turns on one connection for
 * options->seconds, so that whatever slows the machine slows all of them.
 */
int
prompts_main(const Options *options)
{
	PGconn	   *conn = connect_or_die(options->conninfo);
	uint64_t	end;

	for (int i = 0; i < STATEMENTS; i++)
		prepare(conn, &statements[i]);
	for (int n = 0; n < WARM_UP; n++)
		for (int i = 0; i < STATEMENTS; i++)
			execute(conn, &statements[i]);
	end = now_ns() + (uint64_t) (options->seconds * 1e9);
	while (now_ns() < end)
		for (int i = 0; i < STATEMENTS; i++)
			measure_block(conn, &statements[i]);
	for (int i = 0; i < STATEMENTS; i++)
		report(&statements[i]);
	printf("  loading and rendering Greet_Prompt@production takes %.2f times the SELECT\n",
		   statements[FORMAT_PROMPT].p50 / statements[BARE_SELECT].p50);
	for (int i = 0; i < STATEMENTS; i++)
		free(statements[i].samples.ns);
	PQfinish(conn);
	return 0;
}
