/*
 * record.h
 *		What callers hand to the writer: rows for our tables.
 *
 * A record is a list of row operations that are committed together.  A row
 * travels as a MinimalTuple of its shape and is matched to the table's
 * columns by name, so that library and catalog may be of different versions.
 */
#ifndef GAIOPS_RECORD_H
#define GAIOPS_RECORD_H

#include "access/htup.h"
#include "queue/record_shape.h"

/* Longest label (session, user, experiment and so on), in bytes. */
#define RECORD_MAX_LABEL 255

/*
 * Most tags, parameters and inputs that one trace or run may have: what has
 * them all in one value, as gaiops.traces and gaiops.runs do, must never fail
 * for it.
 */
#define RECORD_MAX_PER_OBJECT 1000

/*
 * As many are there when only the owner of the object can have more inserted.
 */
#define RECORD_MAX_OF_OTHERS 750

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
	uint8		shape;			/* its id */
	uint32		tuple_len;
} RecordRow;

#define RECORD_ROW_HEADER MAXALIGN(sizeof(RecordRow))

/*
 * Most rows of one record: an intent, its request, and its tags; or metrics
 * of a run.
 */
#define RECORD_MAX_ROWS 80

typedef struct Record
{
	int			nrows;
	RecordRow	rows[RECORD_MAX_ROWS];
	MinimalTuple tuples[RECORD_MAX_ROWS];
	Size		size;			/* of the flat record */
} Record;

/* Values of a row to be added, by column position. */
struct RecordValues
{
	Datum		values[RECORD_MAX_COLUMNS];
	bool		nulls[RECORD_MAX_COLUMNS];
};

extern void record_reset(Record *record);
extern void record_values_reset(RecordValues *row);

#define RECORD_SET(row, column, datum) \
	((row)->values[column] = (datum), (row)->nulls[column] = false)

/* Sets a text column from a C string, or leaves it null. */
extern void record_set_text(RecordValues *row, int column, const char *text);

/*
 * Sets the columns of a shape from a row that has them by the same names;
 * leaves alone those it lacks, as an update of the extension is yet to add
 * them.  Raises where a column has another type.
 */
extern void record_read_tuple(RecordValues *row, const RecordShape *shape,
							  HeapTuple tuple, TupleDesc desc);

/* Adds a row; its tuple is formed in the current memory context. */
extern void record_add(Record *record, RecordOp op, RecordShape *shape,
					   const RecordValues *row);

/*
 * Takes a flat record apart: the row at an offset, whose values point into it.
 * Returns its header, and moves the offset on to the next row.
 */
extern const RecordRow *record_unpack(const char *data, Size *offset,
									  RecordValues *row);

#endif							/* GAIOPS_RECORD_H */
