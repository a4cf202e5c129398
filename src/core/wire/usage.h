/*
 * usage.h
 *		What one model call consumed, in tokens.
 *
 * Counts follow the OpenTelemetry GenAI conventions: input_tokens includes the
 * cached ones, output_tokens includes the reasoning ones.
 */
#ifndef GAIOPS_USAGE_H
#define GAIOPS_USAGE_H

#include <stdint.h>

/* A count the upstream did not report. */
#define TOKENS_UNKNOWN	INT64_C(-1)

/* No real answer has more; a larger number is taken for unknown. */
#define TOKENS_MAX		INT64_C(1000000000)

typedef struct TokenUsage
{
	int64_t		input_tokens;	/* all of the input, cached included */
	int64_t		output_tokens;	/* all of the output, reasoning included */
	int64_t		cached_input_tokens;	/* part of input read from a cache */
	int64_t		cache_write_tokens; /* part of input written to a cache */
	int64_t		reasoning_tokens;	/* part of output spent on reasoning */
} TokenUsage;

/*
 * Why counts that the upstream gave are taken for unknown, as a constant; NULL
 * where they are not.
 */
typedef struct UsageProblems
{
	const char *input;
	const char *output;
} UsageProblems;

#endif							/* GAIOPS_USAGE_H */
