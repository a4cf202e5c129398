/*
 * number_shape.h
 *		Rows that numbers of prompt versions have in records.
 */
#ifndef GAIOPS_NUMBER_SHAPE_H
#define GAIOPS_NUMBER_SHAPE_H

#include "queue/record_shape.h"

#define NUMBER_COLUMNS(X) \
	X(NUMBER, name, TEXTOID) X(NUMBER, version, INT4OID) \
	X(NUMBER, token, UUIDOID) X(NUMBER, drawn_at, TIMESTAMPTZOID)

enum NumberColumn {NUMBER_COLUMNS(RECORD_POSITION) NUMBER_NCOLUMNS};

extern RecordShape number_shape;

#endif							/* GAIOPS_NUMBER_SHAPE_H */
