/*
 * evaluation_cost.c
 *		What the call that asks a record can cost, before it is made.
 *
 * A request has no more tokens than bytes, since each token stands for one at
 * least.  An answer has no more than the request allows.  Which kind they
 * turn out to be is not known, so it is the dearest.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "evaluation/evaluation_binding.h"
#include "evaluation/evaluation_case_reader.h"
#include "evaluation/evaluation_cost.h"
#include "utils/fmgrprotos.h"
#include "utils/numeric.h"

/* A member that is a positive number; -1 if it is none. */
static int64
positive_member(TextSlice body, const char *key)
{
	TextSlice	value = json_text_member(body, key);
	double		number;

	if (json_text_kind(value) != VALUE_NUMBER)
		return -1;
	number = strtod(pnstrdup(value.data, value.len), NULL);
	return number >= 1 && number <= TOKENS_MAX ? (int64) number : -1;
}

int64
evaluation_most_output(const Call *call)
{
	TextSlice	body = call_body(call);
	int64		most = positive_member(body, "max_completion_tokens");
	int64		choices = positive_member(body, "n");

	if (most < 0)
		most = positive_member(body, "max_tokens");
	if (most < 0)
		return TOKENS_UNKNOWN;
	return most * Max(choices, 1);
}

/* Makes *most the larger of itself and a cost. */
static void
raise_to(Datum *most, Datum cost)
{
	*most = DirectFunctionCall2(numeric_larger, *most, cost);
}

bool
evaluation_most_cost(const Call *call, Datum *cost)
{
	const PriceList *prices = call_result(call)->priced.prices;
	int64		input = (int64) call_body(call).len;
	int64		output = evaluation_most_output(call);
	int64		reasoning = Max(output, 0);
	const TokenUsage kinds[] = {
		{input, output, 0, 0, reasoning},
		{input, output, input, 0, 0}, {input, output, input, 0, reasoning},
		{input, output, 0, input, 0}, {input, output, 0, input, reasoning}
	};
	TokenUsage	plain = {input, output, 0, 0, 0};

	if (!price_cost(prices, &plain, cost))
		return false;
	for (int i = 0; i < lengthof(kinds); i++)
	{
		Datum		other;

		if (price_cost(prices, &kinds[i], &other))
			raise_to(cost, other);
	}
	return true;
}

Datum
evaluation_cost_times(Datum cost, int n)
{
	return DirectFunctionCall2(numeric_mul, cost, NumericGetDatum(int64_to_numeric(n)));
}

/* Raises that a limit cannot be kept, and what would help. */
static void
raise_unpriced(const char *endpoint, const Call *call)
{
	const CallResult *result = call_result(call);
	TokenUsage	some = {1, 1, 0, 0, 0};
	Datum		cost;
	bool		is_priced = price_cost(result->priced.prices, &some, &cost);

	ereport(ERROR,
			(errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
			 errmsg("argument \"max_cost\" cannot be kept with model \"%s\"", endpoint),
			 is_priced ?
			 errdetail("Its requests do not say how many tokens an answer may have.") :
			 errdetail("Model \"%s\" of provider \"%s\" has no price for input or output.",
					   result->model, result->provider),
			 is_priced ?
			 errhint("Give max_tokens in the params of the endpoint, or in the model_config of the prompt.") :
			 errhint("Set its prices with gaiops_set_price().")));
}

void
evaluation_require_call_priced(const Call *call, const char *endpoint)
{
	Datum		cost;

	if (!evaluation_most_cost(call, &cost))
		raise_unpriced(endpoint, call);
}

void
evaluation_require_priced(const EvaluationPlan *plan)
{
	CallRequest request;
	Call	   *call;

	evaluation_bind(plan, evaluation_read_case(plan, 0), &request);
	call = call_create(&request);
	evaluation_require_call_priced(call, plan->request.model);
	call_free(call);
}
