/*
 * evaluation_work.h
 *		What an evaluation has yet to do, and how far it is.
 */
#ifndef GAIOPS_EVALUATION_WORK_H
#define GAIOPS_EVALUATION_WORK_H

#include "evaluation/evaluation_budget.h"
#include "evaluation/evaluation_case_reader.h"
#include "evaluation/evaluation_rows.h"

/* A result that is there, without scores of these judges: a bit for each. */
typedef struct EvaluationUnjudged
{
	int			place;			/* of the record */
	int			repeat;
	uint32		judges;
} EvaluationUnjudged;

/* Each record, once for each repeat: all of them, then all of them again. */
typedef struct EvaluationWork
{
	const EvaluationPlan *plan;
	const bool *done;			/* of each item whether there is nothing to do;
								 * NULL if there is everything */
	const EvaluationUnjudged *unjudged; /* results that judges have yet to score */
	int64		nunjudged;
	int64		nextunjudged;	/* of these */
	EvaluationCaseReader reader;
	int64		next;			/* item */
	int64		nitems;
	int64		nskipped;		/* that were done before */
	int64		nfinished;
	int64		nerrors;		/* of both */
	int64		nunscored;		/* scores that judges have been given to make */
	int64		nunpriced;		/* calls that were finished whose cost is not known */
	Datum		cost;			/* numeric, of all others; 0 for none */
	bool		is_out_of_money;	/* the next call might exceed max_cost */
	char	   *spent;			/* then, what was, and what that call might */
	char	   *wanted;
	TimestampTz paused_until;	/* was told as that last; 0 for never */
	TimestampTz stopped_until;	/* when its upstream wants calls again, for which
								 * it does not wait; 0 if it has not said so */
	char	   *stopped_model;	/* endpoint of that */
	TimestampTz begun_at;
	TimestampTz told_at;		/* last time that progress was told; 0 for never */
	MemoryContext context;		/* holds the cost */
} EvaluationWork;

extern void evaluation_work_begin(EvaluationWork *work, const EvaluationPlan *plan,
								  const bool *done);

/*
 * The next item that is to be done; false if there is none.  Its record is in
 * a child of the current memory context.
 */
extern bool evaluation_work_next(EvaluationWork *work, const EvaluationCase **subject,
								 int *repeat);

/* Lets go of what was read ahead. */
extern void evaluation_work_end(EvaluationWork *work);

/* Scores of judges that are not there yet, of results that are. */
extern int64 evaluation_unscored(const EvaluationWork *work);

/* How many results and scores are missing, palloc'd: "3 of 9 results are". */
extern char *evaluation_missing(const EvaluationWork *work);

/* Takes an outcome into account. */
extern void evaluation_work_note(EvaluationWork *work, const EvaluationOutcome *outcome);

/* The same of what a judge's score has cost. */
extern void evaluation_work_note_score(EvaluationWork *work, const JudgeVerdict *verdict);

/* Notes that a call can cost more than is left; most is of an attempt. */
extern void evaluation_work_run_out(EvaluationWork *work, const EvaluationBudget *budget,
									const Call *call, Datum most);

/* ---- the three ways to outputs ---- */

/* Scores the outputs that records have. */
extern void evaluation_score_stored(EvaluationWork *work);

/* Has the model answer records. */
extern void evaluation_ask_model(EvaluationWork *work);

/* Has the function for predict answer records. */
extern void evaluation_call_predict(EvaluationWork *work);

#endif							/* GAIOPS_EVALUATION_WORK_H */
