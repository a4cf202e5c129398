/*
 * evaluation_stored.c
 *		Scoring the outputs that records of a dataset have.
 *
 * Nothing is called, so each gets a trace of one span, for the scores to be
 * on.
 */
#include "postgres.h"

#include "base/document.h"
#include "evaluation/evaluation_judging.h"
#include "evaluation/evaluation_progress.h"
#include "evaluation/evaluation_turn.h"
#include "evaluation/evaluation_work.h"
#include "miscadmin.h"
#include "queue/journal.h"
#include "queue/record_stream.h"
#include "tracking/payload.h"
#include "tracking/span.h"
#include "tracking/span_shape.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/timestamp.h"

/* What is given to a span, or comes from it. */
static void
add_payload(Record *record, const RecordValues *span, const char *kind, TextSlice said)
{
	Payload		payload = {.kind = kind,.inputs = said};

	payload_add(record, span, &payload);
}

/* Adds the span of a record, and takes from it what the outcome says. */
static void
add_span(Record *record, EvaluationOutcome *outcome)
{
	SpanPlace	place;
	SpanLabels	labels = {0};
	char		span_id[SPAN_ID_LEN + 1];
	RecordValues intent;
	RecordValues span;

	span_make_place(&place);
	span_make_id(span_id);
	record_values_reset(&intent);
	span_fill_intent(&intent, &place, span_id, &labels);
	record_set_text(&intent, INTENT_name, "evaluate");
	record_set_text(&intent, INTENT_span_type, "EVALUATOR");
	(void) span_fill_end(&span, &intent, "OK", NULL);
	span_add_experiment(record, &intent);
	record_add(record, RECORD_INSERT, &span_shape, &span);
	add_payload(record, &span, "request", outcome->subject->written);
	add_payload(record, &span, "response", document_text(outcome->output));
	outcome->trace_id = place.trace_id;
	outcome->experiment = TextDatumGetCString(intent.values[INTENT_experiment]);
}

/* judging is NULL where no scorer is a judge. */
static void
score_one(EvaluationWork *work, EvaluationJudging *judging, Record *record,
		  const EvaluationCase *subject, int repeat)
{
	EvaluationOutcome outcome = {
		.subject = subject,.repeat = repeat,.output = subject->outputs,
		.latency_ms = -1,.input_tokens = -1,.output_tokens = -1,
		.started_at = GetCurrentTimestamp(),
	};

	add_span(record, &outcome);
	outcome.ended_at = GetCurrentTimestamp();
	evaluation_add_outcome(record, work->plan, &outcome);
	evaluation_work_note(work, &outcome);
	if (judging != NULL)
		evaluation_judging_add(judging, record, &outcome, NULL, EVALUATION_ALL_JUDGES);
}

/* The next output, whose judges are asked meanwhile. */
static bool
supply(EvaluationJudging *judging, EvaluationWork *work)
{
	Record	   *record = palloc(sizeof(Record));
	const EvaluationCase *subject;
	int			repeat;

	if (!evaluation_work_next(work, &subject, &repeat))
		return false;
	record_reset(record);
	score_one(work, judging, record, subject, repeat);
	journal_write(record, "result");
	return true;
}

/* Without judges nothing waits for anything but the writer. */
static void
score_all(EvaluationWork *work)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "genaiops stored outputs",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	RecordStream *stream = record_stream_begin("result");
	const EvaluationCase *subject;
	int			repeat;

	for (;;)
	{
		Record	   *record = record_stream_next(stream);

		CHECK_FOR_INTERRUPTS();
		MemoryContextSwitchTo(record_stream_context(stream));
		if (!evaluation_work_next(work, &subject, &repeat))
			break;
		score_one(work, NULL, record, subject, repeat);
		MemoryContextSwitchTo(context);
		record_stream_push(stream);
		(void) evaluation_progress_tell(work, 0);
		evaluation_turn_next(work->plan);
	}
	MemoryContextSwitchTo(context);
	record_stream_finish(stream);
	MemoryContextSwitchTo(old);
	MemoryContextDelete(context);
}

void
evaluation_score_stored(EvaluationWork *work)
{
	if (work->plan->njudges > 0)
		evaluation_judge_results(work, supply, false);
	else
		score_all(work);
}
