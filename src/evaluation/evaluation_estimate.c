/*
 * evaluation_estimate.c
 *		What an evaluation would take.
 *
 * Input is estimated from the bytes that would be sent, output from what the
 * last calls of the same model and prompt have answered.  Each record is
 * bound, and nothing is sent.
 */
#include "postgres.h"

#include "base/store.h"
#include "catalog/pg_type.h"
#include "evaluation/evaluation_binding.h"
#include "evaluation/evaluation_case_reader.h"
#include "evaluation/evaluation_cost.h"
#include "evaluation/evaluation_estimate.h"
#include "evaluation/evaluation_judges.h"
#include "miscadmin.h"
#include "utils/builtins.h"
#include "utils/datum.h"
#include "utils/fmgrprotos.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

static StoreStatement find_output = {
	.sql = "SELECT pg_catalog.avg(l.output_tokens)::pg_catalog.float8 FROM ("
	" SELECT s.output_tokens FROM gaiops.spans AS s"
	" WHERE s.endpoint OPERATOR(pg_catalog.=) $1 AND s.output_tokens IS NOT NULL"
	" AND s.prompt_name IS NOT DISTINCT FROM NULLIF($2, '')"
	" ORDER BY s.start_time DESC LIMIT 1000) AS l",
	.nargs = 2,
	.argtypes = {TEXTOID, TEXTOID},
};

/* The mean of what such calls have answered; -1 if there were none. */
static double
mean_output(const char *endpoint, const Prompt *prompt)
{
	Datum		values[2] = {CStringGetTextDatum(endpoint), CStringGetTextDatum(prompt ? prompt->name : "")};
	bool		isnull;
	Datum		mean = store_value(&find_output, values, &isnull);

	return isnull ? -1 : DatumGetFloat8(mean);
}

/* Adds a number that may be unknown, which the sum is then. */
static void
add_count(int64 *sum, int64 count)
{
	*sum = *sum < 0 || count < 0 ? -1 : *sum + count;
}

/* The same of a cost; is_known says whether there is one. */
static void
add_cost(MemoryContext context, Datum *sum, bool is_known, Datum cost)
{
	MemoryContext old;

	if (*sum == (Datum) 0)
		return;
	old = MemoryContextSwitchTo(context);
	*sum = is_known ? DirectFunctionCall2(numeric_add, *sum, cost) : (Datum) 0;
	MemoryContextSwitchTo(old);
}

/* Adds what one call would take. */
static void
add_call(EvaluationEstimate *estimate, MemoryContext context, const Call *call, double output)
{
	TokenUsage	usage = {
		.input_tokens = Max((int64) call_body(call).len / EVALUATION_BYTES_PER_TOKEN, 1),
		.output_tokens = output < 0 ? TOKENS_UNKNOWN : (int64) (output + 0.5)
	};
	bool		is_known;
	Datum		cost = (Datum) 0;

	estimate->calls++;
	add_count(&estimate->input_tokens, usage.input_tokens);
	add_count(&estimate->output_tokens, usage.output_tokens);
	add_count(&estimate->most_output_tokens, evaluation_most_output(call));
	is_known = price_cost(call_result(call)->priced.prices, &usage, &cost);
	add_cost(context, &estimate->cost, is_known, cost);
	is_known = evaluation_most_cost(call, &cost);
	if (is_known)
		cost = evaluation_cost_times(cost, call_most_attempts(call));
	add_cost(context, &estimate->most_cost, is_known, cost);
}

/* Everything once for each repeat. */
static void
multiply(EvaluationEstimate *estimate, int repeats)
{
	Datum		factor = NumericGetDatum(int64_to_numeric(repeats));

	estimate->calls *= repeats;
	if (estimate->input_tokens >= 0)
		estimate->input_tokens *= repeats;
	if (estimate->output_tokens >= 0)
		estimate->output_tokens *= repeats;
	if (estimate->most_output_tokens >= 0)
		estimate->most_output_tokens *= repeats;
	if (estimate->cost != (Datum) 0)
		estimate->cost = DirectFunctionCall2(numeric_mul, estimate->cost, factor);
	if (estimate->most_cost != (Datum) 0)
		estimate->most_cost = DirectFunctionCall2(numeric_mul, estimate->most_cost, factor);
}

/* Adds what asking a record would take; the call is made ready, no more. */
static void
add_case(EvaluationEstimate *estimate, MemoryContext context, const EvaluationPlan *plan,
		 const EvaluationCase *subject, double output)
{
	CallRequest request;
	Call	   *call;

	evaluation_bind(plan, subject, &request);
	call = call_create(&request);
	add_call(estimate, context, call, output);
	call_free(call);
}

/* ---- judges ---- */

/*
 * Adds a call of a judge.  A reply that is no verdict is asked for again; how
 * much that can cost is not known while the answer is not.
 */
static void
add_judge_call(EvaluationEstimate *estimate, MemoryContext context, const EvaluationPlan *plan,
			   const Judge *asked, const JudgeSubject *given, const char *model)
{
	bool		has_answer = plan->request.model == NULL;
	CallRequest request;
	Call	   *call;
	Datum		most = (Datum) 0;

	judge_request(judge_ask_make(asked, given, model), &request);
	call = call_create(&request);
	add_call(estimate, context, call, mean_output(model, NULL));
	if (has_answer && evaluation_most_cost(call, &most))
		most = evaluation_cost_times(most, call_most_attempts(call));
	add_cost(context, &estimate->most_cost, most != (Datum) 0, most);
	call_free(call);
}

/* An answer of so many tokens, as JSON. */
static TextSlice
likely_answer(double tokens)
{
	int			len = (int) (Max(tokens, 1) * EVALUATION_BYTES_PER_TOKEN);
	char	   *text = palloc_extended((Size) len + 3, MCXT_ALLOC_HUGE);

	memset(text, 'x', len + 2);
	text[0] = text[len + 1] = '"';
	text[len + 2] = '\0';
	return (TextSlice) {text, (size_t) len + 2};
}

/* Adds what judging a record would take, whose answer has so many tokens. */
static void
add_judges(EvaluationEstimate *estimate, MemoryContext context, const EvaluationPlan *plan,
		   const EvaluationCase *subject, double output)
{
	JudgeSubject given;
	char	   *reason;

	evaluation_foresee_subject(plan, subject, likely_answer(output), &given);
	for (int i = 0; i < plan->request.nscorers; i++)
	{
		const Judge *judge = plan->judges[i];

		if (judge == NULL || !judge_ready(judge, &given, &reason))
			continue;
		for (int j = 0; j < judge_nasked(judge); j++)
			add_judge_call(estimate, context, plan, judge_asked(judge, j), &given,
						   evaluation_judge_model(plan, i, judge_asked(judge, j)));
	}
}

/* ---- all of it ---- */

void
evaluation_estimate(const EvaluationPlan *plan, EvaluationEstimate *estimate)
{
	MemoryContext context = CurrentMemoryContext;
	MemoryContext scratch = AllocSetContextCreate(context, "genaiops estimate", ALLOCSET_DEFAULT_SIZES);
	EvaluationCaseReader reader;
	double		output = -1;

	memset(estimate, 0, sizeof(*estimate));
	estimate->cost = NumericGetDatum(int64_to_numeric(0));
	estimate->most_cost = NumericGetDatum(int64_to_numeric(0));
	if (plan->predict != NULL)
		*estimate = (EvaluationEstimate) {-1, -1, -1, -1};
	if (plan->predict != NULL || (plan->request.model == NULL && plan->njudges == 0))
		return;
	if (plan->request.model != NULL)
		output = mean_output(plan->request.model, plan->prompt);
	evaluation_reader_begin(&reader, plan);
	MemoryContextSwitchTo(scratch);
	for (int i = 0; i < plan->ncases; i++)
	{
		const EvaluationCase *subject = evaluation_reader_case(&reader, i);

		CHECK_FOR_INTERRUPTS();
		if (plan->request.model != NULL)
			add_case(estimate, context, plan, subject, output);
		add_judges(estimate, context, plan, subject, output);
		MemoryContextReset(scratch);
	}
	MemoryContextSwitchTo(context);
	MemoryContextDelete(scratch);
	evaluation_reader_end(&reader);
	multiply(estimate, plan->request.repeats);
}
