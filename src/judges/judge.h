/*
 * judge.h
 *		Judges: finding one, and asking it, one call or many at a time.
 *
 * Who wants verdicts makes an ask for each judge and answer that is ready, and
 * drives its calls, as many asks at once as it likes:
 *
 *		if (!judge_ready(judge, &subject, &reason))
 *			... unknown, for that reason: no call
 *		ask = judge_ask_make(judge, &subject, judge_model(judge, NULL));
 *		do
 *		{
 *			CallRequest request;
 *
 *			judge_request(ask, &request);
 *			... call_create(&request), call_pool_run() or call_run() ...
 *		} while (!judge_take(ask, call_result(call)));	then call_free(call)
 *		verdict = judge_verdict(ask);
 *
 * A jury is not asked itself: an ask is made for each that judge_asked()
 * gives, and judge_decide() makes one verdict of theirs.
 */
#ifndef GAIOPS_JUDGE_H
#define GAIOPS_JUDGE_H

#include "call/call.h"
#include "core/judge/judge_builtin.h"
#include "scorers/scorer.h"

typedef enum JuryRule
{
	JURY_NONE = 0,				/* it is no jury */
	JURY_MAJORITY,
	JURY_MEAN
} JuryRule;

/* Everything in it is in the memory context in which it was found. */
typedef struct Judge
{
	const char *name;
	int			version;
	bool		is_builtin;
	bool		is_uncommitted; /* made by the transaction that is open */
	TextSlice	instructions;	/* absent of a jury */
	JudgeForm	form;
	JudgeCount	counts;
	unsigned	data;			/* that it is shown, a bit for each */
	unsigned	needs;			/* JudgeNeed; of a jury what no member can do
								 * without */
	bool		has_threshold;
	double		threshold;
	bool		is_lower;		/* lower scores are better */
	const char *model;			/* endpoint; NULL if it names none */
	TextSlice	params;			/* absent if it has none */
	JuryRule	rule;
	int			nmembers;
	struct Judge **members;
} Judge;

/*
 * What is judged: JSON, where a text is a string; absent is what is not there.
 * It must stay as long as an ask about it.
 */
typedef struct JudgeSubject
{
	TextSlice	inputs;
	TextSlice	outputs;
	TextSlice	expectations;
	TextSlice	context;		/* if not in the inputs */
	TextSlice	conversation;	/* messages of a session */
	TextSlice	trace;			/* its spans */
	TextSlice	second_outputs; /* of a pair: outputs are the first */
	const pg_uuid_t *trace_id;	/* of what is judged; NULL if it has none */
	const char *model;			/* that answered; NULL if not known */
} JudgeSubject;

/* What came of an ask. */
typedef struct JudgeVerdict
{
	Score		score;			/* its reason is the rationale, or why not */
	int			ncalls;
	bool		is_of_jury;		/* whose calls have their traces in its votes */
	pg_uuid_t	trace_id;		/* of the last call; if there was any */
	bool		has_cost;		/* that of all calls is known */
	Datum		cost;			/* numeric */
} JudgeVerdict;

typedef struct JudgeAsk JudgeAsk;

/*
 * Has the ends of statements forget who was warned; called when the library is
 * loaded.
 */
extern void judges_init(void);

/*
 * Finds a version of a judge or jury or, for 0, its latest: one that was
 * created and is not deleted, or one that is built in.  A version that is
 * asked for may be of a deleted one.  Raises if there is none.
 */
extern Judge *judge_find(const char *name, int version);

/* The same, but NULL if there is none. */
extern Judge *judge_find_if_any(const char *name, int version);

/*
 * Whether what a judge needs is there; if not, *reason says what is missing,
 * as that of an unknown score.  Costs nothing.
 */
extern bool judge_ready(const Judge *judge, const JudgeSubject *subject, char **reason);

/*
 * The endpoint to ask: the one given, else the judge's, else the setting's.
 * Raises if there is none.
 */
extern const char *judge_model(const Judge *judge, const char *given);

/* An ask of a judge that is ready, in the current memory context. */
extern JudgeAsk *judge_ask_make(const Judge *judge, const JudgeSubject *subject, const char *model);

/*
 * The next call of an ask: one in a trace of its own, for the purpose of
 * judging.  What it points to is in the context of the ask.
 */
extern void judge_request(JudgeAsk *ask, CallRequest *request);

/*
 * Takes what came of that call.  True if the ask is over; false if another
 * call is to be made, because the model does not take a part of the request,
 * or, once, because its reply was no verdict.
 */
extern bool judge_take(JudgeAsk *ask, const CallResult *result);

/* What came of an ask that is over, in its context. */
extern const JudgeVerdict *judge_verdict(const JudgeAsk *ask);

/* Judges that are asked for one: itself, or those of a jury. */
extern int	judge_nasked(const Judge *judge);
extern const Judge *judge_asked(const Judge *judge, int i);

/*
 * What is made of the asks of all these, in that order, once they are over, in
 * the current memory context.
 */
extern void judge_decide(const Judge *judge, JudgeAsk *const *asks, JudgeVerdict *decided);

#endif							/* GAIOPS_JUDGE_H */
