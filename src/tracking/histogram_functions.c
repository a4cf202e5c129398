/*
 * histogram_functions.c
 *		Functions on histograms of latencies.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "compat.h"
#include "core/stats/histogram.h"
#include "fmgr.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(gaiops_histogram_add);
PG_FUNCTION_INFO_V1(gaiops_histogram_add_histogram);
PG_FUNCTION_INFO_V1(gaiops_histogram_result);
PG_FUNCTION_INFO_V1(gaiops_histogram_mean);
PG_FUNCTION_INFO_V1(gaiops_percentile);

/* A sum under way: attempts by bucket. */
typedef struct HistogramSum
{
	int64		counts[HISTOGRAM_BUCKETS];
} HistogramSum;

/* A histogram as two arrays of equal length. */
typedef struct Histogram
{
	int			n;
	int32	   *buckets;
	int64	   *counts;
} Histogram;

/* ---- reading ---- */

/*
 * Reads two arrays, which must have one dimension, equal lengths and no nulls:
 * only the extension writes them.
 */
static Histogram
read_arrays(ArrayType *buckets, ArrayType *counts)
{
	Histogram	result;

	result.n = ArrayGetNItems(ARR_NDIM(buckets), ARR_DIMS(buckets));
	if (ARR_ELEMTYPE(buckets) != INT4OID || ARR_ELEMTYPE(counts) != INT8OID ||
		array_contains_nulls(buckets) || array_contains_nulls(counts) ||
		ArrayGetNItems(ARR_NDIM(counts), ARR_DIMS(counts)) != result.n)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a histogram has as many counts as buckets, and no nulls")));
	result.buckets = (int32 *) ARR_DATA_PTR(buckets);
	result.counts = (int64 *) ARR_DATA_PTR(counts);
	return result;
}

/*
 * Reads a value of type gaiops.latency_histogram; null fields count as empty.
 */
static Histogram
read_composite(HeapTupleHeader value)
{
	Histogram	empty = {0};
	bool		no_buckets;
	bool		no_counts;
	Datum		buckets = GetAttributeByNum(value, 1, &no_buckets);
	Datum		counts = GetAttributeByNum(value, 2, &no_counts);

	if (no_buckets || no_counts)
		return empty;
	return read_arrays(DatumGetArrayTypeP(buckets), DatumGetArrayTypeP(counts));
}

/* ---- adding up ---- */

/* The state of the aggregate, made in its memory at the first row. */
static HistogramSum *
get_sum(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		elog(ERROR, "gaiops.histogram_add() was called outside of an aggregate");
	if (!PG_ARGISNULL(0))
		return (HistogramSum *) PG_GETARG_POINTER(0);
	return MemoryContextAllocZero(context, sizeof(HistogramSum));
}

static void
add_histogram(HistogramSum *sum, const Histogram *histogram)
{
	for (int i = 0; i < histogram->n; i++)
	{
		int32		bucket = histogram->buckets[i];

		if (bucket >= 0 && bucket < HISTOGRAM_BUCKETS)
			sum->counts[bucket] += histogram->counts[i];
	}
}

/* gaiops.histogram_add(internal, integer[], bigint[]) returns internal */
Datum
gaiops_histogram_add(PG_FUNCTION_ARGS)
{
	HistogramSum *sum = get_sum(fcinfo);

	if (!PG_ARGISNULL(1) && !PG_ARGISNULL(2))
	{
		Histogram	histogram = read_arrays(PG_GETARG_ARRAYTYPE_P(1),
											PG_GETARG_ARRAYTYPE_P(2));

		add_histogram(sum, &histogram);
	}
	PG_RETURN_POINTER(sum);
}

/* gaiops.histogram_add(internal, gaiops.latency_histogram) returns internal */
Datum
gaiops_histogram_add_histogram(PG_FUNCTION_ARGS)
{
	HistogramSum *sum = get_sum(fcinfo);

	if (!PG_ARGISNULL(1))
	{
		Histogram	histogram = read_composite(PG_GETARG_HEAPTUPLEHEADER(1));

		add_histogram(sum, &histogram);
	}
	PG_RETURN_POINTER(sum);
}

/* gaiops.histogram_result(internal) returns gaiops.latency_histogram */
Datum
gaiops_histogram_result(PG_FUNCTION_ARGS)
{
	const HistogramSum *sum = PG_ARGISNULL(0) ? NULL :
	(HistogramSum *) PG_GETARG_POINTER(0);
	Datum		buckets[HISTOGRAM_BUCKETS];
	Datum		counts[HISTOGRAM_BUCKETS];
	Datum		values[2];
	bool		nulls[2] = {false, false};
	TupleDesc	desc;
	int			n = 0;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "return type must be a row type");
	for (int32 i = 0; sum != NULL && i < HISTOGRAM_BUCKETS; i++)
	{
		if (sum->counts[i] == 0)
			continue;
		buckets[n] = Int32GetDatum(i);
		counts[n++] = Int64GetDatum(sum->counts[i]);
	}
	values[0] = PointerGetDatum(construct_array(buckets, n, INT4OID, 4, true,
												TYPALIGN_INT));
	values[1] = PointerGetDatum(construct_array(counts, n, INT8OID, 8,
												FLOAT8PASSBYVAL, TYPALIGN_DOUBLE));
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(desc, values, nulls)));
}

/* ---- figures ---- */

/* The middle of a bucket in milliseconds. */
static double
bucket_ms(int32 bucket)
{
	return (double) (histogram_lower(bucket) + histogram_upper(bucket) - 1) / 2000.0;
}

/* gaiops.histogram_mean(gaiops.latency_histogram) returns double precision */
Datum
gaiops_histogram_mean(PG_FUNCTION_ARGS)
{
	Histogram	histogram = read_composite(PG_GETARG_HEAPTUPLEHEADER(0));
	double		total = 0;
	double		n = 0;

	for (int i = 0; i < histogram.n; i++)
	{
		if (histogram_lower(histogram.buckets[i]) < 0 || histogram.counts[i] < 1)
			continue;
		total += bucket_ms(histogram.buckets[i]) * (double) histogram.counts[i];
		n += (double) histogram.counts[i];
	}
	if (n == 0)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(total / n);
}

/*
 * gaiops_percentile(gaiops.latency_histogram, double precision) returns double
 * precision; raises if the second is no fraction.
 */
Datum
gaiops_percentile(PG_FUNCTION_ARGS)
{
	Histogram	histogram = read_composite(PG_GETARG_HEAPTUPLEHEADER(0));
	double		p = PG_GETARG_FLOAT8(1);
	double		us;

	if (!(p >= 0 && p <= 1))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("a percentile must be between 0 and 1"),
				 errhint("For example, 0.95 for the 95th percentile.")));
	us = histogram_percentile(histogram.buckets, histogram.counts, histogram.n, p);
	if (us != us)
		PG_RETURN_NULL();
	PG_RETURN_FLOAT8(us / 1000.0);
}
