/*
 * evaluation_rows.c
 *		What is recorded of an evaluation.
 */
#include "postgres.h"

#include "base/caller.h"
#include "base/ids.h"
#include "base/ordered.h"
#include "evaluation/evaluation_document.h"
#include "evaluation/evaluation_rows.h"
#include "evaluation/evaluation_shape.h"
#include "feedback/assessment_shape.h"
#include "mb/pg_wchar.h"
#include "miscadmin.h"
#include "queue/record_queue.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

#define MAX_REASON 2000			/* bytes of a reason, or of an error */

/* A text column, cut where it is long; nothing if it is NULL. */
static void
set_cut_text(RecordValues *row, int column, const char *text)
{
	if (text != NULL)
		record_set_text(row, column,
						pnstrdup(text, pg_mbcliplen(text, (int) strlen(text), MAX_REASON)));
}

/* A number column, unless it is not known. */
static void
set_count(RecordValues *row, int column, int64 count)
{
	if (count >= 0)
		RECORD_SET(row, column, Int64GetDatum(count));
}

static void
set_jsonb(RecordValues *row, int column, Jsonb *value)
{
	if (value != NULL)
		RECORD_SET(row, column, JsonbPGetDatum(value));
}

/* ---- an evaluation ---- */

static void
fill_target(RecordValues *row, const EvaluationPlan *plan)
{
	const EvaluationRequest *request = &plan->request;

	if (plan->prompt != NULL)
	{
		record_set_text(row, EVALUATION_prompt_name, plan->prompt->name);
		RECORD_SET(row, EVALUATION_prompt_version, Int32GetDatum(plan->prompt->version));
	}
	record_set_text(row, EVALUATION_model, request->model);
	record_set_text(row, EVALUATION_predict, plan->predict);
	record_set_text(row, EVALUATION_message, request->message);
	record_set_text(row, EVALUATION_judge_model, request->judge_model);
	RECORD_SET(row, EVALUATION_concurrency, Int32GetDatum(request->concurrency));
	RECORD_SET(row, EVALUATION_repeats, Int32GetDatum(request->repeats));
	if (request->max_cost != NULL)
		RECORD_SET(row, EVALUATION_max_cost, NumericGetDatum(request->max_cost));
}

void
evaluation_add_start(Record *record, const EvaluationPlan *plan)
{
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, EVALUATION_run_id, UUIDPGetDatum(&plan->run_id));
	record_set_text(&row, EVALUATION_dataset, plan->request.dataset);
	RECORD_SET(&row, EVALUATION_revision, Int32GetDatum(plan->revision));
	record_set_text(&row, EVALUATION_split, plan->request.split);
	fill_target(&row, plan);
	set_jsonb(&row, EVALUATION_scorers, evaluation_scorers_document(plan));
	RECORD_SET(&row, EVALUATION_background, BoolGetDatum(plan->request.is_background));
	RECORD_SET(&row, EVALUATION_records, Int64GetDatum(plan->ncases));
	RECORD_SET(&row, EVALUATION_created_by, caller_role_name(GetUserId()));
	RECORD_SET(&row, EVALUATION_created_at, TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, RECORD_INSERT, &evaluation_shape, &row);
}

void
evaluation_add_request(Record *record, const EvaluationPlan *plan,
					   const EvaluationCase *subject, int repeat,
					   const pg_uuid_t *trace_id)
{
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, REQUEST_run_id, UUIDPGetDatum(&plan->run_id));
	RECORD_SET(&row, REQUEST_record_id, UUIDPGetDatum(&subject->record_id));
	RECORD_SET(&row, REQUEST_repeat, Int32GetDatum(repeat));
	RECORD_SET(&row, REQUEST_trace_id, UUIDPGetDatum(trace_id));
	RECORD_SET(&row, REQUEST_requested_at, TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, RECORD_INSERT_MISSING, &evaluation_request_shape, &row);
}

/* ---- outcomes ---- */

/* How a row gets in: what has failed before gives way. */
static RecordOp
insert_op(const EvaluationPlan *plan)
{
	return plan->retries_failed ? RECORD_REPLACE : RECORD_INSERT_MISSING;
}

/* What a call took, if there was one. */
static void
fill_usage(RecordValues *row, const EvaluationOutcome *outcome)
{
	if (outcome->latency_ms >= 0)
		RECORD_SET(row, OUTCOME_latency_ms, Float8GetDatum(outcome->latency_ms));
	set_count(row, OUTCOME_input_tokens, outcome->input_tokens);
	set_count(row, OUTCOME_output_tokens, outcome->output_tokens);
	if (outcome->has_cost)
		RECORD_SET(row, OUTCOME_cost, outcome->cost);
	RECORD_SET(row, OUTCOME_attempts, Int32GetDatum(outcome->attempts));
	RECORD_SET(row, OUTCOME_started_at, TimestampTzGetDatum(outcome->started_at));
	RECORD_SET(row, OUTCOME_ended_at, TimestampTzGetDatum(outcome->ended_at));
}

static void
add_outcome(Record *record, const EvaluationPlan *plan, const EvaluationOutcome *outcome)
{
	const EvaluationCase *subject = outcome->subject;
	RecordValues row;

	record_values_reset(&row);
	RECORD_SET(&row, OUTCOME_run_id, UUIDPGetDatum(&plan->run_id));
	RECORD_SET(&row, OUTCOME_record_id, UUIDPGetDatum(&subject->record_id));
	RECORD_SET(&row, OUTCOME_repeat, Int32GetDatum(outcome->repeat));
	RECORD_SET(&row, OUTCOME_trace_id, UUIDPGetDatum(&outcome->trace_id));
	record_set_text(&row, OUTCOME_split, subject->split);
	set_jsonb(&row, OUTCOME_tags, subject->tags);
	record_set_text(&row, OUTCOME_session_id, subject->session_id);
	set_jsonb(&row, OUTCOME_output, evaluation_kept_document(outcome->output));
	set_cut_text(&row, OUTCOME_error, outcome->error);
	record_set_text(&row, OUTCOME_error_class, outcome->error_class);
	fill_usage(&row, outcome);
	record_add(record, insert_op(plan), &evaluation_outcome_shape, &row);
}

/* ---- scores ---- */

static const char *const states[] = {
	[SCORE_SCORED] = "scored",[SCORE_UNKNOWN] = "unknown",[SCORE_ERROR] = "error"
};

/* What a scorer says; of what has no output, that it failed. */
static const char *
find_score(const Scorer *scorer, const EvaluationOutcome *outcome, Score *score)
{
	const EvaluationCase *subject = outcome->subject;
	ScorerSubject given = {
		.inputs = subject->inputs,.outputs = outcome->output,
		.expectations = subject->expectations,.trace_id = &outcome->trace_id,
		.has_latency = outcome->latency_ms >= 0,.latency_ms = outcome->latency_ms,
		.has_cost = outcome->has_cost,
	};

	memset(score, 0, sizeof(*score));
	if (outcome->error != NULL)
	{
		score->reason = psprintf("There is no answer: %s", outcome->error);
		return "failed";
	}
	if (outcome->has_cost)
		given.cost = DatumGetFloat8(DirectFunctionCall1(numeric_float8, outcome->cost));
	scorer_apply(scorer, &given, score);
	evaluation_bound_score(score);
	return states[score->state];
}

/* The columns that say what the scorer is. */
static void
fill_scorer(RecordValues *row, const Scorer *scorer)
{
	record_set_text(row, MARK_scorer, scorer->name);
	if (scorer->version > 0)
		RECORD_SET(row, MARK_scorer_version, Int32GetDatum(scorer->version));
	record_set_text(row, MARK_direction, scorer->direction);
	if (scorer->has_scale)
		RECORD_SET(row, MARK_scale, Float8GetDatum(scorer->scale));
	if (scorer->has_threshold)
		RECORD_SET(row, MARK_threshold, Float8GetDatum(scorer->threshold));
	RECORD_SET(row, MARK_pass_fail, BoolGetDatum(scorer->is_pass_fail));
}

/* The columns that say what was found. */
static void
fill_score(RecordValues *row, const Score *score, const char *state)
{
	set_jsonb(row, MARK_value, score->value);
	if (score->has_score)
		RECORD_SET(row, MARK_score, Float8GetDatum(score->score));
	if (score->has_passed)
		RECORD_SET(row, MARK_passed, BoolGetDatum(score->passed));
	record_set_text(row, MARK_state, state);
	set_cut_text(row, MARK_reason, score->reason);
	set_jsonb(row, MARK_parts, score->parts);
}

/* The trace of a judge's call; of a jury the calls are in its value. */
static const pg_uuid_t *
judge_trace(const JudgeVerdict *verdict)
{
	return verdict != NULL && verdict->ncalls > 0 && !verdict->is_of_jury ? &verdict->trace_id : NULL;
}

/* A score; verdict is NULL unless it is that of a judge. */
static void
add_mark(Record *record, const EvaluationPlan *plan, const EvaluationOutcome *outcome,
		 RecordValues *row, const JudgeVerdict *verdict)
{
	const pg_uuid_t *trace_id = judge_trace(verdict);

	RECORD_SET(row, MARK_run_id, UUIDPGetDatum(&plan->run_id));
	RECORD_SET(row, MARK_record_id, UUIDPGetDatum(&outcome->subject->record_id));
	RECORD_SET(row, MARK_repeat, Int32GetDatum(outcome->repeat));
	if (verdict != NULL && verdict->ncalls > 0 && verdict->has_cost)
		RECORD_SET(row, MARK_cost, verdict->cost);
	if (trace_id != NULL)
		RECORD_SET(row, MARK_judge_trace_id, UUIDPGetDatum(trace_id));
	RECORD_SET(row, MARK_created_at, TimestampTzGetDatum(GetCurrentTimestamp()));
	record_add(record, insert_op(plan), &evaluation_mark_shape, row);
}

/* The same as an assessment of the trace, where there is a value. */
static void
add_assessment(Record *record, const EvaluationPlan *plan, const EvaluationOutcome *outcome,
			   int n, const Score *score, const JudgeVerdict *verdict)
{
	const Scorer *scorer = plan->scorers[n];
	RecordValues row;
	pg_uuid_t	id;

	ids_make_uuid(&id);
	record_values_reset(&row);
	RECORD_SET(&row, ASSESSMENT_assessment_id, UUIDPGetDatum(&id));
	RECORD_SET(&row, ASSESSMENT_trace_id, UUIDPGetDatum(&outcome->trace_id));
	record_set_text(&row, ASSESSMENT_experiment, outcome->experiment);
	record_set_text(&row, ASSESSMENT_name, scorer->name);
	record_set_text(&row, ASSESSMENT_kind, "feedback");
	set_jsonb(&row, ASSESSMENT_value, score->value);
	set_cut_text(&row, ASSESSMENT_rationale, score->reason);
	record_set_text(&row, ASSESSMENT_source_type, plan->judges[n] ? "LLM_JUDGE" : "CODE");
	record_set_text(&row, ASSESSMENT_source_id, scorer->version == 0 ? scorer->name :
					psprintf("%s/%d", scorer->name, scorer->version));
	RECORD_SET(&row, ASSESSMENT_run_id, UUIDPGetDatum(&plan->run_id));
	set_jsonb(&row, ASSESSMENT_metadata, evaluation_score_document(scorer, score, judge_trace(verdict)));
	RECORD_SET(&row, ASSESSMENT_created_at, TimestampTzGetDatum(GetCurrentTimestamp()));
	RECORD_SET(&row, ASSESSMENT_created_by, caller_role_name(GetUserId()));
	RECORD_SET(&row, ASSESSMENT_outer_role, caller_role_name(GetOuterUserId()));
	record_add(record, RECORD_INSERT, &assessment_shape, &row);
}

/* Adds a score, and the assessment where it has a value. */
static void
add_score(Record *record, const EvaluationPlan *plan, const EvaluationOutcome *outcome, int n,
		  const Score *score, const char *state, const JudgeVerdict *verdict)
{
	RecordValues row;

	record_values_reset(&row);
	fill_scorer(&row, plan->scorers[n]);
	fill_score(&row, score, state);
	add_mark(record, plan, outcome, &row, verdict);
	if (score->value != NULL)
		add_assessment(record, plan, outcome, n, score, verdict);
}

void
evaluation_add_verdict(Record *record, const EvaluationPlan *plan,
					   const EvaluationOutcome *outcome, int judge, const JudgeVerdict *verdict)
{
	Score		score = verdict->score;

	evaluation_bound_score(&score);
	add_score(record, plan, outcome, judge, &score, states[score.state], verdict);
}

void
evaluation_add_outcome(Record *record, const EvaluationPlan *plan,
					   const EvaluationOutcome *outcome)
{
	add_outcome(record, plan, outcome);
	for (int i = 0; i < plan->request.nscorers; i++)
	{
		Score		score;
		const char *state;

		if (plan->judges[i] != NULL && outcome->error == NULL)
			continue;
		state = find_score(plan->scorers[i], outcome, &score);
		add_score(record, plan, outcome, i, &score, state, NULL);
	}
}
