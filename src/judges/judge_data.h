/*
 * judge_data.h
 *		What a judge is shown of what it judges.
 */
#ifndef GAIOPS_JUDGE_DATA_H
#define GAIOPS_JUDGE_DATA_H

#include "core/judge/judge_instructions.h"
#include "judges/judge.h"

#define JUDGE_MAX_DATA	((size_t) 4 << 20)	/* bytes of all of it */

/* Texts of sections, absent where there is nothing, and what is counted. */
typedef struct JudgeData
{
	TextSlice	texts[JUDGE_NDATA];
	size_t		nclaims;		/* 0 if the judge is to say */
} JudgeData;

/*
 * Finds what a judge is to be shown, in the current memory context.  False,
 * with *reason, if something that it needs is missing, or it is too much.
 */
extern bool judge_data_find(const Judge *judge, const JudgeSubject *subject,
							JudgeData *data, char **reason);

#endif							/* GAIOPS_JUDGE_DATA_H */
