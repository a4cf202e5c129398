/*
 * record.c
 *		What callers hand to the writer: rows for our tables.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_type.h"
#include "queue/record.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

typedef struct RecordColumn
{
	const char *name;
	Oid			type;
} RecordColumn;

#define COLUMN(column, type) {#column, type},

static const RecordColumn intent_columns[] = {INTENT_COLUMNS(COLUMN)};
static const RecordColumn span_columns[] = {SPAN_COLUMNS(COLUMN)};
static const RecordColumn payload_columns[] = {PAYLOAD_COLUMNS(COLUMN)};
static const RecordColumn tag_columns[] = {TAG_COLUMNS(COLUMN)};
static const RecordColumn experiment_columns[] = {EXPERIMENT_COLUMNS(COLUMN)};
static const RecordColumn usage_columns[] = {USAGE_COLUMNS(COLUMN)};
static const RecordColumn rejected_columns[] = {REJECTED_COLUMNS(COLUMN)};
static const RecordColumn prompt_number_columns[] = {PROMPT_NUMBER_COLUMNS(COLUMN)};
static const RecordColumn run_start_columns[] = {RUN_START_COLUMNS(COLUMN)};
static const RecordColumn run_end_columns[] = {RUN_END_COLUMNS(COLUMN)};
static const RecordColumn open_run_columns[] = {OPEN_RUN_COLUMNS(COLUMN)};
static const RecordColumn run_param_columns[] = {RUN_PARAM_COLUMNS(COLUMN)};
static const RecordColumn run_metric_columns[] = {RUN_METRIC_COLUMNS(COLUMN)};
static const RecordColumn run_tag_columns[] = {RUN_TAG_COLUMNS(COLUMN)};
static const RecordColumn run_input_columns[] = {RUN_INPUT_COLUMNS(COLUMN)};
static const RecordColumn assessment_columns[] = {ASSESSMENT_COLUMNS(COLUMN)};

typedef struct RecordShape
{
	const char *table;
	const RecordColumn *columns;
	int			ncolumns;
} RecordShape;

static const RecordShape shapes[RECORD_NTABLES] = {
	[RECORD_INTENT] = {"intents", intent_columns, INTENT_NCOLUMNS},
	[RECORD_SPAN] = {"spans", span_columns, SPAN_NCOLUMNS},
	[RECORD_PAYLOAD] = {"span_payloads", payload_columns, PAYLOAD_NCOLUMNS},
	[RECORD_TAG] = {"trace_tags", tag_columns, TAG_NCOLUMNS},
	[RECORD_EXPERIMENT] = {"experiment_names", experiment_columns, EXPERIMENT_NCOLUMNS},
	[RECORD_USAGE] = {"usage_deltas", usage_columns, USAGE_NCOLUMNS},
	[RECORD_REJECTED] = {"rejected_records", rejected_columns, REJECTED_NCOLUMNS},
	[RECORD_PROMPT_NUMBER] = {"prompt_numbers", prompt_number_columns, PROMPT_NUMBER_NCOLUMNS},
	[RECORD_RUN_START] = {"run_starts", run_start_columns, RUN_START_NCOLUMNS},
	[RECORD_RUN_END] = {"run_ends", run_end_columns, RUN_END_NCOLUMNS},
	[RECORD_OPEN_RUN] = {"open_runs", open_run_columns, OPEN_RUN_NCOLUMNS},
	[RECORD_RUN_PARAM] = {"run_params", run_param_columns, RUN_PARAM_NCOLUMNS},
	[RECORD_RUN_METRIC] = {"run_metrics", run_metric_columns, RUN_METRIC_NCOLUMNS},
	[RECORD_RUN_TAG] = {"run_tags", run_tag_columns, RUN_TAG_NCOLUMNS},
	[RECORD_RUN_INPUT] = {"run_inputs", run_input_columns, RUN_INPUT_NCOLUMNS},
	[RECORD_ASSESSMENT] = {"machine_assessments", assessment_columns, ASSESSMENT_NCOLUMNS},
};

StaticAssertDecl((int) SPAN_NCOLUMNS <= RECORD_MAX_COLUMNS,
				 "RECORD_MAX_COLUMNS is too small");
StaticAssertDecl((int) SPAN_start_time == (int) INTENT_start_time,
				 "a span must begin with the columns of its intent");

/* Empties a record for use. */
void
record_reset(Record *record)
{
	record->nrows = 0;
	record->size = 0;
}

/* Makes every column of a row null. */
void
record_values_reset(RecordValues *row)
{
	memset(row->nulls, true, sizeof(row->nulls));
}

void
record_set_text(RecordValues *row, int column, const char *text)
{
	if (text != NULL)
		RECORD_SET(row, column, CStringGetTextDatum(text));
}

void
record_add(Record *record, RecordOp op, RecordTable table,
		   const RecordValues *row)
{
	MinimalTuple tuple;
	RecordRow  *header;

	if (record->nrows >= RECORD_MAX_ROWS)
		elog(ERROR, "too many rows in a record");
	tuple = heap_form_minimal_tuple(record_table_shape(table),
									(Datum *) row->values,
									(bool *) row->nulls);
	header = &record->rows[record->nrows];
	header->op = op;
	header->table = table;
	header->tuple_len = tuple->t_len;
	record->tuples[record->nrows++] = tuple;
	record->size += RECORD_ROW_HEADER + MAXALIGN(tuple->t_len);
}

const char *
record_table_name(RecordTable table)
{
	return shapes[table].table;
}

/*
 * The shape of a table's rows in records; made once per process.  Reads the
 * catalogs the first time, so whoever records while a transaction aborts calls
 * record_prepare() before.
 */
TupleDesc
record_table_shape(RecordTable table)
{
	static TupleDesc made[RECORD_NTABLES];
	const RecordShape *shape = &shapes[table];
	TupleDesc	desc;
	MemoryContext old;

	if (made[table] != NULL)
		return made[table];

	desc = CreateTemplateTupleDesc(shape->ncolumns);
	for (int i = 0; i < shape->ncolumns; i++)
		TupleDescInitEntry(desc, i + 1, shape->columns[i].name,
						   shape->columns[i].type, -1, 0);
	old = MemoryContextSwitchTo(TopMemoryContext);
	made[table] = CreateTupleDescCopy(desc);
	MemoryContextSwitchTo(old);
	return made[table];
}

void
record_prepare(void)
{
	for (int i = 0; i < RECORD_NTABLES; i++)
		(void) record_table_shape(i);
}
