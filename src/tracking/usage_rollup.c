/*
 * usage_rollup.c
 *		Adding up the attempts of a commit into rows of gaiops.usage_deltas.
 */
#include "postgres.h"

#include "base/ids.h"
#include "catalog/pg_collation.h"
#include "catalog/pg_type.h"
#include "core/stats/histogram.h"
#include "nodes/pg_list.h"
#include "queue/sink.h"
#include "tracking/span_shape.h"
#include "tracking/usage_rollup.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/numeric.h"
#include "utils/timestamp.h"

#define USAGE_COLUMNS(X) \
	X(USAGE, hour, TIMESTAMPTZOID) X(USAGE, experiment, TEXTOID) \
	X(USAGE, purpose, TEXTOID) X(USAGE, endpoint, TEXTOID) \
	X(USAGE, provider, TEXTOID) X(USAGE, model, TEXTOID) \
	X(USAGE, prompt_name, TEXTOID) X(USAGE, prompt_version, INT4OID) \
	X(USAGE, calls, INT8OID) X(USAGE, attempts, INT8OID) \
	X(USAGE, errors, INT8OID) X(USAGE, unknown, INT8OID) \
	X(USAGE, input_tokens, INT8OID) X(USAGE, output_tokens, INT8OID) \
	X(USAGE, cached_input_tokens, INT8OID) X(USAGE, reasoning_tokens, INT8OID) \
	X(USAGE, cost, NUMERICOID) X(USAGE, unpriced, INT8OID) \
	X(USAGE, latency_buckets, INT4ARRAYOID) X(USAGE, latency_counts, INT8ARRAYOID) \
	X(USAGE, first_start, TIMESTAMPTZOID) X(USAGE, last_start, TIMESTAMPTZOID) \
	X(USAGE, error_class, TEXTOID) X(USAGE, failed_calls, INT8OID) \
	X(USAGE, delta_id, UUIDOID)

enum UsageColumn {USAGE_COLUMNS(RECORD_POSITION) USAGE_NCOLUMNS};

static const RecordColumn usage_columns[] = {USAGE_COLUMNS(RECORD_COLUMN)};

RecordShape usage_shape = {
	.table = "usage_deltas",
	.columns = usage_columns,
	.ncolumns = USAGE_NCOLUMNS,
};

/* Key columns of a delta, and the span columns they are taken from. */
static const struct
{
	int			usage;
	int			span;
}			key_columns[] =
{
	{USAGE_experiment, SPAN_experiment},
	{USAGE_purpose, SPAN_purpose},
	{USAGE_endpoint, SPAN_endpoint},
	{USAGE_provider, SPAN_provider},
	{USAGE_model, SPAN_model},
	{USAGE_prompt_name, SPAN_prompt_name},
};

/* Counts of a delta that are sums of token columns. */
static const struct
{
	int			usage;
	int			span;
}			token_columns[] =
{
	{USAGE_input_tokens, SPAN_input_tokens},
	{USAGE_output_tokens, SPAN_output_tokens},
	{USAGE_cached_input_tokens, SPAN_cached_input_tokens},
	{USAGE_reasoning_tokens, SPAN_reasoning_tokens},
};

typedef struct UsageDelta
{
	RecordValues row;			/* key columns set */
	int64		calls;
	int64		attempts;
	int64		errors;
	int64		unknown;
	int64		failed_calls;
	int64		unpriced;
	int64		tokens[lengthof(token_columns)];
	Datum		cost;
	TimestampTz first_start;
	TimestampTz last_start;
	int			nlatencies;
	int			latencies_size;
	int32	   *latencies;		/* bucket of each attempt */
} UsageDelta;

/* What of a span a delta is for, besides the columns above. */
typedef struct UsageKey
{
	TimestampTz hour;
	int			class_column;	/* of the span, has its error_class */
} UsageKey;

/* The deltas of a commit. */
typedef struct Rollup
{
	List	   *deltas;
} Rollup;

static void *
begin_rollup(void)
{
	return palloc0(sizeof(Rollup));
}

/* The hour a moment lies in, in UTC as everywhere. */
static TimestampTz
hour_of(TimestampTz moment)
{
	TimestampTz rest = moment % USECS_PER_HOUR;

	return moment - (rest < 0 ? rest + USECS_PER_HOUR : rest);
}

static bool
same_text(const RecordValues *row, int column, Datum value, bool isnull)
{
	if (row->nulls[column] || isnull)
		return row->nulls[column] == isnull;
	return DatumGetBool(DirectFunctionCall2Coll(texteq, C_COLLATION_OID,
												row->values[column], value));
}

static bool
same_key(const RecordValues *row, const RecordValues *span, UsageKey key)
{
	if (DatumGetTimestampTz(row->values[USAGE_hour]) != key.hour ||
		!same_text(row, USAGE_error_class, span->values[key.class_column],
				   span->nulls[key.class_column]))
		return false;
	for (int i = 0; i < lengthof(key_columns); i++)
		if (!same_text(row, key_columns[i].usage, span->values[key_columns[i].span],
					   span->nulls[key_columns[i].span]))
			return false;
	return row->nulls[USAGE_prompt_version] == span->nulls[SPAN_prompt_version] &&
		(span->nulls[SPAN_prompt_version] ||
		 row->values[USAGE_prompt_version] == span->values[SPAN_prompt_version]);
}

static UsageDelta *
make_delta(const RecordValues *span, UsageKey key)
{
	UsageDelta *delta = palloc0(sizeof(UsageDelta));
	RecordValues *row = &delta->row;

	record_values_reset(row);
	RECORD_SET(row, USAGE_hour, TimestampTzGetDatum(key.hour));
	if (!span->nulls[key.class_column])
		RECORD_SET(row, USAGE_error_class, span->values[key.class_column]);
	for (int i = 0; i < lengthof(key_columns); i++)
		if (!span->nulls[key_columns[i].span])
			RECORD_SET(row, key_columns[i].usage, span->values[key_columns[i].span]);
	if (!span->nulls[SPAN_prompt_version])
		RECORD_SET(row, USAGE_prompt_version, span->values[SPAN_prompt_version]);
	delta->cost = NumericGetDatum(int64_to_numeric(0));
	delta->first_start = DT_NOEND;
	delta->last_start = DT_NOBEGIN;
	return delta;
}

static UsageDelta *
find_delta(Rollup *rollup, const RecordValues *span, UsageKey key)
{
	UsageDelta *delta;
	ListCell   *cell;

	foreach(cell, rollup->deltas)
	{
		delta = lfirst(cell);
		if (same_key(&delta->row, span, key))
			return delta;
	}
	delta = make_delta(span, key);
	rollup->deltas = lappend(rollup->deltas, delta);
	return delta;
}

static void
add_latency(UsageDelta *delta, double ms)
{
	if (delta->nlatencies == delta->latencies_size)
	{
		int			size = Max(8, delta->latencies_size * 2);
		int32	   *grown = palloc(sizeof(int32) * size);

		if (delta->nlatencies > 0)
			memcpy(grown, delta->latencies, sizeof(int32) * delta->nlatencies);
		delta->latencies = grown;
		delta->latencies_size = size;
	}
	delta->latencies[delta->nlatencies++] =
		histogram_bucket((int64_t) (ms * 1000.0));
}

static bool
has_text(const RecordValues *span, int column, const char *expected)
{
	const text *value;

	if (span->nulls[column])
		return false;
	value = DatumGetTextPP(span->values[column]);
	return VARSIZE_ANY_EXHDR(value) == strlen(expected) &&
		memcmp(VARDATA_ANY(value), expected, strlen(expected)) == 0;
}

static bool
has_status(const RecordValues *span, const char *status)
{
	return has_text(span, SPAN_status, status);
}

/* Attempts are recorded when they end, so they do not come in order. */
static void
add_start(UsageDelta *delta, TimestampTz start)
{
	delta->first_start = Min(delta->first_start, start);
	delta->last_start = Max(delta->last_start, start);
}

/*
 * Whether the attempt has a price, known or not: as gaiops_reprice() sees it.
 * An answer that could not be read may have been paid for.
 */
static bool
was_answered(const RecordValues *span)
{
	return has_status(span, "OK") || !span->nulls[SPAN_input_tokens] ||
		!span->nulls[SPAN_output_tokens] ||
		has_text(span, SPAN_error_class, "invalid_response") ||
		has_text(span, SPAN_error_class, "response_too_large");
}

/*
 * A call has failed when an attempt did, until it is known that another was
 * made.  It counts in the hour that the call began in, as the call itself
 * does.
 */
static void
add_failure(Rollup *rollup, const RecordValues *span)
{
	int			start_column = span->nulls[SPAN_call_start_time] ?
	SPAN_start_time : SPAN_call_start_time;
	UsageKey	key = {.hour = hour_of(DatumGetTimestampTz(span->values[start_column]))};

	key.class_column = SPAN_error_class;
	if (has_status(span, "ERROR"))
		find_delta(rollup, span, key)->failed_calls++;
	key.class_column = SPAN_retry_reason;
	if (DatumGetInt32(span->values[SPAN_attempt]) > 1)
		find_delta(rollup, span, key)->failed_calls--;
}

/* Adds a span, if it is an attempt to call a model. */
static void
add_span(void *state, const RecordValues *span)
{
	Rollup	   *rollup = state;
	UsageKey	key = {.class_column = SPAN_error_class};
	UsageDelta *delta;

	if (span->nulls[SPAN_attempt])
		return;
	key.hour = hour_of(DatumGetTimestampTz(span->values[SPAN_start_time]));
	delta = find_delta(rollup, span, key);
	add_failure(rollup, span);
	add_start(delta, DatumGetTimestampTz(span->values[SPAN_start_time]));
	delta->attempts++;
	delta->calls += DatumGetInt32(span->values[SPAN_attempt]) == 1;
	delta->errors += has_status(span, "ERROR");
	delta->unknown += has_status(span, "UNKNOWN");
	delta->unpriced += span->nulls[SPAN_cost] && was_answered(span);
	for (int i = 0; i < lengthof(token_columns); i++)
		if (!span->nulls[token_columns[i].span])
			delta->tokens[i] += DatumGetInt64(span->values[token_columns[i].span]);
	if (!span->nulls[SPAN_cost])
		delta->cost = DirectFunctionCall2(numeric_add, delta->cost,
										  span->values[SPAN_cost]);
	if (!span->nulls[SPAN_latency_ms])
		add_latency(delta, DatumGetFloat8(span->values[SPAN_latency_ms]));
}

static int
compare_buckets(const void *a, const void *b)
{
	int32		left = *(const int32 *) a;
	int32		right = *(const int32 *) b;

	return (left > right) - (left < right);
}

/* Turns the list of latencies into the two arrays of a sparse histogram. */
static void
set_histogram(RecordValues *row, const UsageDelta *delta)
{
	Datum	   *buckets = palloc(sizeof(Datum) * Max(1, delta->nlatencies));
	Datum	   *counts = palloc(sizeof(Datum) * Max(1, delta->nlatencies));
	int			n = 0;

	if (delta->nlatencies > 0)
		qsort(delta->latencies, delta->nlatencies, sizeof(int32), compare_buckets);
	for (int i = 0; i < delta->nlatencies; i++)
	{
		if (n > 0 && DatumGetInt32(buckets[n - 1]) == delta->latencies[i])
		{
			counts[n - 1] = Int64GetDatum(DatumGetInt64(counts[n - 1]) + 1);
			continue;
		}
		buckets[n] = Int32GetDatum(delta->latencies[i]);
		counts[n++] = Int64GetDatum(1);
	}
	RECORD_SET(row, USAGE_latency_buckets,
			   PointerGetDatum(construct_array(buckets, n, INT4OID, 4, true,
											   TYPALIGN_INT)));
	RECORD_SET(row, USAGE_latency_counts,
			   PointerGetDatum(construct_array(counts, n, INT8OID, 8,
											   FLOAT8PASSBYVAL, TYPALIGN_DOUBLE)));
}

static void
write_delta(const UsageDelta *delta, Sink *sink)
{
	RecordValues row = delta->row;
	pg_uuid_t	id;

	ids_make_uuid(&id);
	RECORD_SET(&row, USAGE_delta_id, UUIDPGetDatum(&id));
	RECORD_SET(&row, USAGE_calls, Int64GetDatum(delta->calls));
	RECORD_SET(&row, USAGE_attempts, Int64GetDatum(delta->attempts));
	RECORD_SET(&row, USAGE_errors, Int64GetDatum(delta->errors));
	RECORD_SET(&row, USAGE_unknown, Int64GetDatum(delta->unknown));
	for (int i = 0; i < lengthof(token_columns); i++)
		RECORD_SET(&row, token_columns[i].usage, Int64GetDatum(delta->tokens[i]));
	RECORD_SET(&row, USAGE_cost, delta->cost);
	RECORD_SET(&row, USAGE_unpriced, Int64GetDatum(delta->unpriced));
	set_histogram(&row, delta);
	if (delta->attempts > 0)
	{
		RECORD_SET(&row, USAGE_first_start, TimestampTzGetDatum(delta->first_start));
		RECORD_SET(&row, USAGE_last_start, TimestampTzGetDatum(delta->last_start));
	}
	RECORD_SET(&row, USAGE_failed_calls, Int64GetDatum(delta->failed_calls));
	sink_write(sink, RECORD_INSERT, &usage_shape, &row);
}

/* Writes one row per key. */
static void
end_rollup(void *state, Sink *sink)
{
	const Rollup *rollup = state;
	ListCell   *cell;

	foreach(cell, rollup->deltas)
		write_delta(lfirst(cell), sink);
}

const RecordObserver usage_rollup = {
	.begin = begin_rollup,
	.see = add_span,
	.end = end_rollup,
};
