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
	{
		tokens->text[kept] = tokens->text[i];
		kept += !is_punctuation(tokens->text[i]);
	}
	tokens->len = kept;
}

static bool
is_article(const char *text, size_t len)
{
	static const char *const articles[] = {"", "a", "an", "the"};

	return len >= 1 && len <= 3 && memcmp(text, articles[len], len) == 0;
}

static inline bool
is_alphanumeric_at(const Tokens *tokens, size_t i)
{
	char		c = tokens->text[i];

	if ((unsigned char) c < 0x80)
		return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
	return unicode_is_alphanumeric(unicode_code_point(tokens->text + i, tokens->len - i));
}

static inline size_t
bytes_at(const Tokens *tokens, size_t i)
{
	return (unsigned char) tokens->text[i] < 0x80 ? 1 : unicode_first(tokens->text + i, tokens->len - i);
}

/* Bytes of letters and numbers that the text has from start on. */
static size_t
alphanumeric_length(const Tokens *tokens, size_t start)
{
	size_t		end = start;

	while (end < tokens->len && is_alphanumeric_at(tokens, end))
		end += bytes_at(tokens, end);
	return end - start;
}

/* Bytes of white space there, or of an article that stands there alone. */
static size_t
gap_length(const Tokens *tokens, size_t i, size_t run)
{
	if (run > 0)
		return is_article(tokens->text + i, run) ? run : 0;
	return tokens->text[i] == ' ' ? 1 : unicode_leading_space(tokens->text + i, bytes_at(tokens, i));
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
		size_t		run = alphanumeric_length(tokens, i);
		size_t		gap = gap_length(tokens, i, run);

		if (gap > 0)
		{
			tokens_add(tokens, begin, i);
			begin = i + gap;
		}
		i += gap > 0 ? gap : run > 0 ? run : bytes_at(tokens, i);
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
