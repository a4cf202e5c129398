/*
 * judge_builtin.h
 *		The judges that are built in.
 */
#ifndef GAIOPS_JUDGE_BUILTIN_H
#define GAIOPS_JUDGE_BUILTIN_H

#include "core/judge/judge_form.h"

/*
 * What a judge cannot do without, a bit for each; of a created one it is the
 * data that its instructions name, each whatever it is.
 */
typedef enum JudgeNeed
{
	JUDGE_NEEDS_INPUTS = 1 << 0,
	JUDGE_NEEDS_OUTPUTS = 1 << 1,
	JUDGE_NEEDS_EXPECTATIONS = 1 << 2,	/* anything that is expected */
	JUDGE_NEEDS_CONTEXT = 1 << 3,
	JUDGE_NEEDS_CONVERSATION = 1 << 4,	/* a session */
	JUDGE_NEEDS_TRACE = 1 << 5,
	JUDGE_NEEDS_RESPONSE = 1 << 6,	/* expected_response(s) */
	JUDGE_NEEDS_FACTS = 1 << 7, /* these, or expected_facts */
	JUDGE_NEEDS_EXPECTED_GUIDELINES = 1 << 8,
	JUDGE_NEEDS_GUIDELINES = 1 << 9,	/* of the inputs */
	JUDGE_NEEDS_CALLS = 1 << 10,	/* of tools, in outputs or trace */
	JUDGE_NEEDS_INTENT = 1 << 11	/* inputs or a session */
} JudgeNeed;

/* What nclaims of its form is the number of. */
typedef enum JudgeCount
{
	JUDGE_COUNTS_NOTHING = 0,
	JUDGE_COUNTS_FACTS,
	JUDGE_COUNTS_GUIDELINES,
	JUDGE_COUNTS_CONTEXT
} JudgeCount;

typedef struct JudgeBuiltin
{
	const char *name;
	int			version;
	JudgeForm	form;
	JudgeCount	counts;
	unsigned	needs;
	bool		has_threshold;
	double		threshold;
	const char *direction;		/* higher or lower: which score is better */
	const char *meaning;		/* what it says */
	const char *instructions;
} JudgeBuiltin;

/* A version of a judge or, for 0, its latest; NULL if there is none. */
extern const JudgeBuiltin *judge_builtin_find(const char *name, int version);

/* Version i of all, from 0; NULL behind the last. */
extern const JudgeBuiltin *judge_builtin_at(int i);

#endif							/* GAIOPS_JUDGE_BUILTIN_H */
