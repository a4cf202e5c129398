/*
 * assessment_shape.h
 *		Rows that assessments of judges and programs have in records.
 */
#ifndef GAIOPS_ASSESSMENT_SHAPE_H
#define GAIOPS_ASSESSMENT_SHAPE_H

#include "queue/record_shape.h"

#define ASSESSMENT_COLUMNS(X) \
	X(ASSESSMENT, assessment_id, UUIDOID) X(ASSESSMENT, trace_id, UUIDOID) \
	X(ASSESSMENT, span_id, TEXTOID) X(ASSESSMENT, session_id, TEXTOID) \
	X(ASSESSMENT, experiment, TEXTOID) X(ASSESSMENT, name, TEXTOID) \
	X(ASSESSMENT, kind, TEXTOID) X(ASSESSMENT, value, JSONBOID) \
	X(ASSESSMENT, rationale, TEXTOID) X(ASSESSMENT, source_type, TEXTOID) \
	X(ASSESSMENT, source_id, TEXTOID) X(ASSESSMENT, run_id, UUIDOID) \
	X(ASSESSMENT, overrides, UUIDOID) X(ASSESSMENT, metadata, JSONBOID) \
	X(ASSESSMENT, idempotency_key, TEXTOID) \
	X(ASSESSMENT, created_at, TIMESTAMPTZOID) X(ASSESSMENT, created_by, NAMEOID) \
	X(ASSESSMENT, outer_role, NAMEOID)

enum AssessmentColumn {ASSESSMENT_COLUMNS(RECORD_POSITION) ASSESSMENT_NCOLUMNS};

extern RecordShape assessment_shape;

#endif							/* GAIOPS_ASSESSMENT_SHAPE_H */
