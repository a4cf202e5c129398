/*
 * split_squad.c
 *		Words as SQuAD's evaluation has them.
 */
#include <string.h>

#include "core/score/splitters.h"
#include "core/score/text_score_best.h"
#include "core/text/unicode.h"

static bool
is_punctuation(char c)
{
	return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') ||
		(c >= '{' && c <= '~');
}

static void
drop_punctuation(Tokens *tokens)
{
	size_t		kept = 0;

	for (size_t i = 0; i < tokens->len; i++)
		if (!is_punctuation(tokens->text[i]))
			tokens->text[kept++] = tokens->text[i];
	tokens->len = kept;
}

static bool
is_article(const char *text, size_t len)
{
	static const char *const articles[] = {"", "a", "an", "the"};

	return len >= 1 && len <= 3 && memcmp(text, articles[len], len) == 0;
}

/* Bytes of letters and numbers that the text has from start on. */
static size_t
alphanumeric_length(const Tokens *tokens, size_t start)
{
	size_t		end = start;

	while (end < tokens->len &&
		   unicode_is_alphanumeric(unicode_code_point(tokens->text + end, tokens->len - end)))
		end += unicode_first(tokens->text + end, tokens->len - end);
	return end - start;
}

/*
 * Cuts at white space, and at articles that nothing alphanumeric touches: they
 * count as white space even within quotation marks that are no ASCII.
 */
static void
add_words(Tokens *tokens)
{
	size_t		begin = 0;
	size_t		i = 0;

	while (i < tokens->len)
	{
		const char *text = tokens->text + i;
		size_t		left = tokens->len - i;
		size_t		run = alphanumeric_length(tokens, i);
		size_t		gap = run > 0 ? (is_article(text, run) ? run : 0) : unicode_leading_space(text, left);

		if (gap > 0)
		{
			tokens_add(tokens, begin, i);
			begin = i + gap;
		}
		i += gap > 0 ? gap : run > 0 ? run : unicode_first(text, left);
	}
	tokens_add(tokens, begin, tokens->len);
}

const char *
split_squad(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	if (!tokens_begin(scratch, text, true, tokens))
		return text_score_too_long;
	drop_punctuation(tokens);
	add_words(tokens);
	return NULL;
}

const char *
split_squad_unicode(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	const char *problem = split_unicode(scratch, text, tokens);
	uint32_t	kept = 0;

	for (uint32_t i = 0; problem == NULL && i < tokens->n; i++)
		if (!is_article(tokens->text + tokens->spans[i].start, tokens->spans[i].len))
			tokens->spans[kept++] = tokens->spans[i];
	tokens->n = kept;
	return problem;
}
