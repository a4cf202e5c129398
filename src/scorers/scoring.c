/*
 * scoring.c
 *		What is scored, as kinds of scorers read it.
 */
#include "postgres.h"

#include "base/arguments.h"
#include "base/document.h"
#include "core/json/value_read.h"
#include "core/text/unicode.h"
#include "scorers/scoring.h"

#define MAX_QUOTED	1000		/* bytes, which argument_excerpt() cuts again */

/* A jsonb that is a single value, such as a string; otherwise the whole. */
static JsonbValue
whole_value(Jsonb *document)
{
	JsonbValue	value;

	if (!JsonbExtractScalar(&document->root, &value))
		JsonbToJsonbValue(document, &value);
	return value;
}

static TextSlice
value_text(const JsonbValue *value)
{
	return document_text(JsonbValueToJsonb(unconstify(JsonbValue *, value)));
}

static TextSlice
string_text(const JsonbValue *value)
{
	return (TextSlice) {value->val.string.val, value->val.string.len};
}

/* The message of a model's whole answer, its first choice; NULL if none. */
static JsonbValue *
completion_message(const JsonbValue *value)
{
	JsonbContainer *completion = value->type == jbvBinary ? value->val.binary.data : NULL;
	JsonbValue *found = NULL;

	if (completion != NULL && JsonContainerIsObject(completion))
		found = document_member(completion, "choices");
	if (found == NULL || found->type != jbvBinary || !JsonContainerIsArray(found->val.binary.data))
		return NULL;
	found = getIthJsonbValueFromContainer(found->val.binary.data, 0);
	if (found == NULL || found->type != jbvBinary || !JsonContainerIsObject(found->val.binary.data))
		return NULL;
	return document_member(found->val.binary.data, "message");
}

/* Outputs; false, with the score unknown, if there are none. */
static bool
read_outputs(const Scoring *scoring, JsonbValue *value, Score *score)
{
	if (scoring->subject->outputs != NULL)
	{
		JsonbValue *message;

		*value = whole_value(scoring->subject->outputs);
		message = completion_message(value);
		if (message != NULL)
			*value = *message;
		if (value->type != jbvNull)
			return true;
	}
	score_unknown(score, "there are no outputs");
	return false;
}

/* The text of a chat message; NULL if it is none, or has no text. */
static const JsonbValue *
message_content(const JsonbValue *value)
{
	JsonbContainer *message = value->type == jbvBinary ? value->val.binary.data : NULL;
	JsonbValue *content;

	if (message == NULL || !JsonContainerIsObject(message) || document_member(message, "role") == NULL)
		return NULL;
	content = document_member(message, "content");
	return content != NULL && content->type == jbvString ? content : NULL;
}

bool
scoring_text(const Scoring *scoring, TextSlice *text, Score *score)
{
	JsonbValue	value;
	const JsonbValue *content;

	if (!read_outputs(scoring, &value, score))
		return false;
	content = message_content(&value);
	if (value.type == jbvString)
		*text = string_text(&value);
	else if (content != NULL)
		*text = string_text(content);
	else
		*text = value_text(&value);
	return true;
}

/* ---- expectations ---- */

const JsonbValue *
scoring_find_expectation(const Scoring *scoring, const char *name)
{
	Jsonb	   *expectations = scoring->subject->expectations;
	JsonbValue *found = NULL;

	if (expectations != NULL && JB_ROOT_IS_OBJECT(expectations) && scoring->subject->problem == NULL)
		found = document_member(&expectations->root, name);
	return found != NULL && found->type != jbvNull ? found : NULL;
}

/* Says why there is nothing to compare with. */
static void
say_not_expected(const Scoring *scoring, char *reason, Score *score)
{
	const char *problem = scoring->subject->problem;

	score_unknown(score, problem != NULL ? pstrdup(problem) : reason);
}

const JsonbValue *
scoring_expectation(const Scoring *scoring, const char *name, Score *score)
{
	const JsonbValue *found = scoring_find_expectation(scoring, name);

	if (found == NULL)
		say_not_expected(scoring, psprintf("expectations have no %s", name), score);
	return found;
}

/* Adds the strings of an array. */
static void
add_strings(OptionTexts *texts, JsonbContainer *array)
{
	for (uint32 i = 0; i < JsonContainerSize(array); i++)
	{
		JsonbValue *item = getIthJsonbValueFromContainer(array, i);

		if (item->type == jbvString)
			texts->items[texts->n++] = string_text(item);
	}
}

bool
scoring_expected_texts(const Scoring *scoring, OptionTexts *texts, Score *score)
{
	const JsonbValue *one = scoring_find_expectation(scoring, "expected_response");
	const JsonbValue *many = scoring_find_expectation(scoring, "expected_responses");
	JsonbContainer *array = NULL;

	if (many != NULL && many->type == jbvBinary && JsonContainerIsArray(many->val.binary.data))
		array = many->val.binary.data;
	texts->n = 0;
	texts->items = palloc((1 + (array != NULL ? JsonContainerSize(array) : 0)) * sizeof(TextSlice));
	if (one != NULL)
		texts->items[texts->n++] = one->type == jbvString ? string_text(one) : value_text(one);
	if (array != NULL)
		add_strings(texts, array);
	if (texts->n == 0)
		say_not_expected(scoring, many == NULL ? "expectations have no expected_response"
						 : "expected_responses are no array of strings", score);
	return texts->n > 0;
}

/* ---- JSON ---- */

static const char too_long[] = "too long to be read as JSON";

const Value *
scoring_parse(Scoring *scoring, TextSlice text, const char **problem)
{
	*problem = too_long;
	return text.len > SCORING_MAX_JSON ? NULL : value_read(text, scoring->scratch.arena, problem);
}

const Value *
scoring_parse_document(Scoring *scoring, const JsonbValue *document, const char **problem)
{
	return scoring_parse(scoring, document->type == jbvString ? string_text(document)
						  : value_text(document), problem);
}

static bool
calls_tools(const JsonbValue *value)
{
	return value->type == jbvBinary && JsonContainerIsObject(value->val.binary.data) &&
		document_member(value->val.binary.data, "tool_calls") != NULL;
}

/* Of a message its text, unless it calls tools. */
const Value *
scoring_json(Scoring *scoring, const char **problem, Score *score)
{
	JsonbValue	value;
	const JsonbValue *content;
	const Value *read;

	*problem = NULL;
	if (!read_outputs(scoring, &value, score))
		return NULL;
	content = calls_tools(&value) ? NULL : message_content(&value);
	read = scoring_parse_document(scoring, content != NULL ? content : &value, problem);
	if (read == NULL && *problem == too_long)
	{
		*problem = NULL;
		score_unknown(score, "the answer is too long to be read as JSON");
	}
	return read;
}

/* ---- text ---- */

/* The mapping is malloc'd, and must not be left behind by an error. */
TextSlice
scoring_fold(TextSlice text)
{
	size_t		len;
	char	   *folded = unicode_lower(text.data, text.len, &len);
	char	   *copy = folded == NULL ? NULL : palloc_extended(len + 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_NO_OOM);

	if (copy != NULL)
		memcpy(copy, folded, len);
	free(folded);
	if (copy == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_OUT_OF_MEMORY),
				 errmsg("out of memory")));
	return (TextSlice) {copy, len};
}

char *
score_excerpt(TextSlice text)
{
	return argument_excerpt(pnstrdup(text.data, unicode_clip(text.data, text.len, MAX_QUOTED)));
}
