/*
 * judge_run.c
 *		Asking at once, while the statement waits.
 */
#include "postgres.h"

#include "call/call_pool.h"
#include "judges/judge_run.h"
#include "queue/journal.h"

/* An ask, and its call under way. */
typedef struct Running
{
	JudgeAsk   *ask;
	Call	   *call;			/* NULL if there is none */
	bool		is_over;
} Running;

typedef struct JudgeRun
{
	int			n;
	Running    *asks;
} JudgeRun;

/* The next call of an ask that has none under way. */
static Call *
next_call(void *state)
{
	JudgeRun   *run = state;

	for (int i = 0; i < run->n; i++)
	{
		Running    *running = &run->asks[i];
		CallRequest request;

		if (running->is_over || running->call != NULL)
			continue;
		judge_request(running->ask, &request);
		running->call = call_create(&request);
		return running->call;
	}
	return NULL;
}

static void
take_back(void *state, Call *call)
{
	JudgeRun   *run = state;

	for (int i = 0; i < run->n; i++)
	{
		Running    *running = &run->asks[i];

		if (running->call != call)
			continue;
		running->is_over = judge_take(running->ask, call_result(call));
		running->call = NULL;
		call_free(call);
		return;
	}
}

void
judge_run(JudgeAsk **asks, int nasks)
{
	JudgeRun	run = {.n = nasks,.asks = palloc0(nasks * sizeof(Running))};
	CallFeed	feed = {.most = nasks,.next = next_call,.finished = take_back,.state = &run};

	journal_require();
	for (int i = 0; i < nasks; i++)
		run.asks[i].ask = asks[i];
	call_pool_run(&feed);
	pfree(run.asks);
}
