/*
 * Fuzzer of core/judge: a byte that chooses the form, and a reply of a judge.
 * As instructions and data the same text must come out as it went in.
 */
#include "core/judge/judge_reply.h"

#include <math.h>
#include <string.h>

#include "core/json/value_read.h"
#include "core/judge/judge_message.h"
#include "fuzz.h"

#define NONCE	"0123456789abcdef"

int			LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const JudgeChoice choices[] = {{{"a", 1}, true, 1}, {{"b", 1}, false, 0}};

static const JudgeForm forms[] = {
	{.type = JUDGE_YES_NO}, {.type = JUDGE_YES_NO,.lists_claims = true,.nclaims = 1},
	{.type = JUDGE_SCALE,.min = 1,.max = 5,.says_intent = true}, {.type = JUDGE_NUMBER,.min = -1,.max = 1},
	{.type = JUDGE_CHOICE,.choices = choices,.nchoices = 2}, {.type = JUDGE_SHARE,.lists_claims = true}
};

#define NFORMS	(sizeof(forms) / sizeof(forms[0]))

/* Nothing without the nonce is a verdict, and a verdict has a value. */
static void
read_reply(TextSlice text, const JudgeForm *form, const char *nonce, Arena *arena)
{
	JudgeReply	reply;
	const char *reason;

	judge_reply_read(text, form, nonce, arena, &reply);
	REQUIRE((reply.problem == NULL) == (reply.outcome == JUDGE_VERDICT));
	if (reply.outcome != JUDGE_VERDICT)
		return;
	REQUIRE(strcmp(nonce, NONCE) == 0);
	REQUIRE(value_read((TextSlice) {reply.value, strlen(reply.value)}, arena, &reason) != NULL);
	REQUIRE(!reply.has_score || isfinite(reply.score));
}

static void
write_message(TextSlice text, const JudgeForm *form, Arena *arena)
{
	JudgeMessage message = {
		.instructions = text,.form = form,.boundary = "BOUNDARY",.nonce = NONCE,.data = {[JUDGE_OUTPUTS] = text}
	};
	TextBuilder builder = {.arena = arena,.limit = (size_t) 1 << 24};
	const char *reason;
	const Value *value;

	if (!judge_message_write(&builder, &message, arena))
		return;
	text.data = text_finish(&builder);
	value = value_read((TextSlice) {text.data, builder.len}, arena, &reason);
	REQUIRE(value == NULL || value->len == 2);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena	   *arena = arena_create((size_t) 64 << 20);
	unsigned	found;

	if (size > 0)
	{
		const JudgeForm *form = &forms[data[0] % NFORMS];
		TextSlice	text = {(const char *) data + 1, size - 1};

		read_reply(text, form, NONCE, arena);
		read_reply(text, form, "another", arena);
		judge_instructions_scan(text, &found);
		REQUIRE(found < 1u << JUDGE_SECOND_OUTPUTS);
		write_message(text, form, arena);
	}
	arena_free(arena);
	return 0;
}
