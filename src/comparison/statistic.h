/*
 * statistic.h
 *		What functions that make a row of statistics have in common.
 */
#ifndef GAIOPS_STATISTIC_H
#define GAIOPS_STATISTIC_H

#include "core/memory/arena.h"
#include "core/stats/interval.h"
#include "core/stats/sampling.h"
#include "fmgr.h"

/* ---- what is taken ---- */

/*
 * An argument that is an array of numbers: NULL among them is NaN, and there
 * are none if it is NULL itself.
 */
typedef struct StatisticNumbers
{
	double	   *values;
	int			n;
} StatisticNumbers;

extern StatisticNumbers statistic_numbers(FunctionCallInfo fcinfo, int arg);

/* Two of them, of as many numbers; raises if they are not. */
extern void statistic_paired(FunctionCallInfo fcinfo, const char *const names[2], StatisticNumbers pair[2]);

/* An argument that is a number; NaN if it is NULL. */
extern double statistic_number(FunctionCallInfo fcinfo, int arg);

/*
 * Most that is counted.  Some sums have as many terms as the root of a count,
 * and look for no interrupts.
 */
#define STATISTIC_MAX_COUNT 1000000000

/* An argument that is a count; raises if it is NULL, negative or too large. */
extern int64 statistic_count(FunctionCallInfo fcinfo, int arg, const char *name);

/* How to draw: an argument that is a text decides what. */
extern Sampling statistic_sampling(FunctionCallInfo fcinfo, int arg);

/* ---- what is done ---- */

/*
 * Does work with an arena that gives out at most limit bytes, and is freed
 * whatever happens; raises if the work says that memory is short.
 */
typedef bool (*StatisticWork) (Arena *arena, void *task);

extern void statistic_do(StatisticWork work, void *task, size_t limit);

/* ---- what is returned ---- */

#define STATISTIC_COLUMNS	16

/* A row that is filled in column by column. */
typedef struct StatisticRow
{
	Datum		values[STATISTIC_COLUMNS];
	bool		nulls[STATISTIC_COLUMNS];
	int			n;
} StatisticRow;

/* NaN is NULL. */
extern void statistic_put_number(StatisticRow *row, double number);
extern void statistic_put_interval(StatisticRow *row, Bounds interval);
extern void statistic_put_count(StatisticRow *row, int64 count);
extern void statistic_put_text(StatisticRow *row, const char *text);
extern void statistic_put_bool(StatisticRow *row, bool value);

/* The row, of the type that the function returns. */
extern Datum statistic_row(FunctionCallInfo fcinfo, StatisticRow *row);

#endif							/* GAIOPS_STATISTIC_H */
