/*
 * agreement_functions.c
 *		How far raters agree, for SQL.
 */
#include "postgres.h"

#include <math.h>

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "core/stats/agreement.h"
#include "fmgr.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(gaiops_measure_agreement);

/* The same data are to have the same intervals, always. */
#define RESAMPLES	1000
#define SEED		42

static void
check_interrupts(void)
{
	CHECK_FOR_INTERRUPTS();
}

/* ---- reading ---- */

/*
 * An argument that is an array of n elements, or of any number, set in n, if
 * that is negative.  Raises if it is NULL, has NULLs, or another number of
 * elements.
 */
static ArrayType *
get_array(FunctionCallInfo fcinfo, int arg, const char *name, int *n)
{
	ArrayType  *array;
	int			found;

	if (PG_ARGISNULL(arg))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", name)));
	array = PG_GETARG_ARRAYTYPE_P(arg);
	found = ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
	if (array_contains_nulls(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not contain nulls", name)));
	if (*n >= 0 && found != *n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("units, raters and ratings must be equal in number"),
				 errdetail("There are %d units, and argument \"%s\" has %d elements.", *n, name, found)));
	*n = found;
	return array;
}

/* The ratings that three arrays say; raises if they are not ratings. */
static AgreementRating *
get_ratings(FunctionCallInfo fcinfo, int *n)
{
	const int32 *units;
	const int32 *raters;
	const float8 *values;
	AgreementRating *ratings;

	*n = -1;
	units = (const int32 *) ARR_DATA_PTR(get_array(fcinfo, 0, "units", n));
	raters = (const int32 *) ARR_DATA_PTR(get_array(fcinfo, 1, "raters", n));
	values = (const float8 *) ARR_DATA_PTR(get_array(fcinfo, 2, "ratings", n));
	ratings = palloc_extended((Size) *n * sizeof(AgreementRating), MCXT_ALLOC_HUGE);
	for (int i = 0; i < *n; i++)
	{
		if (!isfinite(values[i]))
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("a rating must be a finite number")));
		ratings[i] = (AgreementRating) {units[i], raters[i], values[i]};
	}
	return ratings;
}

/* Raises if it is none. */
static AgreementLevel
get_level(FunctionCallInfo fcinfo)
{
	char	   *level;

	if (PG_ARGISNULL(3))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("argument \"%s\" must not be null", "level")));
	level = text_to_cstring(PG_GETARG_TEXT_PP(3));
	if (strcmp(level, "nominal") == 0)
		return AGREEMENT_NOMINAL;
	if (strcmp(level, "ordinal") == 0)
		return AGREEMENT_ORDINAL;
	if (strcmp(level, "interval") == 0)
		return AGREEMENT_INTERVAL;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("unknown level of measurement \"%s\"", level),
			 errhint("Levels are nominal, ordinal and interval.")));
}

/* ---- measuring ---- */

/* What is measured. */
typedef struct Measured
{
	uint32_t	units;
	double		prevalence;
	AgreementFigures figures;
	AgreementFigures low;
	AgreementFigures high;
} Measured;

/*
 * Measures ratings, which are sorted where they are; counted is the value
 * whose prevalence is asked for, or NaN.  Raises if a rater has rated a unit
 * twice or memory is short; the arena is freed by the caller.
 */
static void
measure(Arena *arena, AgreementRating *ratings, int n, AgreementLevel level, double counted,
		Measured *measured)
{
	AgreementBootstrap bootstrap = {RESAMPLES, SEED, check_interrupts};
	AgreementSample *sample;
	AgreementProblem problem = agreement_prepare(arena, ratings, (size_t) n, level, &sample);

	if (problem == AGREEMENT_REPEATED)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a rater has rated a unit more than once")));
	if (problem == AGREEMENT_NO_MEMORY ||
		!agreement_bootstrap(arena, sample, &bootstrap, &measured->low, &measured->high))
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory"),
				 errdetail("There are %d ratings to compare.", n)));
	measured->units = agreement_units(sample);
	measured->figures = agreement_measure(sample);
	measured->prevalence = agreement_prevalence(sample, counted);
}

/* NULL for what is not defined. */
static void
put_number(Datum *values, bool *nulls, int column, double number)
{
	nulls[column] = isnan(number);
	values[column] = Float8GetDatum(number);
}

/* A row: n, three columns for each figure, prevalence. */
static Datum
make_row(FunctionCallInfo fcinfo, const Measured *measured)
{
	Datum		values[2 + 3 * AGREEMENT_FIGURES];
	bool		nulls[2 + 3 * AGREEMENT_FIGURES] = {false};
	TupleDesc	desc;
	int			column = 0;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	Assert(desc->natts == lengthof(values));
	values[column++] = Int32GetDatum((int32) measured->units);
	for (int f = 0; f < AGREEMENT_FIGURES; f++)
	{
		put_number(values, nulls, column++, measured->figures.of[f]);
		put_number(values, nulls, column++, measured->low.of[f]);
		put_number(values, nulls, column++, measured->high.of[f]);
	}
	put_number(values, nulls, column, measured->prevalence);
	return HeapTupleGetDatum(heap_form_tuple(desc, values, nulls));
}

/*
 * gaiops.measure_agreement(units integer[], raters integer[], ratings double
 * precision[], level text, counted double precision) returns a row of figures;
 * raises if the arrays are no ratings
 */
Datum
gaiops_measure_agreement(PG_FUNCTION_ARGS)
{
	int			n;
	AgreementRating *ratings = get_ratings(fcinfo, &n);
	AgreementLevel level = get_level(fcinfo);
	double		counted = PG_ARGISNULL(4) ? NAN : PG_GETARG_FLOAT8(4);
	Measured   *measured = palloc0(sizeof(Measured));
	Arena	   *arena = arena_create((size_t) n * AGREEMENT_BYTES_PER_RATING + AGREEMENT_BYTES +
									 RESAMPLES * sizeof(AgreementFigures));

	if (arena == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	PG_TRY();
	{
		measure(arena, ratings, n, level, counted, measured);
	}
	PG_FINALLY();
	{
		arena_free(arena);
	}
	PG_END_TRY();
	pfree(ratings);
	PG_RETURN_DATUM(make_row(fcinfo, measured));
}
