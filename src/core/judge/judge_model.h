/*
 * judge_model.h
 *		What the names of models say of their family, and what a refusal of a
 *		request is about.
 */
#ifndef GAIOPS_JUDGE_MODEL_H
#define GAIOPS_JUDGE_MODEL_H

#include <stdbool.h>

#include "core/text/text_slice.h"

/*
 * Whether two models are of one family, by their names: what comes before
 * them, as in openai/gpt-4.1, and from the first digit on says nothing; but
 * o1 and its like are of gpt's.
 */
extern bool judge_models_are_related(const char *one, const char *other);

/* What of a request a model may not take, a bit for each. */
typedef enum JudgeOption
{
	JUDGE_TEMPERATURE = 1 << 0,
	JUDGE_SEED = 1 << 1,
	JUDGE_MAX_TOKENS = 1 << 2,
	JUDGE_MAX_COMPLETION_TOKENS = 1 << 3,	/* sent instead of max_tokens, once that
											 * is refused */
	JUDGE_SCHEMA = 1 << 4
} JudgeOption;

/* Which of these the message of a refusal names. */
extern unsigned judge_refused_options(TextSlice message);

#endif							/* GAIOPS_JUDGE_MODEL_H */
