/*
 * writer_rows.c
 *		Writing the rows of a record that was taken from the queue.
 */
#include "postgres.h"

#include "workers/writer_rows.h"

static bool
is_written(const RecordRow *row, const RecordShape *shape, WrittenRows which)
{
	switch (which)
	{
		case ROWS_ALL:
			break;
		case ROWS_BUT_PAYLOADS:
			return !shape->is_payload;
		case ROWS_THAT_END_INTENTS:
			return shape->is_intent && row->op == RECORD_DELETE;
	}
	return true;
}

void
writer_write_rows(Sink *sink, const QueuedRecord *record, WrittenRows which)
{
	Size		offset = 0;

	while (offset < record->size)
	{
		RecordValues values;
		const RecordRow *row = record_unpack(record->data, &offset, &values);
		RecordShape *shape = record_shape(row->shape);

		if (is_written(row, shape, which))
			sink_write(sink, row->op, shape, &values);
	}
}
