/*
 * rejection.c
 *		Records that cannot be stored as they are.
 *
 * Of a final record the payloads are left out first; then all of it but what
 * takes back its intent, or that would seem to be under way for ever.  Of any
 * other record nothing is stored: its caller is told, and goes no further.
 */
#include "postgres.h"

#include "catalog/pg_type.h"
#include "queue/queue_writer.h"
#include "utils/timestamp.h"
#include "workers/rejection.h"
#include "workers/worker.h"
#include "workers/writer_commit.h"
#include "workers/writer_rows.h"

#define REJECTED_COLUMNS(X) \
	X(REJECTED, rejected_at, TIMESTAMPTZOID) X(REJECTED, record, TEXTOID) \
	X(REJECTED, trace_id, UUIDOID) X(REJECTED, span_id, TEXTOID) \
	X(REJECTED, sqlstate, TEXTOID) X(REJECTED, message, TEXTOID)

enum RejectedColumn {REJECTED_COLUMNS(RECORD_POSITION) REJECTED_NCOLUMNS};

static const RecordColumn rejected_columns[] = {REJECTED_COLUMNS(RECORD_COLUMN)};

RecordShape rejected_shape = {
	.table = "rejected_records",
	.columns = rejected_columns,
	.ncolumns = REJECTED_NCOLUMNS,
};

/* What is done with a record because of an error. */
typedef struct Rejection
{
	QueuedRecord *record;
	const ErrorData *error;
	WrittenRows kept;
} Rejection;

static const char *
message_of(const ErrorData *error)
{
	return error->message ? error->message : "unknown error";
}

/*
 * Takes over columns that the note of a rejection has as well: whose row it
 * was.
 */
static void
copy_columns(RecordValues *note, const RecordShape *shape, const RecordValues *row)
{
	int		   *map = record_map_columns(shape, record_desc(&rejected_shape));

	for (int i = 0; i < shape->ncolumns; i++)
		if (map[i] >= 0 && !row->nulls[i] &&
			shape->columns[i].type == rejected_columns[map[i]].type)
			RECORD_SET(note, map[i], row->values[i]);
}

/*
 * The row that says what was rejected, which is known by its first row, and
 * why.
 */
static void
fill_note(RecordValues *note, const Rejection *rejection)
{
	const ErrorData *error = rejection->error;
	Size		offset = 0;
	RecordValues row;
	const RecordRow *header = record_unpack(rejection->record->data, &offset, &row);
	const RecordShape *shape = record_shape(header->shape);

	record_values_reset(note);
	copy_columns(note, shape, &row);
	RECORD_SET(note, REJECTED_rejected_at,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
	record_set_text(note, REJECTED_record, shape->table);
	record_set_text(note, REJECTED_sqlstate, unpack_sql_state(error->sqlerrcode));
	record_set_text(note, REJECTED_message, message_of(error));
}

static void
commit_rejection(void *arg)
{
	const Rejection *rejection = arg;
	RecordValues note;
	Sink	   *sink;

	if (!worker_begin())
		return;
	record_queue_locate(rejection->record);
	fill_note(&note, rejection);
	sink = sink_open();
	sink_write(sink, RECORD_INSERT, &rejected_shape, &note);
	writer_write_rows(sink, rejection->record, rejection->kept);
	sink_close(sink);
	writer_commit();
}

void
rejection_store(QueuedRecord *record, const ErrorData *error)
{
	Rejection	rejection = {record, error, ROWS_BUT_PAYLOADS};

	ereport(LOG,
			(errmsg("genaiops could not store a record: %s", message_of(error))));
	if (record->is_final && writer_try(commit_rejection, &rejection, NULL))
		return;
	rejection.kept = ROWS_THAT_END_INTENTS;
	(void) writer_try(commit_rejection, &rejection, NULL);
}
