/*
 * score_rouge.c
 *		ROUGE as rouge-score has it.
 */
#include <string.h>

#include "core/score/ngrams.h"
#include "core/score/sequence_union.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"

/* A comparison under way. */
typedef struct Rouge
{
	TokenTexts	texts;
	RougeKind	kind;
} Rouge;

/* Lines of tokens, by where each ends. */
typedef struct Lines
{
	uint32_t   *ends;
	uint32_t	n;
	uint32_t	longest;
} Lines;

static inline Sequence
sequence_of(const Tokens *tokens)
{
	return (Sequence) {tokens->symbols, tokens->n};
}

/* ---- runs of words ---- */

/* By words that both have, n is 1, or by pairs of words, n is 2. */
static double
score_runs(const TextComparison *comparison, const TokenTexts *texts, Sequence other, uint32_t n)
{
	Sequence	text = sequence_of(&texts->text);
	Ngrams	   *ngrams = ngrams_create(comparison, text, &other, 1, texts->nsymbols);
	uint32_t	matched;

	if (ngrams == NULL)
		return TEXT_SCORE_NO_MEMORY;
	if (n == 2)
		ngrams_begin_with_two(ngrams);
	matched = ngrams_match(ngrams);
	/* Texts of one word have no pairs, but are not equal for it. */
	if (text.n + other.n > 0 && matched == 0)
		return 0;
	return text_score_f1(matched, ngrams_count(text.n, n), ngrams_count(other.n, n));
}

static double
score_common(const TextComparison *comparison, const TokenTexts *texts, Sequence other)
{
	int64_t		common = sequence_common(comparison, sequence_of(&texts->text), other, texts->nsymbols);

	return common < 0 ? TEXT_SCORE_NO_MEMORY : text_score_f1((double) common, texts->text.n, other.n);
}

/* ---- lines ---- */

/* Ends the line before token i, unless it is empty. */
static void
end_line(Lines *lines, uint32_t i)
{
	uint32_t	begin = lines->n == 0 ? 0 : lines->ends[lines->n - 1];

	if (i == begin)
		return;
	lines->ends[lines->n++] = i;
	if (i - begin > lines->longest)
		lines->longest = i - begin;
}

/* Lines without a token do not count. */
static bool
find_lines(Scratch *scratch, const Tokens *tokens, Lines *lines)
{
	size_t		place = 0;

	*lines = (Lines) {.ends = scratch_alloc(scratch, ((size_t) tokens->n + 1) * sizeof(uint32_t))};
	if (lines->ends == NULL)
		return false;
	for (uint32_t i = 0; i < tokens->n; i++)
	{
		TokenSpan	span = tokens->spans[i];

		if (memchr(tokens->text + place, '\n', span.start - place) != NULL)
			end_line(lines, i);
		place = span.start + span.len;
	}
	end_line(lines, tokens->n);
	return true;
}

/* How often each token is in a text. */
static uint32_t *
count_tokens(Scratch *scratch, Sequence tokens, uint32_t nsymbols)
{
	size_t		size = ((size_t) nsymbols + 1) * sizeof(uint32_t);
	uint32_t   *counts = scratch_alloc(scratch, size);

	if (counts == NULL)
		return NULL;
	memset(counts, 0, size);
	for (uint32_t i = 0; i < tokens.n; i++)
		counts[tokens.symbols[i]]++;
	return counts;
}

/*
 * How many tokens of a reference's lines are in the union of their common
 * subsequences with the text's lines; none more often than the text has it.
 * That the reference has it at least as often need not be looked at.
 */
static uint32_t
count_hits(SequenceUnion *all, Sequence other, const Lines *lines, uint32_t *left, bool *is_in)
{
	uint32_t	hits = 0;
	uint32_t	begin = 0;

	for (uint32_t line = 0; line < lines->n; line++)
	{
		Sequence	rows = {other.symbols + begin, lines->ends[line] - begin};

		sequence_union_find(all, rows, is_in);
		for (uint32_t i = 0; i < rows.n; i++)
			if (is_in[i] && left[rows.symbols[i]] > 0)
			{
				left[rows.symbols[i]]--;
				hits++;
			}
		begin = lines->ends[line];
	}
	return hits;
}

static double
score_lines(const TextComparison *comparison, const TokenTexts *texts, size_t reference)
{
	Scratch    *scratch = comparison->scratch;
	Sequence	other = sequence_of(&texts->references[reference]);
	SequenceUnion all = {.comparison = comparison,.columns = sequence_of(&texts->text)};
	Lines		lines[2];
	uint32_t   *left = count_tokens(scratch, all.columns, texts->nsymbols);
	bool	   *is_in = scratch_alloc(scratch, (size_t) other.n + 1);

	if (left == NULL || is_in == NULL || !find_lines(scratch, &texts->text, &lines[0]) ||
		!find_lines(scratch, &texts->references[reference], &lines[1]))
		return TEXT_SCORE_NO_MEMORY;
	all.ends = lines[0].ends;
	all.nlines = lines[0].n;
	if (!sequence_union_init(&all, lines[1].longest, texts->nsymbols))
		return TEXT_SCORE_NO_MEMORY;
	return text_score_f1(count_hits(&all, other, &lines[1], left, is_in), all.columns.n, other.n);
}

/* ---- all kinds ---- */

static double
score_pair(const TextComparison *comparison, size_t reference, void *state)
{
	const Rouge *rouge = state;
	const TokenTexts *texts = &rouge->texts;
	Sequence	other = sequence_of(&texts->references[reference]);

	switch (rouge->kind)
	{
		case ROUGE_1:
			return score_runs(comparison, texts, other, 1);
		case ROUGE_2:
			return score_runs(comparison, texts, other, 2);
		case ROUGE_L:
			return score_common(comparison, texts, other);
		case ROUGE_LSUM:
			break;
	}
	return score_lines(comparison, texts, reference);
}

TextScore
text_score_rouge(const TextComparison *comparison, RougeKind kind, bool stem)
{
	static const TokenSplitter splitters[2][2] = {
		{split_rouge, split_rouge_stems},
		{split_unicode, split_unicode_stems}
	};
	ScratchMark mark = scratch_mark(comparison->scratch);
	Rouge		rouge = {.kind = kind};
	const char *problem = tokens_prepare(comparison, splitters[comparison->by_unicode][stem], &rouge.texts);
	TextScore	result;

	result = problem != NULL ? text_score_unknown(problem) :
		text_score_best(comparison, score_pair, &rouge);
	scratch_release(comparison->scratch, mark);
	return result;
}
