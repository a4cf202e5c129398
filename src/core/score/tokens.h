/*
 * tokens.h
 *		Texts cut into tokens, equal ones of which have equal numbers.
 */
#ifndef GAIOPS_TOKENS_H
#define GAIOPS_TOKENS_H

#include "core/score/text_score.h"

typedef struct TokenSpan
{
	uint32_t	start;
	uint32_t	len;
} TokenSpan;

typedef struct Tokens
{
	char	   *text;			/* what spans are of, a copy */
	size_t		len;
	bool		is_ascii;
	TokenSpan  *spans;
	uint32_t	n;
	uint32_t   *symbols;		/* the number of each token */
} Tokens;

/*
 * Cuts a text into tokens, without their numbers.  Returns why it cannot be
 * done, or NULL.
 */
typedef const char *(*TokenSplitter) (Scratch *scratch, TextSlice text, Tokens *tokens);

/* All texts of a comparison. */
typedef struct TokenTexts
{
	Tokens		text;
	Tokens	   *references;
	uint32_t	nsymbols;		/* numbers of tokens are below it */
} TokenTexts;

/*
 * Cuts all texts of a comparison and gives numbers to their tokens.  Returns
 * why it cannot be done, or NULL.
 */
extern const char *tokens_prepare(const TextComparison *comparison, TokenSplitter split,
								  TokenTexts *texts);

/* For splitters: begins with a copy of the text, in lower case or as it is. */
extern bool tokens_begin(Scratch *scratch, TextSlice text, bool to_lower, Tokens *tokens);

/* The same with Unicode's composed form of characters that have one. */
extern bool tokens_begin_composed(Scratch *scratch, TextSlice text, bool to_lower,
								  Tokens *tokens);

/* Adds the token that begins at start and ends before end, unless empty. */
static inline void
tokens_add(Tokens *tokens, size_t start, size_t end)
{
	if (end > start)
		tokens->spans[tokens->n++] = (TokenSpan) {(uint32_t) start, (uint32_t) (end - start)};
}

#endif							/* GAIOPS_TOKENS_H */
