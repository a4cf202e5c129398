/*
 * split_13a.c
 *		Tokens as sacrebleu's tokenizer 13a has them, which is that of
 *		mteval-v13a.
 *
 * It is defined by substitutions one after the other.  They come to this:
 * white space and most ASCII punctuation separate runs, and each of the latter
 * is a token; within runs a few characters are tokens of their own, see below.
 */
#include <string.h>

#include "core/score/pieces.h"
#include "core/score/splitters.h"
#include "core/score/text_score_best.h"
#include "core/text/unicode.h"

static const char drops_skipped[] = "sacrebleu would leave out <skipped>; the tokenizer unicode does not";

static inline bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool
is_stop(char c)
{
	return c == '.' || c == ',';
}

/* ASCII punctuation other than ' , - . */
static inline bool
is_separator(char c)
{
	return (c >= '!' && c <= '&') || (c >= '(' && c <= '+') || c == '/' || (c >= ':' && c <= '@') ||
		(c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/* Whether a piece of text begins at a place. */
static inline bool
is_at(const Tokens *tokens, size_t i, const char *piece, size_t n)
{
	return tokens->len - i >= n && memcmp(tokens->text + i, piece, n) == 0;
}

/* The first place from i on where a piece of text is; the end if none. */
static size_t
find_piece(const Tokens *tokens, size_t i, const char *piece)
{
	size_t		n = strlen(piece);

	while (i < tokens->len && !is_at(tokens, i, piece, n))
	{
		const char *next = memchr(tokens->text + i + 1, piece[0], tokens->len - i - 1);

		i = next == NULL ? tokens->len : (size_t) (next - tokens->text);
	}
	return i;
}

/*
 * Replaces all places of a piece of text by one that is not longer, from left
 * to right and once.
 */
static void
replace_all(Tokens *tokens, const char *from, const char *to)
{
	size_t		place = find_piece(tokens, 0, from);
	size_t		kept = place;

	while (place < tokens->len)
	{
		size_t		begin = place + strlen(from);

		memcpy(tokens->text + kept, to, strlen(to));
		kept += strlen(to);
		place = find_piece(tokens, begin, from);
		memmove(tokens->text + kept, tokens->text + begin, place - begin);
		kept += place - begin;
	}
	tokens->len = kept;
}

/* Words that are divided at line ends are joined; entities are read. */
static void
prepare(Tokens *tokens)
{
	tokens->len -= unicode_trailing_space(tokens->text, tokens->len);
	replace_all(tokens, "-\n", "");
	if (memchr(tokens->text, '&', tokens->len) == NULL)
		return;
	replace_all(tokens, "&quot;", "\"");
	replace_all(tokens, "&amp;", "&");
	replace_all(tokens, "&lt;", "<");
	replace_all(tokens, "&gt;", ">");
}

/*
 * Adds the tokens of a run.  A stop is one unless a digit follows it and is
 * before it, or a stop that was taken as one for what was before that; a dash
 * is one behind a digit.
 */
static void
add_run(Tokens *tokens, size_t begin, size_t end)
{
	const char *text = tokens->text;
	bool		is_taken = false;	/* the character before, as a stop */

	for (size_t i = begin, start = begin; i < end; i++)
	{
		bool		is_behind_digit = i > start && is_digit(text[i - 1]);
		bool		was_taken = is_taken;

		is_taken = is_stop(text[i]) && !is_behind_digit && !was_taken;
		if (is_taken || (is_stop(text[i]) && (i + 1 == end || !is_digit(text[i + 1]))) ||
			(text[i] == '-' && is_behind_digit))
		{
			tokens_add(tokens, begin, i);
			tokens_add(tokens, i, i + 1);
			begin = i + 1;
		}
		if (i + 1 == end)
			tokens_add(tokens, begin, end);
	}
}

/*
 * Whether the first character of a text, whose bytes are *len, separates runs:
 * it is white space or a token.
 */
static inline bool
is_gap(const char *text, size_t left, size_t *len)
{
	*len = 1;
	if ((unsigned char) *text < 0x80 && *text > ' ')
		return is_separator(*text);
	if ((unsigned char) *text >= 0x80)
		*len = unicode_first(text, left);
	return *text == ' ' || unicode_leading_space(text, *len) > 0;
}

/* The run that is being read. */
typedef struct Run
{
	size_t		begin;
	bool		is_plain;		/* nothing divides it */
} Run;

/* Ends the run before a gap, which is a token if it is no white space. */
static void
end_run(Tokens *tokens, Run *run, size_t gap, size_t len)
{
	if (run->is_plain)
		tokens_add(tokens, run->begin, gap);
	else
		add_run(tokens, run->begin, gap);
	tokens_add(tokens, gap, gap + is_separator(tokens->text[gap]));
	*run = (Run) {gap + len, true};
}

/* Letters and digits of ASCII, most of a text, are passed over. */
static void
add_runs(Tokens *tokens)
{
	const char *text = tokens->text;
	Run			run = {0, true};
	size_t		len = 0;

	for (size_t at = 0, i = 0; at < tokens->len; at += PIECES_AT_ONCE)
		for (uint64_t left = ~pieces_alphanumeric(text + at, tokens->len - at); left != 0; left &= left - 1)
		{
			size_t		next = at + (size_t) __builtin_ctzll(left);

			if (next >= tokens->len)
				break;
			if (next < i + len)
				continue;
			i = next;
			if (is_gap(text + i, tokens->len - i, &len))
				end_run(tokens, &run, i, len);
			else
				run.is_plain = run.is_plain && !is_stop(text[i]) && text[i] != '-';
		}
	add_run(tokens, run.begin, tokens->len);
}

const char *
split_13a(Scratch *scratch, TextSlice text, Tokens *tokens)
{
	if (!tokens_begin(scratch, text, false, tokens))
		return text_score_too_long;
	if (find_piece(tokens, 0, "<skipped>") < tokens->len)
		return drops_skipped;
	prepare(tokens);
	add_runs(tokens);
	return NULL;
}
