/*
 * record.c
 *		What callers hand to the writer: rows for our tables.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "compat.h"
#include "queue/record.h"
#include "utils/builtins.h"

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
record_read_tuple(RecordValues *row, const RecordShape *shape, HeapTuple tuple,
				  TupleDesc desc)
{
	int		   *map = record_map_columns(shape, desc);

	for (int i = 0; i < shape->ncolumns; i++)
	{
		const RecordColumn *column = &shape->columns[i];

		if (map[i] < 0)
			continue;
		if (TupleDescAttr(desc, map[i])->atttypid != column->type)
			ereport(ERROR,
					(errcode(ERRCODE_DATATYPE_MISMATCH),
					 errmsg("column \"%s\" has type %s, but its values have type %s",
							column->name,
							format_type_be(TupleDescAttr(desc, map[i])->atttypid),
							format_type_be(column->type)),
					 errhint("Run ALTER EXTENSION genaiops UPDATE in this database.")));
		row->values[i] = heap_getattr(tuple, map[i] + 1, desc, &row->nulls[i]);
	}
	pfree(map);
}

void
record_add(Record *record, RecordOp op, RecordShape *shape,
		   const RecordValues *row)
{
	MinimalTuple tuple;
	RecordRow  *header;

	if (record->nrows >= RECORD_MAX_ROWS)
		elog(ERROR, "too many rows in a record");
	tuple = compat_form_minimal_tuple(record_desc(shape),
									  (Datum *) row->values,
									  (bool *) row->nulls);
	header = &record->rows[record->nrows];
	header->op = op;
	header->shape = record_shape_id(shape);
	header->tuple_len = tuple->t_len;
	record->tuples[record->nrows++] = tuple;
	record->size += RECORD_ROW_HEADER + MAXALIGN(tuple->t_len);
}

const RecordRow *
record_unpack(const char *data, Size *offset, RecordValues *row)
{
	const RecordRow *header = (const RecordRow *) (data + *offset);
	MinimalTuple packed = (MinimalTuple) (data + *offset + RECORD_ROW_HEADER);
	HeapTupleData tuple;

	tuple.t_len = packed->t_len + MINIMAL_TUPLE_OFFSET;
	tuple.t_data = (HeapTupleHeader) ((char *) packed - MINIMAL_TUPLE_OFFSET);
	heap_deform_tuple(&tuple, record_desc(record_shape(header->shape)),
					  row->values, row->nulls);
	*offset += RECORD_ROW_HEADER + MAXALIGN(header->tuple_len);
	return header;
}
