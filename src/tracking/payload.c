/*
 * payload.c
 *		Rows of gaiops.span_payloads: what was said, cut where it is too long.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "mb/pg_wchar.h"
#include "queue/record_queue.h"
#include "tracking/payload.h"
#include "tracking/span_shape.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"

/* How a marker begins; gaiops.is_cut() goes by it. */
#define CUT_MARKER	"{\"gaiops.cut\": true, "

/* Length of the longest valid beginning of text that has at most max bytes. */
static size_t
clip_length(const char *text, size_t len, size_t max)
{
	return len <= max ? len : (size_t) pg_mbcliplen(text, len, max);
}

static bool
is_valid_text(const char *bytes, size_t len)
{
	return memchr(bytes, '\0', len) == NULL &&
		pg_verify_mbstr(PG_UTF8, bytes, len, true);
}

/* Says how long the whole was, and what its hash is. */
static void
set_cut_marker(RecordValues *row, const char *body, size_t len)
{
	bytea	   *whole = cstring_to_text_with_len(body, len);

	RECORD_SET(row, PAYLOAD_body_length, Int64GetDatum((int64) len));
	RECORD_SET(row, PAYLOAD_body_sha256,
			   DirectFunctionCall1(sha256_bytea, PointerGetDatum(whole)));
	pfree(whole);
}

static void
set_body(RecordValues *row, const char *body, size_t len)
{
	size_t		max = record_queue_max_payload();
	bool		is_text = is_valid_text(body, len);
	size_t		kept = is_text ? clip_length(body, len, max) : Min(len, max);

	RECORD_SET(row, is_text ? PAYLOAD_body : PAYLOAD_body_bytes,
			   PointerGetDatum(cstring_to_text_with_len(body, kept)));
	if (kept < len)
		set_cut_marker(row, body, len);
}

/*
 * A document, or a marker in its place when it is too long to keep.  A
 * document that is written like the marker gets a blank into it, which JSON
 * does not mind, so that nobody can give a marker.
 */
static void
set_document(RecordValues *row, int column, TextSlice document)
{
	if (document.data == NULL)
		return;
	if (document.len > record_queue_max_payload() / 4)
		record_set_text(row, column,
						psprintf(CUT_MARKER "\"gaiops.bytes\": %zu}", document.len));
	else if (document.len >= strlen(CUT_MARKER) &&
			 memcmp(document.data, CUT_MARKER, strlen(CUT_MARKER)) == 0)
		record_set_text(row, column,
						psprintf("{ %.*s", (int) document.len - 1, document.data + 1));
	else
		RECORD_SET(row, column, ordered_to_datum(document));
}

void
payload_add(Record *record, const RecordValues *span, const Payload *payload)
{
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, PAYLOAD_trace_id, span->values[SPAN_trace_id]);
	RECORD_SET(&row, PAYLOAD_span_id, span->values[SPAN_span_id]);
	RECORD_SET(&row, PAYLOAD_start_time, span->values[SPAN_start_time]);
	record_set_text(&row, PAYLOAD_kind, payload->kind);
	if (payload->body != NULL)
		set_body(&row, payload->body, payload->body_len);
	set_document(&row, PAYLOAD_inputs, payload->inputs);
	set_document(&row, PAYLOAD_attributes, payload->attributes);
	set_document(&row, PAYLOAD_metadata, payload->metadata);
	record_add(record, RECORD_INSERT, &payload_shape, &row);
}
