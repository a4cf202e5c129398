/*
 * record.h
 *		What callers hand to the writer: rows for our tables.
 *
 * A record is a list of row operations that are committed together.  A row
 * travels as a MinimalTuple of a shape fixed here and is matched to the table's
 * columns by name, so that library and catalog may be of different versions.
 */
#ifndef GAIOPS_RECORD_H
#define GAIOPS_RECORD_H

#include "access/htup.h"
#include "access/tupdesc.h"

#define INTENT_COLUMNS(X) \
	X(trace_id, UUIDOID) X(span_id, TEXTOID) X(parent_span_id, TEXTOID) \
	X(name, TEXTOID) X(span_type, TEXTOID) X(purpose, TEXTOID) \
	X(experiment, TEXTOID) X(run_id, UUIDOID) X(endpoint, TEXTOID) \
	X(target, TEXTOID) X(provider, TEXTOID) X(model, TEXTOID) \
	X(prompt_name, TEXTOID) X(prompt_version, INT4OID) \
	X(prompt_hash, TEXTOID) X(session_id, TEXTOID) X(user_id, TEXTOID) \
	X(session_role, NAMEOID) X(role, NAMEOID) X(application_name, TEXTOID) \
	X(client_addr, INETOID) X(is_entry, BOOLOID) X(attempt, INT4OID) \
	X(start_time, TIMESTAMPTZOID) X(pid, INT4OID) X(incarnation, UUIDOID)

/* The first columns are those of an intent, up to start_time. */
#define SPAN_COLUMNS(X) \
	X(trace_id, UUIDOID) X(span_id, TEXTOID) X(parent_span_id, TEXTOID) \
	X(name, TEXTOID) X(span_type, TEXTOID) X(purpose, TEXTOID) \
	X(experiment, TEXTOID) X(run_id, UUIDOID) X(endpoint, TEXTOID) \
	X(target, TEXTOID) X(provider, TEXTOID) X(model, TEXTOID) \
	X(prompt_name, TEXTOID) X(prompt_version, INT4OID) \
	X(prompt_hash, TEXTOID) X(session_id, TEXTOID) X(user_id, TEXTOID) \
	X(session_role, NAMEOID) X(role, NAMEOID) X(application_name, TEXTOID) \
	X(client_addr, INETOID) X(is_entry, BOOLOID) X(attempt, INT4OID) \
	X(start_time, TIMESTAMPTZOID) \
	X(status, TEXTOID) X(error_class, TEXTOID) X(error_message, TEXTOID) \
	X(response_model, TEXTOID) X(response_id, TEXTOID) \
	X(finish_reason, TEXTOID) X(http_status, INT4OID) \
	X(input_tokens, INT8OID) X(output_tokens, INT8OID) \
	X(cached_input_tokens, INT8OID) X(cache_write_tokens, INT8OID) \
	X(reasoning_tokens, INT8OID) X(cost, NUMERICOID) \
	X(latency_ms, FLOAT8OID) X(gateway_ms, FLOAT8OID) \
	X(time_to_first_token_ms, FLOAT8OID) X(priced_model, TEXTOID)

#define PAYLOAD_COLUMNS(X) \
	X(trace_id, UUIDOID) X(span_id, TEXTOID) X(kind, TEXTOID) \
	X(start_time, TIMESTAMPTZOID) X(inputs, JSONOID) X(body, TEXTOID) \
	X(body_bytes, BYTEAOID) X(body_length, INT8OID) \
	X(body_sha256, BYTEAOID) X(attributes, JSONOID) \
	X(metadata, JSONOID) X(events, JSONOID)

#define TAG_COLUMNS(X) \
	X(trace_id, UUIDOID) X(key, TEXTOID) X(value, TEXTOID) \
	X(updated_at, TIMESTAMPTZOID)

#define EXPERIMENT_COLUMNS(X) \
	X(name, TEXTOID) X(created_at, TIMESTAMPTZOID) X(created_by, NAMEOID)

#define USAGE_COLUMNS(X) \
	X(hour, TIMESTAMPTZOID) X(experiment, TEXTOID) X(purpose, TEXTOID) \
	X(endpoint, TEXTOID) X(provider, TEXTOID) X(model, TEXTOID) \
	X(prompt_name, TEXTOID) X(prompt_version, INT4OID) X(calls, INT8OID) \
	X(attempts, INT8OID) X(errors, INT8OID) X(unknown, INT8OID) \
	X(input_tokens, INT8OID) X(output_tokens, INT8OID) \
	X(cached_input_tokens, INT8OID) X(reasoning_tokens, INT8OID) \
	X(cost, NUMERICOID) X(unpriced, INT8OID) \
	X(latency_buckets, INT4ARRAYOID) X(latency_counts, INT8ARRAYOID) \
	X(first_start, TIMESTAMPTZOID) X(last_start, TIMESTAMPTZOID)

#define REJECTED_COLUMNS(X) \
	X(rejected_at, TIMESTAMPTZOID) X(record, TEXTOID) X(trace_id, UUIDOID) \
	X(span_id, TEXTOID) X(sqlstate, TEXTOID) X(message, TEXTOID)

#define PROMPT_NUMBER_COLUMNS(X) \
	X(name, TEXTOID) X(version, INT4OID) X(token, UUIDOID) \
	X(drawn_at, TIMESTAMPTZOID)

#define RUN_START_COLUMNS(X) \
	X(run_id, UUIDOID) X(name, TEXTOID) X(experiment, TEXTOID) \
	X(parent_run_id, UUIDOID) X(session_role, NAMEOID) X(role, NAMEOID) \
	X(application_name, TEXTOID) X(pid, INT4OID) X(incarnation, UUIDOID) \
	X(start_time, TIMESTAMPTZOID)

#define RUN_END_COLUMNS(X) \
	X(run_id, UUIDOID) X(status, TEXTOID) X(end_time, TIMESTAMPTZOID)

#define OPEN_RUN_COLUMNS(X) \
	X(run_id, UUIDOID) X(incarnation, UUIDOID)

#define RUN_PARAM_COLUMNS(X) \
	X(run_id, UUIDOID) X(key, TEXTOID) X(value, TEXTOID) \
	X(logged_at, TIMESTAMPTZOID)

#define RUN_METRIC_COLUMNS(X) \
	X(run_id, UUIDOID) X(key, TEXTOID) X(step, INT8OID) X(value, FLOAT8OID) \
	X(logged_at, TIMESTAMPTZOID)

#define RUN_TAG_COLUMNS(X) \
	X(run_id, UUIDOID) X(key, TEXTOID) X(value, TEXTOID) \
	X(updated_at, TIMESTAMPTZOID)

#define RUN_INPUT_COLUMNS(X) \
	X(run_id, UUIDOID) X(dataset, TEXTOID) X(revision, INT4OID) \
	X(logged_at, TIMESTAMPTZOID)

#define ASSESSMENT_COLUMNS(X) \
	X(assessment_id, UUIDOID) X(trace_id, UUIDOID) X(span_id, TEXTOID) \
	X(session_id, TEXTOID) X(experiment, TEXTOID) X(name, TEXTOID) \
	X(kind, TEXTOID) X(value, JSONBOID) X(rationale, TEXTOID) \
	X(source_type, TEXTOID) X(source_id, TEXTOID) X(run_id, UUIDOID) \
	X(overrides, UUIDOID) X(metadata, JSONBOID) X(idempotency_key, TEXTOID) \
	X(created_at, TIMESTAMPTZOID) X(created_by, NAMEOID) \
	X(outer_role, NAMEOID)

#define RECORD_TABLES(X) \
	X(INTENT, intents) X(SPAN, spans) X(PAYLOAD, span_payloads) \
	X(TAG, trace_tags) X(EXPERIMENT, experiment_names) \
	X(USAGE, usage_deltas) X(REJECTED, rejected_records) \
	X(PROMPT_NUMBER, prompt_numbers) X(RUN_START, run_starts) \
	X(RUN_END, run_ends) X(OPEN_RUN, open_runs) X(RUN_PARAM, run_params) \
	X(RUN_METRIC, run_metrics) X(RUN_TAG, run_tags) X(RUN_INPUT, run_inputs) \
	X(ASSESSMENT, machine_assessments)

/* Positions of columns: INTENT_trace_id and so on, counted from 0. */
#define INTENT_ENUM(column, type) INTENT_##column,
#define SPAN_ENUM(column, type) SPAN_##column,
#define PAYLOAD_ENUM(column, type) PAYLOAD_##column,
#define TAG_ENUM(column, type) TAG_##column,
#define EXPERIMENT_ENUM(column, type) EXPERIMENT_##column,
#define USAGE_ENUM(column, type) USAGE_##column,
#define REJECTED_ENUM(column, type) REJECTED_##column,
#define PROMPT_NUMBER_ENUM(column, type) PROMPT_NUMBER_##column,
#define RUN_START_ENUM(column, type) RUN_START_##column,
#define RUN_END_ENUM(column, type) RUN_END_##column,
#define OPEN_RUN_ENUM(column, type) OPEN_RUN_##column,
#define RUN_PARAM_ENUM(column, type) RUN_PARAM_##column,
#define RUN_METRIC_ENUM(column, type) RUN_METRIC_##column,
#define RUN_TAG_ENUM(column, type) RUN_TAG_##column,
#define RUN_INPUT_ENUM(column, type) RUN_INPUT_##column,
#define ASSESSMENT_ENUM(column, type) ASSESSMENT_##column,

enum IntentColumn {INTENT_COLUMNS(INTENT_ENUM) INTENT_NCOLUMNS};
enum SpanColumn {SPAN_COLUMNS(SPAN_ENUM) SPAN_NCOLUMNS};
enum PayloadColumn {PAYLOAD_COLUMNS(PAYLOAD_ENUM) PAYLOAD_NCOLUMNS};
enum TagColumn {TAG_COLUMNS(TAG_ENUM) TAG_NCOLUMNS};
enum ExperimentColumn {EXPERIMENT_COLUMNS(EXPERIMENT_ENUM) EXPERIMENT_NCOLUMNS};
enum UsageColumn {USAGE_COLUMNS(USAGE_ENUM) USAGE_NCOLUMNS};
enum RejectedColumn {REJECTED_COLUMNS(REJECTED_ENUM) REJECTED_NCOLUMNS};
enum PromptNumberColumn {PROMPT_NUMBER_COLUMNS(PROMPT_NUMBER_ENUM) PROMPT_NUMBER_NCOLUMNS};
enum RunStartColumn {RUN_START_COLUMNS(RUN_START_ENUM) RUN_START_NCOLUMNS};
enum RunEndColumn {RUN_END_COLUMNS(RUN_END_ENUM) RUN_END_NCOLUMNS};
enum OpenRunColumn {OPEN_RUN_COLUMNS(OPEN_RUN_ENUM) OPEN_RUN_NCOLUMNS};
enum RunParamColumn {RUN_PARAM_COLUMNS(RUN_PARAM_ENUM) RUN_PARAM_NCOLUMNS};
enum RunMetricColumn {RUN_METRIC_COLUMNS(RUN_METRIC_ENUM) RUN_METRIC_NCOLUMNS};
enum RunTagColumn {RUN_TAG_COLUMNS(RUN_TAG_ENUM) RUN_TAG_NCOLUMNS};
enum RunInputColumn {RUN_INPUT_COLUMNS(RUN_INPUT_ENUM) RUN_INPUT_NCOLUMNS};
enum AssessmentColumn {ASSESSMENT_COLUMNS(ASSESSMENT_ENUM) ASSESSMENT_NCOLUMNS};

/* Longest label (session, user, experiment and so on), in bytes. */
#define RECORD_MAX_LABEL 255

/*
 * Most tags, parameters and inputs that one trace or run may have: what has them
 * all in one value, as gaiops.traces and gaiops.runs do, must never fail for it.
 */
#define RECORD_MAX_PER_OBJECT 1000

/* More than any table here has. */
#define RECORD_MAX_COLUMNS 48

#define TABLE_ENUM(symbol, table) RECORD_##symbol,
typedef enum RecordTable
{
	RECORD_TABLES(TABLE_ENUM)
	RECORD_NTABLES
} RecordTable;

typedef enum RecordOp
{
	RECORD_INSERT,
	RECORD_INSERT_MISSING,		/* unless a row has the same primary key */
	RECORD_REPLACE,				/* whatever has the same primary key */
	RECORD_DELETE				/* what has the same primary key */
} RecordOp;

/* A row on its way; in a flat record, the tuple follows, MAXALIGNed. */
typedef struct RecordRow
{
	uint8		op;				/* RecordOp */
	uint8		table;			/* RecordTable */
	uint32		tuple_len;
} RecordRow;

#define RECORD_ROW_HEADER MAXALIGN(sizeof(RecordRow))

/* Most rows of one record: an intent, its request, and its tags; or metrics of a run. */
#define RECORD_MAX_ROWS 80

typedef struct Record
{
	int			nrows;
	RecordRow	rows[RECORD_MAX_ROWS];
	MinimalTuple tuples[RECORD_MAX_ROWS];
	Size		size;			/* of the flat record */
} Record;

/* Values of a row to be added, by column position. */
typedef struct RecordValues
{
	Datum		values[RECORD_MAX_COLUMNS];
	bool		nulls[RECORD_MAX_COLUMNS];
} RecordValues;

extern void record_reset(Record *record);
extern void record_values_reset(RecordValues *row);

#define RECORD_SET(row, column, datum) \
	((row)->values[column] = (datum), (row)->nulls[column] = false)

/* Sets a text column from a C string, or leaves it null. */
extern void record_set_text(RecordValues *row, int column, const char *text);

/* Adds a row; its tuple is formed in the current memory context. */
extern void record_add(Record *record, RecordOp op, RecordTable table,
					   const RecordValues *row);

extern const char *record_table_name(RecordTable table);
extern TupleDesc record_table_shape(RecordTable table);

/* Makes every shape, so that nothing later reads the catalogs. */
extern void record_prepare(void);

#endif							/* GAIOPS_RECORD_H */
