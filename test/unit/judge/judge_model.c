/*
 * Families of models, and what a refusal is about.
 */
#include "core/judge/judge_model.h"

#include "check.h"

static unsigned
refused(const char *message)
{
	return judge_refused_options((TextSlice) {message, strlen(message)});
}

int
main(void)
{
	CHECK(judge_models_are_related("gpt-4.1-mini", "openai/GPT-5"));
	CHECK(judge_models_are_related("o3-mini", "gpt-4o"));
	CHECK(judge_models_are_related("chatgpt-4o-latest", "o1"));
	CHECK(judge_models_are_related("claude-sonnet-4-5", "anthropic/claude-3-haiku"));
	CHECK(judge_models_are_related("llama3.2", "meta/Llama-3.3-70b"));
	CHECK(!judge_models_are_related("gpt-4.1", "claude-3"));
	CHECK(!judge_models_are_related("olmo-2", "o1"));
	CHECK(!judge_models_are_related("1", "2"));
	CHECK(!judge_models_are_related("", ""));
	CHECK_INT(refused("Unsupported value: 'temperature' does not support 0 with this model."), JUDGE_TEMPERATURE);
	CHECK_INT(refused("Unsupported parameter: 'max_tokens' is not supported. Use 'max_completion_tokens'."),
			  JUDGE_MAX_TOKENS | JUDGE_MAX_COMPLETION_TOKENS);
	CHECK_INT(refused("response_format.type json_schema is not supported"), JUDGE_SCHEMA);
	CHECK_INT(refused("seed and temperature"), JUDGE_SEED | JUDGE_TEMPERATURE);
	CHECK_INT(refused("bad request"), 0);
	CHECK_INT(judge_refused_options((TextSlice) {NULL, 0}), 0);
	return check_finish();
}
