/*
 * judge_score.h
 *		What a judge or jury says, as a score.
 */
#ifndef GAIOPS_JUDGE_SCORE_H
#define GAIOPS_JUDGE_SCORE_H

#include "judges/judge.h"

/* Nothing is said, for a reason, or the error's message. */
extern void judge_score_none(Score *score, ScoreState state, char *reason);

/* Fills in whether a score passes, where that can be said. */
extern void judge_score_pass(const Judge *judge, const JudgeForm *form, Score *score);

/* A verdict for which nobody was asked. */
extern void judge_verdict_begin(JudgeVerdict *verdict);

/* Adds the calls and the cost of one verdict to another. */
extern void judge_verdict_add(JudgeVerdict *verdict, const JudgeVerdict *other);

#endif							/* GAIOPS_JUDGE_SCORE_H */
