/*
 * span.c
 *		Trace context of the session: ids, labels, and the spans it has open.
 *
 * A span opened inside a transaction block ends with the block or
 * subtransaction it was opened in; one opened outside lives until it is
 * ended, DISCARD ALL, or the end of the session.  Under a pooler that is what
 * keeps one client's spans from another's.
 */
#include "postgres.h"

#include "access/xact.h"
#include "base/caller.h"
#include "base/errors.h"
#include "base/hooks.h"
#include "base/ids.h"
#include "base/settings.h"
#include "core/wire/traceparent.h"
#include "miscadmin.h"
#include "queue/session_entry.h"
#include "tracking/experiment.h"
#include "tracking/label.h"
#include "tracking/payload.h"
#include "tracking/purpose.h"
#include "tracking/run.h"
#include "tracking/span.h"
#include "tracking/span_shape.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#define MAX_OPEN_SPANS 256

typedef struct OpenSpan
{
	SessionEntry entry;			/* of no subtransaction if opened outside a block */
	char		span_id[SPAN_ID_LEN + 1];
	pg_uuid_t	trace_id;
	bool		is_apart;		/* ended by the evaluation that has opened it */
	RecordValues intent;
} OpenSpan;

static const TextSlice nothing;
static EntryKind open_spans;
static bool has_last_trace = false;
static pg_uuid_t last_trace;

/* The innermost open span; NULL if there is none. */
static OpenSpan *
innermost_span(void)
{
	return (OpenSpan *) session_entry_latest(&open_spans);
}

/* ---- ids and labels ---- */

void
span_make_id(char id[SPAN_ID_LEN + 1])
{
	uint8		bytes[SPAN_ID_LEN / 2];

	ids_make_random(bytes, sizeof(bytes));
	bytes[0] |= 1;				/* all zero is no id */
	ids_format_hex(bytes, sizeof(bytes), id);
}

/* When the trace that an open span is in entered the database. */
static TimestampTz
entry_start_time(const OpenSpan *span)
{
	int			column = span->intent.nulls[INTENT_entry_start_time] ?
	INTENT_start_time : INTENT_entry_start_time;

	return DatumGetTimestampTz(span->intent.values[column]);
}

void
span_make_place(SpanPlace *place)
{
	ids_make_uuid(&place->trace_id);
	place->parent_span_id[0] = '\0';
	place->is_entry = true;
}

void
span_find_place(SpanPlace *place)
{
	const OpenSpan *innermost = innermost_span();
	TraceParent parent;

	if (innermost != NULL)
	{
		place->trace_id = innermost->trace_id;
		strlcpy(place->parent_span_id, innermost->span_id, SPAN_ID_LEN + 1);
		place->is_entry = false;
		place->entry_start_time = entry_start_time(innermost);
		return;
	}
	place->is_entry = true;
	place->parent_span_id[0] = '\0';
	if (gaiops_traceparent != NULL &&
		traceparent_parse(gaiops_traceparent, strlen(gaiops_traceparent), &parent))
	{
		memcpy(place->trace_id.data, parent.trace_id, UUID_LEN);
		ids_format_hex(parent.parent_id, sizeof(parent.parent_id),
					   place->parent_span_id);
	}
	else
		ids_make_uuid(&place->trace_id);
}

char *
span_traceparent(const pg_uuid_t *trace_id, const char *span_id)
{
	char		trace[2 * UUID_LEN + 1];

	ids_format_hex(trace_id->data, UUID_LEN, trace);
	return psprintf("00-%s-%s-01", trace, span_id);
}

bool
span_type_is_known(const char *type)
{
	static const char *const known[] = {
		"LLM", "CHAT_MODEL", "CHAIN", "AGENT", "TOOL", "RETRIEVER", "EMBEDDING",
		"RERANKER", "PARSER", "GUARDRAIL", "EVALUATOR", "MEMORY", "WORKFLOW",
		"TASK", "UNKNOWN"
	};

	for (int i = 0; i < lengthof(known); i++)
		if (strcmp(type, known[i]) == 0)
			return true;
	return false;
}

/* Sets the address of the client, if it came over TCP. */
static void
set_client_addr(RecordValues *row)
{
	LOCAL_FCINFO(fcinfo, 0);
	Datum		addr;

	InitFunctionCallInfoData(*fcinfo, NULL, 0, InvalidOid, NULL, NULL);
	addr = inet_client_addr(fcinfo);
	if (!fcinfo->isnull)
		RECORD_SET(row, INTENT_client_addr, addr);
}

/* Columns that say who makes the call, and from where. */
static void
fill_caller(RecordValues *row)
{
	RECORD_SET(row, INTENT_session_role, caller_role_name(GetSessionUserId()));
	RECORD_SET(row, INTENT_role, caller_role_name(GetUserId()));
	if (application_name != NULL && application_name[0] != '\0')
		record_set_text(row, INTENT_application_name, application_name);
	set_client_addr(row);
	RECORD_SET(row, INTENT_pid, Int32GetDatum(MyProcPid));
	RECORD_SET(row, INTENT_incarnation,
			   UUIDPGetDatum(record_queue_incarnation()));
}

/* The run it belongs to, if there is one. */
static void
fill_run(RecordValues *row)
{
	pg_uuid_t  *run_id = palloc(sizeof(pg_uuid_t));

	if (run_current(run_id))
		RECORD_SET(row, INTENT_run_id, UUIDPGetDatum(run_id));
}

/* What a call is for, the setting says, or the current run is for. */
static const char *
choose_purpose(const SpanLabels *labels)
{
	if (labels->purpose != NULL)
		return labels->purpose;
	if (gaiops_purpose != PURPOSE_APPLICATION)
		return purpose_name((Purpose) gaiops_purpose);
	return purpose_name(run_current_purpose());
}

void
span_fill_intent(RecordValues *row, const SpanPlace *place,
				 const char *span_id, const SpanLabels *labels)
{
	pg_uuid_t  *trace_id = palloc(sizeof(pg_uuid_t));

	*trace_id = place->trace_id;
	RECORD_SET(row, INTENT_trace_id, UUIDPGetDatum(trace_id));
	record_set_text(row, INTENT_span_id, span_id);
	if (place->parent_span_id[0] != '\0')
		record_set_text(row, INTENT_parent_span_id, place->parent_span_id);
	RECORD_SET(row, INTENT_is_entry, BoolGetDatum(place->is_entry));
	if (!place->is_entry)
		RECORD_SET(row, INTENT_entry_start_time,
				   TimestampTzGetDatum(place->entry_start_time));
	record_set_text(row, INTENT_purpose, choose_purpose(labels));
	record_set_text(row, INTENT_experiment, experiment_choose(labels->experiment));
	fill_run(row);
	record_set_text(row, INTENT_session_id,
					label_choose("session_id", labels->session_id,
								 gaiops_session_id));
	record_set_text(row, INTENT_user_id,
					label_choose("user_id", labels->user_id,
								 gaiops_user_id));
	if (labels->prompt_name != NULL)
		RECORD_SET(row, INTENT_prompt_version, Int32GetDatum(labels->prompt_version));
	record_set_text(row, INTENT_prompt_name, labels->prompt_name);
	record_set_text(row, INTENT_prompt_hash, labels->prompt_hash);
	fill_caller(row);
	RECORD_SET(row, INTENT_start_time,
			   TimestampTzGetDatum(GetCurrentTimestamp()));
}

void
span_add_experiment(Record *record, const RecordValues *intent)
{
	experiment_add(record, TextDatumGetCString(intent->values[INTENT_experiment]),
				   DatumGetTimestampTz(intent->values[INTENT_start_time]),
				   intent->values[INTENT_role]);
}

void
span_note_experiment(const RecordValues *intent)
{
	experiment_note(TextDatumGetCString(intent->values[INTENT_experiment]));
}

double
span_fill_end(RecordValues *row, const RecordValues *intent, const char *status,
			  const char *error_class)
{
	TimestampTz start = DatumGetTimestampTz(intent->values[INTENT_start_time]);
	double		latency_ms = (GetCurrentTimestamp() - start) / 1000.0;

	record_values_reset(row);
	memcpy(row->values, intent->values, sizeof(Datum) * BEGIN_NCOLUMNS);
	memcpy(row->nulls, intent->nulls, sizeof(bool) * BEGIN_NCOLUMNS);
	record_set_text(row, SPAN_status, status);
	record_set_text(row, SPAN_error_class, error_class);
	RECORD_SET(row, SPAN_latency_ms, Float8GetDatum(latency_ms));
	return latency_ms;
}

void
span_make_final(Record *record, const RecordValues *row)
{
	RecordValues key;

	record_reset(record);
	record_add(record, RECORD_INSERT, &span_shape, row);
	record_values_reset(&key);
	RECORD_SET(&key, INTENT_trace_id, row->values[SPAN_trace_id]);
	RECORD_SET(&key, INTENT_span_id, row->values[SPAN_span_id]);
	record_add(record, RECORD_DELETE, &intent_shape, &key);
}

/* ---- the latest trace ---- */

const pg_uuid_t *
span_last_trace(void)
{
	return has_last_trace ? &last_trace : NULL;
}

void
span_set_last_trace(const pg_uuid_t *trace_id)
{
	last_trace = *trace_id;
	has_last_trace = true;
}

/* ---- ending spans ---- */

/* The final record of a span that is not ended by gaiops_end_span(). */
static const Record *
make_final(const OpenSpan *span, const char *error_class)
{
	Record	   *final = palloc(sizeof(Record));
	RecordValues row;

	(void) span_fill_end(&row, &span->intent, error_class ? "ERROR" : "OK", error_class);
	span_make_final(final, &row);
	return final;
}

static const Record *
make_final_of(SessionEntry *entry, EntryEnd end)
{
	return make_final((OpenSpan *) entry,
					  end == ENTRY_ABORTED ? "aborted" :
					  end == ENTRY_KILLED ? "terminated" : NULL);
}

/* Ends a span and waits for the record of it. */
static void
close_span(OpenSpan *span, TextSlice outputs, const char *status, TextSlice attributes)
{
	Payload		payload = {.kind = "response",.inputs = outputs,
	.attributes = attributes};
	RecordValues row;
	Record		bare;
	Record		final;

	(void) span_fill_end(&row, &span->intent, status, NULL);
	span_make_final(&bare, &row);
	final = bare;
	if (outputs.data != NULL || attributes.data != NULL)
		payload_add(&final, &row, &payload);
	(void) session_entry_finish(&span->entry, &final, &bare);
}

/* Ends a span of a block that commits, so that the next statement sees it. */
static void
close_at_commit(SessionEntry *entry)
{
	if (entry->subxact != InvalidSubTransactionId)
		close_span((OpenSpan *) entry, nothing, "OK", nothing);
}

static EntryKind open_spans = {
	.name = "span",
	.plural = "spans",
	.most = MAX_OPEN_SPANS,
	.limit_hint = "End spans with gaiops_end_span().",
	.ends_with_subxact = true,
	.make_final = make_final_of,
	.before_commit = close_at_commit,
};

/* ---- spans an application opens ---- */

/* A span of this session with everything its intent needs. */
static OpenSpan *
make_span(const char *name, const char *type, bool is_apart)
{
	OpenSpan   *span = session_entry_make(&open_spans, sizeof(OpenSpan));
	MemoryContext old = MemoryContextSwitchTo(span->entry.context);
	SpanLabels	labels = {NULL, NULL, NULL};
	SpanPlace	place;

	/* A subtransaction may be there without BEGIN, as in PL/pgSQL. */
	if (!IsTransactionBlock() && GetCurrentTransactionNestLevel() == 1)
		span->entry.subxact = InvalidSubTransactionId;
	span_make_id(span->span_id);
	span->is_apart = is_apart;
	if (is_apart)
		span_make_place(&place);
	else
		span_find_place(&place);
	span->trace_id = place.trace_id;
	record_values_reset(&span->intent);
	span_fill_intent(&span->intent, &place, span->span_id, &labels);
	record_set_text(&span->intent, INTENT_name, name);
	record_set_text(&span->intent, INTENT_span_type, type);
	MemoryContextSwitchTo(old);
	return span;
}

/* Ends a span that could not be opened: nobody gets its id, to end it. */
static void
give_up(OpenSpan *span, FailureClass failure)
{
	MemoryContext old = MemoryContextSwitchTo(span->entry.context);

	session_entry_end(&span->entry, make_final(span, failure_class_name(failure)));
	MemoryContextSwitchTo(old);
	session_entry_drop(&span->entry);
}

/* Waits for the commit of a span's intent; ends the span if that fails. */
static void
await_open(OpenSpan *span, JournalEntry *journal)
{
	volatile JournalState state = JOURNAL_WAITING;

	PG_TRY();
	{
		state = journal_wait(journal);
	}
	PG_CATCH();
	{
		give_up(span, FAILURE_CANCELED);
		PG_RE_THROW();
	}
	PG_END_TRY();
	if (state != JOURNAL_COMMITTED)
	{
		give_up(span, FAILURE_LOG_UNAVAILABLE);
		journal_raise_unavailable("span", state);
	}
}

const char *
span_open(const char *name, const char *type, TextSlice inputs, TextSlice attributes,
		  bool is_apart)
{
	Payload		payload = {.kind = "request",.inputs = inputs,
	.attributes = attributes};
	OpenSpan   *span;
	Record		record;
	JournalEntry journal;

	journal_require();
	session_entry_require_room(&open_spans);
	span = make_span(name, type, is_apart);
	record_reset(&record);
	span_add_experiment(&record, &span->intent);
	record_add(&record, RECORD_INSERT, &intent_shape, &span->intent);
	payload_add(&record, &span->intent, &payload);
	session_entry_open(&span->entry, &journal, &record);
	await_open(span, &journal);
	span_note_experiment(&span->intent);
	span_set_last_trace(&span->trace_id);
	return span->span_id;
}

/*
 * The open span of an id, or the innermost if that is NULL; NULL if there is
 * none.
 */
static OpenSpan *
find_open_span(const char *span_id)
{
	SessionEntry *entry = session_entry_latest(&open_spans);

	while (entry != NULL && span_id != NULL &&
		   strcmp(((OpenSpan *) entry)->span_id, span_id) != 0)
		entry = session_entry_earlier(entry);
	return (OpenSpan *) entry;
}

void
span_require_endable(const char *span_id)
{
	const OpenSpan *last = find_open_span(span_id);
	SessionEntry *entry = session_entry_latest(&open_spans);

	for (; last != NULL && entry != NULL; entry = session_entry_earlier(entry))
	{
		const OpenSpan *span = (OpenSpan *) entry;

		if (span->is_apart)
			ereport(ERROR,
					(errcode(ERRCODE_OBJECT_IN_USE),
					 errmsg("cannot end span \"%s\" of an evaluation that is under way",
							span->span_id)));
		if (span == last)
			break;
	}
}

void
span_close(const char *span_id, TextSlice outputs, const char *status,
		   TextSlice attributes)
{
	OpenSpan   *span = find_open_span(span_id);

	if (span == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
				 span_id ? errmsg("span \"%s\" is not open in this session", span_id)
				 : errmsg("no span is open in this session"),
				 errhint("Spans opened inside a transaction block end with it.")));
	while (innermost_span() != span)
		close_span(innermost_span(), nothing, status, nothing);
	close_span(span, outputs, status, attributes);
}

/* DISCARD ALL, which has ended all spans, also forgets the latest trace. */
static void
forget_last_trace(void)
{
	has_last_trace = false;
}

void
span_init(void)
{
	static const Hooks hooks = {.discard_all = forget_last_trace};

	session_entry_register(&open_spans);
	hooks_register(&hooks);
}
