/*
 * attempt.c
 *		The records of one attempt to call a model.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "call/attempt.h"
#include "lib/stringinfo.h"
#include "mb/pg_wchar.h"
#include "tracking/span_shape.h"
#include "tracking/tag.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/json.h"
#include "utils/timestamp.h"

#define MAX_ERROR_MESSAGE 1000	/* bytes of error_message */

/* ---- the intent ---- */

/* Columns that say which call an attempt goes on with, and why. */
static void
fill_retry(Attempt *attempt)
{
	RecordValues *row = &attempt->intent;

	if (attempt->number == 1)
		attempt->call_start_time = DatumGetTimestampTz(row->values[INTENT_start_time]);
	else
	{
		RECORD_SET(row, INTENT_call_start_time, TimestampTzGetDatum(attempt->call_start_time));
		record_set_text(row, INTENT_retry_reason, failure_class_name(attempt->failure));
	}
}

static void
fill_intent(Attempt *attempt, const KnownRoute *known,
			const SpanPlace *place, const SpanLabels *labels)
{
	RecordValues *row = &attempt->intent;
	const Route *route = known->route;
	SpanPlace	own = *place;

	own.is_entry = place->is_entry && attempt->number == 1;
	if (place->is_entry)
		own.entry_start_time = attempt->call_start_time;
	record_values_reset(row);
	span_fill_intent(row, &own, attempt->span_id, labels);
	record_set_text(row, INTENT_name, psprintf("chat %s", known->asked.model));
	record_set_text(row, INTENT_span_type, "CHAT_MODEL");
	record_set_text(row, INTENT_endpoint, route->endpoint);
	record_set_text(row, INTENT_target,
					psprintf("%s/%s", route->provider, known->asked.model));
	record_set_text(row, INTENT_provider, route->provider);
	record_set_text(row, INTENT_model, known->asked.model);
	RECORD_SET(row, INTENT_attempt, Int32GetDatum(attempt->number));
	fill_retry(attempt);
}

void
attempt_begin(Attempt *attempt, const KnownRoute *known,
			  const SpanPlace *place, const SpanLabels *labels,
			  const Payload *request, TextSlice tags)
{
	Record	   *record = &attempt->intent_record;

	attempt->number++;
	attempt->has_cost = false;
	attempt->usage = NULL;
	attempt->finish_reason = ORDERED_NONE;
	span_make_id(attempt->span_id);
	fill_intent(attempt, known, place, labels);
	record_reset(record);
	span_add_experiment(record, &attempt->intent);
	record_add(record, RECORD_INSERT, &intent_shape, &attempt->intent);
	payload_add(record, &attempt->intent, request);
	if (attempt->number == 1)
		tag_add_more(record, &tag_of_trace, &place->trace_id, tags);
}

/* ---- the outcome ---- */

static void
set_count(RecordValues *row, int column, int64 count)
{
	if (count != TOKENS_UNKNOWN)
		RECORD_SET(row, column, Int64GetDatum(count));
}

/* A slice as a text column, cut to the length of a label. */
static void
set_slice(RecordValues *row, int column, TextSlice slice)
{
	int			len;

	if (slice.data == NULL)
		return;
	len = pg_mbcliplen(slice.data, (int) slice.len, RECORD_MAX_LABEL);
	RECORD_SET(row, column,
			   PointerGetDatum(cstring_to_text_with_len(slice.data, len)));
}

static void
fill_usage(Attempt *attempt, RecordValues *row, const TokenUsage *usage)
{
	attempt->usage = usage;
	set_count(row, SPAN_input_tokens, usage->input_tokens);
	set_count(row, SPAN_output_tokens, usage->output_tokens);
	set_count(row, SPAN_cached_input_tokens, usage->cached_input_tokens);
	set_count(row, SPAN_cache_write_tokens, usage->cache_write_tokens);
	set_count(row, SPAN_reasoning_tokens, usage->reasoning_tokens);
}

/* Why an answer ended, cut to the length of a label. */
static TextSlice
finish_reason(const OpenaiAnswer *answer)
{
	TextSlice	reason = answer->finish_reason;

	if (answer->is_empty)
		return ordered_of(OPENAI_NO_CONTENT);
	if (reason.data != NULL)
		reason.len = pg_mbcliplen(reason.data, (int) reason.len, RECORD_MAX_LABEL);
	return reason;
}

/* Columns that the answer gives, and what it cost. */
static void
fill_answer(Attempt *attempt, RecordValues *row, const OpenaiAnswer *answer,
			const PricedModel *priced)
{
	set_slice(row, SPAN_response_model, answer->model);
	set_slice(row, SPAN_response_id, answer->id);
	attempt->finish_reason = finish_reason(answer);
	set_slice(row, SPAN_finish_reason, attempt->finish_reason);
	fill_usage(attempt, row, &answer->usage);
	attempt->has_cost = price_cost(priced->prices, &answer->usage, &attempt->cost);
	if (attempt->has_cost)
	{
		RECORD_SET(row, SPAN_cost, attempt->cost);
		record_set_text(row, SPAN_priced_model, priced->model);
	}
}

char *
attempt_error_text(const char *message, const char *detail)
{
	char	   *text = detail == NULL ? pstrdup(message) :
	psprintf("%s: %s", message, detail);

	text[pg_mbcliplen(text, (int) strlen(text), MAX_ERROR_MESSAGE)] = '\0';
	return text;
}

/* Columns that tell of the way to the gateway and back. */
static void
fill_exchange(Attempt *attempt, RecordValues *row, const Exchange *exchange,
			  const PricedModel *priced)
{
	if (exchange->http_status != 0)
		RECORD_SET(row, SPAN_http_status, Int32GetDatum(exchange->http_status));
	if (exchange->gateway_us >= 0)
		RECORD_SET(row, SPAN_gateway_ms,
				   Float8GetDatum(exchange->gateway_us / 1000.0));
	if (exchange->has_answer)
		fill_answer(attempt, row, &exchange->answer, priced);
	else if (exchange->has_usage)
		fill_usage(attempt, row, &exchange->usage);
}

/* The span's row: the intent's columns, and how the attempt ended. */
static void
fill_span(Attempt *attempt, RecordValues *row, FailureClass failure,
		  const char *message, const char *detail)
{
	attempt->failure = failure;
	attempt->latency_ms = span_fill_end(row, &attempt->intent,
										failure == FAILURE_NONE ? "OK" : "ERROR",
										failure_class_name(failure));
	if (message != NULL)
		record_set_text(row, SPAN_error_message, attempt_error_text(message, detail));
}

/* Adds a member, whose value is JSON, to the text of an object. */
static void
add_note(StringInfo notes, const char *name, const char *value)
{
	appendStringInfo(notes, "%s\"%s\": %s", notes->len > 0 ? ", " : "", name, value);
}

/* A slice as a string of JSON. */
static char *
quote_slice(TextSlice slice)
{
	StringInfoData quoted;

	initStringInfo(&quoted);
	escape_json(&quoted, pnstrdup(slice.data, slice.len));
	return quoted.data;
}

/* What was replaced before the answer could be read, as JSON. */
static char *
repairs_note(const JsonRepairs *repairs)
{
	const struct
	{
		const char *name;
		int			count;
	}			kinds[] = {
		{"byte_order_mark", repairs->byte_order_marks},
		{"nul", repairs->nul_escapes},
		{"surrogate", repairs->surrogates},
		{"number", repairs->numbers},
	};
	StringInfoData notes;

	initStringInfo(&notes);
	for (int i = 0; i < lengthof(kinds); i++)
		if (kinds[i].count > 0)
			add_note(&notes, kinds[i].name, psprintf("%d", kinds[i].count));
	return psprintf("{%s}", notes.data);
}

/* Why counts of the answer are not known, as JSON. */
static char *
problems_note(const UsageProblems *problems)
{
	StringInfoData notes;

	initStringInfo(&notes);
	if (problems->input != NULL)
		appendStringInfo(&notes, "\"%s\"", problems->input);
	if (problems->input != NULL && problems->output != NULL)
		appendStringInfoString(&notes, ", ");
	if (problems->output != NULL)
		appendStringInfo(&notes, "\"%s\"", problems->output);
	return psprintf("[%s]", notes.data);
}

/*
 * What is to be noted of an answer besides the columns, as attributes of the
 * span; absent if nothing is.
 */
static TextSlice
answer_notes(const Exchange *exchange)
{
	const OpenaiAnswer *answer = &exchange->answer;
	StringInfoData notes;

	initStringInfo(&notes);
	if (exchange->has_answer && answer->is_empty && answer->finish_reason.data != NULL)
		add_note(&notes, "gen_ai.response.finish_reasons",
				 psprintf("[%s]", quote_slice(answer->finish_reason)));
	if (exchange->has_answer && answer->repaired != NULL)
		add_note(&notes, "gaiops.replaced", repairs_note(&answer->repairs));
	if (exchange->has_answer && (answer->usage_problems.input || answer->usage_problems.output))
		add_note(&notes, "gaiops.usage_problems", problems_note(&answer->usage_problems));
	if (notes.len == 0)
		return ORDERED_NONE;
	return ordered_of(psprintf("{%s}", notes.data));
}

void
attempt_finish(Attempt *attempt, FailureClass failure, const char *message,
			   const char *detail, const Exchange *exchange,
			   const PricedModel *priced)
{
	RecordValues row;

	fill_span(attempt, &row, failure, message, detail);
	if (exchange != NULL)
		fill_exchange(attempt, &row, exchange, priced);
	span_make_final(&attempt->bare_record, &row);
	attempt->final_record = attempt->bare_record;
	if (exchange != NULL && exchange->body != NULL)
	{
		Payload		payload = {
			.kind = "response",
			.body = exchange->body,
			.body_len = exchange->body_len,
			.attributes = answer_notes(exchange)
		};

		payload_add(&attempt->final_record, &row, &payload);
	}
}
