/*
 * route.c
 *		From the name of an endpoint to where and how a request is sent.
 *
 * Read for every call, so it is one statement unless a header holds a secret.
 * It looks with the latest snapshot: a key that was replaced must not be sent
 * on because the caller's transaction is an old one.
 */
#include "postgres.h"

#include "base/errors.h"
#include "base/ordered.h"
#include "base/store.h"
#include "catalog/pg_type.h"
#include "datatype/timestamp.h"
#include "gateway/route.h"
#include "http/http.h"
#include "utils/builtins.h"
#include "utils/jsonb.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

#define COMPLETIONS_PATH "chat/completions"

/* A header's value that stands for a secret begins so. */
#define SECRET_PREFIX "secret:"

/* Header lines of every request: Content-Type, Accept. */
#define FIXED_HEADERS 2

static StoreStatement find_endpoint = {
	.sql = "SELECT e.url, e.provider, e.model, CAST(e.params AS pg_catalog.text), e.headers,"
	" e.connect_timeout, e.timeout, e.max_retries, e.max_response_bytes,"
	" e.secret, s.kind, s.sealed, s.key_id, s.reference"
	" FROM gaiops.endpoints AS e LEFT JOIN gaiops_private.secrets AS s"
	" ON s.name OPERATOR(pg_catalog.=) e.secret"
	" WHERE e.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

/* Columns of find_endpoint. */
enum
{
	COLUMN_URL = 1,
	COLUMN_PROVIDER,
	COLUMN_MODEL,
	COLUMN_PARAMS,
	COLUMN_HEADERS,
	COLUMN_CONNECT_TIMEOUT,
	COLUMN_TIMEOUT,
	COLUMN_MAX_RETRIES,
	COLUMN_MAX_RESPONSE_BYTES,
	COLUMN_SECRET				/* the first of five */
};

static StoreStatement find_secret = {
	.sql = "SELECT s.name, s.kind, s.sealed, s.key_id, s.reference"
	" FROM gaiops_private.secrets AS s WHERE s.name OPERATOR(pg_catalog.=) $1",
	.nargs = 1,
	.argtypes = {TEXTOID}
};

static StoreStatement list_endpoints = {
	.sql = "SELECT pg_catalog.string_agg(pg_catalog.format('\"%s\"', n.name), ', '),"
	" (SELECT pg_catalog.count(*) FROM gaiops.endpoints)"
	" FROM (SELECT e.name FROM gaiops.endpoints AS e ORDER BY e.name LIMIT 10) AS n"
};

/* A text column of row 0 in the current memory context; NULL if null. */
static char *
text_column(int column)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	return isnull ? NULL : TextDatumGetCString(value);
}

/* A column that cannot be null, of row 0. */
static Datum
required_column(int column)
{
	bool		isnull;
	Datum		value = store_datum(column, &isnull);

	if (isnull)
		elog(ERROR, "column %d of an endpoint is null", column);
	return value;
}

/* An interval column in milliseconds, at least 1; no endpoint has months. */
static int
milliseconds_column(int column)
{
	Interval   *interval = DatumGetIntervalP(required_column(column));
	int64		us = interval->time + interval->day * USECS_PER_DAY;

	return Max(1, (int) Min(us / 1000, INT_MAX));
}

/*
 * The row of gaiops_private.secrets in five columns of row 0; NULL if there
 * is none.
 */
static SecretRow *
secret_columns(int first)
{
	char	   *kind = text_column(first + 1);
	SecretRow  *row;
	Datum		sealed;
	bool		isnull;

	if (kind == NULL)
		return NULL;
	row = palloc0(sizeof(SecretRow));
	row->name = text_column(first);
	row->kind = *kind;
	sealed = store_datum(first + 2, &isnull);
	if (!isnull)
		row->sealed = DatumGetByteaPCopy(sealed);
	row->key_id = text_column(first + 3);
	row->reference = text_column(first + 4);
	return row;
}

/* Raises that there is no such secret: a call is not sent without its key. */
static void
raise_missing_secret(const Route *route, const char *header, const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_SECRET_UNAVAILABLE),
			 errmsg("secret \"%s\" does not exist", name),
			 errdetail("Endpoint \"%s\" sends it in the header \"%s\".",
					   route->endpoint, header),
			 errhint("Create it with gaiops_create_secret().")));
}

/* Reads the secret that a header refers to, or raises. */
static SecretRow *
header_secret(const Route *route, const char *header, const char *name)
{
	Datum		values[1] = {CStringGetTextDatum(name)};
	SecretRow  *row = NULL;

	store_execute(&find_secret, values, NULL, true);
	if (SPI_processed == 1)
		row = secret_columns(1);
	SPI_freetuptable(SPI_tuptable);
	if (row == NULL)
		raise_missing_secret(route, header, name);
	return row;
}

/*
 * Raises if text could end a header line.  The functions that write endpoints
 * have checked it; this is for rows that came another way.
 */
static void
check_header_text(const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char) *c < ' ' || *c == 0x7f)
			elog(ERROR, "header of an endpoint has a control character");
}

static char *
header_text(const JsonbValue *value)
{
	char	   *text;

	if (value->type != jbvString)
		elog(ERROR, "header of an endpoint is no string");
	text = pnstrdup(value->val.string.val, value->val.string.len);
	check_header_text(text);
	return text;
}

/* Fills in the extra headers of a route, reading the secrets they refer to. */
static void
read_headers(Route *route, Jsonb *headers)
{
	JsonbIterator *it;
	JsonbIteratorToken token;
	JsonbValue	value;
	RouteHeader *header;

	if (!JB_ROOT_IS_OBJECT(headers) || JB_ROOT_COUNT(headers) == 0)
		return;
	route->headers = palloc0(JB_ROOT_COUNT(headers) * sizeof(RouteHeader));
	it = JsonbIteratorInit(&headers->root);
	while ((token = JsonbIteratorNext(&it, &value, true)) != WJB_DONE)
	{
		header = &route->headers[route->nheaders];
		if (token == WJB_KEY)
			header->name = header_text(&value);
		else if (token == WJB_VALUE)
		{
			header->value = header_text(&value);
			route->nheaders++;
		}
	}
	for (int i = 0; i < route->nheaders; i++)
	{
		header = &route->headers[i];
		if (strncmp(header->value, SECRET_PREFIX, strlen(SECRET_PREFIX)) != 0)
			continue;
		header->secret = header_secret(route, header->name,
									   header->value + strlen(SECRET_PREFIX));
		header->value = NULL;
	}
}

/* Fills in a route from row 0 of find_endpoint; headers are for the caller. */
static void
read_endpoint(Route *route, Jsonb **headers)
{
	char	   *base = text_column(COLUMN_URL);
	char	   *secret = text_column(COLUMN_SECRET);

	route->is_echo = strcmp(base, ROUTE_ECHO_URL) == 0;
	route->provider = text_column(COLUMN_PROVIDER);
	route->model = text_column(COLUMN_MODEL);
	if (route->is_echo && route->model == NULL)
		route->model = pstrdup(ROUTE_ECHO_MODEL);
	route->params = ordered_of(text_column(COLUMN_PARAMS));
	*headers = DatumGetJsonbPCopy(required_column(COLUMN_HEADERS));
	route->timeout_ms = milliseconds_column(COLUMN_TIMEOUT);
	route->connect_timeout_ms = Min(route->timeout_ms,
									milliseconds_column(COLUMN_CONNECT_TIMEOUT));
	route->max_retries = DatumGetInt32(required_column(COLUMN_MAX_RETRIES));
	route->max_response_bytes =
		DatumGetInt64(required_column(COLUMN_MAX_RESPONSE_BYTES));
	route->secret = secret_columns(COLUMN_SECRET);
	if (secret != NULL && route->secret == NULL)
		raise_missing_secret(route, "Authorization", secret);
	route->url = route_url(base);
}

Route *
route_resolve(const char *endpoint)
{
	Route	   *route = SPI_palloc(sizeof(Route));
	MemoryContext upper = GetMemoryChunkContext(route);
	MemoryContext procedure = MemoryContextSwitchTo(upper);
	Datum		values[1] = {CStringGetTextDatum(endpoint)};
	Jsonb	   *headers;

	memset(route, 0, sizeof(Route));
	route->endpoint = pstrdup(endpoint);
	store_execute(&find_endpoint, values, NULL, true);
	if (SPI_processed == 0)
		route_raise_unknown(endpoint);
	read_endpoint(route, &headers);
	SPI_freetuptable(SPI_tuptable);
	read_headers(route, headers);
	pfree(headers);
	MemoryContextSwitchTo(procedure);
	return route;
}

void
route_raise_unknown(const char *endpoint)
{
	char	   *names;
	int64		count;

	store_execute(&list_endpoints, NULL, NULL, true);
	names = text_column(1);
	count = DatumGetInt64(required_column(2));
	ereport(ERROR,
			(errcode(ERRCODE_GAIOPS_UNKNOWN_ENDPOINT),
			 errmsg("endpoint \"%s\" does not exist", endpoint),
			 names == NULL ? errdetail("There are no endpoints.") :
			 count <= 10 ? errdetail("Known endpoints: %s.", names) :
			 errdetail("Known endpoints: %s and %lld more.", names,
					   (long long) (count - 10)),
			 errhint("Create it with gaiops_create_endpoint().")));
}

char *
route_url(const char *base)
{
	if (strcmp(base, ROUTE_ECHO_URL) == 0)
		return pstrdup(base);
	return http_url_join(base, COMPLETIONS_PATH);
}

/* "before" and the clear value of a secret in one line, and no other copy. */
static char *
secret_line(const char *before, const SecretRow *secret)
{
	SecretValue value = secret_open(secret);
	size_t		before_len = strlen(before);
	char	   *line = palloc(before_len + value.len + 1);

	memcpy(line, before, before_len);
	memcpy(line + before_len, value.data, value.len);
	line[before_len + value.len] = '\0';
	secret_wipe(&value);
	return line;
}

static char *
header_line(const RouteHeader *header)
{
	char	   *before = psprintf("%s: ", header->name);
	char	   *line;

	if (header->secret != NULL)
		line = secret_line(before, header->secret);
	else
		line = psprintf("%s%s", before, header->value);
	pfree(before);
	return line;
}

char **
route_headers_open(const Route *route, int *nheaders)
{
	char	  **lines = palloc0((FIXED_HEADERS + 1 + route->nheaders) *
								sizeof(char *));
	volatile int n = 0;

	PG_TRY();
	{
		lines[n++] = pstrdup("Content-Type: application/json");
		lines[n++] = pstrdup("Accept: application/json");
		for (int i = 0; i < route->nheaders; i++)
		{
			lines[n] = header_line(&route->headers[i]);
			n++;
		}
		if (route->secret != NULL)
		{
			lines[n] = secret_line("Authorization: Bearer ", route->secret);
			n++;
		}
	}
	PG_CATCH();
	{
		/* No clear key may stay behind when a later one cannot be opened. */
		route_headers_wipe(lines, n);
		PG_RE_THROW();
	}
	PG_END_TRY();
	*nheaders = n;
	return lines;
}

void
route_headers_wipe(char **headers, int nheaders)
{
	for (int i = 0; i < nheaders; i++)
	{
		explicit_bzero(headers[i], strlen(headers[i]));
		pfree(headers[i]);
	}
	pfree(headers);
}
