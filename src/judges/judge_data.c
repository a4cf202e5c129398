/*
 * judge_data.c
 *		What a judge is shown of what it judges.
 *
 * It is shown what its instructions name, and nothing that tells which prompt,
 * version, model or run is judged.
 */
#include "postgres.h"

#include "base/ordered.h"
#include "judges/judge_data.h"

/* JSON that says nothing is as none. */
static TextSlice
unless_null(TextSlice json)
{
	return json.data == NULL || json_text_kind(json) == VALUE_NULL ? ORDERED_NONE : json;
}

/* The same of what must not be empty. */
static TextSlice
unless_empty(TextSlice json)
{
	ValueKind	kind = json.data == NULL ? VALUE_NULL : json_text_kind(json);

	if (kind == VALUE_NULL || (kind == VALUE_STRING && json_text_string(json).len == 0) ||
		((kind == VALUE_ARRAY || kind == VALUE_OBJECT) && json_text_count(json) == 0))
		return ORDERED_NONE;
	return json;
}

/* A member that is there and not empty. */
static TextSlice
member(TextSlice object, const char *name)
{
	if (object.data == NULL || json_text_kind(object) != VALUE_OBJECT)
		return ORDERED_NONE;
	return unless_empty(json_text_member(object, name));
}

/* JSON as a judge reads it: a string is its text. */
static TextSlice
as_text(TextSlice json)
{
	if (json.data == NULL || json_text_kind(json) != VALUE_STRING)
		return json;
	return ordered_decode(json_text_string(json));
}

/* How many things JSON has: elements of an array, or itself. */
static size_t
count_things(TextSlice json)
{
	if (json.data == NULL)
		return 0;
	return json_text_kind(json) == VALUE_ARRAY ? json_text_count(json) : 1;
}

/* ---- what is expected ---- */

/*
 * A member of the expectations.  Those that are no object are a response, as
 * they are for scorers.
 */
static TextSlice
expectation(const JudgeSubject *subject, const char *name)
{
	TextSlice	all = unless_empty(subject->expectations);

	if (all.data == NULL || json_text_kind(all) == VALUE_OBJECT)
		return member(all, name);
	return strcmp(name, "expected_response") == 0 ? all : ORDERED_NONE;
}

static TextSlice
expected_response(const JudgeSubject *subject)
{
	TextSlice	one = expectation(subject, "expected_response");

	return one.data != NULL ? one : expectation(subject, "expected_responses");
}

static TextSlice
expected_facts(const JudgeSubject *subject)
{
	TextSlice	facts = expectation(subject, "expected_facts");

	return facts.data != NULL ? facts : expected_response(subject);
}

/* What of the expectations a judge is for: of a created one all. */
static TextSlice
find_expectations(const Judge *judge, const JudgeSubject *subject)
{
	if (!judge->is_builtin)
		return unless_empty(subject->expectations);
	if (judge->needs & JUDGE_NEEDS_RESPONSE)
		return expected_response(subject);
	if (judge->needs & JUDGE_NEEDS_CALLS)
		return expectation(subject, "expected_tool_calls");
	return expected_facts(subject);
}

static TextSlice
find_guidelines(const Judge *judge, const JudgeSubject *subject)
{
	TextSlice	given = member(subject->inputs, "guidelines");

	if (given.data != NULL && !(judge->needs & JUDGE_NEEDS_EXPECTED_GUIDELINES))
		return given;
	return judge->is_builtin && !(judge->needs & JUDGE_NEEDS_EXPECTED_GUIDELINES) ? ORDERED_NONE :
		expectation(subject, "guidelines");
}

/* ---- the rest ---- */

static TextSlice
find_context(const JudgeSubject *subject)
{
	TextSlice	given = unless_empty(subject->context);

	return given.data != NULL ? given : member(subject->inputs, "context");
}

/* A session, or what the inputs have of one, with the answer behind it. */
static TextSlice
find_conversation(const JudgeSubject *subject)
{
	TextSlice	messages = member(subject->inputs, "messages");
	TextSlice	answer = as_text(unless_null(subject->outputs));

	if (unless_empty(subject->conversation).data != NULL)
		return subject->conversation;
	if (messages.data == NULL || json_text_kind(messages) != VALUE_ARRAY || answer.data == NULL)
		return messages;
	return ordered_join(messages, ordered_message("assistant", pnstrdup(answer.data, answer.len)));
}

/* What is shown, as JSON; absent if there is none of it. */
static TextSlice
find_datum(const Judge *judge, const JudgeSubject *subject, JudgeDatum datum)
{
	switch (datum)
	{
		case JUDGE_CONVERSATION:
			return find_conversation(subject);
		case JUDGE_INPUTS:
			return unless_null(subject->inputs);
		case JUDGE_CONTEXT:
			return find_context(subject);
		case JUDGE_EXPECTATIONS:
			return find_expectations(judge, subject);
		case JUDGE_GUIDELINES:
			return find_guidelines(judge, subject);
		case JUDGE_TRACE:
			return unless_empty(subject->trace);
		case JUDGE_OUTPUTS:
			return unless_null(subject->outputs);
		case JUDGE_SECOND_OUTPUTS:
			return unless_null(subject->second_outputs);
		case JUDGE_NDATA:
			break;
	}
	return ORDERED_NONE;
}

/* ---- what is missing ---- */

/* Why a judge cannot say anything; NULL if it can. */
static char *
find_missing(unsigned needs, const JudgeSubject *subject, const TextSlice *found)
{
	bool		has_calls = found[JUDGE_TRACE].data != NULL ||
		(found[JUDGE_OUTPUTS].data != NULL && json_text_kind(found[JUDGE_OUTPUTS]) >= VALUE_ARRAY);

#define MISSING(need, datum, text) \
	if ((needs & (need)) && found[datum].data == NULL) \
		return text
	MISSING(JUDGE_NEEDS_INPUTS, JUDGE_INPUTS, "there are no inputs");
	MISSING(JUDGE_NEEDS_OUTPUTS, JUDGE_OUTPUTS, "there are no outputs");
	MISSING(JUDGE_NEEDS_CONTEXT, JUDGE_CONTEXT, "there is no context");
	MISSING(JUDGE_NEEDS_CONVERSATION, JUDGE_CONVERSATION, "there is no conversation: neither a trace with a session nor inputs.messages");
	MISSING(JUDGE_NEEDS_TRACE, JUDGE_TRACE, "there is no trace");
	MISSING(JUDGE_NEEDS_EXPECTATIONS, JUDGE_EXPECTATIONS, "there are no expectations");
	MISSING(JUDGE_NEEDS_RESPONSE, JUDGE_EXPECTATIONS, "expectations have no expected_response");
	MISSING(JUDGE_NEEDS_FACTS, JUDGE_EXPECTATIONS, "expectations have neither expected_facts nor expected_response");
	MISSING(JUDGE_NEEDS_EXPECTED_GUIDELINES, JUDGE_GUIDELINES, "expectations have no guidelines");
	MISSING(JUDGE_NEEDS_GUIDELINES, JUDGE_GUIDELINES, "inputs have no guidelines");
#undef MISSING
	if ((needs & JUDGE_NEEDS_CALLS) && !has_calls)
		return "there are no tool calls: neither outputs that are JSON nor a trace";
	if ((needs & JUDGE_NEEDS_INTENT) && found[JUDGE_INPUTS].data == NULL && found[JUDGE_CONVERSATION].data == NULL)
		return "there are neither inputs nor a conversation";
	return NULL;
}

static size_t
count_claims(JudgeCount counts, const JudgeSubject *subject, const TextSlice *found)
{
	switch (counts)
	{
		case JUDGE_COUNTS_FACTS:
			return count_things(expectation(subject, "expected_facts"));
		case JUDGE_COUNTS_GUIDELINES:
			return count_things(found[JUDGE_GUIDELINES]);
		case JUDGE_COUNTS_CONTEXT:
			return count_things(found[JUDGE_CONTEXT]);
		case JUDGE_COUNTS_NOTHING:
			break;
	}
	return 0;
}

bool
judge_data_find(const Judge *judge, const JudgeSubject *subject, JudgeData *data, char **reason)
{
	TextSlice	found[JUDGE_NDATA] = {{0}};
	size_t		total = 0;

	memset(data, 0, sizeof(*data));
	for (int i = 0; i < JUDGE_NDATA; i++)
	{
		if (i == JUDGE_SECOND_OUTPUTS || (judge->data & (1u << i)))
			found[i] = find_datum(judge, subject, (JudgeDatum) i);
		total += found[i].len;
	}
	*reason = find_missing(judge->needs, subject, found);
	if (*reason == NULL && total > JUDGE_MAX_DATA)
		*reason = psprintf("there are more than %zu bytes to judge", JUDGE_MAX_DATA);
	if (*reason != NULL)
		return false;
	for (int i = 0; i < JUDGE_NDATA; i++)
		data->texts[i] = as_text(found[i]);
	data->nclaims = count_claims(judge->counts, subject, found);
	return true;
}

bool
judge_ready(const Judge *judge, const JudgeSubject *subject, char **reason)
{
	JudgeData	data;

	for (int i = 0; i < judge->nmembers; i++)
		if (!judge_data_find(judge->members[i], subject, &data, reason))
			return false;
	return judge->rule != JURY_NONE || judge_data_find(judge, subject, &data, reason);
}
