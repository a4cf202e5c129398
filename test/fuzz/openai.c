/*
 * Fuzzer of core/wire/openai: whatever the body, the answer keeps its
 * promises.
 */
#include "core/wire/openai.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A slice is absent, or readable text without a NUL. */
static void
require_text(TextSlice slice)
{
	if (slice.data == NULL)
		REQUIRE(slice.len == 0);
	else
		REQUIRE(is_storable_text(slice.data, slice.len));
}

/* A slice that is absent rather than empty. */
static void
require_nonempty(TextSlice slice)
{
	require_text(slice);
	REQUIRE((slice.data == NULL) == (slice.len == 0));
}

static void
require_count(int64_t count)
{
	REQUIRE(count >= TOKENS_UNKNOWN && count <= TOKENS_MAX);
}

/* A part is known only where its whole is, and no larger. */
static void
require_part(int64_t part, int64_t whole)
{
	require_count(part);
	REQUIRE(part <= whole);
}

static void
require_usage(const TokenUsage *usage)
{
	require_count(usage->input_tokens);
	require_count(usage->output_tokens);
	require_part(usage->cached_input_tokens, usage->input_tokens);
	require_part(usage->cache_write_tokens, usage->input_tokens);
	require_part(usage->reasoning_tokens, usage->output_tokens);
	if (usage->cached_input_tokens >= 0 && usage->cache_write_tokens >= 0)
		REQUIRE(usage->cached_input_tokens + usage->cache_write_tokens <= usage->input_tokens);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	OpenaiAnswer answer;
	const char *reason = NULL;

	TokenUsage	usage = {TOKENS_UNKNOWN, TOKENS_UNKNOWN, TOKENS_UNKNOWN, TOKENS_UNKNOWN, TOKENS_UNKNOWN};

	(void) openai_usage_salvage((const char *) data, size, &usage);
	require_usage(&usage);
	if (!openai_answer_parse((const char *) data, size, &answer, &reason))
	{
		REQUIRE(reason != NULL && answer.doc == NULL && answer.parts_text == NULL);
		return 0;
	}
	REQUIRE((answer.repaired == NULL) ==
			(answer.repairs.byte_order_marks + answer.repairs.nul_escapes +
			 answer.repairs.surrogates + answer.repairs.numbers == 0));
	REQUIRE(answer.repaired == NULL || is_storable_text(answer.repaired, answer.repaired_len));
	require_text(answer.content);
	require_nonempty(answer.refusal);
	require_text(answer.id);
	require_text(answer.model);
	require_text(answer.finish_reason);
	require_nonempty(answer.error_message);
	require_nonempty(answer.error_code);
	require_usage(&answer.usage);
	REQUIRE(answer.nchoices >= 0);
	REQUIRE(answer.unreadable == NULL || (!answer.is_empty && answer.content.data == NULL));
	REQUIRE(!answer.is_empty || (answer.content.data == NULL && answer.refusal.data == NULL && !answer.has_tool_calls));
	if (answer.has_error)
		REQUIRE(answer.content.data == NULL && answer.refusal.data == NULL);
	else
		REQUIRE(answer.error_message.data == NULL && answer.error_code.data == NULL && answer.error_status == 0);
	REQUIRE(answer.error_status == 0 || (answer.error_status >= 400 && answer.error_status <= 599));
	openai_answer_free(&answer);
	REQUIRE(answer.doc == NULL);
	return 0;
}
