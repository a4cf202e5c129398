/*
 * judge_score.c
 *		What a judge or jury says, as a score.
 */
#include "postgres.h"

#include "judges/judge_score.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

void
judge_score_none(Score *score, ScoreState state, char *reason)
{
	memset(score, 0, sizeof(*score));
	score->state = state;
	score->reason = reason;
}

void
judge_score_pass(const Judge *judge, const JudgeForm *form, Score *score)
{
	if (form->type == JUDGE_YES_NO)
	{
		score->has_passed = true;
		score->passed = (score->score > 0.5) != judge->is_lower;
	}
	else if (judge->has_threshold && score->has_score)
	{
		score->has_passed = true;
		score->passed = judge->is_lower ? score->score <= judge->threshold : score->score >= judge->threshold;
	}
}

void
judge_verdict_begin(JudgeVerdict *verdict)
{
	memset(verdict, 0, sizeof(*verdict));
	verdict->has_cost = true;
	verdict->cost = DirectFunctionCall1(int4_numeric, Int32GetDatum(0));
}

void
judge_verdict_add(JudgeVerdict *verdict, const JudgeVerdict *other)
{
	verdict->ncalls += other->ncalls;
	verdict->has_cost = verdict->has_cost && other->has_cost;
	verdict->cost = DirectFunctionCall2(numeric_add, verdict->cost, other->cost);
}
