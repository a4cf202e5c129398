/*
 * evaluation_document.c
 *		Documents that evaluations record, and how long they may be.
 */
#include "postgres.h"

#include "base/document.h"
#include "base/ordered.h"
#include "evaluation/evaluation_document.h"
#include "queue/record_queue.h"
#include "utils/builtins.h"
#include "utils/float.h"
#include "utils/fmgrprotos.h"

/* A record has an output and, of each scorer, a value twice. */
#define OUTPUT_SHARE 4			/* of the largest payload */
#define VALUE_SHARE ((Size) 8 * EVALUATION_MAX_SCORERS)
#define MIN_VALUE 1024			/* bytes that are kept whatever the share */

/* Adds a number, or null if there is none. */
static void
add_number(StringInfo object, const char *key, bool has_number, double number)
{
	ordered_add(object, key, ordered_of(has_number ? psprintf("%.17g", number) : "null"));
}

/* Adds a document, or null if there is none. */
static void
add_document(StringInfo object, const char *key, Jsonb *document)
{
	ordered_add(object, key, document == NULL ? ordered_of("null") : document_text(document));
}

/* Adds a text, or null if there is none. */
static void
add_text(StringInfo object, const char *key, const char *text)
{
	if (text != NULL)
		ordered_add_text(object, key, text);
	else
		ordered_add(object, key, ordered_of("null"));
}

static void
append_scorer(StringInfo array, const Scorer *scorer)
{
	StringInfoData object;
	TextSlice	text;

	ordered_begin(&object);
	ordered_add_text(&object, "name", scorer->name);
	ordered_add_text(&object, "source", scorer->source);
	add_text(&object, "kind", scorer->kind);
	add_number(&object, "version", scorer->version > 0, scorer->version);
	ordered_add_text(&object, "direction", scorer->direction);
	add_number(&object, "scale", scorer->has_scale, scorer->scale);
	add_number(&object, "threshold", scorer->has_threshold, scorer->threshold);
	ordered_add(&object, "pass_fail", ordered_of(scorer->is_pass_fail ? "true" : "false"));
	add_document(&object, "params", scorer->params);
	text = ordered_end(&object);
	appendBinaryStringInfo(array, text.data, (int) text.len);
}

Jsonb *
evaluation_scorers_document(const EvaluationPlan *plan)
{
	StringInfoData array;

	initStringInfo(&array);
	appendStringInfoChar(&array, '[');
	for (int i = 0; i < plan->request.nscorers; i++)
	{
		if (i > 0)
			appendStringInfoChar(&array, ',');
		append_scorer(&array, plan->scorers[i]);
	}
	appendStringInfoChar(&array, ']');
	return document_parse(array.data);
}

Jsonb *
evaluation_score_document(const Scorer *scorer, const Score *score,
						  const pg_uuid_t *judge_trace_id)
{
	StringInfoData object;

	ordered_begin(&object);
	if (score->has_score)
		add_number(&object, "score", true, score->score);
	if (score->has_passed)
		ordered_add(&object, "passed", ordered_of(score->passed ? "true" : "false"));
	if (scorer->version > 0)
		add_number(&object, "version", true, scorer->version);
	ordered_add_text(&object, "direction", scorer->direction);
	if (scorer->has_scale)
		add_number(&object, "scale", true, scorer->scale);
	if (scorer->has_threshold)
		add_number(&object, "threshold", true, scorer->threshold);
	if (score->parts != NULL)
		add_document(&object, "bleu", score->parts);
	if (judge_trace_id != NULL)
		ordered_add_text(&object, "judge_trace_id",
						 DatumGetCString(DirectFunctionCall1(uuid_out, UUIDPGetDatum(judge_trace_id))));
	return document_parse(ordered_end(&object).data);
}

Jsonb *
evaluation_kept_document(Jsonb *document)
{
	if (document == NULL || VARSIZE(document) <= record_queue_max_payload() / OUTPUT_SHARE)
		return document;
	return document_parse(psprintf("{\"gaiops.cut\": true, \"gaiops.bytes\": %zu}",
								  (size_t) VARSIZE(document)));
}

void
evaluation_bound_score(Score *score)
{
	Size		most = Max(record_queue_max_payload() / VALUE_SHARE, MIN_VALUE);

	if (score->value == NULL || VARSIZE(score->value) <= most)
		return;
	memset(score, 0, sizeof(*score));
	score->state = SCORE_ERROR;
	score->reason = psprintf("The value is longer than the %zu bytes that are kept.", most);
}
