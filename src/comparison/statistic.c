/*
 * statistic.c
 *		What functions that make a row of statistics have in common.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "base/arguments.h"
#include "catalog/pg_type.h"
#include "comparison/statistic.h"
#include "core/stats/random.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

/* ---- what is taken ---- */

StatisticNumbers
statistic_numbers(FunctionCallInfo fcinfo, int arg)
{
	StatisticNumbers numbers = {NULL, 0};
	Datum	   *elements;
	bool	   *nulls;

	if (PG_ARGISNULL(arg))
		return numbers;
	deconstruct_array(PG_GETARG_ARRAYTYPE_P(arg), FLOAT8OID, sizeof(float8), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE,
					  &elements, &nulls, &numbers.n);
	numbers.values = palloc_array(double, numbers.n);
	for (int i = 0; i < numbers.n; i++)
		numbers.values[i] = nulls[i] ? NAN : DatumGetFloat8(elements[i]);
	pfree(elements);
	pfree(nulls);
	return numbers;
}

void
statistic_paired(FunctionCallInfo fcinfo, const char *const names[2], StatisticNumbers pair[2])
{
	pair[0] = statistic_numbers(fcinfo, 0);
	pair[1] = statistic_numbers(fcinfo, 1);
	if (pair[0].n != pair[1].n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arguments \"%s\" and \"%s\" must have as many elements", names[0], names[1]),
				 errdetail("The first has %d, the second %d.", pair[0].n, pair[1].n)));
}

double
statistic_number(FunctionCallInfo fcinfo, int arg)
{
	return PG_ARGISNULL(arg) ? NAN : PG_GETARG_FLOAT8(arg);
}

int64
statistic_count(FunctionCallInfo fcinfo, int arg, const char *name)
{
	if (PG_ARGISNULL(arg))
		argument_raise_null(name);
	if (PG_GETARG_INT64(arg) < 0)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("argument \"%s\" must not be negative", name)));
	if (PG_GETARG_INT64(arg) > STATISTIC_MAX_COUNT)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("argument \"%s\" must be at most %d", name, STATISTIC_MAX_COUNT)));
	return PG_GETARG_INT64(arg);
}

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

Sampling
statistic_sampling(FunctionCallInfo fcinfo, int arg)
{
	Sampling	how = {0, check_interrupts, SAMPLING_RESAMPLES, SAMPLING_DRAWS};

	if (!PG_ARGISNULL(arg))
	{
		text	   *seed = PG_GETARG_TEXT_PP(arg);

		how.seed = random_seed(VARDATA_ANY(seed), VARSIZE_ANY_EXHDR(seed));
	}
	return how;
}

/* ---- what is done ---- */

static void
raise_out_of_memory(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_OUT_OF_MEMORY),
			 errmsg("out of memory")));
}

void
statistic_do(StatisticWork work, void *task, size_t limit)
{
	Arena	   *arena = arena_create(limit);

	if (arena == NULL)
		raise_out_of_memory();
	PG_TRY();
	{
		if (!work(arena, task))
			raise_out_of_memory();
	}
	PG_FINALLY();
	{
		arena_free(arena);
	}
	PG_END_TRY();
}

/* ---- what is returned ---- */

static void
put(StatisticRow *row, Datum value, bool is_null)
{
	Assert(row->n < STATISTIC_COLUMNS);
	row->values[row->n] = value;
	row->nulls[row->n++] = is_null;
}

void
statistic_put_number(StatisticRow *row, double number)
{
	put(row, Float8GetDatum(number), isnan(number));
}

void
statistic_put_interval(StatisticRow *row, Bounds interval)
{
	statistic_put_number(row, interval.low);
	statistic_put_number(row, interval.high);
}

void
statistic_put_count(StatisticRow *row, int64 count)
{
	put(row, Int64GetDatum(count), false);
}

void
statistic_put_text(StatisticRow *row, const char *text)
{
	put(row, CStringGetTextDatum(text), false);
}

void
statistic_put_bool(StatisticRow *row, bool value)
{
	put(row, BoolGetDatum(value), false);
}

Datum
statistic_row(FunctionCallInfo fcinfo, StatisticRow *row)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	Assert(desc->natts == row->n);
	return HeapTupleGetDatum(heap_form_tuple(desc, row->values, row->nulls));
}
