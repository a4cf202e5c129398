/*
 * unpriced.c
 *		Telling callers that a cost is unknown, and what would help.
 */
#include "postgres.h"

#include "chat/unpriced.h"
#include "common/hashfn.h"

/* Warnings that are remembered; after so many, all of them may come again. */
#define MAX_WARNED 256

/* What would change that the cost is unknown. */
static const char *const hints[] = {
	[COST_GAP_PRICES] = "Set its prices with gaiops_set_price(); from an effective_from in the past on, gaiops_reprice() computes the cost of past calls.",
	[COST_GAP_PRICE] = "Set that price with gaiops_set_price(); from an effective_from in the past on, gaiops_reprice() computes the cost of past calls.",
	[COST_GAP_USAGE] = "Have the gateway or model server report usage in its answers; prices alone do not help."
};

/* Returns whether this is the first time in this session, or for long. */
static bool
is_news(const CallResult *result, CostGap gap)
{
	static uint64 warned[MAX_WARNED];
	static int	nwarned = 0;
	uint64		hash;

	hash = hash_bytes_extended((const unsigned char *) result->provider,
							   (int) strlen(result->provider), gap);
	hash = hash_bytes_extended((const unsigned char *) result->model,
							   (int) strlen(result->model), hash);
	for (int i = 0; i < nwarned; i++)
	{
		if (warned[i] == hash)
			return false;
	}
	if (nwarned == MAX_WARNED)
		nwarned = 0;
	warned[nwarned++] = hash;
	return true;
}

/* Returns what is missing, as a sentence. */
static char *
gap_detail(const CallResult *result, CostGap gap, bool input, bool output)
{
	const char *kind = input ? (output ? "input and output" : "input") : "output";
	const UsageProblems *problems = &result->answer->usage_problems;
	const char *problem = input && problems->input != NULL ? problems->input :
		output ? problems->output : NULL;

	switch (gap)
	{
		case COST_GAP_PRICES:
			return pstrdup("It has no prices.");
		case COST_GAP_PRICE:
			return psprintf("Model \"%s\" has prices, but none for %s.",
							result->priced.model, kind);
		case COST_GAP_USAGE:
			return psprintf("The answer has no usable number of %s tokens%s%s.",
							kind, problem == NULL ? "" : ": ",
							problem == NULL ? "" : problem);
	}
	pg_unreachable();
}

void
unpriced_warn(const CallResult *result)
{
	bool		input;
	bool		output;
	CostGap		gap;

	if (!result->unpriced)
		return;
	gap = price_gap(result->priced.prices, &result->answer->usage, &input, &output);
	if (!is_news(result, gap))
		return;
	ereport(WARNING,
			(errcode(ERRCODE_WARNING),
			 errmsg("the cost of model \"%s\" of provider \"%s\" is unknown",
					result->model, result->provider),
			 errdetail_internal("%s", gap_detail(result, gap, input, output)),
			 errhint("%s", hints[gap])));
}
