/*
 * tokens.c
 *		Texts cut into tokens, equal ones of which have equal numbers.
 */
#include "core/score/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "core/score/pieces.h"
#include "core/score/text_score_best.h"
#include "core/score/vocabulary.h"
#include "core/text/unicode.h"

/* ---- copies ---- */

/*
 * Adds 0x20 to the bytes from A to Z.  Those from A on have their highest bit
 * set when so much is added that Z has not, if they are ASCII.
 */
static inline uint64_t
lower_piece(uint64_t piece)
{
	uint64_t	from_a = piece + PIECE_EACH(0x80 - 'A');
	uint64_t	behind_z = piece + PIECE_EACH(0x7F - 'Z');

	return piece | ((from_a & ~behind_z & PIECE_EACH(0x80)) >> 2);
}

/*
 * Puts ASCII text in lower case, eight characters at a time; there is room for
 * 7 bytes behind it.
 */
static void
lower_ascii(char *text, size_t len)
{
	uint64_t	piece;

	for (size_t i = 0; i < len; i += sizeof(piece))
	{
		memcpy(&piece, text + i, sizeof(piece));
		piece = lower_piece(piece);
		memcpy(text + i, &piece, sizeof(piece));
	}
}

/* Keeps a copy that may be changed, and room for all tokens it can have. */
static bool
keep_copy(Scratch *scratch, const char *text, size_t len, Tokens *tokens)
{
	*tokens = (Tokens) {.len = len,.is_ascii = unicode_is_ascii(text, len)};
	tokens->text = scratch_alloc(scratch, len + VOCABULARY_BEHIND);
	tokens->spans = scratch_alloc(scratch, (len + 1) * sizeof(TokenSpan));
	if (tokens->text == NULL || tokens->spans == NULL)
		return false;
	if (len > 0)
		memcpy(tokens->text, text, len);
	memset(tokens->text + len, 0, VOCABULARY_BEHIND);
	return true;
}

/* Keeps a copy of what libunistring has made, and frees that. */
static bool
keep_made(Scratch *scratch, char *made, size_t len, Tokens *tokens)
{
	bool		ok = made != NULL && len <= TEXT_SCORE_MAX_LENGTH &&
		keep_copy(scratch, made, len, tokens);

	free(made);
	return ok;
}

bool
tokens_begin(Scratch *scratch, TextSlice text, bool to_lower, Tokens *tokens)
{
	size_t		len;
	char	   *lower;

	if (!keep_copy(scratch, text.data, text.len, tokens))
		return false;
	if (to_lower && !tokens->is_ascii)
	{
		lower = unicode_lower(text.data, text.len, &len);
		return keep_made(scratch, lower, len, tokens);
	}
	if (to_lower)
		lower_ascii(tokens->text, text.len);
	return true;
}

bool
tokens_begin_composed(Scratch *scratch, TextSlice text, bool to_lower, Tokens *tokens)
{
	char	   *composed;
	size_t		len;

	if (!tokens_begin(scratch, text, to_lower, tokens))
		return false;
	if (tokens->is_ascii)
		return true;
	composed = unicode_compose(tokens->text, tokens->len, &len);
	return keep_made(scratch, composed, len, tokens);
}

/* ---- numbers ---- */

static bool
number_tokens(const TextComparison *comparison, Vocabulary *vocabulary, Tokens *tokens)
{
	tokens->symbols = scratch_alloc(comparison->scratch, (tokens->n + 1) * sizeof(uint32_t));
	if (tokens->symbols == NULL)
		return false;
	for (uint32_t i = 0; i < tokens->n; i++)
	{
		TokenSpan	span = tokens->spans[i];

		tokens->symbols[i] = vocabulary_number(vocabulary, tokens->text + span.start, span.len);
		if (i % TEXT_SCORE_CHECK_EVERY == TEXT_SCORE_CHECK_EVERY - 1)
			text_score_check(comparison);
	}
	return true;
}

static bool
number_texts(const TextComparison *comparison, TokenTexts *texts)
{
	Vocabulary	vocabulary;
	size_t		n = texts->text.n;

	for (size_t i = 0; i < comparison->nreferences; i++)
		n += texts->references[i].n;
	if (!vocabulary_init(comparison->scratch, &vocabulary, n) ||
		!number_tokens(comparison, &vocabulary, &texts->text))
		return false;
	for (size_t i = 0; i < comparison->nreferences; i++)
		if (!number_tokens(comparison, &vocabulary, &texts->references[i]))
			return false;
	texts->nsymbols = vocabulary.n;
	return true;
}

const char *
tokens_prepare(const TextComparison *comparison, TokenSplitter split, TokenTexts *texts)
{
	size_t		n = comparison->nreferences;
	const char *problem = text_score_problem(comparison);

	if (problem == NULL)
		problem = split(comparison->scratch, comparison->text, &texts->text);
	if (problem != NULL)
		return problem;
	texts->references = scratch_alloc(comparison->scratch, n * sizeof(Tokens));
	if (texts->references == NULL)
		return text_score_too_long;
	for (size_t i = 0; i < n && problem == NULL; i++)
	{
		text_score_check(comparison);
		problem = split(comparison->scratch, comparison->references[i], &texts->references[i]);
	}
	if (problem == NULL && !number_texts(comparison, texts))
		problem = text_score_too_long;
	return problem;
}
