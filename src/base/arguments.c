/*
 * arguments.c
 *		Reading and checking the arguments of SQL functions.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/ordered.h"
#include "mb/pg_wchar.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define MAX_TIMEOUT_MS 86400000.0
#define MAX_EXCERPT 255

void
argument_raise_null(const char *name)
{
	ereport(ERROR,
			(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
			 errmsg("argument \"%s\" must not be null", name)));
	pg_unreachable();
}

char *
argument_text(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : text_to_cstring(PG_GETARG_TEXT_PP(n));
}

char *
argument_required_text(FunctionCallInfo fcinfo, int n, const char *name)
{
	if (PG_ARGISNULL(n))
		argument_raise_null(name);
	return text_to_cstring(PG_GETARG_TEXT_PP(n));
}

char *
argument_excerpt(const char *text)
{
	return pnstrdup(text, pg_mbcliplen(text, (int) strlen(text), MAX_EXCERPT));
}

Jsonb *
argument_jsonb(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? NULL : PG_GETARG_JSONB_P(n);
}

TextSlice
argument_json(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? ORDERED_NONE : ordered_of_datum(PG_GETARG_DATUM(n));
}

TextSlice
argument_object(FunctionCallInfo fcinfo, int n, const char *name)
{
	TextSlice	value = argument_json(fcinfo, n);

	if (value.data != NULL && json_text_kind(value) != VALUE_OBJECT)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must be a JSON object", name)));
	return value;
}

/* Checks what may be a timeout, in milliseconds. */
static int
check_timeout(double ms)
{
	if (!(ms >= 1 && ms <= MAX_TIMEOUT_MS))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("timeout must be from 1 millisecond to 1 day")));
	return (int) ms;
}

int
argument_seconds_ms(double seconds)
{
	return check_timeout(seconds * 1000);
}

int
argument_interval_ms(const Interval *interval)
{
	double		ms = interval->time / 1000.0 + interval->day * MAX_TIMEOUT_MS;

	return check_timeout(interval->month != 0 ? 0 : ms);
}

int
argument_timeout(FunctionCallInfo fcinfo, int n)
{
	return PG_ARGISNULL(n) ? 0 : argument_interval_ms(PG_GETARG_INTERVAL_P(n));
}
