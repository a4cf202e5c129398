/*
 * evaluation_shape.c
 *		Rows that evaluations have in records.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "evaluation/evaluation_shape.h"

static const RecordColumn evaluation_columns[] = {EVALUATION_COLUMNS(RECORD_COLUMN)};
static const RecordColumn request_columns[] = {REQUEST_COLUMNS(RECORD_COLUMN)};
static const RecordColumn outcome_columns[] = {OUTCOME_COLUMNS(RECORD_COLUMN)};
static const RecordColumn mark_columns[] = {MARK_COLUMNS(RECORD_COLUMN)};
static const RecordColumn job_columns[] = {JOB_COLUMNS(RECORD_COLUMN)};

RecordShape evaluation_shape = {
	.table = "evaluations",
	.columns = evaluation_columns,
	.ncolumns = EVALUATION_NCOLUMNS,
};

RecordShape evaluation_request_shape = {
	.table = "evaluation_requests",
	.columns = request_columns,
	.ncolumns = REQUEST_NCOLUMNS,
};

RecordShape evaluation_outcome_shape = {
	.table = "evaluation_outcomes",
	.columns = outcome_columns,
	.ncolumns = OUTCOME_NCOLUMNS,
};

RecordShape evaluation_mark_shape = {
	.table = "evaluation_marks",
	.columns = mark_columns,
	.ncolumns = MARK_NCOLUMNS,
};

RecordShape evaluation_job_shape = {
	.table = "evaluation_jobs",
	.columns = job_columns,
	.ncolumns = JOB_NCOLUMNS,
};
