/*
 * run_shape.c
 *		Rows that runs, and what is logged of them, have in records.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "queue/record.h"
#include "tracking/run_shape.h"

static const RecordColumn run_start_columns[] = {RUN_START_COLUMNS(RECORD_COLUMN)};
static const RecordColumn run_end_columns[] = {RUN_END_COLUMNS(RECORD_COLUMN)};
static const RecordColumn open_run_columns[] = {OPEN_RUN_COLUMNS(RECORD_COLUMN)};
static const RecordColumn run_param_columns[] = {RUN_PARAM_COLUMNS(RECORD_COLUMN)};
static const RecordColumn run_metric_columns[] = {RUN_METRIC_COLUMNS(RECORD_COLUMN)};
static const RecordColumn run_tag_columns[] = {RUN_TAG_COLUMNS(RECORD_COLUMN)};
static const RecordColumn run_input_columns[] = {RUN_INPUT_COLUMNS(RECORD_COLUMN)};

RecordShape run_start_shape = {
	.table = "run_starts",
	.columns = run_start_columns,
	.ncolumns = RUN_START_NCOLUMNS,
};

RecordShape run_end_shape = {
	.table = "run_ends",
	.columns = run_end_columns,
	.ncolumns = RUN_END_NCOLUMNS,
};

RecordShape open_run_shape = {
	.table = "open_runs",
	.columns = open_run_columns,
	.ncolumns = OPEN_RUN_NCOLUMNS,
};

RecordShape run_param_shape = {
	.table = "run_params",
	.columns = run_param_columns,
	.ncolumns = RUN_PARAM_NCOLUMNS,
	.max_per_object = RECORD_MAX_PER_OBJECT,
};

RecordShape run_param_of_others_shape = {
	.table = "run_params",
	.columns = run_param_columns,
	.ncolumns = RUN_PARAM_NCOLUMNS,
	.max_per_object = RECORD_MAX_OF_OTHERS,
};

RecordShape run_metric_shape = {
	.table = "run_metrics",
	.columns = run_metric_columns,
	.ncolumns = RUN_METRIC_NCOLUMNS,
};

RecordShape run_tag_shape = {
	.table = "run_tags",
	.columns = run_tag_columns,
	.ncolumns = RUN_TAG_NCOLUMNS,
	.max_per_object = RECORD_MAX_PER_OBJECT,
};

RecordShape run_tag_of_others_shape = {
	.table = "run_tags",
	.columns = run_tag_columns,
	.ncolumns = RUN_TAG_NCOLUMNS,
	.max_per_object = RECORD_MAX_OF_OTHERS,
};

RecordShape run_input_shape = {
	.table = "run_inputs",
	.columns = run_input_columns,
	.ncolumns = RUN_INPUT_NCOLUMNS,
	.max_per_object = RECORD_MAX_PER_OBJECT,
};

RecordShape run_input_of_others_shape = {
	.table = "run_inputs",
	.columns = run_input_columns,
	.ncolumns = RUN_INPUT_NCOLUMNS,
	.max_per_object = RECORD_MAX_OF_OTHERS,
};
