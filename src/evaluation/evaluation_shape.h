/*
 * evaluation_shape.h
 *		Rows that evaluations have in records.
 */
#ifndef GAIOPS_EVALUATION_SHAPE_H
#define GAIOPS_EVALUATION_SHAPE_H

#include "queue/record_shape.h"

#define EVALUATION_COLUMNS(X) \
	X(EVALUATION, run_id, UUIDOID) X(EVALUATION, dataset, TEXTOID) \
	X(EVALUATION, revision, INT4OID) X(EVALUATION, split, TEXTOID) \
	X(EVALUATION, prompt_name, TEXTOID) X(EVALUATION, prompt_version, INT4OID) \
	X(EVALUATION, model, TEXTOID) X(EVALUATION, predict, TEXTOID) \
	X(EVALUATION, message, TEXTOID) X(EVALUATION, judge_model, TEXTOID) \
	X(EVALUATION, concurrency, INT4OID) X(EVALUATION, repeats, INT4OID) \
	X(EVALUATION, max_cost, NUMERICOID) X(EVALUATION, scorers, JSONBOID) \
	X(EVALUATION, background, BOOLOID) X(EVALUATION, records, INT8OID) \
	X(EVALUATION, created_by, NAMEOID) X(EVALUATION, created_at, TIMESTAMPTZOID)

#define REQUEST_COLUMNS(X) \
	X(REQUEST, run_id, UUIDOID) X(REQUEST, record_id, UUIDOID) \
	X(REQUEST, repeat, INT4OID) X(REQUEST, trace_id, UUIDOID) \
	X(REQUEST, requested_at, TIMESTAMPTZOID)

#define OUTCOME_COLUMNS(X) \
	X(OUTCOME, run_id, UUIDOID) X(OUTCOME, record_id, UUIDOID) \
	X(OUTCOME, repeat, INT4OID) X(OUTCOME, trace_id, UUIDOID) \
	X(OUTCOME, split, TEXTOID) X(OUTCOME, tags, JSONBOID) \
	X(OUTCOME, session_id, TEXTOID) X(OUTCOME, output, JSONBOID) \
	X(OUTCOME, error, TEXTOID) X(OUTCOME, error_class, TEXTOID) \
	X(OUTCOME, latency_ms, FLOAT8OID) X(OUTCOME, input_tokens, INT8OID) \
	X(OUTCOME, output_tokens, INT8OID) X(OUTCOME, cost, NUMERICOID) \
	X(OUTCOME, attempts, INT4OID) X(OUTCOME, started_at, TIMESTAMPTZOID) \
	X(OUTCOME, ended_at, TIMESTAMPTZOID)

#define MARK_COLUMNS(X) \
	X(MARK, run_id, UUIDOID) X(MARK, scorer, TEXTOID) \
	X(MARK, record_id, UUIDOID) X(MARK, repeat, INT4OID) \
	X(MARK, scorer_version, INT4OID) X(MARK, direction, TEXTOID) \
	X(MARK, scale, FLOAT8OID) X(MARK, threshold, FLOAT8OID) \
	X(MARK, pass_fail, BOOLOID) X(MARK, value, JSONBOID) \
	X(MARK, score, FLOAT8OID) X(MARK, passed, BOOLOID) \
	X(MARK, state, TEXTOID) X(MARK, reason, TEXTOID) \
	X(MARK, parts, JSONBOID) X(MARK, cost, NUMERICOID) \
	X(MARK, judge_trace_id, UUIDOID) X(MARK, created_at, TIMESTAMPTZOID)

#define JOB_COLUMNS(X) \
	X(JOB, run_id, UUIDOID) X(JOB, role, NAMEOID) X(JOB, role_oid, OIDOID) \
	X(JOB, settings, JSONBOID) X(JOB, created_at, TIMESTAMPTZOID) \
	X(JOB, next_at, TIMESTAMPTZOID) X(JOB, attempts, INT4OID) \
	X(JOB, results, INT8OID)

enum EvaluationColumn {EVALUATION_COLUMNS(RECORD_POSITION) EVALUATION_NCOLUMNS};
enum RequestColumn {REQUEST_COLUMNS(RECORD_POSITION) REQUEST_NCOLUMNS};
enum OutcomeColumn {OUTCOME_COLUMNS(RECORD_POSITION) OUTCOME_NCOLUMNS};
enum MarkColumn {MARK_COLUMNS(RECORD_POSITION) MARK_NCOLUMNS};
enum JobColumn {JOB_COLUMNS(RECORD_POSITION) JOB_NCOLUMNS};

extern RecordShape evaluation_shape;
extern RecordShape evaluation_request_shape;
extern RecordShape evaluation_outcome_shape;
extern RecordShape evaluation_mark_shape;
extern RecordShape evaluation_job_shape;

#endif							/* GAIOPS_EVALUATION_SHAPE_H */
