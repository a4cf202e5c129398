/*
 * span_shape.h
 *		Rows that spans, and what is recorded with them, have in records.
 */
#ifndef GAIOPS_SPAN_SHAPE_H
#define GAIOPS_SPAN_SHAPE_H

#include "queue/record_shape.h"

/* What is known when a span begins: of its intent, and of itself. */
#define BEGIN_COLUMNS(X, SHAPE) \
	X(SHAPE, trace_id, UUIDOID) X(SHAPE, span_id, TEXTOID) \
	X(SHAPE, parent_span_id, TEXTOID) X(SHAPE, name, TEXTOID) \
	X(SHAPE, span_type, TEXTOID) X(SHAPE, purpose, TEXTOID) \
	X(SHAPE, experiment, TEXTOID) X(SHAPE, run_id, UUIDOID) \
	X(SHAPE, endpoint, TEXTOID) X(SHAPE, target, TEXTOID) \
	X(SHAPE, provider, TEXTOID) X(SHAPE, model, TEXTOID) \
	X(SHAPE, prompt_name, TEXTOID) X(SHAPE, prompt_version, INT4OID) \
	X(SHAPE, prompt_hash, TEXTOID) X(SHAPE, session_id, TEXTOID) \
	X(SHAPE, user_id, TEXTOID) X(SHAPE, session_role, NAMEOID) \
	X(SHAPE, role, NAMEOID) X(SHAPE, application_name, TEXTOID) \
	X(SHAPE, client_addr, INETOID) X(SHAPE, is_entry, BOOLOID) \
	X(SHAPE, attempt, INT4OID) X(SHAPE, call_start_time, TIMESTAMPTZOID) \
	X(SHAPE, retry_reason, TEXTOID) X(SHAPE, entry_start_time, TIMESTAMPTZOID) \
	X(SHAPE, start_time, TIMESTAMPTZOID)

#define INTENT_COLUMNS(X) BEGIN_COLUMNS(X, INTENT) \
	X(INTENT, pid, INT4OID) X(INTENT, incarnation, UUIDOID)

#define SPAN_COLUMNS(X) BEGIN_COLUMNS(X, SPAN) \
	X(SPAN, status, TEXTOID) X(SPAN, error_class, TEXTOID) \
	X(SPAN, error_message, TEXTOID) X(SPAN, response_model, TEXTOID) \
	X(SPAN, response_id, TEXTOID) X(SPAN, finish_reason, TEXTOID) \
	X(SPAN, http_status, INT4OID) X(SPAN, input_tokens, INT8OID) \
	X(SPAN, output_tokens, INT8OID) X(SPAN, cached_input_tokens, INT8OID) \
	X(SPAN, cache_write_tokens, INT8OID) X(SPAN, reasoning_tokens, INT8OID) \
	X(SPAN, cost, NUMERICOID) X(SPAN, latency_ms, FLOAT8OID) \
	X(SPAN, gateway_ms, FLOAT8OID) X(SPAN, time_to_first_token_ms, FLOAT8OID) \
	X(SPAN, priced_model, TEXTOID)

#define PAYLOAD_COLUMNS(X) \
	X(PAYLOAD, trace_id, UUIDOID) X(PAYLOAD, span_id, TEXTOID) \
	X(PAYLOAD, kind, TEXTOID) X(PAYLOAD, start_time, TIMESTAMPTZOID) \
	X(PAYLOAD, inputs, JSONOID) X(PAYLOAD, body, TEXTOID) \
	X(PAYLOAD, body_bytes, BYTEAOID) X(PAYLOAD, body_length, INT8OID) \
	X(PAYLOAD, body_sha256, BYTEAOID) X(PAYLOAD, attributes, JSONOID) \
	X(PAYLOAD, metadata, JSONOID) X(PAYLOAD, events, JSONOID)

#define TAG_COLUMNS(X) \
	X(TAG, trace_id, UUIDOID) X(TAG, key, TEXTOID) X(TAG, value, TEXTOID) \
	X(TAG, updated_at, TIMESTAMPTZOID)

#define EXPERIMENT_COLUMNS(X) \
	X(EXPERIMENT, name, TEXTOID) X(EXPERIMENT, created_at, TIMESTAMPTZOID) \
	X(EXPERIMENT, created_by, NAMEOID)

enum IntentColumn {INTENT_COLUMNS(RECORD_POSITION) INTENT_NCOLUMNS};
enum SpanColumn {SPAN_COLUMNS(RECORD_POSITION) SPAN_NCOLUMNS};
enum PayloadColumn {PAYLOAD_COLUMNS(RECORD_POSITION) PAYLOAD_NCOLUMNS};
enum TagColumn {TAG_COLUMNS(RECORD_POSITION) TAG_NCOLUMNS};
enum ExperimentColumn {EXPERIMENT_COLUMNS(RECORD_POSITION) EXPERIMENT_NCOLUMNS};

/*
 * How many columns a span has in common with its intent, at the same
 * positions.
 */
#define BEGIN_NCOLUMNS (SPAN_start_time + 1)

extern RecordShape intent_shape;
extern RecordShape span_shape;
extern RecordShape payload_shape;
extern RecordShape tag_shape;
extern RecordShape tag_of_others_shape;
extern RecordShape experiment_shape;

#endif							/* GAIOPS_SPAN_SHAPE_H */
