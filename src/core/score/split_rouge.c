/*
 * split_rouge.c
 *		Words as rouge-score has them.
 */
#include "core/score/porter.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"
#include "core/text/unicode.h"

#define FIRST_VARIATION	0xFE00	/* how the character before is drawn, as in */
#define LAST_VARIATION	0xFE0F	/* emoji: nobody reads that */

static const char drops_letters[] =
"rouge-score reads only a to z and 0 to 9, and would leave out other letters; choose Unicode's words";

static inline bool
is_of_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

/* Whether a character that is not ASCII is a part of a word. */
static bool
is_letter_at(const Tokens *tokens, size_t i)
{
	uint32_t	c = unicode_code_point(tokens->text + i, tokens->len - i);

	return unicode_is_alphanumeric(c) ||
		(unicode_is_mark(c) && (c < FIRST_VARIATION || c > LAST_VARIATION));
}

/* Cuts at all but a to z and 0 to 9; false if that has lost a letter. */
static bool
add_words(Tokens *tokens)
{
	size_t		i = 0;

	while (i < tokens->len)
	{
		size_t		begin = i;

		while (i < tokens->len && is_of_word(tokens->text[i]))
			i++;
		tokens_add(tokens, begin, i);
		if (i < tokens->len && (unsigned char) tokens->text[i] >= 0x80 && is_letter_at(tokens, i))
			return false;
		if (i < tokens->len)
			i += unicode_first(tokens->text + i, tokens->len - i);
	}
	return true;
}

const char *
split_rouge(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	if (!tokens_begin(scratch, text, true, tokens))
		return text_score_too_long;
	return add_words(tokens) ? NULL : drops_letters;
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
