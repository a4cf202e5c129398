/*
 * run_shape.h
 *		Rows that runs, and what is logged of them, have in records.
 */
#ifndef GAIOPS_RUN_SHAPE_H
#define GAIOPS_RUN_SHAPE_H

#include "queue/record_shape.h"

#define RUN_START_COLUMNS(X) \
	X(RUN_START, run_id, UUIDOID) X(RUN_START, name, TEXTOID) \
	X(RUN_START, experiment, TEXTOID) X(RUN_START, parent_run_id, UUIDOID) \
	X(RUN_START, session_role, NAMEOID) X(RUN_START, role, NAMEOID) \
	X(RUN_START, application_name, TEXTOID) X(RUN_START, pid, INT4OID) \
	X(RUN_START, incarnation, UUIDOID) X(RUN_START, start_time, TIMESTAMPTZOID) \
	X(RUN_START, purpose, TEXTOID)

#define RUN_END_COLUMNS(X) \
	X(RUN_END, run_id, UUIDOID) X(RUN_END, status, TEXTOID) \
	X(RUN_END, end_time, TIMESTAMPTZOID)

#define OPEN_RUN_COLUMNS(X) \
	X(OPEN_RUN, run_id, UUIDOID) X(OPEN_RUN, incarnation, UUIDOID) \
	X(OPEN_RUN, scheduled_in, UUIDOID)

#define RUN_PARAM_COLUMNS(X) \
	X(RUN_PARAM, run_id, UUIDOID) X(RUN_PARAM, key, TEXTOID) \
	X(RUN_PARAM, value, TEXTOID) X(RUN_PARAM, logged_at, TIMESTAMPTZOID)

#define RUN_METRIC_COLUMNS(X) \
	X(RUN_METRIC, run_id, UUIDOID) X(RUN_METRIC, key, TEXTOID) \
	X(RUN_METRIC, step, INT8OID) X(RUN_METRIC, value, FLOAT8OID) \
	X(RUN_METRIC, logged_at, TIMESTAMPTZOID)

#define RUN_TAG_COLUMNS(X) \
	X(RUN_TAG, run_id, UUIDOID) X(RUN_TAG, key, TEXTOID) \
	X(RUN_TAG, value, TEXTOID) X(RUN_TAG, updated_at, TIMESTAMPTZOID)

#define RUN_INPUT_COLUMNS(X) \
	X(RUN_INPUT, run_id, UUIDOID) X(RUN_INPUT, dataset, TEXTOID) \
	X(RUN_INPUT, revision, INT4OID) X(RUN_INPUT, logged_at, TIMESTAMPTZOID)

enum RunStartColumn {RUN_START_COLUMNS(RECORD_POSITION) RUN_START_NCOLUMNS};
enum RunEndColumn {RUN_END_COLUMNS(RECORD_POSITION) RUN_END_NCOLUMNS};
enum OpenRunColumn {OPEN_RUN_COLUMNS(RECORD_POSITION) OPEN_RUN_NCOLUMNS};
enum RunParamColumn {RUN_PARAM_COLUMNS(RECORD_POSITION) RUN_PARAM_NCOLUMNS};
enum RunMetricColumn {RUN_METRIC_COLUMNS(RECORD_POSITION) RUN_METRIC_NCOLUMNS};
enum RunTagColumn {RUN_TAG_COLUMNS(RECORD_POSITION) RUN_TAG_NCOLUMNS};
enum RunInputColumn {RUN_INPUT_COLUMNS(RECORD_POSITION) RUN_INPUT_NCOLUMNS};

extern RecordShape run_start_shape;
extern RecordShape run_end_shape;
extern RecordShape open_run_shape;
extern RecordShape run_param_shape;
extern RecordShape run_param_of_others_shape;
extern RecordShape run_metric_shape;
extern RecordShape run_tag_shape;
extern RecordShape run_tag_of_others_shape;
extern RecordShape run_input_shape;
extern RecordShape run_input_of_others_shape;

#endif							/* GAIOPS_RUN_SHAPE_H */
