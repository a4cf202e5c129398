/*
 * arguments.h
 *		Reading and checking the arguments of SQL functions.
 */
#ifndef GAIOPS_ARGUMENTS_H
#define GAIOPS_ARGUMENTS_H

#include "compat.h"
#include "core/text/text_slice.h"
#include "datatype/timestamp.h"
#include "fmgr.h"
#include "utils/jsonb.h"

/* A text argument as a C string; NULL if it is null. */
extern char *argument_text(FunctionCallInfo fcinfo, int n);

/* The same, but null is an error that names the argument. */
extern char *argument_required_text(FunctionCallInfo fcinfo, int n,
									const char *name);

/* The beginning of a text that nobody has checked, for an error message. */
extern char *argument_excerpt(const char *text);

/* A jsonb argument; NULL if it is null. */
extern Jsonb *argument_jsonb(FunctionCallInfo fcinfo, int n);

/* An argument of type gaiops.ordered_json or json; absent if it is null. */
extern TextSlice argument_json(FunctionCallInfo fcinfo, int n);

/* The same, but anything else than an object is an error. */
extern TextSlice argument_object(FunctionCallInfo fcinfo, int n, const char *name);

/*
 * An interval argument in milliseconds, 0 if it is null; at least 1 ms, at
 * most a day.
 */
extern int	argument_timeout(FunctionCallInfo fcinfo, int n);

/* The same of an interval, or a number of seconds, that is no argument. */
extern int	argument_interval_ms(const Interval *interval);
extern int	argument_seconds_ms(double seconds);

/* Raises that an argument must not be null. */
pg_noreturn extern void argument_raise_null(const char *name);

#endif							/* GAIOPS_ARGUMENTS_H */
