/*
 * How many tokens answers took, in the dialects of the gateways people have.
 */
#include "core/wire/openai.h"

#include <stdlib.h>

#include "openai_check.h"

/* Usage: input, output, cached, cache write, reasoning. */
static void
check_usage(const char *body, int64_t input, int64_t output, int64_t cached,
			int64_t written, int64_t reasoning, int line)
{
	OpenaiAnswer a = parse_at(body, line);

	check_int(a.usage.input_tokens, input, body, "input", line);
	check_int(a.usage.output_tokens, output, body, "output", line);
	check_int(a.usage.cached_input_tokens, cached, body, "cached", line);
	check_int(a.usage.cache_write_tokens, written, body, "cache write", line);
	check_int(a.usage.reasoning_tokens, reasoning, body, "reasoning", line);
	openai_answer_free(&a);
}

#define TOKENS(usage, ...)	check_usage(USAGE(usage), __VA_ARGS__, __LINE__)

static void
test_usage_plain(void)
{
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10.0,\"completion_tokens\":5e0}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10}", 10, -1, -1, -1, -1);
	TOKENS("{\"completion_tokens\":5}", -1, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":null,"
		   "\"completion_tokens_details\":null}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{},"
		   "\"completion_tokens_details\":{}}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":0},"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":0}}", 10, 5, 0, -1, 0);
}

static void
test_usage_missing(void)
{
	TOKENS("null", -1, -1, -1, -1, -1);
	TOKENS("{}", -1, -1, -1, -1, -1);
	TOKENS("[]", -1, -1, -1, -1, -1);
	TOKENS("\"none\"", -1, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":null,\"completion_tokens\":null,\"total_tokens\":null}", -1, -1, -1, -1, -1);
	TOKENS("{\"total_tokens\":12}", -1, -1, -1, -1, -1);
	check_usage(MESSAGE("{\"content\":\"x\"}"), -1, -1, -1, -1, -1, __LINE__);
}

static void
test_usage_absurd(void)
{
	TOKENS("{\"prompt_tokens\":-1,\"completion_tokens\":5}", -1, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":-5}", 10, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":1000000000,\"completion_tokens\":1000000001}", 1000000000, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":99999999999999999999,\"completion_tokens\":1e300}", -1, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":\"-10\",\"completion_tokens\":true}", -1, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":\"1e3\",\"completion_tokens\":\"\"}", -1, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":\"1000000001\",\"completion_tokens\":\"1234567890123\"}", -1, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10.5,\"completion_tokens\":[5]}", -1, -1, -1, -1, -1);
	/* An absurd whole does not fall back to the other dialect. */
	TOKENS("{\"prompt_tokens\":-1,\"input_tokens\":7,\"completion_tokens\":5}", -1, 5, -1, -1, -1);
	/* The parts of an unknown whole are unknown. */
	TOKENS("{\"prompt_tokens\":-1,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":3}}", -1, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":3,\"completion_tokens_details\":{\"reasoning_tokens\":3}}", 3, -1, -1, -1, -1);

	/*
	 * An absurd part leaves the whole alone, and the next place is looked at.
	 */
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":-3}}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":-3},"
		   "\"cache_read_input_tokens\":4}", 10, 5, 4, -1, -1);
}

/* Numbers as texts are numbers. */
static void
test_usage_texts(void)
{
	TOKENS("{\"prompt_tokens\":\"10\",\"completion_tokens\":\"5\",\"total_tokens\":\"15\"}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":\"0010\",\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":\"3\"}}", 10, 5, 3, -1, -1);
	TOKENS("{\"prompt_tokens\":\"10\",\"total_tokens\":\"15\"}", 10, 5, -1, -1, -1);
}

/* Why counts are not known: of the input, and of the output. */
static void
check_problems(const char *body, const char *input, const char *output, int line)
{
	OpenaiAnswer a = parse_at(body, line);
	UsageProblems p = a.usage_problems;

	check_text(p.input, p.input ? strlen(p.input) : 0, input, body, "input", line);
	check_text(p.output, p.output ? strlen(p.output) : 0, output, body, "output", line);
	openai_answer_free(&a);
}

#define PROBLEMS(usage, ...)	check_problems(USAGE(usage), __VA_ARGS__, __LINE__)

/* Zeros are what a gateway makes of a usage that is not there. */
static void
test_usage_zeros(void)
{
	TOKENS("{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}", -1, -1, -1, -1, -1);
	PROBLEMS("{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}", "prompt_tokens is 0",
			 "completion_tokens is 0 beside an answer");
	TOKENS("{\"prompt_tokens\":0,\"completion_tokens\":0,\"prompt_tokens_details\":{\"cached_tokens\":0},"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":0}}", -1, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":0,\"total_tokens\":10}", 10, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":0,\"completion_tokens\":5,\"total_tokens\":5}", -1, 5, -1, -1, -1);
	PROBLEMS("{\"prompt_tokens\":0,\"completion_tokens\":5}", "prompt_tokens is 0", NULL);
	/* A total tells what the zero hides. */
	TOKENS("{\"prompt_tokens\":0,\"completion_tokens\":5,\"total_tokens\":12}", 7, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":7,\"completion_tokens\":0,\"total_tokens\":12}", 7, 5, -1, -1, -1);
	PROBLEMS("{\"prompt_tokens\":7,\"completion_tokens\":0,\"total_tokens\":12}", NULL, NULL);
	/* An answer without a text can have taken none. */
	check_usage("{\"choices\":[{\"message\":{\"content\":\"\"}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":0}}",
				10, 0, -1, -1, -1, __LINE__);
	check_usage("{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":0}}", 10, 0, -1, -1, -1, __LINE__);
	check_usage("{\"choices\":[{\"message\":{\"tool_calls\":[{}]}}],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":0}}",
				10, -1, -1, -1, -1, __LINE__);
	/* All of the prompt came from the cache. */
	TOKENS("{\"input_tokens\":0,\"output_tokens\":5,\"cache_read_input_tokens\":100}", 100, 5, 100, -1, -1);
	TOKENS("{\"prompt_tokens\":0,\"completion_tokens\":5,\"cache_read_input_tokens\":100}", 100, 5, 100, -1, -1);
	TOKENS("{\"input_tokens\":0,\"output_tokens\":5,\"cache_read_input_tokens\":0}", -1, 5, -1, -1, -1);
}

/* One whole from the other and the total. */
static void
test_usage_inferred(void)
{
	TOKENS("{\"prompt_tokens\":10,\"total_tokens\":15}", 10, 5, -1, -1, -1);
	TOKENS("{\"completion_tokens\":5,\"total_tokens\":15}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":null,\"total_tokens\":15,\"completion_tokens_details\":"
		   "{\"reasoning_tokens\":3}}", 10, 5, -1, -1, 3);
	TOKENS("{\"prompt_tokens\":10,\"total_tokens\":10}", 10, -1, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"total_tokens\":9}", 10, -1, -1, -1, -1);
	TOKENS("{\"total_tokens\":15}", -1, -1, -1, -1, -1);
	/* Whether the total has the cached ones in it is not known. */
	TOKENS("{\"prompt_tokens\":10,\"total_tokens\":180,\"cache_read_input_tokens\":100}", 110, -1, 100, -1, -1);
	PROBLEMS("{\"prompt_tokens\":10}", NULL, NULL);
	PROBLEMS("{\"prompt_tokens\":-10,\"completion_tokens\":{}}", "prompt_tokens is not a number of tokens",
			 "completion_tokens is not a number of tokens");
	PROBLEMS("null", NULL, NULL);
	/* NaN becomes null. */
	TOKENS("{\"prompt_tokens\":NaN,\"completion_tokens\":5}", -1, 5, -1, -1, -1);
}

/* Parts that are larger than their wholes. */
static void
test_usage_contradicts(void)
{
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":11},"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":6}}", -1, -1, -1, -1, -1);
	PROBLEMS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":11},"
			 "\"completion_tokens_details\":{\"reasoning_tokens\":6}}", "more cached tokens than prompt_tokens",
			 "more reasoning_tokens than completion_tokens");
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":6,"
		   "\"cache_write_tokens\":5}}", -1, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_cache_hit_tokens\":11}", -1, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"prompt_tokens_details\":{\"cached_tokens\":10},"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":5}}", 10, 5, 10, -1, 5);
	/* Anthropic's parts are beside the whole. */
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":15,\"cache_read_input_tokens\":7,"
		   "\"cache_creation_input_tokens\":7}", 24, 5, 7, 7, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"cache_creation_input_tokens\":70}", 80, 5, -1, 70, -1);
	PROBLEMS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"cache_creation_input_tokens\":70}", NULL, NULL);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"cache_read_input_tokens\":1000000000}", -1, 5, -1, -1, -1);
}

static void
test_usage_openrouter(void)
{
	TOKENS("{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,\"cost\":0.0012,\"is_byok\":false,"
		   "\"prompt_tokens_details\":{\"cached_tokens\":60,\"cache_write_tokens\":20,\"audio_tokens\":0},"
		   "\"cost_details\":{\"upstream_inference_cost\":null},"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":30,\"image_tokens\":0}}", 100, 50, 60, 20, 30);
}

static void
test_usage_deepseek(void)
{
	TOKENS("{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,\"prompt_cache_hit_tokens\":64,"
		   "\"prompt_cache_miss_tokens\":36}", 100, 50, 64, -1, -1);
	TOKENS("{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,\"prompt_tokens_details\":"
		   "{\"cached_tokens\":64},\"completion_tokens_details\":{\"reasoning_tokens\":10},"
		   "\"prompt_cache_hit_tokens\":64,\"prompt_cache_miss_tokens\":36}", 100, 50, 64, -1, 10);
	/* Moonshot puts it at the top. */
	TOKENS("{\"prompt_tokens\":100,\"completion_tokens\":50,\"total_tokens\":150,\"cached_tokens\":40}", 100, 50, 40, -1, -1);
}

static void
test_usage_litellm(void)
{
	/* Both dialects: prompt_tokens include what Anthropic's names tell. */
	TOKENS("{\"prompt_tokens\":130,\"completion_tokens\":50,\"total_tokens\":180,\"prompt_tokens_details\":"
		   "{\"cached_tokens\":100,\"cache_creation_tokens\":20,\"text_tokens\":10},\"cache_read_input_tokens\":100,"
		   "\"cache_creation_input_tokens\":20}", 130, 50, 100, 20, -1);
	TOKENS("{\"prompt_tokens\":130,\"completion_tokens\":50,\"total_tokens\":180,\"prompt_tokens_details\":null,"
		   "\"cache_read_input_tokens\":100,\"cache_creation_input_tokens\":20,\"input_tokens\":10,"
		   "\"output_tokens\":50}", 130, 50, 100, 20, -1);
}

static void
test_usage_anthropic(void)
{
	TOKENS("{\"input_tokens\":10,\"output_tokens\":50,\"cache_read_input_tokens\":100,"
		   "\"cache_creation_input_tokens\":20}", 130, 50, 100, 20, -1);
	TOKENS("{\"input_tokens\":10,\"output_tokens\":50}", 10, 50, -1, -1, -1);
	TOKENS("{\"input_tokens\":10,\"output_tokens\":50,\"cache_read_input_tokens\":0,"
		   "\"cache_creation_input_tokens\":null}", 10, 50, 0, -1, -1);
	TOKENS("{\"prompt_tokens\":null,\"input_tokens\":10,\"output_tokens\":50,\"cache_read_input_tokens\":5}", 15, 50, 5, -1, -1);
	/* What the total would be is not known then. */
	TOKENS("{\"input_tokens\":10,\"output_tokens\":50,\"cache_read_input_tokens\":-5}", -1, 50, -1, -1, -1);
	TOKENS("{\"input_tokens\":10,\"output_tokens\":50,\"cache_creation_input_tokens\":\"5\"}", 15, 50, -1, 5, -1);
	TOKENS("{\"input_tokens\":10,\"output_tokens\":50,\"cache_creation_input_tokens\":\"many\"}", -1, 50, -1, -1, -1);
	TOKENS("{\"input_tokens\":600000000,\"output_tokens\":50,\"cache_read_input_tokens\":600000000}", -1, 50, -1, -1, -1);
	TOKENS("{\"input_tokens\":null,\"output_tokens\":50,\"cache_read_input_tokens\":5}", -1, 50, -1, -1, -1);
	/* OpenAI's own input_tokens include the cached ones already. */
	TOKENS("{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":60},\"output_tokens\":50,"
		   "\"output_tokens_details\":{\"reasoning_tokens\":40},\"total_tokens\":150}", 100, 50, 60, -1, 40);
	TOKENS("{\"input_tokens\":100,\"input_tokens_details\":{\"cached_tokens\":60},\"output_tokens\":50,"
		   "\"cache_read_input_tokens\":60}", 100, 50, 60, -1, -1);
}

/* Wholes that leave a part out, as their total shows. */
static void
test_usage_total(void)
{
	/* Portkey before Anthropic: prompt_tokens are Anthropic's input_tokens. */
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":50,\"total_tokens\":180,\"prompt_tokens_details\":"
		   "{\"cached_tokens\":100},\"cache_read_input_tokens\":100,\"cache_creation_input_tokens\":20}", 130, 50, 100, 20, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":50,\"total_tokens\":160,\"cache_read_input_tokens\":100,"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":30}}", 110, 50, 100, -1, 30);
	/* xAI: reasoning is outside of completion_tokens. */
	TOKENS("{\"prompt_tokens\":12,\"completion_tokens\":1,\"total_tokens\":399,\"completion_tokens_details\":"
		   "{\"reasoning_tokens\":386}}", 12, 387, -1, -1, 386);
	/* Both. */
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":45,\"cache_read_input_tokens\":20,"
		   "\"completion_tokens_details\":{\"reasoning_tokens\":10}}", 30, 15, 20, -1, 10);
	/* Gemini: thinking is in the total alone. */
	TOKENS("{\"prompt_tokens\":20,\"completion_tokens\":198,\"total_tokens\":623}", 20, 603, -1, -1, -1);
	/* A total that nothing explains, or that is too small or absurd. */
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":22,\"completion_tokens_details\":"
		   "{\"reasoning_tokens\":3}}", 10, 5, -1, -1, 3);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":0}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":10,\"completion_tokens\":5,\"total_tokens\":99999999999}", 10, 5, -1, -1, -1);
	TOKENS("{\"prompt_tokens\":-1,\"completion_tokens\":5,\"total_tokens\":15}", -1, 5, -1, -1, -1);
}

/* The usage of bodies that cannot be parsed. */
static void
check_salvaged(const char *body, size_t len, bool found, int64_t input, int64_t output, int line)
{
	char	   *copy = malloc(len > 0 ? len : 1);
	TokenUsage	usage = {.input_tokens = TOKENS_UNKNOWN, .output_tokens = TOKENS_UNKNOWN};

	memcpy(copy, body, len);
	check_report(openai_usage_salvage(copy, len, &usage) == found, body, "salvaged", line);
	check_int(usage.input_tokens, input, body, "input", line);
	check_int(usage.output_tokens, output, body, "output", line);
	free(copy);
}

#define SALVAGED(body, ...)	check_salvaged(body, sizeof(body) - 1, __VA_ARGS__, __LINE__)

static void
test_salvaged(void)
{
	SALVAGED("{\"a\":\"\xff\",\"usage\": {\"prompt_tokens\":7,\"completion_tokens\":5,\"d\":{\"x\":\"}\"}}}", true, 7, 5);
	SALVAGED("\"usage\":{\"prompt_tokens\":7}", true, 7, -1);
	SALVAGED("{\"usage\":{\"completion_tokens\":5},\"choices\":[{\"mess", true, -1, 5);
	SALVAGED("{\"usage\":{\"prompt_tokens\":7},\"x\":{\"usage\":null}} rest", true, 7, -1);
	SALVAGED("{\"content\":\"{\\\"usage\\\":{\\\"prompt_tokens\\\":7}}\"", false, -1, -1);
	SALVAGED("{\"usage\":{\"prompt_tokens\":7", false, -1, -1);
	SALVAGED("{\"usage\":{\"prompt_tokens\":\"\\", false, -1, -1);
	SALVAGED("{\"usage\":", false, -1, -1);
	SALVAGED("\"usage\"", false, -1, -1);
	SALVAGED("\"usag", false, -1, -1);
	SALVAGED("<html>", false, -1, -1);
	SALVAGED("", false, -1, -1);
}

int
main(void)
{
	test_usage_plain();
	test_usage_missing();
	test_usage_absurd();
	test_usage_texts();
	test_usage_zeros();
	test_usage_inferred();
	test_usage_contradicts();
	test_usage_openrouter();
	test_usage_deepseek();
	test_usage_litellm();
	test_usage_anthropic();
	test_usage_total();
	test_salvaged();
	return check_finish();
}
