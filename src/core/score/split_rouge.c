/*
 * split_rouge.c
 *		Words as rouge-score has them.
 */
#include "core/score/pieces.h"
#include "core/score/porter.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"
#include "core/text/unicode.h"

#define FIRST_VARIATION	0xFE00	/* how the character before is drawn, as in */
#define LAST_VARIATION	0xFE0F	/* emoji: nobody reads that */

static const char drops_letters[] =
"rouge-score reads only a to z and 0 to 9, and would leave out other letters; the tokenizer unicode does not";

static inline bool
is_of_word(char c)
{
	return ((unsigned char) (c - 'a') < 26) | ((unsigned char) (c - '0') < 10);
}

/* Whether a character of several bytes is a part of a word. */
static bool
is_letter_at(const Tokens *tokens, size_t i)
{
	uint32_t	c = unicode_code_point(tokens->text + i, tokens->len - i);

	return unicode_is_alphanumeric(c) ||
		(unicode_is_mark(c) && (c < FIRST_VARIATION || c > LAST_VARIATION));
}

static bool
has_other_letters(const Tokens *tokens)
{
	for (size_t i = 0; i < tokens->len; i++)
		if ((unsigned char) tokens->text[i] >= 0xC0 && is_letter_at(tokens, i))
			return true;
	return false;
}

/*
 * Cuts at all but letters and digits of ASCII.  A word begins or ends where
 * only one of two characters is one; then ends become lengths.
 */
static void
add_words(Tokens *tokens)
{
	uint32_t   *edges = (uint32_t *) tokens->spans;
	uint32_t	n = 0;
	uint64_t	before = 0;

	for (size_t begin = 0; begin < tokens->len; begin += PIECES_AT_ONCE)
	{
		uint64_t	words = pieces_alphanumeric(tokens->text + begin, tokens->len - begin);

		for (uint64_t left = words ^ (words << 1 | before); left != 0; left &= left - 1)
			edges[n++] = (uint32_t) begin + (uint32_t) __builtin_ctzll(left);
		before = words >> (PIECES_AT_ONCE - 1);
	}
	edges[n] = (uint32_t) tokens->len;
	tokens->n = (n + 1) / 2;
	for (uint32_t i = 0; i < tokens->n; i++)
		tokens->spans[i].len -= tokens->spans[i].start;
}

const char *
split_rouge(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	if (!tokens_begin(scratch, text, true, tokens))
		return text_score_too_long;
	if (!tokens->is_ascii && has_other_letters(tokens))
		return drops_letters;
	add_words(tokens);
	return NULL;
}

/* Cuts words to their stems, but for those of other letters and short ones. */
static void
cut_to_stems(Tokens *tokens)
{
	for (uint32_t i = 0; i < tokens->n; i++)
	{
		TokenSpan  *span = &tokens->spans[i];
		char	   *word = tokens->text + span->start;
		size_t		n = 0;

		while (n < span->len && is_of_word(word[n]))
			n++;
		if (n == span->len && n > 3)
			span->len = (uint32_t) porter_stem(word, n);
	}
}

const char *
split_rouge_stems(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	const char *problem = split_rouge(scratch, text, tokens);

	if (problem == NULL)
		cut_to_stems(tokens);
	return problem;
}

const char *
split_unicode_stems(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	const char *problem = split_unicode(scratch, text, tokens);

	if (problem == NULL)
		cut_to_stems(tokens);
	return problem;
}
