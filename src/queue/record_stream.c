/*
 * record_stream.c
 *		Many records one after the other, without waiting for each commit.
 *
 * The writer commits what is queued together.  Who waits for each record
 * has it commit one at a time; so here a ring of them is under way.
 */
#include "postgres.h"

#include "queue/journal.h"
#include "queue/record_stream.h"
#include "utils/memutils.h"

#define MAX_UNDER_WAY 64

/* A record, and what it is made of. */
typedef struct Place
{
	MemoryContext context;
	Record		record;
	JournalEntry journal;
} Place;

struct RecordStream
{
	const char *what;
	int			first;			/* the oldest that is under way */
	int			n;				/* how many are */
	Place		places[MAX_UNDER_WAY];
};

/* Gives up the tickets that are left, when the stream's context goes. */
static void
release_all(void *arg)
{
	RecordStream *stream = arg;

	for (int i = 0; i < MAX_UNDER_WAY; i++)
	{
		Place	   *place = &stream->places[i];

		if (place->journal.ticket != NULL)
			record_queue_release(place->journal.ticket);
		place->journal.ticket = NULL;
	}
}

RecordStream *
record_stream_begin(const char *what)
{
	RecordStream *stream = palloc0(sizeof(RecordStream));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	stream->what = what;
	for (int i = 0; i < MAX_UNDER_WAY; i++)
		stream->places[i].context = AllocSetContextCreate(CurrentMemoryContext,
														  "genaiops record",
														  ALLOCSET_SMALL_SIZES);
	callback->func = release_all;
	callback->arg = stream;
	MemoryContextRegisterResetCallback(CurrentMemoryContext, callback);
	return stream;
}

/* Waits for the oldest record, and makes room in its place. */
static void
take_oldest(RecordStream *stream)
{
	Place	   *place = &stream->places[stream->first];
	JournalState state = journal_wait(&place->journal);

	if (state != JOURNAL_COMMITTED)
		journal_raise_unavailable(stream->what, state);
	record_queue_release(place->journal.ticket);
	place->journal.ticket = NULL;
	MemoryContextReset(place->context);
	stream->first = (stream->first + 1) % MAX_UNDER_WAY;
	stream->n--;
}

/* The place of the record that is to be pushed next. */
static Place *
next_place(RecordStream *stream)
{
	return &stream->places[(stream->first + stream->n) % MAX_UNDER_WAY];
}

Record *
record_stream_next(RecordStream *stream)
{
	Record	   *record;

	if (stream->n == MAX_UNDER_WAY)
		take_oldest(stream);
	record = &next_place(stream)->record;
	record_reset(record);
	return record;
}

MemoryContext
record_stream_context(RecordStream *stream)
{
	return next_place(stream)->context;
}

void
record_stream_push(RecordStream *stream)
{
	Place	   *place = next_place(stream);
	JournalState state;

	journal_begin(&place->journal, &place->record);
	state = journal_push(&place->journal);
	if (!place->journal.pushed)
		journal_raise_unavailable(stream->what, state);
	stream->n++;
}

void
record_stream_finish(RecordStream *stream)
{
	while (stream->n > 0)
		take_oldest(stream);
}
