/*
 * Runs the cases of test/golden/scores/cases.jsonl; README.md there has their
 * form.
 */
#include <math.h>

#include "cases.h"
#include "core/memory/length_of.h"
#include "core/score/bleu.h"
#include "core/score/porter.h"
#include "core/score/ranking.h"
#include "core/score/splitters.h"
#include "core/score/text_score.h"

#define TOLERANCE	1e-12
#define MAX_TEXTS	8
#define SPOILED		((size_t) 2 << 20)	/* bytes of memory that are not zero */

/* A score as cases name it. */
typedef struct NamedScore
{
	const char *key;
	TextScore	(*score) (const TextComparison *comparison);
	bool		by_unicode;
} NamedScore;

typedef struct NamedRouge
{
	const char *key;
	RougeKind	kind;
	bool		stem;
	bool		by_unicode;
} NamedRouge;

typedef struct NamedSplitter
{
	const char *key;
	TokenSplitter split;
} NamedSplitter;

static int	kinds[5];

/* A number, which the text after it ends; NaN if it is null. */
static double
to_number(Value value)
{
	return value.kind == VALUE_NUMBER ? strtod(value.text, NULL) : NAN;
}

static TextSlice
to_slice(Value value)
{
	return (TextSlice) {value.text, value.len};
}

static void
check_score(const Value *test, const char *key, TextScore found, const char *name, int line)
{
	double		expected = to_number(case_member(test, key));
	bool		ok;

	if (isnan(expected))
		ok = case_member(test, key).kind == VALUE_NULL && !found.is_known && found.reason != NULL;
	else
		ok = found.is_known && found.reason == NULL && fabs(found.value - expected) <= TOLERANCE;
	if (!check_report(ok, key, name, line))
		printf("# found %.17g (%s), expected %.17g\n", found.is_known ? found.value : NAN,
			   found.reason == NULL ? "" : found.reason, expected);
}

static TextScore
score_bleu(const TextComparison *comparison)
{
	BleuParts	parts;

	return text_score_bleu(comparison, &parts);
}

static void
check_numbers(const double *found, Value expected, size_t n, const char *what, const char *name, int line)
{
	bool		ok = expected.kind == VALUE_ARRAY && expected.len == n;

	for (size_t i = 0; ok && i < n; i++)
		ok = found[i] == to_number(expected.elements[i]);
	check_report(ok, what, name, line);
}

/* Parts in sacrebleu's order. */
static void
check_parts(const BleuParts *parts, Value expected, const char *name, int line)
{
	double		found[2 + 2 * BLEU_ORDER] = {parts->text_length, parts->reference_length};

	memcpy(found + 2, parts->matched, sizeof(parts->matched));
	memcpy(found + 2 + BLEU_ORDER, parts->runs, sizeof(parts->runs));
	if (expected.kind != VALUE_NULL)
		check_numbers(found, expected, LENGTH_OF(found), "bleu parts", name, line);
}

static const NamedScore scores[] = {
	{"quasi_exact", text_score_quasi_exact, false},
	{"token_f1", text_score_token_f1, false},
	{"token_f1 unicode", text_score_token_f1, true},
	{"levenshtein", text_score_levenshtein, false},
	{"bleu", score_bleu, false},
	{"bleu unicode", score_bleu, true},
	{"chrf", text_score_chrf, false}
};

static const NamedRouge rouges[] = {
	{"rouge_1", ROUGE_1, false, false},
	{"rouge_2", ROUGE_2, false, false},
	{"rouge_l", ROUGE_L, false, false},
	{"rouge_lsum", ROUGE_LSUM, false, false},
	{"rouge_1 stems", ROUGE_1, true, false},
	{"rouge_2 stems", ROUGE_2, true, false},
	{"rouge_l stems", ROUGE_L, true, false},
	{"rouge_lsum stems", ROUGE_LSUM, true, false},
	{"rouge_1 unicode", ROUGE_1, false, true},
	{"rouge_2 unicode", ROUGE_2, false, true},
	{"rouge_l unicode", ROUGE_L, false, true},
	{"rouge_lsum unicode", ROUGE_LSUM, false, true},
	{"rouge_1 stems unicode", ROUGE_1, true, true},
	{"rouge_2 stems unicode", ROUGE_2, true, true},
	{"rouge_l stems unicode", ROUGE_L, true, true},
	{"rouge_lsum stems unicode", ROUGE_LSUM, true, true}
};

/* What was in memory before must not matter. */
static void
spoil(Scratch *scratch)
{
	ScratchMark mark = scratch_mark(scratch);

	memset(scratch_alloc(scratch, SPOILED), 0x5A, SPOILED);
	scratch_release(scratch, mark);
}

static void
check_texts(Arena *arena, const Value *test, const char *name, int line)
{
	Scratch		scratch = {.arena = arena};
	Value		references = case_member(test, "references");
	TextSlice	slices[MAX_TEXTS];
	TextComparison comparison = {&scratch, NULL, to_slice(case_member(test, "text")), slices, references.len, false};
	BleuParts	parts;

	spoil(&scratch);
	for (size_t i = 0; i < references.len && i < MAX_TEXTS; i++)
		slices[i] = to_slice(references.elements[i]);
	for (size_t i = 0; i < LENGTH_OF(scores); i++)
	{
		comparison.by_unicode = scores[i].by_unicode;
		check_score(test, scores[i].key, scores[i].score(&comparison), name, line);
	}
	for (size_t i = 0; i < LENGTH_OF(rouges); i++)
	{
		comparison.by_unicode = rouges[i].by_unicode;
		check_score(test, rouges[i].key, text_score_rouge(&comparison, rouges[i].kind, rouges[i].stem), name, line);
	}
	comparison.by_unicode = false;
	text_score_bleu(&comparison, &parts);
	check_parts(&parts, case_member(test, "bleu parts"), name, line);
	check_report(scratch_mark(&scratch).used == 0, "memory is given back", name, line);
}

static bool
are_tokens(const Tokens *tokens, Value expected)
{
	if (tokens->n != expected.len)
		return false;
	for (uint32_t i = 0; i < tokens->n; i++)
	{
		TokenSpan	span = tokens->spans[i];

		if (span.len != expected.elements[i].len ||
			memcmp(tokens->text + span.start, expected.elements[i].text, span.len) != 0)
			return false;
	}
	return true;
}

static void
check_tokens(Arena *arena, const Value *test, const char *name, int line)
{
	static const NamedSplitter splitters[] = {
		{"13a", split_13a},
		{"rouge", split_rouge},
		{"rouge stems", split_rouge_stems},
		{"squad", split_squad},
		{"unicode", split_unicode},
		{"unicode symbols", split_unicode_symbols}
	};
	Scratch		scratch = {.arena = arena};

	for (size_t i = 0; i < LENGTH_OF(splitters); i++)
	{
		Value		expected = case_member(test, splitters[i].key);
		Tokens		tokens;
		const char *problem = splitters[i].split(&scratch, to_slice(case_member(test, "tokenized")), &tokens);

		check_report(expected.kind == VALUE_NULL ? problem != NULL :
					 problem == NULL && expected.kind == VALUE_ARRAY && are_tokens(&tokens, expected),
					 splitters[i].key, name, line);
	}
}

static void
check_stems(Arena *arena, Value stems, const char *name, int line)
{
	for (size_t i = 0; i < stems.len; i++)
	{
		Value		word = stems.elements[i].elements[0];
		Value		expected = stems.elements[i].elements[1];
		char	   *copy = arena_alloc(arena, word.len);
		size_t		len;

		memcpy(copy, word.text, word.len);
		len = porter_stem(copy, word.len);
		if (len != expected.len || memcmp(copy, expected.text, len) != 0)
		{
			check_report(false, "stem", name, line);
			printf("# found %.*s of %.*s\n", (int) len, copy, (int) word.len, word.text);
		}
	}
	check_report(stems.len > 1000, "many stems", name, line);
}

static void
check_corpus(Arena *arena, const Value *test, const char *name, int line)
{
	Scratch		scratch = {.arena = arena};
	Value		texts = case_member(test, "texts");
	Value		others = case_member(test, "others");
	BleuParts	sum = {0};

	for (size_t i = 0; i < texts.len; i++)
	{
		TextSlice	other = to_slice(others.elements[i]);
		TextComparison comparison = {&scratch, NULL, to_slice(texts.elements[i]), &other, 1, false};
		BleuParts	parts;

		text_score_bleu(&comparison, &parts);
		bleu_add(&sum, &parts);
	}
	check_parts(&sum, case_member(test, "parts"), name, line);
	check_score(test, "corpus_bleu", bleu_of_corpus(&sum), name, line);
}

static TextSlice *
to_slices(Arena *arena, Value array)
{
	TextSlice  *slices = arena_alloc(arena, array.len * sizeof(TextSlice));

	for (size_t i = 0; i < array.len; i++)
		slices[i] = to_slice(array.elements[i]);
	return slices;
}

static void
check_ranking(Arena *arena, const Value *test, const char *name, int line)
{
	Scratch		scratch = {.arena = arena};
	Value		found = case_member(test, "found");
	Value		relevant = case_member(test, "relevant");
	Value		values = case_member(test, "gains");
	double	   *gains = arena_alloc(arena, values.len * sizeof(double));
	Ranking		ranking = {
		.scratch = &scratch,
		.found = to_slices(arena, found),
		.nfound = found.len,
		.relevant = to_slices(arena, relevant),
		.gains = gains,
		.nrelevant = relevant.len,
		.k = (size_t) to_number(case_member(test, "k"))
	};

	spoil(&scratch);
	for (size_t i = 0; i < values.len; i++)
		gains[i] = to_number(values.elements[i]);
	check_score(test, "precision", ranking_precision(&ranking), name, line);
	check_score(test, "recall", ranking_recall(&ranking), name, line);
	check_score(test, "mrr", ranking_reciprocal(&ranking), name, line);
	check_score(test, "ndcg", ranking_ndcg(&ranking), name, line);
}

static void
check_case(Arena *arena, const Value *test, int line)
{
	const char *name = case_string(arena, test, "name");
	int			kind = 4;

	if (case_member(test, "text").kind == VALUE_STRING)
		check_texts(arena, test, name, line), kind = 0;
	else if (case_member(test, "tokenized").kind == VALUE_STRING)
		check_tokens(arena, test, name, line), kind = 1;
	else if (case_member(test, "texts").kind == VALUE_ARRAY)
		check_corpus(arena, test, name, line), kind = 2;
	else if (case_member(test, "found").kind == VALUE_ARRAY)
		check_ranking(arena, test, name, line), kind = 3;
	else
		check_stems(arena, case_member(test, "stems"), name, line);
	kinds[kind]++;
}

int
main(void)
{
	CHECK(check_cases("name", VALUE_STRING, check_case) > 0);
	CHECK(kinds[0] >= 400 && kinds[1] >= 60 && kinds[2] >= 8 && kinds[3] >= 200 && kinds[4] == 1);
	return check_finish();
}
