/*
 * scorer_kind.c
 *		The kinds of scorers that there are.
 */
#include "postgres.h"

#include "core/memory/length_of.h"
#include "scorers/scorer_kind.h"

#define RULE(name, type, ...) {#name, OPTION_##type, offsetof(ScorerOptions, name), __VA_ARGS__}
#define WORDS(...) false, (const char *const[]) {__VA_ARGS__, NULL}

static const OptionRule no_rules[] = {{NULL}};
static const OptionRule case_rules[] = {RULE(ignore_case, BOOLEAN), {NULL}};
static const OptionRule values_rules[] = {RULE(values, TEXTS, true), RULE(ignore_case, BOOLEAN), {NULL}};
static const OptionRule prefix_rules[] = {RULE(prefix, TEXT, true), RULE(ignore_case, BOOLEAN), {NULL}};
static const OptionRule regex_rules[] = {RULE(pattern, PATTERN, true), RULE(ignore_case, BOOLEAN), {NULL}};
static const OptionRule keys_rules[] = {RULE(keys, KEYS, true), {NULL}};
static const OptionRule length_rules[] = {
	RULE(min, SIZE), RULE(max, SIZE), RULE(unit, WORD, WORDS("characters", "words")), {NULL}};
static const OptionRule number_rules[] = {
	RULE(min, NUMBER), RULE(max, NUMBER), RULE(tolerance, SIZE),
	RULE(find, WORD, WORDS("whole", "first", "last")), {NULL}};
static const OptionRule tool_rules[] = {
	RULE(any_order, BOOLEAN), RULE(arguments, WORD, WORDS("equal", "contain", "ignore")), {NULL}};
static const OptionRule words_rules[] = {RULE(tokenizer, WORD, WORDS("reference", "unicode")), {NULL}};
static const OptionRule rouge_rules[] = {
	RULE(stemming, BOOLEAN), RULE(tokenizer, WORD, WORDS("reference", "unicode")), {NULL}};
static const OptionRule top_rules[] = {RULE(k, COUNT, true), RULE(member, TEXT), {NULL}};
static const OptionRule ranking_rules[] = {RULE(k, COUNT), RULE(member, TEXT), {NULL}};
static const OptionRule latency_rules[] = {{"max_ms", OPTION_SIZE, offsetof(ScorerOptions, max)}, {NULL}};
static const OptionRule cost_rules[] = {RULE(max, SIZE), {NULL}};

static const ScorerKind kinds[] = {
	{"exact_match", true, KIND_PASS_FAIL, "higher", case_rules, kind_exact_match,
	"Whether the answer is an expected one, byte for byte"},
	{"quasi_exact_match", true, KIND_PASS_FAIL, "higher", words_rules, kind_quasi_exact_match,
	"Whether the answer is an expected one but for case, punctuation, articles and space, as SQuAD has it"},
	{"contains_expected", true, KIND_PASS_FAIL, "higher", case_rules, kind_contains_expected,
	"Whether the answer contains an expected one"},
	{"contains_any", false, KIND_PASS_FAIL, "higher", values_rules, kind_contains_any,
	"Whether the answer contains one of the values"},
	{"contains_all", false, KIND_PASS_FAIL, "higher", values_rules, kind_contains_all,
	"Whether the answer contains all of the values"},
	{"starts_with", false, KIND_PASS_FAIL, "higher", prefix_rules, kind_starts_with,
	"Whether the answer starts with a text"},
	{"regex", false, KIND_PASS_FAIL, "higher", regex_rules, kind_regex,
	"Whether a regular expression of PostgreSQL's matches somewhere in the answer", true},
	{"length", false, KIND_MEASURE, "higher", length_rules, kind_length,
	"How long the answer is or, with bounds, whether it is within them"},
	{"json_valid", true, KIND_PASS_FAIL, "higher", no_rules, kind_json_valid,
	"Whether the answer is JSON"},
	{"json_equal", true, KIND_PASS_FAIL, "higher", no_rules, kind_json_equal,
	"Whether the answer is the same JSON as an expected one, as jsonb compares"},
	{"required_keys", false, KIND_PASS_FAIL, "higher", keys_rules, kind_required_keys,
	"Whether the answer is JSON with all of these members"},
	{"number", false, KIND_MEASURE, "higher", number_rules, kind_number,
	"The number in the answer or, with bounds or a tolerance, whether it is right"},
	{"token_f1", true, KIND_SHARE, "higher", words_rules, kind_token_f1,
	"Words in common with an expected answer, as SQuAD has it"},
	{"levenshtein", true, KIND_SHARE, "higher", no_rules, kind_levenshtein,
	"Share of characters that need no change to make the answer an expected one"},
	{"rouge_1", true, KIND_SHARE, "higher", rouge_rules, kind_rouge_1,
	"ROUGE-1: words in common with an expected answer"},
	{"rouge_2", true, KIND_SHARE, "higher", rouge_rules, kind_rouge_2,
	"ROUGE-2: pairs of words in common with an expected answer"},
	{"rouge_l", true, KIND_SHARE, "higher", rouge_rules, kind_rouge_l,
	"ROUGE-L: the longest sequence of words in common with an expected answer"},
	{"rouge_lsum", true, KIND_SHARE, "higher", rouge_rules, kind_rouge_lsum,
	"ROUGE-Lsum: the same, line by line"},
	{"bleu", true, KIND_SHARE, "higher", words_rules, kind_bleu,
	"BLEU of the answer by itself, with exponential smoothing, as sacrebleu has it"},
	{"chrf", true, KIND_SHARE, "higher", no_rules, kind_chrf,
	"chrF: runs of characters in common with an expected answer"},
	{"tool_calls_match", true, KIND_PASS_FAIL, "higher", tool_rules, kind_tool_calls_match,
	"Whether the answer calls the expected tools with the expected arguments"},
	{"precision_at_k", false, KIND_SHARE, "higher", top_rules, kind_precision_at_k,
	"Share of the first k documents that is relevant"},
	{"recall_at_k", false, KIND_SHARE, "higher", top_rules, kind_recall_at_k,
	"Share of the relevant documents that is among the first k"},
	{"mrr", false, KIND_SHARE, "higher", ranking_rules, kind_mrr,
	"1 by the place of the first document that is relevant"},
	{"ndcg", false, KIND_SHARE, "higher", ranking_rules, kind_ndcg,
	"How well documents are ordered: discounted gain by that of the best order"},
	{"latency", false, KIND_MEASURE, "lower", latency_rules, kind_latency,
	"Milliseconds that the answer took or, with a bound, whether it is within it"},
	{"cost", false, KIND_MEASURE, "lower", cost_rules, kind_cost,
	"What the answer cost or, with a bound, whether it is within it"},
};

const ScorerKind *
scorer_kind_at(int i)
{
	return i < (int) LENGTH_OF(kinds) ? &kinds[i] : NULL;
}

const ScorerKind *
scorer_kind_find(const char *name)
{
	for (size_t i = 0; i < LENGTH_OF(kinds); i++)
		if (strcmp(kinds[i].name, name) == 0)
			return &kinds[i];
	return NULL;
}

bool
scorer_kind_is_pass_fail(const ScorerKind *kind, const ScorerOptions *options)
{
	return kind->result == KIND_PASS_FAIL ||
		(kind->result == KIND_MEASURE &&
		 (options->min.is_given || options->max.is_given || options->tolerance.is_given));
}
