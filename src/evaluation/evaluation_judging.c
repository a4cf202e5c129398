/*
 * evaluation_judging.c
 *		Having judges score the results of an evaluation, many at a time.
 *
 * A result is on record before its judges are asked, and does not wait for
 * them.  A judge's score is committed with the end of the call that gave it.
 * So whatever happens, what is missing is the score, and that alone is asked
 * for again.
 */
#include "postgres.h"

#include "evaluation/evaluation_judges.h"
#include "evaluation/evaluation_judging.h"
#include "judges/judged_trace.h"
#include "utils/memutils.h"

/* A result with calls to be made. */
typedef struct Judged
{
	MemoryContext context;		/* holds this and all that belongs to it */
	EvaluationJudging *judging;
	EvaluationOutcome outcome;
	JudgeSubject given;
	int			nasked;			/* that are not over */
} Judged;

/* A judge's score of it. */
typedef struct Judgement
{
	Judged	   *judged;
	int			n;				/* which scorer */
	int			nleft;			/* asks that are not over */
	JudgeAsk  **asks;
} Judgement;

/* An ask of it. */
typedef struct Asked
{
	Judgement  *judgement;
	JudgeAsk   *ask;
	const char *model;			/* endpoint */
	CallRows	rows;
	Call	   *call;			/* NULL if there is none */
	Datum		most;			/* that an attempt of it can cost, numeric */
	bool		is_taken;		/* what came of the call is */
	bool		is_over;
} Asked;

struct EvaluationJudging
{
	MemoryContext context;		/* holds this and results */
	EvaluationWork *work;
	EvaluationBudget *budget;
	List	   *waiting;		/* Asked, with a call to be made */
	List	   *open;			/* Asked, with one in flight */
	bool		is_short;		/* of money for the first that waits */
};

EvaluationJudging *
evaluation_judging_begin(EvaluationWork *work, EvaluationBudget *budget)
{
	EvaluationJudging *judging = palloc0(sizeof(EvaluationJudging));

	judging->context = CurrentMemoryContext;
	judging->work = work;
	judging->budget = budget;
	return judging;
}

/* ---- results ---- */

/* Copies what is to stay of a result. */
static Judged *
keep(EvaluationJudging *judging, const EvaluationOutcome *outcome, const char *model)
{
	MemoryContext context = AllocSetContextCreate(judging->context, "genaiops judged",
												  ALLOCSET_DEFAULT_SIZES);
	MemoryContext old = MemoryContextSwitchTo(context);
	Judged	   *judged = palloc0(sizeof(Judged));
	EvaluationOutcome *kept = &judged->outcome;

	judged->context = context;
	judged->judging = judging;
	*kept = *outcome;
	kept->has_cost = false;
	kept->experiment = pstrdup(outcome->experiment);
	kept->output = palloc(VARSIZE(outcome->output));
	memcpy(kept->output, outcome->output, VARSIZE(outcome->output));
	evaluation_judge_subject(kept->subject, kept->output, &judged->given);
	judged->given.trace_id = &kept->trace_id;
	judged->given.model = model != NULL ? pstrdup(model) : NULL;
	MemoryContextSwitchTo(old);
	return judged;
}

/*
 * Takes from the trace of a function what its spans say.  Its session is that
 * of the evaluation, and no conversation.
 */
static void
read_trace(const Judged *judged, const Judge *judge, JudgeSubject *given)
{
	*given = judged->given;
	if (judged->judging->work->plan->predict == NULL)
		return;
	(void) judged_trace_read(judge, given);
	given->conversation = (TextSlice) {NULL, 0};
}

/* ---- asks ---- */

static void
add_verdict(Record *record, const Judgement *judgement, const JudgeVerdict *verdict)
{
	Judged	   *judged = judgement->judged;
	EvaluationWork *work = judged->judging->work;

	evaluation_add_verdict(record, work->plan, &judged->outcome, judgement->n, verdict);
	evaluation_work_note_score(work, verdict);
}

/* What all asks come to. */
static void
add_decision(Record *record, const Judgement *judgement)
{
	const Judge *judge = judgement->judged->judging->work->plan->judges[judgement->n];
	JudgeVerdict decided;

	judge_decide(judge, judgement->asks, &decided);
	add_verdict(record, judgement, &decided);
}

/* Takes what came of a call, into the record of its end. */
static void
add_final(void *state, Record *record, const CallResult *result)
{
	Asked	   *asked = state;

	asked->is_taken = true;
	asked->is_over = judge_take(asked->ask, result);
	if (asked->is_over && --asked->judgement->nleft == 0)
		add_decision(record, asked->judgement);
}

/* An ask of a judge, or of one of a jury, which waits from now on. */
static JudgeAsk *
add_ask(Judgement *judgement, const Judge *judge, const JudgeSubject *given)
{
	EvaluationJudging *judging = judgement->judged->judging;
	Asked	   *asked = palloc0(sizeof(Asked));
	MemoryContext old;

	asked->judgement = judgement;
	asked->model = evaluation_judge_model(judging->work->plan, judgement->n, judge);
	asked->ask = judge_ask_make(judge, given, asked->model);
	asked->rows = (CallRows) {NULL, add_final, asked};
	judgement->judged->nasked++;
	old = MemoryContextSwitchTo(judging->context);
	judging->waiting = lappend(judging->waiting, asked);
	MemoryContextSwitchTo(old);
	return asked->ask;
}

/* Says that nothing can be said, and that nobody was asked. */
static void
add_unknown(Record *record, const Judgement *judgement, char *reason)
{
	JudgeVerdict verdict = {
		.score = {.state = SCORE_UNKNOWN,.reason = reason}
	};

	evaluation_add_verdict(record, judgement->judged->judging->work->plan, &judgement->judged->outcome,
						   judgement->n, &verdict);
}

/* Has a judge score a result, in its memory context. */
static void
add_judgement(Judged *judged, Record *record, int n)
{
	EvaluationWork *work = judged->judging->work;
	const Judge *judge = work->plan->judges[n];
	Judgement  *judgement = palloc0(sizeof(Judgement));
	JudgeSubject *given = palloc(sizeof(JudgeSubject));
	char	   *reason;

	judgement->judged = judged;
	judgement->n = n;
	read_trace(judged, judge, given);
	if (!judge_ready(judge, given, &reason))
	{
		add_unknown(record, judgement, reason);
		return;
	}
	judgement->nleft = judge_nasked(judge);
	judgement->asks = palloc(judgement->nleft * sizeof(JudgeAsk *));
	for (int i = 0; i < judgement->nleft; i++)
		judgement->asks[i] = add_ask(judgement, judge_asked(judge, i), given);
	work->nunscored++;
}

void
evaluation_judging_add(EvaluationJudging *judging, Record *record,
					   const EvaluationOutcome *outcome, const char *model, uint32 judges)
{
	const EvaluationPlan *plan = judging->work->plan;
	Judged	   *judged;
	MemoryContext old;

	if (plan->njudges == 0 || outcome->error != NULL)
		return;
	judged = keep(judging, outcome, model);
	old = MemoryContextSwitchTo(judged->context);
	for (int i = 0; i < plan->request.nscorers; i++)
		if (plan->judges[i] != NULL && (judges & ((uint32) 1 << i)))
			add_judgement(judged, record, i);
	MemoryContextSwitchTo(old);
	if (judged->nasked > 0)
		MemoryContextSetParent(outcome->subject->context, judged->context);
	else
		MemoryContextDelete(judged->context);
}

/* ---- calls ---- */

/* Makes the next call of an ask, and holds what it can cost. */
static bool
prepare(EvaluationJudging *judging, Asked *asked)
{
	MemoryContext old = MemoryContextSwitchTo(asked->judgement->judged->context);
	bool		is_held;

	if (asked->call == NULL)
	{
		CallRequest request;

		judge_request(asked->ask, &request);
		request.rows = &asked->rows;
		request.outlives_transaction = judging->work->plan->has_turns;
		asked->call = call_create(&request);
		asked->most = (Datum) 0;
		asked->is_taken = false;
	}
	is_held = evaluation_budget_hold(judging->budget, asked->call, &asked->most);
	MemoryContextSwitchTo(old);
	return is_held;
}

Call *
evaluation_judging_next(EvaluationJudging *judging)
{
	MemoryContext old;
	Asked	   *asked;

	if (judging->waiting == NIL)
		return NULL;
	asked = linitial(judging->waiting);
	judging->is_short = !prepare(judging, asked);
	if (judging->is_short)
		return NULL;
	old = MemoryContextSwitchTo(judging->context);
	judging->waiting = list_delete_first(judging->waiting);
	judging->open = lappend(judging->open, asked);
	MemoryContextSwitchTo(old);
	return asked->call;
}

bool
evaluation_judging_waits(const EvaluationJudging *judging)
{
	return judging->waiting != NIL;
}

bool
evaluation_judging_is_open(const EvaluationJudging *judging)
{
	return judging->open != NIL;
}

static Asked *
find_asked(const EvaluationJudging *judging, const Call *call)
{
	ListCell   *cell;

	foreach(cell, judging->open)
	{
		Asked	   *asked = lfirst(cell);

		if (asked->call == call)
			return asked;
	}
	return NULL;
}

const char *
evaluation_judging_model(const EvaluationJudging *judging, const Call *call)
{
	Asked	   *asked = find_asked(judging, call);

	return asked != NULL ? asked->model : NULL;
}

/* Goes on with an ask that wants another call, else lets go of it. */
static void
go_on(EvaluationJudging *judging, Asked *asked)
{
	Judged	   *judged = asked->judgement->judged;

	asked->call = NULL;
	if (asked->is_taken && !asked->is_over)
	{
		MemoryContext old = MemoryContextSwitchTo(judging->context);

		judging->waiting = lcons(asked, judging->waiting);
		MemoryContextSwitchTo(old);
	}
	else if (--judged->nasked == 0)
		MemoryContextDelete(judged->context);
}

/*
 * One that could not be put on record has not been sent, and no other can.
 */
bool
evaluation_judging_take(EvaluationJudging *judging, Call *call)
{
	Asked	   *asked = find_asked(judging, call);

	if (asked == NULL)
		return false;
	if (call_result(call)->failure == FAILURE_LOG_UNAVAILABLE)
		call_raise(call);
	judging->open = list_delete_ptr(judging->open, asked);
	evaluation_budget_settle(judging->budget, call, asked->most);
	call_free(call);
	go_on(judging, asked);
	return true;
}

void
evaluation_judging_run_out(EvaluationJudging *judging)
{
	Asked	   *asked = linitial(judging->waiting);

	evaluation_work_run_out(judging->work, judging->budget, asked->call, asked->most);
}
