/*
 * json_kinds.c
 *		What is looked for in an answer that should be JSON.
 */
#include "postgres.h"

#include "core/score/tool_calls.h"
#include "scorers/scorer_kind.h"

/*
 * Outputs as JSON.  NULL if they are none, which is a verdict, or not there,
 * which is unknown.
 */
static const Value *
require_json(Scoring *scoring, Score *score)
{
	const char *problem;
	const Value *value = scoring_json(scoring, &problem, score);

	if (value == NULL && problem != NULL)
		score_verdict(score, false, strcmp(problem, "not JSON") == 0 ? pstrdup("the answer is not JSON") :
					  psprintf("the answer is not JSON: it is %s", problem));
	return value;
}

void
kind_json_valid(Scoring *scoring, Score *score)
{
	if (require_json(scoring, score) != NULL)
		score_verdict(score, true, NULL);
}

/* Whether outputs are what an expected text says as JSON. */
static bool
equals_text(Scoring *scoring, const Value *outputs, TextSlice text, bool *is_json)
{
	const char *problem;
	size_t		steps = 0;
	const Value *expected = scoring_parse(scoring, text, &problem);

	*is_json |= expected != NULL;
	return expected != NULL && value_equals(outputs, expected, &steps);
}

/* As in jsonb: 1 is 1.0, and members have no order. */
void
kind_json_equal(Scoring *scoring, Score *score)
{
	OptionTexts expected;
	const Value *outputs;
	bool		equal = false;
	bool		is_json = false;

	if (!scoring_expected_texts(scoring, &expected, score))
		return;
	outputs = require_json(scoring, score);
	if (outputs == NULL)
		return;
	for (size_t i = 0; i < expected.n && !equal; i++)
		equal = equals_text(scoring, outputs, expected.items[i], &is_json);
	if (is_json)
		score_verdict(score, equal, equal ? NULL : "the answer is other JSON than expected");
	else
		score_unknown(score, "what is expected is no JSON");
}

/* Whether a path of names leads to a member. */
static bool
has_key(const Value *value, OptionTexts key)
{
	for (size_t i = 0; i < key.n && value != NULL; i++)
		value = value_member(value, key.items[i].data, key.items[i].len);
	return value != NULL;
}

void
kind_required_keys(Scoring *scoring, Score *score)
{
	const ScorerOptions *options = scoring->options;
	const Value *outputs = require_json(scoring, score);
	const char *missing = NULL;

	if (outputs == NULL)
		return;
	for (size_t i = 0; i < options->nkeys && missing == NULL; i++)
	{
		OptionTexts key = options->keys[i];

		if (!has_key(outputs, key))
			missing = score_excerpt(key.items[key.n - 1]);
	}
	score_verdict(score, missing == NULL, missing == NULL ? NULL :
				  psprintf("the answer has no member \"%s\"", missing));
}

/* ---- calls of tools ---- */

static void
say_match(const ToolMatch *match, Score *score)
{
	if (match->outcome == TOOL_CALLS_UNREADABLE)
		score_unknown(score, psprintf("expected_tool_calls are not 0 to %d calls with a name each",
									  TOOL_CALLS_MAX));
	else if (match->outcome == TOOL_CALLS_MATCH)
		score_verdict(score, true, NULL);
	else if (match->number == 0)
		score_verdict(score, false, psprintf("the answer has %zu calls of tools, and %zu are expected",
											 match->called, match->expected));
	else
		score_verdict(score, false, psprintf("expected call %zu, of \"%s\", was not made so", match->number,
											 score_excerpt((TextSlice) {match->name, match->name_len})));
}

/* An answer that is a text, and no JSON, calls nothing. */
void
kind_tool_calls_match(Scoring *scoring, Score *score)
{
	static const Value no_calls = {.kind = VALUE_ARRAY};
	const JsonbValue *wanted = scoring_expectation(scoring, "expected_tool_calls", score);
	const Value *expected;
	const Value *outputs;
	const char *problem;
	ToolMatch	match;

	if (wanted == NULL)
		return;
	outputs = scoring_json(scoring, &problem, score);
	if (outputs == NULL && problem == NULL)
		return;
	expected = scoring_parse_document(scoring, wanted, &problem);
	if (expected == NULL || expected->kind != VALUE_ARRAY)
	{
		score_unknown(score, "expected_tool_calls are no array");
		return;
	}
	match = tool_calls_compare(outputs == NULL ? &no_calls : tool_calls_in(outputs), expected,
							   scoring->options->any_order,
							   (ToolArguments) scoring->options->arguments, scoring->scratch.arena);
	say_match(&match, score);
}
