/*
 * evaluation_rows.h
 *		What is recorded of an evaluation.
 */
#ifndef GAIOPS_EVALUATION_ROWS_H
#define GAIOPS_EVALUATION_ROWS_H

#include "evaluation/evaluation_plan.h"
#include "queue/record.h"

/* What came of a record; NULL, and -1 for a number, where it is not known. */
typedef struct EvaluationOutcome
{
	const EvaluationCase *subject;
	int			repeat;			/* from 1 */
	pg_uuid_t	trace_id;
	const char *experiment;
	Jsonb	   *output;			/* NULL if there is an error */
	const char *error;
	const char *error_class;
	double		latency_ms;
	int64		input_tokens;
	int64		output_tokens;
	bool		has_cost;
	Datum		cost;			/* numeric */
	int			attempts;
	TimestampTz started_at;
	TimestampTz ended_at;
} EvaluationOutcome;

/* Adds the row that says what an evaluation is to do. */
extern void evaluation_add_start(Record *record, const EvaluationPlan *plan);

/* Adds the row that says that a record is about to be asked. */
extern void evaluation_add_request(Record *record, const EvaluationPlan *plan,
								   const EvaluationCase *subject, int repeat,
								   const pg_uuid_t *trace_id);

/*
 * Adds the score of a judge; it has cost nothing, and has no trace, where no
 * call was made.
 */
extern void evaluation_add_verdict(Record *record, const EvaluationPlan *plan,
								   const EvaluationOutcome *outcome, int judge,
								   const JudgeVerdict *verdict);

/*
 * Scores an outcome, and adds its row and those of its scores, without those
 * of judges where they have something to judge.
 */
extern void evaluation_add_outcome(Record *record, const EvaluationPlan *plan,
								   const EvaluationOutcome *outcome);

#endif							/* GAIOPS_EVALUATION_ROWS_H */
