/*
 * span_shape.c
 *		Rows that spans, and what is recorded with them, have in records.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "queue/record.h"
#include "tracking/span_shape.h"

static const RecordColumn intent_columns[] = {INTENT_COLUMNS(RECORD_COLUMN)};
static const RecordColumn span_columns[] = {SPAN_COLUMNS(RECORD_COLUMN)};
static const RecordColumn payload_columns[] = {PAYLOAD_COLUMNS(RECORD_COLUMN)};
static const RecordColumn tag_columns[] = {TAG_COLUMNS(RECORD_COLUMN)};
static const RecordColumn experiment_columns[] = {EXPERIMENT_COLUMNS(RECORD_COLUMN)};

RecordShape intent_shape = {
	.table = "intents",
	.columns = intent_columns,
	.ncolumns = INTENT_NCOLUMNS,
	.is_intent = true,
};

RecordShape span_shape = {
	.table = "spans",
	.columns = span_columns,
	.ncolumns = SPAN_NCOLUMNS,
};

RecordShape payload_shape = {
	.table = "span_payloads",
	.columns = payload_columns,
	.ncolumns = PAYLOAD_NCOLUMNS,
	.is_payload = true,
};

RecordShape tag_shape = {
	.table = "trace_tags",
	.columns = tag_columns,
	.ncolumns = TAG_NCOLUMNS,
	.max_per_object = RECORD_MAX_PER_OBJECT,
};

RecordShape tag_of_others_shape = {
	.table = "trace_tags",
	.columns = tag_columns,
	.ncolumns = TAG_NCOLUMNS,
	.max_per_object = RECORD_MAX_OF_OTHERS,
};

RecordShape experiment_shape = {
	.table = "experiment_names",
	.columns = experiment_columns,
	.ncolumns = EXPERIMENT_NCOLUMNS,
};
