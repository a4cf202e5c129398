/*
 * span.h
 *		Trace context of the session: ids, labels, and the spans it has open.
 */
#ifndef GAIOPS_SPAN_H
#define GAIOPS_SPAN_H

#include "datatype/timestamp.h"
#include "queue/record.h"
#include "utils/uuid.h"

#define SPAN_ID_LEN 16			/* hexadecimal digits */

/* Where a new span belongs. */
typedef struct SpanPlace
{
	pg_uuid_t	trace_id;
	char		parent_span_id[SPAN_ID_LEN + 1];	/* empty for a root */
	bool		is_entry;		/* no span above it is recorded here */
	TimestampTz entry_start_time;	/* unless is_entry: of the one that is */
} SpanPlace;

/* What a call is recorded under; NULL means the setting, or nothing. */
typedef struct SpanLabels
{
	const char *experiment;
	const char *session_id;
	const char *user_id;
	const char *prompt_name;	/* NULL if no registered prompt is used */
	int32		prompt_version;
	const char *prompt_hash;
	const char *purpose;		/* NULL means what the session says */
} SpanLabels;

/*
 * Makes spans known as what a session holds open; called when the library is
 * loaded.
 */
extern void span_init(void);

/* Whether text is one of the usual span types, in upper case. */
extern bool span_type_is_known(const char *type);

/*
 * The place of a span begun now: in the open span, the caller's trace, or a
 * new one.
 */
extern void span_find_place(SpanPlace *place);

/* The place of one in a trace of its own, whatever is open. */
extern void span_make_place(SpanPlace *place);

/* A new random span id, with its NUL. */
extern void span_make_id(char id[SPAN_ID_LEN + 1]);

/* traceparent header value for a span, palloc'd. */
extern char *span_traceparent(const pg_uuid_t *trace_id, const char *span_id);

/*
 * Fills the columns of an intent that do not depend on what the span does:
 * ids, labels, who and when.  Raises when a label is too long or no text.
 */
extern void span_fill_intent(RecordValues *row, const SpanPlace *place,
							 const char *span_id, const SpanLabels *labels);

/*
 * Adds the row that makes an intent's experiment known, unless this session
 * had it recorded before; that is noted once the record is committed.
 */
extern void span_add_experiment(Record *record, const RecordValues *intent);
extern void span_note_experiment(const RecordValues *intent);

/*
 * Fills the row of a span that ends now: what its intent says, and how it
 * ended.  Returns how many milliseconds it took.
 */
extern double span_fill_end(RecordValues *row, const RecordValues *intent,
							const char *status, const char *error_class);

/* Makes the final record of a span from its row, which ends the intent too. */
extern void span_make_final(Record *record, const RecordValues *row);

/* The trace of the latest call or span of this session; NULL if none. */
extern const pg_uuid_t *span_last_trace(void);
extern void span_set_last_trace(const pg_uuid_t *trace_id);

/* ---- spans an application opens ---- */

/*
 * Opens a span, in a trace of its own if it is to be apart; returns its id.
 * Returns when its intent is committed.
 */
extern const char *span_open(const char *name, const char *type, TextSlice inputs,
							 TextSlice attributes, bool is_apart);

/*
 * Raises if ending a span, the innermost if that is NULL, would end one that
 * an evaluation has open.
 */
extern void span_require_endable(const char *span_id);

/*
 * Ends a span of this session, and those still open within it; NULL ends the
 * innermost.  Raises if there is none.
 */
extern void span_close(const char *span_id, TextSlice outputs, const char *status,
					   TextSlice attributes);

#endif							/* GAIOPS_SPAN_H */
