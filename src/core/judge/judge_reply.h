/*
 * judge_reply.h
 *		What a judge replied: a verdict, or nothing that may be taken for one.
 */
#ifndef GAIOPS_JUDGE_REPLY_H
#define GAIOPS_JUDGE_REPLY_H

#include "core/judge/judge_form.h"
#include "core/memory/arena.h"

/* What the arena must have room for, for a reply of so many bytes. */
#define JUDGE_REPLY_MEMORY(n)	(((size_t) 1 << 20) + (size_t) 200 * (n))

#define JUDGE_REPLY_MAX	((size_t) 1 << 20)	/* bytes that are read */

typedef enum JudgeOutcome
{
	JUDGE_UNFIT = 0,			/* it is to be asked again */
	JUDGE_NO_CLAIMS,			/* it found none, of which a share could be */
	JUDGE_VERDICT
} JudgeOutcome;

typedef struct JudgeReply
{
	JudgeOutcome outcome;
	const char *problem;		/* unless it is a verdict, a constant: the end of
								 * "it ..." */
	TextSlice	rationale;
	char	   *value;			/* JSON; of a share and an intent an object */
	bool		has_score;
	double		score;			/* 1 and 0 of yes and no */
} JudgeReply;

/*
 * Reads a reply to the call of that nonce, in memory of the arena and of the
 * text.  It is one JSON object with the members that were asked for, alone or
 * within one fence of Markdown; whatever else is there, it is unfit.
 */
extern void judge_reply_read(TextSlice text, const JudgeForm *form, const char *nonce,
							 Arena *arena, JudgeReply *reply);

#endif							/* GAIOPS_JUDGE_REPLY_H */
