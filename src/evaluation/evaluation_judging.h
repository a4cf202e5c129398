/*
 * evaluation_judging.h
 *		Having judges score the results of an evaluation, many at a time.
 */
#ifndef GAIOPS_EVALUATION_JUDGING_H
#define GAIOPS_EVALUATION_JUDGING_H

#include "evaluation/evaluation_work.h"

typedef struct EvaluationJudging EvaluationJudging;

/* Begins in the current memory context; the budget is that of all calls. */
extern EvaluationJudging *evaluation_judging_begin(EvaluationWork *work, EvaluationBudget *budget);

/*
 * A result is to be scored by those judges, a bit for each; model is what
 * answered, if that is known.  What needs no call is added to the record; for
 * the rest the judging takes the record of the dataset over.
 */
extern void evaluation_judging_add(EvaluationJudging *judging, Record *record,
								   const EvaluationOutcome *outcome, const char *model,
								   uint32 judges);

/* All judges, for the above. */
#define EVALUATION_ALL_JUDGES ((uint32) -1)

/*
 * The next call; NULL if there is none, or if it could cost more than is left
 * now.
 */
extern Call *evaluation_judging_next(EvaluationJudging *judging);

/* Whether a call waits for money to be free, and whether any is in flight. */
extern bool evaluation_judging_waits(const EvaluationJudging *judging);
extern bool evaluation_judging_is_open(const EvaluationJudging *judging);

/* Takes a call back that has ended; false if it is not of a judge. */
extern bool evaluation_judging_take(EvaluationJudging *judging, Call *call);

/* The endpoint that a call is to; NULL if it is not of a judge. */
extern const char *evaluation_judging_model(const EvaluationJudging *judging, const Call *call);

/* Says of the work that the call that waits can cost more than is left. */
extern void evaluation_judging_run_out(EvaluationJudging *judging);

/*
 * Has everything judged whose results a function gives: it does the next one
 * and returns true, or false if there is none.  Where it is alone, it is
 * called only while no call is in flight.
 */
typedef bool (*EvaluationSupply) (EvaluationJudging *judging, EvaluationWork *work);

extern void evaluation_judge_results(EvaluationWork *work, EvaluationSupply supply, bool is_alone);

#endif							/* GAIOPS_EVALUATION_JUDGING_H */
